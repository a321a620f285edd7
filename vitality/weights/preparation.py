"""A checked matrix for objective weights: numbers, directions, gaps.

Shared by every method that draws weights from the data, so that they refuse the same in the same words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vitality.errors import MethodError, TableError, did_you_mean, some
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.weights.kernels import Floats

__all__ = ["checked_values", "less_is_better"]

_SIGNS = {"benefit": False, "+": False, "1": False, "cost": True, "-": True, "-1": True}


def checked_values(matrix: object, *, missing: str = "raise") -> tuple[pd.DataFrame, Floats]:
    """Check the matrix from which weights are drawn.

    Parameters
    ----------
    matrix : DataFrame or array-like, shape (n_units, n_indicators)
        Numbers in natural units.
    missing : {"raise", "omit"}
        Whether a NaN is refused or left to the method.

    Returns
    -------
    frame : DataFrame
        For labels.
    values : array, shape (n_units, n_indicators)
        float64; not a copy where the input already is.

    Raises
    ------
    TableError
        If there are fewer than two units, a doubled or non-numeric column, an infinite value, or a NaN
        that was not allowed; the message names row and column.
    """
    choose("missing", missing, ("raise", "omit"))
    frame = matrix if isinstance(matrix, pd.DataFrame) else pd.DataFrame(np.asarray(matrix))
    if frame.columns.has_duplicates:
        doubled = frame.columns[frame.columns.duplicated()].unique()
        raise TableError(f"matrix: columns {some(doubled)} are there twice; expected one column an indicator.")
    words = [column for column in frame if not pd.api.types.is_numeric_dtype(frame[column])]
    if words:
        raise TableError(f"matrix: columns {some(words)} hold text; expected numbers. Clean the answers first.")
    values = frame.to_numpy(dtype=float)
    if values.shape[0] < 2 or values.shape[1] < 1:
        raise TableError(
            f"matrix: found {values.shape[0]} units and {values.shape[1]} indicators; expected at least "
            "two units "
            "and one indicator, because weights come from differences between units."
        )
    if not np.isfinite(values).all():
        _refuse_cells(frame, np.isinf(values), "is infinite", "Correct the answers it was computed from.")
        if missing == "raise":
            _refuse_cells(frame, np.isnan(values), "has no value", "Impute it first, or choose missing='omit'.")
    return frame, values


def _refuse_cells(frame: pd.DataFrame, wrong: np.ndarray, what: str, advice: str) -> None:
    cells = np.argwhere(wrong)
    if not len(cells):
        return
    named = ", ".join(f"row {frame.index[i]!r} column {frame.columns[j]!r}" for i, j in cells[:5])
    more = f" and {len(cells) - 5} more" if len(cells) > 5 else ""
    verb = what if len(cells) == 1 else what.replace("is ", "are ").replace("has no", "have no")
    raise TableError(f"matrix: {named}{more} {verb}; expected a finite number. {advice}")


def less_is_better(direction: object, columns: pd.Index) -> np.ndarray:
    """Whether less is better, for every column.

    Parameters
    ----------
    direction : None, mapping, Series or sequence
        ``"benefit"`` / ``"cost"``, 1 / -1 or ``"+"`` / ``"-"`` for each column, by label or in order;
        None: more is better everywhere. Labels beyond the columns are ignored.
    columns : Index

    Returns
    -------
    array of bool, shape (n_indicators,)

    Raises
    ------
    MethodError
        If a column has no direction or an unknown one. ``"interval"`` must be mapped to "more is better"
        before, because only the framework knows the best interval.
    """
    if direction is None:
        return np.zeros(len(columns), dtype=bool)
    if isinstance(direction, Mapping | pd.Series):
        given = dict(direction.items())
        missing = [column for column in columns if column not in given]
        if missing:
            near = did_you_mean(str(missing[0]), [str(label) for label in given])
            raise MethodError(f"direction: none for {some(missing)}.{near} Give one for every column.")
        named = [given[column] for column in columns]
    else:
        named = [direction] * len(columns) if isinstance(direction, str) else list(np.asarray(direction).tolist())
    if len(named) != len(columns):
        raise MethodError(f"direction: {len(named)} given for {len(columns)} columns; expected one for each.")
    return np.array([_is_cost(value, column) for value, column in zip(named, columns)])


def _is_cost(value: object, column: object) -> bool:
    text = str(int(value)) if isinstance(value, float | np.number) and value in (1, -1) else str(value)
    if text in _SIGNS:
        return _SIGNS[text]
    if text == "interval":
        raise MethodError(
            f"direction: {column!r} is 'interval'; map it to its score first (normalise with the "
            "framework's scale) "
            "and pass it as 'benefit'."
        )
    raise MethodError(
        f"direction: {column!r} has {value!r}; expected 'benefit' or 'cost' (1 or -1).{did_you_mean(text, _SIGNS)}"
    )
