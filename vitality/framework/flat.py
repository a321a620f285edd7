"""A framework as a flat table, one row a node: read from one, and shown as one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd

from vitality.errors import FrameworkError, did_you_mean, some
from vitality.framework.parts import Indicator, Lang

if TYPE_CHECKING:
    from vitality.framework.model import Framework

REQUIRED = ("code", "parent")
OPTIONAL = (
    "name",
    "name_zh",
    "name_en",
    "direction",
    "weight",
    "unit",
    "unit_zh",
    "unit_en",
    "worst",
    "best",
    "interval_low",
    "interval_high",
    "limit_low",
    "limit_high",
    "denominator",
    "definition_zh",
    "definition_en",
    "scope_zh",
    "scope_en",
    "anchor",
)
DIRECTIONS = {"1": "benefit", "-1": "cost", "+": "benefit", "-": "cost", "正向": "benefit", "负向": "cost"}
DIRECTIONS |= {"适度": "interval", "1.0": "benefit", "-1.0": "cost"}


def framework_from_table(table: pd.DataFrame, *, name: str = "table") -> Framework:
    """Build a framework from a flat table, one row a node.

    Parameters
    ----------
    table : DataFrame
        Columns ``code``, ``parent`` (empty for the root) and, optionally, ``name_en``, ``name_zh``,
        ``direction`` (1 or -1, or ``benefit``, ``cost``, ``interval``), ``weight`` (positive, default 1,
        siblings are normalised), ``unit``, ``worst``, ``best``, ``denominator``, ``interval_low``,
        ``interval_high``. ``code`` may also be the index. Rows may stand in any order; siblings keep it.
    name : str
        Name of the framework in messages and results.

    Raises
    ------
    FrameworkError
        If there is not exactly one root, a parent is unknown, codes are doubled, nodes form a circle,
        a column is unknown, or a value is not what its column expects; all at once.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "code": ["V", "a", "b"], "parent": ["", "V", "V"], "weight": [1, 3, 1], "direction": [1, 1, -1]})
    >>> framework_from_table(table).weights()["global"].to_dict()
    {'a': 0.75, 'b': 0.25, 'V': 1.0}
    """
    from vitality.framework.reading import build_framework

    rows = table.reset_index() if "code" not in table.columns and table.index.name == "code" else table
    missing = [column for column in REQUIRED if column not in rows.columns]
    if missing:
        raise FrameworkError(
            f"framework table: no column {some(missing)}; found {some(rows.columns)}. "
            "Expected 'code' and 'parent' (empty for the root)."
        )
    unknown = [str(column) for column in rows.columns if column not in (*REQUIRED, *OPTIONAL)]
    if unknown:
        raise FrameworkError(
            f"framework table: unknown column {some(unknown)}.{did_you_mean(unknown[0], OPTIONAL)} "
            f"Known: {', '.join((*REQUIRED, *OPTIONAL))}."
        )
    records = [{str(key): value for key, value in row.items()} for row in rows.to_dict("records")]
    content = {"name": name, "tree": nested(records, fields=_table_fields)}
    return build_framework(content, where=f"framework {name!r}")


Fields = Callable[[dict[str, Any], bool], dict[str, Any]]


def nested(records: list[dict[str, Any]], *, fields: Fields, where: str = "framework table") -> dict[str, Any]:
    """Nest flat rows (``code``, ``parent`` and more) into the tree of the root.

    `fields` turns a row into the fields of its node; its second argument says whether the node is a
    group.
    """
    rows = [{key: value for key, value in row.items() if _given(value)} for row in records]
    no_code = [number for number, row in enumerate(rows, 1) if "code" not in row]
    codes = [str(row["code"]).strip() for row in rows if "code" in row]
    parents = {str(row["code"]).strip(): str(row.get("parent", "")).strip() for row in rows if "code" in row}
    doubled = sorted({code for code in codes if codes.count(code) > 1})
    roots = [code for code, parent in parents.items() if not parent]
    orphans = [f"{code} (parent {parent})" for code, parent in parents.items() if parent and parent not in parents]
    problems = [
        text
        for text, found in (
            (f"no code in row {some(no_code)}", no_code),
            (f"code found more than once: {some(doubled)}", doubled),
            (f"unknown parent: {some(orphans)}", orphans),
            (f"expected one root (a row without parent), found {len(roots)}: {some(roots)}", len(roots) != 1),
        )
        if found
    ]
    if not problems:
        circle = [code for code in parents if not _reaches(code, roots[0], parents)]
        if circle:
            problems = [f"these nodes never reach the root (a circle of parents): {some(circle)}"]
    if problems:
        raise FrameworkError(f"{where}: " + "; ".join(problems) + ".")
    children: dict[str, list[dict[str, Any]]] = {code: [] for code in codes}
    for row in rows:
        if parents[str(row["code"]).strip()]:
            children[parents[str(row["code"]).strip()]].append(row)

    def node(row: dict[str, Any]) -> dict[str, Any]:
        code = str(row["code"]).strip()
        below = [node(child) for child in children[code]]
        own = {"code": code, **fields(row, bool(below))}
        if code == roots[0]:
            own.pop("weight", None)
        return {**own, "children": below} if below else own

    return node(next(row for row in rows if str(row["code"]).strip() == roots[0]))


def _given(value: object) -> bool:
    return not (value is None or value is pd.NA or value == "" or value != value)


def _reaches(code: str, root: str, parents: dict[str, str]) -> bool:
    for _ in parents:
        if code == root:
            return True
        code = parents[code]
    return code == root


def _table_fields(row: dict[str, Any], is_group: bool) -> dict[str, Any]:
    own: dict[str, Any] = {key: row[key] for key in ("name_zh", "name_en", "weight") if key in row}
    if "name" in row:
        own = {"name_zh": row["name"], "name_en": row["name"], **own}
    if is_group:
        return own | {key: row[key] for key in ("scope_zh", "scope_en") if key in row}
    keys = ("worst", "best", "denominator", "unit_zh", "unit_en", "definition_zh", "definition_en", "anchor")
    own |= {key: row[key] for key in keys if key in row}
    if "unit" in row:
        own = {"unit_zh": row["unit"], "unit_en": row["unit"], **own}
    for key, ends in (
        ("interval", ("interval_low", "interval_high")),
        ("limits", ("limit_low", "limit_high")),
    ):
        if any(end in row for end in ends):
            own[key] = [row.get(end) for end in ends]
    if "direction" in row:
        word = str(row["direction"]).strip()
        own["direction"] = DIRECTIONS.get(word, word)
    return own


def tree_table(framework: Framework, *, lang: Lang = "zh") -> pd.DataFrame:
    """One row a node, the root first; what `Framework.table` gives."""
    weights = framework.weights()
    rows = []
    for node, parent, _ in framework._walk:
        leaf = node if isinstance(node, Indicator) else None
        rows.append(
            {
                "code": node.code,
                "parent": parent or "",
                "level": framework.level(node.code),
                "name_zh": node.name_zh,
                "name_en": node.name_en,
                "definition": leaf.definition(lang) if leaf else "",
                "unit": leaf.unit(lang) if leaf else "",
                "direction": leaf.direction if leaf else "",
                "weight": weights.at[node.code, "local"],
                "global_weight": weights.at[node.code, "global"],
                "worst": leaf.worst if leaf else None,
                "best": leaf.best if leaf else None,
                "denominator": (leaf.denominator or "") if leaf else "",
                "natures": "、".join(leaf.natures) if leaf else "",
                "passages": " ".join(node.passages),
            }
        )
    return pd.DataFrame(rows).set_index("code").astype({"worst": float, "best": float})
