"""All or nothing: a folder is swapped in whole, the last good one survives every failure."""

import multiprocessing
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from filelock import FileLock

from tests.report.test_manifest import manifest
from vitality.errors import ReportError
from vitality.report import publishing
from vitality.report.manifest import read_manifest, record_file


def made_in(folder, text="old", *, lang="zh"):
    """Write a report of one file; give its editions."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"report_{lang}.docx"
    path.write_text(text)
    return {lang: manifest(lang=lang, files=(record_file(path),)).editions["zh"]}


def report_in(folder, text="old", *, lang="zh"):
    made = manifest().model_copy(update={"editions": made_in(folder, text, lang=lang)})
    publishing.write_manifest(made, folder)
    return made


def publish(target, text="new", *, lang="zh", meanwhile=lambda: None):
    """Make a report and publish it, as a run does, failures included."""
    with publishing.staged(target) as staging:
        editions = made_in(staging, text, lang=lang)
        meanwhile()
        try:
            return publishing.publish(staging, target, editions, round="2024")
        except ReportError as problem:
            publishing.keep_failed(staging, target, str(problem))
            raise


def listing(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_new_folder_is_put_in_place_with_the_usual_rights(tmp_path):
    target = tmp_path / "reports" / "2024"
    plain = tmp_path / "plain"
    plain.mkdir()
    with publishing.staged(target) as staging:
        assert staging.parent == target.parent and staging.stat().st_mode & 0o500 == 0o500
        assert staging.stat().st_mode == plain.stat().st_mode, "mkdtemp would give 0700"
        made = publishing.publish(staging, target, made_in(staging), round="2024")
    assert made == read_manifest(target) and made.round == "2024"
    assert listing(target) == ["manifest.json", "report_zh.docx"]
    assert listing(target.parent) == ["2024"], "nothing is left beside it"


def test_an_old_report_is_replaced_as_a_whole(tmp_path):
    report_in(tmp_path / "2024")
    publish(tmp_path / "2024")
    assert listing(tmp_path / "2024") == ["manifest.json", "report_zh.docx"]
    assert (tmp_path / "2024" / "report_zh.docx").read_text() == "new"
    assert listing(tmp_path) == ["2024"]


def test_a_run_that_neither_publishes_nor_is_kept_leaves_nothing(tmp_path):
    with pytest.raises(KeyboardInterrupt), publishing.staged(tmp_path / "2024") as staging:
        made_in(staging)
        raise KeyboardInterrupt
    assert listing(tmp_path) == []


def test_two_languages_made_at_the_same_time_are_both_published(tmp_path):
    target = tmp_path / "2024"
    publish(target, lang="zh", meanwhile=lambda: publish(target, lang="en"))
    assert listing(target) == ["manifest.json", "report_en.docx", "report_zh.docx"]
    assert list(read_manifest(target).editions) == ["zh", "en"]
    assert listing(tmp_path) == ["2024"]


def _publish_often(target, lang):
    for number in range(15):
        publish(Path(target), f"{lang} {number}", lang=lang)


@pytest.mark.parametrize("start", [threading.Thread, multiprocessing.get_context("spawn").Process])
def test_runs_that_publish_to_one_place_wait_for_one_another(tmp_path, start):
    target = tmp_path / "2024"
    runs = [start(target=_publish_often, args=(str(target), lang)) for lang in ("zh", "en")]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    found = read_manifest(target)
    assert list(found.editions) == ["zh", "en"]
    assert [record_file(target / record.name) for record in found.files] == list(found.files)
    assert {path.read_text() for path in target.glob("*.docx")} == {"zh 14", "en 14"}
    assert listing(tmp_path) == ["2024"]


def test_a_run_says_so_when_another_one_does_not_end(tmp_path, monkeypatch):
    monkeypatch.setattr(publishing, "PATIENCE", 0.1)
    with (
        FileLock(tmp_path / ".2024.lock"),
        pytest.raises(ReportError, match="another run has been publishing") as error,
    ):
        publish(tmp_path / "2024")
    assert "另一个程序正在发布" in error.value.message("zh")


@pytest.mark.parametrize("name", ["report_zh.docx", "notes.txt"])
def test_what_somebody_saves_there_during_a_run_is_not_lost(tmp_path, name):
    target = tmp_path / "2024"
    report_in(target)
    with pytest.raises(
        ReportError, match=rf"'{name}'.*The new report is kept: {re.escape(str(target))}.failed"
    ) as error:
        publish(target, meanwhile=lambda: (target / name).write_text("mine"))
    assert "新报告保留在" in error.value.message("zh")
    assert (target / name).read_text() == "mine"
    assert (tmp_path / "2024.failed" / "report_zh.docx").read_text() == "new"
    assert listing(tmp_path) == ["2024", "2024.failed"]


def test_what_comes_in_at_the_last_moment_is_not_lost(tmp_path, monkeypatch):
    target = tmp_path / "2024"
    report_in(target)
    write = publishing.write_manifest

    def late(made, folder):
        (target / "notes.txt").write_text("mine")
        return write(made, folder)

    monkeypatch.setattr(publishing, "write_manifest", late)
    with pytest.raises(ReportError, match=r"'notes.txt'"):
        publish(target)
    assert listing(target) == ["manifest.json", "notes.txt", "report_zh.docx"]


@pytest.mark.parametrize("fails", [1, 2])
def test_when_renaming_fails_the_last_report_is_as_it_was(tmp_path, monkeypatch, fails):
    target = tmp_path / "2024"
    report_in(target)
    rename, calls = Path.rename, []

    def refuse(self, other):
        calls.append(other)
        if len(calls) == fails:
            raise PermissionError(13, "open in another program")
        return rename(self, other)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(ReportError, match=r"could not be replaced.*last report is unchanged"):
        publish(target)
    assert (target / "report_zh.docx").read_text() == "old"
    assert (tmp_path / "2024.failed" / "report_zh.docx").read_text() == "new"


def test_ctrl_c_between_the_renames_puts_the_last_report_back(tmp_path, monkeypatch):
    target = tmp_path / "2024"
    report_in(target)
    monkeypatch.setattr(publishing, "_only_ours", lambda folder, target: interrupt() if folder != target else None)

    def interrupt():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish(target)
    assert (target / "report_zh.docx").read_text() == "old" and listing(tmp_path) == ["2024"]


def test_a_run_that_was_killed_between_the_renames_is_mended(tmp_path):
    target = tmp_path / "2024"
    report_in(target)
    target.rename(tmp_path / ".2024-old-1a2b3c4d")
    assert publishing.check_target(target) is not None
    assert (target / "report_zh.docx").read_text() == "old"


def test_of_two_reports_left_the_newest_whole_one_is_put_back(tmp_path):
    for name, text, age in ((".2024-old-ffffffff", "older", 50), (".2024-old-00000000", "old", 10)):
        report_in(tmp_path / name, text)
        changed = (tmp_path / name).stat().st_mtime - age
        os.utime(tmp_path / name, (changed, changed))
    half = tmp_path / ".2024-old-99999999"
    half.mkdir()
    (half / "report_zh.docx").write_text("half deleted")
    assert publishing.check_target(tmp_path / "2024") is not None
    assert (tmp_path / "2024" / "report_zh.docx").read_text() == "old"


def test_a_report_that_was_removed_does_not_come_back_half_deleted(tmp_path):
    half = tmp_path / ".2024-old-1a2b3c4d"
    half.mkdir()
    (half / "report_en.docx").write_text("half deleted")
    publish(tmp_path / "2024")
    assert listing(tmp_path) == ["2024"] and listing(tmp_path / "2024") == ["manifest.json", "report_zh.docx"]


def test_of_an_old_report_the_manifest_goes_first(tmp_path, monkeypatch):
    report_in(tmp_path / "2024")
    seen = []
    monkeypatch.setattr(
        publishing.shutil, "rmtree", lambda folder, **_: seen.append((folder.name[:9], listing(folder)))
    )
    publishing._discard(tmp_path / "2024")
    assert seen == [("2024", ["report_zh.docx"])]


KILLED = """
import os, sys
from pathlib import Path
from vitality.report import publishing
with publishing.staged(Path(sys.argv[1])) as staging:
    (staging / "half.html").write_text("half")
    os._exit(9)
