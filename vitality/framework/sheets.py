"""Sheets that people read and print: rows as high as their text, pages of A4."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

#: Height of one line of text, and of the highest row that a workbook can hold, in points.
_LINE, _HIGHEST = 16.0, 400.0


def text_width(text: str) -> float:
    """Width of a text in the unit of column widths, which is one digit; a Chinese letter takes two.

    Examples
    --------
    >>> text_width("12"), text_width("街镇")
    (2, 4)
    """
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


def row_height(cells: Iterable[tuple[str, float]]) -> float:
    """Height of a row in which every text shows, wrapped in a column of the width beside it.

    Programs do not agree on whether they fit rows of a file by themselves, so it is written into the file.

    Examples
    --------
    >>> row_height([("镇", 12), ("指本年在本街镇居住满半年的人口", 12)])
    48.0
    """
    lines = (sum(max(1, ceil(text_width(line) / (width - 1))) for line in text.split("\n")) for text, width in cells)
    return min(_HIGHEST, _LINE * max(lines, default=1))


def print_on_a4(sheet: Worksheet, *, landscape: bool = False, heads: tuple[int, int] | None = None) -> None:
    """Set a sheet up for A4 paper, as wide as the page; `heads`, first and last row, come again on every page."""
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    if sheet.sheet_properties.pageSetUpPr is not None:
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    if heads is not None:
        sheet.print_title_rows = f"{heads[0]}:{heads[1]}"
