"""Weights of a group of experts: aggregation, consistency policy, agreement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from vitality.errors import JudgementError, MethodError
from vitality.weights.ahp import ACCEPTED_RATIO, PriorityMethod
from vitality.weights.consensus import (
    consensus_index,
    count_cycles,
    geometric_spread,
    kendall_agreement,
    straight_lined,
)
from vitality.weights.group_result import GroupResult
from vitality.weights.incomplete import COMPLETIONS, complete, require_connected
from vitality.weights.judgements import place
from vitality.weights.kernels import PRIORITY_METHODS, Priorities, prioritise
from vitality.weights.options import choose
from vitality.weights.panel import Panel, Standing, assess_experts, expert_shares, read_panel
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
    experts : mapping of name to DataFrame (n, n), or array, shape (n_experts, n, n)
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
    if not threshold > 0:
        raise MethodError(f"threshold={threshold!r}; expected a consistency ratio above 0, such as 0.10.")
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
    named = [f"{name} ({words[why]})" for name, why in zip(panel.experts[:5], reason[:5])]
    more = f" and {len(reason) - 5} more" if len(reason) > 5 else ""
    raise JudgementError(
        f"{place(None, panel.node)}no expert of {len(reason)} is left: {', '.join(named)}{more}. Ask the "
        "experts "
        "to look at their judgements again, or choose policy='downweight', or incomplete='available' or a "
        "completion such as 'harker'."
    )


def _combined(
    panel: Panel, standing: Standing, shares: Floats, reason: np.ndarray, recipe: Mapping[str, object]
) -> GroupResult:
    kept = shares > 0
    method, aggregation = str(recipe["method"]), recipe["aggregation"]
    group = _close_gaps(np.exp(_group_logs(standing.stack[kept], shares[kept])), panel)
    found = prioritise(group[None], method=method)
    if aggregation == "judgements":
        weights = found.weights[0]
        without = _judgements_without_each(standing.stack[kept], shares[kept], np.log(group), method)
    else:
        geometric = aggregation == "priorities_geometric"
        weights, without = _priorities_without_each(standing.weights[kept], shares[kept], geometric=geometric)
    influence = np.zeros(len(kept))
    influence[kept] = 0.5 * np.abs(without - weights).sum(axis=1)
    return GroupResult(
        weights=pd.Series(weights, index=panel.items, name="weight"),
        judgements=pd.DataFrame(group, index=panel.items, columns=panel.items),
        experts=_experts_table(panel, standing, shares, reason, weights, influence),
        **_agreement(panel, standing, kept),
        consistency_ratio=_group_ratio(found, panel, recipe),
        priorities=pd.DataFrame(standing.weights, index=panel.experts, columns=panel.items),
        recipe=recipe,
        node=panel.node,
    )


def _group_logs(stack: Floats, shares: Floats) -> Floats:
    """Log of the weighted geometric mean of the judgements, each over the experts who gave it."""
    logs = np.log(stack)
    judged = ~np.isnan(logs)
    if judged.all():
        return np.asarray(np.tensordot(shares, logs, axes=1))
    total = np.tensordot(shares, np.where(judged, logs, 0.0), axes=1)
    weight = np.tensordot(shares, judged.astype(float), axes=1)
    return np.divide(total, weight, where=weight > 0, out=np.full(total.shape, np.nan))


def _close_gaps(group: Floats, panel: Panel) -> Floats:
    if not np.isnan(group).any():
        return group
    require_connected(group, panel.items, expert="group", node=panel.node)
    return complete(group, how="harker")


def _judgements_without_each(stack: Floats, shares: Floats, logs: Floats, method: str) -> Floats:
    """Group weights with one expert left out, for every expert; NaN when nobody else is left.

    `logs` are those of the group's matrix with everyone.
    """
    n_experts, n = stack.shape[:2]
    if n_experts < 2:
        return np.full((n_experts, n), np.nan)
    if np.isnan(stack).any():
        others = ~np.eye(n_experts, dtype=bool)
        rest = np.stack([_group_logs(stack[keep], shares[keep]) for keep in others])
        rest = np.where(np.isnan(rest), logs, rest)  # nobody else judged it: the group's value stays
    else:
        rest = (logs - shares[:, None, None] * np.log(stack)) / (1 - shares)[:, None, None]
    return prioritise(np.exp(rest), method=method).weights


def _priorities_without_each(own: Floats, shares: Floats, *, geometric: bool) -> tuple[Floats, Floats]:
    """Mean of the experts' own weights, and the same without each expert."""
    own = np.log(own) if geometric else own
    mean = shares @ own
    with np.errstate(invalid="ignore", divide="ignore"):
        rest = (mean - shares[:, None] * own) / (1 - shares)[:, None]
    if geometric:
        mean, rest = np.exp(mean), np.exp(rest)
    return mean / mean.sum(), rest / rest.sum(axis=1, keepdims=True)


def _experts_table(
    panel: Panel, standing: Standing, shares: Floats, reason: np.ndarray, weights: Floats, influence: Floats
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "ratio": standing.ratio,
            "kept": shares > 0,
            "straight_lining": straight_lined(panel.stack),
            "cycles": count_cycles(panel.stack),
            "missing": panel.missing,
            "weight": shares,
            "distance": 0.5 * np.abs(standing.weights - weights).sum(axis=1),
            "influence": influence,
            "reason": reason.astype(str),
        },
        index=panel.experts,
    )


def _agreement(panel: Panel, standing: Standing, kept: np.ndarray) -> dict[str, Any]:
    own = standing.weights[kept & ~np.isnan(standing.ratio)]
    w, p = kendall_agreement(own)
    spread = geometric_spread(panel.stack[kept])
    return {
        "consensus": consensus_index(own),
        "kendall_w": w,
        "kendall_p": p,
        "spread": pd.DataFrame(spread, index=panel.items, columns=panel.items),
    }


def _group_ratio(found: Priorities, panel: Panel, recipe: Mapping[str, object]) -> float:
    n = len(panel.items)
    if n < 3:
        return 0.0
    index = (float(found.largest_eigenvalue[0]) - n) / (n - 1)
    return index / random_index_value(n, table=str(recipe["random_index"]))
