"""Nominal weights of a tree: from the nodes to a table, and from a table to the nodes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vitality.errors import FrameworkError, some, some_zh
from vitality.framework.problems import Bilingual

if TYPE_CHECKING:
    from vitality.framework.model import Framework


def nominal_weights(framework: Framework) -> pd.DataFrame:
    """Local and global weights of every node; what `Framework.weights` gives."""
    local = {framework.root: 1.0}
    overall = {framework.root: 1.0}
    for node, _, _ in framework._walk:
        children = getattr(node, "children", ())
        total = sum(child.weight for child in children)
        for child in children:
            local[child.code] = child.weight / total
            overall[child.code] = overall[node.code] * local[child.code]
    table = pd.DataFrame({"local": pd.Series(local), "global": pd.Series(overall)})
    return table.loc[list(framework.nodes)].rename_axis("node")


def local_weights(framework: Framework, weights: Mapping[str, float] | pd.Series | pd.DataFrame) -> pd.Series:
    """Turn weights over the indicators, or over all nodes, into one number a node below the root.

    Raises
    ------
    FrameworkError
        If a node is missing, unknown or doubled, a weight is not a number of 0 or more, or siblings have
        no positive sum.
    """
    given = _series(framework, weights).drop(index=framework.root, errors="ignore")
    over_leaves = set(given.index) <= set(framework.leaves)
    problems = [*_unfit(framework, given, framework.leaves if over_leaves else framework.nodes[:-1])]
    if not problems:
        local = _with_sums(framework, given) if over_leaves else given
        problems = [*_without_weight(framework, local)]
    if problems:
        raise FrameworkError(
            f"weights for framework {framework.name!r}: {'; '.join(problem.en for problem in problems)}. "
            "Expected one number of 0 or more for each indicator, or for each node below the root.",
            zh=f"框架 {framework.name!r} 的权重：{'；'.join(problem.zh for problem in problems)}。"
            "每个指标（或根以下的每个节点）须有一个不小于0的数。",
        )
    return local


def _series(framework: Framework, weights: object) -> pd.Series:
    """Give the weights as numbers by node; what is no number becomes NaN."""
    if isinstance(weights, pd.DataFrame):
        if "local" not in weights.columns:
            raise FrameworkError(
                f"weights for framework {framework.name!r}: no column 'local'; found {some(weights.columns)}.",
                zh=f"框架 {framework.name!r} 的权重：没有 'local' 列，现有 {some_zh(weights.columns)}。",
            )
        weights = weights["local"]
    if not isinstance(weights, (pd.Series, Mapping)):
        raise FrameworkError(
            f"weights for framework {framework.name!r}: found {type(weights).__name__}; "
            "expected a mapping or a Series by code, or a table with a column 'local'.",
            zh=f"框架 {framework.name!r} 的权重：现为 {type(weights).__name__}，须为以代码为键的字典或 Series，"
            "或含 'local' 列的表格。",
        )
    numbers = pd.Series(weights, dtype=object)
    return numbers.map(lambda value: float(value) if isinstance(value, Real) else np.nan).astype(float)


def _unfit(framework: Framework, given: pd.Series, wanted: tuple[str, ...]) -> Iterator[Bilingual]:
    doubled = given.index[given.index.duplicated()]
    unknown = [code for code in given.index if code not in framework._by_code]
    missing = [code for code in wanted if code not in given.index]
    bad = given.index[~(np.isfinite(given) & (given >= 0))]
    for what, what_zh, codes in (
        ("doubled", "重复", doubled),
        ("unknown", "未知", unknown),
        ("missing", "缺少", missing),
        ("not a number of 0 or more", "不是不小于0的数", bad),
    ):
        if len(codes):
            yield Bilingual(f"{what} {some(codes)}", f"{what_zh} {some_zh(codes)}")


def _with_sums(framework: Framework, given: pd.Series) -> pd.Series:
    """Give every group the sum of its indicators; below a sum of 0 the local weights stay as they were."""
    sums = pd.Series({code: sum(given[list(framework.leaves_below(code))].tolist()) for code in framework.nodes[:-1]})
    for group in framework.nodes:
        if group != framework.root and framework.children(group) and sums[group] == 0:
            for child in framework.children(group):
                sums[child] = framework.node(child).weight
    return sums


def _without_weight(framework: Framework, local: pd.Series) -> Iterator[Bilingual]:
    groups = {group: list(framework.children(group)) for group in framework.nodes}
    empty = [group for group, below in groups.items() if below and not 0 < sum(local[below].tolist()) < np.inf]
    if empty:
        yield Bilingual(
            f"the children of {some(empty)} have no positive, finite sum",
            f"{some_zh(empty)} 的下级权重之和不是正的有限数",
        )
