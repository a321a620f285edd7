"""The codebook sheet of a form: every question with its code, kind, unit, limits and options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vitality.framework import Framework, Instrument, Lang, Question
from vitality.framework.sheets import print_on_a4, row_height
from vitality.survey.findings import limits_text
from vitality.survey.layouts import CODEBOOK_MARK
from vitality.survey.rules import KIND_NAMES
from vitality.survey.workbooks import Looks

if TYPE_CHECKING:
    from openpyxl import Workbook

_HEADS = {
    "zh": ("代码", "题目", "题型", "单位", "限值", "常见范围", "必填", "选项", "填报说明", "用于"),
    "en": ("Code", "Question", "Kind", "Unit", "Limits", "Usual", "Required", "Options", "How to answer", "Used for"),
}
_TITLE = {"zh": "代码表", "en": "codebook"}
_WIDTHS = (2, 8, 44, 15, 10, 14, 14, 8, 44, 60, 16)


def add_codebook(workbook: Workbook, framework: Framework, instrument: Instrument, lang: Lang) -> None:
    """Add a protected sheet that explains every question of an instrument."""
    looks = Looks()
    sheet = workbook.create_sheet(_TITLE[lang])
    sheet.cell(1, 1, CODEBOOK_MARK)
    sheet.column_dimensions["A"].hidden = True
    for column, width in enumerate(_WIDTHS):
        sheet.column_dimensions[chr(65 + column)].width = width
    for column, text in enumerate(_HEADS[lang], start=2):
        looks.head(sheet.cell(1, column, text))
    users = _users(framework)
    for row, question in enumerate(instrument.questions, start=2):
        texts = _row(question, users.get(question.code, ()), lang)
        for column, text in enumerate(texts, start=2):
            cell = sheet.cell(row, column, text or None)
            cell.alignment, cell.border = looks.wrapped, looks.frame
        sheet.row_dimensions[row].height = row_height(zip(texts, _WIDTHS[1:]))
    print_on_a4(sheet, landscape=True, heads=(1, 1))
    sheet.freeze_panes = "C2"
    sheet.protection.enable()


def _users(framework: Framework) -> dict[str, list[str]]:
    """Question code -> indicators and resources that are computed from it."""
    found: dict[str, list[str]] = {}
    parts: list[Any] = [
        *(framework.indicator(code) for code in framework.leaves),
        *framework.resources,
        *framework.controls,
    ]
    for part in parts:
        if part.measure is not None:
            for code in dict.fromkeys((*part.measure.asked, *filter(None, [getattr(part.measure, "of", None)]))):
                found.setdefault(code, []).append(part.code)
    return found


def _row(question: Question, users: list[str] | tuple[str, ...], lang: Lang) -> tuple[str, ...]:
    second = lang == "en"
    join = "; " if second else "、"

    def limits(low: float | None, high: float | None) -> str:
        return "" if low is None and high is None else limits_text(low, high, lang=lang)

    return (
        question.code,
        question.label(lang),
        KIND_NAMES[question.kind][second],
        question.unit(lang),
        limits(question.minimum, question.maximum),
        limits(*question.usual) if question.usual else "",
        (("是", "yes") if question.required else ("否", "no"))[second],
        join.join(option.label(lang) for option in question.options),
        question.note(lang),
        join.join(users),
    )
