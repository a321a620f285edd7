"""Tables for people: codes become names, one decimal is enough, the order is that of reading.

Each function takes an `Evaluation` (and findings) and gives a DataFrame that a figure draws, a report
prints or a spreadsheet holds. Numbers stay full; `formats_of` says how they are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

from vitality.analysis import block_label, blocks_of, four_lacks, obstacles, recommend
from vitality.analysis import short_boards as boards_of
from vitality.analysis.phrases import shown
from vitality.errors import ReportError
from vitality.framework import Lang
from vitality.index import grade
from vitality.report.answered import answered_table as answered_table
from vitality.report.evaluation import Evaluation
from vitality.report.files import written_whole
from vitality.report.weighing import label_of_source
from vitality.report.wording import unit_name
from vitality.survey import rule_name
from vitality.survey.written_text import guarded_table

WORDS: dict[str, tuple[str, str]] = {
    "rank": ("名次", "Rank"),
    "unit": ("单位", "Unit"),
    "group": ("所属", "Group"),
    "score": ("指数", "Index"),
    "grade": ("等级", "Grade"),
    "code": ("代码", "Code"),
    "node": ("节点", "Node"),
    "name": ("名称", "Name"),
    "weight": ("权重", "Weight"),
    "mean": ("平均分", "Mean"),
    "lowest": ("最低", "Lowest"),
    "highest": ("最高", "Highest"),
    "experts": ("专家数", "Experts"),
    "ratio": ("一致性比率", "CR"),
    "left_out": ("未采用", "Left out"),
    "resource": ("资源", "Resource"),
    "estimate": ("相关系数", "Estimate"),
    "interval": ("95%区间", "95% interval"),
    "interval_bootstrap": ("自助法区间", "Bootstrap interval"),
    "p": ("p", "p"),
    "p_adjusted": ("校正p", "Adjusted p"),
    "tests": ("检验数", "Tests"),
    "note": ("说明", "Note"),
    "strengths": ("长处", "Strengths"),
    "boards": ("短板", "Short boards"),
    "lacks": ("四缺", "Lacks"),
    "advice": ("对策", "Advice"),
    "passages": ("段落", "Passages"),
    "units": ("涉及单位", "Units"),
    "severity": ("类别", "Severity"),
    "rule": ("规则", "Rule"),
    "count": ("数量", "Count"),
    "quadrant": ("情形", "Situation"),
    "indicators": ("指标数", "Indicators"),
}


def word(key: str, lang: Lang = "zh") -> str:
    """Heading of a column in the language asked for."""
    zh, en = WORDS[key]
    return zh if lang == "zh" else en


def named(table: pd.DataFrame, found: Evaluation, *, lang: Lang = "zh") -> pd.DataFrame:
    """Replace the node codes of the index by names."""
    return table.set_axis([found.framework.label(str(code), lang) for code in table.index])


def _units(found: Evaluation) -> list[str]:
    """Units in the order of the ranks of the index; those without a score at the end."""
    ranks = found.result.ranks[found.framework.root].droplevel("round").astype(float)
    return list(ranks.sort_values(na_position="last", kind="stable").index)


def ranking(found: Evaluation, *, lang: Lang = "zh") -> pd.DataFrame:
    """Scores, ranks and grades of the units that have a score, for `figures.ranking`: best first."""
    table = _ranked(found, lang=lang)
    return table[table["score"].notna()]


def _ranked(found: Evaluation, *, lang: Lang) -> pd.DataFrame:
    root = found.framework.root
    order = _units(found)
    scores = found.result.scores[root].droplevel("round").loc[order]
    table = pd.DataFrame({"score": scores, "rank": found.result.ranks[root].droplevel("round").loc[order]})
    if found.framework.grades:
        cuts = {item.label(lang): item.minimum for item in found.framework.grades}
        table["grade"] = pd.Categorical(grade(scores, cuts=cuts), categories=list(cuts), ordered=True)
    return table.set_axis([unit_name(found, unit) for unit in order])


def ranking_table(found: Evaluation, *, lang: Lang = "zh") -> pd.DataFrame:
    """One row a unit: rank, name, group, index, grade and the dimensions."""
    order = _units(found)
    first = _ranked(found, lang=lang)
    units = found.survey.units
    columns = {word("rank", lang): first["rank"].array, word("unit", lang): first.index}
    if "group" in units.columns and len(set(units["group"].dropna())) > 1:
        columns[word("group", lang)] = units["group"].reindex(order).to_numpy()
    columns[word("score", lang)] = first["score"].to_numpy()
    if "grade" in first:
        columns[word("grade", lang)] = first["grade"].to_numpy()
    scores = found.result.scores.droplevel("round").loc[order]
    for code in found.framework.children(found.framework.root):
        columns[found.framework.label(code, lang)] = scores[code].to_numpy()
    return pd.DataFrame(columns)


def rank_intervals(intervals: pd.DataFrame, found: Evaluation) -> pd.DataFrame:
    """Intervals of the analysis under the names of the units, for `figures.rank_intervals`; best rank first."""
    rows = intervals.droplevel("round").dropna(subset=["median"]).sort_values(["nominal", "median"])
    return rows.set_axis([unit_name(found, unit) for unit in rows.index])


def dimensions(found: Evaluation, *, lang: Lang = "zh") -> pd.DataFrame:
    """Scores of the dimensions: index unit names, best index first; columns names."""
    codes = list(found.framework.children(found.framework.root))
    order = _units(found)
    table = found.result.scores.droplevel("round").loc[order, codes]
    names = [found.framework.label(code, lang) for code in codes]
    return table.set_axis([unit_name(found, unit) for unit in order]).set_axis(names, axis=1)


def first_and_last(found: Evaluation, *, lang: Lang = "zh") -> pd.DataFrame:
    """Dimensions of the first and the last scored unit and the mean of all, for `figures.radar`."""
    table = dimensions(found, lang=lang).dropna()
    mean = table.mean().to_frame("平均" if lang == "zh" else "Mean").T
    return pd.concat([table.iloc[[0]], mean, table.iloc[[-1]]])


def mean_obstacles(found: Evaluation, *, lang: Lang = "zh") -> pd.DataFrame:
    """Mean obstacle degree over the units: index names of the groups (or indicators), column ``share``."""
    level = "group" if "group" in found.framework.levels else "indicator"
    mean = obstacles(found.result, level=level).groupby("node")["share"].mean()
    return named(mean.sort_values(ascending=False).to_frame(), found, lang=lang)


def dimension_table(found: Evaluation, *, lang: Lang = "zh") -> pd.DataFrame:
    """One row a dimension: weight, indicators, mean, lowest and highest score."""
    framework = found.framework
    weights = framework.weights()["global"]
    rows = []
    for code in framework.children(framework.root):
        scores = found.result.scores[code]
        values = (weights[code], len(framework.leaves_below(code)), scores.mean(), scores.min(), scores.max())
        rows.append((code, framework.label(code, lang), *values))
    keys = ("code", "name", "weight", "indicators", "mean", "lowest", "highest")
    return pd.DataFrame(rows, columns=[word(key, lang) for key in keys])


def weights_by_source(found: Evaluation, *, lang: Lang = "zh") -> pd.DataFrame:
    """Weights of the indicators for `figures.weights_comparison`: index names, columns sources."""
    table = found.weights.table
    return named(table, found, lang=lang).set_axis(
        [label_of_source(str(source), lang) for source in table.columns], axis=1
    )


def weights_table(found: Evaluation, *, lang: Lang = "zh") -> pd.DataFrame:
    """One row an indicator: code, name and its global weight by every source."""
    table = weights_by_source(found, lang=lang)
    table.insert(0, word("name", lang), table.index)
    table.insert(0, word("code", lang), list(found.weights.table.index))
    return table.reset_index(drop=True)


def consistency_table(found: Evaluation, *, lang: Lang = "zh") -> pd.DataFrame:
    """One row a node of the tree: consistency ratio of the panel, experts, and whom the policy left out."""
    rows = []
    for code, group in found.weights.groups.items():
        kept = group.experts["kept"].astype(bool)
        left = (
            "、".join(map(str, group.experts.index[~kept]))
            if lang == "zh"
            else ", ".join(map(str, group.experts.index[~kept]))
        )
        name = found.framework.label(str(code), lang)
        rows.append((code, name, int(kept.sum()), group.consistency_ratio, left))
    keys = ("code", "node", "experts", "ratio", "left_out")
    return pd.DataFrame(rows, columns=[word(key, lang) for key in keys])


def with_index(blocks: pd.DataFrame, rows: pd.DataFrame, found: Evaluation) -> pd.DataFrame:
    """Associations with the index itself: the blocks, then each resource."""
    return stacked(blocks, rows[rows["node"] == found.framework.root])


def stacked(blocks: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Blocks above each resource."""
    return pd.concat([blocks, rows], ignore_index=True) if len(blocks) else rows


