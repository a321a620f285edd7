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
from vitality.errors import MethodError, did_you_mean, meant_zh, some, some_zh
from vitality.framework import Framework, Lang, read_framework
from vitality.index import IndexResult, Method, build_index
from vitality.report.weighing import WEIGHTINGS, RoundWeights, round_judgements, round_weights, source_of_weights
from vitality.survey import (
    CleanSurvey,
    compute_controls,
    compute_indicators,
    compute_resources,
    find_round,
    prepare_round,
    round_settings,
)

if TYPE_CHECKING:
    from pathlib import Path


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


def _weighted(framework: Framework, weights: RoundWeights, simulated: bool) -> Framework:
    if weights.used == "framework":
        return framework
    zh, en = source_of_weights(weights, simulated=simulated)
    return framework.with_weights(weights.table[weights.used], source_zh=zh, source_en=en)


def block_associations(found: Evaluation, *, seed: int, allow_coupled: bool = False, lang: Lang = "zh") -> pd.DataFrame:
    """Ask first whether each block of resources (staffing, funding, venue) goes with the index.

    One test a block, Holm over them, with ten times the permutations, so that the answer does not hang on the
    seed; everything else as in `resource_associations`.

    Returns
    -------
    DataFrame
        As `correlate_resources` gives it; the resources are the codes of the blocks. Empty without resources.
    """
    scores = block_scores(found.resources, found.framework)
    nodes = [found.framework.root]
    return _associated(
        found, scores, nodes, "holm", seed=seed, allow_coupled=allow_coupled, lang=lang, permutations=99_999
    )


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
    permutations: int = 9_999,
) -> pd.DataFrame:
    return correlate_resources(
        found.result,
        resources,
        nodes=nodes,
        within=strata(found),
        permutations=permutations,
        adjust=adjust,
        seed=seed,
        allow_coupled=allow_coupled,
        guard="refuse" if allow_coupled else way_around(found.framework),
        denominators=found.controls,
        lang=lang,
    )


def strata(found: Evaluation) -> str | None:
    """Attribute within which units are permuted: the group, where there are between 2 and 6 of them."""
    groups = found.survey.units.get("group")
    return "group" if groups is not None and 2 <= groups.nunique() <= 6 else None


def way_around(framework: Framework) -> str:
    """Choose the guard for coupled resources: ``counts`` where leaving out would leave nothing of the index."""
    for resource in framework.resources:
        shared = coupling(framework, resource.code, framework.root)
        if shared is not None and {c for part in shared.parts for c in part.indicators} >= set(framework.leaves):
            return "counts"
    return "leave_block_out"
