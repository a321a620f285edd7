from __future__ import annotations

import numpy as np
import pytest

from tests.weights.reference import cases
from vitality.weights.experts.consensus import consensus_index, count_cycles, kendall_agreement, straight_lined

GROUP = cases("ahp_group")


def test_consensus_at_its_two_ends():
    case = GROUP["consensus_extremes"]
    assert consensus_index(np.array(case["input"]["weights_disagree"])) == pytest.approx(0, abs=1e-9)
    assert consensus_index(np.array(case["input"]["weights_agree"])) == pytest.approx(1, abs=1e-9)


def test_kendall_without_ties_agrees_with_r():
    case = GROUP["kendall_w_4x5"]
    weights = 1 / np.array(case["input"]["ranks"])
    w, p = kendall_agreement(weights)
    assert w == pytest.approx(case["expected"]["w"], abs=1e-12)
    assert p == pytest.approx(case["expected"]["p_value"], abs=1e-12)


def test_kendall_with_ties_follows_the_textbook_formula():
    # ranks 1, 2.5, 2.5, 4 and 1.5, 1.5, 3, 4: sums 2.5 4 5.5 8, S = 16.5, T = 6 + 6
    weights = np.array([[0.4, 0.2, 0.2, 0.1], [0.3, 0.3, 0.2, 0.1]])
    assert kendall_agreement(weights)[0] == pytest.approx(12 * 16.5 / (4 * 60 - 2 * 12), rel=1e-12)


def test_nothing_but_ties_has_no_kendall():
    assert np.isnan(kendall_agreement(np.full((3, 4), 0.25))).all()


def test_cycles_and_straight_lines():
    cyclic = np.array([[1, 2, 1 / 2], [1 / 2, 1, 2], [2, 1 / 2, 1]])
    ones = np.ones((3, 3))
    gap = np.array([[1, 1, np.nan], [1, 1, np.nan], [np.nan, np.nan, 1]])
    silent = np.where(np.eye(3, dtype=bool), 1, np.nan)
    stack = np.stack([cyclic, ones, gap, silent])
    assert count_cycles(stack).tolist() == [1, 0, 0, 0]
    assert straight_lined(stack).tolist() == [False, True, True, False]
    assert straight_lined(np.ones((1, 2, 2))).tolist() == [False]
