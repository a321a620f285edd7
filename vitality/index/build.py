"""`build_index`: the public steps in their order; `rebuild`: the same with other choices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.index import warning_texts
from vitality.index.aggregation import enough, scores_of
from vitality.index.denomination import denominate
from vitality.index.inputs import require_framework, require_method, require_result
from vitality.index.kernels import Plan, coverage_of_nodes, plan_of
from vitality.index.matrix import attributes_of, checked_matrix
from vitality.index.means import rule_of
from vitality.index.method import DEFAULT_METHOD, Method
from vitality.index.result import IndexResult
from vitality.index.screening import screening_table
from vitality.index.stages import Stages

if TYPE_CHECKING:
    from vitality.framework import Framework

__all__ = ["build_index", "rebuild", "scores_under", "shown"]

Floats = npt.NDArray[np.float64]


def build_index(
    matrix: pd.DataFrame,
    framework: Framework,
    method: Method = DEFAULT_METHOD,
    *,
    units: pd.DataFrame | None = None,
    denominators: pd.DataFrame | None = None,
) -> IndexResult:
    """Build the index: denominate, complete, treat, normalise, weigh, aggregate; keep every step.

    Parameters
    ----------
    matrix : DataFrame, shape (n_units, n_indicators)
        Index (unit, round), or unit alone, which gets the round ""; one column for each indicator of the
        framework, in any order; natural units; NaN where not observed.
    framework : Framework
        The tree with directions, goalposts and weights. Weights from elsewhere (AHP, combined) come with
        ``framework.with_weights(...)``.
    method : Method
        Every choice.
    units : DataFrame, optional
        Attributes of the units (district, type), index unit or (unit, round).
    denominators : DataFrame, optional
        Sizes by which the indicators that name a ``denominator`` are divided first (see `denominate`); without
        them the matrix is taken as rates already.

    Returns
    -------
    IndexResult

    Raises
    ------
    TableError
        If the matrix does not fit the framework (missing, unknown or doubled columns, doubled units,
        infinite values, another index), or no scale can be found in it.
    FrameworkError
        If goalposts are needed and missing.
    MethodError
        If a choice does not fit these data: an unknown group, round or level.

    Notes
    -----
    Gaps: with ``imputation="none"`` a node has a score if at least ``minimum_coverage`` of the indicators
    below it were observed. With an imputation, units with at least that much observed get all their scores;
    a unit with less gets only those of the nodes that were observed enough. The warnings name the units
    without an index, and every indicator that was observed nowhere or does not differ.

    Examples
    --------
    >>> from vitality.framework import framework_from_table
    >>> tree = framework_from_table(pd.DataFrame({
    ...     "code": ["V", "a", "b"], "parent": ["", "V", "V"], "direction": ["", "benefit", "cost"],
    ...     "weight": [1, 3, 1], "worst": [None, 0, 80], "best": [None, 10, 20]}))
    >>> matrix = pd.DataFrame({"a": [5.0, 10.0], "b": [20.0, 80.0]}, index=["云溪街道", "青石镇"])
    >>> result = build_index(matrix, tree)
    >>> result.scores["V"].tolist(), result.ranks["V"].tolist()
    ([62.5, 75.0], [2, 1])
    """
    require_method(method)
    matrix = checked_matrix(matrix, framework)
    attributes = attributes_of(units, cast(pd.MultiIndex, matrix.index))
    denominated = matrix if denominators is None else denominate(matrix, framework, denominators)
    stages = Stages(denominated, framework, attributes)
    scale, normalised, clipped = stages.scaled(method)
    weights, cautions = stages.weights(method)
    plan = plan_of(framework, method.aggregation)
    scores, observed = scores_under(stages, method, weights["local"].to_numpy(), plan)
    table = pd.DataFrame(scores.T, index=matrix.index, columns=list(framework.nodes))
    coverage = pd.DataFrame(observed, index=matrix.index, columns=list(framework.nodes))
    screening = screening_table(denominated, method.minimum_coverage, method.maximum_zeros)
    treatment = stages.treatment(method)
    found = [
        *cautions,
        *(warning_texts.about_idle(weights) if method.weighting == "framework" else ()),
        *warning_texts.about_coverage(coverage, framework.root, method.minimum_coverage),
        *warning_texts.about_zeros(screening, method.maximum_zeros),
        *warning_texts.about_denominators(matrix, denominated),
        *warning_texts.about_gaps(denominated, stages.completed(method)),
        *warning_texts.about_treatment(treatment, method),
        *warning_texts.about_indicators(normalised),
        *warning_texts.about_scale(clipped, int(normalised.notna().to_numpy().sum()), clip=method.clip),
        *warning_texts.about_floor(table, framework, method),
        *warning_texts.about_units(units, attributes),
        *warning_texts.about_rounds(method, len(stages.rows_of_rounds)),
    ]
    return IndexResult(
        framework=framework,
        method=method,
        matrix=matrix,
        denominators=denominators,
        denominated=denominated,
        completed=stages.completed(method),
        treatment=treatment,
        treated=treatment.matrix,
        scale=scale,
        normalised=normalised,
        weights=weights,
        scores=table,
        units=attributes,
        coverage=coverage,
        screening=screening,
        clipped=clipped,
        cautions=tuple(found),
    )


def rebuild(result: IndexResult, **changes: Any) -> IndexResult:
    """Build the index again from the same matrix, with some choices changed.

    Parameters
    ----------
    result : IndexResult
    **changes
        Options of `Method`; ``framework`` for another one over the same indicators or some of them, such as
        ``result.framework.with_weights(...)`` or ``leave_out(result.framework, ["A11"])``.

    Raises
    ------
    MethodError
        If an option does not exist or is not among its choices.

    Examples
    --------
    >>> from vitality.framework import framework_from_table
    >>> tree = framework_from_table(pd.DataFrame({
    ...     "code": ["V", "a", "b"], "parent": ["", "V", "V"],
    ...     "worst": [None, 0, 0], "best": [None, 10, 10]}))
    >>> result = build_index(pd.DataFrame({"a": [2.5], "b": [10.0]}), tree)
    >>> other = rebuild(result, aggregation="geometric")
    >>> float(result.scores["V"].iloc[0]), round(float(other.scores["V"].iloc[0]), 9)
    (62.5, 50.0)
    """
    require_result(result)
    framework = require_framework(changes.pop("framework", result.framework))
    method = result.method.replace(**changes)
    matrix = result.matrix[list(framework.leaves)] if framework is not result.framework else result.matrix
    units = result.units if len(result.units.columns) else None
    return build_index(matrix, framework, method, units=units, denominators=result.denominators)


def scores_under(stages: Stages, method: Method, local: Floats, plan: Plan) -> tuple[Floats, Floats]:
    """Scores of every node, shape (n_nodes, n_units), and the share of its indicators that was observed."""
    values = stages.scaled(method).normalised.to_numpy(dtype=float).T
    groups = stages.rows_of_rounds if method.reference == "each" else None
    scores = scores_of(values, local, plan, rule_of(method, groups), minimum_coverage=method.minimum_coverage)
    observed = coverage_of_nodes(stages.matrix.notna().to_numpy(), plan)
    keep = shown(stages, method, observed)
    scores[plan.n_leaves :][~keep[:, plan.n_leaves :].T] = np.nan
    return scores, observed


def shown(stages: Stages, method: Method, observed: Floats) -> npt.NDArray[np.bool_]:
    """Which nodes were observed enough for a score, shape (n_units, n_nodes).

    With an imputation a unit that was observed enough gets all its scores; another one gets those of the
    nodes that were. A unit with too many zeros gets none.
    """
    keep = enough(observed, method.minimum_coverage)
    if method.imputation != "none":
        keep = keep | keep[:, [-1]]
    if method.maximum_zeros < 1:
        table = screening_table(stages.matrix, method.minimum_coverage, method.maximum_zeros)
        keep = keep & (table["reason"] != "zeros").to_numpy()[:, None]
    return keep
