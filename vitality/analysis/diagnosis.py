"""What adds to the index and what holds it back: contributions, obstacles, strengths and short boards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.analysis.refusals import bad_count, is_count
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.framework import Framework
    from vitality.index import IndexResult

__all__ = ["contributions", "obstacles", "short_boards"]

Floats = npt.NDArray[np.float64]


def obstacles(result: IndexResult, *, level: str = "indicator") -> pd.DataFrame:
    """Obstacle degree (障碍度): the share of all points that a unit loses at each node.

    Parameters
    ----------
    result : IndexResult
    level : str
        Level of the nodes: ``indicator``, ``group`` or ``dimension``, as the framework has them. A branch of
        the tree that ends above that level is taken at its indicators, so that nothing is left out.

    Returns
    -------
    DataFrame, long: one row a unit, round and node
        ``unit``, ``round``, ``node``, ``gap`` (points of the index lost, 0 to 100), ``share`` (0 to 1, sums
        to 1 a unit). NaN for a unit without an index; share NaN for a unit that loses nothing.

    Raises
    ------
    MethodError
        If the framework has no such level.

    Notes
    -----
    O_ij = w_j (1 - x_ij) / sum_j w_j (1 - x_ij), with global weights w and scores x from 0 to 1. A missing
    value loses nothing itself; its weight has gone to its siblings. The gaps of a unit sum to 100 minus its
    index where aggregation is arithmetic.

    Examples
    --------
    >>> from vitality.framework import framework_from_table
    >>> from vitality.index import build_index
    >>> tree = framework_from_table(pd.DataFrame({
    ...     "code": ["V", "a", "b"], "parent": ["", "V", "V"], "weight": [1, 3, 1], "worst": [None, 0, 0],
    ...     "best": [None, 10, 10]}))
    >>> obstacles(build_index(pd.DataFrame({"a": [8.0], "b": [4.0]}), tree))["share"].tolist()
    [0.5, 0.5]
    """
    nodes, members = nodes_at(result.framework, level)
    lost = _leaf_points(result, 100 - result.normalised)
    return _long(result, nodes, lost @ members, "gap")


def contributions(result: IndexResult, *, level: str = "indicator") -> pd.DataFrame:
    """Points that each node adds to the index.

    Parameters
    ----------
    result : IndexResult
    level : str
        As in `obstacles`.

    Returns
    -------
    DataFrame, long: one row a unit, round and node
        ``unit``, ``round``, ``node``, ``contribution`` (points of the index), ``share`` (0 to 1, sums to 1 a
        unit). With arithmetic aggregation the contributions of a unit sum to its index; ``attrs["exact"]``
        says whether they do.

    Raises
    ------
    MethodError
        If the framework has no such level.

    Examples
    --------
    >>> from vitality.framework import framework_from_table
    >>> from vitality.index import build_index
    >>> tree = framework_from_table(pd.DataFrame({
    ...     "code": ["V", "a", "b"], "parent": ["", "V", "V"],
    ...     "worst": [None, 0, 0], "best": [None, 10, 10]}))
    >>> contributions(build_index(pd.DataFrame({"a": [8.0], "b": [4.0]}), tree))["contribution"].tolist()
    [40.0, 20.0]
    """
    nodes, members = nodes_at(result.framework, level)
    table = _long(result, nodes, _leaf_points(result, result.normalised) @ members, "contribution")
    chosen = result.method.aggregation
    table.attrs["exact"] = chosen == "arithmetic" or (
        not isinstance(chosen, str) and set(chosen.values()) <= {"arithmetic"}
    )
    return table


def short_boards(result: IndexResult, *, n: int = 3, level: str = "indicator") -> pd.DataFrame:
    """The nodes at which each unit loses most, and those at which it is farthest ahead of the middle unit.

    Parameters
    ----------
    result : IndexResult
    n : int
        How many of each, at least 1; fewer where there are fewer with more than 0 points.
    level : str
        As in `obstacles`.

    Returns
    -------
    DataFrame, long, best or worst first
        ``unit``, ``round``, ``kind`` (``strength`` or ``short_board``), ``place`` (1, 2, ...), ``node``,
        ``score`` (0 to 100, of the node), ``points``: of the index; for a short board those lost (its share
        of them is the obstacle degree), for a strength those by which the unit leads the median of its
        round. A node is one or the other: where all units do badly, a unit may lead and still lose much, and
        then it is a short board. No rows for a unit without an index.

    Raises
    ------
    MethodError
        If `n` is below 1, or the framework has no such level.

    Examples
    --------
    >>> from vitality.framework import framework_from_table
    >>> from vitality.index import build_index
    >>> tree = framework_from_table(pd.DataFrame({
    ...     "code": ["V", "a", "b"], "parent": ["", "V", "V"],
    ...     "worst": [None, 0, 0], "best": [None, 10, 10]}))
    >>> result = build_index(pd.DataFrame({"a": [8.0, 1.0, 1.0], "b": [4.0, 9.0, 5.0]}), tree)
    >>> short_boards(result, n=1)[["unit", "kind", "node", "points"]].head(2).values.tolist()
    [[0, 'strength', 'a', 35.0], [0, 'short_board', 'b', 30.0]]
    """
    if not is_count(n):
        raise bad_count(n)
    nodes, members = nodes_at(result.framework, level)
    lost = _leaf_points(result, 100 - result.normalised) @ members
    rounds = result.normalised.index.get_level_values("round")
    middle = result.normalised.groupby(rounds).transform("median")
    lead = _leaf_points(result, result.normalised - middle) @ members
    scores = result.scores[nodes].to_numpy()
    rows = []
    for row, (unit, name) in enumerate(result.scores.index):
        boards = _largest(lost[row], n)
        ahead = lead[row].copy()
        ahead[boards] = 0.0
        for kind, points, best in (("strength", ahead, _largest(ahead, n)), ("short_board", lost[row], boards)):
            rows += [
                (unit, name, kind, number, nodes[place], scores[row, place], points[place])
                for number, place in enumerate(best, 1)
            ]
    columns = ["unit", "round", "kind", "place", "node", "score", "points"]
    return pd.DataFrame(rows, columns=columns)


def _largest(points: Floats, n: int) -> list[int]:
    """Places of at most `n` largest values above 0, largest first."""
    return [place for place in np.argsort(-points, kind="stable")[:n].tolist() if points[place] > 1e-9]


def nodes_at(framework: Framework, level: str) -> tuple[list[str], Floats]:
    """Nodes of a level, and which indicators belong to each, shape (n_leaves, n_nodes)."""
    choose("level", level, [name for name in framework.levels if name != "index"])
    nodes = list(framework.levels[level])
    covered = {leaf for code in nodes for leaf in framework.leaves_below(code)}
    nodes += [leaf for leaf in framework.leaves if leaf not in covered]
    place = {leaf: number for number, leaf in enumerate(framework.leaves)}
    members = np.zeros((len(place), len(nodes)))
    for column, code in enumerate(nodes):
        members[[place[leaf] for leaf in framework.leaves_below(code)], column] = 1.0
    return nodes, members


def _leaf_points(result: IndexResult, scores: pd.DataFrame) -> Floats:
    """Scores times the weights that the unit really has; NaN for a unit without an index."""
    weights = result.unit_weights[list(result.framework.leaves)].to_numpy()
    points = weights * np.nan_to_num(scores.to_numpy(dtype=float))
    points[result.scores[result.framework.root].isna().to_numpy()] = np.nan
    return points


def _long(result: IndexResult, nodes: list[str], points: Floats, name: str) -> pd.DataFrame:
    index = result.scores.index
    total = points.sum(axis=1, keepdims=True)
    share = np.divide(points, total, out=np.full_like(points, np.nan), where=total > 1e-9)
    return pd.DataFrame(
        {
            "unit": np.repeat(index.get_level_values("unit").to_numpy(), len(nodes)),
            "round": np.repeat(index.get_level_values("round").to_numpy(), len(nodes)),
            "node": np.tile(np.array(nodes, dtype=object), len(index)),
            name: points.ravel(),
            "share": share.ravel(),
        }
    )
