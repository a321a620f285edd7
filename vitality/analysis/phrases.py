"""Phrases that the sentences about results are made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from vitality.analysis.blocks import block_label
from vitality.errors import FrameworkError

if TYPE_CHECKING:
    from vitality.framework import Framework, Lang

__all__ = [
    "CHANGE",
    "LETTERS",
    "LOG",
    "Namer",
    "Row",
    "Writer",
    "interval_phrase",
    "level_of",
    "namer",
    "shown",
    "written_p",
]

#: Stands between two rounds whose difference a row is about.
CHANGE = "→"
#: Before the name of what is held constant as its logarithm.
LOG = "log_"
LETTERS = {"spearman": "Spearman ρ", "pearson": "Pearson r", "kendall": "Kendall τ"}
#: Attributes of units and organisations that go by a usual name.
ATTRIBUTES: dict[str, tuple[str, str]] = {"district": ("区", "district"), "type": ("类型", "type")}
#: What may be held constant beside controls, in words.
HELD: dict[str, tuple[str, str]] = {"start": ("首轮得分", "the first score")}
Namer = Callable[[object], str]
Row = dict[str, Any]
#: Row, names, language, level of the intervals -> sentence.
Writer = Callable[[Row, Namer, "Lang", float], str]


def written_p(value: float) -> str:
    """Write a p value with its sign.

    Examples
    --------
    >>> written_p(0.0312), written_p(0.0001)
    ('= 0.031', '< 0.001')
    """
    return "< 0.001" if value < 0.001 else f"= {value:.3f}"


def namer(framework: Framework | None, lang: Lang) -> Namer:
    """Names of nodes, resources, blocks and what is held constant; without a framework their codes."""

    def named(code: object) -> str:
        text = str(code)
        if text in HELD:
            return HELD[text][lang == "en"]
        if text.startswith(LOG):
            what = named(text.removeprefix(LOG))
            return f"{what}的对数" if lang == "zh" else f"log {what}"
        if framework is not None and "=" in text:
            return _category(framework, text, lang)
        if framework is None:
            return text
        if text in ATTRIBUTES:
            return ATTRIBUTES[text][lang == "en"]
        try:
            return framework.label(text, lang)
        except FrameworkError:
            return framework.component(block_label(text, lang), lang)

    return named


def _category(framework: Framework, text: str, lang: Lang) -> str:
    """A category of an attribute, such as ``type=school``, by the names of both."""
    attribute, _, kind = text.partition("=")
    name = ATTRIBUTES.get(attribute, (attribute, attribute))[lang == "en"]
    options = (option for question in framework.questions.values() for option in question.options)
    label = next((option.label(lang) for option in options if option.code == kind), kind)
    return f"{name}：{label}" if lang == "zh" else f"{name} {label}"


def shown(value: float, digits: int, *, sign: str = "") -> str:
    """Write a number; what rounds to nothing has no sign.

    Examples
    --------
    >>> shown(-0.004, 2), shown(1.26, 1, sign="+")
    ('0.00', '+1.3')
    """
    text = f"{value:{sign}.{digits}f}"
    return text.lstrip("+-") if float(text) == 0 else text


def level_of(row: Row, otherwise: float) -> float:
    """Level of the intervals: the row's own, else that of its table."""
    level = row.get("level", otherwise)
    return float(level) if level == level else otherwise


def interval_phrase(row: Row, lang: Lang, level: float, *, digits: int = 2) -> str:
    """Interval between brackets, from ``low`` and ``high``; empty where there is none."""
    low, high = row.get("low", float("nan")), row.get("high", float("nan"))
    if not (low == low and high == high):
        return ""
    low, high = shown(low, digits), shown(high, digits)
    return f"（{100 * level:g}%区间{low}至{high}）" if lang == "zh" else f" ({100 * level:g}% interval {low} to {high})"
