import pytest

from tests.survey.rounds import (
    ORGANISATIONS,
    RESIDENTS,
    small,
    write_organisations,
    write_residents,
    write_town,
)
from vitality.survey import check_round, read_round
from vitality.survey.findings import ISSUE_COLUMNS
from vitality.survey.rules import RULES

TOWNS = ("甲镇", "乙镇")


def check(folder, lang="zh"):
    return check_round(read_round(folder, small()), small(), lang=lang)


def test_a_clean_round_has_no_issue(round_folder):
    issues = check(round_folder)
    assert list(issues.columns) == list(ISSUE_COLUMNS) and issues.empty


#: Question, text, rule, severity, words that the message must have.
CELLS = [
    ("t1", "见附件", "unreadable", "error", ["人口", "整数", "见附件"]),
    ("t9", "镇子", "unknown_option", "error", ["镇子", "街道、镇"]),
    ("t5", "-1", "hard_limit", "error", ["-1", "0以上"]),
    ("t1", "0", "hard_limit", "error", ["1以上"]),
    ("t3", "12", "part_of", "error", ["单建", "12", "村居", "9"]),
    ("t4", "8", "parts_of", "error", ["11", "9", "互不重复"]),
    ("t1", "400", "usual", "query", ["1000至300000"]),
    ("t6", "125000", "money_slip", "query", ["万元", "125000", "12.5"]),
    ("t1", "", "missing", "query", ["应填未填"]),
    ("t1", "若干", "missing", "query", ["若干"]),
    ("t2", "9.5", "not_whole", "query", ["9.5"]),
    ("t1", "50000小时", "other_unit", "query", ["小时", "50000"]),
    ("t1", "约50000", "approximate", "note", ["约数"]),
    ("t5", "1-2", "approximate", "note", ["1.5"]),
    ("t1", "５００００", "reformatted", "note", ["全角"]),
    ("t1", "50,000", "reformatted", "note", ["千位分隔符"]),
    ("t8", "√", "reformatted", "note", ["是"]),
    ("t4", "无", "reformatted", "note", ["“无”按0"]),
]  # fmt: skip


@pytest.mark.parametrize(("question", "text", "rule", "severity", "words"), CELLS)
def test_each_rule_is_one_row_that_names_the_cell(round_folder, question, text, rule, severity, words):
    write_town(round_folder, "甲镇", **{question: text})
    issues = check(round_folder)
    assert len(issues) == 1
    row = issues.iloc[0]
    assert (row["rule"], row["severity"], row["question"]) == (rule, severity, question) or rule == "parts_of"
    assert row["rule"] == rule and row["respondent"] == "甲镇" and row["instrument"] == "t"
    assert row["source"].startswith("t_甲镇.xlsx / 填报表 / D")
    assert row["value"] == (text if rule != "parts_of" else "3")
    assert all(word in row["message"] for word in words), row["message"]
    assert row["action"]


def test_not_applicable_and_optional_blanks_are_no_issue(round_folder):
    write_town(round_folder, "甲镇", t5="", t7="/")
    assert check(round_folder).empty


def test_an_answer_that_is_not_asked_for_is_not_missed_and_noted_when_given(round_folder):
    write_organisations(round_folder, "甲镇", [{**ORGANISATIONS[0]}, {**ORGANISATIONS[1], "o5": "7"}])
    issues = check(round_folder)
    assert issues[["rule", "respondent", "value"]].to_numpy().tolist() == [["not_asked", "甲镇-002", "7"]]


def test_a_duplicate_organisation_is_a_query_and_names_the_one_kept(round_folder):
    write_organisations(round_folder, "甲镇", [*ORGANISATIONS, {**ORGANISATIONS[0], "o3": "12"}])
    issues = check(round_folder)
    assert issues["rule"].tolist() == ["duplicate"] and issues["severity"].tolist() == ["query"]
    first, third = "C6", "C8"
    assert issues["source"][0].endswith(first) and third in issues["message"][0]


def test_the_same_name_in_two_towns_is_no_duplicate(round_folder):
    assert check(round_folder).empty  # 甲站 stands in both lists


