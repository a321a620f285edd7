"""`read_framework`: from a bundled name, a YAML file or a workbook to a checked `Framework`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from os import PathLike
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from vitality.errors import FrameworkError, did_you_mean, meant_zh, some
from vitality.framework.model import Framework
from vitality.framework.parts import Indicator

#: The way from the top of the data to one value: keys and positions.
Location = tuple[str | int, ...]
#: The loader in C, five times faster, where PyYAML was built with it.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: Keys that only a file has: they are resolved while reading and never reach the model.
FILE_KEYS = ("extends", "tree_add")


def bundled_frameworks() -> tuple[str, ...]:
    """Names of the frameworks that come with the package.

    Examples
    --------
    >>> bundled_frameworks()
    ('ifrc_fdrs', 'redcross', 'redcross_full')
    """
    folder = files("vitality.framework") / "catalogue"
    return tuple(sorted(Path(entry.name).stem for entry in folder.iterdir() if entry.name.endswith(".yaml")))


def read_framework(source: str | PathLike[str]) -> Framework:
    """Read a framework from a bundled name, a YAML file or a workbook.

    Parameters
    ----------
    source : str or path
        ``"redcross"``, ``"redcross_full"``, ``"ifrc_fdrs"``, or the path of a ``.yaml``, ``.yml`` or
        ``.xlsx`` file. A YAML file may begin with ``extends: <bundled name or neighbouring file>``
        and then gives only what differs.

    Returns
    -------
    Framework
        Checked: codes are unique, every question, passage and resource that is named exists, goalposts
        agree with directions.

    Raises
    ------
    FrameworkError
        One message with all problems: the place (line of the file and path in the tree), what was
        found and what was expected.

    Examples
    --------
    >>> read_framework("redcross")
    <Framework 'redcross' ...: 1 index, 6 dimension, 13 group, 35 indicator>
    """
    name = str(source)
    if name in bundled_frameworks():
        return _bundled(name)
    path = Path(source)
    if path.suffix.lower() not in (".yaml", ".yml", ".xlsx"):
        known = bundled_frameworks()
        raise FrameworkError(
            f"unknown framework {name!r}.{did_you_mean(name, known)} "
            f"Expected one of {some(known)}, or the path of a .yaml or .xlsx file.",
            zh=f"没有名为 {name!r} 的框架。{meant_zh(name, known)}"
            f"可用：{'、'.join(known)}，或 .yaml、.xlsx 文件的路径。",
        )
    if not path.is_file():
        raise FrameworkError(
            f"framework file {name!r} is not there. Check the path and the file name.",
            zh=f"找不到框架文件 {name!r}，请检查路径和文件名。",
        )
    if path.suffix.lower() == ".xlsx":
        from vitality.framework.workbook import read_workbook

        return read_workbook(path)
    return framework_from_text(path.read_bytes(), where=name, folder=path.parent)


@cache
def _bundled(name: str) -> Framework:
    text = (files("vitality.framework") / "catalogue" / f"{name}.yaml").read_bytes()
    return framework_from_text(text, where=f"{name}.yaml")


def framework_from_text(text: bytes, *, where: str, folder: Path | None = None) -> Framework:
    """Build a framework from YAML text; `where` names the text in messages."""
    content, places = _load(text, where=where)
    if "extends" in content:
        base_name = str(content["extends"])
        base = _base_text(base_name, where=where, folder=folder)
        content = _extended(_load(base, where=base_name)[0], content)
    return build_framework(content, where=where, places=places)


def build_framework(
    content: Mapping[str, Any], *, where: str, places: Mapping[Location, str] | None = None
) -> Framework:
    """Validate plain data as a framework; all problems in one message, with their place where known."""
    try:
        return Framework.model_validate(content)
    except ValidationError as error:
        raise FrameworkError(_message(error, where=where, places=places or {})) from None


def _base_text(name: str, *, where: str, folder: Path | None) -> bytes:
    if name in bundled_frameworks():
        return (files("vitality.framework") / "catalogue" / f"{name}.yaml").read_bytes()
    path = (folder or Path()) / name
    if path.is_file():
        return path.read_bytes()
    raise FrameworkError(
        f"{where}: extends {name!r}, which is neither a bundled framework nor a file beside it."
        f"{did_you_mean(name, bundled_frameworks())} Bundled: {some(bundled_frameworks())}."
    )


def _extended(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Base with the keys of `changes` put over it; `tree_add` goes below the root of the base."""
    merged = {**base, **{key: value for key, value in changes.items() if key not in FILE_KEYS}}
    resources = {item["code"]: item for item in merged.get("resources", ())}
    added = [_with_resources(node, resources) for node in changes.get("tree_add", ())]
    tree = merged["tree"]
    return {**merged, "tree": {**tree, "children": [*tree["children"], *added]}}


