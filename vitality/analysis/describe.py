"""Indicators described before anything is built from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vitality.index import kurtosis_of, skewness_of
from vitality.index.matrix import checked_matrix

if TYPE_CHECKING:
    from vitality.framework import Framework

__all__ = ["describe_indicators"]


def describe_indicators(matrix: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """Describe every indicator over all rows of the matrix.

    Parameters
    ----------
    matrix : DataFrame, shape (n_units, n_indicators)
        Index (unit, round) or unit; natural units; NaN where not observed.
    framework : Framework

    Returns
    -------
    DataFrame, index indicator
        ``n`` and ``missing`` (rows), ``zeros``, ``min``, ``median``, ``mean``, ``max`` in natural units,
        ``skew`` and ``kurtosis`` (excess), both adjusted for small samples; NaN where there are too few
        values or no spread.

    Raises
    ------
    TableError
        If the matrix does not fit the framework.

    Examples
    --------
    >>> from vitality.framework import framework_from_table
    >>> tree = framework_from_table(pd.DataFrame({"code": ["V", "a"], "parent": ["", "V"]}))
    >>> found = describe_indicators(pd.DataFrame({"a": [0.0, 1.0, 5.0, None]}), tree).loc["a"]
    >>> found[["n", "missing", "zeros", "mean", "max"]].tolist()
    [3.0, 1.0, 1.0, 2.0, 5.0]
    """
    table = checked_matrix(matrix, framework)
    values = table.to_numpy()
    return pd.DataFrame(
        {
            "n": table.notna().sum(),
            "missing": table.isna().sum(),
            "zeros": (table == 0).sum(),
            "min": table.min(),
            "median": table.median(),
            "mean": table.mean(),
            "max": table.max(),
            "skew": [skewness_of(column) for column in np.transpose(values)],
            "kurtosis": [kurtosis_of(column) for column in np.transpose(values)],
        }
    ).rename_axis("indicator")
