"""The parts that a framework is made of: measures, questions, instruments, indicators, resources.

Every part is a frozen pydantic model. A part names what it needs (a kind and question codes); no
expression is ever evaluated from a data file.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

Lang = Literal["zh", "en"]
Direction = Literal["benefit", "cost", "interval"]
Respondent = Literal["unit", "organisation", "staff", "resident", "beneficiary", "expert"]
Layout = Literal["form", "list", "export", "table", "judgements"]
QuestionKind = Literal["count", "number", "money", "percent", "yesno", "choice", "multichoice", "likert", "text"]
Limits = tuple[float | None, float | None]


class Part(BaseModel):
    """A frozen piece of a framework; an unknown key is an error, with the near miss offered."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Named(Part):
    """A part with a code and a name in Chinese and in English."""

    code: str = Field(min_length=1)
    name_zh: str = ""
    name_en: str = ""

    def label(self, lang: Lang = "zh") -> str:
        """Name in the language asked for; the other language, then the code, when it is not given."""
        first, second = (self.name_zh, self.name_en) if lang == "zh" else (self.name_en, self.name_zh)
        return first or second or self.code


class Condition(Part):
    """What an answer has to be for a respondent to count; exactly one of the four tests."""

    question: str | None = None
    questions: tuple[str, ...] = ()
    is_: tuple[str, ...] | None = Field(default=None, alias="is")
    any_except: tuple[str, ...] | None = None
    at_least: float | None = None
    yes_at_least: int | None = None

    @model_validator(mode="after")
    def _one_test(self) -> Condition:
        tests = [name for name in ("is_", "any_except", "at_least", "yes_at_least") if getattr(self, name) is not None]
        if len(tests) != 1:
            raise ValueError(
                f"a condition has exactly one of 'is', 'any_except', 'at_least', 'yes_at_least'; found {len(tests)}"
            )
        if (tests == ["yes_at_least"]) != bool(self.questions) or bool(self.questions) == bool(self.question):
            raise ValueError("a condition names one 'question', or with 'yes_at_least' a list of 'questions'")
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
    times: float = 1.0
    where: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    @property
    def asked(self) -> tuple[str, ...]:
        """Codes of the questions that the measure uses."""
        return (*self.numerator, *self.denominator, *self.where)


class Mean(Part):
    """Mean over respondents of the mean of their answers, optionally put from a scale on 0 to 100."""

    kind: Literal["mean"]
    questions: tuple[str, ...] = Field(min_length=1)
    rescale: tuple[float, float] | None = None
    where: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    minimum: int = Field(default=1, ge=1)

    @property
    def asked(self) -> tuple[str, ...]:
        """Codes of the questions that the measure uses."""
        return (*self.questions, *self.where)


class Share(Part):
    """Share of respondents who meet every condition, or their number over an answer of the unit."""

    kind: Literal["share"]
    condition: tuple[Condition, ...] = Field(min_length=1)
    times: float = 100.0
    where: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    minimum: int = Field(default=1, ge=1)
    of: str | None = None

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
    years: float = Field(gt=0)

    @property
    def asked(self) -> tuple[str, ...]:
        """Codes of the questions that the measure uses."""
        return (self.now, self.before)


Measure = Annotated[Value | Ratio | Mean | Share | Checklist | Growth, Field(discriminator="kind")]


class Option(Part):
    """One answer that a choice offers."""

    code: str
    zh: str = ""
    en: str = ""
    score: float | None = None

    def label(self, lang: Lang = "zh") -> str:
        """Text of the option in the language asked for."""
        return (self.zh or self.en or self.code) if lang == "zh" else (self.en or self.zh or self.code)


class Question(Part):
    """One question of an instrument: its text, the kind of answer and the checks that go with it."""

    code: str = Field(min_length=1)
    kind: QuestionKind
    text_zh: str = ""
    text_en: str = ""
    section_zh: str = ""
    section_en: str = ""
    note_zh: str = ""
    note_en: str = ""
    unit_zh: str = ""
    unit_en: str = ""
    required: bool = True
    minimum: float | None = None
    maximum: float | None = None
    usual: tuple[float, float] | None = None
    part_of: str | None = None
    only_if: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    options: tuple[Option, ...] = ()

    @model_validator(mode="after")
    def _options_where_needed(self) -> Question:
        needs = self.kind in ("choice", "multichoice")
        if needs and len(self.options) < 2:
            raise ValueError(f"question {self.code!r} is a {self.kind} and needs at least two 'options'")
        if self.options and not needs:
            raise ValueError(f"question {self.code!r} is a {self.kind} and cannot have 'options'")
        return self

    def label(self, lang: Lang = "zh") -> str:
        """Text of the question in the language asked for."""
        first, second = (self.text_zh, self.text_en) if lang == "zh" else (self.text_en, self.text_zh)
        return first or second or self.code

    def section(self, lang: Lang = "zh") -> str:
        """Heading under which the question stands on the form."""
        return (self.section_zh or self.section_en) if lang == "zh" else (self.section_en or self.section_zh)

    def unit(self, lang: Lang = "zh") -> str:
        """Unit of the answer in the language asked for."""
        return (self.unit_zh or self.unit_en) if lang == "zh" else (self.unit_en or self.unit_zh)

    def note(self, lang: Lang = "zh") -> str:
        """Definition and counting rule in the language asked for."""
        return (self.note_zh or self.note_en) if lang == "zh" else (self.note_en or self.note_zh)


