"""Judgements from files: the expert workbook, matrices, long and wide tables, or a folder of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vitality.errors import JudgementError, VitalityError, did_you_mean, meant_zh
from vitality.framework.packages import (
    SheetCells,
    inspect_package,
    protected_workbook,
    sparse_rows,
    unreadable_workbook,
    with_lost_cells,
)
from vitality.weights.cells import CODINGS, Coding, parse_judgement
from vitality.weights.naming import codes_by_name, inner_nodes
from vitality.weights.options import choose
from vitality.weights.questionnaire.layouts import NEEDED, Problems, Row, Table, rows_of

if TYPE_CHECKING:
    from vitality.framework import Framework

__all__ = ["read_judgements"]

_SHOWN_PROBLEMS = 20


@dataclass
class _Collected:
    """Judgements found so far, in order of appearance, and everything that is wrong with them."""

    coding: Coding
    values: dict[tuple[str, str], dict[tuple[str, str], float]] = field(default_factory=dict)
    places: dict[tuple[str, str, frozenset[str]], str] = field(default_factory=dict)
    items: dict[str, dict[str, None]] = field(default_factory=dict)
    problems: Problems = field(default_factory=Problems)


def read_judgements(
    path: str | PathLike[str], *, framework: Framework | None = None, coding: Coding = "ratio"
) -> dict[str, dict[str, pd.DataFrame]]:
    """Read experts' judgements from workbooks or csv files, whichever way they are laid out.

    Parameters
    ----------
    path : str or path
        ``.xlsx``, ``.csv`` in UTF-8 or GB18030, or a folder of both. A table is one of:

        the expert workbook as `write_judgement_form` writes it, in Chinese or English;
        long, with the columns ``expert``, ``node``, ``item_a``, ``item_b``, ``value``
        (or 专家, 节点, 甲项, 乙项, 判断);
        wide, one row an expert, with a column ``expert``, maybe ``node``, and one column a pair, headed
        ``a | b``, ``a vs b``, ``a : b``, ``a/b`` or ``a_b``;
        matrices, with the items across the top and down the side and the node in the corner; several one
        below the other, or one a sheet.

        Columns are found by their heading, rows by the codes or names, never by their position. Where a table does
        not name the node it is the one of the framework that has these items, else the name of the sheet or file.
    framework : Framework, optional
        Turns names of nodes and items into codes and refuses those it does not know. Without it, labels
        stay as they are in the file; `hierarchy_weights` takes both.
    coding : {"ratio", "negative_first", "positive_first"}
        How values are written, as in `judgement_matrix`: as ratios (3, 1/3) or as the 9 .. -9 of survey sliders.

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
    choose("coding", coding, CODINGS)
    source = Path(path)
    if not source.exists():
        nearby = [entry.name for entry in source.parent.iterdir()] if source.parent.is_dir() else []
        raise JudgementError(
            f"{source}: there is no such file or folder.{did_you_mean(source.name, nearby)}",
            zh=f"{source}：没有这个文件或文件夹。{meant_zh(source.name, nearby)}",
        )
    found = _Collected(coding)
    known = None if framework is None else _known_names(framework)
    authors: dict[str, str] = {}
    for file in _files(source):
        for row in _rows(file, found):
            author = authors.setdefault(row.expert, file.name)
            if author != file.name:
                found.problems.refuse(
                    file.name,
                    f"expert {row.expert!r} also wrote {author}; expected one file an expert",
                    f"专家 {row.expert!r} 已有文件 {author}；每位专家应只有一个文件",
                )
                break
            _add(row, found, known)
    _raise_problems(source, found.problems)
    if not found.values:
        raise JudgementError(
            f"{source}: no judgement in it; every value cell is blank.", zh=f"{source}：没有任何判断，取值均为空。"
        )
    return _matrices(found)


