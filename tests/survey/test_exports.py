"""Exports of survey platforms by text and by code."""

import csv

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


#: The town by number too, as the platform exports it.
ALL_BY_CODE = [BY_CODE[0], *([*row[:5], "1", *row[6:]] for row in BY_CODE[1:])]


@pytest.mark.parametrize("by_code", [BY_CODE, ALL_BY_CODE])
@pytest.mark.parametrize("names", [("m_1_0.csv", "m_1_2.csv"), ("m_按文本.csv", "m_按序号.csv")])
def test_both_exports_of_the_same_answers_count_once_as_text(folder, by_code, names):
    """按序号 sorts before 按文本: the text is used whichever comes first, because it names the town."""
    write(folder, names[0], BY_TEXT)
    write(folder, names[1], by_code)
    assert typed(folder) == ANSWERS
    raw = read_round(folder, small())
    assert set(raw.tables["m"].about["file"]) == {names[0]} and raw.tables["m"].text.index.tolist() == [
        "m1",
        "m2",
        "m3",
    ]
    issues = check_round(raw, small())
    assert issues.loc[issues["rule"] == "twin_export", "value"].tolist() == [names[1]]
    assert "error" not in set(issues["severity"])


def test_answers_that_only_the_export_by_code_has_are_added(folder):
    write(folder, "m_1_0.csv", BY_TEXT[:3])
    write(folder, "m_1_2.csv", BY_CODE)
    assert typed(folder) == ANSWERS
    write(folder, "m_1_0.csv", BY_CODE)
    write(folder, "m_1_2.csv", BY_TEXT[:3])
    assert sorted(typed(folder), key=str) == sorted(ANSWERS, key=str)


def test_two_surveys_with_the_same_serial_numbers_both_count(folder):
    other = [BY_TEXT[0], *([row[0], row[1].replace("12:0", "15:0"), *row[2:]] for row in BY_TEXT[1:])]
    write(folder, "m_a.csv", BY_TEXT)
    write(folder, "m_b.csv", other)
    assert typed(folder) == ANSWERS * 2


def test_towns_by_number_alone_say_how_to_name_them(folder):
    write(folder, "m_1_2.csv", ALL_BY_CODE)
    issues = check_round(read_round(folder, small()), small())
    (row,) = issues[issues["severity"] == "error"].itertuples()
    assert (row.rule, row.value) == ("coded_unit", "1") and "文本" in row.action and "aliases" in row.action
    (folder / "round.yaml").write_text("aliases: {1: 甲镇}", encoding="utf-8")
    assert typed(folder) == ANSWERS


def test_reading_numbers_of_options_is_noted(folder):
    write(folder, "m_1_2.csv", BY_CODE)
    assert [n.details["codes"] for n in read_round(folder, small()).notes if n.rule == "code_export"] == ["m1、m2"]


def test_a_ranking_keeps_its_order(folder):
    rows = [BY_TEXT[0], [*BY_TEXT[1][:7], "献血→急救", "5"]]
    write(folder, "m_1_0.csv", rows)
    assert typed(folder)[0][2] == "blood|aid"
    rows = [BY_CODE[0], [*BY_CODE[1][:7], "2", "1", "-2", "5"]]
    write(folder, "m_1_0.csv", rows)
    assert typed(folder)[0][2] == "blood|aid"


@pytest.mark.parametrize(
    ("number", "answer"), [("2→1", "blood|aid"), ("3→1→2", "none|aid|blood"), ("2┋1", "aid|blood")]
)
def test_a_ranking_by_code_keeps_its_order(folder, number, answer):
    write(folder, "m_1_0.csv", [BY_TEXT[0], [*BY_TEXT[1][:6], "1", number, "5"]])
    assert typed(folder)[0][2] == answer


