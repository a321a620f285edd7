"""The sheets that units fill in: a form with one question a row, and a list with one organisation a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vitality.framework import Framework, Instrument, Lang, Question
from vitality.framework.sheets import print_on_a4, text_width
from vitality.survey.answers import NUMERIC_KINDS, yes_no
from vitality.survey.codebook import add_codebook
from vitality.survey.layouts import ANSWER_MARK, COLUMNS_MARK, REMARK_HEADS, ROUND_MARK, UNIT_MARK
from vitality.survey.workbooks import Looks, choice_list, input_message, number_rule, save_workbook, text_or_number

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

#: Rows of a blank list whose framework does not say how many are usual, and rows beyond what is usual.
LIST_ROWS, SPARE_ROWS = 200, 20
_WORDS: dict[str, tuple[str, str]] = {
    "sheet_form": ("填报表", "form"),
    "sheet_list": ("组织名录", "organisations"),
    "unit": ("填报单位", "Name of the unit"),
    "round": ("填报年度", "Round"),
    "number": ("序号", "No."),
    "question": ("指标及填报说明", "Question and how to answer"),
    "answer": ("填报内容", "Answer"),
    "measure": ("单位", "Unit"),
    "remark": REMARK_HEADS,
    "notes_form": (
        "填报说明：只填浅黄色单元格；数量填阿拉伯数字，不带单位；确实没有的填0，无法统计的留空并在备注中说明；请勿增删行列。",
        "How to fill in: light yellow cells only; numbers in digits without a unit; 0 if there is none, "
        "blank with a remark if it cannot be told; do not add or remove rows or columns.",
    ),
    "notes_list": (
        "填报说明：每个组织一行，只填浅黄色单元格；数量填阿拉伯数字，不带单位；请勿填写联系人姓名和电话；请勿增删列。",
        "How to fill in: one row an organisation, light yellow cells only; numbers in digits without a "
        "unit; no names or telephone numbers of persons; do not add or remove columns.",
    ),
}


@dataclass(frozen=True)
class Heading:
    """What stands in the head of a form: the unit, its group, the round, and a label such as SIMULATED."""

    unit: str = ""
    group: str = ""
    round: str = ""
    label: str = ""


def _word(key: str, lang: Lang) -> str:
    return _WORDS[key][lang == "en"]


def start_sheet(
    title: str, lines: Sequence[tuple[str, bool]], width: int, *, beside: Workbook | None = None
) -> tuple[Workbook, Worksheet, Looks]:
    """New sheet with a hidden first column, a title and lines of notice; in a new workbook, or beside others."""
    from openpyxl import Workbook

    workbook, looks = beside or Workbook(), Looks()
    sheet = workbook.create_sheet() if beside else workbook.active or workbook.create_sheet()
    sheet.column_dimensions["A"].hidden = True
    for row, (text, warns) in enumerate([(title, False), *lines], start=1):
        cell = sheet.cell(row, 2, text)
        sheet.merge_cells(start_row=row, end_row=row, start_column=2, end_column=width)
        cell.font = looks.title if row == 1 else looks.warning if warns else looks.plain
        cell.alignment = looks.wrapped
        sheet.row_dimensions[row].height = 24 if row == 1 else 16 * (1 + len(text.encode()) // 160)
    return workbook, sheet, looks


def notice_lines(framework: Framework, heading: Heading, notes: str, lang: Lang) -> list[tuple[str, bool]]:
    """Lines below a title: what the answers are, what the framework is, and how to fill in."""
    lines = [(heading.label, True)] if heading.label else []
    lines += [(framework.notice(lang), False)] if framework.notice(lang) else []
    return [*lines, (notes, False)]


def _title(framework: Framework, instrument: Instrument, heading: Heading, lang: Lang) -> str:
    year = f"（{heading.round}）" if lang == "zh" else f" ({heading.round})"
    return f"{instrument.label(lang)}{year if heading.round else ''}"


def write_form(
    framework: Framework,
    instrument: Instrument,
    path: Path,
    heading: Heading,
    *,
    answers: Mapping[str, str],
    lang: Lang,
) -> Path:
    """Write a form with one question a row; the code of each question is in the hidden first column."""
    lines = notice_lines(framework, heading, _word("notes_form", lang), lang)
    workbook, sheet, looks = start_sheet(_title(framework, instrument, heading, lang), lines, 6)
    sheet.title = _word("sheet_form", lang)
    for letter, width in zip("BCDEF", (7, 64, 20, 12, 24)):
        sheet.column_dimensions[letter].width = width
    row = len(lines) + 2
    for mark, key, text in ((UNIT_MARK, "unit", heading.unit), (ROUND_MARK, "round", heading.round)):
        sheet.cell(row, 1, mark)
        sheet.cell(row, 3, _word(key, lang)).font = looks.bold
        looks.answer(sheet.cell(row, 4, text or None))
        row += 1
    for column, mark in ((1, COLUMNS_MARK), (4, ANSWER_MARK)):
        sheet.cell(row, column, mark)
    sheet.row_dimensions[row].hidden = True
    row += 1
    for column, key in enumerate(("number", "question", "answer", "measure", "remark"), start=2):
        looks.head(sheet.cell(row, column, _word(key, lang)))
    sheet.freeze_panes = f"A{row + 1}"
    _form_rows(sheet, looks, instrument, row + 1, answers, lang)
    sheet.protection.enable()
    print_on_a4(sheet, heads=None if answers else (row, row))
    if not answers:
        add_codebook(workbook, framework, instrument, lang)
    return save_workbook(workbook, path)


def _form_rows(
    sheet: Worksheet,
    looks: Looks,
    instrument: Instrument,
    row: int,
    answers: Mapping[str, str],
    lang: Lang,
) -> None:
    """Write the questions with their section headings, and drop-down lists for the choices."""
    lists: dict[tuple[str, ...], list[str]] = {}
    section = ""
    for number, question in enumerate(instrument.questions, start=1):
        if question.section(lang) != section:
            section = question.section(lang)
            sheet.merge_cells(start_row=row, end_row=row, start_column=2, end_column=6)
            cell = sheet.cell(row, 2, section)
            cell.font, cell.fill = looks.bold, looks.section
            row += 1
        sheet.cell(row, 1, question.code)
        sheet.cell(row, 2, number).alignment = looks.middle
        text = question.label(lang) + (f"\n{question.note(lang)}" if question.note(lang) else "")
        sheet.cell(row, 3, text).alignment = looks.wrapped
        sheet.cell(row, 5, question.unit(lang) or None).alignment = looks.middle
        given = answers.get(question.code, "")
        looks.answer(sheet.cell(row, 4, text_or_number(given) if given else None))
        looks.answer(sheet.cell(row, 6))
        sheet.row_dimensions[row].height = 15 * sum(1 + len(line.encode()) // 96 for line in text.split("\n"))
        offered = offered_answers(question, lang)
        if offered:
            lists.setdefault(tuple(offered), []).append(f"D{row}")
        elif question.kind in NUMERIC_KINDS and not answers:
            number_rule(sheet, question.minimum, question.maximum, f"D{row}", lang)
        row += 1
    for options, cells in lists.items():
        choice_list(sheet, options, cells)


def offered_answers(question: Question, lang: Lang) -> list[str]:
    """Answers that a drop-down list offers."""
    if question.kind == "yesno":
        return list(yes_no(lang))
    if question.kind == "likert":
        low, high = question.minimum or 1, question.maximum or 5
        return [str(step) for step in range(int(low), int(high) + 1)]
    return [option.label(lang) for option in question.options] if question.kind == "choice" else []


def answer_rule(sheet: Worksheet, question: Question, cells: str, lang: Lang) -> None:
    """Offer or check what is typed into the cells of a question, and show its definition beside them."""
    message = (question.label(lang), question.note(lang)) if question.note(lang) else None
    offered = offered_answers(question, lang)
    if offered:
        choice_list(sheet, offered, [cells], message=message)
    elif question.kind in NUMERIC_KINDS:
        number_rule(sheet, question.minimum, question.maximum, cells, lang, message=message)
    elif message is not None:
        input_message(sheet, [cells], message)


def write_list(
    framework: Framework,
    instrument: Instrument,
    path: Path,
    heading: Heading,
    *,
    answers: Sequence[Mapping[str, str]],
    lang: Lang,
) -> Path:
    """Write a list with one organisation a row; the codes of the questions are in a hidden row."""
    from openpyxl.utils import get_column_letter

    lines = notice_lines(framework, heading, _word("notes_list", lang), lang)
    width = min(2 + len(instrument.questions), 14)
    workbook, sheet, looks = start_sheet(_title(framework, instrument, heading, lang), lines, width)
    sheet.title = _word("sheet_list", lang)
    sheet.column_dimensions["B"].width = 6
    row = len(lines) + 2
    sheet.cell(row, 1, UNIT_MARK)
    sheet.cell(row, 2, _word("unit", lang)).font = looks.bold
    looks.answer(sheet.cell(row, 3, heading.unit or None))
    head, first = row + 1, row + 3
    sheet.cell(head, 1, COLUMNS_MARK)
    sheet.row_dimensions[head].hidden = True
    sheet.row_dimensions[head + 1].height = 110
    rows = len(answers) + 5 if answers else _rows_of_list(framework, instrument)
    heads = {2: _word("number", lang)}
    for column, question in enumerate(instrument.questions, start=3):
        sheet.cell(head, column, question.code)
        heads[column] = question.label(lang) + (f"（{question.unit(lang)}）" if question.unit(lang) else "")
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = 30 if question.kind == "text" else 14
        cells = f"{letter}{first}:{letter}{first + rows - 1}"
        if not answers:
            answer_rule(sheet, question, cells, lang)
        elif offered_answers(question, lang):
            choice_list(sheet, offered_answers(question, lang), [cells])
    for column, text in heads.items():
        looks.head(sheet.cell(head + 1, column, text))
    for number in range(rows):
        given = answers[number] if number < len(answers) else {}
        sheet.cell(first + number, 2, number + 1).alignment = looks.middle
        for column, question in enumerate(instrument.questions, start=3):
            text = given.get(question.code, "")
            looks.answer(sheet.cell(first + number, column, text_or_number(text) if text else None))
    sheet.freeze_panes = f"D{first}"
    sheet.protection.enable()
    print_on_a4(sheet, landscape=True, heads=None if answers else (head + 1, head + 1))
    if not answers:
        sheet.protection.insertRows = False  # False: not forbidden
        sheet.column_dimensions["B"].width = text_width(_word("unit", lang)) + 2
        add_codebook(workbook, framework, instrument, lang)
    return save_workbook(workbook, path)


def _rows_of_list(framework: Framework, instrument: Instrument) -> int:
    """Rows of a blank list: the most that is usual of what the list is counted by, and some to spare."""
    totals = (question for question in framework.questions.values() if question.total_of == instrument.code)
    usual = [int(question.usual[1]) for question in totals if question.usual]
    return max(usual) + SPARE_ROWS if usual else LIST_ROWS
