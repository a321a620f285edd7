"""Coupling coordination of systems (耦合协调度) and grey relation (灰色关联): descriptive, without a test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.analysis.coupling import Coupling, code_of, coupling, known_names
from vitality.analysis.notes import joined
from vitality.analysis.refusals import text_columns, too_few_columns
from vitality.errors import MethodError, TableError, did_you_mean, meant_zh, some, some_zh
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.framework import Framework, Lang

__all__ = ["BANDS", "coupling_coordination", "grey_relation"]

Floats = npt.NDArray[np.float64]
FORMS = ("standard", "modified")
LANGS: tuple[Lang, ...] = ("zh", "en")
NORMALISATIONS = ("minmax", "mean", "none")

#: Bands of 0.1 of the degree of coordination, lowest first: Chinese and English.
BANDS: tuple[tuple[str, str], ...] = (
    ("极度失调", "extreme disorder"),
    ("严重失调", "serious disorder"),
    ("中度失调", "moderate disorder"),
    ("轻度失调", "slight disorder"),
    ("濒临失调", "near disorder"),
    ("勉强协调", "bare coordination"),
    ("初级协调", "primary coordination"),
    ("中级协调", "intermediate coordination"),
    ("良好协调", "good coordination"),
    ("优质协调", "excellent coordination"),
)
_SYSTEMS = ("systems", "子系统得分表 'systems'")
_GREY = ("grey_relation", "灰色关联")
NOTE = {"zh": "描述性指标，无检验", "en": "descriptive, no test"}
FLAT = {"zh": "取值全部相同", "en": "the same everywhere"}
NO_VALUES = {"zh": "没有数据", "en": "no values at all"}


def coupling_coordination(
    systems: pd.DataFrame,
    *,
    weights: Mapping[str, float] | Sequence[float] | pd.Series | None = None,
    form: str = "standard",
    lang: Lang = "zh",
) -> pd.DataFrame:
    """How evenly and how far systems have developed, such as resources and vitality.

    With scores U of n systems and weights a: T = sum a U and D = sqrt(C T). The standard form has
    C = [prod U / (mean U)^n]^(1/n); the modified one [1]_ spreads C over the whole of 0 to 1,
    C = sqrt([1 - sum_(i>j) |U_i - U_j| / (n (n - 1) / 2)] prod (U / max U)^(1/(n-1))).

    Parameters
    ----------
    systems : DataFrame, shape (n_units, n_systems)
        Scores from 0 to 1, at least two systems; NaN where not known. The systems must be distinct: a
        resource score beside the core index, not beside one that contains it.
    weights : mapping, Series or sequence, optional
        One a system, not negative; divided by their sum. Equal by default. They enter T only.
    form : {"standard", "modified"}
    lang : {"zh", "en"}
        Language of the notes.

    Returns
    -------
    DataFrame, index of `systems`
        ``C`` (coupling), ``T`` (development), ``D`` (coordination), all 0 to 1, ``band`` and ``band_en`` (bands
        of 0.1 of D), ``note``. NaN for a unit that lacks a system. C is NaN where every system is 0, D is then 0.
        Descriptive: C is large for systems that are equally bad, and nothing is tested.

    Raises
    ------
    TableError
        If there are fewer than two systems, or a score is no number from 0 to 1.
    MethodError
        If the form is unknown, or the weights do not fit.

    References
    ----------
    .. [1] 王淑佳等 (2021). 国内耦合协调度模型的误区及修正. 自然资源学报 36(3), 793-810.

    Examples
    --------
    >>> found = coupling_coordination(pd.DataFrame({"resources": [0.9, 0.2], "vitality": [0.4, 0.2]}))
    >>> found[["C", "T", "D"]].round(3).values.tolist()
    [[0.923, 0.65, 0.775], [1.0, 0.2, 0.447]]
    >>> found["band_en"].tolist()
    ['intermediate coordination', 'near disorder']
    """
    choose("form", form, FORMS)
    choose("lang", lang, ("zh", "en"))
    scores = _scores(systems)
    share = _weights(weights, [str(name) for name in systems.columns])
    coupled = _standard(scores) if form == "standard" else _modified(scores)
    development = scores @ share
    degree = np.where(development == 0, 0.0, np.sqrt(coupled * development))
    band = np.minimum(np.floor(np.nan_to_num(degree) * 10 + 1e-9).astype(int), 9)
    known = ~np.isnan(degree)
    table = pd.DataFrame({"C": coupled, "T": development, "D": degree}, index=systems.index)
    for column, which in (("band", 0), ("band_en", 1)):
        names = [BANDS[place][which] if there else None for place, there in zip(band, known)]
        table[column] = pd.Series(names, index=systems.index, dtype=object)
    return table.assign(note=NOTE[lang])


def _scores(systems: pd.DataFrame) -> Floats:
    if not isinstance(systems, pd.DataFrame) or systems.shape[1] < 2:
        raise too_few_columns(_SYSTEMS, systems, one=("a system", "每个子系统一列"))
    words = [str(name) for name, kind in systems.dtypes.items() if not pd.api.types.is_numeric_dtype(kind)]
    if words:
        raise text_columns(_SYSTEMS, words, numbers=("numbers from 0 to 1", " 0 至 1 的数字"))
    scores = systems.to_numpy(dtype=float, na_value=np.nan)
    beyond = (scores < 0) | (scores > 1 + 1e-12)
    if beyond.any():
        name = systems.columns[int(np.argmax(beyond.any(axis=0)))]
        value = scores[beyond][0]
        hint = " Divide scores from 0 to 100 by 100." if 1 < value <= 100 else ""
        hint_zh = "百分制得分请先除以 100。" if hint else ""
        raise TableError(
            f"systems: {name!r} holds {value:g}; expected scores from 0 to 1.{hint}",
            zh=f"{_SYSTEMS[1]}：{name!r} 中有 {value:g}；得分应在 0 至 1 之间。{hint_zh}",
        )
    return np.minimum(scores, 1.0)


def _weights(weights: Mapping[str, float] | Sequence[float] | pd.Series | None, names: list[str]) -> Floats:
    if weights is None:
        return np.full(len(names), 1 / len(names))
    numbers = list(weights.values()) if isinstance(weights, Mapping) else list(weights)
    if not all(isinstance(value, int | float | np.number) for value in numbers):
        raise MethodError(
            f"weights: found {some(numbers)}; expected numbers.",
            zh=f"子系统权重 'weights'：给出的是 {some_zh(numbers)}；应为数字。",
        )
    if isinstance(weights, Mapping | pd.Series):
        given = {str(name): float(value) for name, value in weights.items()}
        missing, unknown = [n for n in names if n not in given], [n for n in given if n not in names]
        if missing or unknown:
            near = did_you_mean(missing[0], unknown) if missing else ""
            near_zh = meant_zh(missing[0], unknown) if missing else ""
            raise MethodError(
                f"weights: expected one for each of {some(names)}; found {some(given)}.{near}",
                zh=f"子系统权重 'weights'：{some_zh(names)}应各有一个权重；给出的是 {some_zh(given)}。{near_zh}",
            )
        values = np.array([given[name] for name in names])
    else:
        values = np.asarray(weights, dtype=float)
        if values.shape != (len(names),):
            raise MethodError(
                f"weights: found {len(values)}; expected {len(names)}, one for each of {some(names)}.",
                zh=f"子系统权重 'weights'：给出{len(values)}个；应为{len(names)}个，{some_zh(names)}各一个。",
            )
    if not np.isfinite(values).all() or (values < 0).any() or values.sum() <= 0:
        raise MethodError(
            f"weights: found {values.tolist()}; expected numbers of 0 and more with a sum above 0.",
            zh=f"子系统权重 'weights'：给出的是 {values.tolist()}；应为不小于 0 的数，总和大于 0。",
        )
    return values / values.sum()


def _standard(scores: Floats) -> Floats:
    mean = scores.mean(axis=1)
    n = scores.shape[1]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.minimum(np.prod(scores / mean[:, None], axis=1) ** (1 / n), 1.0)


def _modified(scores: Floats) -> Floats:
    n = scores.shape[1]
    first, second = np.triu_indices(n, 1)
    apart = np.abs(scores[:, first] - scores[:, second]).sum(axis=1) / (n * (n - 1) / 2)
    with np.errstate(invalid="ignore", divide="ignore"):
        level = np.prod(scores / scores.max(axis=1, keepdims=True), axis=1) ** (1 / (n - 1))
    return np.sqrt((1 - apart) * level)


def grey_relation(
    reference: pd.Series,
    factors: pd.DataFrame,
    *,
    rho: float = 0.5,
    normalisation: str = "minmax",
    framework: Framework | None = None,
    lang: Lang = "zh",
) -> pd.DataFrame:
    """Grey relational degree of each factor to a reference: how near the curves run over the units.

    xi_i(k) = (min min D + rho max max D) / (D_i(k) + rho max max D) with D the distance of factor and reference
    at unit k, the extremes over all factors; the degree is the mean of xi over the units [1]_.

    Parameters
    ----------
    reference : Series, shape (n_units,)
        Such as the index.
    factors : DataFrame, shape (n_units, n_factors)
        Such as the resources; units by the same index. Units with a gap anywhere are left out.
    rho : float
        Resolution, above 0 and up to 1.
    normalisation : {"minmax", "mean", "none"}
        ``minmax`` puts every column on 0 to 1, ``mean`` divides by the mean, ``none`` takes them as they are.
    framework : Framework, optional
        With it, a factor that shares a part with the node that `reference` is named after is marked.
    lang : {"zh", "en"}
        Language of the notes.

    Returns
    -------
    DataFrame, index factor
        ``degree`` (0 to 1), ``rank`` (1 the nearest), ``n`` (units), ``coupled``, ``note``. Descriptive: the
        degree has no test, depends on the normalisation and on the other factors, and is high even for
        unrelated columns. A constant factor, or one without any value, has NaN and a note.

    Raises
    ------
    TableError
        If fewer than two units are complete, or a column holds text.
    MethodError
        If an option is not among its choices.

    References
    ----------
    .. [1] Deng, J. (1989). Introduction to grey system theory. Journal of Grey System 1, 1-24.

    Examples
    --------
    >>> index = pd.Series([1.0, 2.0, 3.0])
    >>> found = grey_relation(index, pd.DataFrame({"same": [10.0, 20.0, 30.0], "turned": [3.0, 2.0, 1.0]}))
    >>> found["degree"].round(3).tolist()
    [1.0, 0.556]
    """
    choose("normalisation", normalisation, NORMALISATIONS)
    if not 0 < rho <= 1:
        raise MethodError(
            f"rho={rho!r}; expected a number above 0 and up to 1, such as 0.5.",
            zh=f"rho={rho!r}；应为大于 0、不大于 1 的数，如 0.5。",
        )
    choose("lang", lang, ("zh", "en"))
    table = _side_by_side(reference, factors)
    scaled, flat = _scaled(table, normalisation)
    used = [name for name in factors.columns if name not in flat]
    degree = pd.Series(np.nan, index=pd.Index(factors.columns, name="factor"), name="degree")
    if used and table.columns[0] not in flat:
        distance = np.abs(scaled[used].to_numpy() - scaled.iloc[:, [0]].to_numpy())
        least, most = distance.min(), distance.max()
        relation = (least + rho * most) / (distance + rho * most) if most > 0 else np.ones_like(distance)
        degree[used] = relation.mean(axis=0)
    rank = degree.rank(ascending=False, method="min").astype("Int64")
    shared = _shared(reference, factors, framework)
    notes = []
    for name, reason in zip(factors.columns, shared):
        empty = table[name].isna().all()
        why = [NO_VALUES[lang] if empty else FLAT[lang]] if name in flat else []
        notes.append(joined([*why, *([] if reason is None else [reason.text(lang)]), NOTE[lang]], lang))
    coupled = [reason is not None for reason in shared]
    return pd.DataFrame({"degree": degree, "rank": rank, "n": len(table), "coupled": coupled, "note": notes})


def _shared(reference: pd.Series, factors: pd.DataFrame, framework: Framework | None) -> list[Coupling | None]:
    """What each factor shares with the node that the reference is."""
    if framework is None:
        return [None] * factors.shape[1]
    names = known_names(framework) | {
        framework.node(code).label(lang): code for code in framework.nodes for lang in LANGS
    }
    node = code_of(framework, names, reference.name) or names.get(str(reference.name))
    if node not in framework.nodes:
        raise TableError(
            f"reference: its name is {reference.name!r}; with framework= expected the code of a node, such as "
            f"{framework.root!r}. Rename it: reference.rename({framework.root!r}).",
            zh=f"参考序列 'reference' 的名称是 {reference.name!r}；给出 framework= 时应为节点代码，如 "
            f"{framework.root!r}。请改名：reference.rename({framework.root!r})。",
        )
    codes = [code_of(framework, names, name) for name in factors.columns]
    return [None if code is None else coupling(framework, code, str(node)) for code in codes]


def _side_by_side(reference: pd.Series, factors: pd.DataFrame) -> pd.DataFrame:
    if not isinstance(reference, pd.Series) or not isinstance(factors, pd.DataFrame) or not factors.shape[1]:
        raise TableError(
            f"grey_relation: found {type(reference).__name__} and {type(factors).__name__}; expected a Series and "
            "a DataFrame with at least one column.",
            zh=f"{_GREY[1]}：给出的是 {type(reference).__name__} 和 {type(factors).__name__}；应为一个序列（Series）"
            "和一个至少有一列的数据表（DataFrame）。",
        )
    table = pd.concat([reference.rename("\0reference"), factors], axis=1, join="inner")
    words = [
        str(name)
        for name, column in table.items()
        if not pd.api.types.is_numeric_dtype(column) and column.notna().any()
    ]
    if words:
        raise text_columns(_GREY, words, numbers=("numbers", "数字"))
    table = table.astype(float)
    known = [name for name in table.columns if table[name].notna().any() or name == table.columns[0]]
    table = table.dropna(subset=known)
    if len(table) < 2:
        raise TableError(
            f"grey_relation: {len(table)} units are complete; expected at least 2 with the same index.",
            zh=f"{_GREY[1]}：只有{len(table)}个单位数据完整；至少要2个，两表的行索引应一致。",
        )
    return table


def _scaled(table: pd.DataFrame, normalisation: str) -> tuple[pd.DataFrame, set[str]]:
    """Columns on a common scale, and those that cannot be put on it."""
    if normalisation == "none":
        return table, set(table.columns[table.isna().all()])
    if normalisation == "mean":
        size = table.mean().abs()
        return table / table.mean().where(size > 0), set(size.index[~(size > 0)])
    span = table.max() - table.min()
    return (table - table.min()) / span.where(span > 0), set(span.index[~(span > 0)])
