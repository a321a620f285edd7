"""Combined weights: several weight vectors over the same indicators become one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from vitality.errors import MethodError, TableError, did_you_mean, meant_zh, some, some_zh
from vitality.weights.cautions import Caution, CautionedResult
from vitality.weights.objective.preparation import prepare
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.framework import Lang
    from vitality.weights.kernels import Floats

__all__ = ["CombinedWeights", "combine_weights"]

Method = Literal[
    "linear",
    "multiplicative",
    "minimum_relative_entropy",
    "game_theory",
    "game_theory_nonnegative",
    "distance",
    "deviation",
]

#: Ways to combine, with the names that a report prints.
METHOD_NAMES: dict[str, tuple[str, str]] = {
    "linear": ("加法组合", "linear combination"),
    "multiplicative": ("乘法组合", "multiplicative combination"),
    "minimum_relative_entropy": ("最小相对熵组合", "minimum relative entropy"),
    "game_theory": ("博弈论组合", "game theory"),
    "game_theory_nonnegative": ("改进博弈论组合（非负）", "game theory, non-negative form"),
    "distance": ("距离函数组合", "distance function"),
    "deviation": ("离差最大化组合", "deviation maximisation"),
}
_MULTIPLIED = ("multiplicative", "minimum_relative_entropy")
_GIVEN = ("linear", *_MULTIPLIED)
_SUM_TOLERANCE = 1e-2  # weights printed with three decimals seldom sum to 1


@dataclass(frozen=True, eq=False, repr=False)
class CombinedWeights(CautionedResult):
    """One weight vector made of several.

    Attributes
    ----------
    weights : Series, shape (n_indicators,)
        Sum 1.
    coefficients : Series, shape (n_vectors,)
        How much each vector counts. Sums of vectors: factors that sum to 1 (for ``game_theory`` one can be
        negative); ``multiplicative``: exponents; ``minimum_relative_entropy``: exponents that sum to 1.
    vectors : DataFrame, shape (n_indicators, n_vectors)
        What was combined.
    cautions : tuple of Caution
    recipe : mapping
        Method, where the coefficients come from, and as they came out before they were scaled.
    """

    weights: pd.Series
    coefficients: pd.Series
    vectors: pd.DataFrame
    cautions: tuple[Caution, ...]
    recipe: Mapping[str, object]

    def sentence(self, lang: Lang = "zh") -> str:
        """One sentence for a report: method and coefficients."""
        zh, en = METHOD_NAMES[str(self.recipe["method"])]
        mark = "、" if lang == "zh" else ", "
        shown = mark.join(f"{name} {value:.4g}" for name, value in self.coefficients.items())
        if lang == "zh":
            return f"组合权重由 {len(self.coefficients)} 组权重按{zh}得到，系数：{shown}。"
        return f"Weights combined from {len(self.coefficients)} vectors by {en}; coefficients: {shown}."

    def _repr_html_(self) -> str:
        table = self.vectors.assign(**{"combined / 组合": self.weights}).to_html(float_format="{:.4f}".format)
        return table + self._sentences_html() + self._cautions_html()


def combine_weights(
    vectors: Mapping[str, pd.Series] | pd.DataFrame | Sequence[object] | np.ndarray,
    *,
    method: Method = "linear",
    coefficients: Mapping[str, float] | Sequence[float] | float | None = None,
    matrix: pd.DataFrame | None = None,
) -> CombinedWeights:
    """Combine weight vectors, such as AHP and entropy weights.

    Parameters
    ----------
    vectors : mapping of name to vector; DataFrame with one column a vector; or sequence of vectors
        At least two, over the same labels in any order; not negative, each with sum 1. Vectors in a sequence,
        or the rows of an array, are named 1, 2, ...; those without labels are taken in order.
    method : str
        With w_k the vectors and c_k their coefficients:

        ``linear``: sum of c_k w_k. Minimising the squared distance to the vectors gives the same with equal
        coefficients: "least squares" is the plain mean.
        ``multiplicative``: product of w_k ** c_k, scaled (exponents 1 when left out: sharpens contrasts, and a
        zero in one vector removes the indicator).
        ``minimum_relative_entropy``: the same with exponents that sum to 1, for two vectors the scaled square
        root of the product.
        ``game_theory`` (博弈论): c solves (W W') c = diag(W W') and is scaled to sum 1.
        ``game_theory_nonnegative`` (改进博弈论): c_k in proportion to sum_i w_i . w_k, which is never negative.
        ``distance`` (距离函数): for two vectors, c_1 - c_2 = d and c_1 + c_2 = 1 with
        d = sqrt(sum (w_1 - w_2)^2 / 2): the first, by custom the experts', counts more, the further apart they are.
        ``deviation`` (离差最大化): c_k in proportion to W D, where D_j is the sum over all pairs of units of their
        absolute difference on indicator j, min-max normalised. Needs `matrix`.
    coefficients : mapping, sequence or number, optional
        Not negative; equal when left out. For two vectors one number from 0 to 1 is the share of the first.
        ``linear`` and ``minimum_relative_entropy`` scale them to sum 1. The other methods compute them.
    matrix : DataFrame, optional
        Indicator matrix from which the vectors were drawn; its columns must be their labels. Only ``deviation``
        computes with it; the direction of the indicators makes no difference there.

    Returns
    -------
    CombinedWeights

    Raises
    ------
    TableError
        If labels do not match or a vector is no weight vector.
    MethodError
        If an option is not among its choices, coefficients do not fit, or no weight is left.

    Notes
    -----
    In the game-theory form a uniform vector always gets coefficient 0 and a nearly uniform one a negative
    coefficient. That is reported as a warning and not repaired; the recipe has the coefficients of the
    non-negative form and those of the absolute values beside it.

    Examples
    --------
    >>> ahp = pd.Series({"A": 0.4, "B": 0.3, "C": 0.2, "D": 0.1})
    >>> entropy = pd.Series({"A": 0.25, "B": 0.2, "C": 0.3, "D": 0.25})
    >>> combine_weights({"ahp": ahp, "entropy": entropy}, coefficients=0.6).weights.round(4).to_dict()
    {'A': 0.34, 'B': 0.26, 'C': 0.24, 'D': 0.16}
    >>> combine_weights([ahp, entropy], method="game_theory").coefficients.round(4).to_dict()
    {'1': 0.8238, '2': 0.1762}
    """
    choose("method", method, METHOD_NAMES)
    table = _checked_vectors(vectors)
    if coefficients is not None and method not in _GIVEN:
        raise MethodError(
            f"coefficients: {method} computes them; leave them out, or use method='linear'.",
            zh=f"coefficients：{method} 自行计算系数；请不要给出，或改用 method='linear'。",
        )
    differences = _differences(matrix, table.index, method)
    array = table.to_numpy().T
    raw = _coefficients(coefficients, array, table.columns, method, differences)
    scaled = raw if method == "multiplicative" else raw / raw.sum()
    mixed = np.prod(array ** scaled[:, None], axis=0) if method in _MULTIPLIED else scaled @ array
    if not mixed.sum() > 0:
        raise MethodError(
            f"method={method!r}: every indicator has a zero in one of the vectors; none is left.",
            zh=f"method={method!r}：每项指标都在某组权重中为 0，没有剩余。",
        )
    named = pd.Series(scaled, index=table.columns, name="coefficient")
    weights = pd.Series(mixed / mixed.sum(), index=table.index, name="weight")
    recipe: dict[str, object] = {
        "method": method,
        "coefficients": "computed" if method not in _GIVEN else "equal" if coefficients is None else "given",
        "raw_coefficients": dict(zip(table.columns, raw.tolist())),
    }
    if method == "game_theory":
        recipe["nonnegative_form"] = dict(zip(table.columns, _shares(array @ array.sum(axis=0)).tolist()))
        recipe["absolute_values"] = dict(zip(table.columns, _shares(np.abs(raw)).tolist()))
    return CombinedWeights(weights, named, table, _cautions(weights, named, recipe), recipe)


def _shares(values: Floats) -> Floats:
    return values / values.sum()


def _checked_vectors(vectors: object) -> pd.DataFrame:
    """Weight vectors as columns of one table, matched by label."""
    columns = _as_series(vectors)
    if len(columns) < 2:
        raise TableError(
            f"vectors: found {len(columns)}; expected at least two weight vectors to combine.",
            zh=f"vectors：给出 {len(columns)} 组；至少需要两组权重。",
        )
    first = next(iter(columns))
    labels = columns[first].index
    for name, vector in columns.items():
        _check_labels(name, vector, first, labels)
        values = vector.to_numpy()
        wrong = vector[~(np.isfinite(values) & (values >= 0))]
        if len(wrong):
            raise TableError(
                f"vectors: {name!r} has {wrong.iloc[0]:g} for {wrong.index[0]!r}; expected weights that are finite "
                "and not negative.",
                zh=f"vectors：{name!r} 中 {wrong.index[0]!r} 的权重为 {wrong.iloc[0]:g}；应为不小于 0 的有限数。",
            )
        if abs(vector.sum() - 1) > _SUM_TOLERANCE:
            raise TableError(
                f"vectors: {name!r} sums to {vector.sum():.6g}; expected 1. Divide it by its sum first.",
                zh=f"vectors：{name!r} 之和为 {vector.sum():.6g}；应为 1。请先除以其总和。",
            )
    return pd.DataFrame({name: vector.reindex(labels) for name, vector in columns.items()})


def _check_labels(name: object, vector: pd.Series, first: object, labels: pd.Index) -> None:
    doubled = vector.index[vector.index.duplicated()].unique()
    unknown = [label for label in vector.index if label not in labels]
    missing = [label for label in labels if label not in vector.index]
    if not (len(doubled) or unknown or missing):
        return
    names = [str(label) for label in labels]
    near, near_zh = (f(str(unknown[0]), names) if unknown else "" for f in (did_you_mean, meant_zh))
    raise TableError(
        f"vectors: the labels of {name!r} do not match those of {first!r}: doubled {some(doubled) or 'none'}, "
        f"unknown {some(unknown) or 'none'}, missing {some(missing) or 'none'}.{near} Expected the same labels once "
        "each.",
        zh=f"vectors：{name!r} 的标签与 {first!r} 不符：重复 {some_zh(doubled) or '无'}，不认识 "
        f"{some_zh(unknown) or '无'}，缺少 {some_zh(missing) or '无'}。{near_zh}各组应有相同的标签，各一次。",
    )


def _as_series(vectors: object) -> dict[Any, pd.Series]:
    if isinstance(vectors, pd.DataFrame | Mapping):
        named = dict(vectors.items())
    elif isinstance(vectors, np.ndarray) or (isinstance(vectors, Sequence) and not isinstance(vectors, str)):
        named = {str(number): vector for number, vector in enumerate(vectors, start=1)}
    else:
        raise TableError(
            f"vectors: found {type(vectors).__name__}; expected a mapping of name to Series, a DataFrame or a list.",
            zh=f"vectors：给出的是 {type(vectors).__name__}；应为名称到权重的映射、DataFrame 或列表。",
        )
    found = {}
    for name, vector in named.items():
        try:
            found[name] = pd.Series(getattr(vector, "weights", vector)).astype(float)
        except (TypeError, ValueError):
            raise TableError(
                f"vectors: {name!r} is {type(vector).__name__}; expected numbers, one an indicator.",
                zh=f"vectors：{name!r} 为 {type(vector).__name__}；应为数，每项指标一个。",
            ) from None
    return found


def _differences(matrix: object, labels: pd.Index, method: str) -> Floats:
    """Sum of the absolute differences between units on every indicator, min-max normalised."""
    if matrix is None:
        if method == "deviation":
            raise MethodError(
                "method='deviation' computes with the indicator matrix; give it as matrix=.",
                zh="method='deviation' 需要指标数据；请以 matrix= 给出。",
            )
        return np.zeros(len(labels))
    frame = matrix if isinstance(matrix, pd.DataFrame) else pd.DataFrame(np.asarray(matrix))
    if len(frame.columns) != len(labels) or set(frame.columns) != set(labels):
        raise TableError(
            f"matrix: columns {some(frame.columns)}; expected the labels of the weights, {some(labels)}.",
            zh=f"数据表：列为 {some_zh(frame.columns)}；应为权重的标签 {some_zh(labels)}。",
        )
    if method != "deviation":
        return np.zeros(len(labels))
    table = prepare(frame[list(labels)], None)
    span = np.where(table.constant, 1.0, table.high - table.low)
    m = len(table.values)
    ordered = np.sort(table.values, axis=0)
    total = 2 * (2 * np.arange(1, m + 1) - m - 1) @ ordered / span
    return np.where(table.constant, 0.0, total)


def _coefficients(given: object, array: Floats, names: pd.Index, method: str, differences: Floats) -> Floats:
    """Coefficients before they are scaled."""
    if method == "game_theory":
        return _game_coefficients(array)
    if method == "game_theory_nonnegative":
        return np.asarray(array @ array.sum(axis=0))
    if method == "distance":
        if len(array) != 2:
            raise MethodError(
                f"method='distance' is for two vectors; found {len(array)}. Use method='game_theory_nonnegative'.",
                zh=f"method='distance' 只用于两组权重，现有 {len(array)} 组。请改用 method='game_theory_nonnegative'。",
            )
        apart = float(np.sqrt(((array[0] - array[1]) ** 2).sum() / 2))
        return np.array([(1 + apart) / 2, (1 - apart) / 2])
    if method == "deviation":
        if not differences.any():
            raise MethodError(
                "method='deviation': the units do not differ on any indicator of the matrix. Use method='linear'.",
                zh="method='deviation'：各单位在所有指标上取值相同。请改用 method='linear'。",
            )
        return np.asarray(array @ differences) / np.linalg.norm(array @ differences)
    return np.ones(len(names)) if given is None else _given_coefficients(given, names)


def _given_coefficients(given: object, names: pd.Index) -> Floats:
    if isinstance(given, int | float | np.number):
        if len(names) != 2 or not 0 <= given <= 1:
            raise MethodError(
                f"coefficients={given!r} for {len(names)} vectors; one number is the share of the first of two, "
                "from 0 to 1. Give one number for each vector.",
                zh=f"coefficients={given!r}，共有 {len(names)} 组权重；单个数只表示两组中第一组的份额（0 至 1）。"
                "请为每组各给一个数。",
            )
        return np.array([given, 1 - given], dtype=float)
    if isinstance(given, Mapping | pd.Series):
        named = dict(given.items())
        if set(named) != set(names):
            raise MethodError(
                f"coefficients: found {some(named)}; expected one for each vector, {some(names)}.",
                zh=f"coefficients：给出的是 {some_zh(named)}；应为每组各一个：{some_zh(names)}。",
            )
        listed: object = [named[name] for name in names]
    else:
        listed = given
    try:
        values = np.array(listed, dtype=float)
    except (TypeError, ValueError):
        values = np.array([np.nan])
    if values.shape != (len(names),) or not np.isfinite(values).all() or (values < 0).any() or not values.any():
        found = some(np.ravel(np.array(listed, dtype=object)).tolist())
        raise MethodError(
            f"coefficients: found {found}; expected {len(names)} numbers, none negative and not all zero.",
            zh=f"coefficients：给出的是 {found}；应为 {len(names)} 个不小于 0 且不全为 0 的数。",
        )
    return values


def _game_coefficients(array: Floats) -> Floats:
    """Coefficients with the least disagreement; equal vectors, whose system is singular, share equally."""
    gram = array @ array.T
    raw = np.linalg.lstsq(gram, np.diag(gram), rcond=1e-12)[0]
    if abs(raw.sum()) < 1e-9:
        shown = raw.round(6).tolist()
        raise MethodError(
            f"method='game_theory': the coefficients {some(shown)} cancel out. Use method='game_theory_nonnegative'.",
            zh=f"method='game_theory'：系数 {some_zh(shown)} 相互抵消。请改用 method='game_theory_nonnegative'。",
        )
    return np.asarray(raw)


def _cautions(weights: pd.Series, coefficients: pd.Series, recipe: Mapping[str, Any]) -> tuple[Caution, ...]:
    negative = coefficients[coefficients < -1e-12]
    if not len(negative):
        return ()
    shown = ", ".join(f"{name} {value:.4g}" for name, value in negative.items())
    other = ", ".join(f"{name} {value:.4g}" for name, value in recipe["nonnegative_form"].items())
    found = [
        Caution(
            f"博弈论组合系数为负（{shown}）：该组权重被反向使用。可改用 game_theory_nonnegative（系数 {other}），"
            "或用 linear 并自行给定系数。",
            f"game theory gives a negative coefficient ({shown}): that vector counts against itself. "
            f"method='game_theory_nonnegative' would give {other}; method='linear' takes coefficients of your own.",
        )
    ]
    below = list(weights.index[weights < 0])
    if below:
        found.append(
            Caution(
                f"指标 {'、'.join(map(str, below[:5]))} 的组合权重为负，不可使用。",
                f"the combined weight of {some(below)} is negative and cannot be used.",
            )
        )
    return tuple(found)
