"""From a round folder to a published report."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.report.sample import SHORT, write_notebook
from vitality.errors import ReportError, SurveyError
from vitality.report import reporting
from vitality.report.manifest import read_manifest, record_file
from vitality.report.reporting import render_report

pytestmark = pytest.mark.notebook


@pytest.fixture
def notebook(tmp_path):
    return write_notebook(tmp_path / "report.ipynb", SHORT)


@pytest.fixture
def round_folder(tmp_path):
    folder = tmp_path / "rounds" / "2024"
    (folder / "raw").mkdir(parents=True)
    (folder / "raw" / "town.csv").write_text("t01\n1\n")
    return folder


def listing(folder):
    return sorted(path.name for path in folder.iterdir())


def test_two_languages_one_after_the_other_end_in_one_folder(tmp_path, round_folder, notebook):
    target, said = tmp_path / "reports" / "2024", []
    first = render_report(
        round_folder,
        target,
        notebook=notebook,
        formats=["html"],
        parameters={"seed": 11},
        progress=lambda zh, en: said.append(en),
    )
    assert [path.name for path in first.files] == ["report_zh.html", "report_zh.ipynb", "manifest.json"]
    assert said[0] == "running the report notebook (zh)" and said[-1] == "publishing the report"
    assert 0 < first.seconds < 60
    zh = (target / "report_zh.html").read_bytes()

    second = render_report(round_folder, target, notebook=notebook, formats="html", lang="en")
    assert listing(target) == [
        "manifest.json",
        "report_en.html",
        "report_en.ipynb",
        "report_zh.html",
        "report_zh.ipynb",
    ]
    assert (target / "report_zh.html").read_bytes() == zh
    assert second.manifest.editions["zh"] == first.manifest.editions["zh"]
    assert list(second.manifest.editions) == ["zh", "en"]
    assert listing(tmp_path / "reports") == ["2024"]


def test_the_manifest_tells_what_was_made_from_what(tmp_path, round_folder, notebook, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    target = tmp_path / "out"
    run = render_report(round_folder, target, notebook=notebook, formats=["html", "docx"], parameters={"seed": 5})
    assert read_manifest(target) == run.manifest
    edition = run.manifest.editions["zh"]
    assert run.manifest.round == "2024" and edition.title == "报告 zh" and edition.notices == ("模拟数据",)
    assert edition.created == "2023-11-14T22:13:20+00:00"
    assert edition.parameters == {"round_folder": "2024", "lang": "zh", "seed": 5, "broken": False}
    assert edition.seed == 5 and edition.framework == "redcross" and edition.framework_version
    assert [record.name for record in edition.inputs] == ["raw/town.csv"]
    assert [record.name for record in edition.files] == ["report_zh.html", "report_zh.docx", "report_zh.ipynb"]
    for record in edition.files:
        assert record_file(target / record.name) == record
    assert edition.notebook == record_file(notebook)


def test_nothing_published_names_a_place_on_this_machine(tmp_path, round_folder, notebook):
    target = tmp_path / "out"
    render_report(round_folder, target, notebook=notebook, formats="html")
    for name in ("manifest.json", "report_zh.ipynb"):
        assert str(tmp_path) not in (target / name).read_text(encoding="utf-8")
    executed = json.loads((target / "report_zh.ipynb").read_text(encoding="utf-8"))
    assert "papermill" not in json.dumps(executed)


def test_a_round_inside_the_working_folder_is_named_from_there(tmp_path, round_folder, notebook, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = render_report("rounds/2024", "out", notebook=notebook, formats="html")
    assert run.manifest.editions["zh"].parameters["round_folder"] == "rounds/2024"
    assert "round rounds/2024" in (tmp_path / "out" / "report_zh.html").read_text(encoding="utf-8")


def test_a_failing_cell_leaves_the_last_report_and_keeps_the_failed_one(tmp_path, round_folder, notebook):
    target = tmp_path / "out"
    render_report(round_folder, target, notebook=notebook, formats="html")
    before = {path.name: path.read_bytes() for path in target.iterdir()}
    with pytest.raises(ReportError) as error:
        render_report(round_folder, target, notebook=notebook, formats="html", parameters={"broken": True})
    kept = tmp_path / "out.failed"
    assert f"ValueError: 数据不对. The failed notebook is kept: {kept / 'report_zh.ipynb'}" in str(error.value)
    assert listing(kept) == ["error.txt", "report_zh.ipynb"]
    assert "数据不对" in (kept / "error.txt").read_text(encoding="utf-8")
    assert {path.name: path.read_bytes() for path in target.iterdir()} == before
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []
    render_report(round_folder, target, notebook=notebook, formats="html")
    assert not kept.exists()


def test_both_languages_at_once(tmp_path, round_folder, notebook):
    run = render_report(round_folder, tmp_path / "out", notebook=notebook, formats="html", lang=("zh", "en"))
    assert [edition.title for edition in run.manifest.editions.values()] == ["报告 zh", "报告 en"]


def test_two_runs_at_the_same_time_are_both_published(tmp_path, round_folder, notebook):
    target = tmp_path / "out"
    with ThreadPoolExecutor(2) as pool:
        runs = list(
            pool.map(
                lambda lang: render_report(round_folder, target, notebook=notebook, formats="html", lang=lang),
                ("zh", "en"),
            )
        )
    assert all(path.is_file() for run in runs for path in run.files)
    assert list(read_manifest(target).editions) == ["zh", "en"]
    assert listing(tmp_path) == ["out", "report.ipynb", "rounds"]


def test_a_file_that_comes_into_the_folder_during_a_run_stays(tmp_path, round_folder, notebook):
    target = tmp_path / "out"
    render_report(round_folder, target, notebook=notebook, formats="html")

    def save(zh, en):
        (target / "notes.txt").write_text("mine")

    with pytest.raises(ReportError, match=r"'notes.txt', which no report published.*The new report is kept"):
        render_report(round_folder, target, notebook=notebook, formats="html", progress=save)
    assert (target / "notes.txt").read_text() == "mine"
    assert "report_zh.html" in listing(tmp_path / "out.failed")


def test_two_runs_at_one_time_give_the_same_bytes(tmp_path, round_folder, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    notebook = write_notebook(tmp_path / "report.ipynb", SHORT)
    old = json.loads(notebook.read_text(encoding="utf-8"))
    for cell in old["cells"]:
        del cell["id"]  # as before format 4.5
    (tmp_path / "old.ipynb").write_text(json.dumps(old | {"nbformat_minor": 4}), encoding="utf-8")
    for source in ("report.ipynb", "old.ipynb"):
        seen = []
        for target in (tmp_path / f"{source} 1", tmp_path / f"{source} 2"):
            render_report(round_folder, target, notebook=tmp_path / source, parameters={"seed": 3})
            seen.append({path.name: path.read_bytes() for path in target.iterdir()})
        assert [name for name in seen[0] if seen[0][name] != seen[1][name]] == []
        ids = [cell["id"] for cell in json.loads(seen[0]["report_zh.ipynb"])["cells"]]
        assert len(set(ids)) == len(ids) == len(SHORT) + 1


def test_only_the_path_of_the_round_itself_is_taken_out():
    path = reporting._path_of(Path("/d/20"))
    text = "'/d/20' /d/20/raw，在/d/20\n/d/20. but /d/2024 /d/20-old /d/20.csv /mnt/d/20 ./d/20"
    picture = {"image/png": "iVBO+/d/20+", "text/plain": ["at /d/20"]}
    left = "'20' 20/raw，在20\n20. but /d/2024 /d/20-old /d/20.csv /mnt/d/20 ./d/20"
    assert reporting._without_path(text, path, "20") == left
    assert reporting._without_path(picture, path, "20") == {"image/png": "iVBO+/d/20+", "text/plain": ["at 20"]}


STOPPED = """
import signal, sys
from vitality.report import render_report
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background has it ignored
try:
    render_report(sys.argv[1], sys.argv[2], notebook=sys.argv[3], lang=("zh", "en"), formats="html")
