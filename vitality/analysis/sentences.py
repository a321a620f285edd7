"""Results in words: one careful Chinese or English sentence a row, with estimate, interval, n and method.

Associations are called associations (关联), never influence; what is not seen is not called absent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vitality.analysis.blocks import block_label
from vitality.analysis.coherence import FLAGS
from vitality.analysis.coordination import BANDS
from vitality.analysis.quadrants import QUADRANTS
from vitality.errors import TableError, some, some_zh
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.framework import Framework, Lang

__all__ = ["in_words", "power_sentence", "sentences", "written_p"]

#: Adjusted p below which an association is told as one.
SEEN = 0.05
LETTERS = {"spearman": "ρ", "pearson": "r", "kendall": "τ"}
WAYS = {
    "leave_block_out": ("去掉同源指标后", "without the indicators that share a part"),
    "counts": ("比较总数并控制分母", "counts compared with the denominator held"),
    "numerators": ("只置换分子", "numerators permuted only"),
}
LACKS: dict[bool | None, tuple[str, str]] = {
    True: ("是", "yes"),
    False: ("否", "no"),
    None: ("资料缺失，无法判断", "not known"),
}
#: Notes of the multilevel model in Chinese.
NOT_ESTIMATED = {
    "no values at all": "没有数据",
    "one category only": "只有一个类别",
    "the same everywhere": "取值全部相同",
    "follows from the terms before it": "可由其他项算出",
}
FEW = ("单位太少，未检验", "too few units for a test")
Namer = Callable[[object], str]
Row = dict[str, Any]


def sentences(table: pd.DataFrame, *, framework: Framework | None = None, lang: Lang = "zh") -> pd.Series:
    """Say every row of a result in one sentence.

    Parameters
    ----------
    table : DataFrame
        From `correlate_resources`, `associate_changes`, `associate_multilevel`, `summarise_changes`,
        `obstacles`, `contributions`, `short_boards`, `resource_quadrants`, `four_lacks`, `correlate_tree`,
        `coupling_coordination` or `grey_relation`; some of its rows will do.
    framework : Framework, optional
        Gives names; without it codes stay.
    lang : {"zh", "en"}
        Notes inside a table keep the language that it was made in.

    Returns
    -------
    Series of str, index of `table`

    Raises
    ------
    TableError
        If the columns are not those of such a result.

    Examples
    --------
    >>> row = {"resource": "staff", "node": "V", "n": 24, "estimate": 0.62, "low": 0.27, "high": 0.83,
    ...        "p": 0.002, "p_adjusted": 0.028, "method": "spearman", "coupled": False, "note": ""}
    >>> sentences(pd.DataFrame([row]), lang="en").iloc[0]
    'staff goes with higher V: ρ = 0.62 (95% interval 0.27 to 0.83), n = 24, adjusted p = 0.028.'
    """
    choose("lang", lang, ("zh", "en"))
    if not isinstance(table, pd.DataFrame):
        raise TableError(
            f"sentences: found {type(table).__name__}; expected a table as an analysis gives it.",
            zh=f"sentences：给出的是 {type(table).__name__}；应为某项分析给出的表。",
        )
    known = set(table.columns)
    for columns, writer in _WRITERS:
        if columns <= known:
            named = _namer(framework, lang)
            level = float(table.attrs.get("level", 0.95))
            rows = _with_units(table)
            written = [
                writer({str(key): value for key, value in row.items()}, named, lang, level)
                for row in rows.to_dict("records")
            ]
            return pd.Series(written, index=table.index, name="sentence", dtype=object)
    raise TableError(
        f"sentences: no result has the columns {some(table.columns, limit=12)}; expected a table as an analysis "
        "gives it, such as that of correlate_resources.",
        zh=f"sentences：没有哪项分析的结果含列 {some_zh(table.columns, limit=12)}；应为某项分析给出的表，"
        "如 correlate_resources 的结果。",
    )


def _with_units(table: pd.DataFrame) -> pd.DataFrame:
    """Bring the units into columns where they stand in the index."""
    if "unit" in table.columns:
        return table
    return (table if any(table.index.names) else table.rename_axis("unit")).reset_index()


def in_words(row: Mapping[str, object] | pd.Series, *, framework: Framework | None = None, lang: Lang = "zh") -> str:
    """Say one row of a result; as `sentences`."""
    return str(sentences(pd.DataFrame([dict(row)]), framework=framework, lang=lang).iloc[0])


def power_sentence(table: pd.DataFrame, lang: Lang = "zh") -> str:
    """Say once what the number of units can show.

    Parameters
    ----------
    table : DataFrame
        From `correlate_resources` or `associate_changes`.
    """
    tested = table.loc[table["p"].notna(), "n"]
    least, n = float(table.attrs.get("smallest_seen", float("nan"))), int(tested.max()) if len(tested) else 0
    if not n or np.isnan(least):
        return "没有一对可以检验。" if lang == "zh" else "No pair could be tested."
    if lang == "zh":
        return f"n = {n}时，真实相关约达{least:.2f}以上才有八成把握看出来；没有看出不等于没有。"
    return (
        f"With n = {n} a true correlation has to reach about {least:.2f} to be seen with 80 % power; not seen is not "
        "absent."
    )


def written_p(value: float) -> str:
    """Write a p value with its sign.

    Examples
    --------
    >>> written_p(0.0312), written_p(0.0001)
    ('= 0.031', '< 0.001')
    """
    return "< 0.001" if value < 0.001 else f"= {value:.3f}"


def _namer(framework: Framework | None, lang: Lang) -> Namer:
    if framework is None:
        return str
    from vitality.errors import FrameworkError

    def named(code: object) -> str:
        try:
            return framework.label(str(code), lang)
        except FrameworkError:
            return block_label(str(code), lang)

    return named


def _interval(row: Row, lang: Lang, level: float, digits: int = 2, ends: tuple[str, str] = ("low", "high")) -> str:
    low, high = row.get(ends[0], float("nan")), row.get(ends[1], float("nan"))
    if not (low == low and high == high):
        return ""
    if lang == "zh":
        return f"（{level:.0%}区间{low:.{digits}f}至{high:.{digits}f}）"
    return f" ({level:.0%} interval {low:.{digits}f} to {high:.{digits}f})"


def _association(row: Row, named: Namer, lang: Lang, level: float) -> str:
    values = {key: float(row[key]) for key in ("estimate", "low", "high", "p_adjusted")}
    name, node, n, note = named(row["resource"]), named(row["node"]), row["n"], str(row["note"] or "")
    estimate = values["estimate"]
    if estimate != estimate:
        short = note.rstrip("。.")
        return (
            f"“{name}”与“{node}”的关联未计算：{short}。"
            if lang == "zh"
            else f"{name} and {node}: not computed; {short}."
        )
    method = str(row["method"])
    letter = LETTERS.get(method.removeprefix("partial_"), "r")
    partial = method.startswith("partial_")
    seen = values["p_adjusted"] < SEEN
    numbers = f"{letter} = {estimate:.2f}{_interval(values, lang, level)}"
    way = WAYS.get(str(row.get("guard", "")), ("", ""))[lang == "en"]
    if lang == "zh":
        verb = ("呈正相关" if estimate > 0 else "呈负相关") if seen else "未见显著关联"
        marks = [way, "偏相关" if partial else "", "同源，估计值仅供参考" if row["coupled"] else ""]
        tail = "；".join(filter(None, marks))
        p = "" if values["p_adjusted"] != values["p_adjusted"] else f"，校正p {written_p(values['p_adjusted'])}"
        return f"“{name}”与“{node}”{verb}：{numbers}，n = {n}{p}" + (f"（{tail}）。" if tail else "。")
    verb = ("goes with higher" if estimate > 0 else "goes with lower") if seen else "shows no clear relation to"
    marks = [way, "partial" if partial else "", "coupled, estimate for reference only" if row["coupled"] else ""]
    tail = "; ".join(filter(None, marks))
    p = "" if values["p_adjusted"] != values["p_adjusted"] else f", adjusted p {written_p(values['p_adjusted'])}"
    return f"{name} {verb} {node}: {numbers}, n = {n}{p}" + (f" ({tail})." if tail else ".")


def _multilevel(row: Row, named: Namer, lang: Lang, level: float) -> str:
    values = {key: float(row[key]) for key in ("estimate", "low", "high", "p", "df")}
    name, n, groups = named(row["term"]), row["n"], row["groups"]
    if values["estimate"] != values["estimate"]:
        return (
            f"“{name}”未能估计：{NOT_ESTIMATED.get(row['note'], row['note'])}。"
            if lang == "zh"
            else f"{name} was not estimated: {row['note']}."
        )
    interval, p = _interval(values, lang, level), written_p(values["p"])
    if lang == "zh":
        verb = "高出一个单位的组织，得分平均相差"
        numbers = f"{values['estimate']:+.2f}分{interval}，自由度{values['df']:.1f}，p {p}"
        return f"“{name}”{verb}{numbers}，{n}个组织、{groups}个街镇；这是关联。"
    return (
        f"One unit more of {name} goes with {values['estimate']:+.2f} points{interval}, df {values['df']:.1f}, p {p}, "
        f"{n} organisations in {groups} towns; an association."
    )


def _change(row: Row, named: Namer, lang: Lang, level: float) -> str:
    values = {key: float(row[key]) for key in ("change", "low", "high", "p_adjusted")}
    who = named(row["group"]) if row["group"] else ("全部单位" if lang == "zh" else "All units")
    interval = _interval(values, lang, level, digits=1)
    p = f"p {written_p(values['p_adjusted'])}" if values["p_adjusted"] == values["p_adjusted"] else FEW[lang == "en"]
    if lang == "zh":
        moved = f"平均变化{values['change']:+.1f}分{interval}，{row['rose']}个上升、{row['fell']}个下降"
        return f"{who}（n = {row['n']}）两轮之间{moved}，{p}。"
    return (
        f"{who} (n = {row['n']}) changed by {values['change']:+.1f} points on average{interval}; {row['rose']} rose, "
        f"{row['fell']} fell, {p}."
    )


def _share(word: tuple[str, str]) -> Callable[[Row, Namer, Lang, float], str]:
    def write(row: Row, named: Namer, lang: Lang, level: float) -> str:
        share, points = float(row["share"]), float(row["gap"] if "gap" in row else row["contribution"])
        if share != share:
            return f"{row['unit']}：没有可计算的份额。" if lang == "zh" else f"{row['unit']}: no share to compute."
        if lang == "zh":
            return f"{row['unit']}在“{named(row['node'])}”{word[0]}{points:.1f}分，占{share:.1%}。"
        return f"{row['unit']} {word[1]} {points:.1f} points at {named(row['node'])}, {share:.1%} of them all."

    return write


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
    if lang == "zh":
        return f"{row['unit']}：{name}，资源{resources:.1f}分，活力{vitality:.1f}分，以各自中位数为界。"
    return f"{row['unit']}: {name}; resources {resources:.1f}, vitality {vitality:.1f}, cut at the medians."


def _lack(row: Row, named: Namer, lang: Lang, level: float) -> str:
    known = not pd.isna(row["lacking"])
    zh, en = LACKS[bool(row["lacking"]) if known else None]
    if lang == "zh":
        return f"{row['unit']}“{row['name_zh']}”：{zh}。"
    return f"{row['unit']}, {row['name_en']}: {en}."


def _inside(row: Row, named: Namer, lang: Lang, level: float) -> str:
    values = {key: float(row[key]) for key in ("estimate", "low", "high")}
    node, other = named(row["node"]), named(row["other"])
    if values["estimate"] != values["estimate"]:
        return f"“{node}”与“{other}”的关联无法计算。" if lang == "zh" else f"{node} and {other}: not to be computed."
    numbers = f"{values['estimate']:.2f}{_interval(values, lang, level)}"
    told = FLAGS[row["flag"]][lang == "en"] if row["flag"] else ""
    if lang == "zh":
        return f"“{node}”与“{other}”的关联为{numbers}，n = {row['n']}" + (f"：{told}。" if told else "。")
    return f"{node} and {other}: {numbers}, n = {row['n']}" + (f"; the first {told}." if told else ".")


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
        return f"“{name}”取值不变，未计算灰色关联度。" if lang == "zh" else f"{name} does not vary: no grey relation."
    if lang == "zh":
        return f"“{name}”的灰色关联度为{degree:.2f}，排第{row['rank']}（n = {row['n']}），仅作描述，无检验。"
    return f"Grey relation of {name}: {degree:.2f}, rank {row['rank']} (n = {row['n']}); descriptive, no test."


_WRITERS: tuple[tuple[set[str], Callable[[Row, Namer, Lang, float], str]], ...] = (
    ({"resource", "node", "n", "estimate", "low", "high", "p_adjusted", "method", "coupled", "note"}, _association),
    ({"term", "estimate", "df", "icc", "groups"}, _multilevel),
    ({"group", "change", "rose", "fell"}, _change),
    ({"unit", "kind", "node", "score", "points"}, _board),
    ({"unit", "node", "gap", "share"}, _share(("失分", "loses"))),
    ({"unit", "node", "contribution", "share"}, _share(("得分", "gains"))),
    ({"quadrant", "resources", "vitality"}, _quadrant),
    ({"unit", "resource", "limit", "lacking"}, _lack),
    ({"node", "other", "relation", "flag"}, _inside),
    ({"C", "T", "D", "band_en"}, _coordination),
    ({"degree", "rank", "n"}, _grey),
)
