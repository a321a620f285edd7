import numpy as np
import pandas as pd
import pytest

import vitality as vt
from tests.analysis.test_guard import COUNTS, DENOMINATORS, FRAMEWORK, MATRIX, POPULATION, RESOURCES, UNITS
from vitality.analysis.correlation import estimate_correlation, midranks
from vitality.errors import MethodError, TableError

GENERATOR = np.random.default_rng(21)
LATER = MATRIX + GENERATOR.normal(0, 0.5, MATRIX.shape)
MORE = RESOURCES * np.exp(GENERATOR.normal(0.1, 0.2, RESOURCES.shape))


def two_rounds(first, second):
    return pd.concat({"2023": first, "2024": second}, names=["round", "unit"])


RESULT = vt.build_index(
    two_rounds(MATRIX, LATER), FRAMEWORK, units=pd.DataFrame({"district": ["east", "west"] * 12}, index=UNITS)
)
BOTH = two_rounds(RESOURCES, MORE)
PEOPLE = two_rounds(DENOMINATORS, DENOMINATORS * 1.01)


def difference(node):
    scores = RESULT.scores[node]
    return (scores.xs("2024", level="round") - scores.xs("2023", level="round")).loc[UNITS]


def associated(**options):
    chosen = {"permutations": 199, "bootstrap": 0, "seed": 1, "nodes": ["V"], "lang": "en"} | options
    return vt.associate_changes(RESULT, BOTH, **chosen).set_index("resource")


def test_first_differences_are_compared():
    row = associated().loc["rooms"]
    expected = estimate_correlation(
        (MORE["rooms"] - RESOURCES["rooms"]).to_numpy(), difference("V").to_numpy(), "spearman"
    )
    assert row["estimate"] == pytest.approx(expected, abs=1e-12) and row["n"] == 24
    assert "difference of rounds 2023 to 2024" in row["note"]


def test_what_is_constant_about_a_unit_drops_out():
    shifted = two_rounds(RESOURCES + 100, MORE + 100)
    found = vt.associate_changes(RESULT, shifted, nodes=["V"], seed=1, permutations=99, bootstrap=0)
    own = found.set_index("resource")
    assert own.at["rooms", "estimate"] == pytest.approx(associated().at["rooms", "estimate"], abs=1e-12)


def test_first_score_held():
    row = associated(hold_start=True).loc["rooms"]
    start = RESULT.scores["V"].xs("2023", level="round").loc[UNITS].to_numpy()
    change = (MORE["rooms"] - RESOURCES["rooms"]).to_numpy()
    expected = estimate_correlation(change, difference("V").to_numpy(), "spearman", midranks(start)[:, None])
    assert row["estimate"] == pytest.approx(expected, abs=1e-12) and row["method"] == "partial_spearman"
    with pytest.raises(MethodError, match="no partial form"):
        associated(hold_start=True, method="kendall")


def test_the_guard_holds_for_changes():
    assert np.isnan(associated().at["funds", "estimate"])
    assert associated(guard="leave_block_out").at["funds", "left_out"] == "members"
    row = associated(guard="counts", denominators=PEOPLE, nodes=["A"]).loc["funds"]
    x = np.log(MORE["funds"] * POPULATION * 1.01) - np.log(COUNTS["funds"])
    # the population grew by 1 % everywhere: its change is constant and holds nothing
    expected = estimate_correlation(x.to_numpy(), difference("A").to_numpy(), "spearman")
    assert row["estimate"] == pytest.approx(expected, abs=1e-9) and row["guard"] == "counts"
    with pytest.raises(MethodError, match="is for levels"):
        associated(guard="numerators", denominators=PEOPLE)


def test_rounds_that_do_not_fit():
    one = vt.build_index(MATRIX, FRAMEWORK)
    with pytest.raises(MethodError, match="a change needs two"):
        vt.associate_changes(one, BOTH, seed=1)
    with pytest.raises(MethodError, match="two different rounds"):
        associated(rounds=("2024", "2024"))
    with pytest.raises(MethodError, match="It has '2023', '2024'"):
        associated(rounds=("2022", "2024"))
    with pytest.raises(TableError, match="has no rounds"):
        vt.associate_changes(RESULT, RESOURCES, seed=1)


