"""Hundreds of organisations in towns: what goes with their scores, with the evidence of the towns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.analysis.coupling import code_of, coupling, known_names, reasons
from vitality.analysis.multiplicity import adjust_p
from vitality.analysis.notes import joined, listed, note
from vitality.analysis.random_intercept import (
    Fit,
    Groups,
    cluster_bootstrap,
    fit_random_intercept,
    intraclass_interval,
    variances,
)
from vitality.analysis.refusals import bad_draws, bad_level, is_share
from vitality.analysis.terms import TERM_NOTES, Term, independent, names_of, outcome_scores, side_by_side, terms_of
from vitality.errors import MethodError, TableError
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.framework import Framework, Lang

__all__ = ["MULTILEVEL_COLUMNS", "associate_multilevel", "variance_sentence"]

Floats = npt.NDArray[np.float64]
MULTILEVEL_COLUMNS = (
    "term", "role", "estimate", "low", "high", "standard_error", "df", "t", "p", "p_adjusted", "low_bootstrap",
    "high_bootstrap", "icc", "icc_empty", "icc_low", "icc_high", "n", "groups", "coupled", "guard", "level", "note",
)  # fmt: skip
FEWEST_GROUPS = 3


def associate_multilevel(
    outcome: pd.Series,
    resources: pd.DataFrame,
    *,
    group: str | pd.Series,
    fixed: Sequence[str] = (),
    controls: Sequence[str] = (),
    level: float = 0.95,
    bootstrap: int = 2000,
    seed: int = 0,
    framework: Framework | None = None,
    indicators: Sequence[str] | None = None,
    allow_coupled: bool = False,
    lang: Lang = "zh",
) -> pd.DataFrame:
    """Regress organisations' scores on resources, with a random intercept for the town.

    A resource that varies only between towns is judged by the number of towns, not of organisations: an
    ordinary regression over hundreds of organisations would find far too much.

    Parameters
    ----------
    outcome : Series
        Scores of organisations, index organisation.
    resources : DataFrame
        One row an organisation (index as `outcome`) or one row a group (index the groups' names, or (unit,
        round) of one round). Every numeric column that is not a control, factor or group is a resource; all of
        them are in one model.
    group : str or Series
        Town of each organisation: a column of `resources`, or a Series with the index of `outcome`.
    fixed : sequence of str
        Columns whose categories are fixed effects, such as the district and the type of organisation; each
        category but the first (in sorting order) is a term.
    controls : sequence of str
        Numeric columns that are held constant.
    level : float
        Of the intervals, between 0 and 1.
    bootstrap : int
        Draws of whole towns for the second interval; 0 for none.
    seed : int
        Of the bootstrap.
    framework : Framework, optional
        With it the guard is on: a column, or block of resources, that shares a part with an indicator of the
        outcome (see `coupling`) is refused, and a resource that the framework does not describe has ``unchecked``
        in the column ``guard``. `organisation_scores` can leave such indicators out.
    indicators : sequence of str, optional
        Indicators that the outcome is made of; by default those that `organisation_scores` says.
    allow_coupled : bool
        Take refused resources into the model all the same; their rows stay marked.
    lang : {"zh", "en"}
        Language of the notes.

    Returns
    -------
    DataFrame, one row a term
        ``term``, ``role`` (``intercept``, ``resource``, ``control``, ``fixed``), ``estimate`` (points of the
        outcome for one unit of the term), ``low``, ``high``, ``standard_error``, ``df`` (Satterthwaite), ``t``,
        ``p``, ``p_adjusted`` (Holm over the resources), ``low_bootstrap``, ``high_bootstrap`` (towns resampled:
        a check), ``icc`` (share of the variance left by the terms that lies between towns), ``icc_empty`` (the
        same without any term: what varies where) with its interval ``icc_low``, ``icc_high``, ``n``
        (organisations), ``groups`` (towns), ``coupled``, ``guard``, ``level``, ``note``. A column that is refused, does
        not vary, or follows from the others, has a row with NaN and a note. Rows with a gap are left out and
        counted in ``attrs["left_out"]``; towns of which no organisation is left are named in the notes.

    Raises
    ------
    TableError
        If organisations and resources do not match, or the outcome does not vary.
    MethodError
        If a column is not to be found or holds text, all organisations are in one town, every town has a single
        organisation, there are too few towns for the terms, or the guard is not told what the outcome is made of.

    Notes
    -----
    Variances by restricted maximum likelihood (statsmodels); standard errors by generalised least squares at the
    fitted variances, on Satterthwaite's degrees of freedom.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> town = pd.Series(np.repeat([f"T{k:02d}" for k in range(12)], 8), name="town")
    >>> staff = pd.DataFrame({"staff": rng.integers(0, 5, 12)}, index=sorted(set(town)))
    >>> scores = 50 + 4 * staff["staff"].loc[town].to_numpy() + rng.normal(0, 5, 96)
    >>> found = associate_multilevel(pd.Series(scores), staff, group=town).set_index("term")
    >>> bool(found.at["staff", "low"] < 4 < found.at["staff", "high"]), float(found.at["staff", "df"]) <= 10
    (True, True)
    """
    choose("lang", lang, ("zh", "en"))
    if not is_share(level):
        raise bad_level(level)
    if not isinstance(bootstrap, int | np.integer) or bootstrap < 0:
        raise bad_draws(bootstrap)
    scores = outcome_scores(outcome)
    towns, table = side_by_side(scores, resources, group, [*names_of(fixed), *names_of(controls)])
    terms = terms_of(table, names_of(fixed), names_of(controls), group if isinstance(group, str) else None)
    if framework is not None:
        _guard(terms, framework, _made_of(outcome, indicators, framework), allow_coupled, lang)
    there = scores.notna() & towns.notna()
    for term in terms:
        if term.values is not None:
            there &= term.values.notna()
    lost = tuple(sorted(set(towns[scores.notna()].dropna().astype(str)) - set(towns[there].astype(str))))
    y, towns = scores[there].to_numpy(), towns[there]
    groups = _groups(towns)
    kept, design = independent(terms, there)
    _check(y, groups, design)
    empty_between, empty_within = variances(y, np.ones((len(y), 1)), groups)
    fit = fit_random_intercept(y, design, groups)
    low = high = np.full(len(kept), np.nan)
    if bootstrap:
        low, high = cluster_bootstrap(y, design, groups, fit, draws=bootstrap, seed=seed, level=level)
    rows = _rows(terms, kept, fit, level, low, high)
    rows["icc"] = fit.intraclass
    rows["icc_empty"] = empty_between / (empty_between + empty_within)
    rows["icc_low"], rows["icc_high"] = intraclass_interval(y, groups, level)
    rows["n"], rows["groups"], rows["level"] = len(y), len(groups.sizes), level
    rows["guard"] = ["unchecked" if term.unchecked else "" for term in terms]
    lacking = [note("lacking", lang, units=listed(lost, lang))] if lost else []
    rows["note"] = [joined([*_notes(term, lang), *lacking], lang) for term in terms]
    rows.attrs = {
        "level": level,
        "between": fit.between,
        "within": fit.within,
        "left_out": int((~there).sum()),
        "single": int((groups.sizes == 1).sum()),
        "seed": seed,
    }
    return rows[list(MULTILEVEL_COLUMNS)]


def _made_of(outcome: pd.Series, indicators: Sequence[str] | None, framework: Framework) -> list[str]:
    own = [str(outcome.name)] if outcome.name in framework.leaves else outcome.attrs.get("indicators")
    known = own if indicators is None else indicators
    if not known:
        raise MethodError(
            "indicators: the guard is to know what the outcome is made of. Pass indicators=, the codes of its "
            "indicators, or a score as organisation_scores gives it.",
            zh="indicators：要核查是否同源，须知道得分由哪些指标构成。请用 indicators= 给出指标代码，或直接使用 "
            "organisation_scores 的得分。",
        )
    return names_of(known)


def _guard(terms: list[Term], framework: Framework, indicators: list[str], allow_coupled: bool, lang: Lang) -> None:
    """Mark the columns that share a part with the outcome, and take them out unless that is allowed."""
    names = known_names(framework)
    for term in terms:
        if term.role == "intercept":
            continue
        code = code_of(framework, names, term.name.partition("=")[0] if term.role == "fixed" else term.name)
        if code is None:
            term.unchecked = term.role == "resource"
            continue
        found = [reason for item in indicators if (reason := coupling(framework, code, item)) is not None]
        if found:
            shared = joined([reasons(framework, reason.parts, lang) for reason in found], lang)
            term.coupled, term.note = True, note("coupled_outcome", lang, shared=shared)
            if not allow_coupled:
                term.values = None


def _notes(term: Term, lang: Lang) -> list[str]:
    problem = [TERM_NOTES[term.problem][lang == "en"]] if term.problem else []
    return [*problem, *([term.note] if term.note else [])]


def variance_sentence(table: pd.DataFrame, lang: Lang = "zh") -> str:
    """Say how much of the organisations' scores varies between towns, and what that means for the evidence.

    Parameters
    ----------
    table : DataFrame
        From `associate_multilevel`.
    """
    row = table.iloc[0]
    share, low, high = (float(row[key]) for key in ("icc_empty", "icc_low", "icc_high"))
    level = f"{100 * float(row['level']):g}%"
    if lang == "zh":
        interval = "" if low != low else f"（{level}区间{low:.0%}至{high:.0%}）"
        return (
            f"{row['n']}个组织分属{row['groups']}个街镇：得分差异约{share:.0%}在街镇之间{interval}，"
            f"{1 - share:.0%}在街镇内部（随机截距模型，REML）。街镇层面的资源只有{row['groups']}个观测的证据。"
        )
    interval = "" if low != low else f" ({level} interval {low:.0%} to {high:.0%})"
    return (
        f"{row['n']} organisations in {row['groups']} towns: about {share:.0%} of the variance of their scores lies "
        f"between towns{interval} and {1 - share:.0%} within them (random intercept, "
        f"REML). For resources of towns there is the evidence of {row['groups']} towns only."
    )


def _groups(towns: pd.Series) -> Groups:
    codes, _ = pd.factorize(towns, sort=True)
    return Groups(codes.astype(np.intp), np.bincount(codes).astype(float) if len(codes) else np.empty(0))


def _check(y: Floats, groups: Groups, design: Floats) -> None:
    n, towns = len(y), len(groups.sizes)
    if n < 5 or design.shape[1] == 0:
        raise TableError(
            f"associate_multilevel: {n} complete organisations; expected at least 5.",
            zh=f"associate_multilevel：只有{n}个组织数据完整，至少要5个。",
        )
    if np.ptp(y) <= 1e-12 * max(float(np.abs(y).max()), 1e-300):
        raise TableError(
            "outcome: the same for every organisation; nothing varies that could go with a resource.",
            zh="结果变量 'outcome'：各组织取值全部相同，没有可与资源相联系的差异。",
        )
    if towns < FEWEST_GROUPS:
        raise MethodError(
            f"group: {towns} with complete data; a random intercept needs at least {FEWEST_GROUPS}, and many more to "
            "say something. Give the towns, not the districts, as group.",
            zh=f"group：数据完整的只有{towns}个，随机截距至少要{FEWEST_GROUPS}个，要说明问题则需更多。"
            "group 请给街镇，不要给区。",
        )
    if n == towns:
        raise MethodError(
            "group: every town has a single organisation, so that nothing varies within towns. Use "
            "correlate_resources over the towns.",
            zh="group：每个街镇只有一个组织，街镇内部没有差异。请用 correlate_resources 比较街镇。",
        )
    left = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    centres = groups.sums(y[:, None]) / groups.sizes[:, None]
    inside = np.abs(y - centres[groups.codes, 0]).max()
    if min(np.abs(left).max(), inside) <= 1e-10 * np.abs(y).max():
        raise MethodError(
            "outcome: the terms determine it, or it is the same for all organisations of a town; nothing is left to "
            "vary within towns. Use correlate_resources over the towns.",
            zh="结果变量 'outcome'：已由模型各项完全决定，或同一街镇的组织取值都相同，街镇内部没有剩余的差异。"
            "请用 correlate_resources 比较街镇。",
        )
    means = groups.sums(design) / groups.sizes[:, None]
    constant = int((np.abs(design - means[groups.codes]).max(axis=0) <= 1e-9 * np.abs(design).max(axis=0)).sum())
    if towns - constant < 1 or n - towns - (design.shape[1] - constant) < 1:
        raise MethodError(
            f"{constant} terms vary only between {towns} towns ({design.shape[1]} terms, {n} organisations); expected "
            "fewer terms than towns. Leave resources out, or put fewer into one model.",
            zh=f"有{constant}项只在{towns}个街镇之间变化（共{design.shape[1]}项、{n}个组织），项数必须少于街镇数。"
            "请少放几项资源。",
        )


def _rows(terms: list[Term], kept: list[Term], fit: Fit, level: float, low: Floats, high: Floats) -> pd.DataFrame:
    from scipy.stats import t

    reach = t.ppf((1 + level) / 2, fit.freedom) * fit.errors
    ratio = fit.estimates / fit.errors
    found = pd.DataFrame(
        {
            "estimate": fit.estimates,
            "low": fit.estimates - reach,
            "high": fit.estimates + reach,
            "standard_error": fit.errors,
            "df": fit.freedom,
            "t": ratio,
            "p": 2 * t.sf(np.abs(ratio), fit.freedom),
            "low_bootstrap": low,
            "high_bootstrap": high,
        },
        index=[id(term) for term in kept],
    ).reindex([id(term) for term in terms])
    first = pd.DataFrame({"term": [term.name for term in terms], "role": [term.role for term in terms]})
    rows = pd.concat([first, found.reset_index(drop=True)], axis=1).assign(coupled=[term.coupled for term in terms])
    resources = rows["role"] == "resource"
    rows["p_adjusted"] = adjust_p(rows["p"].where(resources))
    return rows
