"""Which column of an export is which question."""

import pytest

from tests.survey.rounds import small
from vitality.framework import Option
from vitality.survey.columns import match_columns


def two_multichoices(*, named=("急救", "献血", "说不出"), joined=("讲座", "献血", "捐款", "说不出")):
    """The small framework with a second question that shares two options with the first."""
    framework = small()
    m = framework.instrument("m")
    first = m.questions[1]
    options = [Option(code=f"j{number}", zh=text) for number, text in enumerate(joined)]
    second = first.model_copy(update={"code": "m4", "text_zh": "参加过哪些活动？", "options": tuple(options)})
    first = first.model_copy(update={"options": tuple(Option(code=f"n{n}", zh=text) for n, text in enumerate(named))})
    return m.model_copy(update={"questions": (m.questions[0], first, m.questions[2], second)})


HEADS = {  # what the platform exports -> columns of m2, columns of m4
    "only the second": (["第4题(讲座)", "第4题(献血)", "第4题(捐款)", "第4题(说不出)"], 0, 4),
    "only the first": (["第3题(急救)", "第3题(献血)", "第3题(说不出)"], 3, 0),
    "both": (["第3题(急救)", "第3题(献血)", "第3题(说不出)", "第4题(讲座)", "第4题(献血)", "第4题(捐款)",
             "第4题(说不出)"], 3, 4),
    "both, turned round": (["第1题(讲座)", "第1题(献血)", "第1题(捐款)", "第2题(献血)", "第2题(急救)"], 2, 3),
    "another one": (["第9题(医院)", "第9题(献血)", "第9题(学校)", "第9题(村居)"], 0, 0),
    "by name": (["m4_献血", "m2_急救"], 1, 1),
}  # fmt: skip


@pytest.mark.parametrize("case", HEADS)
def test_columns_of_options_go_to_the_question_that_they_fit(case):
    heads, first, second = HEADS[case]
    instrument = two_multichoices()
    matched = match_columns(["序号", "1、所在街镇", "m1", "m3", *heads], instrument, source="m.csv")
    assert {code: len(ticks) for code, ticks in matched.ticks.items()} == {
        code: n for code, n in (("m2", first), ("m4", second)) if n
    }
    missing = {finding.question for finding in matched.findings if finding.rule == "missing_column"}
    assert missing == {code for code, n in (("m2", first), ("m4", second)) if not n}


def test_columns_that_fit_two_questions_alike_go_to_neither():
    instrument = two_multichoices(named=("好", "坏"), joined=("好", "坏"))
    heads = ["序号", "m1", "m3", "第3题(好)", "第3题(坏)"]
    assert match_columns(heads, instrument, source="m.csv").ticks == {}
    both = match_columns([*heads, "第4题(好)", "第4题(坏)"], instrument, source="m.csv").ticks
    assert {code: min(ticks.values()) for code, ticks in both.items()} == {"m2": 3, "m4": 5}
