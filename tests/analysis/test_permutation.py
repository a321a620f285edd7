import itertools
import math

import numpy as np
import pytest
from scipy import stats

from vitality.analysis.correlation import estimate_correlation
from vitality.analysis.numerators import numerator_test
from vitality.analysis.permutation import (
    Among,
    every_order,
    is_enumerated,
    kendall_exact_p,
    kendall_normal_p,
    permutation_p,
    permuted_rows,
)

METHODS = ("pearson", "spearman", "kendall")
# Hollander & Wolfe (1973), p. 187: tuna; R's cor.test gives exact p for both rank methods
TUNA_X = np.array([44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1])
TUNA_Y = np.array([2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8])


def p_of(x, y, method, **options):
    return permutation_p(x[:, None], y[:, None], method=method, permutations=999, seed=1, **options)[0, 0]


@pytest.mark.parametrize(("method", "expected"), [("spearman", 0.0967978395061728), ("kendall", 0.1194389329806)])
def test_nine_units_give_the_exact_p_of_r(method, expected):
    assert is_enumerated(9) and p_of(TUNA_X, TUNA_Y, method) == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("method", METHODS)
def test_few_orders_are_all_tried(method):
    x, y = np.array([1.0, 2, 2, 5, 7, 4]), np.array([3.0, 1, 4, 6, 9, 4])
    observed = abs(estimate_correlation(x, y, method))
    all_of_them = [abs(estimate_correlation(np.array(order), y, method)) for order in itertools.permutations(x)]
    assert p_of(x, y, method) == np.mean(np.array(all_of_them) >= observed - 1e-9)


def test_every_order_once_and_only_within_strata():
    strata = np.array([0, 1, 0, 1, 1])
    orders = every_order(5, strata)
    assert len(orders) == 12 == len({tuple(order) for order in orders})
    assert (strata[orders] == strata).all()
    assert len(every_order(5)) == math.factorial(5)


def test_what_counts_as_few():
    assert not is_enumerated(10) and is_enumerated(12, np.repeat([0, 1, 2], 4)) and not is_enumerated(3000)


def test_kendall_counts_where_nothing_is_tied():
    # R 4.2.2, cor.test(anscombe$x1, anscombe$y1, method = "kendall"): exact p
    x = np.array([10.0, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5])
    y = np.array([8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68])
    assert kendall_exact_p(x, y) == pytest.approx(0.00570717091550432, rel=1e-9)
    assert np.isnan(kendall_exact_p(np.round(x / 4), y))


def test_kendall_of_very_many_is_the_normal_approximation_with_ties():
    generator = np.random.default_rng(1)
    x = generator.integers(0, 5, 400).astype(float)
    y = x + generator.normal(0, 20, 400)
    # R's cor.test with ties and scipy's asymptotic p are the same formula
    assert kendall_normal_p(x, y) == pytest.approx(stats.kendalltau(x, y, method="asymptotic").pvalue, rel=1e-9)
    halves = np.repeat([0, 1], 200)
    parts = [stats.kendalltau(x[halves == h], y[halves == h]).statistic for h in (0, 1)]
    assert np.sign(sum(parts)) == np.sign(estimate_correlation(x, y, "kendall"))
    assert 0 < kendall_normal_p(x, y, halves) < 1


def test_only_wanted_pairs_are_tested():
    generator = np.random.default_rng(2)
    x, y = generator.normal(size=(20, 2)), generator.normal(size=(20, 2))
    wanted = np.array([[True, False], [False, True]])
    part = permutation_p(x, y, method="spearman", permutations=199, seed=3, wanted=wanted)
    whole = permutation_p(x, y, method="spearman", permutations=199, seed=3)
    np.testing.assert_array_equal(part[wanted], whole[wanted])
    assert np.isnan(part[~wanted]).all()


@pytest.mark.parametrize("method", METHODS)
def test_numerators_permuted_do_not_fall_into_the_trap(method):
    """Independent numerators over one population: the ratios go together, the test does not mind."""
    rejected = trapped = 0
    for seed in range(60):
        generator = np.random.default_rng(seed)
        population = np.exp(generator.normal(0, 0.6, 24))
        funds, members = (np.exp(generator.normal(0, 0.4, 24)) for _ in range(2))
        found = numerator_test(funds, population, members / population, method=method, permutations=199, seed=seed)
        assert 0.2 < found.expected < 1 and found.low < found.expected < found.high
        rejected += found.p <= 0.05
        trapped += p_of(funds / population, members / population, method) <= 0.05
    assert trapped >= 50  # 96 % in the long run
    assert rejected <= 9  # binomial with 5 %: more than 9 of 60 has probability 0.1 %


def test_pairs_with_gaps_share_the_orders_of_all_units():
    """What is left of a random order of all units is a random order of those that are there, within strata."""
    strata = np.repeat([0, 1, 2], [5, 9, 6])
    there = np.random.default_rng(2).uniform(size=20) < 0.7
    left = strata[there]
    chunks = permuted_rows(there.sum(), 4_000, seed=3, strata=left, among=Among(there, strata))
    orders = np.concatenate(list(chunks))
    assert (np.sort(orders, axis=1) == np.arange(there.sum())).all() and (left[orders] == left).all()
    first = np.flatnonzero(left == 1)
    share = [(orders[:, first[0]] == place).mean() for place in first]  # each place is as likely as the others
    assert np.abs(np.array(share) - 1 / len(first)).max() < 4 * np.sqrt(1 / len(first) / 4_000)


def test_p_with_gaps_is_near_the_t_test():
    rng = np.random.default_rng(4)
    there = rng.uniform(size=60) < 0.8
    x, y = rng.normal(size=(2, there.sum()))
    y = y + 0.25 * x
    p = permutation_p(x[:, None], y[:, None], method="pearson", permutations=19_999, seed=1, among=Among(there, None))[
        0, 0
    ]
    assert p == pytest.approx(stats.pearsonr(x, y).pvalue, abs=0.012)
