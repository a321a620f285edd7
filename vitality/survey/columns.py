"""Columns of a survey platform's export: which is which question, which are private."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from vitality.framework import Instrument, Question
from vitality.survey.findings import Finding
from vitality.survey.naming import near_miss, question_key
from vitality.survey.personal import PRIVATE_HEAD

#: Heads of the columns that a platform adds by itself; they are not answers.
PLATFORM_COLUMNS = frozenset(
    [
        "序号",
        "答卷编号",
        "提交答卷时间",
        "提交时间",
        "所用时间",
        "来源",
        "来源详情",
        "总分",
        "id",
        "serial",
        "starttime",
        "submittime",
        "duration",
        "seconds",
    ]
)
_PLACES = {
    **dict.fromkeys(("序号", "答卷编号", "id", "serial"), "serial"),
    **dict.fromkeys(("所用时间", "duration", "seconds"), "seconds"),
    **dict.fromkeys(("提交答卷时间", "提交时间", "submittime"), "submitted"),
}
#: Heads of the column that names the unit of a respondent.
UNIT_COLUMNS = (
    "所在街镇", "所属街镇", "街镇", "街镇名称", "所在单位", "所属单位", "单位名称", "填报单位", "乡镇街道", "所在街道",
    "所属乡镇", "town", "unit",
)  # fmt: skip
#: Names the unit where no better head does; on a form it heads the units of measurement.
BARE_UNIT = "单位"
_BY_NUMBER = re.compile(r"第\d+题")
_DASH = re.compile("[-–—―－﹣]+")


@dataclass(frozen=True)
class MatchedColumns:
    """Which column is what.

    `questions` are codes -> column; `ticks` codes -> {option code: column} for questions that are spread
    over one column an option; `places` are serial, unit, seconds, submitted -> column.
    """

    questions: dict[str, int] = field(default_factory=dict)
    ticks: dict[str, dict[str, int]] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def match_columns(
    head: Sequence[str], instrument: Instrument, *, source: str, wordings: Mapping[str, str] | None = None
) -> MatchedColumns:
    """Match the head of an export with the questions of an instrument, by text or by code.

    Parameters
    ----------
    head : sequence of str
        Such as 序号, 来源, ``6、您知道本街镇有红十字会（服务站）吗？``, or ``第6题(献血)`` for one option.
    instrument : Instrument
    source : str
        File name for findings.
    wordings : mapping, optional
        Question code -> head of its column, for questions that stand there in other words than their own.

    Returns
    -------
    MatchedColumns
        Private columns (names, telephone numbers, IP addresses) are never among them.
    """
    wordings = wordings or {}
    keys = question_keys(instrument, wordings)
    matched = MatchedColumns()
    unit_heads = (*((instrument.unit_column,) if instrument.unit_column else ()), *UNIT_COLUMNS)
    units = {question_key(name) for name in unit_heads}
    rest: dict[int, str] = {}
    for column, text in enumerate(head):
        heads = [question_key(line) for line in (text, *text.split("\n"))]
        key = next((key for key in heads if key in keys or key in units or key in PLATFORM_COLUMNS), heads[0])
        if key not in keys and key not in units and key not in PLATFORM_COLUMNS:
            key = next((part for part in _after_dashes(text) if part in keys or part in units), key)
        if PRIVATE_HEAD.search(heads[0]) and (key not in keys or _is_private(keys[key], instrument)):
            matched.findings.append(Finding("private_column", instrument.code, source, value=text.strip()))
        elif key in keys:
            if keys[key] in matched.questions:
                matched.findings.append(Finding("doubled_column", instrument.code, source, value=text.strip()))
            matched.questions.setdefault(keys[key], column)
        elif key in units:
            matched.places.setdefault("unit", column)
        elif key in PLATFORM_COLUMNS:
            if key in _PLACES:
                matched.places.setdefault(_PLACES[key], column)
        elif key:
            rest[column] = text
    _match_ticks(rest, instrument, source, matched, wordings)
    if "unit" not in matched.places:  # 单位 alone may mean much else
        bare = next((column for column, text in rest.items() if question_key(text) == BARE_UNIT), None)
        if bare is not None:
            matched.places["unit"] = bare
            rest.pop(bare)
    _note_rest(rest, keys, instrument, source, matched)
    return matched


def _is_private(code: str, instrument: Instrument) -> bool:
    return any(question.code == code and question.private == "drop" for question in instrument.questions)


def _after_dashes(text: str) -> Iterator[str]:
    """What stands behind the dashes of a head: a matrix is exported as 5、总标题—题干."""
    return (question_key(text[dash.end() :]) for dash in _DASH.finditer(text))


def _match_ticks(
    rest: dict[int, str], instrument: Instrument, source: str, matched: MatchedColumns, wordings: Mapping[str, str]
) -> None:
    """Columns of one option each: 第6题(献血), m02_献血, m02_blood, 题干:献血; a whole group goes to one question."""
    asked = {
        question.code: question
        for question in instrument.questions
        if question.kind == "multichoice" and question.code not in matched.questions
    }
    matched.ticks.update(_best_fits(_option_groups(rest, asked.values(), wordings), asked))
    for code, ticks in matched.ticks.items():
        for column in ticks.values():
            rest.pop(column)
        lacking = [option.label() for option in asked[code].options if option.code not in ticks]
        if lacking:
            details: dict[str, object] = {"lacking": "、".join(lacking)}
            matched.findings.append(Finding("missing_option", instrument.code, source, question=code, details=details))


def _best_fits(groups: dict[str, list[tuple[str, int]]], asked: Mapping[str, Question]) -> dict[str, dict[str, int]]:
    """Option code -> column for each question that a group belongs to; the group that fits best is given first.

    A group that is only numbered belongs to the question of whose options most of its columns are: a single option
    that two questions share tells nothing, and neither does a group that fits another question as well.
    """
    fits = []
    for code, question in asked.items():
        for stem, columns in groups.items():
            ticks = _option_columns(columns, question)
            most = 2 * len(ticks) > len({column for _, column in columns})
            if ticks and (stem == code or (most and stem not in asked)):
                fits.append((code, stem, ticks))
    given: dict[str, tuple[str, dict[str, int]]] = {}
    owners: dict[str, str] = {}
    for code, stem, ticks in sorted(fits, key=lambda fit: -len(fit[2])):
        if code not in given and stem not in owners:
            given[code], owners[stem] = (stem, ticks), code
    for code, stem, ticks in fits:
        if code not in given and stem in owners and len(given[owners[stem]][1]) == len(ticks):
            del given[owners.pop(stem)]
    return {code: ticks for code, (_, ticks) in given.items()}


def _option_columns(columns: Sequence[tuple[str, int]], question: Question) -> dict[str, int]:
    """Option code -> column, where a text of a group is an option of this question."""
    names = {
        question_key(word): option.code
        for option in question.options
        for word in (option.code, option.zh, option.en)
        if word
    }
    ticks: dict[str, int] = {}
    for text, column in columns:
        if text in names:
            ticks.setdefault(names[text], column)
    return ticks


def _option_groups(
    rest: dict[int, str], asked: Iterable[Question], wordings: Mapping[str, str]
) -> dict[str, list[tuple[str, int]]]:
    """Options and columns by what stands before the option: the code of a question, or a number such as 第6题."""
    stems = {
        question_key(word): question.code
        for question in asked
        for word in (wordings.get(question.code), question.code, question.text_zh, question.text_en)
        if word
    }
    groups: dict[str, list[tuple[str, int]]] = {}
    for column, text in rest.items():
        for line in dict.fromkeys((text, *text.split("\n"))):
            key = question_key(line, numbered=True)
            for place, sign in enumerate(key):
                if sign in "(:—-_":
                    stem, option = key[:place], key[place + 1 :]
                    name = stem if _BY_NUMBER.fullmatch(stem) else stems.get(question_key(stem))
                    if name:
                        groups.setdefault(name, []).extend([(option, column), (option.removesuffix(")"), column)])
    return groups


def _note_rest(
    rest: dict[int, str], keys: dict[str, str], instrument: Instrument, source: str, matched: MatchedColumns
) -> None:
    for text in rest.values():
        known = {*matched.questions, *matched.ticks}
        near = {near: code for near, code in keys.items() if near != code and code not in known}
        best = near_miss(question_key(text), near)
        details: dict[str, object] = {"near": _text(instrument, near[best])} if best else {}
        finding = Finding("unmatched_column", instrument.code, source, value=text.strip(), details=details)
        matched.findings.append(finding)
    for question in instrument.questions:
        there = question.code in matched.questions or question.code in matched.ticks
        if not there and question.required and question.private != "drop":
            matched.findings.append(Finding("missing_column", instrument.code, source, question=question.code))


def question_keys(instrument: Instrument, wordings: Mapping[str, str]) -> dict[str, str]:
    """Question code by its code and by its texts, or by the wording that stands for them."""
    keys = {question_key(wording): code for code, wording in wordings.items()}
    for question in instrument.questions:
        for text in (question.code, question.text_zh, question.text_en):
            if text and question.code not in wordings:
                keys.setdefault(question_key(text), question.code)
    return keys


def _text(instrument: Instrument, code: str) -> str:
    return next(question.label() for question in instrument.questions if question.code == code)
