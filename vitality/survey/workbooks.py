"""Workbooks that come out the same, byte for byte, from the same content; and their looks."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from copy import copy
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vitality.errors import SurveyError
from vitality.framework.files import without_dates, write_file

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet


#: Most letters of the title and of the text that are shown beside a cell.
_LONGEST_MESSAGE = (32, 255)


def save_workbook(workbook: Workbook, path: str | PathLike[str]) -> Path:
    """Save a workbook without the time of saving, whole or not at all; folders are made."""
    buffer = io.BytesIO()
    workbook.save(buffer)
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    return write_file(target, without_dates(buffer.getvalue()), error=SurveyError)


class Looks:
    """Styles of a form, made once a workbook."""

    def __init__(self) -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

        line = Side(style="thin", color="BFBFBF")
        self.title = Font(bold=True, size=15)
        self.bold = Font(bold=True)
        self.plain = Font()
        self.warning = Font(bold=True, color="C00000")
        self.heading = Font(bold=True, color="FFFFFF")
        self.dark = PatternFill("solid", fgColor="44546A")
        self.section = PatternFill("solid", fgColor="D9E1F2")
        self.open_fill = PatternFill("solid", fgColor="FFF9E5")
        self.open = Protection(locked=False)
        self.frame = Border(left=line, right=line, top=line, bottom=line)
        self.wrapped = Alignment(wrap_text=True, vertical="center")
        self.middle = Alignment(horizontal="center", vertical="center", wrap_text=True)
        self._answer: Any = None

    def head(self, cell: Any) -> None:
        """Make a cell the head of a column."""
        cell.font, cell.fill, cell.alignment = self.heading, self.dark, self.middle

    def answer(self, cell: Any) -> None:
        """Open a cell for an answer; as text, so that Excel leaves what people type as it is."""
        if isinstance(cell.value, str):
            cell.data_type = "s"  # what begins with = is an answer, never a formula
        if self._answer is None:
            cell.protection, cell.fill, cell.border = self.open, self.open_fill, self.frame
            cell.alignment, cell.number_format = self.wrapped, "@"
            self._answer = cell._style
        cell._style = copy(self._answer)  # thousands of cells share it; setting each part anew takes seconds


def choice_list(
    sheet: Worksheet, options: Iterable[str], cells: Iterable[str], *, message: tuple[str, str] | None = None
) -> None:
    """Offer a drop-down list in some cells; the program asks back when other text is typed, and takes it.

    It is not refused there: what people mean by it is told when the form is checked.
    """
    from openpyxl.worksheet.datavalidation import DataValidation

    text = ",".join(option.replace(",", "，").replace('"', "”") for option in options)
    formula = f'"{text}"' if len(text) <= 250 else _option_range(sheet, text.split(","))
    rule = DataValidation(type="list", formula1=formula, allow_blank=True)
    rule.showErrorMessage = True
    rule.errorStyle = "warning"
    _add_rule(sheet, rule, cells, message)


def input_message(sheet: Worksheet, cells: Iterable[str], message: tuple[str, str]) -> None:
    """Show a title and a text beside a cell while it is filled in; any answer is taken."""
    from openpyxl.worksheet.datavalidation import DataValidation

    _add_rule(sheet, DataValidation(allow_blank=True), cells, message)


def _add_rule(sheet: Any, rule: Any, cells: Iterable[str], message: tuple[str, str] | None) -> None:
    if message is not None:
        rule.showInputMessage = True
        rule.promptTitle, rule.prompt = (_cut(text, most) for text, most in zip(message, _LONGEST_MESSAGE))
    sheet.add_data_validation(rule)
    for cell in cells:
        rule.add(cell)


def _cut(text: str, most: int) -> str:
    """Cut a text to what a workbook can hold; the codebook has all of it."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _option_range(sheet: Any, options: list[str]) -> str:
    """Put options that are too long for a rule into a hidden sheet and give their range."""
    book = sheet.parent
    page = book["options"] if "options" in book.sheetnames else book.create_sheet("options")
    page.sheet_state = "hidden"
    page["A1"] = "@codebook"
    column = page.max_column + 1
    for row, option in enumerate(options, start=1):
        page.cell(row, column, option)
    letter = page.cell(1, column).column_letter
    return f"options!${letter}$1:${letter}${len(options)}"


def number_rule(
    sheet: Worksheet,
    minimum: float | None,
    maximum: float | None,
    cells: str,
    lang: str,
    *,
    message: tuple[str, str] | None = None,
) -> None:
    """Warn when something else than a number within limits is typed; the cells themselves stay text."""
    from openpyxl.worksheet.datavalidation import DataValidation

    first = cells.split(":")[0]
    tests = [f"ISNUMBER(VALUE({first}))"]
    tests += [f"VALUE({first})>={minimum:g}"] if minimum is not None else []
    tests += [f"VALUE({first})<={maximum:g}"] if maximum is not None else []
    rule = DataValidation(type="custom", formula1=f"AND({','.join(tests)})", allow_blank=True)
    rule.showErrorMessage, rule.errorStyle = True, "warning"
    limits = "" if minimum is None and maximum is None else f" [{_end(minimum)}, {_end(maximum)}]"
    rule.error = f"请填阿拉伯数字{limits}" if lang == "zh" else f"Digits only{limits}"
    _add_rule(sheet, rule, [cells], message)


def _end(limit: float | None) -> str:
    return "" if limit is None else f"{limit:g}"


def text_or_number(text: str) -> str | float | int:
    """Give plain numbers as numbers, so that they can be summed in Excel; other text as it is.

    Examples
    --------
    >>> text_or_number("120"), text_or_number("3.5"), text_or_number("约50"), text_or_number("007")
    (120, 3.5, '约50', '007')
    """
    if re.fullmatch(r"-?(0|[1-9][0-9]{0,14})", text):
        return int(text)
    if re.fullmatch(r"-?(0|[1-9][0-9]{0,11})\.[0-9]{1,6}", text):
        return float(text)
    return text
