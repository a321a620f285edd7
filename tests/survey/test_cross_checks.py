"""Checks that need more than one cell."""

import csv

import pytest

from tests.survey.rounds import (
    ORGANISATIONS,
    RESIDENTS,
    SMALL,
    small,
    write_organisations,
    write_small_round,
    write_town,
)
from vitality.framework import read_framework
from vitality.survey import check_round, prepare_round, read_round
from vitality.survey.form_sheets import Heading
from vitality.survey.forms import write_instrument

HEAD = ["序号", "提交答卷时间", "所用时间", "1、所在街镇", "m1", "m2", "m3"]


def check(folder, framework=None, **options):
    framework = framework or small()
    return check_round(read_round(folder, framework), framework, **options)


def changed(tmp_path, old, new):
    path = tmp_path / "framework.yaml"
    text = SMALL.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return read_framework(path)


def write_times(folder, times, answers=("是", "急救", "5")):
    with (folder / "raw" / "m_2024.csv").open("w", encoding="utf-8", newline="") as file:
        rows = [[i, f"2026/09/03 12:00:{i:02d}", time, "甲镇", *answers] for i, time in enumerate(times, start=1)]
        csv.writer(file).writerows([HEAD, *rows])


def test_shares_below_one_where_per_cent_was_asked_for_are_asked_about(round_folder, tmp_path):
    framework = changed(tmp_path, "{code: t5, kind: number, text_zh: 专职人员, text_en: staff, unit_zh: 人",
                        "{code: t5, kind: percent, text_zh: 专职人员, text_en: staff, unit_zh: '%'")  # fmt: skip
    for name, text in (("甲镇", "0.125"), ("乙镇", "12.5"), ("丙镇", "0.5%")):
        write_town(round_folder, name, t5=text)
        write_organisations(round_folder, name)
    issues = check(round_folder, framework, lang="en")
    found = issues[issues["rule"] == "share_for_percent"]
    assert found[["respondent", "severity"]].to_numpy().tolist() == [["甲镇", "query"]]
    assert "meant 12.5 %?" in found["message"].iloc[0] and "Read as 0.125" in found["message"].iloc[0]


def test_answers_much_faster_than_the_others_are_asked_about(round_folder):
    write_times(round_folder, ["120秒"] * 10 + ["39秒", "41秒", "2分1秒"])
    issues = check(round_folder)
    assert issues.loc[issues["rule"] == "too_fast", "respondent"].tolist() == ["m11"]


def test_a_straight_line_is_asked_about(round_folder, tmp_path):
    scale = "{code: m3, kind: likert, text_zh: 信任程度, text_en: trust, minimum: 1, maximum: 5}"
    more = ", ".join(scale.replace("m3", f"s{n}").replace("信任程度", f"信任{n}") for n in range(1, 6))
    framework = changed(tmp_path, f"  - {scale}", f"  - {scale}\n" + "\n".join(f"  - {q}" for q in more.split(", {"))
                        .replace("- code", "- {code"))  # fmt: skip
    head = [*HEAD, *(f"s{n}" for n in range(1, 6))]
    with (round_folder / "raw" / "m_2024.csv").open("w", encoding="utf-8", newline="") as file:
        rows = [[1, "", "", "甲镇", "是", "急救", *"555555"], [2, "", "", "甲镇", "是", "急救", *"555545"]]
        csv.writer(file).writerows([head, *rows])
    issues = check(round_folder, framework)
    assert issues.loc[issues["rule"] == "straight_line", "respondent"].tolist() == ["m1"]


