"""Rows below the respondents: totals, which are compared with their parts, and signatures."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from vitality.framework import Instrument
from vitality.survey.blocks import Collected
from vitality.survey.findings import Finding
from vitality.survey.grids import Grid
from vitality.survey.naming import simplified, tidy
from vitality.survey.raw import column_letters
from vitality.survey.values import parse_value

#: Words with which a row begins that is no respondent.
SUM_WORDS = ("合计", "小计", "总计", "total", "subtotal", "sum")
_OTHER_TOTALS = ("平均", "average", "mean")
SIGNATURE_WORDS = (
    "填表人", "审核人", "负责人签字", "单位负责人", "填报人", "制表", "填表日期", "联系人", "联系电话", "注:", "备注:",
    "说明:",    "填表说明",
)  # fmt: skip
_ADDED = ("count", "money")


def stop_word(text: str) -> str:
    """Word of a total or a signature with which a text begins; nothing when it begins with none.

    Examples
    --------
    >>> stop_word("合 计"), stop_word("填表人：王某"), stop_word("Summer camp")
    ('合计', '填表人', '')
    """
    key = simplified(tidy(text)).lower()
    for word in (*SUM_WORDS, *_OTHER_TOTALS, *SIGNATURE_WORDS):
        if key.startswith(word) and not (word.isascii() and re.match("[a-z]", key[len(word) :])):
            return word
    return ""


def respondent_rows(
    grid: Grid, first: int, instrument: Instrument, found: Collected, places: npt.NDArray[np.int_]
) -> tuple[list[list[str]], list[int]]:
    """Rows of respondents below a head, with their numbers; totals are compared and left out, signatures too.

    `places` are the columns of the questions, -1 for none.
    """
    lines: list[list[str]] = []
    rows: list[int] = []
    since = 0
    for number, row in enumerate(grid.texts[first:], start=first):
        text = next((text.strip() for text in row if text.strip() and not text.strip().isdigit()), "")
        word = stop_word(text)
        if not word:
            if any(map(str.strip, row)):
                lines.append(row)
                rows.append(number)
            continue
        source = " / ".join(part for part in (grid.file, grid.sheet, f"A{number + grid.first_row + 1}") if part)
        found.findings.append(Finding("total_row", instrument.code, source, value=word))
        if word in SUM_WORDS:
            parts = lines[since:] if word in ("小计", "subtotal") else lines
            _compare(grid, number, row, parts, instrument, found, places)
            since = len(lines)
    return lines, rows


def _compare(
    grid: Grid,
    number: int,
    row: list[str],
    parts: list[list[str]],
    instrument: Instrument,
    found: Collected,
    places: npt.NDArray[np.int_],
) -> None:
    """Tell where a total is not the sum of the rows above it."""
    for question, place in zip(instrument.questions, places.tolist()):
        if question.kind not in _ADDED or not 0 <= place < len(row) or not row[place].strip():
            continue
        given = parse_value(row[place], question.kind, unit=question.unit_zh).value
        values = [
            parse_value(line[place] if place < len(line) else "", question.kind, unit=question.unit_zh).value
            for line in parts
        ]
        added = sum(value for value in values if isinstance(value, float))
        if isinstance(given, float) and abs(given - added) > 1e-6 * max(abs(given), abs(added), 1.0):
            cell = f"{column_letters(place + grid.first_column)}{number + grid.first_row + 1}"
            source = " / ".join(part for part in (grid.file, grid.sheet, cell) if part)
            details: dict[str, object] = {"number": given, "added": float(added)}
            found.findings.append(
                Finding("total_mismatch", instrument.code, source, "", question.code, row[place], details)
            )
