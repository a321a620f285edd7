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
        "Save it as one of these, or take it out of the folder raw.",
        zh=f"{path.name}：后缀是 {ending or '（无）'}，应为 .xlsx 或 .csv。请另存为其中一种，或从 raw 文件夹移走。",
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
            "open it in Excel, save it again as .xlsx, or ask the sender for it once more.",
            zh=f"{path.name}：不能作为工作簿读取（{hint if size else '文件是空的'}）。应为没有密码的 .xlsx 文件；"
            "请用 Excel 打开后重新另存为 .xlsx，或请填报单位重发。",
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
        raise SurveyError(
            f"{path.name}: neither UTF-8 nor GB18030 text. Export it once more as csv, in UTF-8 or GBK.",
            zh=f"{path.name}：既不是 UTF-8 也不是 GB18030 编码。请重新导出为 UTF-8 或 GBK 编码的 csv。",
        )
    if "\x00" in text:
        raise SurveyError(
            f"{path.name}: this is no text. Expected a csv file; check how it was exported.",
            zh=f"{path.name}：不是文本文件。应为 csv，请检查导出方式。",
        )
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
