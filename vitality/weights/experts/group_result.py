"""What a group of experts gave: weights, their agreement, and what was done with whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vitality.weights.ahp import ACCEPTED_RATIO, weights_in_words
from vitality.weights.cautions import Caution, CautionedResult
from vitality.weights.experts.aggregation import judgements_without_each, mean_priorities
from vitality.weights.experts.consensus import (
    consensus_index,
    count_cycles,
    geometric_spread,
    kendall_agreement,
    straight_lined,
)
from vitality.weights.incomplete import COMPLETIONS
from vitality.weights.kernels import PRIORITY_METHODS

if TYPE_CHECKING:
    from vitality.framework import Lang
    from vitality.weights.experts.panel import Panel, Standing
    from vitality.weights.kernels import Floats

__all__ = ["GroupResult"]

_AGGREGATIONS = {
    "judgements": ("判断的几何平均（AIJ）", "geometric mean of the judgements (AIJ)"),
    "priorities": ("权重的算术平均（AIP）", "arithmetic mean of the experts' weights (AIP)"),
    "priorities_geometric": ("权重的几何平均（AIP）", "geometric mean of the experts' weights (AIP)"),
}
_REASONS = {
    "inconsistent": ("CR > {threshold:g}", "CR above {threshold:g}"),
    "incomplete": ("判断不全", "judgements left out"),
    "unconnected": ("所作判断未能连接全部要素", "judged pairs do not connect the items"),
    "silent": ("未作判断", "nothing judged"),
}


#: Lower ends of the bands of S* and what they are called: the word scale of AHP-OS, four equal parts above 50 %.
_BANDS = (
    (0.875, "很高", "very high"),
    (0.75, "高", "high"),
    (0.625, "中等", "moderate"),
    (0.50, "低", "low"),
    (0.00, "很低", "very low"),
)


@dataclass(frozen=True, eq=False, repr=False)
class GroupResult(CautionedResult):
    """Weights of a group of experts, and how they came about.

    What follows from the judgements but is not needed for the weights (`experts`, `kendall_w`, `spread`) is
    computed when it is first asked for.

    Attributes
    ----------
    weights : Series, shape (n,)
        Index items; positive, sum 1.
    judgements : DataFrame, shape (n, n)
        Geometric mean of the judgements of the experts kept, whatever the aggregation of the weights.
    experts : DataFrame, one row an expert
        ``ratio`` consistency ratio (NaN where it cannot be computed); ``geometric_index``; ``kept``;
        ``straight_lining`` all judgements 1 although there are three items or more; ``cycles`` number of
        three-way cycles; ``missing`` pairs not judged; ``weight`` share in the group, sum 1; ``distance`` half
        the sum of absolute differences between own and group weights (0 to 1); ``influence`` the same distance
        between the group weights with and without this expert (0 when not kept, NaN when alone); ``reason``
        why an expert is left out or counts for less: inconsistent, incomplete, unconnected, silent, or empty.
    consensus : float
        Goepel's S*, 0 to 1, over the experts kept; NaN for fewer than two.
    kendall_w, kendall_p : float
        Agreement of the experts' rankings, with its p value; NaN for fewer than two experts.
    spread : DataFrame, shape (n, n)
        Geometric standard deviation of each judgement over the experts kept; 1 = all the same.
    consistency_ratio, geometric_consistency_index : float
        Of `judgements`. They can be small although single experts contradict themselves: see `experts`.
    priorities : DataFrame, shape (n_experts, n)
        Each expert's own weights.
    recipe : mapping
        Every choice: aggregation, method, random_index, policy, threshold, incomplete, expert_weights.
    node : object
        Name of the node, or None.
    cautions : tuple of Caution
        When the group's matrix contradicts itself, or the experts hardly agree.
    """

    panel: Panel
    standing: Standing
    shares: Floats
    reason: np.ndarray
    group: Floats
    values: Floats
    consistency_ratio: float
    geometric_consistency_index: float
    recipe: Mapping[str, object]
    node: object = None

    @cached_property
    def weights(self) -> pd.Series:
        """Weights by item."""
        return pd.Series(self.values, index=self.panel.items, name="weight")

    @cached_property
    def judgements(self) -> pd.DataFrame:
        """The group's matrix, by item."""
        return pd.DataFrame(self.group, index=self.panel.items, columns=self.panel.items)

    @cached_property
    def priorities(self) -> pd.DataFrame:
        """Each expert's own weights."""
        return pd.DataFrame(self.standing.weights, index=self.panel.experts, columns=self.panel.items)

    @cached_property
    def experts(self) -> pd.DataFrame:
        """One row an expert."""
        kept = self.shares > 0
        influence = np.zeros(len(kept))
        influence[kept] = 0.5 * np.abs(self._without_each() - self.values).sum(axis=1)
        return pd.DataFrame(
            {
                "ratio": self.standing.ratio,
                "geometric_index": self.standing.index,
                "kept": kept,
                "straight_lining": straight_lined(self.panel.stack),
                "cycles": count_cycles(self.panel.stack),
                "missing": self.panel.missing,
                "weight": self.shares,
                "distance": 0.5 * np.abs(self.standing.weights - self.values).sum(axis=1),
                "influence": influence,
                "reason": self.reason.astype(str),
            },
            index=self.panel.experts,
        )

    def _without_each(self) -> Floats:
        kept = self.shares > 0
        shares = self.shares[kept]
        if self.recipe["aggregation"] == "judgements":
            method = str(self.recipe["method"])
            return judgements_without_each(self.standing.stack[kept], shares, np.log(self.group), method)
        geometric = self.recipe["aggregation"] == "priorities_geometric"
        return mean_priorities(self.standing.weights[kept], shares, geometric=geometric)[1]

    @cached_property
    def consensus(self) -> float:
        """Goepel's S* of the experts kept."""
        return consensus_index(self._own())

    @cached_property
    def _kendall(self) -> tuple[float, float]:
        return kendall_agreement(self._own())

    @property
    def kendall_w(self) -> float:
        """Agreement of the experts' rankings, 0 to 1."""
        return self._kendall[0]

    @property
    def kendall_p(self) -> float:
        """How likely so much agreement is by chance."""
        return self._kendall[1]

    @cached_property
    def spread(self) -> pd.DataFrame:
        """Geometric standard deviation of each judgement."""
        spread = geometric_spread(self.panel.stack[self.shares > 0])
        return pd.DataFrame(spread, index=self.panel.items, columns=self.panel.items)

    @cached_property
    def cautions(self) -> tuple[Caution, ...]:  # type: ignore[override]
        """What a reader should know before using the weights."""
        found = []
        if self.consistency_ratio > ACCEPTED_RATIO:
            ratio = self.consistency_ratio
            found.append(
                Caution(
                    f"群体判断矩阵 CR = {ratio:.3f}，大于 0.10。",
                    f"the group's matrix has CR = {ratio:.3f}, above 0.10.",
                )
            )
        if self.consensus < _BANDS[-2][0]:
            share = 100 * self.consensus
            found.append(
                Caution(
                    f"共识度 S* 只有 {share:.0f}%：专家意见分歧，一组平均权重掩盖了分歧。",
                    f"consensus S* is only {share:.0f}%: the experts disagree, and one set of weights hides it.",
                )
            )
        return tuple(found)

    def _own(self) -> Floats:
        return self.standing.weights[(self.shares > 0) & ~np.isnan(self.standing.ratio)]

    @property
    def n_experts(self) -> int:
        """Number of experts whose judgements count."""
        return int((self.shares > 0).sum())

    def policy_note(self, lang: Lang = "zh") -> str:
        """Which experts were left out or count for less, and why; and who answered 1 throughout."""
        which = 0 if lang == "zh" else 1
        threshold = self.recipe["threshold"]
        phrases = []
        for reason, texts in _REASONS.items():
            touched = self.experts[self.experts["reason"] == reason]
            why = texts[which].format(threshold=threshold)
            for kept, verb in ((False, ("未采用", "left out")), (True, ("降权", "weighted down"))):
                names = [str(name) for name in touched.index[touched["kept"] == kept]]
                if names:
                    phrases.append(_phrase(names, verb[which], why, lang))
        if self.recipe["policy"] == "keep":
            loose = self.experts.index[(self.experts["ratio"] > threshold) & self.experts["kept"]]
            if len(loose):
                why = _REASONS["inconsistent"][which].format(threshold=threshold)
                phrases.append(
                    _phrase([str(name) for name in loose], ("仍采用", "kept all the same")[which], why, lang)
                )
        lined = [str(name) for name in self.experts.index[self.experts["straight_lining"]]]
        if lined:
            phrases.append(
                f"{'、'.join(lined)} 全部判断为 1（CR 为 0 不能说明其认真作答）"
                if lang == "zh"
                else f"{', '.join(lined)} judged 1 throughout, which a CR of 0 does not show"
            )
        if not phrases:
            return "全部专家均采用。" if lang == "zh" else "All experts count."
        return "；".join(phrases) + "。" if lang == "zh" else "; ".join(phrases) + "."

    def sentence(self, lang: Lang = "zh", *, names: Mapping[str, str] | None = None) -> str:
        """One passage for a report: who, how, weights, consistency, agreement, and who was left out.

        `names` gives the items the names that people read.
        """
        zh_method, en_method = PRIORITY_METHODS[str(self.recipe["method"])]
        zh_way, en_way = _AGGREGATIONS[str(self.recipe["aggregation"])]
        zh_gaps, en_gaps = self._completion()
        weights = weights_in_words(self.weights.rename(names), lang)
        total, kept, ratio = len(self.experts), self.n_experts, self.consistency_ratio
        if lang == "zh":
            return (
                f"{total} 位专家中采用 {kept} 位，按{zh_way}合成，{zh_method}求权{zh_gaps}：{weights}；"
                "群体判断矩阵 "
                f"CR = {ratio:.4f}{self._agreement('zh')}。{self.policy_note('zh')}"
            )
        return (
            f"{kept} of {total} experts, combined by the {en_way}, weights by {en_method}{en_gaps}: "
            f"{weights}; the "
            f"group matrix has CR = {ratio:.4f}{self._agreement('en')}. {self.policy_note('en')}"
        )

    def _completion(self) -> tuple[str, str]:
        used = self.experts["kept"] & (self.experts["missing"] > 0)
        if not used.any():
            return "", ""
        how = str(self.recipe["incomplete"])
        if how in COMPLETIONS:
            zh, en = COMPLETIONS[how]
            return f"（缺失判断以{zh}补全）", f" (judgements left out completed by {en})"
        return "（每项判断由作答者平均）", " (each judgement averaged over those who gave it)"

    def _agreement(self, lang: Lang) -> str:
        if pd.isna(self.consensus):
            return ""
        name = "共识度 S*" if lang == "zh" else "consensus S*"
        mark = "，" if lang == "zh" else ", "
        zh, en = next(words for low, *words in _BANDS if self.consensus >= low)
        band = f"（{zh}）" if lang == "zh" else f" ({en})"
        text = f"{mark}{name} = {100 * self.consensus:.1f}%{band}"
        if not pd.isna(self.kendall_w):
            chance = "p < 0.001" if self.kendall_p < 0.001 else f"p = {self.kendall_p:.3f}"
            left, right = ("（", "）") if lang == "zh" else (" (", ")")
            text += f"{mark}Kendall W = {self.kendall_w:.3f}{left}{chance}{right}"
        return text

    def _repr_html_(self) -> str:
        weights = self.weights.rename("weight / 权重").to_frame().to_html(float_format="{:.4f}".format)
        return (
            weights
            + self._sentences_html()
            + self._cautions_html()
            + self.experts.to_html(float_format="{:.4f}".format)
        )


def _phrase(names: list[str], verb: str, why: str, lang: Lang) -> str:
    shown = names[:10]
    if lang == "zh":
        more = f" 等 {len(names)} 位" if len(names) > len(shown) else ""
        return f"{'、'.join(shown)}{more} {verb}（{why}）"
    more = f" and {len(names) - len(shown)} more" if len(names) > len(shown) else ""
    return f"{', '.join(shown)}{more} {verb} ({why})"
