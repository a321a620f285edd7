from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.weights.reference import cases
from vitality.errors import MethodError, TableError
from vitality.weights import combine_weights, entropy_weights

CASES = cases("combination")
METHODS = ["linear", "multiplicative", "minimum_relative_entropy", "game_theory"]
AHP = pd.Series([0.4, 0.3, 0.2, 0.1], list("ABCD"))
ENTROPY = pd.Series([0.25, 0.2, 0.3, 0.25], list("ABCD"))
BOTH = {"ahp": AHP, "entropy": ENTROPY}


def test_linear_as_published():
    case = CASES["comb_linear"]
    vectors = {
        "ahp": pd.Series(case["input"]["subjective"]),
        "entropy": pd.Series(case["input"]["objective"]),
    }
    for coefficients in (0.6, [0.6, 0.4], {"entropy": 0.4, "ahp": 0.6}, [3, 2]):
        found = combine_weights(vectors, coefficients=coefficients)
        np.testing.assert_allclose(found.weights, case["expected"]["weights"], atol=1e-12)
        np.testing.assert_allclose(found.coefficients[["ahp", "entropy"]], [0.6, 0.4], rtol=1e-12)


def test_multiplicative_as_published():
    case = CASES["comb_mult"]
    vectors = pd.DataFrame({"ahp": case["input"]["subjective"], "entropy": case["input"]["objective"]})
    found = combine_weights(vectors, method="multiplicative")
    np.testing.assert_allclose(found.weights, case["expected"]["weights"], atol=1e-12)
    assert found.coefficients.tolist() == [1, 1]


def test_minimum_relative_entropy_is_the_root_of_the_product():
    found = combine_weights(BOTH, method="minimum_relative_entropy")
    root = np.sqrt(AHP * ENTROPY)
    np.testing.assert_allclose(found.weights, root / root.sum(), rtol=1e-12)


def test_minimum_relative_entropy_is_where_the_divergences_are_smallest():
    found = combine_weights(BOTH, method="minimum_relative_entropy").weights

    def divergence(weights):
        return sum((weights * np.log(weights / vector)).sum() for vector in BOTH.values())

    for step in np.random.default_rng(1).normal(0, 0.01, (20, 4)):
        other = found + step - step.mean()
        assert divergence(other) > divergence(found)


def test_a_uniform_vector_gets_nothing_from_game_theory():
    case = CASES["comb_game_uniform"]
    rows = case["input"]["weights_rows"]
    found = combine_weights({"uniform": pd.Series(rows[0]), "other": pd.Series(rows[1])}, method="game_theory")
    np.testing.assert_allclose(found.coefficients, [0, 1], atol=1e-10)
    np.testing.assert_allclose(found.weights, case["expected"]["weights"], atol=1e-10)
    assert found.warnings == ()


def test_game_theory_reports_its_negative_coefficient():
    case = cases("chinese_sources")["K6"]
    found = combine_weights({"w1": pd.Series(case["w1"]), "w2": pd.Series(case["w2"])}, method="game_theory")
    np.testing.assert_allclose(found.coefficients, case["expected"]["alpha_norm"], atol=6e-8)
    np.testing.assert_allclose(
        list(found.recipe["raw_coefficients"].values()), case["expected"]["alpha_raw"], atol=6e-8
    )
    assert "negative coefficient (w1 -0.0381)" in found.warnings[0]
    assert "为负" in found.warning_texts("zh")[0] and "为负" in found._repr_html_()


def test_game_theory_solves_its_equations():
    vectors = {**BOTH, "third": pd.Series([0.1, 0.2, 0.3, 0.4], list("ABCD"))}
    found = combine_weights(vectors, method="game_theory")
    rows = np.array([vector.to_numpy() for vector in vectors.values()])
    raw = np.array(list(found.recipe["raw_coefficients"].values()))
    np.testing.assert_allclose(rows @ rows.T @ raw, np.diag(rows @ rows.T), rtol=1e-9)
    np.testing.assert_allclose(found.coefficients, raw / raw.sum(), rtol=1e-9)


@pytest.mark.parametrize("method", ["linear", "minimum_relative_entropy", "game_theory"])
def test_equal_vectors_give_the_common_vector(method):
    found = combine_weights({"one": AHP, "two": AHP}, method=method)
    np.testing.assert_allclose(found.weights, AHP, rtol=1e-10)
    np.testing.assert_allclose(found.coefficients, [0.5, 0.5], rtol=1e-10)


