import shutil
import subprocess

import openpyxl
import pandas as pd
import pytest

import vitality as vt
from tests.survey.rounds import ORGANISATIONS, TOWN, small, write_residents
from vitality.errors import SurveyError
from vitality.framework import read_framework
from vitality.survey import read_round, write_questionnaires
from vitality.survey.form_sheets import Heading
from vitality.survey.forms import write_instrument
from vitality.survey.workbooks import choice_list

REDCROSS = read_framework("redcross")


def test_one_workbook_a_unit_and_a_printable_one_a_survey(tmp_path):
    units = pd.DataFrame({"name": ["甲镇", "乙镇"], "group": ["东区", "东区"]})
    files = write_questionnaires(REDCROSS, tmp_path, units=units)
    assert sorted(file.name for file in files) == sorted(
        [
            "t_甲镇.xlsx",
            "t_乙镇.xlsx",
            "o_甲镇.xlsx",
            "o_乙镇.xlsx",
            "w_问卷.xlsx",
            "m_问卷.xlsx",
            "b_问卷.xlsx",
        ]
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("instrument", "answers"), [("t", [TOWN]), ("o", ORGANISATIONS)])
def test_a_filled_form_reads_back_without_loss(tmp_path, lang, instrument, answers):
    framework = small()
    if lang == "en":
        words = {"是": "yes", "镇": "town", "站": "station", "校": "school"}
        answers = [{code: words.get(text, text) for code, text in row.items()} for row in answers]
    given = answers[0] if instrument == "t" else answers
    raw = tmp_path / "raw"
    write_instrument(
        framework, framework.instrument("t"), raw / "t_甲镇.xlsx", Heading("甲镇"), answers=TOWN, lang=lang
    )
    write_instrument(framework, framework.instrument("o"), raw / "o_甲镇.xlsx", Heading("甲镇"), lang=lang)
    path = raw / f"{instrument}_甲镇.xlsx"
    write_instrument(framework, framework.instrument(instrument), path, Heading("甲镇"), answers=given, lang=lang)
    table = read_round(tmp_path, framework).tables[instrument]
    assert table.about["unit"].unique().tolist() == ["甲镇"]
    codes = framework.instrument(instrument).question_codes
    assert table.text.to_dict("records") == [{code: row.get(code, "") for code in codes} for row in answers]


def test_what_looks_like_a_formula_stays_text(tmp_path):
    framework = small()
    path = tmp_path / "raw" / "t_甲镇.xlsx"
    answers = {**TOWN, "t10": "=1+1", "t1": "=SUM(A1)"}
    write_instrument(framework, framework.instrument("t"), path, Heading("甲镇"), answers=answers)
    types = {cell.data_type for row in openpyxl.load_workbook(path).active.iter_rows() for cell in row}
    assert "f" not in types


def test_only_answers_are_open_and_choices_have_lists(tmp_path):
    write_questionnaires(REDCROSS, tmp_path, units=["甲镇"])
    sheet = openpyxl.load_workbook(tmp_path / "t_甲镇.xlsx").active
    assert sheet.protection.sheet
    rows = {row[0].value: row for row in sheet.iter_rows() if row[0].value}
    codes = REDCROSS.instrument("t").question_codes
    assert [code for code in rows if not code.startswith("@")] == list(codes)
    for code in codes:
        locked = [cell.protection.locked for cell in rows[code][:6]]
        assert locked == [True, True, True, False, True, False], code
    assert sheet.column_dimensions["A"].hidden
    rules = sheet.data_validations.dataValidation
    lists = {str(rule.formula1): rule for rule in rules if rule.type == "list"}
    assert set(lists) == {'"是,否"', '"街道,镇,工业区"', '"无,共用,专用"'}
    assert rows["t84"][3].coordinate in lists['"是,否"'].sqref


def test_the_form_carries_the_notice_and_definitions(tmp_path):
    write_questionnaires(REDCROSS, tmp_path, lang="en")
    texts = [
        str(cell.value)
        for row in openpyxl.load_workbook(tmp_path / "t_blank.xlsx").active.iter_rows()
        for cell in row
        if cell.value
    ]
    assert any(text == REDCROSS.notice("en") for text in texts)
    assert any("who had lived in the town for at least six months" in text for text in texts)


def test_the_printable_questionnaire_has_every_question_and_option(tmp_path):
    write_questionnaires(REDCROSS, tmp_path)
    sheet = openpyxl.load_workbook(tmp_path / "m_问卷.xlsx").active
    text = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    for question in REDCROSS.instrument("m").questions:
        assert question.text_zh in text
        assert all(option.zh in text for option in question.options)


def test_the_same_form_has_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        write_questionnaires(REDCROSS, tmp_path / name, units=["甲镇"])
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


