import numpy as np
import pandas as pd
import pytest

import vitality as vt
from vitality.errors import MethodError, TableError

INDEX = pd.MultiIndex.from_product([["2023", "2024"], ["u1", "u2", "u3", "u4"]], names=["round", "unit"])
MATRIX = pd.DataFrame({"x": [1.0, 2.0, 6.0, np.nan, 10.0, 20.0, np.nan, 60.0]}, index=INDEX)


def filled(method, **options):
    found = vt.impute(MATRIX, method=method, **options)["x"]
    return found.loc[("u4", "2023")], found.loc[("u3", "2024")]


def test_stand_ins_come_from_the_same_round():
    assert filled("mean") == (3.0, 30.0)
    assert filled("median") == (2.0, 20.0)


def test_stand_ins_come_from_the_same_group():
    group = pd.Series({"u1": "a", "u2": "b", "u3": "b", "u4": "b"})
    rows = pd.Series([group[unit] for _, unit in INDEX], index=INDEX)
    assert filled("group_mean", group=rows) == (4.0, 40.0)  # (2 + 6) / 2 and (20 + 60) / 2
    alone = rows.where(rows.index.get_level_values("unit") != "u4", "c")
    assert np.isnan(filled("group_median", group=alone)[0])


def test_none_leaves_gaps_and_the_input():
    before = MATRIX.copy()
    assert vt.impute(MATRIX)["x"].isna().sum() == 2
    complete = vt.impute(MATRIX, method="mean")
    complete.loc[:, "x"] = 0.0
    pd.testing.assert_frame_equal(MATRIX, before)


def test_missing_groups_are_refused():
    with pytest.raises(MethodError, match="needs group="):
        vt.impute(MATRIX, method="group_mean")
    with pytest.raises(TableError, match="none for"):
        vt.impute(MATRIX, method="group_mean", group=pd.Series("a", index=INDEX[:4]))
    with pytest.raises(MethodError, match="Did you mean 'median'"):
        vt.impute(MATRIX, method="meidan")
