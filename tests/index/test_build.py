import numpy as np
import pandas as pd
import pytest

import vitality as vt
from tests.index.small import FRAMEWORK, MATRIX, NORMALISED, TREE, UNITS
from vitality.errors import FrameworkError, MethodError, TableError


def test_golden_case_on_paper():
    result = vt.build_index(MATRIX, FRAMEWORK)
    pd.testing.assert_frame_equal(result.normalised, NORMALISED)
    # A = (1 a1 + 3 a2) / 4:  u1 (50 + 150) / 4 = 50,  u2 (100 + 0) / 4 = 25,  u3 (20 + 300) / 4 = 80
    assert result.scores["A"].tolist() == [50.0, 25.0, 80.0]
    # B = (b1 + b2) / 2:  u1 37.5,  u2 100,  u3 25
    assert result.scores["B"].tolist() == [37.5, 100.0, 25.0]
    # V = (2 A + B) / 3:  u1 137.5 / 3,  u2 150 / 3,  u3 185 / 3
    assert result.scores["V"].tolist() == pytest.approx([137.5 / 3, 50.0, 185 / 3], abs=1e-12)
    assert result.ranks["V"].tolist() == [3, 2, 1]
    assert result.warnings == ()


def test_geometric_case_on_paper():
    scores = vt.build_index(MATRIX, FRAMEWORK, vt.Method(aggregation="geometric")).scores
    # u3: A = (20 * 100^3)^(1/4); B = (1 * 50)^(1/2), because b1 = 0 is raised to the floor 1
    a, b = (20 * 100.0**3) ** 0.25, 50**0.5
    assert scores.loc[("u3", "2024"), "A"] == pytest.approx(a)
    assert scores.loc[("u3", "2024"), "B"] == pytest.approx(b)
    assert scores.loc[("u3", "2024"), "V"] == pytest.approx((a * a * b) ** (1 / 3))


def test_harmonic_at_the_top_only():
    method = vt.Method(aggregation={"index": "harmonic"})
    result = vt.build_index(MATRIX, FRAMEWORK, method)
    # u2: A = 25 and B = 100 stay arithmetic; V = 3 / (2 / 25 + 1 / 100) = 3 / 0.09
    assert result.scores["A"].tolist() == [50.0, 25.0, 80.0]
    assert result.scores.loc[("u2", "2024"), "V"] == pytest.approx(3 / 0.09)


def test_every_stage_is_kept():
    result = vt.build_index(MATRIX, FRAMEWORK)
    assert list(result.scores.columns) == ["a1", "a2", "b1", "b2", "A", "B", "V"]
    assert result.weights.loc["a2", "global"] == pytest.approx(2 / 3 * 3 / 4)
    for stage in (result.matrix, result.completed, result.treated, result.normalised, result.scores):
        assert stage.index.equals(UNITS)
    assert result.scale.loc["b1"].tolist() == [50.0, 0.0]


def test_order_of_columns_and_rows_changes_nothing():
    shuffled = MATRIX.iloc[[2, 0, 1]][["b2", "a1", "b1", "a2"]]
    result = vt.build_index(shuffled, FRAMEWORK)
    expected = vt.build_index(MATRIX, FRAMEWORK)
    pd.testing.assert_frame_equal(result.scores.loc[UNITS], expected.scores)
    pd.testing.assert_frame_equal(result.ranks.loc[UNITS], expected.ranks)


def test_inputs_are_not_changed():
    matrix, units = MATRIX.copy(), pd.DataFrame({"group": ["x", "x", "y"]}, index=["u1", "u2", "u3"])
    matrix.iloc[0, 0] = np.nan
    before, attributes = matrix.copy(), units.copy()
    method = vt.Method(imputation="group_mean", group="group", treatment="winsorise", weighting="entropy")
    result = vt.build_index(matrix, FRAMEWORK, method, units=units)
    result.scores.iloc[:] = 0
    pd.testing.assert_frame_equal(matrix, before)
    pd.testing.assert_frame_equal(units, attributes)


