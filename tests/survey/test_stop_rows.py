"""Rows that are no respondent: totals, signatures, notes; and organisations that merely are called so."""

import openpyxl
import pytest

from tests.survey.rounds import ORGANISATIONS, small, write_organisations, write_town
from vitality.survey import check_round, clean_round, read_round
from vitality.survey.stop_rows import numbered_note, stop_text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("合 计", "total"), ("（合计）", "total"), ("总计：", "total"), ("合计（3个）", "total"), ("全区合计", "total"),
        ("Total", "total"), ("Total (3)", "total"), ("小计", "subtotal"), ("乙街道小计", "subtotal"),
        ("小 計", "subtotal"),
        ("乙街道合计", "subtotal"), ("Subtotal", "subtotal"), ("平均", "average"), ("均值", "average"),
        ("平均值", "average"),
        ("其中：街道", "part"),
        ("填表人：王某", "signature"), ("填 表 人：", "signature"), ("负责人：王某", "signature"),
        ("审核 王某", "signature"),
        ("单位（盖章）", "signature"), ("（公章）", "signature"), ("经办人：王某 13800000000", "signature"),
        ("单位负责人（签字）：王某", "signature"), ("填报日期：2025.12.31", "signature"),
        ("聯繫電話：13800000000", "signature"),
        ("注：一式两份", "note"), ("备注：见附件", "note"), ("说明：按年末数", "note"),
        ("制表厂红十字会", None), ("总计科技公司红十字会", None), ("平均村服务站", None), ("合计村", None),
        ("均值小学", None),
        ("注册志愿者服务队", None), ("电话局红十字会", None), ("审核中心站", None), ("Summer camp", None),
        ("Totally fit", None),
        ("甲镇", None), ("12", None), ("", None),
    ],
)  # fmt: skip
def test_what_the_text_of_a_cell_says_about_its_row(text, kind):
    said = stop_text(text)
    assert (said.kind if said else None) == kind
    assert said is None or "王某" not in said.shown


def test_numbers_of_filling_notes():
    notes = ["1.以系统为准", "（二）按年末数", "①见附件", "※补报", "1.5", "12", "甲站"]
    assert [numbered_note(text) for text in notes] == ["1.", "(二)", "①", "※", "", "", ""]


def edited(folder, rows):
    """A small round in whose list of 甲镇 more rows stand below the organisations."""
    write_town(folder)
    path = write_organisations(folder)
    book = openpyxl.load_workbook(path)
    page = book.active
    marks = {cell.value: cell.column for row in page.iter_rows() for cell in row if cell.value in ("o1", "o3", "o4")}
    first = next(row for row in range(1, page.max_row) if page.cell(row, marks["o1"]).value == ORGANISATIONS[-1]["o1"])
    for at, row in enumerate(rows, start=first + 1):
        for code, text in row.items():
            page.cell(at, marks[code] if code != "o2" else marks["o1"] + 1, text)
    book.save(path)
    return read_round(folder, small()), first + 1


@pytest.mark.parametrize("name", ["制表厂红十字会", "总计科技公司红十字会", "注:社区服务站"])
def test_an_organisation_that_is_called_like_a_total_or_a_signature_stays(tmp_path, name):
    raw, row = edited(tmp_path, [{"o1": name, "o2": "校", "o3": 7, "o4": 2}])
    survey = clean_round(raw, small())
    assert survey.answers["o"]["o1"].tolist() == ["甲站", "乙校", name]
    asked = survey.issues[survey.issues["rule"] == "kept_row"]
    assert asked["value"].tolist() == ([name] if name.startswith("注:") else [])
    assert all(source.endswith(f"C{row}") for source in asked["source"])


def test_names_of_signatures_never_leave_raw(tmp_path):
    block = [
        {"o1": "负责人:王某", "o3": "审核人：李某"}, {"o1": "单位（盖章）"}, {"o1": "经办人：赵某 13800000000"},
        {"o1": "审核：钱某"},
        {"o1": "1.志愿者以系统为准"}, {"o1": "孙某"},
    ]  # fmt: skip
    raw, row = edited(tmp_path, block)
    survey = clean_round(raw, small())
    assert len(survey.answers["o"]) == len(ORGANISATIONS)
    notes = survey.issues[survey.issues["rule"] == "total_row"]
    assert [source.rpartition("C")[2] for source in notes["source"]] == [str(row + number) for number in range(6)]
    out = "".join(table.to_csv() for table in (survey.issues, survey.changes, survey.answers["o"], raw.cells))
    assert not [name for name in ("王某", "李某", "赵某", "钱某", "孙某", "13800000000") if name in out]


def test_a_name_below_the_heading_of_a_section_is_an_organisation(tmp_path):
    rows = [
        {"o1": "填表说明：见附件"},
        {"o1": "丙站", "o2": "站", "o3": 5},
        {"o1": "丁站"},
        {"o1": "合计", "o2": "4个", "o3": 45},
    ]
    raw, _ = edited(tmp_path, rows)
    assert raw.tables["o"].text["o1"].tolist() == ["甲站", "乙校", "丙站", "丁站"]
    assert [note.value for note in raw.notes if note.rule == "total_row"] == ["填表说明", "合计"]


def test_a_total_row_with_answers_in_words_is_asked_about(tmp_path):
    raw, row = edited(tmp_path, [{"o1": "合计", "o2": "校", "o3": 40, "o4": 11}])
    assert len(raw.tables["o"].text) == len(ORGANISATIONS)
    found = check_round(raw, small(), lang="en")
    found = found[found["rule"] == "total_answers"].iloc[0]
    assert found["severity"] == "query" and found["source"].endswith(f"C{row}") and "holds '校'" in found["message"]


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [  # the two organisations above have 10 and 30 volunteers
        ([("小计", 40), ("丙站", 5), ("小计", 5), ("合计", 45)], []),
        ([("小计", 40), ("丙站", 5), ("小计", 45), ("合计", 45)], [("45", "5")]),
        ([("小计", 40), ("丙站", 5), ("合计", 5)], [("5", "45")]),
        ([("合计", 40), ("小计", 1), ("均值", 20), ("其中：站", 10)], []),
        ([("合计", 40), ("丙站", 5), ("合计", 5), ("总计", 45)], []),
        ([("甲村小计", 40), ("丙站", 5), ("全镇合计", 44)], [("44", "45")]),
        ([("丙站", "若干人吧"), ("合计", 99)], []),
    ],
)
def test_totals_are_compared_with_their_own_parts(tmp_path, rows, wrong):
    raw, _ = edited(tmp_path, [{"o1": name, "o3": number} for name, number in rows])
    found = [note for note in raw.notes if note.rule == "total_mismatch" and note.question == "o3"]
    assert [(note.value, f"{note.details['added']:g}") for note in found] == wrong
