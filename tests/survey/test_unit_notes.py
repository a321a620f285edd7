"""Units noted beside the numbers of a sheet: every way to write them that towns use, and none that only looks so."""

import pytest

from vitality.framework import read_framework
from vitality.survey.answers import parse_answer
from vitality.survey.unit_notes import is_unit_note, noted_unit, unit_in

QUESTIONS = read_framework("redcross").questions
FUNDING, PEOPLE = QUESTIONS["t81"], QUESTIONS["t01"]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("单位：万元", "万元"), ("单位：人、元", "元"), ("经费/元", "元"), ("经费 元", "元"), ("经费【元】", "元"),
        ("经费[元]", "元"), ("（元，保留两位小数）", "元"), ("单位：萬元", "万元"), ("單位：人、萬元", "万元"),
        ("統計表（萬元）", "万元"), ("单位：百元", "百元"), ("金额单位：人民币元", "元"),
        ("经费\n（单位：千元）", "千元"),
        ("经费：元", "元"), ("经费万元", "万元"), ("元", "元"), ("计量单位：万元；人", "万元"),
        ("注：金额单位均为元。", "元"),
        ("Unit: 10,000 yuan", "万元"), ("funding (yuan)", "元"),
        ("填报单位：甲镇", ""), ("单位：元水镇", ""), ("填报单位：百元镇", ""), ("超过5万元", ""), ("5 万元", ""),
        ("不含（5万元以下）", ""), ("单元", ""), ("单位：美元", ""), ("单位：元、万元", ""), ("单位：人", ""),
        ("单位", ""),
    ],
)  # fmt: skip
def test_the_unit_of_money_that_a_note_says(text, unit):
    assert unit_in(text) == unit


def test_the_first_note_counts_and_other_numbers_are_noted_in_multiples_of_their_own_unit():
    assert noted_unit(["经费（元）", "单位：万元"], FUNDING) == "元"
    assert noted_unit(["年末常住人口数（万人）"], PEOPLE) == "万人"
    assert noted_unit(["单位：元"], PEOPLE) == ""


@pytest.mark.parametrize(
    ("text", "noted", "value"),
    [  # 120,000 yuan are 12 times 10,000 yuan, in whatever way they are written
        ("120000", "元", 12), ("1200", "百元", 12), ("120", "千元", 12), ("12万", "元", 12), ("12万元", "元", 12),
        ("12万", "千元", 12),
        ("120000元", "百元", 12), ("十二万", "元", 12), ("约120,000", "元", 12), ("10万-14万", "元", 12),
        ("0.12", "百万元", 12),
        ("12", "", 12), ("无", "元", 0), ("-", "元", None),
    ],
)  # fmt: skip
def test_amounts_are_read_in_the_unit_that_is_noted(text, noted, value):
    assert parse_answer(text, FUNDING, noted=noted).value == (None if value is None else pytest.approx(value))


@pytest.mark.parametrize("text", ["5.2", "5.2万", "5.2万人", "52000人"])
def test_people_are_read_in_the_unit_that_is_noted(text):
    assert parse_answer(text, PEOPLE, noted="万人").value == pytest.approx(52000)


def test_another_currency_is_asked_about_and_not_converted():
    income = read_framework("ifrc_fdrs").questions["KPI_IncomeLC_CHF_IP"]
    read = parse_answer("500", income, noted="元")
    assert read.value == 500 and "other_unit" in read.flags


@pytest.mark.parametrize(
    ("text", "whole"),
    [("单位：元", True), ("单位：人、万元", True), ("计量单位 户", True), ("单位（万元）", True), ("單位：萬元", True),
     ("单位", False), ("单位：甲镇", False), ("经费（元）", False), ("元", False), ("", False)],
)  # fmt: skip
def test_a_cell_that_is_nothing_but_a_note_on_units(text, whole):
    assert is_unit_note(text) is whole