def test_the_same_answers_at_the_same_second_count_once(round_folder):
    rows = [[n, "2026/09/03 12:00:00", "99秒", "甲镇", *RESIDENTS[0]] for n in (1, 2)]
    rows.append([3, "2026/09/03 12:00:00", "99秒", "甲镇", *RESIDENTS[1]])
    with (round_folder / "raw" / "m_2024.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEAD, *rows])
    survey = prepare_round(round_folder, small())
    assert survey.answers["m"].index.tolist() == ["m1", "m3"]
    assert survey.changes.loc[survey.changes["rule"] == "sent_twice", "respondent"].tolist() == ["m2"]


@pytest.mark.parametrize(("source", "expected"), [("o", 2), ("o3", 40)])
def test_a_total_of_another_form_is_compared(round_folder, tmp_path, source, expected):
    framework = changed(tmp_path, "{code: t5, kind: number,", f"{{code: t5, kind: number, total_of: {source},")
    write_town(round_folder, "甲镇", t5=str(expected))
    issues = check(round_folder, framework)
    found = issues[issues["rule"] == "other_total"]  # 乙镇 says 1
    assert found["respondent"].tolist() == ["乙镇"] and str(expected) in found["message"].iloc[0]


def test_the_round_before_is_compared(tmp_path):
    before, now = write_small_round(tmp_path / "2023"), write_small_round(tmp_path / "2024")
    (now / "round.yaml").write_text("previous: ../2023\n", encoding="utf-8")
    assert check(now).empty
    write_town(now, "甲镇", t1="160000", t2="12")
    write_town(before, "乙镇", t6="0.00125", t7="8")
    issues = check(now)
    assert issues[["rule", "respondent", "question"]].to_numpy().tolist() == [
        ["jump", "甲镇", "t1"], ["slip_since", "乙镇", "t6"],
    ]  # fmt: skip
    assert "上一轮为50000" in issues["message"].iloc[0]


def test_a_change_of_the_round_before_is_noticed(tmp_path):
    before, now = write_small_round(tmp_path / "2023"), write_small_round(tmp_path / "2024")
    (now / "round.yaml").write_text("previous: ../2023\n", encoding="utf-8")
    prepare_round(now, small())
    told = []
    write_town(before, "甲镇", t1="10000")
    survey = prepare_round(now, small(), progress=lambda zh, en: told.append(en))
    assert "../2023/raw/t_甲镇.xlsx: changed" in told[0] and "jump" in set(survey.issues["rule"])


@pytest.mark.parametrize("name", ["甲镇红十字会", "甲 鎮", "甲镇（原丁镇）", "老甲镇"])
def test_other_names_of_a_unit_are_read_and_noted(round_folder, name):
    (round_folder / "round.yaml").write_text("units: [甲镇, 乙镇]\naliases: {老甲镇: 甲镇}\n", encoding="utf-8")
    write_organisations(round_folder, "甲镇", rows=ORGANISATIONS)
    path = round_folder / "raw" / "o_甲镇.xlsx"
    path.unlink()
    write_organisations(round_folder, name, rows=ORGANISATIONS)
    survey = prepare_round(round_folder, small())
    assert set(survey.answers["o"]["unit"]) == {"甲镇", "乙镇"}
    assert survey.issues[["rule", "value"]].to_numpy().tolist() == [["alias", name]]


def test_parts_of_the_town_form_are_not_above_what_their_definitions_are_part_of(tmp_path):
    """Members and persons in hardship live in the town; full-time staff are part of the staff."""
    framework = read_framework("redcross")
    answers = {"t01": "20000", "t15": "29000", "t16": "20001", "t37": "3", "t44": "29999", "t71": "9"}
    raw = tmp_path / "raw"
    write_instrument(framework, framework.instrument("t"), raw / "t_甲镇.xlsx", Heading("甲镇"), answers=answers)
    write_instrument(framework, framework.instrument("o"), raw / "o_甲镇.xlsx", Heading("甲镇"))
    issues = check(tmp_path, framework).query("rule == 'part_of'")
    assert set(issues["question"]) == {"t15", "t16", "t44", "t71"} and set(issues["severity"]) == {"error"}
    honest = {**answers, "t15": "20000", "t16": "20000", "t44": "20000", "t71": "3"}
    write_instrument(framework, framework.instrument("t"), raw / "t_甲镇.xlsx", Heading("甲镇"), answers=honest)
    assert check(tmp_path, framework).query("rule == 'part_of'").empty
