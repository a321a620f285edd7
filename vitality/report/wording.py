"""What a report says: headings and careful sentences in Chinese and in English, made from results.

Every number in a sentence comes from a result that is handed in; reports and notebooks hold no
hand-written numbers. Associations are called associations, never influence.
"""

from __future__ import annotations

import pandas as pd

from vitality.analysis import block_label, coupling, in_words, power_sentence, reasons, ways_out
from vitality.errors import ReportError
from vitality.framework import Framework, Lang
from vitality.report.answered import asks_persons, few_answers
from vitality.report.captions import caption, chapter
from vitality.report.evaluation import Evaluation, strata
from vitality.survey import protect_counts

__all__ = [
    "advice_text",
    "association",
    "associations",
    "background",
    "block_label",
    "caption",
    "chapter",
    "cited_passages",
    "data_text",
    "dimensions_text",
    "framework_text",
    "left_out",
    "notices",
    "obstacles_text",
    "panel_text",
    "refusals",
    "reproducibility",
    "resources_text",
    "results_text",
    "running_notice",
    "summary",
    "title",
    "unit_name",
]


#: Guard -> what was done about a shared part.
WAYS_TAKEN = {
    "leave_block_out": (
        "以下资源与指数的部分指标同源，直接相关由计算方式造成；表中是去掉这些指标后的关联。",
        "These resources share a part with indicators of the index, and would correlate by construction; the table "
        "has the associations without these indicators.",
    ),
    "counts": (
        "以下资源与指标共有分母，直接相关由计算方式造成；表中比较的是总数，并控制分母的对数。",
        "These resources share their denominator with indicators, and would correlate by construction; the table "
        "compares counts, with the log of the denominator held.",
    ),
}


def title(found: Evaluation, lang: Lang = "zh") -> str:
    """Title of the report."""
    name = found.framework.label(found.framework.root, lang)
    return f"{name}评价报告（{found.survey.round}）" if lang == "zh" else f"{name}: report {found.survey.round}"


def notices(found: Evaluation, lang: Lang = "zh") -> list[str]:
    """Notices that every page and every output must carry, the shortest first."""
    simulated = (
        "模拟数据：街镇为虚构，专家为模拟专家，不反映任何真实单位。",
        "SIMULATED DATA: invented towns and synthetic experts; no real unit is described.",
    )
    first = [simulated[lang == "en"]] if found.survey.simulated else []
    return [*first, *filter(None, [found.framework.notice(lang)]), *few_answers(found.framework, lang)]


def running_notice(found: Evaluation, lang: Lang = "zh") -> str:
    """Give the short notice for the head of every page."""
    parts = []
    if found.survey.simulated:
        parts.append("模拟数据 SIMULATED")
    if "重建" in found.framework.notice_zh:
        parts.append("重建框架" if lang == "zh" else "reconstructed framework")
    return " · ".join(parts) or found.framework.title(lang)


def summary(found: Evaluation, rows: pd.DataFrame, lang: Lang = "zh") -> str:
    """Give the summary: who was evaluated, the spread, the dimensions, the associations."""
    return "\n\n".join(
        [
            ("**摘要。** " if lang == "zh" else "**Summary.** ") + _spread(found, lang),
            _dimensions(found, lang),
            associations(found, rows, lang),
        ]
    )


def _index(found: Evaluation) -> pd.Series:
    return found.result.scores[found.framework.root].dropna().droplevel("round")


def unit_name(found: Evaluation, unit: object) -> str:
    """Name of a unit as people read it."""
    units = found.survey.units
    return str(units.at[unit, "name"]) if "name" in units.columns and unit in units.index else str(unit)


def _spread(found: Evaluation, lang: Lang) -> str:
    scores = _index(found).sort_values(ascending=False)
    noun = found.framework.units(lang)
    total = len(found.result.scores)
    first, last = unit_name(found, scores.index[0]), unit_name(found, scores.index[-1])
    if lang == "zh":
        text = (
            f"本轮共评价{total}个{noun}，其中{len(scores)}个资料足以计算指数。指数中位数为{scores.median():.1f}分，"
            f"最高{scores.iloc[0]:.1f}分（{first}），最低{scores.iloc[-1]:.1f}分（{last}），标准差{scores.std():.1f}分。"
        )
        return text + "名次另附不确定区间，区间重叠的单位分不出先后。"
    return (
        f"{total} {noun} were evaluated; for {len(scores)} of them the data suffice for an index. The median is "
        f"{scores.median():.1f} points, the highest {scores.iloc[0]:.1f} ({first}), the lowest "
        f"{scores.iloc[-1]:.1f} ({last}), the standard deviation {scores.std():.1f}. Ranks have "
        "intervals: units whose intervals overlap cannot be told apart."
    )


