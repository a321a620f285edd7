import pandas as pd
import pytest

import vitality as vt
from vitality.errors import FrameworkError
from vitality.framework import files

FRAMEWORK = vt.framework_from_table(pd.DataFrame({"code": ["V", "a"], "parent": ["", "V"], "name_zh": ["甲", "乙"]}))


@pytest.mark.parametrize("method", ["to_yaml", "to_workbook"])
def test_file_that_stood_there_survives_a_failed_write(tmp_path, monkeypatch, method):
    path = tmp_path / ("a.yaml" if method == "to_yaml" else "a.xlsx")
    path.write_bytes(b"before")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.Path, "replace", full)
    with pytest.raises(FrameworkError, match="cannot be written.*No space left") as caught:
        getattr(FRAMEWORK, method)(path)
    assert "无法写入" in caught.value.message("zh")
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("method", "name", "found"),
    [
        ("to_yaml", "a.xlsx", "found the ending '.xlsx'; expected .yaml or .yml"),
        ("to_workbook", "a.txt", "found the ending '.txt'; expected .xlsx"),
        ("to_yaml", "none/a.yaml", "there is no folder"),
        ("to_workbook", "none/a.xlsx", "there is no folder"),
    ],
)
def test_target_that_cannot_be_read_back_or_written_is_refused(tmp_path, method, name, found):
    with pytest.raises(FrameworkError, match=found):
        getattr(FRAMEWORK, method)(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_yaml_has_the_same_ends_of_lines_everywhere(tmp_path):
    content = FRAMEWORK.to_yaml(tmp_path / "a.yaml").read_bytes()
    assert b"\r" not in content and "乙".encode() in content
