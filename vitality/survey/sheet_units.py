"""In which units the numbers of a sheet are, by what its heads, its labels and its notes say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import median

import numpy as np
import numpy.typing as npt

from vitality.framework import Instrument, Question
from vitality.survey.answers import parse_answer
from vitality.survey.findings import Finding
from vitality.survey.stop_rows import stop_text
from vitality.survey.unit_notes import MEASURED, is_unit_note, noted_unit, unit_size

#: Largest amount that a question without a usual range is thought to have, in the unit asked for.
_LARGEST = 1e4


def units_of_columns(
    rows: Sequence[Sequence[str]], first: int, last: int, places: Mapping[str, int], instrument: Instrument
) -> dict[str, str]:
    """Unit that a sheet notes for each question with a column: in its own head, else around the table."""
    heads = rows[first : last + 1]
    around = _nearest(rows, first)
    around += [text for row in heads for text in row if is_unit_note(text)]
    around += [text for row in rows[last + 1 :] for text in row if "单位" in text and _is_note(text)]
    return {
        question.code: noted_unit((*(row[places[question.code]] for row in reversed(heads)), *around), question)
        for question in _measured(instrument, places)
    }


def units_of_rows(
    rows: Sequence[Sequence[str]], answer: int, places: Mapping[str, int], instrument: Instrument
) -> dict[str, str]:
    """Unit that a sheet notes for each question with a row: beside its answer, else above the first of them."""
    above = _nearest(rows, min(places.values()))
    return {
        question.code: noted_unit((*_beside(rows[places[question.code]], answer), *above), question)
        for question in _measured(instrument, places)
    }


def to_convert(units: Mapping[str, str], instrument: Instrument) -> dict[str, str]:
    """Units that are noted and are not those asked for."""
    asked = {question.code: question.unit_zh for question in instrument.questions}
    return {code: unit for code, unit in units.items() if unit not in ("", asked[code])}


def without_unit(
    texts: npt.NDArray[np.object_], units: Mapping[str, str], places: Mapping[str, str], instrument: Instrument
) -> Iterator[Finding]:
    """Amounts of money for which no unit is noted, and which would be unusual unless they are yuan.

    `places` are the cells of the heads or of the answers, for people.
    """
    for position, question in enumerate(instrument.questions):
        size, base = unit_size(question.unit_zh)
        if question.kind != "money" or base != "元" or size == 1 or units.get(question.code, "-"):
            continue
        answers = [(str(text).strip(), parse_answer(str(text), question)) for text in texts[:, position]]
        plain = [(item.value, text) for text, item in answers if "unit" not in item.flags]
        amounts = [(value, text) for value, text in plain if isinstance(value, float) and value]
        low, high = question.usual or (0.0, _LARGEST)
        if amounts and high < (middle := median(value for value, _ in amounts)) and low <= middle / size:
            value = max(amounts)[1]
            yield Finding("no_unit_note", instrument.code, places[question.code], question=question.code, value=value)


def _measured(instrument: Instrument, places: Mapping[str, int]) -> Iterator[Question]:
    return (question for question in instrument.questions if question.kind in MEASURED and question.code in places)


def _nearest(rows: Sequence[Sequence[str]], end: int) -> list[str]:
    """Texts above a row, the nearest first."""
    return [text for row in reversed(rows[:end]) for text in row]


def _beside(row: Sequence[str], answer: int) -> list[str]:
    """Texts of a row but its answer, those next to the answer first."""
    columns = sorted(range(len(row)), key=lambda column: abs(column - answer))
    return [row[column] for column in columns if column != answer]


def _is_note(text: str) -> bool:
    said = stop_text(text)
    return is_unit_note(text) or (said is not None and said.kind == "note")
