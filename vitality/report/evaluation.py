"""One round, evaluated: the road from a round folder to everything that a report tells.

`evaluate_round` calls the public steps of the rooms below in their order and keeps what each of them
gave, so that the command line, the report and a curious reader look at the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING

import pandas as pd

from vitality.analysis import block_scores, correlate_resources, coupling
from vitality.errors import JudgementError, MethodError, did_you_mean, meant_zh, some, some_zh
from vitality.framework import Framework, Lang, read_framework
from vitality.index import IndexResult, Method, build_index, map_intervals
from vitality.survey import (
    CleanSurvey,
    compute_controls,
    compute_indicators,
    compute_resources,
    find_round,
    judgement_files,
    prepare_round,
    round_settings,
)
from vitality.weights import (
    CombinedWeights,
    GroupResult,
    ObjectiveWeights,
    combine_weights,
    entropy_weights,
    hierarchy_groups,
    hierarchy_table,
    read_judgements,
)

if TYPE_CHECKING:
    from pathlib import Path

FEWEST = 3  # units behind the entropy weight of an indicator
WEIGHTINGS = ("auto", "combined", "ahp", "entropy", "framework")
Judgements = dict[str, dict[str, pd.DataFrame]]


@dataclass(frozen=True)
class RoundWeights:
    """Weights of the indicators by every source that the round offers, and the one that is used.

    Attributes
    ----------
    table : DataFrame, shape (n_indicators, n_sources)
        Global weights, each column sums to 1: ``framework`` always, ``entropy`` when the matrix allows
        it, ``ahp`` and ``combined`` when experts judged.
    used : str
        The column that the index is built with.
    hierarchy : DataFrame or None
        `hierarchy_weights` of the panel: local, global, consistency ratio, number of experts.
    groups : dict
        Node -> `GroupResult` of the panel; empty without experts.
    entropy, combined
        What `entropy_weights` and `combine_weights` gave, or None.
    notes : tuple of (zh, en)
        Why a source is not there, and warnings of the sources.
    """

    table: pd.DataFrame
    used: str
    hierarchy: pd.DataFrame | None
    groups: dict[str, GroupResult]
    entropy: ObjectiveWeights | None
    combined: CombinedWeights | None
    notes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Evaluation:
    """Everything that the road gave for one round, in the order in which it was made."""

    folder: Path
    survey: CleanSurvey
    framework: Framework
    matrix: pd.DataFrame
    resources: pd.DataFrame
    controls: pd.DataFrame
    weights: RoundWeights
    result: IndexResult


def evaluate_round(
    round_folder: str | PathLike[str],
    *,
    framework: str | PathLike[str] | Framework | None = None,
    weighting: str = "auto",
    method: Method | None = None,
    policy: str = "drop",
    threshold: float = 0.10,
    progress: Callable[[str, str], None] | None = None,
) -> Evaluation:
    """Go the whole road for one round: read, check, clean, weigh, index.

    Parameters
    ----------
    round_folder : path
        A round folder (see `read_round`); its own ``round.yaml`` names the framework.
    framework : str, path or Framework, optional
        Another framework than the one that the round names.
    weighting : {"auto", "combined", "ahp", "entropy", "framework"}
        ``combined`` is the mean of the panel's weights and entropy weights; ``auto`` is ``combined``
        when experts judged and the framework's own weights otherwise.
    method : Method, optional
        Choices of the index; `Method()` by default. Its weighting stays ``"framework"``: where the weights come
        from is said by `weighting` here.
    policy : {"drop", "keep", "downweight"}
        What is done with a judgement matrix whose consistency ratio is above `threshold`.
    threshold : float
        Largest consistency ratio that counts as consistent.
    progress : callable, optional
        Called with a sentence in Chinese and in English before each stage.

    Returns
    -------
    Evaluation

    Raises
    ------
    SurveyError, FrameworkError, JudgementError, MethodError
        What the steps raise; nothing is written but the round's own ``clean`` folder.
    """
    tell = progress or (lambda zh, en: None)
    if weighting not in WEIGHTINGS:
        near = did_you_mean(weighting, WEIGHTINGS)
        raise MethodError(
            f"weighting {weighting!r} is not offered.{near} Choose from {some(WEIGHTINGS)}.",
            zh=f"没有名为 {weighting!r} 的权重。{meant_zh(weighting, WEIGHTINGS)}可选：{some_zh(WEIGHTINGS)}。",
        )
    choices = _choices(method)
    folder = find_round(round_folder)
    plan = _plan(framework or round_settings(folder).framework)
    tell("读取、核查和清洗填报资料", "reading, checking and cleaning the forms")
    survey = prepare_round(folder, plan, progress=progress)
    tell("计算指标和资源", "computing indicators and resources")
    matrix = compute_indicators(survey, plan)
    resources = compute_resources(survey, plan)
    controls = compute_controls(survey, plan)
    tell("计算权重", "computing the weights")
    weights = round_weights(
        round_judgements(folder, plan), matrix, plan, weighting=weighting, policy=policy, threshold=threshold
    )
    weighted = _weighted(plan, weights, survey.simulated)
    tell("合成指数", "building the index")
    result = build_index(matrix, weighted, choices, units=survey.units)
    return Evaluation(folder, survey, weighted, matrix, resources, controls, weights, result)


def _plan(framework: str | PathLike[str] | Framework) -> Framework:
    return framework if isinstance(framework, Framework) else read_framework(framework)


def _choices(method: Method | None) -> Method:
    """Give the method of the index, whose weights must be those that the round's framework then carries."""
    choices = Method() if method is None else method
    if not isinstance(choices, Method):
        raise MethodError(
            f"method: found {type(method).__name__}; expected a Method, such as Method(aggregation='geometric').",
            zh=f"method 应为 Method，例如 Method(aggregation='geometric')，而不是 {type(method).__name__}。",
        )
    if choices.weighting != "framework":
        raise MethodError(
            f"method: its weighting is {choices.weighting!r}, beside the weights that evaluate_round finds. Choose "
            f"them by evaluate_round(weighting=...), one of {some(WEIGHTINGS)}, or rebuild the result.",
            zh=f"method 的权重为 {choices.weighting!r}，与 evaluate_round 求得的权重冲突。"
            f"请用 evaluate_round(weighting=...) 选择（{some_zh(WEIGHTINGS)}），或用 rebuild 重算。",
        )
    return choices


