"""Findings as workbooks to send back: a list of them, and the form itself with the cells in question marked."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from vitality.errors import TableError, some, some_zh
from vitality.framework import Lang
from vitality.framework.sheets import print_on_a4, row_height
from vitality.survey.findings import ISSUE_COLUMNS
from vitality.survey.personal import masked_name
from vitality.survey.raw import RawRound
from vitality.survey.returning import returned_copy, sheet_title
from vitality.survey.rule import FOR_THE_UNIT
from vitality.survey.rules import SEVERITY_NAMES
from vitality.survey.workbooks import Looks, save_workbook
from vitality.survey.written_text import visible

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_COLOURS = {"error": "F8CBAD", "query": "FFE699", "note": "DDEBF7"}
_HEADS = (
    ("程度", "工作表", "单元格", "填报对象", "填的是", "问题", "请这样处理", "更正为", "说明"),
    ("Severity", "Sheet", "Cell", "Respondent", "Found", "What is wrong", "What to do", "Correct value", "Remark"),
)
_WIDTHS = (8, 14, 9, 18, 20, 60, 44, 16, 24)
_TITLE = ("问题清单", "findings")
_UNMARKED = (
    "原表有程序无法打开的内容，未能标色；请按以上工作表和单元格查找，或用 Excel 另存后再核查。",
    "The form holds something that cannot be opened here and was not coloured: look for the sheets and cells above, or "
    "save it again in Excel and check once more.",
)
_ORDER = {"error": 0, "query": 1, "note": 2}


def write_findings(
    issues: pd.DataFrame,
    raw: RawRound,
    folder: str | PathLike[str],
    *,
    lang: Lang = "zh",
    notes: bool = False,
) -> tuple[Path, ...]:
    """Write one workbook for each file with findings, to be sent back.

    Its first sheet lists the findings, with room for the correct value. For a workbook the sheets that were read
    follow as they looked, the cells in question coloured (red: error, yellow: query) and commented. What looked
    like a formula is text there; private answers are left out and personal data masked, also in the name of the
    file.

    Parameters
    ----------
    issues : DataFrame
        As `check_round` gives it.
    raw : RawRound
        The round that was checked.
    folder : path
        Where to write; made if needed.
    lang : {"zh", "en"}
        Language of heads; messages are in the language of `issues`.
    notes : bool
        Whether notes are told too, not only errors and queries.

    Returns
    -------
    tuple of Path
        The workbooks, in the order of file names.

    Raises
    ------
    TableError
        If `issues` has not the columns of an issues table.
    """
    missing = [name for name in ISSUE_COLUMNS if name not in issues.columns]
    if missing:
        raise TableError(
            f"issues: no column {some(missing)}; expected the table that check_round gives.",
            zh=f"问题表缺少列 {some_zh(missing)}；应为 check_round 的结果。",
        )
    chosen = issues if notes else issues[issues["severity"] != "note"]
    chosen = chosen.assign(action=chosen["action"].replace(FOR_THE_UNIT))
    places = (
        chosen["source"]
        .str.split(" / ", expand=True)
        .astype(object)
        .reindex(columns=range(3))
        .astype(object)
        .fillna("")
    )
    written = []
    for file in sorted(raw.files, key=lambda item: item.name):
        name = masked_name(file.name)
        mine = chosen[(places[0] == name).to_numpy()]
        if len(mine):
            target = Path(folder) / f"{Path(name).stem}_{('待核实', 'to_check')[lang == 'en']}.xlsx"
            written.append(_write(mine, file, raw, target, lang))
    return tuple(written)


def _write(issues: pd.DataFrame, file: Path, raw: RawRound, target: Path, lang: Lang) -> Path:
    book, opened = returned_copy(file, raw)
    listed = book.create_sheet(_unused(book, _TITLE[lang == "en"]), 0)
    _mark(book, issues)
    _list(listed, issues, lang)
    if not opened:
        listed.cell(len(issues) + 3, 1, _UNMARKED[lang == "en"])
    book.active = 0
    return save_workbook(book, target)


def _unused(book: Workbook, title: str) -> str:
    while title in book.sheetnames:
        title += "_"
    return title


def _list(sheet: Worksheet, issues: pd.DataFrame, lang: Lang) -> None:
    """List the findings, the gravest first."""
    from openpyxl.styles import PatternFill

    looks = Looks()
    for column, (text, width) in enumerate(zip(_HEADS[lang == "en"], _WIDTHS), start=1):
        head = sheet.cell(1, column, text)
        looks.head(head)
        sheet.column_dimensions[head.column_letter].width = width
    ordered = issues.sort_values("severity", key=lambda column: column.map(_ORDER), kind="stable")
    for row, issue in enumerate(ordered.to_dict("records"), start=2):
        place = [*str(issue["source"]).split(" / "), "", ""]
        page, where = (place[1], place[2]) if place[2] else ("", place[1])
        severity = SEVERITY_NAMES[issue["severity"]][lang == "en"]
        told = (severity, page, where, issue["respondent"], issue["value"], issue["message"], issue["action"])
        texts = [visible(str(text)) for text in told]
        for column, text in enumerate(texts, start=1):
            cell = sheet.cell(row, column)
            cell.value, cell.data_type = text or None, "s"
            cell.alignment, cell.border = looks.wrapped, looks.frame
        sheet.row_dimensions[row].height = row_height(zip(texts, _WIDTHS))
        sheet.cell(row, 1).fill = PatternFill("solid", fgColor=_COLOURS[issue["severity"]])
        for column in (8, 9):
            looks.answer(sheet.cell(row, column))
    print_on_a4(sheet, landscape=True, heads=(1, 1))
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:I{len(ordered) + 1}"


def _mark(book: Workbook, issues: pd.DataFrame) -> None:
    """Colour each cell in question by its gravest finding, and comment on it."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    texts: dict[tuple[str, str], list[str]] = {}
    gravest: dict[tuple[str, str], str] = {}
    for issue in issues.to_dict("records"):
        place = str(issue["source"]).split(" / ")
        if len(place) == 3 and sheet_title(place[1]) in book.sheetnames:
            key = (sheet_title(place[1]), place[2])
            texts.setdefault(key, []).append(visible(f"{issue['message']} {issue['action']}"))
            gravest[key] = min(gravest.get(key, "note"), issue["severity"], key=_ORDER.__getitem__)
    for (page, where), messages in texts.items():
        cell: Any = book[page][where]
        if type(cell).__name__ == "MergedCell":
            area = next(item for item in book[page].merged_cells.ranges if where in item)
            cell = book[page].cell(area.min_row, area.min_col)
        cell.fill = PatternFill("solid", fgColor=_COLOURS[gravest[page, where]])
        cell.comment = Comment("\n".join(messages), "vitality", width=320, height=120)
