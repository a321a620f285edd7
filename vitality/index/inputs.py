"""What the steps are handed: tables of numbers, weights by name, methods and results, or one clear refusal."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vitality.errors import MethodError, TableError, some, some_zh
from vitality.framework import Framework

if TYPE_CHECKING:
    from vitality.index.method import Method
    from vitality.index.result import IndexResult

__all__ = ["by_name", "require_framework", "require_method", "require_number", "require_numbers", "require_result"]


def require_numbers(table: object, what: str = "matrix") -> pd.DataFrame:
    """Give a table of finite numbers and gaps back, or say what it holds instead.

    Raises
    ------
    TableError
        If it is no DataFrame, or a column is doubled, holds text or an infinite value.

    Examples
    --------
    >>> require_numbers(pd.DataFrame({"A11": ["六十"]}))
    Traceback (most recent call last):
    ...
    vitality.errors.TableError: matrix: columns 'A11' hold text; expected numbers. Clean the answers first...
    """
    if not isinstance(table, pd.DataFrame):
        kind = type(table).__name__
        raise TableError(
            f"{what}: found {kind}; expected a DataFrame with the indicators' codes as columns.",
            zh=f"{what}：应为以指标代码为列名的 DataFrame，而不是 {kind}。",
        )
    doubled = table.columns[table.columns.duplicated()].unique()
    if len(doubled):
        raise TableError(
            f"{what}: column {some(doubled)} found more than once; expected one column an indicator.",
            zh=f"{what}：列 {some_zh(doubled)} 重复，每项指标只应有一列。",
        )
    words = [
        code
        for code, kind in table.dtypes.items()
        if not pd.api.types.is_numeric_dtype(kind) or pd.api.types.is_complex_dtype(kind)
    ]
    if words:
        raise TableError(
            f"{what}: columns {some(words)} hold text; expected numbers. Clean the answers first.",
            zh=f"{what}：列 {some_zh(words)} 中有文字，应为数字。请先清洗。",
        )
    values = table.to_numpy(dtype=float, na_value=np.nan)
    if np.isinf(values).any():
        row, column = np.argwhere(np.isinf(values))[0]
        raise TableError(
            f"{what}: infinite value in {table.columns[column]} of {table.index[row]}; expected finite numbers, NaN "
            "where not observed. Look for a division by zero in the answers.",
            zh=f"{what}：{table.index[row]} 的 {table.columns[column]} 为无穷大；应为有限的数，缺失为 NaN。"
            "请检查是否除以零。",
        )
    return table


def require_method(method: object) -> Method:
    """Give a method back, or say how to make one."""
    from vitality.index.method import Method

    if not isinstance(method, Method):
        raise MethodError(
            f"method: found {method!r}; expected a Method, such as Method(aggregation='geometric').",
            zh=f"method 应为 Method，例如 Method(aggregation='geometric')，而不是 {method!r}。",
        )
    return method


def require_framework(framework: object) -> Framework:
    """Give a framework back, or say how to read one."""
    if not isinstance(framework, Framework):
        raise TableError(
            f"framework: found {framework!r}; expected a Framework, such as read_framework('redcross').",
            zh=f"framework 应为 Framework，例如 read_framework('redcross')，而不是 {framework!r}。",
        )
    return framework


def require_result(result: object, what: str = "result") -> IndexResult:
    """Give a result back, or say how to make one."""
    from vitality.index.result import IndexResult

    if not isinstance(result, IndexResult):
        kind = type(result).__name__
        raise TableError(
            f"{what}: found {kind}; expected the IndexResult that build_index gives.",
            zh=f"{what}：应为 build_index 给出的 IndexResult，而不是 {kind}。",
        )
    return result


def require_number(name: str, value: object, *, whole: bool = False, least: float = -math.inf) -> float:
    """Give a finite number of at least `least` back.

    Raises
    ------
    MethodError
        If it is none.

    Examples
    --------
    >>> require_number("n", 1000, whole=True, least=1)
    1000.0
    """
    number = float(value) if isinstance(value, int | float | np.number) and not isinstance(value, bool) else math.nan
    if not math.isfinite(number) or (whole and number != int(number)) or not number >= least:
        kind = "a whole number" if whole else "a number"
        more = f" of {least:g} or more" if least > -math.inf else ""
        more_zh = f"不小于 {least:g} 的" if least > -math.inf else ""
        raise MethodError(
            f"{name}={value!r}; expected {kind}{more}.",
            zh=f"{name}={value!r}：应为{more_zh}{'整' if whole else ''}数。",
        )
    return number


def by_name(values: object, what: str, *, column: str = "local") -> pd.Series:
    """Give numbers that have names as a Series; nothing is matched by position.

    Parameters
    ----------
    values : Series, mapping or DataFrame
        A DataFrame gives its `column`.
    what : str
        What it is called in the message.
    column : str

    Raises
    ------
    TableError
        If there are no names, no such column, or a value is no number.
    """
    given: Any = values
    if isinstance(values, pd.DataFrame):
        if column not in values.columns:
            raise TableError(
                f"{what}: no column {column!r}; found {some(values.columns)}.",
                zh=f"{what}：没有 {column!r} 列，现有 {some_zh(values.columns)}。",
            )
        given = values[column]
    elif isinstance(values, Mapping):
        given = pd.Series(dict(values), dtype=object)
    if not isinstance(given, pd.Series):
        kind = type(values).__name__
        raise TableError(
            f"{what}: found {kind}; expected a Series, because nothing is matched by position.",
            zh=f"{what}：应为带名称的 Series，而不是 {kind}；本库不按位置对应。",
        )
    try:
        return given.astype(float)
    except (TypeError, ValueError):
        raise TableError(f"{what}: holds text; expected numbers.", zh=f"{what}：含有文字，应为数字。") from None
