"""All or nothing: a folder is swapped in whole, the last good one survives every failure."""

from pathlib import Path

import pytest

from tests.report.test_manifest import manifest
from vitality.errors import ReportError
from vitality.report import publishing
from vitality.report.manifest import record_file


def report_in(folder, text="old", *, lang="zh"):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"report_{lang}.docx"
    path.write_text(text)
    made = manifest(lang=lang, files=(record_file(path),))
    made = made.model_copy(update={"editions": {lang: made.editions["zh"]}})
    publishing.write_manifest(made, folder)
    return made


def listing(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_new_folder_is_put_in_place_with_the_usual_rights(tmp_path):
    target = tmp_path / "reports" / "2024"
    staging = publishing.new_staging(target)
    assert staging.parent == target.parent and staging.stat().st_mode & 0o500 == 0o500
    plain = tmp_path / "plain"
    plain.mkdir()
    assert staging.stat().st_mode == plain.stat().st_mode, "mkdtemp would give 0700"
    report_in(staging)
    publishing.publish(staging, target)
    assert listing(target) == ["manifest.json", "report_zh.docx"]
    assert listing(target.parent) == ["2024"], "nothing is left beside it"


def test_an_old_report_is_replaced_as_a_whole(tmp_path):
    target = tmp_path / "2024"
    report_in(target, lang="en")
    staging = publishing.new_staging(target)
    report_in(staging, "new")
    publishing.publish(staging, target)
    assert listing(target) == ["manifest.json", "report_zh.docx"]
    assert listing(tmp_path) == ["2024"]


@pytest.mark.parametrize("fails", [1, 2])
def test_when_renaming_fails_the_last_report_is_as_it_was(tmp_path, monkeypatch, fails):
    target = tmp_path / "2024"
    report_in(target)
    staging = publishing.new_staging(target)
    report_in(staging, "new")
    rename, calls = Path.rename, []

    def refuse(self, other):
        calls.append(other)
        if len(calls) == fails:
            raise PermissionError(13, "open in another program")
        return rename(self, other)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(ReportError, match=r"could not be replaced.*last report is unchanged"):
        publishing.publish(staging, target)
    assert (target / "report_zh.docx").read_text() == "old"
    assert staging.is_dir(), "the new one is still there to be kept"


def test_a_run_that_was_killed_between_the_renames_is_mended(tmp_path):
    target = tmp_path / "2024"
    report_in(target)
    target.rename(tmp_path / ".2024-old-1a2b3c4d")
    assert publishing.check_target(target) is not None
    assert (target / "report_zh.docx").read_text() == "old"


def test_a_place_that_is_free_or_empty_is_fine(tmp_path):
    assert publishing.check_target(tmp_path / "new") is None
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / ".gitkeep").touch()
    assert publishing.check_target(tmp_path / "empty") is None


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "2024").write_text("mine")
    with pytest.raises(ReportError, match="a file of that name"):
        publishing.check_target(tmp_path / "2024")


def test_a_folder_with_files_of_others_is_left_alone(tmp_path):
    (tmp_path / "thesis.docx").write_text("mine")
    with pytest.raises(ReportError, match=r"holds 'thesis.docx', which no report published") as error:
        publishing.check_target(tmp_path)
    assert "thesis.docx" in error.value.message("zh")
    report_in(tmp_path)
    with pytest.raises(ReportError, match=r"thesis.docx"):
        publishing.check_target(tmp_path)


def test_a_word_file_that_somebody_worked_on_is_not_replaced(tmp_path):
    report_in(tmp_path)
    assert publishing.check_target(tmp_path) is not None
    (tmp_path / "report_zh.docx").write_text("edited by hand")
    with pytest.raises(ReportError, match=r"'report_zh.docx' was edited after"):
        publishing.check_target(tmp_path)


def test_the_other_language_is_carried_over_unchanged(tmp_path):
    target, staging = tmp_path / "2024", tmp_path / "new"
    old = report_in(target, "English", lang="en")
    (target / ".gitkeep").touch()
    staging.mkdir()
    kept = publishing.carry_over(old, target, staging, made=["zh"])
    assert kept == {"en": old.editions["en"]}
    assert (staging / "report_en.docx").read_text() == "English" and (staging / ".gitkeep").exists()
    assert publishing.carry_over(old, target, staging, made=["en"]) == {}
    (target / "report_en.docx").unlink()
    assert publishing.carry_over(old, target, staging, made=["zh"]) == {}
    assert publishing.carry_over(None, target, staging, made=["zh"]) == {}


def test_a_failed_run_is_kept_beside_the_report_and_forgotten_after_a_good_one(tmp_path):
    target = tmp_path / "2024"
    for message in ("first", "second"):
        staging = publishing.new_staging(target)
        kept = publishing.keep_failed(staging, target, message)
        assert kept == tmp_path / "2024.failed" and (kept / "error.txt").read_text() == f"{message}\n"
    staging = publishing.new_staging(target)
    report_in(staging)
    publishing.publish(staging, target)
    assert listing(tmp_path) == ["2024"]


def test_a_folder_of_that_name_that_is_not_ours_is_not_touched(tmp_path):
    mine = tmp_path / "2024.failed"
    mine.mkdir()
    (mine / "notes.txt").write_text("mine")
    kept = publishing.keep_failed(publishing.new_staging(tmp_path / "2024"), tmp_path / "2024", "x")
    assert kept != mine and (mine / "notes.txt").read_text() == "mine"
