from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest

from tests.weights.reference import cases, synthetic_panel
from vitality.errors import JudgementError
from vitality.weights import (
    ahp_weights,
    group_weights,
    inspect_judgements,
    judgement_matrix,
    repair_judgements,
    rescale_judgements,
)

CASES = cases("ahp_inconsistency")
ERRORS = {name: CASES[name] for name in ("inc_city1", "inc_style")}


def matrix_of(case) -> pd.DataFrame:
    return judgement_matrix(case["input"]["matrix"], case["input"]["names"])


@pytest.mark.parametrize("case", ERRORS.values(), ids=ERRORS)
def test_worst_judgements_and_what_the_others_imply(case):
    expected, table = case["expected"], inspect_judgements(matrix_of(case))
    by_pair = table.set_index(["item_a", "item_b"])
    for wanted in expected["top3"]:
        row = by_pair.loc[(wanted["i"], wanted["j"])]
        assert row["given"] == pytest.approx(wanted["given"], abs=1e-12)
        assert row["error"] == pytest.approx(wanted["epsilon"], abs=1e-9)
        assert row["implied"] == pytest.approx(wanted["consistent_value"], abs=1e-9)
    np.testing.assert_allclose(table["error"][:3], [one["epsilon"] for one in expected["top3"]], atol=1e-9)
    worst = table.iloc[0]
    assert worst["suggested"] == pytest.approx(expected["harker_value"], abs=1e-8)
    assert worst["ratio_after"] == pytest.approx(expected["cr_saaty1980_after_harker"], abs=1e-9)
    assert table.attrs["consistency_ratio"] == pytest.approx(expected["cr_saaty1980_before"], abs=1e-9)


def test_ratio_after_is_that_of_the_changed_matrix():
    matrix = matrix_of(CASES["inc_city1"])
    for row in inspect_judgements(matrix, random_index="alonso_lamata").itertuples():
        for value, after in ((row.suggested, row.ratio_after), (row.suggested_saaty, row.ratio_after_saaty)):
            changed = matrix.copy()
            changed.loc[row.item_a, row.item_b], changed.loc[row.item_b, row.item_a] = value, 1 / value
            found = ahp_weights(changed, random_index="alonso_lamata").consistency_ratio
            assert after == pytest.approx(found, abs=1e-9)


def test_suggestion_does_not_know_the_judgement_itself():
    matrix = matrix_of(CASES["inc_city1"])
    matrix.loc["cult", "fam"], matrix.loc["fam", "cult"] = 9, 1 / 9
    again = inspect_judgements(matrix).set_index(["item_a", "item_b"]).loc[("cult", "fam")]
    assert again["suggested"] == pytest.approx(CASES["inc_city1"]["expected"]["harker_value"], abs=1e-8)


def test_cycles_by_hand():
    # a > b > c > a is a cycle; d loses to all
    matrix = judgement_matrix([3, "1/3", 5, 3, 5, 5], list("abcd"))
    table = inspect_judgements(matrix)
    cyclic = table.loc[table["in_cycle"], ["item_a", "item_b"]].apply(frozenset, axis=1)
    assert set(cyclic) == {frozenset("ab"), frozenset("bc"), frozenset("ac")}
    assert table.attrs["cycles"] == 1 == group_weights({"E": matrix}).experts.loc["E", "cycles"]


def test_straight_lining_is_flagged_although_the_ratio_is_0():
    table = inspect_judgements(np.ones((4, 4)))
    assert table.attrs["straight_lining"] and table.attrs["consistency_ratio"] == 0
    assert any("every judgement is 1" in text for text in ahp_weights(np.ones((4, 4))).warnings)
    assert not inspect_judgements([[1, 1], [1, 1]]).attrs["straight_lining"]


