"""Priorities of pairwise judgements, many matrices at a time: plain arrays in, plain arrays out.

Every function takes a stack of complete, checked matrices of shape (n_experts, n, n); one matrix is
a stack of one. Nothing here checks or labels: `judgements` does that before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["PRIORITY_METHODS", "Floats", "Priorities", "perron", "prioritise"]

Floats = NDArray[np.float64]

#: Ways to turn one matrix into weights, with the names that a report prints.
PRIORITY_METHODS: dict[str, tuple[str, str]] = {
    "eigenvector": ("特征向量法", "principal eigenvector"),
    "geometric_mean": ("方根法（几何平均）", "row geometric mean"),
    "column_mean": ("和法（列归一化平均）", "mean of normalised columns"),
}

_TOLERANCE = 1e-12
_BLOCK_CELLS = 12_000
_SQUARINGS = (4, 2, 2, 2, 2)  # between two looks: 16, 64, 256, ... 4096 steps of the power method


@dataclass(frozen=True, eq=False)
class Priorities:
    """Weights and consistency of a stack of matrices.

    Attributes
    ----------
    weights : array, shape (n_experts, n)
        Each row sums to 1.
    largest_eigenvalue : array, shape (n_experts,)
        Perron root, whatever the method of the weights; at least n.
    geometric_consistency_index : array, shape (n_experts,)
        0 for a matrix without contradiction, and for fewer than three items.
    """

    weights: Floats
    largest_eigenvalue: Floats
    geometric_consistency_index: Floats


def prioritise(stack: Floats, *, method: str = "eigenvector") -> Priorities:
    """Give weights, Perron root and geometric consistency index of every matrix of a stack.

    Parameters
    ----------
    stack : array, shape (n_experts, n, n)
        Positive reciprocal matrices, complete.
    method : {"eigenvector", "geometric_mean", "column_mean"}
        Already checked by the caller.

    Returns
    -------
    Priorities

    Notes
    -----
    The iteration runs on ``a_ij g_j / g_i`` with the row geometric means g: it has the same Perron root,
    entries near 1 and a nearly constant Perron vector, so that it neither overflows nor takes long.
    The geometric consistency index is 2 / ((n-1)(n-2)) times the sum over i < j of the squared logs of
    the same entries (Aguaron & Moreno-Jimenez 2003, EJOR 147, 137-145).

    Examples
    --------
    >>> found = prioritise(np.array([[[1, 3], [1 / 3, 1]]]))
    >>> found.weights.tolist(), found.largest_eigenvalue.tolist()
    ([[0.75, 0.25]], [2.0])
    """
    n = stack.shape[-1]
    if n < 3:
        first = stack[:, :, 0] / stack[:, :, 0].sum(axis=1, keepdims=True)
        return Priorities(first, np.full(len(stack), float(n)), np.zeros(len(stack)))
    step = max(_BLOCK_CELLS // (n * n), 1)
    if len(stack) <= step:
        return Priorities(*_one_block(stack, method))
    blocks = [_one_block(stack[start : start + step], method) for start in range(0, len(stack), step)]
    weights, root, index = (np.concatenate(parts) for parts in zip(*blocks))
    return Priorities(weights, root, index)


def _one_block(stack: Floats, method: str) -> tuple[Floats, Floats, Floats]:
    """Weights, Perron roots and consistency indices of so few matrices that they stay in the cache."""
    n = stack.shape[-1]
    logs = np.log(stack)
    means = logs @ np.full(n, 1 / n)  # a product: much faster than a mean over a short axis
    errors = logs - means[:, :, None] + means[:, None, :]
    index = np.einsum("kij,kij->k", errors, errors) / ((n - 1) * (n - 2))
    geometric = np.exp(means - means.max(axis=1, keepdims=True))
    vector, root = perron(np.exp(errors))
    if method == "eigenvector":
        weights = geometric * vector
    elif method == "geometric_mean":
        weights = geometric
    else:
        weights = (stack / stack.sum(axis=1, keepdims=True)).mean(axis=2)
    return weights / weights.sum(axis=1, keepdims=True), np.maximum(root, n), index


def perron(stack: Floats) -> tuple[Floats, Floats]:
    """Perron vector (sum 1) and Perron root of every non-negative primitive matrix of a stack.

    The power method by squaring: some squarings, then one plain step, until that step moves nothing by more
    than 1e-12. A matrix that has not settled after the equivalent of 4096 steps goes to `numpy.linalg.eig`.

    Parameters
    ----------
    stack : array, shape (n_experts, n, n)

    Returns
    -------
    vectors : array, shape (n_experts, n)
    roots : array, shape (n_experts,)

    Examples
    --------
    >>> vectors, roots = perron(np.array([[[1.0, 2.0], [0.5, 1.0]]]))
    >>> vectors.round(4).tolist(), roots.round(4).tolist()
    ([[0.6667, 0.3333]], [2.0])
    """
    ones = np.ones(stack.shape[-1])
    total = stack @ ones @ ones
    power = stack
    for squarings in _SQUARINGS:
        power = power / total[:, None, None]
        for _ in range(squarings):
            power = np.matmul(power, power)
        vectors = power @ ones
        total = vectors @ ones
        vectors /= total[:, None]
        stepped = np.matmul(stack, vectors[:, :, None])[:, :, 0]
        roots = stepped @ ones
        stepped /= roots[:, None]
        moved = np.abs(stepped - vectors)
        if moved.max() < _TOLERANCE:
            return stepped, roots
    late = moved.max(axis=1) >= _TOLERANCE
    stepped[late], roots[late] = _by_decomposition(stack[late])
    return stepped, roots


def _by_decomposition(stack: Floats) -> tuple[Floats, Floats]:
    values, right = np.linalg.eig(stack)
    best = values.real.argmax(axis=1)
    rows = np.arange(len(stack))
    vectors = np.abs(right[rows, :, best].real)
    return vectors / vectors.sum(axis=1, keepdims=True), values[rows, best].real
