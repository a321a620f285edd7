"""Every notebook: in step with its text, in the house style, and executed on the example and FDRS rounds."""

import ast
import importlib.util
from pathlib import Path

import nbformat
import pytest

from vitality.report.notebook import execute_notebook, notebook_parameters

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LESSONS = [path for path in NOTEBOOKS if path.stem != "report"]
SOURCES = sorted((ROOT / "notebooks" / "src").glob("*.py"))


def tool(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def code_cells(path):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def test_there_is_a_notebook_for_each_stage_and_the_report():
    stems = [path.stem for path in NOTEBOOKS]
    numbers = [stem[:2] for stem in stems[:-1]]
    assert numbers[:7] == ["01", "02", "03", "04", "05", "06", "07"] and numbers == sorted(set(numbers))
    assert stems[-1] == "report"
    assert stems == [path.stem for path in SOURCES]


@pytest.mark.parametrize("source", SOURCES, ids=lambda p: p.stem)
def test_notebook_is_in_step_with_its_text(source):
    made = tool("notebooks").notebook_text(source.read_text(encoding="utf-8"))
    stored = (ROOT / "notebooks" / f"{source.stem}.ipynb").read_text(encoding="utf-8")
    assert stored == made, "run 'python tools/notebooks.py'"


@pytest.mark.parametrize("source", SOURCES, ids=lambda p: p.stem)
def test_text_can_be_had_back_from_the_notebook(source):
    text = tool("notebooks").source_text(ROOT / "notebooks" / f"{source.stem}.ipynb")
    assert text == source.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebook_keeps_the_house_style(path):
    cells = code_cells(path)
    tagged = [cell for cell in cells if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1 and cells.index(tagged[0]) == 1, "imports first, then one cell of parameters"
    for cell in cells:
        assert not cell.outputs and cell.execution_count is None
        assert len(cell.source.splitlines()) <= 12, cell.source
        banned = (ast.FunctionDef, ast.ClassDef, ast.For, ast.AsyncFunctionDef)
        assert not any(isinstance(node, banned) for node in ast.walk(ast.parse(cell.source))), cell.source


def run(path, folder, round_folder):
    known = notebook_parameters(path)
    parameters = {"round_folder": round_folder} if "round_folder" in known else {}
    if "output" in known:
        parameters["output"] = str(folder / "published")
    output = folder / path.name
    execute_notebook(path, output, parameters, cwd=ROOT)
    return nbformat.read(output, as_version=4)


def assert_shows_something(executed):
    outputs = [output for cell in executed.cells for output in cell.get("outputs", [])]
    errors = [output for output in outputs if output.output_type == "error"]
    noise = [o.text for o in outputs if o.output_type == "stream" and o.name == "stderr"]
    shown = [o for o in outputs if o.output_type in ("display_data", "execute_result")]
    assert not errors and not noise
    assert shown
    for output in shown:
        if "image/png" in output.data:
            assert len(output.data["image/png"]) > 5000


@pytest.mark.notebook
@pytest.mark.parametrize("path", LESSONS, ids=lambda p: p.stem)
def test_notebook_runs_on_the_example_round(path, tmp_path):
    assert_shows_something(run(path, tmp_path, "data/rounds/2024"))


@pytest.mark.notebook
@pytest.mark.parametrize("path", LESSONS[:6], ids=lambda p: p.stem)
def test_notebook_runs_on_the_real_rounds(path, tmp_path):
    assert_shows_something(run(path, tmp_path, "data/rounds/fdrs_2020"))