def _with_resources(node: dict[str, Any], resources: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Replace ``resources: [R11, ...]`` of a group by leaves made from these resources."""
    if "resources" not in node:
        return {**node, "children": [_with_resources(child, resources) for child in node.get("children", ())]}
    unknown = [code for code in node["resources"] if code not in resources]
    if unknown:
        raise FrameworkError(
            f"tree_add: group {node.get('code')!r} names unknown resources {some(unknown)}."
            f"{did_you_mean(unknown[0], resources)}"
        )
    keep = Indicator.model_fields
    leaves = [{k: v for k, v in resources[code].items() if k in keep} for code in node["resources"]]
    return {**{key: value for key, value in node.items() if key != "resources"}, "children": leaves}


def _load(text: bytes, *, where: str) -> tuple[dict[str, Any], dict[Location, str]]:
    loader = None
    try:
        loader = LOADER(text)
        tree = loader.get_single_node()
        places: dict[Location, str] = {}
        if tree is not None:
            _note_lines(tree, (), places, where)
        content = loader.construct_document(tree) if tree is not None else None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "unknown place"
        place_zh = f"第{mark.line + 1}行第{mark.column + 1}列" if mark else ""
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
        raise FrameworkError(
            f"{where}, {place}: not valid YAML: {problem}. "
            "Look at this line and the one above it: indentation, a missing colon or quote, a tab.",
            zh=f"{where}{place_zh}：不是有效的 YAML（{problem}）。请看这一行和上一行：缩进、漏掉的冒号或引号、制表符。",
        ) from None
    finally:
        if loader is not None:
            loader.dispose()
    if not isinstance(content, dict):
        raise FrameworkError(f"{where}: expected keys such as 'name' and 'tree', found {type(content).__name__}.")
    return content, places


def _note_lines(node: yaml.Node, path: Location, places: dict[Location, str], where: str) -> None:
    places[path] = f"line {node.start_mark.line + 1}"
    if isinstance(node, yaml.SequenceNode):
        for position, item in enumerate(node.value):
            _note_lines(item, (*path, position), places, where)
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            if key.value in seen:
                mark = key.start_mark
                raise FrameworkError(
                    f"{where}, line {mark.line + 1}, column {mark.column + 1}: key {key.value!r} is written "
                    f"twice (first in line {seen[key.value]}). Remove one of them."
                )
            seen[key.value] = key.start_mark.line + 1
            _note_lines(value, (*path, key.value), places, where)
            places[(*path, key.value)] = f"line {key.start_mark.line + 1}"


def _message(error: ValidationError, *, where: str, places: Mapping[Location, str], limit: int = 20) -> str:
    texts: list[str] = []
    for detail in error.errors(include_url=False):
        location = tuple(part for part in detail["loc"] if part not in ("group", "indicator"))
        place = " > ".join(str(part + 1 if isinstance(part, int) else part) for part in location)
        ends = range(len(location), 0, -1)
        spot = next((places[location[:end]] for end in ends if location[:end] in places), "")
        head = ", ".join(text for text in (spot, place) if text)
        for text in _explained(detail).split("\n"):
            texts.append(f"  {head}: {text}" if head else f"  {text}")
    more = f"\n  and {len(texts) - limit} more" if len(texts) > limit else ""
    problems = "1 problem" if len(texts) == 1 else f"{len(texts)} problems"
    return f"{where}: {problems} in the framework:\n" + "\n".join(texts[:limit]) + more


def _explained(detail: Any) -> str:
    kind, found = detail["type"], detail["input"]
    message = str(detail["msg"]).removeprefix("Value error, ")
    key = str(detail["loc"][-1]) if detail["loc"] else ""
    if kind == "extra_forbidden":
        return f"unknown key {key!r}.{did_you_mean(key, _known_keys())}"
    if kind == "missing":
        return f"key {key!r} is missing."
    if kind == "value_error":
        return message
    return f"found {found!r}; {message[0].lower()}{message[1:]}."


@cache
def _known_keys() -> tuple[str, ...]:
    from vitality.framework import parts

    models = [Framework, *(getattr(parts, name) for name in dir(parts))]
    fields = [set(model.model_fields) for model in models if isinstance(model, type) and issubclass(model, parts.Part)]
    return tuple(sorted(set().union(*fields)))


__all__ = ["build_framework", "bundled_frameworks", "framework_from_text", "read_framework"]
