"""A copy of a workbook that can be sent back: what was read, as it looked, and nothing that runs or is personal.

The copy is built anew from cells, looks and rules of entry, so that whatever else a file may hold (macros, links,
names with formulas, hidden sheets, pictures, comments, the names of its authors) does not come along.
"""

from __future__ import annotations

import io
import re
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vitality.framework.sheets import print_on_a4
from vitality.survey.grids import cell_text
from vitality.survey.layouts import CODEBOOK_MARK
from vitality.survey.personal import MASK, PRIVATE_HEAD, mask_personal, masked_name, masked_texts
from vitality.survey.raw import RawRound
from vitality.survey.written_text import visible

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_LOOKS = ("font", "fill", "border", "alignment", "protection", "number_format")
#: Rules of entry that only compare: a list of words, a range of this workbook's options, tests of one cell.
_HARMLESS = re.compile(
    r'"[^"]*"|(?:options!)?\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?'
    r"|(?:AND|OR|NOT|ISNUMBER|VALUE|LEN|[A-Z]{1,3}\d+|[-\d.,()<>=+ ])*"
)
_LONGEST_TITLE, _LONGEST_LABEL = 31, 12
Place = tuple[int, int]


def sheet_title(name: str) -> str:
    """Name of a sheet in the copy: personal data masked, no brackets, which Excel refuses."""
    return masked_name(name).translate(str.maketrans("[]", "（）"))[:_LONGEST_TITLE]


