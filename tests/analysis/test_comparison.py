import numpy as np
import pandas as pd
import pytest

import vitality as vt
from tests.index import asem
from tests.index.small import FRAMEWORK, MATRIX
from vitality.errors import MethodError, TableError


def test_results_stand_beside_each_other():
    base = vt.build_index(MATRIX, FRAMEWORK)
    other = vt.rebuild(base, aggregation="geometric", weighting="equal")
    table = vt.compare_results(base, other)
    assert table["result"].unique().tolist() == ["weighting=equal, aggregation=geometric"]
    assert table["score_change"].tolist() == (other.scores["V"] - base.scores["V"]).tolist()
    assert table["rank_change"].tolist() == (other.ranks["V"] - base.ranks["V"]).tolist()
    summary = table.attrs["summary"]["weighting=equal, aggregation=geometric"]
    assert summary["mean_rank_shift"] == table["rank_change"].abs().mean()


def test_units_that_one_lacks_stay_in_the_table():
    base, fewer = vt.build_index(MATRIX, FRAMEWORK), vt.build_index(MATRIX.iloc[1:], FRAMEWORK)
    table = vt.compare_results(base, fewer, vt.rebuild(base, floor=2.0)).set_index(["unit", "result"])
    assert np.isnan(table.at[("u1", "result 2"), "score"]) and table.at[("u1", "result 2"), "score_base"] > 0
    assert table.at[("u1", "floor=2.0"), "score_change"] == 0
    assert len(table) == 6


def test_what_cannot_be_compared_is_refused():
    base = vt.build_index(MATRIX, FRAMEWORK)
    with pytest.raises(MethodError, match="no other result"):
        vt.compare_results(base)
    with pytest.raises(TableError, match="shares no unit"):
        vt.compare_results(base, vt.build_index(MATRIX.rename(index={"2024": "2025"}, level="round"), FRAMEWORK))
    with pytest.raises(TableError, match="node='W'"):
        vt.compare_results(base, base, node="W")


def test_dropping_a_node_by_hand():
    base = vt.build_index(MATRIX, FRAMEWORK)
    table = vt.drop_one(base, level="dimension")
    # the index without A is B: 37.5, 100, 25, ranks 2, 1, 3; with both it is 45.8, 50, 61.7, ranks 3, 2, 1
    assert table.at["A", "mean_rank_shift"] == pytest.approx(4 / 3) and table.at["A", "largest_rank_shift"] == 2
    assert table.at["A", "mean_score_shift"] == pytest.approx((8 + 1 / 3 + 50 + 36 + 2 / 3) / 3)
    # without B it is A: 50, 25, 80, ranks 2, 3, 1
    assert table.at["B", "moved"] == pytest.approx(2 / 3)
    assert table.index.tolist() == ["A", "B"] and table["weight"].tolist() == pytest.approx([2 / 3, 1 / 3])


@pytest.mark.parametrize("level", ["indicator", "group", "dimension"])
def test_dropping_agrees_with_a_smaller_framework(level):
    result = asem.result()
    table = vt.drop_one(result, level=level)
    code = table.index[0]
    other = vt.rebuild(result, framework=vt.leave_out(result.framework, [code]))
    shift = (other.ranks["Index"] - result.ranks["Index"]).abs()
    assert table.at[code, "mean_rank_shift"] == pytest.approx(float(shift.mean()))
    assert len(table) == len(result.framework.levels[level])


def test_units_that_lose_their_index_are_counted():
    matrix = MATRIX.copy()
    matrix.loc[("u1", "2024"), "a1"] = np.nan  # three of four; two of three without a2, b1 or b2
    table = vt.drop_one(vt.build_index(matrix, FRAMEWORK, vt.Method(minimum_coverage=0.7)))
    assert table["lost"].to_dict() == {"a1": 0, "a2": 1, "b1": 1, "b2": 1}


def test_levels_are_checked():
    with pytest.raises(MethodError, match="Did you mean 'dimension'"):
        vt.drop_one(vt.build_index(MATRIX, FRAMEWORK), level="dimensions")
    single = vt.framework_from_table(pd.DataFrame({"code": ["V", "x"], "parent": ["", "V"]}))
    result = vt.build_index(pd.DataFrame({"x": [1.0, 2.0]}), single, vt.Method(normalisation="minmax"))
    with pytest.raises(MethodError, match="single node 'x'"):
        vt.drop_one(result)
