"""A checked indicator matrix: the right columns by name, the index (unit, round), finite numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vitality.errors import TableError, did_you_mean, meant_zh, some, some_zh
from vitality.index.inputs import require_framework, require_numbers

if TYPE_CHECKING:
    from vitality.framework import Framework

__all__ = ["INDEX_NAMES", "attributes_of", "checked_matrix", "unit_and_round"]

INDEX_NAMES = ["unit", "round"]


def unit_and_round(table: pd.DataFrame, *, what: str = "matrix") -> pd.DataFrame:
    """Give a table the index (unit, round); a plain index of units gets the round "".

    Raises
    ------
    TableError
        If the index has other levels, a unit is missing in it, or a unit stands twice in a round.

    Examples
    --------
    >>> unit_and_round(pd.DataFrame({"A11": [60.0]}, index=["云溪街道"])).index.tolist()
    [('云溪街道', '')]
    """
    index = table.index
    if isinstance(index, pd.MultiIndex):
        if set(index.names) != set(INDEX_NAMES):
            raise TableError(
                f"{what}: the index has the levels {some(index.names)}; expected 'unit' and 'round'. "
                "Name them with .rename_axis(['unit', 'round']).",
                zh=f"{what}：索引的层级为 {some_zh(index.names)}，应为 'unit' 和 'round'。"
                "请用 .rename_axis(['unit', 'round']) 命名。",
            )
        pairs = index if list(index.names) == INDEX_NAMES else index.reorder_levels(INDEX_NAMES)
    else:
        pairs = pd.MultiIndex.from_arrays([index, np.full(len(index), "", dtype=object)], names=INDEX_NAMES)
    nameless = sum(bool(code.min(initial=0) < 0) for code in map(np.asarray, pairs.codes))
    if nameless:
        raise TableError(
            f"{what}: a row has no unit or no round in its index; expected both for every row.",
            zh=f"{what}：有一行的索引缺少单位或轮次，每行都应两者齐全。",
        )
    if pairs.has_duplicates:
        doubled = pairs[pairs.duplicated()].unique()
        raise TableError(
            f"{what}: {some(doubled.tolist())} found more than once; expected one row a unit and round. "
            "Merge the rows, or give the units different codes.",
            zh=f"{what}：{some_zh(doubled.tolist())} 重复，每个单位每轮只应有一行。请合并这些行，或给单位不同的代码。",
        )
    return table if pairs is index else table.set_axis(pairs, axis=0)


def checked_matrix(matrix: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """Give the matrix in the order of the framework as float64, or say what is wrong with it.

    Parameters
    ----------
    matrix : DataFrame, shape (n_units, n_indicators)
        Index (unit, round) or unit; one column an indicator, in any order; natural units, NaN where not
        observed.
    framework : Framework

    Raises
    ------
    TableError
        If a column is missing, unknown or doubled, holds text or an infinite value, if there are no rows, or
        the index is not one of (unit, round).
    """
    require_framework(framework)
    if not isinstance(matrix, pd.DataFrame):
        require_numbers(matrix)
    _check_columns(matrix, framework)
    if not len(matrix):
        raise TableError(
            "matrix: no rows; expected one a unit and round.",
            zh="指标矩阵没有任何行；每个单位每轮应有一行。",
        )
    require_numbers(matrix)
    leaves = list(framework.leaves)
    values = matrix[leaves].to_numpy(dtype=float, na_value=np.nan, copy=True)
    return unit_and_round(pd.DataFrame(values, index=matrix.index, columns=leaves))


def _check_columns(matrix: pd.DataFrame, framework: Framework) -> None:
    columns = list(matrix.columns)
    leaves = set(framework.leaves)
    doubled = sorted({str(column) for column in columns if columns.count(column) > 1})
    unknown = [str(column) for column in columns if column not in leaves]
    missing = [leaf for leaf in framework.leaves if leaf not in set(columns)]
    if not (doubled or unknown or missing):
        return
    problems, problems_zh = [], []
    if missing:
        problems_zh.append(f"缺少指标列 {some_zh(missing)}。{meant_zh(missing[0], unknown)}")
        problems.append(f"no column for indicator {some(missing)}.{did_you_mean(missing[0], unknown)}")
    if unknown:
        near = did_you_mean(unknown[0], framework.nodes)
        problems_zh.append(f"{some_zh(unknown)} 不是框架 {framework.name!r} 的指标。")
        problems.append(f"column {some(unknown)} is no indicator of framework {framework.name!r}.{near}")
    if doubled:
        problems_zh.append(f"列 {some_zh(doubled)} 重复。")
        problems.append(f"column {some(doubled)} found more than once.")
    raise TableError(
        "matrix: " + " ".join(problems) + " Expected exactly one column an indicator; a column of NaN says that "
        "it was not observed, and 'unit' and 'round' belong in the index.",
        zh="指标矩阵："
        + "".join(problems_zh)
        + "每项指标应恰有一列，未观测的指标整列为 NaN；unit 和 round 应在索引中。",
    )


def attributes_of(units: pd.DataFrame | None, index: pd.MultiIndex) -> pd.DataFrame:
    """Give the units' attributes for every row of an index (unit, round).

    Parameters
    ----------
    units : DataFrame or None
        Index unit, or (unit, round); one column an attribute.
    index : MultiIndex
        The rows wanted, levels ``unit`` and ``round``.

    Returns
    -------
    DataFrame
        Rows of `index`; NaN for a unit without attributes; no column when there are none at all.

    Raises
    ------
    TableError
        If a unit stands twice.
    """
    if units is None:
        return pd.DataFrame(index=index)
    if not isinstance(units, pd.DataFrame):
        raise TableError(
            f"units: found {type(units).__name__}; expected a DataFrame, one row a unit and one column an attribute.",
            zh=f"units：得到的是 {type(units).__name__}，应为 DataFrame，每个单位一行、每项属性一列。",
        )
    if isinstance(units.index, pd.MultiIndex):
        return unit_and_round(units, what="units").reindex(index)
    if units.index.has_duplicates:
        doubled = units.index[units.index.duplicated()].unique()
        raise TableError(
            f"units: {some(doubled)} found more than once; expected one row a unit.",
            zh=f"units：{some_zh(doubled)} 重复，每个单位只应有一行。",
        )
    return units.reindex(index.get_level_values("unit")).set_axis(index, axis=0)