def test_two_forms_of_one_town(round_folder):
    path = write_town(round_folder, "甲镇")
    path.rename(path.with_name("t_甲镇旧.xlsx"))
    write_town(round_folder, "甲镇")
    issues = check(round_folder)
    assert issues["rule"].tolist() == ["repeated_form"]
    assert "t_甲镇旧.xlsx" in issues["message"][0]


def test_a_unit_that_sent_no_form_is_named(round_folder):
    (round_folder / "raw" / "o_乙镇.xlsx").unlink()
    issues = check(round_folder)
    assert issues[["rule", "severity", "value"]].to_numpy().tolist() == [["no_form", "error", "乙镇"]]
    assert "组织表" in issues["message"][0]


def test_listed_units_are_expected(round_folder):
    (round_folder / "round.yaml").write_text("units: [甲镇, 乙镇, 丙镇]\n", encoding="utf-8")
    issues = check(round_folder)
    found = issues[issues["rule"] == "no_form"]
    assert found["value"].tolist() == ["丙镇", "丙镇"] and set(found["instrument"]) == {"t", "o"}
    assert issues[issues["rule"] == "too_few"]["value"].tolist() == ["丙镇"]


def test_an_unknown_unit_is_one_error_with_the_near_miss(round_folder):
    (round_folder / "round.yaml").write_text("units: [清漪街道, 乙镇]\n", encoding="utf-8")
    for kind in ("t", "o"):
        (round_folder / "raw" / f"{kind}_甲镇.xlsx").unlink()
    write_town(round_folder, "清漪街道")
    write_organisations(round_folder, "清漪街道")
    rows = [[name, *row] for name in ("清漪街道", "清琦街道", "乙镇") for row in RESIDENTS]
    write_residents(round_folder, rows)
    issues = check(round_folder)
    assert issues[["rule", "severity", "value"]].to_numpy().tolist() == [["unknown_unit", "error", "清琦街道"]]
    assert "3条" in issues["message"][0] and "是否应为“清漪街道”" in issues["message"][0]


def test_spaces_and_widths_do_not_make_another_unit(round_folder):
    write_residents(round_folder, [[name, *row] for name in (" 甲 镇", "乙镇　") for row in RESIDENTS])
    assert check(round_folder).empty


def test_too_few_answers_name_the_indicators(round_folder):
    write_residents(round_folder, [["甲镇", *RESIDENTS[0]], *[["乙镇", *row] for row in RESIDENTS]])
    issues = check(round_folder)
    assert issues[["rule", "severity", "value"]].to_numpy().tolist() == [["too_few", "query", "甲镇"]]
    assert "1份" in issues["message"][0] and "I3、I4" in issues["message"][0]


def test_an_empty_form_is_one_error(round_folder):
    write_town(round_folder, "甲镇", **{f"t{number}": "" for number in range(1, 11)})
    issues = check(round_folder)
    assert issues[["rule", "value"]].to_numpy().tolist() == [["empty_form", "甲镇"]]


def test_text_in_number_cells_gives_one_clear_error_each(round_folder):
    write_town(round_folder, "甲镇", t1="五万左右吧", t2="见附表", t6="待核")
    issues = check(round_folder, lang="en")
    assert issues["rule"].tolist() == ["unreadable"] * 3
    assert issues["message"].tolist() == [
        "population: expected a whole number, found '五万左右吧'.",
        "villages: expected a whole number, found '见附表'.",
        "funding: expected an amount of money, found '待核'.",
    ]
    assert all("corrections.csv" in action for action in issues["action"])


def test_the_gravest_come_first(round_folder):
    write_town(round_folder, "甲镇", t1="约50000", t2="", t3="x")
    assert check(round_folder)["severity"].tolist() == ["error", "query", "note"]


def test_a_missing_export_is_an_error_and_too_few_is_not_said_again(round_folder):
    (round_folder / "raw" / "m_2024.csv").unlink()
    issues = check(round_folder)
    assert issues[["rule", "severity"]].to_numpy().tolist() == [["missing_instrument", "error"]]
    assert "居民问卷" in issues["message"][0]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_rule_has_words(lang):
    for name, rule in RULES.items():
        for text in (rule.name, rule.message, rule.action):
            assert text[lang == "en"].strip(), name
