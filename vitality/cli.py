"""The command line: thin commands that parse, call the library and print tables.

Exit status: 0 done, 1 findings in the data (`check`), 2 the call or an input could not be used, 3 a fault of the
program.
"""

from __future__ import annotations

import sys

import click

from vitality.bilingual import BilingualGroup, BilingualOption, run
from vitality.commands.publishing import report
from vitality.commands.results import index, resources, weights
from vitality.commands.robustness import compare, robustness
from vitality.commands.setting_up import example, framework, lab
from vitality.commands.shared import lang_option
from vitality.commands.survey import check, clean, forms
from vitality.errors import VitalityError


def main(words: list[str] | None = None) -> None:
    """Run the command line and leave with its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    given = sys.argv[1:] if words is None else words
    sys.exit(run(vitality, given or ["--help"], errors=VitalityError, name="vitality"))


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


# in the order in which a round goes through them
for item in (example, framework, forms, check, clean, weights, index, resources, robustness, compare, report, lab):
    vitality.add_command(item)
