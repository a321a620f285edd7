"""`parse_value`: what one messy cell means, by the kind of question."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

from vitality.errors import MethodError, did_you_mean, meant_zh, some
from vitality.survey.amounts import read_amount
from vitality.survey.dates import read_date
from vitality.survey.naming import simplified
from vitality.survey.numerals import number_text

KINDS = ("count", "number", "money", "percent", "yesno", "choice", "multichoice", "likert", "date", "text")
_NUMERIC = ("count", "number", "money", "percent", "likert")
#: Kinds in which 无 is a figure: none, so 0.
_COUNTED = ("count", "number", "money")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DASHES = "-‐‑‒–—―−﹣ー_"
_NONE_WORDS = _words("无 没有 暂无 没 尚无 零个 none nil 0个")
_UNKNOWN_WORDS = _words(
    "若干 若干人 若干个 若干名 不详 未知 不清楚 不知道 未统计 待定 待统计 暂缺 缺 缺失 "
    "无法统计 无统计 无数据 难以统计 unknown n.a. ? ?? ??? tbd missing nan null"
)
_NOT_APPLICABLE = _words("/ // \\ 不适用 n/a na 不涉及 无此项 无需填写")
_UNKNOWN = ("missing", "unknown")
_SKIPPED = _words("(跳过) (空) 跳过")
#: ○ and 〇 are not here: one unit ticks with a circle, another writes nought with it.
_YES = _words(
    "是 有 √ ✓ ✔ ✅ ☑ v 对 已 y yes true t 1 1.0 是的 有的 已有 已建 已建立 已成立 已设立 已开展 已完成 已配备 已制定 "
    "建有 设有 是√ 是✓ 有√ 有✓ √是 √有"
)
_NO = _words(
    "否 无 没有 没 × ✗ ✘ ❌ ❎ x 不 不是 未 n no false f 0 0.0 尚无 尚未 暂无 未建 未建立 未成立 未设立 未开展 未完成 "
    "未配备 未制定 没建 否√ 否✓ 无√ √否 √无"
)
#: One of two printed boxes is ticked: ☑是 ☐否.
_TICKED = re.compile(r"[☑■√✓✔✅](?P<before>是|否|有|无)|(?P<after>是|否|有|无)[☑■√✓✔✅]")
_BOXES = re.compile(r"[☑■√✓✔✅☐□○是否有无\s]+")
_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_SPACES = re.compile(r"(?<![0-9])\s+|\s+(?![0-9])")
_FULL_WIDTH = re.compile("[０-９．，－％～]")
#: 无(没有站): none, and why; a figure in it would be another answer.
_NONE_NOTE = re.compile(r"^(\D+?)(?:[,;:。]|(?=\())\(?([^\d()]*)\)?$")
#: 是,沪红〔2024〕3号 and 有3个: the forms ask for a document behind yes or no.
_BESIDE = re.compile(r"^([^\s,;:。、(\d第见附]+)(?:[,;:。、]\s*|\s+|(?=[(\d第见附]))(.+)$")
_IN_BRACKETS = re.compile(r"^\(([^()]*)\)$")
#: What takes it back: 是,但未运行 and 无,有3个 are asked about.
_NO_YES = re.compile(r"但|未|没|无|否|是|筹|拟|计划|正在|准备|^\(?0(?!\d)|\b(?:but|not|no|planned)\b", re.IGNORECASE)
_NO_NO = re.compile(r"^\(?(?:\d|但?(?:是|有|已)|yes|but)", re.IGNORECASE)
#: Longer texts are no number, date or option.
_LONGEST = 300
_VARIATION = "\ufe0f"


@dataclass(frozen=True)
class ParsedValue:
    """What one cell means.

    Attributes
    ----------
    value : float, bool, str or None
        A number for count, number, money, percent and likert; a truth value for yesno; text otherwise,
        for a date as precise as it was written (``2017``, ``2017-03``, ``2017-03-01``). None when the cell is
        blank, says that there is no answer, or cannot be read.
    flags : tuple of str
        How the text differs from the plain value: ``full_width``, ``separator``, ``numeral``,
        ``multiplier``, ``unit`` (a unit was written behind it), ``other_unit`` (not the one asked for),
        ``converted`` (元 to 万元 or back), ``currency`` (a sign such as ¥), ``percent_sign``,
        ``approximate``, ``range``, ``note``, ``none_is_zero``, ``mark`` (yes or no by a sign), ``date_text``,
        ``lost_zero`` (2024.1 may be 2024.10), ``serial`` (an Excel day), ``scale_words`` (非常满意 for 5),
        ``control`` (invisible characters), ``traditional`` (Traditional Chinese), ``missing`` with ``dash``,
        ``unknown``, ``not_applicable`` or ``skipped``; ``unreadable``.
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
    kind : {"count", "number", "money", "percent", "yesno", "choice", "multichoice", "likert", "date", "text"}
        Kind of the question. 无 is 0 for counts, numbers and money, no for yes/no, and no figure for a
        percentage.
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
    the checks ask about both. Chinese numerals are read by cn2an, Traditional letters by OpenCC.

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
        near, near_zh = did_you_mean(kind, KINDS), meant_zh(kind, KINDS)
        raise MethodError(
            f"kind {kind!r} is no kind of question.{near} Choose from {some(KINDS, limit=10)}.",
            zh=f"没有 {kind!r} 这种题型。{near_zh}可选：{'、'.join(KINDS)}。",
        )
    raw = _as_text(text)
    if kind in _NUMERIC and len(raw) < 20 and _PLAIN.fullmatch(raw):
        return ParsedValue(float(raw))
    if len(raw) > _LONGEST and kind not in ("text", "choice", "multichoice"):
        return ParsedValue(None, ("unreadable",))
    folded, flags = _folded(raw, kind)
    parsed = _parse(folded, kind, unit, flags)
    if "unreadable" in parsed.flags and simplified(folded) != folded:
        again = _parse(simplified(folded), kind, unit, (*flags, "traditional"))
        return parsed if "unreadable" in again.flags else again
    return parsed


