"""Which parameters a notebook has, and which values can be handed to it."""

import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.report.sample import write_notebook
from vitality.errors import ReportError
from vitality.report.parameters import check_parameters, notebook_parameters, plain_value


def notebook(tmp_path, source, *, tags=("parameters",)):
    return write_notebook(tmp_path / "n.ipynb", [("markdown", "a"), ("code", source, *tags)])


def test_names_and_defaults_are_read_without_running(tmp_path):
    source = (
        "%matplotlib inline\nfolder = 'a=b'  # a comment = no parameter\nseed: int = 3\nfirst = second = (1, 2)\n"
        "weights = {'A': 0.5}\nplace = Path('x')\nif seed: inner = 1\nseed += 1\nlist.member = 2"
    )
    assert notebook_parameters(notebook(tmp_path, source)) == {
        "folder": "a=b",
        "seed": 3,
        "first": (1, 2),
        "second": (1, 2),
        "weights": {"A": 0.5},
        "place": "Path('x')",
    }


def test_a_notebook_without_the_tag_has_none(tmp_path):
    assert notebook_parameters(notebook(tmp_path, "seed = 1", tags=())) == {}


def test_a_cell_that_is_no_python_is_named(tmp_path):
    with pytest.raises(ReportError, match="no Python"):
        notebook_parameters(notebook(tmp_path, "seed = = 1"))


@pytest.mark.parametrize("text", ["", "not json", "[]", '{"nbformat": 3}'])
def test_a_file_that_is_no_notebook_is_refused(tmp_path, text):
    (tmp_path / "n.ipynb").write_text(text)
    with pytest.raises(ReportError, match=r"no notebook|format 4"):
        notebook_parameters(tmp_path / "n.ipynb")


def test_a_missing_file_offers_the_near_miss(tmp_path):
    notebook(tmp_path, "a = 1").rename(tmp_path / "report.ipynb")
    with pytest.raises(ReportError, match=r"no such file. Did you mean 'report.ipynb'"):
        notebook_parameters(tmp_path / "reprt.ipynb")


def test_an_unknown_name_is_refused_with_the_near_miss_and_the_list():
    with pytest.raises(ReportError, match=r"no parameter 'sed'. Did you mean 'seed'\? It has 'lang', 'seed'") as error:
        check_parameters({"lang": "zh", "seed": 1}, {"sed": 2}, where="report.ipynb")
    assert "没有参数" in error.value.message("zh")
    with pytest.raises(ReportError, match="no cell is tagged"):
        check_parameters({}, {"x=1;print(1);y": 2}, where="report.ipynb")


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (np.int64(3), 3),
        (np.float64(0.5), 0.5),
        (np.bool_(True), True),
        (np.str_("a"), "a"),
        (Path("data") / "2024", str(Path("data") / "2024")),
        (datetime.date(2024, 12, 31), "2024-12-31"),
        (pd.Timestamp("2024-12-31"), "2024-12-31T00:00:00"),
        ((1, (2, 3)), [1, [2, 3]]),
        ({"a": np.int8(1)}, {"a": 1}),
        (None, None),
        ("007", "007"),
    ],
)
def test_values_become_plain(value, plain):
    found = plain_value("p", value)
    assert found == plain and type(found) is type(plain)


@pytest.mark.parametrize("value", [{1, 2}, {1: "a"}, b"a", pd.DataFrame(), [object()], pd.NA, 1j])
def test_values_that_would_be_garbled_are_refused(value):
    with pytest.raises(ReportError, match="parameter 'p': found"):
        plain_value("p", value)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [("seed", 1.5, "a whole number"), ("seed", True, "a whole number"), ("seed", "{a", "a whole number"),
     ("quick", 1, "true or false"), ("level", "high", "a number")],
)  # fmt: skip
def test_a_value_of_another_kind_than_the_default_is_refused(name, value, expected):
    with pytest.raises(ReportError, match=rf"report.ipynb: parameter '{name}'.*expected {expected}") as error:
        check_parameters({"seed": 1, "quick": False, "level": 0.9}, {name: value}, where="report.ipynb")
    assert "应为" in error.value.message("zh")


def test_a_whole_number_serves_where_a_number_is_expected():
    assert check_parameters({"level": 0.9}, {"level": 1}, where="report.ipynb") == {"level": 1}
