"""Judgements from files: the expert workbook, a folder of them, or a csv in long form."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vitality.errors import JudgementError, did_you_mean
from vitality.weights.forms import EXPERT_LABELS, HEADINGS
from vitality.weights.cells import parse_judgement
from vitality.weights.naming import codes_by_name, inner_nodes

if TYPE_CHECKING:
    from vitality.framework import Framework

__all__ = ["read_judgements"]

_SHOWN_PROBLEMS = 20
_HEADING_OF = {
    **{name: machine for machine, names in HEADINGS.items() for name in (machine, *names.values())},
    **{"expert": "expert", "专家": "expert", "Expert": "expert", "节点": "node"},
    **{"判断": "value", "判断值": "value", "取值": "value"},
}
_NEEDED = ("node", "item_a", "item_b", "value")


@dataclass
class _Collected:
    """Judgements found so far, in order of appearance, and everything that is wrong with them."""

    values: dict[tuple[str, str], dict[tuple[str, str], float]] = field(default_factory=dict)
    places: dict[tuple[str, str, frozenset[str]], str] = field(default_factory=dict)
    items: dict[str, dict[str, None]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def refuse(self, where: str, problem: object) -> None:
        self.problems.append(f"{where}: {problem}")


def read_judgements(
    path: str | PathLike[str], *, framework: Framework | None = None
) -> dict[str, dict[str, pd.DataFrame]]:
    """Read experts' judgements from an expert workbook, a folder of workbooks, or a csv in long form.

    Parameters
    ----------
    path : str or path
        ``.xlsx`` as `write_judgement_form` writes it; a folder of such workbooks and csv files; or ``.csv``
        in UTF-8 or GB18030 with the columns ``expert``, ``node``, ``item_a``, ``item_b``, ``value``
        (or 专家, 节点, 甲项, 乙项, 判断). Columns are found by their heading, rows by the codes or names.
    framework : Framework, optional
        Turns names of nodes and items into codes and refuses those it does not know. Without it, labels
        stay as they are in the file; `hierarchy_weights` takes both.

    Returns
    -------
    dict
        Node -> expert -> DataFrame (labels = items, NaN = not judged), which is what `hierarchy_weights`
        takes. The expert is named in the file, else by the name of the file. An expert who judged nothing
        at a node is not there.

    Raises
    ------
    JudgementError
        With all problems of the files: file, sheet, cell, what was found and what was expected.
    """
    source = Path(path)
    if not source.exists():
        nearby = [entry.name for entry in source.parent.iterdir()] if source.parent.is_dir() else []
        raise JudgementError(f"{source}: there is no such file or folder.{did_you_mean(source.name, nearby)}")
    found = _Collected()
    known = None if framework is None else _known_names(framework)
    authors: dict[str, str] = {}
    for file in _files(source):
        for row in _rows(file, found):
            author = authors.setdefault(row.expert, file.name)
            if author != file.name:
                found.refuse(file.name, f"expert {row.expert!r} also wrote {author}; expected one file an expert")
                break
            _add(row, found, known)
    if found.problems:
        shown = "\n".join(f"  {problem}" for problem in found.problems[:_SHOWN_PROBLEMS])
        more = len(found.problems) - _SHOWN_PROBLEMS
        rest = f"\n  and {more} more" if more > 0 else ""
        raise JudgementError(f"{source}: {len(found.problems)} problem(s) in the judgements\n{shown}{rest}")
    if not found.values:
        raise JudgementError(f"{source}: no judgement in it; every value cell is blank.")
    return _matrices(found)


@dataclass(frozen=True)
class _Row:
    """One row of a file with the place of its value."""

    where: str
    expert: str
    node: str
    item_a: str
    item_b: str
    value: object
    form: bool


def _files(source: Path) -> list[Path]:
    if source.is_dir():
        files = sorted(
            file
            for file in source.iterdir()
            if file.suffix.lower() in (".xlsx", ".csv") and not file.name.startswith(("~$", "."))
        )
        if not files:
            raise JudgementError(f"{source}: no .xlsx or .csv file in this folder; expected expert workbooks.")
        return files
    if source.suffix.lower() not in (".xlsx", ".csv"):
        raise JudgementError(f"{source}: found {source.suffix or 'no ending'!r}; expected an .xlsx or .csv file.")
    return [source]


def _rows(file: Path, found: _Collected) -> Iterator[_Row]:
    yield from _csv_rows(file, found) if file.suffix.lower() == ".csv" else _workbook_rows(file, found)


def _csv_rows(file: Path, found: _Collected) -> Iterator[_Row]:
    raw = file.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", errors="replace")
    table = list(csv.reader(io.StringIO(text)))
    columns = _columns(table[0]) if table else {}
    missing = [name for name in _NEEDED if name not in columns]
    if missing:
        head = ", ".join(table[0]) if table else "nothing"
        found.refuse(f"{file.name}, line 1", f"found {head}; expected the columns expert, {', '.join(_NEEDED)}")
        return
    for number, cells in enumerate(table[1:], start=2):
        if any(cell.strip() for cell in cells):
            padded = [*cells, *[""] * len(columns)]
            entry = {name: padded[column].strip() for name, column in columns.items()}
            yield _Row(
                where=f"{file.name}, line {number}",
                expert=entry.get("expert") or file.stem,
                node=entry["node"],
                item_a=entry["item_a"],
                item_b=entry["item_b"],
                value=entry["value"],
                form=False,
            )


def _workbook_rows(file: Path, found: _Collected) -> Iterator[_Row]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_path(str(file))
        sheets = {
            name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in workbook.sheet_names
        }
    except (CalamineError, OSError, ValueError) as problem:
        found.refuse(file.name, f"cannot be read as a workbook ({problem}); save it again as .xlsx")
        return
    for name, table in sheets.items():
        heads = [row for row, cells in enumerate(table) if _is_head(cells)]
        if heads:
            yield from _sheet_rows(file, name, table, heads)
            return
    found.refuse(
        file.name,
        f"no sheet has the columns {', '.join(_NEEDED)}; expected the form that write_judgement_form writes",
    )


def _sheet_rows(file: Path, sheet: str, table: Sequence[Sequence[object]], heads: list[int]) -> Iterator[_Row]:
    """Rows below the headings of one sheet; the machine names win over what people read."""
    columns = _columns(table[heads[0]])
    letters = _letters(columns["value"])
    expert = _expert_of(table[: heads[0]]) or file.stem
    for number, cells in enumerate(table[heads[-1] + 1 :], start=heads[-1] + 2):
        entry = {name: cells[column] for name, column in columns.items() if column < len(cells)}
        texts = {name: str(entry.get(name, "") or "").strip() for name in HEADINGS}
        node, a, b = (
            texts[code] or texts[name]
            for code, name in (("node", "node_name"), ("item_a", "name_a"), ("item_b", "name_b"))
        )
        value = entry.get("value")
        if any(texts[name] for name in HEADINGS if name != "note"):
            where = f"{file.name}, sheet {sheet!r}, cell {letters}{number}"
            yield _Row(where, expert, node, a, b, value, form=True)


def _columns(cells: Sequence[object]) -> dict[str, int]:
    named: dict[str, int] = {}
    for column, cell in enumerate(cells):
        machine = _HEADING_OF.get(str(cell).strip())
        if machine:
            named.setdefault(machine, column)
    for code, name in (("node", "node_name"), ("item_a", "name_a"), ("item_b", "name_b")):
        if code not in named and name in named:
            named[code] = named[name]
    return named


def _is_head(cells: Sequence[object]) -> bool:
    return all(name in _columns(cells) for name in _NEEDED)


def _expert_of(table: Sequence[Sequence[object]]) -> str:
    """Name in the cell beside the label of the expert."""
    for cells in table:
        for column, cell in enumerate(cells):
            if str(cell).strip().rstrip(":：") in EXPERT_LABELS.values():
                return next((str(other).strip() for other in cells[column + 1 :] if str(other).strip()), "")
    return ""


def _letters(column: int) -> str:
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _known_names(framework: Framework) -> dict[str, dict[str, str]]:
    """Codes by code or name: of the nodes to judge under the key "", and of the children of each node."""
    nodes = inner_nodes(framework)
    below = {node: codes_by_name(framework.children(node), framework) for node in nodes}
    return {"": codes_by_name(nodes, framework), **below}


def _add(row: _Row, found: _Collected, known: dict[str, dict[str, str]] | None) -> None:
    """Take one row in, or note what is wrong with it."""
    blank = [name for name, text in zip(_NEEDED, (row.node, row.item_a, row.item_b)) if not text]
    if blank:
        found.refuse(row.where, f"no {', '.join(blank)} in this row; expected a code or a name")
        return
    node, a, b = row.node, row.item_a, row.item_b
    if known is not None:
        node = known[""].get(node, "")
        if not node:
            near = did_you_mean(row.node, known[""])
            found.refuse(row.where, f"found the unknown node {row.node!r}; expected one of the framework.{near}")
            return
        strange = [item for item in (a, b) if item not in known[node]]
        if strange:
            near = did_you_mean(strange[0], known[node])
            found.refuse(row.where, f"{strange[0]!r} is not below node {row.node!r}.{near}")
            return
        a, b = known[node][a], known[node][b]
    if a == b:
        found.refuse(row.where, f"{a!r} is compared with itself; expected two different items")
        return
    found.items.setdefault(node, {}).update({a: None, b: None})
    _add_value(row, found, node, a, b)


def _add_value(row: _Row, found: _Collected, node: str, a: str, b: str) -> None:
    try:
        value = parse_judgement(row.value)
    except JudgementError as problem:
        found.refuse(row.where, f"{a} against {b}: {problem}")
        return
    if np.isnan(value):
        return
    if not (np.isfinite(value) and value > 0):
        found.refuse(row.where, f"{a} against {b}: found {row.value!r}, expected a positive number")
        return
    if row.form and not 1 / 9 - 1e-6 <= value <= 9 + 1e-6:
        found.refuse(row.where, f"{a} against {b}: found {row.value!r}, expected 1/9 to 9 as in the list")
        return
    key = (node, row.expert, frozenset((a, b)))
    if key in found.places:
        found.refuse(row.where, f"{a} against {b} was already judged at {found.places[key]}; keep one of the two")
        return
    found.places[key] = row.where
    found.values.setdefault((node, row.expert), {})[a, b] = value


def _matrices(found: _Collected) -> dict[str, dict[str, pd.DataFrame]]:
    result: dict[str, dict[str, pd.DataFrame]] = {}
    for (node, expert), pairs in found.values.items():
        items = list(found.items[node])
        matrix = pd.DataFrame(np.nan, index=items, columns=items)
        array = matrix.to_numpy(copy=True)
        position = {item: i for i, item in enumerate(items)}
        np.fill_diagonal(array, 1.0)
        for (a, b), value in pairs.items():
            array[position[a], position[b]] = value
            array[position[b], position[a]] = 1 / value
        result.setdefault(node, {})[expert] = pd.DataFrame(array, index=items, columns=items)
    return result
