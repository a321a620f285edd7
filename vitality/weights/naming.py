"""Nodes of a framework that people judge, and the names by which they may call them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vitality.framework import Framework

__all__ = ["codes_by_name", "inner_nodes"]


def inner_nodes(framework: Framework) -> list[str]:
    """Codes of the nodes that have children, from the root down, level by level."""
    reached = [framework.root]
    for code in reached:
        reached.extend(framework.children(code))
    return [code for code in reached if framework.children(code)]


def codes_by_name(codes: Iterable[str], framework: Framework) -> dict[str, str]:
    """Codes by code, Chinese name and English name; a name that two of them share is no name.

    Examples
    --------
    >>> from vitality.framework import read_framework
    >>> framework = read_framework("redcross")
    >>> codes_by_name(["A", "B"], framework)["Organisational coverage"]
    'A'
    """
    named: dict[str, str] = {}
    shared: set[str] = set()
    known = tuple(codes)
    for code in known:
        for name in {framework.label(code, "zh"), framework.label(code, "en")}:
            if name in named:
                shared.add(name)
            named[name] = code
    return {
        **{name: code for name, code in named.items() if name not in shared},
        **{code: code for code in known},
    }
