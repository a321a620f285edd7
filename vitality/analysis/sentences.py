"""Results in words: one careful Chinese or English sentence a row, with estimate, interval, n and method.

Associations are called associations (关联), never influence; what is not seen is not called absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vitality.analysis.description_sentences import DESCRIPTIONS
from vitality.analysis.phrases import (
    CHANGE,
    LETTERS,
    Namer,
    Row,
    Writer,
    interval_phrase,
    level_of,
    namer,
    shown,
    written_p,
)
from vitality.errors import TableError, some, some_zh
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.framework import Framework, Lang

__all__ = ["in_words", "power_sentence", "sentences", "written_p"]

#: Correlations below it have no direction worth a word.
NOTHING = 0.1
GROUPS = ("group", "within")
WAYS = {
    "leave_block_out": ("去掉同源指标后", "without the indicators that share a part"),
    "numerators": ("只置换分子", "numerators permuted only"),
    "unchecked": ("未核查是否同源", "not checked for shared parts"),
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
            otherwise = float(table.attrs.get("level", 0.95))
            rows = [{str(key): value for key, value in row.items()} for row in _with_units(table).to_dict("records")]
            several = len({row["round"] for row in rows if "round" in row}) > 1
            written = [
                (f"{row['round']}{'：' if lang == 'zh' else ': '}" if several else "")
                + writer(row, named, lang, level_of(row, otherwise))
                for row in rows
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
    """Say once what the number of units can show, in one test and with the correction for several.

    Parameters
    ----------
    table : DataFrame
        From `correlate_resources` or `associate_changes`.
    """
    tested = table.loc[table["p"].notna()]
    least = float(table.attrs.get("smallest_seen", float("nan")))
    first = float(table.attrs.get("smallest_seen_adjusted", least))
    if not len(tested) or np.isnan(least):
        return "没有一对可以检验。" if lang == "zh" else "No pair could be tested."
    n, tests = int(tested["n"].max()), int(tested["tests"].max()) if "tests" in tested else 1
    corrected = tests > 1 and first > least
    if lang == "zh":
        more = f"，按{tests}次检验校正后，最强的一项约需{first:.2f}" if corrected else ""
        return f"n = {n}时，单次检验的真实相关约达{least:.2f}以上才有八成把握看出来{more}；没有看出不等于没有。"
    more = f", and about {first:.2f} for the strongest of {tests} after the correction" if corrected else ""
    return (
        f"With n = {n} a true correlation has to reach about {least:.2f} to be seen with 80 % power in a single test"
        f"{more}; not seen is not absent."
    )


def _association(row: Row, named: Namer, lang: Lang, level: float) -> str:
    name, node, zh = named(row["resource"]), named(row["node"]), lang == "zh"
    if row.get("guard") == "counts":
        name += "（按总数）" if zh else " (as a count)"
    estimate, note = float(row["estimate"]), str(row["note"] or "")
    if estimate != estimate:
        short = note.rstrip("。.")
        return f"“{name}”与“{node}”的关联未计算：{short}。" if zh else f"{name} and {node}: not computed; {short}."
    method = str(row["method"])
    letter = LETTERS.get(method.removeprefix("partial_"), method)
    p = float(row["p_adjusted"])
    numbers = f"{letter} = {shown(estimate, 2)}{interval_phrase(row, lang, level)}"
    change = CHANGE in str(row.get("rounds", ""))
    within = str(row.get("within", ""))
    tail = ("；" if zh else "; ").join(_remarks(row, named, lang, level))
    if zh:
        pair = f"“{name}”的变化与“{node}”的变化" if change else f"“{name}”与“{node}”"
        inside = f"在同一{named(within)}内" if within not in ("", *GROUPS) else "在同组内" if within else ""
        verb = (
            "未作检验" if p != p else "未见显著关联" if p >= 1 - level else "呈正相关" if estimate > 0 else "呈负相关"
        )
        p_text = "" if p != p else f"，校正p {written_p(p)}"
        return f"{pair}{inside}{verb}：{numbers}，n = {row['n']}{p_text}" + (f"（{tail}）。" if tail else "。")
    first, second = (f"The change of {name}", f"the change of {node}") if change else (name, node)
    inside = f", within the same {named(within) if within not in GROUPS else 'group'}" if within else ""
    verb = (
        "was not tested against"
        if p != p
        else "shows no clear relation to"
        if p >= 1 - level
        else f"goes with {'higher' if estimate > 0 else 'lower'}"
    )
    if change and p < 1 - level:
        verb = f"goes {'with' if estimate > 0 else 'against'}"
    p_text = "" if p != p else f", adjusted p {written_p(p)}"
    return f"{first} {verb} {second}{inside}: {numbers}, n = {row['n']}{p_text}" + (f" ({tail})." if tail else ".")


def _remarks(row: Row, named: Namer, lang: Lang, level: float) -> list[str]:
    """What has to be known beside the numbers: rounds, what is held, the way around a coupling, cautions."""
    english = lang == "en"
    estimate, overall = float(row["estimate"]), float(row.get("overall", float("nan")))
    held = [named(code) for code in str(row.get("held", "")).split()]
    change = CHANGE in str(row.get("rounds", ""))
    found = [f"difference of {row['rounds']}" if english else f"{row['rounds']}之差"] if change else []
    if held:
        found.append(f"{', '.join(held)} held" if english else f"控制{'、'.join(held)}，偏相关")
    elif str(row["method"]).startswith("partial_"):
        found.append("partial" if english else "偏相关")
    found.append(WAYS.get(str(row.get("guard", "")), ("", ""))[english])
    low, high = float(row["low"]), float(row["high"])
    if float(row["p_adjusted"]) < 1 - level and low <= 0 <= high:
        found.append("the interval holds 0: not firm" if english else "区间含0，尚不稳固")
    if row["coupled"]:
        found.append("coupled, estimate for reference only" if english else "同源，估计值仅供参考")
    if estimate * overall < 0 and min(abs(estimate), abs(overall)) > NOTHING:
        found.append(f"over all units {shown(overall, 2)}" if english else f"不分组则为{shown(overall, 2)}，方向相反")
    return list(filter(None, found))


def _multilevel(row: Row, named: Namer, lang: Lang, level: float) -> str:
    zh, role, name = lang == "zh", row.get("role"), named(row["term"])
    estimate, p, adjusted = (float(row.get(key, float("nan"))) for key in ("estimate", "p", "p_adjusted"))
    if estimate != estimate:
        why = str(row["note"]).rstrip("。.")
        return f"“{name}”未能估计：{why}。" if zh else f"{name} was not estimated: {why}."
    shown_p = adjusted if adjusted == adjusted else p
    word = ("校正p" if zh else "adjusted p") if adjusted == adjusted else "p"
    interval, points = interval_phrase(row, lang, level), shown(estimate, 2, sign="" if role == "intercept" else "+")
    mark = "" if not row.get("coupled", False) else "；同源，仅供参考" if zh else "; coupled, for reference only"
    if row.get("guard") == "unchecked":
        mark = f"；{WAYS['unchecked'][0]}" if zh else f"; {WAYS['unchecked'][1]}"
    if zh:
        about = (
            f"{interval}，自由度{row['df']:.1f}，{word} {written_p(shown_p)}，{row['n']}个组织、{row['groups']}个街镇"
            f"（随机截距模型，REML{mark}）"
        )
        if role == "intercept":
            return f"其他各项为0（或参照类别）时，平均得分为{points}分{about}。"
        verb = "的组织相比参照类别" if role == "fixed" else "高出一个单位的组织"
        return f"“{name}”{verb}，得分平均相差{points}分{about}；这是关联。"
    about = (
        f"{interval}, df {row['df']:.1f}, {word} {written_p(shown_p)}, {row['n']} organisations in "
        f"{row['groups']} towns (random intercept, REML{mark})"
    )
    if role == "intercept":
        return f"With every other term at 0 or its first category the mean score is {points}{about}."
    first = f"{name}, compared with the first category," if role == "fixed" else f"One unit more of {name}"
    return f"{first} goes with {points} points{about}; an association."


def _change(row: Row, named: Namer, lang: Lang, level: float) -> str:
    zh, p, change = lang == "zh", float(row["p_adjusted"]), shown(float(row["change"]), 1, sign="+")
    who = named(row["group"]) if row["group"] else ("全部单位" if zh else "All units")
    if not row["n"]:
        return f"{who}：没有两轮都有得分的单位。" if zh else f"{who}: no unit has a score in both rounds."
    interval, rounds = interval_phrase(row, lang, level, digits=1), row.get("rounds", "")
    if p != p:
        tested = FEW[not zh]
    elif zh:
        tested = f"符号翻转检验{'校正' if row['group'] else ''}p {written_p(p)}"
    else:
        tested = f"signs flipped, {'adjusted ' if row['group'] else ''}p {written_p(p)}"
    if zh:
        moved = f"平均变化{change}分{interval}，{row['rose']}个上升、{row['fell']}个下降"
        return f"{who}（n = {row['n']}）{rounds or '两轮之间'}{moved}，{tested}。"
    return (
        f"{who} (n = {row['n']}) changed by {change} points on average{interval}{f' from {rounds}' if rounds else ''}; "
        f"{row['rose']} rose, {row['fell']} fell, {tested}."
    )


_WRITERS: tuple[tuple[set[str], Writer], ...] = (
    ({"resource", "node", "n", "estimate", "low", "high", "p_adjusted", "method", "coupled", "note"}, _association),
    ({"term", "estimate", "df", "icc", "groups"}, _multilevel),
    ({"group", "change", "rose", "fell"}, _change),
    *DESCRIPTIONS,
)
