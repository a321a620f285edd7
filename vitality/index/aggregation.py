"""From normalised indicators and weights to the scores of every node of the tree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.errors import MethodError, TableError, did_you_mean, some
from vitality.index.kernels import aggregate_nodes, coverage_of_nodes, plan_of
from vitality.index.method import Aggregation
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.framework import Framework

__all__ = ["aggregate", "enough", "local_weights"]


def aggregate(
    normalised: pd.DataFrame,
    weights: pd.DataFrame | pd.Series,
    framework: Framework,
    *,
    aggregation: str | Mapping[str, str] = "arithmetic",
    minimum_coverage: float = 2 / 3,
    floor: float = 1.0,
) -> pd.DataFrame:
    """Add indicators up to groups, dimensions and the index.

    Every node is a weighted mean of its children. A gap gives its weight to the siblings that have a value,
    at every level, so that the index uses all that was observed; a node is shown only if at least
    `minimum_coverage` of the indicators below it were observed, counted without weights.

    Parameters
    ----------
    normalised : DataFrame, shape (n_units, n_indicators)
        0 to 100, one column an indicator of the framework, in any order; NaN where not observed.
    weights : DataFrame or Series
        Over every node below the root: a DataFrame with the column ``local``, or a Series of local weights.
        A Series over the indicators alone holds global weights. Any scale; matched by name.
    framework : Framework
        The tree.
    aggregation : {"arithmetic", "geometric", "harmonic"} or mapping
        One mean for all, or a mean by the level of the parent; a level left out is arithmetic.
    minimum_coverage : float
        Above 0, up to 1.
    floor : float
        Lowest value that a geometric or harmonic mean takes in.

    Returns
    -------
    DataFrame, shape (n_units, n_nodes)
        0 to 100; columns in the order of `Framework.nodes`, the root last; NaN below the minimum coverage.

    Raises
    ------
    TableError
        If an indicator is missing or unknown, or the weights do not fit.
    MethodError
        If a mean or a level does not exist.

    Examples
    --------
    >>> from vitality.framework import framework_from_table
    >>> tree = framework_from_table(pd.DataFrame({
    ...     "code": ["V", "a", "b"], "parent": ["", "V", "V"], "weight": [1, 3, 1]}))
    >>> normalised = pd.DataFrame({"a": [80.0], "b": [40.0]}, index=["云溪街道"])
    >>> float(aggregate(normalised, tree.weights(), tree).at["云溪街道", "V"])
    70.0
    """
    for mean in [aggregation] if isinstance(aggregation, str) else aggregation.values():
        choose("aggregation", mean, get_args(Aggregation))
    if not 0 < minimum_coverage <= 1:
        raise MethodError(f"minimum_coverage={minimum_coverage!r}; expected a share above 0 and up to 1.")
    leaves = list(framework.leaves)
    wrong = sorted({*leaves} ^ {*map(str, normalised.columns)})
    if wrong or normalised.columns.has_duplicates:
        raise TableError(
            f"normalised: {some(wrong or normalised.columns[normalised.columns.duplicated()])} "
            f"missing, unknown or doubled; expected one column for each of the {len(leaves)} "
            f"indicators of framework {framework.name!r}.{did_you_mean(wrong[0], leaves) if wrong else ''}"
        )
    plan = plan_of(framework, aggregation)
    values = normalised[leaves].to_numpy(dtype=float)
    local = local_weights(weights, framework).to_numpy()
    scores = aggregate_nodes(values[None], local[None], plan, floor=floor)[0]
    coverage = coverage_of_nodes(~np.isnan(values), plan)
    scores[~enough(coverage, minimum_coverage)] = np.nan
    return pd.DataFrame(scores, index=normalised.index, columns=list(framework.nodes))


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
    series = weights["local"] if isinstance(weights, pd.DataFrame) else weights
    series = series.drop(index=framework.root, errors="ignore").astype(float)
    wanted, leaves = framework.nodes[:-1], framework.leaves
    given = dict(zip(series.index.tolist(), series.tolist()))
    if set(given) == set(leaves) and len(leaves) < len(wanted):
        given = {code: sum(given[leaf] for leaf in framework.leaves_below(code)) for code in wanted}
    missing = [code for code in wanted if code not in given]
    unknown = [str(code) for code in given if code not in set(wanted)]
    bad = [str(code) for code, weight in given.items() if not 0 <= weight < np.inf]
    if missing or unknown or bad or series.index.has_duplicates:
        raise TableError(
            f"weights: missing {some(missing) or 'none'}; unknown {some(unknown) or 'none'}; "
            f"negative or not a number {some(bad) or 'none'}; doubled "
            f"{some(series.index[series.index.duplicated()].unique()) or 'none'}. Expected one weight "
            "of 0 or more for each node below the root." + (did_you_mean(missing[0], unknown) if missing else "")
        )
    local = {framework.root: 1.0}
    for parent in framework.nodes[len(leaves) :]:
        children = framework.children(parent)
        total = sum(given[child] for child in children)
        if not total > 0:
            raise TableError(
                f"weights: {some(children)}, the children of {parent!r}, all weigh 0; expected at least one above 0."
            )
        local |= {child: given[child] / total for child in children}
    return pd.Series(local, name="local").loc[list(framework.nodes)]
