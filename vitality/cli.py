"""The command line: thin commands that parse, call the library and print tables.

Exit status: 0 done, 1 findings in the data (`check`), 2 the call or an input could not be used.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vitality.bilingual import (
    BilingualGroup,
    BilingualOption,
    lang_of,
    option,
    parameter_value,
    refuse,
    run,
    say,
    tell,
)  # fmt: skip
from vitality.errors import VitalityError

if TYPE_CHECKING:
    import pandas as pd

    from vitality.report.evaluation import Evaluation

LATEST = "latest"


def main(words: list[str] | None = None) -> None:
    """Run the command line and leave with its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    given = sys.argv[1:] if words is None else words
    sys.exit(run(vitality, given or ["--help"], errors=VitalityError, name="vitality"))


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


def of_a_round(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the argument and the options that evaluating a round takes."""
    for decorate in (lang_option, output_option, weighting_option, framework_option, round_argument):
        command = decorate(command)
    return command


seed_option = option("--seed", default=2024, show_default=True, help="随机种子。 | Random seed.")


@click.group(
    cls=BilingualGroup,
    help="基层红十字组织发展活力评价：从填报表到评价报告。\n"
    "ROUND 是轮次文件夹（如 data/rounds/2024），省略时取 data/rounds 中最新的一轮。"
    " | Development vitality of grassroots Red Cross organisations: from survey forms to a report.\n"
    "ROUND is a round folder (such as data/rounds/2024); without it the latest one in data/rounds is taken.",
)
@lang_option
@click.version_option(
    package_name="vitality", cls=BilingualOption, help="显示版本号并退出。 | Show the version and exit."
)
def vitality() -> None:
    """Collect the commands."""


@vitality.command(
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

    target = folder / round_name
    if target.exists() and any(target.iterdir()):
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


@vitality.command(
    help="查看评价框架，或写成 YAML、Excel 文件供修改。 | Show a framework, or write it as YAML or Excel to edit."
)
@click.argument("source", default="redcross")
@option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
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
    if output.suffix.lower() not in writers:
        refuse(ctx, f"{output}：请用 .yaml 或 .xlsx 作后缀。 | {output}: expected .yaml or .xlsx.")
    writers[output.suffix.lower()](output)
    say(ctx, f"已写入 {output} | wrote {output}")
    return 0


@vitality.command(
    help="核查一轮填报资料，列出问题；有错误或疑问时退出码为 1。"
    " | Check a round and list the findings; exit status 1 when there are errors or queries."
)
@round_argument
@framework_option
@output_option
@option(
    "--all",
    "everything",
    is_flag=True,
    help="列出全部问题（默认前 20 条）。 | List every finding (default: 20).",
)
@lang_option
@click.pass_context
def check(ctx: click.Context, round_folder: str, framework: str | None, output: Path | None, everything: bool) -> int:
    """Read and check a round."""
    from vitality.framework import read_framework
    from vitality.survey import check_round, read_round, round_settings

    folder = chosen(ctx, round_folder)
    plan = read_framework(framework or round_settings(folder).framework)
    issues = check_round(read_round(folder, plan), plan, lang=lang_of(ctx))
    counts = issues["severity"].value_counts()
    found = [int(counts.get(name, 0)) for name in ("error", "query", "note")]
    say(
        ctx,
        f"{folder}：错误 {found[0]} 条，疑问 {found[1]} 条，提示 {found[2]} 条"
        f" | {folder}: {found[0]} errors, {found[1]} queries, {found[2]} notes",
    )
    if output is not None:
        show(ctx, issues, output)
    else:
        serious = issues[issues["severity"] != "note"]
        for row in (issues if everything else serious.head(20)).itertuples():
            click.echo(f"[{row.severity}] {row.source} {row.question}: {row.message} {row.action}")
        if not everything and len(serious) > 20:
            say(
                ctx,
                f"……另有 {len(serious) - 20} 条，用 --all 查看 | ... and {len(serious) - 20} more, see --all",
            )
    return 1 if found[0] + found[1] else 0


@vitality.command(
    help="清洗一轮填报资料，写入 clean 文件夹和修改清单。 | Clean a round: write its folder 'clean' and the change log."
)
@round_argument
@framework_option
@lang_option
@click.pass_context
def clean(ctx: click.Context, round_folder: str, framework: str | None) -> int:
    """Clean a round."""
    from vitality.framework import read_framework
    from vitality.survey import prepare_round, round_settings

    folder = chosen(ctx, round_folder)
    plan = read_framework(framework or round_settings(folder).framework)
    survey = prepare_round(folder, plan)
    rows = sum(len(table) for table in survey.answers.values())
    say(
        ctx,
        f"{folder / 'clean'}：{rows} 份答卷，修改 {len(survey.changes)} 处，问题 {len(survey.issues)} 条"
        f" | {folder / 'clean'}: {rows} answered forms, {len(survey.changes)} changes, {len(survey.issues)} issues",
    )
    return 0


@vitality.command(
    help="计算权重：层次分析法、熵权法及其组合，附一致性。 | Compute weights: AHP, entropy and combined, with consistency."
)
@of_a_round
@click.pass_context
def weights(ctx: click.Context, round_folder: str, framework: str | None, weighting: str, output: Path | None) -> int:
    """Show the weights of a round."""
    from vitality.report import tables

    found = evaluated(ctx, round_folder, framework, weighting)
    show(ctx, tables.weights_table(found, lang=lang_of(ctx)), output)
    if output is None and found.weights.hierarchy is not None:
        show(ctx, tables.consistency_table(found, lang=lang_of(ctx)), None)
    return 0


@vitality.command(help="计算活力指数、排名和等级。 | Compute the vitality index, ranks and grades.")
@of_a_round
@click.pass_context
def index(ctx: click.Context, round_folder: str, framework: str | None, weighting: str, output: Path | None) -> int:
    """Show the index of a round."""
    from vitality.report import tables

    found = evaluated(ctx, round_folder, framework, weighting)
    show(ctx, tables.ranking_table(found, lang=lang_of(ctx)), output)
    for warning in found.result.warnings:
        click.echo(f"! {warning}", err=True)
    return 0


@vitality.command(
    help="活力与人员、经费、场所的关联（置换检验，Holm 校正）。"
    " | Association of vitality with staffing, funding and venues (permutation tests, Holm)."
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
    from vitality.report.evaluation import resource_associations

    found = evaluated(ctx, round_folder, framework, weighting)
    rows = resource_associations(found, seed=seed, allow_coupled=allow_coupled, lang=lang_of(ctx))
    show(ctx, tables.association_table(rows, found, lang=lang_of(ctx)), output)
    if output is None:
        click.echo(wording.refusals(rows, found, lang_of(ctx)))
    return 0


@vitality.command(help="生成并发布评价报告（网页、Word、PDF）。 | Publish the report of a round (HTML, Word, PDF).")
@round_argument
@option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    help="报告文件夹，默认 reports/<轮次>。 | Folder of the report; default reports/<round>.",
)
@option("--format", "formats", multiple=True, default=("html", "docx", "pdf"), show_default=True,
        help="格式，可重复给出。 | Format, may be given several times.")  # fmt: skip
@option("--parameter", "-p", "parameters", nargs=2, multiple=True, metavar="NAME VALUE",
        help="报告笔记本的参数。 | A parameter of the report notebook.")  # fmt: skip
@option(
    "--lang",
    "report_lang",
    type=click.Choice(["zh", "en", "both"]),
    help="报告语言；both 同时出中英文。 | Language of the report; both gives Chinese and English.",
)
@click.pass_context
def report(
    ctx: click.Context,
    round_folder: str,
    output: Path | None,
    formats: tuple[str, ...],
    parameters: tuple[tuple[str, str], ...],
    report_lang: str | None,
) -> int:
    """Execute the report notebook and publish what it gives."""
    from vitality.report import render_report

    folder = chosen(ctx, round_folder)
    target = output or project_folder(folder) / "reports" / folder.name
    lang = ("zh", "en") if report_lang == "both" else (report_lang or lang_of(ctx))
    done = render_report(
        folder,
        target,
        lang=lang,
        formats=formats,
        parameters={name: parameter_value(value) for name, value in parameters},
        progress=lambda zh, en: tell(ctx, f"{zh} | {en}"),
    )
    for path in done.files:
        click.echo(str(path))
    say(ctx, f"已发布，用时 {done.seconds:.1f} 秒 | published in {done.seconds:.1f} s")
    return 0


@vitality.command(help="打开 JupyterLab（中文界面）和教学笔记本。 | Open JupyterLab on the notebooks.")
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@lang_option
@click.pass_context
def lab(ctx: click.Context, folder: Path | None) -> int:
    """Start JupyterLab with the language of the run; no news question, nothing fetched from outside."""
    from vitality.lab import open_lab

    return open_lab(folder or project_folder(Path.cwd()) / "notebooks", lang=lang_of(ctx))


# ---------------------------------------------------------------------------------- what commands share


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