def _dimensions(found: Evaluation, lang: Lang) -> str:
    framework = found.framework
    means = found.result.scores[list(framework.children(framework.root))].mean().sort_values()
    low, high = framework.label(str(means.index[0]), lang), framework.label(str(means.index[-1]), lang)
    if lang == "zh":
        return (
            f"分维度看，平均得分最高的是“{high}”（{means.iloc[-1]:.1f}分），最低的是“{low}”（{means.iloc[0]:.1f}分）。"
        )
    return f"By dimension, the mean is highest for {high} ({means.iloc[-1]:.1f}) and lowest for {low} ({means.iloc[0]:.1f})."


def background(found: Evaluation, lang: Lang = "zh") -> str:
    """Why the evaluation is made and what it is not."""
    noun = found.framework.units(lang)
    names = [block_label(code, lang) for code in dict.fromkeys(r.block for r in found.framework.resources)]
    blocks = ("、".join(names) or "资源") if lang == "zh" else (", ".join(names).lower() or "resources")
    if lang == "zh":
        return (
            f"本报告用一套公开的指标衡量{noun}的发展活力，找出长处和短板，并考察{blocks}与活力的关联，"
            "供改进工作参考。指数是对可观察情况的概括，不是对人的考核；关联不等于因果。"
        )
    return (
        f"This report measures the development vitality of {noun} with an open set of indicators, shows strengths "
        f"and short boards, and asks how {blocks} go with vitality. The index sums up what can be observed; it is no "
        "appraisal of persons, and association is not causation."
    )


def framework_text(found: Evaluation, lang: Lang = "zh") -> str:
    """How many nodes the tree has, what stays outside, where the weights come from."""
    framework = found.framework
    levels = framework.levels
    n = {name: len(codes) for name, codes in levels.items()}
    inside = [r.code for r in framework.resources if r.code in framework.leaves]
    if lang == "zh":
        groups = f"{n['group']}个二级指标、" if "group" in n else ""
        outside = f"{len(framework.resources)}项资源变量只用于解释，不进入指数。" if not inside else ""
        return (
            f"指标体系分{n.get('dimension', 0)}个维度、{groups}{n['indicator']}项指标。{outside}"
            f"权重来源：{framework.weights_from('zh')}。"
        )
    groups = f"{n['group']} groups and " if "group" in n else ""
    outside = f"The {len(framework.resources)} resource variables explain and stay outside. " if not inside else ""
    return (
        f"The tree has {n.get('dimension', 0)} dimensions, {groups}{n['indicator']} indicators. {outside}"
        f"Weights: {framework.weights_from('en')}."
    )


def data_text(found: Evaluation, lang: Lang = "zh") -> str:
    """What came in, what was found, what was changed, how much is missing."""
    survey = found.survey
    forms = {code: len(table) for code, table in survey.answers.items() if len(table)}
    severity = survey.issues["severity"].value_counts()
    error, query = int(severity.get("error", 0)), int(severity.get("query", 0))
    missing = float(found.matrix.isna().to_numpy().mean())
    if lang == "zh":
        came = "、".join(
            f"{found.framework.instrument(code).label('zh')}{_shown(found, code, count)}{_counted(found, code)}"
            for code, count in forms.items()
        )
        return (
            f"收回{came}。核查发现错误{error}处、疑问{query}处；清洗时改动{len(survey.changes)}个单元格，"
            f"逐格记入修改清单。指标矩阵的缺失率为{missing:.1%}，缺失值不填补。"
        )
    came = ", ".join(
        f"{found.framework.instrument(code).label('en')} {_shown(found, code, count)}" for code, count in forms.items()
    )
    return (
        f"Answered forms: {came}. Checking found {error} errors and {query} queries; cleaning changed "
        f"{len(survey.changes)} cells, each of them in the change log. {missing:.1%} of the indicator matrix is "
        "missing and nothing is filled in."
    )


def _shown(found: Evaluation, code: str, count: int) -> str:
    """Number of rows of an instrument; of persons, fewer than five are not told."""
    counts = pd.DataFrame({code: [count]})
    return str(protect_counts(counts).iloc[0, 0]) if asks_persons(found.framework.instrument(code)) else str(count)


def _counted(found: Evaluation, code: str) -> str:
    """Counter of an instrument's rows: a list of organisations has rows, not forms."""
    return "条" if found.framework.instrument(code).layout == "list" else "份"


