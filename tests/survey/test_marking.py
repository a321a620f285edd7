"""Workbooks of findings to send back to the towns."""

import openpyxl
import pytest

from tests.survey.rounds import small, write_organisations, write_residents, write_town
from vitality.errors import TableError
from vitality.survey import check_round, read_round, write_findings


def test_cells_in_question_are_coloured_and_listed(round_folder, tmp_path):
    write_town(round_folder, "甲镇", t1="见附件", t6="120000")
    raw = read_round(round_folder, small())
    issues = check_round(raw, small())
    files = write_findings(issues, raw, tmp_path / "back")
    assert [file.name for file in files] == ["t_甲镇_待核实.xlsx"]
    book = openpyxl.load_workbook(files[0])
    listed = list(book["问题清单"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in listed] == ["错误", "疑问"] and listed[0][4] == "见附件"
    cells = [book[row[1]][row[2]] for row in listed]
    assert [cell.fill.fgColor.rgb for cell in cells] == ["00F8CBAD", "00FFE699"]
    assert cells[0].value == "见附件" and "无法识别" in cells[0].comment.text


def test_rows_of_the_list_are_as_high_as_their_text(round_folder, tmp_path):
    write_town(round_folder, "甲镇", t1="见附件" * 60, t6="120000")
    raw = read_round(round_folder, small())
    (file,) = write_findings(check_round(raw, small()), raw, tmp_path)
    sheet = openpyxl.load_workbook(file)["问题清单"]
    heights = [sheet.row_dimensions[row].height for row in (2, 3)]
    # 180 letters, each as wide as two digits, in a column 20 wide; the other message has 60 letters in 60
    assert heights[0] >= 18 * 15 and 2 * 15 <= heights[1] <= 4 * 16


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_towns_are_told_what_they_can_do_themselves(round_folder, tmp_path, lang):
    write_town(round_folder, "甲镇", t1="见附件", t2="", t6="120000")
    raw = read_round(round_folder, small())
    issues = check_round(raw, small(), lang=lang)
    assert issues["action"].str.contains("corrections.csv").sum() == 2  # not for what is missing
    (file,) = write_findings(issues, raw, tmp_path, lang=lang)
    book = openpyxl.load_workbook(file)
    texts = [str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row]
    texts += [cell.comment.text for row in book.worksheets[1].iter_rows() for cell in row if cell.comment]
    assert not any("corrections.csv" in text or "请填报单位" in text for text in texts)
    correct = ("更正为", "Correct value")[lang == "en"]
    assert correct in texts and sum(("一栏", "list of findings", "Remark")[lang == "en"] in text for text in texts) >= 3


def test_what_goes_back_can_be_filled_in_and_read_again(round_folder, tmp_path):
    write_town(round_folder, "甲镇", t1="见附件")
    raw = read_round(round_folder, small())
    (file,) = write_findings(check_round(raw, small()), raw, tmp_path)
    book = openpyxl.load_workbook(file)
    place = next(row for row in book["问题清单"].iter_rows(min_row=2, values_only=True))
    book[place[1]][place[2]] = "50000"
    book.save(round_folder / "raw" / "t_甲镇.xlsx")
    assert check_round(read_round(round_folder, small()), small())["severity"].tolist() == ["note"]  # the added sheet


def test_findings_about_an_export_are_a_list(round_folder, tmp_path):
    write_residents(round_folder, [["甲镇", "也许", "急救", "5"]])
    raw = read_round(round_folder, small())
    files = write_findings(check_round(raw, small(), lang="en"), raw, tmp_path, lang="en")
    sheet = openpyxl.load_workbook(files[0]).active
    assert [cell.value for cell in sheet[2]][:5] == ["error", None, "D2", "m1", "也许"]


@pytest.mark.parametrize("text", ["=1+1", "=HYPERLINK(1)", "+1+1", "@x"])
def test_nothing_that_goes_back_is_a_formula(round_folder, tmp_path, text):
    write_organisations(round_folder, rows=[{"o1": text, "o2": text, "o3": text}])
    path = round_folder / "raw" / "t_甲镇.xlsx"
    book = openpyxl.load_workbook(path)
    book.active["F3"] = "=1+1"
    book.active["D20"] = "=WEBSERVICE(1)"
    book.save(path)
    write_town(round_folder, "乙镇", t1=text)
    raw = read_round(round_folder, small())
    for file in write_findings(check_round(raw, small()), raw, tmp_path, notes=True):
        for sheet in openpyxl.load_workbook(file):
            assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}, file


def test_another_table_is_refused(round_folder, tmp_path):
    raw = read_round(round_folder, small())
    with pytest.raises(TableError, match="expected the table that check_round gives"):
        write_findings(check_round(raw, small()).drop(columns="rule"), raw, tmp_path)