"""


def test_what_a_killed_run_left_goes_with_the_next_and_what_a_living_one_makes_stays(tmp_path):
    target = tmp_path / "report[1]*"
    for place in (target, tmp_path / "report1"):
        assert subprocess.run([sys.executable, "-c", KILLED, str(place)], check=False).returncode == 9
    left = [name for name in listing(tmp_path) if name.startswith(".report1-new-")]
    assert len(left) == 2, "the folder and its lock file"
    with publishing.staged(target) as living:
        publish(target, lang="en")
        assert listing(tmp_path) == sorted([*left, living.name, f"{living.name}.lock", "report[1]*"])
        (living / "report_zh.docx").write_text("still there")
    assert listing(tmp_path) == sorted([*left, "report[1]*"]), "names are no patterns"


def test_a_place_that_is_free_or_empty_is_fine(tmp_path):
    assert publishing.check_target(tmp_path / "new") is None
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / ".gitkeep").touch()
    assert publishing.check_target(tmp_path / "empty") is None


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "2024").write_text("mine")
    with pytest.raises(ReportError, match="a file of that name"):
        publishing.check_target(tmp_path / "2024")


def test_a_file_above_is_no_folder(tmp_path):
    (tmp_path / "file.py").write_text("mine")
    with pytest.raises(ReportError, match=r"file.py' is a file; expected a folder") as error:
        publish(tmp_path / "file.py" / "x" / "y")
    assert "是一个文件" in error.value.message("zh")


def test_a_place_that_cannot_be_written_to_is_told(tmp_path, monkeypatch):
    def refuse(self, *args, **options):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(ReportError, match=r"nothing can be written in .*Permission denied") as error:
        publish(tmp_path / "2024")
    assert "无法写入" in error.value.message("zh")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a file system that nobody can write to")
def test_a_place_where_nothing_can_be_made_is_told_at_once():
    with pytest.raises(ReportError, match="nothing can be written in '/proc'"):
        publish(Path("/proc/2024"))


def test_a_folder_that_is_read_only_is_left_alone(tmp_path, monkeypatch):
    report_in(tmp_path / "2024")
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)  # the rights do not bind an administrator
    with pytest.raises(ReportError, match="it is read-only") as error:
        publish(tmp_path / "2024")
    assert "只读" in error.value.message("zh") and listing(tmp_path) == ["2024"]


@pytest.mark.parametrize("whole", [Path("/").resolve(), None], ids=["root", "drive"])
def test_a_whole_drive_is_refused(tmp_path, monkeypatch, whole):
    target = whole or tmp_path / "usb"
    target.mkdir(exist_ok=True)
    monkeypatch.setattr(os.path, "ismount", lambda path: path == target)
    with pytest.raises(ReportError, match="whole drive") as error:
        publish(target)
    assert "整个磁盘" in error.value.message("zh")


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


@pytest.mark.parametrize("name", ["report_zh.pdf", "report_zh.html", "report_zh.ipynb"])
def test_any_file_that_was_edited_is_kept_but_a_checkout_may_change_ends_of_lines(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"one\ntwo\n")
    publishing.write_manifest(manifest(files=(record_file(path),)), tmp_path)
    path.write_bytes(b"one\r\ntwo\r\n")
    assert publishing.check_target(tmp_path) is not None
    path.write_bytes(b"one\nthree\n")
    with pytest.raises(ReportError, match=f"'{name}' was edited after"):
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
        with publishing.staged(target) as staging:
            kept = publishing.keep_failed(staging, target, message)
        assert kept == tmp_path / "2024.failed" and (kept / "error.txt").read_text() == f"{message}\n"
    publish(target)
    assert listing(tmp_path) == ["2024"]


def test_a_folder_of_that_name_that_is_not_ours_is_not_touched(tmp_path):
    mine = tmp_path / "2024.failed"
    mine.mkdir()
    (mine / "notes.txt").write_text("mine")
    with publishing.staged(tmp_path / "2024") as staging:
        kept = publishing.keep_failed(staging, tmp_path / "2024", "x")
    assert kept != mine and (mine / "notes.txt").read_text() == "mine"


def of_round(folder, round_folder):
    edition = made_in(folder)["zh"].model_copy(update={"parameters": {"round_folder": round_folder}})
    publishing.write_manifest(manifest().model_copy(update={"editions": {"zh": edition}}), folder)


def test_the_report_of_another_round_folder_is_not_replaced(tmp_path):
    of_round(tmp_path / "2024", "data/rounds/2024")
    with pytest.raises(ReportError, match=r"holds the report of 'data/rounds/2024'; this is 'my-rounds/2024'") as error:
        publishing.check_same_round(tmp_path / "2024", "my-rounds/2024")
    assert "--output" in error.value.message("zh")


@pytest.mark.parametrize("name", ["data/rounds/2024", "2024", "/home/li/vitality/data/rounds/2024"])
def test_the_same_round_folder_seen_from_another_place_is_the_same(tmp_path, name):
    of_round(tmp_path / "2024", "data/rounds/2024")
    publishing.check_same_round(tmp_path / "2024", name)
    publishing.check_same_round(tmp_path / "free", name)
    assert listing(tmp_path) == ["2024"] and read_manifest(tmp_path / "2024").round == "2024"