def panel_text(found: Evaluation, lang: Lang = "zh") -> str:
    """What the panel of experts judged at the top of the tree, and what to know of the weights."""
    zh = lang == "zh"
    entropy = found.weights.used in ("entropy", "combined")
    pairs = [pair for pair in found.weights.notes if entropy or not pair[1].startswith("entropy: ")]
    notes = [pair[not zh].rstrip("。.") for pair in pairs]
    told = (f"另请注意：{'；'.join(notes)}。" if zh else f"Note: {'; '.join(notes)}.") if notes else ""
    group = found.weights.groups.get(found.framework.root)
    if group is None:
        return ("本轮权重未用专家判断。" if zh else "The weights of this round use no experts' judgements. ") + told
    label = ("（模拟专家）", "(Synthetic experts.) ") if found.survey.simulated else ("", "")
    names = {code: found.framework.label(code, lang) for code in found.framework.children(found.framework.root)}
    text = group.sentence(lang, names=names)
    return (text + label[0] + told) if zh else f"{label[1]}{text} {told}"


def results_text(found: Evaluation, lang: Lang = "zh") -> str:
    """Give the spread of the index and, where there are groups of units, their medians."""
    text = _spread(found, lang)
    units = found.survey.units
    if "group" not in units.columns or units["group"].nunique() not in range(2, 7):
        return text
    medians = _index(found).groupby(units["group"].reindex(_index(found).index)).median()
    if lang == "zh":
        return text + "各组中位数：" + "，".join(f"{name}{value:.1f}分" for name, value in medians.items()) + "。"
    return text + " Medians: " + ", ".join(f"{name} {value:.1f}" for name, value in medians.items()) + "."


def association(row: pd.Series, found: Evaluation, lang: Lang = "zh") -> str:
    """Say one association: estimate, interval, n and p, with the careful verb that fits."""
    return in_words(row, framework=found.framework, lang=lang)


def associations(found: Evaluation, rows: pd.DataFrame, lang: Lang = "zh") -> str:
    """Say what was found about resources and the index, what was not seen, and what was refused."""
    own = rows[rows["node"] == found.framework.root]
    computed = own[own["estimate"].notna()]
    refused = int((own["coupled"] & own["estimate"].isna()).sum())
    guarded = int(computed["guard"].isin(WAYS_TAKEN).sum())
    seen = computed[computed["p_adjusted"] < 1 - computed["level"]].sort_values("p_adjusted")
    said = [association(row, found, lang) for _, row in seen.iterrows()]
    unseen = len(computed) - len(seen)
    if lang == "zh":
        none = "没有一项与总指数呈显著关联。" if unseen and not said else ""
        tail = f"其余{unseen}项未见显著关联。" if said and unseen else ""
        way = f"有{guarded}项与部分指标同源，已排除同源部分后比较。" if guarded else ""
        stop = f"有{refused}项因与指数同源（共有分母或组成部分）拒绝计算。" if refused else ""
        return "".join([*said, none, tail, way, stop, "以上是关联，不是影响。"])
    none = "None shows a clear association with the index." if unseen and not said else ""
    tail = f"The other {unseen} show no clear relation." if said and unseen else ""
    way = f"{guarded} share a part with some indicators and were compared without it." if guarded else ""
    stop = f"{refused} were refused because they share a denominator or a component with the index." if refused else ""
    return " ".join(filter(None, [*said, none, tail, way, stop, "These are associations, not influence."]))


def resources_text(found: Evaluation, blocks: pd.DataFrame, rows: pd.DataFrame, lang: Lang = "zh") -> str:
    """How associations were tested, how little n allows to see, and what was found: blocks first, then each."""
    names = [block_label(code, lang) for code in blocks["resource"]]
    tests = int(rows["p"].notna().sum())
    inside = ("；比较只在同一组内进行，系数、区间和p说的都是组内的关联",
              " within groups; estimate, intervals and p are all about the association inside them",
              ) if strata(found) else ("", "")  # fmt: skip
    power = power_sentence(blocks if blocks["p"].notna().any() else rows, lang)
    if lang == "zh":
        return (
            f"先问{len(names)}组资源（{'、'.join(names)}）与总指数有没有关联，每组取其各项资源的平均分，按Holm方法校正；"
            f"再逐项探索。均用Spearman等级相关，p值由置换检验得到{inside[0]}。区间按Bonett和Wright（2000）计算，"
            "另附分层自助法区间。"
            f"{power}\n\n**按组。** {associations(found, blocks, lang)}\n\n"
            f"**逐项探索。** 共{tests}次检验，按Benjamini和Hochberg方法控制错误发现率。{associations(found, rows, lang)}"
        )
    return (
        f"The first question is whether {len(names)} blocks of resources ({', '.join(names)}) go with the index; a block "
        "is the mean of its resources, Holm over the blocks. Each resource is explored afterwards. All by Spearman's "
        f"rank correlation; p is by permutation{inside[1]}. Intervals are those of Bonett and Wright (2000), beside those of a "
        f"stratified bootstrap. {power}\n\n**Blocks.** {associations(found, blocks, lang)}\n\n**Each resource.** "
        f"{tests} tests, with the false discovery rate of Benjamini and Hochberg. {associations(found, rows, lang)}"
    )


