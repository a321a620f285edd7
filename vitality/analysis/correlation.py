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
    "residuals",
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
    >>> round(estimate_correlation(np.array([1.0, 2.0, 3.0]), np.array([1.0, 9.0, 3.0]), "spearman"), 9)
    0.5
    """
    if method == "kendall" and len(x) > MANY:
        from scipy.stats import kendalltau

        return float(kendalltau(x, y).statistic)
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
