"""Adding up a tree in numpy, for one set of weights or for many: the replicate axis leads.

Values have the shape (n_reps, n_units, n_nodes), weights (n_reps, n_nodes); an ordinary index is one
replicate. NaN is a gap: its weight goes to the siblings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from vitality.errors import MethodError, did_you_mean, some
from vitality.index.method import mean_of_level

if TYPE_CHECKING:
    from vitality.framework import Framework

__all__ = [
    "Plan",
    "Step",
    "aggregate_nodes",
    "coverage_of_nodes",
    "plan_of",
    "spread_weights",
    "weighted_mean",
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
            f"{did_you_mean(unknown[0], inner)} Its levels are {some(inner)}."
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


def aggregate_nodes(leaves: Floats, weights: Floats, plan: Plan, *, floor: float) -> Floats:
    """Score every node of the tree.

    Parameters
    ----------
    leaves : array, shape (n_reps or 1, n_units, n_leaves)
        0 to 100; NaN where not observed.
    weights : array, shape (n_reps or 1, n_nodes)
        Local weights, any positive scale among siblings.
    plan : Plan
    floor : float
        Lowest value that a geometric or harmonic mean takes in.

    Returns
    -------
    array, shape (n_reps, n_units, n_nodes)
        A node is the mean of those of its children that have a value; NaN when none has.
    """
    reps = max(len(leaves), len(weights))
    scores = np.empty((reps, leaves.shape[1], plan.n_nodes))
    scores[..., : plan.n_leaves] = leaves
    gaps = bool(np.isnan(leaves).any())
    for step in plan.steps:
        children = scores[..., step.children]
        local = weights[:, None, step.children]
        scores[..., step.parent] = weighted_mean(children, local, step.mean, floor=floor, gaps=gaps)
    return scores


def weighted_mean(values: Floats, weights: Floats, mean: str, *, floor: float, gaps: bool = True) -> Floats:
    """Weighted mean over the last axis; gaps (NaN) give their weight to the others.

    Parameters
    ----------
    values : array, shape (..., n)
        0 to 100.
    weights : array, broadcast against `values`
        Not negative.
    mean : {"arithmetic", "geometric", "harmonic"}
    floor : float
        Lower values are raised to it by the last two; with 0 a zero makes them zero.
    gaps : bool
        Whether to look for NaN.
    """
    if gaps:
        there = ~np.isnan(values)
        weights = np.where(there, weights, 0.0)
        values = np.where(there, values, 100.0)
    total = np.broadcast_to(weights, values.shape).sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        if mean == "arithmetic":
            return (weights * values).sum(axis=-1) / total
        raised = np.maximum(values, floor)
        zero = raised <= 0
        safe = np.where(zero, 1.0, raised)
        if mean == "geometric":
            found = np.exp((weights * np.log(safe)).sum(axis=-1) / total)
        else:
            found = total / (weights / safe).sum(axis=-1)
        return np.where((zero & (weights > 0)).any(axis=-1), 0.0, found)


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
