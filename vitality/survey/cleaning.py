"""`clean_round`: typed answers that can be used, and a log of every cell that cleaning changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from os import PathLike

import numpy as np
import pandas as pd

from vitality.framework import Framework, Lang
from vitality.survey.answers import open_text
from vitality.survey.checking import all_findings
from vitality.survey.corrections import corrected_round
from vitality.survey.examination import Examination, Examined, examine
from vitality.survey.findings import Finding, issues_table
from vitality.survey.naming import tidy
from vitality.survey.numerals import number_text
from vitality.survey.patience import uncollected
from vitality.survey.personal import MASK
from vitality.survey.previous import previous_answers
from vitality.survey.raw import RawRound
from vitality.survey.written_text import text_table

CHANGE_COLUMNS = ("round", "source", "respondent", "question", "old", "new", "rule", "by", "reason", "date")
PROGRAM = "vitality"
#: Rules of the reader about rows that it did not take.
_LEFT_OUT = ("total_row", "total_answers", "empty_row", "shifted_row", "twin_export")


@dataclass(frozen=True)
class CleanSurvey:
    """A round that can be used.

    Attributes
    ----------
    round : str
    simulated : bool
        Whether the answers were made by a program.
    answers : dict
        Instrument code -> table: index respondent; column ``unit``, then one column a question: numbers
        and yes/no (1, 0) as float64, a choice as the code of its option, several choices as codes joined by
        ``|``, text as text, dates as ISO text; what was written beside an option is in a column such as
        ``m02_text``; NaN or None where there is no usable answer.
    units : DataFrame
        Index unit, in the order of the round; columns ``name``, ``group`` where known (district, zone), and
        the background answers that are no numbers, by the code of the control.
    issues, changes : DataFrame
        The findings, as `check_round` gives them, after corrections; and one row a changed cell: ``round``,
        ``source``, ``respondent``, ``question``, ``old``, ``new``, ``rule``, ``by``, and of reviewed corrections
        ``reason`` and ``date``.
    """

    round: str
    simulated: bool
    answers: dict[str, pd.DataFrame]
    units: pd.DataFrame
    issues: pd.DataFrame = field(repr=False)
    changes: pd.DataFrame = field(repr=False)

    def __repr__(self) -> str:
        counts = ", ".join(f"{code}: {len(table)}" for code, table in self.answers.items())
        label = ", simulated" if self.simulated else ""
        return (
            f"<CleanSurvey {self.round!r}{label}: {len(self.units)} units; {counts}; "
            f"{len(self.issues)} issues, {len(self.changes)} changes>"
        )


@uncollected()
def clean_round(
    raw: RawRound,
    framework: Framework,
    *,
    corrections: pd.DataFrame | str | PathLike[str] | None = None,
    lang: Lang = "zh",
) -> CleanSurvey:
    """Turn the texts of a round into typed answers and log every change.

    Parameters
    ----------
    raw : RawRound
        As `read_round` gives it; not changed.
    framework : Framework
    corrections : DataFrame or path, optional
        Reviewed corrections (columns ``file``, ``sheet``, ``cell``, ``from``, ``to``, ``reason``, ``by``,
        ``date``). By default ``corrections.csv`` of the round folder, when there is one.
    lang : {"zh", "en"}
        Language of the messages in ``.issues``.

    Returns
    -------
    CleanSurvey
        A value with an issue of severity error is not used: it is NaN and has a row in ``.changes``.
        Nothing is filled in.

    Raises
    ------
    SurveyError
        If a correction does not find the value that it mends.
    """
    corrected, notes = corrected_round(raw, corrections)
    examination = examine(corrected, framework, before=previous_answers(raw, framework))
    answers = {code: _usable(examined) for code, examined in examination.tables.items()}
    return CleanSurvey(
        round=raw.round,
        simulated=raw.simulated,
        answers=answers,
        units=_unit_attributes(examination, answers, framework),
        issues=issues_table(
            [*all_findings(examination, framework), *notes], framework, round_name=raw.round, lang=lang
        ),
        changes=_changes(examination, answers, corrected, notes),
    )


def _usable(examined: Examined) -> pd.DataFrame:
    """Answers without the refused ones, with the unit in front and open texts behind."""
    answers = examined.answers.copy()
    for position, code in enumerate(answers.columns):
        rows = [row for row, column in examined.refused if column == position]
        if rows:
            keep = np.ones(len(answers), dtype=bool)
            keep[rows] = False
            empty = np.nan if answers[code].dtype == "float64" else None
            answers[code] = answers[code].where(keep, empty)
    unit = pd.Series(examined.units.to_numpy(dtype=object), index=answers.index, dtype=object)
    return pd.concat([unit.rename("unit"), answers, _open_texts(examined)], axis=1)


def _open_texts(examined: Examined) -> pd.DataFrame:
    """What respondents wrote beside an option, in columns such as ``m02_text``."""
    columns = {}
    for question in examined.instrument.questions:
        if question.kind in ("choice", "multichoice"):
            texts = examined.raw.text[question.code]
            found = {text: open_text(text) for text in texts.unique() if "〖" in text}
            if any(found.values()):
                columns[f"{question.code}_text"] = [found.get(text) or None for text in texts]
    return pd.DataFrame(columns, index=examined.raw.text.index, dtype=object)


def _changes(
    examination: Examination, answers: dict[str, pd.DataFrame], raw: RawRound, notes: list[Finding]
) -> pd.DataFrame:
    """One row a changed cell, and one a row that was left out: corrections, rows, personal data, then the rest."""
    rows = [
        (raw.round, note.source, note.respondent, note.question, note.value, str(note.details["number"]), "correction",
         *(str(note.details[name]) for name in ("by", "reason", "date")))
        for note in notes
    ]  # fmt: skip
    left_out = [(note.source, "", "", note.value, "", note.rule) for note in raw.notes if note.rule in _LEFT_OUT]
    rows += [(raw.round, *dropped, PROGRAM, "", "") for dropped in (*left_out, *examination.dropped)]
    for examined in examination.tables.values():
        rows += _hidden_cells(examined, raw.round)
    for code, examined in examination.tables.items():
        rows += _reread_cells(examined, answers[code], raw.round)
    return text_table(rows, CHANGE_COLUMNS)


def _hidden_cells(examined: Examined, round_name: str) -> Iterator[tuple[str, ...]]:
    """Cells with personal data; what stood there is not written again."""
    raw = examined.raw
    if raw.hidden is not None:
        for row, column in np.argwhere(raw.hidden).tolist():
            rule = f"private_{examined.instrument.questions[column].private or 'text'}"
            place = (raw.source(row, column), raw.respondents[row], raw.questions[column])
            yield round_name, *place, MASK, raw.text_at(row, column), rule, PROGRAM, "", ""


def _reread_cells(examined: Examined, answers: pd.DataFrame, round_name: str) -> Iterator[tuple[str, ...]]:
    """Cells whose value is not their plain text, and those that are not used."""
    raw = examined.raw
    values = [answers[question].to_numpy() for question in raw.questions]
    respondents, questions = raw.respondents, raw.questions
    for row, column in sorted({*examined.reworded, *examined.refused}):
        rule = examined.refused.get((row, column)) or "+".join(examined.reworded.get((row, column), ()))
        source, old, new = raw.source(row, column), raw.text_at(row, column), _written(values[column].item(row))
        yield round_name, source, respondents[row], questions[column], old, new, rule, PROGRAM, "", ""


def _written(value: object) -> str:
    if value is None or value != value:
        return ""
    return number_text(value) if isinstance(value, float) else str(value)


def _unit_attributes(examination: Examination, answers: dict[str, pd.DataFrame], framework: Framework) -> pd.DataFrame:
    """Name, group and the background answers that are text, by unit.

    The group is what ``round.yaml`` or the group column says, else the first background answer in free text
    (the district).
    """
    units = examination.units.copy()
    for control in framework.controls:
        if control.measure.kind != "value":
            continue
        code = control.measure.question
        question = framework.questions[code]
        scored = any(option.score is not None for option in question.options)
        table = answers.get(framework.instrument_of[code])
        if question.kind not in ("text", "choice") or scored or table is None:
            continue
        units[control.code] = table.set_index("unit")[code].reindex(units.index).astype(object)
        if question.kind == "text" and not units["group"].astype(bool).any():
            units["group"] = units[control.code].map(tidy)
    if not units["group"].astype(bool).any():
        units = units.drop(columns="group")
    return units.astype(object).where(units.notna(), None)
