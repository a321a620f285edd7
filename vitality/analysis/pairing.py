"""The two sides of an association brought together: the same units, controls and strata, in one round or two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.analysis.correlation import midranks
from vitality.errors import MethodError, TableError, did_you_mean, meant_zh, some, some_zh
from vitality.index.matrix import unit_and_round

if TYPE_CHECKING:
    from vitality.index import IndexResult

__all__ = ["Compared", "Sides", "align", "align_changes", "design_of", "round_of", "two_rounds"]

MOST_CONTROLS = 3


@dataclass(frozen=True, eq=False)
class Sides:
    """Scores and resources of one round over the same units, in the same order.

    Attributes
    ----------
    round : str
    scores : DataFrame, shape (n_units, n_nodes)
    resources : DataFrame, shape (n_units, n_resources)
        float64; without the columns that are controls or strata, here or in the framework.
    controls : DataFrame, shape (n_units, n_controls)
    strata : Series or None
    lacking : tuple of str
        Units of the index that the resources do not have.
    background : DataFrame, shape (n_units, ...)
        Everything else that is known of the units: all columns of the resources, the attributes and the
        denominators that were given.
    denominators : bool
        Whether a table of them was given.
    """

    round: str
    scores: pd.DataFrame
    resources: pd.DataFrame
    controls: pd.DataFrame
    strata: pd.Series | None
    lacking: tuple[str, ...]
    background: pd.DataFrame
    denominators: bool = False


@dataclass(frozen=True, eq=False)
class Compared:
    """What is associated: levels of one round, or differences between two.

    Attributes
    ----------
    views : tuple of Sides
        The round; or the earlier and the later one, over the same units.
    """

    views: tuple[Sides, ...]

    def of(self, value: Callable[[Sides], pd.Series | pd.DataFrame]) -> pd.DataFrame:
        """Give a value of the round, or its difference between the rounds, as a table over the units."""
        found = [pd.DataFrame(value(view)) for view in self.views]
        return found[0] if len(found) == 1 else found[1] - found[0]

    @property
    def last(self) -> Sides:
        """The round, or the later one: controls and strata are taken from it."""
        return self.views[-1]

    @property
    def changes(self) -> bool:
        """Whether differences are compared."""
        return len(self.views) > 1


def align(
    result: IndexResult,
    resources: pd.DataFrame,
    *,
    control: Sequence[str] = (),
    within: str | pd.Series | None = None,
    round: str | None = None,
    denominators: pd.DataFrame | None = None,
) -> Sides:
    """Bring index and resources of one round together by unit.

    Parameters
    ----------
    result : IndexResult
    resources : DataFrame
        Index (unit, round), or unit alone, which stands for the round that is used.
    control : sequence of str
        Columns of `resources` or of the units' attributes, up to three.
    within : str or Series, optional
        Strata: such a column, or a Series over the units or the rows of the index.
    round : str, optional
        The latest (last in sorting order) by default.
    denominators : DataFrame, optional
        What resources are divided by, such as the population; index as for `resources`.

    Raises
    ------
    TableError
        If there is no common unit, or a column of the resources holds text.
    MethodError
        If the round, a control or the strata are not to be found.
    """
    if within is not None and not isinstance(within, str | pd.Series):
        raise MethodError(
            f"within: found {type(within).__name__}; expected a name of a column or a Series.",
            zh=f"分层变量 'within'：给出的是 {type(within).__name__}；应为列名或序列（Series）。",
        )
    if not isinstance(resources, pd.DataFrame):
        raise TableError(
            f"resources: found {type(resources).__name__}; expected a DataFrame with one column a resource.",
            zh=f"资源表：给出的是 {type(resources).__name__}；应为数据表（DataFrame），每项资源一列。",
        )
    used = round_of(result, round)
    scores = _of_round(result.scores, used, what="scores")
    table = _of_round(resources, used, what="resources")
    shared = scores.index.intersection(table.index)
    if not len(shared):
        raise TableError(
            f"resources: no unit of the index in round {used!r}; the index has {some(scores.index)}, the "
            f"resources {some(table.index) or 'none'}. Use the same unit codes and rounds on both sides.",
            zh=f"资源表：{used!r} 轮中没有与指数相同的单位；指数有{some_zh(scores.index)}，资源表有"
            f"{some_zh(table.index) or '无'}。两边请用相同的单位代码和轮次。",
        )
    names = [control] if isinstance(control, str) else list(control)
    if len(names) > MOST_CONTROLS:
        raise MethodError(
            f"control: {len(names)} given, {some(names)}; expected at most {MOST_CONTROLS}, because "
            "each of them costs a unit's worth of evidence.",
            zh=f"控制变量：给了{len(names)}个（{some_zh(names)}），至多{MOST_CONTROLS}个，每多一个就少一个单位的证据。",
        )
    units = _of_round(result.units, used, what="units")
    table = table.reindex(scores.index)
    controls = pd.DataFrame({name: _column(name, "control", table, units) for name in names}, index=scores.index)
    strata = None if within is None else _strata(within, table, units, used)
    background = {item.code for item in result.framework.controls} | {
        *names,
        within if isinstance(within, str) else "",
    }
    tested = table.drop(columns=[name for name in table.columns if name in background])
    tested.columns = tested.columns.astype(str)
    if tested.columns.has_duplicates:
        doubled = tested.columns[tested.columns.duplicated()].unique()
        raise TableError(
            f"resources: column {some(doubled)} found more than once; expected one column a resource.",
            zh=f"资源表：列{some_zh(doubled)}出现不止一次；每项资源应只有一列。",
        )
    lacking = tuple(str(unit) for unit in scores.index.difference(shared))
    known = [table, units.reindex(scores.index)]
    if denominators is not None:
        known.insert(0, _of_round(denominators, used, what="denominators").reindex(scores.index))
    rest = pd.concat(known, axis=1)
    rest = rest.loc[:, ~rest.columns.duplicated()]
    return Sides(used, scores, _numbers(tested), controls, strata, lacking, rest, denominators is not None)


def align_changes(
    result: IndexResult,
    resources: pd.DataFrame,
    *,
    rounds: tuple[str, str] | None = None,
    control: Sequence[str] = (),
    within: str | pd.Series | None = None,
    denominators: pd.DataFrame | None = None,
) -> Compared:
    """Bring two rounds together over the units that the index has in both.

    Parameters
    ----------
    result : IndexResult
    resources : DataFrame
        Index (unit, round).
    rounds : (str, str), optional
        The earlier and the later round; the last two by default.
    control, within, denominators
        As in `align`; controls and strata are those of the later round.

    Raises
    ------
    MethodError
        If the index has fewer than two rounds, or a round is not in it.
    TableError
        If the resources have no rounds, or no unit is in both rounds.
    """
    pair = two_rounds(result, rounds)
    if not isinstance(resources.index, pd.MultiIndex):
        raise TableError(
            "resources: the index has no rounds; expected (unit, round), because changes are compared.",
            zh="资源表：行索引中没有轮次；比较变化时应为两级索引 (unit, round)，即单位和轮次。",
        )
    views = [
        align(result, resources, control=control, within=within, round=name, denominators=denominators) for name in pair
    ]
    both = views[0].scores.index.intersection(views[1].scores.index)
    if not len(both):
        raise TableError(
            f"no unit of the index is in both rounds {pair[0]!r} and {pair[1]!r}.",
            zh=f"指数中没有单位同时出现在 {pair[0]!r} 和 {pair[1]!r} 两轮。",
        )
    return Compared(tuple(_only(view, both) for view in views))


def two_rounds(result: IndexResult, rounds: tuple[str, str] | None) -> tuple[str, str]:
    """Give the earlier and the later round that are compared: the last two by default.

    Raises
    ------
    MethodError
        If there are not two, or one is not in the index.
    """
    if rounds is None and len(result.rounds) < 2:
        raise MethodError(
            f"the index has one round, {result.rounds[0]!r}; a change needs two. Build the index of both rounds "
            "together: build_index(pd.concat([earlier, later]), framework).",
            zh=f"指数只有{result.rounds[0]!r}一轮，比较变化要两轮：请把两轮合在一起计算，"
            "build_index(pd.concat([earlier, later]), framework)。",
        )
    chosen = result.rounds[-2:] if rounds is None else tuple(rounds)
    if len(chosen) != 2 or chosen[0] == chosen[1]:
        raise MethodError(
            f"rounds={rounds!r}; expected two different rounds, the earlier one first.",
            zh=f"rounds={rounds!r}；应为两个不同的轮次，较早的在前。",
        )
    return round_of(result, chosen[0]), round_of(result, chosen[1])


def _only(sides: Sides, units: pd.Index) -> Sides:
    return replace(
        sides,
        scores=sides.scores.loc[units],
        resources=sides.resources.loc[units],
        controls=sides.controls.loc[units],
        strata=None if sides.strata is None else sides.strata.loc[units],
        lacking=tuple(unit for unit in sides.lacking if unit in set(map(str, units))),
        background=sides.background.loc[units],
    )


def round_of(result: IndexResult, wanted: str | None) -> str:
    """Give the round asked for, or the latest.

    Raises
    ------
    MethodError
        If the index does not have it.
    """
    if wanted is None:
        return result.rounds[-1]
    if wanted not in result.rounds:
        raise MethodError(
            f"round={wanted!r} is not in the index.{did_you_mean(wanted, map(str, result.rounds))} "
            f"It has {some(result.rounds)}.",
            zh=f"指数中没有轮次 round={wanted!r}。{meant_zh(wanted, map(str, result.rounds))}"
            f"现有 {some_zh(result.rounds)}。",
        )
    return wanted


def _of_round(table: pd.DataFrame, used: str, *, what: str) -> pd.DataFrame:
    if not isinstance(table.index, pd.MultiIndex):
        return unit_and_round(table, what=what).droplevel("round")
    pairs = unit_and_round(table, what=what)
    return pairs.loc[pairs.index.get_level_values("round") == used].droplevel("round")


def _column(name: str, option: str, table: pd.DataFrame, units: pd.DataFrame) -> pd.Series:
    for place in (table, units):
        if name in place.columns:
            return place[name]
    known = [str(column) for column in (*table.columns, *units.columns)]
    raise MethodError(
        f"{option}={name!r} is a column neither of the resources nor of the units' attributes."
        f"{did_you_mean(name, known)} There are {some(known) or 'none'}.",
        zh=f"{option}={name!r} 既不是资源表的列，也不是单位的属性。{meant_zh(name, known)}"
        f"现有{some_zh(known) or '无'}。",
    )


def _strata(within: str | pd.Series, table: pd.DataFrame, units: pd.DataFrame, used: str) -> pd.Series:
    if isinstance(within, pd.Series):
        strata = _of_round(within.to_frame("within"), used, what="within")["within"]
        return strata.reindex(table.index).rename("within" if within.name is None else str(within.name))
    return _column(within, "within", table, units)


def _numbers(table: pd.DataFrame) -> pd.DataFrame:
    loose = {name: column.infer_objects() for name, column in table.items() if column.dtype == object}
    loose |= {name: column.astype(float) for name, column in loose.items() if column.isna().all()}
    table = table.assign(**{str(name): column for name, column in loose.items()})
    words = [str(name) for name, kind in table.dtypes.items() if not pd.api.types.is_numeric_dtype(kind)]
    if words:
        raise TableError(
            f"resources: columns {some(words)} hold text; expected numbers. Name them as control= or "
            "within=, or drop them.",
            zh=f"资源表：列{some_zh(words)}是文字，应为数字。请用作 control= 或 within=，或去掉。",
        )
    values = table.to_numpy(dtype=float, na_value=np.nan)
    endless = [str(name) for name, bad in zip(table.columns, np.isinf(values).any(axis=0)) if bad]
    if endless:
        raise TableError(
            f"resources: infinite values in {some(endless)}; expected finite numbers or NaN.",
            zh=f"资源表：列{some_zh(endless)}有无穷大，应为有限的数或缺失。",
        )
    return pd.DataFrame(values, index=table.index, columns=table.columns)


def design_of(controls: pd.DataFrame, *, ranks: bool) -> npt.NDArray[np.float64]:
    """Turn controls into columns of numbers: ranks or values, and an indicator for every further category.

    Parameters
    ----------
    controls : DataFrame, shape (n_units, n_controls)
        Without NaN.
    ranks : bool
        Whether numbers enter as ranks (for Spearman).

    Returns
    -------
    array, shape (n_units, k)
    """
    columns = [np.empty((len(controls), 0))]
    for name in controls.columns:
        values = controls[name]
        if pd.api.types.is_numeric_dtype(values):
            numbers = values.to_numpy(dtype=float)
            if np.ptp(numbers) <= 1e-12 * np.abs(numbers).max():  # the same everywhere, but for rounding
                numbers = np.zeros(len(numbers))
            columns.append((midranks(numbers) if ranks else numbers)[:, None])
        else:
            categories = sorted(values.astype(str).unique())[1:]
            columns.append(
                np.column_stack([(values.astype(str) == c).to_numpy(float) for c in categories] or [columns[0]])
            )
    return np.column_stack(columns)
