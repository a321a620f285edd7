"""Files that no program should trip over: each ends in findings or in one clear message."""

import csv
import re
import zipfile

import numpy as np
import openpyxl
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.survey.rounds import (
    ORGANISATIONS,
    SMALL,
    in_a_process,
    rewritten,
    small,
    write_organisations,
    write_residents,
    write_town,
)
from vitality.errors import SurveyError
from vitality.framework import packages, read_framework
from vitality.framework.packages import inspect_package
from vitality.survey import changed_inputs, check_round, clean_round, corrected_round, prepare_round, read_round
from vitality.survey.grids import read_grids
from vitality.weights import write_judgement_form

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def edit(path, change):
    book = openpyxl.load_workbook(path)
    change(book.active)
    book.save(path)


def with_experts(folder):
    """The small framework with an instrument of experts' judgements."""
    content = yaml.safe_load(SMALL.read_text(encoding="utf-8"))
    content["instruments"].append(
        {"code": "e", "name_zh": "专家判断表", "respondent": "expert", "layout": "judgements", "questions": []}
    )
    path = folder / "framework.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return read_framework(path)


def cell_of(folder, question, file="t_甲镇.xlsx"):
    cells = read_round(folder, small()).cells
    return cells[(cells["file"] == file) & (cells["question"] == question)]["cell"].iloc[0]


def repack(path, name, content):
    """Put one more part into a workbook."""
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, content)


def test_a_truncated_workbook(round_folder):
    path = round_folder / "raw" / "t_甲镇.xlsx"
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(SurveyError, match="t_甲镇.xlsx: cannot be read as a workbook") as raised:
        read_round(round_folder, small())
    assert "请用 Excel 打开后重新另存" in raised.value.zh


def test_a_workbook_with_a_password_is_called_so(round_folder):
    path = round_folder / "raw" / "t_甲镇.xlsx"
    path.write_bytes(OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600))
    with pytest.raises(SurveyError, match="protected with a password") as raised:
        read_round(round_folder, small())
    assert "设有打开密码" in raised.value.zh


@pytest.mark.parametrize(
    ("name", "content"),
    [("t_丙镇.xlsx", b"<html><table></table></html>"), ("t_丙镇.xls", b"a,b\n1,2\n"), ("t_丙镇.pdf", b"%PDF-1.4"),
     ("t_丙镇.xlsx", OLE + bytes(500)), ("m_丙.csv", b"PK\x03\x04\x00\x00"), ("m_丙.sav", b"$FL2 broken")],
)  # fmt: skip
def test_a_wrong_format_is_one_clear_message(round_folder, name, content):
    (round_folder / "raw" / name).write_bytes(content)
    with pytest.raises(SurveyError, match=name) as raised:
        read_round(round_folder, small())
    assert name in raised.value.zh


@pytest.mark.parametrize(
    ("content", "english", "chinese"),
    [(b"", "it is empty", "文件是空的"), (b"PK\x03\x04 cut off", "damaged or not complete", "不完整或已损坏"),
     (b"<html><table></table></html>", "a web page", "内容是网页"), (b"a,b", "of another kind", "不是工作簿"),
     (OLE + bytes(500), "older format", "后缀所示的旧")],
)  # fmt: skip
def test_why_a_workbook_cannot_be_read_is_said_in_our_words(round_folder, content, english, chinese):
    path = round_folder / "raw" / "t_丙镇.xlsx"
    path.write_bytes(content)
    with pytest.raises(SurveyError, match=english) as raised:
        read_grids(path)
    assert chinese in raised.value.zh
    assert not re.search("zip|error|密码", raised.value.zh, re.IGNORECASE) and "password" not in str(raised.value)