def returned_copy(file: Path, raw: RawRound) -> tuple[Workbook, bool]:
    """Copy the sheets of a workbook that were read, and the code sheets of our own forms.

    Answers to private questions and columns with private heads are left out; personal data are masked in every
    cell; formulas become text. A table gives a copy without sheets, and so does a workbook that cannot be opened,
    which the second value tells.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "vitality"
    if file.suffix.lower() not in (".xlsx", ".xlsm"):
        return book, True
    source = _opened(file)
    if source is None:
        return book, False
    styles: dict[int, Any] = {}
    for sheet in source.worksheets:
        answers = _answers(file.name, sheet.title, raw)
        if answers is not None or _is_codebook(sheet):
            copied = book.create_sheet(sheet_title(sheet.title))
            if answers is None:
                copied.sheet_state = sheet.sheet_state
            _copy_cells(sheet, copied, answers or {}, styles)
            _copy_layout(sheet, copied)
            _copy_rules(sheet, copied)
    return book, True


def _opened(file: Path) -> Workbook | None:
    """The workbook; None where openpyxl cannot open what could be read."""
    from openpyxl import load_workbook

    try:
        return load_workbook(io.BytesIO(file.read_bytes()), keep_links=False)  # a file that it fails on would stay open
    except Exception:  # it raises many kinds, for flaws of no account such as an unknown kind of validation
        return None


def _answers(file: str, sheet: str, raw: RawRound) -> dict[Place, bool] | None:
    """Row and column of each answer in a sheet -> whether it is private; None for a sheet that was not read."""
    found: dict[Place, bool] = {}
    read = False
    for table in raw.tables.values():
        own = ((table.about["file"] == file) & (table.about["sheet"] == sheet)).to_numpy()
        read = read or bool(own.any())
        private = np.array([code in raw.private for code in table.questions], dtype=bool)
        rows, columns = table.rows[own], table.columns[own]
        for position in np.flatnonzero((rows >= 0).any(axis=0)).tolist():
            places = zip((rows[:, position] + 1).tolist(), (columns[:, position] + 1).tolist())
            found |= dict.fromkeys(places, bool(private[position]))
    return found if read else None


def _is_codebook(sheet: Worksheet) -> bool:
    return any(CODEBOOK_MARK in row for row in sheet.iter_rows(max_row=3, max_col=60, values_only=True))


def _copy_cells(sheet: Worksheet, copied: Worksheet, answers: dict[Place, bool], styles: dict[int, Any]) -> None:
    # only cells that are there: a sheet may reach down to its last row with three of them filled
    cells: list[Any] = [cell for _, cell in sorted(sheet._cells.items()) if type(cell).__name__ != "MergedCell"]
    texts = {(cell.row, cell.column): _text(cell) for cell in cells if cell.value is not None}
    masked = masked_texts(texts.values())
    left_out = _left_out(texts, answers)
    for cell in cells:
        place = (cell.row, cell.column)
        target: Any = copied.cell(*place)
        text = texts.get(place, "")
        if place in left_out:
            target.value = MASK if text else None
        elif text in masked or isinstance(cell.value, str) or cell.data_type == "f":
            target.value, target.data_type = visible(masked.get(text, text)) or None, "s"
        else:
            target.value = cell.value
        _dress(cell, target, styles)


def _text(cell: Any) -> str:
    """Text of a cell; of a formula what was typed, since what is sent back is to be read, not run."""
    return cell_text(getattr(cell.value, "text", cell.value))


def _left_out(texts: dict[Place, str], answers: dict[Place, bool]) -> set[Place]:
    """Private answers, columns with private heads above the answers, and what stands right of a private label."""
    columns = {column for _, column in answers}
    out = {place for place, private in answers.items() if private}
    labels = {place for place, text in texts.items() if PRIVATE_HEAD.search(text)} - answers.keys()
    first = min((row for row, _ in answers), default=0)
    in_rows = len({row for row, _ in answers}) < len(answers)  # one respondent a row, below a head
    if in_rows:
        private = ({column for row, column in labels if row < first} - columns) | {column for _, column in out}
        out |= {(row, column) for row, column in texts if row >= first and column in private}
    for row, column in labels:
        beside = (row, column + 1)
        head = in_rows and row == first - 1
        if len(texts[row, column]) <= _LONGEST_LABEL and not head and beside not in answers.keys() | labels:
            out.add(beside)
    return out & texts.keys()


def _dress(cell: Any, target: Any, styles: dict[int, Any]) -> None:
    """Give a cell the looks of another; each kind of looks is copied once a workbook."""
    if not cell.has_style:
        return
    if cell.style_id not in styles:
        for name in _LOOKS:
            setattr(target, name, copy(getattr(cell, name)))
        styles[cell.style_id] = target._style
    target._style = copy(styles[cell.style_id])


def _copy_layout(sheet: Worksheet, copied: Worksheet) -> None:
    """Copy widths, heights, hidden rows and columns, merged cells, protection and the set-up for printing."""
    for letter, column in sheet.column_dimensions.items():
        target = copied.column_dimensions[letter]
        target.width, target.hidden, target.min, target.max = column.width, column.hidden, column.min, column.max
    for number, row in sheet.row_dimensions.items():
        if row.height is not None or row.hidden:
            copied.row_dimensions[number].height, copied.row_dimensions[number].hidden = row.height, row.hidden
    for area in sheet.merged_cells.ranges:
        copied.merge_cells(area.coord)
    copied.freeze_panes = sheet.freeze_panes
    copied.protection = copy(sheet.protection)
    print_on_a4(copied, landscape=sheet.page_setup.orientation == "landscape")
    copied.print_title_rows = sheet.print_title_rows


def _copy_rules(sheet: Worksheet, copied: Worksheet) -> None:
    """Copy the rules of entry that only compare, such as our drop-down lists."""
    from openpyxl.worksheet.datavalidation import DataValidation

    for rule in sheet.data_validations.dataValidation:
        formulas = [formula for formula in (rule.formula1, rule.formula2) if formula]
        texts = [*formulas, rule.error or "", rule.prompt or ""]
        if all(map(_HARMLESS.fullmatch, formulas)) and all(mask_personal(text) == text for text in texts):
            names = ("type", "formula1", "formula2", "operator", "allow_blank", "errorStyle", "showErrorMessage")
            kept = {name: getattr(rule, name) for name in (*names, "error", "showInputMessage", "prompt")}
            copied.add_data_validation(DataValidation(sqref=rule.sqref, **kept))
