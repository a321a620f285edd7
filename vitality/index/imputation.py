"""Stand-ins for missing values: the mean or median of the round or of a group, or the unit's other rounds."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from vitality.errors import MethodError, TableError, some, some_zh
from vitality.index.inputs import require_numbers
from vitality.index.matrix import unit_and_round
from vitality.index.method import CHOICES
from vitality.weights.options import choose

__all__ = ["impute", "positions_of_rounds"]


def impute(matrix: pd.DataFrame, *, method: str = "none", group: pd.Series | None = None) -> pd.DataFrame:
    """Fill missing values.

    Parameters
    ----------
    matrix : DataFrame, shape (n_units, n_indicators)
        Index (unit, round) or unit; natural units; NaN where not observed.
    method : {"none", "mean", "median", "group_mean", "group_median", "last_round", "linear"}
        ``none`` gives the matrix as it is; the weights are then spread over the observed siblings when the
        index is made. ``mean`` and ``median`` of the units of the same round, or of the same round and group.
        ``last_round``: the unit's latest earlier value. ``linear``: on the straight line between the unit's
        rounds before and after; nothing is continued beyond the first and the last one. Rounds that are all
        numbers (years) stand at their numbers, others at equal distances in sorted order.
    group : Series, optional
        Group of each unit or row, for ``group_mean`` and ``group_median``. A group in which an indicator was
        not observed at all, and a unit without a group, stay NaN.

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
    table = unit_and_round(require_numbers(matrix))
    if method.startswith("group") and group is None:
        raise MethodError(
            f"imputation={method!r} needs group=, a Series that names each unit's group.",
            zh=f"imputation={method!r} 需要 group=，即写明各单位所属组的 Series。",
        )
    if method == "none" or not np.isnan(table.to_numpy(dtype=float)).any():
        return table.copy()
    if method in ("last_round", "linear"):
        return _from_other_rounds(table, linear=method == "linear")
    keys = [np.asarray(table.index.get_level_values("round"))]
    if group is not None and method.startswith("group"):
        keys.append(_groups(group, table.index).to_numpy())
    groups = table.groupby(keys)
    stand_in = groups.transform("mean") if method.endswith("mean") else groups.transform("median")
    return table.fillna(stand_in)


def _groups(group: pd.Series | Mapping[object, object], rows: pd.Index) -> pd.Series:
    if isinstance(group, Mapping):
        group = pd.Series(dict(group))
    if not isinstance(group, pd.Series):
        raise TableError(
            f"group: found {type(group).__name__}; expected a Series that names each unit's group, because nothing is "
            "matched by position.",
            zh=f"group：得到的是 {type(group).__name__}，应为写明各单位所属组的 Series；本库不按位置对应。",
        )
    if not isinstance(group.index, pd.MultiIndex) and not group.index.has_duplicates:
        units = rows.get_level_values("unit")
        bare = units.unique().difference(group.index).tolist()
        if bare:
            raise TableError(
                f"group: none for {some(bare)}; expected one for every unit.",
                zh=f"group：{some_zh(bare)} 没有组；每个单位都应有。",
            )
        return pd.Series(group.reindex(units).to_numpy(), index=rows)
    series = unit_and_round(group.to_frame("group"), what="group")["group"]
    lacking = rows.difference(series.index).tolist()
    if lacking:
        raise TableError(
            f"group: none for {some(lacking)}; expected one for every row.",
            zh=f"group：{some_zh(lacking)} 没有组；每一行都应有。",
        )
    return series.reindex(rows)


def positions_of_rounds(names: list[str]) -> dict[str, float]:
    """Where rounds stand in time: at their numbers if all are numbers, else at 0, 1, 2 ... in sorted order.

    Examples
    --------
    >>> positions_of_rounds(["2024", "2020"]), positions_of_rounds(["spring", "autumn"])
    ({'2020': 2020.0, '2024': 2024.0}, {'autumn': 0.0, 'spring': 1.0})
    """
    try:
        return {name: float(name) for name in sorted(names, key=float)}
    except ValueError:
        return {name: float(place) for place, name in enumerate(sorted(names))}


def _from_other_rounds(table: pd.DataFrame, *, linear: bool) -> pd.DataFrame:
    units = table.index.get_level_values("unit")
    names = table.index.get_level_values("round").astype(str)
    times = names.map(positions_of_rounds(list(names.unique()))).to_numpy(dtype=float)
    filled = table.to_numpy(dtype=float, copy=True)
    numbers = pd.factorize(units)[0]
    order = np.lexsort((times, numbers))
    for own in np.split(order, np.flatnonzero(np.diff(numbers[order])) + 1):
        for column in np.flatnonzero(np.isnan(filled[own]).any(axis=0)).tolist():
            values = filled[own, column]
            seen = ~np.isnan(values)
            if not seen.any():
                continue
            if linear:
                filled[own, column] = np.interp(times[own], times[own][seen], values[seen], left=np.nan, right=np.nan)
            else:
                last = np.maximum.accumulate(np.where(seen, np.arange(len(own)), -1))
                filled[own, column] = np.where(last >= 0, values[last], np.nan)
    return pd.DataFrame(filled, index=table.index, columns=table.columns)
