"""What every figure asks of its table before it draws."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from vitality.errors import TableError, did_you_mean, some

__all__ = ["require_columns", "require_rows"]


def require_rows(table: pd.DataFrame, figure: str) -> None:
    """Refuse a table without rows or columns.

    Raises
    ------
    TableError
        If there is nothing to draw.
    """
    if table.shape[0] == 0 or table.shape[1] == 0:
        raise TableError(
            f"{figure}: the table has {table.shape[0]} rows and {table.shape[1]} columns; expected at least one "
            "of each. Check the step that made the table."
        )


def require_columns(table: pd.DataFrame, columns: Iterable[str], figure: str) -> None:
    """Refuse a table that is empty or lacks a column that the figure draws.

    Raises
    ------
    TableError
        If there are no rows or a column is missing; a near miss is offered.
    """
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise TableError(
            f"{figure}: column {some(missing)} is missing; found {some(table.columns, limit=12)}. "
            f"Name the column as the figure expects it.{did_you_mean(missing[0], map(str, table.columns))}"
        )
    require_rows(table, figure)
