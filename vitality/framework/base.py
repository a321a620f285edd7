"""What all parts of a framework share: frozen, text without spaces around it, finite numbers, two languages."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, NoReturn, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict

from vitality.errors import MethodError

Lang = Literal["zh", "en"]
#: A finite number. ``"3"`` and ``true`` are none.
Number = Annotated[float, Strict()]
Count = Annotated[int, Strict()]
Flag = Annotated[bool, Strict()]
#: Text by which something is found; never empty.
Code = Annotated[str, Field(min_length=1)]
Limits = tuple[Number | None, Number | None]

#: Signs that no form, workbook or report can show; tabs and ends of lines are none.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")

Key = TypeVar("Key")
Held = TypeVar("Held")


def check_language(lang: str) -> None:
    """Refuse a language that the package does not speak.

    Raises
    ------
    MethodError
        If `lang` is neither ``"zh"`` nor ``"en"``.
    """
    if lang not in ("zh", "en"):
        raise MethodError(
            f"lang={lang!r} is not a choice here. Choose one of 'zh', 'en'.",
            zh=f"lang={lang!r} 不可用，请用 'zh'（中文）或 'en'（英文）。",
        )


def in_language(lang: Lang, zh: str, en: str) -> str:
    """Take the text in the language asked for, or the other one where it is empty.

    Examples
    --------
    >>> in_language("zh", "指标", "indicator"), in_language("en", "指标", "")
    ('指标', '指标')
    """
    check_language(lang)
    return (zh or en) if lang == "zh" else (en or zh)


class FrozenDict(dict[Key, Held]):
    """A dict that cannot be changed, so that a framework can be shared and hashed.

    Examples
    --------
    >>> held = FrozenDict({"a": 1})
    >>> held == {"a": 1}, hash(held) == hash(FrozenDict({"a": 1}))
    (True, True)
    >>> held.clear()
    Traceback (most recent call last):
    ...
    TypeError: a framework is frozen; change a copy of this mapping: dict(mapping)
    """

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("a framework is frozen; change a copy of this mapping: dict(mapping)")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (dict(self),)


#: Two fields: a mapping by code that stays as it is, and the answers that a condition asks for.
Frozen = AfterValidator(FrozenDict)
Wanted = Annotated[dict[str, tuple[str, ...]], Frozen]


class Part(BaseModel):
    """A frozen piece of a framework; an unknown key is an error, with the near miss offered."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, str_strip_whitespace=True)


class Named(Part):
    """A part with a code and a name in Chinese and in English."""

    code: Code
    name_zh: str = ""
    name_en: str = ""

    def label(self, lang: Lang = "zh") -> str:
        """Name in the language asked for; the other language, then the code, when it is not given."""
        return in_language(lang, self.name_zh, self.name_en) or self.code
