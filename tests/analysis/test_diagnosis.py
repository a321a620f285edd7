import numpy as np
import pandas as pd
import pytest

import vitality as vt
from tests.analysis.worlds import FRAMEWORK
from vitality.errors import MethodError, TableError

# weights: a1 1/4, a2 1/4, b1 1/2
MATRIX = pd.DataFrame(
    {"a1": [80.0, 40.0, 60.0], "a2": [20.0, 100.0, 60.0], "b1": [50.0, 50.0, 90.0]}, index=["u1", "u2", "u3"]
)
RESULT = vt.build_index(MATRIX, FRAMEWORK)


def of(table, unit, value):
    own = table[table["unit"] == unit]
    return dict(zip(own["node"], own[value]))


def test_obstacles_on_paper():
    table = vt.obstacles(RESULT)
    # u1 loses 20 / 4 = 5, 80 / 4 = 20, 50 / 2 = 25: 50 points in all
    assert of(table, "u1", "gap") == {"a1": 5.0, "a2": 20.0, "b1": 25.0}
    assert of(table, "u1", "share") == {"a1": 0.1, "a2": 0.4, "b1": 0.5}
    assert list(table.columns) == ["unit", "round", "node", "gap", "share"]
    assert of(vt.obstacles(RESULT, level="dimension"), "u1", "share") == {"A": 0.5, "B": 0.5}


def test_gaps_and_contributions_make_the_index():
    lost, added = vt.obstacles(RESULT), vt.contributions(RESULT)
    scores = RESULT.scores["V"].droplevel("round")
    assert (100 - lost.groupby("unit")["gap"].sum()).tolist() == pytest.approx(scores.tolist(), abs=1e-12)
    assert added.groupby("unit")["contribution"].sum().tolist() == pytest.approx(scores.tolist(), abs=1e-12)
    assert added.attrs["exact"]
    assert not vt.contributions(vt.rebuild(RESULT, aggregation="geometric")).attrs["exact"]


@pytest.mark.parametrize("level", ["indicator", "dimension"])
def test_shares_sum_to_one_with_gaps_in_the_data(level):
    matrix = MATRIX.copy()
    matrix.loc["u1", "a1"] = np.nan
    result = vt.build_index(matrix, FRAMEWORK)
    for table in (vt.obstacles(result, level=level), vt.contributions(result, level=level)):
        assert table.groupby("unit")["share"].sum().tolist() == pytest.approx([1, 1, 1], abs=1e-12)
    # the weight of a1 has gone to a2: u1 loses 80 / 2 = 40 and 25
    assert of(vt.obstacles(result), "u1", "gap") == {"a1": 0.0, "a2": 40.0, "b1": 25.0}


def test_units_without_an_index_and_without_a_loss():
    matrix = MATRIX.copy()
    matrix.loc["u1", ["a1", "b1"]] = np.nan
    matrix.loc["u2"] = 100.0
    table = vt.obstacles(vt.build_index(matrix, FRAMEWORK))
    assert np.isnan(list(of(table, "u1", "gap").values())).all()
    assert list(of(table, "u2", "gap").values()) == [0, 0, 0]
    assert np.isnan(list(of(table, "u2", "share").values())).all()


def test_a_level_that_is_not_there():
    with pytest.raises(MethodError, match="Choose one of 'dimension', 'indicator'"):
        vt.obstacles(RESULT, level="group")


def test_indicators_right_below_the_root_are_not_lost():
    tree = vt.framework_from_table(
        pd.DataFrame(
            {
                "code": ["V", "A", "x", "y", "z"],
                "parent": ["", "V", "V", "A", "A"],
                "worst": [None, None, 0, 0, 0],
                "best": [None, None, 10, 10, 10],
            }
        )
    )
    result = vt.build_index(pd.DataFrame({"x": [5.0], "y": [0.0], "z": [10.0]}), tree)
    assert of(vt.obstacles(result, level="dimension"), 0, "share") == {"A": 0.5, "x": 0.5}