def test_the_other_files_are_checked_when_one_cannot_be_read(round_folder):
    (round_folder / "raw" / "t_乙镇.xlsx").write_bytes(b"PK broken")
    (round_folder / "raw" / "e_专家.xlsx").write_bytes(b"")
    write_town(round_folder, "甲镇", t1="见附件")
    framework = with_experts(round_folder)
    for lang, words in (("zh", ("不完整或已损坏", "文件是空的")), ("en", ("it is damaged", "it is empty"))):
        issues = check_round(read_round(round_folder, framework, strict=False), framework, lang=lang)
        broken = issues[issues["rule"] == "unreadable_file"].sort_values("source")
        assert broken["source"].tolist() == ["e_专家.xlsx", "t_乙镇.xlsx"] and set(broken["severity"]) == {"error"}
        assert words[1] in broken["message"].iloc[0] and words[0] in broken["message"].iloc[1]
        assert "unreadable" in set(issues["rule"])  # 见附件 in the other form
    with pytest.raises(SurveyError, match="t_乙镇.xlsx"):
        read_round(round_folder, framework)
    (round_folder / "raw" / "t_乙镇.xlsx").unlink()
    assert "unreadable_file" in set(clean_round(read_round(round_folder, framework), framework).issues["rule"])


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 broken", b"no workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)]
)
def test_the_chinese_message_has_no_words_of_the_program(round_folder, content):
    (round_folder / "raw" / "t_丙镇.xlsx").write_bytes(content)
    with pytest.raises(SurveyError) as raised:
        read_round(round_folder, small())
    told = raised.value.zh.split("t_丙镇.xlsx")[1]
    assert set(re.findall("[A-Za-z]+", told)) <= {"Excel", "xlsx"}, told


def test_files_in_a_subfolder_are_told(round_folder):
    late = round_folder / "raw" / "补交"
    late.mkdir()
    write_town(round_folder, "丙镇").rename(late / "t_丙镇.xlsx")
    (round_folder / "raw" / "空").mkdir()
    issues = check_round(read_round(round_folder, small()), small())
    assert issues[["rule", "source", "severity"]].to_numpy().tolist() == [["subfolder", "raw/补交", "query"]]
    assert "有1个文件" in issues["message"].iloc[0]
    prepare_round(round_folder, small())
    (late / "t_丙镇.xlsx").unlink()
    assert changed_inputs(round_folder, small()) == ("raw/补交/t_丙镇.xlsx: removed",)


def test_columns_that_a_town_added_to_a_list_are_told(round_folder):
    def add(sheet):
        head = next(cell.row for cell in sheet["A"] if cell.value == "@columns")
        first = sheet.max_column + 1
        for column, texts in enumerate((("", "联系电话", "13800000000"), ("", "面积", "80"), ("o3", "人数", "9"),
                                        ("", None, "x"), ("", None, None)), start=first):  # fmt: skip
            for row, text in enumerate(texts, start=head):
                sheet.cell(row, column, text)

    edit(round_folder / "raw" / "o_甲镇.xlsx", add)
    issues = check_round(read_round(round_folder, small()), small())
    found = {(row.rule, row.value) for row in issues.itertuples()}
    letters = {value for rule, value in found if rule == "unmatched_column"} - {"面积"}
    assert found == {
        ("private_column", "联系电话"), ("unmatched_column", "面积"), ("doubled_column", "人数"),
        *(("unmatched_column", letter) for letter in letters),
    }  # fmt: skip
    assert len(letters) == 1 and letters.pop().isupper() and "13800000000" not in issues.to_csv()


@pytest.mark.parametrize(("first", "second", "used"), [("50000", None, 50000), (None, "7", 7), ("50000", "7", 50000)])
def test_a_second_row_of_a_question_does_not_replace_the_answer(round_folder, first, second, used):
    cell = cell_of(round_folder, "t1")

    def add(sheet):
        code = next(item.column for item in sheet[int(cell[1:])] if item.value == "t1")
        sheet[cell] = first
        last = sheet.max_row + 1
        sheet.cell(last, code, "t1")
        sheet[f"{cell[0]}{last}"] = second

    edit(round_folder / "raw" / "t_甲镇.xlsx", add)
    survey = clean_round(read_round(round_folder, small()), small())
    assert survey.answers["t"].at["甲镇", "t1"] == used
    doubled = survey.issues[survey.issues["rule"] == "doubled_row"]
    assert doubled["value"].tolist() == [(second if first else first) or ""] and doubled["question"].tolist() == ["t1"]


