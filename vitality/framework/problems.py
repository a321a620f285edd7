"""A problem of a framework in two languages, and the error by which a part reports it."""

from __future__ import annotations

from typing import NamedTuple


class Bilingual(NamedTuple):
    """A sentence or a place in English and in Chinese."""

    en: str
    zh: str


class PartError(ValueError):
    """What a part of a framework raises while it is checked; `read_framework` collects them.

    Examples
    --------
    >>> error = PartError(Bilingual("no children", "没有下级"))
    >>> str(error), error.problems[0].zh
    ('no children', '没有下级')
    """

    def __init__(self, *problems: Bilingual) -> None:
        super().__init__("\n".join(problem.en for problem in problems))
        self.problems = problems


def rising(what: str, low: float, high: float) -> None:
    """Refuse two ends of which the first is above the second.

    Examples
    --------
    >>> rising("'limits'", 100, 0)
    Traceback (most recent call last):
    ...
    vitality.framework.problems.PartError: 'limits': expected the lower end first, found 100 and 0
    """
    if low > high:
        raise PartError(
            Bilingual(
                f"{what}: expected the lower end first, found {low:g} and {high:g}",
                f"{what}：须下限在前，现为 {low:g} 和 {high:g}",
            )
        )
