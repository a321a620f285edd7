import numpy as np
import pandas as pd
import pytest

import vitality as vt
from vitality.errors import MethodError
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
