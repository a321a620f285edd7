"""The manifest: what it records, and what it refuses."""

import hashlib

import pytest
from pydantic import ValidationError

from vitality.errors import ReportError
from vitality.report.manifest import (
    Edition,
    FileRecord,
    Manifest,
    program_versions,
    read_manifest,
    record_file,
    record_folder,
)

ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, B.1


def manifest(**changes):
    record = FileRecord(name="report_zh.html", bytes=3, sha256=ABC)
    edition = {"lang": "zh", "title": "报告", "created": "2026-01-01T00:00:00+00:00", "notebook": record}
    edition |= {"parameters": {"seed": 1}, "versions": {}, "inputs": (), "files": (record,)}
    return Manifest(round="2024", editions={"zh": Edition(**(edition | changes))})


def test_a_file_is_recorded_by_size_and_sha256(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"abc")
    assert record_file(tmp_path / "a.txt") == FileRecord(name="a.txt", bytes=3, sha256=ABC)
    assert record_file(tmp_path / "a.txt").sha256 == hashlib.sha256(b"abc").hexdigest()


def test_a_round_is_recorded_without_what_programs_made_of_it(tmp_path):
    for name in ("raw/表.xlsx", "raw/~$表.xlsx", "clean/t.csv", ".git/x", "round.yaml", "manifest.json"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"abc")
    assert [record.name for record in record_folder(tmp_path)] == ["raw/表.xlsx", "round.yaml"]


def test_a_manifest_comes_back_as_it_was_written(tmp_path):
    made = manifest()
    (tmp_path / "manifest.json").write_text(made.to_json(), encoding="utf-8")
    assert read_manifest(tmp_path) == made
    assert "报告" in made.to_json()
    assert read_manifest(tmp_path / "nowhere") is None


def test_a_manifest_cannot_be_changed():
    with pytest.raises(ValidationError, match="frozen"):
        manifest().round = "2025"


@pytest.mark.parametrize("text", ["{}", '{"name": "some package"}', "[1", '{"kind": "vitality report"}'])
def test_a_file_of_that_name_that_is_not_ours_is_refused(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(ReportError, match="no manifest of a report"):
        read_manifest(tmp_path)


def test_a_manifest_shows_itself():
    shown = manifest()._repr_html_()
    assert "report_zh.html" in shown and ABC[:12] in shown


def test_versions_name_what_a_report_depends_on():
    assert {"python", "vitality", "pandas", "typst", "pypandoc_binary", "papermill"} <= set(program_versions())
