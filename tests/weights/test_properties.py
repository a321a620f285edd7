"""Laws that hold for every input, tried on inputs that hypothesis makes up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import vitality.weights as weights
from vitality.errors import MethodError, TableError
from vitality.weights import ahp_weights, combine_weights, group_weights, inspect_judgements, repair_judgements

STEPS = [*(1 / step for step in range(9, 1, -1)), *range(1, 10)]
METHODS = ("eigenvector", "geometric_mean", "column_mean")
LAWS = settings(deadline=None, max_examples=40, derandomize=True)


@st.composite
def judgements(draw, smallest=3, largest=8):
    n = draw(st.integers(smallest, largest))
    matrix = np.ones((n, n))
    upper = np.triu_indices(n, 1)
    values = np.array(draw(st.lists(st.sampled_from(STEPS), min_size=len(upper[0]), max_size=len(upper[0]))))
    matrix[upper] = values
    matrix.T[upper] = 1 / values
    return matrix


@st.composite
def panels(draw):
    n = draw(st.integers(3, 6))
    size = draw(st.integers(2, 6))
    return np.stack([draw(judgements(n, n)) for _ in range(size)])


@st.composite
def tables(draw):
    rows, columns = draw(st.integers(4, 12)), draw(st.integers(3, 6))
    values = draw(arrays(float, (rows, columns), elements=st.integers(1, 1000).map(lambda x: x / 8)))
    return values + np.arange(rows)[:, None] * (1 + np.arange(columns)) ** 0.5


def vectors(n=5):
    raw = st.lists(st.integers(1, 100), min_size=n, max_size=n)
    return raw.map(lambda values: np.array(values) / sum(values))


@LAWS
@given(judgements(), st.sampled_from(METHODS), st.randoms(use_true_random=False))
def test_permuting_items_permutes_weights(matrix, method, random):
    order = list(range(len(matrix)))
    random.shuffle(order)
    found = ahp_weights(matrix, method=method)
    turned = ahp_weights(matrix[np.ix_(order, order)], method=method)
    np.testing.assert_allclose(turned.weights, found.weights.to_numpy()[order], rtol=1e-8)
    assert turned.consistency_ratio == pytest.approx(found.consistency_ratio, rel=1e-8, abs=1e-12)


@LAWS
@given(judgements(), st.sampled_from(METHODS))
def test_weights_are_positive_and_sum_to_1(matrix, method):
    found = ahp_weights(matrix, method=method)
    assert found.weights.sum() == pytest.approx(1, abs=1e-12) and (found.weights > 0).all()
    assert found.largest_eigenvalue >= len(matrix) and found.geometric_consistency_index >= 0


@LAWS
@given(judgements())
def test_eigenvector_solves_its_equation(matrix):
    found = ahp_weights(matrix)
    np.testing.assert_allclose(matrix @ found.weights, found.largest_eigenvalue * found.weights, rtol=1e-9)


@LAWS
@given(vectors(6), st.floats(1e-3, 1e3), st.sampled_from(METHODS))
def test_consistent_judgements_give_the_weights_back_whatever_their_scale(shares, factor, method):
    scaled = factor * shares
    found = ahp_weights(scaled[:, None] / scaled, method=method)
    np.testing.assert_allclose(found.weights, shares, rtol=1e-9)
    assert found.consistency_ratio == pytest.approx(0, abs=1e-9)


@LAWS
@given(judgements(), st.sampled_from(("harker", "log_least_squares", "lambda_min")), st.data())
def test_judgements_that_follow_from_the_others_may_be_left_out(matrix, how, data):
    shares = ahp_weights(matrix).weights.to_numpy()
    consistent = shares[:, None] / shares
    n = len(matrix)
    for k in data.draw(st.lists(st.integers(2, n - 1), unique=True, max_size=n - 2)):
        consistent[0, k] = consistent[k, 0] = np.nan  # a chain 0-1-2-... remains
    np.testing.assert_allclose(ahp_weights(consistent, incomplete=how).weights, shares, rtol=1e-6)


@LAWS
@given(judgements(4, 6))
def test_lambda_min_is_no_larger_than_by_the_other_completions(matrix):
    matrix[0, 2] = matrix[2, 0] = matrix[1, 3] = matrix[3, 1] = np.nan
    least = ahp_weights(matrix, incomplete="lambda_min").largest_eigenvalue
    for how in ("harker", "log_least_squares"):
        assert least <= ahp_weights(matrix, incomplete=how).largest_eigenvalue * (1 + 1e-10)


@LAWS
@given(panels(), st.data())
def test_aij_equals_geometric_aip_with_geometric_mean_weights(panel, data):
    shares = data.draw(st.lists(st.integers(1, 9), min_size=len(panel), max_size=len(panel)))
    options = {"method": "geometric_mean", "expert_weights": shares}
    one = group_weights(panel, **options)
    other = group_weights(panel, aggregation="priorities_geometric", **options)
    np.testing.assert_allclose(one.weights, other.weights, rtol=1e-10)


@LAWS
@given(panels(), st.randoms(use_true_random=False))
def test_the_order_of_experts_does_not_matter(panel, random):
    order = list(range(len(panel)))
    random.shuffle(order)
    one, other = group_weights(panel), group_weights(panel[order])
    np.testing.assert_allclose(one.weights, other.weights, rtol=1e-10)
    assert one.consensus == pytest.approx(other.consensus, abs=1e-12)
    assert 0 <= one.consensus <= 1


@LAWS
@given(panels())
def test_an_expert_twice_counts_as_weight_2(panel):
    twice = group_weights(np.concatenate([panel, panel[:1]]))
    heavy = group_weights(panel, expert_weights=[2] + [1] * (len(panel) - 1))
    np.testing.assert_allclose(twice.weights, heavy.weights, rtol=1e-10)


@LAWS
@given(judgements(3, 6), st.sampled_from(("fewest", "smallest")))
def test_repairs_reach_the_target_and_list_every_change(matrix, strategy):
    repair = repair_judgements(matrix, strategy=strategy)
    assert ahp_weights(repair.judgements).consistency_ratio <= 0.10 + 1e-8
    rebuilt = matrix.copy()
    for change in repair.changes.itertuples():
        assert matrix[change.item_a, change.item_b] == change.given
        rebuilt[change.item_a, change.item_b] = change.proposed
        rebuilt[change.item_b, change.item_a] = 1 / change.proposed
    np.testing.assert_allclose(rebuilt, repair.judgements, rtol=1e-10)


@LAWS
@given(judgements(4, 7))
def test_inspection_is_sorted_and_complete(matrix):
    table = inspect_judgements(matrix)
    assert len(table) == len(matrix) * (len(matrix) - 1) // 2
    assert (table["error"] >= 1 - 1e-12).all() and (table["error"].round(9).diff().dropna() <= 0).all()


SCALE_FREE = ("entropy", "cv", "gini", "merec", "cilos", "idocriw")
SHIFT_FREE = ("entropy", "critic", "sd", "pca")


@LAWS
@given(tables(), st.floats(1e-3, 1e3), st.sampled_from(SCALE_FREE))
def test_units_of_measurement_do_not_matter(table, factor, name):
    options = {"normalisation": "shares"} if name == "entropy" else {}
    method = getattr(weights, f"{name}_weights")
    other = table.copy()
    other[:, 1] *= factor
    try:
        found = method(table, **options)
    except TableError:
        return  # the losses determine no weights
    np.testing.assert_allclose(method(other, **options).weights, found.weights, rtol=1e-6, atol=1e-9)


@LAWS
@given(tables(), st.floats(1e-2, 1e2), st.floats(-1e3, 1e3), st.sampled_from(SHIFT_FREE))
def test_methods_on_ranges_know_neither_origin_nor_unit(table, factor, shift, name):
    method = getattr(weights, f"{name}_weights")
    other = table.copy()
    other[:, 0] = factor * other[:, 0] + shift
    np.testing.assert_allclose(method(other).weights, method(table).weights, rtol=1e-5, atol=1e-7)


@LAWS
@given(tables(), st.sampled_from(SHIFT_FREE))
def test_turning_values_and_direction_round_changes_nothing(table, name):
    method = getattr(weights, f"{name}_weights")
    turned = table.copy()
    turned[:, 0] *= -1
    signs = [-1] + [1] * (table.shape[1] - 1)
    np.testing.assert_allclose(method(turned, direction=signs).weights, method(table).weights, rtol=1e-8, atol=1e-12)


@LAWS
@given(tables(), st.sampled_from((*SCALE_FREE, "critic", "sd", "pca")), st.randoms(use_true_random=False))
def test_objective_weights_sum_to_1_and_follow_their_columns(table, name, random):
    method = getattr(weights, f"{name}_weights")
    order = list(range(table.shape[1]))
    random.shuffle(order)
    try:
        found = method(table)
    except TableError:
        return
    assert found.weights.sum() == pytest.approx(1, abs=1e-12) and (found.weights >= 0).all()
    np.testing.assert_allclose(method(table[:, order]).weights, found.weights.to_numpy()[order], rtol=1e-7, atol=1e-9)


@LAWS
@given(
    vectors(), vectors(), st.sampled_from(("linear", "minimum_relative_entropy", "game_theory_nonnegative", "distance"))
)
def test_combinations_lie_between_their_vectors_or_are_scaled_to_sum_1(one, other, method):
    found = combine_weights([one, other], method=method)
    assert found.weights.sum() == pytest.approx(1, abs=1e-12) and (found.weights > 0).all()
    assert found.coefficients.sum() == pytest.approx(1) and (found.coefficients >= 0).all()
    if method != "minimum_relative_entropy":
        low, high = np.minimum(one, other), np.maximum(one, other)
        assert ((found.weights >= low - 1e-12) & (found.weights <= high + 1e-12)).all()


@LAWS
@given(
    vectors(),
    st.sampled_from(("linear", "minimum_relative_entropy", "game_theory", "game_theory_nonnegative", "distance")),
)
def test_equal_vectors_combine_to_themselves(vector, method):
    np.testing.assert_allclose(combine_weights([vector, vector], method=method).weights, vector, rtol=1e-9)


@LAWS
@given(vectors(), vectors())
def test_game_theory_coefficients_have_the_least_disagreement(one, other):
    if np.allclose(one, other):
        return
    try:
        found = combine_weights([one, other], method="game_theory")
    except MethodError:
        return  # the coefficients cancel out
    raw = np.array(list(found.recipe["raw_coefficients"].values()))
    gram = np.array([[one @ one, one @ other], [other @ one, other @ other]])
    np.testing.assert_allclose(gram @ raw, np.diag(gram), atol=1e-8)
    pd.testing.assert_index_equal(found.weights.index, pd.RangeIndex(5))
