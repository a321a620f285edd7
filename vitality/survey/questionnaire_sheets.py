"""The workbook of a survey: a questionnaire to print or to fill in, and a sheet into which many are typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from vitality.framework import Framework, Instrument, Lang, Question
from vitality.framework.packages import column_letters
from vitality.framework.sheets import print_on_a4, row_height
from vitality.survey.codebook import add_codebook
from vitality.survey.columns import UNIT_COLUMNS
from vitality.survey.form_sheets import Heading, answer_rule, notice_lines, offered_answers, start_sheet
from vitality.survey.layouts import ANSWER_MARK, COLUMNS_MARK, ENTRY_HEADS, SERIAL_COLUMN, UNIT_COLUMN, UNIT_MARK
from vitality.survey.workbooks import Looks, choice_list, input_message, save_workbook

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

#: Questionnaires that an entry sheet takes before rows are inserted.
ENTRY_ROWS = 500
#: What an option that was ticked is typed as.
TICK = "1"
#: Of the columns of the paper: number, question, answer, options.
_PAPER_WIDTHS = (7, 56, 22, 56)
_WORDS: dict[str, tuple[str, str]] = {
    "sheet_paper": ("问卷", "questionnaire"),
    "sheet_entry": ("录入表", "entry"),
    "number": ("序号", "No."),
    "question": ("题目", "Question"),
    "answer": ("回答", "Answer"),
    "options": ("选项", "Options"),
    "notes_paper": (
        "本表供打印、在问卷平台建题，也可直接在浅黄色单元格作答后交回；多份纸质问卷请录入“录入表”，一份一行。"
        "题目文字请勿改动，平台导出后据此对应，第1题必须有。请勿填写或导出姓名、电话、IP等个人信息。",
        "To be printed, built on a survey platform, or answered in the light yellow cells and sent back. Type paper "
        "questionnaires into the sheet 'entry', one a row. Keep the wording, by which an export is matched, and "
        "question 1. No names, telephone numbers or IP addresses.",
    ),
    "notes_entry": (
        "录入说明：一份问卷一行，只填浅黄色单元格；多选题选中的选项填1，未选的留空；未作答的留空。行数不够可插入行，请勿增删列。",
        "How to enter: one questionnaire a row, light yellow cells only; 1 for each option that was ticked, blank for "
        "the others and where there is no answer. Insert rows if there are too few, never columns.",
    ),
    "several": (
        "可多选；填在一格中的，用分号隔开",
        "more than one possible; in one cell, separate them by a semicolon",
    ),
    "which_unit": ("请从列表中选择或填写全称", "choose from the list, or write the full name"),
}


def _word(key: str, lang: Lang) -> str:
    return _WORDS[key][lang == "en"]


def write_questionnaire(
    framework: Framework, instrument: Instrument, path: Path, *, units: Sequence[str] = (), lang: Lang
) -> Path:
    """Write a survey: a questionnaire to print or fill in, an entry sheet for many, and the codebook.

    The first question asks for the unit, under a head that exports are matched by; `units` are offered.
    """
    workbook = _paper(framework, instrument, units, lang)
    _entry(workbook, framework, instrument, units, lang)
    add_codebook(workbook, framework, instrument, lang)
    return save_workbook(workbook, path)


def unit_question(framework: Framework, instrument: Instrument, lang: Lang) -> str:
    """Text of the question for the unit, as the reader of exports knows it: 所在街镇, Town.

    Examples
    --------
    >>> from vitality.framework import read_framework
    >>> framework = read_framework("redcross")
    >>> [unit_question(framework, framework.instrument("m"), lang) for lang in ("zh", "en")]
    ['所在街镇', 'Town']
    """
    if instrument.unit_column:
        return instrument.unit_column
    if lang == "en":
        word = framework.units(lang).removesuffix("s").lower()
        return (word if word in UNIT_COLUMNS else "unit").capitalize()
    text = f"所在{framework.units(lang)}"
    return text if text in UNIT_COLUMNS else "所在单位"


def _paper(framework: Framework, instrument: Instrument, units: Sequence[str], lang: Lang) -> Workbook:
    """One question a row, the answer in an open cell, the options as boxes to tick on paper."""
    lines = notice_lines(framework, Heading(), _word("notes_paper", lang), lang)
    workbook, sheet, looks = start_sheet(instrument.label(lang), lines, 5)
    sheet.title = _word("sheet_paper", lang)
    for letter, width in zip("BCDE", _PAPER_WIDTHS):
        sheet.column_dimensions[letter].width = width
    row = len(lines) + 2
    for column, mark in ((1, COLUMNS_MARK), (4, ANSWER_MARK)):
        sheet.cell(row, column, mark)
    sheet.row_dimensions[row].hidden = True
    row += 1
    for column, key in enumerate(("number", "question", "answer", "options"), start=2):
        looks.head(sheet.cell(row, column, _word(key, lang)))
    sheet.freeze_panes = f"A{row + 1}"
    print_on_a4(sheet, heads=(row, row))
    _ask(sheet, looks, row + 1, (UNIT_MARK, 1, unit_question(framework, instrument, lang)), _boxes(units))
    _unit_rule(sheet, units, f"D{row + 1}", lang)
    for number, question in enumerate(instrument.questions, start=2):
        row += 1
        text = question.label(lang) + (f"\n{question.note(lang)}" if question.note(lang) else "")
        _ask(sheet, looks, row + 1, (question.code, number, text), _boxes_of(question, lang))
        if question.kind == "multichoice":
            input_message(sheet, [f"D{row + 1}"], (_word("answer", lang), _word("several", lang)))
        else:
            answer_rule(sheet, question, f"D{row + 1}", lang)
    sheet.protection.enable()
    return workbook


def _ask(sheet: Worksheet, looks: Looks, row: int, asked: tuple[str, int, str], boxes: str) -> None:
    """Write one question of the paper, with room for its answer."""
    for column, value in ((1, asked[0]), (2, asked[1]), (3, asked[2]), (5, boxes)):
        cell = sheet.cell(row, column, value or None)
        cell.alignment, cell.border = looks.middle if column == 2 else looks.wrapped, looks.frame
    looks.answer(sheet.cell(row, 4))
    height = row_height([(asked[2], _PAPER_WIDTHS[1]), (boxes, _PAPER_WIDTHS[3])])
    sheet.row_dimensions[row].height = height + 12  # room for a pen


def _boxes_of(question: Question, lang: Lang) -> str:
    """Boxes of the options, or a line to write on."""
    options = offered_answers(question, lang) or [option.label(lang) for option in question.options]
    boxes = _boxes(options) or f"{'_' * 12} {question.unit(lang)}".rstrip()
    return f"{boxes}\n{_word('several', lang)}" if question.kind == "multichoice" else boxes


def _boxes(options: Sequence[str]) -> str:
    return "　".join(f"□ {option}" for option in options)


def _unit_rule(sheet: Worksheet, units: Sequence[str], cells: str, lang: Lang) -> None:
    """Offer the units, or say that the full name is asked for."""
    message = (_word("answer", lang), _word("which_unit", lang))
    if units:
        choice_list(sheet, units, [cells], message=message)
    else:
        input_message(sheet, [cells], message)


@dataclass(frozen=True)
class _Column:
    """One column of the entry sheet: its hidden code, its head, and the option where several can be ticked."""

    code: str
    text: str
    width: float
    option: str = ""
    question: Question | None = None


def _columns(framework: Framework, instrument: Instrument, lang: Lang) -> Iterator[_Column]:
    yield _Column(SERIAL_COLUMN, _word("number", lang), 7)
    yield _Column(UNIT_COLUMN, unit_question(framework, instrument, lang), 18)
    for question in instrument.questions:
        text = question.label(lang)
        if question.kind != "multichoice":
            yield _Column(question.code, text, 18, question=question)
            continue
        for option in question.options:
            yield _Column(f"{question.code}_{option.code}", text, 12, option.label(lang), question)


def _entry(workbook: Workbook, framework: Framework, instrument: Instrument, units: Sequence[str], lang: Lang) -> None:
    """One questionnaire a row, one column a question, and one an option where several can be ticked."""
    columns = list(_columns(framework, instrument, lang))
    lines = notice_lines(framework, Heading(), _word("notes_entry", lang), lang)
    _, sheet, looks = start_sheet(instrument.label(lang), lines, min(1 + len(columns), 10), beside=workbook)
    sheet.title = _word("sheet_entry", lang)
    codes = len(lines) + 2
    sheet.row_dimensions[codes].hidden = True
    sheet.cell(codes, 1, COLUMNS_MARK)
    _entry_heads(sheet, looks, codes, columns)
    first = codes + ENTRY_HEADS + 1
    last = first + ENTRY_ROWS - 1
    for place, column in enumerate(columns[1:], start=3):
        letter = column_letters(place - 1)
        _entry_rule(sheet, column, units, f"{letter}{first}:{letter}{last}", lang)
        for row in range(first, last + 1):
            looks.answer(sheet.cell(row, place))
    for row in range(first, last + 1):
        sheet.cell(row, 2, row - first + 1).alignment = looks.middle
    sheet.freeze_panes = f"D{first}"
    sheet.protection.enable()
    sheet.protection.insertRows = False  # False: not forbidden
    print_on_a4(sheet, landscape=True, heads=(codes + 1, codes + ENTRY_HEADS))


def _entry_rule(sheet: Worksheet, column: _Column, units: Sequence[str], cells: str, lang: Lang) -> None:
    if column.question is None:
        _unit_rule(sheet, units, cells, lang)
    elif column.option:
        choice_list(sheet, [TICK], [cells], message=(column.text, column.option))
    else:
        answer_rule(sheet, column.question, cells, lang)


def _entry_heads(sheet: Worksheet, looks: Looks, codes: int, columns: Sequence[_Column]) -> None:
    """Hidden codes, and below them two rows of heads: a question over its options, or over both rows."""
    upper, lower = codes + 1, codes + ENTRY_HEADS
    for place, column in enumerate(columns, start=2):
        sheet.cell(codes, place, column.code)
        sheet.column_dimensions[column_letters(place - 1)].width = column.width
        looks.head(sheet.cell(upper, place, column.text))
        looks.head(sheet.cell(lower, place, column.option or None))
    place = 2
    for _, group in groupby(columns, key=lambda column: column.question or column.code):
        own = list(group)
        left, right = column_letters(place - 1), column_letters(place + len(own) - 2)
        sheet.merge_cells(f"{left}{upper}:{right}{upper if own[0].option else lower}")
        place += len(own)
    options = row_height((column.option, column.width) for column in columns)
    whole = row_height((column.text, column.width) for column in columns if not column.option)
    sheet.row_dimensions[lower].height = options
    sheet.row_dimensions[upper].height = max(30.0, whole - options)
