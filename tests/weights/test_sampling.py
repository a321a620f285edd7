from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.weights.reference import synthetic_panel
from vitality.errors import JudgementError, MethodError
from vitality.framework import framework_from_table, read_framework
from vitality.weights import group_weights, hierarchy_weights, sample_weights, weight_intervals

REDCROSS = read_framework("redcross")
TREE = framework_from_table(
    pd.DataFrame(
        {
            "code": ["V", "A", "B", "A1", "A2", "B1"],
            "parent": ["", "V", "V", "A", "A", "B"],
            "name_en": ["v", "a", "b", "a1", "a2", "b1"],
        }
    )
)


def two(value: float, a: str = "A", b: str = "B") -> pd.DataFrame:
    return pd.DataFrame([[1, value], [1 / value, 1]], [a, b], [a, b])


def test_the_nominal_weights_are_those_of_the_hierarchy():
    samples = sample_weights(synthetic_panel(), REDCROSS, n=50, seed=1, policy="drop")
    table = weight_intervals(samples)
    expected = hierarchy_weights(synthetic_panel(), REDCROSS, policy="drop")
    np.testing.assert_allclose(table["local"], expected["local"], rtol=1e-12)
    np.testing.assert_allclose(table["global"], expected["global"], rtol=1e-12)
    assert list(table.index) == list(REDCROSS.nodes)


@pytest.mark.parametrize("resample", ["experts", "judgements"])
def test_every_replicate_is_a_set_of_weights(resample):
    samples = sample_weights(synthetic_panel(), REDCROSS, resample=resample, n=200, seed=3)
    for node in REDCROSS.nodes:
        children = list(REDCROSS.children(node))
        if children:
            np.testing.assert_allclose(samples.local[children].sum(axis=1), 1, atol=1e-12)
            np.testing.assert_allclose(samples.overall[children].sum(axis=1), samples.overall[node], atol=1e-12)
    np.testing.assert_allclose(samples.overall[list(REDCROSS.leaves)].sum(axis=1), 1, atol=1e-12)


@pytest.mark.parametrize("aggregation", ["judgements", "priorities", "priorities_geometric"])
def test_a_bootstrap_replicate_is_group_weights_of_the_experts_drawn(aggregation):
    panel = {name: two(value) for name, value in zip("abcd", (1, 2, 5, 9))}
    samples = sample_weights(panel, n=40, seed=7, aggregation=aggregation)
    counts = np.random.default_rng(7).multinomial(4, [0.25] * 4, size=40)
    for k in range(40):
        again = group_weights(panel, expert_weights=counts[k], aggregation=aggregation)
        np.testing.assert_allclose(samples.local.iloc[k], again.weights, rtol=1e-10)


def test_bootstrap_against_the_exact_distribution_of_two_experts():
    # two experts, 1 and 9: the group says 1 (a quarter), 3 (half) or 9 (a quarter)
    samples = sample_weights({"a": two(1), "b": two(9)}, n=4000, seed=5)
    share, count = np.unique(samples.local["A"].round(9), return_counts=True)
    np.testing.assert_allclose(share, [0.5, 0.75, 0.9], atol=1e-9)
    np.testing.assert_allclose(count / 4000, [0.25, 0.5, 0.25], atol=0.03)


@pytest.mark.parametrize(("spread", "factor"), [("expert", 1.0), ("mean", 0.5), (2.0, None)])
def test_judgements_are_drawn_with_the_spread_of_the_panel(spread, factor):
    values = np.array([2.0, 3.0, 4.0, 6.0])
    samples = sample_weights({str(v): two(v) for v in values}, resample="judgements", spread=spread, n=20_000, seed=2)
    logs = np.log(samples.local["A"] / samples.local["B"])
    wanted = np.log(2.0) if factor is None else factor * np.log(values).std(ddof=1)
    assert logs.std() == pytest.approx(wanted, rel=0.03)
    assert logs.mean() == pytest.approx(np.log(values).mean(), abs=0.02)


