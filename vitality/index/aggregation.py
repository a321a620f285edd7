"""From normalised indicators and weights to the scores of every node of the tree."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.errors import MethodError, TableError, did_you_mean, meant_zh, some, some_zh
from vitality.index.inputs import by_name, require_framework, require_numbers
from vitality.index.kernels import Plan, coverage_of_nodes, plan_of, score_nodes
from vitality.index.means import FLOORED, POPULATION, Rule, rule_of
from vitality.index.messages import faults_zh
from vitality.index.method import Method

if TYPE_CHECKING:
    from vitality.framework import Framework

__all__ = ["aggregate", "enough", "local_weights", "scores_of"]

#: Units that are added up together, so that what is in use stays in the cache.
TILE = 16384


def aggregate(
    normalised: pd.DataFrame,
    weights: pd.DataFrame | pd.Series,
    framework: Framework,
    *,
    aggregation: str | Mapping[str, str] = "arithmetic",
    minimum_coverage: float = 2 / 3,
    floor: float = 1.0,
    **options: Any,
) -> pd.DataFrame:
    """Add indicators up to groups, dimensions and the index.

    Every node is made of its children with their weights. A gap gives its weight to the siblings that have a
    value, at every level, so that the index uses all that was observed; a node is shown only if at least
    `minimum_coverage` of the indicators below it were observed, counted without weights.

    Parameters
    ----------
    normalised : DataFrame, shape (n_units, n_indicators)
        0 to 100, one column an indicator of the framework, in any order; NaN where not observed.
    weights : DataFrame or Series
        Over every node below the root: a DataFrame with the column ``local``, or a Series of local weights.
        A Series over the indicators alone holds global weights. Any scale of 0 or more, with a Python warning
        for a 0; matched by name.
    framework : Framework
        The tree.
    aggregation : str or mapping
        One way for all, or a way by the level of the parent; a level left out is arithmetic.
    minimum_coverage : float
        Above 0, up to 1.
    floor : float
        Lowest value that a geometric, harmonic or power mean takes in.
    **options
        ``power``, ``penalty``, ``alpha``, ``beta``, ``outranking``, ``bounds``, as in `Method`.

    Returns
    -------
    DataFrame, shape (n_units, n_nodes)
        Columns in the order of `Framework.nodes`, the root last; NaN below the minimum coverage.

    Raises
    ------
    TableError
        If an indicator is missing or unknown, the weights do not fit, or the values are not on 0 to 100
        where the aggregation needs that.
    MethodError
        If a way of aggregation, a level or an option does not exist.

    Notes
    -----
    With weights w (sum 1) and children x of a unit, on 0 to 100:

    - ``arithmetic`` sum(w x); ``geometric`` prod(x^w); ``harmonic`` 1 / sum(w / x); ``power``
      sum(w x^p)^(1/p). Values below `floor` count as the floor.
    - ``mpi`` [1]_: children are standardised over the units to mean 100 and standard deviation 10; the score
      is M - S^2 / M, M and S the weighted mean and standard deviation of a unit's children (a positive
      penalty adds). It is given 50 lower, so that the average unit has 50 as with z-scores.
    - ``adjusted_mpi`` [2]_: the same on 70 + 0.6 x, that is goalposts at 70 and 130, and put back to 0 to 100.
    - ``mean_min`` [3]_: M - alpha (sqrt((M - min)^2 + beta^2) - beta).
    - ``copeland``: 100 / (n - 1) times the sum over the other units of the share of weight on which a unit is
      ahead (ties half); that is COINr's ``a_copeland`` divided by n - 1. ``outranking="majority"`` counts the
      units against which that share is above one half (a draw is half a win), Copeland's own rule.
    - ``topsis`` 100 times the closeness to the best values found (vector normalisation; see `topsis`).
    - ``benefit_of_the_doubt`` [4]_: 100 times the best that a unit can reach with weights of its own choice
      under which no unit is above 1, each child's share within `bounds`; framework weights play no part.

    ``mpi``, ``copeland``, ``topsis`` and ``benefit_of_the_doubt`` compare all rows with each other.

    References
    ----------
    .. [1] De Muro, P., Mazziotta, M. and Pareto, A. (2011). Composite indices of development and poverty.
       Social Indicators Research 104, 1-18.
    .. [2] Mazziotta, M. and Pareto, A. (2016). On a generalized non-compensatory composite index for
       measuring socio-economic phenomena. Social Indicators Research 127, 983-1003.
    .. [3] Casadio Tarabusi, E. and Guarini, G. (2013). An unbalance adjustment method for development
       indicators. Social Indicators Research 112, 19-45.
    .. [4] Cherchye, L. et al. (2007). An introduction to 'benefit of the doubt' composite indicators. Social
       Indicators Research 82, 111-145.

    Examples
    --------
    >>> from vitality.framework import framework_from_table
    >>> tree = framework_from_table(pd.DataFrame({
    ...     "code": ["V", "a", "b"], "parent": ["", "V", "V"], "weight": [1, 3, 1]}))
    >>> normalised = pd.DataFrame({"a": [80.0], "b": [40.0]}, index=["云溪街道"])
    >>> float(aggregate(normalised, tree.weights(), tree).at["云溪街道", "V"])
    70.0
    """
    require_framework(framework)
    require_numbers(normalised, "normalised")
    chosen: Any = dict(aggregation) if isinstance(aggregation, Mapping) else aggregation
    method = Method(aggregation=chosen, minimum_coverage=minimum_coverage, floor=floor, **_known(options))
    leaves = list(framework.leaves)
    wrong = sorted({*leaves} ^ {*map(str, normalised.columns)})
    if wrong or normalised.columns.has_duplicates:
        raise TableError(
            f"normalised: {some(wrong or normalised.columns[normalised.columns.duplicated()])} "
            f"missing, unknown or doubled; expected one column for each of the {len(leaves)} "
            f"indicators of framework {framework.name!r}.{did_you_mean(wrong[0], leaves) if wrong else ''}",
            zh=f"normalised：{some_zh(wrong or normalised.columns[normalised.columns.duplicated()])} 缺少、多余或重复；"
            f"框架 {framework.name!r} 的 {len(leaves)} 项指标应各有一列。{meant_zh(wrong[0], leaves) if wrong else ''}",
        )
    plan = plan_of(framework, chosen)
    ordered = normalised if list(normalised.columns) == leaves else normalised[leaves]
    values = ordered.to_numpy(dtype=float).T
    _check_range(values, method)
    local = local_weights(weights, framework)
    idle = [code for code, weight in local.items() if weight == 0]
    if idle:
        warnings.warn(f"weights: {some(idle)} weighs 0, so that it does not count in the index.", stacklevel=2)
    scores = scores_of(values, local.to_numpy(), plan, rule_of(method), minimum_coverage=minimum_coverage)
    return pd.DataFrame(scores.T, index=normalised.index, columns=list(framework.nodes), copy=False)


def scores_of(
    values: npt.NDArray[np.float64], local: npt.NDArray[np.float64], plan: Plan, rule: Rule, *, minimum_coverage: float
) -> npt.NDArray[np.float64]:
    """Score every node and hide what was observed too little, shape (n_nodes, n_units)."""
    n_units = values.shape[1]
    scores = np.empty((plan.n_nodes, n_units))
    together = any(step.mean in POPULATION for step in plan.steps)
    width = n_units if together else TILE
    for start in range(0, n_units, max(width, 1)):
        tile = slice(start, start + width)
        scores[:, tile] = score_nodes(values[:, tile], local[None], plan, rule)[:, 0]
    there = ~np.isnan(values)
    if not there.all():
        scores[~enough(coverage_of_nodes(there.T, plan), minimum_coverage).T] = np.nan
    return scores


def _known(options: Mapping[str, Any]) -> dict[str, Any]:
    names = ("power", "penalty", "alpha", "beta", "outranking", "bounds")
    for name in options:
        if name not in names:
            known = ("aggregation", "minimum_coverage", "floor", *names)
            raise MethodError(
                f"aggregate has no option {name!r}.{did_you_mean(name, known)} "
                f"Its options are {some(known, limit=12)}.",
                zh=f"aggregate 没有选项 {name!r}。{meant_zh(name, known)}可用的选项：{some_zh(known, limit=12)}。",
            )
    return dict(options)


def _check_range(values: npt.NDArray[np.float64], method: Method) -> None:
    """Refuse what a mean of ratios would turn into nonsense: negative scores, and scores on 0 to 1."""
    if not set(method.aggregations) & {*FLOORED, "adjusted_mpi", "benefit_of_the_doubt"}:
        return
    lowest, highest = np.fmin.reduce(values, axis=None), np.fmax.reduce(values, axis=None)
    if lowest < 0:
        raise TableError(
            f"normalised: found {lowest:g}, and aggregation={method.aggregation!r} needs values of 0 or more. "
            "Normalise to 0..100, such as with normalisation='minmax'.",
            zh=f"normalised：最小值为 {lowest:g}，而 aggregation={method.aggregation!r} 要求不小于 0 的值。"
            "请先归一化到 0 至 100，例如用 normalisation='minmax'。",
        )
    if 0 < highest <= 1 <= method.floor and set(method.aggregations) & {*FLOORED}:
        raise TableError(
            f"normalised: no value is above {highest:g}, and all would be raised to floor={method.floor:g}. Expected "
            "scores from 0 to 100: multiply by 100, or set floor=0.",
            zh=f"normalised：最大值仅为 {highest:g}，会全部提高到 floor={method.floor:g}；应为 0 至 100 的得分。"
            "请乘以 100，或设 floor=0。",
        )


def enough(coverage: npt.NDArray[np.float64], minimum: float) -> npt.NDArray[np.bool_]:
    """Whether a coverage reaches the minimum, forgiving the last binary digits of a fraction."""
    return coverage >= minimum - 1e-12


def local_weights(weights: pd.DataFrame | pd.Series, framework: Framework) -> pd.Series:
    """Give the local weight of every node in the order of `Framework.nodes`, the root 1.

    Raises
    ------
    TableError
        If a node is missing or unknown, a weight is negative or not a number, or siblings sum to 0.
    """
    series = by_name(weights, "weights").drop(index=framework.root, errors="ignore")
    wanted, leaves = framework.nodes[:-1], framework.leaves
    given = dict(zip(series.index.tolist(), series.tolist()))
    if set(given) == set(leaves) and len(leaves) < len(wanted):
        given = {code: sum(given[leaf] for leaf in framework.leaves_below(code)) for code in wanted}
    missing = [code for code in wanted if code not in given]
    unknown = [str(code) for code in given if code not in set(wanted)]
    bad = [str(code) for code, weight in given.items() if not 0 <= weight < np.inf]
    doubled = series.index[series.index.duplicated()].unique()
    if missing or unknown or bad or len(doubled):
        raise TableError(
            f"weights: missing {some(missing) or 'none'}; unknown {some(unknown) or 'none'}; "
            f"negative or not a number {some(bad) or 'none'}; doubled {some(doubled) or 'none'}. Expected one weight "
            "of 0 or more for each node below the root." + (did_you_mean(missing[0], unknown) if missing else ""),
            zh=f"weights：{faults_zh({'缺少': missing, '未知': unknown, '为负或不是数': bad, '重复': doubled})}。"
            f"根节点之下的每个节点应有一个不小于 0 的权重。{meant_zh(missing[0], unknown) if missing else ''}",
        )
    local = {framework.root: 1.0}
    for parent in framework.nodes[len(leaves) :]:
        children = framework.children(parent)
        total = sum(given[child] for child in children)
        if not total > 0:
            raise TableError(
                f"weights: {some(children)}, the children of {parent!r}, all weigh 0; expected at least one above 0.",
                zh=f"weights：{parent!r} 之下各项 {some_zh(children)} 的权重全为 0，至少应有一个大于 0。",
            )
        local |= {child: given[child] / total for child in children}
    return pd.Series(local, name="local").loc[list(framework.nodes)]
