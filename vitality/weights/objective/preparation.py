"""A checked table for objective weights: numbers, directions, zeros, negatives, gaps, constant columns.

Shared by every method that draws weights from the data, so that they refuse the same in the same words and
record what was done in the same place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from vitality.errors import MethodError, TableError, did_you_mean, meant_zh, some, some_zh
from vitality.weights.objective.columns import blocks, fold, ranges
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.weights.kernels import Floats

__all__ = ["Constant", "Missing", "Nonpositive", "Prepared", "less_is_better", "prepare", "require_positive"]

Missing = Literal["raise", "omit"]
Constant = Literal["zero", "raise"]
Nonpositive = Literal["raise", "shift", "keep"]

#: A column whose range is this small beside its values is constant but for rounding.
CONSTANT_RANGE = 1e-12
#: What the smallest value of a shifted column becomes (the rule of the SPSSAU handbook).
SHIFTED_MINIMUM = 0.01

_SIGNS = {
    **dict.fromkeys(("benefit", "+", "1", "max", "positive", "true", "正向"), False),
    **dict.fromkeys(("cost", "-", "-1", "min", "negative", "false", "负向", "逆向"), True),
}


@dataclass(frozen=True, eq=False)
class Prepared:
    """A table that has passed.

    Attributes
    ----------
    rows, columns : Index
    values : array, shape (n_units, n_indicators)
        Natural units; NaN only where gaps are left to the method. Not a copy where nothing was changed.
    cost : array of bool, shape (n_indicators,)
        Whether less is better.
    low, high : array, shape (n_indicators,)
        Smallest and largest value.
    counts : array of int, shape (n_indicators,)
        Units that have a value.
    constant : array of bool, shape (n_indicators,)
        Columns on which the units do not differ, or which fewer than two units have.
    recipe : mapping
        Direction and policies.
    """

    rows: pd.Index
    columns: pd.Index
    values: Floats
    cost: np.ndarray
    low: Floats
    high: Floats
    counts: np.ndarray
    constant: np.ndarray
    recipe: Mapping[str, object]

    @cached_property
    def zero_share(self) -> Floats:
        """Share of the units whose value is 0, shape (n_indicators,)."""
        others = np.zeros(len(self.columns))
        for block, abreast in blocks(self.values):
            others += fold(np.count_nonzero(block, axis=0), abreast)
        return (len(self.values) - others) / np.maximum(self.counts, 1)

    @property
    def varying(self) -> np.ndarray:
        """Positions of the columns that are not constant."""
        return np.flatnonzero(~self.constant)

    def spread_out(self, information: Floats) -> Floats:
        """Values of the varying columns among zeros for the constant ones."""
        full = np.zeros(len(self.columns))
        full[self.varying] = information
        return full


def prepare(
    matrix: object,
    direction: object,
    *,
    missing: str = "raise",
    constant: str = "zero",
    whole_rows: bool = False,
) -> Prepared:
    """Check the table from which weights are drawn.

    Parameters
    ----------
    matrix : DataFrame, array-like of shape (n_units, n_indicators), or mapping of name to column
        Numbers in natural units.
    direction : see `less_is_better`
    missing : {"raise", "omit"}
        Whether a NaN is refused or left out.
    constant : {"zero", "raise"}
        Whether a constant column gets weight 0 or is refused.
    whole_rows : bool
        Whether a unit with a gap is left out of all columns, because the method compares columns.

    Raises
    ------
    TableError
        If there are fewer than two units, a doubled or non-numeric column, an infinite value, or a NaN
        that was not allowed; the message names row and column.
    """
    choose("missing", missing, ("raise", "omit"))
    choose("constant", constant, ("zero", "raise"))
    frame, values = _numbers(matrix)
    low, high = ranges(values)
    rows = frame.index
    if not (np.isfinite(low).all() and np.isfinite(high).all()):
        _refuse_infinite_and_missing(frame, values, missing)
        if whole_rows:
            whole = np.flatnonzero(~np.isnan(values).any(axis=1))
            _require_whole_rows(frame, values, len(whole))
            rows, values = rows[whole], values[whole]
            low, high = ranges(values)
        else:
            low, high = np.fmin.reduce(values, axis=0), np.fmax.reduce(values, axis=0)
    gaps = bool(np.isnan(values).any()) if missing == "omit" and not whole_rows else False
    counts = np.isfinite(values).sum(axis=0) if gaps else np.full(values.shape[1], len(values))
    with np.errstate(invalid="ignore"):
        small = high - low <= CONSTANT_RANGE * np.maximum(np.abs(low), np.abs(high))
    flat = small | (counts < 2)
    if constant == "raise" and flat.any():
        named = frame.columns[flat]
        raise TableError(
            f"matrix: the units do not differ on {some(named)}. Leave them out, or choose constant='zero'.",
            zh=f"数据表：各单位在 {some_zh(named)} 上取值相同。请去掉这些列，或选 constant='zero'。",
        )
    cost = less_is_better(direction, frame.columns)
    recipe: dict[str, object] = {
        "direction": dict(zip(frame.columns, np.where(cost, "cost", "benefit").tolist())),
        "missing": missing,
        "constant_columns": "weight 0" if constant == "zero" else "refused",
    }
    if missing == "omit":
        recipe["gaps"] = "units with a gap left out" if whole_rows else "each column over the units that have it"
        recipe["units_left_out"] = len(frame) - len(values)
    return Prepared(rows, frame.columns, values, cost, low, high, counts, flat, recipe)


def require_positive(
    table: Prepared, *, zeros: str, negatives: str, needs: np.ndarray | None = None, why: tuple[str, str] = ("", "")
) -> Prepared:
    """Apply the policies for zeros and negatives.

    Parameters
    ----------
    table : Prepared
    zeros, negatives : {"raise", "shift", "keep"}
        ``raise``: refuse, naming the cell. ``shift``: move the whole column up so that its smallest value
        becomes 0.01. ``keep``: as they are. The caller has checked which of them make sense.
    needs : array of bool, shape (n_indicators,), optional
        Columns that cannot have zeros whatever the policy says; with ``keep`` their zeros are refused. All when
        left out, which ``keep`` then lets pass. Negatives matter everywhere.
    why : (str, str)
        Reason why zeros are refused, for the message, in English and Chinese.

    Raises
    ------
    TableError
    """
    matters = np.ones(len(table.columns), dtype=bool) if needs is None else needs
    wrong = {"zeros": (table.zero_share > 0) & matters, "negatives": table.low < 0}
    policies = {"zeros": zeros, "negatives": negatives}
    refused = {"zeros": zeros == "raise" or (zeros == "keep" and needs is not None), "negatives": negatives == "raise"}
    for what, columns in wrong.items():
        if refused[what] and columns.any():
            _refuse_nonpositive(table, what, columns, why if what == "zeros" else ("", ""))
    moved = np.zeros(len(table.columns), dtype=bool)
    for what, columns in wrong.items():
        moved |= columns & (policies[what] == "shift")
    recipe = {**table.recipe, **policies}
    if not moved.any():
        return replace(table, recipe=recipe)
    amount = np.where(moved, SHIFTED_MINIMUM - table.low, 0.0)
    recipe["shifted"] = dict(zip(table.columns[moved], amount[moved].tolist()))
    return replace(table, values=table.values + amount, low=table.low + amount, high=table.high + amount, recipe=recipe)


def less_is_better(direction: object, columns: pd.Index) -> np.ndarray:
    """Whether less is better, for every column.

    Parameters
    ----------
    direction : None, mapping, Series, sequence or one for all
        ``"benefit"`` / ``"cost"``, 1 / -1, ``"+"`` / ``"-"``, ``"max"`` / ``"min"`` or 正向 / 负向 for each
        column, by label or in order; None: more is better everywhere. Labels beyond the columns are ignored.
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
        lacking = [column for column in columns if column not in given]
        if lacking:
            labels = [str(label) for label in given]
            raise MethodError(
                f"direction: none for {some(lacking)}.{did_you_mean(str(lacking[0]), labels)} "
                "Give one for every column.",
                zh=f"direction：{some_zh(lacking)} 没有方向。{meant_zh(str(lacking[0]), labels)}请为每一列给出方向。",
            )
        named = [given[column] for column in columns]
    else:
        named = [direction] * len(columns) if np.ndim(direction) == 0 else np.asarray(direction).tolist()  # type: ignore[arg-type]
    if len(named) != len(columns):
        raise MethodError(
            f"direction: {len(named)} given for {len(columns)} columns; expected one for each.",
            zh=f"direction：有 {len(columns)} 列，却给出 {len(named)} 个方向；每列应给一个。",
        )
    return np.array([_is_cost(value, column) for value, column in zip(named, columns)])


