"""Pairwise judgements: what a person typed, as a checked positive reciprocal matrix.

Every function of this room that takes judgements has them checked here, so that a refusal always names
the expert, the node and the cell.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vitality.errors import JudgementError, did_you_mean, meant_zh, some, some_zh
from vitality.weights.cells import CODINGS, Coding, parse_judgement, place, place_zh
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.weights.kernels import Floats

__all__ = ["check_stack", "checked_matrix", "judgement_matrix"]

#: How far a_ij * a_ji may be from 1: reciprocals typed with three decimals (.167 for 1/6) pass. So do those
#: rounded to two (.14 for 1/7).
RECIPROCAL_TOLERANCE = 0.005

Where = tuple[str, str]
_WHERE = (place(), place_zh())


def judgement_matrix(values: object, items: Sequence[Hashable], *, coding: Coding = "ratio") -> pd.DataFrame:
    """Make a checked judgement matrix from an upper triangle, from pairs or from a full matrix.

    Parameters
    ----------
    values : sequence, mapping or DataFrame
        The upper triangle row by row, (1,2), (1,3), ..., (2,3), ..., flat or as rows of falling length;
        or a mapping of pairs ``{(a, b): value}``; or a full n x n matrix (a DataFrame is matched by
        label). A value says how many times as important the first item is as the second: a number or
        text such as ``"1/3"``, ``"1／3"``, ``" 3 "``. NaN, None and blanks: not judged. If only one of
        the two cells of a pair is filled, the other becomes its reciprocal.
    items : sequence of n labels
        Without doubles; their order is the order of the matrix.
    coding : {"ratio", "negative_first", "positive_first"}
        How the values are written: as ratios, or as the 9 .. -9 of survey sliders, where the sign says which
        item is the more important one and the size, 1 to 9, how much. ``negative_first``: the first item when
        negative (the convention of the R package ahpsurvey); ``positive_first``: the first when positive.

    Returns
    -------
    DataFrame, shape (n, n)
        Labels `items` both ways; positive, reciprocal, diagonal 1; NaN where not judged.

    Raises
    ------
    JudgementError
        If the shape is wrong, an item is unknown or doubled, a value is no positive number, or the two
        cells of a pair contradict each other; the message names the cell and both values.

    Examples
    --------
    >>> judgement_matrix(["1/2", 3, "1／4"], ["people", "money", "venue"]).round(3)
            people  money  venue
    people   1.000    0.5   3.00
    money    2.000    1.0   0.25
    venue    0.333    4.0   1.00
    """
    choose("coding", coding, CODINGS)
    labels = pd.Index(list(items) if isinstance(items, Iterable) else [], tupleize_cols=False)
    if not len(labels):
        raise JudgementError(
            f"items: found {items!r}; expected a list of at least one item.",
            zh=f"items：给出的是 {items!r}；应为至少一项要素的列表。",
        )
    if labels.has_duplicates:
        doubled = labels[labels.duplicated()].unique()
        raise JudgementError(
            f"items: {some(doubled)} named twice; name every item once.",
            zh=f"items：{some_zh(doubled)} 出现两次；每项要素只应列一次。",
        )
    if isinstance(values, pd.DataFrame):
        array = _matched(values, labels, coding=coding)
    elif isinstance(values, Mapping):
        array = _from_pairs(values, labels, coding)
    else:
        array = _from_rows(values, labels, coding)
    return pd.DataFrame(check_stack(array[None], labels)[0], index=labels, columns=labels)


def checked_matrix(judgements: object, *, expert: object = None, node: object = None) -> tuple[pd.Index, Floats]:
    """Labels and checked values of one judgement matrix.

    Parameters
    ----------
    judgements : DataFrame or array-like, shape (n, n), or mapping of pairs
        NaN where not judged; text as in `judgement_matrix`. A DataFrame has the items as its index and
        its columns, in any order; an array gets the labels 0 .. n-1; pairs ``{(a, b): value}`` name the items
        in order of appearance.
    expert, node : optional
        Names for messages.

    Returns
    -------
    items : Index of length n
    matrix : array, shape (n, n)
        A new array; reciprocals of one-sided judgements filled in.

    Raises
    ------
    JudgementError
        As `judgement_matrix`.
    """
    where = (place(expert, node), place_zh(expert, node))
    if isinstance(judgements, pd.DataFrame):
        items = judgements.index
        same = items.equals(judgements.columns) and not items.has_duplicates
        array = _numbers(judgements.to_numpy(), items, where) if same else _matched(judgements, items, where)
    elif isinstance(judgements, Mapping):
        pairs = [pair for pair in judgements if isinstance(pair, tuple)]
        items = pd.Index(list(dict.fromkeys(item for pair in pairs for item in pair)), tupleize_cols=False)
        array = _from_pairs(judgements, items, where=where)
    else:
        array = _square(judgements, where)
        items = pd.RangeIndex(len(array))
    if not len(items):
        raise JudgementError(
            f"{where[0]}found no items; expected a square matrix of pairwise judgements.",
            zh=f"{where[1]}没有要素；应为两两判断的方阵。",
        )
    names = None if expert is None else [expert]
    return items, check_stack(array[None], items, experts=names, node=node)[0]


def check_stack(
    stack: Floats,
    items: pd.Index,
    *,
    experts: Sequence[Hashable] | pd.Index | None = None,
    node: object = None,
) -> Floats:
    """Check a stack of judgement matrices and fill in the reciprocals of one-sided judgements.

    Parameters
    ----------
    stack : array, shape (n_experts, n, n)
        NaN where not judged.
    items : Index of length n
    experts : sequence of length n_experts, optional
        Names for messages.
    node : optional
        Name for messages.

    Returns
    -------
    array, shape (n_experts, n, n)
        `stack` itself when it is complete, else a copy with reciprocals and the diagonal filled in.

    Raises
    ------
    JudgementError
        Naming expert, node, cell and both values.
    """
    mirrored = stack.transpose(0, 2, 1)
    with np.errstate(invalid="ignore", over="ignore"):
        sound = np.abs(stack * mirrored - 1) <= RECIPROCAL_TOLERANCE
    if sound.all() and stack.min(initial=1) > 0 and (np.einsum("kii->ki", stack) == 1).all():
        return stack
    known = ~np.isnan(stack)
    diagonal = np.einsum("kii->ki", stack)
    _refuse(known & ~(np.isfinite(stack) & (stack > 0)), stack, items, experts, node, _NOT_POSITIVE)
    off_one = np.zeros(stack.shape, dtype=bool)
    np.einsum("kii->ki", off_one)[:] = ~np.isnan(diagonal) & (diagonal != 1)
    _refuse(off_one, stack, items, experts, node, _DIAGONAL)
    sound |= np.minimum(stack, mirrored) == np.round(1 / np.maximum(stack, mirrored), 2)
    both = known & ~np.isnan(mirrored)
    _refuse(both & ~sound & np.tri(len(items), k=-1, dtype=bool), stack, items, experts, node, _RECIPROCAL)
    filled = np.where(known, stack, 1 / mirrored)
    np.einsum("kii->ki", filled)[:] = 1.0
    return filled


_NOT_POSITIVE = (
    "expected a positive finite number; leave the cell blank (NaN) if it was not judged",
    "应为有限的正数；未作判断请留空（NaN）",
)
_DIAGONAL = ("expected 1, because an item is compared with itself", "应为 1，因为是要素与自身比较")
_RECIPROCAL = (
    "expected reciprocals; correct one of the two, or leave it blank to have it filled in",
    "两格应互为倒数；请更正其一，或留空一格由程序补上",
)


def _refuse(
    wrong: np.ndarray,
    stack: Floats,
    items: pd.Index,
    experts: Sequence[Hashable] | pd.Index | None,
    node: object,
    advice: tuple[str, str],
) -> None:
    if not wrong.any():
        return
    cells = np.argwhere(wrong)
    lines, lines_zh = [], []
    for k, i, j in cells[:5]:
        name = None if experts is None else experts[k]
        cell = f"cell ({i + 1},{j + 1}), {items[i]!r} against {items[j]!r}, is {stack[k, i, j]:g}"
        cell_zh = f"第 {i + 1} 行第 {j + 1} 列（{items[i]!r} 比 {items[j]!r}）为 {stack[k, i, j]:g}"
        if advice is _RECIPROCAL:
            back = 1 / stack[k, j, i]
            cell += f" but cell ({j + 1},{i + 1}) is {stack[k, j, i]:g}, whose reciprocal is {back:.6g}"
            cell_zh += f"，而第 {j + 1} 行第 {i + 1} 列为 {stack[k, j, i]:g}，其倒数是 {back:.6g}"
        lines.append(f"{place(name, node)}{cell}")
        lines_zh.append(f"{place_zh(name, node)}{cell_zh}")
    more = f"; and {len(cells) - 5} more" if len(cells) > 5 else ""
    more_zh = f"；等 {len(cells)} 格" if len(cells) > 5 else ""
    raise JudgementError(f"{'; '.join(lines)}{more}: {advice[0]}.", zh=f"{'；'.join(lines_zh)}{more_zh}：{advice[1]}。")


def _numbers(values: np.ndarray, items: pd.Index, where: Where, coding: Coding = "ratio") -> Floats:
    if values.dtype.kind in "fiu" and coding == "ratio":
        return values.astype(float, copy=True)
    array = np.empty(values.shape)
    for (i, j), value in np.ndenumerate(values):
        if i == j and coding != "ratio" and value == 0:
            array[i, j] = 1.0
            continue
        try:
            array[i, j] = parse_judgement(value, coding=coding)
        except JudgementError as problem:
            raise JudgementError(
                f"{where[0]}cell ({i + 1},{j + 1}), {items[i]!r} against {items[j]!r}: {problem}",
                zh=f"{where[1]}第 {i + 1} 行第 {j + 1} 列（{items[i]!r} 比 {items[j]!r}）：{problem.message('zh')}",
            ) from None
    return array


def _square(values: object, where: Where) -> Floats:
    try:
        raw = np.asarray(values)
    except ValueError:
        raise JudgementError(
            f"{where[0]}the rows have different lengths; expected a square matrix.",
            zh=f"{where[1]}各行长度不同；应为方阵。",
        ) from None
    if raw.ndim != 2 or raw.shape[0] != raw.shape[1] or not raw.size:
        several = raw.ndim == 3
        shape = " x ".join(str(length) for length in raw.shape)
        advice = " For several experts use group_weights." if several else ""
        raise JudgementError(
            f"{where[0]}found {shape or 'a single value'}; expected a square matrix of pairwise judgements.{advice}",
            zh=f"{where[1]}给出的是 {shape or '单个值'}；应为两两判断的方阵。"
            + ("多位专家请用 group_weights。" if several else ""),
        )
    return _numbers(raw, pd.RangeIndex(len(raw)), where)


def _matched(frame: pd.DataFrame, items: pd.Index, where: Where = _WHERE, coding: Coding = "ratio") -> Floats:
    for labels, side, side_zh in ((frame.index, "rows", "行"), (frame.columns, "columns", "列")):
        doubled = labels[labels.duplicated()].unique()
        unknown = [label for label in labels if label not in items]
        missing = [label for label in items if label not in labels]
        if not (len(doubled) or unknown or missing):
            continue
        kinds = (
            ("doubled", "重复", doubled),
            ("unknown", "不认识", unknown),
            ("missing", "缺少", missing),
        )
        found = "; ".join(f"{what} {some(which)}" for what, _, which in kinds if len(which))
        found_zh = "；".join(f"{what} {some_zh(which)}" for _, what, which in kinds if len(which))
        names = [str(item) for item in items]
        near, near_zh = (f(str(unknown[0]), names) if unknown else "" for f in (did_you_mean, meant_zh))
        raise JudgementError(
            f"{where[0]}the {side} of the matrix do not match the items: {found}.{near} "
            f"Expected the items {some(items, limit=12)} once each, as rows and as columns.",
            zh=f"{where[1]}矩阵的{side_zh}与要素不符：{found_zh}。{near_zh}行和列都应为 {some_zh(items, limit=12)}，"
            "各一次。",
        )
    return _numbers(frame.loc[items, items].to_numpy(), items, where, coding)


def _from_pairs(
    values: Mapping[Any, object], labels: pd.Index, coding: Coding = "ratio", where: Where = _WHERE
) -> Floats:
    array = np.full((len(labels), len(labels)), np.nan)
    position = {label: i for i, label in enumerate(labels)}
    for pair, value in values.items():
        if not (isinstance(pair, tuple) and len(pair) == 2):
            raise JudgementError(
                f"{where[0]}{pair!r} is no pair; expected keys such as ('a', 'b').",
                zh=f"{where[1]}{pair!r} 不是一对要素；键应形如 ('a', 'b')。",
            )
        for item in pair:
            if item not in position:
                names = [str(label) for label in labels]
                raise JudgementError(
                    f"{where[0]}pair {pair!r} names the unknown item {item!r}.{did_you_mean(str(item), names)} "
                    f"The items are {some(labels, limit=12)}.",
                    zh=f"{where[1]}{pair!r} 中的要素 {item!r} 不认识。{meant_zh(str(item), names)}"
                    f"要素为 {some_zh(labels, limit=12)}。",
                )
        try:
            array[position[pair[0]], position[pair[1]]] = parse_judgement(value, coding=coding)
        except JudgementError as problem:
            raise JudgementError(
                f"{where[0]}pair {pair!r}: {problem}", zh=f"{where[1]}{pair!r}：{problem.message('zh')}"
            ) from None
    return array


def _from_rows(values: object, labels: pd.Index, coding: Coding) -> Floats:
    n = len(labels)
    wanted = n * (n - 1) // 2
    rows = (
        list(values) if isinstance(values, Sequence | np.ndarray | pd.Series) and not isinstance(values, str) else None
    )
    if rows is None:
        found = type(values).__name__
        raise JudgementError(
            f"judgements: found {found}; expected an upper triangle, pairs or a matrix.",
            zh=f"判断：给出的是 {found}；应为上三角、成对的判断或矩阵。",
        )
    nested = [
        list(row) if isinstance(row, Sequence | np.ndarray) and not isinstance(row, str) else None for row in rows
    ]
    lengths = [len(row) for row in nested if row is not None]
    if rows and lengths == [n] * n:
        return _numbers(np.array(nested, dtype=object), labels, _WHERE, coding)
    if rows and len(lengths) == len(rows) and lengths == list(range(n - 1, 0, -1)):
        flat = [value for row in nested if row is not None for value in row]
    elif not lengths and len(rows) == wanted:
        flat = rows
    else:
        found, found_zh = (
            (f"rows of lengths {lengths}", f"长度为 {lengths} 的各行")
            if lengths
            else (f"{len(rows)} values", f"{len(rows)} 个值")
        )
        raise JudgementError(
            f"judgements: found {found} for {n} items; expected {wanted} values (the upper triangle, row by row) or a "
            f"{n} x {n} matrix.",
            zh=f"判断：{n} 项要素给出了{found_zh}；应为 {wanted} 个值（上三角，逐行）或 {n} x {n} 的矩阵。",
        )
    pairs = [(labels[i], labels[j]) for i in range(n) for j in range(i + 1, n)]
    return _from_pairs(dict(zip(pairs, flat)), labels, coding)
