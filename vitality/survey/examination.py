"""Reading the cells of a round as typed answers, with everything that is noticed on the way.

Checking and cleaning both start from here: checking tells the findings, cleaning also takes out what must
not be used and logs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.framework import Framework, Instrument, Question
from vitality.survey.answers import NUMERIC_KINDS, parse_answer, typed_columns
from vitality.survey.cross_checks import check_changes, check_copies, check_pace, check_shares, check_totals
from vitality.survey.examined import REFUSED, Examined
from vitality.survey.findings import Finding
from vitality.survey.patience import long_work
from vitality.survey.raw import RawRound, RawTable
from vitality.survey.repeated import Dropped
from vitality.survey.respondents import arrange, known_units
from vitality.survey.scales import read_scale
from vitality.survey.values import ParsedValue

_NOTE_FLAGS = ("approximate", "range")


@dataclass(frozen=True)
class Examination:
    """All instruments of a round, read, with the units of the round and all findings."""

    units: pd.DataFrame
    tables: dict[str, Examined]
    findings: list[Finding]
    dropped: list[Dropped]


def examine(raw: RawRound, framework: Framework, *, before: Mapping[str, pd.DataFrame] | None = None) -> Examination:
    """Read every cell of a round and check it against the framework, and against the answers of the round before."""
    units = known_units(raw, framework)
    tables: dict[str, Examined] = {}
    findings: list[Finding] = list(raw.notes)
    dropped: list[Dropped] = []
    remarks = {note.source: note.value for note in raw.notes if note.rule == "remark"}
    for instrument in framework.instruments:
        if instrument.code not in raw.tables:
            continue
        arranged = arrange(raw.tables[instrument.code], instrument, units, raw.settings.aliases)
        findings += arranged.findings
        dropped += arranged.dropped
        table = _typed(arranged.table, instrument, arranged.units, remarks)
        _refuse_noted(table, [*raw.notes, *arranged.findings])
        _check_asked(table)
        for column, question in enumerate(instrument.questions):
            _check_values(table, column, question)
        _check_parts(table)
        _check_sums(table, framework)
        check_shares(table)
        check_pace(table)
        check_copies(table)
        check_changes(table, before or {})
        tables[instrument.code] = table
    check_totals(tables, framework)
    for table in tables.values():
        findings += table.findings
    return Examination(units, tables, findings, dropped)


def _typed(raw: RawTable, instrument: Instrument, units: pd.Series, remarks: Mapping[str, str]) -> Examined:
    """Parse each distinct text of a question once."""
    dtypes = typed_columns(instrument.questions)
    columns: dict[str, pd.Series] = {}
    reworded: dict[tuple[int, int], tuple[str, ...]] = {}
    special: list[tuple[int, int, ParsedValue]] = []
    for position, question in enumerate(long_work(instrument.questions, f"核查 checking {instrument.code}")):
        codes, texts, noted = _distinct(raw, question.code)
        export = instrument.layout == "export"
        parsed = [parse_answer(text, question, noted=unit, export=export) for text, unit in zip(texts, noted)]
        parsed = read_scale(texts, parsed, question) if question.kind == "likert" else parsed
        empty = np.nan if dtypes[question.code] == "float64" else None
        values = [empty if item.value is None else item.value for item in parsed]
        columns[question.code] = pd.Series(
            np.array(values, dtype=dtypes[question.code])[codes], index=raw.text.index, dtype=dtypes[question.code]
        )
        odd = np.array([bool(item.flags) and bool(text.strip()) for item, text in zip(parsed, texts)], dtype=bool)
        for row in np.flatnonzero(odd[codes] if len(odd) else []).tolist():
            item = parsed[codes[row]]
            reworded[row, position] = item.flags
            special.append((position, row, item))
    answers = pd.DataFrame(columns, index=raw.text.index)
    table = Examined(instrument, raw, units, answers, reworded=reworded, remarks=remarks)
    for position, row, item in special:
        _note_wording(table, row, position, item)
    return table


def _distinct(raw: RawTable, code: str) -> tuple[npt.NDArray[np.intp], list[str], list[str]]:
    """Which text each respondent gave; the distinct texts of one question, each with the unit that its sheet notes."""
    texts = raw.text[code].to_numpy(dtype=object)
    if code not in raw.noted:
        codes, found = pd.factorize(texts)
        return codes, list(map(str, found)), [""] * len(found)
    codes, pairs = pd.factorize(pd.MultiIndex.from_arrays([texts, raw.noted[code]]))
    return codes, [str(text) for text, _ in pairs], [str(unit) for _, unit in pairs]


def _refuse_noted(table: Examined, notes: Iterable[Finding]) -> None:
    """Cells that the reader itself refused."""
    noted = [note for note in notes if note.rule in REFUSED and note.instrument == table.instrument.code]
    if not noted:
        return
    for code in {note.question for note in noted}:
        column = table.instrument.question_codes.index(code)
        there = [row for row in range(len(table.raw.text)) if table.raw.rows[row, column] >= 0]
        rows = dict(zip(table.raw.respondents, range(len(table.raw.text))))
        rows |= {table.raw.source(row, column): row for row in there}
        for note in (note for note in noted if note.question == code):
            row = rows.get(note.source, rows.get(note.respondent))
            if row is not None:
                table.refused[row, column] = note.rule


def _note_wording(table: Examined, row: int, column: int, item: ParsedValue) -> None:
    """Findings about a text that is not just its value."""
    if "unreadable" in item.flags:
        table.note("unreadable", row, column)
    elif "unknown_option" in item.flags:
        table.note("unknown_option", row, column, near=item.note)
    elif item.value is None:
        return
    elif "other_unit" in item.flags:
        table.note("other_unit", row, column, number=item.value)
    elif "lost_zero" in item.flags:
        table.note("doubtful", row, column, read=item.value, how=("lost_zero",))
    elif any(flag in item.flags for flag in _NOTE_FLAGS):
        table.note("approximate", row, column, number=item.value)
    else:
        table.note("reformatted", row, column, read=item.value, how=item.flags)


def _check_asked(table: Examined) -> None:
    """Questions that are not asked of a respondent: no answer is missed there and none is used."""
    for column, question in enumerate(table.instrument.questions):
        if not question.only_if:
            continue
        asked = asked_of(table.answers, question)
        filled = table.raw.text[question.code].map(str.strip).ne("").to_numpy()
        answered = table.answers[question.code].notna().to_numpy()
        for row in np.flatnonzero(~asked & filled).tolist():
            if (row, column) not in table.reworded or answered[row]:
                table.note("not_asked", row, column)
        table.answers[question.code] = table.answers[question.code].where(asked)


def asked_of(answers: pd.DataFrame, question: Question) -> npt.NDArray[np.bool_]:
    """Respondents whom a question is asked, by the answers that its `only_if` names."""
    asked = np.ones(len(answers), dtype=bool)
    for code, wanted in question.only_if.items():
        column = answers[code]
        if column.dtype == "float64":
            column = column.map({1.0: "yes", 0.0: "no"})
        asked = asked & (column.isin(wanted) | column.isna()).to_numpy()
    return asked


def _check_values(table: Examined, column: int, question: Question) -> None:
    """Missing answers, hard limits, usual range, whole numbers."""
    answers = table.answers[question.code]
    values = answers.to_numpy()
    if question.required and question.private != "drop":
        asked = asked_of(table.answers, question)
        _note_missing(table, np.flatnonzero(answers.isna().to_numpy() & asked).tolist(), column)
    if question.kind not in NUMERIC_KINDS:
        return
    numbers = values.astype(float)
    low = -np.inf if question.minimum is None else question.minimum
    high = np.inf if question.maximum is None else question.maximum
    beyond = (numbers < low) | (numbers > high)
    for row in np.flatnonzero(beyond).tolist():
        limits = (question.minimum, question.maximum)
        table.note("hard_limit", row, column, number=float(numbers[row]), limits=limits)
    if question.kind in ("count", "likert"):
        for row in np.flatnonzero(~beyond & np.isfinite(numbers) & (numbers % 1 != 0)).tolist():
            if not table.asked(row, column, "approximate"):  # the middle of a range need not be whole
                table.note("not_whole", row, column, number=float(numbers[row]))
    if question.usual is not None:
        usual = question.usual
        for row in np.flatnonzero(~beyond & ((numbers < usual[0]) | (numbers > usual[1]))).tolist():
            _note_unusual(table, row, column, question, float(numbers[row]))


def _note_missing(table: Examined, rows: Iterable[int], column: int) -> None:
    """Required answers that are not there, unless the cell has been called unreadable already.

    Units can be asked for theirs; respondents of an export are anonymous, and what they skipped is only counted.
    """
    anonymous = table.instrument.layout == "export"
    skipped = []
    for row in rows:
        flags = table.reworded.get((row, column), ())
        if (row, column) in table.refused:
            continue
        if anonymous and "skipped" in flags:
            skipped.append(row)
        elif "not_applicable" in flags and not anonymous:
            table.note("not_applicable", row, column)
        else:
            text = table.raw.text_at(row, column).strip(" ()（）")
            table.note("unanswered" if anonymous else "missing", row, column, shown=f" ({text})" if text else "")
    if skipped:
        code, source = table.instrument.code, table.raw.source(skipped[0])
        question = table.raw.questions[column]
        table.findings.append(Finding("skipped", code, source, question=question, details={"n": len(skipped)}))


def _note_unusual(table: Examined, row: int, column: int, question: Question, number: float) -> None:
    low, high = question.usual or (-np.inf, np.inf)

    def slipped(amount: float) -> bool:
        return question.kind == "money" and amount > high and low <= amount / 1e4 <= high

    others = float(table.answers[question.code].drop(table.answers.index[row]).median())
    others = others / 1e4 if slipped(others) else others  # the slip of a whole column is seen by the usual range
    near = not np.isfinite(others) or others == 0 or 1e2 < number / others < 1e6
    if slipped(number) and near:
        table.note("money_slip", row, column, number=number, limits=(low, high), mended=number / 1e4)
    else:
        table.note("usual", row, column, number=number, limits=(low, high))


def _check_parts(table: Examined) -> None:
    """A part is not larger than its whole; both stay visible, the part is refused."""
    for column, question in enumerate(table.instrument.questions):
        if not question.part_of:
            continue
        part = table.answers[question.code].to_numpy(dtype=float)
        whole = _usable_numbers(table, question.part_of)
        for row in np.flatnonzero(part > whole + 1e-9).tolist():
            table.note(
                "part_of",
                row,
                column,
                number=float(part[row]),
                whole=question.part_of,
                whole_number=float(whole[row]),
            )


def _usable_numbers(table: Examined, code: str) -> npt.NDArray[np.float64]:
    """Answers to a question, NaN where they are refused already: a wrong whole says nothing of its parts."""
    numbers = table.answers[code].to_numpy(dtype=float, copy=True)
    position = table.instrument.question_codes.index(code)
    numbers[[row for row, column in table.refused if column == position]] = np.nan
    return numbers


def _check_sums(table: Examined, framework: Framework) -> None:
    """Parts that exclude each other do not sum to more than their whole."""
    for parts, whole in _disjoint_parts(table.instrument, framework):
        total = table.answers[list(parts)].sum(axis=1, skipna=True).to_numpy()
        limit = _usable_numbers(table, whole)
        for row in np.flatnonzero(total > limit + 1e-9).tolist():
            columns = [table.instrument.question_codes.index(code) for code in parts]
            if any((row, column) in table.refused for column in columns):
                continue
            for column in columns:
                table.refused.setdefault((row, column), "parts_of")
            details = {"n": len(parts), "whole": whole, "whole_number": float(limit[row])}
            table.note("parts_of", row, columns[0], number=float(total[row]), **details)


def _disjoint_parts(instrument: Instrument, framework: Framework) -> Iterator[tuple[tuple[str, ...], str]]:
    """Numerators that an indicator adds up over one whole, as the framework's ratios of at most 100 % do."""
    own = {question.code: question for question in instrument.questions}
    for part in (*(framework.indicator(code) for code in framework.leaves), *framework.resources):
        measure = part.measure
        if measure is None or measure.kind != "ratio" or part.limits[1] is None:
            continue
        if len(measure.numerator) < 2 or len(measure.denominator) != 1:
            continue
        whole = measure.denominator[0]
        if all(code in own and own[code].part_of == whole for code in measure.numerator):
            yield measure.numerator, whole
