"""What other choices would change: results beside each other, and the index without each of its nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vitality.errors import MethodError, TableError, some, some_zh
from vitality.index import Method, leave_out, rebuild
from vitality.index.inputs import require_result
from vitality.index.pruning import fitting
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.index import IndexResult

__all__ = ["compare_results", "drop_one"]


def compare_results(base: IndexResult, *others: IndexResult, node: str | None = None) -> pd.DataFrame:
    """Set results over the same units beside each other.

    Parameters
    ----------
    base : IndexResult
        The one that the others are compared with.
    *others : IndexResult
        One or more.
    node : str, optional
        Node to compare, the root of each by default.

    Returns
    -------
    DataFrame, long: one row a unit, round and other result
        ``unit``, ``round``, ``result`` (what differs in its method, or ``result 2`` ...), ``score_base``,
        ``score``, ``score_change``, ``rank_base``, ``rank``, ``rank_change`` (above 0: further down). A unit
        that one of them lacks has NaN there. ``attrs["summary"]`` says of each result: mean and largest
        absolute rank change, share of units that keep their rank, Spearman's correlation.

    Raises
    ------
    MethodError
        If there is nothing to compare with.
    TableError
        If the results share no unit, or a node does not exist.

    Examples
    --------
    >>> from vitality.framework import framework_from_table
    >>> from vitality.index import build_index
    >>> tree = framework_from_table(pd.DataFrame({
    ...     "code": ["V", "a", "b"], "parent": ["", "V", "V"], "worst": [None, 0, 0], "best": [None, 10, 10]}))
    >>> base = build_index(pd.DataFrame({"a": [9.0, 4.0], "b": [1.0, 5.0]}, index=["u", "v"]), tree)
    >>> table = compare_results(base, rebuild(base, aggregation="geometric"))
    >>> table[["unit", "result", "rank_base", "rank", "rank_change"]].values.tolist()
    [['u', 'aggregation=geometric', 1, 2, 1], ['v', 'aggregation=geometric', 2, 1, -1]]
    """
    if not others:
        raise MethodError(
            "compare_results: no other result; expected one or more, such as rebuild(base, ...).",
            zh="compare_results：没有给出另外的结果；应再给一个或几个，如 rebuild(base, ...)。",
        )
    require_result(base, "base")
    for number, other in enumerate(others, 2):
        require_result(other, f"result {number}")
    names = _names(base, others)
    parts, summary = [], {}
    for name, other in zip(names, others):
        first, second = _scores_and_ranks(base, node), _scores_and_ranks(other, node)
        rows = first.index.union(second.index, sort=False)
        if not len(first.index.intersection(second.index)):
            raise TableError(
                f"{name}: shares no unit and round with the base; expected the same units.",
                zh=f"结果 {name!r}：与基准结果没有相同的单位和轮次；应为同一批单位的结果。",
            )
        first, second = first.reindex(rows), second.reindex(rows)
        part = pd.DataFrame(
            {
                "unit": rows.get_level_values("unit"),
                "round": rows.get_level_values("round"),
                "result": name,
                "score_base": first["score"].to_numpy(),
                "score": second["score"].to_numpy(),
                "score_change": (second["score"] - first["score"]).to_numpy(),
                "rank_base": first["rank"].array,
                "rank": second["rank"].array,
                "rank_change": (second["rank"] - first["rank"]).array,
            }
        )
        parts.append(part)
        summary[name] = _summary(part)
    table = pd.concat(parts, ignore_index=True)
    table.attrs["summary"] = summary
    return table


def drop_one(result: IndexResult, *, level: str = "indicator") -> pd.DataFrame:
    """Build the index without each node of a level in turn.

    Parameters
    ----------
    result : IndexResult
    level : str
        ``indicator``, ``group`` or ``dimension``, as the framework has them.

    Returns
    -------
    DataFrame, index node, most influential first
        ``weight`` (global); ``mean_rank_shift`` and ``largest_rank_shift`` (absolute), ``moved`` (share of
        units whose rank changes), ``mean_score_shift`` (absolute, points), ``correlation`` (Spearman, with
        the full index), ``lost`` and ``gained`` units with an index.

    Raises
    ------
    MethodError
        If the framework has no such level, or only one node on it.

    Examples
    --------
    >>> from vitality.framework import framework_from_table
    >>> from vitality.index import build_index
    >>> tree = framework_from_table(pd.DataFrame({
    ...     "code": ["V", "a", "b"], "parent": ["", "V", "V"], "worst": [None, 0, 0], "best": [None, 10, 10]}))
    >>> result = build_index(pd.DataFrame({"a": [9.0, 4.0], "b": [1.0, 5.0]}, index=["u", "v"]), tree)
    >>> drop_one(result)[["mean_rank_shift", "mean_score_shift"]].T.to_dict("list")
    {'a': [1.0, 22.5], 'b': [0.0, 22.5]}
    """
    framework = require_result(result).framework
    choose("level", level, [name for name in framework.levels if name != "index"])
    nodes = framework.levels[level]
    if len(nodes) < 2:
        raise MethodError(
            f"level={level!r} has the single node {nodes[0]!r}; expected two or more to leave one out.",
            zh=f"level={level!r} 这一层只有一个节点 {nodes[0]!r}；至少要两个，才能逐一去掉。",
        )
    rows = {}
    base = _scores_and_ranks(result, None)
    for code in nodes:
        smaller = leave_out(framework, [code])
        other = _scores_and_ranks(rebuild(result, framework=smaller, **dict(fitting(result.method, smaller))), None)
        shift = (other["rank"] - base["rank"]).abs()
        rows[code] = {
            "weight": _float(result.weights.at[code, "global"]),
            "mean_rank_shift": _float(shift.mean()),
            "largest_rank_shift": _float(shift.max()),
            "moved": _float((shift.dropna() > 0).mean()),
            "mean_score_shift": _float((other["score"] - base["score"]).abs().mean()),
            "correlation": _spearman(base["score"], other["score"]),
            "lost": int((base["score"].notna() & other["score"].isna()).sum()),
            "gained": int((base["score"].isna() & other["score"].notna()).sum()),
        }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("node")
    return table.sort_values("mean_rank_shift", ascending=False, kind="stable")


def _scores_and_ranks(result: IndexResult, node: str | None) -> pd.DataFrame:
    code = node or result.framework.root
    if code not in result.scores.columns:
        raise TableError(
            f"node={code!r}; expected one of {some(result.scores.columns, limit=12)}.",
            zh=f"node={code!r}；应为下列之一：{some_zh(result.scores.columns, limit=12)}。",
        )
    return pd.DataFrame({"score": result.scores[code], "rank": result.ranks[code]})


def _names(base: IndexResult, others: tuple[IndexResult, ...]) -> list[str]:
    """What differs in the method of each result; a number where nothing does or two are alike."""
    names = []
    for number, other in enumerate(others, 2):
        changed = [
            f"{name}={getattr(other.method, name)}"
            for name in Method.model_fields
            if getattr(other.method, name) != getattr(base.method, name)
        ]
        name = ", ".join(changed)
        names.append(name if name and name not in names else f"result {number}")
    return names


def _summary(part: pd.DataFrame) -> dict[str, float]:
    shift = part["rank_change"].abs()
    return {
        "mean_rank_shift": _float(shift.mean()),
        "largest_rank_shift": _float(shift.max()),
        "same_rank": _float((shift.dropna() == 0).mean()),
        "correlation": _spearman(part["score_base"], part["score"]),
    }


def _spearman(first: pd.Series, second: pd.Series) -> float:
    both = first.notna() & second.notna()
    one, two = first[both].rank(), second[both].rank()
    if both.sum() < 2 or one.nunique() < 2 or two.nunique() < 2:
        return float("nan")
    return float(np.corrcoef(one, two)[0, 1])


def _float(value: object) -> float:
    return float("nan") if value is pd.NA else float(value)  # type: ignore[arg-type]
