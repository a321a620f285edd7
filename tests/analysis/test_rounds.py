from typing import get_args

import numpy as np
import pandas as pd
import pytest

import vitality as vt
from tests.index.small import FRAMEWORK
from vitality.errors import MethodError, TableError
from vitality.index.means import POPULATION
from vitality.index.method import Aggregation

CODES = ["a1", "a2", "b1", "b2"]


def panel(rounds=("2022", "2023", "2024"), n=10, gaps=0.0, seed=3):
    generator = np.random.default_rng(seed)
    index = pd.MultiIndex.from_product([[f"u{i}" for i in range(n)], rounds], names=["unit", "round"])
    values = generator.uniform([0, 10, 0, 0], [10, 30, 50, 4], (len(index), 4))
    values[generator.random(values.shape) < gaps] = np.nan
    return pd.DataFrame(values, index=index, columns=CODES)


@pytest.mark.parametrize("aggregation", [way for way in get_args(Aggregation) if way not in POPULATION])
@pytest.mark.parametrize("gaps", [0.0, 0.15])
@pytest.mark.parametrize("level", ["indicator", "dimension"])
def test_parts_sum_to_the_change(aggregation, gaps, level):
    result = vt.build_index(panel(gaps=gaps), FRAMEWORK, vt.Method(aggregation=aggregation, minimum_coverage=0.5))
    table = vt.compare_rounds(result, level=level)
    same = table[table["status"] == "same"]
    sums = same.groupby(["unit", "to"]).agg(parts=("part", "sum"), change=("change", "first"))
    assert len(sums) >= 12
    assert (sums["parts"] - sums["change"]).abs().max() < 1e-9
    later, earlier = (result.scores["V"].xs(name, level="round") for name in ("2023", "2022"))
    change = same[same["to"] == "2023"].drop_duplicates("unit").set_index("unit")["change"]
    assert change.tolist() == pytest.approx((later - earlier).loc[change.index].tolist())


def test_parts_of_an_arithmetic_index_are_weight_times_change():
    result = vt.build_index(panel(), FRAMEWORK)
    table = vt.compare_rounds(result).set_index(["unit", "to", "node"])
    weight = result.weights["global"]
    for code in CODES:
        own = table.xs(("u4", "2024", code))
        assert own["part"] == pytest.approx(weight[code] * (own["after"] - own["before"]))


def test_rounds_follow_their_numbers_and_any_two_can_be_chosen():
    result = vt.build_index(panel(rounds=("9", "10", "11")), FRAMEWORK)
    assert vt.compare_rounds(result)[["from", "to"]].drop_duplicates().values.tolist() == [["9", "10"], ["10", "11"]]
    chosen = vt.compare_rounds(result, rounds=("11", "9"))
    assert chosen[["from", "to"]].drop_duplicates().values.tolist() == [["11", "9"]]


def test_units_that_come_and_go_are_rows():
    matrix = panel(rounds=("2023", "2024"), n=4).drop(index=[("u0", "2023"), ("u1", "2024")])
    matrix.loc[("u2", "2023"), ["a1", "a2", "b1"]] = np.nan
    table = vt.compare_rounds(vt.build_index(matrix, FRAMEWORK))
    status = table.drop_duplicates("unit").set_index("unit")["status"]
    assert status.to_dict() == {"u3": "same", "u0": "appeared", "u1": "vanished", "u2": "unscored"}
    row = table[table["unit"] == "u1"].iloc[0]
    assert np.isnan(row["part"]) and row["index_before"] > 0 and np.isnan(row["index_after"])
    short = vt.round_changes(vt.build_index(matrix, FRAMEWORK))
    assert len(short) == 4 and short["change"].notna().sum() == 1


