"""Ways of aggregation beyond the means, each worked out on paper or by the definition, and their gaps."""

import json
from pathlib import Path
from typing import get_args

import numpy as np
import pandas as pd
import pytest

import vitality as vt
from tests.index.small import FRAMEWORK, MATRIX
from vitality.errors import MethodError, TableError
from vitality.index.means import POPULATION
from vitality.index.method import Aggregation

WAYS = get_args(Aggregation)
FLAT = vt.framework_from_table(
    pd.DataFrame({"code": ["V", "x", "y", "z"], "parent": ["", "V", "V", "V"], "weight": [None, 1, 1, 2]})
)
#: Three units, three children; weights 1/4, 1/4, 1/2.
SCORES = pd.DataFrame(
    {"x": [80.0, 40.0, 60.0], "y": [20.0, 40.0, 90.0], "z": [50.0, 100.0, 10.0]}, index=["u", "v", "w"]
)


def scored(aggregation, scores=SCORES, **options):
    return vt.aggregate(scores, FLAT.weights(), FLAT, aggregation=aggregation, minimum_coverage=0.1, **options)["V"]


def test_power_mean_by_hand():
    assert scored("power", power=2.0)["u"] == pytest.approx(((80**2 + 20**2 + 2 * 50**2) / 4) ** 0.5)
    assert scored("power", power=1.0).tolist() == pytest.approx(scored("arithmetic").tolist())
    assert scored("power", power=-1.0).tolist() == pytest.approx(scored("harmonic").tolist())


def test_mean_min_by_hand():
    # u: mean 50, lowest 20: 50 - 0.5 (sqrt(30^2 + 40^2) - 40) = 45
    assert scored("mean_min", alpha=0.5, beta=40.0)["u"] == pytest.approx(45)
    assert scored("mean_min", alpha=1.0)["u"] == 20 and scored("mean_min", alpha=0.0)["u"] == 50


def test_adjusted_mazziotta_pareto_by_hand():
    # u on 70 + 0.6 x: 118, 82, 100; mean 100, variance (18^2 + 18^2) / 4 = 162; 100 - 162 / 100 = 98.38
    assert scored("adjusted_mpi")["u"] == pytest.approx((98.38 - 70) / 0.6)
    assert scored("adjusted_mpi", penalty="positive")["u"] == pytest.approx((101.62 - 70) / 0.6)


def test_mazziotta_pareto_by_the_definition():
    z = 100 + 10 * (SCORES - SCORES.mean()) / SCORES.std(ddof=0)
    weights = np.array([0.25, 0.25, 0.5])
    mean = z @ weights
    variance = ((z.sub(mean, axis=0)) ** 2) @ weights
    assert scored("mpi").tolist() == pytest.approx((mean - variance / mean - 50).tolist())
    balanced = pd.DataFrame({code: [20.0, 50.0, 80.0] for code in "xyz"}, index=["u", "v", "w"])
    assert scored("mpi", balanced)["v"] == pytest.approx(50)  # no imbalance, no penalty: the mean unit has 50


def outranking(scores, weights):
    """Share of weight on which the row is ahead of the column, ties half: two loops, as the definition says."""
    n = len(scores)
    share = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            ahead, level = scores[i] > scores[j], scores[i] == scores[j]
            share[i, j] = (weights * ahead).sum() + (weights * level).sum() / 2
    return share


def test_copeland_is_the_row_sum_of_the_outranking_matrix():
    generator = np.random.default_rng(4)
    scores = pd.DataFrame(generator.integers(0, 6, (9, 3)) * 20.0, columns=list("xyz"))
    weights = np.array([0.25, 0.25, 0.5])
    share = outranking(scores.to_numpy(), weights)
    np.fill_diagonal(share, 0)
    assert scored("copeland", scores).tolist() == pytest.approx((100 * share.sum(axis=1) / 8).tolist())
    np.fill_diagonal(share, 0.5)
    wins = (share > 0.5).sum(axis=1) + ((np.abs(share - 0.5) < 1e-12).sum(axis=1) - 1) / 2
    assert scored("copeland", scores, outranking="majority").tolist() == pytest.approx((100 * wins / 8).tolist())


