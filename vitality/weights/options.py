"""Named choices: one refusal for every option that is not among them."""

from __future__ import annotations

from collections.abc import Iterable

from vitality.errors import MethodError, did_you_mean, meant_zh, some, some_zh

__all__ = ["choose"]


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
