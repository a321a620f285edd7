"""Denomination, screening, the unit's own rounds, scales by target, reference and place."""

import numpy as np
import pandas as pd
import pytest

import vitality as vt
from tests.index.small import FRAMEWORK, MATRIX, TREE
from vitality.errors import FrameworkError, MethodError, TableError
from vitality.index import rank_scores

RATES = vt.framework_from_table(
    pd.DataFrame({"code": ["V", "a", "b"], "parent": ["", "V", "V"], "denominator": [None, "people", None]})
)
COUNTS = pd.DataFrame({"a": [50.0, 30.0, np.nan], "b": [1.0, 2.0, 3.0]}, index=["u", "v", "w"])
PEOPLE = pd.DataFrame({"people": [100.0, np.nan, 0.0]}, index=["u", "v", "w"])


def test_denominators_are_matched_by_name_and_a_missing_one_is_a_gap():
    found = vt.denominate(COUNTS, RATES, PEOPLE.iloc[::-1])
    assert found["b"].tolist() == [1, 2, 3]
    assert found["a"].iloc[0] == 0.5 and found["a"].iloc[1:].isna().all()  # w: no value, so its 0 does no harm
    result = vt.build_index(COUNTS, RATES, vt.Method(normalisation="rank", minimum_coverage=0.5), denominators=PEOPLE)
    assert any("without a denominator count as missing: a (1)" in text for text in result.warnings)
    assert result.matrix["a"].iloc[0] == 50 and result.denominated["a"].iloc[0] == 0.5
    assert vt.rebuild(result, aggregation="harmonic").denominated.equals(result.denominated)


@pytest.mark.parametrize(
    ("people", "message"),
    [
        (PEOPLE.rename(columns={"people": "poeple"}), "no column 'people'.*Did you mean 'poeple'"),
        (PEOPLE.fillna(0.0), r"\('v', ''\).* is 0, negative or infinite"),
        (PEOPLE.astype(str), "hold text"),
        (pd.concat([PEOPLE, PEOPLE]), "found more than once"),
    ],
)
def test_denominators_that_do_not_fit_are_refused(people, message):
    with pytest.raises(TableError, match=message):
        vt.denominate(COUNTS, RATES, people)


def test_screening_keeps_its_reasons():
    matrix = pd.DataFrame({"a": [1.0, np.nan, 0.0, 0.0], "b": [2.0, np.nan, 0.0, 5.0], "c": [1.0, 1.0, 1.0, np.nan]})
    found = vt.screen(matrix, minimum_coverage=2 / 3, maximum_zeros=0.5)
    assert found.units["reason"].tolist() == ["", "coverage", "zeros", ""]
    assert found.matrix.index.tolist() == [0, 3]
    assert found.units["zeros"].tolist() == pytest.approx([0, 0, 2 / 3, 0.5])
    with pytest.raises(MethodError, match="minimum_coverage=0"):
        vt.screen(matrix, minimum_coverage=0)


def test_units_with_too_many_zeros_get_no_index_and_are_named():
    matrix = MATRIX.copy()
    matrix.loc[("u2", "2024"), ["a1", "a2", "b1"]] = 0.0
    result = vt.build_index(matrix, FRAMEWORK, vt.Method(maximum_zeros=0.5))
    assert result.scores["V"].isna().tolist() == [False, True, False]
    assert result.screening["reason"].tolist() == ["", "zeros", ""]
    assert any("more than 50% of the observed values are zero" in text and "u2" in text for text in result.warnings)


# ---------------------------------------------------------------------------------------- the unit's own rounds


ROUNDS = pd.DataFrame(
    {"x": [1.0, np.nan, 4.0, np.nan], "y": [np.nan, 2.0, np.nan, 8.0]},
    index=pd.MultiIndex.from_product([["u"], ["2018", "2019", "2021", "2023"]], names=["unit", "round"]),
)


def test_last_round_is_carried_forward_only():
    assert vt.impute(ROUNDS, method="last_round")["x"].tolist() == [1, 1, 4, 4]
    assert vt.impute(ROUNDS, method="last_round")["y"].isna().tolist() == [True, False, False, False]


