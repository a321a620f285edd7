"""Personal data never leave raw, by whatever way they came in."""

import csv

import openpyxl
import pytest
import yaml

from tests.survey.rounds import SMALL, small, write_organisations, write_residents, write_town
from vitality.errors import SurveyError
from vitality.framework import read_framework
from vitality.survey import check_round, prepare_round, read_round, suggest_mapping, write_suggestions
from vitality.survey.personal import mask_personal

PERSONAL = [
    "13800000000", "138 0000 0000", "+86 13800000000", "021-55550123", "110101199003074514", "a.b@example.org",
    "192.0.2.7", "微信：hongshizi_01",
]  # fmt: skip


@pytest.mark.parametrize("text", PERSONAL)
def test_nothing_personal_is_written_outside_raw(round_folder, text):
    write_organisations(round_folder, rows=[{"o1": f"甲站 {text}", "o2": "站", "o3": f"{text} x"}])
    survey = prepare_round(round_folder, small())
    written = b"".join(
        file.read_bytes() for file in round_folder.rglob("*") if file.is_file() and "raw" not in file.parts
    )
    assert text.encode() not in written
    assert survey.answers["o"].at["甲镇-001", "o1"] == "甲站 [已隐去]" and "private_text" in set(survey.issues["rule"])


def declared(tmp_path, how):
    path = tmp_path / "framework.yaml"
    text = SMALL.read_text(encoding="utf-8")
    path.write_text(
        text.replace("{code: o1, kind: text,", f"{{code: o1, kind: text, private: {how},"), encoding="utf-8"
    )
    return read_framework(path)


def test_a_question_that_is_dropped_is_not_in_the_answers(round_folder, tmp_path):
    raw = read_round(round_folder, declared(tmp_path, "drop"))
    assert set(raw.tables["o"].text["o1"]) == {""} and "甲站" not in raw.cells.to_csv()


def test_a_question_that_is_hashed_needs_a_key_and_joins_rounds(round_folder, tmp_path, monkeypatch):
    framework = declared(tmp_path, "hash")
    monkeypatch.delenv("VITALITY_KEY", raising=False)
    with pytest.raises(SurveyError, match="there is no key") as raised:
        read_round(round_folder, framework)
    assert "密钥" in raised.value.zh
    (round_folder / "raw" / ".key").write_text("long secret", encoding="utf-8")
    first = read_round(round_folder, framework).tables["o"].text["o1"].tolist()
    assert first == read_round(round_folder, framework).tables["o"].text["o1"].tolist()
    monkeypatch.setenv("VITALITY_KEY", "another secret")
    assert first != read_round(round_folder, framework).tables["o"].text["o1"].tolist()
    assert len(set(first)) == 2 and "甲站" not in first


def test_names_in_heads_are_dropped(round_folder):
    head = ["序号", "联系人", "微信昵称", "1、所在街镇", "m1", "m2", "m3"]
    write_residents(round_folder, [["王某", "wx", "甲镇", "是", "急救", "5"][1:]], head=head)
    assert "王某" not in read_round(round_folder, small()).cells.to_csv()


def written_outside_raw(folder):
    """Everything that is outside raw: contents and names of files."""
    files = [file for file in folder.rglob("*") if file.is_file() and "raw" not in file.parts]
    return b"\n".join([file.read_bytes() + str(file).encode() for file in files]).decode("utf-8", "replace")


def in_a_unit_cell(folder):
    write_residents(folder, [["甲镇联系人王某13800000000", "是", "急救", "5"]])


def in_the_unit_of_a_form(folder):
    path = write_town(folder, "甲镇")
    book = openpyxl.load_workbook(path)
    cell = next(cell for row in book.active.iter_rows() for cell in row if cell.value == "甲镇")
    cell.value = "甲镇 联系人王某13800000000"
    book.save(path)


def in_a_serial_number(folder):
    path = folder / "raw" / "m_2024.csv"
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    rows[1][0] = "13800000000"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)


def in_a_head(folder):
    head = ["序号", "所用时间", "1、所在街镇", "2、知道红十字会吗？", "3、能说出哪些服务？", "4、信任程度"]
    write_residents(folder, [["甲镇", "是", "急救", "5", "x"]], head=[*head, "填表人 王某 13800000000"])


def in_names_of_sheets_and_files(folder):
    path = folder / "raw" / "t_甲镇.xlsx"
    book = openpyxl.load_workbook(path)
    book.active.title = "王某13800000000"
    book.create_sheet("另 王某13800000000")["A1"] = "x"
    book.save(folder / "raw" / "t_甲镇_王某13800000000.xlsx")
    path.unlink()
    (folder / "raw" / "王某13800000000.csv").write_text("x", encoding="utf-8")


def in_a_formula(folder):
    path = folder / "raw" / "t_甲镇.xlsx"
    book = openpyxl.load_workbook(path)
    row = next(row[0].row for row in book.active.iter_rows() if row[0].value == "t5")
    book.active[f"D{row}"] = '=IF("王某13800000000"="",0,31)'
    book.save(path)