def _raise_problems(source: Path, problems: Problems) -> None:
    if not problems.found:
        return
    count = len(problems.found)
    more = count - _SHOWN_PROBLEMS
    shown = "".join(f"\n  {english}" for english, _ in problems.found[:_SHOWN_PROBLEMS])
    shown_zh = "".join(f"\n  {chinese}" for _, chinese in problems.found[:_SHOWN_PROBLEMS])
    rest, rest_zh = (f"\n  and {more} more", f"\n  另有 {more} 处") if more > 0 else ("", "")
    raise JudgementError(
        f"{source}: {count} problem(s) in the judgements{shown}{rest}",
        zh=f"{source}：判断中有 {count} 处问题{shown_zh}{rest_zh}",
    )


def _files(source: Path) -> list[Path]:
    if source.is_dir():
        files = sorted(
            file
            for file in source.iterdir()
            if file.suffix.lower() in (".xlsx", ".csv") and not file.name.startswith(("~$", "."))
        )
        if not files:
            raise JudgementError(
                f"{source}: no .xlsx or .csv file in this folder; expected expert workbooks.",
                zh=f"{source}：文件夹中没有 .xlsx 或 .csv 文件；应放入专家判断表。",
            )
        return files
    if source.suffix.lower() not in (".xlsx", ".csv"):
        raise JudgementError(
            f"{source}: found {source.suffix or 'no ending'!r}; expected an .xlsx or .csv file.",
            zh=f"{source}：扩展名为 {source.suffix or '空'!r}；应为 .xlsx 或 .csv 文件。",
        )
    return [source]


def _rows(file: Path, found: _Collected) -> Iterator[Row]:
    understood = False
    tables = [_csv_table(file)] if file.suffix.lower() == ".csv" else _sheets(file, found.problems)
    if tables is None:
        return
    for table in tables:
        rows = rows_of(table, found.problems, found.coding)
        if rows is not None:
            understood = True
            yield from rows
    if not understood:
        head = next(
            (cells for table in tables for cells in table.cells if any(str(cell).strip() for cell in cells)), []
        )
        shown = ", ".join(str(cell) for cell in head[:8]) or "nothing"
        where = f"{file.name}, line 1" if file.suffix.lower() == ".csv" else file.name
        found.problems.refuse(
            where,
            f"found {shown}; expected the columns expert, {', '.join(NEEDED)}, or one column a pair, or a matrix",
            f"读到 {shown}；应有列 expert, {', '.join(NEEDED)}，或每对要素一列，或矩阵",
        )


def _csv_table(file: Path) -> Table:
    raw = file.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", errors="replace")
    return Table(file.name, file.stem, list(csv.reader(io.StringIO(text))))


def _sheets(file: Path, problems: Problems) -> list[Table] | None:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    tables = []
    try:
        hidden = inspect_package(file, error=JudgementError).sheets
        workbook = CalamineWorkbook.from_path(str(file))
        for name in workbook.sheet_names:
            found = hidden.get(name, SheetCells())
            cells: list[Any]
            if found.sparse:
                cells = sparse_rows(file, name, error=JudgementError)
            else:
                cells = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            with_lost_cells(cells, found)
            tables.append(Table(file.name, file.stem, cells, name))
    except JudgementError as problem:
        refused: VitalityError = problem
    except PasswordError:
        refused = protected_workbook(file, error=JudgementError)
    except (CalamineError, OSError, ValueError):
        refused = unreadable_workbook(file, error=JudgementError)
    else:
        return tables
    problems.found.append((str(refused), refused.zh))
    return None


def _known_names(framework: Framework) -> dict[str, dict[str, str]]:
    """Codes by code or name: of the nodes to judge under the key "", and of the children of each node."""
    nodes = inner_nodes(framework)
    below = {node: codes_by_name(framework.children(node), framework) for node in nodes}
    return {"": codes_by_name(nodes, framework), **below}


