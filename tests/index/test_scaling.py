import numpy as np
import pandas as pd
import pytest

import vitality as vt
from tests.index.small import FRAMEWORK, MATRIX, NORMALISED
from vitality.errors import MethodError, TableError
from vitality.index import count_clipped, map_intervals, rank_scores

INTERVAL = vt.framework_from_table(
    pd.DataFrame(
        {
            "code": ["V", "C31", "C32"],
            "parent": ["", "V", "V"],
            "direction": ["", "interval", "benefit"],
            "worst": [None, 0, 0],
            "best": [None, 40, 5],
            "interval_low": [None, 6, None],
            "interval_high": [None, 24, None],
        }
    )
)


def test_normalise_turns_less_is_better_around():
    paperwork = pd.DataFrame({"B23": [15.0, 45.0, 90.0]})  # % of working time
    scale = pd.DataFrame({"worst": [75.0], "best": [15.0]}, index=["B23"])
    assert vt.normalise(paperwork, scale)["B23"].tolist() == [100.0, 50.0, 0.0]


def test_normalise_goes_by_name_and_keeps_gaps():
    matrix = MATRIX[["b1", "a1"]].copy()
    matrix.iloc[0, 0] = np.nan
    normalised = vt.normalise(matrix, vt.fit_scale(MATRIX, FRAMEWORK).iloc[::-1])
    assert list(normalised.columns) == ["b1", "a1"]
    assert np.isnan(normalised.iloc[0, 0])
    assert normalised["a1"].tolist() == NORMALISED["a1"].tolist()


@pytest.mark.parametrize(
    ("scale", "message"),
    [
        (pd.DataFrame({"worst": [1.0], "best": [1.0]}, index=["B23"]), "worst and best of 'B23' are both 1"),
        (pd.DataFrame({"worst": [1.0], "best": [2.0]}, index=["B32"]), "no row for indicator 'B23'"),
        (pd.DataFrame({"worst": [np.nan], "best": [2.0]}, index=["B23"]), "no worst or best point for 'B23'"),
    ],
)
def test_a_scale_that_does_not_fit_is_refused(scale, message):
    with pytest.raises(TableError, match=message):
        vt.normalise(pd.DataFrame({"B23": [15.0]}), scale)


def test_interval_map_by_hand():
    # best from 6 to 24; ends 0 and 40, so that the reach is max(6 - 0, 40 - 24) = 16
    # 2 -> 1 - 4/16; 30 -> 1 - 6/16; 50 lies beyond the end: 1 - 26/16 < 0
    matrix = pd.DataFrame({"C31": [2.0, 6.0, 15.0, 24.0, 30.0, 50.0, np.nan], "C32": 1.0})
    mapped = map_intervals(matrix, INTERVAL)
    assert mapped["C31"].tolist()[:6] == [0.75, 1.0, 1.0, 1.0, 0.625, 0.0]
    assert np.isnan(mapped["C31"].iloc[6]) and (mapped["C32"] == 1.0).all()
    assert map_intervals(matrix, INTERVAL, clip=False)["C31"].iloc[5] == -0.625


def test_interval_indicator_in_the_index():
    matrix = pd.DataFrame({"C31": [2.0, 15.0, 50.0], "C32": [5.0, 5.0, 5.0]})
    result = vt.build_index(matrix, INTERVAL)
    assert result.scores["C31"].tolist() == [75.0, 100.0, 0.0]
    assert result.scale.loc["C31"].tolist() == [0.0, 1.0]
    assert result.clipped["C31"] == 1
    assert result.treated["C31"].tolist() == [2.0, 15.0, 50.0]  # natural units stay in the stages before


def test_minmax_puts_the_extremes_at_the_ends():
    scale = vt.fit_scale(MATRIX, FRAMEWORK, vt.Method(normalisation="minmax"))
    assert scale.loc["a1"].tolist() == [2.0, 10.0]
    assert scale.loc["b1"].tolist() == [50.0, 0.0]
    normalised = vt.normalise(MATRIX, scale)
    assert normalised.min().tolist() == [0.0] * 4 and normalised.max().tolist() == [100.0] * 4


def test_zscore_is_ten_points_a_standard_deviation():
    result = vt.build_index(MATRIX, FRAMEWORK, vt.Method(normalisation="zscore"))
    z = (MATRIX - MATRIX.mean()) / MATRIX.std(ddof=1) * [1, 1, -1, 1]
    pd.testing.assert_frame_equal(result.normalised, 50 + 10 * z)


def test_rank_scores_by_hand():
    # b1 = 25, 0, 50, less is better: ranks 2, 3, 1 from the worst
    scores = rank_scores(MATRIX, FRAMEWORK)
    assert scores["b1"].tolist() == [50.0, 100.0, 0.0]
    alone = rank_scores(MATRIX.iloc[:1], FRAMEWORK)
    assert (alone.to_numpy() == 50).all()


def two_rounds():
    later = MATRIX.rename(index={"2024": "2025"}, level="round") * [2.0, 1.0, 1.0, 1.0]
    return pd.concat([MATRIX, later])


def test_reference_of_the_scale():
    both = two_rounds()
    pooled = vt.fit_scale(both, FRAMEWORK, vt.Method(normalisation="minmax"))
    assert pooled.loc["a1"].tolist() == [2.0, 20.0]
    assert vt.fit_scale(both, FRAMEWORK, vt.Method(normalisation="minmax", reference="all")).equals(pooled)
    baseline = vt.fit_scale(both, FRAMEWORK, vt.Method(normalisation="minmax", reference="2024"))
    assert baseline.loc["a1"].tolist() == [2.0, 10.0]
    each = vt.fit_scale(both, FRAMEWORK, vt.Method(normalisation="minmax", reference="each"))
    assert each.loc[("2025", "a1")].tolist() == [4.0, 20.0]
    normalised = vt.normalise(both, each)
    assert normalised["a1"].tolist() == pytest.approx([37.5, 100, 0, 37.5, 100, 0])


def test_a_round_that_is_not_there():
    with pytest.raises(MethodError, match=r"reference='2042' is neither.*'2024', '2025'"):
        vt.fit_scale(two_rounds(), FRAMEWORK, vt.Method(normalisation="minmax", reference="2042"))


def test_a_constant_indicator_has_no_scale_of_its_own():
    matrix = MATRIX.assign(a2=7.0)
    for normalisation in ("minmax", "zscore"):
        with pytest.raises(TableError, match="'a2' has the same value for every unit"):
            vt.build_index(matrix, FRAMEWORK, vt.Method(normalisation=normalisation))


def test_clipped_values_are_counted_on_both_sides():
    scale = pd.DataFrame({"worst": [0.0], "best": [10.0]}, index=["x"])
    assert count_clipped(pd.DataFrame({"x": [-1.0, 0.0, 10.0, 11.0, np.nan]}), scale).to_dict() == {"x": 2}
