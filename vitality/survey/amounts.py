"""Amounts as people write them: a number with its unit, about, ranges and notes."""

from __future__ import annotations

import re
import unicodedata

from vitality.survey.numerals import read_number

_BEFORE = re.compile(
    r"^(大约|约为|约有|约|大概|将近|接近|近|不足|不到|[不]?[少大小多高低]于|不超过|超过|超|逾|多达|至少|至多|最多|>=?|<=?|≥|≤|~"
    r"|[上过](?=[百千万])|about|around|over|nearly|approx\.?|ca\.?)(?=.)",
    re.IGNORECASE,
)
_AFTER = re.compile(r"(左右|上下|以上|以下|以内|之间|不到|出头|\+|or more|or so)$")
_MORE = re.compile(r"(?<=[\d十百千万亿])[余多来许](?=\D*$)")
_RANGE = re.compile(r"^(.+?)(?:~|至|到|[-‐‑‒–—―])(.+)$")
#: The ends of 5-6000 and of 1-100 are too far apart for their middle to mean anything.
_WIDEST_RANGE = 10.0
_NOTE = re.compile(r"^(.*?)(?:[,;]?(其中.*)|[,;]?\(([^()]*)\))$")
_TOTAL = re.compile(r"^(合计|共计|总计|共有|总共|共|计):?(?=[\d约一二两三四五六七八九十百千万])")
_CURRENCY = re.compile(r"^(人民币|rmb|cny|¥|￥)(?=[\d约一二两三四五六七八九十百千万])|(人民币|rmb|cny)$", re.IGNORECASE)
#: 近百 is a number; 百 alone has lost its figure.
_BARE = ("百", "千", "万", "亿")
_EVEN = re.compile(r"(?<=[万千元])整$")
_HUNDREDTHS = re.compile(r"^百分之(?=.)")
_TENTHS = re.compile(r"(?<=[\d一二三四五六七八九])成(半?)$")
#: Counting words that say nothing about what is counted.
_COUNTERS = frozenset("个家所间处项件次场户支份台条名位人只套篇期辆块")
_WORDS = (
    *_COUNTERS, "人次", "人·学时", "人学时", "学时", "分", "岁", "小时", "时", "天", "平方公里", "平方千米",
    "平方米", "平米", "公里", "千米", "亩", "km2", "m2", "h", "亿元", "万元", "千元", "元", "圆", "瑞士法郎",
    "CHF", "people", "persons", "hours", "yuan", "%",
)  # fmt: skip
_SUFFIX = re.compile(
    "(" + "|".join(re.escape(word) for word in sorted(_WORDS, key=len, reverse=True)) + ")$", re.IGNORECASE
)
#: 120000(元), 120000(单位:元): the unit stands in brackets.
_UNIT_NOTE = re.compile("(?:单位[:是]?)?(" + "|".join(map(re.escape, _WORDS)) + ")", re.IGNORECASE)
_YUAN = {
    "元": 1.0, "圆": 1.0, "块": 1.0, "yuan": 1.0, "百元": 1e2, "千元": 1e3, "万元": 1e4, "百万元": 1e6, "千万元": 1e7,
    "亿元": 1e8,
}  # fmt: skip
_LARGE = ("千元", "万元", "亿元")
#: A sum with such a word in it is told in yuan to the last: 12万5 is 125,000 yuan.
_MULTIPLIED = re.compile("[千仟万亿]|[wk]$", re.IGNORECASE)
#: What the asked unit of money is called in English.
_ASKED = {"10,000 yuan": "万元", "10 000 yuan": "万元", "yuan": "元", "RMB": "元", "CNY": "元"}
_TAIL = re.compile(r"[十百千万亿].*$|\D+$")

Amount = tuple[float, tuple[str, ...]]


