"""What a diagnosis says in words: shares, boards, quadrants, lacks, coherence, change by chance, advice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from vitality.analysis.coherence import FLAGS
from vitality.analysis.coordination import BANDS
from vitality.analysis.phrases import LETTERS, Namer, Row, Writer, interval_phrase, shown
from vitality.analysis.quadrants import QUADRANTS

if TYPE_CHECKING:
    from vitality.framework import Lang

__all__ = ["DESCRIPTIONS"]

LACKS: dict[bool | None, tuple[str, str]] = {
    True: ("是", "yes"),
    False: ("否", "no"),
    None: ("资料缺失，无法判断", "not known"),
}
COUPLED = ("（两边有同源成分，不表示关联）", " (both share a part, which is no association)")
#: Ratio of the spreads of two rounds from which it is told.
APART = 1.25
APARTS = (
    "（标准差由{first:.1f}变为{last:.1f}，相差部分也含整体的离散程度变化）",
    " (standard deviation from {first:.1f} to {last:.1f}: part of the rest is that change of spread)",
)
STARTS = {"low": ("得分低", "lowest"), "middle": ("得分居中", "middle"), "high": ("得分高", "highest")}


def _obstacle(row: Row, named: Namer, lang: Lang, level: float) -> str:
    share, gap = float(row["share"]), float(row["gap"])
    if share != share:
        return (
            f"{row['unit']}：没有可计算的障碍度。" if lang == "zh" else f"{row['unit']}: no obstacle degree to compute."
        )
    if lang == "zh":
        return f"{row['unit']}在“{named(row['node'])}”失分{gap:.1f}分，障碍度{share:.1%}。"
    return f"{row['unit']} loses {gap:.1f} points at {named(row['node'])}, an obstacle degree of {share:.1%}."


def _contribution(row: Row, named: Namer, lang: Lang, level: float) -> str:
    share, points = float(row["share"]), float(row["contribution"])
    if share != share:
        return f"{row['unit']}：没有可计算的份额。" if lang == "zh" else f"{row['unit']}: no share to compute."
    if lang == "zh":
        return f"{row['unit']}在“{named(row['node'])}”得分{points:.1f}分，占其指数的{share:.1%}。"
    return f"{row['unit']} gains {points:.1f} points at {named(row['node'])}, {share:.1%} of its index."


def _board(row: Row, named: Namer, lang: Lang, level: float) -> str:
    score, points, node = float(row["score"]), float(row["points"]), named(row["node"])
    strong = row["kind"] == "strength"
    if lang == "zh":
        what = f"长处：比中位单位多得{points:.1f}分" if strong else f"短板：失{points:.1f}分"
        return f"{row['unit']}的“{node}”是{what}（该项得分{score:.1f}）。"
    what = (
        f"a strength, {points:.1f} points ahead of the middle unit"
        if strong
        else f"a short board, {points:.1f} points lost"
    )
    return f"{row['unit']}: {node} is {what} (its score {score:.1f})."


def _quadrant(row: Row, named: Namer, lang: Lang, level: float) -> str:
    if row["quadrant"] not in QUADRANTS:
        return f"{row['unit']}：资料不足，未分类。" if lang == "zh" else f"{row['unit']}: not placed, data are missing."
    name = QUADRANTS[str(row["quadrant"])][lang == "en"]
    resources, vitality = float(row["resources"]), float(row["vitality"])
    mark = COUPLED[lang == "en"] if row.get("coupled", False) else ""
    if lang == "zh":
        return f"{row['unit']}：{name}，资源{resources:.1f}分，活力{vitality:.1f}分，以各自中位数为界{mark}。"
    return f"{row['unit']}: {name}; resources {resources:.1f}, vitality {vitality:.1f}, cut at the medians{mark}."


def _lack(row: Row, named: Namer, lang: Lang, level: float) -> str:
    known = not pd.isna(row["lacking"])
    zh, en = LACKS[bool(row["lacking"]) if known else None]
    name, value = named(row["resource"]), f"{row['value']:g}"
    if lang == "zh":
        return f"{row['unit']}“{row['name_zh']}”：{zh}" + (
            f"（{name}{value}，界限{row['limit']:g}）。" if known else "。"
        )
    return f"{row['unit']}, {row['name_en']}: {en}" + (f" ({name} {value}, limit {row['limit']:g})." if known else ".")


def _inside(row: Row, named: Namer, lang: Lang, level: float) -> str:
    estimate, node, other = float(row["estimate"]), named(row["node"]), named(row["other"])
    if estimate != estimate:
        return f"“{node}”与“{other}”的关联无法计算。" if lang == "zh" else f"{node} and {other}: not to be computed."
    letter = LETTERS[str(row["method"])]
    numbers = f"{letter} = {shown(estimate, 2)}{interval_phrase(row, lang, level)}"
    told = FLAGS[row["flag"]][lang == "en"] if row["flag"] else ""
    parent = row["relation"] == "parent"
    if lang == "zh":
        whole = f"“{node}”与其上级“{other}”（不含该项）" if parent else f"“{node}”与同级的“{other}”"
        return f"{whole}的关联：{numbers}，n = {row['n']}" + (f"；{told}。" if told else "。")
    whole = f"{node} and its parent {other} without it" if parent else f"{node} and its sibling {other}"
    return f"{whole}: {numbers}, n = {row['n']}" + (f"; the first {told}." if told else ".")


def _coordination(row: Row, named: Namer, lang: Lang, level: float) -> str:
    degree = float(row["D"])
    unit = row.get("unit", next(iter(row.values())))
    if degree != degree:
        return f"{unit}：资料不足，未计算。" if lang == "zh" else f"{unit}: not computed, data are missing."
    band = {en: zh for zh, en in BANDS}[str(row["band_en"])] if lang == "zh" else row["band_en"]
    c, t = float(row["C"]), float(row["T"])
    if lang == "zh":
        return f"{unit}：耦合协调度{degree:.2f}（{band}；耦合度{c:.2f}，发展度{t:.2f}），仅作描述。"
    return f"{unit}: coordination {degree:.2f} ({band}; coupling {c:.2f}, development {t:.2f}); descriptive."


def _grey(row: Row, named: Namer, lang: Lang, level: float) -> str:
    degree, name = float(row["degree"]), named(row["factor"])
    if degree != degree:
        return f"“{name}”没有差异，未计算灰色关联度。" if lang == "zh" else f"{name} does not vary: no grey relation."
    mark = COUPLED[lang == "en"] if row.get("coupled", False) else ""
    if lang == "zh":
        return f"“{name}”的灰色关联度为{degree:.2f}，排第{row['rank']}（n = {row['n']}）{mark}，仅作描述，无检验。"
    return f"Grey relation of {name}: {degree:.2f}, rank {row['rank']} (n = {row['n']}){mark}; descriptive, no test."


def _regression(row: Row, named: Namer, lang: Lang, level: float) -> str:
    zh, n = lang == "zh", row["n"]
    start = STARTS[str(row["start"])][not zh]
    change, expected, beyond = (shown(float(row[key]), 1, sign="+") for key in ("change", "expected", "beyond"))
    r, interval = shown(float(row["correlation"]), 2), interval_phrase(row, lang, level, digits=1)
    first, last = float(row["spread_before"]), float(row["spread_after"])
    apart = "" if 1 / APART < last / first < APART else APARTS[not zh].format(first=first, last=last)
    if zh:
        return (
            f"首轮{start}的{n}个单位平均变化{change}分{interval}；两轮相关r = {r}，若离散程度不变，仅向均值回归就应变化"
            f"{expected}分，与此相差{beyond}分{apart}。"
        )
    return (
        f"The {n} units with the {start} first scores changed by {change} points on average{interval}; regression "
        f"to the mean alone (r = {r} between the rounds, equal spread) would make {expected}, the rest is "
        f"{beyond}{apart}."
    )


def _component(row: Row, named: Namer, lang: Lang, level: float) -> str:
    name, top, n, note = named(row["indicator"]), named(row["dimension"]), row["n"], str(row["note"] or "")
    loading, explained, kmo = (float(row[key]) for key in ("loading", "explained", "kmo"))
    if loading != loading:
        why = note.rstrip("。.") if explained != explained else ("取值不变" if lang == "zh" else "it does not vary")
        return f"“{name}”未做主成分分析：{why}。" if lang == "zh" else f"{name}: no principal component; {why}."
    if lang == "zh":
        tail = f"，KMO为{kmo:.2f}" if kmo == kmo else "，单位太少而未计算KMO"
        return (
            f"“{name}”与“{top}”第一主成分的相关为{shown(loading, 2)}，该主成分占这一维度方差的{explained:.0%}"
            f"（n = {n}{tail}），仅作描述。"
        )
    tail = f"KMO {kmo:.2f}" if kmo == kmo else "KMO not computed with so few units"
    return (
        f"{name} has a correlation of {shown(loading, 2)} with the first principal component of {top}, which holds "
        f"{explained:.0%} of the variance of the dimension (n = {n}, {tail}); descriptive."
    )


def _advice(row: Row, named: Namer, lang: Lang, level: float) -> str:
    share, node, text = float(row["share"]), named(row["node"]), str(row[f"text_{lang}"]).rstrip("。.；; ")
    passages = ("、" if lang == "zh" else ", ").join(row["passages"])
    if lang == "zh":
        why = f"“{node}”占失分的{share:.1%}" if share == share else f"“{node}”不足"
        return f"{row['unit']}：{why}，可参考（{passages}）：{text}。"
    why = f"{node} holds {share:.1%} of the points lost" if share == share else f"{node} is lacking"
    return f"{row['unit']}: {why}; to consider ({passages}): {text}."


#: Columns that tell a result -> its writer; the first that fits is used.
DESCRIPTIONS: tuple[tuple[set[str], Writer], ...] = (
    ({"unit", "kind", "node", "score", "points"}, _board),
    ({"unit", "target", "node", "share", "passages"}, _advice),
    ({"unit", "node", "gap", "share"}, _obstacle),
    ({"unit", "node", "contribution", "share"}, _contribution),
    ({"quadrant", "resources", "vitality"}, _quadrant),
    ({"unit", "resource", "limit", "lacking"}, _lack),
    ({"node", "other", "relation", "flag"}, _inside),
    ({"C", "T", "D", "band_en"}, _coordination),
    ({"degree", "rank", "n"}, _grey),
    ({"start", "expected", "beyond", "correlation"}, _regression),
    ({"dimension", "indicator", "loading", "explained"}, _component),
)
