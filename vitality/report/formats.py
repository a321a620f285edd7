"""The formats of a report."""

from __future__ import annotations

from collections.abc import Iterable

from vitality.errors import ReportError, did_you_mean, meant_zh, some, some_zh

__all__ = ["FORMATS", "check_formats"]

FORMATS = ("html", "docx", "pdf")
"""Web page, Word, PDF."""


def check_formats(formats: str | Iterable[str]) -> tuple[str, ...]:
    """Refuse formats that are not offered; give each once, in the order HTML, Word, PDF.

    Raises
    ------
    ReportError
        If a format is unknown (the near miss is offered) or none is named.

    Examples
    --------
    >>> check_formats(["pdf", "html", "pdf"])
    ('html', 'pdf')
    """
    named = [formats] if isinstance(formats, str) else list(formats)
    unknown = [name for name in named if name not in FORMATS]
    if unknown or not named:
        near = did_you_mean(unknown[0], FORMATS) if unknown else ""
        near_zh = meant_zh(unknown[0], FORMATS) if unknown else ""
        found = f"format {some(unknown)} is not offered" if unknown else "no format is named"
        found_zh = f"报告格式 {some_zh(unknown)} 不可用" if unknown else "没有指明报告格式"
        raise ReportError(
            f"report: {found}.{near} Choose from {some(FORMATS)}.",
            zh=f"{found_zh}。{near_zh}可选：{some_zh(FORMATS)}。",
        )
    return tuple(name for name in FORMATS if name in named)
