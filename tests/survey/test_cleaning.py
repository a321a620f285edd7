import numpy as np
import pandas as pd
import pytest
import yaml

from tests.survey.rounds import ORGANISATIONS, SMALL, small, write_organisations, write_residents, write_town
from vitality.errors import SurveyError
from vitality.framework import read_framework
from vitality.survey import clean_round, read_round
from vitality.survey.cleaning import CHANGE_COLUMNS
from vitality.survey.corrections import CORRECTION_COLUMNS


def clean(folder, **options):
    return clean_round(read_round(folder, small()), small(), **options)


def corrections(*rows):
    return pd.DataFrame([dict(zip(CORRECTION_COLUMNS, row)) for row in rows])


def test_typed_answers(round_folder):
    survey = clean(round_folder)
    town = survey.answers["t"].loc["甲镇"]
    assert town.to_dict() == {
        "unit": "甲镇", "t1": 50000.0, "t2": 9.0, "t3": 3.0, "t4": 2.0, "t5": 1.0, "t6": 12.5, "t7": 8.0,
        "t8": 1.0, "t9": "town", "t10": "东区",
    }  # fmt: skip
    assert survey.answers["m"]["m2"].tolist()[:2] == ["aid|blood", "none"]
    assert survey.answers["o"]["o5"].isna().tolist() == [False, True, False, True]
    assert survey.changes.empty and list(survey.changes.columns) == list(CHANGE_COLUMNS)


def test_units_carry_name_and_group(round_folder):
    units = clean(round_folder).units
    assert units.loc["甲镇"].to_dict() == {"name": "甲镇", "group": "东区", "Z2": "东区"}


def test_every_changed_cell_is_a_row(round_folder):
    write_town(round_folder, "甲镇", t1="约５万", t2="9个", t8="√", t4="无")
    changes = clean(round_folder).changes.set_index("question")
    assert changes["old"].to_dict() == {"t1": "约５万", "t2": "9个", "t4": "无", "t8": "√"}
    assert changes["new"].to_dict() == {"t1": "50000", "t2": "9", "t4": "0", "t8": "1"}
    assert changes.loc["t1", "rule"] == "full_width+approximate+multiplier"
    assert set(changes["by"]) == {"vitality"}
    assert changes.loc["t2", "source"] == "t_甲镇.xlsx / 填报表 / D8"


def test_an_answer_in_words_stays_as_it_was_written(round_folder):
    """Folding would make another name of it: ㎡ and ½ are no letters m2 and 1/2."""
    name = "红十字会（Ａ站）½ 室"
    write_organisations(round_folder, "甲镇", [{**ORGANISATIONS[0], "o1": f"　{name} "}])
    write_town(round_folder, "乙镇", t10="东　区")
    survey = clean(round_folder)
    assert survey.answers["o"].at["甲镇-001", "o1"] == name
    assert survey.changes.empty
    assert survey.units["group"].tolist() == ["东区", "东区"]  # groups are compared as people see them


