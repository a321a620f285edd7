"""Permutation tests over many pairs of columns at once; every order is tried where they are few."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from vitality.analysis.correlation import Floats, basis_of, midranks, residuals, with_strata

__all__ = [
    "Among",
    "forget_orders",
    "is_enumerated",
    "kendall_exact_p",
    "orders_of",
    "permutation_p",
    "permuted_rows",
]

Places = npt.NDArray[np.intp]
Statistic = Callable[[Places], Floats]
Advance = Callable[[int], object]

#: Numbers held at a time while permuting; results do not depend on it.
CHUNK = 2_000_000
#: Numbers of random orders that are kept, so that pairs with other gaps need no new ones.
KEPT = 40_000_000
#: Orders up to which all of them are tried: those of nine units.
ENUMERATED = math.factorial(9)
#: Units above which Kendall's p comes from the normal approximation.
KENDALL_LARGEST = 300


def _groups(n: int, strata: Places | None) -> Places:
    return np.zeros(n, dtype=np.intp) if strata is None else strata


def is_enumerated(n: int, strata: Places | None = None) -> bool:
    """Say whether the orders of n units, within strata if there are any, are few enough to try them all.

    Examples
    --------
    >>> is_enumerated(9), is_enumerated(10), is_enumerated(10, np.repeat([0, 1], 5))
    (True, False, True)
    """
    sizes = np.bincount(_groups(n, strata))
    return math.prod(math.factorial(min(int(size), 20)) for size in sizes) <= ENUMERATED


def every_order(n: int, strata: Places | None = None) -> Places:
    """All orders of n rows, within strata if there are any, shape (n_orders, n)."""
    groups = _groups(n, strata)
    whole = np.arange(n, dtype=np.intp)[None]
    for group in np.unique(groups):
        places = np.flatnonzero(groups == group)
        own = np.zeros((1, 1), dtype=np.intp)
        for size in range(1, len(places)):
            own = np.concatenate([np.insert(own, spot, size, axis=1) for spot in range(size + 1)])
        repeated = np.repeat(whole, len(own), axis=0)
        repeated[:, places] = np.tile(places[own], (len(whole), 1))
        whole = repeated
    return whole


@dataclass(frozen=True)
class Among:
    """Which of all units the rows are, so that pairs with different gaps share their random orders.

    Attributes
    ----------
    there : array of bool, shape (n_all,)
    strata : array of int from 0, shape (n_all,), or None
    """

    there: npt.NDArray[np.bool_]
    strata: Places | None = None


def permuted_rows(
    n: int,
    permutations: int,
    *,
    seed: int,
    strata: Places | None = None,
    width: int | None = None,
    among: Among | None = None,
) -> Iterator[Places]:
    """Random orders of n rows, within strata if there are any, in chunks of shape (some, n).

    The orders depend on the seed alone, not on the size of the chunks; with `among` they are the orders of all
    units without those that are not there.
    """
    rows = max(1, CHUNK // max(width or n, 1))
    if among is not None and not among.there.all() and len(among.there) * permutations <= KEPT:
        held = None if among.strata is None else among.strata.tobytes()
        whole = _orders_of_all(len(among.there), permutations, seed, held)
        for start in range(0, permutations, rows):
            yield _narrowed(whole[start : start + rows], among)
        return
    yield from _drawn(n, permutations, seed, strata, rows)


def _drawn(n: int, permutations: int, seed: int, strata: Places | None, rows: int) -> Iterator[Places]:
    groups = _groups(n, strata)
    places = [np.flatnonzero(groups == group) for group in np.unique(groups)]
    generators = np.random.default_rng(seed).spawn(len(places))
    for start in range(0, permutations, rows):
        count = min(rows, permutations - start)
        order = np.empty((count, n), dtype=np.intp)
        for own, generator in zip(places, generators):
            order[:, own] = generator.permuted(np.tile(own.astype(np.int32), (count, 1)), axis=1)
        yield order


def forget_orders() -> None:
    """Free the memory of the orders that are kept between pairs."""
    _orders_of_all.cache_clear()


@lru_cache(maxsize=1)
def _orders_of_all(n: int, permutations: int, seed: int, strata: bytes | None) -> npt.NDArray[np.int32]:
    codes = None if strata is None else np.frombuffer(strata, dtype=np.intp)
    whole = np.empty((permutations, n), dtype=np.int32)
    start = 0
    for order in _drawn(n, permutations, seed, codes, max(1, CHUNK // n)):
        whole[start : start + len(order)] = order
        start += len(order)
    return whole


def _narrowed(whole: npt.NDArray[np.int32], among: Among) -> Places:
    """Orders of the units that are there, by their places among these: the others are passed over."""
    groups = _groups(len(among.there), among.strata)
    place = np.where(among.there, np.cumsum(among.there) - 1, -1).astype(np.int32)
    narrow = np.empty((len(whole), int(among.there.sum())), dtype=np.intp)
    for group in np.unique(groups):
        own = groups == group
        moved = place.take(whole if own.all() else whole[:, own])
        narrow[:, place[own & among.there]] = moved[moved >= 0].reshape(len(whole), -1)
    return narrow


def permutation_p(
    xs: Floats,
    ys: Floats,
    *,
    method: str,
    permutations: int,
    seed: int,
    controls: Floats | None = None,
    strata: Places | None = None,
    wanted: npt.NDArray[np.bool_] | None = None,
    among: Among | None = None,
    advance: Advance | None = None,
) -> Floats:
    """Two-sided permutation p of pairs of columns.

    The rows of x are permuted, within strata if there are any. Where there are at most 9! orders all of them
    are tried and p is the share whose statistic is at least as far from zero as the observed one; otherwise
    p = (b + 1) / (N + 1) with b of N random orders [1]_. With strata both sides are first centred within them
    (Kendall: only pairs within a stratum count), so that zero is the mean of the permutations. With controls
    the residuals of x are permuted and fitted again [2]_; those of ranks spread most in the same units on both
    sides, so that their statistic is divided by its own standard error, sqrt(sum x^2 y^2) [3]_: without it
    6 % of unrelated pairs have p < 0.05 at n = 24.

    Parameters
    ----------
    xs : array, shape (n, r)
    ys : array, shape (n, m)
        Without NaN; columns that vary.
    method : {"spearman", "pearson", "kendall"}
    permutations : int
    seed : int
    controls : array, shape (n, k), optional
    strata : array of int from 0, shape (n,), optional
    wanted : array of bool, shape (r, m), optional
        Pairs to test; all by default.
    among : Among, optional
        Which of all units the rows are.
    advance : callable, optional
        Told how many orders are done.

    Returns
    -------
    array, shape (r, m)
        NaN where a pair is not wanted.

    References
    ----------
    .. [1] Phipson, B. & Smyth, G. K. (2010). Stat. Applications in Genetics and Molecular Biology 9, 39.
    .. [2] Freedman, D. & Lane, D. (1983). J. Business & Economic Statistics 1, 292-298.
    .. [3] DiCiccio, C. J. & Romano, J. P. (2017). Robust permutation tests for correlation and regression
       coefficients. JASA 112, 1211-1220.
    """
    n = len(xs)
    pairs = np.ones((xs.shape[1], ys.shape[1]), dtype=bool) if wanted is None else wanted
    build = _kendall(xs, ys, strata, pairs) if method == "kendall" else _linear(xs, ys, method, controls, strata, pairs)
    observed = np.abs(build(np.arange(n)[None]))[0]
    least = observed - 1e-9 * np.maximum(observed, 1.0)
    beyond = np.zeros(observed.shape)
    few = is_enumerated(n, strata)
    width = n * (n - 1) // 2 if method == "kendall" else n
    tried = 0
    for order in orders_of(n, permutations, seed, strata, width, few, among):
        beyond += (np.abs(build(order)) >= least).sum(axis=0)
        tried += len(order)
        if advance is not None:
            advance(len(order))
    p = beyond / tried if few else (beyond + 1) / (tried + 1)
    return np.where(pairs, p, np.nan)


def orders_of(
    n: int,
    permutations: int,
    seed: int,
    strata: Places | None,
    width: int,
    few: bool,
    among: Among | None = None,
) -> Iterator[Places]:
    """All orders where they are `few`, else random ones, in chunks."""
    if not few:
        yield from permuted_rows(n, permutations, seed=seed, strata=strata, width=width, among=among)
        return
    whole = every_order(n, strata)
    rows = max(1, CHUNK // width)
    yield from (whole[start : start + rows] for start in range(0, len(whole), rows))


def _linear(
    xs: Floats,
    ys: Floats,
    method: str,
    controls: Floats | None,
    strata: Places | None,
    pairs: npt.NDArray[np.bool_],
) -> Statistic:
    sides = (xs, ys) if method == "pearson" else (midranks(xs), midranks(ys))
    given = with_strata(np.empty((len(xs), 0)) if controls is None else controls, strata)
    basis = basis_of(given, len(xs))
    x, y = (_unit_length(residuals(side, given), side) for side in sides)
    held = controls is not None and controls.shape[1] > 0
    robust = held and method == "spearman"

    def statistic(order: Places) -> Floats:
        found = np.zeros((len(order), *pairs.shape))
        for column, own in enumerate(pairs):
            moved = np.take(x[:, column], order)
            if held:
                moved = moved - (moved @ basis) @ basis.T
            size = moved**2 @ y[:, own] ** 2 if robust else (moved**2).sum(axis=1)[:, None]
            found[:, column, own] = moved @ y[:, own] / np.sqrt(np.maximum(size, 1e-12))
        return found

    return statistic


def _unit_length(left: Floats, whole: Floats) -> Floats:
    """Columns at length 1; 0 where what is left of the whole is but rounding."""
    length = np.sqrt((left**2).sum(axis=0))
    there = length > 1e-9 * np.sqrt((whole**2).sum(axis=0))
    return np.divide(left, length, out=np.zeros_like(left), where=there)


def _kendall(xs: Floats, ys: Floats, strata: Places | None, pairs: npt.NDArray[np.bool_]) -> Statistic:
    first, second = np.triu_indices(len(xs), 1)
    if strata is not None:
        same = strata[first] == strata[second]
        first, second = first[same], second[same]
    y = np.sign(ys[first] - ys[second])

    def statistic(order: Places) -> Floats:
        found = np.zeros((len(order), *pairs.shape))
        for column, own in enumerate(pairs):
            moved = xs[:, column][order]
            found[:, column, own] = np.sign(moved[:, first] - moved[:, second]) @ y[:, own]
        return found

    return statistic


def kendall_exact_p(x: Floats, y: Floats, *, most: int = 50) -> float:
    """Exact p of Kendall's tau from its counted distribution; NaN with ties or more than `most` units.

    Examples
    --------
    >>> kendall_exact_p(np.array([1.0, 2, 3, 4]), np.array([1.0, 2, 3, 4])).round(4)
    np.float64(0.0833)
    """
    from scipy.stats import kendalltau

    tied = len(np.unique(x)) < len(x) or len(np.unique(y)) < len(y)
    return float("nan") if tied or len(x) > most else np.float64(kendalltau(x, y, method="exact").pvalue)


def kendall_normal_p(x: Floats, y: Floats, strata: Places | None = None) -> float:
    """Two-sided p of Kendall's S by the normal approximation with ties, summed over strata.

    References
    ----------
    .. [1] Kendall, M. G. (1970). Rank Correlation Methods, 4th ed., chapter 4.
    """
    from scipy.stats import kendalltau

    groups = _groups(len(x), strata)
    total = variance = 0.0
    for group in np.unique(groups):
        own = groups == group
        a, b = x[own], y[own]
        n = len(a)
        if n < 3:
            continue
        ties = [np.unique(side, return_counts=True)[1].astype(float) for side in (a, b)]
        pairs = [n * (n - 1) / 2 - (t * (t - 1) / 2).sum() for t in ties]
        tau = float(kendalltau(a, b).statistic) if min(pairs) > 0 else 0.0
        total += tau * math.sqrt(pairs[0] * pairs[1])
        whole = n * (n - 1) * (2 * n + 5) - sum((t * (t - 1) * (2 * t + 5)).sum() for t in ties)
        third = math.prod(float((t * (t - 1) * (t - 2)).sum()) for t in ties) / (9 * n * (n - 1) * (n - 2))
        second = math.prod(float((t * (t - 1)).sum()) for t in ties) / (2 * n * (n - 1))
        variance += whole / 18 + third + second
    return math.erfc(abs(total) / math.sqrt(2 * variance)) if variance > 0 else float("nan")
