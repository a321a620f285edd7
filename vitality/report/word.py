"""What pandoc leaves to do on a Word file: the running notice, shaded cells, turned pages."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from html import escape
from pathlib import Path

__all__ = ["finish_word", "reference_with_notice"]

NOTICE_PLACE = "NOTICE"
"""Stands in the header of the reference documents."""

SHADE = re.compile("\ue000([0-9A-Fa-f]{6})(?:/([0-9A-Fa-f]{6}))?\ue001")
TURN = re.compile("<w:p>(?:(?!</w:p>).)*\ue002(upright|turned)\ue003(?:(?!</w:p>).)*</w:p>", re.DOTALL)
CELL = re.compile(r"<w:tc>.*?</w:tc>", re.DOTALL)
TABLE = re.compile(r"<w:tbl>.*?</w:tbl>", re.DOTALL)
ROW = re.compile(r"<w:tr>(<w:trPr>.*?</w:trPr>|<w:trPr\s*/>)?", re.DOTALL)
TIGHT = '<w:tblCellMar><w:left w:w="45" w:type="dxa"/><w:right w:w="45" w:type="dxa"/></w:tblCellMar>'
LAST_SECTION = re.compile(r"<w:sectPr\b[^>]*>.*?</w:sectPr>(?=\s*</w:body>)", re.DOTALL)


def reference_with_notice(reference: Path, target: Path, notice: str) -> Path:
    """Copy a reference document with the running notice in its header.

    Returns
    -------
    Path
        `target`.
    """

    def change(name: str, text: str) -> str:
        return text.replace(f">{NOTICE_PLACE}<", f">{escape(notice)}<") if "header" in name else text

    _rewrite(reference, target, change)
    return target


def finish_word(made: Path, target: Path) -> None:
    """Turn the marks that ``report.lua`` left into shading and turned pages, and keep rows in one piece.

    Raises
    ------
    zipfile.BadZipFile
        If `made` is no Word file.
    """
    _rewrite(made, target, lambda name, text: _finish(text) if name == "word/document.xml" else text)


def _rewrite(source: Path, target: Path, change: Callable[[str, str], str]) -> None:
    """Copy a zip file, changing its XML parts; times of the parts are kept, so equal input gives equal bytes."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename.endswith(".xml"):
                content = change(item.filename, content.decode("utf-8")).encode("utf-8")
            copy = zipfile.ZipInfo(item.filename, item.date_time)
            copy.compress_type, copy.external_attr = zipfile.ZIP_DEFLATED, item.external_attr
            new.writestr(copy, content)


def _finish(document: str) -> str:
    document = CELL.sub(lambda cell: _shaded(cell[0]), document)
    document = ROW.sub(_whole_row, document)
    document = _sized(document)
    return _turned(document)


def _shaded(cell: str) -> str:
    found = SHADE.search(cell)
    if found is None:
        return cell
    fill, ink = found.groups()
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill.upper()}"/>'
    cell = SHADE.sub("", cell)
    if ink:
        colour = f'<w:color w:val="{ink.upper()}"/>'
        cell = re.sub(r"<w:r>(?!<w:rPr>)", f"<w:r><w:rPr>{colour}</w:rPr>", cell)
    if "<w:tcPr>" in cell:
        return cell.replace("</w:tcPr>", f"{shade}</w:tcPr>", 1)
    if re.search(r"<w:tcPr\s*/>", cell):
        return re.sub(r"<w:tcPr\s*/>", f"<w:tcPr>{shade}</w:tcPr>", cell, count=1)
    return cell.replace("<w:tc>", f"<w:tc><w:tcPr>{shade}</w:tcPr>", 1)


def _sized(document: str) -> str:
    """Centre the tables and give their columns the width of the page that they stand on."""
    last = LAST_SECTION.search(document)
    size = re.search(
        r'<w:pgSz[^>]*w:h="(\d+)"[^>]*w:w="(\d+)"|<w:pgSz[^>]*w:w="(\d+)"[^>]*w:h="(\d+)"',
        last[0] if last else "",
    )
    margins = [re.search(rf'<w:pgMar[^>]*w:{side}="(\d+)"', last[0] if last else "") for side in ("left", "right")]
    if size is None or None in margins:
        return document
    high, wide = (size[1], size[2]) if size[1] else (size[4], size[3])
    edge = sum(int(margin[1]) for margin in margins if margin)
    pieces = TURN.split(document)
    marks = TURN.finditer(document)
    for place in range(0, len(pieces), 2):
        turned = place > 0 and pieces[place - 1] == "upright"
        room = int(high if turned else wide) - edge
        pieces[place] = TABLE.sub(lambda table, room=room: _sized_table(table[0], room), pieces[place])
    return "".join(piece + (mark[0] if (mark := next(marks, None)) else "") for piece in pieces[::2])


def _sized_table(table: str, room: int) -> str:
    share = re.search(r'<w:tblW w:type="pct" w:w="(\d+)"\s*/>', table)
    columns = [int(width) for width in re.findall(r'<w:gridCol w:w="(\d+)"', table)]
    if share is None or not sum(columns):
        return table
    total = min(int(share[1]) / 5000, 1.0) * room
    widths = iter([round(width * total / sum(columns)) for width in columns])
    style = re.search(r'<w:pStyle w:val="(TableText\w*?)(?:Head)?"', table)
    if style:  # an empty cell would be as high as a line of the text
        table = re.sub(r"<w:p\s*/>", f'<w:p><w:pPr><w:pStyle w:val="{style[1]}"/></w:pPr></w:p>', table)
    if style and style[1].endswith("Tiny"):
        table = table.replace("<w:tblLook ", f"{TIGHT}<w:tblLook ", 1)
    table = re.sub(r'<w:gridCol w:w="\d+"', lambda _: f'<w:gridCol w:w="{next(widths)}"', table)
    centred = f'<w:tblW w:type="dxa" w:w="{round(total)}"/><w:jc w:val="center"/>'
    return table.replace(share[0], centred, 1)


def _whole_row(row: re.Match[str]) -> str:
    inside = (row[1] or "").removeprefix("<w:trPr>").removesuffix("</w:trPr>") if "</" in (row[1] or "") else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{inside}</w:trPr>"


def _turned(document: str) -> str:
    """Give wide tables pages on their side: sections with the header and footer of the last one."""
    last = LAST_SECTION.search(document)
    if last is None or "\ue002" not in document:
        return document
    upright = last[0]
    size = re.search(r"<w:pgSz[^>]*/>", upright)
    if size is None:
        return TURN.sub("", document)
    width, height = (re.search(rf'w:{side}="(\d+)"', size[0]) for side in "wh")
    if width is None or height is None:
        return TURN.sub("", document)
    flipped = f'<w:pgSz w:w="{height[1]}" w:h="{width[1]}" w:orient="landscape"/>'
    sections = {"upright": upright, "turned": upright.replace(size[0], flipped)}

    def section(mark: re.Match[str]) -> str:
        return f'<w:p><w:pPr><w:spacing w:line="20" w:lineRule="exact"/>{sections[mark[1]]}</w:pPr></w:p>'

    return TURN.sub(section, document)
