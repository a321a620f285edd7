"""What a reader of an index should know: gaps, clipped values, indicators that say nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vitality.errors import some
from vitality.index.aggregation import enough
from vitality.index.means import FLOORED
from vitality.weights.cautions import Caution

if TYPE_CHECKING:
    from vitality.framework import Framework
    from vitality.index.method import Method
    from vitality.index.treatment import Treatment

__all__ = [
    "about_coverage",
    "about_denominators",
    "about_floor",
    "about_gaps",
    "about_idle",
    "about_indicators",
    "about_rounds",
    "about_scale",
    "about_treatment",
    "about_units",
    "about_zeros",
]


def _listed(items: list[str]) -> tuple[str, str]:
    more = f"等{len(items)}个" if len(items) > 5 else ""
    return "、".join(items[:5]) + more, some(items)


def about_units(units: pd.DataFrame | None, attributes: pd.DataFrame) -> list[Caution]:
    """Units of the matrix for which no attributes were given, although there are some."""
    if units is None or not len(units.columns):
        return []
    bare = attributes.index[attributes.isna().all(axis=1)].get_level_values("unit").unique()
    zh, en = _listed([str(unit) for unit in bare])
    return [Caution(f"没有属性资料的单位：{zh}。", f"no attributes were given for {en}.")] if len(bare) else []


def about_denominators(matrix: pd.DataFrame, denominated: pd.DataFrame) -> list[Caution]:
    """Values that are gaps now because their denominator is missing."""
    lost = (matrix.notna() & denominated.isna()).sum()
    codes = [f"{code} ({count})" for code, count in lost.items() if count]
    if not codes:
        return []
    zh = _listed(codes)[0]
    en = ", ".join(codes[:5]) + (f" and {len(codes) - 5} more" if len(codes) > 5 else "")
    return [
        Caution(f"分母缺失，下列指标的值按缺失处理：{zh}。", f"values without a denominator count as missing: {en}.")
    ]


def about_gaps(matrix: pd.DataFrame, completed: pd.DataFrame) -> list[Caution]:
    """Missing values: how many there are, and what became of them."""
    missing = int(matrix.isna().to_numpy().sum())
    if not missing:
        return []
    rest = int(completed.isna().to_numpy().sum())
    cells = matrix.size
    filled = missing - rest
    zh = f"指标矩阵共{cells}格，缺失{missing}格"
    en = f"{missing} of {cells} cells of the matrix are missing"
    if filled:
        zh, en = zh + f"，其中填补{filled}格", en + f"; {filled} were filled in"
    if rest:
        zh, en = (
            zh + f"，{rest}格的权重分给同组其他指标",
            en + f"; the weight of {rest} went to their siblings",
        )
    return [Caution(zh + "。", en + ".")]


def about_zeros(screening: pd.DataFrame, maximum: float) -> list[Caution]:
    """Units that get no index because too many of their values are zero."""
    out = screening.index[screening["reason"] == "zeros"]
    if not len(out):
        return []
    zh, en = _listed([str(unit) for unit, _ in out])
    return [
        Caution(
            f"零值超过{maximum:.0%}，不计算指数：{zh}。",
            f"more than {maximum:.0%} of the observed values are zero, so that there is no index for {en}.",
        )
    ]


def about_treatment(treatment: Treatment, method: Method) -> list[Caution]:
    """Indicators whose outliers were treated, and those that are skewed all the same."""
    if method.treatment == "none" and not method.treatment_of:
        return []
    table = treatment.indicators
    found = []
    for by, zh, en in (
        ("winsorise", "有极端值被缩尾", "extreme values were moved in for"),
        ("log", "取了对数", "logarithms were taken of"),
    ):
        codes = [str(code) for code in table.index[table["by"] == by]]
        if codes:
            names = _listed(codes)
            found.append(Caution(f"指标{names[0]}{zh}。", f"{en} indicator {names[1]}."))
    left = [str(code) for code in table.index[~table["passed"].to_numpy(dtype=bool)]]
    if left:
        zh, en = _listed(left)
        found.append(
            Caution(
                f"指标{zh}处理后偏度和峰度仍超过阈值。",
                f"indicator {en} is beyond the thresholds of skewness and kurtosis all the same.",
            )
        )
    return found


def about_indicators(normalised: pd.DataFrame) -> list[Caution]:
    """Indicators that were observed nowhere, and those that are the same for every unit."""
    values = normalised.to_numpy(dtype=float)
    low, high = np.fmin.reduce(values, axis=0), np.fmax.reduce(values, axis=0)
    found = []
    nowhere = [str(code) for code, value in zip(normalised.columns, low) if np.isnan(value)]
    if nowhere:
        zh, en = _listed(nowhere)
        found.append(
            Caution(
                f"指标{zh}没有任何单位有数据，不影响得分，其权重分给同组其他指标。",
                f"indicator {en} was observed for no unit: it moves no score and its weight went to its siblings.",
            )
        )
    flat = [str(code) for code, constant in zip(normalised.columns, (low == high) & (len(values) > 1)) if constant]
    if flat:
        zh, en = _listed(flat)
        found.append(
            Caution(
                f"指标{zh}在各单位得分相同，对名次没有作用。",
                f"every unit scores the same on indicator {en}: it does not move the ranks.",
            )
        )
    return found


def about_scale(clipped: pd.Series, n_values: int, *, clip: bool = True) -> list[Caution]:
    """Values beyond either end of the scale."""
    total = int(clipped.sum())
    if not total:
        return []
    most = clipped[clipped > 0].sort_values(ascending=False, kind="stable")
    shown = [f"{code} ({count})" for code, count in most.items()]
    zh, en = (
        _listed(shown)[0],
        ", ".join(shown[:5]) + (f" and {len(shown) - 5} more" if len(shown) > 5 else ""),
    )
    fate = ("按端点计分", "count as its ends") if clip else ("未作截断", "stay there")
    return [
        Caution(
            f"{n_values}个值中有{total}个超出标尺两端，{fate[0]}：{zh}。",
            f"{total} of {n_values} values lie beyond the scale and {fate[1]}: {en}.",
        )
    ]


def about_floor(scores: pd.DataFrame, framework: Framework, method: Method) -> list[Caution]:
    """Values that a geometric or harmonic mean took in at the floor."""
    from vitality.index.kernels import plan_of

    values = scores.to_numpy(dtype=float)
    low = sum(
        int((values[:, step.children] < method.floor).sum())
        for step in plan_of(framework, method.aggregation).steps
        if step.mean in FLOORED
    )
    if not low:
        return []
    return [
        Caution(
            f"有{low}个值低于{method.floor:g}分，在几何、调和或幂平均中按{method.floor:g}分计。",
            f"{low} values below {method.floor:g} were raised to it in a geometric, harmonic or power mean.",
        )
    ]


def about_idle(weights: pd.DataFrame) -> list[Caution]:
    """Nodes that weigh 0."""
    idle = [str(code) for code, weight in weights["local"].items() if weight == 0]
    if not idle:
        return []
    zh, en = _listed(idle)
    return [Caution(f"{zh}的权重为0，不计入指数。", f"{en} weighs 0 and does not count in the index.")]


def about_rounds(method: Method, rounds: int) -> list[Caution]:
    """Several rounds that each have a scale of their own."""
    if rounds < 2 or method.reference != "each":
        return []
    return [
        Caution(
            "各轮使用各自的标尺，轮次之间的得分不可比。",
            "every round has a scale of its own, so that scores of different rounds cannot be compared.",
        )
    ]


def about_coverage(coverage: pd.DataFrame, root: str, minimum: float) -> list[Caution]:
    """Units that get no index because too little of them was observed."""
    short = coverage.index[~enough(coverage[root].to_numpy(), minimum)]
    if not len(short):
        return []
    several = len(coverage.index.get_level_values("round").unique()) > 1
    names = [f"{unit} ({name})" if several else str(unit) for unit, name in short]
    zh, en = _listed(names)
    return [
        Caution(
            f"有数据的指标不足{minimum:.0%}，不计算指数：{zh}。",
            f"fewer than {minimum:.0%} of the indicators were observed, so that there is no index for {en}.",
        )
    ]
