"""Judgements mended until they are consistent enough: a proposal with its change table, never applied silently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from vitality.errors import JudgementError
from vitality.weights.ahp import ACCEPTED_RATIO, completed_matrix
from vitality.weights.cautions import ToldResult
from vitality.weights.incomplete import complete
from vitality.weights.inspection import SAATY_VALUES, nearest_saaty, ratio_of_roots, without_judgements
from vitality.weights.judgements import checked_matrix
from vitality.weights.kernels import perron, prioritise
from vitality.weights.options import choose, number
from vitality.weights.random_index import RANDOM_INDICES, RandomIndexName, random_index_value

if TYPE_CHECKING:
    from vitality.framework import Lang
    from vitality.weights.kernels import Floats

__all__ = ["Repair", "repair_judgements"]

Strategy = Literal["fewest", "smallest"]
Scale = Literal["saaty", "continuous"]

#: So many sets of judgements of one size are tried at most; beyond, the search goes on one judgement at a time.
_SETS_TRIED = 21_000
_SETS_AT_ONCE = 4_000
_SLACK = 1e-9
#: The best sets of a size that miss the target by less than this factor are tuned to their lowest ratio.
_CLOSE = 1.25
_LOOKED_AT_TWICE = 10


@dataclass(frozen=True, eq=False, repr=False)
class Repair(ToldResult):
    """Judgements that would be consistent enough, and what would have to change for that.

    Attributes
    ----------
    judgements : DataFrame, shape (n, n)
        The proposal; nothing uses it unless it is passed on.
    changes : DataFrame, one row a changed judgement
        ``item_a``, ``item_b``, ``given``, ``proposed``, ``factor`` (proposed over given or the reverse,
        whichever is above 1), largest first. Empty when nothing has to change.
    ratio_before, ratio_after : float
        Consistency ratios.
    recipe : mapping
        Target, strategy, scale, random index and, for ``fewest``, whether all smaller sets were tried.
    """

    judgements: pd.DataFrame
    changes: pd.DataFrame
    ratio_before: float
    ratio_after: float
    recipe: Mapping[str, object]

    def sentence(self, lang: Lang = "zh") -> str:
        """One sentence: how many judgements would change, and what that does to the ratio."""
        before, after, target = self.ratio_before, self.ratio_after, self.recipe["target"]
        if self.changes.empty:
            if lang == "zh":
                return f"CR = {before:.4f}，不大于 {target:g}，无需调整。"
            return f"CR = {before:.4f} is within {target:g}: nothing has to change."
        shown = [
            f"{row.item_a}–{row.item_b}: {row.given:.4g} → {row.proposed:.4g}"
            for row in self.changes.head(5).itertuples()
        ]
        more = len(self.changes) - len(shown)
        if lang == "zh":
            rest = f" 等 {len(self.changes)} 项" if more > 0 else ""
            return f"建议（须由专家确认）调整 {'；'.join(shown)}{rest}，CR 由 {before:.4f} 降至 {after:.4f}。"
        rest = f" and {more} more" if more > 0 else ""
        return (
            f"Proposal for the expert to confirm: {'; '.join(shown)}{rest}; CR falls from {before:.4f} to {after:.4f}."
        )

    def _repr_html_(self) -> str:
        return self._sentences_html() + self.changes.to_html(float_format="{:.4g}".format, index=False)


def repair_judgements(
    judgements: object,
    *,
    target: float = ACCEPTED_RATIO,
    strategy: Strategy = "fewest",
    scale: Scale = "saaty",
    random_index: RandomIndexName = "saaty_1980",
) -> Repair:
    """Propose changes after which the judgements are consistent enough. Ask the expert; never apply them unasked.

    Parameters
    ----------
    judgements : DataFrame or array-like, shape (n, n); or mapping of pairs
        As in `ahp_weights`, complete.
    target : float
        Consistency ratio to reach, 0 or more.
    strategy : {"fewest", "smallest"}
        ``fewest``: as few judgements as possible are replaced by what the others imply (Harker); among equally
        few, those that have to move least. ``smallest``: all judgements may move, and the sum of squared
        changes of their logarithms is as small as possible [1]_; the answer is unique and off Saaty's scale.
    scale : {"saaty", "continuous"}
        Only for ``fewest``: whether the proposals are values of Saaty's scale, 1/9 to 9, or any.
    random_index : str
        As in `ahp_weights`.

    Returns
    -------
    Repair

    Raises
    ------
    JudgementError
        As `ahp_weights`; if judgements are missing.
    MethodError
        If an option is not among its choices, or the target is negative.

    Notes
    -----
    ``fewest`` tries all sets of one judgement, of two, and so on [2]_, with Harker's values; of those that just
    miss the target the best ten are tuned to their lowest eigenvalue. Where the sets of one size are more than
    21,000 it goes on from the best set found, one judgement at a time, and the recipe says so.

    References
    ----------
    .. [1] The largest eigenvalue is convex in the logarithms of the judgements: Bozoki, S., Fulop, J. &
       Ronyai, L. (2010). Math. Comput. Modelling 52, 318-333.
    .. [2] Bozoki, S., Fulop, J. & Poesz, A. (2015). Central European J. Operations Research 23, 849-866.

    Examples
    --------
    >>> from vitality.weights import judgement_matrix
    >>> matrix = judgement_matrix([2, 4, 8, 2, "1/4", 2], ["people", "money", "venue", "rules"])
    >>> found = repair_judgements(matrix)
    >>> found.changes[["item_a", "item_b", "given", "proposed"]].to_dict("records")
    [{'item_a': 'money', 'item_b': 'rules', 'given': 0.25, 'proposed': 4.0}]
    """
    choose("strategy", strategy, ("fewest", "smallest"))
    choose("scale", scale, ("saaty", "continuous"))
    choose("random_index", random_index, RANDOM_INDICES)
    number(
        "target",
        target,
        lambda ratio: 0 <= ratio < np.inf,
        "a consistency ratio of 0 or more, such as 0.10",
        "不小于 0 的一致性比率，如 0.10",
    )
    items, matrix = checked_matrix(judgements)
    if np.isnan(matrix).any():
        _refuse_gaps(matrix, items)
    n = len(items)
    before = _ratio(matrix, random_index)
    recipe: dict[str, object] = {
        "target": float(target),
        "strategy": strategy,
        "scale": scale if strategy == "fewest" else "continuous",
        "random_index": random_index,
    }
    if before <= target + _SLACK:
        mended = matrix
    elif strategy == "smallest":
        limit = n + target * (n - 1) * random_index_value(n, table=random_index)
        mended = _smallest(matrix, limit)
    else:
        mended, recipe["all_smaller_sets_tried"] = _fewest(matrix, float(target), scale, random_index)
    return Repair(
        pd.DataFrame(mended, index=items, columns=items),
        _changes(matrix, mended, items),
        before,
        _ratio(mended, random_index),
        recipe,
    )


def _refuse_gaps(matrix: Floats, items: pd.Index) -> None:
    try:
        completed_matrix(matrix, items, incomplete="raise")
    except JudgementError as problem:
        raise JudgementError(
            f"{problem} A repair needs a complete matrix: pass the `judgements` of the completed result.",
            zh=f"{problem.message('zh')}修正需要完整的矩阵：可传入补全结果的 `judgements`。",
        ) from None


def _ratio(matrix: Floats, random_index: str) -> float:
    return float(ratio_of_roots(prioritise(matrix[None]).largest_eigenvalue, len(matrix), random_index)[0])


def _changes(before: Floats, after: Floats, items: pd.Index) -> pd.DataFrame:
    rows, columns = np.triu_indices(len(before), 1)
    given, proposed = before[rows, columns], after[rows, columns]
    table = pd.DataFrame(
        {
            "item_a": items[rows],
            "item_b": items[columns],
            "given": given,
            "proposed": proposed,
            "factor": np.maximum(given / proposed, proposed / given),
        }
    )
    changed = table[table["factor"] > 1 + 1e-12]
    return changed.sort_values("factor", ascending=False, kind="stable").reset_index(drop=True)


def _fewest(matrix: Floats, target: float, scale: str, random_index: str) -> tuple[Floats, bool]:
    """Matrix with the fewest judgements replaced, and whether all smaller sets were tried."""
    pairs = np.stack(np.triu_indices(len(matrix), 1), axis=1)
    best: tuple[int, ...] = ()
    for size in range(1, len(pairs) + 1):
        all_tried = comb(len(pairs), size) <= _SETS_TRIED
        sets: Iterator[tuple[int, ...]] = combinations(range(len(pairs)), size)
        if not all_tried:
            sets = ((*best, extra) for extra in range(len(pairs)) if extra not in best)
        within: list[tuple[float, Floats]] = []
        close: list[tuple[float, tuple[int, ...]]] = []
        for chunk in _chunks(sets):
            mended, ratio, moved = _with_replaced(matrix, pairs[chunk], scale, random_index)
            reached = np.flatnonzero(ratio <= target + _SLACK)
            if len(reached):
                least = reached[moved[reached].argmin()]
                within.append((float(moved[least]), mended[least]))
            for k in np.argsort(ratio, kind="stable")[:_LOOKED_AT_TWICE]:
                if np.isfinite(ratio[k]):
                    close.append((float(ratio[k]), tuple(chunk[k].tolist())))
        close = sorted(close)[:_LOOKED_AT_TWICE]
        if not within:
            for ratio_found, chosen in close:
                if ratio_found <= _CLOSE * target:
                    tuned = _tuned(matrix, pairs[list(chosen)], scale, random_index)
                    if _ratio(tuned, random_index) <= target + _SLACK:
                        within.append((float(np.abs(np.log(tuned / matrix)).sum()), tuned))
        if within:
            return min(within, key=lambda found: found[0])[1], all_tried
        if not close:
            break
        best = close[0][1]
    return _shrunk(matrix, target, scale, random_index), False


def _tuned(matrix: Floats, pairs: np.ndarray, scale: str, random_index: str) -> Floats:
    """The lowest ratio that these pairs alone can give: exactly, or value by value on Saaty's scale."""
    i, j = pairs[:, 0], pairs[:, 1]
    tuned = matrix.copy()
    tuned[i, j] = tuned[j, i] = np.nan
    tuned = complete(tuned, how="lambda_min")
    if scale == "continuous":
        return tuned
    tuned[i, j] = nearest_saaty(tuned[i, j])
    tuned[j, i] = 1 / tuned[i, j]
    lowest = _ratio(tuned, random_index)
    while True:
        for row, column in pairs:
            trials = np.repeat(tuned[None], len(SAATY_VALUES), axis=0)
            trials[:, row, column], trials[:, column, row] = SAATY_VALUES, 1 / SAATY_VALUES
            tuned = trials[int(prioritise(trials).largest_eigenvalue.argmin())]
        now = _ratio(tuned, random_index)
        if not now < lowest - 1e-12:
            return tuned
        lowest = now