def _is_cost(value: object, column: object) -> bool:
    number = isinstance(value, float | np.number) and value in (1, -1)
    text = str(int(value)) if number else str(value).strip().lower()  # type: ignore[call-overload]
    if text in _SIGNS:
        return _SIGNS[text]
    if text == "interval":
        raise MethodError(
            f"direction: {column!r} is 'interval'; map it to its score first (normalise with the framework's "
            "scale) and pass it as 'benefit'.",
            zh=f"direction：{column!r} 为区间型；请先按框架的标尺换算成得分，再以 'benefit' 传入。",
        )
    raise MethodError(
        f"direction: {column!r} has {value!r}; expected 'benefit' or 'cost' (1 or -1).{did_you_mean(text, _SIGNS)}",
        zh=f"direction：{column!r} 为 {value!r}；应为 'benefit' 或 'cost'（1 或 -1）。{meant_zh(text, _SIGNS)}",
    )


def _numbers(matrix: object) -> tuple[pd.DataFrame, Floats]:
    """Labels and float64 values; the values are not a copy where the input already is float64."""
    try:
        if isinstance(matrix, pd.DataFrame):
            frame = matrix
        else:
            raw = matrix if isinstance(matrix, Mapping) else np.asarray(matrix)
            frame = pd.DataFrame(raw, copy=False)
    except (TypeError, ValueError):
        raise TableError(
            f"matrix: found {type(matrix).__name__} that is no table; expected rows of equal length, one a unit.",
            zh=f"数据表：{type(matrix).__name__} 不是一张表；应为等长的各行，每行一个单位。",
        ) from None
    if frame.columns.has_duplicates:
        doubled = frame.columns[frame.columns.duplicated()].unique()
        raise TableError(
            f"matrix: columns {some(doubled)} are there twice; expected one column an indicator.",
            zh=f"数据表：{some_zh(doubled)} 列重复；每项指标应只有一列。",
        )
    words = [column for column, values in frame.items() if not _is_numeric(values)]
    if words:
        raise TableError(
            f"matrix: columns {some(words)} hold text or dates; expected numbers. Clean the answers first.",
            zh=f"数据表：{some_zh(words)} 列含文字或日期；应为数字。请先清理数据。",
        )
    values = frame.to_numpy(dtype=float, na_value=np.nan)
    _require_size(values)
    return frame, values


