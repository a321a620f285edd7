import copy
import pickle

import pandas as pd
import pytest

import vitality as vt
from vitality.errors import FrameworkError
from vitality.framework import bundled_frameworks

SMALL = """\
name: small
tree:
  code: V
  children:
  - code: A
    children:
    - {code: A1, name_en: schools, worst: 0, best: 100}
    - {code: A2, name_en: paperwork, direction: cost, worst: 75, best: 15}
  - {code: B, name_en: trust, weight: 3}
"""


def write(folder, text, name="mine.yaml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_bundled_redcross_has_the_counts_of_the_reconstruction():
    framework = vt.read_framework("redcross")
    counts = {level: len(codes) for level, codes in framework.levels.items()}
    assert counts == {"index": 1, "dimension": 6, "group": 13, "indicator": 35}
    assert (len(framework.resources), len(framework.controls), len(framework.passages)) == (14, 7, 40)
    directions = framework.direction().value_counts().to_dict()
    assert directions == {"benefit": 32, "cost": 2, "interval": 1}
    assert "重建" in framework.notice("zh") and "reconstruction" in framework.notice("en")


def test_natures_are_counted_as_in_the_domain_study():
    framework = vt.read_framework("redcross")
    found = pd.Series([n for code in framework.leaves for n in framework.indicator(code).natures])
    # counts printed in the domain study of the reconstruction
    assert found.value_counts().to_dict() == {"群众性": 23, "先进性": 20, "政治性": 6}


def test_every_text_stands_in_both_languages():
    framework = vt.read_framework("redcross")
    nodes = [framework.node(code) for code in framework.nodes]
    for part in (*nodes, *framework.resources, *framework.controls, *framework.instruments):
        assert part.name_zh and part.name_en, part.code
    for question in framework.questions.values():
        assert question.text_zh and question.text_en, question.code
    for code, passage in framework.passages.items():
        assert passage.zh and passage.en, code


def test_full_framework_holds_resources_with_a_fifth_of_the_weight():
    full = vt.read_framework("redcross_full")
    assert len(full.levels["dimension"]) == 7
    assert full.leaves_below("G3") == ("R22", "R23", "R24")
    assert full.weights().at["G", "global"] == pytest.approx(0.2)


def test_fdrs_framework_is_not_a_reconstruction_and_names_its_source():
    fdrs = vt.read_framework("ifrc_fdrs")
    assert "FDRS" in fdrs.notice("en")
    assert {fdrs.indicator(code).denominator for code in fdrs.leaves} == {"population"}
    assert {resource.block for resource in fdrs.resources} == {"staffing", "funding", "venue"}


def test_yaml_file_and_workbook_give_the_same_framework(tmp_path):
    for name in bundled_frameworks():
        framework = vt.read_framework(name)
        assert vt.read_framework(framework.to_yaml(tmp_path / f"{name}_copy.yaml")) == framework
        assert vt.read_framework(framework.to_workbook(tmp_path / f"{name}.xlsx")) == framework


def test_a_file_may_extend_a_bundled_framework(tmp_path):
    path = write(tmp_path, "extends: redcross\nname: ours\ntitle_zh: 我区的框架\n")
    ours = vt.read_framework(path)
    assert ours.name == "ours" and ours.leaves == vt.read_framework("redcross").leaves


def test_unknown_name_offers_the_near_miss():
    with pytest.raises(FrameworkError, match=r"'redcros'. Did you mean 'redcross'\?"):
        vt.read_framework("redcros")


def test_broken_yaml_names_line_and_column(tmp_path):
    path = write(tmp_path, "name: x\n  tree: 5\n")
    with pytest.raises(FrameworkError, match=r"mine\.yaml, line 2, column 7: not valid YAML"):
        vt.read_framework(path)


def test_key_written_twice_is_refused(tmp_path):
    path = write(tmp_path, SMALL + "name: again\n")
    with pytest.raises(FrameworkError, match=r"line 10.*'name' is written twice \(first in line 1\)"):
        vt.read_framework(path)


def test_all_problems_are_reported_at_once_with_their_lines(tmp_path):
    text = SMALL.replace("best: 100", "best: 0").replace("weight: 3", "wieght: 3").replace("worst: 75", "worst: 5")
    with pytest.raises(FrameworkError) as caught:
        vt.read_framework(write(tmp_path, text))
    message = str(caught.value)
    assert "3 problems" in message
    assert "line 7" in message and "'worst' and 'best' are both 0" in message
    assert "line 8" in message and "less is better" in message
    assert "line 9" in message and "Did you mean 'weight'?" in message


def test_workbook_problem_names_sheet_and_row(tmp_path):
    from openpyxl import load_workbook

    path = vt.read_framework("redcross").to_workbook(tmp_path / "framework.xlsx")
    book = load_workbook(path)
    page = book["指标 indicators"]
    heads = [cell.value for cell in page[1]]
    row = next(r for r in page.iter_rows(min_row=3) if r[0].value == "B23")
    row[heads.index("worst")].value = 10
    book.save(path)
    with pytest.raises(FrameworkError, match=rf"sheet 'indicators', row {row[0].row}.*B23.*less is better"):
        vt.read_framework(path)


def test_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FrameworkError, match=r"none\.yaml' is not there"):
        vt.read_framework(tmp_path / "none.yaml")


