"""Commands on a round's forms: write, check and clean them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from vitality.bilingual import lang_of, option, refuse, say, tell
from vitality.commands.shared import (
    chosen,
    command,
    framework_option,
    lang_option,
    output_option,
    round_argument,
    show,
)

if TYPE_CHECKING:
    import pandas as pd

    from vitality.framework import Framework


SIMULATED = (
    "模拟数据：街镇为虚构，不反映任何真实单位。 | SIMULATED DATA: invented towns; no real unit is described.",
    "模拟数据 SIMULATED",
)


@command(
    help="写出下发的填报表、问卷和专家判断表（Excel）。 | Write the forms to send: questionnaires and the experts' workbook."
)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@option("--framework", default="redcross", show_default=True, help="框架名称或文件。 | Framework name or file.")
@option(
    "--units",
    help="单位名称，用逗号隔开；或轮次文件夹，取其 round.yaml 中的名单。 | Units, separated by commas; or a round folder, whose round.yaml lists them.",
)
@lang_option
@click.pass_context
def forms(ctx: click.Context, folder: Path, framework: str, units: str | None) -> int:
    """Write the forms of a framework."""
    from vitality.framework import read_framework
    from vitality.sending import write_forms

    written = write_forms(read_framework(framework), folder, units=_units(units), lang=lang_of(ctx))
    say(ctx, f"{folder}：写入 {len(written)} 个文件 | {folder}: wrote {len(written)} files")
    return 0


def _units(given: str | None) -> pd.DataFrame | list[str] | None:
    """Units as the user names them: in words, or by a round folder."""
    import pandas as pd

    from vitality.survey import round_settings

    if not given:
        return None
    if Path(given).is_dir():
        listed = round_settings(given).units
        return pd.DataFrame({"name": list(listed), "group": list(listed.values())}) if listed else None
    return [name.strip() for name in given.replace("，", ",").replace("、", ",").split(",") if name.strip()]


def _framework(folder: Path, name: str | None) -> Framework:
    """The framework that the user names, or that of the round."""
    from vitality.framework import read_framework
    from vitality.survey import round_framework

    return read_framework(name) if name else round_framework(folder)


def _suggest(ctx: click.Context, folder: Path, plan: Framework) -> int:
    """Write a proposal for a mapping and tell how sure it is."""
    from vitality.survey import suggest_mapping, write_suggestions

    found = suggest_mapping(folder, plan)
    if not found:
        say(ctx, "所有文件都能读入，不需要对应表 | every file can be read; no mapping is needed")
        return 0
    for item in found:
        asked = len(plan.instrument(item.instrument).questions)
        mean = item.total / len(item.questions)
        say(
            ctx,
            f"{item.file}：对应 {len(item.questions)}/{asked} 题，平均 {mean:.0f} 分"
            f" | {item.file}: {len(item.questions)} of {asked} questions, mean score {mean:.0f}",
        )
    path = write_suggestions(found, folder, plan)
    say(ctx, f"已写入 {path}，核对后改名为 mapping.yaml | wrote {path}; check it and rename it to mapping.yaml")
    return 0


@command(
    help="核查一轮填报资料，列出问题；有错误或疑问时退出码为 1。"
    " | Check a round and list the findings; exit status 1 when there are errors or queries."
)
@round_argument
@framework_option
@output_option
@option(
    "--suggest-mapping",
    "suggest",
    is_flag=True,
    help="为街镇自制的表格建议对应表，写入 mapping.suggested.yaml。 | Propose a mapping for workbooks that towns made: mapping.suggested.yaml.",
)
@option(
    "--mark",
    type=click.Path(path_type=Path, file_okay=False),
    help="把有问题的表格标色后写入该文件夹，可退回街镇。 | Write the forms in question, coloured, into this folder, to be sent back.",
)
@option(
    "--all",
    "everything",
    is_flag=True,
    help="列出全部问题（默认前 20 条）。 | List every finding (default: 20).",
)
@lang_option
@click.pass_context
def check(
    ctx: click.Context,
    round_folder: str,
    framework: str | None,
    output: Path | None,
    suggest: bool,
    mark: Path | None,
    everything: bool,
) -> int:
    """Read and check a round."""
    from vitality.survey import check_round, corrected_round, read_round, write_findings
    from vitality.survey.rules import SEVERITY_NAMES

    folder = chosen(ctx, round_folder)
    plan = _framework(folder, framework)
    if suggest:
        return _suggest(ctx, folder, plan)
    raw, corrected = corrected_round(read_round(folder, plan, strict=False))
    issues = check_round(raw, plan, lang=lang_of(ctx))
    _label(ctx, raw.simulated)
    if corrected:
        say(ctx, f"已按 corrections.csv 更正 {len(corrected)} 处 | {len(corrected)} cells corrected by corrections.csv")
    if mark is not None:
        written = write_findings(issues, raw, mark, lang=lang_of(ctx))
        say(ctx, f"{mark}：写入 {len(written)} 个待核实的表格 | {mark}: wrote {len(written)} workbooks to be checked")
    counts = issues["severity"].value_counts()
    found = [int(counts.get(name, 0)) for name in ("error", "query", "note")]
    say(
        ctx,
        f"{folder}：错误 {found[0]} 条，疑问 {found[1]} 条，提示 {found[2]} 条"
        f" | {folder}: {found[0]} errors, {found[1]} queries, {found[2]} notes",
    )
    if output is not None:
        show(ctx, issues.assign(label=SIMULATED[1]) if raw.simulated else issues, output)
    else:
        serious = issues[issues["severity"] != "note"]
        for row in (issues if everything else serious.head(20)).itertuples():
            severity = SEVERITY_NAMES[str(row.severity)][lang_of(ctx) == "en"]
            click.echo(f"[{severity}] {row.source} {row.question}: {row.message} {row.action}")
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
    from vitality.survey import changed_inputs, prepare_round

    folder = chosen(ctx, round_folder)
    plan = _framework(folder, framework)
    survey = prepare_round(folder, plan, lang=lang_of(ctx), progress=lambda zh, en: tell(ctx, f"{zh} | {en}"))
    if changed_inputs(folder, plan):
        refuse(
            ctx,
            f"{folder} 只读，清洗结果没有保存；或清洗期间又有文件变化。请修改权限或复制到别处，再运行一次。"
            f" | {folder} is read-only and the clean tables were not kept, or a file changed meanwhile. Change its rights, "
            "or copy it, and run again.",
        )
    _label(ctx, survey.simulated)
    rows = sum(len(table) for table in survey.answers.values())
    say(
        ctx,
        f"{folder / 'clean'}：{rows} 份答卷，修改 {len(survey.changes)} 处，问题 {len(survey.issues)} 条"
        f" | {folder / 'clean'}: {rows} answered forms, {len(survey.changes)} changes, {len(survey.issues)} issues",
    )
    return 0


def _label(ctx: click.Context, simulated: bool) -> None:
    if simulated:
        say(ctx, SIMULATED[0])
