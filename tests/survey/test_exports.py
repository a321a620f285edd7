"""Exports of survey platforms by text and by code, and SPSS files."""

import csv

import pandas as pd
import pyreadstat
import pytest

from tests.survey.rounds import small, write_organisations, write_town
from vitality.survey import check_round, clean_round, read_round
from vitality.survey.exports import seconds_of

#: Layout of the platform's export by code: 1/2 for yes/no, 0/1 a column an option, -3 skipped, -2 blank.
BY_CODE = [
    ["序号", "提交答卷时间", "所用时间", "来源", "来自IP", "1、所在街镇", "2、知道红十字会吗？",
     "第3题(急救)", "第3题(献血)", "第3题(说不出)", "4、信任程度"],
    ["1", "2026/09/03 12:00:00", "123秒", "微信", "192.0.2.1", "甲镇", "1", "1", "1", "0", "5"],
    ["2", "2026/09/03 12:01:00", "99秒", "链接", "192.0.2.2", "甲镇", "2", "0", "0", "1", "3"],
    ["3", "2026/09/03 12:02:00", "88秒", "链接", "192.0.2.3", "甲镇", "-2", "-3", "-3", "-3", "-3"],
]  # fmt: skip
BY_TEXT = [
    ["序号", "提交答卷时间", "所用时间", "来源", "来自IP", "1、所在街镇", "2、知道红十字会吗？",
     "3、能说出哪些服务？[多选题]", "4、信任程度"],
    ["1", "2026/09/03 12:00:00", "123秒", "微信", "192.0.2.1", "甲镇", "是", "急救┋献血〖在单位〗", "5"],
    ["2", "2026/09/03 12:01:00", "99秒", "链接", "192.0.2.2", "甲镇", "否", "说不出", "3"],
    ["3", "2026/09/03 12:02:00", "88秒", "链接", "192.0.2.3", "甲镇", "(空)", "(跳过)", "(跳过)"],
]  # fmt: skip


def write(folder, name, rows):
    with (folder / "raw" / name).open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(rows)


@pytest.fixture
def folder(tmp_path):
    write_town(tmp_path)
    write_organisations(tmp_path)
    return tmp_path


def typed(folder):
    table = clean_round(read_round(folder, small()), small()).answers["m"]
    return table[["unit", "m1", "m2", "m3"]].astype(object).where(table.notna(), None).to_numpy().tolist()


ANSWERS = [["甲镇", 1, "aid|blood", 5], ["甲镇", 0, "none", 3], ["甲镇", None, None, None]]


@pytest.mark.parametrize("rows", [BY_TEXT, BY_CODE])
def test_the_same_answers_come_out_of_both_exports(folder, rows):
    write(folder, "m_1_1.csv", rows)
    assert typed(folder) == ANSWERS


def test_both_exports_of_the_same_answers_count_once(folder):
    write(folder, "m_1_0.csv", BY_TEXT)
    write(folder, "m_1_2.csv", BY_CODE)
    assert typed(folder) == ANSWERS
    assert "twin_export" in {note.rule for note in read_round(folder, small()).notes}


def test_reading_numbers_of_options_is_noted(folder):
    write(folder, "m_1_2.csv", BY_CODE)
    assert [n.details["codes"] for n in read_round(folder, small()).notes if n.rule == "code_export"] == ["m1"]


def test_a_ranking_keeps_its_order(folder):
    rows = [BY_TEXT[0], [*BY_TEXT[1][:7], "献血→急救", "5"]]
    write(folder, "m_1_0.csv", rows)
    assert typed(folder)[0][2] == "blood|aid"
    rows = [BY_CODE[0], [*BY_CODE[1][:7], "2", "1", "-2", "5"]]
    write(folder, "m_1_0.csv", rows)
    assert typed(folder)[0][2] == "blood|aid"


def test_open_text_is_kept_beside_the_option(folder):
    write(folder, "m_1_0.csv", BY_TEXT)
    assert clean_round(read_round(folder, small()), small()).answers["m"]["m2_text"].tolist() == ["在单位", None, None]


@pytest.mark.parametrize(
    ("text", "seconds"), [("123秒", "123"), ("2分3秒", "123"), ("1小时", "3600"), ("75", "75"), ("很久", ""), ("", "")]
)
def test_time_taken(text, seconds):
    assert seconds_of(text) == seconds


def test_numbers_by_the_api_are_split_at_its_bars(folder):
    rows = [BY_TEXT[0], [*BY_TEXT[1][:6], "1", "1|2", "5"], [*BY_TEXT[2][:6], "2", "3", "3"]]
    write(folder, "m_1_1.csv", rows)
    assert typed(folder) == ANSWERS[:2]


def test_a_row_that_is_out_of_step_is_an_error(folder):
    write(folder, "m_1_0.csv", [*BY_TEXT, [*BY_TEXT[1][:7], "急救", "献血", "5"]])
    issues = check_round(read_round(folder, small()), small())
    assert issues.loc[issues["rule"] == "shifted_row", ["severity", "source"]].to_numpy().tolist() == [
        ["error", "m_1_0.csv / J5"]
    ]
    assert typed(folder) == ANSWERS


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