@pytest.mark.parametrize("aggregation", ["arithmetic", "geometric", "harmonic"])
@pytest.mark.parametrize("normalisation", ["goalposts", "minmax", "zscore", "rank"])
def test_a_better_value_never_lowers_the_score(aggregation, normalisation):
    generator = np.random.default_rng(7)
    matrix = pd.DataFrame(generator.uniform(1, 9, (12, 4)), columns=["a1", "a2", "b1", "b2"])
    method = vt.Method(aggregation=aggregation, normalisation=normalisation, floor=5.0)
    before = vt.build_index(matrix, FRAMEWORK, method).scores["V"]
    for code, step in (("a1", 0.7), ("a2", 0.7), ("b2", 0.7), ("b1", -0.7)):
        better = matrix.copy()
        better.loc[3, code] += step
        after = vt.build_index(better, FRAMEWORK, method).scores["V"]
        assert after.loc[(3, "")] >= before.loc[(3, "")] - 1e-9


def test_siblings_sum_to_one_whatever_the_weighting():
    for weighting in ("framework", "equal", "entropy"):
        result = vt.build_index(MATRIX, FRAMEWORK, vt.Method(weighting=weighting))
        local = result.weights["local"]
        for parent in ("V", "A", "B"):
            assert local[list(FRAMEWORK.children(parent))].sum() == pytest.approx(1, abs=1e-12)
        assert result.weights.loc[list(FRAMEWORK.leaves), "global"].sum() == pytest.approx(1, abs=1e-12)


def test_entropy_weights_are_those_of_the_normalised_matrix():
    result = vt.build_index(MATRIX, FRAMEWORK, vt.Method(weighting="entropy"))
    expected = vt.entropy_weights(NORMALISED).weights
    assert result.weights.loc[list(FRAMEWORK.leaves), "global"].tolist() == pytest.approx(expected.tolist())
    assert result.framework is FRAMEWORK


def test_entropy_keeps_a_constant_indicator_and_says_so():
    matrix = MATRIX.assign(a1=5.0, a2=20.0)
    result = vt.build_index(matrix, FRAMEWORK, vt.Method(weighting="entropy"))
    assert result.weights.loc["A", "local"] == 0
    assert result.scores["A"].tolist() == [50.0, 50.0, 50.0]
    assert result.scores["V"].tolist() == result.scores["B"].tolist()
    assert any("weight 0" in warning for warning in result.warnings)


def test_equal_weights_are_equal_among_siblings():
    result = vt.build_index(MATRIX, FRAMEWORK, vt.Method(weighting="equal"))
    # u1: A = (50 + 50) / 2, B = (50 + 25) / 2, V = (50 + 37.5) / 2
    assert result.scores.loc[("u1", "2024"), "V"] == 43.75


# ---------------------------------------------------------------------------------------- gaps


def test_weight_of_a_gap_goes_to_the_siblings():
    matrix = MATRIX.copy()
    matrix.loc[("u1", "2024"), "a1"] = np.nan
    result = vt.build_index(matrix, FRAMEWORK)
    # u1: three of four indicators are there. A has one of two, 50 % < 2/3: not shown; yet its a2 = 50 stands
    # for it in the index: V = (2 * 50 + 37.5) / 3
    u1 = result.scores.loc[("u1", "2024")]
    assert np.isnan(u1["A"]) and u1["B"] == 37.5
    assert u1["V"] == pytest.approx(137.5 / 3)
    # a2 carries all of A: 2/3; b1 and b2 half of 1/3 each
    weights = result.unit_weights.loc[("u1", "2024"), ["a1", "a2", "b1", "b2"]]
    assert weights.tolist() == pytest.approx([0, 2 / 3, 1 / 6, 1 / 6])
    assert result.coverage.loc[("u1", "2024"), ["A", "V"]].tolist() == [0.5, 0.75]
    assert "1 of 12 cells" in result.warnings[0]


def test_units_below_the_coverage_have_no_index_and_are_named():
    matrix = MATRIX.copy()
    matrix.loc[("u2", "2024"), ["a1", "b1"]] = np.nan
    result = vt.build_index(matrix, FRAMEWORK)
    assert np.isnan(result.scores.loc[("u2", "2024"), "V"])
    assert result.ranks["V"].tolist() == [2, pd.NA, 1]
    assert "'u2'" in result.warnings[0] and "u2" in result.warning_texts("zh")[0]
    # two of four are half: enough when half is asked for
    half = vt.rebuild(result, minimum_coverage=0.5)
    assert half.scores.loc[("u2", "2024"), "V"] == pytest.approx((2 * 0 + 100) / 3)


