"""What is measured: the framework of indicators, resources and questions, as data."""

from vitality.framework.base import Lang
from vitality.framework.flat import framework_from_table
from vitality.framework.measures import Condition, Measure
from vitality.framework.model import Framework
from vitality.framework.parts import (
    Control,
    CoupledPair,
    Grade,
    Group,
    Indicator,
    Instrument,
    Lack,
    Option,
    Passage,
    Question,
    Recommendation,
    Resource,
)
from vitality.framework.reading import bundled_frameworks, read_framework

__all__ = [
    "Condition",
    "Control",
    "CoupledPair",
    "Framework",
    "Grade",
    "Group",
    "Indicator",
    "Instrument",
    "Lack",
    "Lang",
    "Measure",
    "Option",
    "Passage",
    "Question",
    "Recommendation",
    "Resource",
    "bundled_frameworks",
    "framework_from_table",
    "read_framework",
]
