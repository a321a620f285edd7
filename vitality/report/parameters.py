"""The parameters of a notebook: which it has, and which values can be handed to it."""

from __future__ import annotations

import ast
import datetime
import json
from collections.abc import Iterator, Mapping
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np

from vitality.errors import ReportError, did_you_mean, meant_zh, some, some_zh

__all__ = ["check_parameters", "is_tagged", "notebook_parameters", "plain_value", "read_notebook", "source_of"]


def read_notebook(path: str | PathLike[str]) -> dict[str, Any]:
    """Read a notebook file as it is.

    Raises
    ------
    ReportError
        If there is no such file or it is no notebook of format 4.
    """
    place = Path(path)
    if not place.is_file():
        others = [other.name for other in place.parent.glob("*.ipynb")]
        near, near_zh = did_you_mean(place.name, others), meant_zh(place.name, others)
        raise ReportError(
            f"notebook {str(place)!r}: there is no such file.{near}",
            zh=f"找不到笔记本 {str(place)!r}。{near_zh}",
        )
    try:
        content = json.loads(place.read_text(encoding="utf-8"))
    except ValueError as problem:
        raise ReportError(
            f"{place}: this is no notebook ({problem}).", zh=f"{place} 不是笔记本（{problem}）。"
        ) from None
    if not isinstance(content, dict) or content.get("nbformat") != 4 or "cells" not in content:
        raise ReportError(
            f"{place}: expected a notebook of format 4. Open and save it in JupyterLab once.",
            zh=f"{place} 不是第 4 版格式的笔记本。请在 JupyterLab 中打开并保存一次。",
        )
    return content


def notebook_parameters(path: str | PathLike[str]) -> dict[str, Any]:
    """Read names and defaults of the parameters of a notebook, without running anything.

    Parameters
    ----------
    path : path
        A notebook whose parameters stand in the cell tagged ``parameters``, one assignment each.

    Returns
    -------
    dict
        Name -> default, in the order of the cell; a default that is no plain value is given as its source
        text. Empty when no cell is tagged.

    Raises
    ------
    ReportError
        If the file is no notebook, or the cell is no Python.

    Examples
    --------
    >>> import tempfile
    >>> cell = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": "seed = 1  # any\\nlang = 'zh'"}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "report.ipynb"
    ...     _ = file.write_text(json.dumps({"nbformat": 4, "cells": [cell]}))
    ...     notebook_parameters(file)
    {'seed': 1, 'lang': 'zh'}
    """
    cell = next((cell for cell in read_notebook(path)["cells"] if is_tagged(cell, "parameters")), None)
    if cell is None:
        return {}
    lines = source_of(cell).splitlines()
    text = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in lines)
    try:
        tree = ast.parse(text)
    except SyntaxError as problem:
        raise ReportError(
            f"{path}: the cell of parameters is no Python (line {problem.lineno}: {problem.msg}).",
            zh=f"{path}：参数单元不是有效的 Python 代码（第 {problem.lineno} 行：{problem.msg}）。",
        ) from None
    return dict(pair for statement in tree.body for pair in _assigned(statement))


def is_tagged(cell: Mapping[str, Any], tag: str) -> bool:
    """Whether a code cell carries a tag.

    Examples
    --------
    >>> is_tagged({"cell_type": "code", "metadata": {"tags": ["parameters"]}}, "parameters")
    True
    """
    return cell.get("cell_type") == "code" and tag in cell.get("metadata", {}).get("tags", [])


def source_of(cell: Mapping[str, Any]) -> str:
    """Give the source of a cell as one text; files may hold it as lines.

    Examples
    --------
    >>> source_of({"source": ["a = 1", "; b = 2"]})
    'a = 1; b = 2'
    """
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def _assigned(statement: ast.stmt) -> Iterator[tuple[str, Any]]:
    """Give name and value of each plain assignment of a statement."""
    if isinstance(statement, ast.AnnAssign) and statement.value is not None:
        targets, value = [statement.target], statement.value
    elif isinstance(statement, ast.Assign):
        targets, value = list(statement.targets), statement.value  # type: ignore[arg-type]
    else:
        return
    for target in targets:
        if isinstance(target, ast.Name):
            try:
                yield target.id, ast.literal_eval(value)
            except ValueError:
                yield target.id, ast.unparse(value)


def check_parameters(known: Mapping[str, Any], given: Mapping[str, Any], *, where: str) -> dict[str, Any]:
    """Refuse parameters that a notebook does not have, and make the values plain.

    Parameters
    ----------
    known : mapping
        What `notebook_parameters` gave.
    given : mapping
        Name -> value, as somebody asks for.
    where : str
        Name of the notebook, for the message.

    Raises
    ------
    ReportError
        If a name is unknown (the near miss is offered), a value is not of the kind of the default, or it cannot be
        handed to a notebook.

    Examples
    --------
    >>> check_parameters({"seed": 1}, {"sed": 2}, where="report.ipynb")
    Traceback (most recent call last):
    vitality.errors.ReportError: report.ipynb: there is no parameter 'sed'. Did you mean 'seed'? It has 'seed'.
    report.ipynb 没有参数 'sed'。是否想写 'seed'？可用的参数：'seed'。
    """
    unknown = [name for name in given if name not in known]
    if unknown:
        near = did_you_mean(unknown[0], known)
        has = f"It has {some(known, limit=20)}." if known else "It has none: no cell is tagged 'parameters'."
        raise ReportError(
            f"{where}: there is no parameter {some(unknown)}.{near} {has}",
            zh=f"{where} 没有参数 {some_zh(unknown)}。{meant_zh(unknown[0], known)}"
            f"可用的参数：{some_zh(known, limit=20)}。",
        )
    return {name: _like(known[name], plain_value(name, value), name, where) for name, value in given.items()}


def _like(default: Any, value: Any, name: str, where: str) -> Any:
    """Refuse a value that is not of the kind of the default, where that is a number or true or false."""
    kinds: dict[type, tuple[tuple[type, ...], str, str]] = {
        bool: ((bool,), "true or false", "true 或 false"),
        int: ((int,), "a whole number", "整数"),
        float: ((float, int), "a number", "数"),
    }
    if type(default) not in kinds:
        return value
    types, en, zh = kinds[type(default)]
    if isinstance(value, types) and not (isinstance(value, bool) and type(default) is not bool):
        return value
    raise ReportError(
        f"{where}: parameter {name!r}: found {value!r}; expected {en}, such as {default!r}.",
        zh=f"{where} 的参数 {name!r}：{value!r} 不行，应为{zh}，例如 {default!r}。",
    )


def plain_value(name: str, value: object) -> Any:
    """Turn a parameter's value into None, bool, int, float, str, list or dict.

    Raises
    ------
    ReportError
        If the value is of another kind, for example a set or a table.

    Examples
    --------
    >>> plain_value("units", (np.int64(3), Path("data")))
    [3, 'data']
    """
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, PathLike):
        return str(fspath(value))
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [plain_value(name, item) for item in value]
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {str(key): plain_value(name, item) for key, item in value.items()}
    raise ReportError(
        f"parameter {name!r}: found {type(value).__name__}; expected text, a number, true or false, a date, a "
        "list, or a mapping with text keys. Turn it into one of these.",
        zh=f"参数 {name!r} 的类型是 {type(value).__name__}；请改用文本、数字、布尔值、日期、列表或字典。",
    )
