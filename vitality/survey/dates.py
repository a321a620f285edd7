"""Dates as people write them, as precise as they are written: 2017, 2017-03 or 2017-03-01."""

from __future__ import annotations

import datetime
import re

from vitality.survey.numerals import read_number

_SEPARATED = re.compile(
    r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*(?:月份|[-./月]\s*(\d{1,2})?\s*[日号]?)?(?:[ T]\d{1,2}:\d{2}.*)?"
)
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})?")
_YEAR = re.compile(r"((?:19|20)\d{2})\s*年?(?:底|末|初)?")
_NUMERALS = re.compile(r"[零〇○一二三四五六七八九十]+(?=[年月日号])|^[零〇○一二三四五六七八九]{4}$")
#: Excel shows 2024.10, typed as a number, as 2024.1.
_LOST_ZERO = re.compile(r"\d{4}\.1")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
#: Excel days of 1954-10-03 and 2063-12-31: other five-digit numbers are no dates of a round.
_SERIALS = (20_000, 59_901)
_MISSING_PARTS = (datetime.datetime(2000, 1, 1), datetime.datetime(2004, 12, 28))


def read_date(text: str) -> tuple[str, tuple[str, ...]] | None:
    """Read one date, and say in which unusual way it was written; None when it is no date.

    Parameters
    ----------
    text : str
        Folded to half width. Day and month are never taken in the other order: 03/04/2017 is None.

    Returns
    -------
    (date, flags) or None
        ISO text as precise as what was written. Flags: ``date_text``, ``numeral``, ``serial`` (an Excel day),
        ``lost_zero`` (2024.1 may have been 2024.10 before Excel took it for a number).

    Examples
    --------
    >>> read_date("2017.3"), read_date("二〇一七年三月")
    (('2017-03', ('date_text',)), ('2017-03', ('date_text', 'numeral')))
    >>> read_date("42795"), read_date("2017-03-01"), read_date("2017-02-30")
    (('2017-03-01', ('serial',)), ('2017-03-01', ()), None)
    """
    plain = _NUMERALS.sub(_digits, text.strip())
    flags = ("numeral",) if plain != text.strip() else ("lost_zero",) if _LOST_ZERO.fullmatch(plain) else ()
    for pattern in (_SEPARATED, _COMPACT, _YEAR):
        match = pattern.fullmatch(plain)
        if match:
            date = _valid(*match.groups())
            return None if date is None else (date, () if date == text.strip() else ("date_text", *flags))
    if _SERIAL.fullmatch(plain) and _SERIALS[0] <= float(plain) <= _SERIALS[1]:
        from openpyxl.utils.datetime import from_excel

        moment = from_excel(float(plain))
        return (moment.date() if isinstance(moment, datetime.datetime) else moment).isoformat()[:10], ("serial",)
    return _in_words(plain) if re.search("[a-z]{3}", plain, re.IGNORECASE) else None


def _digits(match: re.Match[str]) -> str:
    read = read_number(match[0])
    return match[0] if read is None or "range" in read[1] else f"{read[0]:.0f}"


def _valid(year: str, month: str | None = None, day: str | None = None) -> str | None:
    """Join the parts that are there, if they are a date."""
    try:
        datetime.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return "-".join([year, *(f"{int(part):02d}" for part in (month, day) if part)])


def _in_words(text: str) -> tuple[str, tuple[str, ...]] | None:
    """March 2017, 1 Mar 2017: by dateutil, twice, so that what it would fill in by itself is seen."""
    from dateutil import parser

    try:
        first, second = (parser.parse(text, default=default) for default in _MISSING_PARTS)
    except (ValueError, OverflowError):
        return None
    if first.year != second.year or first.month != second.month:
        return None
    return first.strftime("%Y-%m-%d" if first.day == second.day else "%Y-%m"), ("date_text",)