NODE = "name: x\ntree:\n  code: V\n  children:\n  - {code: A, %s}\n  - {code: B}\n"
LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in zip("abcdefg", "bcdefgh")
)


@pytest.mark.parametrize(
    ("text", "found", "found_zh"),
    [
        (NODE % "worst: -.inf, best: .nan", "worst: found -inf; expected a finite number", "须为有限的数"),
        (NODE % "limits: [.nan, 1]", "limits > 1: found nan", "有限"),
        (NODE % "limits: [5, 1]", "'limits': expected the lower end first, found 5 and 1", "须下限在前"),
        (NODE % "weight: .inf", "found inf", "有限"),
        (NODE % "weight: true", "found True; expected a number", "须为数字"),
        (NODE % "weight: '3'", "found '3'; expected a number: without quotes", "不加引号"),
        (NODE % "weight: -1", "found -1; expected a number of 0 or more", "不能小于 0"),
        (NODE % "name_en: 5", "found 5; expected text: put it into quotes", "请加引号"),
        (NODE % "name_en: 2026-13-45", "a value cannot be read", "无法读取"),
        (NODE % "name_en: !!int x", "a value cannot be read", "无法读取"),
        (NODE % 'name_en: "a\\x01b"', "name_en: a control character, '.x01' at position 2", "控制字符"),
        (NODE % "wieght: 1", "unknown key 'wieght'. Did you mean 'weight'", "是否想写 'weight'"),
        (NODE % "direction: up", "found 'up'; expected one of 'benefit', 'cost' or 'interval'", "之一"),
        (NODE % "measure: {kind: sum}", "'kind' to be one of 'value', 'ratio'", "之一"),
        (NODE % "natures: x", "found 'x'; expected a list", "须为列表"),
        ("name: x\ntree: {code: 1, children: [{code: a}]}\n", "code: found 1; expected text", "请加引号"),
        ("name: x\ntree: {code: V}\n", "the root needs at least one indicator", "至少要有一个指标"),
        ("name: x\ntree: &a\n  code: V\n  children: [*a]\n", "an alias that holds itself", "引用包含自身"),
        ("name: x\ntree: " + "[" * 2000 + "]" * 2000, "line 2: nested more than 100 deep", "嵌套超过100层"),
        ("name: x\ntree: " + "[" * 100_000, "line 2: nested more than 100 deep", "嵌套超过100层"),
        ("- " * 100_000, "line 1: nested more than 100 deep", "嵌套超过100层"),
        ("".join(" " * depth + "-\n" for depth in range(1000)), "line 101: nested more than", "第101行"),
        (LAUGHS, "more than 200,000 values with its aliases", "引用"),
        ("? [a, b]\n: 1\n", "line 1, column 3: a key must be one word", "键须为一个词"),
        ("a: 1\na: 2\n", "line 2, column 1: key 'a' is written twice", "写了两次"),
        ("", "found nothing", "现为空"),
        ("- a\n", "found list", "list"),
        ("extends: mine.yaml\n", "leads back to a file on the way", "循环引用"),
        ("extends: [a]\n", "neither a bundled framework nor a YAML file", "既不是自带框架"),
        ("extends: redcros\n", "Did you mean 'redcross'", "是否想写 'redcross'"),
        ("extends: redcross\ntree_add: foo\n", "line 2, tree_add: found 'foo'", "须为分组的列表"),
        ("extends: redcross\ntree_add: [foo]\n", "tree_add: found 'foo'.*expected a group", "须为分组"),
        ("extends: redcross\ntree_add: [{code: Z, children: 5}]\n", "tree_add: found 5", "须为分组的列表"),
        ("extends: redcross\ntree_add: [{code: Z, resources: 5}]\n", "tree_add: found 5.*codes", "资源代码"),
        ("extends: redcross\ntree_add: [{code: Z, resources: [R1]}]\n", "unknown resources 'R1'", "没有资源 'R1'"),
        ("extends: redcross\nresources: [a]\n", "resources > 1: found 'a'; expected a mapping", "须为映射"),
        ("extends: redcross\ntree: 5\ntree_add: [{code: Z}]\n", "tree: found 5; expected a mapping", "须为映射"),
        ("extends: redcross\ntree_add: [{code: Z, wieght: 1}]\n", "line 2, tree > children > 7 > wieght", "第2行"),
    ],
)
def test_what_cannot_be_a_framework_gets_one_message_in_two_languages(tmp_path, text, found, found_zh):
    with pytest.raises(FrameworkError, match=found) as caught:
        vt.read_framework(write(tmp_path, text))
    message = caught.value.message("zh")
    assert found_zh in message and message != str(caught.value)


