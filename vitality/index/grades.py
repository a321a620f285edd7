"""Grades: fixed cuts, quartiles, or the natural breaks that split the scores best."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.errors import MethodError, TableError, some, some_zh
from vitality.framework.parts import Grade
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.framework import Lang

__all__ = ["DEFAULT_CUTS", "grade", "natural_breaks"]

#: An assumption of the framework's draft, best first; pass ``cuts`` for others.
DEFAULT_CUTS = {"优": 85.0, "良": 70.0, "中": 60.0, "差": 0.0}
Floats = npt.NDArray[np.float64]


def grade(
    scores: pd.Series,
    *,
    rule: str = "fixed",
    cuts: Mapping[str, float] | Iterable[Grade] | None = None,
    lang: Lang = "zh",
) -> pd.Series:
    """Give each score a grade.

    Parameters
    ----------
    scores : Series
        0 to 100, such as ``result.scores["V"]``; NaN gets no grade.
    rule : {"fixed", "quartiles", "natural_breaks"}
        ``fixed``: the cuts. ``quartiles``: a quarter of the units each (linear quantiles; a score on a
        quartile earns the better grade). ``natural_breaks``: the split with the smallest sum of squares
        inside the classes, found exactly [1]_; units with the same score stay together. The last two are
        relative to the units at hand, and use only the names of the cuts.
    cuts : mapping or iterable of Grade, optional
        Name -> lowest score that earns the grade, or ``framework.grades``; 优 85, 良 70, 中 60, 差 0 by
        default.
    lang : {"zh", "en"}
        Language of the names of `Grade` objects.

    Returns
    -------
    Series
        Ordered categories, worst to best; the index of `scores`.

    Raises
    ------
    MethodError
        If the rule is unknown, or the cuts are empty, not numbers, or name a grade or a score twice.
    TableError
        If `scores` is not a Series, lies below the lowest cut, or has fewer values than there are classes.

    References
    ----------
    .. [1] Fisher, W. D. (1958). On grouping for maximum homogeneity. JASA 53, 789-798.

    Examples
    --------
    >>> grade(pd.Series([90.0, 70.0, 69.9])).tolist()
    ['优', '良', '中']
    """
    choose("rule", rule, ("fixed", "quartiles", "natural_breaks"))
    if not isinstance(scores, pd.Series):
        raise TableError(
            f"scores: found {type(scores).__name__}; expected the Series of one node, such as result.scores['V'].",
            zh=f"scores：得到的是 {type(scores).__name__}，应为单个节点的 Series，例如 result.scores['V']。",
        )
    named = _checked_cuts(cuts, lang)
    names, values = [name for name, _ in named], scores.to_numpy(dtype=float, na_value=np.nan)
    seen = ~np.isnan(values)
    if rule == "fixed":
        lows = np.array([low for _, low in named])
        below = scores[seen & (values < lows[0])]
        if len(below):
            raise TableError(
                f"scores: {some(below.tolist())} below the lowest cut, {names[0]!r} from {lows[0]:g}; "
                "expected a grade for every score. Add a lower cut.",
                zh=f"scores：{some_zh(below.tolist())} 低于最低的分界（{names[0]!r} 从 {lows[0]:g} 起），"
                "每个得分都应有等级。请增设更低的分界。",
            )
    elif rule == "quartiles":
        if len(names) != 4:
            raise MethodError(
                f"rule='quartiles' needs four names; cuts has {len(names)}: {some(names)}.",
                zh=f"rule='quartiles' 需要四个等级名称，cuts 中有 {len(names)} 个：{some_zh(names)}。",
            )
        lows = np.quantile(values[seen], [0.0, 0.25, 0.5, 0.75]) if seen.any() else np.zeros(4)
    else:
        lows = natural_breaks(values[seen], len(names)) if seen.any() else np.zeros(len(names))
    places = np.searchsorted(lows, values, side="right") - 1
    codes: list[int] = np.where(seen, places, -1).tolist()
    categories = pd.Categorical.from_codes(codes, categories=pd.Index(names), ordered=True)
    return pd.Series(categories, index=scores.index, name="grade")


def _checked_cuts(cuts: Mapping[str, float] | Iterable[Grade] | None, lang: Lang) -> list[tuple[str, float]]:
    """Names with their lowest scores, worst first."""
    if cuts is None:
        pairs = list(DEFAULT_CUTS.items())
    elif isinstance(cuts, Mapping):
        pairs = [(str(name), float(low)) for name, low in cuts.items()]
    else:
        pairs = [(item.label(lang), item.minimum) for item in cuts]
    pairs.sort(key=lambda pair: pair[1])
    twice = any(low == high for (_, low), (_, high) in pairwise(pairs))
    if not pairs or twice or len(dict(pairs)) < len(pairs) or any(np.isnan(low) for _, low in pairs):
        raise MethodError(
            f"cuts: found {some(pairs)}; expected at least one grade, each with a name and a lowest "
            "score of its own, such as {'优': 85, '良': 70, '中': 60, '差': 0}.",
            zh=f"cuts：现为 {some_zh(pairs)}；应至少有一个等级，名称和最低分各不相同，"
            "例如 {'优': 85, '良': 70, '中': 60, '差': 0}。",
        )
    return pairs


def natural_breaks(values: npt.ArrayLike, classes: int) -> Floats:
    """Find the classes with the smallest sum of squares inside them, exactly.

    Parameters
    ----------
    values : array-like, shape (n,)
        Finite numbers.
    classes : int
        Number of classes, 1 or more.

    Returns
    -------
    array, shape (classes,)
        Lowest value of each class, rising.

    Raises
    ------
    TableError
        If there are fewer different values than classes.

    Notes
    -----
    Dynamic programming over the sorted different values, weighted by how often they occur; time grows with
    ``classes * n**2``, memory with ``classes * n``.

    Examples
    --------
    >>> natural_breaks([1, 2, 2, 10, 11, 30], 3).tolist()
    [1.0, 10.0, 30.0]
    """
    points, counts = np.unique(np.asarray(values, dtype=float), return_counts=True)
    n = len(points)
    if classes > n:
        raise TableError(
            f"natural breaks: {n} different scores for {classes} classes; expected at least as many. "
            "Use fixed cuts, or fewer grades.",
            zh=f"自然断点法：{n} 个不同的得分要分成 {classes} 类，得分数不应少于类数。请改用固定分界，或减少等级。",
        )
    shifted = points - points.mean()  # keeps the running sums of squares exact
    count = np.concatenate([[0.0], np.cumsum(counts)])
    total = np.concatenate([[0.0], np.cumsum(counts * shifted)])
    square = np.concatenate([[0.0], np.cumsum(counts * shifted**2)])

    def inside(end: int) -> Floats:
        """Sum of squares of the class from each start below `end` up to `end`."""
        m, t = count[end] - count[:end], total[end] - total[:end]
        return square[end] - square[:end] - t**2 / m

    best = np.full(n + 1, np.inf)
    best[0] = 0.0
    starts = np.zeros((classes, n + 1), dtype=np.intp)
    for number in range(classes):
        now = np.full(n + 1, np.inf)
        for end in range(number + 1, n + 1):
            cost = best[:end] + inside(end)
            starts[number, end] = np.argmin(cost)
            now[end] = cost[starts[number, end]]
        best = now
    lows, end = [], n
    for number in range(classes - 1, -1, -1):
        end = int(starts[number, end])
        lows.append(points[end])
    return np.array(lows[::-1])
