"""The scale of every indicator and the way on it: from natural units to 0 (worst) .. 100 (best).

All linear normalisations are one formula, ``100 * (x - worst) / (best - worst)``; they differ only in where
the two points come from. Indicators with a best interval go through `map_intervals` first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.errors import FrameworkError, MethodError, TableError, did_you_mean, meant_zh, some, some_zh
from vitality.index.inputs import require_framework, require_method, require_numbers
from vitality.index.matrix import unit_and_round
from vitality.index.messages import faults_zh
from vitality.index.method import DEFAULT_METHOD, REFERENCES, Method
from vitality.index.method_checks import PLACES

if TYPE_CHECKING:
    from vitality.framework import Framework

__all__ = ["clip_and_count", "count_clipped", "fit_scale", "map_intervals", "normalise"]

Floats = npt.NDArray[np.float64]
#: What is scaled, named in English and in Chinese.
Where = tuple[str, str]

#: Standard deviations from the mean to either end of the z-score's scale.
Z_REACH = 5.0


def map_intervals(matrix: pd.DataFrame, framework: Framework, *, clip: bool = True) -> pd.DataFrame:
    """Turn indicators with a best interval into "more is better", 0 to 1; leave the others as they are.

    With the best interval [a, b] and the two ends lo and hi (the framework's ``worst`` and ``best``; the
    observed range where it has none) a value x becomes 1 inside [a, b], 1 - (a - x) / max(a - lo, hi - b)
    below and 1 - (x - b) / max(a - lo, hi - b) above.

    Parameters
    ----------
    matrix : DataFrame, shape (n_units, n_indicators)
        Natural units; columns are codes of the framework.
    framework : Framework
    clip : bool
        Whether values beyond the ends become 0; otherwise they are below 0.

    Returns
    -------
    DataFrame, shape (n_units, n_indicators)

    Examples
    --------
    >>> from vitality.framework import framework_from_table
    >>> tree = framework_from_table(pd.DataFrame({
    ...     "code": ["V", "C31"], "parent": ["", "V"], "direction": ["", "interval"], "worst": [None, 0],
    ...     "best": [None, 40], "interval_low": [None, 6], "interval_high": [None, 24]}))
    >>> map_intervals(pd.DataFrame({"C31": [0.0, 6.0, 24.0, 32.0, 40.0]}), tree)["C31"].tolist()
    [0.625, 1.0, 1.0, 0.5, 0.0]
    """
    mapped = matrix.copy()
    for code in matrix.columns:
        indicator = framework.indicator(code)
        if indicator.interval is None:
            continue
        values = matrix[code].to_numpy(dtype=float)
        low, high = indicator.interval
        bottom = np.fmin.reduce(values) if indicator.worst is None else indicator.worst
        top = np.fmax.reduce(values) if indicator.best is None else indicator.best
        reach = max(low - bottom, top - high)
        away = np.maximum(np.maximum(low - values, values - high), 0.0)
        score = 1 - away / reach if reach > 0 else np.where(np.isnan(values), np.nan, 1.0)
        mapped[code] = np.maximum(score, 0.0) if clip else score
    return mapped


def fit_scale(matrix: pd.DataFrame, framework: Framework, method: Method = DEFAULT_METHOD) -> pd.DataFrame:
    """Find the worst and the best point of every indicator.

    Parameters
    ----------
    matrix : DataFrame, shape (n_units, n_indicators)
        Index (unit, round) or unit; natural units.
    framework : Framework
        Its directions, and its goalposts for ``normalisation="goalposts"``.
    method : Method
        ``normalisation`` and ``reference``. ``goalposts``: the framework's. ``minmax``, the same as
        ``distance_to_maximum``: the extremes of the observed values. ``zscore``: five (sample) standard
        deviations on either side of the mean, so that the mean scores 50 and a standard deviation is 10
        points. ``distance_to_reference``: from the worst value to that of ``reference_unit`` (in the latest
        round that has it); ``distance_to_target``: from the worst value to the framework's ``target``.
        ``rank``, ``percentile`` and ``borda`` have no scale: both points are NaN.

    Returns
    -------
    DataFrame, shape (n_indicators, 2)
        Index indicator, with ``reference="each"`` (round, indicator); columns ``worst`` and ``best`` in
        natural units, best < worst where less is better. Indicators with a best interval have the points in
        the units of `map_intervals`, 0 and 1 with goalposts.

    Raises
    ------
    FrameworkError
        If goalposts or targets are wanted and an indicator has none.
    TableError
        If an indicator is constant where the scale comes from its values, or the reference unit or the
        target is not better than the worst value.
    MethodError
        If the reference is neither a choice nor a round of the matrix, or the reference unit is not there.

    Examples
    --------
    >>> from vitality.framework import framework_from_table
    >>> tree = framework_from_table(pd.DataFrame({
    ...     "code": ["V", "a", "b"], "parent": ["", "V", "V"], "direction": ["", "benefit", "cost"]}))
    >>> fit_scale(pd.DataFrame({"a": [1.0, 3.0], "b": [10.0, 30.0]}), tree, Method(normalisation="minmax"))
       worst  best
    a    1.0   3.0
    b   30.0  10.0
    """
    require_framework(framework)
    require_method(method)
    require_numbers(matrix)
    if method.normalisation == "goalposts":
        return _goalposts(framework, list(matrix.columns))
    table = unit_and_round(matrix)
    mapped = map_intervals(table, framework)
    rounds = np.asarray(table.index.get_level_values("round"))
    if method.reference == "each":
        names = list(dict.fromkeys(rounds.tolist()))
        parts = [_points(mapped[rounds == name], framework, method, where=_round(name)) for name in names]
        return pd.concat(parts, keys=names, names=["round", "indicator"])
    if method.reference in REFERENCES:
        return _points(mapped, framework, method, where=("matrix", "指标矩阵"))
    chosen = mapped[rounds == method.reference]
    if chosen.empty:
        known = [*REFERENCES, *dict.fromkeys(map(str, rounds))]
        raise MethodError(
            f"reference={method.reference!r} is neither a choice nor a round of the matrix."
            f"{did_you_mean(method.reference, known)} Choose one of {some(known, limit=12)}.",
            zh=f"reference={method.reference!r} 既不是可用的选项，也不是指标矩阵中的轮次。"
            f"{meant_zh(method.reference, known)}可选：{some_zh(known, limit=12)}。",
        )
    return _points(chosen, framework, method, where=_round(method.reference))


def _round(name: object) -> Where:
    return f"round {name!r}", f"轮次 {name!r}"


def _goalposts(framework: Framework, codes: list[str]) -> pd.DataFrame:
    parts = [framework.indicator(code) for code in codes]
    bare = [part.code for part in parts if part.worst is None or part.best is None]
    if bare:
        raise FrameworkError(
            f"framework {framework.name!r}: indicator {some(bare)} has no goalposts ('worst' and "
            "'best'), and normalisation='goalposts' needs them. Set them in the framework, or choose "
            "normalisation='minmax'.",
            zh=f"框架 {framework.name!r}：指标 {some_zh(bare)} 没有标尺两端（worst、best）。请在框架中补上，或改用 "
            "normalisation='minmax'。",
        )
    ends = [(0.0, 1.0) if part.interval is not None else (part.worst, part.best) for part in parts]
    return pd.DataFrame(ends, index=pd.Index(codes), columns=["worst", "best"], dtype=float)


def _points(mapped: pd.DataFrame, framework: Framework, method: Method, *, where: Where) -> pd.DataFrame:
    values = mapped.to_numpy(dtype=float)
    cost = np.array([framework.indicator(code).direction == "cost" for code in mapped.columns], dtype=bool)
    if method.normalisation in PLACES:
        nothing = np.full(values.shape[1], np.nan)
        return pd.DataFrame({"worst": nothing, "best": nothing}, index=mapped.columns)
    low, high = np.fmin.reduce(values, axis=0), np.fmax.reduce(values, axis=0)
    worst, best = [np.asarray(np.where(cost, *ends), dtype=float) for ends in ((high, low), (low, high))]
    if method.normalisation == "distance_to_target":
        best = _targets(mapped, framework)
    elif method.normalisation == "distance_to_reference":
        best = _reference_values(mapped, str(method.reference_unit), where)
    elif flat := [str(code) for code, constant in zip(mapped.columns, low == high) if constant]:
        raise TableError(
            f"{where[0]}: indicator {some(flat)} has the same value for every unit, so that "
            f"normalisation={method.normalisation!r} finds no scale for it. Choose "
            "normalisation='goalposts', or leave the indicator out of the framework.",
            zh=f"{where[1]}：指标 {some_zh(flat)} 在各单位取值相同，normalisation={method.normalisation!r} 无从定标尺。"
            "请改用 normalisation='goalposts'，或从框架中去掉该指标。",
        )
    elif method.normalisation == "zscore":
        below, above = _around_the_mean(values)
        worst, best = np.where(cost, above, below), np.where(cost, below, above)
    wrong = np.where(cost, best >= worst, best <= worst)
    if wrong.any():
        code = mapped.columns[wrong][0]
        raise TableError(
            f"{where[0]}: normalisation={method.normalisation!r} would put 100 at {best[wrong][0]:g} of indicator "
            f"{code!r}, whose worst value is {worst[wrong][0]:g}; expected a better one.",
            zh=f"{where[1]}：normalisation={method.normalisation!r} 会把指标 {code!r} 的 {best[wrong][0]:g} 定为"
            f" 100 分，而其最差值是 {worst[wrong][0]:g}；100 分处应优于最差值。",
        )
    return pd.DataFrame({"worst": worst, "best": best}, index=mapped.columns)


def _targets(mapped: pd.DataFrame, framework: Framework) -> Floats:
    parts = [framework.indicator(code) for code in mapped.columns]
    bare = [part.code for part in parts if part.target is None and part.interval is None]
    if bare:
        raise FrameworkError(
            f"framework {framework.name!r}: indicator {some(bare)} has no 'target', and "
            "normalisation='distance_to_target' needs one. Set it in the framework.",
            zh=f"框架 {framework.name!r}：指标 {some_zh(bare)} 没有目标值（target），请在框架中补上。",
        )
    return np.array([1.0 if part.interval is not None else part.target for part in parts], dtype=float)


def _reference_values(mapped: pd.DataFrame, unit: str, where: Where) -> Floats:
    units = mapped.index.get_level_values("unit").astype(str)
    own = mapped[units == unit].sort_index(level="round")
    if own.empty:
        raise MethodError(
            f"{where[0]}: no unit {unit!r} for reference_unit.{did_you_mean(unit, units.unique())} Expected one of "
            f"{some(units.unique())}.",
            zh=f"{where[1]}：reference_unit 所指的单位 {unit!r} 不存在。"
            f"{meant_zh(unit, units.unique())}现有单位：{some_zh(units.unique())}。",
        )
    latest = own.ffill().iloc[-1]
    seen = mapped.notna().any().to_numpy()
    bare = [str(code) for code, value, needed in zip(mapped.columns, latest, seen) if needed and np.isnan(value)]
    if bare:
        raise TableError(
            f"{where[0]}: reference unit {unit!r} has no value for {some(bare)}; expected one for every indicator. "
            "Choose another unit, or impute first.",
            zh=f"{where[1]}：参照单位 {unit!r} 缺少指标 {some_zh(bare)}。请换一个单位，或先填补。",
        )
    return latest.to_numpy(dtype=float)


def _around_the_mean(values: Floats) -> tuple[Floats, Floats]:
    seen = ~np.isnan(values)
    n = seen.sum(axis=0)
    size = np.abs(np.where(seen, values, 0.0)).max(axis=0)
    own = values / np.where(size > 0, size, 1.0)  # so that no square is beyond what a number can hold
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(seen, own, 0.0).sum(axis=0) / n
        reach = Z_REACH * np.sqrt((np.where(seen, own - mean, 0.0) ** 2).sum(axis=0) / (n - 1))
    return size * (mean - reach), size * (mean + reach)


def normalise(matrix: pd.DataFrame, scale: pd.DataFrame, *, clip: bool = True) -> pd.DataFrame:
    """Put every indicator on a scale from 0 (worst) to 100 (best).

    Parameters
    ----------
    matrix : DataFrame, shape (n_units, n_indicators)
        Observed values in the indicators' own units, after `map_intervals`; NaN where not observed.
    scale : DataFrame, shape (n_indicators, 2)
        Columns ``worst`` and ``best``, in the units of `matrix`, from `fit_scale`; matched by name. With an
        index (round, indicator) every round has its own.
    clip : bool
        Whether values beyond either end count as that end [1]_ (`count_clipped` tells how many).

    Returns
    -------
    DataFrame, shape (n_units, n_indicators)
        No unit, 0 to 100, or beyond where nothing is clipped. NaN stays NaN.

    Raises
    ------
    TableError
        If the scale lacks an indicator or a round, or its worst and its best point are equal.

    References
    ----------
    .. [1] OECD and JRC (2008). Handbook on Constructing Composite Indicators, step 5.

    Examples
    --------
    >>> paperwork = pd.DataFrame({"B23": [15.0, 45.0, 90.0]})  # % of working time
    >>> normalise(paperwork, pd.DataFrame({"worst": [75.0], "best": [15.0]}, index=["B23"]))["B23"].tolist()
    [100.0, 50.0, 0.0]
    """
    scores = _on_scale(matrix, scale)
    if clip:
        np.clip(scores, 0.0, 100.0, out=scores)
    return pd.DataFrame(scores, index=matrix.index, columns=matrix.columns, copy=False)


def count_clipped(matrix: pd.DataFrame, scale: pd.DataFrame) -> pd.Series:
    """Count the values of each indicator that lie beyond either end of its scale.

    Parameters
    ----------
    matrix, scale
        As for `normalise`; with ``map_intervals(..., clip=False)`` the values outside the two ends of an
        indicator with a best interval are counted too.

    Examples
    --------
    >>> paperwork = pd.DataFrame({"B23": [15.0, 45.0, 90.0]})
    >>> scale = pd.DataFrame({"worst": [75.0], "best": [15.0]}, index=["B23"])
    >>> count_clipped(paperwork, scale).to_dict()
    {'B23': 1}
    """
    return clip_and_count(matrix, scale, clip=False)[1]


def clip_and_count(matrix: pd.DataFrame, scale: pd.DataFrame, clip: bool) -> tuple[pd.DataFrame, pd.Series]:
    """Normalised values, clipped or not, and how many of each indicator lie beyond the scale."""
    scores = _on_scale(matrix, scale)
    beyond = ((scores < -1e-9) | (scores > 100 + 1e-9)).sum(axis=0)
    if clip:
        np.clip(scores, 0.0, 100.0, out=scores)
    table = pd.DataFrame(scores, index=matrix.index, columns=matrix.columns, copy=False)
    return table, pd.Series(beyond, index=matrix.columns, name="clipped")


def _on_scale(matrix: pd.DataFrame, scale: pd.DataFrame) -> Floats:
    values = require_numbers(matrix).to_numpy(dtype=float)
    if not isinstance(scale, pd.DataFrame):
        raise TableError(
            f"scale: found {type(scale).__name__}; expected the table of 'worst' and 'best' that fit_scale gives.",
            zh=f"scale：得到的是 {type(scale).__name__}，应为 fit_scale 给出的含 'worst' 和 'best' 列的表。",
        )
    if scale.index.nlevels == 1:
        return _between(values, *_ends(scale, matrix.columns, values))
    rounds = np.asarray(unit_and_round(matrix).index.get_level_values("round"))
    scores = np.empty_like(values)
    known = list(scale.index.get_level_values(0).unique())
    for name in dict.fromkeys(rounds.tolist()):
        if name not in known:
            raise TableError(
                f"scale: none for round {name!r}; it has {some(known)}.",
                zh=f"scale：没有轮次 {name!r} 的标尺，现有 {some_zh(known)}。",
            )
        own = rounds == name
        scores[own] = _between(values[own], *_ends(scale.loc[name], matrix.columns, values[own]))
    return scores


def _between(values: Floats, worst: Floats, best: Floats) -> Floats:
    scores = values - worst
    scores *= 100
    scores /= best - worst
    return scores


def _ends(scale: pd.DataFrame, codes: pd.Index, values: Floats) -> tuple[Floats, Floats]:
    lacking = [name for name in ("worst", "best") if name not in scale.columns]
    if lacking or scale.index.has_duplicates:
        doubled = scale.index[scale.index.duplicated()].unique()
        raise TableError(
            f"scale: no column {some(lacking) or 'missing'}; rows found twice {some(doubled) or 'none'}. Expected one "
            "row an indicator, with the columns 'worst' and 'best', as fit_scale gives.",
            zh=f"scale：{faults_zh({'缺少列': lacking, '重复的行': doubled})}。"
            "每项指标应有一行，并有 'worst' 和 'best' 两列，如 fit_scale 所给出的。",
        )
    missing = [str(code) for code in codes if code not in scale.index]
    if missing:
        raise TableError(
            f"scale: no row for indicator {some(missing)}.{did_you_mean(missing[0], map(str, scale.index))} "
            "Expected one row with 'worst' and 'best' for each column of the matrix.",
            zh=f"scale：没有指标 {some_zh(missing)} 的行。{meant_zh(missing[0], map(str, scale.index))}"
            "指标矩阵的每一列都应有一行，写明 'worst' 和 'best'。",
        )
    points = scale[["worst", "best"]].reindex(codes).to_numpy(dtype=float)
    worst, best = points[:, 0], points[:, 1]
    for place in np.flatnonzero(worst == best).tolist():
        raise TableError(
            f"scale: worst and best of {codes[place]!r} are both {worst[place]:g}; "
            "expected two different points. Set the goalposts in the framework.",
            zh=f"scale：{codes[place]!r} 的最差值和最佳值都是 {worst[place]:g}，应为两个不同的值。"
            "请在框架中设定标尺两端。",
        )
    unknown = ~(np.isfinite(best) & np.isfinite(worst)) & ~np.isnan(values).all(axis=0)
    if unknown.any():
        raise TableError(
            f"scale: no worst or best point for {some(list(codes[unknown]))}, which has values; expected two numbers.",
            zh=f"scale：{some_zh(list(codes[unknown]))} 有数据，却没有最差值或最佳值；应为两个数。",
        )
    return worst, best