@pytest.mark.parametrize(
    ("units", "message"),
    [
        (["甲镇", "甲镇"], "doubled '甲镇'"),
        ([""], "a name is empty"),
        (["甲/乙"], "cannot be part of a file name"),
    ],
)
def test_bad_units_are_refused(tmp_path, units, message):
    with pytest.raises(SurveyError, match=message):
        write_questionnaires(REDCROSS, tmp_path, units=units)


def test_a_list_has_room_for_the_usual_number_of_organisations_and_reads_them_all(tmp_path):
    write_questionnaires(REDCROSS, tmp_path / "raw", units=["甲镇"])
    path = tmp_path / "raw" / "o_甲镇.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    head = next(row[0].row for row in sheet.iter_rows() if row[0].value == "@columns")
    most = int(REDCROSS.questions["t07"].usual[1])
    assert most == 150 and path.stat().st_size < 40_000
    for number in range(most + 1):
        assert not sheet.cell(head + 2 + number, 3).protection.locked
        sheet.cell(head + 2 + number, 3).value = f"第{number}站"
    assert sheet.protection.insertRows is False  # False: not forbidden
    assert sheet.column_dimensions["B"].width > 8  # 填报单位 is four letters, twice as wide as digits
    book.save(path)
    assert len(read_round(tmp_path, REDCROSS).tables["o"].text) == most + 1


def test_a_list_without_a_usual_number_has_200_rows(tmp_path):
    write_questionnaires(small(), tmp_path, units=["甲镇"])
    sheet = openpyxl.load_workbook(tmp_path / "o_甲镇.xlsx").worksheets[0]
    assert sheet.cell(sheet.max_row, 2).value == 200


def test_the_cells_of_a_list_show_the_definitions(tmp_path):
    write_questionnaires(REDCROSS, tmp_path, units=["甲镇"])
    rules = openpyxl.load_workbook(tmp_path / "o_甲镇.xlsx").worksheets[0].data_validations.dataValidation
    shown = {rule.prompt for rule in rules if rule.showInputMessage and rule.prompt}
    assert shown == {question.note_zh for question in REDCROSS.instrument("o").questions if question.note_zh}


