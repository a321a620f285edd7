from __future__ import annotations

import re
from datetime import datetime

import numpy as np
import openpyxl
import pandas as pd
import pytest

from tests.weights.reference import synthetic_panel
from vitality.errors import JudgementError
from vitality.framework import read_framework
from vitality.weights import hierarchy_weights, read_judgements, write_judgement_form
from vitality.weights.questionnaire.forms import judgement_pairs, saaty_text

REDCROSS = read_framework("redcross")


def of(expert: str) -> dict[str, pd.DataFrame]:
    return {node: experts[expert] for node, experts in synthetic_panel().items()}


def answer_rows(sheet) -> dict[tuple[str, str, str], int]:
    return {
        tuple(cell.value for cell in row[:3]): row[0].row for row in sheet.iter_rows() if row[0].value in REDCROSS.nodes
    }


@pytest.fixture
def form(tmp_path):
    return write_judgement_form(REDCROSS, tmp_path / "E01.xlsx", expert="E01", judgements=of("E01"), synthetic=True)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_ten_workbooks_come_back_as_they_were_written(tmp_path, lang):
    for expert in synthetic_panel()["V"]:
        write_judgement_form(
            REDCROSS, tmp_path / "experts" / f"{expert}.xlsx", expert=expert, lang=lang, judgements=of(expert)
        )
    (tmp_path / "experts" / "~$E01.xlsx").write_bytes(b"lock")
    found = read_judgements(tmp_path / "experts")
    assert set(found) == set(synthetic_panel())
    for node, experts in synthetic_panel().items():
        for expert, matrix in experts.items():
            pd.testing.assert_frame_equal(found[node][expert], matrix, rtol=1e-12)
    pd.testing.assert_frame_equal(
        hierarchy_weights(found, REDCROSS), hierarchy_weights(synthetic_panel(), REDCROSS), rtol=1e-12
    )


def test_the_form_has_every_pair_a_list_and_protection(form):
    sheet = openpyxl.load_workbook(form).active
    assert sheet.title == "判断"
    rows = answer_rows(sheet)
    assert list(rows) == list(judgement_pairs(REDCROSS)) and len(rows) == 54
    first, last = min(rows.values()), max(rows.values())
    validation = sheet.data_validations.dataValidation[0]
    assert validation.formula1 == '"9,8,7,6,5,4,3,2,1,1/2,1/3,1/4,1/5,1/6,1/7,1/8,1/9"'
    assert str(validation.sqref) == f"G{first}:G{last}"
    assert sheet.protection.sheet
    assert not sheet.cell(first, 7).protection.locked and sheet.cell(first, 6).protection.locked
    assert sheet.cell(first, 7).number_format == "@"
    assert all(sheet.column_dimensions[letter].hidden for letter in "ABC")


def test_the_form_says_what_it_is(form):
    text = "\n".join(str(cell.value) for row in openpyxl.load_workbook(form).active["D1:D8"] for cell in row)
    assert REDCROSS.notice("zh") in text
    assert "合成专家" in text and "并非真人作答" in text
    assert "合成专家" not in str(
        list(openpyxl.load_workbook(write_judgement_form(REDCROSS, form.with_name("x.xlsx"))).active.values)
    )


def test_a_blank_form_has_no_judgement(tmp_path):
    path = write_judgement_form(REDCROSS, tmp_path / "blank.xlsx")
    with pytest.raises(JudgementError, match="no judgement in it"):
        read_judgements(path)


def edit(path, change):
    workbook = openpyxl.load_workbook(path)
    change(workbook.active)
    workbook.save(path)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_blank_form_fits_a4_and_explains_every_node(tmp_path, lang):
    path = write_judgement_form(REDCROSS, tmp_path / "e_1.xlsx", lang=lang)
    book = openpyxl.load_workbook(path)
    sheet, codebook = book.worksheets
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToWidth) == (
        "landscape",
        9,
        1,
    )
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
    head = next(row[6].row for row in sheet.iter_rows() if row[6].value == "value") + 1
    assert sheet.print_title_rows == f"${head}:${head}"
    told = {row[0]: row for row in codebook.iter_rows(min_row=2, values_only=True)}
    assert list(told) == list(REDCROSS.nodes) and all(row[1] and row[3] for row in told.values())
    assert told["A13"][3] == REDCROSS.indicator("A13").definition(lang)
    assert codebook.protection.sheet
    sheet.cell(head + 1, 7).value = "1/3"
    book.save(path)
    matrices = read_judgements(path, framework=REDCROSS)
    assert list(matrices) == ["V"] and matrices["V"]["e_1"].at["A", "B"] == pytest.approx(1 / 3)


