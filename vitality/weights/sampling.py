"""How sure the experts' weights are: the same weights from other experts, or from other judgements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from vitality.errors import JudgementError, MethodError, some, some_zh
from vitality.weights.cautions import Caution, CautionedResult
from vitality.weights.experts.aggregation import mean_logs
from vitality.weights.experts.group import group_weights
from vitality.weights.hierarchy import hierarchy_groups
from vitality.weights.kernels import prioritise
from vitality.weights.naming import inner_nodes
from vitality.weights.options import choose, number

if TYPE_CHECKING:
    from vitality.framework import Framework, Lang
    from vitality.weights.experts.group_result import GroupResult
    from vitality.weights.kernels import Floats

__all__ = ["WeightSamples", "sample_weights", "weight_intervals"]

_TRIES = 200
#: From so many experts on the bootstrap goes without a caution.
FEW_EXPERTS = 5


@dataclass(frozen=True, eq=False, repr=False)
class WeightSamples(CautionedResult):
    """Weights as they would have come out with other experts or other judgements.

    Attributes
    ----------
    local, overall : DataFrame, shape (n_samples, n_nodes)
        Local and global weights, one row a replicate; columns as the index of `hierarchy_weights`. For a
        single panel, without a framework, the columns are the items and both are the same.
    nominal : DataFrame, shape (n_nodes, 2)
        ``local`` and ``global`` weights as they are.
    groups : mapping
        The results of `group_weights` that were sampled around, by node.
    recipe : mapping
        What was resampled, how often, with which seed.
    cautions : tuple of Caution
        Where the experts are too few to be drawn again.
    """

    local: pd.DataFrame
    overall: pd.DataFrame
    nominal: pd.DataFrame
    groups: Mapping[object, GroupResult]
    recipe: Mapping[str, object]
    cautions: tuple[Caution, ...] = ()

    def sentence(self, lang: Lang = "zh", *, level: float = 0.90) -> str:
        """One sentence for a report: what was resampled, and the widest interval."""
        table = weight_intervals(self, level=level)
        table = table[table["global"] < 1 - 1e-12]
        wide = str((table["global_high"] - table["global_low"]).idxmax()) if len(table) else ""
        draws, share = len(self.local), f"{100 * level:.0f}%"
        experts = self.recipe["resample"] == "experts"
        if not wide:
            return "只有一项要素，权重恒为 1。" if lang == "zh" else "A single item: its weight is always 1."
        low, high = table.set_axis(table.index.map(str)).loc[wide, ["global_low", "global_high"]]
        if lang == "zh":
            how = f"对专家重抽样 {draws} 次" if experts else f"按专家组的离散程度模拟判断 {draws} 次"
            return f"{how}，{share} 区间最宽的是 {wide}：全局权重 {low:.3f} 至 {high:.3f}。"
        how = "resamples of the experts" if experts else "draws of the judgements"
        return (
            f"From {draws} {how}, the widest {share} interval is that of {wide}: global weight {low:.3f} to {high:.3f}."
        )

    def _repr_html_(self) -> str:
        return (
            weight_intervals(self).to_html(float_format="{:.4f}".format)
            + self._sentences_html()
            + self._cautions_html()
        )


def sample_weights(
    judgements: Any,
    framework: Framework | None = None,
    *,
    resample: Literal["experts", "judgements"] = "experts",
    spread: Literal["mean", "expert"] | float = "mean",
    n: int = 2000,
    seed: int,
    **options: Any,
) -> WeightSamples:
    """Draw the weights again and again, from other experts or from other judgements.

    Parameters
    ----------
    judgements
        With a framework: as in `hierarchy_weights`. Without: one panel, as in `group_weights`.
    framework : Framework, optional
    resample : {"experts", "judgements"}
        ``experts``: the bootstrap; as many experts are drawn with replacement as there are, the same for all nodes,
        and each keeps the weight that the policy gave. ``judgements``: Monte Carlo; every judgement of the
        group is log-normal around its geometric mean, with the spread of the panel.
    spread : {"mean", "expert"} or float
        Only for ``judgements``. ``mean``: the geometric standard error of the panel's mean; ``expert``: the geometric
        standard deviation over the experts, that is, how one more expert might judge; a number: a geometric
        standard deviation of 1 or more for all judgements, as for a single expert.
    n : int
        Number of replicates.
    seed : int
    **options
        Those of `group_weights`.

    Returns
    -------
    WeightSamples
        `weight_intervals` makes the table of it.

    Raises
    ------
    JudgementError
        As `hierarchy_weights`; if too few experts judged a node for a spread.
    MethodError
        If an option is not among its choices.

    Notes
    -----
    Replicates in which some node would have no expert are drawn again. All replicates of a node are computed in one
    step; the result depends on the seed alone.

    Examples
    --------
    >>> panel = np.array([[[1, a], [1 / a, 1]] for a in (1, 2, 3, 4, 6)])
    >>> samples = sample_weights(panel, n=500, seed=1)
    >>> weight_intervals(samples)[["global", "global_low", "global_high"]].round(2)
          global  global_low  global_high
    item
    0       0.73        0.62         0.81
    1       0.27        0.19         0.38
    """
    choose("resample", resample, ("experts", "judgements"))
    if isinstance(spread, str):
        choose("spread", spread, ("mean", "expert"))
    else:
        number(
            "spread",
            spread,
            lambda factor: 1 <= factor < np.inf,
            "'mean', 'expert' or a geometric standard deviation of 1 or more",
            " 'mean'、'expert' 或不小于 1 的几何标准差",
        )
    number("n", n, lambda count: count >= 1 and count % 1 == 0, "a number of replicates, such as 2000", "重复次数")
    number("seed", seed, lambda key: key >= 0 and key % 1 == 0, "a whole number of 0 or more", "不小于 0 的整数")
    groups: dict[Any, GroupResult] = (
        {None: group_weights(judgements, **options)}
        if framework is None
        else dict(hierarchy_groups(judgements, framework, **options))
    )
    generator = np.random.default_rng(seed)
    if resample == "experts":
        drawn = _by_experts(groups, n, generator)
    else:
        drawn = {node: _by_judgements(found, n, generator, spread) for node, found in groups.items()}
    recipe: dict[str, object] = {"resample": resample, "n": int(n), "seed": seed}
    if resample == "judgements":
        recipe["spread"] = spread
    nominal = {node: found.values[None] for node, found in groups.items()}
    local, overall = _down_the_tree(drawn, groups, framework)
    table = pd.concat([part.iloc[0] for part in _down_the_tree(nominal, groups, framework)], axis=1)
    table.columns = pd.Index(["local", "global"])
    cautions = _too_few(groups) if resample == "experts" else ()
    return WeightSamples(local, overall, table, groups, recipe, cautions)


def weight_intervals(samples: WeightSamples, *, level: float = 0.90) -> pd.DataFrame:
    """Percentile intervals of every local and global weight.

    Parameters
    ----------
    samples : WeightSamples
        From `sample_weights`.
    level : float
        Share of the replicates inside, between 0 and 1.

    Returns
    -------
    DataFrame, one row a node
        ``local``, ``local_low``, ``local_high``, ``global``, ``global_low``, ``global_high``: the weight as it is and
        the bounds of its interval.

    Raises
    ------
    MethodError
        If the level is not between 0 and 1.
    """
    if not isinstance(samples, WeightSamples):
        raise MethodError(
            f"samples: found {type(samples).__name__}; expected what sample_weights gives.",
            zh=f"samples：给出的是 {type(samples).__name__}；应为 sample_weights 的结果。",
        )
    number(
        "level",
        level,
        lambda share: 0 < share < 1,
        "a share between 0 and 1, such as 0.90",
        " 0 与 1 之间的数，如 0.90",
    )
    bounds = [(1 - level) / 2, (1 + level) / 2]
    columns: dict[str, object] = {}
    for name, drawn in (("local", samples.local), ("global", samples.overall)):
        low, high = np.quantile(drawn.to_numpy(), bounds, axis=0)
        columns |= {name: samples.nominal[name].to_numpy(), f"{name}_low": low, f"{name}_high": high}
    return pd.DataFrame(columns, index=samples.nominal.index)


def _too_few(groups: Mapping[Any, GroupResult]) -> tuple[Caution, ...]:
    few = {node: found.n_experts for node, found in groups.items() if found.n_experts < FEW_EXPERTS}
    if not few:
        return ()
    zh = "、".join(
        f"{node} 处 {count} 位" if node is not None else f"{count} 位" for node, count in list(few.items())[:5]
    )
    en = ", ".join(f"{count} at {node}" if node is not None else str(count) for node, count in list(few.items())[:5])
    return (
        Caution(
            f"专家少于 {FEW_EXPERTS} 位（{zh}）：重抽样得到的区间偏窄，只有一位时没有意义。可改用 "
            "resample='judgements' 并给出 spread。",
            f"fewer than {FEW_EXPERTS} experts ({en}): intervals from drawing them again are too narrow, and mean "
            "nothing for a single one. Use resample='judgements' with a spread.",
        ),
    )


def _by_experts(groups: Mapping[Any, GroupResult], n: int, generator: np.random.Generator) -> dict[Any, Floats]:
    """Weights of every node with the experts drawn again, shape (n, n_items) each."""
    names = pd.Index(list(dict.fromkeys(name for found in groups.values() for name in found.panel.experts)))
    present = {node: names.get_indexer(found.panel.experts[found.shares > 0]) for node, found in groups.items()}
    counts = np.zeros((n, len(names)), dtype=int)
    open_rows = np.arange(n)
    for _ in range(_TRIES):
        counts[open_rows] = generator.multinomial(len(names), np.full(len(names), 1 / len(names)), size=len(open_rows))
        bare = np.zeros(n, dtype=bool)
        for columns in present.values():
            bare |= counts[:, columns].sum(axis=1) == 0
        open_rows = np.flatnonzero(bare)
        if not len(open_rows):
            break
    else:
        raise JudgementError(
            "the experts are too few at some nodes to be drawn again. Use resample='judgements', or ask more experts.",
            zh="部分节点的专家太少，无法重抽样。请改用 resample='judgements'，或增加专家。",
        )
    drawn = {}
    for node, found in groups.items():
        kept = found.shares > 0
        shares = counts[:, present[node]] * found.shares[kept]
        shares = shares / shares.sum(axis=1, keepdims=True)
        drawn[node] = _weights_of_shares(found, kept, shares)
    return drawn


def _weights_of_shares(found: GroupResult, kept: np.ndarray, shares: Floats) -> Floats:
    if found.recipe["aggregation"] == "judgements":
        logs = mean_logs(found.standing.stack[kept], shares)
        logs = np.where(np.isnan(logs), np.log(found.group), logs)  # nobody drawn judged it: the group's value stays
        return prioritise(np.exp(logs), method=str(found.recipe["method"])).weights
    own = found.standing.weights[kept]
    if found.recipe["aggregation"] == "priorities":
        return shares @ own
    mean = np.exp(shares @ np.log(own))
    return mean / mean.sum(axis=1, keepdims=True)


def _by_judgements(found: GroupResult, n: int, generator: np.random.Generator, spread: str | float) -> Floats:
    """Weights with the judgements of the group drawn around their means, shape (n, n_items)."""
    if found.recipe["aggregation"] != "judgements":
        raise MethodError(
            "resample='judgements' draws the judgements of the group; it needs aggregation='judgements'. "
            "Use resample='experts'.",
            zh="resample='judgements' 对群体判断抽样，需要 aggregation='judgements'。请改用 resample='experts'。",
        )
    size = len(found.panel.items)
    rows, columns = np.triu_indices(size, 1)
    if isinstance(spread, str):
        deviation = np.log(found.spread.to_numpy()[rows, columns])
        bare = np.flatnonzero(np.isnan(deviation))
        if len(bare):
            pairs = [(found.panel.items[rows[k]], found.panel.items[columns[k]]) for k in bare[:5]]
            raise JudgementError(
                f"node {found.node!r}: fewer than two experts judged {some(pairs)}, so that the panel has no spread "
                "there. Give one, such as spread=1.2.",
                zh=f"节点 {found.node!r}：{some_zh(pairs)} 只有不足两位专家判断，没有离散程度可用。请给出一个，如 "
                "spread=1.2。",
            )
        if spread == "mean":
            deviation = deviation * np.sqrt((found.shares**2).sum())
    else:
        deviation = np.full(len(rows), np.log(spread))
    upper = np.log(found.group)[rows, columns] + deviation * generator.standard_normal((n, len(rows)))
    logs = np.zeros((n, size, size))
    logs[:, rows, columns], logs[:, columns, rows] = upper, -upper
    return prioritise(np.exp(logs), method=str(found.recipe["method"])).weights


def _down_the_tree(
    drawn: Mapping[Any, Floats], groups: Mapping[Any, GroupResult], framework: Framework | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Local and global weights from the weights of every node's children."""
    if framework is None:
        table = pd.DataFrame(drawn[None], columns=groups[None].panel.items.rename("item"))
        return table, table
    one = np.ones(len(next(iter(drawn.values()), np.ones((1, 1)))))
    local, overall = {framework.root: one}, {framework.root: one}
    for node in inner_nodes(framework):
        for k, child in enumerate(framework.children(node)):
            local[child] = drawn[node][:, k] if node in drawn else one
            overall[child] = overall[node] * local[child]
    nodes = pd.Index(framework.nodes, name="node")
    return pd.DataFrame(local)[nodes].set_axis(nodes, axis=1), pd.DataFrame(overall)[nodes].set_axis(nodes, axis=1)
