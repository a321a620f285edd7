"""Workbooks that towns make themselves: merged heads, unit notes, totals and signatures, read by a mapping."""

import openpyxl
import pytest
import yaml

from tests.survey.rounds import small, write_organisations, write_town
from vitality.errors import SurveyError
from vitality.survey import check_round, clean_round, read_round, suggest_mapping, write_suggestions

LIST = {
    "files": "o_*.xlsx", "instrument": "o", "sheet": "统计表", "head": [4, 6], "unit": "column 街镇",
    "questions": {
        "o1": "组织名称", "o2": "类型", "o3": "人员情况 / 志愿者 / 总数", "o4": "人员情况 / 志愿者 / 活跃",
        "o5": "服务 / 服务人数",
    },
}  # fmt: skip
FORM = {
    "files": "t_乙镇*.xlsx", "instrument": "t", "direction": "rows", "head": [1, 2], "answers": 3, "unit": "cell A2",
    "questions": {
        "t1": "基本情况 / 人口数", "t2": "基本情况 / 村居数", "t3": "覆盖 / 单建", "t4": "覆盖 / 联建",
        "t6": "经费 / 经费", "t7": "经费 / 三年前经费", "t8": "经费 / 是否有预算",
        "t9": "基本情况 / 类型", "t10": "基本情况 / 所属区",
    },
}  # fmt: skip