def test_copeland_on_paper():
    # u ahead of v on x (1/4); of w on x and z (3/4). v ahead of u on y, z (3/4); of w on z (1/2).
    assert scored("copeland").tolist() == pytest.approx([50.0, 62.5, 37.5])
    # u beats w; v beats u, draws with w
    assert scored("copeland", outranking="majority").tolist() == pytest.approx([50.0, 75.0, 25.0])


def test_copeland_compares_on_what_both_have():
    gap = SCORES.copy()
    gap.loc["u", "z"] = np.nan
    # u against v: x won, y lost, 1/2; against w: x won, y lost, 1/2
    assert scored("copeland", gap)["u"] == pytest.approx(50)
    assert scored("copeland", gap, outranking="majority")["v"] == pytest.approx(50)  # draws with both


def test_topsis_agrees_with_the_published_case():
    case = json.loads((Path(__file__).parent / "cases" / "topsis.json").read_text(encoding="utf-8"))["cases"][0]
    matrix = pd.DataFrame(case["input"]["matrix"], columns=list("abc"))
    found = vt.topsis(
        matrix, pd.Series(case["input"]["weights"], index=list("abc")), direction=case["input"]["direction"]
    )
    assert found["closeness"].tolist() == pytest.approx(case["expected"]["closeness"], abs=1e-9)
    assert found["rank"].tolist() == case["expected"]["rank"]
    tree = vt.framework_from_table(
        pd.DataFrame({"code": ["V", *"abc"], "parent": ["", "V", "V", "V"], "weight": [None, 0.3, 0.4, 0.3]})
    )
    inside = vt.aggregate(matrix, tree.weights(), tree, aggregation="topsis")["V"]
    assert inside.tolist() == pytest.approx([100 * value for value in case["expected"]["closeness"]], abs=1e-7)


def test_topsis_with_less_is_better_and_other_scales():
    matrix = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [9.0, 5.0, 1.0]})
    weights = pd.Series({"b": 0.5, "a": 0.5})
    for normalisation in ("vector", "minmax", "sum", "maximum", "none"):
        found = vt.topsis(matrix, weights, direction={"a": "benefit", "b": "cost"}, normalisation=normalisation)
        assert found["closeness"].iloc[[0, 2]].tolist() == [0.0, 1.0] and found["rank"].tolist() == [3, 2, 1]
    assert vt.topsis(matrix * 0 + 4, weights)["closeness"].tolist() == [0.5] * 3


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weights": pd.Series({"a": 1.0, "c": 1.0})}, "missing 'b'; unknown 'c'"),
        ({"weights": pd.Series({"a": -1.0, "b": 1.0})}, "expected 2 numbers of 0 or more"),
        ({"weights": pd.Series({"a": 0.0, "b": 0.0})}, "at least one above 0"),
        ({"normalisation": "vektor"}, "Did you mean 'vector'"),
        ({"matrix": pd.DataFrame({"a": [1.0, np.nan], "b": [1.0, 2.0]})}, "no value"),
    ],
)
def test_topsis_refuses(change, message):
    given = {"matrix": pd.DataFrame({"a": [1.0, 2.0], "b": [3.0, 4.0]}), "weights": pd.Series({"a": 1.0, "b": 1.0})}
    given |= change
    with pytest.raises((TableError, MethodError), match=message):
        vt.topsis(given.pop("matrix"), given.pop("weights"), **given)


def test_benefit_of_the_doubt_on_paper():
    tree = vt.framework_from_table(pd.DataFrame({"code": ["V", "x", "y"], "parent": ["", "V", "V"]}))
    scores = pd.DataFrame({"x": [80.0, 20.0, 40.0], "y": [20.0, 80.0, 40.0]}, index=["u", "v", "w"])
    found = vt.aggregate(scores, tree.weights(), tree, aggregation="benefit_of_the_doubt")["V"]
    # u and v are on the frontier x + y = 100; w = (40, 40) lies at 80 % of it
    assert found.tolist() == pytest.approx([100, 100, 80])
    # equal shares: w_x x = w_y y = s / 2. For u: w_x 80 = w_y 20, so that w_y = 4 w_x; v has 20 w_x + 320 w_x = 1
    equal = vt.aggregate(scores, tree.weights(), tree, aggregation="benefit_of_the_doubt", bounds=(0.5, 0.5))["V"]
    assert equal.tolist() == pytest.approx([100 * 160 / 340, 100 * 160 / 340, 80])
    with pytest.raises(MethodError, match="cannot sum to 1"):
        vt.aggregate(scores, tree.weights(), tree, aggregation="benefit_of_the_doubt", bounds=(0.0, 0.4))


