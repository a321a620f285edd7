"""Results in words: one careful Chinese or English sentence a row, with estimate, interval, n and method.

Associations are called associations (关联), never influence; what is not seen is not called absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vitality.analysis.description_sentences import DESCRIPTIONS
from vitality.analysis.phrases import Namer, Row, Writer, interval_phrase, namer, written_p
from vitality.errors import TableError, some, some_zh
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.framework import Framework, Lang

__all__ = ["in_words", "power_sentence", "sentences", "written_p"]

#: Adjusted p below which an association is told as one.
SEEN = 0.05
LETTERS = {"spearman": "Spearman ρ", "pearson": "Pearson r", "kendall": "Kendall τ"}
WAYS = {
    "leave_block_out": ("去掉同源指标后", "without the indicators that share a part"),
    "counts": ("比较总数并控制分母", "counts compared with the denominator held"),
    "numerators": ("只置换分子", "numerators permuted only"),
}
#: Notes of the multilevel model in Chinese.
NOT_ESTIMATED = {
    "no values at all": "没有数据",
    "one category only": "只有一个类别",
    "the same everywhere": "取值全部相同",
    "follows from the terms before it": "可由其他项算出",
}
FEW = ("单位太少，未检验", "too few units for a test")


def sentences(table: pd.DataFrame, *, framework: Framework | None = None, lang: Lang = "zh") -> pd.Series:
    """Say every row of a result in one sentence.

    Parameters
    ----------
    table : DataFrame
        From `correlate_resources`, `associate_changes`, `associate_multilevel`, `summarise_changes`,
        `regression_to_mean`, `obstacles`, `contributions`, `short_boards`, `recommend`, `resource_quadrants`,
        `four_lacks`, `correlate_tree`, `principal_components`, `coupling_coordination` or `grey_relation`; some
        of its rows will do.
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
    'staff goes with higher V: Spearman ρ = 0.62 (95% interval 0.27 to 0.83), n = 24, adjusted p = 0.028.'
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
            named = namer(framework, lang)
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
    letter = LETTERS.get(method.removeprefix("partial_"), method)
    partial = method.startswith("partial_")
    seen = values["p_adjusted"] < SEEN
    numbers = f"{letter} = {estimate:.2f}{interval_phrase(values, lang, level)}"
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
    interval, role = interval_phrase(values, lang, level), row.get("role")
    if lang == "zh":
        about = (
            f"{interval}，自由度{values['df']:.1f}，p {written_p(values['p'])}，{n}个组织、{groups}个街镇"
            "（随机截距模型，REML）"
        )
        if role == "intercept":
            return f"其他各项为0（或参照类别）时，平均得分为{values['estimate']:.2f}分{about}。"
        verb = "的组织相比参照类别" if role == "fixed" else "高出一个单位的组织"
        return f"“{name}”{verb}，得分平均相差{values['estimate']:+.2f}分{about}；这是关联。"
    about = (
        f"{interval}, df {values['df']:.1f}, p {written_p(values['p'])}, {n} organisations in {groups} towns (random "
        "intercept, REML)"
    )
    if role == "intercept":
        return f"With every other term at 0 or its first category the mean score is {values['estimate']:.2f}{about}."
    first = f"{name}, compared with the first category," if role == "fixed" else f"One unit more of {name}"
    return f"{first} goes with {values['estimate']:+.2f} points{about}; an association."


def _change(row: Row, named: Namer, lang: Lang, level: float) -> str:
    values = {key: float(row[key]) for key in ("change", "low", "high", "p_adjusted")}
    who = named(row["group"]) if row["group"] else ("全部单位" if lang == "zh" else "All units")
    interval = interval_phrase(values, lang, level, digits=1)
    p = f"p {written_p(values['p_adjusted'])}" if values["p_adjusted"] == values["p_adjusted"] else FEW[lang == "en"]
    if lang == "zh":
        moved = f"平均变化{values['change']:+.1f}分{interval}，{row['rose']}个上升、{row['fell']}个下降"
        return f"{who}（n = {row['n']}）两轮之间{moved}，{p}。"
    return (
        f"{who} (n = {row['n']}) changed by {values['change']:+.1f} points on average{interval}; {row['rose']} rose, "
        f"{row['fell']} fell, {p}."
    )


_WRITERS: tuple[tuple[set[str], Writer], ...] = (
    ({"resource", "node", "n", "estimate", "low", "high", "p_adjusted", "method", "coupled", "note"}, _association),
    ({"term", "estimate", "df", "icc", "groups"}, _multilevel),
    ({"group", "change", "rose", "fell"}, _change),
    *DESCRIPTIONS,
)
