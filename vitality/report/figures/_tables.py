"""What every figure asks of its table before it draws."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from vitality.errors import TableError, did_you_mean, meant_zh, some, some_zh

__all__ = ["numbers", "require_columns", "require_rows"]


def require_rows(table: pd.DataFrame, figure: str) -> None:
    """Refuse what is no table, and a table without rows or columns.

    Raises
    ------
    TableError
        If there is nothing to draw.
    """
    if not isinstance(table, pd.DataFrame):
        raise TableError(
            f"{figure}: found {type(table).__name__}; expected a DataFrame. Make one with pandas.DataFrame(...).",
            zh=f"{figure}：得到的是 {type(table).__name__}，应为 DataFrame。请用 pandas.DataFrame(...) 转换。",
        )
    if table.shape[0] == 0 or table.shape[1] == 0:
        raise TableError(
            f"{figure}: the table has {table.shape[0]} rows and {table.shape[1]} columns; expected at least one "
            "of each. Check the step that made the table.",
            zh=f"{figure}：表有 {table.shape[0]} 行 {table.shape[1]} 列，至少各需一个。请检查生成该表的步骤。",
        )


def require_columns(table: pd.DataFrame, columns: Iterable[str], figure: str) -> None:
    """Refuse a table that is empty or lacks a column that the figure draws, or has it twice.

    Raises
    ------
    TableError
        If there are no rows, or a column is missing (a near miss is offered) or there twice.
    """
    wanted = list(columns)
    if isinstance(table, pd.DataFrame):
        missing = [column for column in wanted if column not in table.columns]
        if missing:
            names = list(map(str, table.columns))
            raise TableError(
                f"{figure}: column {some(missing)} is missing; found {some(table.columns, limit=12)}. "
                f"Name the column as the figure expects it.{did_you_mean(missing[0], names)}",
                zh=f"{figure}：缺少列 {some_zh(missing)}，现有 {some_zh(table.columns, limit=12)}。"
                f"{meant_zh(missing[0], names)}",
            )
        twice = [column for column in wanted if list(table.columns).count(column) > 1]
        if twice:
            raise TableError(
                f"{figure}: column {some(twice)} is there more than once. Rename or drop the others.",
                zh=f"{figure}：列 {some_zh(twice)} 出现多次，请改名或删去多余的列。",
            )
    require_rows(table, figure)


def numbers(
    table: pd.DataFrame, figure: str, columns: Iterable[str] | None = None, *, empty: bool = False
) -> pd.DataFrame:
    """Give columns of a table (all by default) as numbers; NaN where there is none.

    Parameters
    ----------
    table : DataFrame
        That passed `require_rows` or `require_columns`.
    figure : str
        Name of the figure, for the message.
    columns : iterable of str, optional
        Which columns.
    empty : bool
        Whether the figure can be drawn without any number.

    Raises
    ------
    TableError
        If a value is no number or infinite, or there is no number at all.
    """
    chosen = table if columns is None else table[list(columns)]
    values = chosen.apply(pd.to_numeric, errors="coerce").astype(float)
    wrong = (values.isna() & chosen.notna()) | np.isinf(values)
    if wrong.to_numpy().any():
        row, column = (int(place[0]) for place in np.nonzero(wrong.to_numpy()))
        found: Any = chosen.iloc[row, column]
        raise TableError(
            f"{figure}: found {found!r} in column {chosen.columns[column]!r}, row {chosen.index[row]!r}; expected a "
            "finite number, or NaN where there is none.",
            zh=f"{figure}：列 {chosen.columns[column]!r} 行 {chosen.index[row]!r} 的值是 {found!r}，"
            "应为有限的数，没有时为 NaN。",
        )
    if not empty and values.isna().to_numpy().all():
        raise TableError(
            f"{figure}: there is no number in column {some(chosen.columns)}; expected at least one. Check the step "
            "that made the table.",
            zh=f"{figure}：列 {some_zh(chosen.columns)} 没有任何数，至少需要一个。请检查生成该表的步骤。",
        )
    return values