@pytest.mark.parametrize("method", METHODS)
def test_labels_not_positions_match_and_weights_sum_to_one(method):
    found = combine_weights({"ahp": AHP, "entropy": ENTROPY[list("DBCA")]}, method=method)
    pd.testing.assert_series_equal(found.weights, combine_weights(BOTH, method=method).weights, rtol=1e-12)
    assert found.weights.sum() == pytest.approx(1, abs=1e-14)
    assert list(found.weights.index) == list("ABCD")
    order = list("CADB")
    permuted = combine_weights({"ahp": AHP[order], "entropy": ENTROPY[order]}, method=method).weights
    np.testing.assert_allclose(permuted, found.weights[order], rtol=1e-9)


def test_a_zero_removes_the_indicator_from_a_product():
    flat = pd.Series([0.0, 0.5, 0.5, 0.0], list("ABCD"))
    assert combine_weights({"ahp": AHP, "entropy": flat}, method="multiplicative").weights["A"] == 0
    opposite = pd.Series([0.5, 0.0, 0.0, 0.5], list("ABCD"))
    with pytest.raises(MethodError, match="none is left"):
        combine_weights({"one": flat, "two": opposite}, method="multiplicative")


@pytest.mark.parametrize(
    "vectors, message",
    [
        ({"ahp": AHP}, "at least two"),
        ({"ahp": AHP, "entropy": ENTROPY.drop("D")}, "missing 'D'"),
        ({"ahp": AHP, "entropy": ENTROPY.rename({"D": "DD"})}, "unknown 'DD', missing 'D'"),
        ({"ahp": AHP, "entropy": ENTROPY.rename({"D": "C"})}, "doubled 'C'"),
        ({"ahp": AHP, "entropy": 2 * ENTROPY}, "'entropy' sums to 2; expected 1"),
        ({"ahp": AHP, "entropy": ENTROPY - [0.3, -0.3, 0, 0]}, "'entropy' has -0.05 for 'A'"),
        ({"ahp": AHP, "entropy": ENTROPY.where(ENTROPY > 0.2)}, "has nan for 'B'"),
        ("ahp", "found str"),
        ([AHP, [0.5, "x", 0.2, 0.3]], "'2' is list; expected numbers"),
    ],
)
def test_unsound_vectors_are_refused(vectors, message):
    with pytest.raises(TableError, match=message):
        combine_weights(vectors)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"method": "game_theories"}, "Did you mean 'game_theory'"),
        ({"method": "least_squares"}, "Choose one of 'linear', 'multiplicative', 'minimum_relative_entropy'"),
        ({"method": "deviation"}, "give it as matrix="),
        ({"method": "distance", "coefficients": 0.5}, "distance computes them"),
        ({"method": "game_theory", "coefficients": 0.5}, "game_theory computes them"),
        ({"coefficients": 1.5}, "from 0 to 1"),
        ({"coefficients": [1, -1]}, "none negative"),
        ({"coefficients": [1, 2, 3]}, "expected 2 numbers"),
        ({"coefficients": {"ahp": 1, "entropie": 1}}, "one for each vector"),
    ],
)
def test_wrong_options_are_refused(options, message):
    with pytest.raises(MethodError, match=message):
        combine_weights(BOTH, **options)


def test_the_matrix_must_have_the_same_labels():
    with pytest.raises(TableError, match="expected the labels of the weights"):
        combine_weights(BOTH, matrix=pd.DataFrame({"A": [1], "Z": [2]}))


def test_inputs_are_not_changed():
    before = {name: vector.copy() for name, vector in BOTH.items()}
    for method in METHODS:
        combine_weights(BOTH, method=method)
    for name, vector in BOTH.items():
        pd.testing.assert_series_equal(vector, before[name])


