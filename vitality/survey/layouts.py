"""From grids of text to the answers of one instrument: form, list, export and table."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from vitality.framework import Instrument
from vitality.survey.columns import match_columns
from vitality.survey.findings import Finding
from vitality.survey.grids import Grid
from vitality.survey.naming import tidy
from vitality.survey.raw import RawTable, column_letters

#: Hidden codes of the rows of a form that hold no question.
UNIT_MARK, ROUND_MARK, COLUMNS_MARK = "@unit", "@round", "@columns"
ANSWER_MARK = "@answer"
_STOP_WORDS = ("合计", "小计", "总计", "填表人", "审核人", "负责人签字", "total")


@dataclass
class Collected:
    """Answers found so far, and what was noticed on the way."""

    texts: list[list[str]] = field(default_factory=list)
    rows: list[list[int]] = field(default_factory=list)
    columns: list[list[int]] = field(default_factory=list)
    about: list[tuple[str, str, str, str, str, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def table(self, instrument: Instrument) -> RawTable:
        """Give what was found as a table; respondents who share a name are numbered apart."""
        codes = list(instrument.question_codes)
        about = pd.DataFrame(self.about, columns=["respondent", "unit", "name", "group", "file", "sheet"], dtype=object)
        again = about.groupby("respondent").cumcount()
        names = about.pop("respondent").where(again == 0, lambda s: s + "#" + (again + 1).astype(str))
        index = pd.Index(names, dtype=object, name="respondent")
        shape = (len(index), len(codes))
        return RawTable(
            instrument.code,
            pd.DataFrame(np.array(self.texts, dtype=object).reshape(shape), index=index, columns=codes, dtype=object),
            about.set_index(index),
            np.array(self.rows, dtype=np.int32).reshape(shape),
            np.array(self.columns, dtype=np.int32).reshape(shape),
        )


def collect(files: list[tuple[Path, list[Grid]]], instrument: Instrument) -> Collected:
    """Read every file of one instrument by its layout."""
    found = Collected()
    reader = {"form": _form, "list": _list, "export": _export, "table": _table}[instrument.layout]
    for path, grids in files:
        if not any(reader(grid, instrument, found) for grid in grids):
            found.findings.append(Finding("not_a_form", instrument.code, path.name, value=path.name))
    return found


def _form(grid: Grid, instrument: Instrument, found: Collected) -> bool:
    """One question a row: the hidden code tells the question, the marked column holds the answer."""
    places = _codes(grid, instrument)
    if places is None:
        return False
    code_column, answer = places
    by_code = {row[code_column].strip(): number for number, row in enumerate(grid.texts) if len(row) > code_column}
    rows = [by_code.get(code, -1) for code in instrument.question_codes]
    unit = _cell(grid, by_code.get(UNIT_MARK, -1), answer).strip()
    found.texts.append([_cell(grid, row, answer) for row in rows])
    found.rows.append([row + grid.first_row if row >= 0 else -1 for row in rows])
    found.columns.append([answer + grid.first_column] * len(rows))
    found.about.append((tidy(unit), unit, "", "", grid.file, grid.sheet))
    return True


def _codes(grid: Grid, instrument: Instrument) -> tuple[int, int] | None:
    """Columns of the codes and of the answers, by the hidden row of marks."""
    for row in grid.texts:
        if COLUMNS_MARK in row and ANSWER_MARK in row:
            return row.index(COLUMNS_MARK), row.index(ANSWER_MARK)
    return None


def _list(grid: Grid, instrument: Instrument, found: Collected) -> bool:
    """One respondent a row: the hidden row of codes tells the columns."""
    head = next((number for number, row in enumerate(grid.texts) if COLUMNS_MARK in row), None)
    if head is None:
        return False
    codes = grid.texts[head]
    places = [codes.index(code) if code in codes else -1 for code in instrument.question_codes]
    if all(place < 0 for place in places):
        return False
    unit = _marked_unit(grid, head)
    count = 0
    for number, row in enumerate(grid.texts[head + 2 :], start=head + 2):
        texts = [row[place] if 0 <= place < len(row) else "" for place in places]
        if not any(text.strip() for text in texts):
            continue
        first = next((text.strip() for text in row if text.strip() and not text.strip().isdigit()), "")
        if tidy(first).lower().startswith(_STOP_WORDS):
            source = f"{grid.file} / {grid.sheet} / A{number + grid.first_row + 1}"
            found.findings.append(Finding("total_row", instrument.code, source, value=first))
            continue
        count += 1
        found.texts.append(texts)
        found.rows.append([number + grid.first_row] * len(places))
        found.columns.append([place + grid.first_column for place in places])
        found.about.append((f"{tidy(unit)}-{count:03d}", unit, "", "", grid.file, grid.sheet))
    return True


def _marked_unit(grid: Grid, head: int) -> str:
    """Name of the unit in the row with the hidden mark: the second filled cell beside it."""
    for row in grid.texts[:head]:
        if UNIT_MARK in row:
            beside = [text.strip() for text in row[row.index(UNIT_MARK) + 1 :] if text.strip()]
            return beside[1] if len(beside) > 1 else ""
    return ""


def _export(grid: Grid, instrument: Instrument, found: Collected) -> bool:
    """One respondent a row, columns by the text or the code of the question."""
    if not grid.texts:
        return False
    head = grid.texts[0]
    matched = match_columns(head, instrument, source=grid.file)
    if not matched.questions:
        return False
    found.findings += matched.findings
    stem = "" if not found.about else f"{len({entry[4] for entry in found.about}) + 1}-"
    _records(grid, instrument, found, matched.questions, matched.places, prefix=f"{instrument.code}{stem}")
    return True


def _records(
    grid: Grid,
    instrument: Instrument,
    found: Collected,
    questions: dict[str, int],
    places: dict[str, int],
    *,
    prefix: str | None,
) -> None:
    """Take the rows below the head of an export or a table."""
    columns = [questions.get(code, -1) for code in instrument.question_codes]
    absolute = [column + grid.first_column if column >= 0 else -1 for column in columns]
    for number, row in enumerate(grid.texts[1:], start=1):
        if not any(text.strip() for text in row):
            continue
        beside = {name: row[place].strip() if 0 <= place < len(row) else "" for name, place in places.items()}
        serial = beside.get("serial") or str(number)
        respondent = tidy(beside.get("unit", "")) if prefix is None else f"{prefix}{serial}"
        found.texts.append([row[column] if 0 <= column < len(row) else "" for column in columns])
        found.rows.append([number + grid.first_row if column >= 0 else -1 for column in columns])
        found.columns.append(absolute)
        found.about.append(
            (
                respondent,
                beside.get("unit", ""),
                beside.get("name", ""),
                beside.get("group", ""),
                grid.file,
                grid.sheet,
            )
        )


def _table(grid: Grid, instrument: Instrument, found: Collected) -> bool:
    """One unit a row, columns by the codes of the questions."""
    head = [text.strip() for text in grid.texts[0]] if grid.texts else []
    wanted = {
        "unit": instrument.unit_column,
        "name": instrument.name_column,
        "group": instrument.group_column,
        "serial": instrument.respondent_column,
    }
    places = {name: head.index(column) for name, column in wanted.items() if column in head}
    questions = {code: head.index(code) for code in instrument.question_codes if code in head}
    if "unit" not in places or not questions:
        return False
    for code in instrument.question_codes:
        if code not in questions:
            found.findings.append(Finding("missing_column", instrument.code, grid.file, question=code))
    prefix = None if instrument.respondent == "unit" else instrument.code
    _records(grid, instrument, found, questions, places, prefix=prefix)
    return True


def _cell(grid: Grid, row: int, column: int) -> str:
    if row < 0 or row >= len(grid.texts) or column >= len(grid.texts[row]):
        return ""
    return grid.texts[row][column]


__all__ = ["ANSWER_MARK", "COLUMNS_MARK", "ROUND_MARK", "UNIT_MARK", "Collected", "collect", "column_letters"]
