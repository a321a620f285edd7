"""`IndexResult`: an index with every table that it was made from."""

from __future__ import annotations

import html
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vitality.index.kernels import plan_of, spread_weights
from vitality.index.method import Method
from vitality.index.ranking import TIE_DECIMALS
from vitality.index.treatment import Treatment
from vitality.weights.cautions import Caution

if TYPE_CHECKING:
    from vitality.framework import Framework, Lang

__all__ = ["IndexResult"]


@dataclass(frozen=True, eq=False)
class IndexResult:
    """What `build_index` gives: every stage, in the order in which it was made.

    All tables have the index (unit, round) of the matrix unless another is given.

    Attributes
    ----------
    framework : Framework
    method : Method
    matrix : DataFrame, shape (n_units, n_indicators)
        As it came in, natural units, in the order of the framework.
    denominators : DataFrame or None
    denominated : DataFrame
        After denomination; `matrix` itself where no denominators were given.
    completed : DataFrame
        After imputation; `filled` marks its cells.
    treatment : Treatment
        What was done to outliers, cell by cell.
    treated : DataFrame
        After the treatment of outliers.
    scale : DataFrame, index indicator
        ``worst`` and ``best`` (see `fit_scale`).
    normalised : DataFrame
        0 (worst) to 100 (best).
    weights : DataFrame, index node
        ``local`` (siblings sum to 1) and ``global`` (the indicators sum to 1); those really used.
    scores : DataFrame, shape (n_units, n_nodes)
        0 to 100; indicators first, the root last; NaN below the minimum coverage.
    units : DataFrame
        Attributes of the units, as far as they were given.
    coverage : DataFrame, shape (n_units, n_nodes)
        Share of the indicators below each node that were observed, 0 to 1.
    screening : DataFrame
        ``coverage``, ``zeros``, ``kept`` and ``reason`` of every unit (see `screen`).
    clipped : Series, index indicator
        Values beyond either end of the scale.
    cautions : tuple of Caution
        What a reader should know, in Chinese and English.
    """

    framework: Framework
    method: Method
    matrix: pd.DataFrame
    denominators: pd.DataFrame | None
    denominated: pd.DataFrame
    completed: pd.DataFrame
    treatment: Treatment
    treated: pd.DataFrame
    scale: pd.DataFrame
    normalised: pd.DataFrame
    weights: pd.DataFrame
    scores: pd.DataFrame
    units: pd.DataFrame
    coverage: pd.DataFrame
    screening: pd.DataFrame
    clipped: pd.Series
    cautions: tuple[Caution, ...]

    @cached_property
    def ranks(self) -> pd.DataFrame:
        """Ranks of every node within each round, shape (n_units, n_nodes), Int64.

        1 is the best; ties share the lowest rank (1, 2, 2, 4); NA where there is no score.
        """
        rounds = self.scores.index.get_level_values("round")
        ranks = self.scores.round(TIE_DECIMALS).groupby(rounds).rank(method="min", ascending=False)
        return ranks.astype("Int64")

    @cached_property
    def unit_weights(self) -> pd.DataFrame:
        """Global weight that each node really has for each unit, shape (n_units, n_nodes).

        Where a value is missing its weight has gone to its siblings; the indicators of a unit sum to 1.
        """
        there = self.normalised.notna().to_numpy()
        spread = spread_weights(there, self.weights["local"].to_numpy(), plan_of(self.framework))
        return pd.DataFrame(spread, index=self.scores.index, columns=self.scores.columns)

    @property
    def filled(self) -> pd.DataFrame:
        """Which cells of the matrix were filled in, shape (n_units, n_indicators), bool."""
        return self.denominated.isna() & self.completed.notna()

    @property
    def rounds(self) -> tuple[str, ...]:
        """Rounds in the result, sorted."""
        return tuple(sorted(self.scores.index.get_level_values("round").unique()))

    @property
    def warnings(self) -> tuple[str, ...]:
        """Cautions in English; `cautions` has them in both languages."""
        return tuple(caution.text("en") for caution in self.cautions)

    def warning_texts(self, lang: Lang = "zh") -> tuple[str, ...]:
        """Cautions in the language asked for."""
        return tuple(caution.text(lang) for caution in self.cautions)

    def __repr__(self) -> str:
        scored = int(self.scores[self.framework.root].notna().sum())
        return (
            f"<IndexResult {self.framework.name!r}: {len(self.scores)} units, {scored} with an index, "
            f"{len(self.framework.leaves)} indicators, {len(self.cautions)} warnings>"
        )

    def _repr_html_(self) -> str:
        root, framework = self.framework.root, self.framework
        codes = [root, *framework.children(root)]
        names = {code: f"{framework.label(code, 'zh')} {framework.label(code, 'en')}" for code in codes}
        table = self.scores[codes].rename(columns=names)
        table.insert(0, "名次 Rank", self.ranks[root])
        order = np.argsort(self.ranks[root].fillna(len(self.scores) + 1).to_numpy(dtype=int), kind="stable")
        shown = table.iloc[order].to_html(float_format="{:.1f}".format, na_rep="")
        notes = [self.method.describe("zh"), *self.warning_texts("zh"), *self.warnings]
        notice = "<br>".join(html.escape(text) for text in (framework.notice_zh, framework.notice_en) if text)
        return (
            f"<p><em>{notice}</em></p>{shown}<ul>"
            + "".join(f"<li>{html.escape(note)}</li>" for note in notes)
            + "</ul>"
        )
