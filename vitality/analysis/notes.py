"""Short notes that stand on a row: why there is no number, and what to beware of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vitality.errors import some

if TYPE_CHECKING:
    from vitality.framework import Lang

__all__ = ["joined", "listed", "note"]

NOTES: dict[str, tuple[str, str]] = {
    "few": ("完整数据不足{fewest}对", "fewer than {fewest} complete pairs"),
    "few_both": ("两轮都有得分的单位不足{fewest}个", "fewer than {fewest} units in both rounds"),
    "constant": ("资源取值全部相同", "the resource is the same everywhere"),
    "flat_node": ("得分全部相同", "the score is the same everywhere"),
    "collinear": ("资源或得分完全由控制变量决定", "the controls determine the resource or the score"),
    "nothing_inside": (
        "同一层内部没有差异，或完全由控制变量决定",
        "nothing varies within the strata, or the controls determine it",
    ),
    "idle": ("有控制变量取值不变或彼此重复，不起作用", "a control does not vary or repeats another; it has no part"),
    "freedom": ("控制变量太多，没有剩余的自由度", "too many controls for so few units"),
    "perfect": ("完全相关，无法给出区间", "a perfect correlation has no interval"),
    "alone": ("每层只有一个单位，无法在层内比较", "every stratum has one unit, so that nothing can be compared inside"),
    "some_alone": ("有{count}个单位独自成层，不参与比较", "units alone in their stratum have no part: {count}"),
    "one_stratum": ("只有一层，等于不分层", "one stratum only, which is as none"),
    "unstable": (
        "自助抽样中多次无法计算，未给自助区间",
        "no bootstrap interval: too many resamples without a value",
    ),
    "unknown": (
        "框架没有说明这项资源，未能核查是否同源",
        "the framework does not describe this resource: coupling could not be checked",
    ),
    "coupled_outcome": (
        "与得分同源：{shared}；请改用不含这些指标的得分，如 organisation_scores(leave_out=...)",
        "shares a part with the score: {shared}; use a score without these indicators, such as that of "
        "organisation_scores(leave_out=...)",
    ),
    "lacking": ("下列单位没有资源资料：{units}", "no resources for {units}"),
    "round": ("只用{round}轮", "round {round} only"),
    "nothing_left": ("去掉同源指标后没有剩余", "nothing is left without the indicators that share a part"),
    "left_out": (
        "去掉同源指标{shown}后比较，余{left}/{all}项",
        "compared without the indicators that share a part, {shown}; {left} of {all} stay",
    ),
    "counts": ("用总数比较，控制{name}的对数", "counts are compared, with the log of {name} held"),
    "no_denominator": ("缺少分母“{name}”的数据", 'no data on the denominator "{name}"'),
    "numerators": (
        "只置换分子：{name}相同本身造成的相关约{expected:.2f}（{low:.2f}至{high:.2f}）",
        "only numerators permuted: the shared {name} alone makes about {expected:.2f} ({low:.2f} to {high:.2f})",
    ),
    "growing": (
        "分子有0且随分母增大，只置换分子不可靠，宜用总数比较",
        "numerators hold 0 and grow with the denominator: permuting them is not reliable, use counts",
    ),
    "change": ("两轮之差，{before}至{after}", "difference of rounds {before} to {after}"),
    "start_held": ("控制起点得分", "with the first score held"),
}


def note(key: str, lang: Lang, **values: object) -> str:
    """Give a note in the language asked for.

    Examples
    --------
    >>> note("few", "en", fewest=5)
    'fewer than 5 complete pairs'
    """
    return NOTES[key][0 if lang == "zh" else 1].format(**values)


def joined(notes: list[str], lang: Lang) -> str:
    """Put notes into one text.

    Examples
    --------
    >>> joined(["one.", "two"], "en")
    'one; two'
    """
    return ("；" if lang == "zh" else "; ").join(text.rstrip("。.") for text in notes)


def listed(names: tuple[str, ...], lang: Lang) -> str:
    """Name at most five, then count.

    Examples
    --------
    >>> listed(("a", "b", "c", "d", "e", "f"), "zh")
    'a、b、c、d、e等6个'
    """
    if lang != "zh":
        return some(names)
    return "、".join(names[:5]) + (f"等{len(names)}个" if len(names) > 5 else "")
