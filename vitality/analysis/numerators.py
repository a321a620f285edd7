"""A test of a ratio against a score that shares its denominator: only the numerators are permuted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vitality.analysis.correlation import Floats, basis_of, residuals, with_strata
from vitality.analysis.permutation import is_enumerated, orders_of

__all__ = ["NullCorrelation", "numerator_test"]

Places = npt.NDArray[np.intp]
Advance = Callable[[int], object]


def _linear_over(y: Floats, method: str, inside: Floats) -> Callable[[Floats], Floats]:
    """Correlation of rows of values with y, as deviations from the means within strata."""
    from scipy.stats import rankdata

    def centred(values: Floats) -> Floats:
        ranks = values if method == "pearson" else rankdata(values, axis=1)
        return np.asarray(ranks - (ranks @ inside) @ inside.T, dtype=np.float64)

    right = centred(y[None])[0]

    def correlate(values: Floats) -> Floats:
        left = centred(values)
        return np.asarray(left @ right / np.sqrt((left**2).sum(axis=1) * (right @ right)), dtype=np.float64)

    return correlate


def _kendall_over(y: Floats, strata: Places | None) -> Callable[[Floats], Floats]:
    """tau-b of rows of values with y, over pairs of the same stratum."""
    first, second = np.triu_indices(len(y), 1)
    if strata is not None:
        same = strata[first] == strata[second]
        first, second = first[same], second[same]
    right = np.sign(y[first] - y[second])

    def correlate(values: Floats) -> Floats:
        left = np.sign(values[:, first] - values[:, second])
        return np.asarray(left @ right / np.sqrt(np.count_nonzero(left, axis=1) * np.count_nonzero(right)))

    return correlate


@dataclass(frozen=True)
class NullCorrelation:
    """A test that permutes only numerators, and what correlation the common denominator alone makes."""

    p: float
    expected: float
    low: float
    high: float


def numerator_test(
    numerator: Floats,
    denominator: Floats,
    y: Floats,
    *,
    method: str,
    permutations: int,
    seed: int,
    level: float = 0.95,
    strata: Places | None = None,
    advance: Advance | None = None,
) -> NullCorrelation:
    """Test a ratio against a score that shares its denominator, by permuting the numerators only.

    Each permuted numerator is divided by the unit's own denominator, so that the null distribution holds the
    correlation that the denominator makes by itself; p is twice the smaller tail. What is permuted is the part
    of the log numerator that the log denominator does not explain, because numerators mostly grow with their
    denominator; where a numerator is 0 there is no log, and the numerators themselves are permuted. With strata
    all of this, and the correlation, is within them.

    Parameters
    ----------
    numerator, denominator, y : array, shape (n,)
        Without NaN; the denominator above 0, the numerator not below.
    """
    ratio = numerator / denominator
    inside = basis_of(with_strata(np.empty((len(y), 0)), strata), len(y))
    expected, rest = np.zeros(len(y)), numerator
    logs = bool((numerator > 0).all())
    if logs:
        given = with_strata(np.log(denominator)[:, None], strata)
        rest, basis = residuals(np.log(numerator)[:, None], given)[:, 0], basis_of(given, len(y))
        expected = np.log(numerator) - rest

    def permuted(order: Places) -> Floats:
        moved = rest[order]
        if logs:  # what is left does not go with the denominator; permuted it must not either, at the same spread
            moved = moved - (moved @ basis) @ basis.T
            moved *= np.sqrt((rest @ rest) / (moved**2).sum(axis=1, keepdims=True))
        return (np.exp(expected + moved) if logs else moved) / denominator

    correlate = _kendall_over(y, strata) if method == "kendall" else _linear_over(y, method, inside)
    observed = float(correlate(ratio[None])[0])
    found = []
    few = is_enumerated(len(y), strata)
    width = len(y) ** 2 // 2 if method == "kendall" else len(y)
    for order in orders_of(len(y), permutations, seed, strata, width, few):
        found.append(correlate(permuted(order)))
        if advance is not None:
            advance(len(order))
    null = np.concatenate(found)
    add = 0 if few else 1
    tails = [(sign * (null - observed) >= -1e-9).sum() + add for sign in (1, -1)]
    low, high = np.quantile(null, [(1 - level) / 2, (1 + level) / 2])
    return NullCorrelation(min(1.0, 2 * min(tails) / (len(null) + add)), float(null.mean()), float(low), float(high))
