import csv

import openpyxl
import pytest

from tests.survey.rounds import RESIDENTS, small, write_organisations, write_residents, write_town
from vitality.errors import SurveyError
from vitality.framework import read_framework
from vitality.survey import read_round


def notes(raw, rule):
    return [note for note in raw.notes if note.rule == rule]


def test_every_cell_is_text_with_its_place(round_folder):
    raw = read_round(round_folder, small())
    cells = raw.cells
    assert list(cells.columns) == [
        "instrument", "respondent", "unit", "question", "text", "file", "sheet", "cell",
    ]  # fmt: skip
    assert cells.groupby("instrument").size().to_dict() == {"m": 6 * 3, "o": 4 * 5, "t": 2 * 10}
    assert all(isinstance(text, str) for text in cells["text"])


@pytest.mark.parametrize("instrument", ["t", "o"])
def test_the_named_cell_holds_the_text(round_folder, instrument):
    cells = read_round(round_folder, small()).cells
    for row in cells[cells["instrument"] == instrument].itertuples():
        book = openpyxl.load_workbook(round_folder / "raw" / row.file)
        value = book[row.sheet][row.cell].value
        assert ("" if value is None else str(value)) == row.text


def test_the_named_cell_of_a_csv_holds_the_text(round_folder):
    cells = read_round(round_folder, small()).cells
    with (round_folder / "raw" / "m_2024.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.reader(file))
    for row in cells[cells["instrument"] == "m"].itertuples():
        column, line = ord(row.cell[0]) - 65, int(row.cell[1:]) - 1
        assert rows[line][column] == row.text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_exports_are_read_in_the_usual_encodings(round_folder, encoding):
    write_residents(round_folder, [["甲镇", *row] for row in RESIDENTS], encoding=encoding)
    raw = read_round(round_folder, small())
    assert raw.tables["m"].text["m2"].tolist() == ["急救┋献血", "说不出", "说不出"]


def test_private_columns_never_come_in(round_folder):
    head = [
        "序号",
        "来自IP",
        "您的姓名",
        "联系电话",
        "1、所在街镇",
        "2、知道红十字会吗？",
        "能说出哪些服务？",
        "m3",
    ]
    rows = [["1", "192.0.2.7", "张三", "13800000000", "甲镇", "是", "急救", "5"]]
    with (round_folder / "raw" / "m_2024.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    raw = read_round(round_folder, small())
    assert [note.value for note in notes(raw, "private_column")] == ["来自IP", "您的姓名", "联系电话"]
    everything = raw.cells.to_csv() + repr(raw.notes)
    assert "张三" not in everything and "192.0.2.7" not in everything and "1380000" not in everything
    assert raw.tables["m"].text.loc["m1"].tolist() == ["是", "急救", "5"]


def test_an_unmatched_column_offers_the_near_question(round_folder):
    head = ["序号", "用时", "所在街镇", "知道红十字会么？", "能说出哪些服务？", "信任程度"]
    write_residents(round_folder, [["甲镇", "是", "急救", "5"]], head=head)
    raw = read_round(round_folder, small())
    near = {note.value: note.details.get("near", "") for note in notes(raw, "unmatched_column")}
    assert near == {"用时": "", "知道红十字会么？": "知道红十字会吗？"}
    assert [note.question for note in notes(raw, "missing_column")] == ["m1"]


def test_lock_files_are_skipped_and_stray_files_noted(round_folder):
    (round_folder / "raw" / "~$t_甲镇.xlsx").write_bytes(b"lock")
    (round_folder / "raw" / "通知.docx").write_bytes(b"x")
    raw = read_round(round_folder, small())
    assert [note.value for note in notes(raw, "stray_file")] == ["通知.docx"]
    assert len(raw.tables["t"].text) == 2


def test_missing_folder(tmp_path):
    with pytest.raises(SurveyError, match="there is no such folder"):
        read_round(tmp_path / "none", small())


def test_an_empty_folder_says_what_belongs_there(tmp_path):
    with pytest.raises(SurveyError, match="the folder is empty") as raised:
        read_round(tmp_path, small())
    assert "t_*.xlsx (街镇表, Town form)" in str(raised.value) and "m_*.csv" in str(raised.value)


def test_an_empty_raw_folder(tmp_path):
    (tmp_path / "raw").mkdir()
    with pytest.raises(SurveyError, match="Put the returned forms there"):
        read_round(tmp_path, small())


def test_a_missing_instrument_of_the_units_is_named_in_both_languages(tmp_path):
    (tmp_path / "raw").mkdir()
    write_organisations(tmp_path)
    with pytest.raises(SurveyError, match=r"missing instrument: 街镇表 \(Town form\), files t_\*\.xlsx") as raised:
        read_round(tmp_path, small())
    assert "'o_甲镇.xlsx'" in str(raised.value)


def test_a_missing_export_is_an_issue(round_folder):
    (round_folder / "raw" / "m_2024.csv").unlink()
    raw = read_round(round_folder, small())
    assert [note.instrument for note in notes(raw, "missing_instrument")] == ["m"]
    assert "m" not in raw.tables


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04 broken"])
def test_unreadable_workbooks_are_named(round_folder, content):
    (round_folder / "raw" / "t_甲镇.xlsx").write_bytes(content)
    with pytest.raises(SurveyError, match="t_甲镇.xlsx: cannot be read as a workbook") as raised:
        read_round(round_folder, small())
    assert "save it again as .xlsx" in str(raised.value)


def test_a_file_that_is_no_form_is_a_finding(round_folder):
    openpyxl.Workbook().save(round_folder / "raw" / "t_丙镇.xlsx")
    raw = read_round(round_folder, small())
    assert [note.value for note in notes(raw, "not_a_form")] == ["t_丙镇.xlsx"]
    assert len(raw.tables["t"].text) == 2


def test_total_and_signature_rows_are_left_out(tmp_path):
    write_town(tmp_path)
    write_organisations(tmp_path, rows=[{"o1": "甲站", "o3": "5"}, {"o1": "合计", "o3": "5"}, {"o1": "填表人：王某"}])
    raw = read_round(tmp_path, small())
    assert raw.tables["o"].text["o1"].tolist() == ["甲站"]
    assert len(notes(raw, "total_row")) == 2


def test_answers_move_with_their_columns(tmp_path):
    """Nothing depends on the order of the columns of a list: the hidden codes tell."""
    write_town(tmp_path)
    path = write_organisations(tmp_path)
    book = openpyxl.load_workbook(path)
    sheet = book.active
    sheet.move_range(f"E1:E{sheet.max_row}", cols=20)
    book.save(path)
    assert read_round(tmp_path, small()).tables["o"].text["o3"].tolist() == ["10", "30"]


def test_tables_come_in_by_their_columns():
    framework = read_framework("ifrc_fdrs")
    raw = read_round("data/rounds/fdrs_2020", framework)
    albania = raw.cells[(raw.cells["respondent"] == "ALB") & (raw.cells["question"] == "KPI_PStaff_Tot_IP")]
    assert albania["text"].tolist() == ["53.0"]
