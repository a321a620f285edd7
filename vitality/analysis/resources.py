"""Do staffing, funding and venues go with vitality? Associations that are guarded, tested and counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from vitality.analysis.associations import COLUMNS, METHODS, Settings, associate_pairs
from vitality.analysis.guard import GUARDS, guarded_pairs
from vitality.analysis.notes import joined, listed, note
from vitality.analysis.pairing import Compared, align
from vitality.errors import MethodError, TableError
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.framework import Lang
    from vitality.index import IndexResult

__all__ = ["COLUMNS", "METHODS", "check_ways", "chosen_nodes", "correlate_resources"]


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
    missing: str = "pairwise",
    permutations: int = 9999,
    bootstrap: int = 2000,
    seed: int,
    allow_coupled: bool = False,
    guard: str = "refuse",
    denominators: pd.DataFrame | None = None,
    round: str | None = None,
    lang: Lang = "zh",
) -> pd.DataFrame:
    """Associate every resource with the index and its dimensions.

    A pair that shares a part (see `coupling`) is refused: its row has no numbers and says why, unless `guard`
    names one of the right ways around it. Of several rounds only one is used, because the same unit in two
    rounds is not two pieces of evidence.

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
        Strata, such as the district. Estimate, intervals and p are then all about what goes together inside
        them: deviations from the mean (of the ranks) of the stratum are correlated, for ``kendall`` only pairs
        of units in the same stratum count, and units are permuted and drawn only among their own.
    adjust : {"holm", "benjamini_hochberg", "none"}
        ``holm``: a family is all tests of the same node that were computed. ``benjamini_hochberg``: all tests
        of the table that were computed.
    level : float
        Of the intervals, between 0 and 1.
    missing : {"pairwise", "listwise"}
        Whether each pair uses the units that are complete in it, or all pairs those that are complete in all
        of them (columns without any value do not count).
    permutations : int
        p is (b + 1) / (permutations + 1), two-sided; where there are at most 9! orders all of them are tried
        and p is exact. Kendall's p is counted exactly up to 50 units without ties, and is the normal
        approximation above 300 units.
    bootstrap : int
        Draws of the bootstrap intervals (see Notes); 0 for none.
    seed : int
        The same seed gives the same p for a pair, whatever else is in the table.
    allow_coupled : bool
        Compute refused pairs all the same; their rows stay marked.
    guard : {"refuse", "leave_block_out", "counts", "numerators"}
        What is done with a pair that shares a part. ``leave_block_out``: the node is scored without the
        indicators concerned. ``counts``: a ratio is turned back into a count (its log where no unit has 0)
        and the log of its denominator joins the controls. ``numerators``: the ratio stays and only its
        numerators are permuted, each divided by the unit's own denominator (see `numerator_test`); the
        estimate is still inflated and stays marked, p is not. With the last two, indicators that share
        anything but a denominator are left out as well.
    denominators : DataFrame, optional
        For the last two: the denominators by the names that the framework gives them, or the framework's
        controls that ask the same question; they are also looked for in `resources` and the attributes.
    round : str, optional
        Round of the index; the latest (last in sorting order) by default.
    lang : {"zh", "en"}
        Language of the notes.

    Returns
    -------
    DataFrame, one row a pair, node by node
        ``resource``, ``node``, ``n`` (complete pairs), ``estimate`` (-1 to 1), ``low``, ``high``, ``p``,
        ``p_adjusted``, ``method``, ``coupled`` (bool: what was compared shares a part), ``note`` (why there is
        no number, and cautions; "" otherwise), ``low_bootstrap``, ``high_bootstrap``, ``p_by``
        (``permutation``, ``exact``, ``numerators``, ``normal``), ``tests`` (in its family), ``guard`` (the way
        by which a coupled pair was compared; ``unchecked`` where the framework does not describe the resource),
        ``left_out`` (codes of indicators that the score then lacks), ``held`` (controls), ``within`` (strata),
        ``overall`` (the estimate over all units where there are strata; its sign may be another one), ``rounds``,
        ``level`` (of the intervals). ``attrs`` holds the choices, the number of tests,
        ``smallest_seen`` (the true correlation that this n shows with 80 % power in a single test) and
        ``smallest_seen_adjusted`` (the same for the first of its family). A resource or score that is
        constant, fewer than five complete pairs, or a control that determines a side give NaN and a note.

    Raises
    ------
    MethodError
        If an option is not among its choices, or a control, the strata or the round are not to be found.
    TableError
        If index and resources have no unit in common, or a column holds text.

    Notes
    -----
    ``low`` and ``high`` are Fisher's z with the variances of Bonett and Wright [1]_; the bootstrap intervals
    are bias-corrected and accelerated, drawn within the strata (see `bootstrap_intervals`). With 24 units a
    true correlation of about 0.56 is needed to be seen with 80 % power; an association is no influence.

    References
    ----------
    .. [1] Bonett, D. G. & Wright, T. A. (2000). Sample size requirements for estimating Pearson, Kendall and
       Spearman correlations. Psychometrika 65, 23-28.

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
    settings = Settings(method, adjust, missing, level, permutations, bootstrap, seed, lang)
    check_ways(method, control, guard)
    nodes = chosen_nodes(result, nodes)
    sides = align(result, resources, control=control, within=within, round=round, denominators=denominators)
    pairs = guarded_pairs(result, Compared((sides,)), nodes, guard=guard, allow_coupled=allow_coupled, lang=lang)
    table = associate_pairs(pairs, sides.strata, settings, rounds=sides.round)
    general = [note("lacking", lang, units=listed(sides.lacking, lang))] if sides.lacking else []
    if len(result.rounds) > 1:
        general.append(note("round", lang, round=sides.round))
    if general:
        table["note"] = [joined([text, *general] if text else general, lang) for text in table["note"]]
    table.attrs |= {
        "round": sides.round,
        "control": list(sides.controls.columns),
        "within": within if within is None or isinstance(within, str) else str(within.name),
        "guard": guard,
    }
    return table


def check_ways(method: str, control: Sequence[str], guard: str) -> None:
    """Refuse what Kendall's tau does not offer, and an unknown guard.

    Raises
    ------
    MethodError
    """
    choose("guard", guard, GUARDS)
    if method == "kendall" and (len(control) or guard == "counts"):
        option = "control=" if len(control) else "guard='counts'"
        raise MethodError(
            f"{option} goes with method='spearman' or 'pearson'; kendall has no partial form here.",
            zh=f"{option} 只与 method='spearman' 或 'pearson' 同用；'kendall' 在此没有偏相关。",
        )


def chosen_nodes(result: IndexResult, nodes: Sequence[str] | str | None) -> list[str]:
    """Give the nodes asked for, or the root and the dimensions.

    Raises
    ------
    TableError
        If `result` is no index.
    FrameworkError
        If the tree has no such node.
    """
    framework = getattr(result, "framework", None)
    if framework is None:
        raise TableError(
            f"result: found {type(result).__name__}; expected what build_index gives.",
            zh=f"指数结果 'result'：给出的是 {type(result).__name__}；应为 build_index 的结果。",
        )
    default = (framework.root, *framework.levels.get("dimension", ()))
    chosen = default if nodes is None else (nodes,) if isinstance(nodes, str) else nodes
    for node in chosen:
        framework.node(node)
    return list(dict.fromkeys(chosen))