def test_rows_are_matched_by_code_not_by_position(form):
    def turn_around(sheet):
        rows = answer_rows(sheet)
        first, last = rows["V", "A", "B"], rows["V", "E", "F"]
        block = [[sheet.cell(r, c).value for c in range(1, 9)] for r in range(first, last + 1)]
        for r, values in zip(range(first, last + 1), reversed(block)):
            for c, value in enumerate(values, start=1):
                sheet.cell(r, c, value)

    edit(form, turn_around)
    found = read_judgements(form)["V"]["E01"].loc[list("ABCDEF"), list("ABCDEF")]
    pd.testing.assert_frame_equal(found, of("E01")["V"], rtol=1e-12)


def test_names_do_when_the_codes_are_gone(form):
    edit(form, lambda sheet: sheet.delete_cols(1, 3))
    found = read_judgements(form, framework=REDCROSS)
    pd.testing.assert_frame_equal(found["C1"]["E01"], of("E01")["C1"], rtol=1e-12)


def test_the_file_name_does_when_no_expert_is_named(tmp_path):
    path = write_judgement_form(REDCROSS, tmp_path / "王老师.xlsx", judgements=of("E02"))
    assert list(read_judgements(path)["V"]) == ["王老师"]


def test_blank_cells_are_not_judged(form):
    def clear(sheet):
        sheet.cell(answer_rows(sheet)["V", "A", "B"], 7).value = None

    edit(form, clear)
    assert np.isnan(read_judgements(form)["V"]["E01"].at["A", "B"])


def test_all_problems_of_a_workbook_are_reported_at_once(form):
    rows = answer_rows(openpyxl.load_workbook(form).active)

    def spoil(sheet):
        sheet.cell(rows["V", "A", "B"], 7).number_format = "yyyy-mm-dd"
        sheet.cell(rows["V", "A", "B"], 7).value = datetime(2026, 1, 3)
        sheet.cell(rows["V", "A", "C"], 7).value = "很重要"
        sheet.cell(rows["V", "A", "D"], 7).value = 12
        sheet.cell(rows["V", "A", "E"], 7).value = 0
        sheet.cell(rows["V", "A", "F"], 1).value = "W"
        sheet.cell(rows["V", "B", "C"], 2).value = "B1"
        sheet.cell(rows["V", "B", "E"], 3).value = "B"

    edit(form, spoil)
    with pytest.raises(JudgementError) as refusal:
        read_judgements(form, framework=REDCROSS)
    message = str(refusal.value)
    assert "7 problem(s)" in message
    place = "E01.xlsx, sheet '判断', cell G"
    for pair, expected in {
        ("A", "B"): "A against B: found the date 2026-01-03",
        ("A", "C"): "A against C: found '很重要'",
        ("A", "D"): "found 12.*expected 1/9 to 9",
        ("A", "E"): "found 0.*expected a positive number",
        ("A", "F"): "unknown node 'W'",
        ("B", "C"): "'B1' is not below node 'V'",
        ("B", "E"): "'B' is compared with itself",
    }.items():
        assert re.search(f"{place}{rows['V', *pair]}: .*{expected}", message), (pair, message)