def test_a_resource_that_did_not_change():
    same = vt.associate_changes(RESULT, two_rounds(RESOURCES, RESOURCES), nodes=["V"], seed=1, lang="en")
    row = same.set_index("resource").loc["rooms"]
    assert np.isnan(row["p"]) and row["note"].startswith("the resource is the same everywhere")


# --------------------------------------------------------------------------------- did it change, for whom


def world(first, second, **attributes):
    tree = vt.framework_from_table(
        pd.DataFrame({"code": ["V", "a"], "parent": ["", "V"], "worst": [None, 0], "best": [None, 100]})
    )
    units = [f"u{k:02d}" for k in range(len(first))]
    pairs = pd.MultiIndex.from_product([["1", "2"], units], names=["round", "unit"])
    matrix = pd.DataFrame({"a": [*first, *second]}, index=pairs)
    return vt.build_index(matrix, tree, units=pd.DataFrame(attributes, index=units) if attributes else None)


def test_change_on_paper():
    result = world([10.0, 20, 30, 40, 50, 60], [12.0, 23, 29, 46, 55, 69])
    row = vt.summarise_changes(result, seed=1).iloc[0]
    # differences 2, 3, -1, 6, 5, 9: mean 4, sd sqrt(60 / 5); t(5, .975) = 2.570582
    assert row["change"] == pytest.approx(4) and (row["rose"], row["fell"]) == (5, 1)
    assert (row["low"], row["high"]) == pytest.approx((4 - 2.570582 * 2**0.5, 4 + 2.570582 * 2**0.5), abs=1e-5)
    # signs: sums of 24 or more: all plus (26), only the -1 minus (24 as seen); and their mirrors: 4 of 64
    assert row["p"] == 4 / 64


def test_change_by_group_with_holm_over_the_groups():
    rng = np.random.default_rng(1)
    first = rng.uniform(30, 60, 24)
    rise = rng.normal(0, 2, (2, 12))
    rise = (rise - rise.mean(axis=1, keepdims=True) + [[6], [0]]).ravel()  # east gains 6, west nothing
    result = world(first, first + rise, district=["east"] * 12 + ["west"] * 12)
    table = vt.summarise_changes(result, by="district", seed=1)
    assert table["group"].tolist() == ["", "east", "west"] and table["n"].tolist() == [24, 12, 12]
    assert table.loc[1, "p_adjusted"] == pytest.approx(2 * table.loc[1, "p"]) and table.loc[1, "p_adjusted"] < 0.01
    assert table.loc[2, "p_adjusted"] > 0.05 and table.loc[0, "p_adjusted"] == table.loc[0, "p"]
    with pytest.raises(MethodError, match="Did you mean 'district'"):
        vt.summarise_changes(result, by="distrikt", seed=1)


def test_a_group_of_a_single_unit_has_no_test():
    result = world(np.arange(10.0), np.arange(10.0) + 1, district=["east"] * 9 + ["west"])
    row = vt.summarise_changes(result, by="district", seed=1).set_index("group").loc["west"]
    assert np.isnan(row["p"]) and row["n"] == 1 and "不足5个" in row["note"]


def test_low_starters_rise_by_themselves():
    rng = np.random.default_rng(2)
    standing = rng.normal(50, 5, 300)
    result = world(standing + rng.normal(0, 5, 300), standing + rng.normal(0, 5, 300))
    table = vt.regression_to_mean(result).set_index("start")
    assert table.loc["low", "change"] > 3 and table.loc["high", "change"] < -3
    assert table["correlation"].to_numpy() == pytest.approx(0.5, abs=0.1)
    assert (table["low"] < table["change"]).all() and (table["change"] < table["high"]).all()
    assert table["beyond"].abs().max() < 1  # nothing but chance happened
    assert table["n"].tolist() == [100, 100, 100]
    assert vt.regression_to_mean(world([1.0, 2, 3], [1.0, 2, 4])).empty