def round_judgements(round_folder: str | PathLike[str], framework: Framework) -> Judgements:
    """Read every expert file of a round: node -> expert -> matrix; empty when there is none.

    Raises
    ------
    JudgementError
        If a file cannot be used, or two files hold the same expert.
    """
    found: Judgements = {}
    source: dict[str, str] = {}
    for path in judgement_files(find_round(round_folder), framework):
        part = read_judgements(path, framework=framework)
        experts = {expert for matrices in part.values() for expert in matrices}
        doubled = sorted(experts & set(source))
        if doubled:
            raise JudgementError(
                f"{path.name}: expert {some(doubled)} has already been read from {source[doubled[0]]}. "
                "Give each expert a name of their own, or remove one of the files."
            )
        source |= dict.fromkeys(experts, path.name)
        for node, matrices in part.items():
            found.setdefault(node, {}).update(matrices)
    return found


def round_weights(
    judgements: Judgements,
    matrix: pd.DataFrame,
    framework: Framework,
    *,
    weighting: str = "auto",
    policy: str = "drop",
    threshold: float = 0.10,
) -> RoundWeights:
    """Weigh the indicators by every source that the round offers.

    Parameters
    ----------
    judgements : dict
        Node -> expert -> matrix, as `round_judgements` gives; may be empty.
    matrix : DataFrame, shape (n_units, n_indicators)
        Natural units; the entropy weights are taken from it with the framework's directions.
    framework : Framework
        Its own weights are the column ``framework``.
    weighting, policy, threshold
        As in `evaluate_round`.

    Raises
    ------
    MethodError
        If the weights asked for need experts and there are none.
    """
    notes: list[tuple[str, str]] = []
    columns = {"framework": framework.weights().loc[list(framework.leaves), "global"]}
    entropy, told = _entropy(matrix, framework)
    notes += told
    if entropy is not None:
        columns["entropy"] = entropy.weights
    hierarchy, groups, combined = None, {}, None
    bare = unjudged(judgements, framework)
    if judgements and bare:
        names = [framework.label(code, "zh") for code in bare], [framework.label(code, "en") for code in bare]
        notes.append(
            (f"专家没有比较{some_zh(names[0])}之下的各项，未用专家权重", f"no expert judged below {some(names[1])}")
        )
    if judgements and not bare:
        groups = hierarchy_groups(judgements, framework, policy=policy, threshold=threshold)
        hierarchy = hierarchy_table(groups, framework)
        columns["ahp"] = hierarchy.loc[list(framework.leaves), "global"]
    if hierarchy is not None and entropy is not None:
        combined = combine_weights({"ahp": columns["ahp"], "entropy": columns["entropy"]}, method="linear")
        columns["combined"] = combined.weights
    used = ("combined" if "combined" in columns else "framework") if weighting == "auto" else weighting
    if used not in columns:
        raise MethodError(
            f"weighting {weighting!r} is not to be had for this round; it offers {some(columns)}. "
            "AHP and combined weights need the experts' workbooks (e_*.xlsx) in the folder 'raw'; "
            + "; ".join(en for _, en in notes),
            zh=f"这一轮不能用 {weighting!r} 权重，可用的有{some_zh(columns)}。"
            "层次分析法和组合权重需要 raw 文件夹中有专家判断表（e_*.xlsx）。" + "；".join(zh for zh, _ in notes),
        )
    return RoundWeights(pd.DataFrame(columns), used, hierarchy, groups, entropy, combined, tuple(notes))


