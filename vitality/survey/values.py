"""`parse_value`: what one messy cell means, by the kind of question."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

from vitality.errors import MethodError, did_you_mean, some
from vitality.survey.numerals import number_text, read_number

KINDS = ("count", "number", "money", "percent", "yesno", "choice", "multichoice", "likert", "text")
_NUMERIC = ("count", "number", "money", "percent", "likert")
_DASHES = frozenset("-‐‑‒–—―−﹣ー")
_NONE_WORDS = frozenset(("无", "没有", "暂无", "none", "nil"))
_UNKNOWN_WORDS = frozenset(
    (
        "若干",
        "不详",
        "未知",
        "不清楚",
        "不知道",
        "未统计",
        "待定",
        "待统计",
        "暂缺",
        "unknown",
        "n.a.",
        "?",
        "??",
    )
)
_NOT_APPLICABLE = frozenset(("/", "//", "不适用", "n/a", "na", "不涉及"))
_SKIPPED = frozenset(("-2", "-3", "(跳过)", "(空)", "跳过"))
_YES = frozenset(("是", "有", "√", "✓", "✔", "☑", "对", "已", "y", "yes", "true", "1", "是的", "有的"))
_NO = frozenset(("否", "无", "没有", "×", "✗", "✘", "x", "不", "不是", "未", "n", "no", "false", "0"))
_BEFORE = re.compile(
    r"^(大约|约为|约|大概|将近|接近|近|不足|不到|超过|超|逾|多达|至少|about|approx\.?|ca\.?)(?=.)",
    re.IGNORECASE,
)
_AFTER = re.compile(r"(左右|上下)$")
_MORE = re.compile(r"(?<=[\d十百千万亿])[余多](?=\D*$)")
_RANGE = re.compile(r"^(.+?)(?:~|至|到|[-‐‑‒–—―])(.+)$")
_NOTE = re.compile(r"^(.*?)(?:[,;]?(其中.*)|[,;]?\((.*)\))$")
_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_SPACES = re.compile(r"(?<![0-9])\s+|\s+(?![0-9])")
_FULL_WIDTH = re.compile("[０-９．，－％～]")
#: Counting words that say nothing about what is counted.
_COUNTERS = frozenset("个家所间处项件次场户支份台条名位人")
_WORDS = (
    *_COUNTERS, "人次", "人·学时", "人学时", "学时", "分", "岁", "小时", "时", "天", "平方公里", "平方千米",
    "平方米", "平米", "公里", "千米", "亩", "km2", "m2", "h", "亿元", "万元", "千元", "元", "块", "瑞士法郎",
    "CHF", "people", "hours", "%",
)  # fmt: skip
_SUFFIX = re.compile(
    "(" + "|".join(re.escape(word) for word in sorted(_WORDS, key=len, reverse=True)) + ")$", re.IGNORECASE
)
_YUAN = {"元": 1.0, "块": 1.0, "千元": 1e3, "万元": 1e4, "亿元": 1e8}


@dataclass(frozen=True)
class ParsedValue:
    """What one cell means.

    Attributes
    ----------
    value : float, bool, str or None
        A number for count, number, money, percent and likert; a truth value for yesno; text otherwise.
        None when the cell is blank, says that there is no answer, or cannot be read.
    flags : tuple of str
        How the text differs from the plain value: ``full_width``, ``separator``, ``numeral``,
        ``multiplier``, ``unit`` (a unit was written behind it), ``other_unit`` (not the one asked for),
        ``converted`` (元 to 万元 or back), ``percent_sign``, ``approximate``, ``range``, ``note``,
        ``none_is_zero``, ``mark`` (yes or no by a sign), ``missing`` with ``dash``, ``unknown``,
        ``not_applicable`` or ``skipped``; ``unreadable``.
    note : str
        What stood beside the number, such as 其中专职1.
    """

    value: float | bool | str | None
    flags: tuple[str, ...] = ()
    note: str = ""


def parse_value(text: object, kind: str, *, unit: str | None = None) -> ParsedValue:
    """Read one cell as a person would, and say how far its text was from a plain value.

    Parameters
    ----------
    text : object
        What stands in the cell; usually text, numbers are taken as they are.
    kind : {"count", "number", "money", "percent", "yesno", "choice", "multichoice", "likert", "text"}
        Kind of the question. 无 is 0 for counts, numbers and money, and no for yes/no.
    unit : str, optional
        Unit that was asked for, such as 人 or 万元. Amounts of money are given in it.

    Returns
    -------
    ParsedValue

    Raises
    ------
    MethodError
        If `kind` is not one of the kinds of question.

    Notes
    -----
    Nothing is guessed: a share of 0.125 stays 0.125 and a sum that is 10,000 times too large stays so;
    the checks ask about both.

    Examples
    --------
    >>> parse_value("约１，２００人", "count", unit="人")
    ParsedValue(value=1200.0, flags=('full_width', 'approximate', 'unit', 'separator'), note='')
    >>> parse_value("50-60", "count").value, parse_value("若干", "count").value
    (55.0, None)
    >>> parse_value("120000元", "money", unit="万元").value, parse_value("√", "yesno").value
    (12.0, True)
    """
    if kind not in KINDS:
        near = did_you_mean(kind, KINDS)
        raise MethodError(f"kind {kind!r} is no kind of question.{near} Choose from {some(KINDS, limit=9)}.")
    raw = _as_text(text)
    if kind in _NUMERIC and _PLAIN.fullmatch(raw) and raw not in _SKIPPED:
        return ParsedValue(float(raw))
    folded = unicodedata.normalize("NFKC", raw)
    clean = folded.strip()
    flags = ("full_width",) if kind in _NUMERIC and _FULL_WIDTH.search(raw) else ()
    missing = _missing(clean)
    if missing is not None:
        return ParsedValue(None, missing)
    if kind in _NUMERIC:
        return _number(_SPACES.sub("", clean), kind, unit, flags)
    if kind == "yesno":
        return _yes_or_no(clean, flags)
    return ParsedValue(clean)


def _as_text(text: object) -> str:
    if text is None or (isinstance(text, float) and math.isnan(text)):
        return ""
    return number_text(text) if isinstance(text, float) else str(text)


def _missing(clean: str) -> tuple[str, ...] | None:
    """Flags of a cell without an answer, or None when there is one."""
    lowered = clean.lower()
    if not clean:
        return ("missing",)
    if lowered in _SKIPPED:
        return ("missing", "skipped")
    if lowered in _NOT_APPLICABLE:
        return ("missing", "not_applicable")
    if lowered in _UNKNOWN_WORDS:
        return ("missing", "unknown")
    if all(sign in _DASHES for sign in clean):
        return ("missing", "dash")
    return None


def _yes_or_no(clean: str, flags: tuple[str, ...]) -> ParsedValue:
    lowered = clean.lower()
    for answers, value in ((_YES, True), (_NO, False)):
        if lowered in answers:
            plain = lowered in ("是", "否", "yes", "no")
            return ParsedValue(value, flags if plain else (*flags, "mark"))
    match = _NOTE.match(clean)
    if match and match.group(1).strip().lower() in _YES | _NO:
        inner = _yes_or_no(match.group(1).strip(), flags)
        return ParsedValue(inner.value, (*inner.flags, "note"), match.group(2) or match.group(3) or "")
    return ParsedValue(None, (*flags, "unreadable"))


def _number(clean: str, kind: str, unit: str | None, flags: tuple[str, ...]) -> ParsedValue:
    """Read a number with what people write around it: notes, about, ranges, units."""
    note = ""
    if clean.lower() in _NONE_WORDS and kind != "likert":
        return ParsedValue(0.0, (*flags, "none_is_zero"))
    found = _NOTE.match(clean)
    if found and found.group(1):
        clean, note = found.group(1), found.group(2) or found.group(3) or ""
        flags = (*flags, "note")
    for pattern in (_BEFORE, _AFTER, _MORE):
        shorter = pattern.sub("", clean)
        if shorter != clean:
            clean, flags = shorter, _with(flags, "approximate")
    read = _amount(clean, unit)
    if read is None:
        read = _range(clean, unit)
    if read is None:
        return ParsedValue(None, (*flags, "unreadable"))
    value, more = read
    for flag in more:
        flags = _with(flags, flag)
    return ParsedValue(value, flags, note)


def _with(flags: tuple[str, ...], flag: str) -> tuple[str, ...]:
    return flags if flag in flags else (*flags, flag)


def _range(clean: str, unit: str | None) -> tuple[float, tuple[str, ...]] | None:
    """Midpoint of a range such as 50-60 or 3至5人."""
    match = _RANGE.match(clean)
    if not match:
        return None
    low, high = _amount(match.group(1), unit), _amount(match.group(2), unit)
    if low is None or high is None or low[0] > high[0]:
        return None
    flags = ("range", "approximate", *(flag for flag in (*low[1], *high[1]) if flag == "other_unit"))
    return (low[0] + high[0]) / 2, flags


def _amount(clean: str, unit: str | None) -> tuple[float, tuple[str, ...]] | None:
    """Read a number with an optional unit; amounts of money come back in `unit`."""
    wanted = unicodedata.normalize("NFKC", unit or "")
    written = wanted if wanted and clean.endswith(wanted) and clean != wanted else ""
    if not written:
        match = _SUFFIX.search(clean)
        written = match.group(1) if match else ""
    number = clean.removesuffix(written) if written else clean
    flags: tuple[str, ...] = ()
    if written == "%":
        flags = ("percent_sign",)
    elif written:
        same = written == wanted or written in _COUNTERS or not wanted
        money = written in _YUAN and wanted in _YUAN
        flags = ("unit",) if same or money else ("unit", "other_unit")
    if wanted == "万元" and not written and number.endswith("万"):
        number, written, flags = number[:-1], "万元", ("unit",)
    read = read_number(number)
    if read is None:
        return None
    value, more = read
    target = wanted if wanted in _YUAN else "元"
    if written in _YUAN and written != target:
        value, flags = value * _YUAN[written] / _YUAN[target], (*flags, "converted")
    return value, (*flags, *more)
