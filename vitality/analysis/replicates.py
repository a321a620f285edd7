"""Replicates that share their choices, made ready for the kernels once and scored together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.analysis.design import LEFT_OUT, WEIGHT, option_of
from vitality.index import Method, leave_out
from vitality.index.aggregation import enough
from vitality.index.kernels import Plan, plan_of, score_root
from vitality.index.means import Rule, rule_of
from vitality.index.pruning import fitting
from vitality.index.ranking import rank_rows
from vitality.index.stages import Stages
from vitality.index.weighting import index_weights

if TYPE_CHECKING:
    from vitality.framework import Framework
    from vitality.index import IndexResult

__all__ = ["TILE", "Block", "Group", "blocks_of", "combinations_of"]

Floats = npt.NDArray[np.float64]
Block = tuple[npt.NDArray[np.intp], "Group"]

#: Replicates that go through the kernels together: always as many, so that no sum hangs on the size of a block.
TILE, SMALL_TILE = 256, 32


@dataclass(frozen=True)
class Group:
    """Replicates that share all choices but the weights, ready for the kernels."""

    leaves: Floats
    local: Floats
    nodes: npt.NDArray[np.intp]
    plan: Plan
    rule: Rule
    hidden: npt.NDArray[np.bool_]
    rounds: tuple[npt.NDArray[np.intp], ...]
    tile: int

    def scores_and_ranks(self, factors: Floats) -> tuple[Floats, npt.NDArray[np.float32]]:
        """Scores and ranks of replicates with these factors of the weights, shape (n_reps, n_units)."""
        n, tile = len(factors), self.tile
        weights = np.ones((-(-n // tile) * tile, self.plan.n_nodes))
        weights[:n, :-1] = self.local[:-1] * factors[:, self.nodes[:-1]]
        scores = np.empty((n, self.leaves.shape[1]))
        for start in range(0, n, tile):
            found = score_root(self.leaves, weights[start : start + tile], self.plan, self.rule)
            scores[start : start + tile] = found[: n - start]
        scores[:, self.hidden] = np.nan
        if len(self.rounds) == 1:
            return scores, rank_rows(scores)
        ranks = np.empty(scores.shape, dtype=np.float32)
        for rows in self.rounds:
            ranks[:, rows] = rank_rows(scores[:, rows])
        return scores, ranks


def blocks_of(result: IndexResult, design: pd.DataFrame, width: int) -> Iterator[Block]:
    """Rows that share their choices, at most `width` (a multiple of `TILE`) together, with what they need."""
    preparation = Preparation(result)
    numbers, combinations = combinations_of(design)
    for number, chosen in enumerate(combinations):
        rows = np.flatnonzero(numbers == number)
        group = preparation.group(chosen, n=len(rows))
        for start in range(0, len(rows), width):
            yield rows[start : start + width], group


def combinations_of(design: pd.DataFrame) -> tuple[npt.NDArray[np.intp], list[dict[str, Any]]]:
    """Which combination of choices each row has, and the combinations, in the order in which they come."""
    options = [str(name) for name in design.columns if not str(name).startswith(WEIGHT)]
    if not options:
        return np.zeros(len(design), dtype=np.intp), [{}]
    cells = design[options].astype(object).where(design[options].notna(), None)
    number_of: dict[tuple[Any, ...], int] = {}
    rows = cells.itertuples(index=False, name=None)
    numbers = np.array([number_of.setdefault(row, len(number_of)) for row in rows], dtype=np.intp)
    return numbers, [{name: option_of(name, cell) for name, cell in zip(options, row)} for row in number_of]


class Preparation:
    """Makes groups, and keeps what several of them share."""

    def __init__(self, result: IndexResult) -> None:
        self.stages = Stages(result.denominated, result.framework, result.units)
        self.nominal = result.method
        self.values = result.denominated.to_numpy(dtype=float)
        self.place = {code: number for number, code in enumerate(result.framework.nodes)}
        self._trees: dict[str, tuple[Framework, npt.NDArray[np.intp]]] = {}
        self._plans: dict[tuple[str, str], Plan] = {}
        self._local: dict[tuple[str, str], Floats] = {}

    def group(self, chosen: dict[str, Any], *, n: int) -> Group:
        """Give what `n` replicates with these choices need."""
        left_out = str(chosen.pop(LEFT_OUT, "") or "")
        method = self.nominal.replace(**chosen)
        tree, nodes = self._tree(left_out)
        columns = nodes[: len(tree.leaves)]
        plan = self._plan(left_out, method, tree)
        leaves = np.ascontiguousarray(self.stages.scaled(method).normalised.to_numpy(dtype=float)[:, columns].T)
        return Group(
            leaves=leaves,
            local=self._weights(left_out, method, tree, leaves),
            nodes=nodes,
            plan=plan,
            rule=rule_of(method, self.stages.rows_of_rounds if method.reference == "each" else None),
            hidden=~self._shown(method, columns, leaves),
            rounds=self.stages.rows_of_rounds,
            tile=_tile(plan, n),
        )

    def _tree(self, left_out: str) -> tuple[Framework, npt.NDArray[np.intp]]:
        """The framework that is left, and where its nodes stand among all nodes."""
        if left_out not in self._trees:
            tree = leave_out(self.stages.framework, [left_out]) if left_out else self.stages.framework
            self._trees[left_out] = tree, np.array([self.place[code] for code in tree.nodes])
        return self._trees[left_out]

    def _plan(self, left_out: str, method: Method, tree: Framework) -> Plan:
        key = (left_out, str(method.aggregation))
        if key not in self._plans:
            self._plans[key] = plan_of(tree, fitting(method, tree).aggregation)
        return self._plans[key]

    def _weights(self, left_out: str, method: Method, tree: Framework, leaves: Floats) -> Floats:
        key = (left_out, method.weighting)
        if method.weighting == "entropy" or key not in self._local:
            table = pd.DataFrame(leaves.T, index=self.stages.matrix.index, columns=list(tree.leaves))
            self._local[key] = index_weights(method.weighting, table, tree)[0]["local"].to_numpy(dtype=float)
        return self._local[key]

    def _shown(self, method: Method, columns: npt.NDArray[np.intp], leaves: Floats) -> npt.NDArray[np.bool_]:
        """Units that get an index, as `build_index` decides it."""
        raw = self.values[:, columns]
        seen = ~np.isnan(raw)
        keep = enough(seen.mean(axis=1), method.minimum_coverage)
        keep &= enough((~np.isnan(leaves)).mean(axis=0), method.minimum_coverage)
        if method.maximum_zeros < 1:
            keep &= (raw == 0).sum(axis=1) <= (method.maximum_zeros + 1e-12) * seen.sum(axis=1)
        return keep


def _tile(plan: Plan, n: int) -> int:
    """Replicates at a time; one where a replicate is a loop over pairs anyway."""
    if any(step.mean in ("copeland", "benefit_of_the_doubt") for step in plan.steps):
        return 1
    return TILE if n >= TILE else SMALL_TILE
