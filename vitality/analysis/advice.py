"""From a short board to what the seed article advises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vitality.analysis.diagnosis import obstacles
from vitality.analysis.quadrants import four_lacks
from vitality.analysis.refusals import bad_count, is_count

if TYPE_CHECKING:
    from vitality.framework import Framework, Recommendation
    from vitality.index import IndexResult

__all__ = ["recommend"]

COLUMNS = ["unit", "round", "place", "target", "node", "share", "text_zh", "text_en", "passages"]


def recommend(result: IndexResult, *, n: int = 3, resources: pd.DataFrame | None = None) -> pd.DataFrame:
    """Map each unit's largest obstacles, and its lacks, to the framework's recommendations.

    Parameters
    ----------
    result : IndexResult
    n : int
        Most recommendations a unit from obstacles, at least 1.
    resources : DataFrame, optional
        With it, a unit that lacks a resource (see `four_lacks`) also gets the advice for its block.

    Returns
    -------
    DataFrame, long, the largest obstacle first
        ``unit``, ``round``, ``place`` (1, 2, ...), ``target`` (the node or block that the recommendation is
        for), ``node`` (the group that is short, or the lacking resource), ``share`` (its obstacle degree, NaN
        for a lack), ``text_zh``, ``text_en``, ``passages`` (tuple of ids). Drafts for a person to edit.

    Raises
    ------
    MethodError
        If `n` is below 1.

    Notes
    -----
    Obstacles are taken at the lowest level above the indicators; a node without a recommendation of its own
    takes that of the nearest node above it, and is passed over if there is none.
    """
    if not is_count(n):
        raise bad_count(n)
    framework = result.framework
    rules = {rule.target: rule for rule in framework.recommendations}
    inner = [name for name in framework.levels if name != "indicator"]
    lost = obstacles(result, level=inner[-1] if len(inner) > 1 else "indicator")
    target = {node: _target(framework, node, rules) for node in lost["node"].unique()}
    lacks = _lacking(framework, resources, rules)
    rows = []
    for (unit, name), own in lost.groupby(["unit", "round"], sort=False):
        place, seen = 0, set()
        for node, share in _largest_first(own):
            code = target[node]
            if code is None or code in seen or place >= n:
                continue
            place += 1
            seen.add(code)
            rows.append(_row(unit, name, place, rules[code], node, share))
        for number, (code, resource) in enumerate(lacks.get((unit, name), {}).items(), place + 1):
            rows.append(_row(unit, name, number, rules[code], resource, np.nan))
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(unit: object, name: object, place: int, rule: Recommendation, node: str, share: float) -> tuple[object, ...]:
    return unit, name, place, rule.target, node, share, rule.text_zh, rule.text_en, rule.passages


def _largest_first(own: pd.DataFrame) -> list[tuple[str, float]]:
    some_loss = own[own["share"] > 1e-9].sort_values("share", ascending=False, kind="stable")
    return list(zip(some_loss["node"].tolist(), some_loss["share"].tolist()))


def _target(framework: Framework, node: str, rules: dict[str, Recommendation]) -> str | None:
    code: str | None = node
    while code is not None and code not in rules:
        code = framework.parent(code)
    return code


def _lacking(
    framework: Framework, resources: pd.DataFrame | None, rules: dict[str, Recommendation]
) -> dict[tuple[object, object], dict[str, str]]:
    """Unit and round -> block with a recommendation -> the first resource of it that is lacking."""
    found: dict[tuple[object, object], dict[str, str]] = {}
    if resources is None:
        return found
    table = four_lacks(resources, framework)
    for row in table[table["lacking"].astype("boolean").fillna(False)].itertuples():
        block = framework.resource(str(row.resource)).block
        if block in rules:
            found.setdefault((row.unit, row.round), {}).setdefault(block, str(row.resource))
    return found
