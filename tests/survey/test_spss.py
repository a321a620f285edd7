"""SPSS files: labels, the values behind them, user-missing values."""

import re

import pandas as pd
import pyreadstat
import pytest

from tests.survey.rounds import small, write_organisations, write_town
from tests.survey.test_exports import ANSWERS, typed
from vitality.errors import SurveyError
from vitality.survey import clean_round, read_round
from vitality.survey.spss import read_sav


@pytest.fixture
def folder(tmp_path):
    write_town(tmp_path)
    write_organisations(tmp_path)
    return tmp_path


def test_spss_labels_and_user_missing_values(folder):
    table = pd.DataFrame(
        {"town": ["甲镇"] * 3, "m01": [1.0, 2.0, 9.0], "m02_1": [1.0, 0.0, 0.0], "m02_2": [1.0, 0.0, 0.0],
         "m02_3": [0.0, 1.0, 9.0], "trust": [5.0, 3.0, 99.0]}
    )  # fmt: skip
    labels = [
        "所在街镇",
        "知道红十字会吗？",
        "能说出哪些服务？(急救)",
        "能说出哪些服务？(献血)",
        "能说出哪些服务？(说不出)",
        "信任程度",
    ]
    pyreadstat.write_sav(
        table,
        str(folder / "raw" / "m_1.sav"),
        column_labels=labels,
        variable_value_labels={
            "m01": {1.0: "是", 2.0: "否", 9.0: "不知道"},
            "trust": {5.0: "5", 3.0: "3", 99.0: "拒答"},
        },
        missing_ranges={"m01": [9.0], "m02_3": [9.0], "trust": [99.0]},
    )
    assert typed(folder)[:2] == ANSWERS[:2]
    assert typed(folder)[2][1] is None and typed(folder)[2][3] is None


def write_spss(folder, columns, labels, heads, **more):
    path = str(folder / "raw" / "m_1.sav")
    pyreadstat.write_sav(pd.DataFrame(columns), path, column_labels=heads, variable_value_labels=labels, **more)


def test_questions_that_take_numbers_take_the_value_behind_a_label(folder):
    """Only the ends of a scale have labels: the mean of 1, 2, 4, 5 is 3, and not 3 by chance of what is left."""
    write_spss(
        folder,
        {"town": [1.0] * 5, "trust": [1.0, 2.0, 5.0, 5.0, 99.0]},
        {"town": {1.0: "甲镇"}, "trust": {1.0: "很不信任", 5.0: "非常信任", 99.0: "不详"}},
        ["所在街镇", "信任程度"],
    )
    survey = clean_round(read_round(folder, small()), small())
    assert survey.answers["m"]["m3"].tolist()[:4] == [1, 2, 5, 5] and survey.answers["m"]["m3"].isna().tolist()[4]
    assert not {"unreadable", "hard_limit", "label_differs"} & set(survey.issues["rule"])
    assert survey.answers["m"]["unit"].tolist() == ["甲镇"] * 5


def test_a_label_that_is_another_number_than_its_value_is_asked_about(folder):
    write_spss(
        folder,
        {"town": ["甲镇"] * 3, "trust": [1.0, 1.0, 3.0]},
        {"trust": {1.0: "5分", 3.0: "3分", 5.0: "1分"}},
        ["所在街镇", "信任程度"],
    )
    survey = clean_round(read_round(folder, small()), small())
    assert survey.answers["m"]["m3"].tolist() == [1, 1, 3]
    (row,) = survey.issues[survey.issues["rule"] == "label_differs"].itertuples()
    assert (row.severity, row.source, row.value) == ("query", "m_1.sav / B2", "5分") and "共2份" in row.message


def test_dichotomies_in_spss_are_read_by_their_labels(folder):
    labels = {name: {0.0: "未选", 1.0: "选中"} for name in ("m2_1", "m2_2", "m2_3")}
    write_spss(
        folder,
        {"town": ["甲镇"] * 2, "m2_1": [1.0, 0.0], "m2_2": [1.0, 0.0], "m2_3": [0.0, 1.0]},
        labels,
        ["所在街镇", "能说出哪些服务？:急救", "能说出哪些服务？:献血", "能说出哪些服务？:说不出"],
    )
    assert [row[2] for row in typed(folder)] == ["aid|blood", "none"]


@pytest.mark.parametrize(
    ("content", "english", "chinese"),
    [(b"", "it is empty", "文件是空的"), (b"garbage" * 100, "of another kind", "不是 SPSS 数据"),
     (b"$FL2@(#) SPSS DATA FILE", "damaged or not complete", "不完整或已损坏"),
     (b"\x1c" + bytes(7) + b"ENCRYPTEDSAV" + bytes(99), "a password", "打开密码")],
)  # fmt: skip
def test_an_spss_file_that_cannot_be_read_says_why_in_our_words(folder, content, english, chinese):
    path = folder / "raw" / "m_1.sav"
    path.write_bytes(content)
    with pytest.raises(SurveyError, match=english) as raised:
        read_sav(path)
    assert chinese in raised.value.zh and not re.search("invalid|file|unsupported", raised.value.zh, re.IGNORECASE)
