"""`Framework`: what counts, as data. The tree of indicators and all that belongs to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import pandas as pd
from pydantic import ValidationError, model_validator

from vitality.errors import FrameworkError, did_you_mean, meant_zh, some, some_zh
from vitality.framework.base import Code, Frozen, FrozenDict, Lang, Part, in_language
from vitality.framework.consistency import inconsistencies
from vitality.framework.nominal import local_weights, nominal_weights
from vitality.framework.parts import (
    Control,
    CoupledPair,
    Grade,
    Group,
    Indicator,
    Instrument,
    Passage,
    Question,
    Recommendation,
    Resource,
)
from vitality.framework.problems import PartError

if TYPE_CHECKING:
    from os import PathLike

#: Names of the levels, top first, by the depth of the tree.
LEVEL_NAMES = {2: ("index",), 3: ("index", "dimension"), 4: ("index", "dimension", "group")}


class Framework(Part):
    """A tree of indicators with its instruments, resources, controls, passages and rules.

    Made by `read_framework` or `framework_from_table`; frozen. Tables that flow between functions use
    the codes of the nodes; `label` gives the names that people read.

    Attributes
    ----------
    tree : Group
        The root node and everything below it.
    resources, controls : tuple
        Explanatory variables, never part of the core index, and background variables.
    instruments : tuple of Instrument
        The questionnaires with their questions.

    Examples
    --------
    >>> from vitality.framework import read_framework
    >>> framework = read_framework("redcross")
    >>> len(framework.levels["dimension"]), len(framework.levels["group"]), len(framework.leaves)
    (6, 13, 35)
    >>> framework.label("A", "en"), framework.children("A")
    ('Organisational coverage', ('A1', 'A2'))
    """

    name: Code
    version: Code = "1"
    title_zh: str = ""
    title_en: str = ""
    notice_zh: str = ""
    notice_en: str = ""
    source: str = ""
    units_zh: str = "单位"
    units_en: str = "units"
    weights_from_zh: str = "框架中给定的权重"
    weights_from_en: str = "weights written in the framework"
    natures: tuple[str, ...] = ()
    population: Code | None = None
    grades: tuple[Grade, ...] = ()
    tree: Group
    resources: tuple[Resource, ...] = ()
    controls: tuple[Control, ...] = ()
    coupled_pairs: tuple[CoupledPair, ...] = ()
    components: Annotated[dict[Code, Passage], Frozen] = FrozenDict()
    instruments: tuple[Instrument, ...] = ()
    passages: Annotated[dict[Code, Passage], Frozen] = FrozenDict()
    recommendations: tuple[Recommendation, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Framework:
        problems = inconsistencies(self)
        if problems:
            raise PartError(*problems)
        return self

    def __eq__(self, other: object) -> bool:
        """Equal when every field is; what has been worked out from them meanwhile does not count."""
        if not isinstance(other, Framework):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in Framework.model_fields)

    def __hash__(self) -> int:
        return hash(tuple(getattr(self, name) for name in Framework.model_fields))

    # ------------------------------------------------------------------ the tree

    @cached_property
    def _walk(self) -> tuple[tuple[Group | Indicator, str | None, int], ...]:
        def visit(
            node: Group | Indicator, parent: str | None, depth: int
        ) -> Iterator[tuple[Group | Indicator, str | None, int]]:
            yield node, parent, depth
            for child in getattr(node, "children", ()):
                yield from visit(child, node.code, depth + 1)

        return tuple(visit(self.tree, None, 0))

    @cached_property
    def _by_code(self) -> dict[str, Group | Indicator]:
        return FrozenDict({node.code: node for node, _, _ in self._walk})

    @cached_property
    def _parents(self) -> dict[str, str | None]:
        return FrozenDict({node.code: parent for node, parent, _ in self._walk})

    @property
    def root(self) -> str:
        """Code of the root, the index itself."""
        return self.tree.code

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """Codes of the indicators, in the order of the framework."""
        return tuple(node.code for node, _, _ in self._walk if isinstance(node, Indicator))

    @cached_property
    def levels(self) -> dict[str, tuple[str, ...]]:
        """Codes of the nodes by the name of their level, top first: index, dimension, group, indicator.

        Groups have the name of their depth. Every indicator is on the level ``indicator``, however deep it
        stands: one right below the root too, beside its sibling dimensions.
        """
        inner = [(node.code, depth) for node, _, depth in self._walk if isinstance(node, Group)]
        n_levels = max(depth for _, depth in inner) + 1
        names = LEVEL_NAMES.get(n_levels + 1) or (
            *LEVEL_NAMES[4],
            *(f"level_{depth}" for depth in range(3, n_levels)),
        )
        found = {name: tuple(code for code, depth in inner if depth == level) for level, name in enumerate(names)}
        return FrozenDict({**found, "indicator": self.leaves})

    @cached_property
    def nodes(self) -> tuple[str, ...]:
        """Codes of all nodes: indicators first, then level by level upwards, the root last."""
        return tuple(code for codes in reversed(list(self.levels.values())) for code in codes)

    def node(self, code: str) -> Group | Indicator:
        """Give the node with this code.

        Raises
        ------
        FrameworkError
            If the tree has no such node; the near miss is offered.
        """
        try:
            return self._by_code[code]
        except KeyError:
            raise FrameworkError(
                f"framework {self.name!r}: no node {code!r}.{did_you_mean(code, self._by_code)} "
                f"The tree has {len(self._by_code)} nodes: {some(self.nodes[::-1])}.",
                zh=f"框架 {self.name!r} 没有节点 {code!r}。{meant_zh(code, self._by_code)}"
                f"共有{len(self._by_code)}个节点：{some_zh(self.nodes[::-1])}。",
            ) from None

    def indicator(self, code: str) -> Indicator:
        """Give the indicator with this code, or say that the code is a group or unknown."""
        node = self.node(code)
        if not isinstance(node, Indicator):
            raise FrameworkError(
                f"framework {self.name!r}: {code!r} is a group, not an indicator; its indicators are "
                f"{some(self.leaves_below(code))}.",
                zh=f"框架 {self.name!r}：{code!r} 是分组，不是指标；其下指标有 {some_zh(self.leaves_below(code))}。",
            )
        return node

    def children(self, code: str) -> tuple[str, ...]:
        """Codes right below a node; empty for an indicator."""
        return tuple(child.code for child in getattr(self.node(code), "children", ()))

    def parent(self, code: str) -> str | None:
        """Code right above a node; None for the root."""
        self.node(code)
        return self._parents[code]

    def leaves_below(self, code: str) -> tuple[str, ...]:
        """Codes of the indicators below a node; an indicator gives itself."""
        children = self.children(code)
        return tuple(leaf for child in children for leaf in self.leaves_below(child)) if children else (code,)

    def level(self, code: str) -> str:
        """Name of the level on which a node stands."""
        self.node(code)
        return next(name for name, codes in self.levels.items() if code in codes)

    # ------------------------------------------------------------------ names

    def label(self, code: str, lang: Lang = "zh") -> str:
        """Name of a node, resource, control, instrument or question, in Chinese or English."""
        for part in (self._by_code, self._others, self.questions):
            if code in part:
                return part[code].label(lang)
        raise self._no("code", "代码", code, [*self._by_code, *self._others, *self.questions])

    def _no(self, what: str, what_zh: str, code: str, known: list[str]) -> FrameworkError:
        return FrameworkError(
            f"framework {self.name!r}: no {what} {code!r}.{did_you_mean(code, known)} It has {some(known)}.",
            zh=f"框架 {self.name!r} 没有{what_zh} {code!r}。{meant_zh(code, known)}现有：{some_zh(known)}。",
        )

    def component(self, name: str, lang: Lang = "zh") -> str:
        """Name of a denominator or another shared component, or the question that it is."""
        if name in self.components:
            return in_language(lang, self.components[name].zh, self.components[name].en)
        return self.questions[name].label(lang) if name in self.questions else name

    def title(self, lang: Lang = "zh") -> str:
        """Title in the language asked for."""
        return in_language(lang, self.title_zh, self.title_en) or self.name

    def notice(self, lang: Lang = "zh") -> str:
        """Notice that every output must carry, such as that of the reconstruction; may be empty."""
        return in_language(lang, self.notice_zh, self.notice_en)

    def units(self, lang: Lang = "zh") -> str:
        """Name, in the plural, of what is evaluated: towns, National Societies."""
        return in_language(lang, self.units_zh, self.units_en)

    def weights_from(self, lang: Lang = "zh") -> str:
        """Where the weights come from, as a phrase for a report."""
        return in_language(lang, self.weights_from_zh, self.weights_from_en)

    @cached_property
    def _others(self) -> dict[str, Resource | Control | Instrument]:
        parts: tuple[Resource | Control | Instrument, ...] = (
            *self.instruments,
            *self.controls,
            *self.resources,
        )
        return FrozenDict({part.code: part for part in parts})

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Every question by its code."""
        return FrozenDict({question.code: question for form in self.instruments for question in form.questions})

    def instrument(self, code: str) -> Instrument:
        """Give the instrument with this code."""
        for instrument in self.instruments:
            if instrument.code == code:
                return instrument
        raise self._no("instrument", "调查工具", code, [form.code for form in self.instruments])

    @cached_property
    def instrument_of(self) -> dict[str, str]:
        """Code of the instrument in which each question stands."""
        return FrozenDict({code: form.code for form in self.instruments for code in form.question_codes})

    def resource(self, code: str) -> Resource:
        """Give the resource with this code."""
        part = self._others.get(code)
        if not isinstance(part, Resource):
            raise self._no("resource", "资源", code, [resource.code for resource in self.resources])
        return part

    # ------------------------------------------------------------------ tables

    def weights(self) -> pd.DataFrame:
        """Nominal weights of every node.

        Returns
        -------
        DataFrame, shape (n_nodes, 2)
            Index node code in the order of `nodes`; columns ``local`` (siblings sum to 1) and
            ``global`` (product down from the root, which is 1; the indicators sum to 1).
        """
        return self._nominal.copy()

    @cached_property
    def _nominal(self) -> pd.DataFrame:
        return nominal_weights(self)

    def with_weights(
        self, weights: Mapping[str, float] | pd.Series | pd.DataFrame, *, source_zh: str = "", source_en: str = ""
    ) -> Framework:
        """Give the same framework with other weights.

        Parameters
        ----------
        weights : mapping, Series or DataFrame
            A mapping or Series over the indicators (global weights: the groups get the sums of their
            indicators), or over every node but the root, or a DataFrame with a column ``local`` over them
            (such as `hierarchy_weights` gives). Any positive scale; 0 is a weight where the siblings have
            a positive sum. Indicators that all weigh 0 take their whole group to 0; below it they keep the
            local weights that they had.
        source_zh, source_en : str
            Where they come from, for reports.

        Raises
        ------
        FrameworkError
            If a node is missing, unknown or doubled, a weight is not a number of 0 or more, or siblings
            have no positive sum.
        """
        local = local_weights(self, weights)

        def reweigh(node: Group | Indicator) -> Group | Indicator:
            update: dict[str, Any] = {} if node.code == self.root else {"weight": float(local[node.code])}
            if isinstance(node, Group):
                update["children"] = tuple(reweigh(child) for child in node.children)
            return node.model_copy(update=update)

        return self._copy(
            tree=reweigh(self.tree),
            weights_from_zh=source_zh or "由使用者给定的权重",
            weights_from_en=source_en or "weights given by the user",
        )

    def _copy(self, **changes: object) -> Framework:
        """Copy with parts replaced, without the caches of the old one."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_construct(**{**values, **changes})

    def direction(self) -> pd.Series:
        """Direction of each indicator: benefit, cost or interval."""
        return pd.Series({code: self.indicator(code).direction for code in self.leaves}, name="direction")

    def scale(self) -> pd.DataFrame:
        """Goalposts of each indicator.

        Returns
        -------
        DataFrame, shape (n_indicators, 2)
            Columns ``worst`` and ``best`` in the indicator's own unit; NaN where the framework has no
            goalposts. For ``interval`` indicators they are the two ends at which the score is 0.
        """
        posts = {code: (self.indicator(code).worst, self.indicator(code).best) for code in self.leaves}
        return pd.DataFrame.from_dict(posts, orient="index", columns=["worst", "best"]).astype(float)

    def table(self, lang: Lang = "zh") -> pd.DataFrame:
        """Give the tree as a flat table, one row a node, the root first.

        Returns
        -------
        DataFrame
            Index ``code``; columns ``parent``, ``level``, ``name_zh``, ``name_en``, ``definition``,
            ``unit``, ``direction``, ``weight`` (local), ``global_weight``, ``worst``, ``best``,
            ``interval_low``, ``interval_high``, ``denominator``, ``natures``, ``passages``. Texts without
            a language in their name are in `lang`. `framework_from_table` reads it back.
        """
        from vitality.framework.flat import tree_table

        return tree_table(self, lang=lang)

    # ------------------------------------------------------------------ files

    def to_yaml(self, path: str | PathLike[str]) -> Path:
        """Write the framework as a ``.yaml`` file that `read_framework` reads back; whole or not at all."""
        from vitality.framework.writing import write_yaml

        return write_yaml(self, path)

    def to_workbook(self, path: str | PathLike[str], *, lang: Lang = "zh") -> Path:
        """Write the framework as an ``.xlsx`` workbook that `read_framework` reads back; same content, same bytes."""
        from vitality.framework.workbook import write_workbook

        return write_workbook(self, path, lang=lang)

    def _repr_html_(self) -> str:
        from vitality.framework.display import tree_html

        return tree_html(self)

    def __repr__(self) -> str:
        counts = ", ".join(f"{len(codes)} {name}" for name, codes in self.levels.items())
        return f"<Framework {self.name!r} {self.version}: {counts}>"

    __str__ = __repr__


__all__ = ["Framework", "ValidationError"]
