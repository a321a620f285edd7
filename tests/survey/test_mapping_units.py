"""Amounts in workbooks that towns made: read in the unit that the sheet notes, told as they stand in the cell."""

import openpyxl
import pytest
import yaml

from tests.survey.rounds import small, write_organisations, write_town
from vitality.errors import SurveyError
from vitality.survey import check_round, clean_round, read_round, suggest_mapping, write_suggestions

HEADS = ("街镇", "人口", "村居", "经费", "三年前经费", "有预算吗")
TABLE = {
    "files": "t_汇总.xlsx", "instrument": "t", "head": [3, 3], "unit": "column 街镇",
    "questions": {"t1": "人口", "t2": "村居", "t6": "经费", "t7": "三年前经费", "t8": "有预算吗"},
}  # fmt: skip


def write_table(folder, *, corner="单位：元", heads=HEADS, rows=None, mapping=TABLE):
    """Every town a row below a title, a note in the corner and one row of heads."""
    write_town(folder)
    write_organisations(folder)
    rows = (
        [("乙镇", 40000, 8, 125000, "8万", "有"), ("丙镇", 30000, 6, "约80000", 75000, "无")] if rows is None else rows
    )
    book = openpyxl.Workbook()
    page = book.active
    page["A1"], page["F2"] = "各街镇情况汇总表", corner
    page.merge_cells("A1:F1")
    for line, row in enumerate([heads, *rows], start=3):
        for column, value in enumerate(row, start=1):
            page.cell(line, column, value)
    book.save(folder / "raw" / "t_汇总.xlsx")
    if mapping is not None:
        (folder / "mapping.yaml").write_text(yaml.safe_dump([mapping], allow_unicode=True), encoding="utf-8")
    return folder


def amounts(folder):
    return clean_round(read_round(folder, small()), small()).answers["t"].loc[["乙镇", "丙镇"], "t6"].tolist()


def test_the_narrowest_head_is_proposed_and_a_note_inside_a_head_is_seen(tmp_path):
    write_table(tmp_path, mapping=None)
    proposed = suggest_mapping(tmp_path, small())[0]
    assert (proposed.head, proposed.unit) == ((3, 3), "column 街镇")
    write_table(tmp_path, mapping={**TABLE, "head": [2, 3]})
    assert amounts(tmp_path) == [12.5, 8]


@pytest.mark.parametrize(
    ("corner", "head", "expected"),
    [  # 125,000 yuan are 12.5 times 10,000 yuan
        ("单位：人、元", "经费", 12.5), ("單位：元", "经费", 12.5), ("单位：万元", "经费/元", 12.5),
        (None, "经费 元", 12.5),
        (None, "经费【元】", 12.5), (None, "经费（元，保留两位小数）", 12.5), ("单位：百元", "经费", 1250),
        ("单位：萬元", "经费", 125000),
        ("单位：元", "经费（万元）", 125000),
    ],
)  # fmt: skip
def test_notes_on_the_unit_of_money(tmp_path, corner, head, expected):
    heads = [head if text == "经费" else text for text in HEADS]
    write_table(tmp_path, corner=corner, heads=heads, mapping={**TABLE, "questions": {"t1": "人口", "t6": head}})
    assert amounts(tmp_path)[0] == pytest.approx(expected)


def test_a_note_below_the_table_counts_too(tmp_path):
    rows = [("乙镇", 40000, 8, 125000, 80000, "有"), ("丙镇", 30000, 6, 80000, 75000, "无"), ("注：金额单位为元",)]
    assert amounts(write_table(tmp_path, corner=None, rows=rows)) == [12.5, 8]


