"""Bootstrap intervals of many correlations at once: bias-corrected and accelerated, within strata.

A resample is a row of counts, how often each unit was drawn. Ranks within a resample follow from running sums
of counts in the order of the values, so that nothing is sorted again.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from vitality.analysis.correlation import Floats, with_strata

__all__ = ["bootstrap_intervals", "resample_counts", "weighted_correlations"]

Places = npt.NDArray[np.intp]
Advance = Callable[[int], object]

#: Numbers held at a time; results do not depend on it.
CHUNK = 6_000_000
#: Units above which Kendall's tau is not bootstrapped, and groups of the jackknife at most.
KENDALL_LARGEST = 300
JACKKNIFE_GROUPS = 500
#: Share of the bootstrap's variance of Kendall's tau that is kept at least.
SHORTEST = 0.25
#: Share of the resamples in which a correlation must exist.
ENOUGH = 0.9


def resample_counts(n: int, draws: int, *, seed: int, strata: Places | None = None) -> npt.NDArray[np.int16]:
    """How often each of n units is drawn, shape (draws, n); every stratum keeps its size."""
    generator = np.random.default_rng(seed)
    counts = np.empty((draws, n), dtype=np.int16)
    groups = np.zeros(n, dtype=np.intp) if strata is None else strata
    for group in np.unique(groups):
        own = np.flatnonzero(groups == group)
        rows = max(1, CHUNK // len(own))  # several times as fast as drawing from a multinomial distribution
        for start in range(0, draws, rows):
            some = min(rows, draws - start)
            drawn = generator.integers(len(own), size=(some, len(own))) + len(own) * np.arange(some)[:, None]
            times = np.bincount(drawn.ravel(), minlength=some * len(own)).reshape(some, len(own))
            counts[start : start + some, own] = times
    return counts


def bootstrap_intervals(
    xs: Floats,
    ys: Floats,
    *,
    method: str,
    draws: int,
    seed: int,
    level: float = 0.95,
    controls: Floats | None = None,
    strata: Places | None = None,
    wanted: npt.NDArray[np.bool_] | None = None,
    advance: Advance | None = None,
) -> tuple[Floats, Floats]:
    """Bias-corrected and accelerated intervals [1]_ of the correlation of pairs of columns.

    Units are drawn with replacement, within strata if there are any, and the correlation is then that within
    strata; ranks and the fit on the controls are made anew in every resample. The tails are those of a t
    distribution with n less the strata as degrees of freedom, widened by the root of n over these, because a
    bootstrap of few units is too narrow [2]_; not for Spearman, whose ranks resampling ties. Kendall's tau is a
    mean over pairs of units, whose bootstrap is too wide by the noise that single pairs bring into the mean of
    each unit [3]_; its tails are shortened by as much. (Simulated coverage in docs/calibration.md.)

    Parameters
    ----------
    xs : array, shape (n, r)
    ys : array, shape (n, m)
        Without NaN.
    method : {"spearman", "pearson", "kendall"}
    draws : int
    controls : array, shape (n, k), optional
    strata : array of int from 0, shape (n,), optional
    wanted : array of bool, shape (r, m), optional
    advance : callable, optional
        Told how many resamples are done.

    Returns
    -------
    (low, high) : arrays, shape (r, m)
        NaN for a pair that is not wanted or is perfect, or whose correlation does not exist in more than a
        tenth of the resamples; for Kendall with more than 300 units.

    References
    ----------
    .. [1] Efron, B. (1987). Better bootstrap confidence intervals. JASA 82, 171-185.
    .. [2] Hesterberg, T. (2015). What teachers should know about the bootstrap. American Statistician 69, 371-386.
    .. [3] Efron, B. & Stein, C. (1981). The jackknife estimate of variance. Annals of Statistics 9, 586-596.
    """
    n, shape = len(xs), (xs.shape[1], ys.shape[1])
    pairs = np.ones(shape, dtype=bool) if wanted is None else wanted
    low, high = np.full(shape, np.nan), np.full(shape, np.nan)
    if method == "kendall" and n > KENDALL_LARGEST:
        return low, high
    counts = resample_counts(n, draws, seed=seed, strata=strata)
    held = np.empty((n, 0)) if controls is None else controls

    def statistics(rows: npt.NDArray[np.int16]) -> Floats:
        return weighted_correlations(xs, ys, rows, method=method, controls=held, strata=strata, wanted=pairs)

    columns = n if method == "kendall" else n * (xs.shape[1] + ys.shape[1] + held.shape[1])
    rows = max(1, CHUNK // columns)
    found = []
    for start in range(0, draws, rows):
        found.append(statistics(counts[start : start + rows]))
        if advance is not None:
            advance(len(found[-1]))
    drawn = np.sort(np.concatenate(found), axis=0)  # NaN last
    observed = statistics(np.ones((1, n), dtype=np.int16))[0]
    acceleration, reach = (
        _acceleration(statistics, n, strata, rows),
        _reach(n, method, level, 1 if strata is None else len(np.unique(strata))),
    )
    for i, j in np.argwhere(pairs):
        short = _shortened(xs[:, i], ys[:, j], strata) if method == "kendall" else 1.0
        low[i, j], high[i, j] = _ends(drawn[:, i, j], observed[i, j], acceleration[i, j], short * reach)
    return low, high


def _shortened(x: Floats, y: Floats, strata: Places | None) -> float:
    """True standard error of tau over that of its bootstrap, from the parts of its variance.

    tau is a sum of a_ij over pairs of units. Drawing units again, with weights 1 + e, its variance is that of
    2 sum e_i a_i., plus that of sum e_i e_j a_ij. The first holds, beside the part of the units, four times the
    noise b_ij of the pairs that is left when rows and columns are centred; in truth only the second does.
    """
    together = np.ones((len(x), len(x))) if strata is None else (strata[:, None] == strata[None]).astype(float)
    a = np.sign(x[:, None] - x[None]) * together
    b = np.sign(y[:, None] - y[None]) * together
    size = np.sqrt((a**2).sum() * (b**2).sum())
    if size == 0:
        return 1.0
    tau = (a * b).sum() / size
    # tau-b as a ratio: its influence takes off half of tau for each side's untied pairs
    parts = (
        a * b - tau * (a**2 * np.sqrt((b**2).sum() / (a**2).sum()) + b**2 * np.sqrt((a**2).sum() / (b**2).sum())) / 2
    ) / size
    own = together.copy()
    np.fill_diagonal(own, 0.0)
    partners = np.maximum(own.sum(axis=1, keepdims=True), 1.0)
    means = parts.sum(axis=1, keepdims=True) / partners
    noise = ((parts - means - means.T) ** 2 * own).sum()
    whole = 4 * (parts.sum(axis=1) ** 2).sum() + 2 * noise
    return float(np.sqrt(max(1 - 4 * noise / whole, SHORTEST))) if whole > 0 else 1.0


def _reach(n: int, method: str, level: float, means: int) -> float:
    """Tails in standard errors; as many means as there are strata are taken off the units."""
    from scipy.special import ndtri, stdtrit

    if method != "spearman" and n > means:
        return float(np.sqrt(n / (n - means)) * stdtrit(n - means, (1 + level) / 2))
    return float(ndtri((1 + level) / 2))


def _ends(drawn: Floats, observed: float, acceleration: float, reach: float) -> tuple[float, float]:
    from scipy.special import ndtr, ndtri

    there = drawn[~np.isnan(drawn)]
    if len(there) < ENOUGH * len(drawn) or not abs(observed) < 1 - 1e-12:
        return float("nan"), float("nan")
    below = np.count_nonzero(there < observed - 1e-12) + 0.5 * np.count_nonzero(np.abs(there - observed) <= 1e-12)
    centre = ndtri(np.clip(below / len(there), 0.5 / len(there), 1 - 0.5 / len(there)))
    shifted = centre + np.array([-reach, reach])
    shares = ndtr(centre + shifted / (1 - acceleration * shifted))
    low, high = np.quantile(there, np.clip(shares, 0, 1))
    return float(low), float(high)


def _acceleration(
    statistics: Callable[[npt.NDArray[np.int16]], Floats], n: int, strata: Places | None, rows: int
) -> Floats:
    """Acceleration from a jackknife over units, or over groups of units where there are very many."""
    groups = np.zeros(n, dtype=np.intp) if strata is None else strata
    order = np.argsort(groups, kind="stable")
    block = np.empty(n, dtype=np.intp)
    block[order] = np.arange(n) * min(n, JACKKNIFE_GROUPS) // n
    n_blocks = int(block.max()) + 1
    home = np.zeros(n_blocks, dtype=np.intp)
    home[block] = groups
    parts = [
        statistics((block[None] != np.arange(start, min(start + rows, n_blocks))[:, None]).astype(np.int16))
        for start in range(0, n_blocks, rows)
    ]
    left = np.concatenate(parts)
    pull = np.empty_like(left)
    for group in np.unique(home):
        own = home == group
        known = np.maximum((~np.isnan(left[own])).sum(axis=0), 1)
        pull[own] = np.nansum(left[own], axis=0) / known - left[own]
        pull[own] *= (own.sum() - 1) / own.sum()
    pull = np.nan_to_num(pull)
    size = (pull**2).sum(axis=0) ** 1.5
    return np.divide((pull**3).sum(axis=0), 6 * size, out=np.zeros_like(size), where=size > 0)


def weighted_correlations(
    xs: Floats,
    ys: Floats,
    counts: npt.NDArray[np.int16],
    *,
    method: str,
    controls: Floats,
    strata: Places | None = None,
    wanted: npt.NDArray[np.bool_] | None = None,
) -> Floats:
    """Correlations when each unit stands as often as `counts` says.

    Parameters
    ----------
    xs : array, shape (n, r)
    ys : array, shape (n, m)
    counts : array of int, shape (b, n)
        One row a resample.
    controls : array, shape (n, k)
        k may be 0.
    strata : array of int from 0, shape (n,), optional
        Within which the correlation is taken.

    Returns
    -------
    array, shape (b, r, m)
        NaN where a side does not vary, or not beyond the controls and within the strata.
    """
    weights = counts.astype(float)
    if method == "kendall":
        pairs = np.ones((xs.shape[1], ys.shape[1]), dtype=bool) if wanted is None else wanted
        return _kendall(xs, ys, weights, pairs, strata)
    controls = with_strata(controls, strata)
    if method == "pearson":
        total = weights.sum(axis=1)[:, None, None]
        sides = ((side - side.mean(axis=0))[None] for side in (xs, ys, controls))
        x, y, held = (side - (weights[:, None] @ side) / total for side in sides)
    else:
        x, y, held = (_ranks(side, weights) for side in (xs, ys, controls))
    across = _products(x, weights, y)
    spread_x, spread_y = (np.einsum("bn,bnq,bnq->bq", weights, side, side) for side in (x, y))
    whole_x, whole_y = spread_x, spread_y
    if controls.shape[1]:
        inverse = np.linalg.pinv(_products(held, weights, held), hermitian=True)
        with_x, with_y = _products(held, weights, x), _products(held, weights, y)
        fitted = inverse @ with_x
        across = across - np.swapaxes(fitted, 1, 2) @ with_y
        spread_x = spread_x - (with_x * fitted).sum(axis=1)
        spread_y = spread_y - (with_y * (inverse @ with_y)).sum(axis=1)
    flat_x, flat_y = spread_x <= 1e-10 * whole_x, spread_y <= 1e-10 * whole_y
    with np.errstate(invalid="ignore", divide="ignore"):
        found = across / np.sqrt(spread_x[:, :, None] * spread_y[:, None, :])
    found[flat_x[:, :, None] | flat_y[:, None, :]] = np.nan
    return np.clip(found, -1.0, 1.0)


def _products(left: Floats, weights: Floats, right: Floats) -> Floats:
    return np.swapaxes(weights[..., None] * left, 1, 2) @ right


def _ranks(values: Floats, weights: Floats) -> Floats:
    """Midranks within each resample less their mean, shape (b, n, q)."""
    ranks = np.empty((*weights.shape, values.shape[1]))
    # units as rows keep every pass over memory in step; single precision holds sums of counts exactly
    counts = np.ascontiguousarray(weights.T, dtype=np.float32)
    total = counts.sum(axis=0)
    for column in range(values.shape[1]):
        order = np.argsort(values[:, column], kind="stable")
        _, group, sizes = np.unique(values[:, column], return_inverse=True, return_counts=True)
        upper = np.cumsum(counts[order], axis=0)[np.cumsum(sizes) - 1]
        middle = upper - total
        middle[1:] += upper[:-1]
        middle *= 0.5
        ranks[:, :, column] = middle[group].T
    return ranks


def _kendall(xs: Floats, ys: Floats, weights: Floats, wanted: npt.NDArray[np.bool_], strata: Places | None) -> Floats:
    """tau-b as quadratic forms in the counts: pairs of units count as often as both were drawn."""
    together = 1.0 if strata is None else (strata[:, None] == strata[None]).astype(float)

    def signs(side: Floats) -> list[Floats]:
        return [np.sign(column[:, None] - column[None]) * together for column in side.T]

    def form(matrix: Floats) -> Floats:
        return ((weights @ matrix) * weights).sum(axis=1)

    left, right = signs(xs), signs(ys)
    spread_x, spread_y = [form(np.abs(a)) for a in left], [form(np.abs(b)) for b in right]
    found = np.full((len(weights), *wanted.shape), np.nan)
    for i, j in np.argwhere(wanted):
        size = np.sqrt(spread_x[i] * spread_y[j])
        found[:, i, j] = np.divide(form(left[i] * right[j]), size, out=np.full_like(size, np.nan), where=size > 0)
    return found
