"""Files as grids of text: workbooks by calamine, csv in the encodings that survey platforms use."""

from __future__ import annotations

import csv
import datetime
import io
from dataclasses import dataclass
from pathlib import Path

from vitality.errors import SurveyError
from vitality.survey.numerals import number_text

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
TABLES = (".csv", ".txt", ".tsv")
_ENCODINGS = ("utf-8-sig", "utf-8", "gb18030")


@dataclass(frozen=True)
class Grid:
    """One sheet as text, and the place of its first cell (from 0)."""

    file: str
    sheet: str
    texts: list[list[str]]
    first_row: int = 0
    first_column: int = 0


def read_grids(path: Path) -> list[Grid]:
    """Read every sheet of a workbook, or a csv file, as text.

    Raises
    ------
    SurveyError
        If the file cannot be read as what its ending says.
    """
    ending = path.suffix.lower()
    if ending in WORKBOOKS:
        return _workbook(path)
    if ending in TABLES:
        return [_csv(path)]
    raise SurveyError(
        f"{path.name}: found the ending {ending or '(none)'!r}; expected .xlsx or .csv. "
        "Save it as one of these, or take it out of the folder raw."
    )


def _workbook(path: Path) -> list[Grid]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_path(str(path))
        sheets = [(name, workbook.get_sheet_by_name(name)) for name in workbook.sheet_names]
        grids = []
        for name, sheet in sheets:
            row, column = sheet.start or (0, 0)
            texts = [[cell_text(value) for value in cells] for cells in sheet.to_python(skip_empty_area=True)]
            grids.append(Grid(path.name, name, texts, row, column))
    except (CalamineError, OSError, ValueError) as problem:
        size = path.stat().st_size if path.is_file() else 0
        hint = "it is empty" if not size else f"{type(problem).__name__}: {problem}"
        raise SurveyError(
            f"{path.name}: cannot be read as a workbook ({hint}). Expected an .xlsx file without a password; "
            "open it in Excel, save it again as .xlsx, or ask the sender for it once more."
        ) from None
    return grids


def _csv(path: Path) -> Grid:
    content = path.read_bytes()
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise SurveyError(f"{path.name}: neither UTF-8 nor GB18030 text. Export it once more as csv, in UTF-8 or GBK.")
    if "\x00" in text:
        raise SurveyError(f"{path.name}: this is no text. Expected a csv file; check how it was exported.")
    first = text.partition("\n")[0]
    separator = "\t" if first.count("\t") > first.count(",") else ","
    return Grid(path.name, "", list(csv.reader(io.StringIO(text, newline=""), delimiter=separator)))


def cell_text(value: object) -> str:
    """Give the value of a cell as the text that a person sees, without rounding.

    Examples
    --------
    >>> cell_text(12.0), cell_text("约50"), cell_text(None), cell_text(True)
    ('12', '约50', '', 'TRUE')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return str(value)
