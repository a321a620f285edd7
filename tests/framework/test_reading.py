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