def lines_needed(text, width):
    """Lines of a Chinese text, of which a letter is twice as wide as a digit, in a column."""
    return -(-2 * sum(ord(sign) > 0x2E80 for sign in text) // width)


def test_rows_of_the_codebook_are_as_high_as_their_text(tmp_path):
    write_questionnaires(REDCROSS, tmp_path, units=["甲镇"])
    for name in ("t_甲镇", "o_甲镇", "w_问卷"):
        sheet = openpyxl.load_workbook(tmp_path / f"{name}.xlsx")["代码表"]
        for row in sheet.iter_rows(min_row=2):
            widths = [sheet.column_dimensions[cell.column_letter].width for cell in row]
            lines = max(lines_needed(str(cell.value or ""), width) for cell, width in zip(row, widths))
            assert sheet.row_dimensions[row[0].row].height >= 15 * lines


REMARK = "台账在搬迁中遗失，请问王某 13800000000"


@pytest.mark.parametrize(
    ("lang", "quoted"), [("zh", "备注写的是“台账在搬迁中遗失，请问[已隐去]”"), ("en", "The remark says")]
)
def test_remarks_travel_with_the_findings(tmp_path, lang, quoted):
    framework, raw = small(), tmp_path / "raw"
    path = raw / "t_甲镇.xlsx"
    answers = {**TOWN, "t2": "", "t3": "见附件"}
    write_instrument(framework, framework.instrument("t"), path, Heading("甲镇"), answers=answers, lang=lang)
    write_instrument(framework, framework.instrument("o"), raw / "o_甲镇.xlsx", Heading("甲镇"), lang=lang)
    book = openpyxl.load_workbook(path)
    rows = {row[0].value: row for row in book.worksheets[0].iter_rows()}
    for code in ("t2", "t3", "t8"):
        rows[code][5].value = REMARK
    book.save(path)
    issues = vt.check_round(read_round(tmp_path, framework), framework, lang=lang)
    about = {code: issues[issues["question"] == code].set_index("rule") for code in ("t2", "t3", "t8")}
    assert quoted in about["t2"].at["missing", "message"] and quoted in about["t3"].at["unreadable", "message"]
    for code, found in about.items():
        assert {"remark", "private_text"} <= set(found.index)
        assert found.at["remark", "severity"] == "note" and "台账在搬迁中遗失" in found.at["remark", "value"]
        assert found.at["remark", "source"].endswith(f" / {rows[code][3].coordinate}")
    assert not issues.astype(str).apply(lambda column: column.str.contains("13800000000")).any(axis=None)


def test_a_framework_of_tables_has_no_forms(tmp_path):
    with pytest.raises(SurveyError, match="no questionnaire to write"):
        write_questionnaires(read_framework("ifrc_fdrs"), tmp_path)


def test_a_form_has_a_codebook_and_warns_of_what_is_no_number(tmp_path):
    write_questionnaires(REDCROSS, tmp_path, units=["甲镇"])
    book = openpyxl.load_workbook(tmp_path / "t_甲镇.xlsx")
    table = {row[1]: row for row in book["代码表"].iter_rows(min_row=2, values_only=True)}
    assert list(table) == list(REDCROSS.instrument("t").question_codes)
    assert table["t05"][8] == "街道、镇、工业区" and "A11" in str(table["t11"][10])
    rules = [rule for rule in book.worksheets[0].data_validations.dataValidation if rule.type == "custom"]
    assert any("VALUE" in str(rule.formula1) for rule in rules)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_everything_goes_out_with_one_call(tmp_path, lang):
    files = vt.write_forms(REDCROSS, tmp_path, units=["甲镇"], lang=lang)
    assert {file.name[0] for file in files} == {"t", "o", "w", "m", "b", "e"}
    assert all(file.is_file() for file in files)


def test_long_lists_of_options_are_offered_from_a_hidden_sheet(tmp_path):
    book = openpyxl.Workbook()
    choice_list(book.active, [f"第{number}个很长的选项名称" for number in range(60)], ["A1"])
    rule = book.active.data_validations.dataValidation[0]
    assert rule.formula1.startswith("options!") and book["options"].sheet_state == "hidden"


def write_typed_in(path, tmp_path):
    """A survey of which one questionnaire was filled in and another was typed into the entry sheet."""
    write_questionnaires(small(), tmp_path / "forms", units=["甲镇"])
    book = openpyxl.load_workbook(tmp_path / "forms" / "m_问卷.xlsx")
    rows = {row[0].value: row for row in book["问卷"].iter_rows()}
    for code, text in {"@unit": "甲镇", "m1": "是", "m2": "急救;献血", "m3": "4"}.items():
        rows[code][3].value = text
    entry = book["录入表"]
    first = next(row for row in entry.iter_rows() if row[1].value == 1)
    for cell, value in zip(first[2:], ("甲镇", "否", None, None, 1, 5)):
        cell.value = value
    book.save(path)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_form_that_a_person_opens_and_saves_in_libreoffice_reads_back(tmp_path):
    framework = small()
    raw = tmp_path / "raw"
    write_instrument(framework, framework.instrument("t"), raw / "t_甲镇.xlsx", Heading("甲镇"), answers=TOWN)
    write_instrument(framework, framework.instrument("o"), raw / "o_甲镇.xlsx", Heading("甲镇"), answers=ORGANISATIONS)
    write_typed_in(raw / "m_录入.xlsx", tmp_path)
    before = {code: table.text for code, table in read_round(tmp_path, framework).tables.items()}
    words = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "xlsx"]
    saved = tmp_path / "saved"
    subprocess.run([*words, "--outdir", str(saved), *map(str, sorted(raw.iterdir()))], check=True, capture_output=True)
    for file in saved.iterdir():
        file.replace(raw / file.name)
    after = read_round(tmp_path, framework).tables
    assert {code: len(texts) for code, texts in before.items()} == {"t": 1, "o": 2, "m": 2}
    for code, texts in before.items():
        pd.testing.assert_frame_equal(after[code].text, texts)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_workbook_of_the_old_format_says_what_cannot_be_seen_in_it(tmp_path):
    """Error values of an .xls come in as blanks; a note tells, so that nothing is lost silently."""
    framework = small()
    raw = tmp_path / "raw"
    write_instrument(framework, framework.instrument("t"), raw / "t_甲镇.xlsx", Heading("甲镇"), answers=TOWN)
    write_instrument(framework, framework.instrument("o"), raw / "o_甲镇.xlsx", Heading("甲镇"), answers=ORGANISATIONS)
    write_residents(tmp_path)
    words = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "xls"]
    subprocess.run([*words, "--outdir", str(raw), str(raw / "t_甲镇.xlsx")], check=True, capture_output=True)
    before = read_round(tmp_path, framework).tables["t"].text
    (raw / "t_甲镇.xlsx").unlink()
    read = read_round(tmp_path, framework)
    assert read.tables["t"].text.iloc[-1].tolist() == before.iloc[0].tolist()
    notes = [(note.rule, note.value) for note in read.notes if note.rule == "old_workbook"]
    assert notes == [("old_workbook", "t_甲镇.xls")]
