"""Commands before and around a round: an example to try, the framework, JupyterLab."""

from __future__ import annotations

from pathlib import Path

import click

from vitality.bilingual import lang_of, option, refuse, say
from vitality.commands.shared import (
    command,
    ending,
    lang_option,
    project_folder,
    seed_option,
    show,
)


@command(
    help="生成一轮模拟数据（虚构街镇），用于试用和培训。 | Write a simulated round (invented towns) to try and teach with."
)
@click.argument("folder", type=click.Path(path_type=Path))
@option("--round", "round_name", default="2024", show_default=True, help="轮次名称。 | Name of the round.")
@option("--towns", default=24, show_default=True, help="街镇数。 | Number of towns.")
@option("--organisations", default=480, show_default=True, help="基层组织数。 | Number of organisations.")
@seed_option
@lang_option
@click.pass_context
def example(ctx: click.Context, folder: Path, round_name: str, towns: int, organisations: int, seed: int) -> int:
    """Simulate a round and write its folder."""
    from vitality.datasets import simulate_round

    if round_name in ("", ".", "..") or set(round_name) & set('/\\:*?"<>|'):
        refuse(
            ctx,
            f"轮次名称 {round_name!r} 不能作文件夹名。请用 2024 这样的名称。"
            f" | round {round_name!r} cannot name a folder. Choose a name such as 2024.",
        )
    target = folder / round_name
    if target.is_dir() and any(target.iterdir()):
        refuse(
            ctx,
            f"{target} 已有文件，不会覆盖。请换一个文件夹。"
            f" | {target} already holds files and is left alone. Choose another folder.",
        )
    simulate_round(towns=towns, organisations=organisations, seed=seed, round=round_name).write(target)
    say(
        ctx,
        f"已写入模拟轮次 {target}（模拟数据，街镇为虚构）。下一步：vitality check {target}"
        f" | Wrote the simulated round {target} (invented towns). Next: vitality check {target}",
    )
    return 0


@command(help="查看评价框架，或写成 YAML、Excel 文件供修改。 | Show a framework, or write it as YAML or Excel to edit.")
@click.argument("source", default="redcross")
@option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    callback=ending(".yaml", ".yml", ".xlsx"),
    help="写入 .yaml 或 .xlsx 文件。 | Write a .yaml or .xlsx file.",
)
@lang_option
@click.pass_context
def framework(ctx: click.Context, source: str, output: Path | None) -> int:
    """Show or write a framework."""
    from vitality.framework import read_framework

    plan = read_framework(source)
    lang = lang_of(ctx)
    if output is None:
        say(ctx, "\n".join(filter(None, (plan.title(lang), plan.notice(lang)))))
        name = f"name_{lang}"
        columns = [name, "level", "unit", "direction", "weight", "global_weight", "worst", "best"]
        show(ctx, plan.table(lang)[columns].rename(columns={name: "name"}), None)
        return 0
    writers = {".yaml": plan.to_yaml, ".yml": plan.to_yaml, ".xlsx": plan.to_workbook}
    writers[output.suffix.lower()](output)
    say(ctx, f"已写入 {output} | wrote {output}")
    return 0


@command(help="打开 JupyterLab（中文界面）和教学笔记本。 | Open JupyterLab on the notebooks.")
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@lang_option
@click.pass_context
def lab(ctx: click.Context, folder: Path | None) -> int:
    """Start JupyterLab with the language of the run; no news question, nothing fetched from outside."""
    from vitality.lab import open_lab

    place = folder or project_folder(Path.cwd()) / "notebooks"
    if not place.is_dir():
        refuse(
            ctx,
            f"没有文件夹 {place}。教学笔记本随项目源码提供，不在安装包里；请指明要打开的文件夹，例如 vitality lab ."
            f" | there is no folder {place}. The notebooks come with the project's source, not with the package; "
            "name a folder to open, such as vitality lab .",
        )
    return open_lab(place, lang=lang_of(ctx))
