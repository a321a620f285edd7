"""The tree without some of its nodes; the siblings take over their weight."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from vitality.errors import FrameworkError, some, some_zh

if TYPE_CHECKING:
    from vitality.framework import Framework
    from vitality.framework.parts import Group, Indicator
    from vitality.index.method import Method

__all__ = ["fitting", "leave_out"]


def leave_out(framework: Framework, codes: Iterable[str]) -> Framework:
    """Give the framework without these nodes and what is below them, and without groups that this empties.

    A group of which only indicators with the weight 0 are left goes too.

    Parameters
    ----------
    framework : Framework
    codes : iterable of str
        Indicators or groups.

    Raises
    ------
    FrameworkError
        If a code is unknown or nothing would be left.

    Examples
    --------
    >>> import pandas as pd
    >>> from vitality.framework import framework_from_table
    >>> tree = framework_from_table(pd.DataFrame({
    ...     "code": ["V", "A", "a", "b"], "parent": ["", "V", "A", "V"]}))
    >>> leave_out(tree, ["a"]).nodes
    ('b', 'V')
    """
    gone = {codes} if isinstance(codes, str) else set(codes)
    for code in gone:
        framework.node(code)

    def kept(node: Group | Indicator) -> Group | Indicator | None:
        if node.code in gone:
            return None
        children = getattr(node, "children", None)
        if children is None:
            return node
        rest = tuple(child for child in map(kept, children) if child is not None)
        weighs = any(child.weight > 0 for child in rest)
        return node.model_copy(update={"children": rest}) if weighs else None

    tree = kept(framework.tree)
    if tree is None:
        raise FrameworkError(
            f"framework {framework.name!r}: without {some(sorted(gone))} no indicator would be left.",
            zh=f"框架 {framework.name!r}：去掉 {some_zh(sorted(gone))} 后，没有任何指标留下。",
        )
    return framework._copy(tree=tree)


def fitting(method: Method, framework: Framework) -> Method:
    """Give the method without the levels of its aggregation that the framework no longer has."""
    chosen = method.aggregation
    if isinstance(chosen, str) or set(chosen) <= set(framework.levels):
        return method
    return method.replace(aggregation={level: mean for level, mean in chosen.items() if level in framework.levels})
