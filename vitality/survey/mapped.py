"""Reading workbooks that towns made themselves, by a mapping file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from vitality.framework import Instrument
from vitality.framework.packages import cell_place, column_letters
from vitality.survey.blocks import Collected, rectangle
from vitality.survey.columns import MatchedColumns, match_columns, question_keys
from vitality.survey.exports import read_records
from vitality.survey.findings import Finding
from vitality.survey.grids import Grid
from vitality.survey.heads import JOIN, filled, head_paths
from vitality.survey.heads import path as joined
from vitality.survey.mapping import FileMapping
from vitality.survey.naming import near_miss, question_key, tidy
from vitality.survey.personal import mask_personal, masked_name
from vitality.survey.sheet_units import to_convert, units_of_columns, units_of_rows, without_unit
from vitality.survey.stop_rows import stop_text
from vitality.survey.totals import respondent_rows


def read_mapped(grids: list[Grid], instrument: Instrument, mapping: FileMapping, found: Collected) -> None:
    """Read the sheets of one file as its mapping says."""
    chosen = [grid for grid in grids if mapping.sheet in (None, grid.sheet, masked_name(grid.sheet))]
    if mapping.sheet is not None and not chosen:
        near = near_miss(mapping.sheet, [grid.sheet for grid in grids])
        file = grids[0].file if grids else ""
        details: dict[str, object] = {"near": near, "file": file}
        found.findings.append(Finding("missing_sheet", instrument.code, file, value=mapping.sheet, details=details))
        return
    read = _read_columns if mapping.direction == "columns" else _read_rows
    taken = [grid for grid in chosen if grid.texts and read(grid, instrument, mapping, found)]
    for grid in taken:
        found.notice(grid, instrument)
    if not taken and grids:
        found.findings.append(Finding("not_mapped", instrument.code, grids[0].file, value=grids[0].file))


def _read_columns(grid: Grid, instrument: Instrument, mapping: FileMapping, found: Collected) -> bool:
    """One respondent a row below a head of one to three levels."""
    rows = filled(grid)
    first, last = mapping.head[0] - 1, mapping.head[1] - 1
    if last >= len(rows):
        return False
    paths = head_paths(rows, first, last, spread=not grid.merged)
    unit_column = _unit_column(mapping, paths)
    heads = ["" if column == unit_column else path for column, path in enumerate(paths)]
    matched = match_columns(heads, instrument, source=_source(grid), wordings=_wordings(mapping))
    if not mapping.questions.keys() & {*matched.questions, *matched.ticks}:
        return False
    found.findings += _about_heads(matched, paths, mapping, grid, instrument)
    places = {code: place for code in instrument.question_codes if (place := _place(matched, code)) >= 0}
    at = _positions(places, instrument)
    noted = units_of_columns(rows, first, last, places, instrument)
    other = to_convert(noted, instrument)
    unmerged = _unmerged(grid)
    lines, numbers = respondent_rows(unmerged, last + 1, instrument, found, at, noted=other, unit_column=unit_column)
    names = _units(grid, mapping, rows, unit_column, numbers)
    if instrument.layout == "export":
        _add_records(unmerged, last, paths, dict(zip(numbers, names)), instrument, matched, found)
        return True
    texts = np.where(at >= 0, rectangle(lines, len(paths))[:, at], "").astype(object)
    cells = {code: _cell(grid, last, column) for code, column in places.items()}
    found.findings += without_unit(texts, noted, cells, instrument)
    respondents = (
        [tidy(name) for name in names]
        if instrument.respondent == "unit"
        else [f"{tidy(name)}-{number:03d}" for number, name in enumerate(names, start=1)]
    )
    lines_at = np.array(numbers, dtype=np.int32)[:, None]
    found.add(unmerged, texts, lines_at, at[None, :], noted=other, respondent=respondents, unit=names)
    return True


def _add_records(
    grid: Grid,
    last: int,
    paths: list[str],
    names: dict[int, str],
    instrument: Instrument,
    matched: MatchedColumns,
    found: Collected,
) -> None:
    """Take the rows of an export with the columns that its platform added: serial number, time, options as 0 and 1."""
    lines = [row if number in names else [] for number, row in enumerate(grid.texts)]
    lines[last] = paths
    read_records(replace(grid, texts=lines), instrument, found, matched, head=last, named=names)


def _read_rows(grid: Grid, instrument: Instrument, mapping: FileMapping, found: Collected) -> bool:
    """One question a row: labels on the left, answers in one column; one respondent a sheet."""
    rows = filled(grid)
    first, last, answer = mapping.head[0] - 1, mapping.head[1] - 1, (mapping.answers or 1) - 1
    paths = [joined(row[first : last + 1]) for row in rows]
    keys = question_keys(instrument, _wordings(mapping))
    places: dict[str, int] = {}
    for row, path in enumerate(paths):
        if question_key(path) in keys:
            places.setdefault(keys[question_key(path)], row)
    if not mapping.questions.keys() & places.keys():
        return False
    unmerged = _unmerged(grid)
    answers = [row[answer] if answer < len(row) else "" for row in unmerged.texts]
    found.findings += _missing(places, paths, mapping, grid, instrument)
    found.findings += _unmatched_rows(paths, answers, places, grid, mapping, instrument)
    at = _positions(places, instrument)
    texts = np.array([[answers[row] if row >= 0 else "" for row in at.tolist()]], dtype=object)
    noted = units_of_rows(rows, answer, places, instrument)
    found.findings += without_unit(
        texts, noted, {code: _cell(grid, row, answer) for code, row in places.items()}, instrument
    )
    name = _units(grid, mapping, rows, -1, [min(places.values())])[0]
    found.add(
        unmerged,
        texts,
        at[None, :],
        answer,
        noted=to_convert(noted, instrument),
        respondent=[tidy(name)],
        unit=[name],
    )
    return True


def _unmatched_rows(
    paths: list[str],
    answers: list[str],
    places: dict[str, int],
    grid: Grid,
    mapping: FileMapping,
    instrument: Instrument,
) -> Iterable[Finding]:
    """Labels with an answer beside them that no question takes, from the first question on or just above it."""
    start = min(places.values())
    while start and paths[start - 1] and any(sign.isdigit() for sign in answers[start - 1]):
        start -= 1
    used = set(places.values())
    asked = {question.label(): question.code for question in instrument.questions if question.code not in places}
    for number in range(start, len(paths)):
        if number in used or not paths[number] or not answers[number].strip():
            continue
        labels = paths[number].split(JOIN)
        source = _cell(grid, number, mapping.head[1] - 1)
        said = next(filter(None, map(stop_text, labels)), None)
        if said is not None:
            yield Finding("total_row", instrument.code, source, value=said.shown)
            continue
        details: dict[str, object] = {"near": near_miss(labels[-1], asked)}
        value = mask_personal(paths[number])
        yield Finding("unmatched_column", instrument.code, source, value=value, details=details)


def _unmerged(grid: Grid) -> Grid:
    """The sheet from its first row and column on, merged cells as they are."""
    blank: list[list[str]] = [[] for _ in range(grid.first_row)]
    lines = blank + [[""] * grid.first_column + row for row in grid.texts]
    return replace(grid, texts=lines, first_row=0, first_column=0)


def _source(grid: Grid) -> str:
    return " / ".join(part for part in (grid.file, grid.sheet) if part)


def _cell(grid: Grid, row: int, column: int) -> str:
    return f"{_source(grid)} / {column_letters(column)}{row + 1}"


def _positions(places: dict[str, int], instrument: Instrument) -> npt.NDArray[np.int32]:
    return np.array([places.get(code, -1) for code in instrument.question_codes], dtype=np.int32)


def _wordings(mapping: FileMapping) -> dict[str, str]:
    return {code: joined(head.split(JOIN)) for code, head in mapping.questions.items()}


def _place(matched: MatchedColumns, code: str) -> int:
    """Column of a question, the first one where it has a column an option; -1 for none."""
    return matched.questions.get(code, min(matched.ticks.get(code, {"": -1}).values()))


def _about_heads(
    matched: MatchedColumns, paths: list[str], mapping: FileMapping, grid: Grid, instrument: Instrument
) -> Iterable[Finding]:
    """Columns that no question takes, and heads of the mapping that are not there.

    A platform asks every question; a sheet that a town made may leave some to other files.
    """
    for item in matched.findings:
        if item.rule != "missing_column" or (instrument.layout == "export" and item.question not in mapping.questions):
            yield item
    yield from _missing({*matched.questions, *matched.ticks}, paths, mapping, grid, instrument)
    kind, _, where = mapping.unit.partition(" ")
    if kind == "column" and _unit_column(mapping, paths) < 0:
        details: dict[str, object] = {"label": where, "near": near_miss(where, filter(None, paths))}
        yield Finding("missing_column", instrument.code, _source(grid), value=where, details=details)


def _missing(
    there: Iterable[str], paths: Sequence[str], mapping: FileMapping, grid: Grid, instrument: Instrument
) -> Iterable[Finding]:
    """Heads that the mapping names and the sheet has not."""
    for code in sorted(mapping.questions.keys() - set(there), key=instrument.question_codes.index):
        details: dict[str, object] = {"near": near_miss(mapping.questions[code], filter(None, paths))}
        yield Finding("missing_column", instrument.code, _source(grid), question=code, details=details)


def _unit_column(mapping: FileMapping, paths: list[str]) -> int:
    """Column in which each row names its unit; -1 where the mapping names none, or it is not there."""
    kind, _, where = mapping.unit.partition(" ")
    wanted = question_key(joined(where.split(JOIN))) if kind == "column" else None
    return next((number for number, path in enumerate(paths) if question_key(path) == wanted), -1)


def _units(grid: Grid, mapping: FileMapping, rows: list[list[str]], unit_column: int, numbers: list[int]) -> list[str]:
    """Name of the unit of each respondent."""
    kind, _, where = mapping.unit.partition(" ")
    if kind == "column":
        return [rows[number][unit_column].strip() if unit_column >= 0 else "" for number in numbers]
    if kind == "cell":
        row, column = cell_place(where.strip().upper())
        text = rows[row][column] if row < len(rows) and column < len(rows[row]) else ""
        return [text.split("：")[-1].split(":")[-1].strip()] * len(numbers)
    if kind == "sheet":
        return [grid.sheet.strip()] * len(numbers)
    stem = grid.file.rpartition(".")[0].partition("_")[2]
    return [stem.split("_")[0].strip()] * len(numbers)
