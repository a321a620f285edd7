"""A framework as an Excel workbook: the front door for people who do not write YAML.

One sheet a list (indicators, resources, questions, ...), one row an item, field names in the first row
and their explanation in the second. Nested fields (a measure, options, limits) stand in one cell in the
short notation of YAML, such as ``{kind: ratio, numerator: [t15], denominator: [t01], times: 1000}``.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from vitality.errors import FrameworkError, did_you_mean, some
from vitality.framework.flat import nested
from vitality.framework.parts import (
    Control,
    CoupledPair,
    Grade,
    Group,
    Indicator,
    Instrument,
    Lang,
    Part,
    Passage,
    Question,
    Recommendation,
    Resource,
)
from vitality.framework.reading import Location, build_framework
from vitality.framework.writing import plain

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from vitality.framework.model import Framework

#: Sheet -> Chinese heading and the models whose fields are its columns.
SHEETS: dict[str, tuple[str, tuple[type[Part], ...]]] = {
    "framework": ("框架", ()),
    "indicators": ("指标", (Group, Indicator)),
    "resources": ("资源", (Resource,)),
    "controls": ("控制变量", (Control,)),
    "instruments": ("调查工具", (Instrument,)),
    "questions": ("问题", (Question,)),
    "components": ("共有成分", (Passage,)),
    "coupled_pairs": ("同源变量", (CoupledPair,)),
    "grades": ("等级", (Grade,)),
    "passages": ("文献段落", (Passage,)),
    "recommendations": ("对策", (Recommendation,)),
}
#: Sheets whose items are texts under a code.
KEYED = ("components", "passages")
#: Fields of a sheet that stand in the row but belong to where the item hangs.
EXTRA_FIELDS = {"indicators": ("parent",), "questions": ("instrument",), **dict.fromkeys(KEYED, ("code",))}
HINTS = {
    "code": ("代码,不可重复", "code, unique"),
    "parent": ("上级节点代码,根节点留空", "code of the node above; empty for the root"),
    "direction": ("benefit 正向 / cost 负向 / interval 适度", "benefit / cost / interval"),
    "worst": ("得0分的值", "value that scores 0"),
    "best": ("得100分的值", "value that scores 100"),
    "weight": ("同组内权重,任意正数", "weight among siblings, any positive number"),
    "measure": ("计算方式,见说明文档", "how it is computed, see the documentation"),
    "limits": ("硬性上下限,[低, 高]", "hard limits, [low, high]"),
    "denominator": ("分母的名称,同名即同分母", "name of the denominator; the same name is the same thing"),
}
NOT_COLUMNS = ("children", "questions")


def write_workbook(framework: Framework, path: str | os.PathLike[str], *, lang: Lang = "zh") -> Path:
    """Write the framework as a workbook; what `Framework.to_workbook` does.

    Parameters
    ----------
    framework : Framework
        Anything that `read_framework` gives.
    path : path
        Target, ending in ``.xlsx``; an existing file is replaced.
    lang : {"zh", "en"}
        Language of the explanations in the second row.

    Returns
    -------
    Path
        The file written.
    """
    from openpyxl import Workbook

    content = plain(framework)
    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    for sheet, (heading, _) in SHEETS.items():
        page = book.create_sheet(f"{heading} {sheet}")
        if sheet == "framework":
            rows = [
                {"key": key, "value": value} for key, value in content.items() if key not in SHEETS and key != "tree"
            ]
            _write_rows(page, ("key", "value"), rows, lang)
        else:
            _write_rows(page, _columns(sheet), list(_rows(content, sheet)), lang)
    target = Path(path)
    book.save(target)
    return target


def read_workbook(path: Path) -> Framework:
    """Read a framework from a workbook that `write_workbook` laid out; what `read_framework` does."""
    pages = _pages(path)
    places: dict[Location, str] = {}
    content: dict[str, Any] = {row["key"]: row["value"] for _, row in pages["framework"]}
    for sheet in SHEETS:
        spot = f"sheet {sheet!r}, row"
        if sheet in ("framework", "indicators", "questions", *KEYED):
            continue
        content[sheet] = [row for _, row in pages[sheet]]
        places |= {(sheet, position): f"{spot} {number}" for position, (number, _) in enumerate(pages[sheet])}
    for sheet in KEYED:
        content[sheet] = {
            str(row.get("code")): {key: value for key, value in row.items() if key != "code"} for _, row in pages[sheet]
        }
    numbers = {str(row.get("code")): number for number, row in pages["indicators"]}
    content["tree"] = nested(
        [row for _, row in pages["indicators"]],
        fields=lambda row, _: {key: value for key, value in row.items() if key not in ("parent", "code")},
        where=f"{path.name}, sheet 'indicators'",
    )
    _note_rows(content["tree"], ("tree",), numbers, places)
    _hang_questions(content, pages["questions"], places, path.name)
    return build_framework(content, where=path.name, places=places)


def _columns(sheet: str) -> tuple[str, ...]:
    fields: dict[str, None] = dict.fromkeys(EXTRA_FIELDS.get(sheet, ()))
    for model in SHEETS[sheet][1]:
        fields |= dict.fromkeys(name for name in model.model_fields if name not in NOT_COLUMNS)
    order = list(fields)
    if "code" in order:
        order.insert(0, order.pop(order.index("code")))
    return tuple(order)


def _rows(content: dict[str, Any], sheet: str) -> list[dict[str, Any]]:
    if sheet == "indicators":
        return _flattened(content["tree"], parent="")
    if sheet == "questions":
        return [
            {"instrument": form["code"], **question}
            for form in content.get("instruments", ())
            for question in form.get("questions", ())
        ]
    if sheet in KEYED:
        return [{"code": code, **texts} for code, texts in content.get(sheet, {}).items()]
    return list(content.get(sheet, ()))


def _flattened(node: dict[str, Any], *, parent: str) -> list[dict[str, Any]]:
    own = {key: value for key, value in node.items() if key != "children"} | {"parent": parent}
    below = [_flattened(child, parent=node["code"]) for child in node.get("children", ())]
    return [own, *(row for rows in below for row in rows)]


def _write_rows(page: Worksheet, columns: tuple[str, ...], rows: list[dict[str, Any]], lang: Lang) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    page.append(list(columns))
    page.append([_hint(column, position, lang) for position, column in enumerate(columns)])
    for row in rows:
        page.append([_to_cell(row.get(column)) for column in columns])
    for cell in page[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DCE6F1")
    for cell in page[2]:
        cell.font = Font(italic=True, color="777777")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for position, column in enumerate(columns, 1):
        wide = column.startswith(("definition", "text", "note", "measure", "value", "scope", "zh", "en"))
        page.column_dimensions[get_column_letter(position)].width = 44 if wide else 16
    page.freeze_panes = "B3"


def _hint(column: str, position: int, lang: Lang) -> str:
    text = HINTS.get(column, ("", ""))[0 if lang == "zh" else 1]
    return f"# {text}".strip() if position == 0 else text


def _to_cell(value: Any) -> Any:
    if isinstance(value, (dict, list)):
        text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10**6)
        return text.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def _pages(path: Path) -> dict[str, list[tuple[int, dict[str, Any]]]]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, data_only=True)
    except Exception as error:
        raise FrameworkError(
            f"{path.name}: cannot be opened as an Excel workbook ({error}). Save it as .xlsx and try again."
        ) from None
    found = {title.split()[-1]: title for title in book.sheetnames if title.strip()}
    missing = [sheet for sheet in ("framework", "indicators") if sheet not in found]
    if missing:
        raise FrameworkError(
            f"{path.name}: no sheet {some(missing)}; found {some(book.sheetnames)}. "
            "Start from a workbook written by 'vitality framework redcross --output framework.xlsx'."
        )
    return {sheet: _page_rows(book[found[sheet]], sheet, path.name) if sheet in found else [] for sheet in SHEETS}


def _page_rows(page: Worksheet, sheet: str, file: str) -> list[tuple[int, dict[str, Any]]]:
    rows = list(page.iter_rows(values_only=True))
    heads = [str(head).strip() if head is not None else "" for head in rows[0]] if rows else []
    known = ("key", "value") if sheet == "framework" else _columns(sheet)
    unknown = [head for head in heads if head and head not in known]
    if unknown:
        raise FrameworkError(
            f"{file}, sheet {sheet!r}, row 1: unknown column {some(unknown)}."
            f"{did_you_mean(unknown[0], known)} Known: {', '.join(known)}."
        )
    found = []
    for number, cells in enumerate(rows[1:], 2):
        row = {
            head: _from_cell(value, where=f"{file}, sheet {sheet!r}, row {number}, column {head!r}")
            for head, value in zip(heads, cells)
            if head and value is not None and str(value).strip() != ""
        }
        if row and not str(cells[0] or "").startswith("#"):
            found.append((number, row))
    return found


def _from_cell(value: Any, *, where: str) -> Any:
    if not isinstance(value, str):
        return value
    text = value.strip()
    if text in ("true", "false"):
        return text == "true"
    if not text.startswith(("{", "[")):
        return text
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise FrameworkError(
            f"{where}: found {text!r}, which is not a list [a, b] or a mapping {{key: value}}: "
            f"{getattr(error, 'problem', error)}. Check brackets, colons and commas."
        ) from None


def _note_rows(node: dict[str, Any], location: Location, numbers: dict[str, int], places: dict[Location, str]) -> None:
    places[location] = f"sheet 'indicators', row {numbers.get(node['code'])}"
    for position, child in enumerate(node.get("children", ())):
        _note_rows(child, (*location, "children", position), numbers, places)


def _hang_questions(
    content: dict[str, Any],
    rows: list[tuple[int, dict[str, Any]]],
    places: dict[Location, str],
    file: str,
) -> None:
    forms = {str(form.get("code")): form for form in content["instruments"]}
    order = list(forms)
    for number, row in rows:
        code = str(row.get("instrument"))
        if code not in forms:
            raise FrameworkError(
                f"{file}, sheet 'questions', row {number}: unknown instrument {code!r}."
                f"{did_you_mean(code, order)} The sheet 'instruments' has {some(order)}."
            )
        questions = forms[code].setdefault("questions", [])
        location: Location = ("instruments", order.index(code), "questions", len(questions))
        places[location] = f"sheet 'questions', row {number}"
        questions.append({key: value for key, value in row.items() if key != "instrument"})
