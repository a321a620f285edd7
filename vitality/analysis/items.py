"""Answers to the items of a scale, as numbers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.analysis.refusals import text_columns, too_few_columns
from vitality.errors import TableError

__all__ = ["ITEMS", "numbers_of_items"]

#: What the table is called in a message: English and Chinese.
ITEMS = ("items", "题目表 'items'")


def numbers_of_items(items: pd.DataFrame, *, fewest: int) -> npt.NDArray[np.float64]:
    """Rows without a gap, shape (n_people, n_items)."""
    if not isinstance(items, pd.DataFrame) or items.shape[1] < 2:
        raise too_few_columns(ITEMS, items, one=("an item", "每题一列"), counted=" columns")
    words = [str(name) for name, kind in items.dtypes.items() if not pd.api.types.is_numeric_dtype(kind)]
    if words:
        raise text_columns(ITEMS, words, numbers=("numbers", "数字"))
    values = items.to_numpy(dtype=float, na_value=np.nan)
    values = values[np.isfinite(values).all(axis=1)]
    if len(values) < fewest:
        raise TableError(
            f"items: {len(values)} complete rows; expected at least {fewest}.",
            zh=f"{ITEMS[1]}：只有{len(values)}行数据完整，至少要{fewest}行。",
        )
    return values
