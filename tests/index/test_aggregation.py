from typing import get_args

import numpy as np
import pandas as pd
import pytest

import vitality as vt
from tests.index.small import FRAMEWORK, NORMALISED
from vitality.errors import MethodError, TableError
from vitality.index.kernels import plan_of, score_nodes, score_root
from vitality.index.means import Rule, combine
from vitality.index.method import Aggregation


def test_weights_go_by_name_and_in_any_form():
    table = FRAMEWORK.weights()
    expected = vt.aggregate(NORMALISED, table, FRAMEWORK)
    for weights in (
        table.iloc[::-1],
        table["local"],
        7 * table["local"],
        table.loc[list(FRAMEWORK.leaves), "global"],
    ):
        pd.testing.assert_frame_equal(vt.aggregate(NORMALISED, weights, FRAMEWORK), expected)
    assert expected["V"].tolist() == pytest.approx([137.5 / 3, 50, 185 / 3])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda w: w.drop("A"), "missing 'A'"),
        (lambda w: w.rename({"A": "AA"}), "unknown 'AA'"),
        (lambda w: w.replace(w["A"], -1.0), "negative or not a number 'A'"),
        (lambda w: w.where(~w.index.isin(["b1", "b2"]), 0.0), "children of 'B', all weigh 0"),
    ],
)
def test_weights_that_do_not_fit_are_refused(change, message):
    with pytest.raises(TableError, match=message):
        vt.aggregate(NORMALISED, change(FRAMEWORK.weights()["local"]), FRAMEWORK)


def test_unknown_mean_or_level():
    weights = FRAMEWORK.weights()
    with pytest.raises(MethodError, match="Did you mean 'geometric'"):
        vt.aggregate(NORMALISED, weights, FRAMEWORK, aggregation="geometrical")
    with pytest.raises(MethodError, match="Did you mean 'dimension'"):
        vt.aggregate(NORMALISED, weights, FRAMEWORK, aggregation={"dimensions": "geometric"})
    with pytest.raises(MethodError, match="level 'group' is not made"):
        vt.aggregate(NORMALISED, weights, FRAMEWORK, aggregation={"group": "geometric"})


def test_a_column_that_does_not_fit():
    with pytest.raises(TableError, match="Did you mean 'a1'"):
        vt.aggregate(NORMALISED.assign(a11=1.0), FRAMEWORK.weights(), FRAMEWORK)


def test_means_lie_in_their_order():
    """Harmonic <= geometric <= arithmetic, and all equal where the children are."""
    weights = FRAMEWORK.weights()
    harmonic, geometric, arithmetic = (
        vt.aggregate(NORMALISED, weights, FRAMEWORK, aggregation=mean, floor=1e-6)["V"]
        for mean in ("harmonic", "geometric", "arithmetic")
    )
    assert (harmonic <= geometric + 1e-12).all() and (geometric <= arithmetic + 1e-12).all()
    flat = NORMALISED * 0 + 40
    for mean in ("harmonic", "geometric", "arithmetic"):
        assert vt.aggregate(flat, weights, FRAMEWORK, aggregation=mean)["V"].tolist() == pytest.approx([40] * 3)


def mean_of(values, weights, mean, **numbers):
    """The mean of one unit's children."""
    children = [np.array([[value]]) for value in values]
    return combine(children, np.array([weights], dtype=float), mean, Rule(**numbers), gaps=True)[0, 0]


def test_weighted_mean_by_hand_with_a_gap():
    values, weights = [20.0, 80.0, np.nan], [1, 3, 5]
    assert mean_of(values, weights, "arithmetic") == pytest.approx((20 + 240) / 4)
    assert mean_of(values, weights, "geometric") == pytest.approx((20 * 80**3) ** 0.25)
    assert mean_of(values, weights, "harmonic") == pytest.approx(4 / (1 / 20 + 3 / 80))
    assert mean_of(values, weights, "power", power=2.0) == pytest.approx(((400 + 3 * 6400) / 4) ** 0.5)
    for mean in get_args(Aggregation):
        assert np.isnan(mean_of([np.nan, np.nan], [1, 1], mean)), mean


def test_floor_and_zero():
    values, weights = [0.0, 100.0], [1, 1]
    assert mean_of(values, weights, "geometric", floor=1) == pytest.approx(10)
    assert mean_of(values, weights, "harmonic", floor=1) == pytest.approx(2 / (1 + 0.01))
    for mean, power in (("geometric", 1.0), ("harmonic", 1.0), ("power", -2.0)):
        assert mean_of(values, weights, mean, floor=0, power=power) == 0
    assert mean_of(values, weights, "power", floor=0, power=0.5) == pytest.approx(25)
    # a zero without weight does not count
    assert mean_of(values, [0, 1], "geometric", floor=0) == pytest.approx(100)


@pytest.mark.parametrize("aggregation", [*get_args(Aggregation), {"index": "geometric", "dimension": "harmonic"}])
@pytest.mark.parametrize("gap", [False, True])
def test_many_replicates_give_what_each_gives_alone(aggregation, gap):
    generator = np.random.default_rng(3)
    plan = plan_of(FRAMEWORK, aggregation)
    leaves = NORMALISED.to_numpy().T.copy()
    if gap:
        leaves[2, 1] = np.nan
    weights = generator.uniform(0.5, 2, (5, plan.n_nodes))
    together = score_nodes(leaves, weights, plan)
    assert together.shape == (7, 5, 3)
    np.testing.assert_allclose(score_root(leaves, weights, plan), together[-1], rtol=0, atol=1e-12)
    for number in range(5):
        alone = score_nodes(leaves, weights[[number]], plan)[:, 0]
        np.testing.assert_allclose(together[:, number], alone, rtol=0, atol=1e-12)


def test_leaves_at_different_depths():
    tree = vt.framework_from_table(
        pd.DataFrame(
            {
                "code": ["V", "A", "x", "y", "z"],
                "parent": ["", "V", "V", "A", "A"],
                "weight": [None, 1, 1, 1, 1],
            }
        )
    )
    scores = vt.aggregate(pd.DataFrame({"z": [60.0], "y": [20.0], "x": [80.0]}), tree.weights(), tree)
    # A = 40, V = (40 + 80) / 2
    assert scores["V"].tolist() == [60.0]


def test_goalposts_with_geometric_mean_worked_by_the_united_nations():
    """Human Development Index of Norway 2019, as published.

    UNDP (2020), Human Development Report 2020, table 1 and technical note 1: life expectancy 82.4 (goalposts
    20 and 85), expected years of schooling 18.1, capped at 18 (0 and 18), mean years 12.9 (0 and 15), income
    66,494 (logarithm between 100 and 75,000); index 0.957.
    """
    table = pd.DataFrame(
        {
            "code": ["HDI", "health", "education", "income", "life", "expected", "mean", "gni"],
            "parent": ["", "HDI", "HDI", "HDI", "health", "education", "education", "income"],
            "worst": [None, None, None, None, 20, 0, 0, np.log(100)],
            "best": [None, None, None, None, 85, 18, 15, np.log(75000)],
        }
    )
    norway = pd.DataFrame({"life": [82.4], "expected": [18.1], "mean": [12.9], "gni": [np.log(66494)]}, index=["NOR"])
    method = vt.Method(aggregation={"index": "geometric"})
    result = vt.build_index(norway, vt.framework_from_table(table), method)
    assert round(result.scores.at[("NOR", ""), "HDI"] / 100, 3) == 0.957
