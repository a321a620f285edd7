"""How an indicator, a resource or a control is computed from answers: one kind of measure a class.

No expression is ever evaluated from a data file; a measure names question codes.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from vitality.framework.base import Code, Count, FrozenDict, Number, Part, Wanted
from vitality.framework.problems import Bilingual, PartError


class Condition(Part):
    """What an answer has to be for a respondent to count; exactly one of the four tests."""

    question: Code | None = None
    questions: tuple[str, ...] = ()
    is_: tuple[str, ...] | None = Field(default=None, alias="is")
    any_except: tuple[str, ...] | None = None
    at_least: Number | None = None
    yes_at_least: Count | None = None

    @model_validator(mode="after")
    def _one_test(self) -> Condition:
        tests = [name for name in ("is_", "any_except", "at_least", "yes_at_least") if getattr(self, name) is not None]
        if len(tests) != 1:
            raise PartError(
                Bilingual(
                    "a condition has exactly one of 'is', 'any_except', 'at_least', 'yes_at_least'; "
                    f"found {len(tests)}",
                    f"条件须在 'is'、'any_except'、'at_least'、'yes_at_least' 中恰好给出一个，现有 {len(tests)} 个",
                )
            )
        if (tests == ["yes_at_least"]) != bool(self.questions) or bool(self.questions) == bool(self.question):
            raise PartError(
                Bilingual(
                    "a condition names one 'question', or with 'yes_at_least' a list of 'questions'",
                    "条件须写明一个 'question'；用 'yes_at_least' 时须写明一组 'questions'",
                )
            )
        return self

    @property
    def asked(self) -> tuple[str, ...]:
        """Codes of the questions that the condition looks at."""
        return self.questions or ((self.question,) if self.question else ())


class Value(Part):
    """One answer of the unit's own form; an option of a choice gives its score."""

    kind: Literal["value"]
    question: str

    @property
    def asked(self) -> tuple[str, ...]:
        """Codes of the questions that the measure uses."""
        return (self.question,)


class Ratio(Part):
    """Sum of answers over sum of answers, times a constant (a ratio of sums over respondents)."""

    kind: Literal["ratio"]
    numerator: tuple[str, ...] = Field(min_length=1)
    denominator: tuple[str, ...] = Field(min_length=1)
    times: Number = 1.0
    where: Wanted = FrozenDict()

    @property
    def asked(self) -> tuple[str, ...]:
        """Codes of the questions that the measure uses."""
        return (*self.numerator, *self.denominator, *self.where)


class Mean(Part):
    """Mean over respondents of the mean of their answers, optionally put from a scale on 0 to 100."""

    kind: Literal["mean"]
    questions: tuple[str, ...] = Field(min_length=1)
    rescale: tuple[Number, Number] | None = None
    where: Wanted = FrozenDict()
    minimum: Count = Field(default=1, ge=1)

    @model_validator(mode="after")
    def _scale(self) -> Mean:
        if self.rescale and self.rescale[0] == self.rescale[1]:
            low = self.rescale[0]
            raise PartError(
                Bilingual(
                    f"'rescale': expected two different ends of the scale, found {low:g} twice",
                    f"'rescale'：量表两端须不同，现均为 {low:g}",
                )
            )
        return self

    @property
    def asked(self) -> tuple[str, ...]:
        """Codes of the questions that the measure uses."""
        return (*self.questions, *self.where)


class Share(Part):
    """Share of respondents who meet every condition, or their number over an answer of the unit.

    Without `minimum`, a share of residents or of people served needs 30 answers, any other one.
    """

    kind: Literal["share"]
    condition: tuple[Condition, ...] = Field(min_length=1)
    times: Number = 100.0
    where: Wanted = FrozenDict()
    minimum: Count | None = Field(default=None, ge=1)
    of: Code | None = None

    @property
    def asked(self) -> tuple[str, ...]:
        """Codes of the questions that the measure uses, without `of`."""
        return (*(code for item in self.condition for code in item.asked), *self.where)


class Checklist(Part):
    """How many of the yes/no questions are answered yes."""

    kind: Literal["checklist"]
    questions: tuple[str, ...] = Field(min_length=1)

    @property
    def asked(self) -> tuple[str, ...]:
        """Codes of the questions that the measure uses."""
        return self.questions


class Growth(Part):
    """Average yearly growth between two answers, in per cent a year."""

    kind: Literal["growth"]
    now: str
    before: str
    years: Number = Field(gt=0)

    @property
    def asked(self) -> tuple[str, ...]:
        """Codes of the questions that the measure uses."""
        return (self.now, self.before)


Measure = Annotated[Value | Ratio | Mean | Share | Checklist | Growth, Field(discriminator="kind")]
