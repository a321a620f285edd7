"""What the weights really do: the influence that each node has, and weights that give it the one it should have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.errors import MethodError, TableError, did_you_mean, meant_zh, some
from vitality.index.inputs import by_name, require_result
from vitality.index.messages import faults_zh
from vitality.index.weighting import weights_table
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.index.result import IndexResult

__all__ = ["BalancedWeights", "balance_weights", "effective_weights"]

Floats = npt.NDArray[np.float64]


def effective_weights(result: IndexResult) -> pd.DataFrame:
    """Compare nominal weights with the influence that nodes really have on the scores.

    Parameters
    ----------
    result : IndexResult

    Returns
    -------
    DataFrame, index node (all below the root)
        ``level``, ``parent``; ``nominal``: global weight; ``effective``: share of the variance of the index,
        w cov(x, index) / var(index), of a group the sum of its indicators'; ``nominal_local`` and
        ``effective_local``: the same among siblings, for the variance of the parent; ``correlation`` with the
        index (Pearson). Shares sum to 1 over the indicators, and among siblings; where the aggregation is
        not arithmetic they are scaled to that. A share below 0: the node runs against the others.

    Raises
    ------
    TableError
        If fewer than three units have an index.

    Notes
    -----
    A nominal weight says how many points of the parent a point of the node is worth, not how much the node
    decides: an indicator that hardly differs decides nothing (Paruolo, Saisana and Saltelli 2013, J. R.
    Statist. Soc. A 176, 609-634).

    Examples
    --------
    >>> from vitality.framework import framework_from_table
    >>> from vitality.index import build_index
    >>> tree = framework_from_table(pd.DataFrame({
    ...     "code": ["V", "a", "b"], "parent": ["", "V", "V"], "worst": [None, 0, 0], "best": [None, 10, 10]}))
    >>> result = build_index(pd.DataFrame({"a": [1.0, 5.0, 9.0], "b": [5.0, 6.0, 7.0]}), tree)
    >>> effective_weights(result)[["nominal", "effective"]].round(6).values.tolist()
    [[0.5, 0.8], [0.5, 0.2]]
    """
    scores, weights = _scored(result)
    framework = result.framework
    leaves = list(framework.leaves)
    own = _shares(scores, weights, leaves, framework.root)
    local: dict[str, float] = {}
    for parent in framework.nodes[len(leaves) :]:
        children = list(framework.children(parent))
        local |= dict(zip(children, _shares(scores, weights, children, parent).tolist()))
    of_leaf = dict(zip(leaves, own.tolist()))
    nodes = list(framework.nodes[:-1])
    return pd.DataFrame(
        {
            "level": [framework.level(code) for code in nodes],
            "parent": [framework.parent(code) for code in nodes],
            "nominal": result.weights.loc[nodes, "global"],
            "effective": [sum(of_leaf[leaf] for leaf in framework.leaves_below(code)) for code in nodes],
            "nominal_local": result.weights.loc[nodes, "local"],
            "effective_local": [local[code] for code in nodes],
            "correlation": [_correlation(scores[code], scores[framework.root]) for code in nodes],
        },
        index=pd.Index(nodes, name="node"),
    )


@dataclass(frozen=True, eq=False)
class BalancedWeights:
    """Weights under which nodes have the influence that they should have.

    Attributes
    ----------
    weights : DataFrame, index node
        ``local`` and ``global``, for ``framework.with_weights``.
    table : DataFrame, index node (all below the root)
        ``nominal`` local weight, ``target`` influence among siblings, ``weight`` (the new local one) and
        ``reached`` influence.
    objective : float
        Largest distance between target and reached influence; 0 where the aim is met.
    left : tuple of str
        Nodes that hardly differ between units and kept their weight, because no weight gives them influence.
    """

    weights: pd.DataFrame
    table: pd.DataFrame
    objective: float
    left: tuple[str, ...]


def balance_weights(
    result: IndexResult, *, target: Mapping[str, float] | pd.Series | None = None, influence: str = "variance"
) -> BalancedWeights:
    """Find weights of 0 or more with which the influence of nodes matches the stated one.

    Parameters
    ----------
    result : IndexResult
        With arithmetic aggregation; only units with a score on every node count.
    target : mapping or Series, optional
        Node -> influence that it should have among its siblings, any scale of 0 or more; nodes that it leaves
        out, together with all their siblings, aim at their nominal weights.
    influence : {"variance", "correlation"}
        ``variance``: share of the variance of the parent, w cov(x, parent) / var(parent); the weights that
        reach it are unique [1]_. ``correlation``: correlation with the parent over the sum of those of the
        siblings, what COINr balances; it cannot always be reached.

    Returns
    -------
    BalancedWeights

    Raises
    ------
    MethodError
        If the aggregation is not arithmetic, or `influence` is unknown.
    TableError
        If the target has an unknown node, a negative value, or only some of a set of siblings; if fewer than
        three units have all scores.

    Notes
    -----
    Levels are balanced from the bottom up, each with the scores that the weights below it give.

    References
    ----------
    .. [1] Griveau-Billion, T., Richard, J.-C. and Roncalli, T. (2013). A fast algorithm for computing
       high-dimensional risk parity portfolios. arXiv:1311.4057.

    Examples
    --------
    >>> from vitality.framework import framework_from_table
    >>> from vitality.index import build_index
    >>> tree = framework_from_table(pd.DataFrame({
    ...     "code": ["V", "a", "b"], "parent": ["", "V", "V"], "worst": [None, 0, 0], "best": [None, 10, 10]}))
    >>> result = build_index(pd.DataFrame({"a": [1.0, 5.0, 9.0], "b": [5.0, 6.0, 7.0]}), tree)
    >>> balance_weights(result).table["weight"].round(6).tolist()  # a differs four times as much as b
    [0.2, 0.8]
    """
    choose("influence", influence, ("variance", "correlation"))
    require_result(result)
    if result.method.aggregations != ("arithmetic",):
        raise MethodError(
            f"aggregation={result.method.aggregation!r}: weights are balanced for arithmetic aggregation. Balance "
            "rebuild(result, aggregation='arithmetic') instead.",
            zh=f"aggregation={result.method.aggregation!r}：平衡权重只适用于算术合成。"
            "请改用 rebuild(result, aggregation='arithmetic') 的结果。",
        )
    framework = result.framework
    scores = _scored(result)[0].dropna()
    if len(scores) < 3:
        raise TableError(
            f"result: {len(scores)} units have all scores; expected three or more. Impute, or lower minimum_coverage.",
            zh=f"result：只有 {len(scores)} 个单位的得分齐全，至少需要 3 个。请先填补缺失值，或降低 minimum_coverage。",
        )
    aims = _aims(result, target)
    values = {leaf: scores[leaf].to_numpy(dtype=float) for leaf in framework.leaves}
    local, left = {framework.root: 1.0}, []
    reached: dict[str, float] = {}
    for parent in framework.nodes[len(framework.leaves) :]:
        children = list(framework.children(parent))
        columns = np.array([values[child] for child in children])
        nominal = result.weights.loc[children, "local"].to_numpy(dtype=float)
        still = columns.std(axis=1) < 1e-9
        weights = _balanced(columns, np.array([aims[child] for child in children]), nominal, still, influence)
        left += [child for child, flat in zip(children, still) if flat]
        values[parent] = weights @ columns
        local |= dict(zip(children, weights.tolist()))
        reached |= dict(zip(children, _influence(columns, weights, influence).tolist()))
    nodes = list(framework.nodes[:-1])
    table = pd.DataFrame(
        {
            "nominal": result.weights.loc[nodes, "local"],
            "target": [aims[code] for code in nodes],
            "weight": [local[code] for code in nodes],
            "reached": [reached[code] for code in nodes],
        },
        index=pd.Index(nodes, name="node"),
    )
    away = (table["target"] - table["reached"]).abs().drop(index=left)
    return BalancedWeights(weights_table(local, framework), table, float(away.max()) if len(away) else 0.0, tuple(left))


def _aims(result: IndexResult, target: Mapping[str, float] | pd.Series | None) -> dict[str, float]:
    """Influence that each node should have among its siblings; sums to 1."""
    framework = result.framework
    given = {} if target is None else by_name(target, "target", column="target").to_dict()
    unknown = [str(code) for code in given if code not in framework.nodes[:-1]]
    wrong = [str(code) for code, value in given.items() if not 0 <= value < np.inf]
    if unknown or wrong:
        raise TableError(
            f"target: unknown {some(unknown) or 'none'}; negative or not a number {some(wrong) or 'none'}."
            f"{did_you_mean(unknown[0], framework.nodes[:-1]) if unknown else ''} Expected numbers of 0 or more.",
            zh=f"target：{faults_zh({'未知': unknown, '为负或不是数': wrong})}。"
            f"{meant_zh(unknown[0], framework.nodes[:-1]) if unknown else ''}应为不小于 0 的数。",
        )
    aims: dict[str, float] = {}
    for parent in framework.nodes[len(framework.leaves) :]:
        children = list(framework.children(parent))
        own = {child: given[child] for child in children if child in given}
        if own and (len(own) < len(children) or not sum(own.values()) > 0):
            raise TableError(
                f"target: found {own} for the children of {parent!r}; expected one for each, not all 0.",
                zh=f"target：{parent!r} 之下各项现为 {own}；应每项都有，且不全为 0。",
            )
        own = own or dict(zip(children, result.weights.loc[children, "local"].tolist()))
        aims |= {str(child): float(value) / sum(own.values()) for child, value in own.items()}
    return aims


def _balanced(columns: Floats, aim: Floats, nominal: Floats, still: npt.NDArray[np.bool_], influence: str) -> Floats:
    """Local weights of one set of siblings."""
    moving = ~still & (aim > 0)
    weights = np.where(still, nominal, 0.0)
    if moving.any():
        part, goal = columns[moving], aim[moving] / aim[moving].sum()
        found = _variance_weights(part, goal) if influence == "variance" else _correlation_weights(part, goal)
        weights[moving] = found * (1 - weights.sum())
    return weights / weights.sum()


def _variance_weights(columns: Floats, goal: Floats) -> Floats:
    """The minimum of w'Cw / 2 - sum(goal log w), coordinate by coordinate; its shares of variance are the goal."""
    covariance = np.atleast_2d(np.cov(columns))
    own = np.diagonal(covariance)
    weights = goal / np.sqrt(own)
    for _ in range(10_000):
        before = weights.copy()
        for place in range(len(goal)):
            others = covariance[place] @ weights - own[place] * weights[place]
            weights[place] = (np.sqrt(others**2 + 4 * own[place] * goal[place]) - others) / (2 * own[place])
        if np.max(np.abs(weights - before)) <= 1e-14 * np.max(weights):
            break
    return weights / weights.sum()