class Instrument(Named):
    """One questionnaire: who answers it, how its file is laid out, and its questions in order."""

    respondent: Respondent
    layout: Layout
    expected_zh: str = ""
    expected_en: str = ""
    unit_column: str | None = None
    name_column: str | None = None
    group_column: str | None = None
    respondent_column: str | None = None
    questions: tuple[Question, ...] = ()

    @property
    def question_codes(self) -> tuple[str, ...]:
        """Codes of the questions in the order of the form."""
        return tuple(question.code for question in self.questions)


class Indicator(Named):
    """A leaf of the tree: what is measured, in which unit, which way is better, and between which goalposts.

    For ``direction: interval`` `worst` and `best` are the lower and the upper end at which the score
    reaches 0, and `interval` is the range in which it is 100.
    """

    definition_zh: str = ""
    definition_en: str = ""
    unit_zh: str = ""
    unit_en: str = ""
    direction: Direction = "benefit"
    worst: float | None = None
    best: float | None = None
    interval: tuple[float, float] | None = None
    limits: Limits = (None, None)
    denominator: str | None = None
    natures: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()
    anchor: str = ""
    weight: float = Field(default=1.0, gt=0, allow_inf_nan=False)
    measure: Measure | None = None

    @model_validator(mode="after")
    def _goalposts(self) -> Indicator:
        if (self.direction == "interval") != (self.interval is not None):
            raise ValueError(f"{self.code}: 'interval' goes with direction 'interval', and only with it")
        if (self.worst is None) != (self.best is None):
            raise ValueError(f"{self.code}: give both goalposts, 'worst' and 'best', or neither")
        if self.worst is None or self.best is None:
            return self
        if self.worst == self.best:
            raise ValueError(f"{self.code}: 'worst' and 'best' are both {self.best:g}; expected two points")
        if self.direction != "cost" and self.worst > self.best:
            raise ValueError(
                f"{self.code}: direction {self.direction!r} needs worst < best, "
                f"found worst {self.worst:g} and best {self.best:g}"
            )
        if self.direction == "cost" and self.worst < self.best:
            raise ValueError(
                f"{self.code}: direction 'cost' needs worst > best (less is better), "
                f"found worst {self.worst:g} and best {self.best:g}"
            )
        if self.interval and not self.worst < self.interval[0] <= self.interval[1] < self.best:
            raise ValueError(
                f"{self.code}: expected worst < interval < best, found worst {self.worst:g}, "
                f"interval {list(self.interval)}, best {self.best:g}"
            )
        return self

    def unit(self, lang: Lang = "zh") -> str:
        """Unit of the indicator in the language asked for."""
        return (self.unit_zh or self.unit_en) if lang == "zh" else (self.unit_en or self.unit_zh)

    def definition(self, lang: Lang = "zh") -> str:
        """Definition in the language asked for."""
        return (
            (self.definition_zh or self.definition_en) if lang == "zh" else (self.definition_en or self.definition_zh)
        )


class Lack(Part):
    """When a resource counts as lacking: at or below `at_most`, or below `below`, in the resource's unit."""

    name_zh: str = ""
    name_en: str = ""
    at_most: float | None = None
    below: float | None = None

    @model_validator(mode="after")
    def _one_line(self) -> Lack:
        if (self.at_most is None) == (self.below is None):
            raise ValueError("a lack has exactly one of 'at_most' and 'below'")
        return self


class Resource(Indicator):
    """An explanatory variable. It has the shape of an indicator and never stands in the core index."""

    block: str = Field(min_length=1)
    lack: Lack | None = None

    def as_indicator(self) -> Indicator:
        """Give the same variable as a leaf of a tree (for an index that contains safeguards)."""
        return Indicator(**{name: getattr(self, name) for name in Indicator.model_fields})


class Control(Named):
    """A background variable: population, share of migrants, district, type."""

    unit_zh: str = ""
    unit_en: str = ""
    measure: Measure

    def unit(self, lang: Lang = "zh") -> str:
        """Unit in the language asked for."""
        return (self.unit_zh or self.unit_en) if lang == "zh" else (self.unit_en or self.unit_zh)


def _kind_of_node(node: object) -> str:
    """Tell a group from an indicator, so that errors speak of the one that was meant."""
    is_group = isinstance(node, Group) or (isinstance(node, dict) and "children" in node)
    return "group" if is_group else "indicator"


class Group(Named):
    """An inner node of the tree."""

    scope_zh: str = ""
    scope_en: str = ""
    passages: tuple[str, ...] = ()
    weight: float = Field(default=1.0, gt=0, allow_inf_nan=False)
    children: tuple[
        Annotated[
            Annotated[Group, Tag("group")] | Annotated[Indicator, Tag("indicator")],
            Discriminator(_kind_of_node),
        ],
        ...,
    ]


class CoupledPair(Part):
    """A resource and an indicator that share a component other than a common denominator."""

    resource: str
    indicator: str
    component: str


class Grade(Part):
    """A grade and the lowest score that earns it."""

    name_zh: str = ""
    name_en: str = ""
    minimum: float

    def label(self, lang: Lang = "zh") -> str:
        """Name of the grade in the language asked for."""
        return (self.name_zh or self.name_en) if lang == "zh" else (self.name_en or self.name_zh)


class Passage(Part):
    """A passage of the seed article by its id, paraphrased in our own words."""

    zh: str
    en: str


class Recommendation(Part):
    """What the seed article advises where a group or a resource block is short."""

    target: str
    text_zh: str
    text_en: str = ""
    passages: tuple[str, ...] = ()

    def text(self, lang: Lang = "zh") -> str:
        """Advice in the language asked for."""
        return (self.text_zh or self.text_en) if lang == "zh" else (self.text_en or self.text_zh)