def _add(row: Row, found: _Collected, known: dict[str, dict[str, str]] | None) -> None:
    """Take one row in, or note what is wrong with it."""
    blank = [name for name, text in zip(("item_a", "item_b"), (row.item_a, row.item_b)) if not text]
    if row.form and not row.node:
        blank.insert(0, "node")
    if blank:
        found.problems.refuse(
            row.where,
            f"no {', '.join(blank)} in this row; expected a code or a name",
            f"本行缺 {', '.join(blank)}；应填代码或名称",
        )
        return
    placed = (row.node or row.fallback, row.item_a, row.item_b) if known is None else _codes(row, found, known)
    if placed is None:
        return
    node, a, b = placed
    if a == b:
        found.problems.refuse(
            row.where, f"{a!r} is compared with itself; expected two different items", f"{a!r} 与自身比较；应为两项"
        )
        return
    found.items.setdefault(node, {}).update({a: None, b: None})
    _add_value(row, found, node, a, b)


def _codes(row: Row, found: _Collected, known: dict[str, dict[str, str]]) -> tuple[str, str, str] | None:
    """Codes of node and items, or None and a problem."""
    a, b = row.item_a, row.item_b
    node = known[""].get(row.node, "")
    if not row.node:
        node = next((code for code, names in known.items() if code and a in names and b in names), "")
        if not node:
            found.problems.refuse(
                row.where,
                f"no node of the framework has both {a!r} and {b!r}; expected two children of one node",
                f"框架中没有同时包含 {a!r} 和 {b!r} 的节点；应为同一上级的两项",
            )
            return None
    if not node:
        found.problems.refuse(
            row.where,
            f"found the unknown node {row.node!r}; expected one of the framework.{did_you_mean(row.node, known[''])}",
            f"节点 {row.node!r} 不在框架中。{meant_zh(row.node, known[''])}",
        )
        return None
    strange = [item for item in (a, b) if item not in known[node]]
    if strange:
        found.problems.refuse(
            row.where,
            f"{strange[0]!r} is not below node {row.node or node!r}.{did_you_mean(strange[0], known[node])}",
            f"{strange[0]!r} 不在节点 {row.node or node!r} 之下。{meant_zh(strange[0], known[node])}",
        )
        return None
    return node, known[node][a], known[node][b]


def _add_value(row: Row, found: _Collected, node: str, a: str, b: str) -> None:
    where, refuse = row.where, found.problems.refuse
    try:
        value = parse_judgement(row.value, coding=found.coding)
    except JudgementError as problem:
        refuse(where, f"{a} against {b}: {problem}", f"{a} 比 {b}：{problem.message('zh')}")
        return
    if np.isnan(value):
        return
    if not (np.isfinite(value) and value > 0):
        refuse(
            where,
            f"{a} against {b}: found {row.value!r}, expected a positive number",
            f"{a} 比 {b}：写的是 {row.value!r}，应为正数",
        )
        return
    if row.form and not 1 / 9 - 1e-6 <= value <= 9 + 1e-6:
        refuse(
            where,
            f"{a} against {b}: found {row.value!r}, expected 1/9 to 9 as in the list",
            f"{a} 比 {b}：写的是 {row.value!r}，应按列表取 1/9 至 9",
        )
        return
    key = (node, row.expert, frozenset((a, b)))
    if key in found.places:
        refuse(
            where,
            f"{a} against {b} was already judged at {found.places[key]}; keep one of the two",
            f"{a} 与 {b} 已在 {found.places[key]} 判断过；请只保留一处",
        )
        return
    found.places[key] = where
    found.values.setdefault((node, row.expert), {})[a, b] = value


def _matrices(found: _Collected) -> dict[str, dict[str, pd.DataFrame]]:
    result: dict[str, dict[str, pd.DataFrame]] = {}
    for (node, expert), pairs in found.values.items():
        items = list(found.items[node])
        array = np.full((len(items), len(items)), np.nan)
        position = {item: i for i, item in enumerate(items)}
        np.fill_diagonal(array, 1.0)
        for (a, b), value in pairs.items():
            array[position[a], position[b]] = value
            array[position[b], position[a]] = 1 / value
        result.setdefault(node, {})[expert] = pd.DataFrame(array, index=items, columns=items)
    return result
