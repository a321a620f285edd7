"""Copeland: every unit against every other one, with the weight of the indicators on which it is ahead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from vitality.index.means import dot
from vitality.index.ranking import mean_places

__all__ = ["copeland"]

Floats = npt.NDArray[np.float64]

#: Two shares of weight that differ by less are a draw.
DRAW = 1e-12


def copeland(children: Sequence[Floats], weights: Floats, *, majority: bool, gaps: bool) -> Floats:
    """Copeland scores from 0 (behind everyone) to 100 (ahead of everyone), shape (n_reps, n_units).

    Parameters
    ----------
    children : sequence of arrays, shape (n_reps or 1, n_units)
    weights : array, shape (n_reps, n_children)
    majority : bool
        Count the units against which a unit has more than half of the weight (a draw is half a win), or sum
        the shares of weight themselves. Without gaps the sum is linear in ranks, so no pair is looked at.
    gaps : bool
        A pair is compared on the children that both have.
    """
    if not majority and not gaps:
        return dot(weights, [_places(child) for child in children]) / weights.sum(axis=1, keepdims=True)
    shared = all(len(child) == 1 for child in children)
    first = [_ahead(child[0]) for child in children] if shared and _fits(children) else []
    scores = np.empty((len(weights), children[0].shape[1]))
    for rep, own in enumerate(weights):
        pairs = first or (_ahead(child[min(rep, len(child) - 1)]) for child in children)
        scores[rep] = _row_scores(pairs, own, majority=majority)
    return scores


def _places(child: Floats) -> Floats:
    n = child.shape[1]
    if n < 2:
        return np.full_like(child, 50.0)
    return 100.0 * np.array([mean_places(row) for row in child]) / (n - 1.0)


def _fits(children: Sequence[Floats]) -> bool:
    return len(children) * children[0].shape[1] ** 2 <= 20_000_000


def _ahead(values: Floats) -> tuple[Floats, npt.NDArray[np.bool_] | None]:
    """Whether the unit of the row is ahead of that of the column (1, a tie 0.5), and where both are there."""
    seen = ~np.isnan(values)
    ahead = np.greater(values[:, None], values[None, :]).astype(float)
    ahead += 0.5 * np.equal(values[:, None], values[None, :])
    return ahead, None if seen.all() else seen[:, None] & seen[None, :]


def _row_scores(
    pairs: Iterable[tuple[Floats, npt.NDArray[np.bool_] | None]], weights: Floats, *, majority: bool
) -> Floats:
    won = total = np.zeros((1, 1))
    for (ahead, both), weight in zip(pairs, weights):
        won = won + weight * ahead
        total = total + (weight if both is None else weight * both)
    total = np.broadcast_to(total, won.shape)
    share = won / total
    if majority:
        share = np.where(abs(share - 0.5) < DRAW, 0.5, np.heaviside(share - 0.5, np.nan))
    met = total > 0
    others = met & ~np.eye(len(met), dtype=bool)
    mean = 100.0 * np.where(others, share, 0.0).sum(axis=1) / others.sum(axis=1)
    return np.where(others.any(axis=1), mean, np.where(np.diagonal(met), 50.0, np.nan))
