"""The workbooks of surveys: to print, to build on a platform, to fill in, and to type many paper ones into."""

import csv

import openpyxl
import pandas as pd
import pytest

from tests.survey.rounds import RESIDENTS, small, write_small_round
from vitality.framework import read_framework
from vitality.survey import check_round, clean_round, read_round, write_questionnaires

REDCROSS = read_framework("redcross")
TOWNS = ["甲镇", "乙镇"]
PAPER = {"zh": "问卷", "en": "questionnaire"}
ENTRY = {"zh": "录入表", "en": "entry"}
#: Answers to the small resident survey as people write them, and the codes that they mean.
WRITTEN = {
    "zh": {"m1": "是", "m2": "急救；献血", "m3": "4"},
    "en": {"m1": "yes", "m2": "aid;blood", "m3": "4"},
}
MEANT = {"m1": 1.0, "m2": "aid|blood", "m3": 4.0}


@pytest.fixture
def folder(tmp_path):
    """The small round without its export of residents."""
    place = write_small_round(tmp_path / "2024")
    (place / "raw" / "m_2024.csv").unlink()
    return place


def sent(tmp_path, lang="zh", units=TOWNS, framework=None, code="m"):
    framework = framework or small()
    write_questionnaires(framework, tmp_path / "forms", units=units, lang=lang)
    path = tmp_path / "forms" / f"{code}_{PAPER[lang]}.xlsx"
    return path, openpyxl.load_workbook(path)


def coded(sheet):
    """Rows of a sheet of one question a row, by their hidden code."""
    return {row[0].value: row for row in sheet.iter_rows() if row[0].value}


def entry_columns(sheet):
    """Hidden code -> column of an entry sheet, and its first row of answers."""
    codes = next(row for row in sheet.iter_rows() if row[0].value == "@columns")
    return {cell.value: cell.column for cell in codes[1:] if cell.value}, codes[0].row + 3


