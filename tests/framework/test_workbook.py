"""What goes through a workbook comes back as it was; what cannot is refused with its sheet and row."""

import io
import zipfile

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

import vitality as vt
from vitality.errors import FrameworkError, MethodError

#: Text that Excel or YAML would read as something else.
HOSTILE = [
    "=1+1",
    "#x",
    "# x",
    "#N/A",
    "true",
    "null",
    "~",
    "1",
    "007",
    "1e5",
    "2026-01-01",
    "[x]",
    "{x",
    "-",
    "'a'",
    "a: b",
]
TITLES = {"indicators": "指标 indicators", "framework": "框架 framework", "passages": "文献段落 passages"}


def framework_of(**columns):
    rows = {"code": ["V", "a", "b"], "parent": ["", "V", "V"]}
    return vt.framework_from_table(pd.DataFrame({**rows, **columns}))


@pytest.fixture
def changed(tmp_path):
    """Change the workbook of "redcross" by hand and give its path."""

    def change(sheet, edit):
        path = vt.read_framework("redcross").to_workbook(tmp_path / "framework.xlsx")
        book = load_workbook(path)
        page = book[TITLES[sheet]]
        edit(page, {cell.value: cell.column for cell in page[1]})
        book.save(path)
        return path

    return change


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_text_in_every_column(tmp_path, text):
    framework = framework_of(
        code=["V", text, "b"], name_zh=["", text, ""], definition_zh=["", text, ""], denominator=["", text, ""]
    )
    assert vt.read_framework(framework.to_workbook(tmp_path / "a.xlsx")) == framework
    assert vt.read_framework(framework.to_yaml(tmp_path / "a.yaml")) == framework
    assert framework.leaves == (text, "b")


@settings(max_examples=25, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=12))
def test_any_printable_text_comes_back_from_both_formats(tmp_path_factory, text):
    folder = tmp_path_factory.mktemp("text")
    framework = framework_of(name_zh=["V", text, "b"])
    assert vt.read_framework(framework.to_workbook(folder / "a.xlsx")) == framework
    assert vt.read_framework(framework.to_yaml(folder / "a.yaml")) == framework


def test_equal_frameworks_give_equal_bytes(tmp_path):
    first = vt.read_framework("redcross").to_workbook(tmp_path / "1.xlsx").read_bytes()
    assert vt.read_framework("redcross").to_workbook(tmp_path / "2.xlsx").read_bytes() == first
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"1980-01-01T00:00:00Z" in parts.read("docProps/core.xml")


def set_weight(value):
    return lambda page, heads: page.cell(5, heads["weight"], value)


def test_formula_without_a_value_is_refused_not_the_default(changed):
    with pytest.raises(FrameworkError, match=r"sheet 'indicators', cell [A-Z]+5: the formula =1\+1 has no value"):
        vt.read_framework(changed("indicators", set_weight("=1+1")))


def test_formula_with_a_value_is_that_value(changed):
    path = changed("indicators", set_weight("=1+1"))
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    # as Excel stores it: the formula and its value
    sheet = "xl/worksheets/sheet2.xml"
    assert parts[sheet].count(b"<v></v>") + parts[sheet].count(b"<v />") + parts[sheet].count(b"<v/>") == 1
    for empty in (b"<v></v>", b"<v />", b"<v/>"):
        parts[sheet] = parts[sheet].replace(empty, b"<v>2</v>")
    with zipfile.ZipFile(path, "w") as book:
        for name, part in parts.items():
            book.writestr(name, part)
    assert {vt.read_framework(path).node(code).weight for code in vt.read_framework("redcross").nodes} == {1.0, 2.0}


@pytest.mark.parametrize(
    ("sheet", "edit", "found", "found_zh"),
    [
        ("indicators", lambda page, _: page.cell(1, 40, "weight"), "row 1: column 'weight' is there more", "重复"),
        ("indicators", lambda page, _: page.cell(4, 40, "x"), "'AN4' stand in a column without a name", "没有列名"),
        (
            "indicators",
            lambda page, _: page.cell(6, 1).__setattr__("value", None),
            "no code in row 6",
            "第 6 行没有 code",
        ),
        ("framework", lambda page, _: page.append(["name", "x"]), "'name' is written twice", "写了两次"),
        ("framework", lambda page, _: page.append(["tree", "x"]), "'tree' has a sheet of its own", "单独的工作表"),
        ("indicators", lambda page, _: page.cell(6, 1, True), "found True; expected text: format the cell", "须为文字"),
        ("framework", lambda page, _: page.append([None, "x"]), "found no 'key'", "缺少 'key'"),
        ("passages", lambda page, _: page.append(["S01", "a", "b"]), "'S01' is written twice", "写了两次"),
        ("passages", lambda page, _: page.append([None, "a", "b"]), "found no 'code'", "缺少 'code'"),
        ("indicators", lambda page, _: page.__setattr__("title", "indicator"), "unknown sheet 'indicator'", "请改名"),
    ],
)
def test_nothing_in_a_workbook_is_passed_over(changed, sheet, edit, found, found_zh):
    with pytest.raises(FrameworkError, match=found) as caught:
        vt.read_framework(changed(sheet, edit))
    assert found_zh in caught.value.message("zh")


def test_number_where_text_belongs_says_what_to_do(changed):
    def number(page, _):
        next(row for row in page.iter_rows() if row[0].value == "version")[1].value = 2026.1

    with pytest.raises(
        FrameworkError, match=r"version: found 2026.1; expected text: format the cell as text"
    ) as caught:
        vt.read_framework(changed("framework", number))
    assert "“文本”格式" in caught.value.message("zh")


def test_blank_value_of_a_key_is_blank(changed):
    def blank(page, _):
        next(row for row in page.iter_rows() if row[0].value == "title_en")[1].value = None

    assert vt.read_framework(changed("framework", blank)).title_en == ""


def test_sheets_are_found_by_their_heading_alone(changed):
    path = changed("indicators", lambda page, _: page.__setattr__("title", "指标"))
    assert vt.read_framework(path) == vt.read_framework("redcross")


def test_cells_are_read_as_people_type_them(tmp_path):
    path = framework_of(weight=["", 1, 3], direction=["", -1, 1]).to_workbook(tmp_path / "a.xlsx")
    book = load_workbook(path)
    page = book[TITLES["indicators"]]
    heads = {cell.value: cell.column for cell in page[1]}
    page.cell(4, heads["code"], 7)
    page.cell(4, heads["direction"], "负向")
    page.cell(4, heads["weight"], "３")
    book.save(path)
    framework = vt.read_framework(path)
    assert framework.leaves == ("7", "b")
    assert framework.direction()["7"] == "cost"
    assert framework.weights().at["7", "local"] == 0.5  # 3 of 3 + 3


def test_text_too_long_for_a_cell_is_refused(tmp_path):
    with pytest.raises(FrameworkError, match="40,000 characters"):
        framework_of(definition_zh=["", "长" * 40_000, ""]).to_workbook(tmp_path / "a.xlsx")
    assert not list(tmp_path.iterdir())


def test_language_is_checked(tmp_path):
    with pytest.raises(MethodError, match="lang='fr'"):
        vt.read_framework("redcross").to_workbook(tmp_path / "a.xlsx", lang="fr")
