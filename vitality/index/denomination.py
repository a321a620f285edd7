"""From counts to rates: indicators over the size of their unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from vitality.errors import TableError, did_you_mean, meant_zh, some, some_zh
from vitality.index.matrix import attributes_of, checked_matrix

if TYPE_CHECKING:
    from vitality.framework import Framework

__all__ = ["denominate"]


def denominate(matrix: pd.DataFrame, framework: Framework, denominators: pd.DataFrame) -> pd.DataFrame:
    """Divide the indicators that name a denominator in the framework by it.

    Parameters
    ----------
    matrix : DataFrame, shape (n_units, n_indicators)
        Index (unit, round) or unit; natural units.
    framework : Framework
        Its indicators' ``denominator``, the name of a column of `denominators`; one without stays as it is.
    denominators : DataFrame
        Index unit, or (unit, round); one column a denominator, above 0.

    Returns
    -------
    DataFrame, shape (n_units, n_indicators)
        Index (unit, round); in the indicator's unit per unit of its denominator; NaN where that is missing
        (`build_index` says for how many values).

    Raises
    ------
    TableError
        If a denominator has no column, holds text, or is not above 0 for a unit that has a value.

    Examples
    --------
    >>> from vitality.framework import framework_from_table
    >>> tree = framework_from_table(pd.DataFrame({
    ...     "code": ["V", "a", "b"], "parent": ["", "V", "V"], "denominator": [None, "people", None]}))
    >>> matrix = pd.DataFrame({"a": [50.0, 30.0], "b": [1.0, 2.0]}, index=["u", "v"])
    >>> denominate(matrix, tree, pd.DataFrame({"people": [100.0, 20.0]}, index=["u", "v"])).values.tolist()
    [[0.5, 1.0], [1.5, 2.0]]
    """
    table = checked_matrix(matrix, framework)
    if not isinstance(denominators, pd.DataFrame):
        raise TableError(
            f"denominators: found {type(denominators).__name__}; expected a DataFrame, one row a unit and one column a "
            "denominator.",
            zh=f"denominators：得到的是 {type(denominators).__name__}，应为 DataFrame，每个单位一行、每个分母一列。",
        )
    wanted = {code: str(name) for code in framework.leaves if (name := framework.indicator(code).denominator)}
    columns = [str(column) for column in denominators.columns]
    missing = sorted(set(wanted.values()) - set(columns))
    if missing:
        of = [code for code, name in wanted.items() if name == missing[0]]
        raise TableError(
            f"denominators: no column {some(missing)}, the denominator of {some(of)}."
            f"{did_you_mean(missing[0], columns)} Found {some(columns)}; expected one column a denominator.",
            zh=f"denominators：缺少列 {some_zh(missing)}，它是 {some_zh(of)} 的分母。"
            f"{meant_zh(missing[0], columns)}现有 {some_zh(columns) or '无'}；每个分母应有一列。",
        )
    sizes = attributes_of(denominators[sorted(set(wanted.values()))], cast(pd.MultiIndex, table.index))
    words = [str(name) for name, kind in sizes.dtypes.items() if not pd.api.types.is_numeric_dtype(kind)]
    if words:
        raise TableError(
            f"denominators: columns {some(words)} hold text; expected numbers above 0.",
            zh=f"denominators：列 {some_zh(words)} 中有文字，应为大于 0 的数。",
        )
    for code, name in wanted.items():
        size = sizes[name].to_numpy(dtype=float)
        values = table[code].to_numpy(dtype=float)
        wrong = ((size <= 0) | np.isinf(size)) & ~np.isnan(values)
        if wrong.any():
            raise TableError(
                f"denominators: {name!r} of {some(table.index[wrong].tolist())} is 0, negative or infinite, and "
                f"indicator {code!r} has a value there; expected a number above 0, or none.",
                zh=f"denominators：{some_zh(table.index[wrong].tolist())} 的 {name!r} 为 0、负数或无穷大，"
                f"而指标 {code!r} 在该处有值；应为大于 0 的数，没有时留空。",
            )
        table[code] = values / np.where(size > 0, size, np.nan)
    return table
