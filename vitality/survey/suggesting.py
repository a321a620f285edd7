"""Proposing a mapping: which column or row of an unknown workbook is which question, with scores."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path

import numpy as np

from vitality.errors import SurveyError
from vitality.framework import Framework, Instrument, Question
from vitality.framework.files import write_file
from vitality.framework.packages import column_letters
from vitality.survey.blocks import Collected
from vitality.survey.columns import BARE_UNIT, PLATFORM_COLUMNS, UNIT_COLUMNS
from vitality.survey.grids import Grid, read_grids
from vitality.survey.heads import JOIN, filled, head_paths, path
from vitality.survey.layouts import COLUMNS_MARK, collect
from vitality.survey.mapping import MAPPING_FILE, read_mappings
from vitality.survey.naming import question_key
from vitality.survey.personal import MASK, mask_personal, masked_name
from vitality.survey.settings import belongs, find_round, raw_files

SUGGESTED_FILE = "mapping.suggested.yaml"
#: Scores (0 to 100): below the first nothing is proposed, below the second it is marked to be checked.
_PROPOSED, _SURE = 55.0, 85.0
_HEAD_ROWS, _LABEL_COLUMNS = 14, 6
_LEAD = re.compile(r"^(其中[:：]?|年末|本年度|本年|全年|当年)+")
_UNIT_CELL = re.compile(r"(?:填报单位|填表单位|单位名称|街镇(?:名称)?|乡镇街道)\s*[:：]\s*\S")
_BRACKETS = re.compile(r"[（(].*?[）)]")


@dataclass(frozen=True)
class Suggestion:
    """How one sheet seems to be laid out: the mapping of `FileMapping`, with a score for each question.

    `rest` are the heads that no question was found for.
    """

    file: str
    sheet: str
    instrument: str
    direction: str
    head: tuple[int, int]
    answers: int | None
    questions: dict[str, tuple[str, float]]
    unit: str = "file"
    rest: tuple[str, ...] = ()

    @property
    def total(self) -> float:
        """Sum of the scores."""
        return sum(score for _, score in self.questions.values())


def suggest_mapping(folder: str | PathLike[str], framework: Framework) -> tuple[Suggestion, ...]:
    """Propose how the files of a round are laid out that are no forms of ours and have no mapping yet.

    Files that can be read in part only, without the unit or with half of the questions missing, are among them.

    Parameters
    ----------
    folder : path
        The round folder.
    framework : Framework

    Returns
    -------
    tuple of Suggestion
        One a file; text is compared by RapidFuzz, each question gets one head at most.

    Raises
    ------
    SurveyError
        If the folder is missing or its mapping cannot be used.
    """
    place = find_round(folder)
    mappings = read_mappings(place, framework)
    found = []
    for file in raw_files(place):
        forms = [form for form in framework.instruments if belongs(file, form.code) and form.layout != "judgements"]
        if not forms or any(item.fits(file.name, forms[0].code) for item in mappings):
            continue
        try:
            grids = read_grids(file)
        except SurveyError:
            continue  # `read_round` tells of it
        if _badly_read(collect([(file, grids)], forms[0]), grids, forms[0]):
            best = max((_best(grid, forms[0]) for grid in grids), key=lambda item: item.total, default=None)
            if best is not None and best.questions:
                found.append(best)
    return tuple(found)


def _badly_read(found: Collected, grids: Sequence[Grid], instrument: Instrument) -> bool:
    """Whether a file that is no form of ours cannot be read, names no unit, or lacks half of the questions."""
    rules = [finding.rule for finding in found.findings]
    if {"not_a_form", "not_an_export"} & {*rules}:
        return True
    ours = any(COLUMNS_MARK in row for grid in grids for row in grid.texts)
    if ours or instrument.layout == "table":
        return False
    named = any(text.strip() for block in found.blocks for text in block.about.get("unit", ()))
    required = sum(question.required and question.private != "drop" for question in instrument.questions)
    return not named or 2 * rules.count("missing_column") >= max(required, 1)


def write_suggestions(suggestions: Sequence[Suggestion], folder: str | PathLike[str], framework: Framework) -> Path:
    """Write proposals as ``mapping.suggested.yaml``; it is used once a person has renamed it to ``mapping.yaml``.

    Returns
    -------
    Path
    """
    return write_file(find_round(folder) / SUGGESTED_FILE, mapping_text(suggestions, framework), error=SurveyError)


def mapping_text(suggestions: Sequence[Suggestion], framework: Framework) -> str:
    """Write proposals as the text of a mapping file, each with its score and the question beside it."""
    lines = [
        f"# 建议的对应表：请逐行核对，改名为 {MAPPING_FILE} 后生效。分数 0-100，低于 {_SURE:.0f} 的标有“核对”。",
        f"# Proposed mapping: check each line, then rename to {MAPPING_FILE}. Scores 0-100; those below "
        f"{_SURE:.0f} say 'check'.",
    ]
    for item in suggestions:
        lines += [
            f"- files: {_quoted(mask_personal(item.file).replace(MASK, '*'))}",
            f"  instrument: {item.instrument}",
            *([f"  sheet: {_quoted(masked_name(item.sheet))}"] if item.sheet else []),
            f"  direction: {item.direction}",
            f"  head: [{item.head[0]}, {item.head[1]}]",
            *([f"  answers: {item.answers}"] if item.answers else []),
            f"  unit: {_quoted(item.unit)}  # column <表头 head>, cell B2, file, sheet",
            "  questions:",
        ]
        for question in framework.instrument(item.instrument).questions:
            label = question.label()
            if question.code in item.questions:
                head, score = item.questions[question.code]
                check = "" if score >= _SURE else "，核对 check"
                lines.append(f"    {question.code}: {_quoted(head)}  # {score:.0f}{check}: {label}")
            else:
                lines.append(f"    # {question.code}:   # {label}")
        if item.rest:
            lines.append("    # 以下表头没有对应的题目，请人工核对 | heads for which no question was found:")
            lines += [f"    #   {_quoted(head)}" for head in item.rest]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _best(grid: Grid, instrument: Instrument) -> Suggestion:
    """The layout under which the heads of a sheet look most like the questions of an instrument."""
    rows = filled(grid)
    columns = [Suggestion(grid.file, grid.sheet, instrument.code, "columns", (1, 1), None, {})]
    for first, last in _spans(min(len(rows), _HEAD_ROWS)):
        matched = _match(head_paths(rows, first, last, spread=not grid.merged), instrument)
        columns.append(_suggestion(grid, instrument, "columns", (first + 1, last + 1), None, matched))
    across = _with_upper_levels(max(columns, key=_rank), rows, grid, instrument)
    down = []
    for first, last in _spans(min(max(map(len, rows), default=0), _LABEL_COLUMNS)):
        labels = [path(row[first : last + 1]) for row in rows]
        matched = _match(labels, instrument)
        places = [labels.index(head) for head, _ in matched.values()]
        answer = _answer_column(rows, places, last)
        if answer is not None:
            beside = {label for label, row in zip(labels, rows) if answer < len(row) and row[answer].strip()}
            inside = [label for label in labels[min(places) : max(places) + 1] if label in beside]
            found = _suggestion(grid, instrument, "rows", (first + 1, last + 1), answer + 1, matched)
            down.append(replace(found, rest=_unused(inside, found), unit=_unit_cell(rows[: min(places)])))
    return max((*down, across), key=lambda item: round(item.total))


def _rank(item: Suggestion) -> tuple[int, int]:
    """The higher score, and of equal ones the narrower head."""
    return round(item.total), item.head[0] - item.head[1]


def _with_upper_levels(best: Suggestion, rows: list[list[str]], grid: Grid, instrument: Instrument) -> Suggestion:
    """Take rows above the head into it that hold several texts, as upper levels do and titles do not."""
    first, last = best.head[0] - 1, best.head[1] - 1
    while first > 0 and last - first < 2 and _is_level(rows[first - 1]):
        first -= 1
    heads = head_paths(rows, first, last, spread=not grid.merged)
    leaves = head_paths(rows, best.head[0] - 1, last, spread=not grid.merged)
    questions = {code: (heads[leaves.index(head)], score) for code, (head, score) in best.questions.items()}
    unit = _unit_head(heads)
    found = _suggestion(
        grid, instrument, "columns", (first + 1, last + 1), None, questions, f"column {unit}" if unit else "file"
    )
    return replace(found, rest=_unused(heads, found))


def _is_level(row: list[str]) -> bool:
    """Whether a row may be an upper level of a head: several texts, of which none is a note such as 填报单位：甲镇."""
    texts = {text for text in row if text.strip()}
    return len(texts) > 2 and not any(":" in text or "：" in text for text in texts if not text.startswith("其中"))


def _unit_head(heads: Sequence[str]) -> str:
    """The head that names the unit of a respondent; 单位 alone where there is no better one."""
    keys = {question_key(head.split(JOIN)[-1]): head for head in reversed(heads)}
    return next((keys[word] for word in (*UNIT_COLUMNS, BARE_UNIT) if word in keys), "")


def _unit_cell(rows: Sequence[Sequence[str]]) -> str:
    """The cell above a form that names its unit, such as 填报单位：甲镇; otherwise the name of the file does."""
    cells = ((row, column, text) for row, line in enumerate(rows) for column, text in enumerate(line))
    found = next((place for place in cells if _UNIT_CELL.match(place[2].strip())), None)
    return f"cell {column_letters(found[1])}{found[0] + 1}" if found else "file"


def _unused(heads: Sequence[str], found: Suggestion) -> tuple[str, ...]:
    """Heads that neither a question nor the unit takes, without the columns that count or time the answers."""
    used = {head for head, _ in found.questions.values()} | {found.unit.removeprefix("column ")}
    return tuple(
        head
        for head in dict.fromkeys(heads)
        if head and head not in used and question_key(head) not in PLATFORM_COLUMNS
    )


def _spans(number: int) -> Iterator[tuple[int, int]]:
    """Neighbouring rows (or columns) that may be a head: one to three of them."""
    return ((first, last) for first in range(number) for last in range(first, min(first + 3, number)))


def _suggestion(
    grid: Grid,
    instrument: Instrument,
    direction: str,
    head: tuple[int, int],
    answers: int | None,
    matched: dict[str, tuple[str, float]],
    unit: str = "file",
) -> Suggestion:
    return Suggestion(grid.file, grid.sheet, instrument.code, direction, head, answers, matched, unit)


def _answer_column(rows: list[list[str]], places: list[int], last: int) -> int | None:
    """Column right of the labels that is filled most often beside matched labels, numbers first."""
    if not places:
        return None
    width = max(len(rows[place]) for place in places)
    counts = []
    for column in range(last + 1, width):
        texts = [rows[place][column].strip() for place in places if column < len(rows[place])]
        digits = sum(any(sign.isdigit() for sign in text) for text in texts)
        counts.append((digits + 0.1 * sum(map(bool, texts)), -column))
    return -max(counts)[1] if counts and max(counts)[0] > 0 else None


def _match(heads: Sequence[str], instrument: Instrument) -> dict[str, tuple[str, float]]:
    """Give each question the head that suits it best, each head used once."""
    from rapidfuzz import fuzz, process
    from scipy.optimize import linear_sum_assignment

    unit = _unit_head(heads)
    words = [head for head in dict.fromkeys(heads) if any(map(str.isalpha, question_key(head))) and head != unit]
    if not words or not instrument.questions:
        return {}
    score = np.zeros((len(instrument.questions), len(words)))
    whole = [question_key(word) for word in words]
    leaves = [question_key(word.split(JOIN)[-1]) for word in words]
    joined = [question_key(word.replace(JOIN, "")) for word in words]
    for position, question in enumerate(instrument.questions):
        names = _names(question)
        for keys, weight in ((whole, 1.0), (joined, 1.0), (leaves, 0.98)):
            score[position] = np.maximum(
                score[position], weight * process.cdist(names, keys, scorer=fuzz.ratio).max(axis=0)
            )
        score[position, [key == question_key(question.code) for key in leaves]] = 100.0
    rows, columns = linear_sum_assignment(score, maximize=True)
    return {
        instrument.questions[row].code: (words[column], float(score[row, column]))
        for row, column in zip(rows, columns)
        if score[row, column] >= _PROPOSED
    }


def _names(question: Question) -> list[str]:
    """Ways to name a question: its texts, also without what goes without saying."""
    texts = [text for text in (question.text_zh, question.text_en) if text]
    short = [_LEAD.sub("", _BRACKETS.sub("", text)) for text in texts]
    names = {question_key(text) for text in (*texts, *short)}
    return sorted(name for name in names if name)
