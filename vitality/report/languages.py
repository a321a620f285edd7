"""The languages of a report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from vitality.errors import ReportError, did_you_mean, meant_zh, some, some_zh
from vitality.framework import Lang

__all__ = ["check_lang", "check_langs"]

CHOICES: tuple[Lang, ...] = get_args(Lang)


def check_lang(lang: object, *, where: str = "report") -> Lang:
    """Refuse a language that is not offered.

    Raises
    ------
    ReportError
        If it is neither "zh" nor "en"; a near miss is offered.

    Examples
    --------
    >>> check_lang("en")
    'en'
    """
    if isinstance(lang, str) and lang in CHOICES:
        return lang
    raise ReportError(
        f"{where}: found language {lang!r}; expected 'zh' or 'en'.{did_you_mean(str(lang), CHOICES)}",
        zh=f"{where}：没有语言 {lang!r}，只能是 'zh'（中文）或 'en'（英文）。{meant_zh(str(lang), CHOICES)}",
    )


def check_langs(lang: Lang | Sequence[Lang]) -> tuple[Lang, ...]:
    """Give the languages named, each once; refuse others, and none at all.

    Raises
    ------
    ReportError
        If a language is not offered or none is named.

    Examples
    --------
    >>> check_langs("zh"), check_langs(["en", "zh", "en"])
    (('zh',), ('en', 'zh'))
    """
    named = (lang,) if isinstance(lang, str) else tuple(dict.fromkeys(lang))
    unknown = [name for name in named if name not in CHOICES]
    if unknown or not named:
        found = f"found language {some(unknown)}" if unknown else "no language is named"
        found_zh = f"没有语言 {some_zh(unknown)}" if unknown else "没有指明报告语言"
        raise ReportError(
            f"report: {found}; expected 'zh', 'en' or both.", zh=f"{found_zh}；报告语言只能是 'zh'、'en' 或两者。"
        )
    return named
