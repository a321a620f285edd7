"""Weights by plain spread: standard deviation, coefficient of variation, Gini coefficient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from vitality.errors import TableError, some, some_zh
from vitality.weights.objective.columns import blocks, fold
from vitality.weights.objective.preparation import (
    Constant,
    Missing,
    Nonpositive,
    Prepared,
    prepare,
    require_positive,
)
from vitality.weights.objective.result import ObjectiveWeights, shared_out
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.weights.kernels import Floats

__all__ = ["cv_weights", "gini_weights", "sd_weights"]

Scaling = Literal["minmax", "none"]


def sd_weights(
    matrix: object,
    *,
    direction: object = None,
    normalisation: Scaling | None = "minmax",
    missing: Missing = "raise",
    constant: Constant = "zero",
) -> ObjectiveWeights:
    """Weights in proportion to the standard deviation of the normalised columns (标准差法).

    Parameters
    ----------
    matrix : DataFrame, array-like of shape (n_units, n_indicators), or mapping of name to column
    direction : mapping, Series or sequence, optional
        As in `entropy_weights`; recorded. The spread of a column is the same in either direction.
    normalisation : {"minmax", "none"}
        ``minmax``: every column to 0 .. 1 first, as the method was proposed [1]_. ``none`` (or None): the
        values as they are, which only makes sense when all columns have the same unit.
    missing : {"raise", "omit"}
        ``omit``: every column over the units that have it.
    constant : {"zero", "raise"}
        As in `entropy_weights`.

    Returns
    -------
    ObjectiveWeights
        ``details``: ``mean`` and ``deviation`` (sample standard deviation) after the normalisation, ``n_units``.

    Raises
    ------
    TableError, MethodError
        As `entropy_weights`.

    References
    ----------
    .. [1] Diakoulaki, D., Mavrotas, G. & Papayannakis, L. (1995). Computers & Operations Research 22, 763-770.

    Examples
    --------
    >>> sd_weights([[1, 10], [2, 10], [3, 40]]).weights.round(4).tolist()
    [0.4641, 0.5359]
    """
    table, way, mean, deviation = _moments(matrix, direction, normalisation, missing, constant)
    details = {"mean": mean, "deviation": deviation}
    return shared_out("sd", deviation, details, table, normalisation=way)


def cv_weights(
    matrix: object,
    *,
    direction: object = None,
    normalisation: Scaling | None = "none",
    negatives: Nonpositive = "raise",
    missing: Missing = "raise",
    constant: Constant = "zero",
) -> ObjectiveWeights:
    """Weights in proportion to the coefficient of variation, sd / mean (变异系数法).

    Parameters
    ----------
    matrix : DataFrame, array-like of shape (n_units, n_indicators), or mapping of name to column
    direction : mapping, Series or sequence, optional
        As in `entropy_weights`. Without a normalisation it only is recorded, because neither the standard
        deviation nor the mean of the values knows a direction.
    normalisation : {"none", "minmax"}
        ``none`` (or None): the values as they are, which is the usual form. ``minmax``: every column to
        0 (worst) .. 1 (best) first.
    negatives : {"raise", "keep", "shift"}
        ``keep``: divide by the absolute value of the mean, which explodes near a mean of 0. ``shift``: as in
        `entropy_weights`. Only without a normalisation.
    missing : {"raise", "omit"}
        ``omit``: every column over the units that have it.
    constant : {"zero", "raise"}
        As in `entropy_weights`.

    Returns
    -------
    ObjectiveWeights
        ``details``: ``mean``, ``deviation`` (sample standard deviation), ``variation`` (their quotient),
        ``zero_share``, ``n_units``.

    Raises
    ------
    TableError
        As `entropy_weights`; if the mean of a column is 0.
    MethodError

    Examples
    --------
    >>> cv_weights({"x1": [10, 20, 15], "x2": [5, 10, 8]}).weights.round(6).to_dict()
    {'x1': 0.503839, 'x2': 0.496161}
    """
    choose("negatives", negatives, ("raise", "keep", "shift"))
    table, way, mean, deviation = _moments(matrix, direction, normalisation, missing, constant, negatives)
    hollow = ~table.constant & (np.abs(mean) <= 1e-12 * np.maximum(np.abs(table.low), np.abs(table.high)))
    if hollow.any():
        named = table.columns[hollow]
        raise TableError(
            f"matrix: the mean of {some(named)} is 0, so that it has no coefficient of variation. Use sd_weights, or "
            "normalisation='minmax'.",
            zh=f"数据表：{some_zh(named)} 的均值为 0，没有变异系数。请改用 sd_weights 或 normalisation='minmax'。",
        )
    variation = np.divide(deviation, np.abs(mean), where=~table.constant, out=np.zeros(len(mean)))
    details = {"mean": mean, "deviation": deviation, "variation": variation, "zero_share": table.zero_share}
    return shared_out("cv", variation, details, table, normalisation=way)


def gini_weights(
    matrix: object,
    *,
    direction: object = None,
    normalisation: Scaling | None = "none",
    negatives: Nonpositive = "raise",
    missing: Missing = "raise",
    constant: Constant = "zero",
) -> ObjectiveWeights:
    """Weights in proportion to the Gini coefficient of each column (基尼系数法).

    Parameters
    ----------
    matrix : DataFrame, array-like of shape (n_units, n_indicators), or mapping of name to column
    direction : mapping, Series or sequence, optional
        As in `entropy_weights`. Without a normalisation it only is recorded.
    normalisation : {"none", "minmax"}
        ``none`` (or None): the values as they are. ``minmax``: every column to 0 (worst) .. 1 (best) first.
    negatives : {"raise", "shift"}
        As in `entropy_weights`: a Gini coefficient needs values of 0 or more. Only without a normalisation.
    missing : {"raise", "omit"}
        ``omit``: every column over the units that have it.
    constant : {"zero", "raise"}
        As in `entropy_weights`.

    Returns
    -------
    ObjectiveWeights
        ``details``: ``gini`` (0 to 1), ``zero_share``, ``n_units``.

    Raises
    ------
    TableError, MethodError
        As `entropy_weights`.

    Notes
    -----
    G = sum over all pairs of |x_i - x_k| / (2 m^2 mean), computed from the sorted column.

    References
    ----------
    Li, G., Cheng, X., Dong, L. & Chi, G. (2009). In: Proc. Int. Conf. Management Science & Engineering;
    Gini, C. (1912). Variabilita e mutabilita.

    Examples
    --------
    >>> found = gini_weights({"even": [2, 2, 2, 3], "uneven": [0, 0, 0, 9]})
    >>> found.details["gini"].round(4).to_dict()
    {'even': 0.0833, 'uneven': 0.75}
    """
    choose("negatives", negatives, ("raise", "shift"))
    table, way = _prepared(matrix, direction, normalisation, missing, constant, negatives)
    gini = np.zeros(len(table.columns))
    for j in table.varying:
        column = _scaled(table.values[:, j], table, j, way)
        ordered = np.sort(column[~np.isnan(column)])
        m = len(ordered)
        gini[j] = (2 * np.arange(1, m + 1) - m - 1) @ ordered / (m * ordered.sum())
    details = {"gini": gini, "zero_share": table.zero_share}
    return shared_out("gini", gini, details, table, normalisation=way)


def _prepared(
    matrix: object, direction: object, normalisation: str | None, missing: str, constant: str, negatives: str = "keep"
) -> tuple[Prepared, str]:
    way = choose("normalisation", "none" if normalisation is None else normalisation, ("minmax", "none"))
    table = prepare(matrix, direction, missing=missing, constant=constant)
    if way == "none" and negatives != "keep":
        table = require_positive(table, zeros="keep", negatives=negatives)
    return table, way


def _moments(
    matrix: object, direction: object, normalisation: str | None, missing: str, constant: str, negatives: str = "keep"
) -> tuple[Prepared, str, Floats, Floats]:
    """Mean and sample standard deviation of every column after the normalisation."""
    table, way = _prepared(matrix, direction, normalisation, missing, constant, negatives)
    counts = np.maximum(table.counts, 1)
    gaps = bool((table.counts < len(table.values)).any())
    low = np.where(np.isnan(table.low), 0.0, table.low)
    span = np.where(table.constant, 1.0, table.high - low)
    total, squares = np.zeros(len(counts)), np.zeros(len(counts))
    for block, abreast in blocks(table.values):
        share = (block - np.tile(low, abreast)) / np.tile(span, abreast)
        total += fold(np.nansum(share, axis=0) if gaps else share.sum(axis=0), abreast)
    mean = total / counts
    for block, abreast in blocks(table.values):
        off = (block - np.tile(low, abreast)) / np.tile(span, abreast) - np.tile(mean, abreast)
        if gaps:
            off[np.isnan(off)] = 0.0
        squares += fold(np.einsum("ij,ij->j", off, off), abreast)
    deviation = np.where(table.constant, 0.0, np.sqrt(squares / np.maximum(table.counts - 1, 1)))
    if way == "minmax":
        return table, way, np.where(table.cost, 1 - mean, mean), deviation
    return table, way, low + mean * span, deviation * span


def _scaled(column: Floats, table: Prepared, j: int, way: str) -> Floats:
    if way == "none":
        return column
    span = table.high[j] - table.low[j]
    return (table.high[j] - column if table.cost[j] else column - table.low[j]) / span