def _is_numeric(values: pd.Series) -> bool:
    if pd.api.types.is_numeric_dtype(values):
        return not pd.api.types.is_complex_dtype(values)
    return bool(values.map(lambda value: value is None or value is pd.NA or isinstance(value, int | float)).all())


def _require_size(values: Floats) -> None:
    if values.shape[0] < 2 or values.shape[1] < 1:
        raise TableError(
            f"matrix: found {values.shape[0]} units and {values.shape[1]} indicators; expected at least two units "
            "and one indicator, because weights come from differences between units.",
            zh=f"数据表：有 {values.shape[0]} 个单位、{values.shape[1]} 项指标；至少需要两个单位和一项指标，"
            "因为权重来自单位之间的差异。",
        )


def _require_whole_rows(frame: pd.DataFrame, values: Floats, whole: int) -> None:
    if whole >= 2:
        return
    emptiest = frame.columns[int(np.isnan(values).sum(axis=0).argmax())]
    raise TableError(
        f"matrix: {whole} of {len(values)} units have a value for every indicator; expected at least two, because this "
        f"method compares indicators. {emptiest!r} has the most gaps: leave it out, or impute.",
        zh=f"数据表：{len(values)} 个单位中只有 {whole} 个各项指标齐全；此方法比较各指标，至少需要两个。{emptiest!r} "
        "空缺最多：请去掉该列，或先插补。",
    )


def _refuse_infinite_and_missing(frame: pd.DataFrame, values: Floats, missing: str) -> None:
    _refuse_cells(
        frame,
        np.isinf(values),
        ("is infinite", "are infinite", "为无穷大"),
        ("Correct the answers it was computed from.", "请更正其来源数据。"),
    )
    if missing == "raise":
        _refuse_cells(
            frame,
            np.isnan(values),
            ("has no value", "have no value", "没有值"),
            ("Impute it first, or choose missing='omit'.", "请先插补，或选 missing='omit'。"),
        )


def _refuse_cells(frame: pd.DataFrame, wrong: np.ndarray, what: tuple[str, str, str], advice: tuple[str, str]) -> None:
    if not wrong.any():
        return
    cells = np.argwhere(wrong)
    named, named_zh = _cells_in_words(frame.index, frame.columns, cells)
    verb = what[0] if len(cells) == 1 else what[1]
    raise TableError(
        f"matrix: {named} {verb}; expected a finite number. {advice[0]}",
        zh=f"数据表：{named_zh}{what[2]}；应为有限的数。{advice[1]}",
    )


def _cells_in_words(rows: pd.Index, columns: pd.Index, cells: np.ndarray) -> tuple[str, str]:
    more = len(cells) - 5
    named = ", ".join(f"row {rows[i]!r} column {columns[j]!r}" for i, j in cells[:5])
    named_zh = "、".join(f"行 {rows[i]!r} 列 {columns[j]!r} " for i, j in cells[:5])
    return named + (f" and {more} more" if more > 0 else ""), named_zh + (f"等 {len(cells)} 格" if more > 0 else "")


def _refuse_nonpositive(table: Prepared, what: str, columns: np.ndarray, why: tuple[str, str]) -> None:
    wrong = (table.values == 0 if what == "zeros" else table.values < 0) & columns
    cells = np.argwhere(wrong)
    i, j = cells[0]
    others = f", and {len(cells) - 1} more cells are out of range" if len(cells) > 1 else ""
    others_zh = f"，另有 {len(cells) - 1} 格" if len(cells) > 1 else ""
    wanted, wanted_zh = ("above 0", "大于 0") if what == "zeros" else ("0 or more", "不小于 0")
    raise TableError(
        f"matrix: row {table.rows[i]!r} column {table.columns[j]!r} is {table.values[i, j]:g}{others}; this method "
        f"needs values {wanted}{why[0]}. Choose {what}='shift', which is recorded, or a method that works on ranges, "
        "such as normalisation='minmax'.",
        zh=f"数据表：行 {table.rows[i]!r} 列 {table.columns[j]!r} 为 {table.values[i, j]:g}{others_zh}；此方法要求取值"
        f"{wanted_zh}{why[1]}。可选 {what}='shift'（平移并记录），或改用按极差计算的方法，如 normalisation='minmax'。",
    )
