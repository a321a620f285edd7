"""MEREC weights: how much the units' performance changes when an indicator is taken away."""

from __future__ import annotations

import numpy as np

from vitality.weights.objective.preparation import Constant, Missing, Nonpositive, prepare, require_positive
from vitality.weights.objective.result import ObjectiveWeights, shared_out
from vitality.weights.options import choose

__all__ = ["merec_weights"]


def merec_weights(
    matrix: object,
    *,
    direction: object = None,
    zeros: Nonpositive = "raise",
    negatives: Nonpositive = "raise",
    missing: Missing = "raise",
    constant: Constant = "zero",
) -> ObjectiveWeights:
    """MEREC weights: the total change of performance when an indicator is left out.

    Parameters
    ----------
    matrix : DataFrame, array-like of shape (n_units, n_indicators), or mapping of name to column
        Positive values.
    direction : mapping, Series or sequence, optional
        As in `entropy_weights`.
    zeros, negatives : {"raise", "shift"}
        ``shift`` moves a column that has them up until its smallest value is 0.01, and records by how much. A
        weight can hang on that: the logarithm of the smallest value decides.
    missing : {"raise", "omit"}
        ``omit``: units with a gap are left out.
    constant : {"zero", "raise"}
        As in `entropy_weights`; the other columns are weighed as if a constant one were not there.

    Returns
    -------
    ObjectiveWeights
        ``details``: ``removal_effect``, ``zero_share``, ``n_units``.

    Raises
    ------
    TableError
        As `entropy_weights`; if a value is not positive, unless shifted.
    MethodError

    Notes
    -----
    x becomes min / x where more is better and x / max where less is; the performance of a unit is
    S_i = ln(1 + mean_j abs(ln x_ij)), S_ij the same without indicator j (still divided by all of them), and
    w_j is in proportion to sum_i abs(S_ij - S_i) [1]_.

    References
    ----------
    .. [1] Keshavarz-Ghorabaee, M., Amiri, M., Zavadskas, E. K., Turskis, Z. & Antucheviciene, J. (2021).
       Symmetry 13, 525.

    Examples
    --------
    >>> matrix = [[450, 8000, 54, 145], [10, 9100, 2, 160], [100, 8200, 31, 153], [220, 9300, 1, 162],
    ...     [5, 8400, 23, 158]]
    >>> merec_weights(matrix, direction=[1, 1, -1, -1]).weights.round(4).tolist()
    [0.5752, 0.0141, 0.4016, 0.0091]
    """
    for option, value in (("zeros", zeros), ("negatives", negatives)):
        choose(option, value, ("raise", "shift"))
    table = prepare(matrix, direction, missing=missing, constant=constant, whole_rows=True)
    zero_share = table.zero_share
    table = require_positive(table, zeros=zeros, negatives=negatives, needs=~table.constant)
    kept = table.varying
    best = np.where(table.cost, table.high, table.low)[kept]
    logs = np.abs(np.log(table.values[:, kept] / best))
    total = logs.sum(axis=1, keepdims=True)
    n = max(len(kept), 1)
    effect = np.log1p(total / n) - np.log1p((total - logs) / n)
    information = table.spread_out(np.abs(effect).sum(axis=0))
    details = {"removal_effect": information, "zero_share": zero_share}
    return shared_out("merec", information, details, table)
