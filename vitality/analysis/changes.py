"""Two rounds: whether vitality changed, for whom, and whether that goes with the change in a resource."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.analysis.associations import FEWEST, Settings, associate_pairs
from vitality.analysis.guard import Pair, guarded_pairs, scores_without
from vitality.analysis.multiplicity import adjust_p
from vitality.analysis.notes import joined, listed, note
from vitality.analysis.pairing import Compared, align_changes, two_rounds
from vitality.analysis.phrases import CHANGE
from vitality.analysis.refusals import bad_level, is_share
from vitality.analysis.resources import check_ways, chosen_nodes
from vitality.errors import MethodError, did_you_mean, meant_zh, some, some_zh

if TYPE_CHECKING:
    from vitality.framework import Lang
    from vitality.index import IndexResult

__all__ = ["associate_changes", "regression_to_mean", "summarise_changes"]

Floats = npt.NDArray[np.float64]
#: Units up to which every pattern of signs is tried.
ENUMERATED_UNITS = 15


def associate_changes(
    result: IndexResult,
    resources: pd.DataFrame,
    *,
    rounds: tuple[str, str] | None = None,
    nodes: Sequence[str] | None = None,
    method: str = "spearman",
    control: Sequence[str] = (),
    within: str | pd.Series | None = None,
    hold_start: bool = False,
    adjust: str = "holm",
    level: float = 0.95,
    missing: str = "pairwise",
    permutations: int = 9999,
    bootstrap: int = 2000,
    seed: int,
    allow_coupled: bool = False,
    guard: str = "refuse",
    denominators: pd.DataFrame | None = None,
    lang: Lang = "zh",
) -> pd.DataFrame:
    """Associate the change of every resource with the change of the index: first differences.

    What is constant about a unit, measured or not, drops out of a difference. Two cautions remain. A unit with a
    low first score tends to rise by itself (regression to the mean), so that resources sent to low scorers seem
    to work; `hold_start` holds the first score constant. And what changed may have changed for a third reason.

    Parameters
    ----------
    result : IndexResult
        With at least two rounds, on one scale.
    resources : DataFrame, shape (n_units, n_resources)
        Index (unit, round).
    rounds : (str, str), optional
        The earlier and the later round; the last two by default.
    hold_start : bool
        Add the first score of the node to the controls.
    nodes, method, control, within, adjust, level, missing, permutations, bootstrap, seed, allow_coupled
        As in `correlate_resources`; controls and strata are those of the later round.
    guard : {"refuse", "leave_block_out", "counts"}
        As in `correlate_resources`; with ``counts`` the change of the (log) count is compared and the change of
        the log of the denominator joins the controls.
    denominators, lang
        As in `correlate_resources`; both rounds are needed.

    Returns
    -------
    DataFrame, one row a pair, node by node
        Columns of `correlate_resources`.

    Raises
    ------
    MethodError
        If there are not two rounds, or an option does not fit.
    TableError
        If the tables do not fit together.

    Examples
    --------
    >>> from vitality.framework import framework_from_table
    >>> from vitality.index import build_index
    >>> tree = framework_from_table(pd.DataFrame({
    ...     "code": ["V", "a"], "parent": ["", "V"], "worst": [None, 0], "best": [None, 10]}))
    >>> pairs = pd.MultiIndex.from_product([["2023", "2024"], list("uvwxyz")], names=["round", "unit"])
    >>> result = build_index(pd.DataFrame({"a": [1.0, 2, 3, 4, 5, 6, 1, 3, 4, 6, 8, 9]}, index=pairs), tree)
    >>> staff = pd.DataFrame({"staff": [1.0, 1, 1, 1, 1, 1, 1, 2, 1, 2, 3, 4]}, index=pairs)
    >>> round(float(associate_changes(result, staff, seed=1).at[0, "estimate"]), 3)
    0.909
    """
    settings = Settings(method, adjust, missing, level, permutations, bootstrap, seed, lang)
    check_ways(method, [*control, "start"] if hold_start else control, guard)
    codes = chosen_nodes(result, nodes)
    compared = align_changes(
        result, resources, rounds=rounds, control=control, within=within, denominators=denominators
    )
    pairs = guarded_pairs(result, compared, codes, guard=guard, allow_coupled=allow_coupled, lang=lang)
    if hold_start:
        for pair in pairs:
            _hold_start(result, compared, pair)
    before, after = (view.round for view in compared.views)
    table = associate_pairs(pairs, compared.last.strata, settings, rounds=f"{before}{CHANGE}{after}")
    general = [note("change", lang, before=before, after=after)]
    lacking = tuple(dict.fromkeys(unit for view in compared.views for unit in view.lacking))
    if lacking:
        general.append(note("lacking", lang, units=listed(lacking, lang)))
    if hold_start:
        general.append(note("start_held", lang))
    table["note"] = [joined([text, *general] if text else general, lang) for text in table["note"]]
    table.attrs |= {
        "rounds": (before, after),
        "control": [*compared.last.controls.columns, *(["start"] if hold_start else [])],
        "within": within if within is None or isinstance(within, str) else str(within.name),
        "guard": guard,
    }
    return table


def _hold_start(result: IndexResult, compared: Compared, pair: Pair) -> None:
    first = compared.views[0]
    scores = scores_without(result, pair.node, pair.left_out) if pair.left_out else result.scores[pair.node]
    start = scores.xs(first.round, level="round").reindex(first.scores.index)
    pair.controls = pair.controls.assign(start=start)


def summarise_changes(
    result: IndexResult,
    *,
    by: str | None = None,
    node: str | None = None,
    rounds: tuple[str, str] | None = None,
    level: float = 0.95,
    permutations: int = 9999,
    seed: int,
    lang: Lang = "zh",
) -> pd.DataFrame:
    """Say whether a score changed between two rounds, for all units and for each group of them.

    Parameters
    ----------
    result : IndexResult
        With at least two rounds, on one scale.
    by : str, optional
        Attribute of the units, such as the district, for whose groups the change is told as well.
    node : str, optional
        The root by default.
    rounds : (str, str), optional
        The earlier and the later round; the last two by default.
    level : float
        Of the intervals.
    permutations : int
        Random patterns of signs; with at most 15 units all patterns are tried.
    seed : int
    lang : {"zh", "en"}
        Language of the notes.

    Returns
    -------
    DataFrame, one row for all units ("") and one a group
        ``group``, ``n`` (units in both rounds), ``before``, ``after`` (means), ``change`` (mean difference, points),
        ``low``, ``high`` (t interval), ``p`` (signs of the differences flipped, two-sided), ``p_adjusted`` (Holm
        over the groups; the row for all is on its own), ``rose``, ``fell`` (units), ``rounds``, ``level``,
        ``note``. A group below five units has no p. The units are a census: p asks whether their ups and downs
        are more than an even game.

    Raises
    ------
    MethodError
        If there are not two rounds, or the attribute is not to be found.

    Examples
    --------
    >>> from vitality.framework import framework_from_table
    >>> from vitality.index import build_index
    >>> tree = framework_from_table(pd.DataFrame({
    ...     "code": ["V", "a"], "parent": ["", "V"], "worst": [None, 0], "best": [None, 10]}))
    >>> pairs = pd.MultiIndex.from_product([["2023", "2024"], list("uvwxyz")], names=["round", "unit"])
    >>> result = build_index(pd.DataFrame({"a": [1.0, 2, 3, 4, 5, 6, 2, 3, 4, 5, 6, 7]}, index=pairs), tree)
    >>> row = summarise_changes(result, seed=1).iloc[0]
    >>> float(row["change"]), float(row["p"])  # six units all rose: 2 of 2^6 patterns
    (10.0, 0.03125)
    """
    if not is_share(level):
        raise bad_level(level)
    before, after = _both(result, node, rounds)
    groups = [("", before.index)]
    if by is not None:
        kinds = _attribute(result, by, two_rounds(result, rounds)[1]).reindex(before.index)
        groups += [(str(kind), kinds.index[kinds == kind]) for kind in sorted(kinds.dropna().unique(), key=str)]
    rows = [
        _change_row(name, before[units].to_numpy(), after[units].to_numpy(), level, permutations, seed, lang)
        for name, units in groups
    ]
    table = pd.DataFrame(rows)
    own = table["group"] != ""
    table["p_adjusted"] = table["p"]
    table.loc[own, "p_adjusted"] = adjust_p(table.loc[own, "p"])
    table["rounds"], table["level"] = CHANGE.join(two_rounds(result, rounds)), level
    columns = ["group", "n", "before", "after", "change", "low", "high", "p", "p_adjusted", "rose", "fell"]
    table = table[[*columns, "rounds", "level", "note"]]
    table.attrs = {"rounds": two_rounds(result, rounds), "level": level, "by": by, "seed": seed}
    return table


def _both(result: IndexResult, node: str | None, rounds: tuple[str, str] | None) -> tuple[pd.Series, pd.Series]:
    """Scores of the units that have one in both rounds."""
    code = result.framework.root if node is None else node
    result.framework.node(code)
    first, second = (result.scores[code].xs(name, level="round") for name in two_rounds(result, rounds))
    table = pd.concat([first, second], axis=1, join="inner").dropna()
    return table.iloc[:, 0], table.iloc[:, 1]


def _attribute(result: IndexResult, by: str, name: str) -> pd.Series:
    if by not in result.units.columns:
        known = [str(column) for column in result.units.columns]
        raise MethodError(
            f"by={by!r} is no attribute of the units.{did_you_mean(by, known)} There are {some(known) or 'none'}.",
            zh=f"by={by!r} 不是单位的属性。{meant_zh(by, known)}现有{some_zh(known) or '无'}。",
        )
    return result.units[by].xs(name, level="round")


def _change_row(
    group: str, before: Floats, after: Floats, level: float, permutations: int, seed: int, lang: Lang
) -> dict[str, object]:
    change, n = after - before, len(before)
    row: dict[str, object] = {
        "group": group,
        "n": n,
        "before": before.mean() if n else np.nan,
        "after": after.mean() if n else np.nan,
        "change": change.mean() if n else np.nan,
        "low": np.nan,
        "high": np.nan,
        "p": np.nan,
        "rose": int((change > 1e-9).sum()),
        "fell": int((change < -1e-9).sum()),
        "note": "",
    }
    if n < FEWEST:
        return row | {"note": note("few_both", lang, fewest=FEWEST)}
    reach = _t_reach(change.std(ddof=1), n, level)
    return row | {
        "low": change.mean() - reach,
        "high": change.mean() + reach,
        "p": _sign_flip_p(change, permutations, seed),
    }


def _sign_flip_p(change: Floats, permutations: int, seed: int) -> float:
    n = len(change)
    observed = abs(change.sum()) - 1e-9 * max(np.abs(change).sum(), 1e-300)
    if n <= ENUMERATED_UNITS:
        signs = 1 - 2 * ((np.arange(2**n)[:, None] >> np.arange(n)) & 1)
        return float((np.abs(signs @ change) >= observed).mean())
    beyond = 0
    generator = np.random.default_rng(seed)
    rows = max(1, 2_000_000 // n)
    for start in range(0, permutations, rows):
        signs = 1 - 2 * generator.integers(0, 2, size=(min(rows, permutations - start), n))
        beyond += int((np.abs(signs @ change) >= observed).sum())
    return (beyond + 1) / (permutations + 1)


def regression_to_mean(
    result: IndexResult,
    *,
    node: str | None = None,
    rounds: tuple[str, str] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Compare the change of low, middle and high starters with what chance alone would make.

    Scores are partly luck. With correlation r between the rounds and nothing else going on, a unit that starts d
    points from the mean is expected to end at r d (at equal spread): low starters rise, high starters fall [1]_.

    Returns
    -------
    DataFrame, one row a third of the units by their first score
        ``start`` (``low``, ``middle``, ``high``), ``n``, ``before``, ``after``, ``change`` (means, points), ``low``,
        ``high`` (t interval of the change), ``expected`` (change by regression to the mean alone, with the mean
        change of all), ``beyond`` (change less expected), ``correlation`` (between the rounds), ``spread_before``,
        ``spread_after`` (standard deviations over all units: where they differ by much, part of ``beyond`` is
        that the units drew apart or together), ``rounds``, ``level``. Empty below six units.

    Raises
    ------
    MethodError
        If there are not two rounds.

    References
    ----------
    .. [1] Barnett, A. G., van der Pols, J. C. & Dobson, A. J. (2005). Regression to the mean: what it is and how
       to deal with it. International J. Epidemiology 34, 215-220.
    """
    if not is_share(level):
        raise bad_level(level)
    before, after = _both(result, node, rounds)
    columns = ["start", "n", "before", "after", "change", "low", "high", "expected", "beyond", "correlation"]
    columns += ["spread_before", "spread_after", "rounds", "level"]
    table = pd.DataFrame(columns=columns)
    if len(before) >= 6 and before.std() > 1e-9 and after.std() > 1e-9:
        r = float(np.corrcoef(before, after)[0, 1])
        third = np.ceil(3 * before.rank(method="first") / len(before)).astype(int)
        parts = pd.DataFrame({"before": before, "after": after, "change": after - before}).groupby(third)
        table = parts.mean().assign(start=["low", "middle", "high"], n=parts.size(), correlation=r)
        table = table.assign(spread_before=before.std(), spread_after=after.std(), level=level)
        table["rounds"] = CHANGE.join(two_rounds(result, rounds))
        reach = _t_reach(parts["change"].std(), table["n"], level)
        table["low"], table["high"] = table["change"] - reach, table["change"] + reach
        table["expected"] = (after - before).mean() + (r - 1) * (table["before"] - before.mean())
        table["beyond"] = table["change"] - table["expected"]
        table = table[columns].reset_index(drop=True)
    return table


def _t_reach(spread: pd.Series | float, n: pd.Series | int, level: float) -> pd.Series | float:
    """Half the length of the t interval of a mean."""
    from scipy.special import stdtrit

    return stdtrit(n - 1, (1 + level) / 2) * spread / np.sqrt(n)