def unjudged(judgements: Judgements, framework: Framework) -> list[str]:
    """Nodes with several children that no expert compared."""
    inner = [code for code in framework.nodes if len(framework.children(code)) > 1]
    names = {code: {code, framework.label(code, "zh"), framework.label(code, "en")} for code in inner}
    wanted = {code: set(framework.children(code)) for code in inner}

    def compared(code: str) -> bool:
        found = [experts for node, experts in judgements.items() if node in names[code]]
        return any(set(matrix.index) >= wanted[code] for experts in found for matrix in experts.values())

    return [code for code in inner if not compared(code)]


def _entropy(matrix: pd.DataFrame, framework: Framework) -> tuple[ObjectiveWeights | None, list[tuple[str, str]]]:
    """Entropy weights, each indicator over the units that have it, and what to know of them."""
    counts = matrix.notna().sum()
    thin = counts.index[counts < FEWEST].tolist()
    if thin:
        zh, en = (some([framework.label(code, lang) for code in thin]) for lang in ("zh", "en"))
        return None, [
            (f"未计算熵权：{zh}不足{FEWEST}个单位有数据", f"no entropy weights: fewer than {FEWEST} units have {en}")
        ]
    direction = framework.direction().replace("interval", "benefit")
    found = entropy_weights(map_intervals(matrix, framework), direction=direction, missing="omit")
    notes = [("熵权：" + caution.zh, "entropy: " + caution.en) for caution in found.cautions]
    short = int((counts < len(matrix)).sum())
    if short:
        least, units = int(counts.min()), len(matrix)
        notes.append(
            (
                f"熵权：{short}项指标有缺失，各按有数据的单位计算（最少{least}个，共{units}个）",
                f"entropy: {short} indicators have gaps; each is weighed over the units that have it (at least {least} "
                f"of {units})",
            )
        )
    return found, notes


