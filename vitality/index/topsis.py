"""TOPSIS: how near a unit is to the best values found, and how far from the worst."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.errors import TableError, some
from vitality.index.means import dot, observed
from vitality.index.messages import faults_zh
from vitality.weights.objective.preparation import prepare
from vitality.weights.options import choose

__all__ = ["closeness", "topsis"]

Floats = npt.NDArray[np.float64]


def topsis(
    matrix: pd.DataFrame, weights: pd.Series, *, direction: object = None, normalisation: str = "vector"
) -> pd.DataFrame:
    """Rank units by their closeness to the ideal one [1]_.

    Parameters
    ----------
    matrix : DataFrame or array, shape (n_units, n_indicators)
        Natural units, without gaps.
    weights : Series or array, shape (n_indicators,)
        Not negative, any scale; a Series is matched to the columns by name.
    direction : Series, mapping or sequence, optional
        ``benefit`` or ``cost`` (1 or -1, + or -) for each indicator; all benefit by default.
    normalisation : {"vector", "minmax", "sum", "maximum", "none"}
        ``vector`` divides a column by its Euclidean norm, ``sum`` by its sum, ``maximum`` by its largest
        absolute value; ``minmax`` puts it on 0 to 1.

    Returns
    -------
    DataFrame, index unit
        ``closeness``: 0 (at the worst point in everything) to 1 (at the best); ``rank``: 1 is the best, ties
        share the lowest. 0.5 for all where no indicator differs.

    Raises
    ------
    TableError
        If a value is missing or not finite, or a weight is missing, negative or not a number.
    MethodError
        If a direction or the normalisation is unknown.

    References
    ----------
    .. [1] Hwang, C. L. and Yoon, K. (1981). Multiple Attribute Decision Making. Springer.

    Examples
    --------
    >>> matrix = pd.DataFrame({"a": [5, 7, 8, 7], "b": [8, 6, 8, 4], "c": [4, 8, 6, 6]})
    >>> topsis(matrix, pd.Series({"a": 0.3, "b": 0.4, "c": 0.3})).round(4)["closeness"].tolist()
    [0.5037, 0.6581, 0.7482, 0.334]
    """
    choose("normalisation", normalisation, ("vector", "minmax", "sum", "maximum", "none"))
    table = prepare(matrix, direction)
    values = table.values
    own = _weights_of(weights, table.columns)
    low, high = values.min(axis=0), values.max(axis=0)
    size = {
        "vector": np.sqrt((values**2).sum(axis=0)),
        "minmax": high - low,
        "sum": values.sum(axis=0),
        "maximum": abs(values).max(axis=0),
        "none": np.ones(values.shape[1]),
    }[normalisation]
    with np.errstate(invalid="ignore", divide="ignore"):
        scaled = np.where(size != 0, (values - (low if normalisation == "minmax" else 0.0)) / size, 0.0)
    planes = [column[None, :] for column in np.where(table.cost, -scaled, scaled).T]
    found = pd.Series(_closeness(planes, own[None, :], gaps=False)[0], index=table.rows, name="closeness")
    ranks = found.round(12).rank(method="min", ascending=False).astype(int)
    return pd.DataFrame({"closeness": found, "rank": ranks})


def _weights_of(weights: object, columns: pd.Index) -> Floats:
    if isinstance(weights, pd.Series):
        unknown, missing = weights.index.difference(columns), columns.difference(weights.index)
        doubled = weights.index[weights.index.duplicated()].unique()
        if len(unknown) or len(missing) or len(doubled):
            raise TableError(
                f"weights: missing {some(missing) or 'none'}; unknown {some(unknown) or 'none'}. "
                "Expected one weight for each column of the matrix.",
                zh=f"weights：{faults_zh({'缺少': missing, '未知': unknown, '重复': doubled})}。"
                "矩阵的每一列应有一个权重。",
            )
        weights = weights.reindex(columns)
    own = np.asarray(weights, dtype=float)
    if own.shape != (len(columns),) or not np.isfinite(own).all() or (own < 0).any() or not own.sum() > 0:
        raise TableError(
            f"weights: found {own.tolist()}; expected {len(columns)} numbers of 0 or more, at least one above 0.",
            zh=f"weights：现为 {own.tolist()}；应为 {len(columns)} 个不小于 0 的数，至少一个大于 0。",
        )
    return own / own.sum()


def closeness(children: Sequence[Floats], weights: Floats, *, gaps: bool) -> Floats:
    """Closeness of every unit over planes where more is better, vector-normalised; 0 to 1.

    Parameters
    ----------
    children : sequence of arrays, shape (n_reps or 1, n_units)
    weights : array, shape (n_reps, n_children)
    gaps : bool
        A unit is compared with the ideal on the children that it has.
    """
    sizes = [np.sqrt(np.nansum(child**2, axis=1, keepdims=True)) for child in children]
    return _closeness(
        [child / np.where(size > 0, size, 1.0) for child, size in zip(children, sizes)], weights, gaps=gaps
    )


def _closeness(planes: Sequence[Floats], weights: Floats, *, gaps: bool) -> Floats:
    squares = weights**2
    below = [(plane - np.fmax.reduce(plane, axis=1)[:, None]) ** 2 for plane in planes]
    above = [(plane - np.fmin.reduce(plane, axis=1)[:, None]) ** 2 for plane in planes]
    below, total, _ = observed(below, squares, gaps=gaps)
    above, _, _ = observed(above, squares, gaps=gaps)
    to_best, to_worst = np.sqrt(dot(squares, below)), np.sqrt(dot(squares, above))
    apart = to_best + to_worst
    near = np.divide(to_worst, apart, out=np.full_like(apart, 0.5), where=apart > 0)
    return np.where(total > 0, near, np.nan)
