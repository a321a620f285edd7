"""Files as grids of text: workbooks by calamine, csv, SPSS files."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from vitality.errors import SurveyError
from vitality.framework.packages import (
    SheetCells,
    column_letters,
    inspect_package,
    protected_workbook,
    sparse_rows,
    unreadable_workbook,
    with_lost_cells,
)
from vitality.survey.delimited import read_delimited
from vitality.survey.numerals import number_text

WORKBOOKS = (".xlsx", ".xlsm", ".xls")
TABLES = (".csv", ".txt", ".tsv")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
#: Distinct texts that are kept in mind at once, so that a file in which none comes again stays fast.
_MOST_SHARED = 1 << 16


@dataclass(frozen=True)
class Grid:
    """One sheet as text, the place of its first cell (from 0), and what was noticed in it.

    `merged` are merged areas as ((first row, first column), (last row, last column)), from 0; `noticed` are
    (rule, cell, text), such as a formula whose stored result was read. `codes` hold, for the columns of an SPSS
    file whose texts are labels, the values behind the labels, row by row. `saved` is the moment (ISO) at which the
    workbook was saved last, by its own account.
    """

    file: str
    sheet: str
    texts: list[list[str]]
    first_row: int = 0
    first_column: int = 0
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()
    noticed: tuple[tuple[str, str, str], ...] = ()
    codes: Mapping[int, Sequence[str]] = field(default_factory=dict)
    saved: str = ""

    def source(self, row: int, column: int) -> str:
        """Name the place of a cell of `texts`, such as ``m_2024.csv / D4``."""
        cell = f"{column_letters(column + self.first_column)}{row + self.first_row + 1}"
        return " / ".join(part for part in (self.file, self.sheet, cell) if part)


def read_grids(path: Path) -> list[Grid]:
    """Read every sheet of a workbook, a csv file or an SPSS file as text.

    Raises
    ------
    SurveyError
        If the file cannot be read as what its ending says.
    """
    ending = path.suffix.lower()
    if ending in WORKBOOKS:
        return _workbook(path)
    if ending in TABLES:
        return [_table(path)]
    if ending == ".sav":
        from vitality.survey.spss import read_sav

        texts, codes = read_sav(path)
        return [Grid(path.name, "", texts, codes=codes)]
    raise SurveyError(
        f"{path.name}: found the ending {ending or '(none)'!r}; expected .xlsx, .csv or .sav. "
        "Save it as one of these, or take it out of the folder raw.",
        zh=f"{path.name}：后缀是 {ending or '（无）'}，应为 .xlsx、.csv 或 .sav。"
        "请另存为其中一种，或从 raw 文件夹移走。",
    )


def _workbook(path: Path) -> list[Grid]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    look = inspect_package(path, error=SurveyError)
    about = (("macros", "", path.name),) if look.macros else ()
    if path.suffix.lower() == ".xls":
        about = (*about, ("old_workbook", "", path.name))
    grids = []
    try:
        with CalamineWorkbook.from_path(str(path)) as workbook:
            for name in workbook.sheet_names:
                found = look.sheets.get(name, SheetCells())
                lines: Iterable[Sequence[object]]
                if found.sparse:
                    lines, place, merged = sparse_rows(path, name, error=SurveyError), (0, 0), tuple(found.merged)
                else:
                    sheet = workbook.get_sheet_by_name(name)
                    lines, place = sheet.to_python(skip_empty_area=True), sheet.start or (0, 0)
                    merged = tuple(sheet.merged_cell_ranges or ())
                texts = _shared([*map(cell_text, line)] for line in lines)
                place = with_lost_cells(texts, found, *place)
                _as_percent(texts, found, *place)
                noticed = (*about, *(("formula", cell, text) for cell, text in found.formulas))
                grids.append(Grid(path.name, name, texts, *place, merged, noticed, saved=look.saved))
    except SurveyError:
        raise
    except PasswordError:
        raise protected_workbook(path, error=SurveyError) from None
    except (CalamineError, OSError, ValueError):
        raise unreadable_workbook(path, error=SurveyError) from None
    return grids


def _as_percent(texts: list[list[str]], found: SheetCells, row: int, column: int) -> None:
    """Write numbers as people see them in Excel where they are shown as per cent: 1 is 100%."""
    for at_row, at_column in found.percent:
        line = texts[at_row - row] if 0 <= at_row - row < len(texts) else []
        if 0 <= at_column - column < len(line) and _NUMBER.fullmatch(line[at_column - column]):
            line[at_column - column] = f"{number_text(float(Decimal(line[at_column - column]) * 100))}%"


def _table(path: Path) -> Grid:
    records, strays = read_delimited(path)
    texts = _shared(records)
    return Grid(path.name, "", texts, noticed=tuple(("stray_quote", f"A{line}", str(line)) for line in strays))


def _shared(lines: Iterable[Sequence[str]]) -> list[list[str]]:
    """Lines in which equal texts are one object: that takes less memory and is compared faster."""
    known: dict[str, str] = {}
    shared = []
    for line in lines:
        if len(known) > _MOST_SHARED:
            known.clear()
        shared.append(list(map(known.setdefault, line, line)))
    return shared


def cell_text(value: object) -> str:
    """Give the value of a cell as the text that a person sees, without rounding.

    Examples
    --------
    >>> cell_text(12.0), cell_text("约50"), cell_text(None), cell_text(True)
    ('12', '约50', '', 'TRUE')
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return str(value)
