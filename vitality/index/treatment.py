"""Outliers: the most extreme values of a badly skewed indicator are moved to the next ones, on record."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.errors import MethodError

__all__ = ["Treatment", "kurtosis_of", "skewness_of", "treat"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Treatment:
    """A treated matrix with the record of what was done.

    Attributes
    ----------
    matrix : DataFrame, shape (n_units, n_indicators)
        Natural units.
    changes : DataFrame, one row a changed cell
        The levels of the matrix's index, ``indicator``, ``old``, ``new``.
    indicators : DataFrame, one row an indicator that was beyond the thresholds
        Index ``indicator``; ``skewness``, ``kurtosis`` before, ``moved`` (cells, 0 when nothing helped),
        ``skewness_after``, ``kurtosis_after``, ``passed``.
    """

    matrix: pd.DataFrame
    changes: pd.DataFrame
    indicators: pd.DataFrame


def treat(matrix: pd.DataFrame, *, skewness: float = 2.0, kurtosis: float = 3.5, maximum: int = 5) -> Treatment:
    """Winsorise the indicators whose distribution is beyond both thresholds.

    An indicator is beyond when ``abs(skewness)`` and the excess kurtosis both reach their thresholds. Its
    highest value (its lowest where the skewness is negative) is then moved to the next one, then the two
    highest to the third, and so on, until it is within one of the thresholds [1]_. An indicator for which
    `maximum` values are not enough is left as it was and listed.

    Parameters
    ----------
    matrix : DataFrame, shape (n_units, n_indicators)
        Natural units; NaN stays NaN.
    skewness, kurtosis : float
        Thresholds, above 0; both moments with the small-sample adjustment of Joanes and Gill (type 2).
    maximum : int
        Most values of an indicator that may be moved, 1 or more.

    Raises
    ------
    MethodError
        If a threshold is not positive or `maximum` is below 1.

    References
    ----------
    .. [1] OECD and JRC (2008). Handbook on Constructing Composite Indicators; Becker, W. et al. (2022).
       COINr: an R package for developing composite indicators. J. Open Source Software 7(78), 4567.

    Examples
    --------
    >>> found = treat(pd.DataFrame({"D21": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 90.0]}))
    >>> found.changes[["indicator", "old", "new"]].values.tolist()
    [['D21', 90.0, 6.0]]
    """
    if not (skewness > 0 and kurtosis > 0 and maximum >= 1):
        raise MethodError(
            f"treat: skewness={skewness!r}, kurtosis={kurtosis!r}, maximum={maximum!r}; expected "
            "thresholds above 0 and at least one value that may be moved."
        )
    treated = matrix.astype(float)
    records, rows = [], []
    for place, code in enumerate(matrix.columns):
        old = matrix.iloc[:, place].to_numpy(dtype=float)
        if not _beyond(old, skewness, kurtosis):
            continue
        new = _winsorised(old, skewness, kurtosis, maximum)
        after = old if new is None else new
        moved = np.flatnonzero((old != after) & ~np.isnan(old)).tolist()
        records.append(
            (
                code,
                skewness_of(old),
                kurtosis_of(old),
                len(moved),
                skewness_of(after),
                kurtosis_of(after),
                new is not None,
            )
        )
        rows += [(*_levels(matrix.index[row]), code, old[row], after[row]) for row in moved]
        treated[code] = after
    names = [name or f"level_{number}" for number, name in enumerate(matrix.index.names)]
    columns = ["indicator", "skewness", "kurtosis", "moved", "skewness_after", "kurtosis_after", "passed"]
    return Treatment(
        treated,
        pd.DataFrame(rows, columns=[*names, "indicator", "old", "new"]),
        pd.DataFrame(records, columns=columns).set_index("indicator"),
    )


def _levels(key: object) -> tuple[object, ...]:
    return key if isinstance(key, tuple) else (key,)


def _beyond(values: Floats, skewness: float, kurtosis: float) -> bool:
    return abs(skewness_of(values)) >= skewness and kurtosis_of(values) >= kurtosis


def _winsorised(values: Floats, skewness: float, kurtosis: float, maximum: int) -> Floats | None:
    sign = 1.0 if skewness_of(values) > 0 else -1.0
    order = np.argsort(-sign * values, kind="stable")[: np.count_nonzero(~np.isnan(values))]
    for moved in range(1, min(maximum, len(order) - 1) + 1):
        trial = values.copy()
        trial[order[:moved]] = values[order[moved]]
        if not _beyond(trial, skewness, kurtosis):
            return trial
    return None


def skewness_of(values: Floats) -> float:
    """Sample skewness, adjusted for small samples (G1); NaN below 3 values or without spread.

    Examples
    --------
    >>> round(skewness_of(np.array([1.0, 2.0, 6.0])), 6)
    1.457863
    """
    seen = values[~np.isnan(values)]
    n = len(seen)
    if n < 3 or seen.min() == seen.max():
        return float("nan")
    centred = seen - seen.mean()
    g1 = np.mean(centred**3) / np.mean(centred**2) ** 1.5
    return float(g1 * np.sqrt(n * (n - 1)) / (n - 2))


def kurtosis_of(values: Floats) -> float:
    """Excess kurtosis, adjusted for small samples (G2); NaN below 4 values or without spread.

    Examples
    --------
    >>> round(kurtosis_of(np.array([1.0, 2.0, 3.0, 4.0])), 6)
    -1.2
    """
    seen = values[~np.isnan(values)]
    n = len(seen)
    if n < 4 or seen.min() == seen.max():
        return float("nan")
    centred = seen - seen.mean()
    g2 = np.mean(centred**4) / np.mean(centred**2) ** 2 - 3
    return float(((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3)))
