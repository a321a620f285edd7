"""The rows below a head: respondents, totals, which are compared with their parts, and what else stands there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from vitality.framework import Instrument, Question
from vitality.framework.packages import column_letters
from vitality.survey.answers import parse_answer
from vitality.survey.blocks import Collected
from vitality.survey.findings import Finding
from vitality.survey.grids import Grid
from vitality.survey.personal import mask_personal
from vitality.survey.stop_rows import StopText, first_texts, numbered_note, stop_text, unsigned
from vitality.survey.unit_notes import MEASURED
from vitality.survey.values import parse_value

_TOTALS = ("subtotal", "total", "average", "part")


@dataclass
class _Rows:
    """A walk down the rows of one sheet; `asked` are the questions by their columns."""

    grid: Grid
    instrument: Instrument
    found: Collected
    asked: dict[int, Question]
    noted: Mapping[str, str]
    unit_column: int
    lines: list[list[str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    since: int = 0
    compared: set[str] = field(default_factory=set)
    signed: bool = False

    def note(self, rule: str, at: int, column: int, value: str, question: str = "", **details: object) -> None:
        """Keep a finding about one cell of the sheet."""
        cell = f"{column_letters(column + self.grid.first_column)}{at + self.grid.first_row + 1}"
        source = " / ".join(part for part in (self.grid.file, self.grid.sheet, cell) if part)
        self.found.findings.append(Finding(rule, self.instrument.code, source, "", question, value, details))

    def take(self, number: int, row: list[str]) -> None:
        """Keep a row as a respondent, or tell why it is none."""
        texts = first_texts(row)
        total = next((column for column in texts if _is_total(row[column]) and not self._counts(column)), None)
        if total is not None:
            self._total(number, row, total)
        elif not texts or not self._stops(number, row, texts[0]):
            answered = any(row[place].strip() for place in self.asked if place < len(row))
            if answered or (texts and self.instrument.respondent == "unit"):
                self.lines.append(row)
                self.numbers.append(number)
                self.signed = False
            elif [column for column in texts if column != self.unit_column]:
                self.note("empty_row", number, texts[0], mask_personal(row[texts[0]].strip()))

    def _counts(self, column: int) -> bool:
        """Whether the answers of a column are numbers."""
        return column in self.asked and self.asked[column].kind in MEASURED

    def _stops(self, number: int, row: list[str], column: int) -> bool:
        """Whether a row is a signature or a filling note; one that holds answers is kept, and asked about."""
        said, label = stop_text(row[column]), ""
        if said is not None and self.asked.keys() & set(unsigned(row)):
            self.note("kept_row", number, column, mask_personal(row[column].strip()))
            return False
        if said is None:
            label = numbered_note(row[column])
            others = first_texts(row)[1:] or (self.asked.keys() & _filled(row)) - {column}
            if others or not (self.signed or (label and column not in self.asked)):
                return False
            said = StopText("note", f"{label}…")  # what stands below 填表人 on its own may be a name
        self.signed = self.signed or not label
        self.note("total_row", number, column, said.shown)
        return True

    def _total(self, number: int, row: list[str], column: int) -> None:
        """Leave a total out, tell of answers in it that are no numbers, and compare it with its parts."""
        said = stop_text(row[column])
        kind = said.kind if said else "total"
        words = [
            row[place].strip()
            for place in sorted(self.asked.keys() & _filled(row))
            if place > column and not self._counts(place)
        ]
        words = [word for word in words if "unreadable" in parse_value(word, "count").flags]  # not 12个 or /
        shown = mask_personal(words[0]) if words else ""
        self.note("total_answers" if words else "total_row", number, column, row[column].strip(), shown=shown)
        if kind in ("subtotal", "total"):
            latest = self.lines[self.since :]
            whole = kind == "total" and (kind not in self.compared or not latest)
            self._compare(number, row, self.lines if whole else latest)
            self.compared.add(kind)
            self.since = len(self.lines)

    def _compare(self, number: int, row: list[str], parts: Sequence[list[str]]) -> None:
        """Tell where a total is not the sum of its parts; where a part cannot be read nothing can be told."""
        for place, question in self.asked.items() if parts else ():
            if question.kind not in MEASURED or not row[place : place + 1] or not row[place].strip():
                continue
            unit = self.noted.get(question.code, "")
            given = parse_answer(row[place], question, noted=unit).value
            read = [parse_answer(line[place], question, noted=unit) for line in parts if place < len(line)]
            if not isinstance(given, float) or any("unreadable" in item.flags for item in read):
                continue
            added = sum(item.value for item in read if isinstance(item.value, float))
            if abs(given - added) > 1e-6 * max(abs(given), abs(added), 1.0):
                value = row[place].strip()
                self.note("total_mismatch", number, place, value, question.code, number=given, added=float(added))


def respondent_rows(
    grid: Grid,
    first: int,
    instrument: Instrument,
    found: Collected,
    places: npt.NDArray[np.integer],
    *,
    noted: Mapping[str, str] | None = None,
    unit_column: int = -1,
) -> tuple[list[list[str]], list[int]]:
    """Rows of respondents below a head, with their numbers; totals are compared and left out, signatures too.

    `places` are the columns of the questions, -1 for none; `noted` are units that the sheet notes, by question.
    A row that looks like a signature but holds answers is kept. Every row that is left out has a finding.
    """
    asked = {place: question for place, question in zip(places.tolist(), instrument.questions) if place >= 0}
    rows = _Rows(grid, instrument, found, asked, noted or {}, unit_column)
    for number, row in enumerate(grid.texts[first:], start=first):
        rows.take(number, row)
    return rows.lines, rows.numbers


def _filled(row: Sequence[str]) -> set[int]:
    return {column for column, text in enumerate(row) if text.strip()}


def _is_total(text: str) -> bool:
    said = stop_text(text)
    return said is not None and said.kind in _TOTALS