def _chunks(sets: Iterator[tuple[int, ...]]) -> Iterator[np.ndarray]:
    chunk: list[tuple[int, ...]] = []
    for one in sets:
        chunk.append(one)
        if len(chunk) == _SETS_AT_ONCE:
            yield np.array(chunk)
            chunk = []
    if chunk:
        yield np.array(chunk)


def _with_replaced(matrix: Floats, subsets: np.ndarray, scale: str, random_index: str) -> tuple[Floats, Floats, Floats]:
    """Matrices with each subset of pairs replaced, their ratios (NaN: cannot be), and how far they moved."""
    values, _ = without_judgements(matrix, subsets)
    if scale == "saaty":
        values = nearest_saaty(values.ravel()).reshape(values.shape)
    possible = np.asarray(~np.isnan(values).any(axis=1))
    i, j = subsets[..., 0], subsets[..., 1]
    values = np.where(possible[:, None], values, matrix[i, j])
    stack = np.repeat(matrix[None], len(subsets), axis=0)
    which = np.arange(len(subsets))[:, None]
    stack[which, i, j] = values
    stack[which, j, i] = 1 / values
    ratio = ratio_of_roots(prioritise(stack).largest_eigenvalue, len(matrix), random_index)
    moved = np.abs(np.log(values / matrix[i, j])).sum(axis=1)
    return stack, np.where(possible, ratio, np.inf), moved


