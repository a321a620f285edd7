"""Resources against vitality, unit by unit: the four lacks and the four situations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vitality.analysis.blocks import block_scores, resources_of_block
from vitality.analysis.coupling import coupling
from vitality.errors import MethodError, TableError, some, some_zh
from vitality.index.matrix import unit_and_round

if TYPE_CHECKING:
    from vitality.framework import Framework
    from vitality.index import IndexResult

__all__ = ["QUADRANTS", "four_lacks", "resource_quadrants"]

#: Situation -> its policy name in Chinese and English; the first word is of the resources.
QUADRANTS: dict[str, tuple[str, str]] = {
    "high_high": ("高资源高活力（巩固提升）", "high resources, high vitality (consolidate)"),
    "low_high": ("低资源高活力（经验推广）", "low resources, high vitality (spread the experience)"),
    "high_low": ("高资源低活力（机制改革）", "high resources, low vitality (reform how it works)"),
    "low_low": ("低资源低活力（重点扶持）", "low resources, low vitality (support first)"),
}


def four_lacks(resources: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """Say which units lack posts, funds, a venue or staff (四缺), as the framework defines it.

    Parameters
    ----------
    resources : DataFrame, shape (n_units, n_resources)
        Index (unit, round) or unit; natural units.
    framework : Framework
        Its resources with a ``lack``: at or below ``at_most``, or below ``below``, the unit lacks it.

    Returns
    -------
    DataFrame, long: one row a unit, round and lack
        ``unit``, ``round``, ``resource``, ``name_zh``, ``name_en``, ``value``, ``limit``, ``lacking``
        (boolean, NA where the value is missing). Empty for a framework without lacks.

    Raises
    ------
    TableError
        If a column that a lack needs is not there.

    Examples
    --------
    >>> from vitality.framework import read_framework
    >>> town = pd.DataFrame({"R11": [0.0], "R12": [1.0], "R22": [None], "R31": [60.0]}, index=["云溪街道"])
    >>> four_lacks(town, read_framework("redcross"))[["name_zh", "lacking"]].values.tolist()
    [['缺工作人员', True], ['缺编制', False], ['缺经费', <NA>], ['缺办公场所', False]]
    """
    table = unit_and_round(resources, what="resources")
    found = [(item.code, item.lack) for item in framework.resources if item.lack is not None]
    missing = [code for code, _ in found if code not in table.columns]
    if missing:
        raise TableError(
            f"resources: no column {some(missing)}, which framework {framework.name!r} needs for its lacks; "
            f"found {some(table.columns)}.",
            zh=f"资源表：缺少列 {some_zh(missing)}，框架 {framework.name!r} 判断资源缺口时要用；"
            f"现有 {some_zh(table.columns)}。",
        )
    parts = []
    for code, lack in found:
        values = table[code].astype(float)
        lacking = values < lack.below if lack.below is not None else values <= (lack.at_most or 0.0)
        texts = {"resource": code, "name_zh": lack.name_zh, "name_en": lack.name_en}
        limit = lack.below if lack.below is not None else lack.at_most
        numbers = {"value": values, "limit": limit, "lacking": lacking.astype("boolean").mask(values.isna())}
        parts.append(pd.DataFrame(texts | numbers))
    columns = ["unit", "round", "resource", "name_zh", "name_en", "value", "limit", "lacking"]
    if not parts:
        return pd.DataFrame(columns=columns)
    order = np.arange(len(table) * len(parts)).reshape(len(parts), len(table)).T.ravel()
    return pd.concat(parts).reset_index()[columns].iloc[order].reset_index(drop=True)


def resource_quadrants(
    result: IndexResult, resources: pd.DataFrame, *, block: str, allow_coupled: bool = False
) -> pd.DataFrame:
    """Place every unit by the resources of a block and its vitality, cut at the medians of its round.

    Parameters
    ----------
    result : IndexResult
        Vitality is the score of its root.
    resources : DataFrame, shape (n_units, n_resources)
        Index (unit, round) or, with one round, unit; natural units.
    block : str
        Block of resources, such as ``staffing``, ``funding`` or ``venue``. Its score is the mean of its
        resources between their own goalposts, 0 to 100, with the minimum coverage of the index.
    allow_coupled : bool
        Go on although the index contains a resource of the block.

    Returns
    -------
    DataFrame, index (unit, round) of the index
        ``resources``, ``vitality`` (0 to 100), ``resources_cut``, ``vitality_cut`` (medians of the units that
        have both), ``quadrant`` (``high_high``, ``low_high``, ``high_low``, ``low_low``; the first word is of
        the resources; NA without both scores), ``name_zh``, ``name_en``, ``coupled`` (whether block and index
        share a denominator or a component: the picture then sorts units and shows no association). A unit on a
        median counts as high.

    Raises
    ------
    MethodError
        If the framework has no such block, or its index contains one of the resources.
    TableError
        If a column of the block is not there, or no unit is in both tables.

    Examples
    --------
    >>> list(QUADRANTS)
    ['high_high', 'low_high', 'high_low', 'low_low']
    """
    framework = result.framework
    items = resources_of_block(framework, block)
    inside = [item.code for item in items if item.code in framework.leaves]
    if inside and not allow_coupled:
        raise MethodError(
            f"block={block!r}: the index of framework {framework.name!r} contains {some(inside)}, so "
            "that resources and vitality go together by construction. Use the core framework, or "
            "allow_coupled=True.",
            zh=f"block={block!r}：框架 {framework.name!r} 的指数本身包含 {some_zh(inside)}，"
            "资源与活力因构成重叠而必然相关。请用核心框架，或设 allow_coupled=True。",
        )
    score = _score_of_index(result, resources, block)
    table = pd.DataFrame({"resources": score, "vitality": result.scores[framework.root]})
    both = table.where(table.notna().all(axis=1))
    cuts = both.groupby(both.index.get_level_values("round")).transform("median")
    table["resources_cut"], table["vitality_cut"] = cuts["resources"], cuts["vitality"]
    across = np.where(both["resources"] >= cuts["resources"], "high_", "low_")
    up = np.where(both["vitality"] >= cuts["vitality"], "high", "low")
    table["quadrant"] = pd.Series(np.char.add(across, up), index=table.index).where(both["vitality"].notna())
    table["name_zh"] = table["quadrant"].map({code: zh for code, (zh, _) in QUADRANTS.items()})
    table["name_en"] = table["quadrant"].map({code: en for code, (_, en) in QUADRANTS.items()})
    return table.assign(coupled=coupling(framework, block, framework.root) is not None)


def _score_of_index(result: IndexResult, resources: pd.DataFrame, block: str) -> pd.Series:
    """Score of a block for the units and rounds of the index."""
    if not isinstance(resources.index, pd.MultiIndex) and len(result.rounds) == 1:
        pairs = pd.MultiIndex.from_product([resources.index, result.rounds], names=["unit", "round"])
        resources = resources.set_axis(pairs, axis=0)
    minimum = result.method.minimum_coverage
    own = block_scores(resources, result.framework, blocks=[block], minimum_coverage=minimum)[block]
    shared = own.index.intersection(result.scores.index)
    if not len(shared):
        raise TableError(
            f"resources: no unit and round of the index; found {some(own.index.tolist())}, expected "
            f"{some(result.scores.index.tolist())}.",
            zh=f"资源表：没有与指数相同的单位和轮次；现有 {some_zh(own.index.tolist())}，应为 "
            f"{some_zh(result.scores.index.tolist())}。",
        )
    return own.reindex(result.scores.index)
