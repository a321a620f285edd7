"""How the package says no: one error tree, one clear message each.

A message tells where (file, sheet, cell or code), what was found, what was expected and what to do.
At most five examples are listed, then a count; a near miss is offered.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Literal

__all__ = [
    "FrameworkError",
    "JudgementError",
    "MethodError",
    "ReportError",
    "SurveyError",
    "TableError",
    "VitalityError",
    "did_you_mean",
    "meant_zh",
    "some",
    "some_zh",
]


class VitalityError(Exception):
    """Every error that the package raises on purpose.

    Parameters
    ----------
    message : str
        The message in English; what ``str(error)`` gives.
    zh : str, optional
        The same message in Chinese, for the command line and for widgets; a traceback shows both.

    Examples
    --------
    >>> error = SurveyError("round folder 'a' is not there", zh="找不到轮次文件夹 'a'")
    >>> str(error), error.message("zh")
    ("round folder 'a' is not there", "找不到轮次文件夹 'a'")
    """

    def __init__(self, message: str, *, zh: str = "") -> None:
        super().__init__(message)
        self.zh = zh
        if zh:
            self.add_note(zh)  # stands under the English message in a notebook

    def message(self, lang: Literal["zh", "en"] = "en") -> str:
        """Give the message in the language asked for; English where there is no Chinese one."""
        return self.zh if lang == "zh" and self.zh else str(self)


class FrameworkError(VitalityError, ValueError):
    """The framework of indicators cannot be used as it is written."""


class SurveyError(VitalityError, ValueError):
    """A round folder, a form or an answer cannot be read."""


class TableError(VitalityError, ValueError):
    """A table does not have the rows, columns or values that a step needs."""


class JudgementError(VitalityError, ValueError):
    """Pairwise judgements are not a positive reciprocal matrix over known items."""


class MethodError(VitalityError, ValueError):
    """An option is not one of the choices that a method offers."""


class ReportError(VitalityError):
    """A report could not be executed, rendered or published."""


def some(values: Iterable[object], *, limit: int = 5) -> str:
    """Join at most `limit` values for a message, then say how many more there are.

    Examples
    --------
    >>> some(["A11", "A12"])
    "'A11', 'A12'"
    >>> some(range(7), limit=3)
    '0, 1, 2 and 4 more'
    """
    items = [repr(value) for value in values]
    shown = ", ".join(items[:limit])
    return shown if len(items) <= limit else f"{shown} and {len(items) - limit} more"


def some_zh(values: Iterable[object], *, limit: int = 5) -> str:
    """Join at most `limit` values for a Chinese message, then say how many there are in all.

    Examples
    --------
    >>> some_zh(["A11", "A12"]), some_zh(range(7), limit=3)
    ("'A11'、'A12'", '0、1、2等7项')
    """
    items = [repr(value) for value in values]
    shown = "、".join(items[:limit])
    return shown if len(items) <= limit else f"{shown}等{len(items)}项"


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Offer the nearest of `choices`, as the tail of a message, or nothing when none is near.

    Examples
    --------
    >>> did_you_mean("redcros", ["redcross", "ifrc_fdrs"])
    " Did you mean 'redcross'?"
    >>> did_you_mean("xyz", ["redcross"])
    ''
    """
    near = _nearest(word, choices)
    return f" Did you mean {near!r}?" if near else ""


def meant_zh(word: str, choices: Iterable[str]) -> str:
    """Offer the nearest of `choices` in Chinese, as a part of a message, or nothing.

    Examples
    --------
    >>> meant_zh("redcros", ["redcross", "ifrc_fdrs"])
    "是否想写 'redcross'？"
    """
    near = _nearest(word, choices)
    return f"是否想写 {near!r}？" if near else ""


def _nearest(word: str, choices: Iterable[str]) -> str:
    names = [str(choice) for choice in choices]
    return next(iter(difflib.get_close_matches(str(word), names, n=1, cutoff=0.6)), "")
