"""YAML text as plain data, with the line of every value. What cannot be data is refused with its line."""

from __future__ import annotations

import re
from typing import Any

import yaml

from vitality.errors import FrameworkError

#: The way from the top of the data to one value: keys and positions.
Location = tuple[str | int, ...]
#: Where a value stands: its line in a text, or its sheet and row.
Place = int | tuple[str, int]
#: The loader in C, five times faster, where PyYAML was built with it.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
YAML_ENDINGS = (".yaml", ".yml")
#: How deep data may nest and how many values it may hold, aliases written out. "redcross" has 12 and 4,000.
DEEPEST, MOST = 100, 200_000
_INDENT = re.compile(r"^[ \t?:-]+", re.MULTILINE)


def read_yaml(text: bytes, *, where: str) -> tuple[dict[str, Any], dict[Location, Place]]:
    """Read one YAML mapping; give it with the line of each value in it.

    Raises
    ------
    FrameworkError
        If the text is not UTF-8 or not YAML, nests more than 100 deep, holds itself, or has a key twice.

    Examples
    --------
    >>> read_yaml(b"tree:\\n  code: V", where="mine.yaml")
    ({'tree': {'code': 'V'}}, {(): 1, ('tree',): 1, ('tree', 'code'): 2})
    """
    content, places = load_yaml(_decoded(text, where), where=where)
    if not isinstance(content, dict):
        found = "nothing" if content is None else type(content).__name__
        raise FrameworkError(
            f"{where}: expected keys such as 'name' and 'tree', found {found}.",
            zh=f"{where}：须有 'name'、'tree' 等键，现为{'空' if content is None else found}。",
        )
    return content, places


def load_yaml(text: str, *, where: str) -> tuple[Any, dict[Location, Place]]:
    """Read any YAML value with the line of each value in it; errors as those of `read_yaml`."""
    places: dict[Location, Place] = {}
    loader = None
    try:
        _check_depth(text, where)
        loader = LOADER(text)
        tree = loader.get_single_node()
        if tree is not None:
            places = _lines(tree, where)
        content = loader.construct_document(tree) if tree is not None else None
    except yaml.YAMLError as error:
        raise _not_yaml(error, where) from None
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        if isinstance(error, FrameworkError):
            raise
        raise FrameworkError(
            f"{where}: a value cannot be read ({error}). Look for a date such as 2026-13-45 or a tag such as !!int; "
            "put text into quotes.",
            zh=f"{where}：有的值无法读取（{error}）。请检查 2026-13-45 之类的日期和 !!int 之类的标记，文字请加引号。",
        ) from None
    finally:
        if loader is not None:
            loader.dispose()
    return content, places


def _decoded(text: bytes, where: str) -> str:
    encoding = "utf-16" if text[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return text.decode(encoding)
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise FrameworkError(
            f"{where}, line {line}: this text is not UTF-8. Save the file as UTF-8 (in the editor: "
            "Save as, encoding UTF-8) and try again.",
            zh=f"{where}第{line}行：文件不是 UTF-8 编码。请用编辑器“另存为”，编码选 UTF-8，再试一次。",
        ) from None


def _check_depth(text: str, where: str) -> None:
    """Refuse deep nesting before the loader, which recurses until the process dies, meets it."""
    indent = max((len(run) for run in _INDENT.findall(text)), default=0)
    if text.count("[") + text.count("{") + indent < 5 * DEEPEST:
        return  # cannot nest deeply; counting precisely takes as long as reading
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise _unreasonable(where, line, f"nested more than {DEEPEST} deep", f"嵌套超过{DEEPEST}层")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _lines(tree: yaml.Node, where: str) -> dict[Location, Place]:
    """Line of every value; aliases are written out, up to a limit."""
    lines: dict[Location, Place] = {}
    count = 0

    def visit(node: yaml.Node, path: Location, line: int) -> None:
        nonlocal count
        count += 1
        if count > MOST:
            raise _unreasonable(where, line, f"more than {MOST:,} values with its aliases", f"连同引用超过{MOST:,}个值")
        if len(path) > DEEPEST:
            raise _unreasonable(where, line, "an alias that holds itself, or too deep", "引用包含自身，或嵌套过深")
        lines[path] = line
        if isinstance(node, yaml.SequenceNode):
            for position, item in enumerate(node.value):
                visit(item, (*path, position), item.start_mark.line + 1)
        elif isinstance(node, yaml.MappingNode):
            _check_keys(node, where)
            for key, value in node.value:
                visit(value, (*path, key.value), key.start_mark.line + 1)

    visit(tree, (), tree.start_mark.line + 1)
    return lines


def _check_keys(node: yaml.MappingNode, where: str) -> None:
    seen: dict[str, int] = {}
    for key, _ in node.value:
        mark = key.start_mark
        if not isinstance(key, yaml.ScalarNode):
            raise FrameworkError(
                f"{where}, line {mark.line + 1}, column {mark.column + 1}: a key must be one word; "
                "found a list or a mapping.",
                zh=f"{where}第{mark.line + 1}行第{mark.column + 1}列：键须为一个词，现为列表或映射。",
            )
        if key.value in seen:
            raise FrameworkError(
                f"{where}, line {mark.line + 1}, column {mark.column + 1}: key {key.value!r} is written "
                f"twice (first in line {seen[key.value]}). Remove one of them.",
                zh=f"{where}第{mark.line + 1}行第{mark.column + 1}列：键 {key.value!r} 写了两次"
                f"（第一次在第{seen[key.value]}行），请删去一个。",
            )
        seen[key.value] = mark.line + 1


def _unreasonable(where: str, line: int, found: str, found_zh: str) -> FrameworkError:
    return FrameworkError(
        f"{where}, line {line}: {found}. No framework needs that; check indentation, brackets and aliases (*name).",
        zh=f"{where}第{line}行：{found_zh}。请检查缩进、括号和引用（*名称）。",
    )


def _not_yaml(error: yaml.YAMLError, where: str) -> FrameworkError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "unknown place"
    place_zh = f"第{mark.line + 1}行第{mark.column + 1}列" if mark else ""
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    return FrameworkError(
        f"{where}, {place}: not valid YAML: {problem}. "
        "Look at this line and the one above it: indentation, a missing colon, quote or bracket, a tab.",
        zh=f"{where}{place_zh}：不是有效的 YAML（{problem}）。"
        "请看这一行和上一行：缩进、漏掉的冒号、引号或括号、制表符。",
    )
