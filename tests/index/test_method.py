from typing import get_args

import pytest

import vitality as vt
from vitality.errors import MethodError
from vitality.index.method import CHOICES, Aggregation


def test_defaults_are_those_of_the_design():
    defaults = vt.Method().model_dump()
    expected = {
        "imputation": "none",
        "group": None,
        "minimum_coverage": 2 / 3,
        "treatment": "none",
        "normalisation": "goalposts",
        "reference": "framework",
        "weighting": "framework",
        "aggregation": "arithmetic",
        "floor": 1.0,
    }
    assert {name: defaults[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"normalisation": "min-max"},
            r"Did you mean 'minmax'\? Choose one of 'goalposts', 'minmax', 'zscore', 'rank'",
        ),
        ({"aggregation": "geometrik"}, "Did you mean 'geometric'"),
        ({"aggregation": {"index": "geometrik"}}, r"aggregation\['index'\]='geometrik'"),
        ({"weigting": "equal"}, "no option 'weigting'.*Did you mean 'weighting'"),
        ({"minimum_coverage": 0}, "minimum_coverage=0"),
        ({"minimum_coverage": 1.5}, "minimum_coverage=1.5"),
        ({"minimum_coverage": "most"}, "minimum_coverage='most'"),
        ({"floor": -1}, "floor=-1"),
        ({"floor": float("nan")}, "floor=nan"),
        ({"imputation": "group_mean"}, "needs group="),
        ({"reference": "all"}, "does not go with it"),
        ({"reference": "frame"}, "Did you mean 'framework'"),
    ],
)
def test_a_misspelt_option_is_refused(options, message):
    with pytest.raises(MethodError, match=message):
        vt.Method(**options)


def test_a_method_is_frozen():
    with pytest.raises(ValueError, match="frozen"):
        vt.Method().floor = 2.0


def test_yaml_there_and_back(tmp_path):
    method = vt.Method(aggregation={"index": "geometric"}, imputation="group_median", group="district")
    path = tmp_path / "method.yaml"
    assert path.parent.exists() and method.to_yaml(path) == path.read_text(encoding="utf-8")
    assert vt.Method.from_yaml(path) == method
    assert vt.Method.from_yaml(method.to_yaml()) == method


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [\n", "not YAML"),
        ("- 1\n- 2\n", "found list"),
        ("wieghting: equal\nfloor: 1\n", "no option 'wieghting'"),
    ],
)
def test_yaml_that_is_no_method(text, message):
    with pytest.raises(MethodError, match=message):
        vt.Method.from_yaml(text)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(MethodError, match="no such file"):
        vt.Method.from_yaml(tmp_path / "none.yaml")


@pytest.mark.parametrize(("option", "choice"), [(name, one) for name, all_ in CHOICES.items() for one in all_])
@pytest.mark.parametrize("clip", [True, False])
def test_every_choice_can_say_itself(option, choice, clip):
    rest = {"group": "district", "reference_unit": "u1", "clip": clip}
    if option == "treatment":
        rest |= {"normalisation": "minmax", "treatment_of": {"a1": "none"}}
    assert_says_itself(vt.Method(**{option: choice}, **rest))


@pytest.mark.parametrize("aggregation", [*get_args(Aggregation), {"index": "topsis", "dimension": "mean_min"}])
def test_every_aggregation_can_say_itself(aggregation):
    assert_says_itself(vt.Method(aggregation=aggregation, maximum_zeros=0.5))


def assert_says_itself(method):
    zh, en = method.describe("zh"), method.describe("en")
    assert zh.endswith("。") and en.endswith(".")
    assert "{" not in zh + en
    assert "三分之二" in zh and "two thirds" in en


def test_description_tells_means_apart():
    mixed = vt.Method(aggregation={"index": "geometric"}, floor=2.0)
    assert "总指数取下级的加权几何平均" in mixed.describe("zh")
    assert "维度取下级的加权算术平均" in mixed.describe("zh")
    assert "below 2 count as 2" in mixed.describe("en")
    assert "count as" not in vt.Method().describe("en").split("weights")[-1]
