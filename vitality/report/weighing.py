"""The weights of a round: from the panel of experts, from the data, or both; and where they come from in words."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike

import pandas as pd

from vitality.errors import JudgementError, MethodError, some, some_zh
from vitality.framework import Framework, Lang
from vitality.index import map_intervals
from vitality.survey import find_round, judgement_files
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

__all__ = [
    "WEIGHTINGS",
    "Judgements",
    "RoundWeights",
    "label_of_source",
    "round_judgements",
    "round_weights",
    "source_of_weights",
]

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
                "Give each expert a name of their own, or remove one of the files.",
                zh=f"{path.name}：专家 {some_zh(doubled)} 已从 {source[doubled[0]]} 读入。"
                "请给每位专家不同的名称，或去掉其中一个文件。",
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
