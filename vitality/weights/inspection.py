"""Where judgements contradict each other, and what the others say instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vitality.weights.ahp import completed_matrix
from vitality.weights.judgements import checked_matrix
from vitality.weights.kernels import perron, prioritise
from vitality.weights.options import choose
from vitality.weights.random_index import RANDOM_INDICES, RandomIndexName, random_index_value

if TYPE_CHECKING:
    from vitality.weights.kernels import Floats

__all__ = ["SAATY_VALUES", "inspect_judgements", "nearest_saaty", "ratio_of_roots", "without_judgements"]

#: The values of Saaty's scale, smallest first.
SAATY_VALUES = np.array([*(1 / value for value in range(9, 1, -1)), *range(1, 10)], dtype=float)

_TIE = 1e-9


def inspect_judgements(judgements: object, *, random_index: RandomIndexName = "saaty_1980") -> pd.DataFrame:
    """Every judgement of one matrix beside what the others imply, worst first.

    Parameters
    ----------
    judgements : DataFrame or array-like, shape (n, n); or mapping of pairs
        As in `ahp_weights`; the judged pairs must connect all items.
    random_index : str
        As in `ahp_weights`.

    Returns
    -------
    DataFrame, one row a pair of items
        ``item_a``, ``item_b``; ``given``, NaN where not judged; ``implied``, the ratio w_a / w_b of the
        eigenvector weights, which still contain the judgement itself; ``suggested``, the ratio of the weights
        computed without this judgement (Harker [1]_), NaN when nothing else connects the two items;
        ``suggested_saaty``, the value of Saaty's scale that is nearest to it in ratio; ``error``, given over
        implied or the reverse, whichever is above 1 (Saaty [2]_), by which the rows are sorted;
        ``ratio_after`` and ``ratio_after_saaty``, the consistency ratio when only this judgement is replaced
        by ``suggested`` or ``suggested_saaty``; ``in_cycle``, whether the pair is part of a three-way cycle
        (a over b, b over c, and yet c over a). ``attrs`` has the ``consistency_ratio`` as given, the number
        of ``cycles``, and ``straight_lining``: all judgements 1, which a ratio of 0 does not show.

    Raises
    ------
    JudgementError
        As `ahp_weights`.

    References
    ----------
    .. [1] Harker, P. T. (1987). Mathematical Modelling 9, 353-360.
    .. [2] Saaty, T. L. (2003). European J. Operational Research 145, 85-91.

    Examples
    --------
    >>> from vitality.weights import judgement_matrix
    >>> matrix = judgement_matrix([2, 4, 8, 2, "1/4", 2], ["people", "money", "venue", "rules"])
    >>> table = inspect_judgements(matrix)
    >>> table[["item_a", "item_b", "given", "suggested_saaty", "ratio_after_saaty"]].head(1).round(3)
      item_a item_b  given  suggested_saaty  ratio_after_saaty
    0  money  rules   0.25              4.0                0.0
    >>> round(table.attrs["consistency_ratio"], 3)
    0.403
    """
    choose("random_index", random_index, RANDOM_INDICES)
    items, matrix = checked_matrix(judgements)
    n = len(items)
    rows, columns = np.triu_indices(n, 1)
    whole = completed_matrix(matrix, items, incomplete="harker") if np.isnan(matrix).any() else matrix
    base = prioritise(whole[None])
    weights = base.weights[0]
    given = matrix[rows, columns]
    implied = weights[rows] / weights[columns]
    suggested, root = without_judgements(matrix, np.stack([rows, columns], axis=1)[:, None, :])
    saaty = nearest_saaty(suggested[:, 0])
    ratio = ratio_of_roots(base.largest_eigenvalue, n, random_index)[0]
    changed = _replaced(whole, rows, columns, np.where(np.isnan(saaty), whole[rows, columns], saaty))
    after = ratio_of_roots(np.where(np.isnan(root), base.largest_eigenvalue[0], root), n, random_index)
    after_saaty = ratio_of_roots(prioritise(changed).largest_eigenvalue, n, random_index) if len(rows) else after
    cycles = _in_cycles(matrix)
    table = pd.DataFrame(
        {
            "item_a": items[rows],
            "item_b": items[columns],
            "given": given,
            "implied": implied,
            "suggested": suggested[:, 0],
            "suggested_saaty": saaty,
            "error": np.maximum(given / implied, implied / given),
            "ratio_after": after,
            "ratio_after_saaty": after_saaty,
            "in_cycle": cycles[rows, columns] > 0,
        }
    )
    order = np.argsort(-table["error"].round(12).to_numpy(), kind="stable")
    table = table.iloc[order].reset_index(drop=True)
    judged = given[~np.isnan(given)]
    table.attrs = {
        "consistency_ratio": float(ratio),
        "cycles": int(cycles.sum() / 6),
        "straight_lining": bool(n > 2 and len(judged) and (np.abs(judged - 1) <= _TIE).all()),
    }
    return table


def without_judgements(matrix: Floats, subsets: np.ndarray) -> tuple[Floats, Floats]:
    """What the other judgements imply for each subset of pairs, and how consistent they are.

    Parameters
    ----------
    matrix : array, shape (n, n)
        NaN where not judged.
    subsets : array of int, shape (n_subsets, size, 2)
        Row and column of the pairs that are taken as not judged.

    Returns
    -------
    values : array, shape (n_subsets, size)
        Ratios of the weights by Harker's method; NaN when the rest does not connect the items.
    roots : array, shape (n_subsets,)
        Largest eigenvalue with these values in place; NaN likewise.
    """
    n = len(matrix)
    which = np.arange(len(subsets))[:, None]
    i, j = subsets[..., 0], subsets[..., 1]
    known = np.repeat(~np.isnan(matrix)[None], len(subsets), axis=0)
    known[which, i, j] = known[which, j, i] = False
    reach = known.astype(np.float32)
    for _ in range(int(np.ceil(np.log2(max(n, 2))))):
        reach = (np.matmul(reach, reach) > 0).astype(np.float32)
    joined = (reach > 0).all(axis=(1, 2))
    values, roots = np.full(i.shape, np.nan), np.full(len(subsets), np.nan)
    if joined.any():
        auxiliary = np.where(known[joined], matrix, 0.0)
        np.einsum("kii->ki", auxiliary)[:] = 1.0 + n - known[joined].sum(axis=2)
        vectors, roots[joined] = perron(auxiliary)
        part = np.arange(len(vectors))[:, None]
        values[joined] = vectors[part, i[joined]] / vectors[part, j[joined]]
    return values, roots


def nearest_saaty(values: Floats) -> Floats:
    """Values of Saaty's scale that are nearest in ratio; NaN stays NaN.

    Examples
    --------
    >>> nearest_saaty(np.array([0.459, 11.0, 1.4])).tolist()
    [0.5, 9.0, 1.0]
    """
    far = np.abs(np.log(values)[:, None] - np.log(SAATY_VALUES))
    known = ~np.isnan(values)
    nearest = np.full(len(values), np.nan)
    nearest[known] = SAATY_VALUES[far[known].argmin(axis=1)]
    return nearest


def ratio_of_roots(roots: Floats, n: int, random_index: str) -> Floats:
    """Consistency ratios from largest eigenvalues; 0 for one or two items."""
    if n < 3:
        return np.zeros(len(roots))
    return np.maximum(roots - n, 0.0) / (n - 1) / random_index_value(n, table=random_index)


def _replaced(matrix: Floats, rows: np.ndarray, columns: np.ndarray, values: Floats) -> Floats:
    """One copy of the matrix for each pair, with that pair alone replaced."""
    stack = np.repeat(matrix[None], len(rows), axis=0)
    which = np.arange(len(rows))
    stack[which, rows, columns] = values
    stack[which, columns, rows] = 1 / values
    return stack


def _in_cycles(matrix: Floats) -> Floats:
    """In how many three-way cycles each pair is, shape (n, n), the same both ways."""
    above = (matrix > 1 + _TIE).astype(float)
    through = above * (above @ above).T
    return through + through.T
