"""Tables of judgements as people lay them out: long, wide, as matrices; each becomes rows of one pair."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from vitality.errors import JudgementError
from vitality.weights.cells import Coding, parse_judgement
from vitality.weights.questionnaire.forms import EXPERT_LABELS, HEADINGS

__all__ = ["Problems", "Row", "Table", "rows_of"]

NEEDED = ("node", "item_a", "item_b", "value")
_HEADING_OF = {
    **{name: machine for machine, names in HEADINGS.items() for name in (machine, *names.values())},
    **{"expert": "expert", "专家": "expert", "Expert": "expert", "节点": "node", "Node": "node"},
    **{"判断": "value", "判断值": "value", "取值": "value"},
}
_EXPERTS = tuple(EXPERT_LABELS.values())
#: Between the two items of a wide column; the first that cuts the heading in two counts.
_BETWEEN = (r"\s+vs\.?\s+", r"\s*\|\s*", r"\s*[:：]\s*", r"\s*/\s*", r"_")
_ROUNDED = 0.005

Cells = Sequence[Sequence[object]]


@dataclass
class Problems:
    """Everything that is wrong with the files, in English and Chinese."""

    found: list[tuple[str, str]] = field(default_factory=list)

    def refuse(self, where: str, problem: str, problem_zh: str) -> None:
        """Note one problem with its place."""
        self.found.append((f"{where}: {problem}", f"{where}：{problem_zh}"))


@dataclass(frozen=True)
class Table:
    """The cells of a csv file or of one sheet, and how to name its places."""

    file: str
    stem: str
    cells: Cells
    sheet: str = ""

    @property
    def name(self) -> str:
        """Name of the sheet, or of the file without its ending."""
        return self.sheet or self.stem

    def place(self, row: int, column: int) -> str:
        """Name of a cell, counted from 0."""
        if self.sheet:
            return f"{self.file}, sheet {self.sheet!r}, cell {_letters(column)}{row + 1}"
        return f"{self.file}, line {row + 1}"


@dataclass(frozen=True)
class Row:
    """One judgement with the place of its value; where the table names no `node`, `fallback` may stand for it."""

    where: str
    expert: str
    node: str
    item_a: str
    item_b: str
    value: object
    fallback: str
    form: bool = False


def rows_of(table: Table, problems: Problems, coding: Coding) -> Iterator[Row] | None:
    """Rows of a table in whichever layout it has; None when it has none of them."""
    heads = [row for row, cells in enumerate(table.cells) if _is_head(cells)]
    if heads:
        return _long(table, heads)
    if table.cells and "expert" in _columns(table.cells[0]) and _pairs(table.cells[0]):
        return _wide(table, problems)
    blocks = list(_blocks(table.cells))
    return _matrices(table, blocks, problems, coding) if blocks else None


def _long(table: Table, heads: list[int]) -> Iterator[Row]:
    """Rows below the headings; the machine names win over what people read."""
    columns = _columns(table.cells[heads[0]])
    expert = _expert_of(table.cells[: heads[0]]) or table.stem
    form = len(heads) > 1
    for number, cells in enumerate(table.cells[heads[-1] + 1 :], start=heads[-1] + 1):
        entry = {name: cells[column] for name, column in columns.items() if column < len(cells)}
        texts = {name: _text(entry.get(name)) for name in (*HEADINGS, "expert")}
        node, a, b = (
            texts[code] or texts[name]
            for code, name in (("node", "node_name"), ("item_a", "name_a"), ("item_b", "name_b"))
        )
        if any(texts[name] for name in HEADINGS if name != "note"):
            where = table.place(number, columns["value"])
            yield Row(where, texts["expert"] or expert, node, a, b, entry.get("value"), table.name, form)


def _wide(table: Table, problems: Problems) -> Iterator[Row]:
    """One row an expert (and node), one column a pair."""
    columns, pairs = _columns(table.cells[0]), _pairs(table.cells[0])
    for column, cell in enumerate(table.cells[0]):
        if _text(cell) and column not in pairs and column not in columns.values():
            problems.refuse(
                table.place(0, column),
                f"the heading {_text(cell)!r} is no pair of items; expected a heading such as 'a | b' or 'a_b'",
                f"列名 {_text(cell)!r} 不是一对要素；应形如 'a | b' 或 'a_b'",
            )
    for number, cells in enumerate(table.cells[1:], start=1):
        if not any(_text(cell) for cell in cells):
            continue
        padded = [*cells, *[""] * len(table.cells[0])]
        expert = _text(padded[columns["expert"]]) or f"{table.stem} {number}"
        node = _text(padded[columns["node"]]) if "node" in columns else ""
        for column, (a, b) in pairs.items():
            yield Row(table.place(number, column), expert, node, a, b, padded[column], table.name)


def _matrices(table: Table, blocks: list[tuple[int, list[str]]], problems: Problems, coding: Coding) -> Iterator[Row]:
    """One square block a node: items across the top and down the side, in any order."""
    expert = _expert_of(table.cells[: blocks[0][0]]) or table.stem
    for head, items in blocks:
        node = _text(table.cells[head][0])
        node = "" if node in _EXPERTS else node
        down = {_text(table.cells[head + 1 + k][0]): head + 1 + k for k in range(len(items))}
        across = {item: column for column, item in enumerate(items, start=1)}
        for k, a in enumerate(items):
            for b in items[k + 1 :]:
                upper, lower = _cell(table, down[a], across[b]), _cell(table, down[b], across[a])
                where = table.place(down[a], across[b])
                if not _text(upper):
                    yield Row(table.place(down[b], across[a]), expert, node, b, a, lower, table.name)
                    continue
                if _text(lower) and not _reciprocal(upper, lower, coding):
                    other = table.place(down[b], across[a])
                    problems.refuse(
                        where,
                        f"{a} against {b} is {_text(upper)}, but {other} says {_text(lower)}; expected reciprocals",
                        f"{a} 比 {b} 为 {_text(upper)}，而 {other} 为 {_text(lower)}；两者应互为倒数",
                    )
                    continue
                yield Row(where, expert, node, a, b, upper, table.name)


def _reciprocal(upper: object, lower: object, coding: Coding) -> bool:
    try:
        a, b = parse_judgement(upper, coding=coding), parse_judgement(lower, coding=coding)
    except JudgementError:
        return True  # what is no number is refused with its row
    return bool(abs(a * b - 1) <= _ROUNDED or (a > 0 and b > 0 and min(a, b) == round(1 / max(a, b), 2)))


def _blocks(cells: Cells) -> Iterator[tuple[int, list[str]]]:
    """Head row and items of every square block."""
    for head, row in enumerate(cells):
        items = [_text(cell) for cell in row[1:]]
        while items and not items[-1]:
            items.pop()
        side = [_text(below[0]) if len(below) else "" for below in cells[head + 1 : head + 1 + len(items)]]
        if len(items) > 1 and all(items) and len(set(items)) == len(items) and sorted(side) == sorted(items):
            yield head, items


def _pairs(heading: Sequence[object]) -> dict[int, tuple[str, str]]:
    """Columns whose heading names two items."""
    found = {}
    for column, cell in enumerate(heading):
        text = _text(cell)
        if text in _HEADING_OF:
            continue
        for between in _BETWEEN:
            parts = re.split(between, text)
            if len(parts) == 2 and all(parts):
                found[column] = (parts[0].strip(), parts[1].strip())
                break
    return found


def _columns(cells: Sequence[object]) -> dict[str, int]:
    named: dict[str, int] = {}
    for column, cell in enumerate(cells):
        machine = _HEADING_OF.get(_text(cell))
        if machine:
            named.setdefault(machine, column)
    for code, name in (("node", "node_name"), ("item_a", "name_a"), ("item_b", "name_b")):
        if code not in named and name in named:
            named[code] = named[name]
    return named


def _is_head(cells: Sequence[object]) -> bool:
    return all(name in _columns(cells) for name in NEEDED)


def _expert_of(cells: Cells) -> str:
    """Name in the cell beside the label of the expert."""
    for row in cells:
        for column, cell in enumerate(row):
            if _text(cell).rstrip(":：") in _EXPERTS:
                return next((_text(other) for other in row[column + 1 :] if _text(other)), "")
    return ""


def _cell(table: Table, row: int, column: int) -> object:
    cells = table.cells[row]
    return cells[column] if column < len(cells) else ""


def _text(cell: object) -> str:
    if cell is None or (isinstance(cell, float) and np.isnan(cell)):
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def _letters(column: int) -> str:
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
