"""Numbers as people write them: digits, Chinese numerals and multipliers such as 万."""

from __future__ import annotations

import re
from decimal import Decimal

_ARABIC = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_SEPARATED = re.compile(r"[+-]?\d{1,3}([,， '’]\d{3})+(\.\d+)?")
_NUMERAL = re.compile(r"负?[\d.点零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖廿十拾百佰千仟万亿]{1,24}")
#: 七八十, 二三百: two neighbouring numerals stand for a range.
_NEIGHBOURS = re.compile(r"([一二三四五六七八九])([二三四五六七八九])([十百千万]*)")
_ORDER = "一二三四五六七八九"


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
        Flags: ``separator`` (1,200), ``numeral`` (一百零五), ``multiplier`` (1.2万), ``range`` and
        ``approximate`` (七八十: 75).

    Examples
    --------
    >>> read_number("1,200"), read_number("一百零五"), read_number("1.2万")
    ((1200.0, ('separator',)), (105.0, ('numeral',)), (12000.0, ('multiplier',)))
    >>> read_number("七八十")
    (75.0, ('range', 'approximate', 'numeral'))
    >>> read_number("twelve") is None
    True
    """
    if len(text) > 40:
        return None
    if _ARABIC.fullmatch(text):
        return float(text), ()
    if _SEPARATED.fullmatch(text):
        return float(re.sub("[,， '’]", "", text)), ("separator",)
    if not _NUMERAL.fullmatch(text):
        return None
    pair = _NEIGHBOURS.fullmatch(text)
    if pair and _ORDER.index(pair[2]) == _ORDER.index(pair[1]) + 1:
        ends = [_numeral(digit + pair[3]) for digit in (pair[1], pair[2])]
        return None if None in ends else (sum(end or 0.0 for end in ends) / 2, ("range", "approximate", "numeral"))
    value = _numeral(text)
    return None if value is None else (value, ("multiplier" if re.search(r"\d", text) else "numeral",))


def _numeral(text: str) -> float | None:
    """Read a Chinese numeral by cn2an; 百 alone is 一百."""
    import cn2an

    try:
        return float(cn2an.cn2an("一" + text if text[0] in "百千万亿" else text, "smart"))
    except (ValueError, KeyError, IndexError):
        return None
