"""CILOS and IDOCRIW weights: what is lost on one indicator where another is at its best."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from vitality.errors import TableError
from vitality.weights.cautions import Caution
from vitality.weights.objective.entropy import column_entropies
from vitality.weights.objective.preparation import (
    Constant,
    Missing,
    Nonpositive,
    Prepared,
    prepare,
    require_positive,
)
from vitality.weights.objective.result import ObjectiveWeights, shared_out
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.weights.kernels import Floats

__all__ = ["cilos_weights", "idocriw_weights"]

_RECIPROCAL = (", because a cost enters as min / x", "（逆向指标以 min / x 进入）")


def cilos_weights(
    matrix: object,
    *,
    direction: object = None,
    zeros: Nonpositive = "raise",
    negatives: Nonpositive = "raise",
    missing: Missing = "raise",
    constant: Constant = "zero",
) -> ObjectiveWeights:
    """CILOS weights (criterion impact loss): an indicator weighs more, the less it loses to the others.

    Parameters
    ----------
    matrix : DataFrame, array-like of shape (n_units, n_indicators), or mapping of name to column
        Values of 0 or more; costs must be positive.
    direction : mapping, Series or sequence, optional
        As in `entropy_weights`. A cost enters as min / x.
    zeros, negatives : {"raise", "shift"}
        As in `merec_weights`; zeros matter in cost columns only.
    missing : {"raise", "omit"}
        ``omit``: units with a gap are left out.
    constant : {"zero", "raise"}
        As in `entropy_weights`; the other columns are weighed as if a constant one were not there.

    Returns
    -------
    ObjectiveWeights
        ``details``: ``impact_of_loss`` (the weight before it is shared out), ``best_unit`` (the unit at which
        the indicator is best; the first of several, which is cautioned), ``zero_share``, ``n_units``.

    Raises
    ------
    TableError
        As `entropy_weights`; if the losses determine no weights, as when one unit is best on everything.
    MethodError

    Notes
    -----
    P_ij is the relative loss on indicator j at the unit that is best on i; the weights q solve
    (P - diag(column sums of P)) q = 0 [1]_ and are not negative, because they are the stationary
    distribution of a Markov chain.

    References
    ----------
    .. [1] Zavadskas, E. K. & Podvezko, V. (2016). Int. J. Information Technology & Decision Making 15, 267-283.

    Examples
    --------
    >>> matrix = [[3, 100, 10, 7], [2.5, 80, 8, 5], [1.8, 50, 20, 11], [2.2, 70, 12, 9]]
    >>> cilos_weights(matrix, direction=["cost", "benefit", "cost", "benefit"]).weights.round(4).tolist()
    [0.3343, 0.2199, 0.1957, 0.2501]
    """
    table = _positive(matrix, direction, zeros, negatives, missing, constant)
    impact, units, tied = _impact(table)
    details = {"impact_of_loss": impact, "best_unit": table.rows[units], "zero_share": table.zero_share}
    return _told_of_ties(shared_out("cilos", impact, details, table), tied)


def idocriw_weights(
    matrix: object,
    *,
    direction: object = None,
    zeros: Nonpositive = "raise",
    negatives: Nonpositive = "raise",
    missing: Missing = "raise",
    constant: Constant = "zero",
) -> ObjectiveWeights:
    """IDOCRIW weights: the product of entropy and CILOS weights, shared out.

    Parameters
    ----------
    matrix, direction, zeros, negatives, missing, constant
        As in `cilos_weights`.

    Returns
    -------
    ObjectiveWeights
        ``details``: ``entropy``, ``entropy_weight``, ``cilos_weight``, ``zero_share``, ``n_units``.

    Raises
    ------
    TableError, MethodError
        As `cilos_weights`.

    Notes
    -----
    As in the paper [1]_, the entropies are those of the values as they are, divided by their sum: the direction
    counts in the CILOS part only.

    References
    ----------
    .. [1] Zavadskas, E. K. & Podvezko, V. (2016). Int. J. Information Technology & Decision Making 15, 267-283.

    Examples
    --------
    >>> matrix = [[3, 100, 10, 7], [2.5, 80, 8, 5], [1.8, 50, 20, 11], [2.2, 70, 12, 9]]
    >>> idocriw_weights(matrix, direction=["cost", "benefit", "cost", "benefit"]).weights.round(4).tolist()
    [0.1658, 0.1885, 0.3545, 0.2911]
    """
    table = _positive(matrix, direction, zeros, negatives, missing, constant)
    impact, _, tied = _impact(table)
    largest = np.where(table.constant, 1.0, table.high)
    entropy, _ = column_entropies(table, np.zeros(len(impact)), 1 / largest)
    divergence = np.where(table.constant, 0.0, np.maximum(1 - entropy, 0.0))
    shares = divergence / max(divergence.sum(), np.finfo(float).tiny)
    details = {
        "entropy": entropy,
        "entropy_weight": shares,
        "cilos_weight": impact,
        "zero_share": table.zero_share,
    }
    return _told_of_ties(shared_out("idocriw", shares * impact, details, table), tied)


def _positive(matrix: object, direction: object, zeros: str, negatives: str, missing: str, constant: str) -> Prepared:
    for option, value in (("zeros", zeros), ("negatives", negatives)):
        choose(option, value, ("raise", "shift"))
    table = prepare(matrix, direction, missing=missing, constant=constant, whole_rows=True)
    inverted = table.cost & ~table.constant
    return require_positive(table, zeros=zeros, negatives=negatives, needs=inverted, why=_RECIPROCAL)


def _impact(table: Prepared) -> tuple[Floats, np.ndarray, list[object]]:
    """Impact of loss, position of the best unit of every column, and the columns with several."""
    kept, cost = table.varying, table.cost
    values = table.values[:, kept]
    better = np.where(cost[kept], table.low[kept] / np.where(cost[kept], values, 1.0), values)
    best = better.argmax(axis=0)
    several = (better == better.max(axis=0, initial=-np.inf)).sum(axis=0) > 1
    at_best = better[best]
    top = np.diag(at_best)
    loss = (top - at_best) / top
    units = np.zeros(len(table.columns), dtype=int)
    units[kept] = best
    return table.spread_out(_stationary(loss)), units, list(table.columns[kept][several])


def _stationary(loss: Floats) -> Floats:
    """The weights that balance the losses, sum 1."""
    n = len(loss)
    if n < 2:
        return np.ones(n)
    system = loss - np.diag(loss.sum(axis=0))
    _, singular, _ = np.linalg.svd(system)
    if singular[-2] <= 1e-12 * max(singular[0], 1.0):
        raise TableError(
            "matrix: the losses determine no weights, because the same unit is best on several indicators and "
            "loses on none of them. Use entropy_weights or critic_weights.",
            zh="数据表：同一单位在若干指标上同时最优且互无损失，CILOS 不能确定权重。请改用 entropy_weights 或 "
            "critic_weights。",
        )
    balanced = np.vstack([system, np.full(n, singular[0])])
    solution = np.linalg.lstsq(balanced, np.append(np.zeros(n), singular[0]), rcond=None)[0]
    return np.maximum(solution, 0.0) / np.maximum(solution, 0.0).sum()


def _told_of_ties(found: ObjectiveWeights, tied: list[object]) -> ObjectiveWeights:
    if not tied:
        return found
    named = "、".join(map(str, tied[:5]))
    caution = Caution(
        f"指标 {named} 有并列最优的单位，取其中第一个；次序不同，权重可能不同。",
        f"several units are best on {', '.join(map(repr, tied[:5]))}; the first is taken, and another order of the "
        "units can give other weights.",
    )
    return replace(found, cautions=(*found.cautions, caution))
