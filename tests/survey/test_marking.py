"""Workbooks of findings to send back to the towns."""

import html
import re
import zipfile

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from tests.survey.rounds import (
    SMALL,
    in_a_process,
    rewritten,
    small,
    write_organisations,
    write_residents,
    write_town,
)
from vitality.errors import TableError
from vitality.framework import read_framework
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


def parts(file):
    """Every part of a workbook as text, by its name."""
    with zipfile.ZipFile(file) as package:
        return {name: html.unescape(package.read(name).decode("utf-8", "replace")) for name in package.namelist()}


def marked(folder, target, framework=None):
    framework = framework or small()
    raw = read_round(folder, framework)
    return write_findings(check_round(raw, framework), raw, target)


def test_what_goes_back_holds_nothing_personal_and_nothing_that_runs(round_folder, tmp_path):
    path = write_town(round_folder, "甲镇", t1="见附件", t10="东区 13800000000")
    book = openpyxl.load_workbook(path)
    sheet = book.active
    sheet["H1"] = "填表人：张三 联系电话：13800000001"
    sheet["H2"], sheet["I2"] = "负责人", "李四"
    sheet["H3"] = 13800000002
    sheet["H4"], sheet["H4"].hyperlink = "点我", "http://example.org/x"
    sheet["H5"] = '=WEBSERVICE("http://example.org/13800000003")'
    sheet["H6"] = "批注"
    sheet["H6"].comment = Comment("王五 13800000004", "赵六13800000005")
    rule = FormulaRule(formula=['WEBSERVICE("http://example.org")=1'], fill=PatternFill("solid", fgColor="FF0000"))
    sheet.conditional_formatting.add("H7", rule)
    sheet.oddHeader.center.text = "钱七 13800000006"
    sheet.add_data_validation(DataValidation(type="custom", formula1='WEBSERVICE("http://example.org")', sqref="H8"))
    book.defined_names["Auto_Open"] = DefinedName("Auto_Open", attr_text='WEBSERVICE("http://example.org")')
    for title, state in (("联系 周九13800000007", "visible"), ("隐藏", "veryHidden")):
        page = book.create_sheet(title)
        page.sheet_state, page["A1"] = state, "吴十 13800000008"
    book.properties.creator, book.properties.lastModifiedBy = "郑一13800000009", "郑一"
    path.unlink()
    book.save(path.with_name("t_甲镇_孙八13800000010.xlsx"))
    (file,) = marked(round_folder, tmp_path / "back")
    assert re.fullmatch(r"t_甲镇_\[已隐去\]-[0-9a-f]{4}_待核实\.xlsx", file.name)
    names = ["张三", "李四", "王五", "赵六", "钱七", "孙八", "周九", "吴十", "郑一"]
    for part, text in parts(file).items():
        assert not [word for word in ("1380000", *names) if word in text], part
        live = re.sub("<is>.*?</is>", "", text, flags=re.DOTALL)  # without the texts of cells
        assert not re.search("WEBSERVICE|http://example.org|veryHidden|Auto_Open", live), part
    back = openpyxl.load_workbook(file)
    assert back.sheetnames == ["问题清单", "填报表"]
    assert "f" not in {cell.data_type for page in back for row in page.iter_rows() for cell in row}


def test_what_goes_back_looks_like_the_form(round_folder, tmp_path):
    path = write_town(round_folder, "甲镇", t1="见附件")
    (file,) = marked(round_folder, tmp_path / "back")
    sent, back = openpyxl.load_workbook(path).active, openpyxl.load_workbook(file)["填报表"]
    assert back.protection.sheet and back.freeze_panes == sent.freeze_panes
    assert {str(area) for area in back.merged_cells.ranges} == {str(area) for area in sent.merged_cells.ranges}
    assert len(back.data_validations.dataValidation) == len(sent.data_validations.dataValidation) > 0
    for letter in "ABCDEF":
        assert back.column_dimensions[letter].width == sent.column_dimensions[letter].width
        assert back.column_dimensions[letter].hidden == sent.column_dimensions[letter].hidden
    for row in sent.iter_rows():
        for cell in row:
            other = back[cell.coordinate]
            assert str(other.value) == str(cell.value) and other.font.b == cell.font.b
            assert (
                other.protection.locked == cell.protection.locked
                and other.alignment.wrap_text == cell.alignment.wrap_text
            )


