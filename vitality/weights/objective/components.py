"""Weights from principal components: how much of the joint variation loads on each indicator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from vitality.errors import MethodError, TableError, some, some_zh
from vitality.weights.objective.columns import covariance
from vitality.weights.objective.preparation import Constant, Missing, Prepared, prepare
from vitality.weights.objective.result import ObjectiveWeights, shared_out
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.weights.kernels import Floats

__all__ = ["pca_weights"]


def pca_weights(
    matrix: object,
    *,
    direction: object = None,
    components: int | float | Literal["kaiser"] = "kaiser",
    loadings: Literal["absolute", "squared", "signed"] = "absolute",
    missing: Missing = "raise",
    constant: Constant = "zero",
) -> ObjectiveWeights:
    """Weights from the principal components of the standardised columns (主成分分析法).

    Parameters
    ----------
    matrix : DataFrame, array-like of shape (n_units, n_indicators), or mapping of name to column
    direction : mapping, Series or sequence, optional
        As in `entropy_weights`; only ``signed`` loadings know it.
    components : {"kaiser"}, int or float
        ``kaiser``: those with an eigenvalue above 1, at least one. An int: so many. A float between 0 and 1:
        as few as explain this share of the variance.
    loadings : {"absolute", "squared", "signed"}
        With v_jk the element of the k-th unit eigenvector (its loading over the root of its eigenvalue) and
        s_k the share of the variance that component k explains among those kept: weights in proportion to
        sum_k s_k abs(v_jk), as in Chinese practice; to sum_k s_k v_jk^2, the squared loadings of the OECD
        handbook [1]_; or to sum_k s_k v_jk with each component turned so that its loadings sum to more
        than 0, refused when a weight comes out negative.
    missing : {"raise", "omit"}
        ``omit``: units with a gap are left out.
    constant : {"zero", "raise"}
        As in `entropy_weights`.

    Returns
    -------
    ObjectiveWeights
        ``details``: ``communality`` (share of the variance of a column that the components kept explain),
        ``information``, ``n_units``. ``recipe`` has all eigenvalues, largest first, and the number kept.

    Raises
    ------
    TableError
        As `entropy_weights`; if ``signed`` loadings give a negative weight.
    MethodError
        If an option is not among its choices.

    References
    ----------
    .. [1] OECD and JRC (2008). Handbook on Constructing Composite Indicators, section 6.1.

    Examples
    --------
    >>> matrix = {"a": [1, 2, 3, 4, 5], "b": [1, 2, 3, 5, 4], "c": [3, 1, 2, 2, 3]}
    >>> found = pca_weights(matrix)
    >>> found.recipe["kept"], found.weights.round(3).to_dict()
    (1, {'a': 0.458, 'b': 0.448, 'c': 0.094})
    """
    choose("loadings", loadings, ("absolute", "squared", "signed"))
    table = prepare(matrix, direction, missing=missing, constant=constant, whole_rows=True)
    values, vectors = _eigen(table)
    kept = _kept(components, values)
    share = values[:kept] / values[:kept].sum()
    basis = vectors[:, :kept]
    if loadings == "signed":
        told = (basis * np.where(basis.sum(axis=0) < 0, -1, 1)) @ share
        _refuse_negative(told, table)
    else:
        told = (np.abs(basis) if loadings == "absolute" else basis**2) @ share
    information = table.spread_out(told)
    details = {"communality": table.spread_out(basis**2 @ values[:kept]), "information": information}
    return shared_out(
        "pca",
        information,
        details,
        table,
        loadings=loadings,
        components=components,
        kept=kept,
        explained=float(values[:kept].sum() / values.sum()),
        eigenvalues=tuple(values.tolist()),
    )


def _eigen(table: Prepared) -> tuple[Floats, Floats]:
    """Eigenvalues, largest first, and unit eigenvectors of the correlations of the columns that vary."""
    kept = table.varying
    if not len(kept):
        return np.ones(1), np.zeros((0, 1))
    spread = covariance(table.values[:, kept], table.low[kept], (table.high - table.low)[kept])
    own = np.sqrt(np.diag(spread))
    signs = np.where(table.cost[kept], -1.0, 1.0)
    values, vectors = np.linalg.eigh(spread / np.outer(own, own) * np.outer(signs, signs))
    return np.maximum(values[::-1], 0.0), vectors[:, ::-1]


def _kept(components: object, values: Floats) -> int:
    if components == "kaiser":
        return max(int((values > 1 + 1e-9).sum()), 1)
    whole = isinstance(components, int | np.integer) and not isinstance(components, bool)
    if whole and 1 <= int(components) <= len(values):  # type: ignore[call-overload]
        return int(components)  # type: ignore[call-overload]
    if isinstance(components, float) and 0 < components < 1:
        return int(np.searchsorted(np.cumsum(values) / values.sum(), components - 1e-12) + 1)
    raise MethodError(
        f"components={components!r}; expected 'kaiser', a whole number from 1 to {len(values)}, or a share of the "
        "variance between 0 and 1.",
        zh=f"components={components!r}；应为 'kaiser'、1 至 {len(values)} 的整数，或 0 与 1 之间的方差解释率。",
    )


def _refuse_negative(told: Floats, table: Prepared) -> None:
    below = table.columns[table.varying][told < -1e-12]
    if len(below):
        raise TableError(
            f"matrix: signed loadings give {some(below)} a negative weight. Check the direction of these "
            "indicators, or choose loadings='absolute'.",
            zh=f"数据表：带符号的载荷使 {some_zh(below)} 的权重为负。请核对这些指标的方向，或选 loadings='absolute'。",
        )
    told[told < 0] = 0.0