def test_every_hidden_cell_is_a_row_without_what_stood_there(round_folder):
    write_organisations(round_folder, "甲镇", [{**ORGANISATIONS[0], "o1": "甲站 13800000000"}, ORGANISATIONS[1]])
    content = yaml.safe_load(SMALL.read_text(encoding="utf-8"))
    towns = next(form for form in content["instruments"] if form["code"] == "t")["questions"]
    for question in towns:
        if question["code"] in ("t5", "t6"):
            question["private"] = {"t5": "drop", "t6": "hash"}[question["code"]]
            question.update(kind="text", required=False)
            for limit in ("minimum", "maximum", "usual", "part_of"):
                question.pop(limit, None)
    (round_folder / "framework.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    (round_folder / "raw" / ".key").write_text("一个很长的密钥", encoding="utf-8")
    framework = read_framework(round_folder / "framework.yaml")
    changes = clean_round(read_round(round_folder, framework), framework).changes
    rows = changes[changes["rule"].str.startswith("private")]
    assert rows[["respondent", "question", "old", "rule"]].to_numpy().tolist() == [
        ["乙镇", "t5", "[已隐去]", "private_drop"], ["乙镇", "t6", "[已隐去]", "private_hash"],
        ["甲镇", "t5", "[已隐去]", "private_drop"], ["甲镇", "t6", "[已隐去]", "private_hash"],
        ["甲镇-001", "o1", "[已隐去]", "private_text"],
    ]  # fmt: skip
    assert rows["new"].iloc[[0, 4]].tolist() == ["", "甲站 [已隐去]"] and len(rows["new"].iloc[1]) == 16
    assert "13800000000" not in changes.to_csv() and "12.5" not in changes.to_csv()


def test_every_row_that_is_left_out_is_a_row(round_folder):
    """Rows of a unit that is not known, a row out of step, and a total."""
    write_organisations(round_folder, "甲镇", [*ORGANISATIONS, {"o1": "合计", "o3": "40"}])
    write_residents(
        round_folder,
        [["丁镇", "是", "急救", "5"], ["丁镇", "否", "说不出", "4"], ["甲镇", "是", "急救", "5", "多"],
         ["甲镇", "是", "急救", "5"]],
    )  # fmt: skip
    changes = clean(round_folder).changes
    assert changes[["source", "respondent", "old", "rule"]].to_numpy().tolist() == [
        [changes["source"][0], "", "合计", "total_row"],
        ["m_2024.csv / G4", "", "多", "shifted_row"],
        ["m_2024.csv / D2", "m1", "丁镇", "unknown_unit"],
        ["m_2024.csv / D3", "m2", "丁镇", "unknown_unit"],
    ]


@pytest.mark.parametrize(
    ("question", "text", "rule"),
    [
        ("t3", "12", "part_of"),
        ("t5", "-1", "hard_limit"),
        ("t1", "x", "unreadable"),
        ("t9", "y", "unknown_option"),
    ],
)
def test_a_value_with_an_error_is_not_used_and_logged(round_folder, question, text, rule):
    write_town(round_folder, "甲镇", **{question: text})
    survey = clean(round_folder)
    assert pd.isna(survey.answers["t"].at["甲镇", question])
    row = survey.changes.set_index("question").loc[question]
    assert (row["old"], row["new"], row["rule"]) == (text, "", rule)
    assert (survey.issues["rule"] == rule).sum() == 1


def test_a_query_is_used_and_not_changed(round_folder):
    write_town(round_folder, "甲镇", t6="125000")
    survey = clean(round_folder)
    assert survey.answers["t"].at["甲镇", "t6"] == 125000.0
    assert survey.changes.empty and survey.issues["rule"].tolist() == ["money_slip"]


def test_parts_that_sum_above_their_whole_are_all_refused(round_folder):
    write_town(round_folder, "甲镇", t3="5", t4="8")
    town = clean(round_folder).answers["t"].loc["甲镇"]
    assert np.isnan(town["t3"]) and np.isnan(town["t4"]) and town["t2"] == 9


def test_the_latest_of_duplicates_is_kept_and_the_other_logged(round_folder):
    write_organisations(round_folder, "甲镇", [*ORGANISATIONS, {**ORGANISATIONS[0], "o3": "12"}])
    survey = clean(round_folder)
    own = survey.answers["o"].query("unit == '甲镇'")
    assert own["o1"].tolist() == ["乙校", "甲站"] and own["o3"].tolist() == [30.0, 12.0]
    assert survey.changes[["respondent", "old", "rule"]].to_numpy().tolist() == [["甲镇-001", "甲站", "duplicate"]]


def test_an_answer_that_is_not_asked_for_is_not_used(round_folder):
    write_organisations(round_folder, "甲镇", [ORGANISATIONS[0], {**ORGANISATIONS[1], "o5": "7"}])
    survey = clean(round_folder)
    assert np.isnan(survey.answers["o"].at["甲镇-002", "o5"])
    assert survey.changes["rule"].tolist() == ["not_asked"]


def test_nothing_is_filled_in_and_the_raw_round_stays(round_folder):
    write_town(round_folder, "甲镇", t1="")
    raw = read_round(round_folder, small())
    before = raw.cells.copy()
    survey = clean_round(raw, small())
    assert np.isnan(survey.answers["t"].at["甲镇", "t1"])
    pd.testing.assert_frame_equal(raw.cells, before)


def test_a_correction_mends_a_cell_and_is_logged(round_folder):
    write_town(round_folder, "甲镇", t6="125000")
    row = ("t_甲镇.xlsx", "填报表", "D12", "125000", "12.5", "电话核实", "王核查", "2024-12-01")
    survey = clean(round_folder, corrections=corrections(row))
    assert survey.answers["t"].at["甲镇", "t6"] == 12.5
    change = survey.changes.iloc[0]
    assert (change["old"], change["new"], change["rule"], change["by"]) == (
        "125000",
        "12.5",
        "correction",
        "王核查",
    )
    assert survey.issues["rule"].tolist() == ["correction"]


def test_the_corrections_of_the_folder_are_used(round_folder):
    write_town(round_folder, "甲镇", t1="见附件")
    corrections(("t_甲镇.xlsx", "填报表", "D7", "见附件", "48000", "补报", "王", "2024-12-01")).to_csv(
        round_folder / "corrections.csv", index=False, encoding="gb18030"
    )
    assert clean(round_folder).answers["t"].at["甲镇", "t1"] == 48000


def test_corrections_that_do_not_fit_fail_loudly_and_all_at_once(round_folder):
    table = corrections(
        ("t_甲镇.xlsx", "填报表", "D7", "49000", "48000", "补报", "王", "2024-12-01"),
        ("t_甲镇l.xlsx", "填报表", "D7", "50000", "48000", "补报", "王", "2024-12-01"),
    )
    with pytest.raises(SurveyError, match=r"2 correction\(s\) do not fit") as raised:
        clean(round_folder, corrections=table)
    message = str(raised.value)
    assert "expected '49000' there, found '50000'" in message
    assert "Did you mean 't_甲镇.xlsx'" in message


HEAD = "file,sheet,cell,from,to,reason,by,date"
GOOD = "t_甲镇.xlsx,填报表,D7,见附件,{to},{reason},{by},{date}"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (GOOD.format(to="1,200", reason="电话核实", by="李某", date="2024"), "row 3 has more or fewer cells"),
        (GOOD.format(to="1,200", reason="电话核实", by="李某", date=""), "row 3 has more or fewer cells"),
        ("t_甲镇.xlsx,填报表,D7,见附件,1200,电话核实,李某", "row 3 has more or fewer cells"),
        ("t_甲镇.xlsx,填报表,D7,见附件,1,200,电话核实,李某", "row 3: '李某' is no date"),  # as many cells as the head
        (GOOD.format(to="1200", reason="", by="李某", date="2024-12-01"), "row 3 does not say"),
        (GOOD.format(to="1200", reason="电话核实", by="", date="2024-12-01"), "row 3 does not say"),
        (GOOD.format(to="1200", reason="电话核实", by="李某", date=" "), "row 3 does not say"),
    ],
)
def test_a_row_out_of_step_or_unsigned_is_refused_with_its_row(round_folder, row, message):
    """The blank second row counts: the number is that of the file."""
    write_town(round_folder, "甲镇", t1="见附件")
    (round_folder / "corrections.csv").write_text(f"{HEAD}\n,,,,,,,\n{row}\n", encoding="utf-8")
    with pytest.raises(SurveyError, match=message) as raised:
        clean(round_folder)
    assert "第 3 行" in raised.value.zh


def test_a_column_that_is_missing_is_named(round_folder):
    (round_folder / "corrections.csv").write_text("file,cell,from,to,why,by,date\n", encoding="utf-8")
    with pytest.raises(SurveyError, match="no column 'reason'"):
        clean(round_folder)
    with pytest.raises(SurveyError, match="no column 'date'"):
        clean(round_folder, corrections=corrections().reindex(columns=[*CORRECTION_COLUMNS[:-1]]))


def test_the_change_log_says_why_and_when(round_folder):
    write_town(round_folder, "甲镇", t1="见附件", t2="9个")
    row = GOOD.format(to='"48,000"', reason="电话核实", by="李某", date="2024/12/1")
    (round_folder / "corrections.csv").write_text(f"{HEAD}\n{row}\n", encoding="utf-8")
    survey = clean(round_folder)
    assert survey.answers["t"].at["甲镇", "t1"] == 48000
    signed = survey.changes[["old", "new", "rule", "by", "reason", "date"]].to_numpy().tolist()
    assert signed == [
        ["见附件", "48,000", "correction", "李某", "电话核实", "2024/12/1"],
        ["48,000", "48000", "separator", "vitality", "", ""],
        ["9个", "9", "unit", "vitality", "", ""],
    ]
