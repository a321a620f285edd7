"""Reading workbooks that towns made themselves, by a mapping file."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vitality.framework import Instrument, Question
from vitality.survey.blocks import Collected, rectangle
from vitality.survey.findings import Finding
from vitality.survey.grids import Grid
from vitality.survey.heads import JOIN, filled, head_paths, money_note
from vitality.survey.heads import path as joined
from vitality.survey.mapping import FileMapping
from vitality.survey.naming import near_miss, question_key, tidy
from vitality.survey.packages import cell_place
from vitality.survey.totals import respondent_rows
from vitality.survey.values import parse_value


def read_mapped(grids: list[Grid], instrument: Instrument, mapping: FileMapping, found: Collected) -> None:
    """Read the sheets of one file as its mapping says."""
    chosen = [grid for grid in grids if mapping.sheet is None or grid.sheet == mapping.sheet]
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
    places = _placed(paths, instrument, mapping, grid, found)
    if (places < 0).all():
        return False
    corner = money_note([text for row in rows[:first] for text in row])
    unmerged = _unmerged(grid)
    lines, numbers = respondent_rows(unmerged, last + 1, instrument, found, places)
    texts = np.where(places >= 0, rectangle(lines, len(paths))[:, places], "").astype(object)
    for position, question in enumerate(instrument.questions):
        if question.kind == "money" and places[position] >= 0:
            _in_unit(texts, position, question, money_note([paths[places[position]]]) or corner)
    units = _units(grid, mapping, rows, paths, numbers)
    names = [f"{tidy(unit)}-{number:03d}" for number, unit in enumerate(units, start=1)]
    respondents = [tidy(unit) for unit in units] if instrument.respondent == "unit" else names
    place = np.array(numbers, dtype=np.int32)[:, None]
    found.add(unmerged, texts, place, places[None, :], respondent=respondents, unit=units)
    return True


def _read_rows(grid: Grid, instrument: Instrument, mapping: FileMapping, found: Collected) -> bool:
    """One question a row: labels on the left, answers in one column; one respondent a sheet."""
    rows = filled(grid)
    first, last, answer = mapping.head[0] - 1, mapping.head[1] - 1, (mapping.answers or 1) - 1
    paths = [joined(row[first : last + 1]) for row in rows]
    places = _placed(paths, instrument, mapping, grid, found)
    if (places < 0).all():
        return False
    unmerged = _unmerged(grid)
    texts = np.array(
        [[unmerged.texts[row][answer] if row >= 0 and answer < len(unmerged.texts[row]) else "" for row in places]],
        dtype=object,
    )
    top = int(places[places >= 0].min())
    corner = money_note([text for row in rows[:top] for text in row])
    for position, question in enumerate(instrument.questions):
        if question.kind == "money" and places[position] >= 0:
            _in_unit(texts, position, question, money_note([paths[places[position]]]) or corner)
    unit = _units(grid, mapping, rows, paths, [top])[0]
    found.add(unmerged, texts, places[None, :], answer, respondent=[tidy(unit)], unit=[unit])
    return True


def _unmerged(grid: Grid) -> Grid:
    """The sheet from its first row and column on, merged cells as they are."""
    blank: list[list[str]] = [[] for _ in range(grid.first_row)]
    lines = blank + [[""] * grid.first_column + row for row in grid.texts]
    return replace(grid, texts=lines, first_row=0, first_column=0)


def _placed(paths: list[str], instrument: Instrument, mapping: FileMapping, grid: Grid, found: Collected) -> np.ndarray:
    """Column (or row) of each question, -1 where the head that the mapping names is not there."""
    keys: dict[str, int] = {}
    for number, path in enumerate(paths):
        keys.setdefault(question_key(path), number)
    places = np.full(len(instrument.questions), -1, dtype=np.int32)
    missing: list[Finding] = []
    for position, question in enumerate(instrument.questions):
        wanted = mapping.questions.get(question.code)
        if wanted is None:
            continue
        places[position] = keys.get(question_key(joined(wanted.split(JOIN))), -1)
        if places[position] < 0:
            details: dict[str, object] = {"near": near_miss(wanted, [path for path in paths if path])}
            source = " / ".join(part for part in (grid.file, grid.sheet) if part)
            missing.append(Finding("missing_column", instrument.code, source, question=question.code, details=details))
    if (places >= 0).any():
        found.findings += missing
    return places


def _in_unit(texts: np.ndarray, position: int, question: Question, unit: str) -> None:
    """Write the unit of a note behind plain numbers, where it is not the unit that was asked for."""
    if not unit or unit == question.unit_zh:
        return
    for row, text in enumerate(texts[:, position]):
        parsed = parse_value(text, "money", unit=question.unit_zh)
        if parsed.value is not None and "unit" not in parsed.flags:
            texts[row, position] = f"{text.strip()}{unit}"


def _units(grid: Grid, mapping: FileMapping, rows: list[list[str]], paths: list[str], numbers: list[int]) -> list[str]:
    """Name of the unit of each respondent."""
    kind, _, where = mapping.unit.partition(" ")
    if kind == "column":
        wanted = question_key(where)
        column = next((number for number, path in enumerate(paths) if question_key(path) == wanted), -1)
        return [rows[number][column].strip() if column >= 0 else "" for number in numbers]
    if kind == "cell":
        row, column = cell_place(where.strip().upper())
        text = rows[row][column] if row < len(rows) and column < len(rows[row]) else ""
        return [text.split("：")[-1].split(":")[-1].strip()] * len(numbers)
    if kind == "sheet":
        return [grid.sheet.strip()] * len(numbers)
    stem = grid.file.rpartition(".")[0].partition("_")[2]
    return [stem.split("_")[0].strip()] * len(numbers)
