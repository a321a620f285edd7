"""Combined weights: several weight vectors over the same indicators become one."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from vitality.errors import MethodError, TableError, did_you_mean, some
from vitality.weights.cautions import Caution
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.framework import Lang
    from vitality.weights.kernels import Floats

__all__ = ["CombinedWeights", "combine_weights"]

_METHODS = ("linear", "multiplicative", "minimum_relative_entropy", "game_theory")
_SUM_TOLERANCE = 1e-3


@dataclass(frozen=True, eq=False)
class CombinedWeights:
    """One weight vector made of several.

    Attributes
    ----------
    weights : Series, shape (n_indicators,)
        Sum 1.
    coefficients : Series, shape (n_vectors,)
        How much each vector counts. ``linear`` and ``game_theory``: factors that sum to 1 (for game
        theory one can be negative); ``multiplicative``: exponents; ``minimum_relative_entropy``:
        exponents that sum to 1.
    vectors : DataFrame, shape (n_indicators, n_vectors)
        What was combined.
    cautions : tuple of Caution
    recipe : mapping
        Method and coefficients as they came out before they were scaled.
    """

    weights: pd.Series
    coefficients: pd.Series
    vectors: pd.DataFrame
    cautions: tuple[Caution, ...]
    recipe: Mapping[str, object]

    @property
    def warnings(self) -> tuple[str, ...]:
        """Cautions in English; `cautions` has them in both languages."""
        return tuple(caution.text("en") for caution in self.cautions)

    def warning_texts(self, lang: Lang = "zh") -> tuple[str, ...]:
        """Cautions in the language asked for."""
        return tuple(caution.text(lang) for caution in self.cautions)

    def _repr_html_(self) -> str:
        table = self.vectors.assign(**{"combined / 组合": self.weights}).to_html(float_format="{:.4f}".format)
        shares = self.coefficients.rename("coefficient / 系数").to_frame().to_html(float_format="{:.4f}".format)
        return table + shares + "".join(f"<p>{html.escape(text)}</p>" for text in self.warning_texts("zh"))


def combine_weights(
    vectors: Mapping[str, pd.Series] | pd.DataFrame,
    *,
    method: Literal["linear", "multiplicative", "minimum_relative_entropy", "game_theory"] = "linear",
    coefficients: Mapping[str, float] | Sequence[float] | float | None = None,
    matrix: pd.DataFrame | None = None,
) -> CombinedWeights:
    """Combine weight vectors, such as AHP and entropy weights.

    Parameters
    ----------
    vectors : mapping of name to Series, or DataFrame with one column a vector
        At least two, over the same labels in any order; not negative, each with sum 1.
    method : {"linear", "multiplicative", "minimum_relative_entropy", "game_theory"}
        ``linear``: sum of c_k w_k. Minimising the squared distance to the vectors gives the same with equal
        coefficients: "least squares" is the plain mean. ``multiplicative``: product of w_k ** c_k, scaled
        (exponents 1 when left out: sharpens contrasts, and a zero in one vector removes the indicator).
        ``minimum_relative_entropy``: the same with exponents that sum to 1, for two vectors the scaled square
        root of the product. ``game_theory`` (博弈论): c solves (W W') c = diag(W W') and is scaled to sum 1.
    coefficients : mapping, sequence or number, optional
        Not negative; equal when left out. For two vectors one number from 0 to 1 is the share of the first.
        ``linear`` and ``minimum_relative_entropy`` scale them to sum 1. Not for ``game_theory``.
    matrix : DataFrame, optional
        Indicator matrix from which the vectors were drawn; its columns must be their labels. None of
        these methods computes with it.

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
    coefficient, which is reported as a warning and not repaired.

    Examples
    --------
    >>> ahp = pd.Series({"A": 0.4, "B": 0.3, "C": 0.2, "D": 0.1})
    >>> entropy = pd.Series({"A": 0.25, "B": 0.2, "C": 0.3, "D": 0.25})
    >>> combine_weights({"ahp": ahp, "entropy": entropy}, coefficients=0.6).weights.round(4).to_dict()
    {'A': 0.34, 'B': 0.26, 'C': 0.24, 'D': 0.16}
    """
    choose("method", method, _METHODS)
    table = _checked_vectors(vectors)
    if matrix is not None and set(matrix.columns) != set(table.index):
        raise TableError(
            f"matrix: columns {some(matrix.columns)}; expected the labels of the weights, {some(table.index)}."
        )
    array = table.to_numpy().T
    raw = _coefficients(coefficients, array, table.columns, method)
    scaled = raw if method == "multiplicative" else raw / raw.sum()
    added = method in ("linear", "game_theory")
    mixed = scaled @ array if added else np.prod(array ** scaled[:, None], axis=0)
    if not mixed.sum() > 0:
        raise MethodError(f"method={method!r}: every indicator has a zero in one of the vectors; none is left.")
    named = pd.Series(scaled, index=table.columns, name="coefficient")
    weights = pd.Series(mixed / mixed.sum(), index=table.index, name="weight")
    origin = "computed" if method == "game_theory" else "equal" if coefficients is None else "given"
    recipe = {
        "method": method,
        "coefficients": origin,
        "raw_coefficients": dict(zip(table.columns, raw.tolist())),
    }
    return CombinedWeights(weights, named, table, _cautions(weights, named), recipe)


def _checked_vectors(vectors: Mapping[str, pd.Series] | pd.DataFrame) -> pd.DataFrame:
    """Weight vectors as columns of one table, matched by label."""
    columns = {name: vector.astype(float) for name, vector in _as_series(vectors).items()}
    if len(columns) < 2:
        raise TableError(f"vectors: found {len(columns)}; expected at least two weight vectors to combine.")
    first = next(iter(columns))
    labels = columns[first].index
    for name, vector in columns.items():
        doubled = vector.index[vector.index.duplicated()].unique()
        unknown = [label for label in vector.index if label not in labels]
        missing = [label for label in labels if label not in vector.index]
        if len(doubled) or unknown or missing:
            near = did_you_mean(str(unknown[0]), [str(label) for label in labels]) if unknown else ""
            raise TableError(
                f"vectors: the labels of {name!r} do not match those of {first!r}: doubled "
                f"{some(doubled) or 'none'}, "
                f"unknown {some(unknown) or 'none'}, missing {some(missing) or 'none'}.{near} "
                "Expected the same labels once each."
            )
        wrong = vector[~(np.isfinite(vector.to_numpy()) & (vector.to_numpy() >= 0))]
        if len(wrong):
            raise TableError(
                f"vectors: {name!r} has {wrong.iloc[0]:g} for {wrong.index[0]!r}; expected weights that "
                "are finite "
                "and not negative."
            )
        if abs(vector.sum() - 1) > _SUM_TOLERANCE:
            raise TableError(f"vectors: {name!r} sums to {vector.sum():.6g}; expected 1. Divide it by its sum first.")
    return pd.DataFrame({name: vector.reindex(labels) for name, vector in columns.items()})


def _as_series(vectors: Mapping[str, pd.Series] | pd.DataFrame) -> dict[Any, pd.Series]:
    if not isinstance(vectors, pd.DataFrame | Mapping):
        raise TableError(
            f"vectors: found {type(vectors).__name__}; expected a mapping of name to Series, or a DataFrame."
        )
    return {name: pd.Series(vector) for name, vector in vectors.items()}


def _coefficients(given: object, array: Floats, names: pd.Index, method: str) -> Floats:
    """Coefficients before they are scaled."""
    if method == "game_theory":
        if given is not None:
            raise MethodError("coefficients: game_theory computes them; leave them out, or use method='linear'.")
        return _game_coefficients(array)
    return np.ones(len(names)) if given is None else _given_coefficients(given, names)


def _given_coefficients(given: object, names: pd.Index) -> Floats:
    if isinstance(given, int | float):
        if len(names) != 2 or not 0 <= given <= 1:
            raise MethodError(
                f"coefficients={given!r} for {len(names)} vectors; one number is the share of the first "
                "of two, "
                "from 0 to 1. Give one number for each vector."
            )
        return np.array([given, 1 - given], dtype=float)
    if isinstance(given, Mapping | pd.Series):
        named = dict(given.items())
        if set(named) != set(names):
            raise MethodError(f"coefficients: found {some(named)}; expected one for each vector, {some(names)}.")
        values = np.array([named[name] for name in names], dtype=float)
    else:
        values = np.asarray(given, dtype=float)
    if values.shape != (len(names),) or not np.isfinite(values).all() or (values < 0).any() or not values.any():
        raise MethodError(
            f"coefficients: found {some(np.ravel(values).tolist())}; expected {len(names)} numbers, none "
            "negative and "
            "not all zero."
        )
    return values


def _game_coefficients(array: Floats) -> Floats:
    """Coefficients with the least disagreement; equal vectors, whose system is singular, share equally."""
    gram = array @ array.T
    raw = np.linalg.lstsq(gram, np.diag(gram), rcond=1e-12)[0]
    if abs(raw.sum()) < 1e-9:
        raise MethodError(
            f"method='game_theory': the coefficients {some(raw.round(6).tolist())} cancel out. Use method='linear'."
        )
    return np.asarray(raw)


def _cautions(weights: pd.Series, coefficients: pd.Series) -> tuple[Caution, ...]:
    negative = coefficients[coefficients < -1e-12]
    if not len(negative):
        return ()
    shown = ", ".join(f"{name} {value:.4g}" for name, value in negative.items())
    found = [
        Caution(
            f"博弈论组合系数为负（{shown}）：该组权重被反向使用。可改用 linear 并自行给定系数。",
            f"game theory gives a negative coefficient ({shown}): that vector counts against itself. "
            "Consider method='linear' with coefficients of your own.",
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