def test_game_theory_of_the_demo_offers_its_non_negative_forms():
    case = cases("chinese_sources")["K6"]
    found = combine_weights([case["w1"], case["w2"]], method="game_theory")
    np.testing.assert_allclose(found.coefficients, case["expected"]["alpha_norm"], atol=1e-6)
    # the two other answers in use: |alpha|, and alpha_k ~ sum_i w_i . w_k
    np.testing.assert_allclose(list(found.recipe["absolute_values"].values()), [0.035, 0.965], atol=6e-4)
    np.testing.assert_allclose(list(found.recipe["nonnegative_form"].values()), [0.471, 0.529], atol=6e-4)
    assert "game_theory_nonnegative" in found.warnings[0] and "博弈论组合系数为负" in found.warning_texts("zh")[0]
    other = combine_weights([case["w1"], case["w2"]], method="game_theory_nonnegative")
    np.testing.assert_allclose(other.coefficients, list(found.recipe["nonnegative_form"].values()), rtol=1e-12)
    assert not other.warnings


def test_printed_output_of_the_r_package():
    # mathmodels, combine_weights examples: "game" is the root of the product, "game_linear" the linear system
    found = combine_weights(BOTH, method="minimum_relative_entropy")
    np.testing.assert_allclose(found.weights, [0.3279556, 0.2540333, 0.2540333, 0.1639778], atol=6e-8)
    found = combine_weights(BOTH, method="game_theory")
    np.testing.assert_allclose(found.weights, [0.3735683, 0.2823789, 0.2176211, 0.1264317], atol=6e-8)


def test_distance_coefficients_by_hand():
    # sum of squared differences .0225 + .01 + .01 + .0225 = .065, d = sqrt(.0325)
    found = combine_weights(BOTH, method="distance")
    d = 0.0325**0.5
    np.testing.assert_allclose(found.coefficients, [(1 + d) / 2, (1 - d) / 2], rtol=1e-12)
    with pytest.raises(MethodError, match="is for two vectors; found 3"):
        combine_weights([AHP, ENTROPY, AHP], method="distance")


def test_deviation_coefficients_written_out():
    matrix = pd.DataFrame(np.random.default_rng(1).gamma(2, 1, (9, 4)), columns=list("ABCD"))
    z = ((matrix - matrix.min()) / (matrix.max() - matrix.min())).to_numpy()
    differences = np.abs(z[:, None] - z[None]).sum(axis=(0, 1))
    theta = np.array([AHP @ differences, ENTROPY @ differences])
    found = combine_weights(BOTH, method="deviation", matrix=matrix[list("DCBA")])
    np.testing.assert_allclose(found.coefficients, theta / theta.sum(), rtol=1e-12)
    np.testing.assert_allclose(
        list(found.recipe["raw_coefficients"].values()), theta / np.linalg.norm(theta), rtol=1e-12
    )
    with pytest.raises(MethodError, match="units do not differ"):
        combine_weights(BOTH, method="deviation", matrix=matrix * 0 + 1)


def test_three_vectors_by_game_theory():
    third = pd.Series({"A": 0.1, "B": 0.2, "C": 0.3, "D": 0.4})
    found = combine_weights({**BOTH, "third": third}, method="game_theory")
    array = np.array([AHP, ENTROPY, third])
    raw = np.linalg.solve(array @ array.T, np.diag(array @ array.T))
    np.testing.assert_allclose(found.coefficients, raw / raw.sum(), rtol=1e-9)


def test_results_of_other_functions_combine_as_they_are():
    matrix = pd.DataFrame(np.random.default_rng(1).gamma(2, 1, (9, 4)), columns=list("ABCD"))
    entropy = entropy_weights(matrix)
    found = combine_weights({"ahp": AHP, "entropy": entropy})
    np.testing.assert_allclose(found.weights, (AHP + entropy.weights) / 2, rtol=1e-12)
    assert found.weights.index.tolist() == list("ABCD")


def test_least_squares_is_the_plain_mean():
    # the minimiser of sum_ij z_ij^2 [(w_sj - w_j)^2 + (w_oj - w_j)^2] with sum w = 1, by its normal equations
    z = np.random.default_rng(1).gamma(2, 1, (9, 4))
    squares = (z**2).sum(axis=0)
    system = np.block([[np.diag(4 * squares), np.ones((4, 1))], [np.ones((1, 4)), np.zeros((1, 1))]])
    solved = np.linalg.solve(system, np.append(2 * squares * (AHP + ENTROPY), 1))[:4]
    np.testing.assert_allclose(combine_weights(BOTH).weights, solved, rtol=1e-12)


def test_combined_weights_tell_their_coefficients_in_both_languages():
    found = combine_weights(BOTH, method="distance")
    assert "距离函数组合" in found._repr_html_() and "ahp 0.59" in found.sentence("en")
