"""Names as they are compared: of units, columns and options."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

_TYPE = re.compile(r"[\[【](?:单选题|多选题|填空题|量表题|矩阵题|排序题|必答|选答|必填)[\]】]")
_CHINESE = re.compile("[㐀-鿿]")
_NUMBERED = re.compile(r"^\s*(?:第?\d+[题]?\s*[、：:.．,，]\s*)+(?=\D)")


def tidy(name: object) -> str:
    """Fold widths and drop every space, so that names compare by what people see.

    Examples
    --------
    >>> tidy(" 清漪 街道 "), tidy("Ａ镇"), tidy(None)
    ('清漪街道', 'A镇', '')
    """
    text = unicodedata.normalize("NFKC", "" if name is None else str(name))
    return re.sub(r"\s+", "", text) if _has_chinese(text) else " ".join(text.split())


def _has_chinese(text: str) -> bool:
    return _CHINESE.search(text) is not None


def question_key(text: object, *, numbered: bool = False) -> str:
    """Text of a question for matching: without its number, type, widths, spaces and punctuation at the end.

    Traditional letters match Simplified ones. With `numbered` the number in front stays.

    Examples
    --------
    >>> question_key("6、您知道本街镇有红十字会吗？") == question_key("您知道本街镇有红十字会吗")
    True
    >>> question_key("7、志願者人數 [填空题]"), question_key("第6题(献血)", numbered=True)
    ('志愿者人数', '第6题(献血)')
    """
    bare = _TYPE.sub("", str(text))
    folded = unicodedata.normalize("NFKC", bare if numbered else _NUMBERED.sub("", bare))
    visible = "".join(sign for sign in folded if unicodedata.category(sign) not in ("Cc", "Cf"))
    return simplified(re.sub(r"\s+", "", visible).rstrip("?:。.;；*")).lstrip("*").lower()


def simplified(text: str) -> str:
    """Give Chinese text in Simplified letters, by OpenCC; other text as it is.

    Examples
    --------
    >>> simplified("志願者人數"), simplified("town")
    ('志愿者人数', 'town')
    """
    return _converter().convert(text) if _has_chinese(text) else text


@cache
def _converter() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("t2s")


def near_miss(word: str, choices: Iterable[str]) -> str:
    """Give the nearest of `choices`, or nothing when none is near.

    Examples
    --------
    >>> near_miss("清琦街道", ["清漪街道", "鹤汀镇"])
    '清漪街道'
    """
    from rapidfuzz import fuzz, process

    near = process.extractOne(word, list(choices), scorer=fuzz.ratio, score_cutoff=60)
    return near[0] if near else ""
