"""Commands on results: weights, index, resources."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from vitality.bilingual import lang_of, option, pick, tell
from vitality.commands.shared import command, evaluated, of_a_round, seed_option, show

if TYPE_CHECKING:
    import pandas as pd

    from vitality.report.evaluation import Evaluation


@command(
    help="计算权重：层次分析法、熵权法及其组合，附一致性。 | Compute weights: AHP, entropy and combined, with consistency."
)
@of_a_round
@click.pass_context
def weights(ctx: click.Context, round_folder: str, framework: str | None, weighting: str, output: Path | None) -> int:
    """Show the weights of a round."""
    from vitality.report import tables

    found = evaluated(ctx, round_folder, framework, weighting)
    deliver(ctx, tables.weights_table(found, lang=lang_of(ctx)), found, output)
    if output is None and found.weights.hierarchy is not None:
        show(ctx, tables.consistency_table(found, lang=lang_of(ctx)), None)
    for zh, en in found.weights.notes:
        tell(ctx, f"! {zh} | ! {en}")
    return 0


@command(help="计算活力指数、排名和等级。 | Compute the vitality index, ranks and grades.")
@of_a_round
@click.pass_context
def index(ctx: click.Context, round_folder: str, framework: str | None, weighting: str, output: Path | None) -> int:
    """Show the index of a round."""
    from vitality.report import tables

    found = evaluated(ctx, round_folder, framework, weighting)
    deliver(ctx, tables.ranking_table(found, lang=lang_of(ctx)), found, output)
    for warning in found.result.warning_texts(lang_of(ctx)):
        click.echo(f"! {warning}", err=True)
    return 0


@command(
    help="活力与人员、经费、场所的关联（置换检验；整组 Holm 校正，逐项 Benjamini–Hochberg）。"
    " | Association of vitality with staffing, funding and venues (permutation tests; Holm over the blocks, "
    "Benjamini-Hochberg over each resource)."
)
@of_a_round
@seed_option
@option(
    "--allow-coupled",
    is_flag=True,
    help="强行计算同源变量的关联，结果会注明。 | Compute coupled associations all the same; the output says so.",
)
@click.pass_context
def resources(
    ctx: click.Context,
    round_folder: str,
    framework: str | None,
    weighting: str,
    seed: int,
    allow_coupled: bool,
    output: Path | None,
) -> int:
    """Show how resources go with vitality."""
    from vitality.report import tables, wording
    from vitality.report.evaluation import block_associations, resource_associations

    found, lang = evaluated(ctx, round_folder, framework, weighting), lang_of(ctx)
    blocks = block_associations(found, seed=seed, allow_coupled=allow_coupled, lang=lang)
    rows = resource_associations(found, seed=seed, allow_coupled=allow_coupled, lang=lang)
    deliver(ctx, tables.association_table(tables.stacked(blocks, rows), found, lang=lang), found, output)
    if output is None:
        click.echo(wording.resources_text(found, blocks, rows, lang).replace("**", ""))
        click.echo(wording.refusals(rows, found, lang))
    return 0


def deliver(ctx: click.Context, table: pd.DataFrame, found: Evaluation, output: Path | None) -> None:
    """Show a result with its notices above it; in a file each row carries the short notice."""
    from vitality.report import wording

    lang = lang_of(ctx)
    if output is None:
        click.echo("\n".join(wording.notices(found, lang)))
    else:
        table = table.assign(**{pick("标注 | Notice", lang): wording.running_notice(found, lang)})
    show(ctx, table, output)
