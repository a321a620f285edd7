"""Does the tree hang together? Correlations inside it, reliability of a scale, principal components."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.analysis.associations import FEWEST, METHODS
from vitality.analysis.correlation import estimate_correlation, fisher_interval
from vitality.analysis.items import ITEMS, numbers_of_items
from vitality.analysis.refusals import bad_level, is_share
from vitality.errors import MethodError, TableError, some, some_zh
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.framework import Framework, Lang
    from vitality.index import IndexResult

__all__ = [
    "FLAGS",
    "KaiserMeyerOlkin",
    "Reliability",
    "correlate_tree",
    "cronbach_alpha",
    "kmo",
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
#: Units that KMO needs: this many in all, and this many a variable.
KMO_UNITS, KMO_PER_ITEM = 50, 5
#: Least KMO -> Kaiser's (1974) word for it, Chinese and English.
KAISER_WORDS: tuple[tuple[float, tuple[str, str]], ...] = (
    (0.9, ("极好", "marvellous")),
    (0.8, ("良好", "meritorious")),
    (0.7, ("中等", "middling")),
    (0.6, ("一般", "mediocre")),
    (0.5, ("较差", "miserable")),
    (float("-inf"), ("不可接受", "unacceptable")),
)


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
        ``flag``. A parent is scored without the node (else it would contain it); a node without siblings has
        no such row. Flags [1]_: ``negative`` (below 0, and the interval too) or ``weak`` (below 0.3) with the
        parent, ``opposed`` or ``redundant`` (above 0.92) between siblings; "" otherwise. A weak indicator of a
        formative index is not a wrong one: it is a question to the framework. NaN below five units or without
        spread.

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
    table = pd.DataFrame(rows, columns=columns)
    table.attrs = {"round": used, "level": level, "method": method}
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


@dataclass(frozen=True)
class Reliability:
    """Cronbach's alpha of a scale.

    Attributes
    ----------
    alpha, low, high : float
        Estimate and interval; up to 1, negative when items oppose each other.
    level : float
        Of the interval.
    n, n_items : int
        Complete respondents and items.
    left_out : int
        Respondents with a gap.
    without : Series, index item
        Alpha if the item is dropped; NaN with two items.
    """

    alpha: float
    low: float
    high: float
    level: float
    n: int
    n_items: int
    left_out: int
    without: pd.Series

    def __float__(self) -> float:
        return self.alpha

    def sentence(self, lang: Lang = "zh") -> str:
        """Say the result in one sentence."""
        if lang == "zh":
            return (
                f"{self.n_items}个题目、{self.n}份完整答卷的Cronbach α为{self.alpha:.2f}"
                f"（{self.level:.0%}区间{self.low:.2f}至{self.high:.2f}，Feldt法）。"
            )
        return (
            f"Cronbach's alpha of {self.n_items} items over {self.n} complete respondents is {self.alpha:.2f} "
            f"({self.level:.0%} interval {self.low:.2f} to {self.high:.2f}, Feldt)."
        )


def cronbach_alpha(items: pd.DataFrame, *, level: float = 0.95) -> Reliability:
    """Internal consistency of the items of one scale, with Feldt's interval.

    alpha = k / (k - 1) (1 - sum of the items' variances / variance of their sum). The interval rests on
    (1 - alpha) / (1 - estimate) having an F distribution [1]_. It belongs to reflective scales of many
    respondents (satisfaction, trust); a formative index of towns needs no alpha.

    Parameters
    ----------
    items : DataFrame, shape (n_respondents, n_items)
        Answers coded the same way round; respondents with a gap are left out, and counted.
    level : float
        Of the interval, between 0 and 1.

    Returns
    -------
    Reliability
        ``alpha``, ``low``, ``high``, ``n``, ``n_items``, ``left_out``, ``without``; ``float()`` gives alpha.

    Raises
    ------
    TableError
        If there are fewer than two items or three complete respondents, an item holds text, or the sum of the
        items does not vary.
    MethodError
        If `level` is not between 0 and 1.

    References
    ----------
    .. [1] Feldt, L. S. (1965). The approximate sampling distribution of Kuder-Richardson reliability
       coefficient twenty. Psychometrika 30, 357-370.

    Examples
    --------
    >>> answers = pd.DataFrame({"a": [1, 2, 3, 4, 5], "b": [2, 2, 3, 5, 4], "c": [1, 3, 3, 4, 4]})
    >>> found = cronbach_alpha(answers)
    >>> round(found.alpha, 4), found.n
    (0.9375, 5)
    """
    from scipy.stats import f

    if not is_share(level):
        raise bad_level(level)
    values = numbers_of_items(items, fewest=3)
    n, k = values.shape
    alpha = _alpha(values)
    tails = f.ppf([(1 + level) / 2, (1 - level) / 2], n - 1, (n - 1) * (k - 1))
    low, high = 1 - (1 - alpha) * tails
    without = [_alpha(np.delete(values, item, axis=1)) if k > 2 else np.nan for item in range(k)]
    return Reliability(
        alpha=alpha,
        low=float(low),
        high=float(high),
        level=level,
        n=n,
        n_items=k,
        left_out=len(items) - n,
        without=pd.Series(without, index=pd.Index(items.columns, name="item"), name="alpha"),
    )


def _alpha(values: Floats) -> float:
    k = values.shape[1]
    whole = values.sum(axis=1).var(ddof=1)
    if whole <= 1e-12 * max(float((values**2).max()), 1e-300):
        raise TableError(
            "items: their sum is the same for everyone, so that alpha does not exist. Check the answers.",
            zh=f"{ITEMS[1]}：每个人的总分都相同，α 系数不存在。请核对答案。",
        )
    return float(k / (k - 1) * (1 - values.var(axis=0, ddof=1).sum() / whole))


@dataclass(frozen=True)
class KaiserMeyerOlkin:
    """Sampling adequacy: `overall` and, for each item, `items` (Series), from 0 to 1; ``float()`` gives overall."""

    overall: float
    items: pd.Series
    n: int

    def __float__(self) -> float:
        return self.overall

    def sentence(self, lang: Lang = "zh") -> str:
        """Say the result in one sentence, with Kaiser's word for it."""
        zh, en = next(words for least, words in KAISER_WORDS if self.overall >= least)
        if lang == "zh":
            return f"{len(self.items)}个变量、{self.n}个单位的KMO取样适切性为{self.overall:.2f}（{zh}，Kaiser 1974）。"
        return (
            f"The Kaiser-Meyer-Olkin measure of {len(self.items)} variables over {self.n} units is "
            f"{self.overall:.2f} ({en}, Kaiser 1974)."
        )


def kmo(items: pd.DataFrame) -> KaiserMeyerOlkin:
    """Kaiser-Meyer-Olkin measure of whether correlations are shared or only between pairs.

    sum r^2 / (sum r^2 + sum p^2) over the off-diagonal correlations r and partial correlations p [1]_.

    Parameters
    ----------
    items : DataFrame, shape (n_units, n_items)
        Complete rows are used.

    Raises
    ------
    MethodError
        If there are fewer than 50 units or 5 a variable: partial correlations of few units are noise, and with
        fewer units than variables they do not exist. Also if an item does not vary or follows from others.
    TableError
        If there are fewer than two items, or one holds text.

    References
    ----------
    .. [1] Kaiser, H. F. (1974). An index of factorial simplicity. Psychometrika 39, 31-36.

    Examples
    --------
    >>> shared = np.random.default_rng(1).normal(size=(20_000, 1))  # r = 1/2, partial r = 1/4: KMO is 0.8
    >>> own = np.random.default_rng(2).normal(size=(20_000, 4))
    >>> round(kmo(pd.DataFrame(shared + own, columns=list("abcd"))).overall, 2)
    0.8
    """
    values = numbers_of_items(items, fewest=1)
    n, k = values.shape
    needed = max(KMO_UNITS, KMO_PER_ITEM * k)
    if n < needed:
        raise MethodError(
            f"kmo: {n} complete units for {k} variables; expected at least {needed} ({KMO_UNITS} in all and "
            f"{KMO_PER_ITEM} a variable). With so few units partial correlations are noise; look at correlate_tree.",
            zh=f"KMO：{k}个变量只有{n}个完整单位，至少要{needed}个（总共{KMO_UNITS}个，且每个变量{KMO_PER_ITEM}个）。单位这么少，"
            "偏相关只是噪声；请看 correlate_tree。",
        )
    still = [str(name) for name, spread in zip(items.columns, values.std(axis=0)) if spread <= 1e-12]
    if still:
        raise MethodError(
            f"kmo: {some(still)} is the same everywhere; leave it out.",
            zh=f"KMO：{some_zh(still)}取值全部相同，请去掉。",
        )
    r = np.corrcoef(values, rowvar=False)
    if np.linalg.matrix_rank(r, tol=1e-8) < k:
        raise MethodError(
            "kmo: an item follows from the others, so partial correlations do not exist; leave it out.",
            zh="KMO：有变量可由其他变量算出，偏相关不存在，请去掉。",
        )
    inverse = np.linalg.inv(r)
    scale = np.sqrt(np.diag(inverse))
    partial = -inverse / np.outer(scale, scale)
    off = ~np.eye(k, dtype=bool)
    own, held = np.where(off, r**2, 0), np.where(off, partial**2, 0)
    each = own.sum(axis=0) / (own.sum(axis=0) + held.sum(axis=0))
    overall = float(own.sum() / (own.sum() + held.sum()))
    return KaiserMeyerOlkin(overall, pd.Series(each, index=pd.Index(items.columns, name="item"), name="kmo"), n)


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
