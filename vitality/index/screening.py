"""Which units were observed enough to take part, before anything is built from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vitality.errors import MethodError
from vitality.index.inputs import require_numbers

__all__ = ["Screening", "screen", "screening_table"]


@dataclass(frozen=True, eq=False)
class Screening:
    """The units that stay, and why the others leave.

    Attributes
    ----------
    matrix : DataFrame, shape (n_kept, n_indicators)
    units : DataFrame, one row a unit of the matrix that came in
        ``coverage``: share of its indicators that were observed; ``zeros``: share of the observed values that
        are 0; ``kept``; ``reason``: ``coverage``, ``zeros`` or "".
    """

    matrix: pd.DataFrame
    units: pd.DataFrame


def screen(matrix: pd.DataFrame, *, minimum_coverage: float = 2 / 3, maximum_zeros: float = 1.0) -> Screening:
    """Take out units of which too little was observed, or too much is zero.

    Parameters
    ----------
    matrix : DataFrame, shape (n_units, n_indicators)
        NaN where not observed.
    minimum_coverage : float
        Smallest share of the indicators, above 0 and up to 1, that a unit needs observed.
    maximum_zeros : float
        Largest share of zeros, 0 to 1, among its observed values.

    Raises
    ------
    MethodError
        If a share is out of range.

    Examples
    --------
    >>> matrix = pd.DataFrame({"a": [1.0, None, 0.0], "b": [2.0, None, 0.0]}, index=["u", "v", "w"])
    >>> screen(matrix, maximum_zeros=0.5).units["reason"].to_dict()
    {'u': '', 'v': 'coverage', 'w': 'zeros'}
    """
    if not 0 < minimum_coverage <= 1 or not 0 <= maximum_zeros <= 1:
        raise MethodError(
            f"screen: minimum_coverage={minimum_coverage!r}, maximum_zeros={maximum_zeros!r}; expected a share above "
            "0 and up to 1, and a share from 0 to 1.",
            zh=f"screen：minimum_coverage={minimum_coverage!r}，maximum_zeros={maximum_zeros!r}；"
            "前者应大于 0、不超过 1，后者应在 0 到 1 之间。",
        )
    table = screening_table(require_numbers(matrix), minimum_coverage, maximum_zeros)
    return Screening(matrix[table["kept"].to_numpy()].copy(), table)


def screening_table(matrix: pd.DataFrame, minimum_coverage: float, maximum_zeros: float) -> pd.DataFrame:
    """Give the table of `Screening` for a matrix."""
    values = matrix.to_numpy(dtype=float)
    seen = ~np.isnan(values)
    n = seen.sum(axis=1)
    coverage = n / max(values.shape[1], 1)
    zeros = np.divide((values == 0).sum(axis=1), n, out=np.zeros(len(n)), where=n > 0)
    short, empty = coverage < minimum_coverage - 1e-12, zeros > maximum_zeros + 1e-12
    reason = np.where(short, "coverage", np.where(empty, "zeros", "")).astype(object)
    return pd.DataFrame(
        {"coverage": coverage, "zeros": zeros, "kept": ~(short | empty), "reason": reason}, index=matrix.index
    )
