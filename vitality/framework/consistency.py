"""What has to hold between the parts of a framework. Every problem is found, not only the first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from math import inf
from typing import TYPE_CHECKING

from vitality.errors import did_you_mean, meant_zh, some, some_zh
from vitality.framework.measures import Checklist, Growth, Share, Value
from vitality.framework.parts import Control, Group, Indicator, Instrument, Question, Resource
from vitality.framework.problems import Bilingual

if TYPE_CHECKING:
    from vitality.framework.model import Framework


def inconsistencies(framework: Framework) -> list[Bilingual]:
    """List every contradiction between the parts of a framework, one sentence each, in two languages.

    Examples
    --------
    >>> from vitality.framework import read_framework
    >>> inconsistencies(read_framework("redcross"))
    []
    """
    nodes = [node for node, _, _ in framework._walk]
    variables = (*framework.resources, *framework.controls)
    return [
        *_doubled("node", "节点", (node.code for node in nodes)),
        *_doubled("resource or control", "资源或控制变量", (variable.code for variable in variables)),
        *_doubled("instrument", "调查工具", (form.code for form in framework.instruments)),
        *_doubled("question", "问题", (q.code for form in framework.instruments for q in form.questions)),
        *_groups(nodes),
        *_measures(framework, nodes),
        *_question_links(framework),
        *_labels(framework, nodes),
        *_pairs_and_advice(framework, nodes),
        *_grades(framework),
    ]


def _doubled(what: str, what_zh: str, codes: Iterable[str]) -> Iterator[Bilingual]:
    doubled = [code for code, count in Counter(codes).items() if count > 1]
    if doubled:
        yield Bilingual(
            f"{what} codes must be unique; found more than once: {some(doubled)}",
            f"{what_zh}代码不可重复，重复的有：{some_zh(doubled)}",
        )


def _groups(nodes: list[Group | Indicator]) -> Iterator[Bilingual]:
    for node in nodes:
        if not isinstance(node, Group):
            continue
        if not node.children:
            yield Bilingual(
                f"group {node.code!r} has no children; give it indicators or remove it",
                f"分组 {node.code!r} 没有下级，请补充指标或删除该分组",
            )
        elif not 0 < sum(child.weight for child in node.children) < inf:
            yield Bilingual(
                f"group {node.code!r}: the weights of its children must have a positive, finite sum; give one a weight",
                f"分组 {node.code!r} 的下级权重之和须为正的有限数，请至少给一个下级正权重",
            )


def _unknown(spot: str, spot_zh: str, what: str, what_zh: str, code: str, known: Iterable[str]) -> Bilingual:
    """Tell that a code is not known, and offer the near miss."""
    known = list(known)
    return Bilingual(
        f"{spot}: unknown {what} {code!r}.{did_you_mean(code, known)}",
        f"{spot_zh}：没有{what_zh} {code!r}。{meant_zh(code, known)}",
    )


def _measures(framework: Framework, nodes: list[Group | Indicator]) -> Iterator[Bilingual]:
    forms = {question.code: form for form in framework.instruments for question in form.questions}
    parts: list[Indicator | Resource | Control] = [n for n in nodes if isinstance(n, Indicator)]
    for part in (*parts, *framework.resources, *framework.controls):
        measure = part.measure
        if measure is None:
            if framework.instruments:
                yield Bilingual(
                    f"{part.code}: no 'measure'; say how it is computed from the questions",
                    f"{part.code}：缺少 'measure'，请写明如何由问题计算",
                )
            continue
        of = (measure.of,) if isinstance(measure, Share) and measure.of else ()
        unknown = [code for code in (*measure.asked, *of) if code not in forms]
        for code in unknown:
            yield _unknown(f"{part.code}, measure", f"{part.code} 的 measure", "question", "问题", code, forms)
        if unknown:
            continue
        yield from _one_respondent(part.code, measure.asked, of, forms)
        unit_only = isinstance(measure, (Value, Checklist, Growth))
        if unit_only and forms[measure.asked[0]].respondent != "unit":
            asked, respondent = measure.asked[0], forms[measure.asked[0]].respondent
            yield Bilingual(
                f"{part.code}: a {measure.kind!r} needs a question of the unit's own form; "
                f"{asked!r} is answered by {respondent!r}",
                f"{part.code}：{measure.kind!r} 须用单位自填表的问题，{asked!r} 由 {respondent!r} 回答",
            )


def _one_respondent(
    code: str, asked: tuple[str, ...], of: tuple[str, ...], forms: dict[str, Instrument]
) -> Iterator[Bilingual]:
    kinds = {forms[question].respondent for question in asked}
    instruments = {forms[question].code for question in asked}
    if len(kinds) > 1 or (kinds != {"unit"} and len(instruments) > 1):
        yield Bilingual(
            f"{code}: its measure mixes the instruments {some(sorted(instruments))}; use one of them",
            f"{code}：measure 混用了调查工具 {some_zh(sorted(instruments))}，请只用其中一个",
        )
    if of and forms[of[0]].respondent != "unit":
        yield Bilingual(
            f"{code}: 'of: {of[0]}' must be a question of the unit's own form",
            f"{code}：'of: {of[0]}' 须为单位自填表的问题",
        )


def _question_links(framework: Framework) -> Iterator[Bilingual]:
    for form in framework.instruments:
        own: dict[str, Question] = {question.code: question for question in form.questions}
        for question in form.questions:
            yield from _links_of(question, own)
            sources = [*(other.code for other in framework.instruments), *framework.questions]
            if question.total_of and question.total_of not in sources:
                near, near_zh = did_you_mean(question.total_of, sources), meant_zh(question.total_of, sources)
                wrong = f"total_of {question.total_of!r}"
                yield Bilingual(
                    f"question {question.code!r}: {wrong} is no instrument and no question.{near}",
                    f"问题 {question.code!r}：total_of {question.total_of!r} 不是调查工具，也不是问题。{near_zh}",
                )
        if form.layout == "table" and not form.unit_column:
            yield Bilingual(
                f"instrument {form.code!r}: layout 'table' needs 'unit_column'",
                f"调查工具 {form.code!r}：layout 为 'table' 时须给出 'unit_column'",
            )


def _links_of(question: Question, own: dict[str, Question]) -> Iterator[Bilingual]:
    links = ((question.part_of,) if question.part_of else (), tuple(question.only_if))
    for key, codes in zip(("part_of", "only_if"), links):
        for code in codes:
            if code not in own:
                yield Bilingual(
                    f"question {question.code!r}: {key} {code!r} is not in its instrument.{did_you_mean(code, own)}",
                    f"问题 {question.code!r}：{key} {code!r} 不在同一调查工具中。{meant_zh(code, own)}",
                )
    for code, wanted in question.only_if.items():
        options = [option.code for option in own[code].options] if code in own else []
        unknown = [value for value in wanted if options and value not in options]
        if unknown:
            yield Bilingual(
                f"question {question.code!r}: only_if {code!r} has no option {some(unknown)}",
                f"问题 {question.code!r}：only_if {code!r} 没有选项 {some_zh(unknown)}",
            )


def _labels(framework: Framework, nodes: list[Group | Indicator]) -> Iterator[Bilingual]:
    for part in (*nodes, *framework.resources):
        unknown = [code for code in part.passages if code not in framework.passages]
        if unknown and framework.passages:
            yield Bilingual(
                f"{part.code}: unknown passage {some(unknown)}", f"{part.code}：没有段落 {some_zh(unknown)}"
            )
        natures = getattr(part, "natures", ())
        strange = [word for word in natures if word not in framework.natures]
        if strange:
            yield Bilingual(
                f"{part.code}: unknown nature {some(strange)}; expected {some(framework.natures)}",
                f"{part.code}：没有属性 {some_zh(strange)}，可用：{some_zh(framework.natures)}",
            )
    if framework.population and framework.population not in framework.questions:
        yield _unknown("population", "population", "question", "问题", framework.population, framework.questions)


def _pairs_and_advice(framework: Framework, nodes: list[Group | Indicator]) -> Iterator[Bilingual]:
    codes = {node.code for node in nodes}
    resources = {resource.code for resource in framework.resources}
    blocks = {resource.block for resource in framework.resources}
    for pair in framework.coupled_pairs:
        if pair.resource not in resources:
            yield _unknown("coupled_pairs", "coupled_pairs", "resource", "资源", pair.resource, resources)
        if pair.indicator not in codes:
            yield _unknown("coupled_pairs", "coupled_pairs", "indicator", "指标", pair.indicator, codes)
    targets = codes | resources | blocks
    for advice in framework.recommendations:
        if advice.target not in targets:
            yield _unknown("recommendations", "recommendations", "target", "对象", advice.target, targets)


def _grades(framework: Framework) -> Iterator[Bilingual]:
    minima = [grade.minimum for grade in framework.grades]
    if minima != sorted(set(minima), reverse=True):
        yield Bilingual(
            f"grades: expected falling minima, best grade first; found {minima}",
            f"grades：minimum 须从高到低，最好的等级在前，现为 {minima}",
        )
