"""The sheets of the questionnaires: a form, a list, and a questionnaire to print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vitality.framework import Framework, Instrument, Lang, Question
from vitality.survey.answers import NUMERIC_KINDS, yes_no
from vitality.survey.codebook import add_codebook
from vitality.survey.layouts import ANSWER_MARK, COLUMNS_MARK, ROUND_MARK, UNIT_MARK
from vitality.survey.workbooks import Looks, choice_list, number_rule, print_on_a4, save_workbook, text_or_number

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

SPARE_ROWS = 60
_WORDS: dict[str, tuple[str, str]] = {
    "sheet_form": ("填报表", "form"),
    "sheet_list": ("组织名录", "organisations"),
    "sheet_print": ("问卷", "questionnaire"),
    "unit": ("填报单位", "Name of the unit"),
    "round": ("填报年度", "Round"),
    "number": ("序号", "No."),
    "question": ("指标及填报说明", "Question and how to answer"),
    "answer": ("填报内容", "Answer"),
    "measure": ("单位", "Unit"),
    "remark": ("备注", "Remark"),
    "options": ("选项", "Options"),
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
    "notes_print": (
        "本表供打印和在问卷平台上建题使用；题目文字请勿改动，导出后据此对应。导出时请勿包含姓名、电话、IP等个人信息。",
        "For printing, and for building the questionnaire on a survey platform. Keep the wording: answers "
        "are matched by it. Leave names, telephone numbers and IP addresses out of the export.",
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


def _start(title: str, lines: Sequence[tuple[str, bool]], width: int) -> tuple[Workbook, Worksheet, Looks]:
    """New sheet with a hidden first column, a title and lines of notice."""
    from openpyxl import Workbook

    workbook, looks = Workbook(), Looks()
    sheet = workbook.active or workbook.create_sheet()
    sheet.column_dimensions["A"].hidden = True
    for row, (text, warns) in enumerate([(title, False), *lines], start=1):
        cell = sheet.cell(row, 2, text)
        sheet.merge_cells(start_row=row, end_row=row, start_column=2, end_column=width)
        cell.font = looks.title if row == 1 else looks.warning if warns else looks.plain
        cell.alignment = looks.wrapped
        sheet.row_dimensions[row].height = 24 if row == 1 else 16 * (1 + len(text.encode()) // 160)
    return workbook, sheet, looks


def _lines(framework: Framework, heading: Heading, notes: str, lang: Lang) -> list[tuple[str, bool]]:
    lines = [(heading.label, True)] if heading.label else []
    lines += [(framework.notice(lang), False)] if framework.notice(lang) else []
    return [*lines, (_word(notes, lang), False)]


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
    lines = _lines(framework, heading, "notes_form", lang)
    workbook, sheet, looks = _start(_title(framework, instrument, heading, lang), lines, 6)
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
        cell = sheet.cell(row, column, _word(key, lang))
        cell.font, cell.fill, cell.alignment = looks.heading, looks.dark, looks.middle
    sheet.freeze_panes = f"A{row + 1}"
    _form_rows(sheet, looks, instrument, row + 1, answers, lang)
    sheet.protection.enable()
    print_on_a4(sheet)
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
        offered = _offered(question, lang)
        if offered:
            lists.setdefault(tuple(offered), []).append(f"D{row}")
        elif question.kind in NUMERIC_KINDS and not answers:
            number_rule(sheet, question.minimum, question.maximum, f"D{row}", lang)
        row += 1
    for options, cells in lists.items():
        choice_list(sheet, options, cells)


def _offered(question: Question, lang: Lang) -> list[str]:
    """Answers that a drop-down list offers."""
    if question.kind == "yesno":
        return list(yes_no(lang))
    return [option.label(lang) for option in question.options] if question.kind == "choice" else []


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

    lines = _lines(framework, heading, "notes_list", lang)
    width = min(2 + len(instrument.questions), 14)
    workbook, sheet, looks = _start(_title(framework, instrument, heading, lang), lines, width)
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
    headings = [(2, _word("number", lang))]
    rows = max(len(answers) + 5, 0 if answers else SPARE_ROWS)
    for column, question in enumerate(instrument.questions, start=3):
        sheet.cell(head, column, question.code)
        unit = question.unit(lang)
        headings.append((column, question.label(lang) + (f"（{unit}）" if unit else "")))
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = 30 if question.kind == "text" else 14
        if _offered(question, lang):
            choice_list(sheet, _offered(question, lang), [f"{letter}{first}:{letter}{first + rows - 1}"])
        elif question.kind in NUMERIC_KINDS and not answers:
            number_rule(sheet, question.minimum, question.maximum, f"{letter}{first}:{letter}{first + rows - 1}", lang)
    for column, text in headings:
        cell = sheet.cell(head + 1, column, text)
        cell.font, cell.fill, cell.alignment = looks.heading, looks.dark, looks.middle
    for number in range(rows):
        given = answers[number] if number < len(answers) else {}
        sheet.cell(first + number, 2, number + 1).alignment = looks.middle
        for column, question in enumerate(instrument.questions, start=3):
            text = given.get(question.code, "")
            looks.answer(sheet.cell(first + number, column, text_or_number(text) if text else None))
    sheet.freeze_panes = f"D{first}"
    sheet.protection.enable()
    print_on_a4(sheet, landscape=True)
    if not answers:
        add_codebook(workbook, framework, instrument, lang)
    return save_workbook(workbook, path)


def write_questionnaire(framework: Framework, instrument: Instrument, path: Path, *, lang: Lang) -> Path:
    """Write a questionnaire to print, or to build on a survey platform: questions and options."""
    lines = _lines(framework, Heading(), "notes_print", lang)
    workbook, sheet, looks = _start(instrument.label(lang), lines, 4)
    sheet.title = _word("sheet_print", lang)
    for letter, width in zip("BCD", (7, 60, 60)):
        sheet.column_dimensions[letter].width = width
    row = len(lines) + 2
    for column, key in enumerate(("number", "question", "options"), start=2):
        cell = sheet.cell(row, column, _word(key, lang))
        cell.font, cell.fill, cell.alignment = looks.heading, looks.dark, looks.middle
    for number, question in enumerate(instrument.questions, start=1):
        row += 1
        text = question.label(lang) + (f"\n{question.note(lang)}" if question.note(lang) else "")
        options = _offered(question, lang) or [option.label(lang) for option in question.options]
        if question.kind == "likert":
            options = ["1", "2", "3", "4", "5"]
        boxes = "　".join(f"□ {option}" for option in options)
        values: tuple[str | int, ...] = (question.code, number, text, boxes)
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(row, column, value or None)
            cell.alignment, cell.border = looks.wrapped, looks.frame
        sheet.row_dimensions[row].height = 16 * (2 + max(len(text), sum(map(len, options))) // 30)
    print_on_a4(sheet)
    return save_workbook(workbook, path)
