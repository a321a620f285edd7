"""Commands on a round's forms: check and clean."""

from __future__ import annotations

from pathlib import Path

import click

from vitality.bilingual import lang_of, option, say, tell
from vitality.commands.shared import (
    chosen,
    command,
    framework_option,
    lang_option,
    output_option,
    round_argument,
    show,
)


@command(
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


@command(
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
    survey = prepare_round(folder, plan, progress=lambda zh, en: tell(ctx, f"{zh} | {en}"))
    rows = sum(len(table) for table in survey.answers.values())
    say(
        ctx,
        f"{folder / 'clean'}：{rows} 份答卷，修改 {len(survey.changes)} 处，问题 {len(survey.issues)} 条"
        f" | {folder / 'clean'}: {rows} answered forms, {len(survey.changes)} changes, {len(survey.issues)} issues",
    )
    return 0
