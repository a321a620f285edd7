"""Correlations in numpy: estimates and intervals on Fisher's scale."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import numpy.typing as npt

__all__ = [
    "basis_of",
    "estimate_correlation",
    "fisher_interval",
    "midranks",
    "pairs_lost",
    "residuals",
    "with_strata",
]

Floats = npt.NDArray[np.float64]

#: Units above which Kendall's pairs are counted by sorting.
MANY = 300


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
    basis = basis_of(controls, len(values))
    centred = values - values.mean(axis=0)
    return centred - basis @ (basis.T @ centred)


def basis_of(controls: Floats, n: int) -> Floats:
    """Orthonormal columns that span the constant and the controls."""
    centred = controls - controls.mean(axis=0)
    length = np.sqrt((centred**2).sum(axis=0))
    varying = length > 1e-12 * np.sqrt((controls**2).sum(axis=0))
    design = np.column_stack([np.full(n, n**-0.5), centred[:, varying] / length[varying]])
    left, size, _ = np.linalg.svd(design, full_matrices=False)
    return left[:, size > 1e-10 * size.max()]


def with_strata(controls: Floats, strata: npt.NDArray[np.intp] | None) -> Floats:
    """Controls and an indicator for every stratum: what is left of a side then is within the strata."""
    return controls if strata is None else np.column_stack([controls, np.eye(int(strata.max()) + 1)[strata]])


def estimate_correlation(
    x: Floats,
    y: Floats,
    method: str,
    controls: Floats | None = None,
    strata: npt.NDArray[np.intp] | None = None,
) -> float:
    """Correlation of two variables, partial when there are controls, within strata when there are any.

    Parameters
    ----------
    x, y : array, shape (n,)
        Without NaN.
    method : {"spearman", "pearson", "kendall"}
        Kendall's is tau-b and takes no controls.
    controls : array, shape (n, k), optional
        As they enter the fit: ranks for ``spearman``.
    strata : array of int from 0, shape (n,), optional
        Both sides are taken as deviations from their stratum (ranks over all units); Kendall's tau counts only
        pairs of units in the same stratum.

    Returns
    -------
    float
        -1 to 1; NaN if one side does not vary, or not beyond its controls and within its strata.

    Examples
    --------
    >>> round(estimate_correlation(np.array([1.0, 2.0, 3.0]), np.array([1.0, 9.0, 3.0]), "spearman"), 9)
    0.5
    """
    if method == "kendall":
        groups = np.zeros(len(x), dtype=np.intp) if strata is None else strata
        parts = np.array([_kendall_parts(x[groups == own], y[groups == own]) for own in np.unique(groups)])
        score, pairs_x, pairs_y = parts.sum(axis=0)
        return float(score / np.sqrt(pairs_x * pairs_y)) if pairs_x * pairs_y > 0 else float("nan")
    sides = np.column_stack([x, y]) if method == "pearson" else np.column_stack([midranks(x), midranks(y)])
    left = residuals(sides, with_strata(np.empty((len(x), 0)) if controls is None else controls, strata))
    spread, whole = (left**2).sum(axis=0), ((sides - sides.mean(axis=0)) ** 2).sum(axis=0)
    if ((whole <= 1e-24 * (sides**2).sum(axis=0)) | (spread <= 1e-12 * whole)).any():
        return float("nan")
    return float(np.clip(left[:, 0] @ left[:, 1] / np.sqrt(spread.prod()), -1.0, 1.0))


def _kendall_parts(x: Floats, y: Floats) -> tuple[float, float, float]:
    """Concordant less discordant pairs, and the pairs that are not tied in x and in y."""
    if len(x) <= MANY:
        a, b = _signs(x), _signs(y)
        return float(a @ b), float(np.count_nonzero(a)), float(np.count_nonzero(b))
    from scipy.stats import kendalltau

    pairs_x, pairs_y = _untied(x), _untied(y)
    tau = float(kendalltau(x, y).statistic) if min(pairs_x, pairs_y) > 0 else 0.0
    return tau * float(np.sqrt(pairs_x * pairs_y)), pairs_x, pairs_y


def _untied(values: Floats) -> float:
    """Pairs of units that differ."""
    _, ties = np.unique(values, return_counts=True)
    return float(len(values) * (len(values) - 1) / 2 - (ties * (ties - 1) / 2).sum())


def _signs(values: Floats) -> Floats:
    first, second = np.triu_indices(len(values), 1)
    return np.sign(values[first] - values[second])


def pairs_lost(sizes: npt.NDArray[np.intp]) -> float:
    """Units' worth of evidence on Kendall's tau that is lost when only pairs within strata count.

    Without association the variance of tau over strata is the sum of those of the scores, n (n - 1) (2n + 5) / 18,
    over the squared number of pairs; n less the result is the size of one group with that variance on z's scale.

    Examples
    --------
    >>> pairs_lost(np.array([24])), round(pairs_lost(np.array([12, 12])), 2)
    (0.0, 2.52)
    """
    n = int(sizes.sum())

    def variance(group: npt.NDArray[np.intp]) -> float:
        return float((group * (group - 1) * (2 * group + 5) / 18).sum() / ((group * (group - 1) / 2).sum()) ** 2)

    return (n - 4) * (1 - variance(np.array([n])) / variance(sizes))


def fisher_interval(
    estimate: float, n: int, method: str, *, level: float = 0.95, n_controls: float = 0
) -> tuple[float, float]:
    """Interval of a correlation on Fisher's z scale.

    The variance of z is 1 / (n - 3) for Pearson, (1 + r^2 / 2) / (n - 3) for Spearman and 0.437 / (n - 4)
    for Kendall [1]_; with controls n is less by their number, with strata by their
    number less one, for Kendall by `pairs_lost`.

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
