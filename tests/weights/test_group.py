from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.weights.reference import cases, read, synthetic_panel
from vitality.errors import JudgementError, MethodError
from vitality.weights import ahp_weights, group_weights, judgement_matrix

GROUP = cases("ahp_group")
CITY = GROUP["city10_aij_aip"]


def city_panel() -> np.ndarray:
    """Ten respondents of ahpsurvey's city data, from its survey coding."""
    stack = np.ones((10, 5, 5))
    i, j = np.triu_indices(5, 1)
    coded = np.array(CITY["input"]["rows"])
    values = np.where(coded < 0, -coded, 1 / coded)
    stack[:, i, j], stack[:, j, i] = values, 1 / values
    return stack


def random_panel(n_experts: int = 6, n: int = 5, seed: int = 1) -> np.ndarray:
    generator = np.random.default_rng(seed)
    logs = np.triu(generator.normal(0, 0.7, (n_experts, n, n)), 1)
    return np.exp(logs - logs.transpose(0, 2, 1))


def test_city_panel_against_ahpsurvey():
    found = group_weights(city_panel(), random_index="saaty_1980")
    expected = CITY["expected"]
    np.testing.assert_allclose(found.priorities, expected["individual_weights"], atol=1e-10)
    np.testing.assert_allclose(found.experts["ratio"] * 1.12, expected["individual_ci"], atol=1e-10)
    np.testing.assert_allclose(found.judgements, expected["aij_matrix"], atol=1e-10)
    np.testing.assert_allclose(found.weights, expected["aij_weights_eigen"], atol=1e-10)
    assert found.consistency_ratio * 1.12 == pytest.approx(expected["aij_ci"], abs=1e-10)
    assert found.consensus == pytest.approx(expected["s_star"], abs=1e-10)


@pytest.mark.parametrize("way, key", [("priorities", "aip_arithmetic"), ("priorities_geometric", "aip_geometric")])
def test_city_panel_by_priorities(way, key):
    found = group_weights(city_panel(), aggregation=way)
    np.testing.assert_allclose(found.weights, CITY["expected"][key], atol=1e-10)


@pytest.mark.parametrize("level, policy", [("all", "keep"), ("cr_lt_0.1", "drop")])
def test_synthetic_panel_gives_the_expected_groups(level, policy):
    for node, expected in read("synthetic_panel")["expected"]["group_weights"][level].items():
        found = group_weights(synthetic_panel()[node], policy=policy, node=node)
        np.testing.assert_allclose(found.weights, expected["weights"], atol=6e-7)
        assert found.consistency_ratio == pytest.approx(expected["cr"], abs=6e-7)
        assert found.n_experts == expected["matrices_used"]


def test_a_good_group_ratio_hides_bad_experts():
    found = group_weights(synthetic_panel()["V"])
    assert found.consistency_ratio == pytest.approx(0.0053, abs=5e-5)
    assert list(found.experts.index[found.experts["ratio"] > 0.1]) == ["E05", "E08", "E10"]
    assert list(found.experts.index[found.experts["straight_lining"]]) == ["E09"]
    assert found.experts.loc[["E08", "E10", "E05"], "cycles"].tolist() == [2, 4, 0]


def test_cycles_of_the_synthetic_experts():
    for expected in read("synthetic_panel")["expected"]["individual_cr"]:
        table = group_weights(synthetic_panel()[expected["group"]]).experts
        assert table.at[expected["expert"], "cycles"] == expected["three_way_cycles"]


def test_policies_and_what_is_written_about_them():
    dropped = group_weights(synthetic_panel()["V"], policy="drop")
    assert dropped.experts.loc["E05", ["kept", "reason"]].tolist() == [False, "inconsistent"]
    assert "E05、E08、E10 未采用（CR > 0.1）" in dropped.policy_note("zh")
    assert "E05, E08, E10 left out (CR above 0.1)" in dropped.sentence("en")
    assert "E09" in dropped.policy_note("en")
    assert dropped.recipe["policy"] == "drop" and dropped.recipe["threshold"] == 0.10
    lowered = group_weights(synthetic_panel()["V"], policy="downweight")
    share = lowered.experts["weight"]
    assert share["E10"] / share["E01"] == pytest.approx(0.10 / lowered.experts.at["E10", "ratio"], rel=1e-12)
    assert lowered.n_experts == 10 and "E05、E08、E10 降权" in lowered.policy_note()
    assert group_weights(synthetic_panel()["A"]).policy_note("en") == "All experts count."


def test_dropping_is_the_same_as_not_having_asked():
    panel = synthetic_panel()["V"]
    rest = {name: matrix for name, matrix in panel.items() if name not in ("E05", "E08", "E10")}
    dropped, never = group_weights(panel, policy="drop"), group_weights(rest)
    np.testing.assert_allclose(dropped.weights, never.weights, rtol=1e-12)
    assert dropped.consensus == pytest.approx(never.consensus, rel=1e-12)
    assert dropped.kendall_w == pytest.approx(never.kendall_w, rel=1e-12)
    np.testing.assert_allclose(dropped.spread, never.spread, rtol=1e-12)


