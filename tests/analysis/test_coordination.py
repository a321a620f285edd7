import numpy as np
import pandas as pd
import pytest

import vitality as vt
from vitality.errors import MethodError, TableError

# documentation of the R package mathmodels (zhjx19): three subsystems, all printed digits
SYSTEMS = pd.DataFrame(
    [
        [0.0162, 0.272, 0.2655],
        [0.1782, 0.6824, 0.3721],
        [0.549, 0.0593, 0.5729],
        [0.673, 0.4812, 0.9082],
        [0.0207, 0.8891, 0.2017],
        [0.9875, 0.5573, 0.8984],
    ],
    columns=["a", "b", "c"],
)
STANDARD = {
    "C": [0.571, 0.867, 0.674, 0.967, 0.418, 0.971],
    "T": [0.185, 0.411, 0.394, 0.687, 0.37, 0.814],
    "D": [0.325, 0.597, 0.515, 0.815, 0.393, 0.889],
}
MODIFIED = {
    "C": [0.447, 0.501, 0.455, 0.669, 0.175, 0.715],
    "T": [0.168, 0.388, 0.409, 0.686, 0.336, 0.832],
    "D": [0.274, 0.44, 0.432, 0.678, 0.242, 0.771],
}


@pytest.mark.parametrize(
    ("form", "weights", "expected"), [("standard", None, STANDARD), ("modified", [0.4, 0.3, 0.3], MODIFIED)]
)
def test_published_coupling_coordination(form, weights, expected):
    found = vt.coupling_coordination(SYSTEMS, weights=weights, form=form)
    for column, values in expected.items():
        assert found[column].tolist() == pytest.approx(values, abs=5.1e-4)


def test_bands_of_a_tenth():
    systems = pd.DataFrame({"a": [0.0, 0.1, 0.44, 0.95, 1.0, np.nan], "b": [0.0, 0.1, 0.44, 0.95, 1.0, 0.5]})
    found = vt.coupling_coordination(systems)
    # equal systems: C = 1 and D = sqrt(T); all zero: C undefined, D = 0
    assert found["D"].tolist()[:5] == pytest.approx([0, 0.1**0.5, 0.44**0.5, 0.95**0.5, 1])
    assert found["band"].tolist()[:5] == ["极度失调", "轻度失调", "初级协调", "优质协调", "优质协调"]
    assert np.isnan(found.at[0, "C"]) and np.isnan(found.at[5, "D"]) and pd.isna(found.at[5, "band"])


def test_weights_by_name_and_order_of_systems():
    named = vt.coupling_coordination(SYSTEMS, weights={"c": 3, "b": 3, "a": 4}, form="modified")
    listed = vt.coupling_coordination(SYSTEMS[["c", "b", "a"]], weights=[0.3, 0.3, 0.4], form="modified")
    pd.testing.assert_frame_equal(named, listed)


@pytest.mark.parametrize(
    ("systems", "options", "error", "message"),
    [
        (SYSTEMS * 100, {}, TableError, "Divide scores from 0 to 100 by 100"),
        (SYSTEMS - 1, {}, TableError, "expected scores from 0 to 1"),
        (SYSTEMS[["a"]], {}, TableError, "at least two columns"),
        (SYSTEMS.astype(str), {}, TableError, "hold text"),
        (SYSTEMS, {"form": "modifed"}, MethodError, "Did you mean 'modified'"),
        (SYSTEMS, {"weights": [1, 2]}, MethodError, "expected 3"),
        (SYSTEMS, {"weights": {"a": 1, "b": 1, "d": 1}}, MethodError, "weights"),
        (SYSTEMS, {"weights": [1, -1, 1]}, MethodError, "0 and more"),
        (SYSTEMS, {"weights": [0, 0, 0]}, MethodError, "sum above 0"),
    ],
)
def test_systems_and_weights_that_do_not_fit(systems, options, error, message):
    with pytest.raises(error, match=message):
        vt.coupling_coordination(systems, **options)


def test_grey_relation_on_paper():
    reference = pd.Series([1.0, 0.5, 0.0])
    factors = pd.DataFrame({"near": [1.0, 0.75, 0.0], "far": [0.0, 0.5, 1.0]})
    found = vt.grey_relation(reference, factors)
    # distances near 0, 1/4, 0 and far 1, 0, 1; min 0, max 1: xi = .5 / (D + .5)
    assert found["degree"].tolist() == pytest.approx([(1 + 2 / 3 + 1) / 3, (1 / 3 + 1 + 1 / 3) / 3])
    assert found["rank"].tolist() == [1, 2] and (found["note"] == "描述性指标，无检验").all()
    assert (vt.grey_relation(reference, factors, lang="en")["note"] == "descriptive, no test").all()


def test_grey_relation_with_gaps_and_columns_that_do_not_vary():
    reference = pd.Series([1.0, 2.0, 3.0, np.nan])
    factors = pd.DataFrame({"flat": 1.0, "same": [1.0, 2.0, 3.0, 4.0]})
    found = vt.grey_relation(reference, factors)
    assert np.isnan(found.at["flat", "degree"]) and found.at["same", "degree"] == 1 and (found["n"] == 3).all()
    empty = vt.grey_relation(reference, factors.assign(none=np.nan), lang="en")
    assert empty.at["same", "degree"] == 1 and empty.at["none", "note"].startswith("no values at all")
    with pytest.raises(TableError, match="0 units are complete"):
        vt.grey_relation(reference * np.nan, factors)
    with pytest.raises(MethodError, match="rho=0"):
        vt.grey_relation(reference, factors, rho=0)
    with pytest.raises(TableError, match="expected a Series"):
        vt.grey_relation([1, 2], factors)


def test_grey_relation_marks_what_shares_a_part_with_the_index():
    framework = vt.read_framework("redcross")
    reference = pd.Series([1.0, 3.0, 2.0, 5.0], name="A")
    factors = pd.DataFrame({"R22": [1.0, 2.0, 3.0, 4.0], "R31": [2.0, 1.0, 4.0, 3.0]})
    found = vt.grey_relation(reference, factors, framework=framework)
    assert found["coupled"].tolist() == [True, False] and "常住人口" in found.at["R22", "note"]
    named = vt.grey_relation(reference, factors.rename(columns={"R22": "人均红十字经费"}), framework=framework)
    assert named["coupled"].tolist() == [True, False]
    assert vt.grey_relation(reference.rename("组织覆盖力"), factors, framework=framework)["coupled"].any()
    with pytest.raises(TableError, match="its name is None.*such as 'V'"):
        vt.grey_relation(reference.rename(None), factors, framework=framework)