def _weighted(framework: Framework, weights: RoundWeights, simulated: bool) -> Framework:
    if weights.used == "framework":
        return framework
    zh, en = source_of_weights(weights, simulated=simulated)
    return framework.with_weights(weights.table[weights.used], source_zh=zh, source_en=en)


def block_associations(found: Evaluation, *, seed: int, allow_coupled: bool = False, lang: Lang = "zh") -> pd.DataFrame:
    """Ask first whether each block of resources (staffing, funding, venue) goes with the index.

    One test a block, Holm over them; everything else as in `resource_associations`.

    Returns
    -------
    DataFrame
        As `correlate_resources` gives it; the resources are the codes of the blocks. Empty without resources.
    """
    scores = block_scores(found.resources, found.framework)
    nodes = [found.framework.root]
    return _associated(found, scores, nodes, "holm", seed=seed, allow_coupled=allow_coupled, lang=lang)


def resource_associations(
    found: Evaluation, *, seed: int, allow_coupled: bool = False, lang: Lang = "zh"
) -> pd.DataFrame:
    """Explore every resource beside the index and its dimensions.

    Spearman's rank correlation, p by permutation (inside the groups of units, such as districts, where
    there are between 2 and 6), Benjamini-Hochberg over the table. A resource that shares a part with the index
    is compared with the index without the indicators concerned or, where that would leave nothing of it, as a
    count with the log of its denominator held; with `allow_coupled` as it is, and marked.

    Returns
    -------
    DataFrame
        As `correlate_resources` gives it.
    """
    return _associated(
        found, found.resources, None, "benjamini_hochberg", seed=seed, allow_coupled=allow_coupled, lang=lang
    )


def _associated(
    found: Evaluation,
    resources: pd.DataFrame,
    nodes: list[str] | None,
    adjust: str,
    *,
    seed: int,
    allow_coupled: bool,
    lang: Lang,
) -> pd.DataFrame:
    groups = found.survey.units.get("group")
    return correlate_resources(
        found.result,
        resources,
        nodes=nodes,
        within="group" if groups is not None and 2 <= groups.nunique() <= 6 else None,
        adjust=adjust,
        seed=seed,
        allow_coupled=allow_coupled,
        guard="refuse" if allow_coupled else way_around(found.framework),
        denominators=found.controls,
        lang=lang,
    )


def way_around(framework: Framework) -> str:
    """Choose the guard for coupled resources: ``counts`` where leaving out would leave nothing of the index."""
    for resource in framework.resources:
        shared = coupling(framework, resource.code, framework.root)
        if shared is not None and {c for part in shared.parts for c in part.indicators} >= set(framework.leaves):
            return "counts"
    return "leave_block_out"


def source_of_weights(weights: RoundWeights, *, simulated: bool) -> tuple[str, str]:
    """Say in a phrase where the weights come from, in Chinese and in English."""
    panel = 0 if weights.hierarchy is None else int(weights.hierarchy["n_experts"].max())
    label = ("（模拟专家）", " (synthetic experts)") if simulated else ("", "")
    ahp = (f"{panel}位专家的层次分析法权重{label[0]}", f"AHP weights of {panel} experts{label[1]}")
    entropy = ("熵权", "entropy weights")
    phrases: dict[str, tuple[str, str]] = {
        "ahp": ahp,
        "entropy": entropy,
        "combined": (f"{ahp[0]}与{entropy[0]}各占一半", f"the mean of {ahp[1]} and {entropy[1]}"),
    }
    return phrases[weights.used]


def label_of_source(source: str, lang: Lang) -> str:
    """Name of a source of weights for tables and legends."""
    names = {
        "framework": ("框架权重", "Framework"),
        "ahp": ("层次分析法", "AHP"),
        "entropy": ("熵权法", "Entropy"),
        "combined": ("组合权重", "Combined"),
    }
    return names[source][0 if lang == "zh" else 1]
