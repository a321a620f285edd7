"""A framework read from a workbook that `write_workbook` laid out; nothing in it is passed over in silence."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from typing import TYPE_CHECKING, Any

from vitality.errors import FrameworkError, did_you_mean, meant_zh, some, some_zh
from vitality.framework.cells import code_text, direction_word, plain_number
from vitality.framework.flat import nested
from vitality.framework.problems import Bilingual
from vitality.framework.validation import build_framework
from vitality.framework.workbook import KEYED, SHEETS, columns_of, kind_of
from vitality.framework.yaml_text import Location, Place, load_yaml

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

    from vitality.framework.model import Framework

#: Rows of a sheet with the number that they have in Excel.
Rows = list[tuple[int, dict[str, Any]]]
#: What to do about a number in a cell for text.
AS_TEXT = Bilingual("format the cell as text and type it again", "请把单元格设为“文本”格式后重新输入")
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")


def read_workbook(content: bytes, file: str) -> Framework:
    """Read a framework from the bytes of a workbook; what `read_framework` does.

    Parameters
    ----------
    content : bytes
        An ``.xlsx`` file. Sheets are found by the last word of their title (``指标 indicators``) or by
        their Chinese or English name alone; only ``framework`` and ``indicators`` must be there. A second
        row that begins with ``#`` explains the columns and is left out.
    file : str
        Its name in messages.

    Raises
    ------
    FrameworkError
        If a sheet or column is missing, unknown or doubled, something is written twice, a formula has no
        value, or the framework does not fit together.
    """
    book = _opened(content, file)
    formulas = _opened(content, file, formulas=True) if _has_formulas(content) else None
    pages = {sheet: _rows(book, formulas, title, sheet, file) for sheet, title in _titles(book, file).items()}
    data = _settings(pages["framework"], _place(file, "framework"))
    places: dict[Location, Place] = {(row["key"],): ("framework", number) for number, row in pages["framework"]}
    for sheet, rows in pages.items():
        if sheet in KEYED:
            data[sheet] = _by_key(rows, "code", _place(file, sheet))
            places |= {(sheet, row["code"]): (sheet, number) for number, row in rows}
        elif sheet not in ("framework", "indicators", "questions"):
            data[sheet] = [row for _, row in rows]
            places |= {(sheet, position): (sheet, number) for position, (number, _) in enumerate(rows)}
    data["tree"] = _tree(pages["indicators"], file)
    numbers = {code_text(row["code"]): number for number, row in pages["indicators"]}
    _note_rows(data["tree"], ("tree",), numbers, places)
    _hang_questions(data, pages.get("questions", []), places, file)
    return build_framework(data, where=file, places=places, hint=AS_TEXT)


def _place(file: str, sheet: str) -> Bilingual:
    return Bilingual(f"{file}, sheet {sheet!r}", f"{file}，工作表 {sheet!r}")


def _opened(content: bytes, file: str, *, formulas: bool = False) -> Workbook:
    from openpyxl import load_workbook

    try:
        return load_workbook(io.BytesIO(content), data_only=not formulas)
    except Exception as error:
        raise FrameworkError(
            f"{file}: cannot be opened as an Excel workbook ({error}). Save it as .xlsx and try again.",
            zh=f"{file}：无法作为 Excel 工作簿打开（{error}）。请另存为 .xlsx 后再试。",
        ) from None


def _has_formulas(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/")]
        return any(_FORMULA.search(parts.read(name)) for name in sheets)


def _titles(book: Workbook, file: str) -> dict[str, str]:
    """Find the title of each sheet of a framework that the workbook has."""
    names = {heading: sheet for sheet, (heading, _) in SHEETS.items()} | {sheet: sheet for sheet in SHEETS}
    found: dict[str, list[str]] = {}
    for title in book.sheetnames:
        word = title.split()[-1].casefold() if title.strip() else ""
        near = meant_zh(word, names)
        if word in names:
            found.setdefault(names[word], []).append(title)
        elif near:
            raise FrameworkError(
                f"{file}: unknown sheet {title!r}.{did_you_mean(word, names)} Rename it.",
                zh=f"{file}：没有名为 {title!r} 的工作表。{near}请改名。",
            )
    doubled = [titles for titles in found.values() if len(titles) > 1]
    if doubled:
        raise FrameworkError(
            f"{file}: sheets {some(doubled[0])} are the same list; keep one of them.",
            zh=f"{file}：工作表 {some_zh(doubled[0])} 是同一份清单，请只保留一个。",
        )
    missing = [sheet for sheet in ("framework", "indicators") if sheet not in found]
    if missing:
        start = "vitality framework redcross --output framework.xlsx"
        raise FrameworkError(
            f"{file}: no sheet {some(missing)}; found {some(book.sheetnames)}. "
            f"Start from a workbook written by '{start}'.",
            zh=f"{file}：缺少工作表 {some_zh(missing)}，现有 {some_zh(book.sheetnames)}。"
            f"请用“{start}”生成的工作簿填写。",
        )
    return {sheet: found[sheet][0] for sheet in SHEETS if sheet in found}


def _rows(book: Workbook, formulas: Workbook | None, title: str, sheet: str, file: str) -> Rows:
    page: Worksheet = book[title]
    cells = list(page.iter_rows())
    heads = _heads(cells[0] if cells else (), sheet, file)
    if formulas is not None:
        _check_formulas(page, formulas[title], _place(file, sheet))
    found: Rows = []
    for number, row in enumerate(cells[1:], 2):
        first = row[0].value
        if number == 2 and isinstance(first, str) and (first.strip() == "#" or first.startswith("# ")):
            continue
        filled = [cell for cell in row if cell.value is not None and str(cell.value).strip()]
        lost = [cell.coordinate for cell in filled if not heads.get(cell.column)]
        if lost:
            raise FrameworkError(
                f"{file}, sheet {sheet!r}: {some(lost)} stand in a column without a name in row 1. "
                f"Name it, or empty it. Known: {', '.join(columns_of(sheet))}.",
                zh=f"{file}，工作表 {sheet!r}：{some_zh(lost)} 所在列的第1行没有列名，请填列名或清空该列。",
            )
        if filled:
            found.append((number, _values(filled, heads, sheet, f"{file}, sheet {sheet!r}")))
    return found


def _heads(cells: tuple[Cell | MergedCell, ...], sheet: str, file: str) -> dict[int, str]:
    """Name of each column by its number; unknown and doubled names are refused."""
    heads = {cell.column: str(cell.value).strip() for cell in cells if cell.value is not None}
    names, known = [head for head in heads.values() if head], columns_of(sheet)
    unknown = [head for head in names if head not in known]
    doubled = [head for head, count in Counter(names).items() if count > 1]
    spot, spot_zh = f"{file}, sheet {sheet!r}, row 1", f"{file}，工作表 {sheet!r} 第1行"
    if unknown:
        raise FrameworkError(
            f"{spot}: unknown column {some(unknown)}.{did_you_mean(unknown[0], known)} Known: {', '.join(known)}.",
            zh=f"{spot_zh}：没有 {some_zh(unknown)} 这一列。{meant_zh(unknown[0], known)}可用：{'、'.join(known)}。",
        )
    if doubled:
        raise FrameworkError(
            f"{spot}: column {some(doubled)} is there more than once. Keep one of them.",
            zh=f"{spot_zh}：列 {some_zh(doubled)} 重复，请只保留一列。",
        )
    return heads


def _check_formulas(page: Worksheet, formulas: Worksheet, where: Bilingual) -> None:
    """Refuse a formula whose value was never computed, or is an error."""
    for row in formulas.iter_rows():
        for cell in row:
            value = page[cell.coordinate]
            if cell.data_type == "f" and (value.value is None or value.data_type == "e"):
                raise FrameworkError(
                    f"{where.en}, cell {cell.coordinate}: the formula {cell.value!s} has no value ({value.value}). "
                    "Open and save the workbook in Excel, or type the value.",
                    zh=f"{where.zh} 单元格 {cell.coordinate}：公式 {cell.value!s} 没有结果（{value.value}）。"
                    "请在 Excel 中打开并保存，或直接填写数值。",
                )


def _values(cells: list[Cell], heads: dict[int, str], sheet: str, where: str) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for cell in cells:
        head = heads[cell.column]
        kind = kind_of(sheet, str(row.get("key")) if head == "value" else head)
        row[head] = _value(cell, kind, f"{where}, row {cell.row}, column {head!r}")
        if head == "direction":
            row[head] = direction_word(row[head])
    return row


def _value(cell: Cell, kind: str, where: str) -> Any:
    """Read one cell as its column holds it; what does not fit stays as it is, and the check says so."""
    value: Any = cell.value
    if kind == "text" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        return value
    text = value.strip()
    if kind == "number":
        return plain_number(text)
    if kind == "flag":
        return {"true": True, "false": False}.get(text.casefold(), text)
    if kind == "nested" and text.startswith(("{", "[")):
        return load_yaml(text, where=where)[0]
    return text


def _settings(rows: Rows, where: Bilingual) -> dict[str, Any]:
    """Values of the sheet ``framework`` by their key; blank text is text, another blank the default."""
    found = _by_key(rows, "key", where)
    lists = [key for key in found if key in (*SHEETS, "tree")]
    if lists:
        raise FrameworkError(
            f"{where.en}: {some(lists)} has a sheet of its own. Remove the row.",
            zh=f"{where.zh}：{some_zh(lists)} 有单独的工作表，请删去这一行。",
        )
    return {key: row.get("value", "") for key, row in found.items() if row or kind_of("framework", key) == "text"}


def _by_key(rows: Rows, key: str, where: Bilingual) -> dict[str, dict[str, Any]]:
    """Rows by what stands in one column, which every row has and none shares."""
    without = [number for number, row in rows if key not in row]
    if without:
        raise FrameworkError(
            f"{where.en}, row {without[0]}: found no {key!r} in this row. Fill it in, or delete the row.",
            zh=f"{where.zh} 第{without[0]}行：缺少 {key!r}，请填写或删去这一行。",
        )
    first: dict[str, int] = {}
    for number, row in rows:
        if row[key] in first:
            raise FrameworkError(
                f"{where.en}, row {number}: {row[key]!r} is written twice (first in row {first[row[key]]}). "
                "Remove one of them.",
                zh=f"{where.zh} 第{number}行：{row[key]!r} 写了两次（第一次在第{first[row[key]]}行），请删去一个。",
            )
        first[row[key]] = number
    return {row[key]: {name: value for name, value in row.items() if name != key} for _, row in rows}


def _tree(rows: Rows, file: str) -> dict[str, Any]:
    return nested(
        [row for _, row in rows],
        fields=lambda row, _: {key: value for key, value in row.items() if key not in ("parent", "code")},
        where=_place(file, "indicators"),
        numbers=[number for number, _ in rows],
    )


def _note_rows(node: dict[str, Any], way: Location, numbers: dict[str, int], places: dict[Location, Place]) -> None:
    places[way] = ("indicators", numbers[node["code"]])
    for position, child in enumerate(node.get("children", ())):
        _note_rows(child, (*way, "children", position), numbers, places)


def _hang_questions(data: dict[str, Any], rows: Rows, places: dict[Location, Place], file: str) -> None:
    forms = {form.get("code"): (position, form) for position, form in enumerate(data.get("instruments", ()))}
    for number, row in rows:
        code = row.get("instrument", "")
        if code not in forms:
            known = [str(name) for name in forms]
            raise FrameworkError(
                f"{file}, sheet 'questions', row {number}: unknown instrument {code!r}."
                f"{did_you_mean(code, known)} The sheet 'instruments' has {some(known)}.",
                zh=f"{file}，工作表 'questions' 第{number}行：没有调查工具 {code!r}。"
                f"{meant_zh(code, known)}工作表 'instruments' 中有 {some_zh(known)}。",
            )
        position, form = forms[code]
        questions = form.setdefault("questions", [])
        places["instruments", position, "questions", len(questions)] = ("questions", number)
        questions.append({key: value for key, value in row.items() if key != "instrument"})
