"""Every error of the package speaks both languages."""

import ast
from pathlib import Path

import pytest

import vitality
from vitality import errors

PACKAGE = Path(vitality.__file__).parent
OURS = {name for name in errors.__all__ if name.endswith("Error")}


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_every_error_has_a_chinese_text(path):
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    own = [call for call in calls if getattr(call.func, "id", "") in OURS]
    bare = [call.lineno for call in own if not {"zh", None} & {word.arg for word in call.keywords}]
    assert not bare, f"{path.name}: lines {bare} make an error without zh="
