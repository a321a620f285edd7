"""Units that a sheet notes beside its numbers: 单位：万元 in a corner, 经费（元） in a head, a column of units."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from vitality.framework import Question
from vitality.survey.naming import simplified

#: Kinds of answers that a unit is noted for.
MEASURED = ("count", "number", "money")
_MULTIPLES = {"百": 1e2, "千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8}
_PREFIXES = sorted(_MULTIPLES, key=len, reverse=True)
_ENGLISH = ((re.compile(r"10[, ]?000 ?(?:yuan|rmb|cny)\b"), "万元"), (re.compile(r"\b(?:yuan|rmb|cny)\b"), "元"))
_UNIT_WORD = re.compile(r"(?:单位|units?\b)[\s:均为是]*")


def unit_size(unit: str) -> tuple[float, str]:
    """Split a unit into how many of its base it is, and the base.

    Examples
    --------
    >>> unit_size("万元"), unit_size("人次")
    ((10000.0, '元'), (1.0, '人次'))
    """
    prefix = next((word for word in _PREFIXES if unit.startswith(word) and unit != word), "")
    return _MULTIPLES.get(prefix, 1.0), unit.removeprefix(prefix)


def noted_unit(texts: Iterable[str], question: Question) -> str:
    """Give the unit that the first of some texts notes for a question; nothing when none does.

    Amounts of money may be noted in yuan whatever is asked for, anything else in multiples of its own unit.

    Examples
    --------
    >>> from vitality.framework import read_framework
    >>> funding, people = (read_framework("redcross").questions[code] for code in ("t81", "t01"))
    >>> noted_unit(["表", "单位：人、元"], funding), noted_unit(["人口（万人）"], people), noted_unit(["经费"], funding)
    ('元', '万人', '')
    """
    bases = (*(("元",) if question.kind == "money" else ()), unit_size(question.unit_zh)[1])
    if question.kind not in MEASURED or not bases[-1]:
        return ""
    found = (unit_in(text, base) for text in texts for base in dict.fromkeys(bases))
    return next(filter(None, found), "")


@cache
def unit_in(text: str, base: str = "元") -> str:
    """Give the unit, some multiple of `base`, that one text notes; nothing when it notes none, or several.

    Examples
    --------
    >>> unit_in("单位：萬元"), unit_in("经费/元"), unit_in("（元，保留两位小数）"), unit_in("填报单位：元水镇")
    ('万元', '元', '元', '')
    """
    clean = simplified(unicodedata.normalize("NFKC", text)).strip().lower()
    for pattern, word in _ENGLISH if base == "元" else ():
        clean = pattern.sub(word, clean)
    found = {match[1] for pattern in _notes(base) for match in pattern.finditer(clean)}
    listed = _UNIT_WORD.search(clean)
    if listed:
        found |= {match[1] for match in _listed(base).finditer(clean[listed.end() :])}
    return found.pop() if len(found) == 1 else ""


@cache
def _notes(base: str) -> tuple[re.Pattern[str], ...]:
    """Where a unit stands that is noted: alone, in brackets, or at the end behind a sign or a space."""
    multiple = f"(?:{'|'.join(_PREFIXES)})"
    unit = f"({multiple}?{re.escape(base)})"
    return (
        re.compile(f"^{unit}$"),
        re.compile(rf"[(\[【〔<](?:[^()\[\]【】〔〕<>]*[、,;:/\s])?(?:人民币)?{unit}(?=[、,;:/\s)\]】〕>])"),
        re.compile(rf"(?<!\d)[/:、,_\s—-]\s*(?:人民币)?{unit}$"),
        re.compile(rf"(?<![\d一二三四五六七八九十百千万亿])(?<!\d\s)({multiple}{re.escape(base)})$"),
    )


@cache
def _listed(base: str) -> re.Pattern[str]:
    """A unit among those that are listed behind 单位."""
    unit = f"((?:{'|'.join(_PREFIXES)})?{re.escape(base)})"
    return re.compile(rf"(?:^|(?<=[、,;:/\s(和及]))(?:人民币)?{unit}(?=$|[、,;/\s(和及)。])")


def is_unit_note(text: str) -> bool:
    """Whether a cell says in which units a sheet is, and nothing else.

    Examples
    --------
    >>> is_unit_note("单位：人、万元"), is_unit_note("（元）"), is_unit_note("单位"), is_unit_note("单位：甲镇")
    (True, False, False, False)
    """
    clean = simplified(unicodedata.normalize("NFKC", text)).strip().strip("()[]【】")
    behind = re.fullmatch(r"(?:计量|金额|数量|货币)?单位\s*[:\s(]\s*([^()]+)\)?(?:\([^()]*\))?", clean)
    words = re.split(r"[、,;/\s和及]+", behind[1].strip()) if behind else [""]
    return all(unit_size(word.removeprefix("人民币"))[1] in _UNITS for word in words)


#: Units that stand in notes of such sheets, without multiples.
_UNITS = frozenset("元人个次户家所处项件场支份亩岁年%名间台套") | {
    "人次", "公顷", "平方米", "平方公里", "小时", "学时", "人·学时",
}  # fmt: skip
