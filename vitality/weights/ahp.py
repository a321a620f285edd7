"""AHP weights of one person's judgements, with their consistency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from vitality.errors import JudgementError
from vitality.weights.cautions import Caution, CautionedResult
from vitality.weights.cells import place, place_zh
from vitality.weights.experts.consensus import count_cycles, straight_lined
from vitality.weights.incomplete import COMPLETIONS, complete, require_connected
from vitality.weights.judgements import checked_matrix
from vitality.weights.kernels import PRIORITY_METHODS, prioritise
from vitality.weights.options import choose
from vitality.weights.random_index import RANDOM_INDICES, RandomIndexName, random_index_value

if TYPE_CHECKING:
    from vitality.framework import Lang
    from vitality.weights.kernels import Floats

__all__ = ["AHPResult", "Completion", "PriorityMethod", "ahp_weights"]

PriorityMethod = Literal["eigenvector", "geometric_mean", "column_mean"]
Completion = Literal["raise", "harker", "log_least_squares", "lambda_min"]

#: A consistency ratio up to this is commonly accepted (Saaty 1980).
ACCEPTED_RATIO = 0.10


@dataclass(frozen=True, eq=False, repr=False)
class AHPResult(CautionedResult):
    """Weights of one judgement matrix and how consistent it is.

    Attributes
    ----------
    weights : Series, shape (n,)
        Index items; positive, sum 1.
    largest_eigenvalue : float
        Perron root of the matrix, whatever the method of the weights; n for a consistent one.
    consistency_index : float
        (largest eigenvalue - n) / (n - 1); 0 for one or two items.
    consistency_ratio : float
        Consistency index over random index; 0 for one or two items.
    random_index : float
        The random index that was divided by; `random_index_name` says from which table.
    geometric_consistency_index : float
        Mean squared log error around the geometric-mean weights. Incomplete matrices: over the pairs that
        were judged, with their own degrees of freedom.
    judgements : DataFrame, shape (n, n)
        The matrix that was used: where judgements were left out, with their completion.
    missing : int
        Number of pairs that were not judged.
    recipe : mapping
        Method, random index and completion by name.
    cautions : tuple of Caution
        A ratio above 0.10, three-way cycles, all judgements 1, a completion.
    """

    items: pd.Index
    priorities: Floats
    matrix: Floats
    largest_eigenvalue: float
    consistency_index: float
    consistency_ratio: float
    random_index: float
    geometric_consistency_index: float
    missing: int
    recipe: Mapping[str, str]

    @cached_property
    def weights(self) -> pd.Series:
        """Weights by item."""
        return pd.Series(self.priorities, index=self.items, name="weight")

    @cached_property
    def judgements(self) -> pd.DataFrame:
        """The matrix that was used, by item."""
        return pd.DataFrame(self.matrix, index=self.items, columns=self.items)

    @cached_property
    def by_method(self) -> pd.DataFrame:
        """Weights by each of the methods, side by side: columns ``eigenvector``, ``geometric_mean``, ``column_mean``.

        The further apart they are, the more the judgements contradict each other, and the more the choice of the
        method decides.
        """
        found = {method: prioritise(self.matrix[None], method=method).weights[0] for method in PRIORITY_METHODS}
        return pd.DataFrame(found, index=self.items)

    @property
    def adjusted_ratio(self) -> float:
        """Consistency ratio by the random index of matrices with as many judgements left out.

        The fewer judgements there are, the less they can contradict each other by chance: the random index falls
        nearly linearly, RI (1 - 2 m / ((n-1)(n-2))) with m pairs missing [1]_. The same as `consistency_ratio` when
        none is missing, 0 when just enough were judged.

        References
        ----------
        .. [1] Agoston, K. C. & Csato, L. (2022). Omega 108, 102576.
        """
        n = len(self.items)
        share = 1 - 2 * self.missing / max((n - 1) * (n - 2), 1)
        return self.consistency_ratio / share if share > 0 else 0.0

    @cached_property
    def cautions(self) -> tuple[Caution, ...]:  # type: ignore[override]
        """What a reader should know before using the weights."""
        return judgement_cautions(self.matrix, self.consistency_ratio, self.missing, self.adjusted_ratio)

    @property
    def random_index_name(self) -> str:
        """Name of the table of random indices."""
        return self.recipe["random_index"]

    def sentence(self, lang: Lang = "zh", *, names: Mapping[str, str] | None = None) -> str:
        """One sentence for a report: method, weights, eigenvalue, consistency and verdict.

        `names` gives the items the names that people read.
        """
        weights = weights_in_words(self.weights.rename(names), lang)
        ratio = self.consistency_ratio
        source = RANDOM_INDICES[self.random_index_name]
        zh, en = PRIORITY_METHODS[self.recipe["method"]]
        if lang == "zh":
            gap = f"（缺 {self.missing} 项判断，用{self._completion(0)}补全）" if self.missing else ""
            verdict = "通过" if ratio <= ACCEPTED_RATIO else "未通过"
            return (
                f"由 {len(self.weights)} 项要素的两两判断{gap}按{zh}得到权重：{weights}；最大特征值 "
                f"{self.largest_eigenvalue:.4f}，CI = {self.consistency_index:.4f}，CR = {ratio:.4f}"
                f"（RI = {self.random_index:.4g}，{source}），{verdict}一致性检验（CR ≤ 0.10）。"
            )
        gap = f", {self.missing} missing, completed by {self._completion(1)}," if self.missing else ""
        verdict = "within" if ratio <= ACCEPTED_RATIO else "beyond"
        return (
            f"Weights of {len(self.weights)} items from pairwise judgements{gap} by {en}: {weights}; largest "
            f"eigenvalue {self.largest_eigenvalue:.4f}, CI = {self.consistency_index:.4f}, CR = {ratio:.4f} "
            f"(RI = {self.random_index:.4g}, {source}), {verdict} the accepted 0.10."
        )

    def _completion(self, which: int) -> str:
        return COMPLETIONS[self.recipe["incomplete"]][which]

    def _repr_html_(self) -> str:
        table = self.weights.rename("weight / 权重").to_frame().to_html(float_format="{:.4f}".format)
        return table + self._sentences_html() + self._cautions_html()


def judgement_cautions(matrix: Floats, ratio: float, missing: int, adjusted: float) -> tuple[Caution, ...]:
    """Cautions about one complete or completed judgement matrix."""
    found = []
    if ratio > ACCEPTED_RATIO:
        found.append(
            Caution(
                f"CR = {ratio:.3f}，大于 0.10：判断前后矛盾，可用 inspect_judgements 找出最不一致的判断。",
                f"CR = {ratio:.3f} is above 0.10: judgements contradict each other; inspect_judgements shows where.",
            )
        )
    cycles = int(count_cycles(matrix[None])[0])
    if cycles:
        found.append(
            Caution(
                f"有 {cycles} 个三元循环（甲胜乙、乙胜丙、丙又胜甲）。",
                f"{cycles} three-way cycle(s): a over b, b over c, and yet c over a.",
            )
        )
    if not missing and straight_lined(matrix[None])[0]:
        found.append(
            Caution(
                "全部判断为 1：CR 为 0 不能说明作答认真。",
                "every judgement is 1: a CR of 0 does not show that they were thought through.",
            )
        )
    if missing:
        found.append(
            Caution(
                f"缺 {missing} 项判断，由其余判断推得；CR 按完整矩阵的 RI 计算，偏宽松；"
                f"按同样缺失数的 RI 则为 {adjusted:.3f}。",
                f"{missing} judgement(s) were left out and follow from the others; the CR divides by the RI of "
                f"complete matrices, which is lenient: by that of matrices with as many missing it is {adjusted:.3f}.",
            )
        )
    return tuple(found)


def ahp_weights(
    judgements: object,
    *,
    method: PriorityMethod = "eigenvector",
    random_index: RandomIndexName = "saaty_1980",
    incomplete: Completion = "raise",
) -> AHPResult:
    """Weights of the items of one judgement matrix, with eigenvalue, CI, CR and GCI.

    Parameters
    ----------
    judgements : DataFrame or array-like, shape (n, n); or mapping of pairs
        How many times as important the row is as the column; reciprocal, diagonal 1, NaN = not judged; or
        ``{(a, b): value}``. `judgement_matrix` makes one from an upper triangle.
    method : {"eigenvector", "geometric_mean", "column_mean"}
        Principal right eigenvector [1]_, row geometric mean (方根法) or mean of the normalised columns
        (和法). They agree when the judgements are consistent, and differ more the less they are.
    random_index : {"saaty_1980", "saaty_2007", "alonso_lamata", "donegan_dodd"}
        See `random_index_value`.
    incomplete : {"raise", "harker", "log_least_squares", "lambda_min"}
        What to do when judgements were left out. ``harker`` and ``lambda_min`` complete the matrix, to
        which `method` is applied; ``log_least_squares`` gives its own weights, whatever the method. The
        random index is that of complete matrices, which makes the CR of an incomplete one lenient;
        `AHPResult.adjusted_ratio` allows for what is missing.

    Returns
    -------
    AHPResult

    Raises
    ------
    JudgementError
        If the matrix is not square, positive, finite and reciprocal; if judgements are missing and
        `incomplete` is ``raise``; if the judged pairs do not connect all items.
    MethodError
        If an option is not among its choices.

    References
    ----------
    .. [1] Saaty, T. L. (1980). The Analytic Hierarchy Process. McGraw-Hill.

    Examples
    --------
    >>> from vitality.weights import judgement_matrix
    >>> matrix = judgement_matrix([3, 2, "1/2"], ["personnel", "material", "institution"])
    >>> found = ahp_weights(matrix)
    >>> found.weights.round(4).to_dict()
    {'personnel': 0.5396, 'material': 0.1634, 'institution': 0.297}
    >>> round(found.consistency_ratio, 4)
    0.0079
    """
    choose("method", method, PRIORITY_METHODS)
    choose("random_index", random_index, RANDOM_INDICES)
    choose("incomplete", incomplete, ("raise", *COMPLETIONS))
    items, matrix = checked_matrix(judgements)
    absent = np.isnan(matrix)
    missing = int(absent.sum()) // 2
    if missing:
        matrix = completed_matrix(matrix, items, incomplete=incomplete)
    # the completed matrix of least squares has the least-squares weights as its row geometric means
    own = "geometric_mean" if missing and incomplete == "log_least_squares" else method
    found = prioritise(matrix[None], method=own)
    n = len(items)
    index = (float(found.largest_eigenvalue[0]) - n) / (n - 1) if n > 2 else 0.0
    divisor = random_index_value(n, table=random_index)
    return AHPResult(
        items=items,
        priorities=found.weights[0],
        matrix=matrix,
        largest_eigenvalue=float(found.largest_eigenvalue[0]),
        consistency_index=index,
        consistency_ratio=index / divisor if n > 2 else 0.0,
        random_index=divisor,
        geometric_consistency_index=(
            judged_index(matrix, ~absent) if missing else float(found.geometric_consistency_index[0])
        ),
        missing=missing,
        recipe={"method": method, "random_index": random_index, "incomplete": incomplete},
    )


def completed_matrix(
    matrix: Floats, items: pd.Index, *, incomplete: str, expert: object = None, node: object = None
) -> Floats:
    """Complete a matrix with gaps, or refuse it.

    Raises
    ------
    JudgementError
        If `incomplete` is ``raise`` (naming the pairs) or the judged pairs do not connect the items.
    """
    if incomplete == "raise":
        rows, columns = np.nonzero(np.triu(np.isnan(matrix)))
        pairs = [(items[i], items[j]) for i, j in zip(rows.tolist(), columns.tolist())]
        total = len(items) * (len(items) - 1) // 2
        named_zh = "、".join(f"{a} 与 {b}" for a, b in pairs[:5]) + ("等" if len(pairs) > 5 else "")
        raise JudgementError(
            f"{place(expert, node)}{len(pairs)} of {total} judgements are missing: {some_pairs(pairs)}. Have them "
            "judged, or choose incomplete='harker', 'log_least_squares' or 'lambda_min'.",
            zh=f"{place_zh(expert, node)}{total} 项判断中缺 {len(pairs)} 项：{named_zh}。请补作判断，或选 "
            "incomplete='harker'、'log_least_squares' 或 'lambda_min'。",
        )
    require_connected(matrix, items, expert=expert, node=node)
    return complete(matrix, how=incomplete)


def some_pairs(pairs: list[tuple[object, object]]) -> str:
    """Name at most five pairs, then count the rest."""
    shown = ", ".join(f"{a} against {b}" for a, b in pairs[:5])
    return shown if len(pairs) <= 5 else f"{shown} and {len(pairs) - 5} more"


def judged_index(completed: Floats, judged: np.ndarray) -> float:
    """Geometric consistency index over the pairs that were judged.

    The sum of squared log errors around the least-squares weights over its degrees of freedom, the number
    of judged pairs minus n - 1; for a complete matrix this is the usual 2 / ((n-1)(n-2)) form.
    """
    weights = np.log(
        prioritise(
            complete(np.where(judged, completed, np.nan), how="log_least_squares")[None],
            method="geometric_mean",
        ).weights[0]
    )
    errors = np.where(judged, np.log(completed) - weights[:, None] + weights[None, :], 0.0)
    freedom = (int(judged.sum()) - len(completed)) // 2 - len(completed) + 1
    return float((errors**2).sum() / 2 / freedom) if freedom > 0 else 0.0


def weights_in_words(weights: pd.Series, lang: Lang) -> str:
    """Weights as running text, three decimals."""
    mark = "、" if lang == "zh" else ", "
    return mark.join(f"{item} {value:.3f}" for item, value in weights.items())