def test_strengths_and_short_boards_on_paper():
    table = vt.short_boards(RESULT, n=2)
    own = table[table["unit"] == "u1"]
    # medians: a1 60, a2 60, b1 50; u1 leads at a1 by 20 / 4 = 5 points and nowhere else
    strengths = own[own["kind"] == "strength"]
    assert strengths[["place", "node", "score", "points"]].values.tolist() == [[1, "a1", 80.0, 5.0]]
    short = own[own["kind"] == "short_board"]
    assert short[["place", "node", "score", "points"]].values.tolist() == [
        [1, "b1", 50.0, 25.0],
        [2, "a2", 20.0, 20.0],
    ]
    with pytest.raises(MethodError, match="n=0"):
        vt.short_boards(RESULT, n=0)


def test_recommendations_of_the_bundled_framework():
    framework = vt.read_framework("redcross")
    scale = framework.scale()
    best = {
        code: (scale.loc[code].max() if code not in ("B23", "E23") else scale.loc[code].min()) for code in scale.index
    }
    best["C31"] = 12.0  # inside its best interval
    matrix = pd.DataFrame([best, best], index=["u1", "u2"])
    matrix.loc["u1", ["D21", "D22"]] = 0.0  # the whole of group D2
    matrix.loc["u1", "A22"] = 2.0
    rows = vt.recommend(vt.build_index(matrix, framework))
    # D2 loses 1/12 of the index, A2 3/5 of 1/36: nothing else is short, and u2 lacks nothing
    assert rows["unit"].tolist() == ["u1", "u1"]
    assert rows["target"].tolist() == ["D2", "A2"] and rows["place"].tolist() == [1, 2]
    assert rows.loc[0, "share"] == pytest.approx((1 / 12) / (1 / 12 + 3 / 5 / 36))
    assert rows.loc[0, "passages"] == ("S35",) and rows.loc[0, "text_zh"] and rows.loc[0, "text_en"]


def test_lacks_are_advised_by_their_block():
    framework = vt.read_framework("redcross")
    matrix = pd.DataFrame([framework.scale()["best"]], index=["u1"]).assign(C31=12.0)
    resources = pd.DataFrame({"R11": [0.0], "R12": [0.0], "R22": [3.0], "R31": [80.0]}, index=["u1"])
    rows = vt.recommend(vt.build_index(matrix, framework), resources=resources)
    assert rows[["target", "node"]].values.tolist() == [["staffing", "R11"]]
    assert np.isnan(rows.loc[0, "share"])


def test_a_framework_without_recommendations():
    assert vt.recommend(RESULT).empty
    assert list(vt.recommend(RESULT).columns)[3] == "target"
    with pytest.raises(MethodError, match="n=0"):
        vt.recommend(RESULT, n=0)


def test_indicators_described():
    matrix = pd.DataFrame({"a1": [0.0, 0.0, 1.0, 9.0, np.nan], "a2": 5.0, "b1": np.arange(5.0)})
    table = vt.describe_indicators(matrix, FRAMEWORK)
    assert list(table.columns) == [
        "n",
        "missing",
        "zeros",
        "min",
        "median",
        "mean",
        "max",
        "skew",
        "kurtosis",
    ]
    assert table.loc["a1", ["n", "missing", "zeros", "min", "median", "mean", "max"]].tolist() == [
        4,
        1,
        2,
        0,
        0.5,
        2.5,
        9,
    ]
    assert table.loc["a1", "skew"] == pytest.approx(matrix["a1"].skew())
    assert table.loc["b1", "kurtosis"] == pytest.approx(-1.2)
    assert np.isnan(table.loc["a2", "skew"])
    with pytest.raises(TableError, match="no column"):
        vt.describe_indicators(matrix[["a1"]], FRAMEWORK)
