"""Files are whole or as they were; languages are those offered."""

import csv
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from vitality.errors import ReportError
from vitality.report.captions import caption, chapter
from vitality.report.languages import check_lang, check_langs
from vitality.report.tables import write_table

TABLE = pd.DataFrame({"指数": [71.5, np.nan]}, index=pd.Index(["云溪街道", "青石镇"], name="单位"))


def listing(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "A.XLSX"])
def test_a_table_comes_back_as_it_was_written_over_an_old_one(tmp_path, name):
    path = tmp_path / name
    path.write_text("old")
    assert write_table(TABLE, path) == path
    read = (
        pd.read_csv(path, index_col=0) if path.suffix == ".csv" else pd.read_excel(path, index_col=0, engine="calamine")
    )
    pd.testing.assert_frame_equal(read, TABLE)
    assert listing(tmp_path) == [name]


def test_both_levels_of_an_index_are_written(tmp_path):
    index = pd.MultiIndex.from_tuples([("甲镇", "2024")], names=["unit", "round"])
    write_table(pd.DataFrame({"score": [1.5]}, index=index), tmp_path / "a.csv")
    assert list(pd.read_csv(tmp_path / "a.csv").columns) == ["unit", "round", "score"]


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_a_table_that_cannot_be_written_leaves_the_old_file(tmp_path, monkeypatch, name):
    def refuse(self, place, **options):
        place.write_text("half")
        raise OSError(28, "No space left on device")

    (tmp_path / name).write_text("old")
    monkeypatch.setattr(pd.DataFrame, "to_csv", refuse)
    monkeypatch.setattr(pd.DataFrame, "to_excel", refuse)
    with pytest.raises(ReportError, match=r"a\.\w+: it could not be written \(No space left") as error:
        write_table(TABLE, tmp_path / name)
    assert "无法写入" in error.value.message("zh")
    assert (tmp_path / name).read_text() == "old" and listing(tmp_path) == [name]


def test_a_table_that_is_open_in_excel_is_told(tmp_path, monkeypatch):
    def refuse(self, target):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(ReportError, match="Close it in other programs"):
        write_table(TABLE, tmp_path / "a.csv")
    assert listing(tmp_path) == []


def test_a_folder_that_is_not_there_or_in_the_way_is_told(tmp_path):
    with pytest.raises(ReportError, match="there is no folder .*nowhere") as error:
        write_table(TABLE, tmp_path / "nowhere" / "a.csv")
    assert "没有文件夹" in error.value.message("zh")
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(ReportError, match="a folder has that name"):
        write_table(TABLE, tmp_path / "a.csv")


@pytest.mark.parametrize("lang", ["fr", "ZH", "", None, 1, ["zh"]])
def test_a_language_that_is_not_offered_is_refused(lang):
    for refuse in (check_lang, lambda lang: caption("ranking", lang), lambda lang: chapter("results", lang)):
        with pytest.raises(ReportError, match="found language"):
            refuse(lang)


@pytest.mark.parametrize("langs", ["fr", ("zh", "fr"), (), [None]])
def test_languages_that_are_not_offered_are_refused(langs):
    with pytest.raises(ReportError, match="found language|no language"):
        check_langs(langs)


LIVE = ["=cmd|'/c calc'!A1", "+1+cmd", "@SUM(1)", "-1+1", '=HYPERLINK("http://example.org")', "＝1+1", "\t=1+1"]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_no_text_of_a_table_becomes_a_formula(tmp_path, ending):
    index = pd.Index(LIVE, name="=unit")
    table = pd.DataFrame(
        {"=head": LIVE, "group": pd.Categorical(LIVE), "number": -1.5, "interval": "-0.12 ~ 0.30", "bell": "a\x07"},
        index=index,
    )
    path = write_table(table, tmp_path / f"a.{ending}")
    if ending == "xlsx":
        cells = [cell for row in openpyxl.load_workbook(path).active.iter_rows() for cell in row]
        assert "f" not in {cell.data_type for cell in cells}
        texts, numbers = [cell.value for cell in cells], [cell.value for cell in cells if cell.data_type == "n"]
        assert numbers == [-1.5] * len(LIVE) and texts.count("-0.12 ~ 0.30") == len(LIVE)
    else:
        texts = [text for row in csv.reader(path.read_text("utf-8-sig").splitlines()) for text in row]
        assert texts.count("-1.5") == len(LIVE) and texts.count("-0.12 ~ 0.30") == len(LIVE)
    risky = [text for text in texts if str(text)[:1] in "=+@＝\t" or str(text).startswith("-1+")]
    assert risky == [] and texts.count("a") == len(LIVE)
