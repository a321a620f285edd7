"""Weights of a group of experts: aggregation, consistency policy, agreement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

import numpy as np

from vitality.errors import JudgementError
from vitality.weights.ahp import ACCEPTED_RATIO, PriorityMethod
from vitality.weights.cells import place, place_zh
from vitality.weights.experts.aggregation import mean_logs, mean_priorities
from vitality.weights.experts.group_result import GroupResult
from vitality.weights.experts.panel import Panel, Standing, assess_experts, expert_shares, read_panel
from vitality.weights.incomplete import COMPLETIONS, complete, require_connected
from vitality.weights.kernels import PRIORITY_METHODS, prioritise
from vitality.weights.options import choose, number
from vitality.weights.random_index import RANDOM_INDICES, RandomIndexName, random_index_value

if TYPE_CHECKING:
    from vitality.weights.kernels import Floats

__all__ = ["group_weights"]

Aggregation = Literal["judgements", "priorities", "priorities_geometric"]
Policy = Literal["keep", "drop", "downweight"]
Gaps = Literal["drop", "available", "raise", "harker", "log_least_squares", "lambda_min"]

_AGGREGATIONS = ("judgements", "priorities", "priorities_geometric")
_POLICIES = ("keep", "drop", "downweight")
_GAPS = ("drop", "available", "raise", *COMPLETIONS)


def group_weights(
    experts: object,
    *,
    aggregation: Aggregation = "judgements",
    expert_weights: object = None,
    policy: Policy = "keep",
    threshold: float = ACCEPTED_RATIO,
    method: PriorityMethod = "eigenvector",
    random_index: RandomIndexName = "saaty_1980",
    incomplete: Gaps = "drop",
    node: object = None,
) -> GroupResult:
    """Weights of a group of experts, with the standing of every expert and their agreement.

    Parameters
    ----------
    experts : mapping of name to matrix; array-like, shape (n_experts, n, n); or sequence of matrices
        One judgement matrix an expert, as in `ahp_weights`; NaN = not judged.
    aggregation : {"judgements", "priorities", "priorities_geometric"}
        Geometric mean of the judgements (AIJ), for a panel that acts as one; or weighted arithmetic or
        geometric mean of the experts' own weights, renormalised (AIP), for separate interests [1]_.
    expert_weights : mapping, Series or sequence, optional
        Any positive scale; equal when left out.
    policy : {"keep", "drop", "downweight"}
        What happens to an expert whose consistency ratio is above `threshold`: stays, is left out, or
        counts by ``threshold / ratio``. An expert whose ratio cannot be computed (the judged pairs do not
        connect the items) is not judged inconsistent.
    threshold : float
        Largest consistency ratio that passes, above 0.
    method, random_index : str
        As in `ahp_weights`.
    incomplete : {"drop", "available", "raise", "harker", "log_least_squares", "lambda_min"}
        What happens to an expert who left out judgements. ``drop``: the matrix is not used, which keeps
        every judgement of the group on the same experts. ``available``: each judgement of the group is the
        geometric mean over those who gave it. A completion: the expert's matrix is completed first.
        ``raise``: refuse. An expert who judged nothing here never counts.
    node : optional
        Name of the node, for messages and sentences.

    Returns
    -------
    GroupResult

    Raises
    ------
    JudgementError
        If a matrix is not sound, or no expert is left.
    MethodError
        If an option is not among its choices.

    References
    ----------
    .. [1] Forman, E. & Peniwati, K. (1998). European J. Operational Research 108, 165-169.

    Examples
    --------
    >>> from vitality.weights import judgement_matrix
    >>> items = ["reach", "service", "trust"]
    >>> panel = {"E1": judgement_matrix([1, 2, 2], items), "E2": judgement_matrix([2, 3, "1/5"], items)}
    >>> found = group_weights(panel, policy="drop")
    >>> found.weights.round(3).to_dict(), found.experts["kept"].to_dict()
    ({'reach': 0.4, 'service': 0.4, 'trust': 0.2}, {'E1': True, 'E2': False})
    """
    choose("aggregation", aggregation, _AGGREGATIONS)
    choose("policy", policy, _POLICIES)
    choose("method", method, PRIORITY_METHODS)
    choose("random_index", random_index, RANDOM_INDICES)
    choose("incomplete", incomplete, _GAPS)
    number(
        "threshold",
        threshold,
        lambda ratio: ratio > 0,
        "a consistency ratio above 0, such as 0.10",
        "大于 0 的一致性比率，如 0.10",
    )
    panel = read_panel(experts, node=node)
    standing = assess_experts(panel, method=method, random_index=random_index, incomplete=incomplete)
    reason = _reasons(panel, standing, aggregation, incomplete, policy, threshold)
    shares = expert_shares(expert_weights, panel.experts) * _factors(reason, standing.ratio, policy, threshold)
    _require_someone(shares, reason, panel, threshold)
    recipe = {
        "aggregation": aggregation,
        "method": method,
        "random_index": random_index,
        "policy": policy,
        "threshold": float(threshold),
        "incomplete": incomplete,
        "expert_weights": "equal" if expert_weights is None else "given",
    }
    return _combined(panel, standing, shares / shares.sum(), reason, recipe)


def _reasons(
    panel: Panel, standing: Standing, aggregation: str, incomplete: str, policy: str, threshold: float
) -> np.ndarray:
    """Why an expert is left out or counts for less; empty where all is well."""
    reason = np.full(len(panel.experts), "", dtype=object)
    if policy != "keep":
        reason[standing.ratio > threshold] = "inconsistent"
    if incomplete == "drop":
        reason[panel.missing > 0] = "incomplete"
    elif aggregation != "judgements" or incomplete != "available":
        reason[np.isnan(standing.ratio)] = "unconnected"
    reason[panel.silent] = "silent"
    return reason


def _factors(reason: np.ndarray, ratio: Floats, policy: str, threshold: float) -> Floats:
    """Factor on the weight of each expert: 0 = left out, 1 = counts in full."""
    factors = np.where(reason == "", 1.0, 0.0)
    if policy == "downweight":
        inconsistent = reason == "inconsistent"
        factors[inconsistent] = threshold / ratio[inconsistent]
    return factors


def _require_someone(shares: Floats, reason: np.ndarray, panel: Panel, threshold: float) -> None:
    if shares.any():
        return
    words = {
        "inconsistent": f"consistency ratio above {threshold:g}",
        "incomplete": "judgements left out",
        "unconnected": "judged pairs do not connect the items",
        "silent": "nothing judged",
        "": "expert weight 0",
    }
    words_zh = {
        "inconsistent": f"CR 大于 {threshold:g}",
        "incomplete": "判断不全",
        "unconnected": "所作判断未能连接全部要素",
        "silent": "未作判断",
        "": "专家权重为 0",
    }
    some_of = list(zip(panel.experts[:5], reason[:5]))
    named = ", ".join(f"{name} ({words[why]})" for name, why in some_of)
    named_zh = "、".join(f"{name}（{words_zh[why]}）" for name, why in some_of)
    more = f" and {len(reason) - 5} more" if len(reason) > 5 else ""
    raise JudgementError(
        f"{place(None, panel.node)}no expert of {len(reason)} is left: {named}{more}. Ask the experts to look at "
        "their judgements again, or choose policy='downweight', or incomplete='available' or a completion such as "
        "'harker'.",
        zh=f"{place_zh(None, panel.node)}{len(reason)} 位专家无一可用：{named_zh}{'等' if more else ''}。请专家复核"
        "判断，或选 policy='downweight'，或选 incomplete='available' 或 'harker' 等补全方法。",
    )


def _combined(
    panel: Panel, standing: Standing, shares: Floats, reason: np.ndarray, recipe: Mapping[str, object]
) -> GroupResult:
    kept = shares > 0
    aggregation = recipe["aggregation"]
    group = np.exp(mean_logs(standing.stack[kept], shares[kept]))
    if np.isnan(group).any():
        require_connected(group, panel.items, expert="group", node=panel.node)
        group = complete(group, how="harker")
    found = prioritise(group[None], method=str(recipe["method"]))
    if aggregation == "judgements":
        weights = found.weights[0]
    else:
        geometric = aggregation == "priorities_geometric"
        weights, _ = mean_priorities(standing.weights[kept], shares[kept], geometric=geometric)
    n = len(panel.items)
    index = (float(found.largest_eigenvalue[0]) - n) / (n - 1) if n > 2 else 0.0
    return GroupResult(
        panel=panel,
        standing=standing,
        shares=shares,
        reason=reason,
        group=group,
        values=weights,
        consistency_ratio=index / random_index_value(n, table=str(recipe["random_index"])) if n > 2 else 0.0,
        geometric_consistency_index=float(found.geometric_consistency_index[0]),
        recipe=recipe,
        node=panel.node,
    )