except KeyboardInterrupt:
    sys.exit(7)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="another process cannot be sent Ctrl-C there")
def test_ctrl_c_ends_a_run_its_kernels_and_its_folder(tmp_path, round_folder):
    wait = "import os, time\nopen(f'{lang}.pid', 'w').write(str(os.getpid()))\ntime.sleep(300)"
    notebook = write_notebook(tmp_path / "slow.ipynb", [*SHORT[:2], ("code", wait)])
    call = [sys.executable, "-c", STOPPED, str(round_folder), str(tmp_path / "reports" / "out"), str(notebook)]
    running = subprocess.Popen(call, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(Path.cwd())})
    kernels = [tmp_path / "zh.pid", tmp_path / "en.pid"]
    while not all(path.is_file() and path.read_text() for path in kernels):
        assert running.poll() is None
        time.sleep(0.1)
    running.send_signal(signal.SIGINT)
    assert running.wait(60) == 7, "the cells would go on for five minutes"
    assert listing(tmp_path / "reports") == []
    for path in kernels:
        with pytest.raises(ProcessLookupError):
            os.kill(int(path.read_text()), 0)


def test_when_one_language_fails_the_other_is_not_waited_for(tmp_path, round_folder):
    cell = "import time\nif lang == 'zh':\n    raise ValueError('数据不对')\ntime.sleep(300)"
    notebook = write_notebook(tmp_path / "slow.ipynb", [*SHORT[:2], ("code", cell)])
    with pytest.raises(ReportError, match="数据不对"):
        render_report(round_folder, tmp_path / "out", notebook=notebook, formats="html", lang=("zh", "en"))
    assert "report_zh.ipynb" in listing(tmp_path / "out.failed")


