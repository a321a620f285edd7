"""Labels of an SPSS file and the values behind them: questions that take numbers take the values."""

from __future__ import annotations

from collections.abc import Sequence

from vitality.framework import Question
from vitality.survey.blocks import Collected
from vitality.survey.findings import Finding
from vitality.survey.grids import Grid
from vitality.survey.numerals import number_text
from vitality.survey.values import parse_value


def numbers_behind(
    grid: Grid, column: int, numbers: Sequence[int], question: Question, instrument: str, found: Collected
) -> list[str]:
    """Texts of a column of labels as the values behind them, because often only the ends of a scale have labels.

    A label that says that there is no answer, such as 不详, stays. One that is another number than its value, such
    as "5 分" for 1, is told of: the scale may be turned round.
    """
    labels = [grid.texts[number][column] for number in numbers]
    codes = [grid.codes[column][number] for number in numbers]
    taken = {}
    for label, code in dict.fromkeys(zip(labels, codes)):
        read = parse_value(label, question.kind, unit=question.unit_zh or None)
        taken[label, code] = label if "missing" in read.flags else code
        if isinstance(read.value, float) and taken[label, code] != number_text(read.value):
            same = [number for number, pair in zip(numbers, zip(labels, codes)) if pair == (label, code)]
            details: dict[str, object] = {"number": code, "n": len(same)}
            place = grid.source(same[0], column)
            found.findings.append(Finding("label_differs", instrument, place, "", question.code, label, details))
    return [taken[pair] for pair in zip(labels, codes)]
