"""What has to hold for any tree, any matrix and any method."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import vitality as vt
from vitality.index.means import POPULATION
from vitality.index.method import CHOICES

MEANS = ["arithmetic", "geometric", "harmonic", "power", "copeland", "benefit_of_the_doubt"]
FEW = settings(max_examples=30, deadline=None)


@st.composite
def worlds(draw, gaps=True):
    """A random tree of two to five levels, a matrix with gaps over one or two rounds, and a seed."""
    generator = np.random.default_rng(draw(st.integers(0, 10_000)))
    parents, leaves, depth = {"V": ""}, [], draw(st.integers(1, 4))
    layer = ["V"]
    for level in range(depth):
        below = [f"{parent}{number}" for parent in layer for number in range(int(generator.integers(1, 4)))]
        parents |= {code: code[:-1] for code in below}
        stays = [code for code in below if level == depth - 1 or generator.random() < 0.25]
        leaves += stays
        layer = [code for code in below if code not in stays]
    empty = [code for code in parents if code not in leaves and code not in parents.values()]
    leaves += empty
    codes = list(parents)
    direction = generator.choice(["benefit", "cost"], len(codes))
    is_leaf = np.array([code in leaves for code in codes])
    table = pd.DataFrame({"code": codes, "parent": [parents[code] for code in codes]}).assign(
        weight=generator.uniform(0.2, 3, len(codes)),
        direction=np.where(is_leaf, direction, None),
        worst=np.where(is_leaf, np.where(direction == "cost", 10.0, 0.0), np.nan),
        best=np.where(is_leaf, np.where(direction == "cost", 0.0, 10.0), np.nan),
    )
    framework = vt.framework_from_table(table)
    rounds = ["2023", "2024"][: draw(st.integers(1, 2))]
    index = pd.MultiIndex.from_product(
        [[f"u{i}" for i in range(draw(st.integers(3, 7)))], rounds], names=["unit", "round"]
    )
    values = generator.uniform(0.5, 9.5, (len(index), len(framework.leaves)))
    if gaps:
        values[generator.random(values.shape) < 0.1] = np.nan
    return framework, pd.DataFrame(values, index=index, columns=list(framework.leaves)), generator


@FEW
@given(world=worlds(), weighting=st.sampled_from(CHOICES["weighting"]))
def test_siblings_and_indicators_sum_to_one(world, weighting):
    framework, matrix, _ = world
    result = vt.build_index(matrix, framework, vt.Method(weighting="framework" if len(matrix) < 2 else weighting))
    for parent in framework.nodes[len(framework.leaves) :]:
        assert result.weights.loc[list(framework.children(parent)), "local"].sum() == pytest.approx(1, abs=1e-12)
    spread = result.unit_weights[list(framework.leaves)].sum(axis=1)
    seen = result.matrix.notna().any(axis=1).to_numpy()
    assert spread[seen].to_numpy() == pytest.approx(np.ones(seen.sum()), abs=1e-12)


@FEW
@given(world=worlds(gaps=False), mean=st.sampled_from(MEANS))
def test_a_better_value_never_lowers_the_index(world, mean):
    framework, matrix, generator = world
    method = vt.Method(aggregation=mean)
    row, code = matrix.index[int(generator.integers(len(matrix)))], str(generator.choice(framework.leaves))
    better = matrix.copy()
    better.loc[row, code] += -0.4 if framework.indicator(code).direction == "cost" else 0.4
    before, after = (vt.build_index(table, framework, method).scores.loc[row, "V"] for table in (matrix, better))
    assert after >= before - 1e-7


@FEW
@given(world=worlds(), mean=st.sampled_from([*MEANS, "mpi", "topsis", "mean_min", "adjusted_mpi"]))
def test_order_of_units_and_columns_changes_nothing(world, mean):
    framework, matrix, generator = world
    method = vt.Method(aggregation=mean, minimum_coverage=0.3)
    shuffled = matrix.iloc[generator.permutation(len(matrix))].iloc[:, generator.permutation(matrix.shape[1])]
    first, second = vt.build_index(matrix, framework, method), vt.build_index(shuffled, framework, method)
    pd.testing.assert_frame_equal(second.scores.loc[matrix.index], first.scores, rtol=0, atol=1e-7)


@FEW
@given(world=worlds(), mean=st.sampled_from([*MEANS, "mpi", "topsis"]))
def test_any_replicate_is_an_index_of_its_own(world, mean):
    framework, matrix, generator = world
    result = vt.build_index(matrix, framework, vt.Method(aggregation=mean, minimum_coverage=0.3))
    choices = {"weighting": ["framework", "equal"], "left_out": ["", str(generator.choice(framework.leaves))]}
    if len(framework.leaves) == 1:
        choices.pop("left_out")
    design = vt.sample_inputs(result, 4, seed=1, choices=choices)
    mc = vt.monte_carlo(result, design)
    for number in range(4):
        alone = vt.replicate(result, design, number).scores["V"]
        np.testing.assert_allclose(mc.scores.iloc[number], alone, rtol=0, atol=1e-9)


@FEW
@given(world=worlds(), mean=st.sampled_from(["arithmetic", "geometric", "mean_min", "adjusted_mpi"]))
def test_parts_of_a_change_sum_to_it(world, mean):
    framework, matrix, _ = world
    if matrix.index.get_level_values("round").nunique() < 2 or mean in POPULATION:
        return
    table = vt.compare_rounds(vt.build_index(matrix, framework, vt.Method(aggregation=mean, minimum_coverage=0.3)))
    same = table[table["status"] == "same"]
    sums = same.groupby("unit")["part"].sum() - same.groupby("unit")["change"].first()
    assert (sums.abs() < 1e-9).all()
