"""Adding up a tree in numpy, for one set of weights or for many: an ordinary index is one replicate.

Every node is a plane of shape (n_reps, n_units), weights are (n_reps, n_nodes). NaN is a gap: its weight goes
to the siblings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from vitality.errors import MethodError, did_you_mean, meant_zh, some, some_zh
from vitality.index.means import DEFAULT_RULE, Rule, combine
from vitality.index.method import mean_of_level

if TYPE_CHECKING:
    from vitality.framework import Framework

__all__ = [
    "Plan",
    "Step",
    "coverage_of_nodes",
    "global_weights",
    "plan_of",
    "score_nodes",
    "score_root",
    "spread_weights",
]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Step:
    """One parent: its place among the nodes, the places of its children, the mean that makes it."""

    parent: int
    children: npt.NDArray[np.intp]
    mean: str


@dataclass(frozen=True)
class Plan:
    """The tree as places in the order of `Framework.nodes`: parents after their children, the root last."""

    n_leaves: int
    steps: tuple[Step, ...]

    @property
    def n_nodes(self) -> int:
        """Number of all nodes."""
        return self.n_leaves + len(self.steps)


def plan_of(framework: Framework, aggregation: str | Mapping[str, str] = "arithmetic") -> Plan:
    """Lay out a framework for the kernels.

    Raises
    ------
    MethodError
        If the aggregation names a level that the framework does not have.
    """
    inner = [name for name in framework.levels if name != "indicator"]
    unknown = [] if isinstance(aggregation, str) else [name for name in aggregation if name not in inner]
    if unknown:
        raise MethodError(
            f"aggregation: level {some(unknown)} is not made of others in framework {framework.name!r}."
            f"{did_you_mean(unknown[0], inner)} Its levels are {some(inner)}.",
            zh=f"aggregation：框架 {framework.name!r} 中没有可合成的层级 {some_zh(unknown)}。"
            f"{meant_zh(unknown[0], inner)}可用的层级：{some_zh(inner)}。",
        )
    place = {code: number for number, code in enumerate(framework.nodes)}
    level = {code: name for name, codes in framework.levels.items() for code in codes}
    steps = tuple(
        Step(
            place[code],
            np.array([place[child] for child in framework.children(code)], dtype=np.intp),
            mean_of_level(aggregation, level[code]),
        )
        for code in framework.nodes[len(framework.leaves) :]
    )
    return Plan(len(framework.leaves), steps)


def score_nodes(leaves: Floats, weights: Floats, plan: Plan, rule: Rule = DEFAULT_RULE) -> Floats:
    """Score every node of the tree.

    Parameters
    ----------
    leaves : array, shape (n_leaves, n_units)
        0 to 100; NaN where not observed.
    weights : array, shape (n_reps, n_nodes)
        Local weights, any scale of 0 or more among siblings.
    plan : Plan
    rule : Rule
        The numbers of the ways of aggregation.

    Returns
    -------
    array, shape (n_nodes, n_reps, n_units)
        A node is made of those of its children that have a value and a weight; NaN when none has.
    """
    scores = np.empty((plan.n_nodes, len(weights), leaves.shape[1]))
    scores[: plan.n_leaves] = leaves[:, None, :]
    for place, plane in enumerate(_planes(leaves, weights, plan, rule), plan.n_leaves):
        scores[place] = plane
    return scores


def score_root(leaves: Floats, weights: Floats, plan: Plan, rule: Rule = DEFAULT_RULE) -> Floats:
    """Score the root alone, shape (n_reps, n_units); arguments as for `score_nodes`."""
    if not _gaps(leaves, weights, plan) and all(step.mean == "arithmetic" for step in plan.steps):
        return global_weights(weights, plan)[:, : plan.n_leaves] @ leaves
    return _planes(leaves, weights, plan, rule)[-1]


def _planes(leaves: Floats, weights: Floats, plan: Plan, rule: Rule) -> list[Floats]:
    gaps = _gaps(leaves, weights, plan)
    planes = [leaf[None, :] for leaf in leaves]
    for step in plan.steps:
        children = [planes[child] for child in step.children]
        planes.append(combine(children, weights[:, step.children], step.mean, rule, gaps=gaps))
    return planes[plan.n_leaves :]


def _gaps(leaves: Floats, weights: Floats, plan: Plan) -> bool:
    """Whether a value is missing, or all siblings somewhere weigh nothing."""
    if np.isnan(np.min(leaves, initial=0.0)):
        return True
    return any(not weights[:, step.children].sum(axis=1).min(initial=1.0) > 0 for step in plan.steps)


def global_weights(weights: Floats, plan: Plan) -> Floats:
    """Global weights of every node, shape (n_reps, n_nodes), from local ones of any scale."""
    overall = np.ones_like(weights)
    for step in reversed(plan.steps):
        own = weights[:, step.children]
        overall[:, step.children] = overall[:, [step.parent]] * own / own.sum(axis=1, keepdims=True)
    return overall


def coverage_of_nodes(there: npt.NDArray[np.bool_], plan: Plan) -> Floats:
    """Share of the indicators below each node that are there, shape (n_units, n_nodes)."""
    seen = np.zeros((len(there), plan.n_nodes))
    sizes = np.ones(plan.n_nodes)
    seen[:, : plan.n_leaves] = there
    for step in plan.steps:
        seen[:, step.parent] = seen[:, step.children].sum(axis=1)
        sizes[step.parent] = sizes[step.children].sum()
    return seen / sizes


def spread_weights(there: npt.NDArray[np.bool_], weights: Floats, plan: Plan) -> Floats:
    """Global weight that each node really has for each unit, after gaps gave theirs to their siblings.

    Parameters
    ----------
    there : array of bool, shape (n_units, n_leaves)
    weights : array, shape (n_nodes,)
        Local weights.

    Returns
    -------
    array, shape (n_units, n_nodes)
        The leaves sum to 1 for a unit with at least one indicator, and are all 0 otherwise.
    """
    seen = coverage_of_nodes(there, plan) > 0
    spread = np.zeros((len(there), plan.n_nodes))
    spread[:, -1] = seen[:, -1]
    for step in reversed(plan.steps):
        own = np.where(seen[:, step.children], weights[step.children], 0.0)
        total = own.sum(axis=1, keepdims=True)
        share = np.divide(own, total, out=np.zeros_like(own), where=total > 0)
        spread[:, step.children] = spread[:, [step.parent]] * share
    return spread