def test_nobody_left_is_an_error_that_names_everybody():
    panel = {name: synthetic_panel()["V"][name] for name in ("E05", "E08")}
    with pytest.raises(JudgementError, match=r"node 'V': no expert of 2 is left: E05 \(consistency ratio above 0.1\)"):
        group_weights(panel, policy="drop", node="V")


def test_aij_equals_geometric_aip_with_geometric_mean_weights():
    stack, shares = random_panel(), [1, 2, 3, 1, 0.5, 4]
    by_judgements = group_weights(stack, expert_weights=shares, method="geometric_mean")
    by_weights = group_weights(
        stack, expert_weights=shares, method="geometric_mean", aggregation="priorities_geometric"
    )
    np.testing.assert_allclose(by_judgements.weights, by_weights.weights, rtol=1e-12)
    np.testing.assert_allclose(by_judgements.experts["influence"], by_weights.experts["influence"], rtol=1e-9)


@pytest.mark.parametrize("way", ["judgements", "priorities", "priorities_geometric"])
def test_influence_is_the_shift_when_the_expert_is_left_out(way):
    stack = random_panel()
    found = group_weights(stack, aggregation=way)
    for k in range(len(stack)):
        without = group_weights(np.delete(stack, k, axis=0), aggregation=way).weights
        shift = 0.5 * np.abs(without - found.weights).sum()
        assert found.experts.at[k, "influence"] == pytest.approx(shift, rel=1e-8)


def test_an_expert_weight_of_two_is_the_expert_twice():
    stack = random_panel(3)
    doubled = group_weights(np.concatenate([stack, stack[:1]]))
    weighted = group_weights(stack, expert_weights=[2, 1, 1])
    np.testing.assert_allclose(weighted.weights, doubled.weights, rtol=1e-12)


@pytest.mark.parametrize("way", ["judgements", "priorities", "priorities_geometric"])
def test_permuting_items_permutes_weights(way):
    stack = random_panel()
    order = np.array([3, 0, 4, 1, 2])
    found = group_weights(stack, aggregation=way)
    permuted = group_weights(stack[:, order][:, :, order], aggregation=way)
    np.testing.assert_allclose(permuted.weights, found.weights.to_numpy()[order], rtol=1e-10)
    assert found.weights.sum() == pytest.approx(1, abs=1e-14)


def test_experts_are_matched_by_label():
    first, second = judgement_matrix([3, 5, 2], list("abc")), judgement_matrix([2, 4, 2], list("abc"))
    mixed = group_weights({"E1": first, "E2": second.loc[list("cab"), list("bca")]})
    pd.testing.assert_series_equal(mixed.weights, group_weights({"E1": first, "E2": second}).weights)


def test_opposite_experts_cancel_without_agreeing():
    case = GROUP["opposite_judgments"]
    found = group_weights(np.array(case["input"]["matrices"]))
    np.testing.assert_allclose(found.weights, case["expected"]["aij_weights"], atol=1e-12)
    assert found.consensus == pytest.approx(case["expected"]["s_star"], abs=1e-9)


def test_spread_is_the_geometric_standard_deviation():
    panel = {"E1": judgement_matrix([2], ["a", "b"]), "E2": judgement_matrix([8], ["a", "b"])}
    # logs ln 2 and ln 8 are ln 4 apart: sample sd = ln 4 / sqrt 2
    assert group_weights(panel).spread.at["a", "b"] == pytest.approx(np.exp(np.log(4) / np.sqrt(2)), rel=1e-12)


def test_one_expert_has_nobody_to_agree_with():
    alone = judgement_matrix([3, 5, 2], list("abc"))
    found = group_weights({"E1": alone})
    np.testing.assert_allclose(found.weights, ahp_weights(alone).weights, rtol=1e-12)
    assert np.isnan([found.consensus, found.kendall_w, found.kendall_p, found.experts.at["E1", "influence"]]).all()
    assert "S*" not in found.sentence()


def test_a_matrix_with_a_gap_is_left_out_or_used_as_asked():
    panel = synthetic_panel()["E2"]
    left_out = group_weights(panel)
    assert left_out.experts.loc["E07", ["kept", "missing", "reason"]].tolist() == [False, 1, "incomplete"]
    assert not np.isnan(left_out.experts.at["E07", "ratio"])
    available = group_weights(panel, incomplete="available")
    assert available.n_experts == 10
    # the pair that E07 left out is the geometric mean of the other nine
    others = [matrix.at["E21", "E23"] for name, matrix in panel.items() if name != "E07"]
    assert available.judgements.at["E21", "E23"] == pytest.approx(np.exp(np.log(others).mean()), rel=1e-12)
    harker = group_weights(panel, incomplete="harker")
    # E07 gave 1 and 2: the chain makes the missing one 2
    filled = np.exp(np.log([*others, 2.0]).mean())
    assert harker.judgements.at["E21", "E23"] == pytest.approx(filled, rel=1e-9)
    assert "Harker" in harker.sentence("en")
    with pytest.raises(JudgementError, match="expert 'E07', node 'E2': 1 of 3 judgements are missing"):
        group_weights(panel, incomplete="raise", node="E2")


