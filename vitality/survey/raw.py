"""`RawRound`: a round as it came in, every cell as text with its place."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.framework.packages import column_letters
from vitality.survey.findings import Finding
from vitality.survey.settings import RoundSettings

CELL_COLUMNS = ("instrument", "respondent", "unit", "question", "text", "file", "sheet", "cell")


@dataclass(frozen=True)
class RawTable:
    """The answers to one instrument as text, one row a respondent, and where each of them stands.

    Attributes
    ----------
    text : DataFrame
        Index respondent, columns question codes, text; blank cells are empty text.
    about : DataFrame
        Index respondent; columns ``unit`` (as written), ``name``, ``group``, ``file``, ``sheet``.
    rows, columns : ndarray of int, shape (n_respondents, n_questions)
        Place of each cell, from 0; -1 where the form has no such cell.
    noted : dict
        Question code -> unit that the sheet notes for each respondent, where it is not the one asked for.
    hidden : ndarray of bool, shape (n_respondents, n_questions), or None
        Cells whose text was dropped, hashed or masked because it is personal; None when there are none.
    """

    instrument: str
    text: pd.DataFrame
    about: pd.DataFrame
    rows: npt.NDArray[np.int32]
    columns: npt.NDArray[np.int32]
    noted: dict[str, npt.NDArray[np.object_]] = field(default_factory=dict)
    hidden: npt.NDArray[np.bool_] | None = None

    def cell(self, respondent: int, question: int) -> str:
        """Name of a cell by the positions of its respondent and its question, such as D12."""
        row = self.rows.item(respondent, question)
        return f"{column_letters(self.columns.item(respondent, question))}{row + 1}" if row >= 0 else ""

    def source(self, respondent: int, question: int | None = None) -> str:
        """Place of a cell for people: file, sheet and cell; without a question, file and sheet."""
        cell = "" if question is None else self.cell(respondent, question)
        return " / ".join(filter(None, (self._sheets[respondent], cell)))

    def row_source(self, respondent: int) -> str:
        """Place of the first cell of a respondent that is there."""
        there = np.flatnonzero(self.rows[respondent] >= 0)
        return self.source(respondent, int(there[0]) if len(there) else None)

    def text_at(self, respondent: int, question: int) -> str:
        """Text of a cell by the positions of its respondent and its question."""
        return str(self._texts.item(respondent, question))

    @cached_property
    def respondents(self) -> list[str]:
        """Names of the respondents in order."""
        return [str(name) for name in self.text.index]

    @cached_property
    def questions(self) -> list[str]:
        """Codes of the questions in order."""
        return [str(code) for code in self.text.columns]

    @cached_property
    def _texts(self) -> npt.NDArray[np.object_]:
        return self.text.to_numpy(dtype=object)

    @cached_property
    def _sheets(self) -> list[str]:
        return [" / ".join(filter(None, place)) for place in zip(self.about["file"], self.about["sheet"])]

    def rows_kept(self, keep: npt.NDArray[np.bool_]) -> RawTable:
        """Give the same table with some of its respondents only."""
        if keep.all():
            return self
        return replace(
            self,
            text=self.text[keep],
            about=self.about[keep],
            rows=self.rows[keep],
            columns=self.columns[keep],
            noted={code: units[keep] for code, units in self.noted.items()},
            hidden=None if self.hidden is None else self.hidden[keep],
        )

    @cached_property
    def cells(self) -> pd.DataFrame:
        """Long form: one row a cell."""
        n_respondents, n_questions = self.text.shape
        if not n_respondents or not n_questions:
            return pd.DataFrame(columns=list(CELL_COLUMNS), dtype=str)
        letters = {column: column_letters(int(column)) for column in np.unique(self.columns)}
        places = [
            f"{letters[column]}{row + 1}" if row >= 0 else ""
            for row, column in zip(self.rows.ravel(), self.columns.ravel())
        ]
        about = self.about.loc[self.about.index.repeat(n_questions)]
        return pd.DataFrame(
            {
                "instrument": self.instrument,
                "respondent": about.index.to_numpy(),
                "unit": about["unit"].to_numpy(),
                "question": np.tile(self.text.columns.to_numpy(), n_respondents),
                "text": self.text.to_numpy(dtype=object).ravel(),
                "file": about["file"].to_numpy(),
                "sheet": about["sheet"].to_numpy(),
                "cell": places,
            }
        )


@dataclass(frozen=True)
class RawRound:
    """Everything that a round folder holds, as text. Made by `read_round`.

    Attributes
    ----------
    round : str
        Name of the round.
    folder : Path
    framework_name : str
    simulated : bool
        Whether the answers were made by a program.
    tables : dict
        Instrument code -> `RawTable`, for the instruments that came in.
    notes : tuple of Finding
        What the reader noticed: unmatched columns, private columns that it dropped, stray files.
    files : tuple of Path
        The files that were read.
    settings : RoundSettings
        What ``round.yaml`` says.
    private : frozenset of str
        Questions whose answers were dropped or hashed.
    """

    round: str
    folder: Path
    framework_name: str
    simulated: bool
    tables: dict[str, RawTable]
    notes: tuple[Finding, ...]
    files: tuple[Path, ...]
    settings: RoundSettings = field(repr=False)
    private: frozenset[str] = frozenset()

    @cached_property
    def cells(self) -> pd.DataFrame:
        """Every cell of the round.

        Returns
        -------
        DataFrame
            Columns ``instrument``, ``respondent``, ``unit`` (as written), ``question``, ``text``,
            ``file``, ``sheet`` (empty for csv), ``cell`` (as in Excel, also for csv).
        """
        parts = [table.cells for table in self.tables.values()]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(CELL_COLUMNS))

    def __repr__(self) -> str:
        counts = ", ".join(f"{code}: {len(table.text)}" for code, table in self.tables.items())
        label = ", simulated" if self.simulated else ""
        return f"<RawRound {self.round!r}{label}: {counts or 'no answers'}>"
