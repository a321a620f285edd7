"""Do the items of a scale measure one thing? Cronbach's alpha and the Kaiser-Meyer-Olkin measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.analysis.items import ITEMS, numbers_of_items
from vitality.analysis.phrases import shown
from vitality.analysis.refusals import bad_level, is_share
from vitality.errors import MethodError, TableError, some, some_zh

if TYPE_CHECKING:
    from vitality.framework import Lang

__all__ = ["KaiserMeyerOlkin", "Reliability", "cronbach_alpha", "kmo"]

Floats = npt.NDArray[np.float64]

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
                f"{self.n_items}个题目、{self.n}份完整答卷的Cronbach α为{shown(self.alpha, 2)}"
                f"（{100 * self.level:g}%区间{shown(self.low, 2)}至{shown(self.high, 2)}，Feldt法）。"
            )
        return (
            f"Cronbach's alpha of {self.n_items} items over {self.n} complete respondents is {shown(self.alpha, 2)} "
            f"({100 * self.level:g}% interval {shown(self.low, 2)} to {shown(self.high, 2)}, Feldt)."
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