def _correlation_weights(columns: Floats, goal: Floats) -> Floats:
    from scipy.optimize import minimize

    def distance(weights: Floats) -> float:
        total = weights.sum()
        return float(np.sum((_influence(columns, weights / total, "correlation") - goal) ** 2)) if total > 0 else 1e3

    starts = [np.full(len(goal), 1 / len(goal)), goal / columns.std(axis=1)]
    done = [
        minimize(distance, start / start.sum(), method="L-BFGS-B", bounds=[(0.0, 1.0)] * len(goal), tol=1e-15)
        for start in starts
    ]
    best = min(done, key=lambda found: found.fun).x
    return np.asarray(best / best.sum(), dtype=float)


def _influence(columns: Floats, weights: Floats, influence: str) -> Floats:
    """Influence of siblings on their weighted mean; sums to 1."""
    parent = weights @ columns
    centred = columns - columns.mean(axis=1, keepdims=True)
    together = centred @ (parent - parent.mean())
    if influence == "variance":
        shares = weights * together
    else:
        size = np.sqrt((centred**2).sum(axis=1))
        shares = np.divide(together, size, out=np.zeros_like(together), where=size > 0)
    total = shares.sum()
    return shares / total if abs(total) > 0 else shares


def _scored(result: IndexResult) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Scores and effective weights of the units with an index."""
    require_result(result)
    seen = result.scores[result.framework.root].notna().to_numpy()
    if seen.sum() < 3:
        raise TableError(
            f"result: {seen.sum()} units have an index; expected three or more.",
            zh=f"result：只有 {seen.sum()} 个单位有指数，至少需要 3 个。",
        )
    return result.scores[seen], result.unit_weights[seen]


def _shares(scores: pd.DataFrame, weights: pd.DataFrame, children: list[str], parent: str) -> Floats:
    """Shares of the variance of the parent; a gap adds nothing, its weight having gone to the siblings."""
    whole = scores[parent].to_numpy(dtype=float)
    seen = ~np.isnan(whole)
    of_parent = weights[parent].to_numpy(dtype=float)[seen, None]
    own = weights[children].to_numpy(dtype=float)[seen]
    own = np.divide(own, of_parent, out=np.zeros_like(own), where=of_parent > 0)
    away = np.nan_to_num(own * (scores[children].to_numpy(dtype=float)[seen] - whole[seen].mean()))
    shares = (away - away.mean(axis=0)).T @ (whole[seen] - whole[seen].mean())
    total = shares.sum()
    return shares / total if abs(total) > 1e-12 else np.full(len(children), np.nan)


def _correlation(first: pd.Series, second: pd.Series) -> float:
    with np.errstate(invalid="ignore", divide="ignore"):
        return float(first.corr(second))