def test_amounts_without_a_noted_unit_that_look_like_yuan_are_asked_about(tmp_path):
    rows = [("乙镇", 40000, 8, 125000, 8, "有"), ("丙镇", 30000, 6, 80000, 7.5, "无")]
    issues = check_round(read_round(write_table(tmp_path, corner=None, rows=rows), small()), small(), lang="en")
    found = issues[issues["rule"] == "no_unit_note"]
    assert found[["question", "severity", "source"]].to_numpy().tolist() == [
        ["t6", "query", "t_汇总.xlsx / Sheet / D3"]
    ]
    assert "'125000' look like yuan; read as 万元" in found["message"].iloc[0]


def test_a_column_of_units_beside_the_labels(tmp_path):
    write_town(tmp_path)
    write_organisations(tmp_path)
    book = openpyxl.Workbook()
    for row in (
        ("情况表",),
        ("项目", "计量单位", "数量"),
        ("人口", "万人", 4),
        ("经费", "元", 120000),
        ("三年前经费", "万元", 8),
    ):
        book.active.append(row)
    book.save(tmp_path / "raw" / "t_乙镇.xlsx")
    mapping = {"files": "t_乙镇.xlsx", "instrument": "t", "direction": "rows", "head": [1, 1], "answers": 3,
               "questions": {"t1": "人口", "t6": "经费", "t7": "三年前经费"}}  # fmt: skip
    (tmp_path / "mapping.yaml").write_text(yaml.safe_dump([mapping], allow_unicode=True), encoding="utf-8")
    answers = clean_round(read_round(tmp_path, small()), small()).answers["t"].loc["乙镇"]
    assert answers[["t1", "t6", "t7"]].tolist() == [40000, 12, 8]


def test_findings_and_corrections_hold_the_text_of_the_cell(tmp_path):
    raw = read_round(write_table(tmp_path), small())
    issues = check_round(raw, small())
    assert issues[issues["source"].str.endswith("D4")]["value"].tolist() == ["125000"]
    (tmp_path / "corrections.csv").write_text(
        "file,sheet,cell,from,to,reason,by,date\nt_汇总.xlsx,Sheet,D4,125000,135000,核实,审核人,2025-01-06\n",
        encoding="utf-8",
    )
    assert amounts(tmp_path) == [13.5, 8]  # the correction is in yuan as the sheet is
    (tmp_path / "corrections.csv").write_text(
        "file,sheet,cell,from,to,reason,by,date\nt_汇总.xlsx,Sheet,D4,125000元,135000,核实,审核人,2025-01-06\n",
        encoding="utf-8",
    )
    with pytest.raises(SurveyError, match="found '125000'"):
        amounts(tmp_path)


def test_totals_are_compared_in_the_unit_that_is_noted(tmp_path):
    rows = [("甲镇", 1, 8, 200000, 1, "有"), ("乙镇", 2, 8, "15万", 1, "有"), ("丙镇", 3, 6, "约300000", 1, "无")]
    right, wrong = (("合计", 6, 22, total, 3, None) for total in (650000, 650001))
    for total, expected in ((right, []), (wrong, [("650001", 65.0)])):
        raw = read_round(write_table(tmp_path, rows=[*rows, total]), small())
        found = [note for note in raw.notes if note.rule == "total_mismatch"]
        assert [(note.value, pytest.approx(note.details["added"])) for note in found] == expected


def test_hours_and_other_numbers_are_compared_with_their_total(tmp_path):
    heads, mapping = ("街镇", "人口", "专职人员"), {**TABLE, "questions": {"t1": "人口", "t5": "专职人员"}}
    rows = [("乙镇", 40000, 1.5), ("丙镇", 30000, 2), ("合计", 70000, 35)]
    raw = read_round(write_table(tmp_path, heads=heads, rows=rows, mapping=mapping), small())
    assert [(note.question, note.value) for note in raw.notes if note.rule == "total_mismatch"] == [("t5", "35")]


def test_the_proposal_is_read_as_it_is_written(tmp_path):
    write_table(tmp_path, mapping=None)
    write_suggestions(suggest_mapping(tmp_path, small()), tmp_path, small()).rename(tmp_path / "mapping.yaml")
    assert amounts(tmp_path) == [12.5, 8]
