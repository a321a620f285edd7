"""Does the tree hang together? Correlations inside it, principal components of its dimensions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.analysis.associations import FEWEST, METHODS
from vitality.analysis.correlation import estimate_correlation, fisher_interval
from vitality.analysis.refusals import bad_level, is_share
from vitality.analysis.reliability import kmo
from vitality.errors import MethodError
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.framework import Framework, Lang
    from vitality.index import IndexResult

__all__ = [
    "FLAGS",
    "correlate_tree",
    "principal_components",
]

Floats = npt.NDArray[np.float64]

#: Flag -> Chinese and English.
FLAGS: dict[str, tuple[str, str]] = {
    "negative": ("与上级方向相反", "goes against its parent"),
    "weak": ("与上级关联很弱", "hardly goes with its parent"),
    "opposed": ("与同级方向相反", "goes against a sibling"),
    "redundant": ("与同级几乎重复", "is nearly the same as a sibling"),
}
#: Below this a node hardly goes with its parent; above the other two siblings are nearly the same.
WEAK, REDUNDANT = 0.3, 0.92


def correlate_tree(
    result: IndexResult, *, method: str = "spearman", level: float = 0.95, round: str | None = None
) -> pd.DataFrame:
    """Correlate every node with its parent and its siblings, and flag what does not fit.

    Parameters
    ----------
    result : IndexResult
    method : {"spearman", "pearson", "kendall"}
    level : float
        Of the intervals.
    round : str, optional
        The latest by default.

    Returns
    -------
    DataFrame, one row a pair, from the top of the tree
        ``node``, ``other``, ``relation`` (``parent`` or ``sibling``), ``n``, ``estimate``, ``low``, ``high``,
        ``flag``, ``method``, ``level``. A parent is scored without the node (else it would contain it); a node
        without siblings has no such row. Flags [1]_: ``negative`` (below 0, and the interval too) or ``weak``
        (below 0.3) with the parent, ``opposed`` or ``redundant`` (above 0.92) between siblings; "" otherwise. A
        weak indicator of a formative index is not a wrong one: it is a question to the framework. NaN below five
        units or without spread.

    Raises
    ------
    MethodError
        If an option or the round is unknown.

    References
    ----------
    .. [1] Becker, W. et al. (2022). COINr: an R package for developing composite indicators. JOSS 7(78), 4567.
    """
    from vitality.analysis.guard import scores_without
    from vitality.analysis.pairing import round_of

    choose("method", method, METHODS)
    if not is_share(level):
        raise bad_level(level)
    used = round_of(result, round)
    scores = result.scores.xs(used, level="round")
    rows = []
    for node, other, relation in _relations(result.framework):
        if relation == "parent":
            below = result.framework.leaves_below(node)
            whole = scores_without(result, other, below).xs(used, level="round").to_numpy()
        else:
            whole = scores[other].to_numpy()
        n, estimate, low, high = _correlated(scores[node].to_numpy(), whole, method, level)
        rows.append((node, other, relation, n, estimate, low, high, _flag(relation, estimate, low, high)))
    columns = ["node", "other", "relation", "n", "estimate", "low", "high", "flag"]
    table = pd.DataFrame(rows, columns=columns).assign(method=method, level=level)
    table.attrs = {"round": used}
    return table


def _relations(framework: Framework) -> Iterator[tuple[str, str, str]]:
    for parent in framework.nodes[::-1]:
        children = framework.children(parent)
        if len(children) > 1:
            yield from ((child, parent, "parent") for child in children)
        for place, child in enumerate(children):
            yield from ((child, other, "sibling") for other in children[place + 1 :])


def _correlated(x: Floats, y: Floats, method: str, level: float) -> tuple[int, float, float, float]:
    there = ~(np.isnan(x) | np.isnan(y))
    n = int(there.sum())
    if n < FEWEST or np.ptp(x[there]) <= 1e-9 or np.ptp(y[there]) <= 1e-9:
        return n, np.nan, np.nan, np.nan
    estimate = estimate_correlation(x[there], y[there], method)
    return n, estimate, *fisher_interval(estimate, n, method, level=level)


def _flag(relation: str, estimate: float, low: float, high: float) -> str:
    if np.isnan(estimate):
        return ""
    against = high < 0 if not np.isnan(high) else estimate < 0
    if relation == "parent":
        return "negative" if against else "weak" if estimate < WEAK else ""
    return "opposed" if against else "redundant" if estimate > REDUNDANT else ""


def principal_components(result: IndexResult, *, round: str | None = None, lang: Lang = "zh") -> pd.DataFrame:
    """Principal components of the indicators of each dimension, to see whether they point one way.

    Parameters
    ----------
    result : IndexResult
        Its normalised indicators, so that more is better throughout.
    round : str, optional
        The latest by default.
    lang : {"zh", "en"}
        Language of the notes.

    Returns
    -------
    DataFrame, one row an indicator, dimension by dimension
        ``dimension``, ``indicator``, ``n`` (units complete in the dimension), ``loading`` (correlation with the
        first component; its sign makes most of them positive), ``explained`` (share of variance of the first
        component, 0 to 1), ``components`` (with an eigenvalue above 1), ``kmo``, ``note``. An indicator without
        spread has NaN. Numbers are NaN with fewer than two indicators, or not more units than indicators; KMO
        is NaN, and the note says why, where `kmo` refuses.

    Raises
    ------
    MethodError
        If the round is unknown.
    """
    from vitality.analysis.pairing import round_of

    framework, used = result.framework, round_of(result, round)
    scores = pd.DataFrame(result.normalised.xs(used, level="round"))
    tops = framework.levels.get("dimension", (framework.root,))
    rows = [row for top in tops for row in _components(top, scores.loc[:, list(framework.leaves_below(top))], lang)]
    columns = ["dimension", "indicator", "n", "loading", "explained", "components", "kmo", "note"]
    return pd.DataFrame(rows, columns=columns)


def _components(top: str, scores: pd.DataFrame, lang: Lang) -> list[tuple[object, ...]]:
    complete = scores.dropna()
    varying = [code for code in scores if np.ptp(complete[code]) > 1e-9] if len(complete) else []
    n = len(complete)
    if len(varying) < 2 or n <= len(varying):
        why = (
            f"{n}个完整单位、{len(varying)}项有差异的指标；至少要两项指标，且单位多于指标"
            if lang == "zh"
            else f"{n} complete units for {len(varying)} varying indicators; expected two or more, and more units"
        )
        return [(top, code, n, np.nan, np.nan, pd.NA, np.nan, why) for code in scores]
    values, vectors = np.linalg.eigh(np.corrcoef(complete[varying].to_numpy(), rowvar=False))
    loading = vectors[:, -1] * np.sqrt(values[-1])
    loading = loading if loading.sum() >= 0 else -loading
    loadings = dict(zip(varying, loading.tolist()))
    try:
        adequacy, why = float(kmo(complete[varying])), ""
    except MethodError as refusal:
        adequacy, why = float("nan"), refusal.message(lang)
    explained, above = float(values[-1] / len(varying)), int((values > 1 + 1e-9).sum())
    return [(top, code, n, loadings.get(code, np.nan), explained, above, adequacy, why or "") for code in scores]
