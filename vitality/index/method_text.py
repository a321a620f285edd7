"""A `Method` in words: the paragraph of a report that says how the index was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vitality.index.means import FLOORED
from vitality.index.method import mean_of_level
from vitality.index.method_checks import PLACES

if TYPE_CHECKING:
    from vitality.framework import Lang
    from vitality.index.method import Method

__all__ = ["paragraph"]

LEVELS = {"index": ("总指数", "the index"), "dimension": ("维度", "dimensions"), "group": ("组", "groups")}
MEANS = {
    "arithmetic": ("加权算术平均", "weighted arithmetic mean"),
    "geometric": ("加权几何平均", "weighted geometric mean"),
    "harmonic": ("加权调和平均", "weighted harmonic mean"),
    "power": ("加权幂平均（指数{power:g}）", "weighted power mean (exponent {power:g})"),
    "mpi": ("Mazziotta–Pareto指数", "Mazziotta-Pareto index"),
    "adjusted_mpi": ("修正的Mazziotta–Pareto指数", "adjusted Mazziotta-Pareto index"),
    "mean_min": (
        "均值-最小值函数（α={alpha:g}，β={beta:g}）",
        "mean-min function (alpha {alpha:g}, beta {beta:g})",
    ),
    "copeland": ("Copeland两两比较法", "Copeland method of pairwise comparison"),
    "topsis": ("TOPSIS贴近度", "TOPSIS closeness"),
    "benefit_of_the_doubt": (
        "“疑点利益”（BoD）数据包络法",
        "benefit of the doubt (best weights of each unit)",
    ),
}
STAND_INS = {
    "mean": ("同一轮各单位的均值", "the mean of the units of the same round"),
    "median": ("同一轮各单位的中位数", "the median of the units of the same round"),
    "group_mean": ("同一轮同组（{group}）单位的均值", "the mean of the units of the same round and {group}"),
    "group_median": (
        "同一轮同组（{group}）单位的中位数",
        "the median of the units of the same round and {group}",
    ),
    "last_round": ("该单位最近一轮的值", "the unit's latest earlier value"),
    "linear": ("该单位前后两轮之间的线性内插", "the straight line between the unit's rounds before and after"),
}
TREATMENTS = {
    "none": ("对异常值不作处理。", "Outliers are left as they are."),
    "winsorise": (
        "偏度绝对值不小于{skewness:g}且峰度不小于{kurtosis:g}的指标，将其最极端的值逐个缩尾到次极端值，"
        "至多{maximum}个。",
        "Where an indicator's absolute skewness reaches {skewness:g} and its kurtosis {kurtosis:g}, its most "
        "extreme values are moved to the next one, until {maximum} have been.",
    ),
    "log": (
        "偏度绝对值不小于{skewness:g}且峰度不小于{kurtosis:g}的指标取对数。",
        "Logarithms are taken of an indicator whose absolute skewness reaches {skewness:g} and whose kurtosis "
        "{kurtosis:g}.",
    ),
    "winsorise_log": (
        "偏度绝对值不小于{skewness:g}且峰度不小于{kurtosis:g}的指标，将其最极端的值逐个缩尾到次极端值，"
        "至多{maximum}个；仍不合格的改取对数。",
        "Where an indicator's absolute skewness reaches {skewness:g} and its kurtosis {kurtosis:g}, its most "
        "extreme values are moved to the next one, until {maximum} have been; if that is not enough, logarithms "
        "are taken instead.",
    ),
}
WEIGHTINGS = {
    "framework": ("权重按框架所载", "The weights are those that the framework carries"),
    "equal": ("同一上级之下各项等权", "Siblings weigh the same"),
    "entropy": (
        "指标权重由归一化后的数据按熵权法得到，上级权重为其下指标权重之和",
        "Indicators have entropy weights taken from the normalised data, and a parent weighs the sum of them",
    ),
}


def paragraph(method: Method, lang: Lang = "zh") -> str:
    """Give the choices of a method as one paragraph."""
    side = 0 if lang == "zh" else 1
    sentences = [
        _missing(method, side),
        _treatment(method, side),
        _scale(method, side),
        _sum(method, side),
    ]
    if method.maximum_zeros < 1:
        sentences.insert(
            1,
            (
                f"零值超过{method.maximum_zeros:.0%}的单位不计算指数。",
                f"A unit gets no index if more than {method.maximum_zeros:.0%} of its values are zero.",
            )[side],
        )
    return ("" if lang == "zh" else " ").join(sentences)


def _missing(method: Method, side: int) -> str:
    least = (
        f"{100 * method.minimum_coverage:.4g}%"
        if method.minimum_coverage != 2 / 3
        else ("三分之二", "two thirds")[side]
    )
    if method.imputation == "none":
        return (
            f"缺失值不填补，其权重按比例分给同一上级之下有数据的各项；之下有数据的指标不足{least}的节点不列得分，"
            "但这些指标仍计入上级。",
            "Missing values are not filled in: their weight is spread over the siblings that are "
            f"observed. A node with fewer than {least} of the indicators below it observed shows no score; what was "
            "observed still counts in its parent.",
        )[side]
    stand_in = STAND_INS[method.imputation][side].format(group=method.group)
    return (
        f"缺失值以{stand_in}填补；有数据的指标不足{least}的单位不计算得分。",
        f"Missing values are filled in by {stand_in}; a unit with fewer than {least} of its indicators "
        "observed gets no score.",
    )[side]


def _treatment(method: Method, side: int) -> str:
    text = TREATMENTS[method.treatment][side].format(**_numbers(method))
    if not method.treatment_of:
        return text
    own = "、".join(method.treatment_of) if side == 0 else ", ".join(method.treatment_of)
    return text + (f"指标{own}另有规定。", f" Indicators with a treatment of their own: {own}.")[side]


def _numbers(method: Method) -> dict[str, float]:
    names = ("skewness", "kurtosis", "maximum", "power", "alpha", "beta")
    return {name: getattr(method, name) for name in names}


def _scale(method: Method, side: int) -> str:
    over, clip = _reference(method, side), method.clip
    texts = {
        "goalposts": (
            f"各指标按框架规定的最差值和最佳值线性换算为0至100分，{'超出两端的按端点计分，' if clip else ''}"
            "各轮标尺相同；"
            "适度指标在最佳区间内得100分，偏离越远得分越低。",
            "Each indicator is put on a linear scale from 0 to 100 between the worst and the best "
            "value fixed in the framework, the same for every round"
            f"{', and values beyond either end count as that end' if clip else ''}; an indicator with a best "
            "interval scores 100 inside it and less the "
            "farther away it lies.",
        ),
        "minmax": (
            f"各指标按{over}的最差值和最佳值线性换算为0至100分。",
            f"Each indicator is put on a linear scale from 0 to 100 between the worst and the best value of {over}.",
        ),
        "zscore": (
            f"各指标按{over}的均值和标准差标准化，均值为50分、一个标准差为10分{'，限于0至100分' if clip else ''}。",
            f"Each indicator is standardised by the mean and standard deviation of {over}: the mean is "
            f"50 points, a standard deviation 10{', within 0 and 100' if clip else ''}.",
        ),
        "rank": (
            f"各指标按{over}中的名次换算为0至100分，同值取平均名次。",
            f"Each indicator is scored from 0 to 100 by its rank among {over}; ties share their mean rank.",
        ),
        "percentile": (
            f"各指标的得分为{over}中不如该单位者所占百分比。",
            f"An indicator's score is the percentage of the others, among {over}, that a unit is ahead of.",
        ),
        "borda": (
            f"各指标按波达计分：得分与{over}中不如该单位者的个数成正比，0至100分。",
            f"Borda: an indicator's score, 0 to 100, is proportional to the number of {over} that a unit is ahead of.",
        ),
        "distance_to_reference": (
            f"各指标从{over}的最差值到{method.reference_unit}的值线性换算，后者为100分。",
            f"Each indicator is put on a linear scale from the worst value of {over}, 0, to that of "
            f"{method.reference_unit}, 100.",
        ),
        "distance_to_target": (
            f"各指标从{over}的最差值到框架规定的目标值线性换算为0至100分。",
            f"Each indicator is put on a linear scale from the worst value of {over}, 0, to the target fixed in the "
            "framework, 100.",
        ),
    }
    texts["distance_to_maximum"] = texts["minmax"]
    beyond = ("", "") if method.clip or method.normalisation in PLACES else ("超出者不截断。", " Nothing is clipped.")
    return texts[method.normalisation][side] + beyond[side]


def _reference(method: Method, side: int) -> str:
    if method.reference in ("framework", "all"):
        return ("各轮全部单位", "all units of all rounds")[side]
    if method.reference == "each":
        return (
            "本轮单位（各轮之间不可比）",
            "the units of its own round (so that rounds cannot be compared)",
        )[side]
    return (f"{method.reference}轮全部单位", f"the units of round {method.reference}")[side]


def _sum(method: Method, side: int) -> str:
    weights = WEIGHTINGS[method.weighting][side]
    chosen = method.aggregation
    names = {mean: texts[side].format(**_numbers(method)) for mean, texts in MEANS.items()}
    if isinstance(chosen, str):
        how = (
            f"逐级以{names[chosen]}合成",
            f"every level is the {names[chosen]} of the one below",
        )[side]
    else:
        levels = {**dict.fromkeys(LEVELS, "arithmetic"), **chosen}
        parts = [(LEVELS.get(level, (level, level))[side], names[mean_of_level(chosen, level)]) for level in levels]
        how = (
            "，".join(f"{level}取下级的{mean}" for level, mean in parts),
            ", ".join(f"{level} by the {mean} of their children" for level, mean in parts),
        )[side]
    floored = set(method.aggregations) & {*FLOORED}
    floor = (
        f"（低于{method.floor:g}分的按{method.floor:g}分计）",
        f" (values below {method.floor:g} count as {method.floor:g})",
    )
    return weights + ("，", "; ")[side] + how + (floor[side] if floored else "") + ("。", ".")[side]
