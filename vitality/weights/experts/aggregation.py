"""Means over experts: of their judgements, and of their weights; with everybody, and without each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vitality.weights.kernels import prioritise

if TYPE_CHECKING:
    from vitality.weights.kernels import Floats

__all__ = ["judgements_without_each", "mean_logs", "mean_priorities"]


def mean_logs(stack: Floats, shares: Floats) -> Floats:
    """Log of the weighted geometric mean of the judgements, each over the experts who gave it.

    Parameters
    ----------
    stack : array, shape (n_experts, n, n)
        NaN where not judged.
    shares : array, shape (n_experts,) or (n_groups, n_experts)
        Weights of the experts; one group or many at a time.

    Returns
    -------
    array, shape (n, n) or (n_groups, n, n)
        NaN where nobody judged.

    Examples
    --------
    >>> stack = np.array([[[1, 2], [1 / 2, 1]], [[1, 8], [1 / 8, 1]]])
    >>> np.exp(mean_logs(stack, np.array([0.5, 0.5]))).round(3).tolist()
    [[1.0, 4.0], [0.25, 1.0]]
    """
    logs = np.log(stack)
    judged = ~np.isnan(logs)
    if judged.all():
        return np.asarray(np.tensordot(shares, logs, axes=1)) / _total(shares)
    total = np.tensordot(shares, np.where(judged, logs, 0.0), axes=1)
    weight = np.tensordot(shares, judged.astype(float), axes=1)
    return np.divide(total, weight, where=weight > 0, out=np.full(total.shape, np.nan))


def _total(shares: Floats) -> Floats:
    return np.asarray(shares.sum(axis=-1))[..., None, None]


def judgements_without_each(stack: Floats, shares: Floats, logs: Floats, method: str) -> Floats:
    """Group weights with one expert left out, for every expert; NaN when nobody else is left.

    `logs` are those of the group's matrix with everyone.
    """
    n_experts, n = stack.shape[:2]
    if n_experts < 2:
        return np.full((n_experts, n), np.nan)
    if np.isnan(stack).any():
        rest = mean_logs(stack, shares * ~np.eye(n_experts, dtype=bool))
        rest = np.where(np.isnan(rest), logs, rest)  # nobody else judged it: the group's value stays
    else:
        rest = (logs - shares[:, None, None] * np.log(stack)) / (1 - shares)[:, None, None]
    return prioritise(np.exp(rest), method=method).weights


def mean_priorities(own: Floats, shares: Floats, *, geometric: bool) -> tuple[Floats, Floats]:
    """Weighted mean of the experts' own weights, sum 1, and the same without each expert.

    Parameters
    ----------
    own : array, shape (n_experts, n)
    shares : array, shape (n_experts,)
        Sum 1.
    geometric : bool
        Whether the mean is geometric, else arithmetic.

    Returns
    -------
    mean : array, shape (n,)
    without : array, shape (n_experts, n)
        NaN when nobody else is left.
    """
    own = np.log(own) if geometric else own
    mean = shares @ own
    with np.errstate(invalid="ignore", divide="ignore"):
        rest = (mean - shares[:, None] * own) / (1 - shares)[:, None]
    if geometric:
        mean, rest = np.exp(mean), np.exp(rest)
    return mean / mean.sum(), rest / rest.sum(axis=1, keepdims=True)