def forest(rows: pd.DataFrame, found: Evaluation, *, lang: Lang = "zh") -> pd.DataFrame:
    """Associations with names, for `figures.correlation_forest`; refused rows carry a short reason."""
    return rows.assign(
        resource=_resource_names(rows, found, lang),
        node=[found.framework.label(code, lang) for code in rows["node"]],
        note=_short_notes(rows, lang),
    )


def _resource_names(rows: pd.DataFrame, found: Evaluation, lang: Lang) -> list[str]:
    """Names of resources; a block of them is marked as one."""
    blocks = blocks_of(found.framework)
    mark = "{}（整组）" if lang == "zh" else "{} (block)"
    return [
        mark.format(block_label(code, lang)) if code in blocks else found.framework.label(code, lang)
        for code in rows["resource"]
    ]


def _short_notes(rows: pd.DataFrame, lang: Lang) -> list[str]:
    return [_short_note(row, lang) for row in rows.to_dict("records")]


def _short_note(row: dict[Any, Any], lang: Lang) -> str:
    out = len(row["left_out"].split())
    texts = {
        "leave_block_out": (f"去掉{out}项", f"{out} left out"),
        "counts": ("比较总数", "counts"),
        "numerators": ("只置换分子", "numerators permuted"),
        "unchecked": ("未核查同源", "not checked"),
        "refused": ("同源，拒绝计算", "coupled, refused"),
        "forced": ("同源，仅供参考", "coupled, for reference only"),
    }
    state = row["guard"] or (("refused" if pd.isna(row["estimate"]) else "forced") if row["coupled"] else "")
    return texts[state][lang == "en"] if state else str(row["note"])