def test_merged_and_renamed_units():
    matrix = panel(rounds=("2023", "2024"), n=4)
    matrix = matrix.drop(index=[("u0", "2024"), ("u1", "2024"), ("u2", "2024")])
    new = panel(rounds=("2024",), n=2, seed=9).rename(index={"u0": "merged", "u1": "renamed"}, level="unit")
    result = vt.build_index(pd.concat([matrix, new]), FRAMEWORK)
    crosswalk = pd.DataFrame(
        {"old": ["u0", "u1", "u2"], "new": ["merged", "merged", "renamed"], "weight": [3.0, 1.0, 1.0]}
    )
    table = vt.compare_rounds(result, crosswalk=crosswalk)
    first = table.drop_duplicates("unit").set_index("unit")
    assert first["status"].to_dict() == {"merged": "merged", "renamed": "same", "u3": "same"}
    before = (3 * result.scores.at[("u0", "2023"), "V"] + result.scores.at[("u1", "2023"), "V"]) / 4
    assert first.at["merged", "index_before"] == pytest.approx(before)
    assert first.at["renamed", "index_before"] == result.scores.at[("u2", "2023"), "V"]
    sums = table.groupby("unit")["part"].sum()
    assert (sums - first["change"]).abs().max() < 1e-9
    named = vt.compare_rounds(result, crosswalk={"u0": "merged", "u1": "merged", "u2": "renamed"})
    assert named.drop_duplicates("unit")["status"].tolist().count("merged") == 1


@pytest.mark.parametrize(
    ("crosswalk", "message"),
    [
        ({"u99": "u1"}, "in no round 'u99'. Did you mean 'u9'"),
        ({"u0": "x"}, "in no round 'x'"),
        (pd.DataFrame({"old": ["u0", "u0"], "new": ["u1", "u2"]}), "a split cannot be traced"),
        (pd.DataFrame({"old": ["u0"], "neu": ["u1"]}), "no column 'new'"),
        (pd.DataFrame({"old": ["u0"], "new": ["u1"], "weight": [0.0]}), "weights above 0"),
        ({"u0": "u1"}, "'u1' stands in the earlier round itself"),
    ],
)
def test_a_crosswalk_that_does_not_fit_is_refused(crosswalk, message):
    with pytest.raises(TableError, match=message):
        vt.compare_rounds(vt.build_index(panel(rounds=("2023", "2024")), FRAMEWORK), crosswalk=crosswalk)


def test_a_crosswalk_speaks_of_the_rounds_that_it_fits():
    matrix = panel(n=3).drop(index=[("u0", "2023"), ("u0", "2024")])
    result = vt.build_index(matrix, FRAMEWORK)
    table = vt.compare_rounds(result, crosswalk={"u0": "u1", "u1": "u1"})
    status = table.drop_duplicates(["unit", "to"]).set_index(["unit", "to"])["status"]
    assert status["u1"].to_dict() == {"2023": "merged", "2024": "same"}


def test_what_cannot_be_split_is_refused():
    result = vt.build_index(panel(), FRAMEWORK)
    with pytest.raises(MethodError, match="aggregation='topsis' scores a unit against the others"):
        vt.compare_rounds(vt.rebuild(result, aggregation="topsis"))
    with pytest.raises(TableError, match="single round '2024'"):
        vt.compare_rounds(vt.build_index(panel(rounds=("2024",)), FRAMEWORK))
    with pytest.raises(TableError, match="no round '2042'.*Did you mean '2024'"):
        vt.compare_rounds(result, rounds=("2023", "2042"))
    with pytest.raises(MethodError, match="Did you mean 'dimension'"):
        vt.compare_rounds(result, level="dimensions")


def test_it_says_whether_the_scale_is_the_same():
    result = vt.build_index(panel(), FRAMEWORK)
    assert vt.compare_rounds(result).attrs["comparable"]
    apart = vt.rebuild(result, normalisation="minmax", reference="each")
    assert not vt.compare_rounds(apart).attrs["comparable"]
    assert any("cannot be compared" in text for text in apart.warnings)
