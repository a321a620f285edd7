"""Phrases that the sentences about results are made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from vitality.analysis.blocks import block_label

if TYPE_CHECKING:
    from vitality.framework import Framework, Lang

__all__ = ["Namer", "Row", "Writer", "interval_phrase", "namer", "written_p"]

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
    """Names of nodes, resources and blocks; without a framework their codes."""
    if framework is None:
        return str
    from vitality.errors import FrameworkError

    def named(code: object) -> str:
        try:
            return framework.label(str(code), lang)
        except FrameworkError:
            return block_label(str(code), lang)

    return named


def interval_phrase(row: Row, lang: Lang, level: float, *, digits: int = 2) -> str:
    """Interval between brackets, from ``low`` and ``high``; empty where there is none."""
    low, high = row.get("low", float("nan")), row.get("high", float("nan"))
    if not (low == low and high == high):
        return ""
    if lang == "zh":
        return f"（{level:.0%}区间{low:.{digits}f}至{high:.{digits}f}）"
    return f" ({level:.0%} interval {low:.{digits}f} to {high:.{digits}f})"
