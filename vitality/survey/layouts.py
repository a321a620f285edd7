"""From grids of text to the answers of one instrument: the project's own forms and lists, and what is no form."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from vitality.framework import Instrument
from vitality.survey.blocks import Collected, rectangle
from vitality.survey.exports import read_export, read_table
from vitality.survey.findings import Finding
from vitality.survey.grids import Grid
from vitality.survey.mapped import read_mapped
from vitality.survey.mapping import FileMapping
from vitality.survey.naming import tidy
from vitality.survey.totals import respondent_rows

#: Hidden codes of the rows of a form that hold no question.
UNIT_MARK, ROUND_MARK, COLUMNS_MARK = "@unit", "@round", "@columns"
ANSWER_MARK, CODEBOOK_MARK = "@answer", "@codebook"


def collect(
    files: Sequence[tuple[Path, Sequence[Grid]]], instrument: Instrument, mappings: Sequence[FileMapping] = ()
) -> Collected:
    """Read every sheet of every file of one instrument, by its mapping or by its layout."""
    found = Collected()
    own = {"form": _form, "list": _list, "export": read_export, "table": read_table}[instrument.layout]
    for path, grids in files:
        mapping = next((item for item in mappings if item.fits(path.name, instrument.code)), None)
        if mapping is not None:
            read_mapped(list(grids), instrument, mapping, found)
            continue
        taken = [grid for grid in grids if own(grid, instrument, found)]
        for grid in taken:
            found.notice(grid, instrument)
        if not taken:
            found.findings.append(Finding("not_a_form", instrument.code, path.name, value=path.name))
            continue
        for grid in grids:
            if grid not in taken and grid.texts and not _is_codebook(grid):
                source = f"{grid.file} / {grid.sheet}"
                found.findings.append(Finding("unused_sheet", instrument.code, source, value=grid.sheet))
    return found


def _is_codebook(grid: Grid) -> bool:
    return any(CODEBOOK_MARK in row for row in grid.texts[:3])


def _form(grid: Grid, instrument: Instrument, found: Collected) -> bool:
    """One question a row: the hidden code tells the question, the marked column holds the answer."""
    marks = next((row for row in grid.texts if COLUMNS_MARK in row and ANSWER_MARK in row), None)
    if marks is None:
        return False
    code_column, answer = marks.index(COLUMNS_MARK), marks.index(ANSWER_MARK)
    by_code = {row[code_column].strip(): number for number, row in enumerate(grid.texts) if len(row) > code_column}
    rows = [by_code.get(code, -1) for code in instrument.question_codes]
    if all(row < 0 for row in rows):
        return False
    unit = _cell(grid, by_code.get(UNIT_MARK, -1), answer).strip()
    texts = np.array([[_cell(grid, row, answer) for row in rows]], dtype=object)
    found.add(grid, texts, [rows], answer, respondent=[tidy(unit)], unit=[unit])
    return True


def _list(grid: Grid, instrument: Instrument, found: Collected) -> bool:
    """One respondent a row: the hidden row of codes tells the columns; without it the texts of the head do."""
    head = next((number for number, row in enumerate(grid.texts) if COLUMNS_MARK in row), None)
    if head is None:
        return read_export(grid, instrument, found)
    codes = grid.texts[head]
    places = np.array([codes.index(code) if code in codes else -1 for code in instrument.question_codes])
    if (places < 0).all():
        return False
    unit = _marked_unit(grid, head)
    lines, rows = respondent_rows(grid, head + 2, instrument, found, places)
    texts = np.where(places >= 0, rectangle(lines, max(map(len, [codes, *lines])))[:, places], "").astype(object)
    filled = np.array([any(map(str.strip, line)) for line in texts.tolist()], dtype=bool)
    texts, numbers = texts[filled], np.array(rows, dtype=np.int32)[filled]
    names = [f"{tidy(unit)}-{number:03d}" for number in range(1, len(texts) + 1)]
    found.add(grid, texts, numbers[:, None], places[None, :], respondent=names, unit=[unit] * len(texts))
    return True


def _marked_unit(grid: Grid, head: int) -> str:
    """Name of the unit in the row with the hidden mark: the second filled cell beside it."""
    for row in grid.texts[:head]:
        if UNIT_MARK in row:
            beside = [text.strip() for text in row[row.index(UNIT_MARK) + 1 :] if text.strip()]
            return beside[1] if len(beside) > 1 else ""
    return ""


def _cell(grid: Grid, row: int, column: int) -> str:
    if row < 0 or row >= len(grid.texts) or column >= len(grid.texts[row]):
        return ""
    return grid.texts[row][column]