@pytest.mark.parametrize("source", [None, 5, b"redcross", [], {"name": "x"}])
def test_source_of_another_kind_is_refused(source):
    with pytest.raises(FrameworkError, match=f"found {type(source).__name__}; expected one of 'ifrc_fdrs'"):
        vt.read_framework(source)


def test_framework_is_its_own_source():
    framework = vt.read_framework("redcross")
    assert vt.read_framework(framework) is framework


def test_file_may_extend_the_full_framework_and_a_neighbour_that_extends(tmp_path):
    write(tmp_path, "extends: redcross_full\nname: ours\n", "ours.yaml")
    path = write(tmp_path, "extends: ours.yaml\nname: town\ntree_add: [{code: H, resources: [R21]}]\n", "town.yaml")
    town, full = vt.read_framework(path), vt.read_framework("redcross_full")
    assert (town.name, town.version) == ("town", full.version)
    assert town.children("V") == (*full.children("V"), "H")


def test_circle_of_files_is_refused(tmp_path):
    write(tmp_path, "extends: b.yaml\n", "a.yaml")
    write(tmp_path, "extends: a.yaml\n", "b.yaml")
    with pytest.raises(FrameworkError, match=r"extends 'a.yaml', which leads back"):
        vt.read_framework(tmp_path / "a.yaml")


def test_file_in_another_encoding_says_how_to_save_it(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_bytes("name: x\ntitle_zh: 活力框架\n".encode("gbk"))
    with pytest.raises(FrameworkError, match=r"line 2: this text is not UTF-8. Save the file as UTF-8") as caught:
        vt.read_framework(path)
    assert "另存为" in caught.value.message("zh")


def test_utf16_and_a_byte_order_mark_are_read(tmp_path):
    for encoding in ("utf-16", "utf-8-sig"):
        path = tmp_path / f"{encoding}.yaml"
        path.write_bytes(SMALL.encode(encoding))
        assert vt.read_framework(path).name == "small"


def test_spaces_around_text_are_no_part_of_it(tmp_path):
    text = "name: x\ntree: {code: V, children: [{code: ' a ', name_zh: ' 甲 '}]}\n"
    framework = vt.read_framework(write(tmp_path, text))
    assert framework.leaves == ("a",) and framework.label("a") == "甲"


def test_long_way_to_a_problem_is_cut(tmp_path):
    text = "name: x\ntree: " + "".join(f"{{code: c{n}, children: [" for n in range(45)) + "{code: z, wieght: 1}"
    with pytest.raises(FrameworkError) as caught:
        vt.read_framework(write(tmp_path, text + "]}" * 45))
    assert "tree > children > 1 > … >" in str(caught.value)
    assert str(caught.value).count("children") < 10


def test_bundled_framework_cannot_be_damaged_by_a_caller():
    framework = vt.read_framework("redcross")
    for mapping in (framework.passages, framework.components, framework.levels, framework.questions):
        with pytest.raises(TypeError, match="frozen"):
            mapping.popitem()
    assert hash(framework) == hash(vt.read_framework(framework.name))
    assert len({framework, framework._copy(name="other")}) == 2
    assert pickle.loads(pickle.dumps(framework)) == framework == copy.deepcopy(framework)


def test_a_framework_in_use_can_still_be_compared():
    framework = vt.read_framework("redcross")
    before = copy.deepcopy(framework)
    framework.weights()  # kept in the object
    assert framework == copy.deepcopy(framework) == before and hash(framework) == hash(before)
    assert framework != framework.with_weights(framework.weights()["local"].iloc[:-1]) and framework != "redcross"