def test_an_interval_of_the_mean_covers_as_often_as_it_says():
    # 30 experts around a true ratio of 3: the 90 % interval should cover about nine times in ten
    generator, covered = np.random.default_rng(0), 0
    for k in range(200):
        values = 3 * np.exp(0.5 * generator.normal(size=30))
        stack = np.array([[[1, v], [1 / v, 1]] for v in values])
        low, high = weight_intervals(sample_weights(stack, n=300, seed=k)).loc[0, ["global_low", "global_high"]]
        covered += low <= 0.75 <= high
    assert 0.82 <= covered / 200 <= 0.95


def test_an_expert_may_miss_a_branch_and_is_drawn_as_a_whole():
    judgements = {"V": {"E1": two(3), "E2": two(1)}, "A": {"E2": two(4, "A1", "A2")}}
    samples = sample_weights(judgements, TREE, n=300, seed=1)
    assert (samples.local["A1"] == samples.local["A1"][0]).all()  # only E2 judged there
    assert set(samples.local["A"].round(6)) == {0.5, 0.633975}  # replicates without E2 are drawn again
    assert (samples.local["B1"] == 1).all()


def test_seeds_decide_alone():
    one, other = (sample_weights(synthetic_panel()["V"], n=20, seed=4).local for _ in range(2))
    pd.testing.assert_frame_equal(one, other)
    assert not one.equals(sample_weights(synthetic_panel()["V"], n=20, seed=5).local)


def test_a_wider_level_gives_wider_intervals():
    samples = sample_weights(synthetic_panel()["V"], n=500, seed=1)
    narrow, wide = weight_intervals(samples, level=0.5), weight_intervals(samples, level=0.95)
    assert (wide["global_low"] <= narrow["global_low"]).all() and (wide["global_high"] >= narrow["global_high"]).all()
    assert "90% 区间" in samples._repr_html_() and "widest 90% interval" in samples._repr_html_()


def test_gaps_keep_the_value_of_the_group():
    nan = np.nan
    full = pd.DataFrame([[1, 2, 4], [0.5, 1, 2], [0.25, 0.5, 1]])
    gappy = pd.DataFrame([[1, 3, nan], [1 / 3, 1, nan], [nan, nan, 1]])
    samples = sample_weights({"a": full, "b": gappy}, n=100, seed=1, incomplete="available")
    assert np.isfinite(samples.local.to_numpy()).all()


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"resample": "units"}, MethodError, "resample='units'"),
        ({"spread": "wide"}, MethodError, "spread='wide'"),
        ({"spread": 0.5}, MethodError, "1 or more"),
        ({"n": 0}, MethodError, "n=0"),
        ({"resample": "judgements", "aggregation": "priorities"}, MethodError, "needs aggregation='judgements'"),
    ],
)
def test_wrong_options_are_refused(options, error, message):
    with pytest.raises(error, match=message) as refusal:
        sample_weights(synthetic_panel()["V"], seed=1, **options)
    assert refusal.value.zh


def test_a_single_expert_has_no_spread_unless_it_is_given():
    with pytest.raises(JudgementError, match="fewer than two experts"):
        sample_weights({"E1": two(3)}, resample="judgements", n=10, seed=1)
    found = sample_weights({"E1": two(3)}, resample="judgements", spread=1.2, n=10, seed=1)
    assert found.local["A"].nunique() == 10
    with pytest.raises(MethodError, match="level=90"):
        weight_intervals(found, level=90)


def test_few_experts_are_cautioned_about():
    alone = sample_weights({"E1": two(3)}, n=5, seed=1)
    assert "fewer than 5 experts (1)" in alone.warnings[0] and "偏窄" in alone._repr_html_()
    assert not sample_weights(synthetic_panel()["V"], n=5, seed=1).warnings
    judgements = {"V": {"E1": two(3), "E2": two(1)}, "A": {"E2": two(4, "A1", "A2")}}
    assert "2 at V, 1 at A" in sample_weights(judgements, TREE, n=5, seed=1).warnings[0]
