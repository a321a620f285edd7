"""Checks that need more than one cell."""

import csv
import re
import shutil
from pathlib import Path

import openpyxl
import pytest

from tests.survey.rounds import (
    ORGANISATIONS,
    RESIDENTS,
    SMALL,
    rewritten,
    small,
    write_organisations,
    write_small_round,
    write_town,
)
from vitality.framework import read_framework
from vitality.survey import check_round, clean_round, prepare_round, read_round
from vitality.survey.form_sheets import Heading
from vitality.survey.forms import write_instrument
from vitality.survey.grids import read_grids

ROUNDS = Path(__file__).parents[2] / "data" / "rounds"
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


def percent_towns(folder, tmp_path, texts):
    framework = changed(tmp_path, "{code: t5, kind: number, text_zh: 专职人员, text_en: staff, unit_zh: 人",
                        "{code: t5, kind: percent, text_zh: 专职人员, text_en: staff, unit_zh: '%'")  # fmt: skip
    for name, text in zip(("甲镇", "乙镇", "丙镇"), texts):
        write_town(folder, name, t5=text)
        write_organisations(folder, name)
    return framework


@pytest.mark.parametrize(
    ("texts", "asked"),
    [
        (("1", "0.4", "35"), ["甲镇", "乙镇"]),  # 1 may be 100 % where others wrote shares
        (("1", "1", "1"), ["甲镇", "乙镇", "丙镇"]),  # nothing above 1: a whole column of shares
        (("1", "12", "35"), []),  # 1 per cent
        (("1%", "0.4%", "35%"), []),
        (("0", "12", "35"), []),
    ],
)
def test_one_may_be_all_of_it(round_folder, tmp_path, texts, asked):
    issues = check(round_folder, percent_towns(round_folder, tmp_path, texts))
    assert sorted(issues.loc[issues["rule"] == "share_for_percent", "respondent"]) == sorted(asked)


@pytest.mark.parametrize(
    ("value", "number_format", "read"),
    [(1, "0%", 100), (0.125, "0.0%", 12.5), (0.07, "0.00%;[Red]-0.00%", 7), (12.5, '0.0"%"', 12.5), (12, "0", 12)],
)
def test_a_number_that_excel_shows_as_per_cent_is_read_as_it_is_shown(
    round_folder, tmp_path, value, number_format, read
):
    framework = percent_towns(round_folder, tmp_path, ("12", "20", "30"))
    path = round_folder / "raw" / "t_甲镇.xlsx"
    book = openpyxl.load_workbook(path)
    cell = next(row[3] for row in book.active.iter_rows() if row[3].value == "12" or row[3].value == 12)
    cell.value, cell.number_format = value, number_format
    book.save(path)
    survey = clean_round(read_round(round_folder, framework), framework)
    assert survey.answers["t"].loc["甲镇", "t5"] == read
    rewritten(path, lambda sheet: re.sub(r'<c r="(D[0-9]+)" s="([0-9]+)"', r"<c s='\2' r='\1'", sheet))
    survey = clean_round(read_round(round_folder, framework), framework)
    assert survey.answers["t"].loc["甲镇", "t5"] == read
    assert "share_for_percent" not in set(survey.issues["rule"])


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


def residents_and_people_served(folder, copied):
    """Forms of the simulated round, a share of those of each of two units replaced by the first one of the unit."""
    (folder / "raw").mkdir(parents=True)
    for name in ("round.yaml", "raw/t_清漪街道_SIMULATED.xlsx", "raw/o_清漪街道_SIMULATED.xlsx"):
        shutil.copy(ROUNDS / "2024" / name, folder / name)
    for code in ("m", "b"):
        head, *rows = read_grids(ROUNDS / "2024" / "raw" / f"{code}_2024_SIMULATED.csv")[0].texts
        unit = next(place for place, text in enumerate(head) if "街镇" in text)
        for name, share in copied.items():
            own = [row for row in rows if row[unit] == name]
            for row in own[: round(share * len(own))]:
                row[unit + 1 :] = own[0][unit + 1 :]
        with (folder / "raw" / f"{code}_2024.csv").open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([head, *rows])
    return folder


@pytest.mark.parametrize(
    ("copied", "found"),
    [
        ({}, []),  # equal answers to three questions on a scale are honest in most towns
        ({"清漪街道": 0.3}, [("m", "清漪街道")]),
        ({"清漪街道": 1.0, "砚渡镇": 0.1}, [("b", "清漪街道"), ("m", "清漪街道")]),
    ],
)
def test_forms_of_one_unit_with_the_same_answers_are_asked_about(tmp_path, copied, found):
    framework = read_framework("redcross")
    issues = check(residents_and_people_served(tmp_path / "round", copied), framework)
    same = issues[issues["rule"] == "same_answers"]
    assert sorted(zip(same["instrument"], same["value"])) == found
    assert same["severity"].isin(["query"]).all()
    assert all("清漪街道" in message and "每题答案都相同" in message for message in same["message"])


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
    assert found["respondent"].tolist() == ["乙镇"] and f"《组织表》合计为{expected}" in found["message"].iloc[0]


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


@pytest.mark.parametrize(
    ("question", "then", "now", "asked"),
    [
        ("t1", "120", "0", []),  # below the minimum: refused, not compared
        ("t4", "0", "9", []),  # nine is a small number
        ("t5", "0", "12", ["zero_since"]),
        ("t5", "12", "无", ["zero_since"]),
        ("t5", "1", "0", []),
        ("t7", "2.5", "0", ["zero_since"]),
        ("t7", "无", "2.5", ["zero_since"]),
        ("t7", "0", "0", []),
        ("t7", "", "2.5", []),
    ],
)
def test_from_and_to_nought_is_asked_about(tmp_path, question, then, now, asked):
    before, after = write_small_round(tmp_path / "2023"), write_small_round(tmp_path / "2024")
    (after / "round.yaml").write_text("previous: ../2023\n", encoding="utf-8")
    write_town(before, "甲镇", **{question: then})
    write_town(after, "甲镇", **{question: now})
    issues = check(after)
    changes = issues[issues["rule"].isin(["jump", "zero_since", "slip_since"])]
    assert changes["rule"].tolist() == asked and set(changes["respondent"]) <= {"甲镇"}


@pytest.mark.parametrize("factor", [1, 10_000])
def test_a_slip_of_the_whole_column_is_seen_by_the_usual_range(tmp_path, factor):
    folder = write_small_round(tmp_path / "2024")
    for name, amount in (("甲镇", 12.5), ("乙镇", 3)):
        write_town(folder, name, t6=str(amount * factor), t7=str(amount * factor))
    issues = check(folder)
    expected = {} if factor == 1 else {"money_slip": 4}
    assert issues["rule"].value_counts().to_dict() == expected


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
