"""Do staffing, funding and venues go with vitality? Associations that are guarded, tested and counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.analysis.correlation import (
    estimate_correlation,
    fisher_interval,
    permutation_p,
)
from vitality.analysis.coupling import coupling
from vitality.analysis.multiplicity import ADJUSTMENTS, adjust_p
from vitality.analysis.pairing import Sides, align, design_of
from vitality.errors import MethodError, some
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.framework import Framework, Lang
    from vitality.index import IndexResult

__all__ = ["COLUMNS", "METHODS", "correlate_resources"]

METHODS = ("spearman", "pearson", "kendall")
COLUMNS = (
    "resource", "node", "n", "estimate", "low", "high", "p", "p_adjusted", "method", "coupled", "note",
)  # fmt: skip
#: Complete pairs below which nothing is computed.
FEWEST = 5

NOTES: dict[str, tuple[str, str]] = {
    "few": ("完整数据不足{fewest}对", "fewer than {fewest} complete pairs"),
    "constant": ("资源取值全部相同", "the resource is the same everywhere"),
    "flat_node": ("得分全部相同", "the score is the same everywhere"),
    "collinear": ("资源或得分完全由控制变量决定", "the controls determine the resource or the score"),
    "perfect": ("完全相关，无法给出区间", "a perfect correlation has no interval"),
    "alone": ("每层只有一个单位，无法置换", "every stratum has one unit, so that nothing can be permuted"),
    "unknown": (
        "框架没有说明这项资源，未能核查是否同源",
        "the framework does not describe this resource: coupling could not be checked",
    ),
    "lacking": ("下列单位没有资源资料：{units}", "no resources for {units}"),
    "round": ("只用{round}轮", "round {round} only"),
}


def correlate_resources(
    result: IndexResult,
    resources: pd.DataFrame,
    *,
    nodes: Sequence[str] | None = None,
    method: str = "spearman",
    control: Sequence[str] = (),
    within: str | pd.Series | None = None,
    adjust: str = "holm",
    level: float = 0.95,
    permutations: int = 9999,
    seed: int,
    allow_coupled: bool = False,
    round: str | None = None,
    lang: Lang = "zh",
) -> pd.DataFrame:
    """Associate every resource with the index and its dimensions.

    A pair that shares a part (see `coupling`) is refused: its row has no numbers and says why. Of several
    rounds only one is used, because the same unit in two rounds is not two pieces of evidence.

    Parameters
    ----------
    result : IndexResult
        Its scores are the other side.
    resources : DataFrame, shape (n_units, n_resources)
        Index (unit, round) or unit; numbers, NaN where not known. Every column is tested but those that are
        controls or strata, here or in the framework; so the table of controls may be joined to it.
    nodes : sequence of str, optional
        Codes of nodes; the root and the dimensions by default.
    method : {"spearman", "pearson", "kendall"}
        Kendall's is tau-b.
    control : sequence of str
        Up to three columns of `resources` or of the units' attributes that are held constant: correlation of
        the residuals, for ``spearman`` of the ranks. Categories enter as such. Not with ``kendall``.
    within : str or Series, optional
        Strata, such as the district: units are permuted only among their own, so that p is about what goes
        together inside them; the estimate stays that over all units.
    adjust : {"holm", "benjamini_hochberg", "none"}
        ``holm``: a family is all tests of the same node that were computed. ``benjamini_hochberg``: all tests
        of the table that were computed.
    level : float
        Of the intervals, between 0 and 1.
    permutations : int
        p is (b + 1) / (permutations + 1), two-sided.
    seed : int
        The same seed gives the same p for a pair, whatever else is in the table.
    allow_coupled : bool
        Compute refused pairs all the same; their rows stay marked.
    round : str, optional
        Round of the index; the latest (last in sorting order) by default.
    lang : {"zh", "en"}
        Language of the notes.

    Returns
    -------
    DataFrame, one row a pair, node by node
        ``resource``, ``node``, ``n`` (complete pairs), ``estimate`` (-1 to 1), ``low``, ``high``, ``p``,
        ``p_adjusted``, ``method``, ``coupled`` (bool), ``note`` (why there is no number, and cautions; ""
        otherwise). ``attrs`` holds round, level, adjust, permutations, seed, control, within and the number
        of tests. A resource or score that is constant, fewer than five complete pairs, or a control that
        determines a side give NaN and a note.

    Raises
    ------
    MethodError
        If an option is not among its choices, or a control, the strata or the round are not to be found.
    TableError
        If index and resources have no unit in common, or a column holds text.

    Notes
    -----
    Intervals are Fisher's z with the variances of Bonett and Wright (2000). With 24 units a true correlation
    of about 0.56 is needed to be seen with 80 % power; an association is no influence.

    Examples
    --------
    >>> from vitality.framework import framework_from_table
    >>> from vitality.index import build_index
    >>> tree = framework_from_table(pd.DataFrame({
    ...     "code": ["V", "a"], "parent": ["", "V"], "worst": [None, 0], "best": [None, 10]}))
    >>> result = build_index(pd.DataFrame({"a": [1.0, 2, 3, 4, 5, 6]}, index=list("uvwxyz")), tree)
    >>> staff = pd.DataFrame({"staff": [1.0, 2, 2, 5, 4, 9]}, index=list("uvwxyz"))
    >>> row = correlate_resources(result, staff, seed=1, lang="en").iloc[0]
    >>> round(float(row["estimate"]), 3), round(float(row["low"]), 2), row["note"][:13]
    (0.928, 0.28, 'the framework')
    """
    choose("method", method, METHODS)
    choose("adjust", adjust, ADJUSTMENTS)
    _check_numbers(level, permutations)
    if method == "kendall" and len(control):
        raise MethodError("control= goes with method='spearman' or 'pearson'; kendall has no partial form here.")
    framework = result.framework
    default = (framework.root, *framework.levels.get("dimension", ()))
    chosen = default if nodes is None else ([nodes] if isinstance(nodes, str) else list(nodes))
    for node in chosen:
        framework.node(node)
    sides = align(result, resources, control=control, within=within, round=round)
    rows = _rows(framework, sides, list(chosen), method, level, allow_coupled, lang)
    _test(rows, sides, method=method, permutations=permutations, seed=seed)
    table = pd.DataFrame([{name: row.get(name, np.nan) for name in COLUMNS} for row in rows], columns=list(COLUMNS))
    table = table.astype(dict.fromkeys(("estimate", "low", "high", "p", "p_adjusted"), float))
    families = table["node"] if adjust == "holm" else pd.Series("all", index=table.index)
    for _, family in table.groupby(families, sort=False):
        table.loc[family.index, "p_adjusted"] = adjust_p(family["p"], method=adjust)
    notes = _general_notes(sides, several=len(result.rounds) > 1, lang=lang)
    table["note"] = [_joined([*row["notes"], *notes], lang) for row in rows]
    table.attrs = {
        "round": sides.round,
        "level": level,
        "adjust": adjust,
        "family": "node" if adjust == "holm" else "table",
        "permutations": permutations,
        "seed": seed,
        "control": list(sides.controls.columns),
        "within": within if within is None or isinstance(within, str) else str(within.name),
        "tests": int(table["p"].notna().sum()),
    }
    return table


def _check_numbers(level: float, permutations: int) -> None:
    if not 0 < level < 1:
        raise MethodError(f"level={level!r}; expected a number between 0 and 1, such as 0.95.")
    if permutations < 1:
        raise MethodError(f"permutations={permutations!r}; expected at least 1, such as 9999.")


def _rows(
    framework: Framework,
    sides: Sides,
    nodes: list[str],
    method: str,
    level: float,
    allow_coupled: bool,
    lang: Lang,
) -> list[dict[str, Any]]:
    """One row a pair, with everything but p."""
    described = {*framework.leaves, *(item.code for item in framework.resources)}
    rows = []
    for node in nodes:
        for name in map(str, sides.resources.columns):
            there = _complete(sides, name, node)
            row: dict[str, Any] = {
                "resource": name,
                "node": node,
                "n": int(there.sum()),
                "method": method if sides.controls.empty else f"partial_{method}",
                "coupled": False,
                "notes": [],
            }
            rows.append(row)
            reason = coupling(framework, name, node)
            if reason is not None:
                row["coupled"] = True
                row["notes"].append(reason.text(lang))
            elif name not in described:
                row["notes"].append(_note("unknown", lang))
            if reason is None or allow_coupled:
                _estimate(row, sides, there, method, level, lang)
    return rows


def _complete(sides: Sides, name: str, node: str) -> npt.NDArray[np.bool_]:
    there = sides.resources[name].notna() & sides.scores[node].notna()
    if not sides.controls.empty:
        there &= sides.controls.notna().all(axis=1)
    if sides.strata is not None:
        there &= sides.strata.notna()
    return there.to_numpy()


def _estimate(
    row: dict[str, Any], sides: Sides, there: npt.NDArray[np.bool_], method: str, level: float, lang: Lang
) -> None:
    x = sides.resources[row["resource"]].to_numpy()[there]
    y = sides.scores[row["node"]].to_numpy()[there]
    if len(x) < FEWEST:
        row["notes"].insert(0, _note("few", lang, fewest=FEWEST))
        return
    for side, problem in ((x, "constant"), (y, "flat_node")):
        if np.ptp(side) <= 1e-12 * max(np.abs(side).max(), 1e-300):
            row["notes"].insert(0, _note(problem, lang))
            return
    controls = design_of(sides.controls[there], ranks=method == "spearman")
    found = estimate_correlation(x, y, method, controls)
    if np.isnan(found):
        row["notes"].insert(0, _note("collinear", lang))
        return
    low, high = fisher_interval(found, len(x), method, level=level, n_controls=controls.shape[1])
    row |= {"estimate": found, "low": low, "high": high, "there": there, "design": controls}
    if abs(found) >= 1:
        row["notes"].append(_note("perfect", lang))
    if sides.strata is not None and sides.strata[there].value_counts().max() < 2:
        row["notes"].append(_note("alone", lang))
        del row["there"]


def _test(rows: list[dict[str, Any]], sides: Sides, *, method: str, permutations: int, seed: int) -> None:
    """Add p to the rows, all pairs over the same units together."""
    groups: dict[bytes, list[dict[str, Any]]] = {}
    for row in rows:
        if "there" in row:
            groups.setdefault(row["there"].tobytes(), []).append(row)
    for own in groups.values():
        there = own[0]["there"]
        names = list(dict.fromkeys(row["resource"] for row in own))
        nodes = list(dict.fromkeys(row["node"] for row in own))
        strata = None if sides.strata is None else sides.strata[there].astype("category").cat.codes
        p = permutation_p(
            sides.resources[names].to_numpy()[there],
            sides.scores[nodes].to_numpy()[there],
            method=method,
            permutations=permutations,
            seed=seed,
            controls=own[0]["design"] if own[0]["design"].shape[1] else None,
            strata=None if strata is None else strata.to_numpy(dtype=np.intp),
        )
        for row in own:
            row["p"] = p[names.index(row["resource"]), nodes.index(row["node"])]


def _note(key: str, lang: Lang, **values: object) -> str:
    return NOTES[key][0 if lang == "zh" else 1].format(**values)


def _general_notes(sides: Sides, *, several: bool, lang: Lang) -> list[str]:
    notes = []
    if sides.lacking:
        shown = "、".join(sides.lacking[:5]) if lang == "zh" else some(sides.lacking)
        more = f"等{len(sides.lacking)}个" if lang == "zh" and len(sides.lacking) > 5 else ""
        notes.append(_note("lacking", lang, units=shown + more))
    return [*notes, _note("round", lang, round=sides.round)] if several else notes


def _joined(notes: list[str], lang: Lang) -> str:
    return ("；" if lang == "zh" else "; ").join(note.rstrip("。.") for note in notes)
