"""Several experts' judgements over the same items: read, checked, and each analysed on its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vitality.errors import JudgementError, did_you_mean, meant_zh, some, some_zh
from vitality.weights.ahp import completed_matrix, judged_index
from vitality.weights.cells import parse_judgement, place, place_zh
from vitality.weights.incomplete import COMPLETIONS, connected_groups
from vitality.weights.judgements import check_stack, checked_matrix
from vitality.weights.kernels import prioritise
from vitality.weights.random_index import random_index_value

if TYPE_CHECKING:
    from vitality.weights.kernels import Floats

__all__ = ["Panel", "Standing", "assess_experts", "expert_shares", "read_panel"]


@dataclass(frozen=True, eq=False)
class Panel:
    """Checked judgements of several experts.

    Attributes
    ----------
    experts : Index of length n_experts
    items : Index of length n
    stack : array, shape (n_experts, n, n)
        NaN where not judged.
    missing : array of int, shape (n_experts,)
        Number of pairs that each expert left out.
    node : object
        Name of the node for messages, or None.
    """

    experts: pd.Index
    items: pd.Index
    stack: Floats
    missing: np.ndarray
    node: object = None

    @property
    def silent(self) -> np.ndarray:
        """Whether an expert judged nothing at all."""
        n = len(self.items)
        return (self.missing == n * (n - 1) // 2) & (n > 1)


@dataclass(frozen=True, eq=False)
class Standing:
    """Each expert's own weights and consistency; NaN where the judged pairs do not connect the items.

    Attributes
    ----------
    weights : array, shape (n_experts, n)
    ratio : array, shape (n_experts,)
    index : array, shape (n_experts,)
        Geometric consistency index.
    stack : array, shape (n_experts, n, n)
        The matrices that go into a group: with gaps completed where that was asked for.
    """

    weights: Floats
    ratio: Floats
    index: Floats
    stack: Floats


def read_panel(experts: object, *, node: object = None) -> Panel:
    """Read and check the judgements of several experts.

    Parameters
    ----------
    experts : mapping of name to matrix; array-like, shape (n_experts, n, n); or sequence of matrices
        Matrices as in `ahp_weights`. DataFrames are matched by label; the first one gives the order of the items.
    node : optional
        Name for messages.

    Raises
    ------
    JudgementError
        If there is no expert, if they judge different items, or a matrix is not sound.
    """
    where, where_zh = place(None, node), place_zh(None, node)
    if isinstance(experts, pd.DataFrame):
        raise JudgementError(
            f"{where}found the matrix of one expert; expected a mapping of name to matrix. "
            "Use ahp_weights for one expert.",
            zh=f"{where_zh}给出的是一位专家的矩阵；应为专家到矩阵的映射。只有一位专家时请用 ahp_weights。",
        )
    if isinstance(experts, Mapping):
        names, items, stack = _from_matrices(experts, pd.Index(list(experts), name="expert"), node)
    elif isinstance(experts, Sequence) and any(isinstance(matrix, pd.DataFrame) for matrix in experts):
        numbers = pd.RangeIndex(len(experts), name="expert")
        names, items, stack = _from_matrices(dict(enumerate(experts)), numbers, node)
    else:
        names, items, stack = _from_array(experts, node)
    absent = np.isnan(stack).sum(axis=(1, 2)) // 2
    return Panel(names, items, stack, absent, node)


def _from_matrices(experts: Mapping[Any, object], names: pd.Index, node: object) -> tuple[pd.Index, pd.Index, Floats]:
    if not experts:
        raise JudgementError(
            f"{place(None, node)}no expert; expected at least one judgement matrix.",
            zh=f"{place_zh(None, node)}没有专家；至少需要一个判断矩阵。",
        )
    matrices = []
    items: pd.Index | None = None
    for name, judgements in experts.items():
        labels, matrix = checked_matrix(judgements, expert=name, node=node)
        if items is None:
            items = labels
        elif not labels.equals(items):
            if len(labels) != len(items) or set(labels) != set(items):
                raise JudgementError(
                    f"{place(name, node)}judges the items {some(labels, limit=12)}; the experts before judged "
                    f"{some(items, limit=12)}. Give every expert the same items.",
                    zh=f"{place_zh(name, node)}判断的要素为 {some_zh(labels, limit=12)}，前面的专家判断的是 "
                    f"{some_zh(items, limit=12)}。各位专家应判断相同的要素。",
                )
            order = labels.get_indexer(items)
            matrix = matrix[np.ix_(order, order)]
        matrices.append(matrix)
    return names, pd.Index([] if items is None else items), np.stack(matrices)


def _from_array(experts: object, node: object) -> tuple[pd.Index, pd.Index, Floats]:
    where, where_zh = place(None, node), place_zh(None, node)
    try:
        stack = np.array(experts)
        if stack.dtype.kind not in "fiu":
            stack = np.array([parse_judgement(value) for value in stack.ravel()]).reshape(stack.shape)
    except (TypeError, ValueError):
        raise JudgementError(
            f"{where}found {type(experts).__name__}; expected a mapping of expert to matrix or an array "
            "(n_experts, n, n) of numbers.",
            zh=f"{where_zh}给出的是 {type(experts).__name__}；应为专家到矩阵的映射，或数值数组（专家数, n, n）。",
        ) from None
    if stack.ndim != 3 or stack.shape[1] != stack.shape[2] or not stack.size:
        shape = " x ".join(map(str, stack.shape)) or "1"
        raise JudgementError(
            f"{where}found an array of {shape}; expected (n_experts, n, n) with at least one expert.",
            zh=f"{where_zh}数组的形状为 {shape}；应为（专家数, n, n），至少一位专家。",
        )
    names = pd.RangeIndex(len(stack), name="expert")
    items = pd.RangeIndex(stack.shape[1])
    return names, items, check_stack(stack.astype(float, copy=False), items, experts=names, node=node)


def assess_experts(panel: Panel, *, method: str, random_index: str, incomplete: str) -> Standing:
    """Weights and consistency ratio of every expert.

    Parameters
    ----------
    panel : Panel
    method, random_index : str
        As in `ahp_weights`.
    incomplete : str
        ``raise``, a completion of `ahp_weights`, or anything else to complete by Harker for the expert's own
        weights and ratio only, with the gaps kept for the group.

    Raises
    ------
    JudgementError
        If `incomplete` is ``raise`` and an expert left judgements out.
    """
    stack = panel.stack
    gaps: list[int] = np.flatnonzero(panel.missing).tolist()
    own = stack.copy() if gaps else stack
    for k in gaps:
        joined = len(connected_groups(stack[k])) == 1
        if incomplete == "raise" or joined:
            how = incomplete if incomplete in ("raise", *COMPLETIONS) else "harker"
            own[k] = completed_matrix(stack[k], panel.items, incomplete=how, expert=panel.experts[k], node=panel.node)
        else:
            own[k] = 1.0
    found = prioritise(own, method=method)
    n = len(panel.items)
    index = (found.largest_eigenvalue - n) / max(n - 1, 1)
    ratio = index / random_index_value(n, table=random_index) if n > 2 else np.zeros(len(own))
    weights, geometric = found.weights, found.geometric_consistency_index
    unknown = [k for k in gaps if len(connected_groups(stack[k])) > 1]
    for k in set(gaps) - set(unknown):
        geometric[k] = judged_index(own[k], ~np.isnan(stack[k]))
    for part in (weights, ratio, geometric):
        part[unknown] = np.nan
    completed = own if incomplete in COMPLETIONS else stack
    if unknown and completed is own:
        completed = own.copy()
        completed[unknown] = np.nan
    return Standing(weights, ratio, geometric, completed)


def expert_shares(expert_weights: object, experts: pd.Index) -> Floats:
    """Weights of the experts in their order, as given; equal when None.

    Parameters
    ----------
    expert_weights : mapping or Series by name, sequence in order, or None

    Raises
    ------
    JudgementError
        If a name is unknown or missing, or a weight is negative or not finite, or all are zero.
    """
    if expert_weights is None:
        return np.ones(len(experts))
    if isinstance(expert_weights, Mapping | pd.Series):
        given = dict(expert_weights.items())
        unknown = [name for name in given if name not in experts]
        missing = [name for name in experts if name not in given]
        if unknown or missing:
            names = [str(name) for name in experts]
            near, near_zh = (f(str(unknown[0]), names) if unknown else "" for f in (did_you_mean, meant_zh))
            raise JudgementError(
                f"expert_weights: unknown {some(unknown) or 'none'}; missing {some(missing) or 'none'}.{near} "
                "Give one weight for each expert, by name.",
                zh=f"expert_weights：不认识 {some_zh(unknown) or '无'}；缺少 {some_zh(missing) or '无'}。{near_zh}"
                "请按姓名为每位专家给出一个权重。",
            )
        listed: object = [given[name] for name in experts]
    else:
        listed = expert_weights
    try:
        shares = np.array(listed, dtype=float)
    except (TypeError, ValueError):
        shares = np.array([np.nan])
    if shares.shape != (len(experts),) or not np.isfinite(shares).all() or (shares < 0).any() or not shares.any():
        found = some(np.ravel(np.array(listed, dtype=object)).tolist())
        raise JudgementError(
            f"expert_weights: found {found}; expected {len(experts)} numbers, none negative and not all zero.",
            zh=f"expert_weights：给出的是 {found}；应为 {len(experts)} 个不小于 0 且不全为 0 的数。",
        )
    return shares