def in_a_correction(folder):
    path = write_organisations(folder, "甲镇")
    book = openpyxl.load_workbook(path)
    cell = next(cell for row in book.active.iter_rows() for cell in row if cell.value == "甲站")
    row = [
        path.name,
        book.active.title,
        cell.coordinate,
        "甲站",
        "甲站 王某13800000000",
        "来电13800000000",
        "李某",
        "2024-12-01",
    ]
    text = "file,sheet,cell,from,to,reason,by,date\n" + ",".join(row) + "\n"
    (folder / "corrections.csv").write_text(text, encoding="utf-8")


WAYS = [
    in_a_unit_cell, in_the_unit_of_a_form, in_a_serial_number, in_a_head, in_names_of_sheets_and_files, in_a_formula,
    in_a_correction,
]  # fmt: skip


@pytest.mark.parametrize("units", [[], ["甲镇", "乙镇"]])
@pytest.mark.parametrize("planted", WAYS)
def test_no_way_leads_out_of_raw(round_folder, planted, units):
    planted(round_folder)
    (round_folder / "round.yaml").write_text(yaml.safe_dump({"round": "2024", "units": units}), encoding="utf-8")
    survey = prepare_round(round_folder, small())
    written = written_outside_raw(round_folder).replace(
        "来电13800000000,李某", ""
    )  # corrections.csv is the branch's own
    written = written.replace("甲站 王某13800000000", "") if planted is in_a_correction else written
    tables = "".join(
        table.to_csv() for table in (*survey.answers.values(), survey.units, survey.issues, survey.changes)
    )
    assert "13800000000" not in written + tables and "王某" not in written + tables
    assert "[已隐去]" in written + tables


def test_a_masked_file_is_found_by_its_source_and_by_corrections(round_folder):
    for number in (0, 1):
        write_town(round_folder, "甲镇", t1="见附件").rename(
            round_folder / "raw" / f"t_甲镇_王某1380000000{number}.xlsx"
        )
    (round_folder / "raw" / "t_甲镇.xlsx").unlink(missing_ok=True)
    issues = check_round(read_round(round_folder, small()), small())
    files = {source.split(" / ")[0] for source in issues["source"] if "[已隐去]" in source}
    assert len(files) == 2  # two files stay two
    place = issues.loc[issues["rule"] == "unreadable", "source"].iloc[0].split(" / ")
    text = "file,sheet,cell,from,to,reason,by,date\n" + ",".join(
        [*place, "见附件", "50000", "电话核实", "李某", "2024-12-01"]
    )
    (round_folder / "corrections.csv").write_text(text, encoding="utf-8")
    assert prepare_round(round_folder, small()).changes["new"].tolist()[0] == "50000"
    manifest = (round_folder / "manifest.json").read_text(encoding="utf-8")
    assert all(file in manifest for file in files) and "1380000000" not in manifest


def test_a_suggested_mapping_holds_no_personal_data_and_works(round_folder):
    book = openpyxl.Workbook()
    book.active.title = "王某13800000000"
    heads = ["街镇", "三年前经费 王某13800000000", "村居", "单建", "联建"]
    for row in (["统计表 填表人:王某 13800000000"], heads, ["甲镇", 8, 9, 3, 2]):
        book.active.append(row)
    book.save(round_folder / "raw" / "t_甲镇_王某13800000000.xlsx")
    (round_folder / "raw" / "t_甲镇.xlsx").unlink()
    path = write_suggestions(suggest_mapping(round_folder, small()), round_folder, small())
    text = path.read_text(encoding="utf-8")
    assert "1380000" not in text and "王某" not in text
    path.rename(round_folder / "mapping.yaml")
    table = read_round(round_folder, small()).tables["t"].text
    assert table.loc["甲镇", ["t7", "t2", "t3"]].tolist() == ["8", "9", "3"]


def test_a_dropped_question_is_not_asked_for_again(round_folder, tmp_path):
    framework = declared(tmp_path, "drop")
    issues = check_round(read_round(round_folder, framework), framework)
    assert "o1" not in set(issues["question"])


@pytest.mark.parametrize("how", ["drop", "hash"])
def test_a_private_answer_does_not_come_back_by_a_correction(round_folder, tmp_path, monkeypatch, how):
    monkeypatch.setenv("VITALITY_KEY", "long secret")
    framework = declared(tmp_path, how)
    raw = read_round(round_folder, framework)
    found = raw.tables["o"].text_at(0, 0)
    place = raw.tables["o"].source(0, 0).split(" / ")
    text = "file,sheet,cell,from,to,reason,by,date\n" + ",".join([*place, found, "甲站", "核实", "李某", "2024-12-01"])
    (round_folder / "corrections.csv").write_text(text, encoding="utf-8")
    with pytest.raises(SurveyError, match="is private") as raised:
        prepare_round(round_folder, framework)
    assert "个人信息" in raised.value.zh


@pytest.mark.parametrize(
    "text",
    [
        "微信号 ouyang_88",
        "微信号zhangsan_88",
        "微信号 小红花",
        "QQ号 12345678",
        "WeChat ID: abcd1234",
        "微信昵称小红花",
    ],
)
def test_accounts_are_masked_with_or_without_a_sign_behind_the_label(text):
    assert mask_personal(f"请加{text}") == "请加[已隐去]"
    assert mask_personal("微信公众号1个，微信号10个，QQ群 3 个") == "微信公众号1个，微信号10个，QQ群 3 个"