def test_the_line_between_rounds_stands_on_the_years():
    filled = vt.impute(ROUNDS, method="linear")
    assert filled["x"].tolist()[:3] == [1, 2, 4] and np.isnan(filled["x"].iloc[3])  # 2019 is a third of the way
    assert filled["y"].tolist()[1:] == [2, 5, 8]
    mixed = vt.impute(ROUNDS.iloc[[3, 0, 2, 1]], method="linear")
    pd.testing.assert_frame_equal(mixed.loc[filled.index], filled)


def test_units_do_not_lend_to_each_other():
    both = pd.concat([ROUNDS, ROUNDS.rename(index={"u": "v"}, level="unit") * np.nan])
    filled = vt.impute(both, method="last_round")
    assert filled.loc["v"].isna().all(axis=None) and filled.loc["u"].equals(
        vt.impute(ROUNDS, method="last_round").loc["u"]
    )


def test_groups_may_be_given_by_unit():
    matrix = pd.DataFrame({"x": [1.0, 3.0, np.nan, 10.0]}, index=list("abcd"))
    group = pd.Series({"d": "far", "c": "near", "b": "near", "a": "near", "z": "far"})
    assert vt.impute(matrix, method="group_mean", group=group)["x"].tolist() == [1, 3, 2, 10]
    with pytest.raises(TableError, match="none for 'c'"):
        vt.impute(matrix, method="group_mean", group=group.drop("c"))


# ---------------------------------------------------------------------------------------- scales


def with_targets(**targets):
    table = TREE.assign(target=TREE["code"].map(targets))
    return vt.framework_from_table(table)


def test_distance_to_target():
    framework = with_targets(a1=8.0, a2=30.0, b1=10.0, b2=4.0)
    result = vt.build_index(MATRIX, framework, vt.Method(normalisation="distance_to_target"))
    # a1: (x - 2) / (8 - 2), b1 (less is better): (50 - x) / (50 - 10)
    assert result.normalised["a1"].tolist() == pytest.approx([50, 100, 0])
    assert result.normalised["b1"].tolist() == pytest.approx([62.5, 100, 0])
    assert result.clipped.to_dict() == {"a1": 1, "a2": 0, "b1": 1, "b2": 0}
    open_ended = vt.rebuild(result, clip=False)
    assert open_ended.normalised.loc[("u2", "2024")].tolist() == pytest.approx([400 / 3, 0, 125, 100])
    assert any("stay there" in text for text in open_ended.warnings)


def test_targets_that_are_missing_or_worse_than_the_worst():
    with pytest.raises(FrameworkError, match="'a2', 'b1', 'b2' has no 'target'"):
        vt.build_index(MATRIX, with_targets(a1=8.0), vt.Method(normalisation="distance_to_target"))
    framework = with_targets(a1=1.0, a2=30.0, b1=10.0, b2=4.0)
    with pytest.raises(TableError, match="would put 100 at 1 of indicator 'a1', whose worst value is 2"):
        vt.build_index(MATRIX, framework, vt.Method(normalisation="distance_to_target"))


def test_target_travels_through_the_files(tmp_path):
    framework = with_targets(a1=8.0)
    framework.to_yaml(tmp_path / "f.yaml")
    framework.to_workbook(tmp_path / "f.xlsx")
    for name in ("f.yaml", "f.xlsx"):
        assert vt.read_framework(tmp_path / name).indicator("a1").target == 8.0


def test_distance_to_a_reference_unit():
    matrix = MATRIX.copy()
    matrix.loc[("u1", "2024")] = [8.0, 20.0, 10.0, 3.0]
    method = vt.Method(normalisation="distance_to_reference", reference_unit="u1", clip=False)
    normalised = vt.build_index(matrix, FRAMEWORK, method).normalised
    assert normalised.loc[("u1", "2024")].tolist() == [100] * 4
    assert normalised["a1"].tolist() == pytest.approx([100, 400 / 3, 0])  # (x - 2) / (8 - 2)
    assert normalised["b1"].tolist() == pytest.approx([100, 125, 0])  # (50 - x) / (50 - 10)