def test_exactly_two_thirds_is_enough():
    tree = vt.framework_from_table(
        pd.DataFrame({"code": ["V", "x", "y", "z"], "parent": ["", "V", "V", "V"], "worst": 0, "best": 10}).assign(
            worst=[None, 0, 0, 0], best=[None, 10, 10, 10]
        )
    )
    result = vt.build_index(pd.DataFrame({"x": [4.0], "y": [np.nan], "z": [8.0]}), tree)
    assert result.scores["V"].tolist() == [60.0]


def test_imputation_screens_units_by_what_was_observed():
    matrix = MATRIX.copy()
    matrix.loc[("u1", "2024"), "a1"] = np.nan
    matrix.loc[("u2", "2024"), ["a1", "b1"]] = np.nan
    result = vt.build_index(matrix, FRAMEWORK, vt.Method(imputation="mean"))
    assert result.completed.loc[("u1", "2024"), "a1"] == 2.0  # only u3 has it
    assert result.filled.to_numpy().sum() == 3
    # u1: a1 = 20, a2 = 50: A = (20 + 150) / 4
    assert result.scores.loc[("u1", "2024"), "A"] == 42.5
    assert np.isnan(result.scores.loc[("u2", "2024"), "V"])


def test_an_indicator_that_was_observed_nowhere_is_named():
    result = vt.build_index(MATRIX.assign(b2=np.nan), FRAMEWORK)
    assert result.scores["V"].notna().all()
    assert any("'b2' was observed for no unit" in warning for warning in result.warnings)


def test_a_constant_indicator_is_named_under_goalposts():
    result = vt.build_index(MATRIX.assign(b2=2.0), FRAMEWORK)
    assert any("scores the same on indicator 'b2'" in warning for warning in result.warnings)


def test_clipped_values_are_counted():
    result = vt.build_index(MATRIX.assign(a1=[-1.0, 10.0, 12.0]), FRAMEWORK)
    assert result.clipped.to_dict() == {"a1": 2, "a2": 0, "b1": 0, "b2": 0}
    assert any("2 of 12 values lie beyond the scale" in warning for warning in result.warnings)


def test_zeros_under_a_geometric_mean_are_told():
    result = vt.build_index(MATRIX, FRAMEWORK, vt.Method(aggregation={"dimension": "geometric"}))
    # a2 of u2 and b1 of u3 are 0
    assert any(warning.startswith("2 values below 1 were raised") for warning in result.warnings)
    without = vt.rebuild(result, floor=0.0)
    assert without.scores.loc[("u3", "2024"), "B"] == 0.0


# ---------------------------------------------------------------------------------------- input


def test_plain_index_gets_an_empty_round():
    result = vt.build_index(MATRIX.droplevel("round"), FRAMEWORK)
    assert result.scores.index.tolist() == [("u1", ""), ("u2", ""), ("u3", "")]
    assert result.scores.index.names == ["unit", "round"]


def test_levels_of_the_index_go_by_name():
    result = vt.build_index(MATRIX.reorder_levels(["round", "unit"]), FRAMEWORK)
    assert result.scores.index.tolist() == UNITS.tolist()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda m: m.drop(columns="a2"), "no column for indicator 'a2'"),
        (lambda m: m.rename(columns={"a2": "a22"}), "Did you mean 'a22'"),
        (lambda m: m.assign(c1=1.0), "column 'c1' is no indicator"),
        (lambda m: m.reset_index(), "'unit' and 'round' belong in the index"),
        (lambda m: pd.concat([m, m[["a1"]]], axis=1), "column 'a1' found more than once"),
        (lambda m: pd.concat([m, m.iloc[:1]]), "found more than once; expected one row a unit"),
        (lambda m: m.assign(a1=[1.0, np.inf, 1.0]), "infinite value in .*a1 of"),
        (lambda m: m.assign(a1=["5", "10", "2"]), "hold text"),
        (lambda m: m.rename_axis(["town", "year"]), "expected 'unit' and 'round'"),
        (lambda m: m.iloc[:0], "no rows"),
        (lambda m: m.to_numpy(), "expected a DataFrame"),
    ],
)
def test_a_matrix_that_does_not_fit_is_refused(change, message):
    with pytest.raises(TableError, match=message):
        vt.build_index(change(MATRIX), FRAMEWORK)


