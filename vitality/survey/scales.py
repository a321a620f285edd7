"""Points of a scale in words: 非常满意 is 5 of five, where the words say which way the scale goes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from vitality.framework import Question
from vitality.survey.naming import simplified
from vitality.survey.values import ParsedValue

#: Words of degree by the point of five that they stand for. Each line is one way to name the points: a column with
#: 很满意 and 非常满意, or with 满意 and 比较满意, has another order than this and is asked about.
_DEGREES = (
    {5: "非常 十分 完全 极其", 4: "比较 较 较为", 2: "不太 不大 比较不 较不", 1: "非常不 十分不 完全不 极其不 极不"},
    {5: "很", 1: "很不"},
    {4: "", 2: "不"},
)  # fmt: skip
_OBJECTS = ("同意", "满意", "赞同", "认同", "赞成", "支持", "信任", "愿意")
_OTHER = {
    5: ("strongly agree", "completely agree", "very satisfied", "completely satisfied"),
    4: ("agree", "somewhat agree", "satisfied", "somewhat satisfied", "fairly satisfied"),
    3: ("一般", "中立", "neither", "neutral", "neither agree nor disagree", "neither satisfied nor dissatisfied"),
    2: ("disagree", "somewhat disagree", "dissatisfied", "somewhat dissatisfied", "fairly dissatisfied"),
    1: ("strongly disagree", "completely disagree", "very dissatisfied", "completely dissatisfied"),
}
#: 5、非常满意; 5(非常满意); 非常满意(5分); A.非常满意. A figure that says another point than the words is no answer.
_CELL = re.compile(r"(?:([1-5])分?[\s.、:,=-]*|[a-e][.、:]\s*)?\(?([^\d()]+?)\)?(?:\(?([1-5])分?\)?)?")


def _points() -> dict[str, tuple[float, int]]:
    """Point of each wording, and the way of naming that it belongs to (-1: any)."""
    found = {words: (float(point), -1) for point, texts in _OTHER.items() for words in texts}
    for way, points in enumerate(_DEGREES):
        for point, degrees in points.items():
            found |= {word + what: (float(point), way) for word in degrees.split(" ") for what in _OBJECTS}
    return found


_POINTS = _points()


def read_scale(texts: Iterable[str], parsed: Sequence[ParsedValue], question: Question) -> list[ParsedValue]:
    """Read the points of a five-point question that were exported in words.

    Parameters
    ----------
    texts : iterable of str
        Distinct texts of one column.
    parsed : sequence of ParsedValue
        What they mean as numbers.
    question : Question

    Returns
    -------
    list of ParsedValue
        With points from 1 (least) to 5 (most) and the flag ``scale_words`` for words. Words remain ``unreadable``
        where the question has not five points, where a figure beside them says another point, or where the column
        has two wordings for one point, such as 很满意 and 非常满意.

    Examples
    --------
    >>> question = Question(code="b01", kind="likert", minimum=1, maximum=5)
    >>> texts = ["非常满意", "2、不太满意", "1、非常满意"]
    >>> [item.value for item in read_scale(texts, [ParsedValue(None, ("unreadable",))] * 3, question)]
    [5.0, 2.0, None]
    """
    if (question.minimum, question.maximum) != (1, 5):
        return list(parsed)
    found = {place: _worded(text) for place, text in enumerate(texts) if parsed[place].flags}
    ways: dict[float, set[int]] = {}
    for point, way, _ in filter(None, found.values()):
        ways.setdefault(point, set()).add(way)
    read = list(parsed)
    for place, words in found.items():
        if words:
            point, _, figure = words
            sure = figure == point if figure else len(ways[point] - {-1}) < 2
            read[place] = ParsedValue(point, ("scale_words",)) if sure else ParsedValue(None, ("unreadable",))
    return read


def _worded(text: str) -> tuple[float, int, float | None] | None:
    """Point that the words of a cell stand for, the way they name it, and the figure beside them."""
    match = _CELL.fullmatch(simplified(unicodedata.normalize("NFKC", str(text)).strip().lower()))
    if not match or match[2].strip() not in _POINTS:
        return None
    figure = match[1] or match[3]
    return (*_POINTS[match[2].strip()], float(figure) if figure else None)
