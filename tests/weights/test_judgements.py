from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from vitality.errors import JudgementError
from vitality.weights import ahp_weights, group_weights, judgement_matrix
from vitality.weights.cells import parse_judgement

ITEMS = ["a", "b", "c"]
WANTED = np.array([[1, 3, 5], [1 / 3, 1, 2], [1 / 5, 1 / 2, 1]])


@pytest.mark.parametrize(
    "values",
    [
        [3, 5, 2],
        ["3", " 5 ", "２"],
        [["3", 5], [2]],
        {("a", "b"): 3, ("c", "a"): "1／5", ("b", "c"): 2.0},
        [[1, 3, 5], ["1/3", 1, 2], ["1/5", "1/2", 1]],
        [[1, 3, 5], [None, 1, 2], ["", np.nan, 1]],
        WANTED,
        pd.DataFrame(WANTED, ITEMS, ITEMS).loc[["c", "a", "b"], ["b", "a", "c"]],
    ],
    ids=["flat", "text", "rows", "pairs", "full", "one-sided", "array", "permuted frame"],
)
def test_every_way_of_writing_gives_the_same_matrix(values):
    matrix = judgement_matrix(values, ITEMS)
    assert list(matrix.index) == list(matrix.columns) == ITEMS
    np.testing.assert_allclose(matrix, WANTED, rtol=1e-15)


def test_not_judged_stays_nan_on_both_sides():
    matrix = judgement_matrix([3, None, " "], ITEMS)
    assert matrix.isna().sum().tolist() == [1, 1, 2]


@pytest.mark.parametrize("text, number", [("1/3", 1 / 3), ("1 / 7", 1 / 7), ("１／９", 1 / 9), ("⅓", 1 / 3), (2, 2.0)])
def test_text_is_understood(text, number):
    assert parse_judgement(text) == pytest.approx(number, rel=1e-15)


def test_a_date_is_explained():
    with pytest.raises(JudgementError, match="Excel turns a fraction typed by hand into a date"):
        parse_judgement(datetime(2026, 1, 3))


@pytest.mark.parametrize("value", ["much", "1/0", "3:1", True])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(JudgementError, match="expected a positive number or a fraction"):
        parse_judgement(value)


def broken(row: int, column: int, value: float) -> pd.DataFrame:
    matrix = pd.DataFrame(WANTED, ITEMS, ITEMS)
    matrix.iloc[row, column] = value
    return matrix


@pytest.mark.parametrize(
    "matrix, message",
    [
        (broken(1, 0, 0.5), r"cell \(2,1\), 'b' against 'a', is 0.5 but cell \(1,2\) is 3.*0\.333333"),
        (broken(0, 1, 0.0), r"cell \(1,2\), 'a' against 'b', is 0: expected a positive finite number"),
        (broken(0, 2, -5.0), r"cell \(1,3\), 'a' against 'c', is -5"),
        (broken(0, 2, np.inf), r"cell \(1,3\), 'a' against 'c', is inf"),
        (broken(1, 1, 2.0), r"cell \(2,2\).*is 2: expected 1"),
        (WANTED[:2], "found 2 x 3; expected a square matrix"),
        (np.ones((2, 3, 3)), "use group_weights"),
        ([[1, 2], [1]], "different lengths|expected a square"),
        (np.empty((0, 0)), "expected a square matrix"),
    ],
    ids=["reciprocal", "zero", "negative", "infinite", "diagonal", "oblong", "stack", "ragged", "empty"],
)
def test_unsound_matrices_are_refused_with_their_cell(matrix, message):
    with pytest.raises(JudgementError, match=message):
        ahp_weights(matrix)


def test_the_message_names_expert_and_node():
    with pytest.raises(JudgementError, match=r"expert 'E10', node 'V': cell \(2,1\)"):
        group_weights({"E1": broken(0, 0, 1.0), "E10": broken(1, 0, 0.5)}, node="V")
    with pytest.raises(JudgementError, match=r"expert 1: cell \(2,1\)"):
        group_weights(np.stack([WANTED, broken(1, 0, 0.5).to_numpy()]))


def test_at_most_five_cells_are_listed():
    matrix = np.full((5, 5), 2.0)
    np.fill_diagonal(matrix, 1.0)
    with pytest.raises(JudgementError, match="and 5 more"):
        ahp_weights(matrix)


def test_reciprocals_rounded_to_three_decimals_pass():
    rounded = np.round(WANTED, 3)
    assert ahp_weights(rounded).weights.to_numpy() == pytest.approx(ahp_weights(WANTED).weights, abs=1e-3)


@pytest.mark.parametrize(
    "values, items, message",
    [
        ([3, 5], ITEMS, r"found 2 values for 3 items; expected 3 values"),
        ([3, 5, 2], ["a", "b", "a"], "'a' named twice"),
        ({("a", "d"): 3}, ITEMS, "unknown item 'd'"),
        ({("venu", "money"): 3}, ["venue", "money"], "Did you mean 'venue'"),
        ({"ab": 3}, ITEMS, "'ab' is no pair"),
        ({("a", "b"): 3, ("b", "a"): 3}, ITEMS, "expected reciprocals"),
        ([3, "often", 2], ITEMS, r"pair \('a', 'c'\): found 'often'"),
        ("1/3", ["a", "b"], "found str"),
        (pd.DataFrame(WANTED, ITEMS, ITEMS), ["a", "b", "d"], "unknown 'c'; missing 'd'"),
    ],
)
def test_wrong_values_or_items_are_refused(values, items, message):
    with pytest.raises(JudgementError, match=message):
        judgement_matrix(values, items)


def test_inputs_are_not_changed():
    frame = pd.DataFrame([[1, 3.0], [np.nan, 1]], ["a", "b"], ["a", "b"])
    array = frame.to_numpy().copy()
    before = frame.copy()
    judgement_matrix(frame, ["a", "b"])
    ahp_weights(frame)
    ahp_weights(array)
    group_weights({"E": frame})
    pd.testing.assert_frame_equal(frame, before)
    np.testing.assert_array_equal(array, before)
