"""Answers that came in more than once: two forms of a unit, an organisation listed twice, an answer sent twice."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.framework import Instrument
from vitality.survey.findings import Finding
from vitality.survey.naming import tidy
from vitality.survey.raw import RawTable

#: What was left out: source, respondent, question (none for a whole row), old text, text used instead, rule.
Dropped = tuple[str, str, str, str, str, str]
_SHOWN = 5


@dataclass
class Repeated:
    """Rows that are not used because another one of the same unit or organisation is."""

    table: RawTable
    instrument: Instrument
    rows: npt.NDArray[np.bool_]
    findings: list[Finding] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)

    def leave_out(self, rule: str, row: int, name: str, question: str = "", **details: object) -> None:
        """Do not use a row; a finding and the log say so."""
        column = self.instrument.question_codes.index(question) if question else None
        source, respondent = self.table.source(row, column), self.table.respondents[row]
        if rule == "sent_twice":
            source = self.table.row_source(row)
        self.rows[row] = True
        self.findings.append(Finding(rule, self.instrument.code, source, respondent, question, name, details))
        self.dropped.append((source, respondent, "", name, "", rule))


def repeated_rows(table: RawTable, units: pd.Series, instrument: Instrument, keep: npt.NDArray[np.bool_]) -> Repeated:
    """Find the rows that another row of the same unit, or of the same organisation, replaces.

    Of one file the last row counts, of several files the one that was saved last. Where that is not known none is
    preferred: what they agree in is used, and a cell in which they differ is refused.
    """
    found = Repeated(table, instrument, np.zeros(len(units), dtype=bool))
    question = _name_question(instrument)
    if instrument.respondent == "unit":
        question, names = "", units
    elif instrument.layout == "list" and question:
        names = table.text[question].map(tidy)
    else:
        if instrument.layout == "export":
            _sent_twice(found, units, keep)
        return found
    key = pd.DataFrame({"unit": units.to_numpy(), "name": names.to_numpy()})
    usable = np.flatnonzero(keep & names.ne("").to_numpy())
    doubled = usable[key.iloc[usable].duplicated(keep=False).to_numpy()]
    for (_, name), places in key.iloc[doubled].groupby(["unit", "name"], sort=False).indices.items():
        _settle(found, [int(row) for row in doubled[places]], str(name), question)
    return found


def _settle(found: Repeated, rows: list[int], name: str, question: str) -> None:
    """Choose among rows of one name, and tell in what the others differ."""
    table, code = found.table, found.instrument.code
    texts = {row: _texts(table, row) for row in rows}
    for blank in [row for row in rows if not any(texts[row])][: len(rows) - 1]:
        found.leave_out("empty_form", blank, name, question)
        rows = [row for row in rows if row != blank]
    latest = _latest(table, rows)
    kept = rows[0] if latest is None else latest
    column = found.instrument.question_codes.index(question) if question else None
    for row in (row for row in rows if row != kept):
        other_file = table.about["file"].iloc[row] != table.about["file"].iloc[kept]
        pairs = [(c, old, new) for c, (old, new) in enumerate(zip(texts[row], texts[kept])) if old != new]
        rule = "same_again" if not pairs else "two_forms" if latest is None else "repeated_form"
        if question and not (other_file and rule != "repeated_form"):
            rule = "duplicate"
        different = [f"{table.questions[c]} “{old}”→“{new}”" for c, old, new in pairs]
        details: dict[str, object] = {
            "kept": table.source(kept, column),
            "file": str(table.about["file"].iloc[row]),
            "different": "；".join(different[:_SHOWN]) + (f"……({len(different)})" if len(different) > _SHOWN else ""),
        }
        found.leave_out(rule, row, name, question, **details)
        if not other_file:
            continue
        for c, old, new in pairs:
            cell, respondent, asked = table.source(row, c), table.respondents[row], table.questions[c]
            found.dropped.append((cell, respondent, asked, old, "" if latest is None else new, rule))
            if latest is None:
                places: dict[str, object] = {"differs": old, "there": cell}
                kept_cell, kept_name = table.source(kept, c), table.respondents[kept]
                found.findings.append(Finding("two_answers", code, kept_cell, kept_name, asked, new, places))


def _texts(table: RawTable, row: int) -> list[str]:
    """Answers of a row, each with the unit that its sheet notes."""
    texts = zip(table.questions, (str(text).strip() for text in table.text.iloc[row]))
    return [f"{text}{table.noted[code][row]}" if text and code in table.noted else text for code, text in texts]


def _latest(table: RawTable, rows: list[int]) -> int | None:
    """The last of rows that stand in one file or in files that say when they were saved; None when it is not known."""
    about = table.about.iloc[rows]
    if len(set(about["file"])) == 1:
        return rows[-1]
    moments = pd.to_datetime(about["submitted"], errors="coerce", utc=True, format="mixed").reset_index(drop=True)
    newest = [row for row, moment in zip(rows, moments) if moment == moments.max()]
    if moments.isna().any() or len(set(table.about["file"].iloc[newest])) > 1:
        return None
    return newest[-1]


def _sent_twice(found: Repeated, units: pd.Series, keep: npt.NDArray[np.bool_]) -> None:
    """Rows of an export with the same unit, time and answers as an earlier row."""
    table = found.table
    submitted = table.about["submitted"]
    key = pd.DataFrame({"unit": units, "submitted": submitted})
    near = keep & submitted.ne("").to_numpy() & key.duplicated(keep=False).to_numpy()
    seen: dict[tuple[str, ...], int] = {}
    for row in np.flatnonzero(near).tolist():
        answers = (str(units.iloc[row]), submitted.iloc[row], *table.text.iloc[row])
        first = seen.setdefault(answers, row)
        if first != row:
            found.leave_out("sent_twice", row, table.respondents[row], kept=table.row_source(first))


def _name_question(instrument: Instrument) -> str:
    """The question that holds the name of an organisation: the first one that asks for text."""
    return next((question.code for question in instrument.questions if question.kind == "text"), "")
