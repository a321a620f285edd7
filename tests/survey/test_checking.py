import pytest

from tests.survey.rounds import (
    ORGANISATIONS,
    RESIDENTS,
    SMALL,
    small,
    write_organisations,
    write_residents,
    write_town,
)
from vitality.framework import read_framework
from vitality.survey import check_round, clean_round, read_round
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
    ("t7", "/", "not_applicable", "query", ["不适用", "都要填"]),
    ("t8", "不适用", "not_applicable", "query", ["不适用"]),
    ("t5", "-2", "hard_limit", "error", ["-2", "0以上"]),
    ("t6", "￥120000", "unreadable", "error", ["金额（万元）"]),
    ("t6", "6千", "other_unit", "query", ["以“万元”为单位", "按0.6读入"]),
    ("t3", "两三个", "approximate", "note", ["约数", "2.5"]),
    ("t8", "是，沪红〔2024〕3号", "reformatted", "note", ["按是读入（带说明文字）"]),
    ("t9", "街 道", "reformatted", "note", ["按街道读入"]),
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


@pytest.mark.parametrize("text", ["", "/", "不适用"])
def test_an_optional_question_may_stay_blank_or_not_apply(round_folder, text):
    write_town(round_folder, "甲镇", t5=text)
    assert check(round_folder).empty


#: Texts of a five-point question, points that they stand for (None: not used, an error finding).
SCALES = [
    (["非常同意", "比较同意", "一般", "不太同意", "很不同意"], [5, 4, 3, 2, 1]),
    (["非常满意", "满意", "一般", "不满意", "非常不满意"], [5, 4, 3, 2, 1]),
    (["5分", "5（非常满意）", "4、比较满意", "A.非常满意", "不太满意（2分）"], [5, 5, 4, 5, 2]),
    (["Strongly agree", "agree", "neither", "disagree", "strongly disagree"], [5, 4, 3, 2, 1]),
    (["非常滿意", "一般", "5", "(跳过)", "-3"], [5, 3, 5, None, None]),
    # the first option, or the figure and the words say two things, or one point has two wordings
    (["1、非常满意", "2、比较满意", "3、一般"], [None, None, 3]),
    (["非常满意", "很满意", "满意"], [None, None, 4]),
    (["非常满意", "满意", "比较满意"], [5, None, None]),
    (["基本满意", "还行", "7"], [None, None, None]),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "points"), SCALES)
def test_scales_exported_in_words(round_folder, texts, points):
    write_residents(round_folder, [[name, "是", "急救", text] for name in TOWNS for text in texts])
    survey = clean_round(read_round(round_folder, small()), small())
    read = survey.answers["m"]["m3"].astype(object).where(survey.answers["m"]["m3"].notna(), None)
    assert read.tolist() == [*points, *points]
    refused = survey.issues[(survey.issues["question"] == "m3") & (survey.issues["severity"] == "error")]
    assert set(refused["value"]) == {
        text for text, point in zip(texts, points) if point is None and text not in ("(跳过)", "-3")
    }


def test_words_are_no_points_of_a_scale_of_another_length(round_folder, tmp_path):
    text = SMALL.read_text(encoding="utf-8").replace("minimum: 1, maximum: 5}", "minimum: 1, maximum: 7}")
    (tmp_path / "seven.yaml").write_text(text, encoding="utf-8")
    seven = read_framework(tmp_path / "seven.yaml")
    write_residents(round_folder, [[name, "是", "急救", "非常满意"] for name in TOWNS for _ in range(3)])
    assert set(check_round(read_round(round_folder, seven), seven)["rule"]) == {"unreadable"}


def test_nobody_is_asked_for_the_answers_of_anonymous_respondents(round_folder):
    answers = (["是", "急救", "(跳过)"], ["是", "急救", "-3"], ["", "急救", "5"], ["是", "急救", "-2"])
    write_residents(round_folder, [[name, *row] for name in TOWNS for row in answers])
    issues = check(round_folder)
    assert set(issues["severity"]) == {"note"} and not issues["action"].str.contains("填报单位").any()
    skipped = issues[issues["rule"] == "skipped"]
    assert skipped["question"].tolist() == ["m3"] and "6份" in skipped["message"].iloc[0]
    assert issues.loc[issues["rule"] == "unanswered", "respondent"].tolist() == ["m3", "m7"]


@pytest.mark.parametrize(("lang", "words"), [("zh", ("是", "街道")), ("en", ("yes", "street"))])
def test_what_was_read_is_told_in_one_language(round_folder, lang, words):
    write_town(round_folder, "甲镇", t8="√", t9="街 道")
    messages = check(round_folder, lang)["message"]
    assert [word in message for word, message in zip(words, messages)] == [True, True]
    other = {"zh": "[a-z]", "en": "按|是 "}[lang]
    assert not messages.str.contains(other).any()


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
    assert issues[["rule", "severity"]].to_numpy().tolist() == [["same_again", "note"]]
    assert "t_甲镇旧.xlsx" in issues["source"][0] and "t_甲镇.xlsx" in issues["message"][0]


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
        "funding: expected an amount of money (万元), found '待核'.",
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
