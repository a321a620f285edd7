"""Weights drawn from the data, and what a reader should know before using them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vitality.errors import TableError, some
from vitality.weights.cautions import Caution, CautionedResult

if TYPE_CHECKING:
    from vitality.framework import Lang
    from vitality.weights.kernels import Floats
    from vitality.weights.objective.preparation import Prepared

__all__ = ["ObjectiveWeights", "shared_out"]

#: From these on a caution is given.
DOMINANT_WEIGHT = 0.5
MANY_ZEROS = 0.2

#: Names of the methods that a report prints.
METHOD_NAMES = {
    "entropy": ("熵值法", "entropy"),
    "critic": ("CRITIC 法", "CRITIC"),
    "cv": ("变异系数法", "coefficient of variation"),
    "sd": ("标准差法", "standard deviation"),
    "pca": ("主成分分析法", "principal components"),
    "merec": ("MEREC 法（剔除效应）", "MEREC (removal effects)"),
    "cilos": ("CILOS 法（损失影响）", "CILOS (impact of loss)"),
    "idocriw": ("IDOCRIW 法（熵 × 损失影响）", "IDOCRIW (entropy times impact of loss)"),
    "gini": ("基尼系数法", "Gini coefficient"),
}


@dataclass(frozen=True, eq=False, repr=False)
class ObjectiveWeights(CautionedResult):
    """Weights drawn from the data, with all that is needed to judge and to repeat them.

    Attributes
    ----------
    weights : Series, shape (n_indicators,)
        Not negative, sum 1; exactly 0 for a constant column.
    details : DataFrame, one row an indicator
        What the weights were made of; the docstring of each method says which columns. ``n_units`` is the
        number of units that entered; ``zero_share``, where zeros matter, the share of them at 0.
    cautions : tuple of Caution
    recipe : mapping
        Method and every option, for the report.
    """

    weights: pd.Series
    details: pd.DataFrame
    cautions: tuple[Caution, ...]
    recipe: Mapping[str, object]

    def sentence(self, lang: Lang = "zh", *, names: Mapping[str, str] | None = None) -> str:
        """One sentence for a report: method, size of the table, the heaviest indicators.

        `names` gives the indicators the names that people read.
        """
        zh, en = METHOD_NAMES[str(self.recipe["method"])]
        heaviest = self.weights.rename(names).sort_values(ascending=False, kind="stable")[:5]
        units = int(self.details["n_units"].max())
        if lang == "zh":
            shown = "、".join(f"{name} {value:.3f}" for name, value in heaviest.items())
            which = "权重为" if len(heaviest) == len(self.weights) else "权重最大的为"
            return f"按{zh}由 {units} 个单位的数据得到 {len(self.weights)} 项指标的权重，{which}：{shown}。"
        shown = ", ".join(f"{name} {value:.3f}" for name, value in heaviest.items())
        which = "the weights" if len(heaviest) == len(self.weights) else "the heaviest"
        return f"Weights of {len(self.weights)} indicators from {units} units by {en}; {which}: {shown}."

    def _repr_html_(self) -> str:
        table = self.details.assign(**{"weight / 权重": self.weights}).to_html(float_format="{:.4f}".format)
        return table + self._sentences_html() + self._cautions_html()


def shared_out(
    method: str, information: Floats, details: Mapping[str, object], table: Prepared, **recipe: object
) -> ObjectiveWeights:
    """Weights in proportion to what each column tells, with the cautions that hold for every method.

    Parameters
    ----------
    method : str
        One of `METHOD_NAMES`.
    information : array, shape (n_indicators,)
        Not negative; 0 for a constant column.
    details : mapping of name to array, shape (n_indicators,)
    table : Prepared
    **recipe
        Options of the method's own; what holds for every method is added.

    Raises
    ------
    TableError
        If no column tells anything.
    """
    total = information.sum()
    if table.constant.all():
        raise TableError(
            "matrix: every column is constant; weights from the data need at least one on which units differ.",
            zh="数据表：各单位在每项指标上取值都相同；由数据求权至少需要一项取值不同的指标。",
        )
    if not total > 0:
        raise TableError(
            f"matrix: by {METHOD_NAMES[method][1]} no indicator gets any weight. Use another method.",
            zh=f"数据表：按{METHOD_NAMES[method][0]}，没有任何指标得到权重。请改用其他方法。",
        )
    weights = pd.Series(information / total, index=table.columns, name="weight")
    frame = pd.DataFrame({**details, "n_units": table.counts}, index=table.columns)
    told = {"method": method, **recipe, **table.recipe}
    return ObjectiveWeights(weights, frame, _cautions(weights, frame, table), told)


def _cautions(weights: pd.Series, details: pd.DataFrame, table: Prepared) -> tuple[Caution, ...]:
    found = []
    if len(weights) > 1 and weights.max() > DOMINANT_WEIGHT:
        top, share = weights.idxmax(), 100 * weights.max()
        found.append(
            Caution(
                f"指标 {top} 一项占去 {share:.0f}% 的权重。",
                f"{top!r} carries {share:.0f}% of the weight alone.",
            )
        )
    zeros = details["zero_share"].to_numpy() if "zero_share" in details else np.zeros(len(weights))
    # a single zero is no crowd, and min-max makes one in every column
    many = (zeros >= MANY_ZEROS) & (zeros * table.counts > 1.5)
    heavy = list(weights.index[many & (weights.to_numpy() > 1 / len(weights))])
    if heavy:
        found.append(
            Caution(
                f"指标 {'、'.join(map(str, heavy[:5]))} 的权重主要来自大量零值，未必反映真实差异。",
                f"zeros carry the weight of {some(heavy)}; they need not mean that the units differ.",
            )
        )
    empty = list(weights.index[table.counts < 2])
    if empty:
        found.append(
            Caution(
                f"指标 {'、'.join(map(str, empty[:5]))} 不足两个单位有数据，权重为 0。",
                f"fewer than two units have {some(empty)}: weight 0.",
            )
        )
    flat = list(weights.index[table.constant & (table.counts >= 2)])
    if flat:
        found.append(
            Caution(
                f"指标 {'、'.join(map(str, flat[:5]))} 各单位取值相同，权重为 0。",
                f"the units do not differ on {some(flat)}: weight 0.",
            )
        )
    silent = list(weights.index[~table.constant & (np.asarray(weights) == 0)])
    if silent:
        found.append(
            Caution(
                f"指标 {'、'.join(map(str, silent[:5]))} 按此方法得不到权重（0），虽然各单位取值不同。",
                f"this method gives {some(silent)} no weight, although the units differ there.",
            )
        )
    return tuple(found)
