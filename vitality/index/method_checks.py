"""What has to hold between the options of a `Method`; the first contradiction is said."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from vitality.errors import MethodError, did_you_mean, meant_zh
from vitality.index.messages import unfit_thresholds

if TYPE_CHECKING:
    from vitality.index.method import Method

__all__ = ["check_together"]

#: Normalisations whose points are fixed in natural units, so that logarithms cannot be put on them.
FIXED = ("goalposts", "distance_to_target")
#: Normalisations that place a unit among others; they have no scale to carry to another round.
PLACES = ("rank", "percentile", "borda")


def check_together(method: Method) -> None:
    """Raise a `MethodError` if numbers are out of range or options contradict each other."""
    for check in (_check_numbers, _check_means, _check_needs, _check_reference):
        check(method)


def _check_numbers(method: Method) -> None:
    if not 0 < method.minimum_coverage <= 1:
        raise MethodError(
            f"minimum_coverage={method.minimum_coverage!r}; expected a share above 0 and up to 1.",
            zh=f"minimum_coverage={method.minimum_coverage!r}：应为大于 0、不超过 1 的比例。",
        )
    if not 0 <= method.maximum_zeros <= 1:
        raise MethodError(
            f"maximum_zeros={method.maximum_zeros!r}; expected a share from 0 to 1.",
            zh=f"maximum_zeros={method.maximum_zeros!r}：应为 0 到 1 的比例。",
        )
    if not (method.skewness > 0 and method.kurtosis > 0 and method.maximum >= 1):
        raise unfit_thresholds(method.skewness, method.kurtosis, method.maximum)
    if not 0 <= method.floor < 100:
        raise MethodError(
            f"floor={method.floor!r}; expected a value from 0 to below 100, such as 1.",
            zh=f"floor={method.floor!r}：应为不小于 0、小于 100 的数，例如 1。",
        )


def _check_means(method: Method) -> None:
    if not math.isfinite(method.power) or method.power == 0:
        raise MethodError(
            f"power={method.power!r}; expected a number other than 0, such as 0.5. For 0 choose "
            "aggregation='geometric'.",
            zh=f"power={method.power!r}：应为不等于 0 的数，例如 0.5。要用 0，请选 aggregation='geometric'。",
        )
    if not (0 <= method.alpha <= 1 and 0 <= method.beta < math.inf):
        raise MethodError(
            f"alpha={method.alpha!r}, beta={method.beta!r}; expected alpha from 0 to 1 and beta of 0 or more points.",
            zh=f"alpha={method.alpha!r}，beta={method.beta!r}：alpha 应在 0 到 1 之间，beta 应为不小于 0 的分数。",
        )
    low, high = method.bounds
    if not 0 <= low <= high <= 1:
        raise MethodError(
            f"bounds={method.bounds!r}; expected two shares, 0 <= low <= high <= 1.",
            zh=f"bounds={method.bounds!r}：应为两个比例，0 ≤ 下限 ≤ 上限 ≤ 1。",
        )


def _check_needs(method: Method) -> None:
    if method.imputation.startswith("group") and method.group is None:
        raise MethodError(
            f"imputation={method.imputation!r} needs group=, the column of the units' attributes to group by.",
            zh=f"imputation={method.imputation!r} 需要 group=，即单位属性中用来分组的列名。",
        )
    if method.normalisation == "distance_to_reference" and method.reference_unit is None:
        raise MethodError(
            "normalisation='distance_to_reference' needs reference_unit=, the unit that scores 100.",
            zh="normalisation='distance_to_reference' 需要 reference_unit=，即得 100 分的参照单位。",
        )
    logs = [method.treatment, *method.treatment_of.values()]
    if method.normalisation in FIXED and any("log" in name for name in logs):
        raise MethodError(
            f"normalisation={method.normalisation!r} has its points in natural units, which logarithms leave; "
            "treatment='winsorise' goes with it, or another normalisation.",
            zh=f"normalisation={method.normalisation!r} 的标尺以原单位给出，不能与取对数同用；"
            "请改用 treatment='winsorise'，或另选归一化方法。",
        )


def _check_reference(method: Method) -> None:
    if method.normalisation == "goalposts" and method.reference != "framework":
        raise MethodError(
            "normalisation='goalposts' takes its points from the framework, and "
            f"reference={method.reference!r} does not go with "
            f"it.{did_you_mean(method.reference, ('framework',))} Leave reference='framework', or "
            "choose another normalisation.",
            zh="normalisation='goalposts' 的标尺取自框架，"
            f"不能与 reference={method.reference!r} 同用。{meant_zh(method.reference, ('framework',))}"
            "请保留 reference='framework'，或另选归一化方法。",
        )
    if method.normalisation in PLACES and method.reference not in ("framework", "all", "each"):
        raise MethodError(
            f"normalisation={method.normalisation!r} places units among each other, and "
            f"reference={method.reference!r} gives no place to those of other rounds. Choose "
            "reference='all' or 'each'.",
            zh=f"normalisation={method.normalisation!r} 按单位之间的名次计分，"
            f"reference={method.reference!r} 使其他轮次的单位没有名次。请选 reference='all' 或 'each'。",
        )