def test_a_zip_bomb_is_not_opened(round_folder):
    path = round_folder / "raw" / "t_甲镇.xlsx"
    repack(path, "xl/media/image1.png", bytes(100 << 20))
    with pytest.raises(SurveyError, match="when unpacked; it was not opened"):
        read_round(round_folder, small())


def test_macros_are_noted_and_not_run(round_folder):
    path = round_folder / "raw" / "t_甲镇.xlsx"
    repack(path, "xl/vbaProject.bin", b"macro")
    path.rename(path.with_suffix(".xlsm"))
    raw = read_round(round_folder, small())
    assert [(note.rule, note.source) for note in raw.notes] == [("macros", "t_甲镇.xlsm")]
    assert raw.tables["t"].text.loc["甲镇", "t1"] == "50000"


def test_a_sheet_of_a_million_rows_with_three_filled(round_folder):
    """A stray cell in the last row; another in the last column would take 400 GB if it were held densely."""
    edit(round_folder / "raw" / "t_甲镇.xlsx", lambda sheet: sheet.cell(1048576, 8, "x"))
    code = f"""
        from tests.survey.rounds import small
        from vitality.survey import read_round
        text = read_round({str(round_folder)!r}, small()).tables["t"].text
        assert text.loc["甲镇", "t1"] == "50000" and len(text) == 2
    """
    for column in (8, 16384):
        edit(round_folder / "raw" / "t_甲镇.xlsx", lambda sheet, column=column: sheet.cell(1048576, column, "x"))
        done = in_a_process(code)
        assert done.returncode == 0, done.stderr[-500:]


FAR = '<c r="XFD1048576" t="n"><v>1</v></c>'


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("</row>", f"{FAR}</row>"),
        ("</row>", "<c r='XFD1048576'><v>1</v></c></row>"),
        ("</row>", '<c t="n" r="xfd1048576"><v>1</v></c></row>'),
        ("</row>", '<x:c xmlns:x="urn:x" r="XFD1048576"><v>1</v></x:c></row>'),
        ("</sheetData>", f"<row>{FAR}</row></sheetData>"),
        ("</sheetData>", f"<row r='1048576'>{FAR}</row></sheetData>"),
        ("</sheetData>", '<row r="1048576"><c r="XFC1048576"><v>1</v></c><c><v>1</v></c></row></sheetData>'),
    ],
)
def test_a_far_cell_is_seen_however_it_is_written(round_folder, old, new):
    """Held densely the sheet would have 17 thousand million cells, which ends the process."""
    rewritten(round_folder / "raw" / "t_甲镇.xlsx", lambda sheet: sheet.replace(old, new, 1))
    code = f"""
        from tests.survey.rounds import small
        from vitality.survey import read_round
        text = read_round({str(round_folder)!r}, small()).tables["t"].text
        assert text.loc["甲镇", "t1"] == "50000" and len(text) == 2
    """
    done = in_a_process(code)
    assert done.returncode == 0, done.stderr[-500:]


def test_a_cell_where_no_sheet_has_one_is_refused(round_folder):
    far = '<c r="XFE1"><v>1</v></c></row>'
    rewritten(round_folder / "raw" / "t_甲镇.xlsx", lambda sheet: sheet.replace("</row>", far, 1))
    with pytest.raises(SurveyError, match="t_甲镇.xlsx: cannot be read as a workbook") as raised:
        read_round(round_folder, small())
    assert "t_甲镇.xlsx" in raised.value.zh


