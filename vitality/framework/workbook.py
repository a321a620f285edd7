"""A framework as an Excel workbook: the front door for people who do not write YAML.

One sheet a list (indicators, resources, questions, ...), one row an item, field names in the first row
and their explanation in the second. Nested fields (a measure, options, limits) stand in one cell in the
short notation of YAML, such as ``{kind: ratio, numerator: [t15], denominator: [t01], times: 1000}``.
"""

from __future__ import annotations

import io
import os
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

import yaml

from vitality.errors import FrameworkError
from vitality.framework.base import CONTROL, Lang, Part, check_language
from vitality.framework.files import checked_target, without_dates, write_file
from vitality.framework.model import Framework
from vitality.framework.parts import (
    Control,
    CoupledPair,
    Grade,
    Group,
    Indicator,
    Instrument,
    Passage,
    Question,
    Recommendation,
    Resource,
)
from vitality.framework.writing import plain

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

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
    "target": ("目标值,仅用于按目标距离归一化", "value to be reached; for normalisation by distance to target only"),
    "denominator": ("分母的名称,同名即同分母", "name of the denominator; the same name is the same thing"),
}
NOT_COLUMNS = ("children", "questions")
ENDINGS = (".xlsx",)
#: Characters that a cell of Excel can hold.
LONGEST = 32_767


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
        The file written; equal frameworks give equal bytes.

    Raises
    ------
    FrameworkError
        If the file cannot be written, or a text is longer than a cell can hold.
    """
    from openpyxl import Workbook

    check_language(lang)
    checked_target(path, endings=ENDINGS)
    content = plain(framework)
    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    for sheet, (heading, _) in SHEETS.items():
        page = book.create_sheet(f"{heading} {sheet}")
        if sheet == "framework":
            own = [key for key in content if key not in (*SHEETS, "tree")]
            rows = [{"key": key, "value": content[key]} for key in own]
        else:
            rows = _rows(content, sheet)
        _write_rows(page, columns_of(sheet), rows, lang)
    made = io.BytesIO()
    book.save(made)
    return write_file(path, without_dates(made.getvalue()), endings=ENDINGS)


@cache
def columns_of(sheet: str) -> tuple[str, ...]:
    """Columns of a sheet in their order, the code first.

    Examples
    --------
    >>> columns_of("coupled_pairs")
    ('resource', 'indicator', 'component')
    """
    if sheet == "framework":
        return ("key", "value")
    fields: dict[str, None] = dict.fromkeys(EXTRA_FIELDS.get(sheet, ()))
    for model in SHEETS[sheet][1]:
        fields |= dict.fromkeys(name for name in model.model_fields if name not in NOT_COLUMNS)
    order = list(fields)
    if "code" in order:
        order.insert(0, order.pop(order.index("code")))
    return tuple(order)


@cache
def kind_of(sheet: str, column: str) -> str:
    """Tell what the cells of a column hold: ``text``, ``number``, ``flag``, or ``nested`` data in YAML.

    On the sheet ``framework`` the fields stand in rows; there `column` is the key of the row.

    Examples
    --------
    >>> kind_of("indicators", "worst"), kind_of("indicators", "measure"), kind_of("framework", "version")
    ('number', 'nested', 'text')
    """
    models = (Framework,) if sheet == "framework" else SHEETS[sheet][1]
    fields = [model.model_fields[column] for model in models if column in model.model_fields]
    return _kind(fields[0].annotation) if fields else "text"


def _kind(annotation: Any) -> str:
    if get_origin(annotation) in (Union, UnionType):
        kinds = {_kind(option) for option in get_args(annotation) if option is not NoneType}
        return kinds.pop() if len(kinds) == 1 else "nested"
    if get_origin(annotation) is Annotated:
        return _kind(get_args(annotation)[0])
    if get_origin(annotation) is Literal:
        return "text"
    return {str: "text", float: "number", int: "number", bool: "flag"}.get(annotation, "nested")


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
    for number, row in enumerate(rows, 3):
        for position, column in enumerate(columns, 1):
            if row.get(column) is not None:
                _fill(page.cell(number, position), row[column])
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


def _fill(cell: Any, value: Any) -> None:
    """Write one value; text stays text in Excel, whatever it begins with."""
    if isinstance(value, (dict, list)):
        value = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10**6).strip()
    if isinstance(value, bool):
        value = "true" if value else "false"
    if not isinstance(value, str):
        cell.value = value
        return
    spot = f"{cell.parent.title}!{cell.coordinate}"
    if len(value) > LONGEST:
        raise FrameworkError(
            f"{spot}: a text of {len(value):,} characters; a cell of Excel holds {LONGEST:,}. Write a .yaml file.",
            zh=f"{spot}：文字有{len(value):,}个字符，Excel 单元格最多容纳{LONGEST:,}个。请改存为 .yaml 文件。",
        )
    if CONTROL.search(value):
        raise FrameworkError(
            f"{spot}: {value!r} holds a control character, which Excel cannot. Type the text again.",
            zh=f"{spot}：{value!r} 含控制字符，Excel 无法保存，请重新输入这段文字。",
        )
    cell.value = value
    cell.data_type, cell.number_format = "s", "@"