def _folded(raw: str, kind: str) -> tuple[str, tuple[str, ...]]:
    """Half width, without invisible characters and the full stop of a sentence; answers in words keep their letters."""
    visible = raw if raw.isprintable() else "".join(sign for sign in raw if sign in "\n\t\r" or not _invisible(sign))
    flags = ("control",) if visible != raw else ()
    if kind == "text":
        return visible.strip(), flags
    if kind in _NUMERIC and _FULL_WIDTH.search(raw):
        flags = (*flags, "full_width")
    clean = unicodedata.normalize("NFKC", visible).replace(_VARIATION, "").strip()
    return (clean if kind in ("choice", "multichoice") else clean.rstrip("。!;,、 ") or clean), flags


def _invisible(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cf")


def _parse(clean: str, kind: str, unit: str | None, flags: tuple[str, ...]) -> ParsedValue:
    missing = _missing(unicodedata.normalize("NFKC", clean) if kind == "text" else clean)
    if missing is not None:
        return ParsedValue(None, missing)
    if kind in _NUMERIC:
        return _number(_SPACES.sub("", clean), kind, unit, flags)
    if kind == "yesno":
        return _yes_or_no(clean, flags)
    if kind == "date":
        read = read_date(clean)
        return ParsedValue(None, (*flags, "unreadable")) if read is None else ParsedValue(read[0], (*flags, *read[1]))
    return ParsedValue(clean, flags)


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
    if not clean.strip(_DASHES):
        return ("missing", "dash")
    return None


def _number(clean: str, kind: str, unit: str | None, flags: tuple[str, ...]) -> ParsedValue:
    if clean.lower() in _NONE_WORDS and kind != "likert":
        return ParsedValue(0.0, (*flags, "none_is_zero")) if kind in _COUNTED else ParsedValue(None, _UNKNOWN)
    none = _NONE_NOTE.match(clean)
    if none and none[1].lower() in _NONE_WORDS and kind in _COUNTED:
        return ParsedValue(0.0, (*flags, "none_is_zero", "note"), none[2])
    value, more, note = read_amount(clean, kind, unit)
    return ParsedValue(value, (*flags, *more), note)


def _yes_or_no(clean: str, flags: tuple[str, ...]) -> ParsedValue:
    lowered = clean.lower()
    for answers, value in ((_YES, True), (_NO, False)):
        if lowered in answers:
            plain = lowered in ("是", "否", "yes", "no")
            return ParsedValue(value, flags if plain else (*flags, "mark"))
    ticked = {match["before"] or match["after"] for match in _TICKED.finditer(clean)}
    if len(ticked) == 1 and _BOXES.fullmatch(clean):
        return ParsedValue(ticked.pop() in "是有", (*flags, "mark"))
    match = _BESIDE.match(clean)
    if match and match[1].lower() in _YES | _NO:
        inner, beside = _yes_or_no(match[1], flags), match[2].strip()
        if not (_NO_YES if inner.value else _NO_NO).search(beside):
            return ParsedValue(inner.value, (*inner.flags, "note"), _IN_BRACKETS.sub(r"\1", beside))
    return ParsedValue(None, (*flags, "unreadable"))
