"""What has to hold between the parts of a framework. Every problem is found, not only the first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from vitality.errors import did_you_mean, some
from vitality.framework.parts import (
    Checklist,
    Control,
    Group,
    Growth,
    Indicator,
    Instrument,
    Question,
    Resource,
    Share,
    Value,
)

if TYPE_CHECKING:
    from vitality.framework.model import Framework


def inconsistencies(framework: Framework) -> list[str]:
    """List every contradiction between the parts of a framework, one sentence each.

    Examples
    --------
    >>> from vitality.framework import read_framework
    >>> inconsistencies(read_framework("redcross"))
    []
    """
    nodes = [node for node, _, _ in framework._walk]
    return [
        *_doubled("node", (node.code for node in nodes)),
        *_doubled("resource or control", (p.code for p in (*framework.resources, *framework.controls))),
        *_doubled("instrument", (form.code for form in framework.instruments)),
        *_doubled("question", (q.code for form in framework.instruments for q in form.questions)),
        *_empty_groups(nodes),
        *_measures(framework, nodes),
        *_question_links(framework),
        *_labels(framework, nodes),
        *_pairs_and_advice(framework, nodes),
        *_grades(framework),
    ]


def _doubled(what: str, codes: Iterable[str]) -> Iterator[str]:
    doubled = [code for code, count in Counter(codes).items() if count > 1]
    if doubled:
        yield f"{what} codes must be unique; found more than once: {some(doubled)}"


def _empty_groups(nodes: list[Group | Indicator]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Group) and not node.children:
            yield f"group {node.code!r} has no children; give it indicators or remove it"


def _measures(framework: Framework, nodes: list[Group | Indicator]) -> Iterator[str]:
    forms = {question.code: form for form in framework.instruments for question in form.questions}
    parts: list[Indicator | Resource | Control] = [n for n in nodes if isinstance(n, Indicator)]
    for part in (*parts, *framework.resources, *framework.controls):
        measure = part.measure
        if measure is None:
            if framework.instruments:
                yield f"{part.code}: no 'measure'; say how it is computed from the questions"
            continue
        of = (measure.of,) if isinstance(measure, Share) and measure.of else ()
        unknown = [code for code in (*measure.asked, *of) if code not in forms]
        for code in unknown:
            yield f"{part.code}: unknown question {code!r} in its measure.{did_you_mean(code, forms)}"
        if unknown:
            continue
        yield from _one_respondent(part.code, measure.asked, of, forms)
        unit_only = isinstance(measure, (Value, Checklist, Growth))
        if unit_only and forms[measure.asked[0]].respondent != "unit":
            yield (
                f"{part.code}: a {measure.kind!r} needs a question of the unit's own form; "
                f"{measure.asked[0]!r} is answered by {forms[measure.asked[0]].respondent!r}"
            )


def _one_respondent(
    code: str, asked: tuple[str, ...], of: tuple[str, ...], forms: dict[str, Instrument]
) -> Iterator[str]:
    kinds = {forms[question].respondent for question in asked}
    instruments = {forms[question].code for question in asked}
    if len(kinds) > 1 or (kinds != {"unit"} and len(instruments) > 1):
        yield f"{code}: its measure mixes the instruments {some(sorted(instruments))}; use one of them"
    if of and forms[of[0]].respondent != "unit":
        yield f"{code}: 'of: {of[0]}' must be a question of the unit's own form"


def _question_links(framework: Framework) -> Iterator[str]:
    for form in framework.instruments:
        own: dict[str, Question] = {question.code: question for question in form.questions}
        for question in form.questions:
            if question.part_of and question.part_of not in own:
                near = did_you_mean(question.part_of, own)
                link = f"part_of {question.part_of!r}"
                yield f"question {question.code!r}: {link} is not in its instrument.{near}"
            for code, wanted in question.only_if.items():
                if code not in own:
                    near = did_you_mean(code, own)
                    yield f"question {question.code!r}: only_if {code!r} is not in its instrument.{near}"
                    continue
                options = [option.code for option in own[code].options]
                unknown = [value for value in wanted if options and value not in options]
                if unknown:
                    yield f"question {question.code!r}: only_if {code!r} has no option {some(unknown)}"
        if form.layout == "table" and not form.unit_column:
            yield f"instrument {form.code!r}: layout 'table' needs 'unit_column'"


def _labels(framework: Framework, nodes: list[Group | Indicator]) -> Iterator[str]:
    for part in (*nodes, *framework.resources):
        unknown = [code for code in part.passages if code not in framework.passages]
        if unknown and framework.passages:
            yield f"{part.code}: unknown passage {some(unknown)}"
        natures = getattr(part, "natures", ())
        strange = [word for word in natures if word not in framework.natures]
        if strange:
            yield f"{part.code}: unknown nature {some(strange)}; expected {some(framework.natures)}"
    if framework.population and framework.population not in framework.questions:
        near = did_you_mean(framework.population, framework.questions)
        yield f"population: unknown question {framework.population!r}.{near}"


def _pairs_and_advice(framework: Framework, nodes: list[Group | Indicator]) -> Iterator[str]:
    codes = {node.code for node in nodes}
    resources = {resource.code for resource in framework.resources}
    blocks = {resource.block for resource in framework.resources}
    for pair in framework.coupled_pairs:
        if pair.resource not in resources:
            near = did_you_mean(pair.resource, resources)
            yield f"coupled_pairs: unknown resource {pair.resource!r}.{near}"
        if pair.indicator not in codes:
            yield f"coupled_pairs: unknown indicator {pair.indicator!r}.{did_you_mean(pair.indicator, codes)}"
    for advice in framework.recommendations:
        if advice.target not in codes | resources | blocks:
            near = did_you_mean(advice.target, codes | resources | blocks)
            yield f"recommendations: unknown target {advice.target!r}.{near}"


def _grades(framework: Framework) -> Iterator[str]:
    minima = [grade.minimum for grade in framework.grades]
    if minima != sorted(set(minima), reverse=True):
        yield f"grades: expected falling minima, best grade first; found {minima}"
