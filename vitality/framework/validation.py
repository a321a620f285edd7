"""Plain data becomes a checked framework; all that is wrong is said at once, in two languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import ValidationError

from vitality.errors import FrameworkError, did_you_mean, meant_zh
from vitality.framework import measures, parts
from vitality.framework.base import CONTROL, Part
from vitality.framework.cells import plain_number
from vitality.framework.model import Framework
from vitality.framework.problems import Bilingual
from vitality.framework.yaml_text import Location, Place

#: What pydantic finds -> what was expected, in English and in Chinese; places of its context in braces.
EXPECTED = {
    "string_type": ("expected text", "须为文字"),
    "string_too_short": ("expected text that is not empty", "不能为空"),
    "string_unicode": ("expected text", "须为文字"),
    "float_type": ("expected a number", "须为数字"),
    "int_type": ("expected a whole number", "须为整数"),
    "invalid_key": ("expected text as a key", "键须为文字"),
    "bool_type": ("expected true or false", "须为 true 或 false"),
    "finite_number": ("expected a finite number", "须为有限的数"),
    "greater_than": ("expected a number above {gt:g}", "须大于 {gt:g}"),
    "greater_than_equal": ("expected a number of {ge:g} or more", "不能小于 {ge:g}"),
    "literal_error": ("expected one of {expected}", "须为 {expected} 之一"),
    "union_tag_invalid": ("expected 'kind' to be one of {expected_tags}", "'kind' 须为 {expected_tags} 之一"),
    "union_tag_not_found": ("expected a mapping with 'kind'", "须为带 'kind' 的映射"),
    "tuple_type": ("expected a list such as [a, b]", "须为列表，如 [a, b]"),
    "dict_type": ("expected a mapping such as {{key: value}}", "须为映射，如 {{键: 值}}"),
    "model_type": ("expected a mapping such as {{key: value}}", "须为映射，如 {{键: 值}}"),
    "model_attributes_type": ("expected a mapping such as {{key: value}}", "须为映射，如 {{键: 值}}"),
    "too_short": ("expected {min_length} or more", "至少要有 {min_length} 项"),
    "too_long": ("expected no more than {max_length}", "最多 {max_length} 项"),
}
#: What to do about a number where text is expected.
IN_QUOTES = Bilingual("put it into quotes", "请加引号")


def build_framework(
    content: Mapping[str, Any],
    *,
    where: str,
    places: Mapping[Location, Place] | None = None,
    hint: Bilingual = IN_QUOTES,
) -> Framework:
    """Validate plain data as a framework; all problems in one message, with their place where known.

    Parameters
    ----------
    content : mapping
        The keys of a framework.
    where : str
        What the data came from.
    places : mapping, optional
        Place of each value in the file, by the way to it.
    hint : Bilingual
        What to do about a number where text is expected.

    Raises
    ------
    FrameworkError
        If anything does not fit.
    """
    spots = places or {}
    strange = [(path, _unprintable(text)) for path, text in _texts(content, ()) if CONTROL.search(text)]
    if strange:
        raise _refused(strange, where, spots)
    try:
        return Framework.model_validate(content)
    except ValidationError as error:
        raise _refused(list(_found(error, hint)), where, spots) from None


def _texts(value: object, path: Location) -> Iterator[tuple[Location, str]]:
    """Give every text of plain data that is not plainly printable, keys too."""
    if isinstance(value, str):
        if not value.isprintable():
            yield path, value
    elif isinstance(value, Mapping):
        for key, below in value.items():
            if isinstance(key, str) and not key.isprintable():
                yield (*path, ascii(key)), key
            yield from _texts(below, (*path, key))
    elif isinstance(value, (list, tuple)):
        for position, below in enumerate(value):
            yield from _texts(below, (*path, position))


def _unprintable(text: str) -> Bilingual:
    sign = CONTROL.search(text)
    found = f"{sign.group()!r} at position {sign.start() + 1}" if sign else ""
    return Bilingual(
        f"a control character, {found}; no form or report can show it. Type the text again.",
        f"含控制字符（{ascii(sign.group()) if sign else ''}），表格和报告无法显示，请重新输入这段文字。",
    )


def _found(error: ValidationError, hint: Bilingual) -> Iterator[tuple[Location, Bilingual]]:
    for detail in error.errors(include_url=False):
        location = tuple(part for part in detail["loc"] if part not in ("group", "indicator"))
        raised = getattr(detail.get("ctx", {}).get("error"), "problems", None)
        for problem in raised or (_explained(detail, hint),):
            yield location, problem


def _explained(detail: Any, hint: Bilingual) -> Bilingual:
    kind, found = detail["type"], detail["input"]
    key = str(detail["loc"][-1]) if detail["loc"] else ""
    if kind == "extra_forbidden":
        known = _known_keys()
        return Bilingual(
            f"unknown key {key!r}.{did_you_mean(key, known)}", f"没有 {key!r} 这个键。{meant_zh(key, known)}"
        )
    if kind == "missing":
        if key == "children":
            return Bilingual(
                "key 'children' is missing: the root needs at least one indicator below it.",
                "缺少 'children'：根节点之下至少要有一个指标。",
            )
        return Bilingual(f"key {key!r} is missing.", f"缺少 {key!r}。")
    if kind not in EXPECTED:
        message = str(detail["msg"]).removeprefix("Value error, ")
        return Bilingual(
            f"found {_short(found)}; {message[0].lower()}{message[1:]}.", f"现为 {_short(found)}（{message}）。"
        )
    en, zh = (text.format(**detail.get("ctx", {})) for text in EXPECTED[kind])
    en, zh = f"found {_short(found)}; {en}", f"现为 {_short(found)}，{zh}"
    if kind == "string_type" and not isinstance(found, (dict, list)):
        en, zh = f"{en}: {hint.en}", f"{zh}：{hint.zh}"
    if kind in ("float_type", "int_type") and isinstance(found, str) and plain_number(found) != found:
        en, zh = f"{en}: without quotes, an exponent as in 1.0e+3", f"{zh}：不加引号，指数写作 1.0e+3"
    return Bilingual(f"{en}.", f"{zh}。")


def _short(found: object) -> str:
    try:
        text = repr(found)
    except ValueError:  # an integer of thousands of digits
        text = f"a very long {type(found).__name__}"
    return text if len(text) <= 80 else f"{text[:60]}… ({len(text)} characters)"


def _refused(
    found: list[tuple[Location, Bilingual]], where: str, places: Mapping[Location, Place], *, limit: int = 20
) -> FrameworkError:
    """Make one message of all problems, each on a line behind its place."""
    lines = []
    for location, problem in found:
        spot, way = _spot(location, places), _way(location)
        head, head_zh = ", ".join(filter(None, (spot.en, way))), "，".join(filter(None, (spot.zh, way)))
        lines.append(
            Bilingual(
                f"  {head}: {problem.en}" if head else f"  {problem.en}",
                f"  {head_zh}：{problem.zh}" if head else f"  {problem.zh}",
            )
        )
    count, more = len(lines), len(lines) - limit
    problems = "1 problem" if count == 1 else f"{count} problems"
    en = [f"{where}: {problems} in the framework:", *(line.en for line in lines[:limit])]
    zh = [f"{where}：框架有{count}处问题：", *(line.zh for line in lines[:limit])]
    if more > 0:
        en, zh = [*en, f"  and {more} more"], [*zh, f"  另有{more}处"]
    return FrameworkError("\n".join(en), zh="\n".join(zh))


def _spot(location: Location, places: Mapping[Location, Place]) -> Bilingual:
    """Name the line, or the sheet and row, of a value or of the nearest one around it."""
    ends = range(len(location), 0, -1)
    place = next((places[location[:end]] for end in ends if location[:end] in places), None)
    if place is None:
        return Bilingual("", "")
    if isinstance(place, int):
        return Bilingual(f"line {place}", f"第{place}行")
    return Bilingual(f"sheet {place[0]!r}, row {place[1]}", f"工作表 {place[0]!r} 第{place[1]}行")


def _way(location: Location) -> str:
    """Write the way to a value, positions from 1, the middle of a long one left out.

    Examples
    --------
    >>> _way(("tree", "children", 0, "weight"))
    'tree > children > 1 > weight'
    """
    steps = [str(part + 1 if isinstance(part, int) else part) for part in location]
    return " > ".join(steps if len(steps) <= 14 else [*steps[:3], "…", *steps[-5:]])


@cache
def _known_keys() -> tuple[str, ...]:
    found = [Framework, *vars(measures).values(), *vars(parts).values()]
    models = [value for value in found if isinstance(value, type) and issubclass(value, Part)]
    return tuple(sorted({field.alias or name for model in models for name, field in model.model_fields.items()}))