@pytest.mark.parametrize("code", ["w", "m", "b"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_platform_questionnaire_built_as_printed_gives_the_unit(folder, tmp_path, lang, code):
    _, book = sent(tmp_path, lang, framework=REDCROSS, code=code)
    rows = [row for mark, row in coded(book[PAPER[lang]]).items() if mark != "@columns"]
    head = [f"{row[1].value}、{str(row[2].value).split(chr(10))[0]}" for row in rows]
    assert len(head) == 1 + len(REDCROSS.instrument(code).questions)
    raw = tmp_path / "platform" / "raw"
    write_questionnaires(REDCROSS, raw, units=TOWNS)
    for file in raw.glob("[wmb]_*"):
        file.unlink()
    with (raw / f"{code}_1.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([["序号", *head], ["1", "乙镇", *["1"] * (len(head) - 1)]])
    found = read_round(raw.parent, REDCROSS)
    assert found.tables[code].about["unit"].tolist() == ["乙镇"]
    assert not {"no_unit", "unmatched_column", "missing_column"} & set(check_round(found, REDCROSS)["rule"])


@pytest.mark.parametrize("units", [[], TOWNS])
def test_only_answers_are_open_and_every_question_is_offered_or_checked(tmp_path, units):
    _, book = sent(tmp_path, units=units, framework=REDCROSS)
    for sheet in (book["问卷"], book["录入表"]):
        assert sheet.protection.sheet and sheet.column_dimensions["A"].hidden
    rows = coded(book["问卷"])
    assert list(rows) == ["@columns", "@unit", *REDCROSS.instrument("m").question_codes]
    for row in list(rows.values())[1:]:
        assert [cell.protection.locked for cell in row[:5]] == [True, True, True, False, True]
    rules = {str(rule.sqref): rule for rule in book["问卷"].data_validations.dataValidation}
    lists = {rows[code][3].coordinate: words for code, words in {"m01": '"是,否"', "m04": '"1,2,3,4,5"'}.items()}
    assert {place: rules[place].formula1 for place in lists} == lists
    unit = rules[rows["@unit"][3].coordinate]
    assert (unit.type, unit.formula1) == (("list", '"甲镇,乙镇"') if units else (None, None))
    assert "全称" in unit.prompt
    assert [row[1] for row in book["代码表"].iter_rows(min_row=2, values_only=True)] == list(rows)[2:]


def test_the_per_cent_of_the_staff_survey_has_a_place_for_its_answer(tmp_path):
    _, book = sent(tmp_path, framework=REDCROSS, code="w")
    row = coded(book["问卷"])["w01"]
    assert not row[3].protection.locked and row[4].value == "____________ %"
    rule = next(rule for rule in book["问卷"].data_validations.dataValidation if str(rule.sqref) == row[3].coordinate)
    assert "<=100" in rule.formula1


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_filled_questionnaire_reads_back(folder, tmp_path, lang):
    _, book = sent(tmp_path, lang)
    rows = coded(book[PAPER[lang]])
    for code, text in {"@unit": "乙镇", **WRITTEN[lang]}.items():
        rows[code][3].value = text
    for number in (1, 2):
        book.save(folder / "raw" / f"m_0{number}.xlsx")
    raw = read_round(folder, small())
    answers = clean_round(raw, small()).answers["m"]
    assert answers.index.tolist() == ["m1", "m2-1"]
    assert answers.to_dict("records") == [{"unit": "乙镇", **MEANT}] * 2
    place = raw.cells.query("instrument == 'm' and question == 'm3'").iloc[0]
    assert book[place["sheet"]][place["cell"]].value == "4"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("turned", [False, True])
def test_paper_questionnaires_that_were_typed_in_read_back(folder, tmp_path, lang, turned):
    _, book = sent(tmp_path, lang)
    sheet = book[ENTRY[lang]]
    columns, first = entry_columns(sheet)
    assert list(columns) == ["serial", "unit", "m1", "m2_aid", "m2_blood", "m2_none", "m3"]
    if turned:  # nothing depends on the order of the columns
        codes = list(columns)
        for code, cell in zip(reversed(codes), list(columns.values())):
            sheet.cell(first - 3, cell).value = code
        columns = dict(zip(reversed(codes), columns.values()))
        for row in range(first, first + 500):
            sheet.cell(row, 2).value = None
    yes, no = ("是", "否") if lang == "zh" else ("yes", "no")
    typed = [
        {"unit": "甲镇", "m1": yes, "m2_aid": 1, "m2_blood": "√", "m3": 5},
        {"unit": "乙镇", "m1": no, "m2_none": "1", "m3": "3"},
        {"unit": "乙镇", "m2_blood": "1", "m3": "二"},
        {"unit": "甲镇"},
    ]
    for number, answers in enumerate(typed):
        for code, value in answers.items():
            sheet.cell(first + 2 * number, columns[code]).value = value  # with blank rows between
    book.save(folder / "raw" / "m_录入.xlsx")
    raw = read_round(folder, small())
    assert not [note for note in raw.notes if note.instrument == "m"]
    answers = clean_round(raw, small()).answers["m"]
    assert answers["unit"].tolist() == ["甲镇", "乙镇", "乙镇", "甲镇"]
    assert answers["m2"].tolist()[:3] == ["aid|blood", "none", "blood"] and answers["m2"].isna().iloc[3]
    assert answers["m1"].fillna(-1).tolist() == [1, 0, -1, -1] and answers["m3"].fillna(-1).tolist() == [5, 3, 2, -1]
    place = raw.cells.query("question == 'm3' and text == '二'").iloc[0]
    assert sheet[place["cell"]].value == "二"


def test_a_questionnaire_that_nobody_filled_in_is_told(folder, tmp_path):
    _, book = sent(tmp_path)
    coded(book["问卷"])["@unit"][3].value = "甲镇"
    book.save(folder / "raw" / "m_空.xlsx")
    raw = read_round(folder, small())
    assert raw.tables["m"].text.empty
    issue = check_round(raw, small()).query("rule == 'empty_form'").iloc[0]
    assert issue["source"] == "m_空.xlsx" and "没有填写任何内容" in issue["message"]


def test_an_answer_without_a_unit_is_told(folder, tmp_path):
    _, book = sent(tmp_path)
    coded(book["问卷"])["m1"][3].value = "是"
    book.save(folder / "raw" / "m_1.xlsx")
    assert "no_unit" in set(check_round(read_round(folder, small()), small())["rule"])


def test_an_entry_sheet_is_roomy_small_and_quick_to_read(folder, tmp_path):
    path, book = sent(tmp_path, framework=REDCROSS)
    sheet = book["录入表"]
    columns, first = entry_columns(sheet)
    assert all(not sheet.cell(first + 499, column).protection.locked for column in columns.values() if column > 2)
    assert sheet.protection.insertRows is False  # False: not forbidden
    assert path.stat().st_size < 60_000


def test_an_export_still_reads_as_before(tmp_path):
    raw = read_round(write_small_round(tmp_path / "2024"), small())
    assert raw.tables["m"].text.to_numpy().tolist() == [list(row) for row in RESIDENTS] * 2
    assert isinstance(raw.cells, pd.DataFrame) and not raw.notes
