"""What the replicates say: intervals, the chance of each rank, who beats whom, and whether n was enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.analysis.refusals import bad_share, is_share
from vitality.errors import MethodError, TableError, some, some_zh
from vitality.index.inputs import require_number
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.analysis.monte_carlo import MonteCarlo

__all__ = ["interval_convergence", "pairwise_probabilities", "rank_intervals", "rank_probabilities"]

Floats = npt.NDArray[np.float64]


def rank_intervals(mc: MonteCarlo, *, level: float = 0.90, of: str = "ranks") -> pd.DataFrame:
    """Interval of each unit's rank, or score, over the replicates.

    Parameters
    ----------
    mc : MonteCarlo
    level : float
        Share of the replicates inside the interval, above 0 and below 1.
    of : {"ranks", "scores"}

    Returns
    -------
    DataFrame, index (unit, round)
        ``low`` and ``high``: quantiles (1 - level) / 2 and (1 + level) / 2, interpolated linearly; ``median``,
        ``mean``; ``nominal``: that of the index itself; ``n``: replicates in which the unit has a score.

    Raises
    ------
    MethodError
        If `level` or `of` is wrong.

    Examples
    --------
    >>> from vitality.analysis.design import sample_inputs
    >>> from vitality.analysis.monte_carlo import monte_carlo
    >>> from vitality.framework import framework_from_table
    >>> from vitality.index import build_index
    >>> tree = framework_from_table(pd.DataFrame({
    ...     "code": ["V", "a", "b"], "parent": ["", "V", "V"], "worst": [None, 0, 0], "best": [None, 10, 10]}))
    >>> result = build_index(pd.DataFrame({"a": [9.0, 3.0], "b": [4.0, 9.0]}, index=["u", "v"]), tree)
    >>> mc = monte_carlo(result, sample_inputs(result, 200, seed=1))
    >>> rank_intervals(mc)[["low", "median", "high", "nominal"]].values.tolist()
    [[1.0, 1.0, 2.0, 1.0], [1.0, 2.0, 2.0, 2.0]]
    """
    choose("of", of, ("ranks", "scores"))
    _check(mc, level)
    root = mc.result.framework.root
    table, nominal = (mc.ranks, mc.result.ranks[root]) if of == "ranks" else (mc.scores, mc.result.scores[root])
    low, median, high, mean = _summary(table.to_numpy(), level)
    return pd.DataFrame(
        {
            "low": low,
            "median": median,
            "mean": mean,
            "high": high,
            "nominal": nominal.astype("float64").to_numpy(dtype=float, na_value=np.nan),
            "n": table.notna().sum(axis=0).to_numpy(),
        },
        index=table.columns,
    )


def rank_probabilities(mc: MonteCarlo) -> pd.DataFrame:
    """Probability of each rank.

    Parameters
    ----------
    mc : MonteCarlo

    Returns
    -------
    DataFrame, index (unit, round), columns 1, 2, ...
        Share of the replicates in which the unit has the rank; rows sum to 1, or are NaN for a unit that
        never has a score.
    """
    _check(mc, 0.5)
    ranks = mc.ranks.to_numpy(dtype=float)
    top = int(np.fmax.reduce(ranks, axis=None, initial=1.0))
    counts = np.empty((ranks.shape[1], top))
    for place, own in enumerate(ranks.T):
        seen = own[~np.isnan(own)].astype(np.intp)
        counts[place] = np.bincount(seen, minlength=top + 1)[1:] / len(seen) if len(seen) else np.nan
    columns = pd.RangeIndex(1, top + 1, name="rank")
    return pd.DataFrame(counts, index=mc.ranks.columns, columns=columns)


def pairwise_probabilities(mc: MonteCarlo, *, round: str | None = None) -> pd.DataFrame:
    """Probability that the unit of the row is ahead of that of the column.

    Parameters
    ----------
    mc : MonteCarlo
    round : str, optional
        Needed when there are several.

    Returns
    -------
    DataFrame, shape (n_units, n_units)
        Share of the replicates, a tie half; p and 1 - p mirror each other; NaN on the diagonal.

    Raises
    ------
    TableError
        If there are several rounds and none is named, or there is no such round.
    """
    _check(mc, 0.5)
    rounds = list(mc.ranks.columns.get_level_values("round").unique())
    if (round is None and len(rounds) > 1) or (round is not None and round not in rounds):
        raise TableError(
            f"round={round!r}; expected one of {some(rounds, limit=12)}.",
            zh=f"round={round!r}；应为下列之一：{some_zh(rounds, limit=12)}。",
        )
    own = mc.ranks.columns.get_level_values("round") == (rounds[0] if round is None else round)
    ranks = np.ascontiguousarray(mc.ranks.to_numpy()[:, own].T)
    units = pd.Index(mc.ranks.columns[own].get_level_values("unit"), name="unit")
    ahead = np.full((len(units), len(units)), np.nan)
    for first, mine in enumerate(ranks):
        for second in range(first + 1, len(units)):
            theirs = ranks[second]
            met = len(mine) - np.count_nonzero(np.isnan(mine) | np.isnan(theirs))
            if met:
                won = np.count_nonzero(mine < theirs) + 0.5 * np.count_nonzero(mine == theirs)
                ahead[first, second], ahead[second, first] = won / met, 1 - won / met
    return pd.DataFrame(ahead, index=units, columns=units)


def interval_convergence(mc: MonteCarlo, *, level: float = 0.90, of: str = "ranks", steps: int = 10) -> pd.DataFrame:
    """How the intervals settle as replicates are added.

    Parameters
    ----------
    mc : MonteCarlo
    level, of
        As in `rank_intervals`.
    steps : int
        Numbers of replicates to look at, 2 or more, in equal ratios up to all of them.

    Returns
    -------
    DataFrame, index n
        ``width``: mean width of the intervals from the first n replicates; ``shift``: mean absolute
        difference of their ends from those with all replicates, ``largest_shift``: the largest one.

    Raises
    ------
    MethodError
        If `steps`, `level` or `of` is wrong.
    """
    choose("of", of, ("ranks", "scores"))
    _check(mc, level)
    if steps < 2:
        raise MethodError(f"steps={steps!r}; expected 2 or more.", zh=f"steps={steps!r}；应不小于 2。")
    values = (mc.ranks if of == "ranks" else mc.scores).to_numpy()
    sizes = np.unique(np.geomspace(min(20, len(values)), len(values), steps).astype(int))
    ends = [np.array(_summary(values[:size], level))[[0, 2]] for size in sizes]
    away = [np.abs(found - ends[-1]) for found in ends]
    return pd.DataFrame(
        {
            "width": [float(np.nanmean(high - low)) for low, high in ends],
            "shift": [float(np.nanmean(found)) for found in away],
            "largest_shift": [float(np.nanmax(found)) for found in away],
        },
        index=pd.Index(sizes, name="n"),
    )


def _check(mc: MonteCarlo, level: float) -> None:
    from vitality.analysis.monte_carlo import MonteCarlo

    if not isinstance(mc, MonteCarlo):
        raise TableError(
            f"mc: found {type(mc).__name__}; expected what monte_carlo gives.",
            zh=f"模拟结果 'mc'：给出的是 {type(mc).__name__}；应为 monte_carlo 的结果。",
        )
    require_number("level", level)
    if not is_share(level):
        raise bad_share(level, such_as=0.9)


def _summary(values: npt.NDArray[np.floating], level: float) -> tuple[Floats, Floats, Floats, Floats]:
    """Low, median, high and mean of every column, over the rows that have a value."""
    shares = [(1 - level) / 2, 0.5, (1 + level) / 2]
    out = np.full((4, values.shape[1]), np.nan)
    for place, own in enumerate(values.T):
        seen = own[~np.isnan(own)].astype(np.float64)
        if len(seen):
            out[:3, place], out[3, place] = np.quantile(seen, shares), seen.mean()
    return out[0], out[1], out[2], out[3]
