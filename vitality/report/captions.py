"""Headings of chapters and captions of tables and figures, in Chinese and English."""

from __future__ import annotations

from vitality.framework import Lang
from vitality.report.evaluation import Evaluation
from vitality.report.languages import check_lang

CHAPTERS: dict[str, tuple[str, str]] = {
    "background": ("评价背景与目的", "Background and purpose"),
    "framework": ("指标体系", "The indicators"),
    "data": ("数据与方法", "Data and method"),
    "results": ("总体结果", "Results"),
    "dimensions": ("分维度结果", "Results by dimension"),
    "resources": ("资源与活力", "Resources and vitality"),
    "obstacles": ("短板与障碍因子", "Short boards and obstacles"),
    "advice": ("对策建议", "What could be done"),
    "appendix": ("附录", "Appendix"),
}
CAPTIONS: dict[str, tuple[str, str]] = {
    "dimension_table": ("各维度的权重与得分", "Weights and scores of the dimensions"),
    "answered": (
        "收回的问卷（份；1至4份记作<5，…为防止推算而不列出的数）",
        "Answered questionnaires (1 to 4 are shown as <5; … is withheld, so that none can be worked out)",
    ),
    "quality": ("核查结果", "Findings of the check"),
    "ranking": ("活力指数、名次、等级与各维度得分", "Index, rank, grade and the scores of the dimensions"),
    "ranking_figure": ("活力指数与名次", "Index and rank"),
    "rank_intervals": ("名次的90%区间（变动权重与合成方法）", "90% intervals of the ranks (weights and means varied)"),
    "heatmap": ("各维度得分", "Scores of the dimensions"),
    "radar": ("首位、末位与平均的各维度得分", "Dimensions of the first, the last and the mean"),
    "forest": (
        "资源与总指数的等级相关及95%区间",
        "Rank correlations of resources with the index, 95% intervals",
    ),
    "associations": ("资源与总指数的关联", "Associations of resources with the index"),
    "quadrants": ("{what}与活力的四种情形", "Four situations of {what} and vitality"),
    "obstacles": ("平均障碍度最大的项目", "The largest obstacles on average"),
    "boards": ("各单位的长处、短板与资源缺口", "Strengths, short boards and lacks of each unit"),
    "advice": ("短板与对策对应表（草稿）", "Short boards and countermeasures (draft)"),
    "weights": ("各项指标的权重（占总指数的份额）", "Weights of the indicators (share of the index)"),
    "weights_figure": ("不同来源的权重", "Weights by source"),
    "consistency": ("专家判断的一致性", "Consistency of the experts' judgements"),
}
NUMERALS = "一二三四五六七八九十"


def chapter(key: str, lang: Lang = "zh") -> str:
    """Give the numbered heading of a chapter as Markdown.

    Examples
    --------
    >>> chapter("results", "zh"), chapter("results", "en")
    ('# 四、总体结果', '# 4 Results')
    """
    check_lang(lang, where="chapter")
    number = list(CHAPTERS).index(key)
    zh, en = CHAPTERS[key]
    if key == "appendix":
        return f"# {zh if lang == 'zh' else en}"
    return f"# {NUMERALS[number]}、{zh}" if lang == "zh" else f"# {number + 1} {en}"


def caption(
    key: str, lang: Lang = "zh", found: Evaluation | None = None, *, shown: int | None = None, what: str = ""
) -> str:
    """Give the caption of a table or figure; with an evaluation, source and n follow.

    Parameters
    ----------
    key : str
        Of the table or figure.
    lang : {"zh", "en"}
    found : Evaluation, optional
    shown : int, optional
        How many units the figure shows; said where there are more.
    what : str
        What the figure is about, where the caption has a place for it.

    Examples
    --------
    >>> caption("weights_figure", "en")
    'Weights by source'
    """
    check_lang(lang, where="caption")
    text = CAPTIONS[key][lang == "en"].format(what=what)
    if found is None:
        return text
    n, name = len(found.result.scores), found.survey.round
    kind = ("，模拟数据", ", simulated data") if found.survey.simulated else ("", "")
    part = (f"，图中为前{shown}个", f", the first {shown} shown") if shown is not None and shown < n else ("", "")
    if lang == "zh":
        return f"{text}（数据来源：{name}轮次资料{kind[0]}；n = {n}{part[0]}）"
    return f"{text} (source: data of round {name}{kind[1]}; n = {n}{part[1]})"
