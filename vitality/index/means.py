"""How children make a parent, for many sets of weights at once.

A child is a plane of shape (n_reps, n_units), or (1, n_units) where all replicates share it; weights have the
shape (n_reps, n_children). NaN is a gap: its weight goes to the siblings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from vitality.index.method import Method

__all__ = ["DEFAULT_RULE", "FLOORED", "POPULATION", "Rule", "combine", "dot", "observed", "rule_of"]

Floats = npt.NDArray[np.float64]

#: Ways of aggregation in which the score of a unit depends on the other units.
POPULATION = ("mpi", "copeland", "topsis", "benefit_of_the_doubt")
#: Those that raise low values to the floor.
FLOORED = ("geometric", "harmonic", "power")


@dataclass(frozen=True)
class Rule:
    """The numbers that the ways of aggregation need (see `Method`); `groups` are rows compared among each other."""

    floor: float = 1.0
    power: float = 0.5
    penalty: float = -1.0
    alpha: float = 0.5
    beta: float = 0.0
    majority: bool = False
    bounds: tuple[float, float] = (0.0, 1.0)
    groups: tuple[npt.NDArray[np.intp], ...] | None = None


DEFAULT_RULE = Rule()


def rule_of(method: Method, groups: tuple[npt.NDArray[np.intp], ...] | None = None) -> Rule:
    """Take the numbers from a method."""
    return Rule(
        floor=method.floor,
        power=method.power,
        penalty=-1.0 if method.penalty == "negative" else 1.0,
        alpha=method.alpha,
        beta=method.beta,
        majority=method.outranking == "majority",
        bounds=method.bounds,
        groups=groups,
    )


def combine(children: Sequence[Floats], weights: Floats, mean: str, rule: Rule, *, gaps: bool) -> Floats:
    """Make the parent's plane, shape (n_reps, n_units).

    Parameters
    ----------
    children : sequence of arrays, shape (n_reps or 1, n_units)
        0 to 100; NaN where there is none.
    weights : array, shape (n_reps, n_children)
        Not negative, any scale; a child that weighs 0 is as good as not there.
    mean : str
        A way of aggregation, as in `Method`.
    rule : Rule
    gaps : bool
        Whether to look for NaN and for children without weight.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        if mean not in POPULATION:
            return _own(children, weights, mean, rule, gaps=gaps)
        if rule.groups is None or len(rule.groups) == 1:
            return _among(children, weights, mean, rule, gaps=gaps)
        parent = np.empty((len(weights), children[0].shape[1]))
        for rows in rule.groups:
            part = [child[:, rows] for child in children]
            parent[:, rows] = _among(part, weights, mean, rule, gaps=gaps)
        return parent


def dot(weights: Floats, planes: Sequence[Floats]) -> Floats:
    """Sum of weight times plane, shape (n_reps, n_units)."""
    if len(weights) > 1 and all(len(plane) == 1 for plane in planes):
        return weights @ np.concatenate(planes)
    total = weights[:, :1] * planes[0]
    for place in range(1, len(planes)):
        total += weights[:, place : place + 1] * planes[place]
    return total


def observed(children: Sequence[Floats], weights: Floats, *, gaps: bool) -> tuple[list[Floats], Floats, list[Floats]]:
    """Children with 0 for a gap, the weight that is there, and which are there (1 or 0)."""
    if not gaps:
        return list(children), weights.sum(axis=1, keepdims=True), [np.ones((1, 1))] * len(children)
    there = [(~np.isnan(child)).astype(float) for child in children]
    return [np.nan_to_num(child, nan=0.0) for child in children], dot(weights, there), there


def _own(children: Sequence[Floats], weights: Floats, mean: str, rule: Rule, *, gaps: bool) -> Floats:
    values, total, there = observed(children, weights, gaps=gaps)
    if mean == "arithmetic":
        return dot(weights, values) / total
    if mean == "adjusted_mpi":
        shifted = [(0.6 * value - 30.0) * here for value, here in zip(values, there)]
        return (_penalised(shifted, weights, total, rule.penalty) - 70.0) / 0.6
    if mean == "mean_min":
        middle = dot(weights, values) / total
        away = middle - _lowest(children, weights)
        return middle - rule.alpha * (np.sqrt(away**2 + rule.beta**2) - rule.beta)
    raised = [np.maximum(value, rule.floor) for value in values]
    zeros = [(value <= 0) & (here > 0) for value, here in zip(raised, there)]
    forward, back = _transform(mean, rule.power)
    safe = [forward(np.where(zero, 1.0, value)) * here for value, zero, here in zip(raised, zeros, there)]
    found = back(dot(weights, safe) / total)
    if rule.floor > 0:
        return found
    if mean == "power" and rule.power > 0:
        safe = [np.where(zero, 0.0, value) for value, zero in zip(safe, zeros)]
        return back(dot(weights, safe) / total)
    any_zero = dot((weights > 0).astype(float), [zero.astype(float) for zero in zeros]) > 0
    return np.where(any_zero, 0.0, found)


def _transform(mean: str, power: float) -> tuple[Callable[[Floats], Floats], Callable[[Floats], Floats]]:
    """The function whose weighted mean is taken, and its inverse; with a floor of 0 gaps stand at 1."""
    if mean == "geometric":
        return np.log, np.exp
    exponent = -1.0 if mean == "harmonic" else power
    return (lambda x: x**exponent), (lambda x: x ** (1 / exponent))


def _lowest(children: Sequence[Floats], weights: Floats) -> Floats:
    """Lowest child that is there and weighs something, shape (n_reps, n_units)."""
    lowest = np.full((len(weights), children[0].shape[1]), np.inf)
    for place, child in enumerate(children):
        lowest = np.fmin(lowest, np.where(weights[:, place : place + 1] > 0, child, np.inf))
    return lowest


def _penalised(shifted: Sequence[Floats], weights: Floats, total: Floats, penalty: float) -> Floats:
    """Mean with the penalty for imbalance, of values given as their distance from 100."""
    middle = dot(weights, shifted) / total
    variance = np.maximum(dot(weights, [value**2 for value in shifted]) / total - middle**2, 0.0)
    return 100.0 + middle + penalty * variance / (100.0 + middle)


def _among(children: Sequence[Floats], weights: Floats, mean: str, rule: Rule, *, gaps: bool) -> Floats:
    if mean == "mpi":
        standard = [_standardised(child) for child in children]
        values, total, _ = observed(standard, weights, gaps=gaps)
        return _penalised(values, weights, total, rule.penalty) - 50.0
    if mean == "topsis":
        from vitality.index.topsis import closeness

        return 100.0 * closeness(children, weights, gaps=gaps)
    if mean == "copeland":
        from vitality.index.outranking import copeland

        return copeland(children, weights, majority=rule.majority, gaps=gaps)
    from vitality.index.frontier import benefit_of_the_doubt

    return benefit_of_the_doubt(children, weights, rule.bounds)


def _standardised(child: Floats) -> Floats:
    """Ten times the distance from the mean over the units in standard deviations (of the population)."""
    seen = ~np.isnan(child)
    n = seen.sum(axis=1, keepdims=True)
    filled = np.where(seen, child, 0.0)
    away = child - filled.sum(axis=1, keepdims=True) / n
    spread = np.sqrt((np.where(seen, away, 0.0) ** 2).sum(axis=1, keepdims=True) / n)
    return np.where(spread > 1e-12, 10.0 * away / spread, 0.0 * away)
