"""The command that publishes a round's report."""

from __future__ import annotations

from pathlib import Path

import click

from vitality.bilingual import lang_of, option, parameter_value, say, tell
from vitality.commands.shared import (
    chosen,
    command,
    project_folder,
    round_argument,
)


@command(help="生成并发布评价报告（网页、Word、PDF）。 | Publish the report of a round (HTML, Word, PDF).")
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
