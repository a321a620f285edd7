"""How many persons answered: what is published points at nobody."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.survey.rounds import SMALL
from vitality.framework import read_framework
from vitality.report import tables, wording
from vitality.report.answered import few_answers
from vitality.report.display import table_html


def with_answers(found, **counts):
    """The same evaluation with so many rows a unit in some questionnaires."""
    answers = dict(found.survey.answers)
    for code, numbers in counts.items():
        units = np.repeat(found.survey.units.index[: len(numbers)], numbers)
        answers[code] = pd.DataFrame({"unit": units})
    return replace(found, survey=replace(found.survey, answers=answers))


def test_the_table_counts_the_answers_of_the_round(found):
    table = tables.answered_table(found)
    assert list(table.columns) == ["单位", "红十字工作人员问卷", "居民第三方问卷", "服务对象第三方问卷"] and len(
        table
    ) == len(found.survey.units)
    for code, column in (("m", "居民第三方问卷"), ("b", "服务对象第三方问卷")):
        counts = found.survey.answers[code]["unit"].value_counts()
        shown = table.set_index("单位")[column]
        assert {unit: str(counts.get(unit, 0)) for unit in shown.index} == dict(shown)


def test_small_counts_are_hidden_in_the_table_and_in_the_text(found):
    few = with_answers(found, w=[3, 8, 0], m=[30, 0, 50], b=[2, 0, 1])
    table = tables.answered_table(few, lang="en").iloc[:3]
    assert table.iloc[:, 1].tolist() == ["<5", "…", "0"]  # the total, 11, would tell the 3
    assert table.iloc[:, 2].tolist() == ["30", "0", "50"] and table.iloc[:, 3].tolist() == ["<5", "0", "<5"]
    assert "<5" in wording.data_text(few, "en") and "问卷<5份" in wording.data_text(few)


def test_groups_stand_for_many_units(found):
    table = tables.answered_table(found, most=10)
    groups = found.survey.units["group"]
    assert table["所属"].tolist() == list(groups.unique())
    whole = found.survey.answers["m"]["unit"].map(groups).value_counts()
    assert dict(zip(table["所属"], table["居民第三方问卷"])) == {name: str(count) for name, count in whole.items()}


def test_without_questionnaires_there_is_no_table(found):
    assert tables.answered_table(with_answers(found, w=[], m=[], b=[])).empty


@pytest.mark.parametrize(("texts", "align"), [(["<5", "…", "90"], "right"), (["<5", "甲镇"], "left"), ([], "left")])
def test_counts_of_which_some_are_hidden_are_aligned_as_numbers(texts, align):
    page = table_html(pd.DataFrame({"n": pd.Series(texts, dtype=object)}))
    assert f'<th style="text-align:{align}">n</th>' in page


def with_minimum(tmp_path, text):
    """The small framework with another minimum of its share of residents."""
    path = tmp_path / "framework.yaml"
    old = "{kind: share, minimum: 3,"
    path.write_text(SMALL.read_text(encoding="utf-8").replace(old, "{kind: share," + text), encoding="utf-8")
    return read_framework(path)


@pytest.mark.parametrize(("text", "told"), [("", False), (" minimum: 1,", True), (" minimum: 30,", False)])
def test_a_framework_that_is_content_with_few_answers_is_told_of(tmp_path, text, told):
    framework = with_minimum(tmp_path, text)
    zh, en = few_answers(framework), few_answers(framework, "en")
    assert bool(zh) == bool(en) == told
    assert not told or ("I3（1份）" in zh[0] and "I3 (1)" in en[0])


def test_the_bundled_frameworks_ask_for_enough():
    assert all(not few_answers(read_framework(name)) for name in ("redcross", "ifrc_fdrs"))
