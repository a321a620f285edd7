import itertools
import json
from pathlib import Path

import numpy as np
import pytest

from vitality.analysis.correlation import (
    estimate_correlation,
    fisher_interval,
    midranks,
)
from vitality.analysis.permutation import permutation_p, permuted_rows

CASES = json.loads((Path(__file__).parent / "cases" / "correlation.json").read_text(encoding="utf-8"))
METHODS = ("pearson", "spearman", "kendall")


@pytest.mark.parametrize("case", CASES["pairs"], ids=lambda case: case["id"])
@pytest.mark.parametrize("method", METHODS)
def test_estimates_are_those_of_r(case, method):
    found = estimate_correlation(np.array(case["x"], float), np.array(case["y"], float), method)
    assert found == pytest.approx(case[method]["estimate"], abs=1e-9)


@pytest.mark.parametrize("case", CASES["pairs"], ids=lambda case: case["id"])
def test_pearson_intervals_are_those_of_r(case):
    found = fisher_interval(case["pearson"]["estimate"], len(case["x"]), "pearson")
    assert found == pytest.approx(tuple(case["pearson"]["interval"]), abs=1e-9)


def exact_p(x, y, method):
    """Share of all orders of x that are at least as far from zero."""
    observed = abs(estimate_correlation(x, y, method))
    found = [abs(estimate_correlation(np.array(order), y, method)) for order in itertools.permutations(x)]
    return np.mean(np.array(found) >= observed - 1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_permutation_p_comes_near_the_enumeration(method):
    x, y = np.array([1.0, 2, 2, 5, 7, 4]), np.array([3.0, 1, 4, 6, 9, 4])
    p = permutation_p(x[:, None], y[:, None], method=method, permutations=49_999, seed=1)[0, 0]
    exact = exact_p(x, y, method)
    assert p == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 50_000))


@pytest.mark.parametrize("case", CASES["pairs"][:2], ids=lambda case: case["id"])
@pytest.mark.parametrize("method", ["spearman", "kendall"])
def test_permutation_p_comes_near_the_exact_p_of_r(case, method):
    x, y = np.array(case["x"], float)[:, None], np.array(case["y"], float)[:, None]
    p = permutation_p(x, y, method=method, permutations=19_999, seed=5)[0, 0]
    expected = case[method]["p"]
    # five standard errors of 20,000 draws; R's Edgeworth series (n = 11) is itself good to 0.002
    assert p == pytest.approx(expected, abs=5 * np.sqrt(expected * (1 - expected) / 20_000) + 0.002)


def test_partial_correlations_are_those_of_r():
    case = CASES["partial"]
    cars = {name: np.array(values, float) for name, values in case["data"].items()}
    for key in ("pearson_mpg_hp__wt", "pearson_mpg_qsec__wt_hp", "spearman_mpg_hp__wt"):
        method, pair = key.split("_", 1)
        sides, controls = (part.split("_") for part in pair.split("__"))
        held = np.column_stack([cars[name] for name in controls])
        held = midranks(held) if method == "spearman" else held
        found = estimate_correlation(cars[sides[0]], cars[sides[1]], method, held)
        assert found == pytest.approx(case[key]["r"], abs=1e-9)


def test_permutation_p_with_a_control_agrees_with_the_t_test_of_r():
    case = CASES["partial"]
    cars = {name: np.array(values, float) for name, values in case["data"].items()}
    held = np.column_stack([cars["wt"], cars["hp"]])
    p = permutation_p(
        cars["mpg"][:, None],
        cars["qsec"][:, None],
        method="pearson",
        permutations=19_999,
        seed=2,
        controls=held,
    )[0, 0]
    # R: t = 1.163 on 28 degrees of freedom, p = 0.2546; the two tests answer nearly the same question
    assert p == pytest.approx(case["pearson_mpg_qsec__wt_hp"]["p_value"], abs=0.03)


def test_bonett_and_wright_variances():
    # Bonett & Wright (2000): 1.96 sqrt((1 + r^2 / 2) / (n - 3)) and 1.96 sqrt(0.437 / (n - 4)) on z
    reach = 1.959963984540054 * np.sqrt((1 + 0.3**2 / 2) / 97)
    assert fisher_interval(0.3, 100, "spearman") == pytest.approx(
        (np.tanh(np.arctanh(0.3) - reach), np.tanh(np.arctanh(0.3) + reach))
    )
    reach = 1.959963984540054 * np.sqrt(0.437 / 96)
    assert fisher_interval(0.3, 100, "kendall")[0] == pytest.approx(np.tanh(np.arctanh(0.3) - reach))
    wide, narrow = (fisher_interval(0.3, 30, "pearson", n_controls=k) for k in (3, 0))
    assert wide == fisher_interval(0.3, 27, "pearson") and wide[0] < narrow[0]
    assert np.isnan(fisher_interval(1.0, 30, "pearson")).all() and np.isnan(fisher_interval(0.5, 3, "pearson")).all()


def test_p_does_not_depend_on_the_size_of_chunks(monkeypatch):
    generator = np.random.default_rng(0)
    x, y = generator.normal(size=(12, 2)), generator.normal(size=(12, 3))
    strata = np.repeat([0, 1], 6)
    whole = permutation_p(x, y, method="spearman", permutations=999, seed=4, strata=strata)
    monkeypatch.setattr("vitality.analysis.permutation.CHUNK", 100)
    np.testing.assert_array_equal(
        permutation_p(x, y, method="spearman", permutations=999, seed=4, strata=strata), whole
    )


def test_rows_stay_within_their_strata():
    strata = np.array([1, 0, 1, 0, 2, 1])
    for order in permuted_rows(6, 50, seed=0, strata=strata):
        assert (strata[order] == strata).all()
        assert (np.sort(order, axis=1) == np.arange(6)).all()


def test_strata_take_away_what_lies_between_them():
    """Two districts far apart on both sides: the whole association is between them, none within."""
    strata = np.repeat([0, 1], 20)
    # 1, 2, 3, 4 against 2, 4, 1, 3: three pairs agree, three do not, and the ranks are uncorrelated
    x, y = np.tile([1.0, 2, 3, 4], 10) + 10 * strata, np.tile([2.0, 4, 1, 3], 10) + 10 * strata
    for method in METHODS:
        free, within = (
            permutation_p(x[:, None], y[:, None], method=method, permutations=999, seed=1, strata=groups)
            for groups in (None, strata)
        )
        assert free == 0.001 and within == 1.0


@pytest.mark.parametrize("method", METHODS)
def test_five_per_cent_of_independent_pairs_are_below_five_per_cent(method):
    generator = np.random.default_rng(3)
    x = generator.integers(0, 4, size=(24, 20)).astype(float)  # many ties, as staff numbers have
    y = generator.normal(size=(24, 20))
    p = permutation_p(x, y, method=method, permutations=499, seed=8).ravel()
    # 400 pairs, not all independent of each other: 5 % with a margin of four binomial standard errors
    assert abs((p <= 0.05).mean() - 0.05) < 4 * np.sqrt(0.05 * 0.95 / 400)


def test_sides_that_do_not_vary():
    x, y = np.array([1.0, 1, 1, 1, 1]), np.array([1.0, 2, 3, 4, 5])
    for method in METHODS:
        assert np.isnan(estimate_correlation(x, y, method))
    assert np.isnan(estimate_correlation(y, y[::-1].copy(), "spearman", y[:, None]))
