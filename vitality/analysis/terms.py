"""What goes into a multilevel model: the outcome, the columns beside it, and which of them can be estimated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.errors import MethodError, TableError, did_you_mean, meant_zh, some, some_zh

__all__ = ["TERM_NOTES", "Term", "independent", "names_of", "outcome_scores", "side_by_side", "terms_of"]

Floats = npt.NDArray[np.float64]
_ROLES_ZH = {"resource": "资源", "control": "控制变量"}
#: Why a column is not in the model.
TERM_NOTES: dict[str, tuple[str, str]] = {
    "empty": ("没有数据", "no values at all"),
    "one": ("只有一个类别", "one category only"),
    "still": ("取值全部相同", "the same everywhere"),
    "follows": ("可由其他项算出", "follows from the terms before it"),
}


@dataclass
class Term:
    """A column of the design, or one that cannot be in it and why.

    Attributes
    ----------
    name, role : str
    values : Series or None
        None for a column that is not in the model.
    problem : str
        Why not, a key of `TERM_NOTES`.
    coupled : bool
        Whether it shares a part with the outcome; `note` says which.
    unchecked : bool
        Whether the framework does not describe it.
    """

    name: str
    role: str
    values: pd.Series | None
    problem: str = ""
    coupled: bool = False
    unchecked: bool = False
    note: str = ""


def names_of(value: str | Sequence[str]) -> list[str]:
    """One name or several, as a list."""
    return [value] if isinstance(value, str) else list(value)


def outcome_scores(outcome: pd.Series | pd.DataFrame) -> pd.Series:
    """Scores of the organisations as finite numbers, or NaN."""
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


def side_by_side(
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


def terms_of(table: pd.DataFrame, fixed: list[str], controls: list[str], group: str | None) -> list[Term]:
    """All columns of the model, the constant first; those that cannot vary come without values."""
    ones = pd.Series(1.0, index=table.index)
    terms = [Term("intercept", "intercept", ones)]
    plain = [name for name in table.columns if name not in {*fixed, *controls, group}]
    for names, role in ((plain, "resource"), (controls, "control")):
        for name in names:
            values = table[name].infer_objects()
            if values.isna().all():
                terms.append(Term(str(name), role, None, "empty"))
                continue
            if not pd.api.types.is_numeric_dtype(values):
                raise MethodError(
                    f"{role} {str(name)!r} holds text; expected numbers. Name it as fixed=, or drop it.",
                    zh=f"{_ROLES_ZH[role]} {str(name)!r} 是文字；应为数字。请用作 fixed=，或去掉。",
                )
            numbers = values.astype(float)
            terms.append(Term(str(name), role, numbers.where(np.isfinite(numbers))))
    for name in fixed:
        kinds = sorted(table[name].dropna().astype(str).unique())
        if len(kinds) < 2:
            terms.append(Term(name, "fixed", None, "one"))
        known = table[name].notna()
        for kind in kinds[1:]:
            terms.append(Term(f"{name}={kind}", "fixed", (table[name].astype(str) == kind).astype(float).where(known)))
    return terms


def independent(terms: list[Term], there: pd.Series) -> tuple[list[Term], Floats]:
    """Keep the columns that add something to those before them; fixed effects and controls go first."""
    order = sorted(terms, key=lambda term: ("intercept", "fixed", "control", "resource").index(term.role))
    kept: list[Term] = []
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
            term.values, term.problem = None, "still" if still else "follows"
            continue
        basis = np.column_stack([basis, left / np.linalg.norm(left)])
        kept.append(term)
        columns.append(values)
    place = {id(term): number for number, term in enumerate(terms)}
    together = sorted(zip(kept, columns), key=lambda pair: place[id(pair[0])])
    return [term for term, _ in together], np.column_stack([values for _, values in together]) if kept else basis
