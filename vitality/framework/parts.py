"""The parts that a framework is made of: questions, instruments, indicators, resources, groups.

Every part is a frozen pydantic model. A part names what it needs (a kind and question codes); no
expression is ever evaluated from a data file.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from vitality.framework.base import Code, Flag, FrozenDict, Lang, Limits, Named, Number, Part, Wanted, in_language
from vitality.framework.measures import Measure
from vitality.framework.problems import Bilingual, PartError, rising

Direction = Literal["benefit", "cost", "interval"]
Respondent = Literal["unit", "organisation", "staff", "resident", "beneficiary", "expert"]
Layout = Literal["form", "list", "export", "table", "judgements"]
QuestionKind = Literal[
    "count", "number", "money", "percent", "yesno", "choice", "multichoice", "likert", "date", "text"
]  # fmt: skip


class Option(Part):
    """One answer that a choice offers."""

    code: Code
    zh: str = ""
    en: str = ""
    score: Number | None = None

    def label(self, lang: Lang = "zh") -> str:
        """Text of the option in the language asked for."""
        return in_language(lang, self.zh, self.en) or self.code


class Question(Part):
    """One question of an instrument: its text, the kind of answer and the checks that go with it."""

    code: Code
    kind: QuestionKind
    text_zh: str = ""
    text_en: str = ""
    section_zh: str = ""
    section_en: str = ""
    note_zh: str = ""
    note_en: str = ""
    unit_zh: str = ""
    unit_en: str = ""
    required: Flag = True
    minimum: Number | None = None
    maximum: Number | None = None
    usual: tuple[Number, Number] | None = None
    part_of: Code | None = None
    only_if: Wanted = FrozenDict()
    total_of: Code | None = None
    private: Literal["drop", "hash"] | None = None
    options: tuple[Option, ...] = ()

    @model_validator(mode="after")
    def _options_where_needed(self) -> Question:
        needs = self.kind in ("choice", "multichoice")
        if needs and len(self.options) < 2:
            raise PartError(
                Bilingual(
                    f"question {self.code!r} is a {self.kind} and needs at least two 'options'",
                    f"问题 {self.code!r} 的类型为 {self.kind}，'options' 至少要有两项",
                )
            )
        if self.options and not needs:
            raise PartError(
                Bilingual(
                    f"question {self.code!r} is a {self.kind} and cannot have 'options'",
                    f"问题 {self.code!r} 的类型为 {self.kind}，不能有 'options'",
                )
            )
        if self.minimum is not None and self.maximum is not None:
            rising(f"question {self.code!r}, 'minimum' and 'maximum'", self.minimum, self.maximum)
        if self.usual:
            rising(f"question {self.code!r}, 'usual'", *self.usual)
        return self

    def label(self, lang: Lang = "zh") -> str:
        """Text of the question in the language asked for."""
        return in_language(lang, self.text_zh, self.text_en) or self.code

    def section(self, lang: Lang = "zh") -> str:
        """Heading under which the question stands on the form."""
        return in_language(lang, self.section_zh, self.section_en)

    def unit(self, lang: Lang = "zh") -> str:
        """Unit of the answer in the language asked for."""
        return in_language(lang, self.unit_zh, self.unit_en)

    def note(self, lang: Lang = "zh") -> str:
        """Definition and counting rule in the language asked for."""
        return in_language(lang, self.note_zh, self.note_en)


class Instrument(Named):
    """One questionnaire: who answers it, how its file is laid out, and its questions in order."""

    respondent: Respondent
    layout: Layout
    expected_zh: str = ""
    expected_en: str = ""
    unit_column: Code | None = None
    name_column: Code | None = None
    group_column: Code | None = None
    respondent_column: Code | None = None
    questions: tuple[Question, ...] = ()

    @property
    def question_codes(self) -> tuple[str, ...]:
        """Codes of the questions in the order of the form."""
        return tuple(question.code for question in self.questions)


class Indicator(Named):
    """A leaf of the tree: what is measured, in which unit, which way is better, and between which goalposts.

    For ``direction: interval`` `worst` and `best` are the lower and the upper end at which the score
    reaches 0, and `interval` is the range in which it is 100. `target` is the value to be reached; only
    ``normalisation="distance_to_target"`` uses it.
    """

    definition_zh: str = ""
    definition_en: str = ""
    unit_zh: str = ""
    unit_en: str = ""
    direction: Direction = "benefit"
    worst: Number | None = None
    best: Number | None = None
    interval: tuple[Number, Number] | None = None
    limits: Limits = (None, None)
    target: Number | None = None
    denominator: Code | None = None
    natures: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()
    anchor: str = ""
    weight: Number = Field(default=1.0, ge=0)
    measure: Measure | None = None

    @model_validator(mode="after")
    def _goalposts(self) -> Indicator:
        if (self.direction == "interval") != (self.interval is not None):
            raise PartError(
                Bilingual(
                    f"{self.code}: 'interval' goes with direction 'interval', and only with it "
                    "(in a table: columns interval_low and interval_high)",
                    f"{self.code}：'interval' 与方向 'interval'须同时给出"
                    "（在表格中为 interval_low 和 interval_high 两列）",
                )
            )
        if (self.worst is None) != (self.best is None):
            raise PartError(
                Bilingual(
                    f"{self.code}: give both goalposts, 'worst' and 'best', or neither",
                    f"{self.code}：'worst' 和 'best' 须同时给出，或都不给",
                )
            )
        if self.worst is not None and self.best is not None:
            self._check_posts(self.worst, self.best)
        if self.interval:
            rising(f"{self.code}, 'interval'", *self.interval)
        low, high = self.limits
        if low is not None and high is not None:
            rising(f"{self.code}, 'limits'", low, high)
        return self

    def _check_posts(self, worst: float, best: float) -> None:
        found, found_zh = f"found worst {worst:g} and best {best:g}", f"现为 worst {worst:g}、best {best:g}"
        if worst == best:
            problem = Bilingual(
                f"{self.code}: 'worst' and 'best' are both {best:g}; expected two points",
                f"{self.code}：'worst' 和 'best' 都是 {best:g}，须为两个不同的值",
            )
        elif self.direction != "cost" and worst > best:
            problem = Bilingual(
                f"{self.code}: direction {self.direction!r} needs worst < best, {found}",
                f"{self.code}：方向 {self.direction!r} 要求 worst < best，{found_zh}",
            )
        elif self.direction == "cost" and worst < best:
            problem = Bilingual(
                f"{self.code}: direction 'cost' needs worst > best (less is better), {found}",
                f"{self.code}：方向 'cost'（越少越好）要求 worst > best，{found_zh}",
            )
        elif self.interval and not worst < self.interval[0] <= self.interval[1] < best:
            between = list(self.interval)
            problem = Bilingual(
                f"{self.code}: expected worst < interval < best, {found}, interval {between}",
                f"{self.code}：要求 worst < interval < best，{found_zh}、interval {between}",
            )
        else:
            return
        raise PartError(problem)

    def unit(self, lang: Lang = "zh") -> str:
        """Unit of the indicator in the language asked for."""
        return in_language(lang, self.unit_zh, self.unit_en)

    def definition(self, lang: Lang = "zh") -> str:
        """Definition in the language asked for."""
        return in_language(lang, self.definition_zh, self.definition_en)


class Lack(Part):
    """When a resource counts as lacking: at or below `at_most`, or below `below`, in the resource's unit."""

    name_zh: str = ""
    name_en: str = ""
    at_most: Number | None = None
    below: Number | None = None

    @model_validator(mode="after")
    def _one_line(self) -> Lack:
        if (self.at_most is None) == (self.below is None):
            raise PartError(
                Bilingual(
                    "a lack has exactly one of 'at_most' and 'below'",
                    "'lack' 须在 'at_most' 和 'below' 中恰好给出一个",
                )
            )
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
        return in_language(lang, self.unit_zh, self.unit_en)


def _kind_of_node(node: object) -> str:
    """Tell a group from an indicator, so that errors speak of the one that was meant."""
    is_group = isinstance(node, Group) or (isinstance(node, dict) and "children" in node)
    return "group" if is_group else "indicator"


class Group(Named):
    """An inner node of the tree."""

    scope_zh: str = ""
    scope_en: str = ""
    passages: tuple[str, ...] = ()
    weight: Number = Field(default=1.0, ge=0)
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
    minimum: Number

    def label(self, lang: Lang = "zh") -> str:
        """Name of the grade in the language asked for."""
        return in_language(lang, self.name_zh, self.name_en)


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
        return in_language(lang, self.text_zh, self.text_en)
