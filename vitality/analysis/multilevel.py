"""Hundreds of organisations in towns: what goes with their scores, with the evidence of the towns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.analysis.random_intercept import Fit, Groups, cluster_bootstrap, fit_random_intercept, variances
from vitality.analysis.refusals import bad_draws, bad_level, is_share
from vitality.errors import MethodError, TableError, did_you_mean, meant_zh, some, some_zh

if TYPE_CHECKING:
    from vitality.framework import Lang

__all__ = ["MULTILEVEL_COLUMNS", "associate_multilevel", "variance_sentence"]

Floats = npt.NDArray[np.float64]
MULTILEVEL_COLUMNS = (
    "term", "role", "estimate", "low", "high", "standard_error", "df", "t", "p", "low_bootstrap", "high_bootstrap",
    "icc", "icc_empty", "n", "groups", "note",
)  # fmt: skip
FEWEST_GROUPS = 3
_ROLES_ZH = {"resource": "资源", "control": "控制变量"}


@dataclass
class _Term:
    """A column of the design, or one that cannot be in it and why."""

    name: str
    role: str
    values: pd.Series | None
    note: str = ""


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

    Returns
    -------
    DataFrame, one row a term
        ``term``, ``role`` (``intercept``, ``resource``, ``control``, ``fixed``), ``estimate`` (points of the
        outcome for one unit of the term), ``low``, ``high``, ``standard_error``, ``df`` (Satterthwaite), ``t``,
        ``p``, ``low_bootstrap``, ``high_bootstrap`` (towns resampled: a check), ``icc`` (share of the variance
        left by the terms that lies between towns), ``icc_empty`` (the same without any term: what varies
        where), ``n`` (organisations), ``groups`` (towns), ``note``. A column that does not vary, or follows
        from the others, has a row with NaN and a note. Rows with a gap are left out, and counted in
        ``attrs["left_out"]``.

    Raises
    ------
    TableError
        If organisations and resources do not match, or the outcome does not vary.
    MethodError
        If a column is not to be found or holds text, all organisations are in one town, every town has a single
        organisation, or there are too few towns for the terms.

    Notes
    -----
    Variances by restricted maximum likelihood (statsmodels); standard errors by generalised least squares at the
    fitted variances, on Satterthwaite's degrees of freedom. The guard against shared parts works on indicators
    (see `coupling`); here the caller knows what the outcome is made of.

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
    if not is_share(level):
        raise bad_level(level)
    if bootstrap < 0:
        raise bad_draws(bootstrap)
    scores = _outcome(outcome)
    towns, table = _side_by_side(scores, resources, group, [*_names(fixed), *_names(controls)])
    terms = _terms(table, _names(fixed), _names(controls), group if isinstance(group, str) else None)
    there = scores.notna() & towns.notna()
    for term in terms:
        if term.values is not None:
            there &= term.values.notna()
    y, towns = scores[there].to_numpy(), towns[there]
    groups = _groups(towns)
    kept, design = _independent(terms, there)
    _check(y, groups, design)
    empty_between, empty_within = variances(y, np.ones((len(y), 1)), groups)
    fit = fit_random_intercept(y, design, groups)
    low = high = np.full(len(kept), np.nan)
    if bootstrap:
        low, high = cluster_bootstrap(y, design, groups, fit, draws=bootstrap, seed=seed, level=level)
    rows = _rows(terms, kept, fit, level, low, high)
    rows["icc"] = fit.intraclass
    rows["icc_empty"] = empty_between / (empty_between + empty_within)
    rows["n"], rows["groups"] = len(y), len(groups.sizes)
    rows.attrs = {
        "level": level,
        "between": fit.between,
        "within": fit.within,
        "left_out": int((~there).sum()),
        "single": int((groups.sizes == 1).sum()),
        "seed": seed,
    }
    return rows[list(MULTILEVEL_COLUMNS)]


def variance_sentence(table: pd.DataFrame, lang: Lang = "zh") -> str:
    """Say how much of the organisations' scores varies between towns, and what that means for the evidence.

    Parameters
    ----------
    table : DataFrame
        From `associate_multilevel`.
    """
    row = table.iloc[0]
    share = float(row["icc_empty"])
    if lang == "zh":
        return (
            f"{row['n']}个组织分属{row['groups']}个街镇：得分差异约{share:.0%}在街镇之间，{1 - share:.0%}在街镇内部"
            f"（随机截距模型，REML）。街镇层面的资源只有{row['groups']}个观测的证据。"
        )
    return (
        f"{row['n']} organisations in {row['groups']} towns: about {share:.0%} of the variance of their scores lies "
        f"between towns and {1 - share:.0%} within them (random intercept, REML). For resources of towns there is "
        f"the evidence of {row['groups']} towns only."
    )


def _names(value: str | Sequence[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _outcome(outcome: pd.Series | pd.DataFrame) -> pd.Series:
    if isinstance(outcome, pd.DataFrame) and outcome.shape[1] == 1:
        outcome = outcome.iloc[:, 0]
    if not isinstance(outcome, pd.Series) or not pd.api.types.is_numeric_dtype(outcome):
        raise TableError(
            f"outcome: found {type(outcome).__name__}; expected a Series of numbers, one an organisation.",
            zh=f"结果变量 'outcome'：给出的是 {type(outcome).__name__}；应为数字序列（Series），每个组织一个。",
        )
    if outcome.index.has_duplicates:
        doubled = outcome.index[outcome.index.duplicated()].unique()
        raise TableError(
            f"outcome: {some(doubled)} found more than once; expected one row an organisation.",
            zh=f"结果变量 'outcome'：{some_zh(doubled)}出现不止一次；每个组织应只有一行。",
        )
    scores = outcome.astype(float)
    return scores.where(np.isfinite(scores))


def _side_by_side(
    scores: pd.Series, resources: pd.DataFrame, group: str | pd.Series, wanted: list[str]
) -> tuple[pd.Series, pd.DataFrame]:
    """Town of every organisation, and every column over the organisations."""
    if not isinstance(resources, pd.DataFrame):
        raise TableError(
            f"resources: found {type(resources).__name__}; expected a DataFrame.",
            zh=f"资源表：给出的是 {type(resources).__name__}；应为数据表（DataFrame）。",
        )
    strange = [name for name in wanted if not isinstance(name, str)]
    if strange:
        raise MethodError(
            f"fixed, controls: found {type(strange[0]).__name__}; expected names of columns of the resources.",
            zh=f"'fixed'、'controls'：给出的是 {type(strange[0]).__name__}；应为资源表的列名。",
        )
    known = [str(name) for name in resources.columns]
    for name in [*wanted, *([group] if isinstance(group, str) else [])]:
        if name not in resources.columns:
            raise MethodError(
                f"{name!r} is no column of the resources.{did_you_mean(name, known)} There are {some(known)}.",
                zh=f"资源表没有列 {name!r}。{meant_zh(name, known)}现有 {some_zh(known)}。",
            )
    if isinstance(resources.index, pd.MultiIndex) and "round" in resources.index.names:
        rounds = resources.index.get_level_values("round").unique()
        if len(rounds) > 1:
            raise TableError(
                f"resources: rounds {some(rounds)}; expected one. Take it with .xs(round, level='round').",
                zh=f"资源表：含轮次 {some_zh(rounds)}；应只有一轮。请用 .xs(round, level='round') 取出一轮。",
            )
        resources = resources.droplevel("round")
    if resources.index.has_duplicates:
        doubled = resources.index[resources.index.duplicated()].unique()
        raise TableError(
            f"resources: {some(doubled)} found more than once; expected one row each.",
            zh=f"资源表：{some_zh(doubled)}出现不止一次；应各占一行。",
        )
    if isinstance(group, str):
        if not scores.index.isin(resources.index).any():
            raise TableError(
                "resources: no organisation of the outcome is in its index; expected the same index.",
                zh="资源表：行索引中没有结果变量 'outcome' 的任何组织；两者的行索引应一致。",
            )
        return resources[group].reindex(scores.index), resources.reindex(scores.index)
    towns = _series(group).reindex(scores.index)
    if scores.index.isin(resources.index).all() and not towns.isin(resources.index).any():
        return towns, resources.reindex(scores.index)
    if towns.isin(resources.index).any():
        return towns, resources.reindex(towns.to_numpy()).set_axis(scores.index, axis=0)
    raise TableError(
        f"resources: the index holds neither the organisations of the outcome, {some(scores.index)}, nor their "
        f"groups, {some(towns.dropna().unique())}; it has {some(resources.index)}.",
        zh=f"资源表：行索引中既没有结果变量的组织（{some_zh(scores.index)}），也没有它们所在的组"
        f"（{some_zh(towns.dropna().unique())}）；现有 {some_zh(resources.index)}。",
    )


def _series(group: object) -> pd.Series:
    if not isinstance(group, pd.Series):
        raise MethodError(
            f"group: found {type(group).__name__}; expected a column of the resources or a Series with the index "
            "of the outcome.",
            zh=f"group：给出的是 {type(group).__name__}；应为资源表的列名，或与结果变量行索引一致的序列（Series）。",
        )
    return group


def _terms(table: pd.DataFrame, fixed: list[str], controls: list[str], group: str | None) -> list[_Term]:
    """All columns of the model, the constant first; those that cannot vary come without values."""
    ones = pd.Series(1.0, index=table.index)
    terms = [_Term("intercept", "intercept", ones)]
    plain = [name for name in table.columns if name not in {*fixed, *controls, group}]
    for names, role in ((plain, "resource"), (controls, "control")):
        for name in names:
            if not pd.api.types.is_numeric_dtype(table[name]):
                raise MethodError(
                    f"{role} {str(name)!r} holds text; expected numbers. Name it as fixed=, or drop it.",
                    zh=f"{_ROLES_ZH[role]} {str(name)!r} 是文字；应为数字。请用作 fixed=，或去掉。",
                )
            values = table[name].astype(float)
            if values.notna().any():
                terms.append(_Term(str(name), role, values.where(np.isfinite(values))))
            else:
                terms.append(_Term(str(name), role, None, "no values at all"))
    for name in fixed:
        kinds = sorted(table[name].dropna().astype(str).unique())
        if len(kinds) < 2:
            terms.append(_Term(name, "fixed", None, "one category only"))
        known = table[name].notna()
        for kind in kinds[1:]:
            terms.append(_Term(f"{name}={kind}", "fixed", (table[name].astype(str) == kind).astype(float).where(known)))
    return terms


def _groups(towns: pd.Series) -> Groups:
    codes, _ = pd.factorize(towns, sort=True)
    return Groups(codes.astype(np.intp), np.bincount(codes).astype(float) if len(codes) else np.empty(0))


def _independent(terms: list[_Term], there: pd.Series) -> tuple[list[_Term], Floats]:
    """Keep the columns that add something to those before them; fixed effects and controls go first."""
    order = sorted(terms, key=lambda term: ("intercept", "fixed", "control", "resource").index(term.role))
    kept: list[_Term] = []
    columns: list[Floats] = []
    basis = np.empty((int(there.sum()), 0))
    for term in order:
        if term.values is None:
            continue
        values = term.values[there].to_numpy(dtype=float)
        left = values - basis @ (basis.T @ values)
        left = left - basis @ (basis.T @ left)
        if np.linalg.norm(left) <= 1e-8 * max(float(np.linalg.norm(values)), 1e-300):
            still = len(values) == 0 or np.ptp(values) <= 1e-12 * max(float(np.abs(values).max()), 1e-300)
            term.values, term.note = None, "the same everywhere" if still else "follows from the terms before it"
            continue
        basis = np.column_stack([basis, left / np.linalg.norm(left)])
        kept.append(term)
        columns.append(values)
    place = {id(term): number for number, term in enumerate(terms)}
    together = sorted(zip(kept, columns), key=lambda pair: place[id(pair[0])])
    return [term for term, _ in together], np.column_stack([values for _, values in together]) if kept else basis


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


def _rows(terms: list[_Term], kept: list[_Term], fit: Fit, level: float, low: Floats, high: Floats) -> pd.DataFrame:
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
    return pd.concat([first, found.reset_index(drop=True)], axis=1).assign(note=[term.note for term in terms])