def read_amount(text: str, kind: str, unit: str | None) -> tuple[float | None, tuple[str, ...], str]:
    """Read a number with what people write around it.

    Parameters
    ----------
    text : str
        Folded to half width, without spaces.
    kind : str
        Numeric kind of the question.
    unit : str or None
        Unit that was asked for.

    Returns
    -------
    (value, flags, note)
        The value is None, with the flag ``unreadable``, when no single number can be read.

    Examples
    --------
    >>> read_amount("约50人(其中党员3人)", "count", "人")
    (50.0, ('note', 'approximate', 'unit'), '其中党员3人')
    >>> read_amount("5-6万元", "money", "元")
    (55000.0, ('range', 'approximate'), '')
    >>> read_amount("三成", "percent", "%")
    (30.0, ('percent_sign', 'numeral'), '')
    """
    note, clean = "", text
    flags: tuple[str, ...] = ()
    found = _NOTE.match(clean)
    if found and found[1]:
        in_brackets = _UNIT_NOTE.fullmatch(found[3] or "")
        clean, note = (
            found[1] + (in_brackets[1] if in_brackets else ""),
            "" if in_brackets else found[2] or found[3] or "",
        )
        flags = () if in_brackets else ("note",)
    clean, flags = _without(_TOTAL, clean, flags, "note")
    for pattern in (_BEFORE, _AFTER, _MORE):
        clean, flags = _without(pattern, clean, flags, "approximate")
    if kind == "money":
        clean, flags = _without(_CURRENCY, _EVEN.sub("", clean), flags, "currency")
    read = _share(clean) if kind == "percent" else None
    read = read or _amount(clean, unit) or _range(clean, unit)
    if read is None or (clean in _BARE and "approximate" not in flags):
        return None, (*flags, "unreadable"), ""
    if "currency" in flags and _asked(unit) in _LARGE and not {"unit", "converted"} & {*read[1]}:
        return None, (*flags, "unreadable"), ""  # ¥120000 is yuan, but ¥12.00 is how Excel shows 12 in such a column
    return read[0], tuple(dict.fromkeys((*flags, *read[1]))), note


def _without(pattern: re.Pattern[str], text: str, flags: tuple[str, ...], flag: str) -> tuple[str, tuple[str, ...]]:
    """Take away what says `flag`."""
    shorter = pattern.sub("", text)
    return (text, flags) if shorter == text else (shorter, (*flags, flag))


def _share(clean: str) -> Amount | None:
    """百分之十二 and 三成: shares in words."""
    hundredths, tenths = _HUNDREDTHS.sub("", clean), _TENTHS.search(clean)
    read = read_number(hundredths if hundredths != clean else clean[: tenths.start()] if tenths else "")
    if read is None:
        return None
    value = 10 * read[0] + (5 if tenths and tenths[1] else 0) if tenths else read[0]
    return value, ("percent_sign", *read[1])


def _range(clean: str, unit: str | None) -> Amount | None:
    """Midpoint of a range such as 50-60 or 3至5人; in 5-6万元 both ends are 万元."""
    match = _RANGE.match(clean)
    if not match:
        return None
    low_text, high_text = match.groups()
    tail = _TAIL.search(high_text)
    if tail and re.fullmatch(r"[\d.]+", low_text):
        low_text += tail[0]
    low, high = _amount(low_text, unit), _amount(high_text, unit)
    if low is None or high is None or not low[0] <= high[0] or high[0] > _WIDEST_RANGE * low[0] > 0:
        return None
    kept = ("other_unit", "percent_sign")
    return (low[0] + high[0]) / 2, ("range", "approximate", *(f for f in (*low[1], *high[1]) if f in kept))


def _asked(unit: str | None) -> str:
    """The unit that was asked for, as people write it behind a number."""
    return unicodedata.normalize("NFKC", _ASKED.get(unit or "", unit or ""))


def _amount(clean: str, unit: str | None) -> Amount | None:
    """Read a number with an optional unit; amounts of money come back in `unit`."""
    wanted = _asked(unit)
    written = wanted if wanted and clean.endswith(wanted) and clean != wanted else ""
    if not written:
        match = _SUFFIX.search(clean)
        written = match[1] if match else ""
    number, written, flags = _told(clean.removesuffix(written) if written else clean, written, wanted)
    read = read_number(number)
    if read is None:
        return None
    value, more = read
    target = wanted if wanted in _YUAN else "元"
    if written in _YUAN and _YUAN[written] != _YUAN[target]:
        value, flags = value * _YUAN[written] / _YUAN[target], (*flags, "converted")
    return value, (*flags, *more)


def _told(number: str, written: str, wanted: str) -> tuple[str, str, tuple[str, ...]]:
    """A number, the unit that it is in, and what that unit says; money may be in yuan without the word."""
    if written == "%":
        return number, written, ("percent_sign",) if wanted in ("%", "") else ("percent_sign", "other_unit")
    if written in _LARGE and _MULTIPLIED.search(number):  # 1万2千元 is no sum of thousands
        number, written = number + written[0], "元"
    if written:
        same = written == wanted or written in _COUNTERS or not wanted
        money = written in _YUAN and wanted in _YUAN
        return number, written, ("unit",) if same or money else ("unit", "other_unit")
    if wanted not in _LARGE or not _MULTIPLIED.search(number):
        return number, "", ()
    if number.endswith(wanted[0]) and not _MULTIPLIED.search(number[:-1]):
        return number[:-1], wanted, ("unit",)
    return number, "元", () if re.search("[万亿wW]", number) else ("other_unit",)
