"""Numbers as people write them: digits, Chinese numerals and multipliers such as 万."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

_DIGITS = {**{sign: value for value, sign in enumerate("零一二三四五六七八九")}, "〇": 0, "两": 2}
_STEPS = {"十": 10, "百": 100, "千": 1000}
_SECTIONS = {"亿": 10**8, "万": 10**4}
_ARABIC = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_ALLOWED = re.compile(r"[\d.零〇一二两三四五六七八九十百千万亿]+")
_SEPARATED = re.compile(r"[+-]?\d{1,3}([,， ]\d{3})+(\.\d+)?")


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
        Flags: ``separator`` (1,200), ``numeral`` (一百零五), ``multiplier`` (1.2万).

    Examples
    --------
    >>> read_number("1,200"), read_number("一百零五"), read_number("1.2万")
    ((1200.0, ('separator',)), (105.0, ('numeral',)), (12000.0, ('multiplier',)))
    >>> read_number("twelve") is None
    True
    """
    if _ARABIC.fullmatch(text):
        return float(text), ()
    if _SEPARATED.fullmatch(text):
        return float(re.sub("[,， ]", "", text)), ("separator",)
    if not _ALLOWED.fullmatch(text):
        return None
    value = _sections(text)
    if value is None:
        return None
    return float(value), ("multiplier" if re.search(r"\d", text) else "numeral",)


def _sections(text: str) -> Decimal | None:
    """Read text with 亿 and 万 by splitting at the largest of them."""
    for sign, size in _SECTIONS.items():
        before, found, after = text.partition(sign)
        if found:
            high = _section(before) if before else Decimal(1)
            # 一万二 is 12,000: a bare digit after a section counts tenths of it
            tail = after + {"万": "千", "亿": "千万"}[sign] if len(after) == 1 and after in _DIGITS else after
            low = _sections(tail) if tail else Decimal(0)
            return None if high is None or low is None else high * size + low
    return _section(text)


def _section(text: str) -> Decimal | None:
    """Read a number below 万: digits, numerals with 十, 百, 千, or a row of numerals such as 二〇."""
    try:
        return Decimal(text)
    except InvalidOperation:
        pass
    if text and all(sign in _DIGITS for sign in text):
        return Decimal("".join(str(_DIGITS[sign]) for sign in text))
    total, rest, last = Decimal(0), text, 1
    for sign, size in reversed(_STEPS.items()):
        before, found, after = rest.partition(sign)
        if found:
            digits = before.lstrip("零〇")
            count = _section(digits) if digits else Decimal(1)
            if count is None or (before and any(step in before for step in _STEPS)):
                return None
            total, rest, last = total + count * size, after, size
    if not rest:
        return total if last > 1 else None
    tenths = last > 10 and len(rest) == 1 and rest in _DIGITS and rest not in "零〇"
    ones = rest.lstrip("零〇")
    if ones not in _DIGITS and not ones.isdigit():
        return None
    value = Decimal(_DIGITS[ones]) if ones in _DIGITS else Decimal(ones)
    # 一百二 is 120: a bare digit after 百 or 千 counts the next step down
    return total + value * (last // 10 if tenths else 1)
