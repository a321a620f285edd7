"""Generated pages are fresh, and the README's commands exist."""

import importlib.util
import re
from pathlib import Path

import pytest

from vitality.cli import vitality

ROOT = Path(__file__).parent.parent


def test_indicator_pages_are_those_of_the_framework():
    spec = importlib.util.spec_from_file_location("docs", ROOT / "tools" / "docs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for path, text in module.pages().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name} is stale: run 'python tools/docs.py'"


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_readme_names_every_command(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `(\w+)", text, flags=re.MULTILINE))
    assert set(vitality.commands) <= named


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "CONTRIBUTING.md"])
def test_files_that_pages_name_are_there(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    for path in re.findall(r"`((?:vitality|notebooks|data|docs|tools|tests)/[\w./-]*\w)`", text):
        assert (ROOT / path).exists(), path
