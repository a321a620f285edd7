"""Rows of a list that are no respondent: totals, signatures and filling notes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Literal

from vitality.survey.naming import simplified, tidy

Kind = Literal["subtotal", "total", "average", "part", "signature", "note"]

_TOTAL = re.compile(
    r"[(\[【]?(?P<whose>.{0,20}?)(?:"
    r"(?P<subtotal>小计|分计|sub-?totals?)|(?P<total>合计|总计|共计|总和|(?:grand ?)?totals?|sum)"
    r"|(?P<average>平均(?:数|值)?|均值|averages?|means?))[)\]】]?:? ?(?:\(.*\)|\d+[个家所户条]*)?:?"
)
#: What may stand before the word: 全区合计 and 本页合计 are totals of everything, 乙街道合计 of some rows.
_EVERYTHING = re.compile(r"[全总各本]|以上|所有")
_PART = re.compile(r"其中(?:[:(]|$)")
_WHO = (
    "(?:填表|填报|制表|审核|复核|审批|核对|校对|经办|上报|报送|统计|录入)(?:人|员|人员|单位|部门|日期|时间|意见|负责人)",
    "制表|审核|复核|审批|核对|经办|经手人|会长|秘书长|站长|法定代表人|手机|电话|邮箱|电子邮箱|传真|日期|签字|签名|签章",
    "(?:单位|部门|主要|分管)?(?:负责人|领导)|主管(?:领导|部门)?|(?:联系|联络)(?:人|电话|方式)",
    "(?:单位|部门)?(?:盖章|公章|签章|印章)|单位(?:名称)?\\((?:盖章|公章|签章|章)\\)",
    "prepared by|checked by|signature|signed|contact|telephone|date",
)
_SIGNATURE = re.compile(rf"[(]?(?P<label>{'|'.join(_WHO)})(?:签字|签名|盖章|签章)?(?:\([^()]*\)|\))?(?P<rest>:.*|)")
_NOTE = re.compile(
    r"(?P<label>[*※]?(?:注(?:意|释)?|备注|附注|说明|(?:填表|填报|指标|有关)?(?:说明|要求)|notes?|remarks?)\d*[:.、)])"
)
_NUMBER = re.compile(r"\d+(\.\d+)?")
_NUMBERED = re.compile(r"\(?\d{1,2}[.、)](?!\d)|\([一二三四五六七八九十]\)|[一二三四五六七八九十]+、")
_MARKED = re.compile(r"\s*[①-⑳*＊※]")


@dataclass(frozen=True)
class StopText:
    """What the text of a cell says about its row; `shown` can be told, since it holds no name of a person."""

    kind: Kind
    shown: str
    bare: bool = False


@lru_cache(maxsize=1 << 16)
def stop_text(text: str) -> StopText | None:
    """Tell whether a cell is the word of a total, a signature or a filling note; None for anything else.

    A name that merely begins with such a word, such as 制表厂红十字会 or 总计科技公司, is none.

    Examples
    --------
    >>> stop_text("合 计").kind, stop_text("乙街道小计").kind, stop_text("填表人：王某").shown
    ('total', 'subtotal', '填表人')
    >>> stop_text("总计科技公司红十字会"), stop_text("制表厂"), stop_text("Summer camp")
    (None, None, None)
    """
    key = simplified(tidy(text)).lower()
    total = _TOTAL.fullmatch(key)
    if total and not (total["whose"].isascii() and total["whose"]):
        some = total["subtotal"] or (total["whose"] and not _EVERYTHING.match(total["whose"]))
        return StopText("average" if total["average"] else "subtotal" if some else "total", text.strip())
    if _PART.match(key):
        return StopText("part", text.strip())
    signed = _SIGNATURE.fullmatch(key) or _SIGNATURE.fullmatch(_spaced(text))
    if signed:
        return StopText("signature", signed["label"], bare=signed["rest"] in ("", ":"))
    note = _NOTE.match(key)
    return StopText("note", note["label"].rstrip(":.、)")) if note else None


def _spaced(text: str) -> str:
    """A text in which a space behind a signature label counts as its colon: 审核 赵某."""
    return re.sub(r"^(\S+)\s+(?=\S)", r"\1:", unicodedata.normalize("NFKC", text).strip())


def numbered_note(text: str) -> str:
    """Number or mark with which a filling note begins, such as 1. or ※; nothing for other texts."""
    match = _MARKED.match(text) or _NUMBERED.match(unicodedata.normalize("NFKC", text).strip().replace(" ", ""))
    return match[0].strip() if match else ""


def first_texts(row: Sequence[str]) -> list[int]:
    """Columns of the first two texts of a row that are no plain numbers: the unit and the name, say."""
    texts = (column for column, text in enumerate(row) if text.strip() and not _NUMBER.fullmatch(text.strip()))
    return [*islice(texts, 2)]


def unsigned(row: Sequence[str]) -> list[int]:
    """Columns of the filled cells of a row that belong to no signature: neither a label nor what follows a bare one."""
    found, before = [], None
    for column, text in enumerate(row):
        if not text.strip():
            continue
        said = stop_text(text)
        if said is None and before is not None and before.kind == "signature" and before.bare:
            before = None
            continue
        if said is None or said.kind not in ("signature", "note"):
            found.append(column)
        before = said
    return found
