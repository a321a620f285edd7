"""Named choices: one refusal for every option that is not among them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from vitality.errors import MethodError, did_you_mean, meant_zh, some, some_zh

__all__ = ["choose", "number"]


def choose(option: str, value: object, choices: Iterable[str]) -> str:
    """Give `value` back if it is one of `choices`.

    Raises
    ------
    MethodError
        If it is not; the message lists the choices and offers the nearest.

    Examples
    --------
    >>> choose("method", "eigenvector", ("eigenvector", "geometric_mean"))
    'eigenvector'
    """
    known = tuple(choices)
    if isinstance(value, str) and value in known:
        return value
    raise MethodError(
        f"{option}={value!r} is not a choice here.{did_you_mean(str(value), known)} "
        f"Choose one of {some(known, limit=12)}.",
        zh=f"{option} 没有 {value!r} 这一选项。{meant_zh(str(value), known)}可选：{some_zh(known, limit=12)}。",
    )


def number(option: str, value: object, holds: Callable[[float], bool], wanted: str, wanted_zh: str) -> float:
    """Give `value` back as a float if it is a number for which `holds` is true.

    Raises
    ------
    MethodError
        If it is not; the message says what is wanted.

    Examples
    --------
    >>> number("level", 0.9, lambda x: 0 < x < 1, "a share between 0 and 1", "0 与 1 之间的数")
    0.9
    """
    real = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    if real and holds(float(value)):  # type: ignore[arg-type]
        return float(value)  # type: ignore[arg-type]
    raise MethodError(f"{option}={value!r}; expected {wanted}.", zh=f"{option}={value!r}；应为{wanted_zh}。")