#: Words for not ticked and ticked.
WORDS = [
    ("0", "1"), ("No", "Yes"), ("FALSE", "TRUE"), ("未选中", "选中"), ("未选", "已选"), ("×", "√"), ("无", "有"),
    ("否", "是"), ("0.0", "1.0"), ("-2", "1"), ("", "√"), ("unchecked", "Checked"), ("Not selected", "Selected"),
    ("不选", "选"),
]  # fmt: skip


@pytest.mark.parametrize(("no", "yes"), WORDS)
def test_words_in_the_columns_of_options(folder, no, yes):
    write(folder, "m_1.csv", [BY_CODE[0], [*BY_CODE[1][:7], no, yes, no, "5"], [*BY_CODE[2][:7], yes, yes, no, "3"]])
    assert [row[2] for row in typed(folder)] == ["blood", "aid|blood"]
    assert "unknown_tick" not in set(check_round(read_round(folder, small()), small())["rule"])


def test_the_text_of_the_option_in_its_column_is_a_tick(folder):
    write(
        folder, "m_1.csv", [BY_CODE[0], [*BY_CODE[1][:7], "急救", "", "", "5"], [*BY_CODE[2][:7], "", "献血", "", "3"]]
    )
    assert [row[2] for row in typed(folder)] == ["aid", "blood"]


@pytest.mark.parametrize(
    ("cells", "word", "n"),
    [(("Ja", "Nein", "Ja"), "Ja", 2), (("1", "0", "也许"), "也许", 1), (("2", "2", "1"), "2", 2),
     (("献血", "0", "0"), "献血", 1), (("7", "0", "0"), "7", 1)],
)  # fmt: skip
def test_a_word_that_is_neither_yes_nor_no_is_an_error_and_no_tick(folder, cells, word, n):
    write(folder, "m_1.csv", [BY_CODE[0], [*BY_CODE[1][:7], *cells, "5"], BY_CODE[2]])
    assert [row[2] for row in typed(folder)] == [None, "none"]
    issues = check_round(read_round(folder, small()), small())
    found = issues[issues["rule"] == "unknown_tick"]
    assert set(found["severity"]) == {"error"} and set(found["question"]) == {"m2"}
    assert found.loc[found["value"] == word, "source"].item() == f"m_1.csv / {'HIJ'[cells.index(word)]}2"
    assert f"有{n}处" in found.loc[found["value"] == word, "message"].item()


def test_personal_data_in_the_column_of_an_option_are_not_repeated(folder):
    write(folder, "m_1.csv", [BY_CODE[0], [*BY_CODE[1][:7], "找王某 13800000000", "0", "0", "5"]])
    assert "13800000000" not in check_round(read_round(folder, small()), small()).to_csv()


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


@pytest.mark.parametrize("title", [[["居民问卷结果", "", ""]], [["居民问卷结果"], ["导出时间：2026-09-04"], [""]]])
def test_a_title_above_the_head_of_an_export(folder, title):
    write(folder, "m_1.csv", [*title, *BY_TEXT])
    assert typed(folder) == ANSWERS
    raw = read_round(folder, small())
    assert raw.tables["m"].cell(0, 0) == f"G{len(title) + 2}" and raw.tables["m"].text.index[0] == "m1"


@pytest.mark.parametrize("head", ["5、请评价—信任程度", "5、请评价-信任程度", "5、请评价（满分5）——信任程度："])
def test_the_head_of_a_matrix_ends_in_the_question(folder, head):
    write(folder, "m_1.csv", [[*BY_TEXT[0][:8], head], *BY_TEXT[1:]])
    assert typed(folder) == ANSWERS
    assert not {"unmatched_column", "missing_column"} & {note.rule for note in read_round(folder, small()).notes}


def test_options_without_a_column_are_asked_about(folder):
    rows = [[*row[:9], row[10]] for row in BY_CODE]
    write(folder, "m_1.csv", rows)
    issues = check_round(read_round(folder, small()), small())
    (row,) = issues[issues["rule"] == "missing_option"].itertuples()
    assert row.severity == "query" and "说不出" in row.message and "急救" not in row.message.partition("：")[2]
