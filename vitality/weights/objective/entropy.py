"""Entropy weights: the less evenly an indicator is spread over the units, the more it weighs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from vitality.errors import MethodError
from vitality.weights.cautions import Caution
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
from vitality.weights.options import choose, number

if TYPE_CHECKING:
    from vitality.weights.kernels import Floats

__all__ = ["column_entropies", "entropy_weights"]

HIGH_ENTROPY = 0.9
_WAYS = ("minmax", "shares")
_RECIPROCAL = (", because a cost column enters as its reciprocal", "（逆向指标以倒数进入）")


def entropy_weights(
    matrix: object,
    *,
    direction: object = None,
    normalisation: Literal["minmax", "shares"] | None = "minmax",
    shift: float = 0.0,
    margin: float = 0.0,
    formula: Literal["standard", "improved"] = "standard",
    zeros: Nonpositive = "keep",
    negatives: Nonpositive = "raise",
    missing: Missing = "raise",
    constant: Constant = "zero",
) -> ObjectiveWeights:
    """Entropy weights (熵值法): the less evenly an indicator is spread over the units, the more it weighs.

    Parameters
    ----------
    matrix : DataFrame, array-like of shape (n_units, n_indicators), or mapping of name to column
        Natural units; at least two units. Never changed, never copied as a whole.
    direction : mapping, Series or sequence, optional
        ``"benefit"`` or ``"cost"`` (1 or -1) for each column; None: more is better everywhere. ``"interval"``
        indicators must be mapped to their score first.
    normalisation : {"minmax", "shares"}
        ``minmax``: every column to 0 (worst) .. 1 (best). ``shares`` (also ``"sum"``, ``"none"`` or None):
        the values as they are, as in the original papers, which must not be negative; a column declared as
        a cost enters as its reciprocal and must be positive.
    shift : float
        Added to every value after the normalisation (0 or more); 0.01, 0.0001 and 1 are in use and move the
        weights, so that it is recorded. 0 ln 0 counts as 0, so that no shift is needed.
    margin : float
        Only for ``minmax``: map to ``margin .. 1 - margin`` instead, from 0 up to below 0.5.
    formula : {"standard", "improved"}
        ``improved`` gives weights in proportion to sum_k e_k + 1 - 2 e_j, which is in use for entropies near 1:
        it makes all weights nearly equal, whatever the data.
    zeros, negatives : {"raise", "shift", "keep"}
        Only for ``shares``. ``shift`` moves a column that has them up until its smallest value is 0.01 (the
        rule of SPSSAU), before costs are turned round, and records by how much. Zeros may be kept.
    missing : {"raise", "omit"}
        ``omit``: every column over the units that have it, with their number in its entropy.
    constant : {"zero", "raise"}
        A column on which the units do not differ gets weight 0, or is refused.

    Returns
    -------
    ObjectiveWeights
        ``details``: ``entropy`` (0 to 1), ``divergence`` (1 - entropy), ``zero_share`` (after the
        normalisation, before the shift), ``n_units``.

    Raises
    ------
    TableError
        If a value is NaN (unless omitted), infinite or out of range for ``shares``; if all columns are
        constant; if there are fewer than two units.
    MethodError
        If an option is not among its choices.

    Notes
    -----
    With p the shares of a column over its m units, e = -sum(p ln p) / ln m and w = (1 - e) / sum(1 - e) [1]_.
    The weights follow numerical spread, not discrimination of ranks, and many zeros inflate them [2]_.

    References
    ----------
    .. [1] Shannon, C. E. (1948). Bell System Technical Journal 27, 379-423; Xu, X. (2004). European J.
       Operational Research 156, 530-532.
    .. [2] Zhu, Y., Tian, D. & Yan, F. (2020). Math. Problems in Engineering, 3564835.

    Examples
    --------
    >>> import pandas as pd
    >>> matrix = pd.DataFrame({"C31": [1, 2, 3, 4], "C32": [1, 1, 1, 7], "D11": [2, 2, 3, 3]})
    >>> found = entropy_weights(matrix, normalisation="shares")
    >>> found.weights.round(4).to_dict()
    {'C31': 0.1859, 'C32': 0.7789, 'D11': 0.0352}
    >>> found.warnings
    ("'C32' carries 78% of the weight alone.",)
    """
    way = "shares" if normalisation in (None, "none", "sum") else choose("normalisation", normalisation, _WAYS)
    choose("formula", formula, ("standard", "improved"))
    choose("zeros", zeros, ("keep", "shift", "raise"))
    choose("negatives", negatives, ("raise", "shift"))
    _check_shift(shift, margin, way)
    table = prepare(matrix, direction, missing=missing, constant=constant)
    if way == "shares":
        inverted = table.cost & ~table.constant if zeros == "keep" else None
        table = require_positive(table, zeros=zeros, negatives=negatives, needs=inverted, why=_RECIPROCAL)
    origin, factor = _scale(table, way)
    entropy, zero_share = column_entropies(table, origin, factor, margin=margin, shift=shift)
    divergence = np.where(table.constant, 0.0, np.maximum(1 - entropy, 0.0))
    details = {"entropy": entropy, "divergence": divergence, "zero_share": zero_share}
    cost_columns = "minimum and maximum change places" if way == "minmax" else "reciprocal"
    information = divergence
    if formula == "improved":
        entropies = entropy[table.varying]
        information = table.spread_out(entropies.sum() + 1 - 2 * entropies)
    found = shared_out(
        "entropy",
        information,
        details,
        table,
        normalisation=way,
        cost_columns=cost_columns,
        shift=float(shift),
        margin=float(margin),
        formula=formula,
        zero_terms="0 ln 0 = 0",
    )
    return _with_high_entropy(found)


def column_entropies(
    table: Prepared, origin: Floats, factor: Floats, *, margin: float = 0.0, shift: float = 0.0
) -> tuple[Floats, Floats]:
    """Entropy and share of zeros of every column, 0 to 1, in one pass over the table.

    Parameters
    ----------
    table : Prepared
    origin, factor : array, shape (n_indicators,)
        The columns enter as ``(x - origin) * factor``, or, where `origin` is NaN, as ``factor / x``.
    margin, shift : float
        As in `entropy_weights`.

    Returns
    -------
    entropy, zero_share : array, shape (n_indicators,)

    Notes
    -----
    With s = sum x, e = (ln s - sum(x ln x) / s) / ln m: the shares themselves are never formed.
    """
    n = len(table.columns)
    total, weighted, others = np.zeros(n), np.zeros(n), np.zeros(n)
    inverse = np.isnan(origin)
    for block, abreast in blocks(table.values):
        wide = [np.tile(part, abreast) for part in (np.where(inverse, 0.0, origin), factor)]
        scaled = block - wide[0]
        if inverse.any():
            turned = np.tile(inverse, abreast)
            scaled[:, turned] = 1 / scaled[:, turned]
        scaled *= wide[1]
        absent = np.isnan(scaled) if (table.counts < len(table.values)).any() else None
        others += fold(np.count_nonzero(scaled, axis=0), abreast)
        if margin or shift:
            scaled *= 1 - 2 * margin
            scaled += margin + shift
        if absent is not None:
            scaled[absent] = 0.0
        total += fold(scaled.sum(axis=0), abreast)
        logs = np.maximum(scaled, np.finfo(float).tiny)
        np.log(logs, out=logs)
        logs *= scaled
        weighted += fold(logs.sum(axis=0), abreast)
    usable = ~table.constant & (table.counts > 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        entropy = (np.log(total) - weighted / total) / np.log(table.counts)
    zero_share = (len(table.values) - others) / np.maximum(table.counts, 1)
    return np.where(usable, entropy, 1.0), np.where(usable, zero_share, 0.0)


def _scale(table: Prepared, way: str) -> tuple[Floats, Floats]:
    """Origin and factor by which the columns are brought near 0 .. 1."""
    span = np.where(table.constant, 1.0, table.high - table.low)
    if way == "minmax":
        return np.where(table.cost, table.high, table.low), np.where(table.cost, -1, 1) / span
    largest = np.where(table.constant, 1.0, table.high)
    return np.where(table.cost, np.nan, 0.0), np.where(table.cost, table.low, 1 / largest)


def _check_shift(shift: float, margin: float, normalisation: str) -> None:
    number("shift", shift, lambda x: 0 <= x < np.inf, "a number of 0 or more, such as 0.01", "不小于 0 的数，如 0.01")
    number(
        "margin",
        margin,
        lambda x: 0 <= x < 0.5,
        "a number from 0 to below 0.5, such as 0.002",
        " 0 至 0.5（不含）的数，如 0.002",
    )
    if margin and normalisation != "minmax":
        raise MethodError(
            f"margin={margin!r} belongs to normalisation='minmax'; found {normalisation!r}.",
            zh=f"margin={margin!r} 只用于 normalisation='minmax'；现为 {normalisation!r}。",
        )


def _with_high_entropy(found: ObjectiveWeights) -> ObjectiveWeights:
    if not (found.details["entropy"] > HIGH_ENTROPY).all():
        return found
    caution = Caution(
        f"所有指标的熵值均高于 {HIGH_ENTROPY}：单位之间差异很小，熵权不稳定。",
        f"every entropy is above {HIGH_ENTROPY}: the units hardly differ, and small changes move the weights.",
    )
    return ObjectiveWeights(found.weights, found.details, (caution, *found.cautions), found.recipe)
