"""Pairwise judgements: what a person typed, as a checked positive reciprocal matrix.

Every function of this room that takes judgements has them checked here, so that a refusal always names
the expert, the node and the cell.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Hashable, Mapping, Sequence
from datetime import date, time
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from vitality.errors import JudgementError, did_you_mean, some

if TYPE_CHECKING:
    from vitality.weights.kernels import Floats

__all__ = ["check_stack", "checked_matrix", "judgement_matrix", "parse_judgement", "place"]

#: How far a_ij * a_ji may be from 1: reciprocals typed with three decimals (.167 for 1/6) pass.
RECIPROCAL_TOLERANCE = 0.005

_FRACTION = re.compile(r"(\d+(?:\.\d+)?)\s*/\s*(\d+(?:\.\d+)?)")


def judgement_matrix(values: object, items: Sequence[Hashable]) -> pd.DataFrame:
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
    labels = pd.Index(list(items))
    if labels.has_duplicates:
        raise JudgementError(f"items: {some(labels[labels.duplicated()].unique())} named twice; name every item once.")
    if isinstance(values, pd.DataFrame):
        array = _matched(values, labels)
    elif isinstance(values, Mapping):
        array = _from_pairs(values, labels)
    else:
        array = _from_rows(values, labels)
    return pd.DataFrame(check_stack(array[None], labels)[0], index=labels, columns=labels)


def parse_judgement(value: object) -> float:
    """Read one judgement; NaN where nothing was judged.

    Raises
    ------
    JudgementError
        If it is no number; a date gets the hint that Excel made it from a fraction.

    Examples
    --------
    >>> parse_judgement(" 3 "), parse_judgement("１／４"), parse_judgement("")
    (3.0, 0.25, nan)
    """
    if value is None or value is pd.NA:
        return math.nan
    if isinstance(value, date | time):
        raise JudgementError(
            f"found the date {value}, expected a judgement such as 3 or 1/3; Excel turns a fraction typed by "
            "hand into a date. Choose the value from the list of the cell, or type it as text."
        )
    if isinstance(value, int | float | np.number) and not isinstance(value, bool | np.bool_):
        return float(value)
    text = unicodedata.normalize("NFKC", str(value)).replace("\u2044", "/").strip()
    if not text or text.lower() == "nan":
        return math.nan
    fraction = _FRACTION.fullmatch(text)
    try:
        return float(fraction[1]) / float(fraction[2]) if fraction else float(text)
    except (ValueError, ZeroDivisionError):
        raise JudgementError(f"found {value!r}, expected a positive number or a fraction such as 3 or 1/3.") from None


def place(expert: object = None, node: object = None) -> str:
    """Start a message with the expert and the node, as far as they are known.

    Examples
    --------
    >>> place("E03", "C1"), place(None, None)
    ("expert 'E03', node 'C1': ", 'judgements: ')
    """
    known = [f"{what} {which!r}" for what, which in (("expert", expert), ("node", node)) if which is not None]
    return ", ".join(known) + ": " if known else "judgements: "


def checked_matrix(judgements: object, *, expert: object = None, node: object = None) -> tuple[pd.Index, Floats]:
    """Labels and checked values of one judgement matrix.

    Parameters
    ----------
    judgements : DataFrame or array-like, shape (n, n)
        NaN where not judged; text as in `judgement_matrix`. A DataFrame has the items as its index and
        its columns, in any order; an array gets the labels 0 .. n-1.
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
    where = place(expert, node)
    if isinstance(judgements, pd.DataFrame):
        items = judgements.index
        same = items.equals(judgements.columns) and not items.has_duplicates
        array = _numbers(judgements.to_numpy(), items, where) if same else _matched(judgements, items, where)
    else:
        array = _square(judgements, where)
        items = pd.RangeIndex(len(array))
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
    product = stack * stack.transpose(0, 2, 1)
    sound = np.abs(product - 1) <= RECIPROCAL_TOLERANCE
    if sound.all() and stack.min(initial=1) > 0 and (np.einsum("kii->ki", stack) == 1).all():
        return stack
    known = ~np.isnan(stack)
    diagonal = np.einsum("kii->ki", stack)
    _refuse(known & ~(np.isfinite(stack) & (stack > 0)), stack, items, experts, node, _NOT_POSITIVE)
    off_one = np.zeros(stack.shape, dtype=bool)
    np.einsum("kii->ki", off_one)[:] = ~np.isnan(diagonal) & (diagonal != 1)
    _refuse(off_one, stack, items, experts, node, _DIAGONAL)
    both = known & known.transpose(0, 2, 1)
    _refuse(both & ~sound & np.tri(len(items), k=-1, dtype=bool), stack, items, experts, node, _RECIPROCAL)
    filled = np.where(known, stack, 1 / stack.transpose(0, 2, 1))
    np.einsum("kii->ki", filled)[:] = 1.0
    return filled


_NOT_POSITIVE = "expected a positive finite number; leave the cell blank (NaN) if it was not judged"
_DIAGONAL = "expected 1, because an item is compared with itself"
_RECIPROCAL = "expected reciprocals; correct one of the two, or leave it blank to have it filled in"