def test_error_values_beside_a_far_cell(round_folder):
    path, cell = round_folder / "raw" / "t_甲镇.xlsx", cell_of(round_folder, "t5")
    broken = rf"<c r='{cell}' t='e'><v>#REF!</v></c>"
    rewritten(path, lambda sheet: re.sub(rf'<c r="{cell}"[^>]*?(/>|>.*?</c>)', broken, sheet, count=1))
    rewritten(path, lambda sheet: sheet.replace("</sheetData>", f'<row r="1048576">{FAR}</row></sheetData>'))
    issues = check_round(read_round(round_folder, small()), small())
    assert issues[["rule", "value"]].to_numpy().tolist() == [["unreadable", "#REF!"]]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("<c r='{}' t='e'><v>#REF!</v></c>", "#REF!"),
        ('<c t="e" s="1" r="{}"><v>#N/A</v></c>', "#N/A"),
        ("<c t='e'\n r='{}'><f>A1 &lt; 2</f><v>#NAME?</v></c>", "#NAME?"),
        ('<x:c xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="{}" t="e"><x:v>#REF!</x:v></x:c>',
         "#REF!"),
        ("<c r='{}'><f ca='1'>SUM(A1,2)</f><v/></c>", "=SUM(A1,2)"),
        ("<c r='{}'><f>A1&amp;\"x\"</f></c>", '=A1&"x"'),
    ],
)  # fmt: skip
def test_error_values_and_formulas_are_seen_however_they_are_written(round_folder, written, value):
    path, cell = round_folder / "raw" / "t_甲镇.xlsx", cell_of(round_folder, "t5")
    new = written.format(cell)
    rewritten(path, lambda sheet: re.sub(rf'<c r="{cell}"[^>]*?(/>|>.*?</c>)', lambda _: new, sheet, count=1))
    issues = check_round(read_round(round_folder, small()), small())
    assert issues[["rule", "value"]].to_numpy().tolist() == [["unreadable", value]]


def test_the_quick_look_and_the_look_as_xml_see_the_same(round_folder, monkeypatch):
    """A plain sheet is only glanced at; that must not cost a finding."""
    hidden = inspect_package(round_folder / "raw" / "t_甲镇.xlsx", error=SurveyError).sheets
    monkeypatch.setattr(packages, "_odd_cell", lambda percent: re.compile(b""))
    again = inspect_package(round_folder / "raw" / "t_甲镇.xlsx", error=SurveyError).sheets
    assert [(s.formulas, s.lost, s.sparse) for s in hidden.values()] == [
        (s.formulas, s.lost, s.sparse) for s in again.values()
    ]


def test_a_far_cell_of_an_expert_does_not_end_the_process(tmp_path):
    path = write_judgement_form(small(), tmp_path / "e_1.xlsx", expert="甲")
    edit(path, lambda sheet: sheet.cell(1048576, 16384, "x"))
    code = f"""
        from tests.survey.rounds import small
        from vitality.errors import JudgementError
        from vitality.weights import read_judgements
        try:
            read_judgements({str(path)!r}, framework=small())
        except JudgementError as problem:
            assert "no judgement in it" in str(problem), problem
    """
    done = in_a_process(code)
    assert done.returncode == 0, done.stderr[-500:]


def test_a_sheet_of_the_libreoffice_kind_is_refused_by_name(round_folder):
    """Its rows may be repeated a million times by one number, and its error values are blank when it is read."""
    (round_folder / "raw" / "t_丙镇.ods").write_bytes(b"PK")
    with pytest.raises(SurveyError, match="t_丙镇.ods: found the ending '.ods'; expected .xlsx") as raised:
        read_round(round_folder, small())
    assert "另存为" in raised.value.zh


def test_a_formula_without_a_result_is_an_error_and_no_blank(round_folder):
    cell = cell_of(round_folder, "t5")  # not required: a blank would go unseen
    edit(round_folder / "raw" / "t_甲镇.xlsx", lambda sheet: sheet.__setitem__(cell, "=SUM(1,2)"))
    issues = check_round(read_round(round_folder, small()), small())
    assert issues[["rule", "value", "severity"]].to_numpy().tolist() == [["unreadable", "=SUM(1,2)", "error"]]
    assert issues["source"].iloc[0].endswith(cell)


