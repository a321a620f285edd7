"""From grids of text to the answers of one instrument: the project's own forms and lists, and what is no form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from vitality.framework import Instrument
from vitality.framework.packages import column_letters
from vitality.survey.blocks import Collected, rectangle
from vitality.survey.exports import read_export, read_table, respondent_prefix
from vitality.survey.findings import Finding
from vitality.survey.grids import Grid
from vitality.survey.mapped import read_mapped
from vitality.survey.mapping import FileMapping
from vitality.survey.naming import question_key, tidy
from vitality.survey.personal import MASK, PRIVATE_HEAD, mask_personal
from vitality.survey.totals import respondent_rows

#: Hidden codes of the rows of a form that hold no question.
UNIT_MARK, ROUND_MARK, COLUMNS_MARK = "@unit", "@round", "@columns"
ANSWER_MARK, CODEBOOK_MARK = "@answer", "@codebook"
#: Codes of the columns of an entry sheet that hold no question; an export names them so, too.
SERIAL_COLUMN, UNIT_COLUMN = "serial", "unit"
#: Rows of heads below the codes of an entry sheet.
ENTRY_HEADS = 2
#: Heads of the column of a form in which units explain an answer, in Chinese and English.
REMARK_HEADS = ("备注", "Remark")
#: Rows in which the marks of an own sheet stand at the latest; exports of many rows are not searched.
_MARKED_ROWS = 100
#: Heads of the column that numbers the rows of a list.
_NUMBER_HEADS = ("序号", "no")


def collect(
    files: Sequence[tuple[Path, Sequence[Grid]]], instrument: Instrument, mappings: Sequence[FileMapping] = ()
) -> Collected:
    """Read every sheet of every file of one instrument, by its mapping or by its layout."""
    found = Collected()
    own = {"form": _form, "list": _list, "export": _questionnaires, "table": read_table}[instrument.layout]
    for path, grids in files:
        mapping = next((item for item in mappings if item.fits(path.name, instrument.code)), None)
        if mapping is not None:
            read_mapped(list(grids), instrument, mapping, found)
            continue
        taken = [grid for grid in grids if own(grid, instrument, found)]
        for grid in taken:
            found.notice(grid, instrument)
        if not taken:
            rule = "not_a_form" if instrument.layout in ("form", "list") else "not_an_export"
            found.findings.append(Finding(rule, instrument.code, path.name, value=path.name))
            continue
        answered = any(block.grid.file == path.name and len(block.texts) for block in found.blocks)
        answered = answered or any(item.rule == "twin_export" and item.source == path.name for item in found.findings)
        if instrument.layout == "export" and not answered:
            found.findings.append(Finding("empty_form", instrument.code, path.name, value=path.name))
        for grid in grids:
            if grid not in taken and grid.texts and not _is_codebook(grid):
                source = f"{grid.file} / {grid.sheet}"
                found.findings.append(Finding("unused_sheet", instrument.code, source, value=grid.sheet))
    return found


def _is_codebook(grid: Grid) -> bool:
    return any(CODEBOOK_MARK in row for row in grid.texts[:3])


def _form(grid: Grid, instrument: Instrument, found: Collected) -> bool:
    """One question a row: the hidden code tells the question, the marked column holds the answer.

    A questionnaire that nobody filled in, as beside the entry sheet, is no respondent.
    """
    head = _marked_row(grid, ANSWER_MARK)
    if head is None:
        return False
    code_column, answer = grid.texts[head].index(COLUMNS_MARK), grid.texts[head].index(ANSWER_MARK)
    by_code, doubled = _rows_by_code(grid, code_column, answer)
    rows = [by_code.get(code, -1) for code in instrument.question_codes]
    if all(row < 0 for row in rows):
        return False
    unit = _cell(grid, by_code.get(UNIT_MARK, -1), answer).strip()
    texts = np.array([[_cell(grid, row, answer) for row in rows]], dtype=object)
    own = instrument.layout == "form"
    if own or any(map(str.strip, texts[0])):
        respondent = tidy(unit) if own else f"{respondent_prefix(instrument, found)}1"
        found.add(grid, texts, [rows], answer, respondent=[respondent], unit=[unit])
        remark = next((place for place, text in enumerate(grid.texts[head + 1]) if text.strip() in REMARK_HEADS), None)
        if remark is not None:
            found.findings += _remarks(grid, instrument, rows, answer, remark, respondent)
        found.findings += _doubled_rows(grid, instrument, doubled, code_column, answer, respondent)
    return True


def _rows_by_code(grid: Grid, code_column: int, answer: int) -> tuple[dict[str, int], list[int]]:
    """Row of each hidden code, the first one that is filled in, and the other rows with a code that is taken."""
    by_code: dict[str, int] = {}
    doubled = []
    for number in range(len(grid.texts)):
        code = _cell(grid, number, code_column).strip()
        first = by_code.setdefault(code, number)
        if code and first != number:
            better = not _cell(grid, first, answer).strip() and _cell(grid, number, answer).strip()
            by_code[code] = number if better else first
            doubled.append(first if better else number)
    return by_code, doubled


def _doubled_rows(
    grid: Grid, instrument: Instrument, doubled: Sequence[int], code_column: int, answer: int, respondent: str
) -> Iterator[Finding]:
    """Rows with the code of a question whose answer stands in another row."""
    for number in doubled:
        question = next((q for q in instrument.questions if q.code == _cell(grid, number, code_column).strip()), None)
        if question is not None:
            value = "" if question.private else mask_personal(_cell(grid, number, answer).strip())
            yield Finding("doubled_row", instrument.code, grid.source(number, answer), respondent, question.code, value)


def _remarks(
    grid: Grid, instrument: Instrument, rows: Sequence[int], answer: int, remark: int, respondent: str
) -> Iterator[Finding]:
    """What a unit wrote beside its answers, at the place of the answer that it explains."""
    for row, code in zip(rows, instrument.question_codes):
        written = _cell(grid, row, remark).strip()
        text = mask_personal(written)
        if text:
            yield Finding("remark", instrument.code, grid.source(row, answer), respondent, code, text)
        if text != written:
            yield Finding("private_text", instrument.code, grid.source(row, remark), respondent, code, MASK)


def _questionnaires(grid: Grid, instrument: Instrument, found: Collected) -> bool:
    """A survey: one filled questionnaire, the sheet into which many are typed, or the export of a platform."""
    head = _marked_row(grid, COLUMNS_MARK)
    if head is None:
        return not _is_codebook(grid) and read_export(grid, instrument, found)
    if ANSWER_MARK in grid.texts[head]:
        return _form(grid, instrument, found)
    return read_export(_entries(grid, head), instrument, found, own=True)


def _entries(grid: Grid, head: int) -> Grid:
    """Give an entry sheet as an export: the codes as its head, without the heads for people and blank rows."""
    codes = ["" if code == COLUMNS_MARK else code for code in grid.texts[head]]
    asked = [place for place, code in enumerate(codes) if code and code != SERIAL_COLUMN]
    lines = grid.texts[head + 1 + ENTRY_HEADS :]
    filled = [line if any(line[place].strip() for place in asked if place < len(line)) else [] for line in lines]
    return replace(grid, texts=[codes, *[[]] * ENTRY_HEADS, *filled], first_row=grid.first_row + head)


def _marked_row(grid: Grid, mark: str) -> int | None:
    """The row of codes of an own sheet, if it is one and has this mark."""
    rows = enumerate(grid.texts[:_MARKED_ROWS])
    return next((number for number, row in rows if COLUMNS_MARK in row and mark in row), None)


def _list(grid: Grid, instrument: Instrument, found: Collected) -> bool:
    """One respondent a row: the hidden row of codes tells the columns; without it the texts of the head do."""
    head = _marked_row(grid, COLUMNS_MARK)
    if head is None:
        return read_export(grid, instrument, found)
    codes = grid.texts[head]
    places = np.array([codes.index(code) if code in codes else -1 for code in instrument.question_codes])
    if (places < 0).all():
        return False
    unit = _marked_unit(grid, head)
    lines, rows = respondent_rows(grid, head + 2, instrument, found, places)
    _note_other_columns(grid, head, lines, places, instrument, found)
    texts = np.where(places >= 0, rectangle(lines, max(map(len, [codes, *lines])))[:, places], "").astype(object)
    filled = np.array([any(map(str.strip, line)) for line in texts.tolist()], dtype=bool)
    texts, numbers = texts[filled], np.array(rows, dtype=np.int32)[filled]
    names = [f"{tidy(unit)}-{number:03d}" for number in range(1, len(texts) + 1)]
    found.add(grid, texts, numbers[:, None], places[None, :], respondent=names, unit=[unit] * len(texts))
    return True


def _note_other_columns(
    grid: Grid, head: int, lines: list[list[str]], places: np.ndarray, instrument: Instrument, found: Collected
) -> None:
    """Tell of columns that a town added to the list: they are not read."""
    codes = grid.texts[head]
    labels = grid.texts[head + 1] if head + 1 < len(grid.texts) else []
    for column in range(max(map(len, [codes, labels, *lines]))):
        label = labels[column].strip() if column < len(labels) else ""
        filled = label or any(column < len(line) and line[column].strip() for line in lines)
        if not filled or column in places or question_key(label) in _NUMBER_HEADS:
            continue
        code = codes[column].strip() if column < len(codes) else ""
        rule = "private_column" if PRIVATE_HEAD.search(question_key(label)) else "unmatched_column"
        rule = "doubled_column" if code in instrument.question_codes else rule
        source = grid.source(head + 1, column)
        found.findings.append(Finding(rule, instrument.code, source, value=label or column_letters(column)))


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