def test_benefit_of_the_doubt_never_scores_below_fixed_weights():
    generator = np.random.default_rng(2)
    scores = pd.DataFrame(generator.uniform(5, 95, (12, 3)), columns=list("xyz"))
    fixed = scores @ [0.2, 0.3, 0.5]
    assert (scored("benefit_of_the_doubt", scores) >= 100 * fixed / fixed.max() - 1e-7).all()


# ---------------------------------------------------------------------------------------- all of them


@pytest.mark.parametrize("way", WAYS)
def test_a_gap_in_one_child_leaves_a_score_and_no_score_where_nothing_is(way):
    gap = SCORES.copy()
    gap.loc["u", "y"], gap.loc["w", :] = np.nan, np.nan
    found = scored(way, gap)
    assert np.isfinite(found[["u", "v"]]).all() and np.isnan(found["w"])


@pytest.mark.parametrize("way", [way for way in WAYS if way not in POPULATION])
def test_a_gap_is_as_if_the_child_were_not_there(way):
    gap = SCORES.assign(y=np.nan)
    tree = vt.leave_out(FLAT, ["y"])
    expected = vt.aggregate(SCORES[["x", "z"]], tree.weights(), tree, aggregation=way)["V"]
    assert scored(way, gap).tolist() == pytest.approx(expected.tolist())


@pytest.mark.parametrize("way", WAYS)
def test_order_of_units_and_indicators_changes_nothing(way):
    result = vt.build_index(MATRIX, FRAMEWORK, vt.Method(aggregation=way))
    shuffled = vt.build_index(MATRIX.iloc[[2, 0, 1]][["b2", "a1", "b1", "a2"]], FRAMEWORK, vt.Method(aggregation=way))
    pd.testing.assert_frame_equal(shuffled.scores.loc[result.scores.index], result.scores, rtol=0, atol=1e-12)


@pytest.mark.parametrize("way", ["power", "copeland", "mean_min", "benefit_of_the_doubt"])
def test_a_better_value_never_lowers_the_score(way):
    generator = np.random.default_rng(11)
    scores = pd.DataFrame(generator.uniform(5, 90, (8, 3)), columns=list("xyz"))
    for code in "xyz":
        better = scores.copy()
        better.loc[4, code] += 3.0
        assert scored(way, better)[4] >= scored(way, scores)[4] - 1e-9


@pytest.mark.parametrize("way", [way for way in WAYS if way not in POPULATION])
def test_equal_children_give_their_value(way):
    flat = pd.DataFrame(40.0, index=["u", "v"], columns=list("xyz"))
    assert scored(way, flat).tolist() == pytest.approx([40, 40])


def test_rounds_are_compared_apart_when_each_has_its_own_reference():
    later = MATRIX.rename(index={"2024": "2025"}, level="round").add([1.0, 2.0, -1.0, 0.5])
    both = pd.concat([MATRIX, later])
    method = vt.Method(aggregation="copeland", normalisation="minmax", reference="each")
    together, alone = vt.build_index(both, FRAMEWORK, method), vt.build_index(MATRIX, FRAMEWORK, method)
    pd.testing.assert_series_equal(together.scores["V"].loc[:, "2024"], alone.scores["V"].loc[:, "2024"])


def test_values_that_a_mean_of_ratios_would_turn_to_nonsense_are_refused():
    with pytest.raises(TableError, match="found -2.*0 or more"):
        scored("geometric", SCORES - 12)
    with pytest.raises(TableError, match="no value is above 1.*multiply by 100"):
        scored("harmonic", SCORES / 100)
    assert scored("geometric", SCORES / 100, floor=0)["v"] == pytest.approx((0.4 * 0.4 * 1.0**2) ** 0.25)
    with pytest.raises(MethodError, match=r"no option 'bound'.*Did you mean 'bounds'"):
        scored("benefit_of_the_doubt", bound=(0, 1))
