"""Matrices with judgements left out: three ways to complete them, and when that is impossible."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vitality.errors import JudgementError
from vitality.weights.cells import place, place_zh
from vitality.weights.kernels import perron

if TYPE_CHECKING:
    from vitality.weights.kernels import Floats

__all__ = ["COMPLETIONS", "complete", "connected_groups", "require_connected"]

#: Ways to complete a matrix, with the names that a report prints.
COMPLETIONS: dict[str, tuple[str, str]] = {
    "harker": ("Harker 法", "Harker"),
    "log_least_squares": ("对数最小二乘法", "logarithmic least squares"),
    "lambda_min": ("最小特征根补全法", "lambda-min completion"),
}


def connected_groups(matrix: Floats) -> list[list[int]]:
    """Positions of the items that the judgements join, directly or through others.

    Parameters
    ----------
    matrix : array, shape (n, n)
        NaN where not judged.

    Returns
    -------
    list of lists of int
        One list a group; a single list when all items are joined.

    Examples
    --------
    >>> nan = np.nan
    >>> connected_groups(np.array([[1, nan, 3], [nan, 1, nan], [1 / 3, nan, 1]]))
    [[0, 2], [1]]
    """
    judged = ~np.isnan(matrix)
    left = set(range(len(matrix)))
    groups = []
    while left:
        group = {min(left)}
        while reached := {int(j) for i in group for j in np.flatnonzero(judged[i])} - group:
            group |= reached
        groups.append(sorted(group))
        left -= group
    return groups


def require_connected(matrix: Floats, items: pd.Index, *, expert: object = None, node: object = None) -> None:
    """Refuse judgements that do not join all items.

    Raises
    ------
    JudgementError
        Naming the separate groups of items.
    """
    groups = connected_groups(matrix)
    if len(groups) > 1:
        shown = " | ".join("{" + ", ".join(str(items[i]) for i in group) + "}" for group in groups)
        raise JudgementError(
            f"{place(expert, node)}the judgements leave the items in {len(groups)} separate groups, {shown}; "
            "no weights follow from them. Judge at least one pair between the groups.",
            zh=f"{place_zh(expert, node)}所作判断把要素分成互不相连的 {len(groups)} 组：{shown}，无法求权。请至少补作"
            "一项跨组的判断。",
        )


def complete(matrix: Floats, *, how: str) -> Floats:
    """Fill the judgements that were left out.

    Parameters
    ----------
    matrix : array, shape (n, n)
        Reciprocal, NaN where not judged; its items are connected (`require_connected`).
    how : {"harker", "log_least_squares", "lambda_min"}
        ``harker``: ratios of the Perron vector of the matrix with 0 for a missing cell and 1 + their
        number on the diagonal [1]_; the completed matrix has that same Perron vector. ``log_least_squares``:
        ratios of the weights that fit the logs of the judgements best, one linear solve [2]_.
        ``lambda_min``: the values for which the largest eigenvalue is smallest [2]_.

    Returns
    -------
    array, shape (n, n)

    References
    ----------
    .. [1] Harker, P. T. (1987). Mathematical Modelling 9, 353-360.
    .. [2] Bozoki, S., Fulop, J. & Ronyai, L. (2010). Math. Comput. Modelling 52, 318-333.
    """
    if how == "lambda_min":
        return _smallest_eigenvalue(matrix)
    weights = _harker(matrix) if how == "harker" else _least_squares(matrix)
    return np.where(np.isnan(matrix), weights[:, None] / weights[None, :], matrix)


def _harker(matrix: Floats) -> Floats:
    missing = np.isnan(matrix)
    auxiliary = np.where(missing, 0.0, matrix)
    np.fill_diagonal(auxiliary, 1.0 + missing.sum(axis=1))
    scale = _least_squares(matrix)
    vectors, _ = perron((auxiliary * scale[None, :] / scale[:, None])[None])
    return vectors[0] * scale


def _least_squares(matrix: Floats) -> Floats:
    known = ~np.isnan(matrix)
    logs = np.where(known, np.log(matrix), 0.0)
    laplacian = np.diag(known.sum(axis=1).astype(float)) - known
    solved = np.zeros(len(matrix))
    solved[1:] = np.linalg.solve(laplacian[1:, 1:], logs.sum(axis=1)[1:])
    weights = np.exp(solved - solved.max())
    return weights / weights.sum()


def _smallest_eigenvalue(matrix: Floats) -> Floats:
    from scipy.optimize import minimize

    start = _least_squares(matrix)
    rows, columns = np.nonzero(np.triu(np.isnan(matrix)))

    def filled(logs: Floats) -> Floats:
        completed = matrix.copy()
        completed[rows, columns] = np.exp(logs)
        completed[columns, rows] = np.exp(-logs)
        return completed

    def root_and_slope(logs: Floats) -> tuple[float, Floats]:
        completed = filled(logs)
        right, root = perron(completed[None])
        left, _ = perron(completed.T[None])
        product = left[0][:, None] * right[0][None, :] * completed / (left[0] @ right[0])
        return float(root[0]), product[rows, columns] - product[columns, rows]

    first = np.log(start[rows] / start[columns])
    found = minimize(root_and_slope, first, jac=True, method="BFGS", options={"gtol": 1e-10})
    return filled(found.x)