def test_missing_judgements_are_suggested_and_come_last():
    matrix = judgement_matrix({("a", "b"): 2, ("b", "c"): 2, ("c", "d"): 2, ("a", "c"): 5}, list("abcd"))
    table = inspect_judgements(matrix)
    assert table["given"].isna().tolist() == [False] * 4 + [True] * 2
    assert table.set_index(["item_a", "item_b"]).loc[("c", "d"), "suggested"] is not None
    assert np.isnan(table.set_index(["item_a", "item_b"]).loc[("c", "d"), "suggested"])  # nothing else reaches d


def test_sizes_one_and_two():
    assert inspect_judgements([[1]]).empty
    two = inspect_judgements([[1, 3], [1 / 3, 1]])
    assert two["error"].tolist() == [1.0] and two["ratio_after"].tolist() == [0.0]


def test_inspection_refuses_unconnected_items():
    with pytest.raises(JudgementError, match=r"\{a, b\} \| \{c, d\}"):
        inspect_judgements(judgement_matrix({("a", "b"): 3, ("c", "d"): 5}, list("abcd")))


@pytest.mark.parametrize("expert", ["E05", "E08", "E10"])
@pytest.mark.parametrize("scale", ["saaty", "continuous"])
def test_one_change_mends_each_failing_expert_of_the_synthetic_panel(expert, scale):
    matrix = synthetic_panel()["V"][expert]
    table = inspect_judgements(matrix)
    column = "ratio_after_saaty" if scale == "saaty" else "ratio_after"
    assert table[column].min() < 0.10  # so one change is enough
    repair = repair_judgements(matrix, scale=scale)
    assert len(repair.changes) == 1 and repair.ratio_after <= 0.10
    assert ahp_weights(repair.judgements).consistency_ratio == pytest.approx(repair.ratio_after, abs=1e-12)
    assert repair.recipe["all_smaller_sets_tried"]
    change = repair.changes.iloc[0]
    assert repair.judgements.at[change["item_a"], change["item_b"]] == change["proposed"]
    assert matrix.at[change["item_a"], change["item_b"]] == change["given"]


@pytest.mark.parametrize(
    ("triangle", "fewest"), [([2, 7, "1/5", 3, 4, "1/2", 1, "1/3", 6, 1], 2), ([2, "1/4", 8, 2, "1/3", 3], 2)]
)
def test_fewest_changes_against_all_values_of_all_smaller_sets(triangle, fewest):
    n = 5 if len(triangle) == 10 else 4
    matrix = judgement_matrix(triangle, list("abcde")[:n])
    assert len(repair_judgements(matrix).changes) == fewest
    steps = np.array([*(1 / np.arange(9, 1, -1)), *np.arange(1.0, 10)])
    random_index = {4: 0.90, 5: 1.12}[n]
    pairs = list(zip(*np.triu_indices(n, 1)))
    for size in range(1, fewest):
        for chosen in combinations(pairs, size):
            values = np.array(list(product(steps, repeat=size)))
            stack = np.repeat(matrix.to_numpy()[None], len(values), axis=0)
            for k, (i, j) in enumerate(chosen):
                stack[:, i, j], stack[:, j, i] = values[:, k], 1 / values[:, k]
            roots = np.linalg.eigvals(stack).real.max(axis=1)
            assert ((roots - n) / (n - 1) / random_index).min() > 0.10


def test_smallest_changes_reach_the_target_and_no_blend_is_nearer():
    matrix = synthetic_panel()["V"]["E10"]
    repair = repair_judgements(matrix, strategy="smallest")
    assert repair.ratio_after == pytest.approx(0.10, abs=1e-9)
    moved = (np.log(repair.judgements / matrix) ** 2).to_numpy().sum()
    weights = ahp_weights(matrix, method="geometric_mean").weights.to_numpy()
    ideal = np.log(weights[:, None] / weights)
    for share in np.linspace(0, 1, 101):
        blend = np.exp((1 - share) * np.log(matrix) + share * ideal)
        if ahp_weights(blend).consistency_ratio <= 0.10:
            assert moved < (np.log(blend / matrix) ** 2).to_numpy().sum()
            break