def left_out(found: Evaluation, shown: int, lang: Lang = "zh") -> str:
    """Say how many units a table leaves out, when it shows only the first ones.

    Raises
    ------
    ReportError
        If the table shows less than one unit.
    """
    if shown < 1:
        raise ReportError(
            f"most: found {shown}; expected at least 1 unit.", zh=f"most = {shown}：表中至少列出1个单位。"
        )
    more = len(found.result.scores) - shown
    if more <= 0:
        return ""
    zh = f"表中列出前{shown}个，其余{more}个见数据文件或用命令 vitality index 查看。"
    return zh if lang == "zh" else f"The table has the first {shown}; `vitality index` lists the other {more}."


def dimensions_text(found: Evaluation, lang: Lang = "zh") -> str:
    """Say which dimension is highest and lowest on average."""
    return _dimensions(found, lang)


def refusals(rows: pd.DataFrame, found: Evaluation, lang: Lang = "zh") -> str:
    """List what is shared between resources and the index, and what was done about it."""
    framework, root = found.framework, found.framework.root
    own = rows[rows["node"] == root]
    guarded = own.loc[own["guard"].isin(WAYS_TAKEN) & own["estimate"].notna()]
    refused = own.loc[own["coupled"] & own["estimate"].isna()]
    parts = []
    if len(guarded):
        ways = list(dict.fromkeys(guarded["guard"]))
        parts.append(_listed(WAYS_TAKEN[ways[0]][lang == "en"], guarded["resource"], framework, lang))
    if len(refused):
        head = (
            "以下关联拒绝计算，因为两边同源，相关由计算方式造成。"
            if lang == "zh"
            else "These associations are refused: both sides share a part, so that they correlate by construction. "
        )
        parts.append(_listed(head + ways_out(lang), refused["resource"], framework, lang))
    return "\n\n".join(parts)


def _listed(head: str, codes: pd.Series, framework: Framework, lang: Lang) -> str:
    mark = "：" if lang == "zh" else ": "
    lines = []
    for code in codes:
        shared = coupling(framework, code, framework.root)
        if shared is not None:
            lines.append(f"- {framework.label(code, lang)}{mark}{reasons(framework, shared.parts, lang)}")
    return f"{head}\n\n" + "\n".join(lines)


def obstacles_text(shares: pd.DataFrame, lang: Lang = "zh") -> str:
    """Say which nodes hold back most, on average over the units (index names, column ``share``)."""
    parts = list(shares["share"].sort_values(ascending=False).head(3).items())
    if lang == "zh":
        names = "、".join(f"“{name}”（{value:.1%}）" for name, value in parts)
        return f"平均而言，失分最多的是{names}。障碍度是该项失分占全部失分的份额，每个单位合计为100%。"
    names = ", ".join(f"{name} ({value:.1%})" for name, value in parts)
    return f"On average most points are lost in {names}. The obstacle degree is a node's share of all points lost."


def advice_text(found: Evaluation, lang: Lang = "zh") -> str:
    """Say what the advice is and whose it is, or that the framework has none."""
    if not found.framework.recommendations:
        return "本框架没有对策规则。" if lang == "zh" else "This framework has no rules for advice."
    if lang == "zh":
        return (
            "下表按各单位障碍度最大的项目，对应文章提出的对策（S..为段落编号，转述见附录）。文字为草稿，请修改后使用。"
        )
    return (
        "The table maps each unit's largest obstacles to the countermeasures of the article (S.. are passage ids, "
        "paraphrased in the appendix). It is a draft to edit."
    )


def cited_passages(found: Evaluation, lang: Lang = "zh") -> str:
    """Paraphrase the passages that the advice cites, by id."""
    known = found.framework.passages
    codes = sorted({code for advice in found.framework.recommendations for code in advice.passages})
    mark = "：" if lang == "zh" else ": "
    lines = [f"- {code}{mark}{known[code].zh if lang == 'zh' else known[code].en}" for code in codes]
    head = "文章段落（转述）：" if lang == "zh" else "Passages of the article (paraphrased):"
    return "\n".join([head, "", *lines]) if lines else ""


def reproducibility(found: Evaluation, *, seed: int, lang: Lang = "zh") -> str:
    """Round, framework, seed, changes: what is needed to make the same report again."""
    from vitality import __version__

    framework = found.framework
    if lang == "zh":
        return (
            f"轮次{found.survey.round}；框架{framework.name}（{framework.version}）；程序vitality {__version__}；"
            f"随机种子{seed}；修改清单{len(found.survey.changes)}条。输入文件的指纹见发布文件夹中的manifest.json。"
        )
    return (
        f"Round {found.survey.round}; framework {framework.name} ({framework.version}); vitality {__version__}; "
        f"seed {seed}; {len(found.survey.changes)} rows in the change log. The fingerprints of the inputs are in "
        "manifest.json beside the report."
    )
