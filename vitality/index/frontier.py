"""Benefit of the doubt: each unit is scored with the weights that suit it best, by one linear programme."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from vitality.errors import MethodError

__all__ = ["benefit_of_the_doubt"]

Floats = npt.NDArray[np.float64]


def benefit_of_the_doubt(children: Sequence[Floats], weights: Floats, bounds: tuple[float, float]) -> Floats:
    """Scores up to 100, that of a unit which no other beats under its own best weights.

    For a unit u the score is the largest ``sum_k w_k x_uk`` with ``w >= 0`` and ``sum_k w_k x_vk <= 1`` for
    every unit v; the share of a child in it lies within `bounds`. The weights of the framework only say
    which children take part. A child that a unit lacks does not take part in its own programme, and counts 0
    where the unit is a peer of others.

    Parameters
    ----------
    children : sequence of arrays, shape (n_reps or 1, n_units)
        0 or more.
    weights : array, shape (n_reps, n_children)
    bounds : tuple of two floats
        Smallest and largest share.

    Raises
    ------
    MethodError
        If the bounds leave no room for shares that sum to 1.
    """
    scores = np.empty((len(weights), children[0].shape[1]))
    solved: dict[bytes, Floats] = {}
    for rep, own in enumerate(weights):
        values = np.array([child[min(rep, len(child) - 1)] for child in children])[own > 0]
        key = values.tobytes()
        if key not in solved:
            solved[key] = _scores(values.T, bounds)
        scores[rep] = solved[key]
    return scores


def _scores(values: Floats, bounds: tuple[float, float]) -> Floats:
    n_units, n = values.shape
    low, high = bounds
    if n > 1 and (low * n > 1 + 1e-12 or high * n < 1 - 1e-12):
        raise MethodError(
            f"bounds={bounds!r}: the shares of {n} children of one node cannot sum to 1; expected a lowest share of "
            f"at most {1 / n:.3g} and a highest of at least {1 / n:.3g}.",
            zh=f"bounds={bounds!r}：同一节点之下 {n} 项的份额之和无法等于 1；"
            f"下限应不大于 {1 / n:.3g}，上限应不小于 {1 / n:.3g}。",
        )
    peers = np.nan_to_num(values, nan=0.0)
    top = peers.max(axis=0)
    peers = peers / np.where(top > 0, top, 1.0)
    there = ~np.isnan(values)
    found = np.full(n_units, np.nan)
    for unit in np.flatnonzero(there.any(axis=1)).tolist():
        found[unit] = 100.0 * _best_for(peers[unit, there[unit]], peers[:, there[unit]], bounds)
    return found


def _best_for(own: Floats, peers: Floats, bounds: tuple[float, float]) -> float:
    from scipy.optimize import linprog

    n = len(own)
    low, high = min(bounds[0], 1 / n), max(bounds[1], 1 / n)
    rows, limits = [peers], [np.ones(len(peers))]
    if low > 0:
        rows.append(low * own[None, :] - np.diag(own))
        limits.append(np.zeros(n))
    if high < 1:
        rows.append(np.diag(own) - high * own[None, :])
        limits.append(np.zeros(n))
    done = linprog(-own, A_ub=np.vstack(rows), b_ub=np.concatenate(limits), bounds=(0, None), method="highs")
    if done.status != 0:
        raise MethodError(
            f"benefit of the doubt: the linear programme ended with {done.message!r}.",
            zh=f"“疑点利益”（BoD）数据包络法：线性规划没有求得解，求解程序报告 {done.message!r}。",
        )
    return float(-done.fun) + 0.0