def test_the_stored_result_of_a_formula_is_used_and_noted(round_folder):
    path, cell = round_folder / "raw" / "t_甲镇.xlsx", cell_of(round_folder, "t5")
    edit(path, lambda sheet: sheet.__setitem__(cell, "=SUM(1,2)"))
    old = path.read_bytes()
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"<f>SUM(1,2)</f><v></v>", b"<f>SUM(1,2)</f><v>3</v>")
    assert parts["xl/worksheets/sheet1.xml"] != sheet and old
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    raw = read_round(round_folder, small())
    assert raw.tables["t"].text.loc["甲镇", "t5"] == "3"
    assert [(note.rule, note.value) for note in raw.notes] == [("formula", "=SUM(1,2)")]


@pytest.mark.parametrize("error", ["#REF!", "#DIV/0!", "#N/A", "#NAME?", "#VALUE!"])
def test_error_values_are_errors_and_no_blanks(round_folder, error):
    cell = cell_of(round_folder, "t5")

    def put(sheet):
        sheet[cell] = error
        sheet[cell].data_type = "e"

    edit(round_folder / "raw" / "t_甲镇.xlsx", put)
    issues = check_round(read_round(round_folder, small()), small())
    assert issues[["rule", "value"]].to_numpy().tolist() == [["unreadable", error]]


def test_cells_merged_across_organisations_are_not_given_to_one_of_them(round_folder):
    cells = read_round(round_folder, small()).cells
    mine = cells[(cells["file"] == "o_甲镇.xlsx") & (cells["question"] == "o3")]["cell"].tolist()
    edit(round_folder / "raw" / "o_甲镇.xlsx", lambda sheet: sheet.merge_cells(f"{mine[0]}:{mine[1]}"))
    survey = clean_round(read_round(round_folder, small()), small())
    merged = survey.issues[survey.issues["rule"] == "merged_cells"]
    assert (
        len(merged) == 2
        and set(merged["severity"]) == {"error"}
        and f"{mine[0]}:{mine[1]}" in merged["message"].iloc[0]
    )
    assert survey.answers["o"].loc[["甲镇-001", "甲镇-002"], "o3"].isna().all()


def saved_at(path, moment):
    """Say in a workbook when it was saved, as Excel and WPS do."""
    rewritten(
        path,
        lambda text: re.sub("(<dcterms:modified[^>]*>)[^<]*", rf"\g<1>{moment}", text),
        part="docProps/core.xml",
    )
    return path


@pytest.mark.parametrize("resent", ["t_甲镇(1).xlsx", "t_甲镇_改.xlsx"])
@pytest.mark.parametrize(
    "times", [("2024-11-02T08:00:00Z", "2024-11-05T09:00:00Z"), ("2024-11-30T08:00:00Z", "2024-12-01T00:10:00+08:00")]
)
def test_of_two_forms_the_one_saved_last_counts_whatever_the_files_are_called(round_folder, resent, times):
    """The second pair is told apart by moments in different zones: 16:10 on 30 November in Greenwich."""
    new = saved_at(write_town(round_folder, "甲镇", t1="51000", t3="2"), times[1])
    new.rename(new.with_name(resent))
    saved_at(write_town(round_folder, "甲镇"), times[0])
    survey = clean_round(read_round(round_folder, small()), small())
    assert survey.answers["t"].index.tolist() == ["乙镇", "甲镇"]
    assert survey.answers["t"].loc["甲镇", ["t1", "t3"]].tolist() == [51000, 2]
    (issue,) = survey.issues.to_dict("records")
    assert (issue["rule"], issue["severity"]) == ("repeated_form", "query") and "t_甲镇.xlsx" in issue["source"]
    assert resent in issue["message"] and "t1 “50000”→“51000”；t3 “3”→“2”" in issue["message"]
    logged = survey.changes[["question", "old", "new", "rule"]].to_numpy().tolist()
    assert logged == [["", "甲镇", "", "repeated_form"], ["t1", "50000", "51000", "repeated_form"],
                      ["t3", "3", "2", "repeated_form"]]  # fmt: skip


