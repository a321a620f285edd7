"""What people type into the cells of a flat table: codes, numbers and directions in many spellings."""

from __future__ import annotations

import re
import unicodedata
from numbers import Integral, Real
from typing import Any

_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_DIRECTIONS = {
    "benefit": ("1", "1.0", "+1", "+", "benefit", "正向", "正"),
    "cost": ("-1", "-1.0", "-", "cost", "负向", "负", "逆向"),
    "interval": ("interval", "适度", "区间"),
}
DIRECTIONS = {word: direction for direction, words in _DIRECTIONS.items() for word in words}


def is_given(value: object) -> bool:
    """Tell whether a cell holds anything: not None, NaN, NA or blank text."""
    if isinstance(value, str):
        return bool(value.strip())
    return not (value is None or str(value) in ("nan", "NaT", "<NA>"))


def code_text(value: Any) -> Any:
    """Read a code as text; a whole number loses the ``.0`` that a column with gaps gives it.

    True and False stay as they are, for the check to refuse: nobody can tell how they were typed.

    Examples
    --------
    >>> code_text(1.0), code_text(" A1 "), code_text(2)
    ('1', 'A1', '2')
    """
    if isinstance(value, Real) and not isinstance(value, Integral) and float(value).is_integer():
        return str(int(float(value)))
    return value if isinstance(value, bool) else str(value).strip()


def plain_number(value: Any) -> Any:
    """Read a number, also one written as text or with full-width digits; anything else stays as it is.

    Examples
    --------
    >>> plain_number("３"), plain_number("1.5"), plain_number("about 3")
    (3.0, 1.5, 'about 3')
    """
    if isinstance(value, str):
        text = unicodedata.normalize("NFKC", value).strip().replace("\u2212", "-")
        return float(text) if _PLAIN.fullmatch(text) else value
    if isinstance(value, Real) and not isinstance(value, (bool, int, float)):
        return float(value)
    return value


def direction_word(value: object) -> Any:
    """Read a direction: 1, -1, a word in either language; anything else stays as it is.

    Examples
    --------
    >>> direction_word(-1), direction_word("Benefit"), direction_word("适度"), direction_word("up")
    ('cost', 'benefit', 'interval', 'up')
    """
    word = unicodedata.normalize("NFKC", str(value)).strip().casefold().replace("\u2212", "-")
    return DIRECTIONS.get(word, value if isinstance(value, str) else word)
