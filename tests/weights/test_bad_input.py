"""What must happen with input that other packages compute on silently."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest

from tests.weights.reference import cases
from vitality import weights
from vitality.errors import JudgementError, TableError, VitalityError
from vitality.weights import (
    ahp_weights,
    combine_weights,
    critic_weights,
    entropy_weights,
    group_weights,
    judgement_matrix,
    repair_judgements,
    sample_weights,
    weight_intervals,
)

CASES = cases("bad_input")


def matrix_of(name: str) -> list:
    return CASES[name]["input"]["matrix"]


def test_non_reciprocal_names_the_cell_and_both_values():
    with pytest.raises(JudgementError, match=r"cell \(2,1\).*is 0\.5 but cell \(1,2\) is 3") as refusal:
        ahp_weights(matrix_of("bad_nonreciprocal"))
    assert "0.333333" in str(refusal.value) and "互为倒数" in refusal.value.zh


def test_zero_is_no_judgement():
    with pytest.raises(JudgementError, match=r"cell \(1,2\).*is 0.*positive finite number"):
        ahp_weights(matrix_of("bad_zero"))


def test_unconnected_items_are_named():
    pairs = {(a, b): value for a, b, value in CASES["bad_disconnected"]["input"]["pairs"]}
    for how in ("harker", "log_least_squares", "lambda_min"):
        with pytest.raises(JudgementError, match=r"\{a, b\} \| \{c, d\}") as refusal:
            ahp_weights(pairs, incomplete=how)
        assert "互不相连" in refusal.value.zh


def test_two_criteria():
    found = ahp_weights(matrix_of("ok_n2"))
    np.testing.assert_allclose(found.weights, [0.75, 0.25], atol=1e-12)
    assert found.consistency_ratio == 0


def test_gap_in_the_data():
    with pytest.raises(TableError, match="row 1 column 1 has no value"):
        entropy_weights(matrix_of("obj_nan"))
    assert entropy_weights(matrix_of("obj_nan"), missing="omit").weights.sum() == pytest.approx(1)


def test_constant_column_of_critic():
    found = critic_weights(matrix_of("critic_constant"))
    assert found.weights[0] == 0
    without = critic_weights(np.array(matrix_of("critic_constant"))[:, 1:])
    np.testing.assert_allclose(found.weights[1:], without.weights, rtol=1e-12)


@pytest.mark.parametrize(
    "matrix",
    [
        [[1, 2, 3], [0.5, 1, 2]],
        [[1, -2], [-0.5, 1]],
        [[1, np.inf], [0, 1]],
        [[1, "x"], [1, 1]],
        [[1, datetime.date(2024, 3, 1)], [None, 1]],
        [[2, 3], [1 / 3, 1]],
        [],
        3,
        None,
        "1/3",
        pd.DataFrame(),
        pd.DataFrame(np.ones((2, 2)), index=["a", "a"], columns=["a", "a"]),
        pd.DataFrame(np.ones((2, 2)), index=["a", "b"], columns=["a", "c"]),
        {("a", "b"): 3, ("b", "a"): 3},
        {"a": 3},
        np.ones((2, 3, 3)),
        [[True, False], [False, True]],
        [[1, 2j], [1, 1]],
    ],
    ids=repr,
)
def test_what_is_no_judgement_matrix_is_refused_in_both_languages(matrix):
    with pytest.raises(JudgementError) as refusal:
        ahp_weights(matrix)
    assert refusal.value.zh and str(refusal.value)


@pytest.mark.parametrize(
    "experts", [{}, [], 3, "x", None, [[1, 3], [1 / 3, 1]], {"a": [[1, 2], [3, 4]]}, pd.DataFrame([[1]])]
)
def test_what_is_no_panel_is_refused_in_both_languages(experts):
    with pytest.raises(JudgementError) as refusal:
        group_weights(experts)
    assert refusal.value.zh


def test_error_of_a_panel_names_expert_node_and_cell():
    good = judgement_matrix([3], ["a", "b"])
    bad = pd.DataFrame([[1, 3], [3, 1]], ["a", "b"], ["a", "b"])
    with pytest.raises(JudgementError, match=r"expert 'E2', node 'V': cell \(2,1\), 'b' against 'a'"):
        group_weights({"E1": good, "E2": bad}, node="V")


def test_reciprocals_as_people_round_them():
    assert ahp_weights([[1, 7, 3], [0.14, 1, 0.33], [0.33, 3, 1]]).consistency_ratio < 0.02
    assert ahp_weights([[1, 6], [0.167, 1]]).weights[0] == pytest.approx(6 / 7, abs=1e-3)
    with pytest.raises(JudgementError, match="expected reciprocals"):
        ahp_weights([[1, 7], [0.15, 1]])


@pytest.mark.parametrize("coding, expected", [("negative_first", [4, 1 / 3, 1]), ("positive_first", [1 / 4, 3, 1])])
def test_survey_coding_when_asked_for(coding, expected):
    matrix = judgement_matrix([-4, "3", 1], list("abc"), coding=coding)
    assert [matrix.at["a", "b"], matrix.at["a", "c"], matrix.at["b", "c"]] == pytest.approx(expected)
    whole = judgement_matrix([[0, -4, 3], [4, 0, 1], [-3, -1, 0]], list("abc"), coding=coding)
    pd.testing.assert_frame_equal(whole, matrix)
    for wrong in (0, 10, 0.5, "1/3"):
        with pytest.raises(JudgementError, match="from 1 to 9 or from -9 to -1"):
            judgement_matrix([wrong, 2, 2], list("abc"), coding=coding)
    with pytest.raises(JudgementError, match="is -4"):
        judgement_matrix([-4, 2, 2], list("abc"))


def test_survey_coding_of_the_published_panel():
    case = cases("ahp_group")["city10_aij_aip"]
    names = case["input"]["attributes"]
    panel = [judgement_matrix(row, names, coding="negative_first") for row in case["input"]["rows"]]
    found = group_weights(panel)
    np.testing.assert_allclose(found.weights, case["expected"]["aij_weights_eigen"], atol=case["tol"])
    assert list(found.weights.index) == names


PANEL = [judgement_matrix([3, 2, "1/2"], list("abc"))] * 3


@pytest.mark.parametrize(
    "call",
    [
        lambda: group_weights(PANEL, threshold=float("nan")),
        lambda: group_weights(PANEL, threshold="a"),
        lambda: group_weights(PANEL, expert_weights="abc"),
        lambda: group_weights(PANEL, expert_weights={"x": 1}),
        lambda: sample_weights(PANEL, seed="a"),
        lambda: sample_weights(PANEL, seed=-1),
        lambda: sample_weights(PANEL, n=float("nan"), seed=1),
        lambda: weight_intervals(3),
        lambda: repair_judgements(PANEL[0], target="x"),
        lambda: ahp_weights(PANEL[0], method=["eigenvector"]),
        lambda: judgement_matrix([3], 2),
        lambda: judgement_matrix([], []),
        lambda: judgement_matrix(None, ["a", "b"]),
        lambda: entropy_weights([[1, 2], [2, 3]], shift="a"),
        lambda: entropy_weights([[1, 2], [2, 3]], normalisation=["minmax"]),
        lambda: entropy_weights([[1, 2], [2, 3]], margin=True),
        lambda: critic_weights([[1, 2], [2, 3]], direction="interval"),
        lambda: critic_weights([[1, np.nan], [np.nan, 3], [2, 1]], missing="omit"),
        lambda: combine_weights([[0.5, 0.5], [0.2, 0.8]], coefficients="ab"),
    ],
)
def test_wrong_options_are_refused_in_both_languages(call):
    with pytest.raises(VitalityError) as refusal:
        call()
    assert refusal.value.zh and str(refusal.value)


@pytest.mark.parametrize("factor", [1e-300, 1e300])
@pytest.mark.parametrize("name", ["entropy", "critic", "cv", "sd", "pca", "merec", "cilos", "idocriw", "gini"])
def test_very_small_and_very_large_units(name, factor):
    table = np.random.default_rng(1).gamma(2, 1, (8, 3))
    options = {"normalisation": "minmax"} if name == "sd" else {}
    method = getattr(weights, f"{name}_weights")
    np.testing.assert_allclose(method(factor * table, **options).weights, method(table, **options).weights, rtol=1e-6)


def test_very_unequal_judgements_neither_overflow_nor_lose_their_sum():
    found = ahp_weights([[1, 1e150], [1e-150, 1]])
    assert found.weights.sum() == 1 and found.consistency_ratio == 0
    wide = ahp_weights([[1, 1e6, 1e12], [1e-6, 1, 1e6], [1e-12, 1e-6, 1]])
    np.testing.assert_allclose(wide.weights, np.array([1, 1e-6, 1e-12]) / (1 + 1e-6 + 1e-12), rtol=1e-9)