def write_list(path, *, sheet="统计表", total=45):
    """A list as towns make it: title, unit note, three levels of merged heads, a total, signatures."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    page["A1"] = "红十字基层组织情况统计表"
    page.merge_cells("A1:F1")
    page["A2"] = "填报说明：按年末数填写"
    page["F3"] = "单位：人"
    heads = {"A4": "街镇", "B4": "组织名称", "C4": "类型", "D4": "人员情况", "D5": "志愿者", "D6": "总数", "E6": "活跃",
            "F4": "服务",             "F6": "服务人数"}  # fmt: skip
    for cell, text in heads.items():
        page[cell] = text
    for area in ("A4:A6", "B4:B6", "C4:C6", "D4:E4", "D5:E5", "F4:F5"):
        page.merge_cells(area)
    rows = [("甲镇", "甲站", "站", 10, 5, 4), (None, "乙校", "校", 30, 6, None), ("乙镇", "丙站", "站", 5, "约3人", 2)]
    for row in (*rows, ("合 计", None, None, total, 14, 6), ("填表人：王某", "审核人：李某", None, None, None, None)):
        page.append(row)
    page.merge_cells("A7:A8")
    book.save(path)


def write_form(path, *, money="单位：元"):
    path.parent.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook()
    page = book.active
    rows = [
        ("红十字会情况表",), ("填报单位：乙镇", None, money), ("基本情况", "人口数", 40000), (None, "村居数", 8),
        (None, "类型", "镇"), (None, "所属区", "东区"), ("覆盖", "单建", 2), (None, "联建", 1),
        ("经费", "经费", 125000), (None, "三年前经费", "8万元"), (None, "是否有预算", "有"),
        ("填表人：", "王某"),
    ]  # fmt: skip
    for row in rows:
        page.append(row)
    for area in ("A3:A6", "A7:A8", "A9:A11"):
        page.merge_cells(area)
    book.save(path)


@pytest.fixture
def folder(tmp_path):
    write_town(tmp_path)
    write_form(tmp_path / "raw" / "t_乙镇自制.xlsx")
    write_list(tmp_path / "raw" / "o_2024.xlsx")
    (tmp_path / "mapping.yaml").write_text(yaml.safe_dump([LIST, FORM], allow_unicode=True), encoding="utf-8")
    return tmp_path


def test_merged_heads_and_merged_towns_are_read(folder):
    survey = clean_round(read_round(folder, small()), small())
    listed = survey.answers["o"]
    assert listed[["unit", "o1", "o3", "o4"]].to_numpy().tolist() == [
        ["甲镇", "甲站", 10, 5], ["甲镇", "乙校", 30, 6], ["乙镇", "丙站", 5, 3],
    ]  # fmt: skip
    assert "o_2024.xlsx / 统计表 / E9" in set(survey.changes["source"])  # the cell of 约3人 itself


def test_a_form_with_labels_down_the_side_is_read_in_the_unit_that_its_corner_says(folder):
    answers = clean_round(read_round(folder, small()), small()).answers["t"].loc["乙镇"]
    assert answers[["t1", "t2", "t6", "t7", "t8", "t9"]].tolist() == [40000, 8, 12.5, 8, 1, "town"]


def test_no_name_of_a_signature_row_gets_out(folder):
    raw = read_round(folder, small())
    text = check_round(raw, small()).to_csv()
    assert "王某" not in text and "李某" not in text and "填表人" in text


def test_a_total_that_is_not_the_sum_is_asked_about(folder):
    assert "total_mismatch" not in set(check_round(read_round(folder, small()), small())["rule"])
    write_list(folder / "raw" / "o_2024.xlsx", total=54)
    issues = check_round(read_round(folder, small()), small(), lang="en")
    found = issues[issues["rule"] == "total_mismatch"].iloc[0]
    assert found["source"] == "o_2024.xlsx / 统计表 / D10"
    assert found["message"] == "The total of volunteers is 54; the rows above it sum to 45."


def test_a_missing_sheet_is_one_error_with_the_near_miss(folder):
    write_list(folder / "raw" / "o_2024.xlsx", sheet="统计表1")
    issues = check_round(read_round(folder, small()), small())
    found = issues[issues["rule"] == "missing_sheet"]
    assert found["severity"].tolist() == ["error"] and "是否应为“统计表1”" in found["message"].iloc[0]


def test_the_suggested_mapping_reads_the_file(folder):
    (folder / "mapping.yaml").unlink()
    suggestions = suggest_mapping(folder, small())
    assert [item.file for item in suggestions] == ["o_2024.xlsx", "t_乙镇自制.xlsx"]
    listed, form = suggestions
    assert (listed.direction, listed.head) == ("columns", (4, 6))
    assert {code: head for code, (head, _) in listed.questions.items()}["o4"] == "人员情况 / 志愿者 / 活跃"
    assert (form.direction, form.answers) == ("rows", 3)
    path = write_suggestions(suggestions, folder, small())
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert content[0]["unit"] == "column 街镇"
    content[1]["unit"] = "cell A2"
    (folder / "mapping.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    survey = clean_round(read_round(folder, small()), small())
    assert survey.answers["o"]["o3"].tolist() == [10, 30, 5]
    assert survey.answers["t"].at["乙镇", "t1"] == 40000


def test_columns_and_rows_that_no_question_takes_are_told_with_the_near_question(folder):
    listed, form = folder / "raw" / "o_2024.xlsx", folder / "raw" / "t_乙镇自制.xlsx"
    for path, cells in (
        (listed, {"G6": "备用物资", "G7": 3}),
        (form, {"A12": None, "B12": "专职的人员", "C12": 2, "A13": "填表人：", "B13": "王某", "C13": "1月"}),
    ):
        book = openpyxl.load_workbook(path)
        for cell, text in cells.items():
            book.active[cell] = text
        book.save(path)
    fewer = {**LIST, "questions": {code: head for code, head in LIST["questions"].items() if code != "o4"}}
    (folder / "mapping.yaml").write_text(yaml.safe_dump([fewer, FORM], allow_unicode=True), encoding="utf-8")
    issues = check_round(read_round(folder, small()), small())
    found = issues[issues["rule"] == "unmatched_column"]
    assert found[["source", "value"]].to_numpy().tolist() == [
        ["t_乙镇自制.xlsx / Sheet / B12", "专职的人员"],
        ["o_2024.xlsx / 统计表", "人员情况 / 志愿者 / 活跃"], ["o_2024.xlsx / 统计表", "备用物资"],
    ]  # fmt: skip
    assert "是否应为“专职人员”" in found["message"].iloc[0]
    assert "王某" not in issues.to_csv()


def test_heads_without_a_question_are_listed_in_the_proposal(folder):
    book = openpyxl.load_workbook(folder / "raw" / "o_2024.xlsx")
    book.active["G4"] = "备用物资"
    book.save(folder / "raw" / "o_2024.xlsx")
    (folder / "mapping.yaml").unlink()
    text = write_suggestions(suggest_mapping(folder, small()), folder, small()).read_text(encoding="utf-8")
    assert text.count("没有对应的题目") == 1 and '    #   "备用物资"' in text.splitlines()


def test_a_file_that_can_be_read_in_part_only_gets_a_proposal_too(tmp_path):
    write_town(tmp_path)
    book = openpyxl.Workbook()
    for row in (
        ("单位", "组织名称", "类型", "志愿者人数", "活跃人数"),
        ("甲镇", "甲站", "站", 10, 5),
        (None, "乙校", "校", 30, 6),
    ):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    book.save(tmp_path / "raw" / "o_全区.xlsx")
    proposed = suggest_mapping(tmp_path, small())[0]
    assert (proposed.direction, proposed.head, proposed.unit) == ("columns", (1, 1), "column 单位")
    assert proposed.questions["o2"] == ("类型", 100)
    assert "单位" not in {head for head, _ in proposed.questions.values()}
    write_suggestions([proposed], tmp_path, small()).rename(tmp_path / "mapping.yaml")
    assert clean_round(read_round(tmp_path, small()), small()).answers["o"]["unit"].tolist() == ["甲镇", "甲镇"]


EXPORT = """序号,提交答卷时间,所用时间,所在街镇,1、听说过吗,2、说得出(急救),2、说得出(献血),2、说得出(说不出),3、信任,IP
7,2024/5/1 09:00,99秒,甲镇,是,1,0,0,5,10.0.0.1
9,2024/5/1 09:05,12秒,甲镇,是,0,1,0,3,10.0.0.2
9,2024/5/1 09:05,12秒,甲镇,是,0,1,0,3,10.0.0.2
"""


def test_a_mapped_export_keeps_what_its_platform_added(tmp_path):
    write_town(tmp_path)
    write_organisations(tmp_path)
    (tmp_path / "raw" / "m_2024.csv").write_text(EXPORT, encoding="utf-8")
    mapping = {"files": "m_*.csv", "instrument": "m", "unit": "column 所在街镇",
               "questions": {"m1": "听说过吗", "m2": "说得出", "m3": "信任"}}  # fmt: skip
    (tmp_path / "mapping.yaml").write_text(yaml.safe_dump([mapping], allow_unicode=True), encoding="utf-8")
    raw = read_round(tmp_path, small())
    about = raw.tables["m"].about
    assert about.index.tolist()[:2] == ["m7", "m9"]
    assert about[["seconds", "submitted"]].iloc[1].tolist() == ["12", "2024/5/1 09:05"]
    survey = clean_round(raw, small())
    assert survey.answers["m"]["m2"].tolist() == ["aid", "blood"]  # the third was sent twice
    assert {"sent_twice", "private_column"} <= set(survey.issues["rule"])
    assert raw.tables["m"].cell(1, 0) == "E3"


def test_every_proposal_has_its_score_and_doubtful_ones_say_so(folder):
    (folder / "mapping.yaml").unlink()
    text = write_suggestions(suggest_mapping(folder, small()), folder, small()).read_text(encoding="utf-8")
    assert "check" in text and "# 100" in text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("- {files: x, instrument: q, questions: {a: b}}", "unknown instrument 'q'"),
        ("- {files: x, instrument: o, questions: {o33: b}}", "unknown question 'o33'"),
        ("- {files: x, instrument: o, question: {o3: b}}", "Did you mean 'questions'"),
        ("- {files: x, instrument: o, unit: B2, questions: {o3: b}}", "cell B2"),
        ("- {files: x, instrument: t, direction: rows, questions: {t3: b}}", "needs 'answers'"),
        ("{a: 1}", "expected a list"),
        ("- [", "no YAML"),
    ],
)
def test_a_mapping_that_cannot_be_used_says_why_in_both_languages(folder, content, message):
    (folder / "mapping.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(SurveyError, match=message) as raised:
        read_round(folder, small())
    assert raised.value.zh


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("- files: x\n  instrument: o\n  questions: [a\n", ("第4行", "YAML", "引号、括号")),
        (
            "- files: x\n  instrument: o\n  direction: column\n  questions: {o3: b}\n",
            ("第3行", "'column'", "columns（"),
        ),
        ("- files: x\n  instrument: o\n  head: [3, 2]\n  questions: {o3: b}\n", ("第3行", "[3, 2]", "首行和末行")),
        ("- files: x\n  instrument: o\n  unit: B2\n  questions: {o3: b}\n", ("第3行", "'B2'", "cell B2")),
        ("- files: x\n  instrument: o\n", ("第1行", "缺少 questions", "题目代码")),
        ("- x\n", ("第1行", "'x'", "files: o_*.xlsx")),
        ("- files: x\n  instrument: o\n  questions: {o33: b}\n", ("第3行", "'o33'", "是否想写", "'o3'", "可用")),
    ],
)
def test_a_wrong_mapping_is_told_in_chinese_with_its_line_and_what_is_allowed(folder, content, expected):
    (folder / "mapping.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(SurveyError) as raised:
        read_round(folder, small())
    assert all(part in raised.value.zh for part in expected)
    assert not [
        word
        for word in ("while parsing", "Input should", "Value error", "expected", "found")
        if word in raised.value.zh
    ]


def test_a_mapping_that_is_no_utf_8_says_so(folder):
    (folder / "mapping.yaml").write_bytes("- files: 统计表".encode("gb18030"))
    with pytest.raises(SurveyError, match="not written in UTF-8") as raised:
        read_round(folder, small())
    assert "另存为 UTF-8" in raised.value.zh
