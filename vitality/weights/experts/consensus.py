"""How far experts agree, and signs that a set of judgements was not thought through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vitality.weights.kernels import Floats

__all__ = ["consensus_index", "count_cycles", "geometric_spread", "kendall_agreement", "straight_lined"]

_TIE = 1e-9


def consensus_index(weights: Floats, *, scale_maximum: float = 9.0) -> float:
    """Goepel's consensus S* of the experts' own weights.

    Parameters
    ----------
    weights : array, shape (n_experts, n)
        Rows sum to 1.
    scale_maximum : float
        Largest judgement of the scale (M); 9 for Saaty's.

    Returns
    -------
    float
        From 0 (every expert prefers another item as far as the scale allows) to 1 (all the same); NaN for
        a single expert, who has nobody to agree with, and for a single item.

    Notes
    -----
    D = exp(H_gamma - H_alpha), the exponential of the entropy of the mean weights minus the mean entropy,
    mapped so that 1 expert-equivalent gives 1 and the largest possible D gives 0
    (Goepel 2018, Int. J. Analytic Hierarchy Process 10(3), eqs 11-21).

    Examples
    --------
    >>> consensus_index(np.array([[0.9, 0.1], [0.1, 0.9]])), consensus_index(np.array([[0.7, 0.3]] * 3))
    (0.0, 1.0)
    """
    n_experts, n = weights.shape
    if n_experts < 2 or n < 2:
        return float("nan")
    diversity = np.exp(_entropy(weights.mean(axis=0)) - _entropy(weights).mean())
    top = scale_maximum / (n + scale_maximum - 1)
    low = 1 / (n + scale_maximum - 1)
    smallest = np.exp(-top * np.log(top) - (n - 1) * low * np.log(low)) / n
    return float(np.clip((1 / diversity - smallest) / (1 - smallest), 0.0, 1.0))


def _entropy(shares: Floats) -> Floats:
    logs = np.log(shares, where=shares > 0, out=np.zeros_like(shares))
    return np.asarray(-(shares * logs).sum(axis=-1))


def kendall_agreement(weights: Floats) -> tuple[float, float]:
    """Kendall's W of the rankings by the experts' own weights, corrected for ties, with its p.

    Parameters
    ----------
    weights : array, shape (n_experts, n)

    Returns
    -------
    w : float
        0 (no agreement) to 1 (the same ranking); NaN for one expert, one item or nothing but ties.
    p : float
        From chi-square with n - 1 degrees of freedom, m (n - 1) W; too large for few items.

    References
    ----------
    Kendall, M. G. & Babington Smith, B. (1939). Ann. Math. Statist. 10, 275-287.

    Examples
    --------
    >>> w, p = kendall_agreement(np.array([[0.5, 0.3, 0.2], [0.6, 0.3, 0.1]]))
    >>> w, round(p, 4)
    (1.0, 0.1353)
    """
    from scipy.special import chdtrc

    n_experts, n = weights.shape
    above = weights[:, :, None] > weights[:, None, :] * (1 + _TIE)
    higher = above.astype(float)
    ones = np.ones(n)
    ranks = 0.5 * (higher @ ones - ones @ higher + n + 1)
    tied = (1.0 - higher - higher.transpose(0, 2, 1)) @ ones
    ties = float((tied**2 - 1).sum())
    totals = ranks.sum(axis=0)
    spread = float(((totals - totals.mean()) ** 2).sum())
    largest = n_experts**2 * (n**3 - n) - n_experts * ties
    if n_experts < 2 or n < 2 or largest <= 0:
        return float("nan"), float("nan")
    w = 12 * spread / largest
    return w, float(chdtrc(n - 1, n_experts * (n - 1) * w))


def geometric_spread(stack: Floats) -> Floats:
    """Geometric standard deviation of every judgement over the experts.

    Parameters
    ----------
    stack : array, shape (n_experts, n, n)
        NaN where not judged.

    Returns
    -------
    array, shape (n, n)
        exp of the sample standard deviation of the logs: 1 = all the same, 2 = typically apart by a factor
        of two; NaN where fewer than two experts judged.
    """
    judged = ~np.isnan(stack)
    count = judged.sum(axis=0)
    logs = np.where(judged, np.log(stack), 0.0)
    mean = logs.sum(axis=0) / np.maximum(count, 1)
    squares = np.where(judged, (logs - mean) ** 2, 0.0).sum(axis=0)
    spread = np.exp(np.sqrt(squares / np.maximum(count - 1, 1)))
    return np.where(count > 1, spread, np.nan)


def count_cycles(stack: Floats) -> NDArray[np.int64]:
    """Three-way cycles of every matrix: a over b, b over c, and yet c over a.

    Parameters
    ----------
    stack : array, shape (n_experts, n, n)
        NaN where not judged.

    Returns
    -------
    array of int, shape (n_experts,)
    """
    above = (stack > 1 + _TIE).astype(np.float32)
    return np.rint(np.einsum("kij,kji->k", np.matmul(above, above), above) / 3).astype(np.int64)


def straight_lined(stack: Floats) -> NDArray[np.bool_]:
    """Whether every judgement of a matrix over at least three items is 1.

    Such a matrix is perfectly consistent (CR 0), which is why the CR does not show it.

    Parameters
    ----------
    stack : array, shape (n_experts, n, n)
        NaN where not judged; a matrix without any judgement is not flagged.

    Returns
    -------
    array of bool, shape (n_experts,)
    """
    n = stack.shape[-1]
    judged = ~np.isnan(stack)
    ones = np.abs(stack - 1) <= _TIE
    answered = judged.sum(axis=(1, 2)) - n
    return (ones == judged).all(axis=(1, 2)) & (answered > 0) & (n > 2)
