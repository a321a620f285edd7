"""Blocks of resources (staffing, funding, venue): one score each, for the few questions that come first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from vitality.errors import TableError, some, some_zh
from vitality.framework import Framework, Group
from vitality.index import Method, build_index
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.framework import Lang, Resource

__all__ = ["block_label", "block_scores", "blocks_of", "resources_of_block"]

NAMES: dict[str, tuple[str, str]] = {
    "staffing": ("人员", "Staffing"),
    "funding": ("经费", "Funding"),
    "venue": ("场所", "Venue"),
}


def blocks_of(framework: Framework) -> tuple[str, ...]:
    """Blocks of a framework's resources, in their order.

    Examples
    --------
    >>> from vitality.framework import read_framework
    >>> blocks_of(read_framework("redcross"))
    ('staffing', 'funding', 'venue')
    """
    return tuple(dict.fromkeys(item.block for item in framework.resources))


def block_label(block: str, lang: Lang = "zh") -> str:
    """Name of a block; the block itself where it has none here."""
    return NAMES[block][lang == "en"] if block in NAMES else block


def resources_of_block(framework: Framework, block: str) -> list[Resource]:
    """Resources of a block.

    Raises
    ------
    MethodError
        If the framework has no such block.
    """
    choose("block", block, blocks_of(framework))
    return [item for item in framework.resources if item.block == block]


def block_scores(
    resources: pd.DataFrame,
    framework: Framework,
    *,
    blocks: Sequence[str] | None = None,
    minimum_coverage: float = 2 / 3,
) -> pd.DataFrame:
    """Score every block: the mean of its resources between their own goalposts.

    Parameters
    ----------
    resources : DataFrame, shape (n_units, n_resources)
        Index (unit, round) or unit; natural units.
    framework : Framework
    blocks : sequence of str, optional
        All blocks by default.
    minimum_coverage : float
        Share of the resources of a block that a unit needs for a score.

    Returns
    -------
    DataFrame, shape (n_units, n_blocks)
        Index (unit, round), 0 to 100. The codes of the blocks are resources to `correlate_resources`: a block
        shares what any of its resources shares.

    Raises
    ------
    MethodError
        If the framework has no such block.
    TableError
        If a column of a block is not there.

    Examples
    --------
    >>> from vitality.framework import read_framework
    >>> town = pd.DataFrame({"R31": [150.0], "R32": [100.0], "R33": [1.0], "R34": [0.0]}, index=["云溪街道"])
    >>> block_scores(town, read_framework("redcross"), blocks=["venue"])["venue"].tolist()
    [50.0]
    """
    chosen = blocks_of(framework) if blocks is None else blocks
    return pd.DataFrame({block: _score(resources, framework, block, minimum_coverage) for block in chosen})


def _score(resources: pd.DataFrame, framework: Framework, block: str, minimum_coverage: float) -> pd.Series:
    items = resources_of_block(framework, block)
    codes = [item.code for item in items]
    missing = [code for code in codes if code not in resources.columns]
    if missing:
        raise TableError(
            f"resources: no column {some(missing)} of block {block!r}; found {some(resources.columns)}.",
            zh=f"资源表：缺少资源组 {block!r} 的列 {some_zh(missing)}；现有 {some_zh(resources.columns)}。",
        )
    leaves = tuple(
        item.as_indicator().model_copy(update={"measure": None, "passages": (), "natures": (), "weight": 1.0})
        for item in items
    )
    tree = Framework(name=block, tree=Group(code=f"block:{block}", children=leaves))
    return build_index(resources[codes], tree, Method(minimum_coverage=minimum_coverage)).scores[tree.root]
