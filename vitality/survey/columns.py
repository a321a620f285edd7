"""Columns of a survey platform's export: which is which question, which are private."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vitality.framework import Instrument
from vitality.survey.findings import Finding
from vitality.survey.naming import near_miss, question_key

#: Heads of the columns that a platform adds by itself; they are not answers.
PLATFORM_COLUMNS = frozenset(
    (
        "序号",
        "答卷编号",
        "提交答卷时间",
        "所用时间",
        "来源",
        "来源详情",
        "总分",
        "id",
        "serial",
        "starttime",
        "duration",
    )
)
_SERIAL = ("序号", "答卷编号", "id", "serial")
#: Heads of the column that names the unit of a respondent.
UNIT_COLUMNS = (
    "所在街镇",
    "所属街镇",
    "街镇",
    "街镇名称",
    "所在单位",
    "所属单位",
    "单位名称",
    "town",
    "unit",
)
_PRIVATE = re.compile(
    r"来自ip|^ip$|ip地址|姓名|联系人|电话|手机|微信|openid|qq|邮箱|e-?mail|身份证|住址|家庭地址|签名"
    r"|phone|wechat|^name$|contact",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class MatchedColumns:
    """Question code -> column, place name (serial, unit) -> column, and what was noticed."""

    questions: dict[str, int]
    places: dict[str, int]
    findings: list[Finding]


def match_columns(head: Sequence[str], instrument: Instrument, *, source: str) -> MatchedColumns:
    """Match the head of an export with the questions of an instrument, by text or by code.

    Parameters
    ----------
    head : sequence of str
        Such as 序号, 来源, ``6、您知道本街镇有红十字会（服务站）吗？``.
    instrument : Instrument
    source : str
        File name for findings.

    Returns
    -------
    MatchedColumns
        Private columns (names, telephone numbers, IP addresses) are never among them.
    """
    keys = _question_keys(instrument)
    questions: dict[str, int] = {}
    places: dict[str, int] = {}
    findings: list[Finding] = []
    unit_heads = (*((instrument.unit_column,) if instrument.unit_column else ()), *UNIT_COLUMNS)
    units = {question_key(name) for name in unit_heads}
    for column, text in enumerate(head):
        key = question_key(text)
        if key in keys:
            questions.setdefault(keys[key], column)
        elif key in units:
            places.setdefault("unit", column)
        elif key in PLATFORM_COLUMNS:
            if key in _SERIAL:
                places.setdefault("serial", column)
        elif _PRIVATE.search(key):
            findings.append(Finding("private_column", instrument.code, source, value=text.strip()))
        elif key:
            near = {near: code for near, code in keys.items() if near != code}
            best = near_miss(key, near)
            details: dict[str, object] = {"near": _text(instrument, near[best])} if best else {}
            findings.append(Finding("unmatched_column", instrument.code, source, value=text.strip(), details=details))
    for question in instrument.questions:
        if question.code not in questions and question.required:
            findings.append(Finding("missing_column", instrument.code, source, question=question.code))
    return MatchedColumns(questions, places, findings)


def _question_keys(instrument: Instrument) -> dict[str, str]:
    """Question code by its code and by its texts."""
    keys: dict[str, str] = {}
    for question in instrument.questions:
        for text in (question.code, question.text_zh, question.text_en):
            if text:
                keys.setdefault(question_key(text), question.code)
    return keys


def _text(instrument: Instrument, code: str) -> str:
    return next(question.label() for question in instrument.questions if question.code == code)
