"""Places instead of values: scores by rank, and the ranks of scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.index.matrix import unit_and_round
from vitality.index.method_checks import PLACES
from vitality.index.scaling import map_intervals
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.framework import Framework

__all__ = ["TIE_DECIMALS", "lowest_places", "mean_places", "rank_rows", "rank_scores"]

#: Scores that agree to this many decimals share a rank.
TIE_DECIMALS = 9


def rank_scores(
    matrix: pd.DataFrame, framework: Framework, *, within_rounds: bool = False, method: str = "rank"
) -> pd.DataFrame:
    """Score every indicator by place: 0 for the worst unit, 100 for the best.

    Parameters
    ----------
    matrix : DataFrame, shape (n_units, n_indicators)
        Index (unit, round) or unit; natural units.
    framework : Framework
        Its directions and best intervals.
    within_rounds : bool
        Whether units are placed among those of their own round, or among all rows.
    method : {"rank", "percentile", "borda"}
        With n units that have a value, of N: ``rank`` 100 (r - 1) / (n - 1), r the rank from below, ties at
        their mean rank; ``percentile`` the same with ties at their lowest rank, the share of the others that
        a unit is ahead of (COINr's ``n_prank``); ``borda`` 100 b / (N - 1), b the number of units that it is
        ahead of (``n_borda``), so that an indicator that few units have gives fewer points.

    Returns
    -------
    DataFrame, shape (n_units, n_indicators)
        NaN stays NaN; 50 for a unit that is alone.

    Raises
    ------
    MethodError
        If the method is unknown.

    Examples
    --------
    >>> from vitality.framework import framework_from_table
    >>> tree = framework_from_table(pd.DataFrame({
    ...     "code": ["V", "a"], "parent": ["", "V"], "direction": ["", "cost"]}))
    >>> matrix = pd.DataFrame({"a": [5.0, 5.0, 9.0]})
    >>> rank_scores(matrix, tree)["a"].tolist(), rank_scores(matrix, tree, method="percentile")["a"].tolist()
    ([75.0, 75.0, 0.0], [50.0, 50.0, 0.0])
    """
    choose("method", method, PLACES)
    table = map_intervals(unit_and_round(matrix), framework)
    values = table.to_numpy(dtype=float)
    cost = [framework.indicator(code).direction == "cost" for code in table.columns]
    values = np.where(cost, -values, values)
    rounds = np.asarray(table.index.get_level_values("round"))
    groups = [rounds == name for name in dict.fromkeys(rounds.tolist())] if within_rounds else [slice(None)]
    scores = np.full(values.shape, np.nan)
    for rows in groups:
        part = values[rows]
        scores[rows] = np.column_stack([_placed(column, method) for column in part.T])
    return pd.DataFrame(scores, index=table.index, columns=table.columns)


def _placed(values: npt.NDArray[np.float64], method: str) -> npt.NDArray[np.float64]:
    """Scores by place of one indicator; 50 for a unit that is alone."""
    seen = ~np.isnan(values)
    own = values[seen]
    others = len(values if method == "borda" else own) - 1
    scores = np.full(len(values), np.nan)
    scores[seen] = (
        100.0 * (mean_places(own) if method == "rank" else lowest_places(own)) / others if others > 0 else 50.0
    )
    return scores


def lowest_places(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Number of values that each is ahead of."""
    return np.searchsorted(np.sort(values), values, side="left").astype(float)


def mean_places(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Number of values that each is ahead of, and half of those that equal it, without itself."""
    rising = np.sort(values)
    below, upto = (np.searchsorted(rising, values, side=side) for side in ("left", "right"))
    return (below + upto - 1) / 2


def rank_rows(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """Ranks along each row: 1 for the highest, ties share the lowest rank (1, 2, 2, 4); NaN keeps NaN.

    Parameters
    ----------
    scores : array, shape (n_reps, n_units)

    Examples
    --------
    >>> rank_rows(np.array([[70.0, 90.0, 70.0, np.nan, 60.0]])).tolist()
    [[2.0, 1.0, 2.0, nan, 4.0]]
    """
    keys = np.round(scores, TIE_DECIMALS)
    np.negative(keys, out=keys)
    order = np.argsort(keys, axis=1)
    keys = np.take_along_axis(keys, order, axis=1)
    places = np.arange(1, scores.shape[1] + 1, dtype=np.float32)
    first = np.broadcast_to(places, keys.shape)
    tied = keys[:, 1:] == keys[:, :-1]
    if tied.any():
        first = np.maximum.accumulate(
            np.where(np.pad(tied, ((0, 0), (1, 0))), np.float32(1), first), axis=1, dtype=np.float32
        )
    missing = np.isnan(keys)
    if missing.any():
        first = np.where(missing, np.float32(np.nan), first)
    ranks = np.empty(scores.shape, dtype=np.float32)
    np.put_along_axis(ranks, order, first, axis=1)
    return ranks
