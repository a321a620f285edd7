"""`Examined`: the answers to one instrument as they were read, with every finding about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from vitality.framework import Instrument
from vitality.survey.findings import Finding
from vitality.survey.raw import RawTable

#: Rules whose value is not used until it is mended.
REFUSED = (
    "unreadable",
    "unknown_option",
    "hard_limit",
    "part_of",
    "parts_of",
    "not_asked",
    "merged_cells",
    "two_answers",
)


@dataclass
class Examined:
    """One instrument, read: text, typed values, and why a value is refused or differs from its text.

    `refused` and `reworded` map (row, column) to the rule or to the flags; `remarks` are what units wrote
    beside their answers, by the place of the answer.
    """

    instrument: Instrument
    raw: RawTable
    units: pd.Series
    answers: pd.DataFrame
    findings: list[Finding] = field(default_factory=list)
    refused: dict[tuple[int, int], str] = field(default_factory=dict)
    reworded: dict[tuple[int, int], tuple[str, ...]] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    _noted: set[tuple[int, int, str]] = field(default_factory=set, repr=False)

    def asked(self, row: int, column: int, rule: str) -> bool:
        """Whether a cell has a finding of this rule already."""
        return (row, column, rule) in self._noted

    def note(self, rule: str, row: int, column: int, **details: object) -> None:
        """Keep a finding about one cell, with the remark that explains it."""
        source = self.raw.source(row, column)
        if source in self.remarks:
            details["remark"] = self.remarks[source]
        self.findings.append(
            Finding(
                rule,
                self.instrument.code,
                source,
                self.raw.respondents[row],
                self.raw.questions[column],
                self.raw.text_at(row, column),
                details,
            )
        )
        self._noted.add((row, column, rule))
        if rule in REFUSED:
            self.refused.setdefault((row, column), rule)