def test_a_failure_while_rendering_publishes_nothing(tmp_path, round_folder, notebook, monkeypatch):
    def refuse(*args, **options):
        raise ReportError("typst could not set the PDF")

    monkeypatch.setattr("vitality.report.rendering.render_notebook", refuse)
    with pytest.raises(ReportError, match="typst"):
        render_report(round_folder, tmp_path / "out", notebook=notebook, formats="pdf")
    assert not (tmp_path / "out").exists() and (tmp_path / "out.failed" / "report_zh.ipynb").is_file()


def test_an_interrupted_run_leaves_nothing_behind(tmp_path, round_folder, notebook, monkeypatch):
    def interrupt(*args, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(reporting, "execute_notebook", interrupt)
    with pytest.raises(KeyboardInterrupt):
        render_report(round_folder, tmp_path / "reports" / "out", notebook=notebook, formats="html")
    assert listing(tmp_path / "reports") == []


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"formats": ["htm"]}, r"format 'htm' is not offered. Did you mean 'html'"),
        ({"lang": "cn"}, "language 'cn'"),
        ({"lang": ()}, "no language"),
        ({"parameters": {"sead": 1}}, r"no parameter 'sead'. Did you mean 'seed'"),
        ({"parameters": {"lang": "en"}}, "'lang' is set by the arguments"),
        ({"parameters": {"seed": {1}}}, "parameter 'seed': found set"),
        ({"notebook": "nowhere.ipynb"}, "no such file"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_is_made(tmp_path, round_folder, notebook, options, match):
    with pytest.raises(ReportError, match=match):
        render_report(round_folder, tmp_path / "reports" / "out", **({"notebook": notebook} | options))
    assert not (tmp_path / "reports").exists()


def test_a_missing_round_is_refused(tmp_path, notebook):
    with pytest.raises(SurveyError, match="no such folder"):
        render_report(tmp_path / "2025", tmp_path / "out", notebook=notebook)


def test_a_folder_of_other_files_is_refused(tmp_path, round_folder, notebook):
    with pytest.raises(ReportError, match="which no report published"):
        render_report(round_folder, round_folder, notebook=notebook)
    assert listing(round_folder) == ["raw"]


def test_the_default_notebook_is_that_of_the_project():
    assert reporting.default_notebook().parts[-2:] == ("notebooks", "report.ipynb")
