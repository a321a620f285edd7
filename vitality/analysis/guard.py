"""Pairs as they may be compared: refused where both sides share a part, or put right in one of two ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vitality.analysis.coupling import Coupling, code_of, coupling, known_names
from vitality.analysis.notes import note
from vitality.analysis.phrases import LOG
from vitality.errors import MethodError, TableError, some, some_zh
from vitality.index import aggregate

if TYPE_CHECKING:
    from vitality.analysis.pairing import Compared, Sides
    from vitality.framework import Framework, Lang
    from vitality.index import IndexResult

__all__ = ["GUARDS", "Pair", "guarded_pairs", "scores_without"]

GUARDS = ("refuse", "leave_block_out", "counts", "numerators")
#: Indicators that a note names before it only counts them.
NAMED = 4


@dataclass
class Pair:
    """A resource and a score, as they are compared.

    Attributes
    ----------
    resource, node : str
    x, y : Series or None
        Over the units; None when the pair is refused.
    controls : DataFrame
        Held constant.
    coupled : bool
        Whether x and y, as they stand here, share a part.
    guard : str
        The way by which a coupled pair is compared, "" when there was no need.
    left_out : tuple of str
        Indicators that are not in y.
    notes : list of str
    numerator, denominator : Series or None
        Of x, when only numerators are permuted.
    """

    resource: str
    node: str
    x: pd.Series | None
    y: pd.Series | None
    controls: pd.DataFrame
    coupled: bool = False
    guard: str = ""
    left_out: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)
    numerator: pd.Series | None = None
    denominator: pd.Series | None = None


def guarded_pairs(
    result: IndexResult,
    compared: Compared,
    nodes: Sequence[str],
    *,
    guard: str,
    allow_coupled: bool,
    lang: Lang,
) -> list[Pair]:
    """Make every pair of a node and a resource, node by node.

    Raises
    ------
    MethodError
        If counts are asked for and no denominator of a coupled resource is known.
    """
    framework = result.framework
    names = known_names(framework)
    levels = compared.of(lambda view: view.resources)
    scores = compared.of(lambda view: view.scores[list(dict.fromkeys(nodes))])
    way = _Way(result, compared, guard, lang)
    pairs = []
    for node in nodes:
        for name in map(str, levels.columns):
            pair = Pair(name, node, levels[name], scores[node], compared.last.controls)
            code = code_of(framework, names, name)
            reason = None if code is None else coupling(framework, code, node)
            if reason is not None:
                way.apply(pair, reason)
                if pair.x is None and allow_coupled:
                    pair.x, pair.y = levels[name], scores[node]
            elif code is None:
                pair.guard = "unchecked"
                pair.notes.append(note("unknown", lang))
            pairs.append(pair)
    way.check()
    return pairs


class _Way:
    """One of the ways around a coupling, with what it has looked up."""

    def __init__(self, result: IndexResult, compared: Compared, guard: str, lang: Lang) -> None:
        self.result, self.compared, self.guard, self.lang = result, compared, guard, lang
        self.framework = result.framework
        self.scores: dict[tuple[str, frozenset[str]], pd.Series] = {}
        self.unknown: list[str] = []
        self.known = False

    def apply(self, pair: Pair, reason: Coupling) -> None:
        """Put a coupled pair right, or refuse it with the reason."""
        divided = {code for part in reason.parts if part.kind == "denominator" for code in part.indicators}
        shared = {code for part in reason.parts for code in part.indicators}
        other = {code for part in reason.parts if part.kind != "denominator" for code in part.indicators}
        refused = pair.x
        pair.x, pair.coupled = None, True
        if self.guard == "refuse":
            pair.notes.append(reason.text(self.lang))
        elif self.guard == "leave_block_out" or not divided or not self._is_resource(reason):
            self._leave_out(pair, refused, shared, reason)
        else:
            self._by_counts(pair, refused, other, reason)

    def _is_resource(self, reason: Coupling) -> bool:
        """Whether it is one resource, whose denominator is known; a block or a node has several."""
        return any(item.code == reason.resource for item in self.framework.resources)

    def _leave_out(self, pair: Pair, x: pd.Series | None, without: set[str], reason: Coupling) -> None:
        below = self.framework.leaves_below(pair.node)
        out = tuple(code for code in below if code in without)
        left = len(below) - len(out)
        if not left:
            pair.notes += [note("nothing_left", self.lang), reason.text(self.lang)]
            return
        pair.x, pair.y = x, self._score(pair.node, out)
        pair.coupled, pair.guard, pair.left_out = False, "leave_block_out", out
        shown = "、".join(out[:NAMED]) if self.lang == "zh" else ", ".join(out[:NAMED])
        if len(out) > NAMED:
            shown += f"等{len(out)}项" if self.lang == "zh" else f" and {len(out) - NAMED} more"
        pair.notes.append(note("left_out", self.lang, shown=shown, left=left, all=len(below)))

    def _score(self, node: str, out: tuple[str, ...]) -> pd.Series:
        key = node, frozenset(out)
        if key not in self.scores:
            whole = scores_without(self.result, node, out)
            taken = self.compared.of(
                lambda view: whole.xs(view.round, level="round").reindex(view.scores.index).rename("y")
            )
            self.scores[key] = taken["y"]
        return self.scores[key]

    def _by_counts(self, pair: Pair, x: pd.Series | None, other: set[str], reason: Coupling) -> None:
        """Counts with the log of the denominator held, or numerators to permute; components are left out."""
        names = [part.name for part in reason.parts if part.kind == "denominator"]
        columns = [_denominator_column(self.framework, reason.resource, name, self.compared.last) for name in names]
        if None in columns:
            self.unknown += [name for name, column in zip(names, columns) if column is None]
            missing = self.framework.component(self.unknown[-1], self.lang)
            pair.notes += [note("no_denominator", self.lang, name=missing), reason.text(self.lang)]
            return
        self.known = True
        if other:
            self._leave_out(pair, x, other, reason)
            if pair.x is None:
                return
        column = str(columns[0])
        if self.guard == "numerators":
            if self.compared.changes:
                raise MethodError(
                    "guard='numerators' is for levels; for changes use 'counts' or 'leave_block_out'.",
                    zh="guard='numerators' 只用于比较水平；比较变化请用 'counts' 或 'leave_block_out'。",
                )
            pair.x, pair.coupled, pair.guard = x, True, "numerators"
            pair.denominator = _positive(self.compared.last, column)
            pair.numerator = self.compared.last.resources[pair.resource] * pair.denominator
            if (pair.numerator < 0).any():
                raise TableError(
                    f"resources: {pair.resource!r} holds negative numbers; guard='numerators' needs numbers from 0.",
                    zh=f"资源表：{pair.resource!r} 有负数；guard='numerators' 要求不小于 0 的数。",
                )
            return
        plain = any(
            (view.resources[pair.resource] <= 0).any() for view in self.compared.views
        )  # a log of zero does not exist

        def count(view: Sides) -> pd.Series:
            counts = view.resources[pair.resource] * _positive(view, column)
            return pd.Series(counts if plain else np.log(counts), name="x")

        held = self.compared.of(lambda view: np.log(_positive(view, column)).rename(f"{LOG}{column}"))
        pair.x = self.compared.of(count)["x"]
        pair.controls = pair.controls.join(held.drop(columns=pair.controls.columns, errors="ignore"))
        pair.coupled, pair.guard = False, "counts"
        name = self.framework.component(names[0], self.lang)
        pair.notes.append(note("counts", self.lang, name=name))

    def check(self) -> None:
        """Refuse to go on when a denominator was needed and no table of them was given."""
        if self.unknown and not self.known and not self.compared.last.denominators:
            raise MethodError(
                f"guard={self.guard!r} needs what the resources are divided by, {some(dict.fromkeys(self.unknown))}, "
                "and no such column is known. Pass denominators=, a table over the units with these columns, such as "
                "compute_controls(survey, framework).",
                zh=f"guard={self.guard!r} 需要资源的分母{some_zh(dict.fromkeys(self.unknown))}，现有数据中没有这一列。"
                "请用 denominators= 给出各单位的分母，如 compute_controls(survey, framework)。",
            )


def _denominator_column(framework: Framework, resource: str, name: str, sides: Sides) -> str | None:
    """Column that holds a denominator: of its name, or the control that asks the same question."""
    below = getattr(framework.resource(resource).measure, "denominator", None)
    same = [item.code for item in framework.controls if below == (getattr(item.measure, "question", ""),)]
    return next((code for code in (name, *same) if code in sides.background.columns), None)


def _positive(sides: Sides, column: str) -> pd.Series:
    values = sides.background[column]
    if not pd.api.types.is_numeric_dtype(values):
        raise TableError(
            f"denominators: column {column!r} holds text; expected numbers above 0.",
            zh=f"分母表：列 {column!r} 是文字；应为大于 0 的数字。",
        )
    numbers = values.astype(float)
    return numbers.where(numbers > 0)


def scores_without(result: IndexResult, node: str, indicators: Sequence[str]) -> pd.Series:
    """Score a node without some of its indicators; their weight goes to the siblings that stay.

    Parameters
    ----------
    result : IndexResult
    node : str
        Code of a node.
    indicators : sequence of str
        Codes of the indicators that are left out.

    Returns
    -------
    Series, index (unit, round)
        0 to 100; NaN where fewer than the minimum coverage of the indicators that stay were observed.

    Examples
    --------
    >>> from vitality.framework import framework_from_table
    >>> from vitality.index import build_index
    >>> tree = framework_from_table(pd.DataFrame({
    ...     "code": ["V", "a", "b"], "parent": ["", "V", "V"],
    ...     "worst": [None, 0, 0], "best": [None, 10, 10]}))
    >>> scores_without(build_index(pd.DataFrame({"a": [8.0], "b": [4.0]}), tree), "V", ["b"]).tolist()
    [80.0]
    """
    framework, method = result.framework, result.method
    out = list(indicators)
    scores = aggregate(
        result.normalised.assign(**dict.fromkeys(out, np.nan)),
        result.weights,
        framework,
        aggregation=method.aggregation,
        minimum_coverage=1e-9,
        floor=method.floor,
    )[node]
    stay = [code for code in framework.leaves_below(node) if code not in set(out)]
    observed = result.matrix[stay].notna().mean(axis=1)
    return scores.where(observed >= method.minimum_coverage - 1e-9)
