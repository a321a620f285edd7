"""Checks that need more than one cell: shares, pace, totals across instruments, the round before."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from vitality.framework import Framework
from vitality.survey.examined import Examined
from vitality.survey.findings import Finding

#: Times the earlier value (or its inverse) from which a change is asked about.
LARGEST_CHANGE = 3.0
#: Counts that differ by less are never asked about, whatever their ratio.
_SMALL_CHANGE = 10.0
#: An answer in less than this share of the median time is too fast.
FASTEST = 1 / 3
#: Fewest questions on a scale of which equal answers are asked about.
_LINE = 5
_FEWEST_TIMES = 10
#: A slip of yuan for 10,000 yuan, seen against the round before.
_SLIP = (3e3, 3e4)


def check_shares(table: Examined) -> None:
    """Shares below 1 in a question that asks for per cent: 0.125 may be 12.5 %; it is asked, not guessed."""
    for column, question in enumerate(table.instrument.questions):
        if question.kind != "percent":
            continue
        numbers = table.answers[question.code].to_numpy(dtype=float)
        above = np.count_nonzero(numbers > 1)
        for row in np.flatnonzero((numbers > 0) & (numbers < 1)).tolist():
            if "percent_sign" not in table.reworded.get((row, column), ()):
                number = float(numbers[row])
                table.note("share_for_percent", row, column, number=number, mended=100 * number, n=above)


def check_pace(table: Examined) -> None:
    """Answers that came much faster than the others', and scales answered in one straight line."""
    if table.instrument.layout != "export":
        return
    seconds = pd.to_numeric(table.raw.about["seconds"], errors="coerce").to_numpy(dtype=float)
    known = np.isfinite(seconds)
    median = float(np.median(seconds[known])) if known.sum() >= _FEWEST_TIMES else np.nan
    fast = known & (seconds < FASTEST * median)
    for row in np.flatnonzero(fast).tolist():
        _respondent(table, "too_fast", row, number=float(seconds[row]), median=median)
    scales = [question.code for question in table.instrument.questions if question.kind == "likert"]
    if len(scales) < _LINE:
        return
    answers = table.answers[scales].to_numpy(dtype=float)
    straight = (answers == answers[:, :1]).all(axis=1)
    for row in np.flatnonzero(straight).tolist():
        _respondent(table, "straight_line", row, number=float(answers[row, 0]), n=len(scales))


def _respondent(table: Examined, rule: str, row: int, **details: object) -> None:
    """Keep a finding about a whole respondent."""
    name = str(table.raw.text.index[row])
    table.findings.append(Finding(rule, table.instrument.code, table.raw.row_source(row), name, "", name, details))


def check_totals(tables: Mapping[str, Examined], framework: Framework) -> None:
    """Answers that are totals of another instrument: its rows in the unit, or the sum of one of its questions."""
    for table in tables.values():
        for column, question in enumerate(table.instrument.questions):
            source = question.total_of
            if not source or table.instrument.respondent != "unit":
                continue
            code = source if source in tables else framework.instrument_of.get(source, "")
            if code not in tables:
                continue
            parts = tables[code]
            if source == code:
                added = parts.units.value_counts()
            else:
                added = parts.answers[source].groupby(parts.units.to_numpy()).sum(min_count=1)
            given = table.answers[question.code].to_numpy(dtype=float)
            expected = table.units.map(added).to_numpy(dtype=float)
            off = np.isfinite(given) & np.isfinite(expected) & (np.abs(given - expected) > 1e-6 * np.abs(expected))
            label = framework.instrument(code).code
            for row in np.flatnonzero(off).tolist():
                table.note(
                    "other_total", row, column, number=float(given[row]), added=float(expected[row]), other=label
                )


def check_changes(table: Examined, before: Mapping[str, pd.DataFrame]) -> None:
    """Amounts and counts of units that are more than three times, or less than a third of, the round before."""
    earlier = before.get(table.instrument.code)
    if earlier is None or table.instrument.respondent != "unit":
        return
    then_all = earlier.drop_duplicates("unit", keep="last").set_index("unit")
    for column, question in enumerate(table.instrument.questions):
        if question.kind not in ("count", "number", "money") or question.code not in then_all:
            continue
        now = table.answers[question.code].to_numpy(dtype=float)
        then = table.units.map(then_all[question.code]).to_numpy(dtype=float)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = now / then
        jump = (ratio > LARGEST_CHANGE) | (ratio < 1 / LARGEST_CHANGE)
        jump &= (now > 0) & (then > 0)
        if question.kind == "count":
            jump &= np.abs(now - then) >= _SMALL_CHANGE
        for row in np.flatnonzero(jump).tolist():
            if (row, column) in table.refused or table.asked(row, column, "money_slip"):
                continue
            slip = question.kind == "money" and _SLIP[0] <= ratio[row] <= _SLIP[1]
            rule = "slip_since" if slip else "jump"
            details = {"then": float(then[row]), "times": float(ratio[row]), "mended": float(now[row]) / 1e4}
            table.note(rule, row, column, number=float(now[row]), **details)
