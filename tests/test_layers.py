"""Imports go downwards only, and `import vitality` stays light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import vitality

PACKAGE = Path(vitality.__file__).parent
#: Room -> the rooms that it may import.
BELOW = {
    "errors": set(),
    "framework": {"errors"},
    "survey": {"errors", "framework"},
    "weights": {"errors", "framework"},
    "sending": {"errors", "framework", "survey", "weights"},
    "datasets": {"errors", "framework", "survey", "weights"},
    "index": {"errors", "framework", "survey", "weights"},
    "analysis": {"errors", "framework", "survey", "weights", "index"},
    "report": {"errors", "framework", "survey", "weights", "index", "analysis"},
    "bilingual": {"errors", "framework"},
    "lab": {"framework"},
    "commands": {"errors", "framework", "survey", "weights", "index", "analysis", "report", "datasets", "sending"}
    | {"bilingual", "lab"},
    "cli": {"errors", "bilingual", "commands"},
    "__main__": {"cli"},
    "__init__": set(),
}
HEAVY = (
    "matplotlib",
    "seaborn",
    "statsmodels",
    "papermill",
    "scipy.stats",
    "openpyxl",
    "IPython",
    "nbformat",
)


def imported_rooms(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import in line {node.lineno}; write the full name"
            names = [node.module] + [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "vitality" and len(parts) > 1 and parts[1] in BELOW:
                yield parts[1], node.lineno


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_go_downwards_only(path):
    room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    assert room in BELOW, f"{room}: a new room needs its place in the order of architecture and in this test"
    upwards = [(name, line) for name, line in imported_rooms(path) if name != room and name not in BELOW[room]]
    assert not upwards, f"{path.name} ({room}) imports upwards: {upwards}"


def loaded_by(statement):
    code = f"{statement}; import sys; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_import_of_the_package_is_light():
    assert not loaded_by("import vitality").intersection((*HEAVY, "pandas"))


@pytest.mark.parametrize("room", ["framework", "survey", "weights", "index", "analysis", "datasets", "cli"])
def test_rooms_load_no_plotting_and_no_notebook_machinery(room):
    assert not loaded_by(f"import vitality.{room}").intersection(HEAVY)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_modules_stay_under_400_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) < 400