def association_table(rows: pd.DataFrame, found: Evaluation, *, lang: Lang = "zh") -> pd.DataFrame:
    """One row an association: names, n, estimate, intervals, p, adjusted p, tests of its family, a short note.

    The column of nodes is left out when there is only one node. `wording.refusals` lists the whole reasons.
    """
    columns: dict[str, Sequence[object] | pd.Series] = {
        "resource": _resource_names(rows, found, lang),
        "node": [found.framework.label(code, lang) for code in rows["node"]],
        "n": rows["n"],
        "estimate": rows["estimate"],
        "interval": _intervals(rows, "low", "high"),
        "interval_bootstrap": _intervals(rows, "low_bootstrap", "high_bootstrap"),
        "p": rows["p"],
        "p_adjusted": rows["p_adjusted"],
        "tests": rows["tests"],
        "note": _short_notes(rows, lang),
    }
    if len(set(rows["node"])) == 1:
        del columns["node"]
    table = pd.DataFrame({key: list(values) for key, values in columns.items()})
    return table.set_axis([key if key == "n" else word(key, lang) for key in columns], axis=1)


def _intervals(rows: pd.DataFrame, low: str, high: str) -> list[str]:
    return ["" if pd.isna(a) else f"{shown(a, 2)} ~ {shown(b, 2)}" for a, b in zip(rows[low], rows[high])]


def short_boards(found: Evaluation, *, n: int = 3, lang: Lang = "zh") -> pd.DataFrame:
    """One row a unit: its strengths, its short boards and, where the framework defines them, its lacks."""
    label = found.framework.label
    rows = boards_of(found.result, n=n)
    order = _units(found)
    join = "、" if lang == "zh" else "; "

    def listed(kind: str) -> list[str]:
        own = rows[rows["kind"] == kind]
        names = own.groupby("unit")["node"].agg(lambda codes: join.join(label(code, lang) for code in codes))
        return names.reindex(order).fillna("").tolist()

    columns = {
        word("unit", lang): [unit_name(found, unit) for unit in order],
        word("strengths", lang): listed("strength"),
        word("boards", lang): listed("short_board"),
    }
    lacks = four_lacks(found.resources, found.framework)
    if not lacks.empty:
        own = lacks[lacks["lacking"].astype("boolean").fillna(False)]
        names = own.groupby("unit")[f"name_{lang}"].agg(join.join)
        columns[word("lacks", lang)] = names.reindex(order).fillna("").tolist()
    return pd.DataFrame(columns)


