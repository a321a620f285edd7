"""Exports of survey platforms, by text or by code, and tables of units: one respondent a row below one head."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from vitality.framework import Instrument, Question
from vitality.survey.answers import EXPORT_SEPARATOR, RANK_SEPARATOR
from vitality.survey.blocks import Collected, rectangle
from vitality.survey.columns import MatchedColumns, match_columns
from vitality.survey.findings import Finding
from vitality.survey.grids import Grid
from vitality.survey.naming import question_key, tidy
from vitality.survey.privacy import mask_personal
from vitality.survey.raw import column_letters
from vitality.survey.spss import SKIPPED

_NOT_TICKED = ("", "-2", "-3", SKIPPED)
_MISSING = frozenset((*_NOT_TICKED, "(空)", "-2.0", "-3.0"))
_DURATION = re.compile(r"(?:(\d+)\s*(?:小时|时|h))?\s*(?:(\d+)\s*(?:分钟|分|min))?\s*(?:(\d+(?:\.\d+)?)\s*(?:秒|s)?)?")


def read_export(grid: Grid, instrument: Instrument, found: Collected, *, own: bool = False) -> bool:
    """One respondent a row, columns by the text or the code of the question, or one column an option.

    An `own` entry sheet holds answers as people write them; only a platform gives numbers of options.
    """
    if not grid.texts:
        return False
    matched = match_columns(grid.texts[0], instrument, source=grid.file)
    if not matched.questions and not matched.ticks:
        return False
    found.findings += matched.findings
    _read_records(grid, instrument, found, matched, prefix=respondent_prefix(instrument, found), decoded=not own)
    return True


def respondent_prefix(instrument: Instrument, found: Collected) -> str:
    """What stands before the number of a respondent, so that files do not share their numbers."""
    files = {block.grid.file for block in found.blocks}
    return f"{instrument.code}{f'{len(files) + 1}-' if files else ''}"


def read_table(grid: Grid, instrument: Instrument, found: Collected) -> bool:
    """One unit a row, columns by the codes of the questions."""
    head = [text.strip() for text in grid.texts[0]] if grid.texts else []
    wanted = {
        "unit": instrument.unit_column,
        "name": instrument.name_column,
        "group": instrument.group_column,
        "serial": instrument.respondent_column,
    }
    places = {name: head.index(column) for name, column in wanted.items() if column in head}
    questions = {code: head.index(code) for code in instrument.question_codes if code in head}
    if "unit" not in places or not questions:
        return False
    for code in instrument.question_codes:
        if code not in questions:
            found.findings.append(Finding("missing_column", instrument.code, grid.file, question=code))
    prefix = None if instrument.respondent == "unit" else instrument.code
    _read_records(grid, instrument, found, MatchedColumns(questions, places=places), prefix=prefix, decoded=False)
    return True


def _read_records(
    grid: Grid,
    instrument: Instrument,
    found: Collected,
    matched: MatchedColumns,
    *,
    prefix: str | None,
    decoded: bool,
) -> None:
    """Take the rows below the head."""
    width = len(grid.texts[0])
    numbers = [number for number, row in enumerate(grid.texts) if number and any(map(str.strip, row))]
    numbers = [number for number in numbers if not _shifted(grid, number, width, instrument, found)]
    body = rectangle([grid.texts[number] for number in numbers], width)
    about = {name: [str(text).strip() for text in body[:, place]] for name, place in matched.places.items()}
    serials = about.pop("serial", [""] * len(body))
    serials = [serial or str(number) for serial, number in zip(serials, numbers)]
    if "seconds" in about:
        about["seconds"] = [seconds_of(text) for text in about["seconds"]]
    if _is_twin(serials, about.get("submitted", []), found):
        found.findings.append(Finding("twin_export", instrument.code, grid.file, value=grid.file))
        return
    respondents = (
        [tidy(unit) for unit in about["unit"]] if prefix is None else [f"{prefix}{serial}" for serial in serials]
    )
    texts = np.full((len(body), len(instrument.questions)), "", dtype=object, order="F")
    columns = np.full(len(instrument.questions), -1, dtype=np.int32)
    for position, question in enumerate(instrument.questions):
        if question.code in matched.questions:
            columns[position] = matched.questions[question.code]
            texts[:, position] = body[:, columns[position]]
        elif question.code in matched.ticks:
            ticks = matched.ticks[question.code]
            columns[position] = min(ticks.values())
            texts[:, position] = _ticked(body, ticks, question)
    if decoded:
        _decode(texts, instrument, bool(matched.ticks), grid, found)
    found.add(
        grid, texts, np.array(numbers, dtype=np.int32)[:, None], columns[None, :], respondent=respondents, **about
    )


def _shifted(grid: Grid, number: int, width: int, instrument: Instrument, found: Collected) -> bool:
    """Whether a row has more filled cells than the head: its answers may stand in wrong columns."""
    row = grid.texts[number]
    beyond = [text for text in row[width:] if text.strip()]
    if beyond:
        cell = f"{column_letters(width + grid.first_column)}{number + grid.first_row + 1}"
        source = " / ".join(part for part in (grid.file, grid.sheet, cell) if part)
        found.findings.append(Finding("shifted_row", instrument.code, source, value=mask_personal(beyond[0])))
    return bool(beyond)


def _is_twin(serials: Sequence[str], submitted: Sequence[str], found: Collected) -> bool:
    """Whether the same answers came in before, as the other form of the same export."""
    own = {(serial, moment) for serial, moment in zip(serials, submitted) if moment}
    if not own:
        return False
    before = {
        (re.sub(r"^\D*(?:\d+-)?", "", name), moment)
        for block in found.blocks
        for name, moment in zip(block.about.get("respondent", ()), block.about.get("submitted", ()))
    }
    return own <= before


def _ticked(body: npt.NDArray[np.object_], ticks: dict[str, int], question: Question) -> npt.NDArray[np.object_]:
    """One text a respondent from one column an option: 1 and 0, or the rank of each option."""
    labels = {option.code: option.label() for option in question.options}
    texts = np.empty(len(body), dtype=object)
    for row, cells in enumerate(body[:, list(ticks.values())]):
        values = [str(cell).strip().removesuffix(".0") for cell in cells]
        chosen = [(value, labels[code]) for value, code in zip(values, ticks) if value not in (*_NOT_TICKED, "0", "否")]
        if not chosen:
            texts[row] = "(空)" if "0" in values else next((value for value in values if value), "")
        elif all(value.isdigit() for value, _ in chosen) and len({value for value, _ in chosen}) == len(chosen) > 1:
            texts[row] = RANK_SEPARATOR.join(label for _, label in sorted(chosen, key=lambda item: int(item[0])))
        else:
            texts[row] = EXPORT_SEPARATOR.join(label for _, label in chosen)
    return texts


def _decode(
    texts: npt.NDArray[np.object_], instrument: Instrument, by_code: bool, grid: Grid, found: Collected
) -> None:
    """Turn the numbers of options into their texts, where a whole column holds such numbers."""
    decoded = []
    for position, question in enumerate(instrument.questions):
        labels = ["是", "否"] if question.kind == "yesno" else [option.label() for option in question.options]
        if question.kind not in ("choice", "multichoice", "yesno"):
            continue
        answers = set(texts[:, position]) - _MISSING
        numbers = {number for answer in answers for number in re.split("[|┋→]", str(answer))}
        allowed = {str(number) for number in range(1, len(labels) + 1)}
        known = {question_key(word) for option in question.options for word in (option.code, option.zh, option.en)}
        sure = by_code or question.kind != "yesno" or "2" in numbers
        if answers and numbers <= allowed and not numbers & known and sure:
            words = {number: labels[int(number) - 1] for number in allowed}
            written = {
                answer: EXPORT_SEPARATOR.join(words[number] for number in re.split("[|┋→]", str(answer)))
                for answer in answers
            }
            texts[:, position] = [written.get(text, text) for text in texts[:, position]]
            decoded.append(question.code)
    if decoded or by_code:
        details: dict[str, object] = {"codes": "、".join(decoded) or "-"}
        found.findings.append(Finding("code_export", instrument.code, grid.file, value=grid.file, details=details))


def seconds_of(text: str) -> str:
    """Give the time that an answer took in seconds, as text; nothing when it cannot be told.

    Examples
    --------
    >>> seconds_of("123秒"), seconds_of("2分3秒"), seconds_of("一会儿")
    ('123', '123', '')
    """
    match = _DURATION.fullmatch(text.strip())
    if not match or not any(match.groups()):
        return ""
    hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return f"{3600 * hours + 60 * minutes + seconds:.0f}"
