"""click in two languages: help, usage and errors in Chinese or in English.

Texts stand beside what they describe as one string, ``"中文 | English"``; `pick` takes the half that the
user reads. The language is that of ``--lang``, else that of the locale; English for an English locale,
Chinese otherwise, because most readers of the project read Chinese first.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn, cast

import click

if TYPE_CHECKING:
    from vitality.framework import Lang


def pick(text: str | None, lang: Lang) -> str:
    """Take the Chinese or the English half of ``"中文 | English"``.

    Examples
    --------
    >>> pick("轮次 | round", "en"), pick("轮次 | round", "zh"), pick("same", "zh")
    ('round', '轮次', 'same')
    """
    zh, _, en = (text or "").partition(" | ")
    return en or zh if lang == "en" else zh


def language(words: Sequence[str] = (), environment: dict[str, str] | None = None) -> Lang:
    """Find the language of messages: ``--lang`` among the words, else the locale.

    Examples
    --------
    >>> language(["check", "--lang", "en"]), language(["--lang=zh"])
    ('en', 'zh')
    >>> language([], {"LANG": "en_GB.UTF-8"}), language([], {"LANG": "C.UTF-8"})
    ('en', 'zh')
    """
    for position, word in enumerate(words):
        value = word.partition("=")[2] if word.startswith("--lang=") else None
        if word == "--lang" and position + 1 < len(words):
            value = words[position + 1]
        if value in ("zh", "en"):
            return cast("Lang", value)
    variables = os.environ if environment is None else environment
    locale = next((variables[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if variables.get(name)), "")
    if not locale and environment is None and sys.platform == "win32":
        locale = _windows_locale()
    return "en" if locale.lower().startswith("en") else "zh"


def _windows_locale() -> str:
    import locale

    return locale.getlocale()[0] or ""


class BilingualOption(click.Option):
    """An option whose help is ``"中文 | English"``."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Give the record of the help page in the language of the run."""
        record = super().get_help_record(ctx)
        return record and (record[0], record[1].replace(self.help or "", pick(self.help, lang_of(ctx))))


class _Bilingual(click.Command):
    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        prefix = "用法：" if lang_of(ctx) == "zh" else "Usage: "
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=prefix)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        with formatter.indentation():
            for paragraph in pick(self.help, lang_of(ctx)).split("\n"):
                formatter.write_text(paragraph)

    def get_short_help_str(self, limit: int = 45) -> str:
        context = click.get_current_context(silent=True)
        return pick(self.help, lang_of(context) if context else "zh").split("\n")[0]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = pick("显示本说明并退出。 | Show this page and exit.", lang_of(ctx))
        return option

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [item for item in self.get_params(ctx) if isinstance(item, click.Option)]
        records = [record for item in options if (record := item.get_help_record(ctx))]
        if records:
            with formatter.section("选项" if lang_of(ctx) == "zh" else "Options"):
                formatter.write_dl(records)


class BilingualCommand(_Bilingual):
    """A command whose help is ``"中文 | English"``."""


class BilingualGroup(_Bilingual, click.Group):
    """A group of commands with help in two languages."""

    command_class = BilingualCommand

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the commands."""
        super().format_options(ctx, formatter)
        rows = [(name, self.commands[name].get_short_help_str()) for name in self.list_commands(ctx)]
        with formatter.section("命令" if lang_of(ctx) == "zh" else "Commands"):
            formatter.write_dl(rows)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the commands in the order in which a round goes through them."""
        return list(self.commands)


def lang_of(context: click.Context) -> Lang:
    """Language of this run, as set on the outermost context."""
    return cast("Lang", context.find_root().obj or "zh")


def option(*names: str, **settings: Any) -> Any:
    """Declare an option with help in two languages."""
    return click.option(*names, cls=BilingualOption, **settings)


def say(ctx: click.Context, both: str) -> None:
    """Print a result, ``"中文 | English"``, in the language of the run."""
    click.echo(pick(both, lang_of(ctx)))


def tell(ctx: click.Context, both: str) -> None:
    """Print progress in the language of the run, on standard error."""
    click.echo(pick(both, lang_of(ctx)), err=True)


def refuse(ctx: click.Context, both: str) -> NoReturn:
    """End the command with a usage error, ``"中文 | English"``, and exit status 2."""
    raise click.UsageError(pick(both, lang_of(ctx)), ctx)


def parameter_value(text: str) -> object:
    """Read a value as YAML would, but keep codes such as 007, and what is no YAML, as text.

    Examples
    --------
    >>> parameter_value("2"), parameter_value("true"), parameter_value("007"), parameter_value("{a")
    (2, True, '007', '{a')
    """
    import yaml

    code = text[:1] == "0" and text[1:2].isdigit()
    try:
        return text if code else yaml.safe_load(text)
    except yaml.YAMLError:
        return text


def run(group: click.Group, words: Sequence[str], *, errors: type[Exception], name: str) -> int:
    """Run a command line and give its exit status.

    Returns
    -------
    int
        0 done, 1 findings in the data, 2 the call or an input could not be used, 3 a fault of the program, whose
        traceback is printed.
    """
    lang = language(words)
    lead = "错误：" if lang == "zh" else "Error: "
    try:
        status: Any = group.main(list(words), prog_name=name, standalone_mode=False, obj=lang)
        return int(status or 0)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 2
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        if context is not None:
            click.echo(context.get_usage(), err=True)
        click.echo(f"{lead}{error.format_message()}", err=True)
        return 2
    except errors as error:
        message = getattr(error, "message", None)
        click.echo(f"{lead}{message(lang) if message else error}", err=True)
        return 2
    except OSError as error:
        click.echo(lead + pick(_unusable(error), lang), err=True)
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("已中止" if lang == "zh" else "Stopped", err=True)
        return 2
    except Exception:
        traceback.print_exc()
        both = "这是程序缺陷，请把以上内容发给维护者。 | This is a fault of the program; please report it."
        click.echo(pick(both, lang), err=True)
        return 3


def _unusable(error: OSError) -> str:
    """Say which file could not be used, as ``"中文 | English"``."""
    place = error.filename or ""
    reason = error.strerror or str(error)
    return (
        f"{place} 无法读写（{reason}）。请检查路径、权限，以及文件是否正在 Excel 或 Word 中打开。"
        f" | {place} cannot be read or written ({reason}). Check the path, the rights, and whether it is open in "
        "another program."
    )
