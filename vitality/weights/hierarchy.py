"""Weights of a whole framework from the experts' judgements, node by node."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vitality.errors import JudgementError, did_you_mean, meant_zh, some, some_zh
from vitality.weights.cells import place, place_zh
from vitality.weights.experts.group import group_weights
from vitality.weights.judgements import checked_matrix
from vitality.weights.naming import codes_by_name, inner_nodes
from vitality.weights.random_index import random_index_value

if TYPE_CHECKING:
    from vitality.framework import Framework
    from vitality.weights.experts.group_result import GroupResult

__all__ = ["hierarchy_groups", "hierarchy_weights"]

Judgements = Mapping[str, Any]


def hierarchy_weights(judgements: Judgements, framework: Framework, **options: Any) -> pd.DataFrame:
    """Local and global weights of every node of a framework, from the judgements of a group of experts.

    Parameters
    ----------
    judgements : mapping of node to mapping of expert to DataFrame
        What `read_judgements` gives: for each node with at least two children and each expert who judged it,
        a matrix whose labels are the children. Nodes and children by code or by name, in any order. An
        expert may miss a node. The matrix of a single expert may stand in place of the inner mapping, and an
        array (n_experts, n, n) in place of named experts; arrays have the children in the framework's order.
    framework : Framework
    **options
        Those of `group_weights`; `expert_weights` by name, over all experts.

    Returns
    -------
    DataFrame, shape (n_nodes, 4)
        Index ``node`` in the order of ``framework.nodes``; ``local`` (siblings sum to 1), ``global`` (product
        down from the root, which is 1); ``consistency_ratio`` of the group's matrix over the children of the
        node and ``n_experts`` whose matrices are in it (indicators, which have no children: NaN and 0; a node
        with one child: 0 and 0). Unrounded. ``attrs["consistency_ratio"]`` is that of the whole hierarchy: the
        consistency indices of the nodes over their random indices, both summed by global weight [1]_.

    Raises
    ------
    JudgementError
        If a node has no judgement, is unknown, or is judged over other items than its children.

    References
    ----------
    .. [1] Saaty, T. L. (1980). The Analytic Hierarchy Process. McGraw-Hill.

    Examples
    --------
    >>> from vitality.framework import framework_from_table
    >>> tree = framework_from_table(pd.DataFrame({"code": ["V", "A", "B"], "parent": ["", "V", "V"],
    ...     "name_en": ["Vitality", "Reach", "Trust"]}))
    >>> matrix = pd.DataFrame([[1, 3], [1 / 3, 1]], ["A", "B"], ["A", "B"])
    >>> hierarchy_weights({"V": {"E1": matrix}}, tree)[["local", "global", "n_experts"]]
          local  global  n_experts
    node
    A      0.75    0.75          0
    B      0.25    0.25          0
    V      1.00    1.00          1
    """
    return hierarchy_table(hierarchy_groups(judgements, framework, **options), framework)


def hierarchy_table(groups: Mapping[str, GroupResult], framework: Framework) -> pd.DataFrame:
    """Put the results of `hierarchy_groups` into the table that `hierarchy_weights` gives.

    Parameters
    ----------
    groups : mapping of node to GroupResult
        One for every node with at least two children.
    framework : Framework

    Returns
    -------
    DataFrame, shape (n_nodes, 4)
        As in `hierarchy_weights`.
    """
    local = {framework.root: 1.0}
    overall = {framework.root: 1.0}
    for node in inner_nodes(framework):
        children = framework.children(node)
        shares = groups[node].weights if node in groups else pd.Series(1.0, index=list(children))
        for child in children:
            local[child] = float(shares[child])
            overall[child] = overall[node] * local[child]
    inner = dict.fromkeys(inner_nodes(framework), 0.0)
    ratio = pd.Series({**inner, **{node: found.consistency_ratio for node, found in groups.items()}})
    count = pd.Series({node: found.n_experts for node, found in groups.items()})
    nodes = pd.Index(framework.nodes, name="node")
    table = pd.DataFrame(
        {
            "local": pd.Series(local).reindex(nodes),
            "global": pd.Series(overall).reindex(nodes),
            "consistency_ratio": ratio.reindex(nodes),
            "n_experts": count.reindex(nodes, fill_value=0).astype(int),
        }
    )
    table.attrs["consistency_ratio"] = _whole_ratio(groups, overall)
    return table


def _whole_ratio(groups: Mapping[str, GroupResult], overall: Mapping[str, float]) -> float:
    """Sum of the consistency indices over that of the random indices, each node by its global weight."""
    indices, random = 0.0, 0.0
    for node, found in groups.items():
        expected = random_index_value(len(found.values), table=str(found.recipe["random_index"]))
        indices += overall[node] * found.consistency_ratio * expected
        random += overall[node] * expected
    return indices / random if random else 0.0


def hierarchy_groups(judgements: Judgements, framework: Framework, **options: Any) -> dict[str, GroupResult]:
    """Result of `group_weights` at every node of a framework that has at least two children.

    Parameters
    ----------
    judgements, framework, **options
        As in `hierarchy_weights`.

    Returns
    -------
    dict
        Node code to `GroupResult`, root first; the items are the children in the framework's order.

    Raises
    ------
    JudgementError
        As in `hierarchy_weights`.
    """
    by_code = _by_node_code(judgements, framework)
    wanted = [node for node in inner_nodes(framework) if len(framework.children(node)) > 1]
    bare = [node for node in wanted if not _answered(by_code.get(node, {}))]
    if bare:
        names = ", ".join(f"{node} ({framework.label(node, 'en')})" for node in bare[:5])
        names_zh = "、".join(f"{node}（{framework.label(node, 'zh')}）" for node in bare[:5])
        more = f" and {len(bare) - 5} more" if len(bare) > 5 else ""
        raise JudgementError(
            f"judgements: nobody judged the children of {names}{more}. Every node with at least two children "
            "needs the judgements of at least one expert.",
            zh=f"判断：没有专家对 {names_zh}{f'等 {len(bare)} 个节点' if more else ''}的下级作出判断。凡有两个以上下级"
            "的节点，至少需要一位专家的判断。",
        )
    expert_weights = options.pop("expert_weights", None)
    everyone = list(dict.fromkeys(name for node in wanted for name in by_code[node]))
    _check_experts(expert_weights, everyone)
    groups = {}
    for node in wanted:
        panel = {name: _labelled(matrix, framework, node, name) for name, matrix in by_code[node].items()}
        shares = None if expert_weights is None else {name: expert_weights[name] for name in panel}
        groups[node] = group_weights(panel, node=node, expert_weights=shares, **options)
    return groups


def _answered(experts: Mapping[str, Any]) -> bool:
    return any(np.size(matrix) == 1 or pd.notna(matrix).to_numpy().sum() > len(matrix) for matrix in experts.values())


def _by_node_code(judgements: Judgements, framework: Framework) -> dict[str, Mapping[str, pd.DataFrame]]:
    if not isinstance(judgements, Mapping):
        raise JudgementError(
            f"judgements: found {type(judgements).__name__}; expected a mapping of node to mapping of expert to "
            "matrix, as read_judgements gives it.",
            zh=f"判断：给出的是 {type(judgements).__name__}；应为节点到（专家到矩阵）的映射，如 read_judgements 所给。",
        )
    inner = inner_nodes(framework)
    known = codes_by_name(inner, framework)
    found: dict[str, Mapping[str, pd.DataFrame]] = {}
    for given, experts in judgements.items():
        node = known.get(given)
        if node is None:
            raise JudgementError(
                f"judgements: no node {given!r} with children in framework {framework.name!r}."
                f"{did_you_mean(str(given), known)} It has {some(inner)}.",
                zh=f"判断：框架 {framework.name!r} 中没有带下级的节点 {given!r}。{meant_zh(str(given), known)}"
                f"可用的有 {some_zh(inner)}。",
            )
        if node in found:
            raise JudgementError(
                f"judgements: node {node!r} is given twice, once by code and once by name.",
                zh=f"判断：节点 {node!r} 给出两次（一次用代码，一次用名称）。",
            )
        found[node] = _by_expert(experts, framework, node)
    return found


def _by_expert(experts: Any, framework: Framework, node: str) -> dict[str, pd.DataFrame]:
    """Matrices by expert, with labels; a single matrix is that of expert 1."""
    pairs = isinstance(experts, Mapping) and any(isinstance(key, tuple) for key in experts)
    if isinstance(experts, Mapping) and not pairs:
        named = dict(experts.items())
    elif pairs or isinstance(experts, pd.DataFrame) or np.ndim(experts) != 3:
        named = {"1": experts}
    else:
        named = {str(number): matrix for number, matrix in enumerate(experts, start=1)}
    children = list(framework.children(node))
    return {
        name: matrix if isinstance(matrix, pd.DataFrame) else _with_labels(matrix, children, node, name)
        for name, matrix in named.items()
    }


def _with_labels(matrix: object, children: list[str], node: str, expert: str) -> pd.DataFrame:
    items, values = checked_matrix(matrix, expert=expert, node=node)
    if isinstance(matrix, Mapping):
        return pd.DataFrame(values, index=items, columns=items)
    if len(values) != len(children):
        raise JudgementError(
            f"{place(expert, node)}found a matrix of {len(values)} items; expected the children {some(children)} in "
            "this order.",
            zh=f"{place_zh(expert, node)}矩阵有 {len(values)} 项；应依次为下级 {some_zh(children)}。",
        )
    return pd.DataFrame(values, index=children, columns=children)


def _labelled(matrix: pd.DataFrame, framework: Framework, node: str, expert: str) -> pd.DataFrame:
    """Put the children's codes on a matrix, in the framework's order; missing children are not judged."""
    children = framework.children(node)
    known = codes_by_name(children, framework)
    unknown = [
        label for label in {**dict.fromkeys(matrix.index), **dict.fromkeys(matrix.columns)} if label not in known
    ]
    if unknown:
        raise JudgementError(
            f"{place(expert, node)}{some(unknown)} is not below this node."
            f"{did_you_mean(str(unknown[0]), known)} Expected its children {some(children, limit=12)}.",
            zh=f"{place_zh(expert, node)}{some_zh(unknown)} 不在该节点之下。{meant_zh(str(unknown[0]), known)}"
            f"应为其下级 {some_zh(children, limit=12)}。",
        )
    coded = matrix.rename(index=known, columns=known)
    if coded.index.has_duplicates or coded.columns.has_duplicates:
        raise JudgementError(
            f"{place(expert, node)}an item is given twice; name every child once.",
            zh=f"{place_zh(expert, node)}有要素给出两次；每个下级只应列一次。",
        )
    return coded.reindex(index=list(children), columns=list(children))


def _check_experts(expert_weights: Any, everyone: list[str]) -> None:
    if expert_weights is None:
        return
    if not isinstance(expert_weights, Mapping | pd.Series):
        raise JudgementError(
            "expert_weights: expected a mapping of expert name to weight for a hierarchy.",
            zh="expert_weights：多层指标下应为专家姓名到权重的映射。",
        )
    given = [name for name, _ in expert_weights.items()]
    missing = [name for name in everyone if name not in given]
    unknown = [name for name in given if name not in everyone]
    if missing or unknown:
        near, near_zh = (f(str(unknown[0]), everyone) if unknown else "" for f in (did_you_mean, meant_zh))
        raise JudgementError(
            f"expert_weights: missing {some(missing) or 'none'}; unknown {some(unknown) or 'none'}.{near} "
            f"The experts are {some(everyone, limit=12)}.",
            zh=f"expert_weights：缺少 {some_zh(missing) or '无'}；不认识 {some_zh(unknown) or '无'}。{near_zh}"
            f"专家有 {some_zh(everyone, limit=12)}。",
        )