def _shrunk(matrix: Floats, target: float, scale: str, random_index: str) -> Floats:
    """Every judgement on its way to the ratio of the weights, as far as is needed."""
    weights = prioritise(matrix[None]).weights[0]
    ideal = weights[:, None] / weights
    for share in np.linspace(0.05, 1, 20):
        mended = matrix ** (1 - share) * ideal**share
        if scale == "saaty":
            upper = np.triu(np.exp(np.log(SAATY_VALUES)[_nearest(mended)]), 1)
            mended = upper + np.tril(1 / np.where(upper.T > 0, upper.T, 1.0), -1) + np.eye(len(matrix))
        if _ratio(mended, random_index) <= target + _SLACK:
            return mended
    return np.ones_like(matrix) if scale == "saaty" else ideal


def _nearest(matrix: Floats) -> np.ndarray:
    return np.abs(np.log(matrix)[..., None] - np.log(SAATY_VALUES)).argmin(axis=-1)


def _smallest(matrix: Floats, limit: float) -> Floats:
    """The matrix nearest in squared logs whose largest eigenvalue is at most `limit`: a convex problem."""
    from scipy.optimize import minimize

    n = len(matrix)
    rows, columns = np.triu_indices(n, 1)
    given = np.log(matrix[rows, columns])
    errors = np.log(prioritise(matrix[None], method="geometric_mean").weights[0])
    consistent = errors[rows] - errors[columns]

    def filled(logs: Floats) -> Floats:
        whole = np.ones((n, n))
        whole[rows, columns] = np.exp(logs)
        whole[columns, rows] = np.exp(-logs)
        return whole

    def room(logs: Floats) -> float:
        return limit - float(perron(filled(logs)[None])[1][0])

    def slope(logs: Floats) -> Floats:
        whole = filled(logs)
        right, left = perron(whole[None])[0][0], perron(whole.T[None])[0][0]
        product = left[:, None] * right[None, :] * whole / (left @ right)
        return product[columns, rows] - product[rows, columns]

    found = minimize(
        lambda logs: 0.5 * float(((logs - given) ** 2).sum()),
        0.5 * (given + consistent),
        jac=lambda logs: logs - given,
        method="SLSQP",
        constraints=[{"type": "ineq", "fun": room, "jac": slope}],
        options={"maxiter": 300, "ftol": 1e-14},
    )
    logs = found.x
    for share in (0.0, 1e-9, 1e-7, 1e-5, 1e-3, 0.1, 1.0):  # a hair towards consistency where the solver stopped short
        logs = (1 - share) * found.x + share * consistent
        if room(logs) >= -1e-12:
            break
    return filled(logs)
