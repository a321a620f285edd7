"""Between the text of a cell and the typed answer to a question, in both directions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

from vitality.framework import Lang, Option, Question
from vitality.survey.naming import near_miss, question_key
from vitality.survey.numerals import number_text
from vitality.survey.unit_notes import unit_size
from vitality.survey.values import ParsedValue, parse_value

#: Between the codes of the options that a respondent ticked, in the table of answers.
OPTION_SEPARATOR = "|"
#: Between the options in one cell of an export.
EXPORT_SEPARATOR = "┋"
#: Between the options in the order in which a respondent ranked them.
RANK_SEPARATOR = "→"
#: What Wenjuanxing writes for blank and for skipped; elsewhere -2 is a number.
PLATFORM_CODES = ("-2", "-3", "-2.0", "-3.0")
_OPEN_TEXT = re.compile("〖.*?〗")
_TEN_THOUSANDS = re.compile("[万亿萬億]")
NUMERIC_KINDS = ("count", "number", "money", "percent", "likert")


def parse_answer(text: str, question: Question, *, noted: str = "", export: bool = False) -> ParsedValue:
    """Read one cell as the answer to a question; choices become the codes of their options.

    `noted` is the unit that the sheet notes for its numbers, where it is another than the one asked for. In the
    `export` of a survey platform, -2 and -3 mean that there is no answer.

    Returns
    -------
    ParsedValue
        Numbers as floats, yes/no as 1.0 and 0.0, a choice as the code of its option, several choices as
        codes joined by ``|`` in the order of the form (of a ranking: in its own order), text as it is. The flag
        ``unknown_option`` marks a text that is none of the options; ``note`` is then the near miss.

    Examples
    --------
    >>> from vitality.framework import read_framework
    >>> questions = read_framework("redcross").questions
    >>> parse_answer("街道", questions["t05"]).value
    'street'
    >>> parse_answer("应急救护培训┋其他〖心理〗", questions["m02"]).value
    'first_aid|other'
    """
    if export and text.strip() in PLATFORM_CODES:
        return ParsedValue(None, ("missing", "skipped"))
    if question.kind == "choice":
        return _choice(text, question)
    if question.kind == "multichoice":
        return _choices(text, question)
    if noted:
        return _in_noted_unit(text, question, noted)
    parsed = _parsed(text, question.kind, question.unit_zh or None)
    if parsed.value is None and question.unit_en and question.unit_en != question.unit_zh:
        english = _parsed(text, question.kind, question.unit_en)
        parsed = english if english.value is not None else parsed
    if isinstance(parsed.value, bool):
        return ParsedValue(float(parsed.value), parsed.flags, parsed.note)
    return parsed


@lru_cache(maxsize=1 << 18)
def _parsed(text: str, kind: str, unit: str | None) -> ParsedValue:
    """Texts come again and again in questions of one kind: read each once."""
    return parse_value(text, kind, unit=unit)


def _in_noted_unit(text: str, question: Question, noted: str) -> ParsedValue:
    """Read a number in the unit that the sheet notes, and give it in the unit that was asked for."""
    parsed = _parsed(text, question.kind, noted)
    if not isinstance(parsed.value, float):
        return parsed
    (size, base), (asked, wanted) = unit_size(noted), unit_size(question.unit_zh)
    if base != wanted:
        return ParsedValue(parsed.value, (*parsed.flags, "noted_unit", "other_unit"), parsed.note)
    written = text.strip()
    if base != "元" and written.endswith(base) and not written.endswith(noted):
        size = 1.0  # 52000人 below 万人
    elif _TEN_THOUSANDS.search(written) and not {"unit", "converted"} & {*parsed.flags}:
        size = 1.0  # 5万 below 万人 is 5万人
    return ParsedValue(parsed.value * size / asked, (*parsed.flags, "noted_unit"), parsed.note)


def open_text(text: str) -> str:
    """Give what a respondent wrote beside the options of one cell.

    Examples
    --------
    >>> open_text("急救┋其他〖心理〗")
    '心理'
    """
    return "；".join(part.strip() for part in re.findall("〖(.*?)〗", text) if part.strip())


@cache
def _options(options: tuple[Option, ...]) -> dict[str, str]:
    """Codes of the options by everything that stands for them, exact first."""
    found: dict[str, str] = {}
    for option in options:
        for text in (option.zh, option.en, option.code):
            if text:
                found.setdefault(question_key(text), option.code)
    for option in options:  # 村居（红十字服务站） is also known as 村居
        short = re.sub(r"[（(].*?[）)]", "", option.zh)
        if short:
            found.setdefault(question_key(short), option.code)
    return found


def _choice(text: str, question: Question) -> ParsedValue:
    known = _options(question.options)
    key = question_key(_OPEN_TEXT.sub("", text))
    if key in known:
        plain = unicodedata.normalize("NFKC", text).strip() in _plain_texts(question.options)
        return ParsedValue(known[key], () if plain else ("option_text",))
    parsed = parse_value(text, "choice")
    if parsed.value is None:
        return parsed
    return ParsedValue(None, ("unknown_option",), _near(key, question))


@cache
def _plain_texts(options: tuple[Option, ...]) -> frozenset[str]:
    texts = (text for option in options for text in (option.zh, option.en, option.code))
    return frozenset(unicodedata.normalize("NFKC", text) for text in texts if text)


def _near(key: str, question: Question) -> str:
    known = _options(question.options)
    near = near_miss(key, known)
    return next((option.label() for option in question.options if option.code == known.get(near)), "")


def _choices(text: str, question: Question) -> ParsedValue:
    """Several options in one cell, split as the platform joins them."""
    whole = parse_value(text, "multichoice")
    if whole.value is None:
        return whole
    bare = _OPEN_TEXT.sub("", text)
    parts = [part for part in re.split("[┋|;；\n→]", bare) if part.strip()]
    answers = [_choice(part, question) for part in parts]
    unknown = [answer for answer in answers if "unknown_option" in answer.flags]
    if unknown or not answers:
        return ParsedValue(None, ("unknown_option",), unknown[0].note if unknown else "")
    ticked = dict.fromkeys(str(answer.value) for answer in answers)
    flags = tuple(sorted({flag for answer in answers for flag in answer.flags}))
    if RANK_SEPARATOR in bare:
        return ParsedValue(OPTION_SEPARATOR.join(ticked), flags)
    ordered = [option.code for option in question.options if option.code in ticked]
    return ParsedValue(OPTION_SEPARATOR.join(ordered), flags)


def split_options(answer: object) -> tuple[str, ...]:
    """Give the option codes of one answer to a question with several choices.

    Examples
    --------
    >>> split_options("first_aid|blood")
    ('first_aid', 'blood')
    """
    return tuple(answer.split(OPTION_SEPARATOR)) if isinstance(answer, str) and answer else ()


def answer_text(answer: object, question: Question, *, lang: Lang = "zh") -> str:
    """Write a typed answer as a person would fill it in; the reverse of `parse_answer`.

    Examples
    --------
    >>> from vitality.framework import read_framework
    >>> questions = read_framework("redcross").questions
    >>> answer_text(1.0, questions["t21"]), answer_text("blood|other", questions["m02"])
    ('是', '无偿献血宣传┋其他')
    """
    if answer is None or answer != answer:
        return ""
    if question.kind == "yesno":
        return yes_no(lang)[0 if answer else 1]
    if question.kind in ("choice", "multichoice"):
        labels = {option.code: option.label(lang) for option in question.options}
        return EXPORT_SEPARATOR.join(labels[code] for code in split_options(answer))
    if question.kind in NUMERIC_KINDS:
        return number_text(float(str(answer)))
    return str(answer)


def yes_no(lang: Lang) -> tuple[str, str]:
    """Words for yes and no on the forms."""
    return ("是", "否") if lang == "zh" else ("yes", "no")


def typed_columns(questions: Iterable[Question]) -> dict[str, str]:
    """Give the dtype of each question's column in the table of answers: float64 or object (text)."""
    numeric = (*NUMERIC_KINDS, "yesno")
    return {question.code: "float64" if question.kind in numeric else "object" for question in questions}