def test_a_pair_judged_twice_is_a_problem(tmp_path):
    path = tmp_path / "twice.csv"
    path.write_text("expert,node,item_a,item_b,value\nE1,V,A,B,3\nE1,V,B,A,1/3\n", "utf-8")
    with pytest.raises(JudgementError, match=r"line 3: B against A was already judged at twice.csv, line 2"):
        read_judgements(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("head", ["expert,node,item_a,item_b,value", "专家,节点,甲项,乙项,判断"])
def test_csv_in_long_form(tmp_path, encoding, head):
    path = tmp_path / "panel.csv"
    path.write_text(f"{head}\n甲,V,A,B,3\n甲,V,C,A,１／5\n\n乙,V,A,B,\n乙,V,B,C, 2 \n", encoding)
    found = read_judgements(path)["V"]
    assert list(found) == ["甲", "乙"]
    assert found["甲"].loc[["A", "C"], "A"].tolist() == [1, 0.2] and found["甲"].at["A", "C"] == pytest.approx(5)
    assert found["乙"].isna().sum().sum() == 4 and found["乙"].at["B", "C"] == 2


def test_csv_columns_in_any_order_and_names_of_items(tmp_path):
    path = tmp_path / "panel.csv"
    a, b = REDCROSS.label("A1", "zh"), REDCROSS.label("A2", "en")
    path.write_text(f"value,item_b,item_a,node,remark\n4,{b},{a},{REDCROSS.label('A', 'zh')},x\n", "utf-8")
    found = read_judgements(path, framework=REDCROSS)
    assert found["A"]["panel"].at["A1", "A2"] == 4
    assert list(read_judgements(path)) == [REDCROSS.label("A", "zh")]


def test_problems_of_a_folder_name_their_files(tmp_path):
    write_judgement_form(REDCROSS, tmp_path / "E01.xlsx", expert="E01", judgements=of("E01"))
    write_judgement_form(REDCROSS, tmp_path / "E01 copy.xlsx", expert="E01", judgements=of("E01"))
    (tmp_path / "broken.xlsx").write_bytes(b"no workbook")
    openpyxl.Workbook().save(tmp_path / "other.xlsx")
    (tmp_path / "head.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(JudgementError) as refusal:
        read_judgements(tmp_path)
    message = str(refusal.value)
    assert "expert 'E01' also wrote E01 copy.xlsx" in message
    assert "broken.xlsx: cannot be read as a workbook" in message
    assert "other.xlsx: found nothing; expected the columns expert, node, item_a, item_b, value" in message
    assert "head.csv, line 1: found a, b; expected the columns expert, node" in message


def test_long_lists_of_problems_end_with_a_count(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("expert,node,item_a,item_b,value\n" + "E1,V,A,B,often\n" * 30, "utf-8")
    with pytest.raises(JudgementError, match=r"(?s)30 problem.*and 10 more"):
        read_judgements(path)


@pytest.mark.parametrize(
    "name, message",
    [
        ("expertss.csv", "no such file or folder. Did you mean 'experts.csv'"),
        ("empty", "no .xlsx or .csv file"),
        ("a.txt", "'.txt'; expected"),
    ],
)
def test_wrong_paths(tmp_path, name, message):
    (tmp_path / "experts.csv").write_text("", "utf-8")
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.txt").write_text("", "utf-8")
    with pytest.raises(JudgementError, match=message):
        read_judgements(tmp_path / name)


def test_an_empty_csv_is_a_problem(tmp_path):
    (tmp_path / "e.csv").write_text("", "utf-8")
    with pytest.raises(JudgementError, match="line 1: found nothing"):
        read_judgements(tmp_path / "e.csv")


def test_wrong_prefilled_judgements_are_refused(tmp_path):
    frame = pd.DataFrame([[1, 1], [1, 1]], ["A1", "A9"], ["A1", "A9"])
    with pytest.raises(JudgementError, match="node 'A': unknown items 'A9'"):
        write_judgement_form(REDCROSS, tmp_path / "x.xlsx", judgements={"A": frame})
    with pytest.raises(JudgementError, match="no node 'A0'"):
        write_judgement_form(REDCROSS, tmp_path / "x.xlsx", judgements={"A0": frame})
    assert not (tmp_path / "x.xlsx").exists()


@pytest.mark.parametrize("value, text", [(9.0, "9"), (1.0, "1"), (1 / 9, "1/9"), (1 / 3, "1/3"), (0.4, "0.4")])
def test_judgements_are_written_as_people_write_them(value, text):
    assert saaty_text(value) == text