def test_experts_who_share_the_pairs_make_one_matrix():
    items = list("abc")
    panel = {
        "E1": judgement_matrix({("a", "b"): 2}, items),
        "E2": judgement_matrix({("b", "c"): 2}, items),
        "E3": judgement_matrix({}, items),
    }
    found = group_weights(panel, incomplete="available")
    np.testing.assert_allclose(found.weights, [4 / 7, 2 / 7, 1 / 7], rtol=1e-9)
    assert found.experts["reason"].tolist() == ["", "", "silent"]
    assert found.experts["ratio"].isna().all()
    with pytest.raises(JudgementError, match=r"no expert of 3 is left: E1 .judgements left out"):
        group_weights(panel)
    with pytest.raises(JudgementError, match="judged pairs do not connect"):
        group_weights(panel, incomplete="available", aggregation="priorities")
    with pytest.raises(JudgementError, match=r"\{a, b\} \| \{c\}"):
        group_weights({"E1": panel["E1"]}, incomplete="available")


@pytest.mark.parametrize(
    "shares, message",
    [
        ({"E1": 1}, "missing 'E2'"),
        ({"E1": 1, "E2": 1, "E9": 1}, "unknown 'E9'"),
        ([1, -1], "none negative"),
        ([0, 0], "not all zero"),
        ([1, 2, 3], "expected 2 numbers"),
    ],
)
def test_wrong_expert_weights_are_refused(shares, message):
    pair = judgement_matrix([3], ["a", "b"])
    with pytest.raises(JudgementError, match=message):
        group_weights({"E1": pair, "E2": pair}, expert_weights=shares)


def test_wrong_panels_and_options_are_refused():
    pair = judgement_matrix([3], ["a", "b"])
    with pytest.raises(JudgementError, match="expert 'E2': judges the items 'a', 'c'"):
        group_weights({"E1": pair, "E2": judgement_matrix([3], ["a", "c"])})
    with pytest.raises(JudgementError, match="no expert"):
        group_weights({})
    with pytest.raises(JudgementError, match="one expert"):
        group_weights(pair)
    with pytest.raises(JudgementError, match=r"\(n_experts, n, n\)"):
        group_weights(np.ones((2, 3)))
    with pytest.raises(MethodError, match="Did you mean 'drop'"):
        group_weights({"E1": pair}, policy="dropp")
    with pytest.raises(MethodError, match="aggregation='AIJ'"):
        group_weights({"E1": pair}, aggregation="AIJ")
    with pytest.raises(MethodError, match="threshold=0"):
        group_weights({"E1": pair}, threshold=0)


def test_the_result_shows_itself():
    shown = group_weights(synthetic_panel()["V"], policy="drop")._repr_html_()
    assert "E05" in shown and "straight_lining" in shown and "未采用" in shown


def test_a_thousand_experts_agree_with_one_at_a_time():
    stack = random_panel(300, 9)
    found = group_weights(stack)
    for k in (0, 147, 148, 299):
        alone = ahp_weights(stack[k])
        np.testing.assert_allclose(found.priorities.loc[k], alone.weights, rtol=1e-10)
        assert found.experts.at[k, "ratio"] == pytest.approx(alone.consistency_ratio, abs=1e-12)


def test_opposite_experts_get_equal_weights_and_a_caution():
    case = GROUP["opposite_judgments"]
    found = group_weights(case["input"]["matrices"])
    np.testing.assert_allclose(found.weights, case["expected"]["aij_weights"], atol=1e-12)
    assert found.consensus == pytest.approx(case["expected"]["s_star"], abs=1e-9)
    assert "only 0%" in found.warnings[0] and "掩盖了分歧" in found._repr_html_()
    assert not group_weights(synthetic_panel()["V"]).warnings


def test_a_group_that_contradicts_itself_is_cautioned_about():
    cyclic = judgement_matrix([9, "1/9", 9], list("abc"))
    assert "above 0.10" in group_weights({"E1": cyclic, "E2": cyclic}).warnings[0]


def test_geometric_index_of_every_expert():
    table = group_weights(synthetic_panel()["V"]).experts
    for name, matrix in synthetic_panel()["V"].items():
        assert table.at[name, "geometric_index"] == pytest.approx(
            ahp_weights(matrix).geometric_consistency_index, abs=1e-12
        )
