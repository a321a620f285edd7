"""The steps of an index, each made once for the choices that it hangs on; a what-if repeats only what it must."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.errors import MethodError, did_you_mean, meant_zh, some, some_zh
from vitality.index.imputation import impute
from vitality.index.method_checks import PLACES
from vitality.index.ranking import rank_scores
from vitality.index.scaling import clip_and_count, fit_scale, map_intervals
from vitality.index.treatment import Treatment, treat, untreated
from vitality.index.weighting import index_weights

if TYPE_CHECKING:
    from vitality.framework import Framework
    from vitality.index.method import Method
    from vitality.weights.cautions import Caution

__all__ = ["Scaled", "Stages"]

T = TypeVar("T")
#: Options of the steps up to the scale.
UP_TO_SCALE = (
    *("imputation", "group", "treatment", "skewness", "kurtosis", "maximum", "treatment_of"),
    *("normalisation", "reference", "reference_unit", "clip"),
)


class Scaled(NamedTuple):
    """The scale, the indicators on it, and how many values lay beyond it."""

    scale: pd.DataFrame
    normalised: pd.DataFrame
    clipped: pd.Series


@dataclass(frozen=True, eq=False)
class Stages:
    """What `build_index` makes of one matrix, step by step, for any number of methods.

    Attributes
    ----------
    matrix : DataFrame, shape (n_units, n_indicators)
        Checked, denominated; index (unit, round).
    framework : Framework
    attributes : DataFrame
        Attributes of the units, rows of `matrix`.
    """

    matrix: pd.DataFrame
    framework: Framework
    attributes: pd.DataFrame
    _made: dict[tuple[object, ...], Any] = field(default_factory=dict, repr=False)

    @cached_property
    def rows_of_rounds(self) -> tuple[npt.NDArray[np.intp], ...]:
        """Rows of each round."""
        rounds = np.asarray(self.matrix.index.get_level_values("round"))
        return tuple(np.flatnonzero(rounds == name) for name in dict.fromkeys(rounds.tolist()))

    def completed(self, method: Method) -> pd.DataFrame:
        """Give the matrix after imputation."""
        group = None
        if method.imputation.startswith("group"):
            group = self._group(method)
        return self._once(
            ("completed", method.imputation, method.group),
            lambda: impute(self.matrix, method=method.imputation, group=group),
        )

    def treatment(self, method: Method) -> Treatment:
        """Give the completed matrix after the treatment of outliers; best intervals stay in natural units."""
        key = (method.treatment, method.skewness, method.kurtosis, method.maximum, str(method.treatment_of))
        return self._once(("treatment", method.imputation, method.group, *key), lambda: self._treatment(method))

    def scaled(self, method: Method) -> Scaled:
        """Give the treated matrix on its scale."""
        dump = method.model_dump()
        return self._once(("scaled", *(str(dump[name]) for name in UP_TO_SCALE)), lambda: self._scaled(method))

    def _treatment(self, method: Method) -> Treatment:
        if method.treatment == "none" and not method.treatment_of:
            return untreated(self.completed(method))
        own: dict[str, str] = dict(method.treatment_of)
        if "log" in method.treatment:
            intervals = [code for code in self.matrix.columns if self.framework.indicator(code).interval is not None]
            own = dict.fromkeys(intervals, "winsorise") | own
        return treat(
            self.completed(method),
            skewness=method.skewness,
            kurtosis=method.kurtosis,
            maximum=method.maximum,
            method=method.treatment,
            method_of={code: name for code, name in own.items() if code in self.matrix.columns},
        )

    def weights(self, method: Method) -> tuple[pd.DataFrame, tuple[Caution, ...]]:
        """Give the weights of every node, with what should be known about them."""
        return index_weights(method.weighting, self.scaled(method).normalised, self.framework)

    def _scaled(self, method: Method) -> Scaled:
        treated = self.treatment(method).matrix
        scale = fit_scale(treated, self.framework, method)
        if method.normalisation in PLACES:
            within = method.reference == "each"
            places = rank_scores(treated, self.framework, within_rounds=within, method=method.normalisation)
            return Scaled(scale, places, pd.Series(0, index=treated.columns, name="clipped"))
        return Scaled(scale, *clip_and_count(map_intervals(treated, self.framework, clip=False), scale, method.clip))

    def _group(self, method: Method) -> pd.Series:
        columns = self.attributes.columns
        if method.group not in columns:
            found = [str(column) for column in columns]
            has = f"they have {some(found)}" if found else "none were given"
            has_zh = f"现有属性 {some_zh(found)}" if found else "没有给出任何属性"
            raise MethodError(
                f"group={method.group!r} is no attribute of the units; {has}."
                f"{did_you_mean(str(method.group), found)} Pass units= with that column to build_index.",
                zh=f"group={method.group!r} 不是单位的属性；{has_zh}。"
                f"{meant_zh(str(method.group), found)}请用 units= 把这一列传给 build_index。",
            )
        return self.attributes[str(method.group)]

    def _once(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]
