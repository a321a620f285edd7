"""The codebook sheet of the expert workbook: what every node means and is measured by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vitality.framework import Indicator
from vitality.framework.base import in_language
from vitality.framework.display import ARROWS
from vitality.framework.sheets import print_on_a4, row_height

if TYPE_CHECKING:
    from openpyxl import Workbook

    from vitality.framework import Framework, Lang

__all__ = ["add_codebook"]

_TITLE = {"zh": "代码表", "en": "codebook"}
_HEADS = {
    "zh": ("代码", "名称", "属于", "含义", "单位", "方向"),
    "en": ("Code", "Name", "Part of", "What it means", "In", "Better"),
}
_WIDTHS = (9, 30, 24, 70, 12, 8)


def add_codebook(workbook: Workbook, framework: Framework, lang: Lang) -> None:
    """Add a protected sheet with the definition of every node that experts compare.

    `read_judgements` takes it for no judgements, because it has neither their heads nor the shape of a matrix.
    """
    from openpyxl.styles import Alignment, Font, PatternFill

    sheet = workbook.create_sheet(_TITLE[lang])
    for column, (text, width) in enumerate(zip(_HEADS[lang], _WIDTHS), start=1):
        head = sheet.cell(1, column, text)
        head.font, head.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="44546A")
        sheet.column_dimensions[chr(64 + column)].width = width
    for row, texts in enumerate(_rows(framework, lang), start=2):
        for column, text in enumerate(texts, start=1):
            sheet.cell(row, column, text or None).alignment = Alignment(wrap_text=True, vertical="center")
        sheet.row_dimensions[row].height = row_height(zip(texts, _WIDTHS))
    sheet.freeze_panes = "A2"
    sheet.protection.enable()
    print_on_a4(sheet, landscape=True, heads=(1, 1))


def _rows(framework: Framework, lang: Lang) -> Iterator[tuple[str, ...]]:
    """Code, name, node above, meaning, unit and direction of each node, in the order of the tree."""
    for code in framework.nodes:
        node, above = framework.node(code), framework.parent(code)
        parent = framework.label(above, lang) if above else ""
        if isinstance(node, Indicator):
            told = (node.definition(lang), node.unit(lang), ARROWS[node.direction])
        else:
            parts = ("、" if lang == "zh" else "; ").join(
                framework.label(child, lang) for child in framework.children(code)
            )
            told = (in_language(lang, node.scope_zh, node.scope_en) or parts, "", "")
        yield (code, framework.label(code, lang), parent, *told)
