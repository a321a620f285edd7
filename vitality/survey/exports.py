"""Exports of survey platforms, by text or by code, and tables of units: one respondent a row below one head."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import compress

import numpy as np
import numpy.typing as npt

from vitality.framework import Instrument
from vitality.survey.answers import NUMERIC_KINDS
from vitality.survey.blocks import Collected, rectangle
from vitality.survey.columns import MatchedColumns, match_columns
from vitality.survey.findings import Finding
from vitality.survey.grids import Grid
from vitality.survey.labels import numbers_behind
from vitality.survey.naming import tidy
from vitality.survey.personal import mask_personal
from vitality.survey.ticks import options_by_number, ticked_options
from vitality.survey.twins import new_answers

#: First rows among which the head of an export is looked for; a title may stand above it.
_HEAD_ROWS = 10
_DURATION = re.compile(r"(?:(\d+)\s*(?:小时|时|h))?\s*(?:(\d+)\s*(?:分钟|分|min))?\s*(?:(\d+(?:\.\d+)?)\s*(?:秒|s)?)?")


def read_export(grid: Grid, instrument: Instrument, found: Collected, *, own: bool = False) -> bool:
    """One respondent a row, columns by the text or the code of the question, or one column an option.

    An `own` entry sheet holds answers as people write them; only a platform gives numbers of options.
    """
    first = grid.texts[: _HEAD_ROWS if instrument.layout == "export" else 1]
    heads = [match_columns(row, instrument, source=grid.file) for row in first]
    head = max(range(len(heads)), key=lambda row: len(heads[row].questions) + len(heads[row].ticks), default=-1)
    if head < 0 or not (heads[head].questions or heads[head].ticks):
        return False
    found.findings += heads[head].findings
    read_records(grid, instrument, found, heads[head], head=head, own=own)
    return True


def respondent_prefix(instrument: Instrument, found: Collected) -> str:
    """What stands before the number of a respondent, so that files do not share their numbers."""
    files = {block.grid.file for block in found.blocks}
    return f"{instrument.code}{f'{len(files) + 1}-' if files else ''}"


def read_table(grid: Grid, instrument: Instrument, found: Collected) -> bool:
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
    read_records(grid, instrument, found, MatchedColumns(questions, places=places))
    return True


def read_records(
    grid: Grid,
    instrument: Instrument,
    found: Collected,
    matched: MatchedColumns,
    *,
    head: int = 0,
    own: bool = False,
    named: Mapping[int, str] | None = None,
) -> None:
    """Take the rows below the head; `named` are the units of rows, where a mapping says them."""
    width = len(grid.texts[head])
    numbers = _rows_in_step(grid, head, instrument, found)
    body = rectangle([grid.texts[number] for number in numbers], width)
    about = {name: [str(text).strip() for text in body[:, place]] for name, place in matched.places.items()}
    if named is not None:
        about["unit"] = [named.get(number, "") for number in numbers]
    given = about.get("serial", [""] * len(body))
    about["serial"] = [serial or str(number - head) for serial, number in zip(given, numbers)]
    if "seconds" in about:
        about["seconds"] = [seconds_of(text) for text in about["seconds"]]
    texts, columns = _answers(grid, numbers, body, instrument, matched, found)
    platform = instrument.layout == "export" and not own
    by_code = platform and _decoded(texts, grid, instrument, matched, found)
    units = set(about.get("unit", ())) - {""}
    by_code = by_code or (platform and bool(units) and all(map(str.isdecimal, units)))
    keys = list(zip(about["serial"], about.get("submitted", [""] * len(body))))
    keep = new_answers(keys, grid, instrument, found, by_code=by_code)
    if not keep.any():
        return
    if not keep.all():
        texts, numbers = texts[keep], list(compress(numbers, keep))
        about = {name: list(compress(words, keep)) for name, words in about.items()}
    about["respondent"] = _names(about, instrument, found)
    rows = np.array(numbers, dtype=np.int32)[:, None]
    found.add(grid, texts, rows, columns[None, :], noted=None, by_code=by_code, **about)


def _names(about: dict[str, list[str]], instrument: Instrument, found: Collected) -> list[str]:
    """Name respondents by their unit, or by their serial number and which file of the instrument this is."""
    if instrument.layout == "table" and instrument.respondent == "unit":
        return [tidy(unit) for unit in about["unit"]]
    prefix = instrument.code if instrument.layout == "table" else respondent_prefix(instrument, found)
    return [f"{prefix}{serial}" for serial in about["serial"]]


def _rows_in_step(grid: Grid, head: int, instrument: Instrument, found: Collected) -> list[int]:
    """Rows with answers; of those that are longer or shorter than the head a finding tells.

    A row with more filled cells than the head is left out: its answers may stand in wrong columns. Shorter rows
    are usual where blanks at the end are not written.
    """
    width = len(grid.texts[head])
    named = max(place for place, text in enumerate(grid.texts[head], start=1) if text.strip())
    kept: list[int] = []
    short: dict[int, list[int]] = {}
    for number, row in enumerate(grid.texts[head + 1 :], start=head + 1):
        if not any(map(str.strip, row)):
            continue
        beyond = next((text for text in row[width:] if text.strip()), "") if len(row) > width else ""
        if beyond:
            place = grid.source(number, width)
            found.findings.append(Finding("shifted_row", instrument.code, place, value=mask_personal(beyond)))
            continue
        if len(row) < named and not grid.sheet:
            short.setdefault(len(row), []).append(number)
        kept.append(number)
    for length, rows in short.items():
        details: dict[str, object] = {"n": len(rows), "length": length, "width": named}
        found.findings.append(Finding("short_row", instrument.code, grid.source(rows[0], length), details=details))
    return kept


def _answers(
    grid: Grid,
    numbers: Sequence[int],
    body: npt.NDArray[np.object_],
    instrument: Instrument,
    matched: MatchedColumns,
    found: Collected,
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.int32]]:
    """Texts of the questions, and the column of each; -1 for none."""
    texts = np.full((len(body), len(instrument.questions)), "", dtype=object, order="F")
    columns = np.full(len(instrument.questions), -1, dtype=np.int32)
    for position, question in enumerate(instrument.questions):
        if question.code in matched.questions:
            columns[position] = column = matched.questions[question.code]
            texts[:, position] = body[:, column]
            if column in grid.codes and question.kind in NUMERIC_KINDS:
                texts[:, position] = numbers_behind(grid, column, numbers, question, instrument.code, found)
        elif question.code in matched.ticks:
            ticks = matched.ticks[question.code]
            columns[position] = min(ticks.values())
            texts[:, position] = ticked_options(grid, ticks, numbers, question, instrument.code, found)
    return texts, columns


def _decoded(
    texts: npt.NDArray[np.object_], grid: Grid, instrument: Instrument, matched: MatchedColumns, found: Collected
) -> bool:
    """Whether an export is by code; the numbers of options are then turned into their texts, in place."""
    decoded = options_by_number(texts, instrument, by_code=bool(matched.ticks))
    if decoded:
        codes = [code for code in instrument.question_codes if code in decoded or code in matched.ticks]
        details: dict[str, object] = {"codes": "、".join(codes)}
        found.findings.append(Finding("code_export", instrument.code, grid.file, value=grid.file, details=details))
    return bool(decoded or matched.ticks)


def seconds_of(text: str) -> str:
    """Give the time that an answer took in seconds, as text; nothing when it cannot be told.

    Examples
    --------
    >>> seconds_of("123秒"), seconds_of("2分3秒"), seconds_of("一会儿")
    ('123', '123', '')
    """
    match = _DURATION.fullmatch(text.strip())
    if not match or not any(match.groups()):
        return ""
    hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return f"{3600 * hours + 60 * minutes + seconds:.0f}"
