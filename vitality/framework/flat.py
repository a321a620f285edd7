"""A framework as a flat table, one row a node: read from one, and shown as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from vitality.errors import FrameworkError, did_you_mean, meant_zh, some, some_zh
from vitality.framework.base import Lang, check_language
from vitality.framework.cells import code_text, direction_word, is_given, plain_number
from vitality.framework.parts import Indicator
from vitality.framework.problems import Bilingual

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
    "target",
    "denominator",
    "definition",
    "definition_zh",
    "definition_en",
    "scope_zh",
    "scope_en",
    "anchor",
)
#: Columns that `Framework.table` works out from the others; they are left out when a table is read.
DERIVED = ("level", "global_weight", "natures", "passages")
NUMBERS = ("weight", "worst", "best", "target", "interval_low", "interval_high", "limit_low", "limit_high")
#: Where rows stand that came as a table.
IN_TABLE = Bilingual("framework table", "框架表格")
#: How many levels a tree may have.
DEEPEST = 40


def framework_from_table(table: pd.DataFrame, *, name: str = "table") -> Framework:
    """Build a framework from a flat table, one row a node.

    Parameters
    ----------
    table : DataFrame
        Columns ``code``, ``parent`` (empty for the root) and, optionally, ``name_en``, ``name_zh``,
        ``direction`` (1 or -1, or ``benefit``, ``cost``, ``interval``), ``weight`` (0 or more, default 1,
        siblings are normalised), ``unit``, ``worst``, ``best``, ``target``, ``denominator``, ``definition``;
        ``interval_low`` and ``interval_high`` where the direction is ``interval``, ``limit_low``,
        ``limit_high``. ``code`` may also be the index. Rows may stand in any order; siblings keep it. What
        only an indicator has is left out in the row of a group, and so are ``level``, ``global_weight``,
        ``natures`` and ``passages``, which `Framework.table` gives.
    name : str
        Name of the framework in messages and results.

    Raises
    ------
    FrameworkError
        If there is not exactly one root, a parent is unknown, codes are doubled, nodes form a circle,
        a column is unknown or doubled, or a value is not what its column expects; all at once.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "code": ["V", "a", "b"], "parent": ["", "V", "V"], "weight": [1, 3, 1], "direction": [1, 1, -1]})
    >>> framework_from_table(table).weights()["global"].to_dict()
    {'a': 0.75, 'b': 0.25, 'V': 1.0}
    """
    from vitality.framework.validation import build_framework

    if not isinstance(table, pd.DataFrame):
        raise FrameworkError(
            f"framework table: found {type(table).__name__}; expected a DataFrame with the columns 'code' and "
            "'parent', such as pandas.DataFrame(rows).",
            zh=f"框架表格：现为 {type(table).__name__}，须为含 'code' 和 'parent' 列的 DataFrame，"
            "如 pandas.DataFrame(rows)。",
        )
    rows = table.reset_index() if "code" not in table.columns and table.index.name == "code" else table
    _check_columns(rows)
    records = [{str(key): value for key, value in row.items()} for row in rows.to_dict("records")]
    content = {"name": name, "tree": nested(records, fields=_table_fields)}
    hint = Bilingual("write it as text in the table", "请在表格中写成文字")
    return build_framework(content, where=f"framework {name!r}", hint=hint)


def _check_columns(rows: pd.DataFrame) -> None:
    known = (*REQUIRED, *OPTIONAL, *DERIVED)
    missing = [column for column in REQUIRED if column not in rows.columns]
    doubled = list(dict.fromkeys(rows.columns[rows.columns.duplicated()]))
    unknown = [str(column) for column in rows.columns if column not in known]
    if missing:
        raise FrameworkError(
            f"framework table: no column {some(missing)}; found {some(rows.columns) or 'no columns'}. "
            "Expected 'code' and 'parent' (empty for the root).",
            zh=f"框架表格：缺少列 {some_zh(missing)}，现有 {some_zh(rows.columns) or '无'}。"
            "须有 'code' 和 'parent' 两列（根节点的 parent 留空）。",
        )
    if doubled:
        raise FrameworkError(
            f"framework table: column {some(doubled)} is there more than once. Keep one of them.",
            zh=f"框架表格：列 {some_zh(doubled)} 重复，请只保留一列。",
        )
    if unknown:
        raise FrameworkError(
            f"framework table: unknown column {some(unknown)}.{did_you_mean(unknown[0], known)} "
            f"Known: {', '.join(known)}.",
            zh=f"框架表格：没有 {some_zh(unknown)} 这一列。{meant_zh(unknown[0], known)}可用：{'、'.join(known)}。",
        )


Fields = Callable[[dict[str, Any], bool], dict[str, Any]]


def nested(
    records: list[dict[str, Any]],
    *,
    fields: Fields,
    where: Bilingual = IN_TABLE,
    numbers: Sequence[int] | None = None,
) -> dict[str, Any]:
    """Nest flat rows (``code``, ``parent`` and more) into the tree of the root.

    `fields` turns a row into the fields of its node; its second argument says whether the node is a
    group. `numbers` are the numbers of the rows in messages; from 1 when they are left out.
    """
    rows = [{key: value for key, value in row.items() if is_given(value)} for row in records]
    for row in rows:
        row |= {key: code_text(row[key]) for key in ("code", "parent") if key in row}
    problems = [*_not_a_tree(rows, numbers or range(1, len(rows) + 1))]
    if problems:
        raise FrameworkError(
            f"{where.en}: {'; '.join(problem.en for problem in problems)}.",
            zh=f"{where.zh}：{'；'.join(problem.zh for problem in problems)}。",
        )
    children: dict[str, list[dict[str, Any]]] = {row["code"]: [] for row in rows}
    for row in rows:
        if "parent" in row:
            children[row["parent"]].append(row)

    def node(row: dict[str, Any]) -> dict[str, Any]:
        below = [node(child) for child in children[row["code"]]]
        own = {"code": row["code"], **fields(row, bool(below))}
        if "parent" not in row:
            own.pop("weight", None)
        return {**own, "children": below} if below else own

    return node(next(row for row in rows if "parent" not in row))


def _not_a_tree(rows: list[dict[str, Any]], numbers: Sequence[int]) -> Iterator[Bilingual]:
    """Say why rows with a code and a parent do not make one tree."""
    if not rows:
        yield Bilingual("found no rows; expected one a node", "没有任何行，须每个节点一行")
        return
    no_code = [number for number, row in zip(numbers, rows) if "code" not in row]
    doubled = [code for code, count in Counter(row.get("code") for row in rows).items() if code and count > 1]
    parents = {row["code"]: row.get("parent", "") for row in rows if "code" in row}
    roots = [code for code, parent in parents.items() if not parent]
    orphans = [f"{code} (parent {parent})" for code, parent in parents.items() if parent and parent not in parents]
    if no_code:
        yield Bilingual(f"no code in row {some(no_code)}", f"第 {some_zh(no_code)} 行没有 code")
    if doubled:
        yield Bilingual(f"code found more than once: {some(doubled)}", f"code 重复：{some_zh(doubled)}")
    if orphans:
        yield Bilingual(f"unknown parent: {some(orphans)}", f"上级（parent）不存在：{some_zh(orphans)}")
    if len(roots) != 1:
        found = f"{len(roots)}: {some(roots)}" if roots else "none"
        found_zh = f"{len(roots)}个：{some_zh(roots)}" if roots else "没有"
        yield Bilingual(
            f"expected one root (a row without parent), found {found}",
            f"须恰有一个根节点（parent 为空的行），现{found_zh}",
        )
    if not (no_code or doubled or orphans) and len(roots) == 1:
        yield from _lost(parents, roots[0])


def _lost(parents: dict[str, str], root: str) -> Iterator[Bilingual]:
    """Go down from the root, level by level, and name what was not met."""
    below: dict[str, list[str]] = {}
    for code, parent in parents.items():
        below.setdefault(parent, []).append(code)
    met, level, levels = {root}, [root], 0
    while level:
        levels += 1
        level = [child for code in level for child in below.get(code, ())]
        met.update(level)
    lost = [code for code in parents if code not in met]
    if lost:
        yield Bilingual(
            f"these nodes never reach the root (a circle of parents): {some(lost)}",
            f"这些节点到不了根节点（parent 循环）：{some_zh(lost)}",
        )
    if levels > DEEPEST:
        yield Bilingual(
            f"the tree has {levels} levels; expected no more than {DEEPEST}", f"树有{levels}层，最多{DEEPEST}层"
        )


def _table_fields(row: dict[str, Any], is_group: bool) -> dict[str, Any]:
    row = {**row, **{key: plain_number(row[key]) for key in NUMBERS if key in row}}
    for key in ("name", "unit", "definition"):
        if key in row:
            row = {f"{key}_zh": row[key], f"{key}_en": row[key], **row}
    keys: tuple[str, ...] = ("name_zh", "name_en", "weight")
    if is_group:
        return {key: row[key] for key in (*keys, "scope_zh", "scope_en") if key in row}
    keys += ("worst", "best", "target", "denominator", "unit_zh", "unit_en", "definition_zh", "definition_en", "anchor")
    own = {key: row[key] for key in keys if key in row}
    for key, ends in (
        ("interval", ("interval_low", "interval_high")),
        ("limits", ("limit_low", "limit_high")),
    ):
        if any(end in row for end in ends):
            own[key] = [row.get(end) for end in ends]
    if "direction" in row:
        own["direction"] = direction_word(row["direction"])
    return own


def tree_table(framework: Framework, *, lang: Lang = "zh") -> pd.DataFrame:
    """One row a node, the root first; what `Framework.table` gives."""
    check_language(lang)
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
                "interval_low": leaf.interval[0] if leaf and leaf.interval else None,
                "interval_high": leaf.interval[1] if leaf and leaf.interval else None,
                "denominator": (leaf.denominator or "") if leaf else "",
                "natures": "、".join(leaf.natures) if leaf else "",
                "passages": " ".join(node.passages),
            }
        )
    posts = dict.fromkeys(("worst", "best", "interval_low", "interval_high"), float)
    return pd.DataFrame(rows).set_index("code").astype(posts)