@pytest.mark.parametrize(
    ("unit", "error", "message"),
    [
        ("u4", MethodError, "no unit 'u4' for reference_unit.*one of 'u1', 'u2', 'u3'"),
        ("u3", TableError, "would put 100 at 2 of indicator 'a1'"),
    ],
)
def test_reference_units_that_cannot_be_used(unit, error, message):
    with pytest.raises(error, match=message):
        vt.build_index(MATRIX, FRAMEWORK, vt.Method(normalisation="distance_to_reference", reference_unit=unit))


def test_a_reference_unit_without_a_value():
    matrix = MATRIX.copy()
    matrix.loc[("u2", "2024"), "b2"] = np.nan
    with pytest.raises(TableError, match="'u2' has no value for 'b2'"):
        vt.build_index(matrix, FRAMEWORK, vt.Method(normalisation="distance_to_reference", reference_unit="u2"))


def test_scores_by_place_with_ties_and_gaps():
    values = pd.DataFrame({"a1": [3.0, 3.0, 7.0, np.nan, 1.0]}, index=list("uvwxy"))
    found = {
        name: rank_scores(values, FRAMEWORK, method=name)["a1"].tolist() for name in ("rank", "percentile", "borda")
    }
    # ranks from below: y 1, u and v 2.5 (lowest 2), w 4; four units of five have a value
    assert found["rank"] == pytest.approx([50, 50, 100, np.nan, 0], nan_ok=True)
    assert found["percentile"] == pytest.approx([100 / 3, 100 / 3, 100, np.nan, 0], nan_ok=True)
    assert found["borda"] == pytest.approx([25, 25, 75, np.nan, 0], nan_ok=True)
    with pytest.raises(MethodError, match="Did you mean 'percentile'"):
        rank_scores(values, FRAMEWORK, method="percentil")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"normalisation": "distance_to_reference"}, "needs reference_unit="),
        ({"treatment": "winsorise_log"}, "logarithms leave"),
        ({"treatment_of": {"a1": "log"}}, "logarithms leave"),
        ({"normalisation": "borda", "reference": "2024"}, "gives no place"),
        ({"power": 0}, "expected a number other than 0"),
        ({"bounds": (0.6, 0.4)}, "0 <= low <= high <= 1"),
        ({"alpha": 2}, "alpha from 0 to 1"),
        ({"maximum_zeros": -0.1}, "maximum_zeros=-0.1"),
        ({"skewness": 0}, "thresholds above 0"),
        ({"penalty": "negativ"}, "Did you mean 'negative'"),
        ({"treatment_of": {"a1": "lag"}}, "Did you mean 'log'"),
    ],
)
def test_options_that_contradict_or_do_not_exist(options, message):
    with pytest.raises(MethodError, match=message):
        vt.Method(**options)


def test_every_method_says_itself_and_comes_back():
    method = vt.Method(
        imputation="linear", treatment="winsorise_log", normalisation="percentile", aggregation={"index": "topsis"},
        treatment_of={"a1": "none"}, bounds=(0.1, 0.9), maximum_zeros=0.4,
    )  # fmt: skip
    assert vt.Method.from_yaml(method.to_yaml()) == method


# ---------------------------------------------------------------------------------------- without nodes


def test_leaving_out_takes_empty_groups_along():
    smaller = vt.leave_out(FRAMEWORK, ["b1", "b2"])
    assert smaller.nodes == ("a1", "a2", "A", "V")
    result = vt.rebuild(vt.build_index(MATRIX, FRAMEWORK), framework=smaller)
    assert result.scores["V"].tolist() == [50.0, 25.0, 80.0]
    with pytest.raises(FrameworkError, match="no indicator would be left"):
        vt.leave_out(FRAMEWORK, ["A", "B"])
    with pytest.raises(FrameworkError, match="no node 'b3'"):
        vt.leave_out(FRAMEWORK, ["b3"])
