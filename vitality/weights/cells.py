"""One judgement as a person typed it, and where it stood."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, time
from typing import Literal

import numpy as np
import pandas as pd

from vitality.errors import JudgementError
from vitality.weights.options import choose

__all__ = ["CODINGS", "Coding", "parse_judgement", "place", "place_zh"]

Coding = Literal["ratio", "negative_first", "positive_first"]

#: How a judgement is written down.
CODINGS = ("ratio", "negative_first", "positive_first")

_FRACTION = re.compile(r"(\d+(?:\.\d+)?)\s*/\s*(\d+(?:\.\d+)?)")
_LARGEST = 9.0


def parse_judgement(value: object, *, coding: Coding = "ratio") -> float:
    """Read one judgement as a ratio; NaN where nothing was judged.

    Parameters
    ----------
    value : number, text or None
        Full-width digits, fractions and blanks are understood.
    coding : {"ratio", "negative_first", "positive_first"}
        ``ratio``: how many times as important the first item is, such as 3 or 1/3. The others are the 9 .. -9
        of survey sliders: the size, 1 to 9, says how much more important the one item is, the sign says which:
        the first when negative (as in the R package ahpsurvey), or the first when positive.

    Raises
    ------
    JudgementError
        If it is no number; a date gets the hint that Excel made it from a fraction.

    Examples
    --------
    >>> parse_judgement(" 3 "), parse_judgement("１／４"), parse_judgement("")
    (3.0, 0.25, nan)
    >>> parse_judgement(-4, coding="negative_first"), parse_judgement(-4, coding="positive_first")
    (4.0, 0.25)
    """
    number = _number(value)
    if coding == "ratio" or math.isnan(number):
        return number
    choose("coding", coding, CODINGS)
    if not 1 <= abs(number) <= _LARGEST:
        raise JudgementError(
            f"found {value!r}, expected a number from 1 to 9 or from -9 to -1, as coding={coding!r} says.",
            zh=f"写的是 {value!r}；coding={coding!r} 应为 1 至 9 或 -9 至 -1。",
        )
    first = (number < 0) == (coding == "negative_first")
    return abs(number) if first else 1 / abs(number)


def _number(value: object) -> float:
    if value is None or value is pd.NA:
        return math.nan
    if isinstance(value, date | time):
        raise JudgementError(
            f"found the date {value}, expected a judgement such as 3 or 1/3; Excel turns a fraction typed by "
            "hand into a date. Choose the value from the list of the cell, or type it as text.",
            zh=f"写的是日期 {value}，应为 3 或 1/3 这样的判断；手工输入的分数会被 Excel 变成日期。请从单元格的列表中"
            "选择，或按文本输入。",
        )
    if isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool):
        return float(value)
    text = unicodedata.normalize("NFKC", str(value)).replace("\u2044", "/").replace("\u2212", "-").strip()
    if not text or text.lower() in ("nan", "<na>", "none"):
        return math.nan
    fraction = _FRACTION.fullmatch(text)
    try:
        return float(fraction[1]) / float(fraction[2]) if fraction else float(text)
    except (ValueError, ZeroDivisionError):
        raise JudgementError(
            f"found {value!r}, expected a positive number or a fraction such as 3 or 1/3.",
            zh=f"写的是 {value!r}，应为正数或分数，如 3 或 1/3。",
        ) from None


def place(expert: object = None, node: object = None) -> str:
    """Start a message with the expert and the node, as far as they are known.

    Examples
    --------
    >>> place("E03", "C1"), place(None, None)
    ("expert 'E03', node 'C1': ", 'judgements: ')
    """
    known = [f"{what} {which!r}" for what, which in (("expert", expert), ("node", node)) if which is not None]
    return ", ".join(known) + ": " if known else "judgements: "


def place_zh(expert: object = None, node: object = None) -> str:
    """Start a Chinese message with the expert and the node, as far as they are known.

    Examples
    --------
    >>> place_zh("E03", "C1"), place_zh(None, None)
    ("专家 'E03'，节点 'C1'：", '判断：')
    """
    known = [f"{what} {which!r}" for what, which in (("专家", expert), ("节点", node)) if which is not None]
    return "，".join(known) + "：" if known else "判断："
