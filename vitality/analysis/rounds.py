"""From one round to the next: what changed, split exactly into the parts of the indicators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.analysis.diagnosis import nodes_at
from vitality.errors import MethodError, TableError, did_you_mean, meant_zh, some, some_zh
from vitality.index.imputation import positions_of_rounds
from vitality.index.inputs import require_result
from vitality.index.kernels import plan_of, score_nodes, score_root
from vitality.index.means import POPULATION, rule_of
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.index import IndexResult

__all__ = ["compare_rounds", "round_changes"]

Floats = npt.NDArray[np.float64]
Crosswalk = Mapping[str, str] | pd.DataFrame


def compare_rounds(
    result: IndexResult,
    *,
    level: str = "indicator",
    rounds: tuple[str, str] | None = None,
    crosswalk: Crosswalk | None = None,
) -> pd.DataFrame:
    """Split each unit's change from one round to the next into the parts of the nodes.

    Parameters
    ----------
    result : IndexResult
        An index of several rounds together, so that the scale is the same for all of them.
    level : str
        Level of the nodes, as in `obstacles`; a branch that ends above it is taken at its indicators.
    rounds : tuple of two rounds, optional
        The two to compare; by default each round with the one before it (in the order of their numbers, or
        sorted).
    crosswalk : mapping or DataFrame, optional
        Units that were renamed or merged: old unit -> new unit; or columns ``old``, ``new`` and, where old
        units do not count alike, ``weight`` (such as their population). A merged unit is compared with the
        weighted mean of the indicators' scores of those that it came from.

    Returns
    -------
    DataFrame, long: one row a unit, pair of rounds and node
        ``unit``, ``from``, ``to``, ``status`` (``same``, ``merged``, ``appeared``, ``vanished``, or
        ``unscored`` where a round has no index), ``node``, ``before`` and ``after`` (score of the node, 0 to
        100), ``part`` (points of the index), ``index_before``, ``index_after``, ``change``, ``rank_before``,
        ``rank_after``. The parts of a unit sum to its change. A unit that cannot be compared has one row
        without node and part.

    Raises
    ------
    MethodError
        If the aggregation compares units with each other, so that a change is not the unit's own; if the
        framework has no such level.
    TableError
        If there is only one round, a round is unknown, or the crosswalk does not fit the units.

    Notes
    -----
    Indicators are taken from the first to the second round one after the other, in the order of the framework
    and in the reverse order, and each gets the mean of its two steps [1]_. Under arithmetic aggregation
    without gaps that is the weight times the change of the score. Where a value is missing in one of the
    rounds its weight moves between siblings, and that is part of its own.

    References
    ----------
    .. [1] Dietzenbacher, E. and Los, B. (1998). Structural decomposition techniques: sense and sensitivity.
       Economic Systems Research 10, 307-324.

    Examples
    --------
    >>> from vitality.framework import framework_from_table
    >>> from vitality.index import build_index
    >>> tree = framework_from_table(pd.DataFrame({
    ...     "code": ["V", "a", "b"], "parent": ["", "V", "V"], "worst": [None, 0, 0], "best": [None, 10, 10]}))
    >>> index = pd.MultiIndex.from_product([["u"], ["2023", "2024"]], names=["unit", "round"])
    >>> result = build_index(pd.DataFrame({"a": [4.0, 8.0], "b": [5.0, 4.0]}, index=index), tree)
    >>> compare_rounds(result)[["node", "part", "change"]].values.tolist()
    [['a', 20.0, 15.0], ['b', -5.0, 15.0]]
    """
    framework = require_result(result).framework
    choose("level", level, [name for name in framework.levels if name != "index"])
    others = [mean for mean in result.method.aggregations if mean in POPULATION]
    if others:
        raise MethodError(
            f"aggregation={others[0]!r} scores a unit against the others, so that its change is not its own. Compare "
            "rebuild(result, aggregation=...) with a mean, or the ranks.",
            zh=f"aggregation={others[0]!r} 在单位之间互相比较，变化不只属于本单位，不能分解。请改用某种平均，"
            "或比较名次。",
        )
    moves = _checked_crosswalk(result, crosswalk)
    pairs = _pairs(result, rounds)
    table = pd.concat([_one_pair(result, level, *pair, moves) for pair in pairs], ignore_index=True)
    table.attrs["comparable"] = result.method.reference != "each"
    return table


def round_changes(result: IndexResult, **options: object) -> pd.DataFrame:
    """Change of the index of every unit, one row a unit and pair of rounds; options as in `compare_rounds`.

    Returns
    -------
    DataFrame
        ``unit``, ``from``, ``to``, ``status``, ``index_before``, ``index_after``, ``change``, ``rank_before``,
        ``rank_after``.
    """
    table = compare_rounds(result, **options)  # type: ignore[arg-type]
    columns = ["unit", "from", "to", "status", "index_before", "index_after", "change", "rank_before", "rank_after"]
    return table[columns].drop_duplicates(["unit", "from", "to", "status"]).reset_index(drop=True)


@dataclass(frozen=True)
class _Side:
    """The units of one round under the names of the second one: leaves on 0 to 100, index, rank."""

    leaves: pd.DataFrame
    index: pd.Series
    ranks: pd.Series
    merged: frozenset[str]


def _pairs(result: IndexResult, rounds: tuple[str, str] | None) -> list[tuple[str, str]]:
    there = [str(name) for name in result.scores.index.get_level_values("round").unique()]
    if rounds is not None:
        for name in rounds:
            if name not in there:
                raise TableError(
                    f"rounds: no round {name!r}.{did_you_mean(str(name), there)} Found {some(there)}.",
                    zh=f"没有轮次 {name!r}。{meant_zh(str(name), there)}现有 {some_zh(there)}。",
                )
        if len(rounds) != 2 or rounds[0] == rounds[1]:
            raise TableError(
                f"rounds={rounds!r}; expected two different ones.", zh=f"rounds={rounds!r}；应为两个不同的轮次。"
            )
        return [(rounds[0], rounds[1])]
    if len(there) < 2:
        raise TableError(
            f"result: found the single round {there[0]!r}; expected two or more. Build one index from the matrices of "
            "all rounds (pd.concat).",
            zh=f"结果中只有一轮（{there[0]!r}），应有两轮或更多。请把各轮的指标矩阵合起来（pd.concat）再合成指数。",
        )
    ordered = sorted(there, key=positions_of_rounds(there).__getitem__)
    return list(pairwise(ordered))


def _one_pair(result: IndexResult, level: str, first: str, second: str, moves: pd.DataFrame) -> pd.DataFrame:
    after = _side(result, second)
    before = _renamed(result, _side(result, first), after, moves)
    both = [unit for unit in after.leaves.index if unit in before.leaves.index]
    scored = [unit for unit in both if before.index.notna()[unit] and after.index.notna()[unit]]
    parts = _parts(result, before.leaves.loc[scored], after.leaves.loc[scored])
    nodes, members = nodes_at(result.framework, level)
    started, ended = (_node_scores(result, side.leaves.loc[scored], nodes) for side in (before, after))
    compared = pd.DataFrame(
        {
            "unit": np.repeat(np.array(scored, dtype=object), len(nodes)),
            "status": np.repeat(["merged" if unit in before.merged else "same" for unit in scored], len(nodes)),
            "node": np.tile(np.array(nodes, dtype=object), len(scored)),
            "before": started.ravel(),
            "after": ended.ravel(),
            "part": (parts @ members).ravel(),
        }
    )
    rest = [(unit, "unscored") for unit in both if unit not in set(scored)]
    rest += [(unit, "appeared") for unit in after.leaves.index if unit not in set(both)]
    rest += [(unit, "vanished") for unit in before.leaves.index if unit not in set(both)]
    table = pd.concat([compared, pd.DataFrame(rest, columns=["unit", "status"], dtype=object)], ignore_index=True)
    units = table["unit"]
    table = table.assign(
        index_before=units.map(before.index).astype(float),
        index_after=units.map(after.index).astype(float),
        rank_before=units.map(before.ranks).astype("Int64"),
        rank_after=units.map(after.ranks).astype("Int64"),
    )
    table["change"] = table["index_after"] - table["index_before"]
    table.insert(1, "from", first)
    table.insert(2, "to", second)
    order = ["unit", "from", "to", "status", "node", "before", "after", "part", "index_before", "index_after"]
    return table[[*order, "change", "rank_before", "rank_after"]].astype(
        {"before": float, "after": float, "part": float}
    )


def _side(result: IndexResult, name: str) -> _Side:
    own = result.scores.index.get_level_values("round").astype(str) == name
    root = result.framework.root
    return _Side(
        result.normalised[own].droplevel("round"),
        result.scores.loc[own, root].droplevel("round"),
        result.ranks.loc[own, root].droplevel("round"),
        frozenset(),
    )


def _renamed(result: IndexResult, before: _Side, after: _Side, moves: pd.DataFrame) -> _Side:
    """Put the earlier round under the names of the later one, as far as the crosswalk is about these two."""
    table = moves[moves["old"].isin(before.leaves.index) & moves["new"].isin(after.leaves.index)]
    moved = set(table["old"])
    leaves, index = before.leaves.drop(index=list(moved)), before.index.drop(list(moved))
    ranks, merged = before.ranks.drop(list(moved)), set[str]()
    for new in table["new"].unique().tolist():
        rows = table[table["new"] == new]
        olds = list(rows["old"])
        if new in leaves.index:  # it took others in and kept its own name
            raise TableError(
                f"crosswalk: {new!r} stands in the earlier round itself; expected a row from {new!r} to {new!r} too.",
                zh=f"单位对照表：{new!r} 在前一轮已经存在，应另加一行 {new!r} → {new!r}。",
            )
        own = _weighted(before.leaves.loc[olds], rows["weight"].to_numpy(dtype=float))
        leaves.loc[new] = own
        if len(olds) == 1:
            index[new], ranks[new] = before.index[olds[0]], before.ranks[olds[0]]
            continue
        merged.add(new)
        known = before.index.loc[olds].notna().all()
        index[new] = _index_of(result, own[None, :])[0] if known else np.nan
        ranks[new] = pd.NA
    return _Side(leaves, index, ranks, frozenset(merged))


def _checked_crosswalk(result: IndexResult, crosswalk: Crosswalk | None) -> pd.DataFrame:
    if isinstance(crosswalk, pd.DataFrame):
        table = crosswalk
    else:
        table = pd.DataFrame(list((crosswalk or {}).items()), columns=["old", "new"])
    lacking = [column for column in ("old", "new") if column not in table.columns]
    if lacking:
        raise TableError(
            f"crosswalk: no column {some(lacking)}; expected 'old', 'new' and, if wanted, 'weight'.",
            zh=f"单位对照表：没有 {some_zh(lacking)} 列，应有 old、new 两列，可另有 weight 列。",
        )
    table = table.assign(weight=table["weight"] if "weight" in table.columns else 1.0)
    units = result.scores.index.get_level_values("unit").unique()
    twice = table["old"][table["old"].duplicated()].unique()
    unknown = [unit for unit in pd.unique(table[["old", "new"]].to_numpy().ravel()) if unit not in units]
    if len(twice) or unknown or not (table["weight"] > 0).all():
        raise TableError(
            f"crosswalk: old units given twice (a split cannot be traced) {some(twice) or 'none'}; in no round "
            f"{some(unknown) or 'none'}.{did_you_mean(str(unknown[0]), units) if unknown else ''} Expected each old "
            "unit once, with weights above 0.",
            zh=f"单位对照表：重复的原单位（拆分无法追溯）{some_zh(twice) or '无'}；各轮都没有的单位 "
            f"{some_zh(unknown) or '无'}。每个原单位应只出现一次，weight 应大于 0。",
        )
    return table


def _weighted(leaves: pd.DataFrame, weights: Floats) -> Floats:
    values = leaves.to_numpy(dtype=float)
    there = ~np.isnan(values) * weights[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.nansum(values * weights[:, None], axis=0) / there.sum(axis=0)


def _parts(result: IndexResult, before: pd.DataFrame, after: pd.DataFrame) -> Floats:
    """Points of the index that each indicator gave or took, shape (n_units, n_leaves)."""
    first, second = before.to_numpy(dtype=float), after.to_numpy(dtype=float)
    forward = _steps(result, first, second, range(first.shape[1]))
    backward = _steps(result, first, second, range(first.shape[1] - 1, -1, -1))
    return (forward + backward) / 2


def _steps(result: IndexResult, first: Floats, second: Floats, order: Sequence[int]) -> Floats:
    parts = np.zeros_like(first)
    values, score = first.copy(), _index_of(result, first)
    for place in order:
        values[:, place] = second[:, place]
        moved = _index_of(result, values)
        # a unit that has nothing observed on the way keeps its score until something is
        moved = np.where(np.isnan(moved), score, moved)
        parts[:, place], score = moved - score, moved
    return parts


def _index_of(result: IndexResult, leaves: Floats) -> Floats:
    plan = plan_of(result.framework, result.method.aggregation)
    weights = result.weights["local"].to_numpy(dtype=float)[None]
    return score_root(np.ascontiguousarray(leaves.T), weights, plan, rule_of(result.method))[0]


def _node_scores(result: IndexResult, leaves: pd.DataFrame, nodes: list[str]) -> Floats:
    plan = plan_of(result.framework, result.method.aggregation)
    weights = result.weights["local"].to_numpy(dtype=float)[None]
    scores = score_nodes(leaves.to_numpy(dtype=float).T, weights, plan, rule_of(result.method))[:, 0]
    place = {code: number for number, code in enumerate(result.framework.nodes)}
    return scores[[place[code] for code in nodes]].T