def test_missing_goalposts_are_named():
    bare = vt.framework_from_table(TREE.drop(columns=["worst", "best"]))
    with pytest.raises(FrameworkError, match="'a1', 'a2', 'b1', 'b2' has no goalposts"):
        vt.build_index(MATRIX, bare)
    assert vt.build_index(MATRIX, bare, vt.Method(normalisation="minmax")).scores["V"].notna().all()


def test_units_without_attributes_are_named():
    units = pd.DataFrame({"group": ["x", "y"]}, index=["u1", "u2"])
    result = vt.build_index(MATRIX, FRAMEWORK, units=units)
    assert result.units["group"].isna().tolist() == [False, False, True]
    assert "no attributes were given for 'u3'." in result.warnings


def test_group_that_does_not_exist():
    units = pd.DataFrame({"district": ["x", "y", "y"]}, index=["u1", "u2", "u3"])
    with pytest.raises(MethodError, match=r"group='distrikt'.*Did you mean 'district'"):
        vt.build_index(MATRIX, FRAMEWORK, vt.Method(imputation="group_mean", group="distrikt"), units=units)


# ---------------------------------------------------------------------------------------- rebuild


def test_rebuild_equals_a_build_with_the_changed_method():
    base = vt.build_index(MATRIX, FRAMEWORK)
    again = vt.rebuild(base, aggregation="geometric", weighting="equal")
    fresh = vt.build_index(MATRIX, FRAMEWORK, vt.Method(aggregation="geometric", weighting="equal"))
    pd.testing.assert_frame_equal(again.scores, fresh.scores)
    assert base.method == vt.Method()


def test_rebuild_with_other_weights():
    base = vt.build_index(MATRIX, FRAMEWORK)
    weights = pd.Series({"a1": 0.1, "a2": 0.2, "b1": 0.3, "b2": 0.4})
    other = vt.rebuild(base, framework=FRAMEWORK.with_weights(weights))
    # u2: 0.1 * 100 + 0.2 * 0 + 0.3 * 100 + 0.4 * 100
    assert other.scores.loc[("u2", "2024"), "V"] == pytest.approx(80)


def test_rebuild_refuses_an_option_that_does_not_exist():
    with pytest.raises(MethodError, match=r"no option 'agregation'.*Did you mean 'aggregation'"):
        vt.rebuild(vt.build_index(MATRIX, FRAMEWORK), agregation="geometric")


# ---------------------------------------------------------------------------------------- ranks and rounds


def test_ties_share_the_lowest_rank():
    tied = [1.0, 5.0, 5.0, 9.0]
    matrix = pd.DataFrame({"a1": tied, "a2": tied, "b1": [9.0] * 4, "b2": tied}, index=list("wxyz"))
    ranks = vt.build_index(matrix, FRAMEWORK, vt.Method(normalisation="goalposts")).ranks["V"]
    assert ranks.tolist() == [4, 2, 2, 1]
    assert ranks.dtype == "Int64"


def test_ranks_are_within_rounds_and_goalposts_across():
    later = MATRIX.rename(index={"2024": "2025"}, level="round").add([1.0, 1.0, -1.0, 0.5])
    both = pd.concat([MATRIX, later])
    result = vt.build_index(both, FRAMEWORK)
    alone = vt.build_index(MATRIX, FRAMEWORK)
    pd.testing.assert_frame_equal(result.scores.loc[UNITS], alone.scores)
    assert sorted(result.ranks["V"].loc[:, "2025"].tolist()) == [1, 2, 3]
    assert result.rounds == ("2024", "2025")


def test_result_shows_itself():
    result = vt.build_index(MATRIX, FRAMEWORK)
    page = result._repr_html_()
    assert "61.7" in page and "名次 Rank" in page
    assert repr(result) == "<IndexResult 'table': 3 units, 3 with an index, 4 indicators, 0 warnings>"
