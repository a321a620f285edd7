"""Numbers as people write them: digits, Chinese numerals and multipliers such as 万."""

from __future__ import annotations

import re
from decimal import Decimal

_ARABIC = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_SEPARATED = re.compile(r"[+-]?\d{1,3}([,， '’]\d{3})+(\.\d+)?")
_NUMERAL = re.compile(r"[\d.点零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖廿十拾百佰千仟万亿]{1,24}")
#: 七八十, 两三百, 十七八: two neighbouring numerals stand for a range, and so does 三五.
_NEIGHBOURS = re.compile(
    r"((?:.*[十百千万亿])?)"
    r"(?:(一)([二两])|([二两])(三)|(三)([四五])|(四)(五)|(五)(六)|(六)(七)|(七)(八)|(八)(九))"
    r"([十百千万亿]*)"
)
#: 十几, 20几: one of nine; 几十 may be any of 20 to 90 and is no figure.
_SOME = re.compile(r"(.*十|\d*[1-9]0)几([百千万亿]*)")
#: 三两, 二八: neither a range nor a number.
_TOO_SHORT = re.compile(r"[一二两三四五六七八九]{2,3}")
_LETTERS = re.compile(r"(?<=\d)[wk]$", re.IGNORECASE)


def number_text(value: float) -> str:
    """Write a number as the shortest text that reads back as the same number, without an exponent.

    Examples
    --------
    >>> number_text(12.0), number_text(0.1), number_text(1e-05)
    ('12', '0.1', '0.00001')
    """
    if value.is_integer():
        return str(int(value))
    text = repr(value)
    return format(Decimal(text), "f") if "e" in text else text


def read_number(text: str) -> tuple[float, tuple[str, ...]] | None:
    """Read one number, and say in which unusual way it was written; None when it is no number.

    Parameters
    ----------
    text : str
        Without spaces, units or qualifying words.

    Returns
    -------
    (value, flags) or None
        Flags: ``separator`` (1,200), ``numeral`` (一百零五), ``multiplier`` (1.2万, 5w), ``range`` and
        ``approximate`` (七八十: 75; 三五: 4; 十几: 15, the middle of 11 to 19).

    Examples
    --------
    >>> read_number("1,200"), read_number("一百零五"), read_number("1.2万")
    ((1200.0, ('separator',)), (105.0, ('numeral',)), (12000.0, ('multiplier',)))
    >>> read_number("七八十"), read_number("三两")
    ((75.0, ('range', 'approximate', 'numeral')), None)
    >>> read_number("twelve") is None
    True
    """
    if len(text) > 40:
        return None
    if _ARABIC.fullmatch(text):
        return float(text), ()
    if _SEPARATED.fullmatch(text):
        return float(re.sub("[,， '’]", "", text)), ("separator",)
    sign, numeral = (-1.0, text[1:]) if text[:1] in ("负", "-") else (1.0, text)
    numeral = _LETTERS.sub(lambda letter: "万" if letter[0] in "wW" else "千", numeral.replace("○", "〇"))
    ends = _ends(numeral)
    if ends is not None:
        low, high = _numeral(ends[0]), _numeral(ends[1])
        return None if low is None or high is None else (sign * (low + high) / 2, ("range", "approximate", "numeral"))
    if not _NUMERAL.fullmatch(numeral) or _TOO_SHORT.fullmatch(numeral):
        return None
    value = _numeral(numeral)
    return None if value is None else (sign * value, ("multiplier" if re.search(r"\d", text) else "numeral",))


def _ends(numeral: str) -> tuple[str, str] | None:
    """Both ends of the range that 七八十 or 十几 stands for."""
    some = _SOME.fullmatch(numeral)
    if some and some[1].endswith("0"):
        return some[1][:-1] + "1" + some[2], some[1][:-1] + "9" + some[2]
    if some:
        return some[1] + "一" + some[2], some[1] + "九" + some[2]
    pair = _NEIGHBOURS.fullmatch(numeral)
    if not pair:
        return None
    head, *digits, scale = pair.groups()
    low, high = filter(None, digits)
    return head + low + scale, head + high + scale


def _numeral(text: str) -> float | None:
    """Read a Chinese numeral by cn2an; 百 alone is 一百."""
    import cn2an

    try:
        return float(cn2an.cn2an("一" + text if text[0] in "百千万亿" else text, "smart"))
    except (ValueError, KeyError, IndexError):
        return None