def test_long_lists_of_options_stay_in_a_hidden_sheet_of_ours(round_folder, tmp_path):
    path = write_town(round_folder, "甲镇", t1="见附件")
    book = openpyxl.load_workbook(path)
    page = book.create_sheet("options")
    page["A1"], page["B1"], page.sheet_state = "@codebook", "街道", "hidden"
    rule = DataValidation(type="list", formula1="options!$B$1:$B$1", sqref="D20")
    book.active.add_data_validation(rule)
    book.save(path)
    (file,) = marked(round_folder, tmp_path / "back")
    back = openpyxl.load_workbook(file)
    assert back["options"].sheet_state == "hidden" and back["options"]["B1"].value == "街道"
    assert "options!$B$1:$B$1" in {item.formula1 for item in back["填报表"].data_validations.dataValidation}


@pytest.mark.parametrize("how", ["drop", "hash"])
def test_private_answers_do_not_go_back(round_folder, tmp_path, monkeypatch, how):
    monkeypatch.setenv("VITALITY_KEY", "long secret")
    own = tmp_path / "framework.yaml"
    text = SMALL.read_text(encoding="utf-8").replace(
        "{code: o1, kind: text,", f"{{code: o1, kind: text, private: {how},"
    )
    own.write_text(text, encoding="utf-8")
    write_organisations(round_folder, rows=[{"o1": "某某站", "o2": "站", "o3": "见附件", "o4": "5"}])
    files = marked(round_folder, tmp_path / "back", read_framework(own))
    (file,) = [file for file in files if file.name.startswith("o_甲镇")]
    assert not any("某某站" in text for text in parts(file).values())


def test_private_columns_of_an_export_workbook_do_not_go_back(round_folder, tmp_path):
    heads = ["序号", "姓名", "微信昵称", "1、所在街镇", "2、知道红十字会吗？", "3、能说出哪些服务？", "4、信任程度"]
    book = openpyxl.Workbook()
    for row in (heads, [1, "张三", "某花", "甲镇", "也许", "急救", 5]):
        book.active.append(row)
    (round_folder / "raw" / "m_2024.csv").unlink()
    book.save(round_folder / "raw" / "m_2024.xlsx")
    (file,) = marked(round_folder, tmp_path / "back")
    written = "".join(parts(file).values())
    assert "张三" not in written and "某花" not in written and "也许" in written and "所在街镇" in written


def test_a_sheet_that_reaches_far_down_goes_back_at_once(round_folder, tmp_path):
    path = write_town(round_folder, "甲镇", t1="见附件")
    book = openpyxl.load_workbook(path)
    book.active["C1048576"] = "末行"
    book.save(path)
    (file,) = marked(round_folder, tmp_path / "back")
    assert openpyxl.load_workbook(file)["填报表"]["C1048576"].value == "末行"


def test_a_form_that_cannot_be_coloured_is_listed_and_the_others_are_coloured(round_folder, tmp_path):
    """openpyxl refuses a kind of validation that does not exist; the reader does not look at validations."""
    for name in ("甲镇", "乙镇"):
        write_town(round_folder, name, t1="见附件")
    rewritten(round_folder / "raw" / "t_甲镇.xlsx", lambda sheet: sheet.replace('type="list"', 'type="listx"', 1))
    raw = read_round(round_folder, small())
    listed, coloured = sorted(
        write_findings(check_round(raw, small()), raw, tmp_path), key=lambda file: "乙" in file.name
    )
    assert openpyxl.load_workbook(coloured).sheetnames[0:2] == ["问题清单", "填报表"]
    sheets = openpyxl.load_workbook(listed)
    texts = [cell.value for row in sheets["问题清单"].iter_rows() for cell in row if cell.value]
    assert sheets.sheetnames == ["问题清单"] and "见附件" in texts and any("未能标色" in str(text) for text in texts)


def test_a_form_with_a_far_cell_is_marked_in_no_time(round_folder, tmp_path):
    path = write_town(round_folder, "甲镇", t1="见附件")
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    rewritten(path, lambda sheet: sheet.replace("</sheetData>", far))
    code = f"""
        from tests.survey.rounds import small
        from vitality.survey import check_round, read_round, write_findings
        raw = read_round({str(round_folder)!r}, small())
        assert write_findings(check_round(raw, small()), raw, {str(tmp_path)!r})
    """
    done = in_a_process(code)
    assert done.returncode == 0, done.stderr[-500:]
