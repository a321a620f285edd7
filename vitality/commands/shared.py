"""What commands share: options, the round that is meant, the evaluated round, tables on screen or in a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vitality.bilingual import BilingualCommand, option, refuse, say, tell

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


def ending(*endings: str) -> Callable[[click.Context, click.Parameter, Path | None], Path | None]:
    """Give a check of a file to be written: its ending and its folder, before any work is done."""

    def check(ctx: click.Context, parameter: click.Parameter, path: Path | None) -> Path | None:
        if path is None:
            return None
        if path.suffix.lower() not in endings:
            refuse(
                ctx, f"{path}：后缀应为 {'、'.join(endings)} 之一。 | {path}: expected the ending {', '.join(endings)}."
            )
        if path.is_dir() or not path.parent.is_dir():
            refuse(
                ctx,
                f"{path}：没有文件夹 {path.parent}，或已有同名文件夹。请先新建文件夹或换一个名称。"
                f" | {path}: there is no folder {path.parent}, or a folder has that name. Make it, or choose another name.",
            )
        return path

    return check


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
    callback=ending(".csv", ".xlsx"),
    help="把结果写入 .csv 或 .xlsx 文件。 | Write the table to a .csv or .xlsx file.",
)
weighting_option = option(
    "--weighting",
    default="auto",
    help="权重：auto、combined、ahp、entropy、framework。 | Weights: auto, combined, ahp, entropy, framework.",
)
seed_option = option(
    "--seed", type=click.IntRange(min=0), default=2024, show_default=True, help="随机种子。 | Random seed."
)


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
