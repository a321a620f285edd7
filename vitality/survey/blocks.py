"""`Collected`: the answers found so far, file by file, and what was noticed on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.framework import Instrument
from vitality.framework.packages import column_letters
from vitality.survey.findings import Finding
from vitality.survey.grids import Grid
from vitality.survey.raw import RawTable

ABOUT_COLUMNS = ("respondent", "unit", "name", "group", "file", "sheet", "seconds", "submitted")
Merged = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Block:
    """The answers of one sheet: texts and places of shape (n_respondents, n_questions), and who they are of.

    `noted` are the units that the sheet notes for its numbers, by question, where they are not those asked for;
    `by_code` says that the answers came as numbers of options; `hidden` are the cells whose text was dropped, hashed
    or masked because it is personal.
    """

    texts: npt.NDArray[np.object_]
    rows: npt.NDArray[np.int32]
    columns: npt.NDArray[np.int32]
    about: dict[str, Sequence[str]]
    grid: Grid
    noted: Mapping[str, str] = field(default_factory=dict)
    by_code: bool = False
    hidden: npt.NDArray[np.bool_] | None = None

    def rows_kept(self, keep: npt.NDArray[np.bool_]) -> Block:
        """Give the same block with some of its respondents only."""
        return replace(
            self,
            texts=self.texts[keep],
            rows=self.rows[keep],
            columns=self.columns[keep],
            about={name: list(compress(texts, keep)) for name, texts in self.about.items()},
            hidden=None if self.hidden is None else self.hidden[keep],
        )


@dataclass
class Collected:
    """Blocks of answers, and findings."""

    blocks: list[Block] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def add(
        self,
        grid: Grid,
        texts: npt.NDArray[np.object_],
        rows: npt.ArrayLike,
        columns: npt.ArrayLike,
        *,
        noted: Mapping[str, str] | None = None,
        by_code: bool = False,
        **about: Sequence[str],
    ) -> None:
        """Keep the answers of one sheet; `rows` and `columns` are places in the grid, -1 for none."""
        places = []
        for given, first in ((rows, grid.first_row), (columns, grid.first_column)):
            place = np.asarray(given, dtype=np.int32)
            places.append(np.broadcast_to(np.where(place >= 0, place + first, -1).astype(np.int32), texts.shape))
        nowhere = (places[0] < 0) | (places[1] < 0)
        if nowhere.any():
            places = [np.where(nowhere, np.int32(-1), place).astype(np.int32) for place in places]
        self.blocks.append(Block(texts, places[0], places[1], about, grid, noted or {}, by_code))

    def notice(self, grid: Grid, instrument: Instrument) -> None:
        """Keep what was noticed in a sheet: macros, formulas whose stored result was read."""
        for rule, cell, text in grid.noticed:
            source = " / ".join(part for part in (grid.file, grid.sheet if cell else "", cell) if part)
            finding = Finding(rule, instrument.code, source, value=text)
            if finding not in self.findings:
                self.findings.append(finding)

    def table(self, instrument: Instrument) -> RawTable:
        """Give what was found as a table; respondents who share a name are numbered apart."""
        codes = list(instrument.question_codes)
        saved = instrument.layout in ("form", "list")  # an export tells of each answer when it was sent
        about = pd.concat(
            [self._about(block, saved) for block in self.blocks] or [pd.DataFrame(columns=list(ABOUT_COLUMNS))]
        )
        again = about.groupby("respondent").cumcount().to_numpy()
        names = about.pop("respondent").to_numpy(dtype=object, copy=True)
        doubled = again > 0
        names[doubled] = [f"{name}#{number + 1}" for name, number in zip(names[doubled], again[doubled])]
        index = pd.Index(names, dtype=object, name="respondent")
        empty = np.empty((0, len(codes)), dtype=object)
        nowhere = empty.astype(np.int32)
        texts = np.concatenate([block.texts for block in self.blocks] or [empty])
        rows = np.concatenate([block.rows for block in self.blocks] or [nowhere])
        columns = np.concatenate([block.columns for block in self.blocks] or [nowhere])
        hidden = [np.zeros(block.texts.shape, bool) if block.hidden is None else block.hidden for block in self.blocks]
        table = RawTable(
            instrument.code,
            pd.DataFrame(texts, index=index, columns=codes, dtype=object),
            about.set_index(index),
            rows,
            columns,
            self._noted_units(),
            np.concatenate(hidden) if any(block.hidden is not None for block in self.blocks) else None,
        )
        self._note_merged(table)
        return table

    def _noted_units(self) -> dict[str, npt.NDArray[np.object_]]:
        """Unit noted for each respondent, by question; only questions for which some sheet notes one."""
        codes = dict.fromkeys(code for block in self.blocks for code in block.noted)
        return {
            code: np.concatenate(
                [np.full(len(block.texts), block.noted.get(code, ""), dtype=object) for block in self.blocks]
            )
            for code in codes
        }

    def _about(self, block: Block, saved: bool) -> pd.DataFrame:
        number = len(block.texts)
        grid = {"file": block.grid.file, "sheet": block.grid.sheet, "submitted": block.grid.saved if saved else ""}
        given = {**{name: [text] * number for name, text in grid.items()}, **block.about}
        return pd.DataFrame({name: given.get(name, [""] * number) for name in ABOUT_COLUMNS}, dtype=object)

    def _note_merged(self, table: RawTable) -> None:
        """Answers that share one merged cell: whose they are cannot be told."""
        start = 0
        for block in self.blocks:
            for (top, left), (bottom, right) in block.grid.merged:
                inside = (block.rows >= top) & (block.rows <= bottom)
                inside &= (block.columns >= left) & (block.columns <= right)
                if np.count_nonzero(inside) < 2:
                    continue
                area = f"{column_letters(left)}{top + 1}:{column_letters(right)}{bottom + 1}"
                for row, column in np.argwhere(inside).tolist():
                    at = start + row
                    self.findings.append(
                        Finding(
                            "merged_cells",
                            table.instrument,
                            table.source(at, column),
                            str(table.text.index[at]),
                            str(table.text.columns[column]),
                            table.text_at(at, column),
                            {"area": area},
                        )
                    )
            start += len(block.texts)


def rectangle(lines: Sequence[Sequence[str]], width: int) -> npt.NDArray[np.object_]:
    """Put lines of different length into one array; short lines are filled with empty text."""
    if all(len(line) == width for line in lines):
        filled: Sequence[Sequence[str]] = lines
    else:
        filled = [[*line[:width], *[""] * (width - len(line))] for line in lines]
    return np.array(filled, dtype=object).reshape(len(lines), width)
