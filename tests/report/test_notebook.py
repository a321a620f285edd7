"""Running a notebook: what it gives, and how every way to fail is told."""

import json

import pytest

from tests.report.sample import SHORT, write_notebook
from vitality.errors import ReportError
from vitality.report.notebook import execute_notebook

pytestmark = pytest.mark.notebook


def texts(path):
    content = json.loads(path.read_text(encoding="utf-8"))
    outputs = [output for cell in content["cells"] for output in cell.get("outputs", [])]
    return ["".join(output["data"]["text/markdown"]) for output in outputs if "data" in output]


def test_parameters_reach_the_notebook_as_they_are(tmp_path):
    cells = [("code", "code = ''\nratio = 0.0\nunits = []\nmore = {}", "parameters"),
             ("code", "from vitality.report.display import say\nimport math, os\n"
                      "say(repr((code, units, more, math.isnan(ratio))), os.getcwd())")]  # fmt: skip
    path = write_notebook(tmp_path / "a {1}.ipynb", cells)
    given = {"code": "007 '\"\\\n{x}", "ratio": float("nan"), "units": ("东", 1), "more": {"甲": True}}
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    done = execute_notebook(path, tmp_path / "out {0}" / "b.ipynb", given, cwd=folder)
    said = texts(done)[0]
    assert said == f"{(given['code'], ['东', 1], {'甲': True}, True)!r}\n\n{folder}"


def test_a_failing_cell_is_told_in_one_message_and_the_notebook_kept(tmp_path, capfd):
    path = write_notebook(tmp_path / "report.ipynb", SHORT)
    with pytest.raises(ReportError) as error:
        execute_notebook(path, tmp_path / "out.ipynb", {"broken": True})
    message = str(error.value)
    assert message.startswith("notebook report.ipynb, cell 4 (if broken:): ValueError: 数据不对.")
    assert message.endswith(f"kept: {tmp_path / 'out.ipynb'}")
    assert "第 4 个单元" in error.value.message("zh")
    assert "ValueError" in (tmp_path / "out.ipynb").read_text(encoding="utf-8")
    assert capfd.readouterr().err == "", "no log beside the message"


def test_a_failing_first_cell_and_the_place_where_the_caller_keeps_it(tmp_path):
    path = write_notebook(tmp_path / "report.ipynb", [("code", "import no_such_module"), *SHORT])
    expected = r"cell 1 \(import no_such_module\): ModuleNotFoundError.*kept: .*2024.failed"
    with pytest.raises(ReportError, match=expected):
        execute_notebook(path, tmp_path / "out.ipynb", {"seed": 1}, kept="2024.failed/out.ipynb")


EARLY = [("code", "import sys\nsys.exit()"), *SHORT]
LAST = [*SHORT, ("code", "raise SystemExit(0)")]


@pytest.mark.parametrize("cells", [EARLY, LAST])
def test_leaving_early_is_no_success(tmp_path, cells):
    path = write_notebook(tmp_path / "report.ipynb", cells)
    with pytest.raises(ReportError, match=r"stopped early.*sys.exit"):
        execute_notebook(path, tmp_path / "out.ipynb")


def test_a_cell_that_takes_too_long_is_named(tmp_path):
    path = write_notebook(tmp_path / "report.ipynb", [("code", "1"), ("code", "import time\ntime.sleep(60)")])
    with pytest.raises(ReportError, match=r"cell 2 \(import time\): took longer than 1 s"):
        execute_notebook(path, tmp_path / "out.ipynb", timeout=1)


def test_a_kernel_that_dies_is_told(tmp_path):
    path = write_notebook(tmp_path / "report.ipynb", [("code", "import os\nos._exit(1)")])
    with pytest.raises(ReportError, match=r"cell 1 \(import os\): the kernel died"):
        execute_notebook(path, tmp_path / "out.ipynb")


def test_unknown_parameters_are_refused_before_anything_runs(tmp_path):
    path = write_notebook(tmp_path / "report.ipynb", SHORT)
    with pytest.raises(ReportError, match="Did you mean 'seed'"):
        execute_notebook(path, tmp_path / "out.ipynb", {"seeed": 1})
    assert not (tmp_path / "out.ipynb").exists()


def test_empty_cells_are_not_taken_for_cells_that_did_not_run(tmp_path):
    path = write_notebook(tmp_path / "report.ipynb", [("code", ""), ("code", "1"), ("code", " \n")])
    assert execute_notebook(path, tmp_path / "out.ipynb").is_file()


def test_an_error_of_our_own_is_told_as_it_is_in_both_languages(tmp_path):
    cell = "from vitality.errors import SurveyError\nraise SurveyError('no form t_*', zh='缺少街镇表')"
    path = write_notebook(tmp_path / "report.ipynb", [*SHORT, ("code", cell)])
    with pytest.raises(ReportError) as error:
        execute_notebook(path, tmp_path / "out.ipynb")
    assert str(error.value) == f"no form t_* (The notebook up to there: {tmp_path / 'out.ipynb'})"
    assert error.value.message("zh") == f"缺少街镇表（运行到此处的笔记本：{tmp_path / 'out.ipynb'}）"


def test_an_error_of_our_own_without_chinese_is_told_in_english(tmp_path):
    cell = "from vitality.errors import MethodError\nraise MethodError('no such option')"
    path = write_notebook(tmp_path / "report.ipynb", [*SHORT, ("code", cell)])
    with pytest.raises(ReportError) as error:
        execute_notebook(path, tmp_path / "out.ipynb")
    assert error.value.message("zh").startswith("no such option（")
