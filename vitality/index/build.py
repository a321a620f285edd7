"""`build_index`: the public steps in their order; `rebuild`: the same with other choices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vitality.errors import MethodError, did_you_mean, some
from vitality.index import warning_texts
from vitality.index.aggregation import aggregate, enough
from vitality.index.imputation import impute
from vitality.index.kernels import coverage_of_nodes, plan_of
from vitality.index.matrix import attributes_of, checked_matrix
from vitality.index.method import DEFAULT_METHOD, Method
from vitality.index.result import IndexResult
from vitality.index.scaling import count_clipped, fit_scale, map_intervals, normalise, rank_scores
from vitality.index.treatment import treat
from vitality.index.weighting import index_weights

if TYPE_CHECKING:
    from vitality.framework import Framework

__all__ = ["build_index", "rebuild"]


def build_index(
    matrix: pd.DataFrame,
    framework: Framework,
    method: Method = DEFAULT_METHOD,
    *,
    units: pd.DataFrame | None = None,
) -> IndexResult:
    """Build the index: complete, treat, normalise, weigh, aggregate; keep every step.

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
    matrix = checked_matrix(matrix, framework)
    index = pd.MultiIndex.from_tuples(matrix.index.tolist(), names=matrix.index.names)
    attributes = attributes_of(units, index)
    group = _group(method, attributes, units) if method.imputation.startswith("group") else None
    completed = impute(matrix, method=method.imputation, group=group)
    treated = completed if method.treatment == "none" else treat(completed).matrix
    scale, normalised, clipped = _normalised(treated, framework, method)
    weights, cautions = index_weights(method.weighting, normalised, framework)
    scores = aggregate(
        normalised,
        weights,
        framework,
        aggregation=method.aggregation,
        minimum_coverage=method.minimum_coverage,
        floor=method.floor,
    )
    plan = plan_of(framework)
    observed = coverage_of_nodes(matrix.notna().to_numpy(), plan)
    if method.imputation != "none":
        scores = _screened(scores, observed, method.minimum_coverage, plan.n_leaves)
    coverage = pd.DataFrame(observed, index=matrix.index, columns=scores.columns)
    found = [
        *cautions,
        *warning_texts.about_coverage(coverage, framework.root, method.minimum_coverage),
        *warning_texts.about_gaps(matrix, completed),
        *warning_texts.about_indicators(normalised),
        *warning_texts.about_scale(clipped, int(normalised.notna().to_numpy().sum())),
        *warning_texts.about_floor(scores, framework, method),
        *warning_texts.about_units(units, attributes),
    ]
    return IndexResult(
        framework=framework,
        method=method,
        matrix=matrix,
        completed=completed,
        treated=treated,
        scale=scale,
        normalised=normalised,
        weights=weights,
        scores=scores,
        units=attributes,
        coverage=coverage,
        clipped=clipped,
        cautions=tuple(found),
    )


def rebuild(result: IndexResult, **changes: Any) -> IndexResult:
    """Build the index again from the same matrix, with some choices changed.

    Parameters
    ----------
    result : IndexResult
    **changes
        Options of `Method`; ``framework`` for another one over the same indicators, such as
        ``result.framework.with_weights(...)``.

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
    framework = changes.pop("framework", result.framework)
    method = Method(**{**{name: getattr(result.method, name) for name in Method.model_fields}, **changes})
    units = result.units if len(result.units.columns) else None
    return build_index(result.matrix, framework, method, units=units)


def _normalised(
    treated: pd.DataFrame, framework: Framework, method: Method
) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    scale = fit_scale(treated, framework, method)
    if method.normalisation == "rank":
        within = method.reference == "each"
        if not within and method.reference not in ("framework", "all"):
            raise MethodError(
                "normalisation='rank' places units among each other, and "
                f"reference={method.reference!r} gives no place to those of other rounds. Choose "
                "reference='all' or 'each'."
            )
        none = pd.Series(0, index=treated.columns, name="clipped")
        return scale, rank_scores(treated, framework, within_rounds=within), none
    clipped = count_clipped(map_intervals(treated, framework, clip=False), scale)
    return scale, normalise(map_intervals(treated, framework), scale), clipped


def _group(method: Method, attributes: pd.DataFrame, units: pd.DataFrame | None) -> pd.Series:
    if method.group not in attributes.columns:
        found = [str(column) for column in attributes.columns]
        has = f"they have {some(found)}" if found else "none were given"
        raise MethodError(
            f"group={method.group!r} is no attribute of the units; {has}."
            f"{did_you_mean(str(method.group), found)} Pass units= with that column to build_index."
        )
    return attributes[str(method.group)]


def _screened(scores: pd.DataFrame, observed: np.ndarray, minimum: float, n_leaves: int) -> pd.DataFrame:
    """Take away the scores of nodes above the indicators for units of which too little was observed."""
    keep = enough(observed, minimum) | enough(observed[:, [-1]], minimum)
    keep[:, :n_leaves] = True
    return scores.where(keep)