def quadrants(four: pd.DataFrame, found: Evaluation, *, what: str = "", lang: Lang = "zh") -> pd.DataFrame:
    """Quadrants with unit names, for `figures.quadrants`; `what` names the resources on the axis."""
    table = four.reset_index()
    table = table.assign(quadrant=table[f"name_{lang}"])
    table = table.set_axis([unit_name(found, unit) for unit in table["unit"]]).dropna(subset=["resources", "vitality"])
    table.attrs["resources"] = what
    return table


def recommendations(found: Evaluation, *, lang: Lang = "zh") -> pd.DataFrame:
    """One row an advice: the group that is short, the units for which it is, the countermeasure, passages."""
    rows = recommend(found.result)
    label = found.framework.label
    join = "、" if lang == "zh" else ", "
    table = []
    for target, own in rows.groupby("target", sort=False):
        units = join.join(unit_name(found, unit) for unit in own["unit"])
        first = own.iloc[0]
        table.append((label(str(target), lang), len(own), units, first[f"text_{lang}"], " ".join(first["passages"])))
    keys = ("node", "count", "units", "advice", "passages")
    done = pd.DataFrame(table, columns=[word(key, lang) for key in keys])
    return done.sort_values(word("count", lang), ascending=False, ignore_index=True, kind="stable")


def quality_table(found: Evaluation, *, lang: Lang = "zh") -> pd.DataFrame:
    """Findings by severity and rule."""
    counts = found.survey.issues.groupby(["severity", "rule"]).size().reset_index(name="count")
    order = {"error": 0, "query": 1, "note": 2}
    names = {"error": ("错误", "error"), "query": ("疑问", "query"), "note": ("提示", "note")}
    counts = counts.assign(order=counts["severity"].map(order)).sort_values(
        ["order", "count"], ascending=[True, False], ignore_index=True
    )
    columns = {
        "severity": [names[severity][lang == "en"] for severity in counts["severity"]],
        "rule": [rule_name(rule, lang) for rule in counts["rule"]],
        "count": counts["count"],
    }
    return pd.DataFrame({word(key, lang): values for key, values in columns.items()})


def table_text(table: pd.DataFrame) -> str:
    """Give a table as text for a terminal; Chinese letters take two columns, numbers three decimals."""
    options = {
        "display.unicode.east_asian_width": True,
        "display.width": 200,
        "display.max_colwidth": 48,
    }
    with pd.option_context(options):
        return table.to_string(index=table.index.name is not None, na_rep="", float_format=_three_decimals)


def _three_decimals(value: float) -> str:
    """Three decimals; what is above nought, but not by as much, is said to be so."""
    return "<0.001" if 0 < value < 0.0005 else shown(value, 3)


def write_table(table: pd.DataFrame, path: str | PathLike[str]) -> Path:
    """Write a table to ``.csv`` (UTF-8 with a mark, so that Excel opens it) or ``.xlsx``.

    A text that a spreadsheet program would take for a formula has an apostrophe in front.

    Raises
    ------
    ReportError
        If the ending is another one, or the file cannot be written; what was there before still is.
    """
    target = Path(path)
    if target.suffix.lower() not in (".csv", ".xlsx"):
        raise ReportError(
            f"{target.name}: expected a file that ends in .csv or .xlsx.",
            zh=f"{target.name}：请用 .csv 或 .xlsx 作后缀。",
        )
    index = any(name is not None for name in table.index.names)
    shown = guarded_table(table)
    with written_whole(target) as place:
        if target.suffix.lower() == ".csv":
            shown.to_csv(place, index=index, encoding="utf-8-sig")
        else:
            shown.to_excel(place, index=index)
    return target
