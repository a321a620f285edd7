"""One pass over a long table, block by block, so that no second copy of it is ever in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from vitality.weights.kernels import Floats

__all__ = ["blocks", "covariance", "fold", "ranges"]

_BLOCK_ROWS = 4096
_ABREAST = 16


def blocks(values: Floats) -> Iterator[tuple[Floats, int]]:
    """Views of the table, row blocks in order, with the number of rows that lie side by side in each.

    Where the memory allows it, 16 rows are laid side by side: numpy reduces few long rows several times
    faster than many short ones. `fold` puts what was reduced together again.

    Parameters
    ----------
    values : array, shape (n_units, n_indicators)

    Yields
    ------
    block : array, shape (rows, abreast * n_indicators)
    abreast : int

    Examples
    --------
    >>> table = np.arange(12.0).reshape(6, 2)
    >>> sum(fold(block.sum(axis=0), abreast) for block, abreast in blocks(table)).tolist()
    [30.0, 36.0]
    """
    m, n = values.shape
    wide = m // _ABREAST * _ABREAST if values.flags.c_contiguous else 0
    for start in range(0, wide, _BLOCK_ROWS):
        yield values[start : min(start + _BLOCK_ROWS, wide)].reshape(-1, _ABREAST * n), _ABREAST
    for start in range(wide, m, _BLOCK_ROWS):
        yield values[start : start + _BLOCK_ROWS], 1


def fold(totals: Floats, abreast: int) -> Floats:
    """Sums of the columns from sums of the columns of one block."""
    return totals if abreast == 1 else np.asarray(totals.reshape(abreast, -1).sum(axis=0))


def ranges(values: Floats) -> tuple[Floats, Floats]:
    """Smallest and largest value of every column; NaN where a column holds one.

    Examples
    --------
    >>> ranges(np.array([[1.0, 5.0], [3.0, 2.0]]))
    (array([1., 2.]), array([3., 5.]))
    """
    low = np.full(values.shape[1], np.inf)
    high = -low
    for block, abreast in blocks(values):
        low = np.minimum(low, block.min(axis=0).reshape(abreast, -1).min(axis=0))
        high = np.maximum(high, block.max(axis=0).reshape(abreast, -1).max(axis=0))
    return low, high


def covariance(values: Floats, origin: Floats, span: Floats) -> Floats:
    """Sample covariances of ``(values - origin) / span``, centred before they are multiplied.

    Parameters
    ----------
    values : array, shape (n_units, n_indicators)
    origin, span : array, shape (n_indicators,)
        Such that the scaled columns are near 0 .. 1, whatever their unit.

    Examples
    --------
    >>> covariance(np.array([[1.0, 5.0], [3.0, 2.0]]), np.zeros(2), np.ones(2)).tolist()
    [[2.0, -3.0], [-3.0, 4.5]]
    """
    m, n = values.shape
    total, products = np.zeros(n), np.zeros((n, n))
    for start in range(0, m, _BLOCK_ROWS):
        total += ((values[start : start + _BLOCK_ROWS] - origin) / span).sum(axis=0)
    for start in range(0, m, _BLOCK_ROWS):
        centred = (values[start : start + _BLOCK_ROWS] - origin) / span - total / m
        products += centred.T @ centred
    return products / (m - 1)
