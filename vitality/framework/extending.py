"""``extends`` and ``tree_add``: a framework written as what differs from another one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vitality.errors import FrameworkError, did_you_mean, meant_zh, some, some_zh
from vitality.framework.parts import Indicator
from vitality.framework.yaml_text import Location, Place

#: Keys that only a file has: they are resolved while reading and never reach the model.
FILE_KEYS = ("extends", "tree_add")

#: Plain data of a framework, and the places of its values.
Content = tuple[dict[str, Any], dict[Location, Place]]


def extended(base: dict[str, Any], own: Content, *, where: str) -> Content:
    """Put the keys of a file over its base; ``tree_add`` goes below the root of the base.

    Raises
    ------
    FrameworkError
        If ``tree_add`` is not a list of groups, or names a resource that there is not.
    """
    changes, places = own
    merged = {**base, **{key: value for key, value in changes.items() if key not in FILE_KEYS}}
    if "tree_add" not in changes:
        return merged, places
    added = _added(changes["tree_add"], _by_code(merged.get("resources")), where, places)
    tree = merged.get("tree")
    if not isinstance(tree, dict) or not isinstance(tree.get("children", []), list):
        return merged, places  # the check of the whole says what is wrong with the tree
    children = tree.get("children", [])
    lines = {_moved(path, len(children)): place for path, place in places.items()}
    return {**merged, "tree": {**tree, "children": [*children, *added]}}, lines


def _moved(path: Location, after: int) -> Location:
    """Place of a value of ``tree_add`` once it stands in the tree."""
    if path[:1] != ("tree_add",) or len(path) == 1 or not isinstance(path[1], int):
        return path
    return ("tree", "children", after + path[1], *path[2:])


def _by_code(resources: object) -> dict[str, dict[str, Any]]:
    rows = resources if isinstance(resources, list) else []
    return {row["code"]: row for row in rows if isinstance(row, dict) and isinstance(row.get("code"), str)}


def _added(
    nodes: object, resources: dict[str, dict[str, Any]], where: str, places: Mapping[Location, Place]
) -> list[dict[str, Any]]:
    def refuse(path: Location, found: object, expected: str, expected_zh: str) -> FrameworkError:
        line, kind = places.get(path, "?"), type(found).__name__
        return FrameworkError(
            f"{where}, line {line}, tree_add: found {found!r} ({kind}); expected {expected}.",
            zh=f"{where}第{line}行，tree_add：现为 {found!r}（{kind}），须为{expected_zh}。",
        )

    def node(given: object, path: Location) -> dict[str, Any]:
        if not isinstance(given, dict):
            raise refuse(
                path, given, "a group such as {code: G, children: [...]}", "分组，如 {code: G, children: [...]}"
            )
        if "resources" not in given:
            return (
                {**given, "children": listed(given["children"], (*path, "children"))} if "children" in given else given
            )
        codes = given["resources"]
        if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
            raise refuse(
                (*path, "resources"), codes, "codes of resources such as [R11, R12]", "资源代码，如 [R11, R12]"
            )
        return {**{key: value for key, value in given.items() if key != "resources"}, "children": leaves(given, codes)}

    def leaves(given: dict[str, Any], codes: list[str]) -> list[dict[str, Any]]:
        unknown = [code for code in codes if code not in resources]
        if unknown:
            raise FrameworkError(
                f"{where}, tree_add: group {given.get('code')!r} names unknown resources {some(unknown)}."
                f"{did_you_mean(unknown[0], resources)}",
                zh=f"{where}，tree_add：分组 {given.get('code')!r} 中没有资源 {some_zh(unknown)}。"
                f"{meant_zh(unknown[0], resources)}",
            )
        keep = Indicator.model_fields
        return [{key: value for key, value in resources[code].items() if key in keep} for code in codes]

    def listed(given: object, path: Location) -> list[dict[str, Any]]:
        if not isinstance(given, list):
            raise refuse(
                path, given, "a list of groups, each beginning with '- code:'", "分组的列表，每项以 '- code:' 开头"
            )
        return [node(item, (*path, position)) for position, item in enumerate(given)]

    return listed(nodes, ("tree_add",))
