"""A `Method` in words: the paragraph of a report that says how the index was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vitality.index.method import mean_of_level

if TYPE_CHECKING:
    from vitality.framework import Lang
    from vitality.index.method import Method

__all__ = ["paragraph"]

LEVELS = {"index": ("总指数", "the index"), "dimension": ("维度", "dimensions"), "group": ("组", "groups")}
MEANS = {
    "arithmetic": ("加权算术平均", "weighted arithmetic mean"),
    "geometric": ("加权几何平均", "weighted geometric mean"),
    "harmonic": ("加权调和平均", "weighted harmonic mean"),
}
STAND_INS = {
    "mean": ("同一轮各单位的均值", "the mean of the units of the same round"),
    "median": ("同一轮各单位的中位数", "the median of the units of the same round"),
    "group_mean": ("同一轮同组（{group}）单位的均值", "the mean of the units of the same round and {group}"),
    "group_median": (
        "同一轮同组（{group}）单位的中位数",
        "the median of the units of the same round and {group}",
    ),
}
TREATMENTS = {
    "none": ("对异常值不作处理。", "Outliers are left as they are."),
    "winsorise": (
        "偏度绝对值不小于2且峰度不小于3.5的指标，将其最极端的至多5个值缩尾到次极端值。",
        "Where an indicator's absolute skewness reaches 2 and its kurtosis 3.5, at most five of its "
        "most extreme values are moved to the next one.",
    ),
}
WEIGHTINGS = {
    "framework": ("权重随指标框架给定", "The weights are those of the framework"),
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
        TREATMENTS[method.treatment][side],
        _scale(method, side),
        _sum(method, side),
    ]
    return ("" if lang == "zh" else " ").join(sentences)


def _missing(method: Method, side: int) -> str:
    least = f"{method.minimum_coverage:.0%}"
    if method.imputation == "none":
        return (
            f"缺失值不填补，其权重按比例分给同一上级之下有数据的各项；有数据的指标不足{least}的节点不计算得分。",
            "Missing values are not filled in: their weight is spread over the siblings that are "
            f"observed, and a node with fewer than {least} of its indicators observed gets no score.",
        )[side]
    stand_in = STAND_INS[method.imputation][side].format(group=method.group)
    return (
        f"缺失值以{stand_in}填补；有数据的指标不足{least}的单位不计算得分。",
        f"Missing values are filled in by {stand_in}; a unit with fewer than {least} of its indicators "
        "observed gets no score.",
    )[side]


def _scale(method: Method, side: int) -> str:
    over = _reference(method, side)
    texts = {
        "goalposts": (
            "各指标按框架规定的最差值和最佳值线性换算为0至100分，超出两端的按端点计分，各轮标尺相同；"
            "适度指标在最佳区间内得100分，偏离越远得分越低。",
            "Each indicator is put on a linear scale from 0 to 100 between the worst and the best "
            "value fixed in the framework, the same for every round, and values beyond either end "
            "count as that end; an indicator with a best interval scores 100 inside it and less the "
            "farther away it lies.",
        ),
        "minmax": (
            f"各指标按{over}的最差值和最佳值线性换算为0至100分。",
            f"Each indicator is put on a linear scale from 0 to 100 between the worst and the best value of {over}.",
        ),
        "zscore": (
            f"各指标按{over}的均值和标准差标准化，均值为50分、一个标准差为10分，限于0至100分。",
            f"Each indicator is standardised by the mean and standard deviation of {over}: the mean is "
            "50 points, a standard deviation 10, within 0 and 100.",
        ),
        "rank": (
            f"各指标按{over}中的名次换算为0至100分，同值取平均名次。",
            f"Each indicator is scored from 0 to 100 by its rank among {over}; ties share their mean rank.",
        ),
    }
    return texts[method.normalisation][side]


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
    if isinstance(chosen, str):
        means = {MEANS[chosen][side]}
        how = (
            f"逐级以{MEANS[chosen][side]}合成",
            f"every level is the {MEANS[chosen][side]} of the one below",
        )[side]
    else:
        levels = {**dict.fromkeys(LEVELS, "arithmetic"), **chosen}
        parts = [
            (LEVELS.get(level, (level, level))[side], MEANS[mean_of_level(chosen, level)][side]) for level in levels
        ]
        means = {mean for _, mean in parts}
        how = (
            "，".join(f"{level}取下级的{mean}" for level, mean in parts),
            ", ".join(f"{level} by the {mean} of their children" for level, mean in parts),
        )[side]
    floored = means & {MEANS["geometric"][side], MEANS["harmonic"][side]}
    floor = (
        f"（低于{method.floor:g}分的按{method.floor:g}分计）",
        f" (values below {method.floor:g} count as {method.floor:g})",
    )
    return weights + ("，", "; ")[side] + how + (floor[side] if floored else "") + ("。", ".")[side]
