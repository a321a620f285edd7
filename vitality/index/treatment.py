"""Outliers: a badly skewed indicator has its extreme values moved in, or is put on a logarithm, on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.errors import TableError, did_you_mean, meant_zh
from vitality.index.inputs import require_number, require_numbers
from vitality.index.messages import unfit_thresholds
from vitality.index.method import CHOICES
from vitality.weights.options import choose

__all__ = ["Treatment", "kurtosis_of", "skewness_of", "treat", "untreated"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Treatment:
    """A treated matrix with the record of what was done.

    Attributes
    ----------
    matrix : DataFrame, shape (n_units, n_indicators)
        Natural units; for an indicator with logarithms, those of its distance from the end.
    changes : DataFrame, one row a changed cell
        The levels of the matrix's index, ``indicator``, ``old``, ``new``, ``by`` (winsorise or log).
    indicators : DataFrame, one row an indicator that was beyond the thresholds
        Index ``indicator``; ``skewness``, ``kurtosis`` before, ``by`` (winsorise, log or none, when nothing
        helped), ``moved`` (cells that winsorising moved), ``skewness_after``, ``kurtosis_after``, ``passed``.
    """

    matrix: pd.DataFrame
    changes: pd.DataFrame
    indicators: pd.DataFrame


def treat(
    matrix: pd.DataFrame,
    *,
    skewness: float = 2.0,
    kurtosis: float = 3.5,
    maximum: int = 5,
    method: str = "winsorise_log",
    method_of: Mapping[str, str] | None = None,
) -> Treatment:
    """Treat the indicators whose distribution is beyond both thresholds.

    An indicator is beyond when ``abs(skewness)`` and the excess kurtosis both reach their thresholds. It is
    winsorised [1]_: its highest value (its lowest where the skewness is negative) is moved to the next one,
    then both to the one after, and so on, until it is within one of the thresholds or `maximum` values have
    been moved; values that are equal move together. If it still is beyond, the original values are put on a
    logarithm instead, ``log(x - min + 0.01 (max - min))``, mirrored where the skewness is negative.

    Parameters
    ----------
    matrix : DataFrame, shape (n_units, n_indicators)
        Natural units; NaN stays NaN.
    skewness, kurtosis : float
        Thresholds, above 0; both moments with the small-sample adjustment of Joanes and Gill (type 2).
    maximum : int
        Values of an indicator after which no further one is moved, 1 or more.
    method : {"winsorise_log", "winsorise", "log", "none"}
        With ``winsorise`` alone an indicator that stays beyond is left as it was and listed.
    method_of : mapping, optional
        Indicator -> its own method.

    Raises
    ------
    MethodError
        If a threshold is not positive, `maximum` is below 1 or a method is unknown.
    TableError
        If `method_of` names a column that is not there.

    Notes
    -----
    Thresholds, the order of the steps and the logarithm are those of COINr (``Treat`` with ``winsorise`` and
    ``log_CT``); COINr does not mirror a negatively skewed indicator, which the logarithm skews even more.

    References
    ----------
    .. [1] OECD and JRC (2008). Handbook on Constructing Composite Indicators; Becker, W. et al. (2022).
       COINr: an R package for developing composite indicators. J. Open Source Software 7(78), 4567.

    Examples
    --------
    >>> found = treat(pd.DataFrame({"D21": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 90.0]}))
    >>> found.changes[["indicator", "old", "new", "by"]].values.tolist()
    [['D21', 90.0, 6.0, 'winsorise']]
    """
    for name, value in (("skewness", skewness), ("kurtosis", kurtosis), ("maximum", maximum)):
        require_number(name, value)
    if not (skewness > 0 and kurtosis > 0 and maximum >= 1):
        raise unfit_thresholds(skewness, kurtosis, maximum, where="treat")
    require_numbers(matrix)
    methods = _methods(list(matrix.columns), method, method_of or {})
    old = matrix.to_numpy(dtype=float, na_value=np.nan, copy=True)
    new = old.copy()
    beyond = np.flatnonzero(_beyond(old, skewness, kurtosis))
    done = dict.fromkeys(beyond.tolist(), "none")
    wins = [place for place in done if "winsorise" in methods[place]]
    trial = _winsorised(old[:, wins], skewness, kurtosis, maximum)
    within = ~_beyond(trial, skewness, kurtosis)
    for column, place in enumerate(wins):
        if within[column]:
            new[:, place], done[place] = trial[:, column], "winsorise"
    for place in done:
        if done[place] == "none" and "log" in methods[place]:
            new[:, place], done[place] = _logarithm(old[:, place]), "log"
    treated = pd.DataFrame(new, index=matrix.index, columns=matrix.columns)
    return Treatment(
        treated,
        _changes(matrix.index, matrix.columns, old, new, done),
        _record(matrix, old, new, done, (skewness, kurtosis)),
    )


def untreated(matrix: pd.DataFrame) -> Treatment:
    """Give a matrix as it is, with empty records."""
    return Treatment(matrix, _NO_CHANGES.copy(), _NO_INDICATORS.copy())


def _methods(columns: list[str], method: str, method_of: Mapping[str, str]) -> list[str]:
    choose("method", method, CHOICES["treatment"])
    for code, own in method_of.items():
        choose(f"method_of[{code!r}]", own, CHOICES["treatment"])
        if code not in columns:
            raise TableError(
                f"method_of: no column {code!r}.{did_you_mean(str(code), map(str, columns))}",
                zh=f"method_of：没有列 {code!r}。{meant_zh(str(code), map(str, columns))}",
            )
    return [method_of.get(code, method) for code in columns]


def _beyond(values: Floats, skewness: float, kurtosis: float) -> Flags:
    skew, kurt = _moments(values)
    return (abs(skew) >= skewness) & (kurt >= kurtosis)


def _winsorised(values: Floats, skewness: float, kurtosis: float, maximum: int) -> Floats:
    """Move extremes in, all columns in step, until each is within or `maximum` of its values were touched."""
    moved = values.copy()
    touched = np.zeros((2, values.shape[1]), dtype=int)  # low, high
    active = np.arange(values.shape[1])
    while len(active):
        part = moved[:, active]
        high = (_moments(part)[0] >= 0).astype(int)
        sign = 2.0 * high - 1
        ordered = np.where(np.isnan(part), -np.inf, sign * part)
        extreme = ordered == ordered.max(axis=0)
        following = np.where(extreme, -np.inf, ordered).max(axis=0)
        part = np.where(extreme & np.isfinite(following), sign * following, part)
        moved[:, active] = part
        touched[high, active] = extreme.sum(axis=0)
        active = active[_beyond(part, skewness, kurtosis) & (touched.sum(axis=0)[active] < maximum)]
    return moved


def _logarithm(values: Floats) -> Floats:
    low, high = np.nanmin(values), np.nanmax(values)
    shift = 0.01 * (high - low)
    return np.log(values - low + shift) if skewness_of(values) >= 0 else -np.log(high - values + shift)


def _changes(index: pd.Index, columns: pd.Index, old: Floats, new: Floats, done: Mapping[int, str]) -> pd.DataFrame:
    rows, places = np.nonzero((old != new) & ~np.isnan(old))
    order = np.lexsort((rows, places))
    rows, places = rows[order], places[order]
    names = [str(name or f"level_{number}") for number, name in enumerate(index.names)]
    changed = index[rows].to_frame(index=False).set_axis(names, axis=1)
    return changed.assign(
        indicator=columns[places],
        old=old[rows, places],
        new=new[rows, places],
        by=np.array([done[place] for place in places.tolist()], dtype=object),
    )


def _record(
    matrix: pd.DataFrame, old: Floats, new: Floats, done: Mapping[int, str], thresholds: tuple[float, float]
) -> pd.DataFrame:
    places = list(done)
    (skew, kurt), (skew_after, kurt_after) = _moments(old[:, places]), _moments(new[:, places])
    differs = ((old != new) & ~np.isnan(old))[:, places].sum(axis=0)
    by = np.array(list(done.values()), dtype=object)
    return pd.DataFrame(
        {
            "skewness": skew,
            "kurtosis": kurt,
            "by": by,
            "moved": np.where(by == "winsorise", differs, 0),
            "skewness_after": skew_after,
            "kurtosis_after": kurt_after,
            "passed": ~_beyond(new[:, places], *thresholds),
        },
        index=pd.Index(matrix.columns[places], name="indicator"),
    )


def _moments(values: Floats) -> tuple[Floats, Floats]:
    """Skewness and excess kurtosis of every column, adjusted for small samples; NaN where there is none."""
    seen = ~np.isnan(values)
    n = seen.sum(axis=0).astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        centred = np.where(seen, values - np.where(seen, values, 0.0).sum(axis=0) / n, 0.0)
        size = np.abs(centred).max(axis=0, initial=0.0)
        centred /= np.where(size > 0, size, 1.0)  # so that no power is beyond what a number can hold
        square = centred**2
        spread = square.sum(axis=0) / n
        flat = _constant(values, seen)
        g1 = (square * centred).sum(axis=0) / n / spread**1.5
        g2 = (square * square).sum(axis=0) / n / spread**2 - 3
        skew = g1 * np.sqrt(n * (n - 1)) / (n - 2)
        kurt = ((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3))
    return np.where((n < 3) | flat, np.nan, skew), np.where((n < 4) | flat, np.nan, kurt)


def _constant(values: Floats, seen: Flags) -> Flags:
    low = np.where(seen, values, np.inf).min(axis=0, initial=np.inf)
    return low == np.where(seen, values, -np.inf).max(axis=0, initial=-np.inf)


def skewness_of(values: Floats) -> float:
    """Sample skewness, adjusted for small samples (G1); NaN below 3 values or without spread.

    Examples
    --------
    >>> round(skewness_of(np.array([1.0, 2.0, 6.0])), 6)
    1.457863
    """
    return float(_moments(np.asarray(values, dtype=float)[:, None])[0][0])


def kurtosis_of(values: Floats) -> float:
    """Excess kurtosis, adjusted for small samples (G2); NaN below 4 values or without spread.

    Examples
    --------
    >>> round(kurtosis_of(np.array([1.0, 2.0, 3.0, 4.0])), 6)
    -1.2
    """
    return float(_moments(np.asarray(values, dtype=float)[:, None])[1][0])


_NO_CHANGES = pd.DataFrame(columns=["unit", "round", "indicator", "old", "new", "by"])
_NO_INDICATORS = pd.DataFrame(
    columns=["skewness", "kurtosis", "by", "moved", "skewness_after", "kurtosis_after", "passed"],
    index=pd.Index([], name="indicator"),
)