@pytest.mark.parametrize("moment", [None, "2024-11-02T08:00:00Z", "gestern, 12:00"])
def test_of_two_forms_in_no_known_order_none_is_preferred(round_folder, moment):
    """One of them does not say when it was saved, or both the same moment, or no moment at all."""
    paths = []
    for name, answers in (("t_甲镇(1).xlsx", {"t1": "51000"}), ("t_甲镇.xlsx", {})):
        path = write_town(round_folder, "甲镇", **answers)
        paths.append(path.rename(path.with_name(name)))
        if moment:
            saved_at(paths[-1], moment)
    survey = clean_round(read_round(round_folder, small()), small())
    assert survey.answers["t"].index.tolist() == ["乙镇", "甲镇"]
    assert np.isnan(survey.answers["t"].at["甲镇", "t1"]) and survey.answers["t"].at["甲镇", "t6"] == 12.5
    issues = survey.issues.set_index("rule")
    assert set(issues["severity"]) == {"error"} and set(issues.index) == {"two_forms", "two_answers"}
    for rule in issues.index:
        message = issues.at[rule, "source"] + issues.at[rule, "message"]
        assert all(word in message for word in ("t_甲镇(1).xlsx", "t_甲镇.xlsx", "50000", "51000")), message
        assert "移出 raw" in issues.at[rule, "action"]


def test_an_empty_form_does_not_replace_the_filled_one(round_folder):
    path = write_town(
        round_folder, "甲镇", **dict.fromkeys(("t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t9", "t10"), "")
    )
    path.rename(path.with_name("t_甲镇(1).xlsx"))
    write_town(round_folder, "甲镇")
    survey = clean_round(read_round(round_folder, small()), small())
    assert survey.issues["rule"].tolist() == ["empty_form"] and survey.answers["t"].at["甲镇", "t1"] == 50000


def test_a_list_that_was_sent_again_gives_each_organisation_once(round_folder):
    """In the second list, which is the later one, one organisation has another number and one is new."""
    again = [
        {**ORGANISATIONS[0], "o3": "12"},
        ORGANISATIONS[1],
        {"o1": "丙站", "o2": "站", "o3": "7", "o4": "1", "o5": "1"},
    ]
    new = saved_at(write_organisations(round_folder, "甲镇", again), "2024-11-05T09:00:00Z")
    new.rename(new.with_name("o_甲镇(1).xlsx"))
    saved_at(write_organisations(round_folder, "甲镇"), "2024-11-02T09:00:00Z")
    survey = clean_round(read_round(round_folder, small()), small())
    own = survey.answers["o"].query("unit == '甲镇'").set_index("o1")
    assert own["o3"].to_dict() == {"甲站": 12, "丙站": 7, "乙校": 30}
    assert sorted(survey.issues["rule"]) == ["duplicate", "same_again"]


def test_every_sheet_of_a_workbook_is_read_and_others_are_noted(round_folder):
    path = round_folder / "raw" / "t_甲镇.xlsx"
    book = openpyxl.load_workbook(path)
    second = book.copy_worksheet(book.active)
    row = next(cell.row for cell in second["A"] if cell.value == "@unit")
    second.cell(row, 4).value = "丙镇"
    book.create_sheet("随记")["A1"] = "x"
    book.save(path)
    raw = read_round(round_folder, small())
    assert set(raw.tables["t"].about["unit"]) == {"甲镇", "乙镇", "丙镇"}
    assert [(note.rule, note.value) for note in raw.notes] == [("unused_sheet", "随记")]


def test_a_head_in_traditional_chinese_is_read(round_folder):
    head = ["序號", "所用時間", "1、所在街鎮", "2、知道紅十字會嗎？", "3、能說出哪些服務？", "4、信任程度"]
    write_residents(round_folder, [["甲鎮", "是", "急救┋獻血", "5"]], head=head)
    raw = read_round(round_folder, small())
    assert raw.notes == () and raw.tables["m"].text.loc["m1"].tolist() == ["是", "急救┋獻血", "5"]
    survey = clean_round(raw, small())
    assert survey.answers["m"].loc["m1", ["unit", "m2"]].tolist() == ["甲镇", "aid|blood"]


