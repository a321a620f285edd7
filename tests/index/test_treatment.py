import numpy as np
import pandas as pd
import pytest

import vitality as vt
from vitality.errors import MethodError, TableError
from vitality.index import kurtosis_of, skewness_of


def test_the_fewest_values_are_moved_to_the_next_one():
    values = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 200.0]
    found = vt.treat(pd.DataFrame({"D21": values, "A11": np.arange(10.0)}, index=list("abcdefghij")))
    assert found.matrix["D21"].tolist() == [*values[:9], 9.0]
    assert found.changes.to_dict("records") == [
        {"level_0": "j", "indicator": "D21", "old": 200.0, "new": 9.0, "by": "winsorise"}
    ]
    assert found.indicators.loc["D21", ["moved", "passed"]].tolist() == [1, True]
    assert "A11" not in found.indicators.index


def test_low_outliers_are_moved_up():
    values = [-200.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, np.nan]
    assert vt.treat(pd.DataFrame({"x": values})).matrix["x"].tolist()[:8] == [
        1.0,
        1.0,
        2.0,
        3.0,
        4.0,
        5.0,
        6.0,
        7.0,
    ]


def test_what_cannot_be_mended_is_left_and_listed():
    values = [0.0] * 60 + [1e3, 1e4, 1e5]
    found = vt.treat(pd.DataFrame({"x": values}), maximum=1, method="winsorise")
    assert found.matrix["x"].tolist() == values
    assert found.indicators.loc["x", ["moved", "passed"]].tolist() == [0, False]
    assert found.changes.empty


def test_the_matrix_is_not_changed():
    matrix = pd.DataFrame({"x": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 90.0]})
    before = matrix.copy()
    assert vt.treat(matrix).matrix["x"].max() == 6.0
    pd.testing.assert_frame_equal(matrix, before)


def test_moments_agree_with_pandas():
    values = np.random.default_rng(1).lognormal(size=40)
    assert skewness_of(values) == pytest.approx(pd.Series(values).skew())
    assert kurtosis_of(values) == pytest.approx(pd.Series(values).kurt())
    assert np.isnan(skewness_of(np.array([1.0, 1.0, 1.0]))) and np.isnan(kurtosis_of(np.array([1.0, 2.0, 3.0])))


def test_thresholds_are_checked():
    with pytest.raises(MethodError, match="maximum=0"):
        vt.treat(pd.DataFrame({"x": [1.0]}), maximum=0)


def test_values_that_are_equal_move_together():
    # kurtosis 1.89; 1.50 once the three 300s are at 250; 1.31 once the five are at 200 (pandas)
    matrix = pd.DataFrame({"x": [*range(1, 30), 200.0, 250.0, 250.0, 300.0, 300.0, 300.0]})
    thresholds = {"skewness": 1.0, "kurtosis": 1.4, "method": "winsorise"}
    assert vt.treat(matrix, maximum=4, **thresholds).matrix["x"].tolist()[29:] == [200.0] * 6  # 3 < 4, so one step more
    assert vt.treat(matrix, maximum=3, **thresholds).indicators.loc["x", ["moved", "passed"]].tolist() == [0, False]


def test_the_original_values_are_logged_where_winsorising_is_not_enough():
    values = np.array([*range(18), 8000.0, 90000.0])
    found = vt.treat(pd.DataFrame({"x": values, "y": values}), maximum=1, method_of={"y": "winsorise"})
    np.testing.assert_allclose(found.matrix["x"], np.log(values + 900), rtol=0, atol=1e-12)
    assert found.matrix["y"].tolist() == values.tolist()
    assert found.indicators["by"].to_dict() == {"x": "log", "y": "none"}
    assert found.changes.groupby("indicator").size().to_dict() == {"x": 20}


def test_a_long_lower_tail_is_mirrored_before_the_logarithm():
    values = -np.array([*range(18), 8000.0, 90000.0])
    found = vt.treat(pd.DataFrame({"x": values}), method="log")
    np.testing.assert_allclose(found.matrix["x"], -np.log(-values + 900), rtol=0, atol=1e-12)
    assert abs(found.indicators.loc["x", "skewness_after"]) < abs(found.indicators.loc["x", "skewness"])
    assert found.matrix["x"].is_monotonic_decreasing  # the order of the units stays


def test_treatment_inside_the_index_is_told():
    tree = vt.framework_from_table(pd.DataFrame({"code": ["V", "x", "y"], "parent": ["", "V", "V"]}))
    matrix = pd.DataFrame({"x": [1.0, 2, 3, 4, 5, 6, 90], "y": [3.0, 1, 4, 1, 5, 9, 2]})
    method = vt.Method(normalisation="minmax", treatment="winsorise_log")
    result = vt.build_index(matrix, tree, method)
    assert result.treatment.changes[["unit", "indicator", "old", "new"]].values.tolist() == [[6, "x", 90.0, 6.0]]
    assert "extreme values were moved in for indicator 'x'." in result.warnings
    assert vt.rebuild(result, treatment_of={"x": "none"}).treated["x"].max() == 90


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "winsorize"}, "Did you mean 'winsorise'"),
        ({"method_of": {"x": "logs"}}, r"method_of\['x'\]='logs'.*Did you mean 'log'"),
    ],
)
def test_a_wrong_method_is_refused(options, message):
    with pytest.raises(MethodError, match=message):
        vt.treat(pd.DataFrame({"x": [1.0]}), **options)


def test_an_unknown_column_of_its_own_method_is_refused():
    with pytest.raises(TableError, match="no column 'xx'"):
        vt.treat(pd.DataFrame({"x": [1.0]}), method_of={"xx": "log"})


def test_columns_without_values_or_spread_are_left():
    matrix = pd.DataFrame({"x": [np.nan] * 5, "y": [2.0] * 5, "z": [1.0, np.nan, np.nan, np.nan, 2.0]})
    found = vt.treat(matrix)
    pd.testing.assert_frame_equal(found.matrix, matrix)
    assert found.indicators.empty and found.changes.empty
