"""Stand-ins for missing values: the mean or the median of the round, or of a group in the round."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vitality.errors import MethodError, TableError, some
from vitality.index.matrix import unit_and_round
from vitality.index.method import CHOICES
from vitality.weights.options import choose

__all__ = ["impute"]


def impute(matrix: pd.DataFrame, *, method: str = "none", group: pd.Series | None = None) -> pd.DataFrame:
    """Fill missing values from the other units of the same round.

    Parameters
    ----------
    matrix : DataFrame, shape (n_units, n_indicators)
        Index (unit, round) or unit; natural units; NaN where not observed.
    method : {"none", "mean", "median", "group_mean", "group_median"}
        ``none`` gives the matrix as it is; the weights are then spread over the observed siblings when the
        index is made.
    group : Series, optional
        Group of each row of `matrix`, for the last two. A group in which an indicator was not observed at
        all, and a unit without a group, stay NaN.

    Returns
    -------
    DataFrame, shape (n_units, n_indicators)
        A new table; what it fills is ``matrix.isna() & result.notna()``.

    Raises
    ------
    MethodError
        If the method is unknown, or lacks its groups.
    TableError
        If `group` lacks a row of the matrix.

    Examples
    --------
    >>> matrix = pd.DataFrame({"A11": [60.0, None, 90.0]}, index=["a", "b", "c"])
    >>> impute(matrix, method="mean").droplevel("round")["A11"].to_dict()
    {'a': 60.0, 'b': 75.0, 'c': 90.0}
    """
    choose("imputation", method, CHOICES["imputation"])
    table = unit_and_round(matrix)
    if method == "none" or not np.isnan(table.to_numpy(dtype=float)).any():
        return table.copy()
    keys = [np.asarray(table.index.get_level_values("round"))]
    if method.startswith("group"):
        if group is None:
            raise MethodError(f"imputation={method!r} needs group=, a Series that names each unit's group.")
        keys.append(_groups(group, table.index).to_numpy())
    groups = table.groupby(keys)
    stand_in = groups.transform("mean") if method.endswith("mean") else groups.transform("median")
    return table.fillna(stand_in)


def _groups(group: pd.Series, rows: pd.Index) -> pd.Series:
    series = unit_and_round(group.to_frame("group"), what="group")["group"]
    lacking = rows.difference(series.index)
    if len(lacking):
        raise TableError(f"group: none for {some(lacking.tolist())}; expected one for every row.")
    return series.reindex(rows)
