"""Judgements as people lay them out: matrices, wide tables, survey coding."""

from __future__ import annotations

import numpy as np
import openpyxl
import pandas as pd
import pytest

from tests.weights.reference import cases
from vitality.errors import JudgementError
from vitality.framework import framework_from_table
from vitality.weights import group_weights, hierarchy_weights, read_judgements

TREE = framework_from_table(
    pd.DataFrame(
        {
            "code": ["V", "A", "B", "C", "A1", "A2"],
            "parent": ["", "V", "V", "V", "A", "A"],
            "name_en": ["Vitality", "Reach", "Service", "Trust", "Members", "Volunteers"],
            "name_zh": ["活力", "覆盖", "服务", "公信", "会员", "志愿者"],
        }
    )
)
CITY = cases("ahp_group")["city10_aij_aip"]


def test_wide_table_of_the_published_panel_in_survey_coding(tmp_path):
    lines = ["expert," + ",".join(CITY["input"]["columns"])]
    lines += [f"E{k}," + ",".join(str(int(value)) for value in row) for k, row in enumerate(CITY["input"]["rows"])]
    (tmp_path / "city.csv").write_text("\n".join(lines), "utf-8")
    found = read_judgements(tmp_path / "city.csv", coding="negative_first")
    assert list(found) == ["city"] and len(found["city"]) == 10
    result = group_weights(found["city"])
    attributes = CITY["input"]["attributes"]
    np.testing.assert_allclose(result.weights[attributes], CITY["expected"]["aij_weights_eigen"], atol=1e-7)


@pytest.mark.parametrize("heading", ["A | B", "A|B", "Reach vs Service", "覆盖：服务", "A/B", "A_B"])
def test_headings_of_wide_tables(tmp_path, heading):
    (tmp_path / "wide.csv").write_text(f"专家,{heading}\nE1,3\nE2,1/2\n", "gb18030")
    found = read_judgements(tmp_path / "wide.csv", framework=TREE)
    assert found["V"]["E1"].at["A", "B"] == 3 and found["V"]["E2"].at["A", "B"] == 0.5


def test_wide_headings_that_are_no_pair_are_listed(tmp_path):
    (tmp_path / "wide.csv").write_text("expert,A | B,remark\nE1,3,hello\n", "utf-8")
    with pytest.raises(JudgementError, match="line 1: the heading 'remark' is no pair of items"):
        read_judgements(tmp_path / "wide.csv", framework=TREE)


MATRICES = """Expert,E07,,
V,A,C,B
C,,1,
B,1/2,２,1
A,1,1／4,
,,,
A,Volunteers,Members
Members,3,1
Volunteers,1,1/3
"""


def test_matrices_in_a_csv_are_matched_by_name(tmp_path):
    (tmp_path / "any.csv").write_text(MATRICES, "utf-8")
    found = read_judgements(tmp_path / "any.csv", framework=TREE)
    matrix = found["V"]["E07"]
    assert (matrix.at["A", "C"], matrix.at["A", "B"], matrix.at["B", "C"]) == (0.25, 2, 2)
    assert found["A"]["E07"].at["A1", "A2"] == 3
    assert hierarchy_weights(found, TREE).at["A1", "local"] == pytest.approx(0.75)


def workbook(path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)


def test_matrices_one_a_sheet_find_their_node(tmp_path):
    top = [["", "覆盖", "服务", "公信"], ["覆盖", 1, 3, "1/2"], ["服务", "1/3", 1, None], ["公信", 2, None, 1]]
    below = [["", "会员", "志愿者"], ["会员", None, 5], ["志愿者", None, None]]
    workbook(tmp_path / "E03.xlsx", 表一=top, 表二=below)
    found = read_judgements(tmp_path / "E03.xlsx", framework=TREE)
    assert found["V"]["E03"].at["A", "B"] == 3 and np.isnan(found["V"]["E03"].at["B", "C"])
    assert found["A"]["E03"].at["A1", "A2"] == 5
    plain = read_judgements(tmp_path / "E03.xlsx")
    assert list(plain) == ["表一", "表二"] and plain["表二"]["E03"].at["会员", "志愿者"] == 5


def test_all_problems_of_a_matrix_are_listed_with_their_cells(tmp_path):
    rows = [["V", "A", "B", "C"], ["A", 1, 3, "x"], ["B", 3, 1, 0], ["C", None, None, 1]]
    workbook(tmp_path / "E01.xlsx", V=rows)
    with pytest.raises(JudgementError) as refusal:
        read_judgements(tmp_path / "E01.xlsx", framework=TREE)
    message = str(refusal.value)
    assert "3 problem(s)" in message
    assert "cell C2: A against B is 3, but E01.xlsx, sheet 'V', cell B3 says 3; expected reciprocals" in message
    assert "cell D2: A against C: found 'x'" in message
    assert "cell D3: B against C: found 0" in message
    assert "应互为倒数" in refusal.value.zh


def test_items_of_no_node_are_refused(tmp_path):
    (tmp_path / "wide.csv").write_text("expert,A | A1\nE1,3\n", "utf-8")
    with pytest.raises(JudgementError, match="no node of the framework has both 'A' and 'A1'"):
        read_judgements(tmp_path / "wide.csv", framework=TREE)


def test_survey_coding_in_long_form(tmp_path):
    text = "expert,node,item_a,item_b,value\nE1,V,A,B,-4\nE1,V,A,C,3\nE1,V,B,C,12\n"
    (tmp_path / "long.csv").write_text(text, "utf-8")
    with pytest.raises(JudgementError, match="line 4: B against C: found '12', expected a number from 1 to 9"):
        read_judgements(tmp_path / "long.csv", coding="negative_first")
    (tmp_path / "long.csv").write_text(text.replace("12", "1"), "utf-8")
    found = read_judgements(tmp_path / "long.csv", coding="negative_first")
    assert found["V"]["E1"].at["A", "B"] == 4 and found["V"]["E1"].at["A", "C"] == pytest.approx(1 / 3)


def test_what_is_laid_out_in_no_known_way_is_said_so(tmp_path):
    (tmp_path / "odd.csv").write_text("name,score\nA,3\n", "utf-8")
    with pytest.raises(JudgementError, match="found name, score; expected the columns expert, node") as refusal:
        read_judgements(tmp_path / "odd.csv")
    assert "或矩阵" in refusal.value.zh