def _refuse(
    wrong: np.ndarray,
    stack: Floats,
    items: pd.Index,
    experts: Sequence[Hashable] | pd.Index | None,
    node: object,
    advice: str,
) -> None:
    if not wrong.any():
        return
    cells = np.argwhere(wrong)
    lines = []
    for k, i, j in cells[:5]:
        name = None if experts is None else experts[k]
        cell = f"cell ({i + 1},{j + 1}), {items[i]!r} against {items[j]!r}, is {stack[k, i, j]:g}"
        if advice is _RECIPROCAL:
            cell += f" but cell ({j + 1},{i + 1}) is {stack[k, j, i]:g}, whose reciprocal is {1 / stack[k, j, i]:.6g}"
        lines.append(f"{place(name, node)}{cell}")
    more = f"; and {len(cells) - 5} more" if len(cells) > 5 else ""
    raise JudgementError(f"{'; '.join(lines)}{more}: {advice}.")


def _numbers(values: np.ndarray, items: pd.Index, where: str) -> Floats:
    if values.dtype.kind in "fiu":
        return values.astype(float, copy=True)
    array = np.empty(values.shape)
    for (i, j), value in np.ndenumerate(values):
        try:
            array[i, j] = parse_judgement(value)
        except JudgementError as problem:
            raise JudgementError(
                f"{where}cell ({i + 1},{j + 1}), {items[i]!r} against {items[j]!r}: {problem}"
            ) from None
    return array


def _square(values: object, where: str) -> Floats:
    try:
        raw = np.asarray(values)
    except ValueError:
        raise JudgementError(f"{where}the rows have different lengths; expected a square matrix.") from None
    if raw.ndim != 2 or raw.shape[0] != raw.shape[1] or not raw.size:
        advice = " For several experts use group_weights." if raw.ndim == 3 else ""
        shape = " x ".join(str(length) for length in raw.shape) or "a single value"
        raise JudgementError(f"{where}found {shape}; expected a square matrix of pairwise judgements.{advice}")
    return _numbers(raw, pd.RangeIndex(len(raw)), where)


def _matched(frame: pd.DataFrame, items: pd.Index, where: str = "judgements: ") -> Floats:
    for labels, side in ((frame.index, "rows"), (frame.columns, "columns")):
        doubled = labels[labels.duplicated()].unique()
        unknown = [label for label in labels if label not in items]
        missing = [label for label in items if label not in labels]
        if not (len(doubled) or unknown or missing):
            continue
        found = [
            f"{what} {some(which)}"
            for what, which in (("doubled", doubled), ("unknown", unknown), ("missing", missing))
            if len(which)
        ]
        near = did_you_mean(str(unknown[0]), [str(item) for item in items]) if unknown else ""
        raise JudgementError(
            f"{where}the {side} of the matrix do not match the items: {'; '.join(found)}.{near} "
            f"Expected the items {some(items, limit=12)} once each, as rows and as columns."
        )
    return _numbers(frame.loc[items, items].to_numpy(), items, where)


def _from_pairs(values: Mapping[Any, object], labels: pd.Index) -> Floats:
    array = np.full((len(labels), len(labels)), np.nan)
    position = {label: i for i, label in enumerate(labels)}
    for pair, value in values.items():
        if not (isinstance(pair, tuple) and len(pair) == 2):
            raise JudgementError(f"judgements: {pair!r} is no pair; expected keys such as ('a', 'b').")
        for item in pair:
            if item not in position:
                raise JudgementError(
                    f"judgements: pair {pair!r} names the unknown item {item!r}."
                    f"{did_you_mean(str(item), [str(label) for label in labels])} "
                    f"The items are {some(labels, limit=12)}."
                )
        try:
            array[position[pair[0]], position[pair[1]]] = parse_judgement(value)
        except JudgementError as problem:
            raise JudgementError(f"judgements: pair {pair!r}: {problem}") from None
    return array


def _from_rows(values: object, labels: pd.Index) -> Floats:
    n = len(labels)
    rows = list(values) if isinstance(values, Sequence | np.ndarray) and not isinstance(values, str) else None
    if rows is None:
        raise JudgementError(
            f"judgements: found {type(values).__name__}; expected an upper triangle, pairs or a matrix."
        )
    nested = [
        list(row) if isinstance(row, Sequence | np.ndarray) and not isinstance(row, str) else None for row in rows
    ]
    lengths = [len(row) for row in nested if row is not None]
    if rows and lengths == [n] * n:
        return _numbers(np.array(nested, dtype=object), labels, "judgements: ")
    if rows and len(lengths) == len(rows) and lengths == list(range(n - 1, 0, -1)):
        flat = [value for row in nested if row is not None for value in row]
    elif not lengths and len(rows) == n * (n - 1) // 2:
        flat = rows
    else:
        found = f"rows of lengths {lengths}" if lengths else f"{len(rows)} values"
        raise JudgementError(
            f"judgements: found {found} for {n} items; expected {n * (n - 1) // 2} values (the upper "
            "triangle, "
            f"row by row) or a {n} x {n} matrix."
        )
    pairs = [(labels[i], labels[j]) for i in range(n) for j in range(i + 1, n)]
    return _from_pairs(dict(zip(pairs, flat)), labels)
