"""How much n units can show."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from vitality.weights.options import choose

__all__ = ["correlation_power", "smallest_seen"]

_NORMAL = NormalDist()
#: Method -> variance of Fisher's z times (n - the second number), near no correlation.
_VARIANCE = {"pearson": (1.0, 3), "spearman": (1.06, 3), "kendall": (0.437, 4)}


def correlation_power(rho: float, n: int, *, method: str = "spearman", level: float = 0.95) -> float:
    """Chance that a two-sided test at 1 - `level` sees a true correlation.

    Fisher's z with the variances of Fieller, Hartley and Pearson [1]_.

    Parameters
    ----------
    rho : float
        True correlation, between -1 and 1.
    n : int
        Units.

    Returns
    -------
    float
        0 to 1; NaN below 5 units.

    References
    ----------
    .. [1] Fieller, E. C., Hartley, H. O. & Pearson, E. S. (1957). Tests for rank correlation coefficients I.
       Biometrika 44, 470-481.

    Examples
    --------
    >>> round(correlation_power(0.6, 24), 2), round(correlation_power(0.0, 24), 2)
    (0.87, 0.05)
    """
    if n < 5:
        return float("nan")
    shift = float(np.arctanh(min(abs(rho), 1 - 1e-12))) / _error(n, method)
    reach = _NORMAL.inv_cdf((1 + level) / 2)
    return _NORMAL.cdf(shift - reach) + _NORMAL.cdf(-shift - reach)


def smallest_seen(
    n: int, *, method: str = "spearman", power: float = 0.8, level: float = 0.95, n_controls: float = 0
) -> float:
    """Smallest true correlation that n units show with the power asked for.

    Parameters
    ----------
    n : int
        Units.
    power : float
        Chance to see it, 0 to 1.
    level : float
        The test is at 1 - `level`; for the first of m tests by Holm that is 1 - (1 - level) / m.
    n_controls : float
        Units' worth of evidence that controls and strata cost.

    Returns
    -------
    float
        0 to 1; NaN below 5 units.

    Examples
    --------
    >>> round(smallest_seen(24), 2), round(smallest_seen(24, level=1 - 0.05 / 3), 2)
    (0.56, 0.62)
    """
    if n - n_controls < 5:
        return float("nan")
    reach = _NORMAL.inv_cdf((1 + level) / 2) + _NORMAL.inv_cdf(power)
    return float(np.tanh(reach * _error(n - n_controls, method)))


def _error(n: float, method: str) -> float:
    size, lost = _VARIANCE[choose("method", method, _VARIANCE)]
    return float(np.sqrt(size / (n - lost)))
