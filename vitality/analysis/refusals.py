"""Errors that several analyses raise, each in English and Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral, Real

import pandas as pd

from vitality.errors import MethodError, TableError, some, some_zh

__all__ = [
    "bad_count",
    "bad_draws",
    "bad_level",
    "bad_share",
    "is_count",
    "is_share",
    "text_columns",
    "too_few_columns",
]


def is_share(value: object) -> bool:
    """Whether a value is a number between 0 and 1, both excluded.

    Examples
    --------
    >>> is_share(0.9), is_share(1), is_share("0.9")
    (True, False, False)
    """
    return isinstance(value, Real) and 0 < float(value) < 1


def bad_level(level: object) -> MethodError:
    """Refuse a confidence level.

    Examples
    --------
    >>> bad_level(95).message("zh")
    'level=95；应为 0 与 1 之间的数，如 0.95。'
    """
    return MethodError(
        f"level={level!r}; expected a number between 0 and 1, such as 0.95.",
        zh=f"level={level!r}；应为 0 与 1 之间的数，如 0.95。",
    )


def bad_share(level: object, *, such_as: float) -> MethodError:
    """Refuse the share of replicates that an interval is to hold."""
    return MethodError(
        f"level={level!r}; expected a share above 0 and below 1, such as {such_as}.",
        zh=f"level={level!r}；应为大于 0、小于 1 的比例，如 {such_as}。",
    )


def bad_draws(bootstrap: object) -> MethodError:
    """Refuse a number of bootstrap draws."""
    return MethodError(
        f"bootstrap={bootstrap!r}; expected a number of draws such as 2000, 0 for none.",
        zh=f"bootstrap={bootstrap!r}；应为自助抽样的次数，如 2000；0 表示不抽样。",
    )


def bad_count(n: object) -> MethodError:
    """Refuse how many rows a unit is to get."""
    return MethodError(f"n={n!r}; expected a whole number, at least 1.", zh=f"n={n!r}；应为不小于 1 的整数。")


def is_count(n: object) -> bool:
    """Whether a value is a whole number of at least 1.

    Examples
    --------
    >>> is_count(3), is_count(0), is_count(1.5)
    (True, False, False)
    """
    return isinstance(n, Integral) and int(n) >= 1


def too_few_columns(what: tuple[str, str], table: object, *, one: tuple[str, str], counted: str = "") -> TableError:
    """Refuse what is no table of two columns; each pair is English and Chinese."""
    found, found_zh = type(table).__name__, f" {type(table).__name__}"
    if isinstance(table, pd.DataFrame):
        found, found_zh = f"{table.shape[1]}{counted}", f"{table.shape[1]}列"
    return TableError(
        f"{what[0]}: found {found}; expected a DataFrame with at least two columns, one {one[0]}.",
        zh=f"{what[1]}：给出的是{found_zh}；应为至少两列的数据表（DataFrame），{one[1]}。",
    )


def text_columns(what: tuple[str, str], words: Sequence[str], *, numbers: tuple[str, str]) -> TableError:
    """Refuse columns of text where numbers are expected; each pair is English and Chinese."""
    return TableError(
        f"{what[0]}: columns {some(words)} hold text; expected {numbers[0]}.",
        zh=f"{what[1]}：列{some_zh(words)}是文字；应为{numbers[1]}。",
    )
