"""Options by column and by number: what an export by code says, in the words of the options."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from vitality.framework import Instrument, Option, Question
from vitality.survey.answers import EXPORT_SEPARATOR, PLATFORM_CODES, RANK_SEPARATOR
from vitality.survey.blocks import Collected
from vitality.survey.findings import Finding
from vitality.survey.grids import Grid
from vitality.survey.naming import question_key
from vitality.survey.personal import mask_personal
from vitality.survey.spss import SKIPPED
from vitality.survey.values import parse_value

_MISSING = frozenset(("", SKIPPED, "(空)", *PLATFORM_CODES))
_TICKED = frozenset(
    ["选", "选中", "已选", "已选中", "已选择", "勾选", "已勾选", "提及", "checked", "selected", "ticked", "chosen",
     "mentioned"]
)  # fmt: skip
_NOT_TICKED = frozenset(
    ["未选", "未选中", "未选择", "没选", "不选", "未勾选", "未提及", "unchecked", "unselected", "not checked",
     "not selected", "not ticked", "not chosen", "not mentioned"]
)  # fmt: skip
_UNKNOWN = "?"
_OPEN_TEXT = re.compile("〖.*?〗")
_BETWEEN_NUMBERS = re.compile("[|┋→]")


def ticked_options(
    grid: Grid, ticks: dict[str, int], numbers: Sequence[int], question: Question, instrument: str, found: Collected
) -> list[str]:
    """One text a respondent from one column an option, which holds yes and no in some words, or ranks.

    Parameters
    ----------
    grid : Grid
    ticks : dict
        Option code -> column.
    numbers : sequence of int
        Rows of the respondents.
    question : Question
    instrument : str
    found : Collected
        Takes a finding for each word that cannot be told.

    Returns
    -------
    list of str
        Blank for a respondent with such a word.
    """
    columns = list(ticks.values())
    by_code = {option.code: option for option in question.options}
    options = [by_code[code] for code in ticks]
    rows = [tuple(_at(grid.texts[number], column) for column in columns) for number in numbers]
    texts = {row: _joined(row, options) for row in dict.fromkeys(rows)}
    unknown: dict[str, list[str]] = {}
    for number, row in zip(numbers, rows):
        for position in texts[row][1]:
            unknown.setdefault(row[position].strip(), []).append(grid.source(number, columns[position]))
    for word, places in unknown.items():
        details: dict[str, object] = {"n": len(places)}
        finding = Finding("unknown_tick", instrument, places[0], "", question.code, mask_personal(word), details)
        found.findings.append(finding)
    return [texts[row][0] for row in rows]


def _at(line: Sequence[str], column: int) -> str:
    return line[column] if column < len(line) else ""


def _joined(cells: Sequence[str], options: Sequence[Option]) -> tuple[str, list[int]]:
    """Text of one respondent's answer, and the positions of the cells that cannot be told."""
    meanings = [_meaning(str(cell), option) for cell, option in zip(cells, options)]
    unknown = [position for position, meaning in enumerate(meanings) if meaning == _UNKNOWN]
    chosen = sorted((int(m), position) for position, m in enumerate(meanings) if m not in ("", "0", _UNKNOWN))
    numbers = [number for number, _ in chosen]
    labels = [options[position].label() for _, position in chosen]
    if unknown:
        return "", unknown
    if not chosen:
        return "(空)" if "0" in meanings else next((cell.strip() for cell in cells if cell.strip()), ""), []
    if numbers[-1] == 1:
        return EXPORT_SEPARATOR.join(labels), []
    if numbers == list(range(1, len(numbers) + 1)):
        return RANK_SEPARATOR.join(labels), []
    return "", [position for number, position in chosen if number > 1]


@cache
def _meaning(cell: str, option: Option) -> str:
    """``1``, a rank or ``0``; nothing where there is no answer; ``?`` where it cannot be told.

    The option's own text is a tick too, unless it also says no: 无 in a column of 无 may be either.
    """
    word = unicodedata.normalize("NFKC", cell).strip().lower().removesuffix(".0")
    if word.isdecimal():
        return word.lstrip("0") or "0"
    if word in PLATFORM_CODES:
        return ""
    if word in _TICKED or word in _NOT_TICKED:
        return "1" if word in _TICKED else "0"
    key = question_key(_OPEN_TEXT.sub("", word))
    own = bool(key) and key in {question_key(text) for text in (option.zh, option.en, option.code) if text}
    parsed = parse_value(word, "yesno")
    if own:
        return _UNKNOWN if parsed.value is False else "1"
    if parsed.value is not None:
        return "1" if parsed.value else "0"
    return "" if "missing" in parsed.flags else _UNKNOWN


def options_by_number(texts: npt.NDArray[np.object_], instrument: Instrument, *, by_code: bool) -> list[str]:
    """Turn the numbers of options into their texts, in place, where a whole column holds such numbers.

    Gives the codes of the questions that held numbers. With `by_code` the file is known to hold them, so that a
    column of nothing but 1 says yes.
    """
    decoded = []
    for position, question in enumerate(instrument.questions):
        if question.kind not in ("choice", "multichoice", "yesno"):
            continue
        labels = ["是", "否"] if question.kind == "yesno" else [option.label() for option in question.options]
        answers = set(texts[:, position]) - _MISSING
        numbers = {number for answer in answers for number in _BETWEEN_NUMBERS.split(str(answer))}
        words = {str(number): label for number, label in enumerate(labels, start=1)}
        known = {question_key(word) for option in question.options for word in (option.code, option.zh, option.en)}
        sure = by_code or question.kind != "yesno" or "2" in numbers
        if answers and numbers <= set(words) and not numbers & known and sure:
            written = {answer: _in_words(str(answer), words) for answer in answers}
            texts[:, position] = [written.get(text, text) for text in texts[:, position]]
            decoded.append(question.code)
    return decoded


def _in_words(answer: str, words: dict[str, str]) -> str:
    """The options of one answer; a ranking keeps its order."""
    separator = RANK_SEPARATOR if RANK_SEPARATOR in answer else EXPORT_SEPARATOR
    return separator.join(words[number] for number in _BETWEEN_NUMBERS.split(answer))
