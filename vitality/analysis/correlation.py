"""Correlations in numpy: estimates, intervals, and permutation tests over many pairs at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

__all__ = [
    "estimate_correlation",
    "fisher_interval",
    "midranks",
    "permutation_p",
    "permuted_rows",
    "residuals",
]

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
Statistic = Callable[[Places], Floats]

#: Numbers held at a time while permuting; results do not depend on it.
CHUNK = 2_000_000


def midranks(values: Floats) -> Floats:
    """Ranks from 1, ties at their mean rank, column by column.

    Examples
    --------
    >>> midranks(np.array([10.0, 30.0, 30.0, 20.0])).tolist()
    [1.0, 3.5, 3.5, 2.0]
    """
    if values.ndim == 2:
        return np.column_stack([midranks(column) for column in values.T])
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[place]


def residuals(values: Floats, controls: Floats) -> Floats:
    """What is left of each column after a least-squares fit on a constant and the controls.

    Parameters
    ----------
    values : array, shape (n, m)
    controls : array, shape (n, k)
        k may be 0: the columns are then only centred.
    """
    basis = _basis(controls, len(values))
    centred = values - values.mean(axis=0)
    return centred - basis @ (basis.T @ centred)


def _basis(controls: Floats, n: int) -> Floats:
    """Orthonormal columns that span the constant and the controls."""
    design = np.column_stack([np.ones(n), controls - controls.mean(axis=0)])
    left, size, _ = np.linalg.svd(design, full_matrices=False)
    return left[:, size > 1e-10 * size.max()]


def estimate_correlation(x: Floats, y: Floats, method: str, controls: Floats | None = None) -> float:
    """Correlation of two variables, partial when there are controls.

    Parameters
    ----------
    x, y : array, shape (n,)
        Without NaN.
    method : {"spearman", "pearson", "kendall"}
        Kendall's is tau-b and takes no controls.
    controls : array, shape (n, k), optional
        As they enter the fit: ranks for ``spearman``.

    Returns
    -------
    float
        -1 to 1; NaN if one side does not vary, or not beyond its controls.

    Examples
    --------
    >>> estimate_correlation(np.array([1.0, 2.0, 3.0]), np.array([1.0, 9.0, 3.0]), "spearman")
    0.5
    """
    if method == "kendall":
        a, b = _signs(x), _signs(y)
        size = np.sqrt(np.count_nonzero(a) * np.count_nonzero(b))
        return float(a @ b / size) if size else float("nan")
    sides = np.column_stack([x, y]) if method == "pearson" else np.column_stack([midranks(x), midranks(y)])
    left = residuals(sides, np.empty((len(x), 0)) if controls is None else controls)
    spread, whole = (left**2).sum(axis=0), ((sides - sides.mean(axis=0)) ** 2).sum(axis=0)
    if ((whole <= 1e-24 * (sides**2).sum(axis=0)) | (spread <= 1e-12 * whole)).any():
        return float("nan")
    return float(np.clip(left[:, 0] @ left[:, 1] / np.sqrt(spread.prod()), -1.0, 1.0))


def _signs(values: Floats) -> Floats:
    first, second = np.triu_indices(len(values), 1)
    return np.sign(values[first] - values[second])


def fisher_interval(
    estimate: float, n: int, method: str, *, level: float = 0.95, n_controls: int = 0
) -> tuple[float, float]:
    """Interval of a correlation on Fisher's z scale.

    The variance of z is 1 / (n - 3) for Pearson, (1 + r^2 / 2) / (n - 3) for Spearman and 0.437 / (n - 4)
    for Kendall [1]_; with controls n is less by their number.

    Returns
    -------
    (float, float)
        NaN for a perfect correlation, which z cannot hold, and where n is too small.

    References
    ----------
    .. [1] Bonett, D. G. & Wright, T. A. (2000). Sample size requirements for estimating Pearson, Kendall and
       Spearman correlations. Psychometrika 65, 23-28.

    Examples
    --------
    >>> low, high = fisher_interval(0.5, 24, "spearman")
    >>> round(low, 2), round(high, 2)
    (0.1, 0.76)
    """
    freedom = n - n_controls - (4 if method == "kendall" else 3)
    if np.isnan(estimate) or abs(estimate) >= 1 or freedom <= 0:
        return float("nan"), float("nan")
    size = {"pearson": 1.0, "spearman": 1 + estimate**2 / 2, "kendall": 0.437}[method]
    reach = NormalDist().inv_cdf((1 + level) / 2) * np.sqrt(size / freedom)
    z = np.arctanh(estimate)
    return float(np.tanh(z - reach)), float(np.tanh(z + reach))


def permuted_rows(
    n: int, permutations: int, *, seed: int, strata: Places | None = None, width: int | None = None
) -> Iterator[Places]:
    """Random orders of n rows, within strata if there are any, in chunks of shape (some, n).

    The orders depend on the seed alone, not on the size of the chunks.
    """
    generator = np.random.default_rng(seed)
    groups = np.zeros(n, dtype=np.intp) if strata is None else strata
    home = np.argsort(groups, kind="stable")
    rows = max(1, CHUNK // max(width or n, 1))
    for start in range(0, permutations, rows):
        keys = generator.random((min(rows, permutations - start), n)) + groups
        order = np.empty(keys.shape, dtype=np.intp)
        order[:, home] = np.argsort(keys, axis=1)
        yield order


def permutation_p(
    xs: Floats,
    ys: Floats,
    *,
    method: str,
    permutations: int,
    seed: int,
    controls: Floats | None = None,
    strata: Places | None = None,
) -> Floats:
    """Two-sided permutation p of every pair of columns.

    The rows of x are permuted, within strata if there are any; p = (b + 1) / (N + 1), b the permutations
    whose statistic is at least as far from zero as the observed one [1]_. With strata both sides are first
    centred within them (Kendall: only pairs within a stratum count), so that zero is the mean of the
    permutations. With controls the residuals of x are permuted and fitted again [2]_.

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

    Returns
    -------
    array, shape (r, m)

    References
    ----------
    .. [1] Phipson, B. & Smyth, G. K. (2010). Stat. Applications in Genetics and Molecular Biology 9, 39.
    .. [2] Freedman, D. & Lane, D. (1983). J. Business & Economic Statistics 1, 292-298.
    """
    n = len(xs)
    statistic = _kendall(xs, ys, strata) if method == "kendall" else _linear(xs, ys, method, controls, strata)
    observed = np.abs(statistic(np.arange(n)[None]))[0]
    least = observed - 1e-9 * np.maximum(observed, 1.0)
    beyond = np.zeros(observed.shape)
    width = n * (n - 1) // 2 if method == "kendall" else n
    for order in permuted_rows(n, permutations, seed=seed, strata=strata, width=width):
        beyond += (np.abs(statistic(order)) >= least).sum(axis=0)
    return (beyond + 1) / (permutations + 1)


def _linear(xs: Floats, ys: Floats, method: str, controls: Floats | None, strata: Places | None) -> Statistic:
    sides = (xs, ys) if method == "pearson" else (midranks(xs), midranks(ys))
    given = np.empty((len(xs), 0)) if controls is None else controls
    basis = _basis(given, len(xs))
    x, y = (residuals(side, given) for side in sides)
    x = x / np.sqrt((x**2).sum(axis=0))
    y = y / np.sqrt((y**2).sum(axis=0))
    if strata is not None:
        y = residuals(y, np.eye(strata.max() + 1)[strata])

    def statistic(order: Places) -> Floats:
        found = np.empty((len(order), x.shape[1], y.shape[1]))
        for column in range(x.shape[1]):
            moved = x[:, column][order]
            found[:, column] = moved @ y
            if given.shape[1]:
                left = 1 - ((moved @ basis) ** 2).sum(axis=1)
                found[:, column] /= np.sqrt(np.maximum(left, 1e-12))[:, None]
        return found

    return statistic


def _kendall(xs: Floats, ys: Floats, strata: Places | None) -> Statistic:
    first, second = np.triu_indices(len(xs), 1)
    if strata is not None:
        same = strata[first] == strata[second]
        first, second = first[same], second[same]
    y = np.sign(ys[first] - ys[second])

    def statistic(order: Places) -> Floats:
        found = np.empty((len(order), xs.shape[1], y.shape[1]))
        for column in range(xs.shape[1]):
            moved = xs[:, column][order]
            found[:, column] = np.sign(moved[:, first] - moved[:, second]) @ y
        return found

    return statistic
