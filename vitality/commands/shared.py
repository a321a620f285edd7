"""What commands share: options, the round that is meant, the evaluated round, tables on screen or in a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vitality.bilingual import BilingualCommand, option, say, tell

if TYPE_CHECKING:
    import pandas as pd

    from vitality.report.evaluation import Evaluation

LATEST = "latest"


def command(*, help: str) -> Any:
    """Declare a command with help in two languages."""
    return click.command(cls=BilingualCommand, help=help)


lang_option = option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    expose_value=False,
    help="提示语言：zh 中文，en 英文（默认随系统语言）。 | Language of messages: zh or en (default: the locale's).",
)
round_argument = click.argument("round_folder", metavar="[ROUND]", default=LATEST)
framework_option = option(
    "--framework",
    help="框架名称或文件，默认用本轮 round.yaml 指定的框架。 | Framework name or file; default: the one named "
    "in the round's round.yaml.",
)
output_option = option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    help="把结果写入 .csv 或 .xlsx 文件。 | Write the table to a .csv or .xlsx file.",
)
weighting_option = option(
    "--weighting",
    default="auto",
    help="权重：auto、combined、ahp、entropy、framework。 | Weights: auto, combined, ahp, entropy, framework.",
)
seed_option = option("--seed", default=2024, show_default=True, help="随机种子。 | Random seed.")


def of_a_round(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the argument and the options that evaluating a round takes."""
    for decorate in (lang_option, output_option, weighting_option, framework_option, round_argument):
        command = decorate(command)
    return command


def chosen(ctx: click.Context, round_folder: str) -> Path:
    """Find the round folder that the user names, or the latest one."""
    from vitality.survey import find_round, latest_round

    if round_folder != LATEST:
        return find_round(round_folder)
    folder = latest_round()
    tell(ctx, f"轮次：{folder} | round: {folder}")
    return folder


def evaluated(ctx: click.Context, round_folder: str, framework: str | None, weighting: str) -> Evaluation:
    """Go the road for a round, with progress."""
    from vitality.report.evaluation import evaluate_round

    folder = chosen(ctx, round_folder)
    return evaluate_round(
        folder, framework=framework, weighting=weighting, progress=lambda zh, en: tell(ctx, f"{zh} | {en}")
    )


def show(ctx: click.Context, table: pd.DataFrame, output: Path | None) -> None:
    """Print a table, or write it where the user asks."""
    from vitality.report.tables import table_text, write_table

    if output is None:
        click.echo(table_text(table))
    else:
        write_table(table, output)
        say(ctx, f"已写入 {output} | wrote {output}")


def project_folder(start: Path) -> Path:
    """Find the project that a folder belongs to: the nearest one above with ``data/rounds`` in it."""
    home = start.resolve()
    return next((above for above in (home, *home.parents) if (above / "data" / "rounds").is_dir()), Path.cwd())
