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
#: Fewest questions on a scale of which one respondent's equal answers are asked about; on three they are common.
_LINE = 5
#: Forms of one unit with the same answers throughout are asked about from this number on, if they are nearly all of
#: its forms, or many times the share that other units have. In honest simulated rounds of 100 forms with six
#: questions the share is below 0.1 everywhere, and on three questions of satisfaction it reaches 0.8.
_FEWEST_COPIES, _NEARLY_ALL, _TIMES_OTHERS, _FEWEST_OTHERS = 10, 0.95, 5.0, 3
_FEWEST_TIMES = 10
#: A slip of yuan for 10,000 yuan, seen against the round before.
_SLIP = (3e3, 3e4)


def check_shares(table: Examined) -> None:
    """Shares where per cent was asked for: 0.125 may be 12.5 %, and then 1 may be 100 %; it is asked, not guessed."""
    for column, question in enumerate(table.instrument.questions):
        if question.kind != "percent":
            continue
        numbers = table.answers[question.code].to_numpy(dtype=float)
        above = np.count_nonzero(numbers > 1)
        plain = [
            (row, float(numbers[row]))
            for row in np.flatnonzero((numbers > 0) & (numbers <= 1)).tolist()
            if "percent_sign" not in table.reworded.get((row, column), ())
        ]
        shares = not above or any(number < 1 for _, number in plain)
        for row, number in plain if shares else ():
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


def check_copies(table: Examined) -> None:
    """Many forms of one unit with the same answer to every question: copied, or never asked.

    A line through the three scales of a short questionnaire says nothing about one respondent, since honest people
    draw it too; forms that agree in all questions, in one unit only, do.
    """
    questions = [question.code for question in table.instrument.questions if question.kind != "text"]
    if table.instrument.layout != "export" or not questions:
        return
    pattern = np.zeros(len(table.answers), dtype=np.int64)
    for code in questions:
        values = pd.factorize(table.answers[code])[0] + 1
        pattern = pd.factorize(pattern * (values.max(initial=0) + 1) + values)[0]
    answered = (table.answers[questions].notna().sum(axis=1) >= min(3, len(questions))).to_numpy()
    forms = pd.DataFrame({"unit": table.units.to_numpy(), "pattern": pattern})[answered]
    totals = forms.value_counts("unit")
    most = forms.value_counts(["unit", "pattern"]).reset_index().drop_duplicates("unit").set_index("unit")
    most["total"] = totals[most.index]
    most = most[most["total"] >= _FEWEST_COPIES]
    shares = most["count"] / most["total"]
    for unit, (common, n, total) in zip(most.index, most.to_numpy().tolist()):
        others = float(shares.drop(unit).median()) if len(shares) > _FEWEST_OTHERS else np.nan
        if n >= _FEWEST_COPIES and (n >= _NEARLY_ALL * total or n >= _TIMES_OTHERS * others * total):
            row = int(np.flatnonzero(answered & (pattern == common) & (table.units == unit).to_numpy())[0])
            details: dict[str, object] = {"n": n, "total": total, "others": others}
            source, code = table.raw.row_source(row), table.instrument.code
            table.findings.append(Finding("same_answers", code, source, "", "", str(unit), details))


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
            for row in np.flatnonzero(off).tolist():
                table.note("other_total", row, column, number=float(given[row]), added=float(expected[row]), other=code)


def check_changes(table: Examined, before: Mapping[str, pd.DataFrame]) -> None:
    """Amounts and counts of units that are more than three times, or less than a third of, the round before.

    From and to nought there is no ratio: any sum of money is asked about, other numbers from a difference of ten on.
    """
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
        zero = (now == 0) != (then == 0)
        jump &= ((now > 0) & (then > 0)) | (zero & (now >= 0) & (then >= 0))
        if question.kind != "money":
            jump &= (np.abs(now - then) >= _SMALL_CHANGE) | ~(zero | (question.kind == "count"))
        for row in np.flatnonzero(jump).tolist():
            if (row, column) in table.refused or table.asked(row, column, "money_slip"):
                continue
            slip = question.kind == "money" and _SLIP[0] <= ratio[row] <= _SLIP[1]
            rule = "slip_since" if slip else "zero_since" if zero[row] else "jump"
            details = {"then": float(then[row]), "mended": float(now[row]) / 1e4}
            table.note(rule, row, column, number=float(now[row]), **details)
