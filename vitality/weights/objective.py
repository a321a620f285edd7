"""Weights that the data give: how much the units differ on each indicator."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from vitality.errors import MethodError, TableError, some
from vitality.weights.cautions import Caution
from vitality.weights.options import choose
from vitality.weights.preparation import checked_values, less_is_better

if TYPE_CHECKING:
    from vitality.framework import Lang
    from vitality.weights.kernels import Floats

__all__ = ["ObjectiveWeights", "entropy_weights"]

#: From these on a caution is given.
DOMINANT_WEIGHT = 0.5
HIGH_ENTROPY = 0.9
MANY_ZEROS = 0.2


@dataclass(frozen=True, eq=False)
class ObjectiveWeights:
    """Weights drawn from the data, with all that is needed to judge and to repeat them.

    Attributes
    ----------
    weights : Series, shape (n_indicators,)
        Not negative, sum 1; exactly 0 for a constant column.
    details : DataFrame, one row an indicator
        What the weights were made of; for entropy weights ``entropy`` (0 to 1), ``divergence`` (1 - entropy),
        ``zero_share`` (share of units that are exactly 0 after normalisation, before the shift) and
        ``n_units`` that entered.
    cautions : tuple of Caution
    recipe : mapping
        Method and every option, for the report.
    """

    weights: pd.Series
    details: pd.DataFrame
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
        table = self.details.assign(weight=self.weights).to_html(float_format="{:.4f}".format)
        return table + "".join(f"<p>{html.escape(text)}</p>" for text in self.warning_texts("zh"))


def entropy_weights(
    matrix: object,
    *,
    direction: object = None,
    normalisation: Literal["minmax", "shares"] = "minmax",
    shift: float = 0.0,
    margin: float = 0.0,
    missing: Literal["raise", "omit"] = "raise",
) -> ObjectiveWeights:
    """Entropy weights (熵值法): the less evenly an indicator is spread over the units, the more it weighs.

    Parameters
    ----------
    matrix : DataFrame or array-like, shape (n_units, n_indicators)
        Natural units; at least two units.
    direction : mapping, Series or sequence, optional
        ``"benefit"`` or ``"cost"`` (1 or -1) for each column; None: more is better everywhere. ``"interval"``
        indicators must be mapped to their score first.
    normalisation : {"minmax", "shares"}
        ``minmax``: every column to 0 (worst) .. 1 (best). ``shares``: the values as they are, which must
        not be negative; a cost column enters as its reciprocal and must be positive.
    shift : float
        Added to every value after the normalisation (0 or more); 0.01, 0.0001 and 1 are in use and move the
        weights, so that it is recorded. 0 ln 0 counts as 0, so that no shift is needed.
    margin : float
        Only for ``minmax``: map to ``margin .. 1 - margin`` instead, from 0 up to below 0.5.
    missing : {"raise", "omit"}
        ``omit``: every column over the units that have it, with their number in its entropy.

    Returns
    -------
    ObjectiveWeights

    Raises
    ------
    TableError
        If a value is NaN (unless omitted), infinite or out of range for ``shares``; if all columns are
        constant; if there are fewer than two units.
    MethodError
        If an option is not among its choices.

    Notes
    -----
    With p the shares of a column over its m units, e = -sum(p ln p) / ln m and w = (1 - e) / sum(1 - e) [1]_.
    The weights follow numerical spread, not discrimination of ranks, and many zeros inflate them [2]_.

    References
    ----------
    .. [1] Shannon, C. E. (1948). Bell System Technical Journal 27, 379-423; Xu, X. (2004). European J.
       Operational Research 156, 530-532.
    .. [2] Zhu, Y., Tian, D. & Yan, F. (2020). Math. Problems in Engineering, 3564835.

    Examples
    --------
    >>> matrix = pd.DataFrame({"C31": [1, 2, 3, 4], "C32": [1, 1, 1, 7], "D11": [2, 2, 3, 3]})
    >>> found = entropy_weights(matrix, normalisation="shares")
    >>> found.weights.round(4).to_dict()
    {'C31': 0.1859, 'C32': 0.7789, 'D11': 0.0352}
    >>> found.warnings
    ("'C32' carries 78% of the weight alone.",)
    """
    choose("normalisation", normalisation, ("minmax", "shares"))
    _check_shift(shift, margin, normalisation)
    frame, values = checked_values(matrix, missing=missing)
    cost = less_is_better(direction, frame.columns)
    if normalisation == "shares":
        _check_shares(frame, values, cost)
    rows = [_column_entropy(values[:, j], bool(cost[j]), normalisation, shift, margin) for j in range(values.shape[1])]
    details = pd.DataFrame(rows, index=frame.columns, columns=["entropy", "divergence", "zero_share", "n_units"])
    total = details["divergence"].sum()
    if not total > 0:
        raise TableError(
            "matrix: every column is constant; entropy weights need at least one indicator on which units differ."
        )
    weights = (details["divergence"] / total).rename("weight")
    recipe = {
        "method": "entropy",
        "direction": dict(zip(frame.columns, np.where(cost, "cost", "benefit").tolist())),
        "normalisation": normalisation,
        "cost_columns": "minimum and maximum change places" if normalisation == "minmax" else "reciprocal",
        "shift": float(shift),
        "margin": float(margin),
        "missing": missing,
        "zeros": "0 ln 0 = 0",
        "constant_columns": "weight 0",
    }
    return ObjectiveWeights(weights, details, _cautions(weights, details, normalisation), recipe)


def _check_shift(shift: float, margin: float, normalisation: str) -> None:
    if not (np.isfinite(shift) and shift >= 0):
        raise MethodError(f"shift={shift!r}; expected a number of 0 or more, such as 0.01.")
    if not 0 <= margin < 0.5:
        raise MethodError(f"margin={margin!r}; expected a number from 0 to below 0.5, such as 0.002.")
    if margin and normalisation != "minmax":
        raise MethodError(f"margin={margin!r} belongs to normalisation='minmax'; found {normalisation!r}.")


def _check_shares(frame: pd.DataFrame, values: Floats, cost: np.ndarray) -> None:
    wrong = (values < 0) | ((values == 0) & cost)
    if wrong.any():
        i, j = np.argwhere(wrong)[0]
        wanted = "above 0, because a cost column enters as its reciprocal" if cost[j] else "0 or more"
        raise TableError(
            f"matrix: row {frame.index[i]!r} column {frame.columns[j]!r} is {values[i, j]:g}, and "
            f"{wrong.sum() - 1} "
            f"more cells are out of range; normalisation='shares' expects values {wanted}. "
            "Use normalisation='minmax'."
        )


def _column_entropy(
    column: Floats, cost: bool, normalisation: str, shift: float, margin: float
) -> tuple[float, float, float, int]:
    """Entropy, divergence, share of zeros and number of units of one column, in one pass over one buffer."""
    if np.isnan(column).any():
        column = column[~np.isnan(column)]
    m = len(column)
    if m < 2:
        return float("nan") if m == 0 else 1.0, 0.0, 0.0, m
    low, high = column.min(), column.max()
    if low == high:
        return 1.0, 0.0, float(low == 0 and normalisation == "shares"), m
    if normalisation == "shares":
        scaled = low / column if cost else column / high
    else:
        scaled = (high - column if cost else column - low) / (high - low)
    zeros = float(m - np.count_nonzero(scaled)) / m
    if margin:
        scaled = margin + (1 - 2 * margin) * scaled
    if shift:
        scaled = scaled + shift
    total = scaled.sum()
    logs = np.log(scaled, where=scaled > 0, out=np.zeros(m))
    entropy = float((np.log(total) - scaled @ logs / total) / np.log(m))
    return entropy, max(1 - entropy, 0.0), zeros, m


def _cautions(weights: pd.Series, details: pd.DataFrame, normalisation: str) -> tuple[Caution, ...]:
    found = []
    if len(weights) > 1 and weights.max() > DOMINANT_WEIGHT:
        top, share = weights.idxmax(), 100 * weights.max()
        found.append(
            Caution(
                f"指标 {top} 一项占去 {share:.0f}% 的权重。",
                f"{top!r} carries {share:.0f}% of the weight alone.",
            )
        )
    if (details["entropy"] > HIGH_ENTROPY).all():
        found.append(
            Caution(
                f"所有指标的熵值均高于 {HIGH_ENTROPY}：单位之间差异很小，熵权不稳定。",
                f"every entropy is above {HIGH_ENTROPY}: the units hardly differ, and small changes move the weights.",
            )
        )
    least = 2 if normalisation == "minmax" else 1  # min-max makes one zero in every column
    many = (details["zero_share"] >= MANY_ZEROS) & (details["zero_share"] * details["n_units"] > least - 0.5)
    heavy = list(weights.index[many & (weights > 1 / len(weights))])
    if heavy:
        found.append(
            Caution(
                f"指标 {'、'.join(map(str, heavy[:5]))} 的权重主要来自大量零值，未必反映真实差异。",
                f"zeros carry the weight of {some(heavy)}; they need not mean that the units differ.",
            )
        )
    flat = list(weights.index[weights == 0])
    if flat:
        found.append(
            Caution(
                f"指标 {'、'.join(map(str, flat[:5]))} 各单位取值相同，权重为 0。",
                f"the units do not differ on {some(flat)}: weight 0.",
            )
        )
    return tuple(found)