@pytest.mark.parametrize("text", ["👍", "12👍", "\x07", "a\x00b", "\u202e12", "🏥" * 500])
def test_emoji_and_control_characters(round_folder, text, tmp_path):
    write_residents(round_folder, [["甲镇", text.replace("\x00", ""), "急救", "5"]])
    survey = prepare_round(round_folder, small())
    survey.issues.to_csv(tmp_path / "x.csv")
    assert survey.answers["m"].shape == (1, 4)


FORMULAS = ["=1+1", "=cmd|'/c calc'!A1", "+86", "-2+3", "@SUM(A1)", "＝1+1", "\t=1", '=HYPERLINK("http://x")', "'=1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_answer_becomes_a_formula_in_what_people_open(round_folder, text):
    write_organisations(round_folder, rows=[{"o1": text, "o2": text, "o3": text, "o4": "1"}])
    survey = prepare_round(round_folder, small())
    for name in ("issues.csv", "changes.csv"):
        content = (round_folder / "clean" / name).read_text(encoding="utf-8-sig")
        assert not any(
            line.startswith(tuple("=+@＝\t")) for line in content.replace('"', "").replace(",", "\n").split("\n")
        )
    again = prepare_round(round_folder, small())
    assert again.issues.equals(survey.issues) and again.changes.equals(survey.changes)


@given(st.lists(st.lists(st.text(max_size=8), max_size=9), max_size=8))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_table_of_text_is_read_or_refused_in_words(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("any")
    write_town(folder)
    head = ["序号", "1、所在街镇", "m1", "m2", "m3"]
    with (folder / "raw" / "m_x.csv").open("w", encoding="utf-8", newline="", errors="ignore") as file:
        csv.writer(file).writerows([head, *rows])
    try:
        survey = clean_round(read_round(folder, small()), small())
    except SurveyError as problem:
        assert problem.zh
        return
    assert set(survey.issues["severity"]) <= {"error", "query", "note"}


@given(st.binary(max_size=400), st.sampled_from([".xlsx", ".csv", ".sav", ".xls"]))
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_bytes_are_read_or_refused_in_words(tmp_path_factory, content, ending):
    folder = tmp_path_factory.mktemp("bytes")
    write_town(folder)
    (folder / "raw" / f"m_x{ending}").write_bytes(content)
    try:
        read_round(folder, small())
    except SurveyError as problem:
        assert problem.zh and f"m_x{ending}" in str(problem)


@given(st.integers(0, 10**6), st.integers(1, 200))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_damaged_workbook_is_read_or_refused_in_words(tmp_path_factory, start, length):
    folder = tmp_path_factory.mktemp("damaged")
    path = write_town(folder)
    content = bytearray(path.read_bytes())
    rng = np.random.default_rng(start)
    first = start % len(content)
    content[first : first + length] = rng.bytes(min(length, len(content) - first))
    path.write_bytes(content)
    try:
        clean_round(read_round(folder, small()), small())
    except SurveyError as problem:
        assert problem.zh


def test_a_correction_of_a_file_that_cannot_be_read_waits(round_folder):
    """Also where the name of the file holds personal data, which every output masks."""
    path = round_folder / "raw" / "t_乙镇_13800000000.xlsx"
    (round_folder / "raw" / "t_乙镇.xlsx").rename(path)
    path.write_bytes(b"PK broken")
    head = "file,sheet,cell,from,to,reason,by,date"
    row = f"{path.name},填报表,D7,50000,51000,核实,李某,2024-12-01"
    (round_folder / "corrections.csv").write_text(f"{head}\n{row}\n", encoding="utf-8")
    corrected, notes = corrected_round(read_round(round_folder, small(), strict=False))
    assert notes == [] and "unreadable_file" in set(check_round(corrected, small())["rule"])
