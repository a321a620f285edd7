"""CRITIC weights: how much an indicator spreads, and how little the others say the same."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from vitality.errors import TableError
from vitality.weights.objective.columns import covariance
from vitality.weights.objective.preparation import Constant, Missing, prepare
from vitality.weights.objective.result import ObjectiveWeights, shared_out
from vitality.weights.options import choose

__all__ = ["critic_weights"]

_NO_CONFLICT = 1e-12


def critic_weights(
    matrix: object,
    *,
    direction: object = None,
    normalisation: Literal["minmax", "none"] | None = "minmax",
    correlation: Literal["pearson", "spearman"] = "pearson",
    conflict: Literal["signed", "absolute"] = "signed",
    missing: Missing = "raise",
    constant: Constant = "zero",
) -> ObjectiveWeights:
    """CRITIC weights: standard deviation times conflict with the other indicators.

    Parameters
    ----------
    matrix : DataFrame, array-like of shape (n_units, n_indicators), or mapping of name to column
    direction : mapping, Series or sequence, optional
        As in `entropy_weights`. It matters: turning a column round turns the sign of its correlations.
    normalisation : {"minmax", "none"}
        ``minmax``: every column to 0 (worst) .. 1 (best) first, as in the paper [1]_. ``none`` (or None): the
        standard deviations of the values as they are (costs still turn the correlations round), for tables
        that are already normalised.
    correlation : {"pearson", "spearman"}
        ``pearson`` as in the paper.
    conflict : {"signed", "absolute"}
        ``signed``: sum of 1 - r, as in the paper. ``absolute``: sum of 1 - abs(r), for which two opposite
        indicators repeat each other.
    missing : {"raise", "omit"}
        ``omit``: units with a gap are left out.
    constant : {"zero", "raise"}
        As in `entropy_weights`; the other columns are weighed as if a constant one were not there.

    Returns
    -------
    ObjectiveWeights
        ``details``: ``deviation`` (sample standard deviation; the population one gives the same weights),
        ``conflict``, ``information`` (their product), ``n_units``.

    Raises
    ------
    TableError
        As `entropy_weights`; if all columns are perfectly correlated.
    MethodError

    References
    ----------
    .. [1] Diakoulaki, D., Mavrotas, G. & Papayannakis, L. (1995). Computers & Operations Research 22, 763-770.

    Examples
    --------
    >>> matrix = {"x1": [3, 5, 2, 7], "x2": [10, 20, 15, 25]}
    >>> critic_weights(matrix, direction=["benefit", "cost"]).weights.round(4).to_dict()
    {'x1': 0.5075, 'x2': 0.4925}
    """
    way = choose("normalisation", "none" if normalisation is None else normalisation, ("minmax", "none"))
    choose("correlation", correlation, ("pearson", "spearman"))
    choose("conflict", conflict, ("signed", "absolute"))
    table = prepare(matrix, direction, missing=missing, constant=constant, whole_rows=True)
    kept = table.varying
    values = table.values if len(kept) == len(table.columns) else table.values[:, kept]
    low, span = table.low[kept], (table.high - table.low)[kept]
    spread = covariance(values, low, span)
    deviation = np.sqrt(np.diag(spread))
    related = spread
    if correlation == "spearman":
        ranked = pd.DataFrame(values).rank().to_numpy()
        related = covariance(ranked, np.zeros(len(kept)), np.full(len(kept), float(len(values))))
    own = np.sqrt(np.diag(related))
    signs = np.where(table.cost[kept], -1.0, 1.0)
    r = np.clip(related / np.outer(own, own) * np.outer(signs, signs), -1, 1)
    np.fill_diagonal(r, 1.0)
    against = 1 - (r if conflict == "signed" else np.abs(r))
    against[against < _NO_CONFLICT] = 0.0
    opposed = against.sum(axis=1) if len(kept) != 1 else np.ones(1)
    if len(kept) and not opposed.any():
        raise TableError(
            "matrix: all indicators are perfectly correlated, so that CRITIC finds no conflict to weigh by. "
            "Keep one of them, or use sd_weights.",
            zh="数据表：各指标完全相关，CRITIC 没有可用的冲突信息。请只保留其中一项，或改用 sd_weights。",
        )
    if way == "none":
        deviation = deviation * span
    information = table.spread_out(deviation * opposed)
    details = {
        "deviation": table.spread_out(deviation),
        "conflict": table.spread_out(opposed),
        "information": information,
    }
    return shared_out(
        "critic", information, details, table, normalisation=way, correlation=correlation, conflict=conflict
    )