def test_smallest_changes_satisfy_the_conditions_of_the_optimum():
    # at the optimum the change is parallel to the slope of the largest eigenvalue, seen from the proposal
    matrix = synthetic_panel()["V"]["E08"]
    repair = repair_judgements(matrix, strategy="smallest")
    found = repair.judgements.to_numpy()
    upper = np.triu_indices(6, 1)
    change = np.log(found / matrix.to_numpy())[upper]
    slope = np.empty(len(change))
    for k, (i, j) in enumerate(zip(*upper)):
        roots = []
        for step in (1e-5, -1e-5):
            moved = found.copy()
            moved[i, j] *= np.exp(step)
            moved[j, i] = 1 / moved[i, j]
            roots.append(np.linalg.eigvals(moved).real.max())
        slope[k] = (roots[0] - roots[1]) / 2e-5
    cosine = change @ slope / np.linalg.norm(change) / np.linalg.norm(slope)
    assert cosine == pytest.approx(-1, abs=1e-5)


def test_repair_of_consistent_judgements_changes_nothing_and_never_its_input():
    matrix = synthetic_panel()["V"]["E01"]
    before = matrix.copy()
    repair = repair_judgements(matrix)
    assert repair.changes.empty and "无需调整" in repair.sentence() and "nothing has to change" in repair.sentence("en")
    pd.testing.assert_frame_equal(repair.judgements, matrix)
    repair_judgements(synthetic_panel()["V"]["E10"])
    pd.testing.assert_frame_equal(matrix, before)


@pytest.mark.parametrize("strategy", ["fewest", "smallest"])
def test_target_zero_is_reached(strategy):
    repair = repair_judgements(judgement_matrix([2, 4, 8, 2, "1/4", 2], list("abcd")), target=0, strategy=strategy)
    assert repair.ratio_after == pytest.approx(0, abs=1e-8)


def test_repair_says_what_it_needs():
    with pytest.raises(JudgementError, match="missing: a against c.*complete matrix"):
        repair_judgements(judgement_matrix({("a", "b"): 3, ("b", "c"): 5}, list("abc")))
    with pytest.raises(ValueError, match="target=-1"):
        repair_judgements([[1]], target=-1)
    with pytest.raises(ValueError, match="Did you mean 'fewest'"):
        repair_judgements([[1]], strategy="few")


def test_repair_shows_itself():
    repair = repair_judgements(synthetic_panel()["V"]["E05"])
    assert "须由专家确认" in repair._repr_html_() and "for the expert to confirm" in repair._repr_html_()


SCALES = CASES["scales_n3"]
NAMES = {"log": "logarithmic"}


@pytest.mark.parametrize("name", SCALES["expected"]["scales"])
def test_judgement_scales_of_goepel(name):
    for step, expected in zip(SCALES["input"]["x"], SCALES["expected"]["scales"][name]["c_for_x_3_9"]):
        found = rescale_judgements({("a", "b"): step, ("b", "c"): 1}, scale=NAMES.get(name, name))
        assert found.at["a", "b"] == pytest.approx(expected, rel=1e-12)
        assert found.at["b", "a"] == pytest.approx(1 / expected, rel=1e-12)
        assert found.at["b", "c"] == 1 and np.isnan(found.at["a", "c"])


def test_adaptive_scale_and_its_limits():
    # n = 10: the exponent is 1 + ln 9 / ln 9 = 2
    matrix = np.ones((10, 10))
    matrix[0, 1], matrix[1, 0] = 3, 1 / 3
    assert rescale_judgements(matrix, scale="adaptive").loc[0, 1] == pytest.approx(9)
    with pytest.raises(JudgementError, match="is 12; a scale maps"):
        rescale_judgements([[1, 12], [1 / 12, 1]])
