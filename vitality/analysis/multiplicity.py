"""p values of many tests, adjusted."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vitality.weights.options import choose

__all__ = ["ADJUSTMENTS", "adjust_p"]

ADJUSTMENTS = ("holm", "benjamini_hochberg", "none")


def adjust_p(p: npt.ArrayLike, *, method: str = "holm") -> npt.NDArray[np.float64]:
    """Adjust the p values of one family of tests.

    Parameters
    ----------
    p : array-like, shape (n_tests,)
        0 to 1; NaN is no test and stays NaN.
    method : {"holm", "benjamini_hochberg", "none"}
        ``holm`` bounds the chance of one false finding in the family [1]_, ``benjamini_hochberg`` the
        expected share of false ones among the findings [2]_.

    Returns
    -------
    array, shape (n_tests,)

    Raises
    ------
    MethodError
        If the method is not among its choices.

    References
    ----------
    .. [1] Holm, S. (1979). Scandinavian J. Statistics 6, 65-70.
    .. [2] Benjamini, Y. & Hochberg, Y. (1995). J. Royal Statistical Society B 57, 289-300.

    Examples
    --------
    >>> adjust_p([0.01, 0.03, 0.04]).round(4).tolist()
    [0.03, 0.06, 0.06]
    """
    choose("adjust", method, ADJUSTMENTS)
    values = np.asarray(p, dtype=float)
    adjusted = np.full(values.shape, np.nan)
    tests = np.flatnonzero(~np.isnan(values))
    m = len(tests)
    if method == "none" or m == 0:
        return values.copy()
    order = tests[np.argsort(values[tests], kind="stable")]
    rising = values[order]
    if method == "holm":
        steps = np.maximum.accumulate((m - np.arange(m)) * rising)
    else:
        steps = np.minimum.accumulate((m / np.arange(1, m + 1) * rising)[::-1])[::-1]
    adjusted[order] = np.minimum(steps, 1.0)
    return adjusted
