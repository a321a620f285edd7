"""Commands on how sure a result is: other choices, other rounds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from vitality.bilingual import lang_of, option, pick, say, tell
from vitality.commands.results import deliver
from vitality.commands.shared import (
    chosen,
    command,
    evaluated,
    framework_option,
    lang_option,
    of_a_round,
    output_option,
    seed_option,
    weighting_option,
)

if TYPE_CHECKING:
    import pandas as pd

    from vitality.framework import Lang
    from vitality.report.evaluation import Evaluation

#: What is varied beside the weights.
CHOICES = {"aggregation": ["arithmetic", "geometric"], "normalisation": ["goalposts", "rank"]}
STATUS = {
    "same": "",
    "merged": "合并 | merged",
    "appeared": "新增 | appeared",
    "vanished": "消失 | vanished",
    "unscored": "缺数据 | too little data",
}


@command(
    help="名次有多稳：同时变动权重、合成与归一化方法，给出各单位名次的区间。"
    " | How sure the ranks are: intervals over other weights, means and scales."
)
@of_a_round
@seed_option
@option(
    "--n",
    "replicates",
    type=click.IntRange(min=1),
    default=2000,
    show_default=True,
    help="重复次数。 | Number of replicates.",
)
@option(
    "--noise",
    type=click.FloatRange(0, 1),
    default=0.25,
    show_default=True,
    help="权重的相对变动幅度。 | Relative noise on the weights.",
)
@option(
    "--level",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.90,
    show_default=True,
    help="区间的水平。 | Level of the intervals.",
)
@option("--weights-only", is_flag=True, help="只变动权重。 | Vary the weights alone.")
@option("--workers", type=click.IntRange(min=1), default=1, show_default=True, help="并行线程数。 | Number of threads.")
@option("--scheduler", help="Dask 调度器地址，用集群计算。 | Address of a Dask scheduler that runs the work.")
@click.pass_context
def robustness(
    ctx: click.Context,
    round_folder: str,
    framework: str | None,
    weighting: str,
    seed: int,
    replicates: int,
    noise: float,
    level: float,
    weights_only: bool,
    workers: int,
    scheduler: str | None,
    output: Path | None,
) -> int:
    """Show the interval of every rank."""
    from vitality.analysis import monte_carlo, rank_intervals, sample_inputs

    found = evaluated(ctx, round_folder, framework, weighting)
    choices = None if weights_only else CHOICES
    tell(ctx, f"重复合成指数 {replicates} 次 | building the index {replicates} times")
    design = sample_inputs(found.result, replicates, seed=seed, weight_noise=noise, choices=choices)
    mc = monte_carlo(found.result, design, workers=workers, scheduler=scheduler)
    deliver(ctx, _interval_table(rank_intervals(mc, level=level), found, lang_of(ctx)), found, output)
    varied = "" if weights_only else "，合成（算术、几何）和归一化（标尺、名次）"
    also = "" if weights_only else ", the mean (arithmetic, geometric) and the scale (goalposts, ranks)"
    say(
        ctx,
        f"变动：权重 ±{noise:.0%}{varied}；{level:.0%} 区间，{replicates} 次，种子 {seed}"
        f" | varied: weights ±{noise:.0%}{also}; {level:.0%} intervals, {replicates} replicates, seed {seed}",
    )
    return 0


@command(
    help="比较两轮或多轮：各单位指数的变化及各维度的贡献。ROUNDS 按时间先后给出。"
    " | Compare rounds: each unit's change, split into the parts of the dimensions. Give ROUNDS in order of time."
)
@click.argument("round_folders", metavar="ROUNDS...", nargs=-1, required=True)
@framework_option
@weighting_option
@option(
    "--level",
    default="dimension",
    show_default=True,
    help="按哪一层级分解：dimension、group、indicator。 | Level to split by: dimension, group or indicator.",
)
@option(
    "--crosswalk",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="更名或合并单位的对照表（csv：old,new,weight）。 | Units renamed or merged (csv: old,new,weight).",
)
@output_option
@lang_option
@click.pass_context
def compare(
    ctx: click.Context,
    round_folders: tuple[str, ...],
    framework: str | None,
    weighting: str,
    level: str,
    crosswalk: Path | None,
    output: Path | None,
) -> int:
    """Show what changed between rounds."""
    from vitality.analysis import compare_rounds
    from vitality.report.several_rounds import evaluate_rounds

    last, result = evaluate_rounds(
        [chosen(ctx, folder) for folder in round_folders],
        framework=framework,
        weighting=weighting,
        progress=lambda zh, en: tell(ctx, f"{zh} | {en}"),
    )
    table = compare_rounds(result, level=level, crosswalk=None if crosswalk is None else _moves(crosswalk))
    deliver(ctx, _change_table(table, last, lang_of(ctx)), last, output)
    say(
        ctx,
        "各轮使用末轮的框架和权重；各部分之和等于指数的变化。"
        " | All rounds have the framework and the weights of the last one; the parts sum to the change of the index.",
    )
    return 0


def _moves(path: Path) -> pd.DataFrame:
    """Read a crosswalk as Excel writes it, in UTF-8 or in the Chinese code page."""
    import pandas as pd

    from vitality.errors import TableError

    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return pd.read_csv(path, encoding=encoding, dtype={"old": str, "new": str})
        except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError):
            continue
    raise TableError(
        f"{path.name}: not a csv table; expected the columns old, new and, if wanted, weight.",
        zh=f"{path.name}：不是 csv 表格，应有 old、new 两列，可另有 weight 列。",
    )


def _interval_table(intervals: pd.DataFrame, found: Evaluation, lang: Lang) -> pd.DataFrame:
    from vitality.report.wording import unit_name

    rows = intervals.droplevel("round").sort_values(["nominal", "median"]).astype({"nominal": "Int64"})
    table = rows[["nominal", "low", "median", "high"]].set_axis(
        [pick(text, lang) for text in ("名次 | Rank", "低 | Low", "中位 | Median", "高 | High")], axis=1
    )
    table.insert(1, pick("单位 | Unit", lang), [unit_name(found, str(unit)) for unit in rows.index])
    return table.reset_index(drop=True)


def _change_table(table: pd.DataFrame, found: Evaluation, lang: Lang) -> pd.DataFrame:
    """One row a unit and pair of rounds, one column a node."""
    import pandas as pd

    from vitality.report.wording import unit_name

    keys = ["unit", "from", "to"]
    first = table.drop_duplicates(keys).set_index(keys)
    compared = table.dropna(subset=["node"])
    parts = compared.pivot_table(index=keys, columns="node", values="part").reindex(first.index)
    order = [code for code in found.framework.nodes if code in parts.columns]
    names = found.survey.units.index
    columns = {
        "单位 | Unit": [unit_name(found, unit) if unit in names else unit for unit, _, _ in first.index],
        "从 | From": first.index.get_level_values("from"),
        "到 | To": first.index.get_level_values("to"),
        "之前 | Before": first["index_before"].array,
        "之后 | After": first["index_after"].array,
        "变化 | Change": first["change"].array,
        **{found.framework.label(code, lang): parts[code].array for code in order},
        "名次变化 | Rank before, after": [
            "" if pd.isna(old) or pd.isna(new) else f"{old}→{new}"
            for old, new in zip(first["rank_before"], first["rank_after"])
        ],
        "说明 | Note": [pick(STATUS[status], lang) if STATUS[status] else "" for status in first["status"]],
    }
    shown = pd.DataFrame({pick(name, lang) if " | " in name else name: values for name, values in columns.items()})
    return shown.sort_values(pick("变化 | Change", lang), ascending=False, kind="stable").reset_index(drop=True)
