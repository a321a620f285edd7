from typing import get_args

import numpy as np
import pandas as pd
import pytest

import vitality as vt
from tests.index import asem
from tests.index.small import FRAMEWORK, MATRIX
from vitality.errors import FrameworkError, MethodError, TableError
from vitality.index.method import Aggregation

CHOICES = {
    "imputation": ["group_mean", "median", "none"],
    "treatment": ["none", "winsorise", "winsorise_log"],
    "normalisation": ["minmax", "zscore", "percentile"],
    "aggregation": ["arithmetic", "geometric", {"index": "harmonic"}, "mean_min"],
    "weighting": ["framework", "equal", "entropy"],
    "left_out": ["", "LPI", "CO2", "Poverty"],
}


def towns(n=12, seed=5, rounds=("2023", "2024")):
    """A result with two rounds and some gaps."""
    generator = np.random.default_rng(seed)
    index = pd.MultiIndex.from_product([[f"u{i:02d}" for i in range(n)], rounds], names=["unit", "round"])
    values = generator.uniform([0, 10, 0, 0], [10, 30, 50, 4], (len(index), 4))
    values[generator.random(values.shape) < 0.06] = np.nan
    return vt.build_index(pd.DataFrame(values, index=index, columns=["a1", "a2", "b1", "b2"]), FRAMEWORK)


# ---------------------------------------------------------------------------------------- the design


def test_noise_stays_within_its_size():
    design = vt.sample_inputs(towns(), 4000, seed=1, weight_noise={"indicator": 0.4})
    leaves = design[[f"weight.{code}" for code in FRAMEWORK.leaves]]
    assert leaves.min().min() >= 0.6 and leaves.max().max() <= 1.4
    assert leaves.mean().tolist() == pytest.approx([1] * 4, abs=0.02)
    assert (design[["weight.A", "weight.B"]] == 1).all(axis=None)


def test_a_further_choice_leaves_the_other_columns():
    result = towns()
    first = vt.sample_inputs(result, 50, seed=3, choices={"clip": [True, False]})
    more = vt.sample_inputs(result, 50, seed=3, choices={"floor": [1.0, 5.0], "clip": [True, False]})
    pd.testing.assert_frame_equal(more[list(first.columns)], first)
    assert not vt.sample_inputs(result, 50, seed=4).equals(first.drop(columns="clip"))


def test_dirichlet_weights_have_the_moments_asked_for():
    result = towns()
    design = vt.sample_inputs(result, 40_000, seed=1, weights="dirichlet", weight_noise=0.3)
    weights = design[["weight.a1", "weight.a2"]].to_numpy() * [0.25, 0.75]
    assert weights.sum(axis=1) == pytest.approx(np.ones(40_000))
    # two siblings: concentration 1 / 0.3^2 - 1; variance w (1 - w) / (concentration + 1)
    assert weights[:, 0].mean() == pytest.approx(0.25, abs=0.002)
    assert weights[:, 0].var() == pytest.approx(0.25 * 0.75 * 0.3**2, rel=0.03)
    equal = design["weight.b1"] * 0.5
    assert equal.std() / equal.mean() == pytest.approx(0.3, rel=0.03)


def test_weights_vary_as_the_panel_does():
    panel = pd.DataFrame({"A": [0.5, 0.6, 0.7, 0.8], "B": [0.5, 0.4, 0.3, 0.2]}, index=["E1", "E2", "E3", "E4"])
    design = vt.sample_inputs(towns(), 40_000, seed=1, weights="panel", panel={"V": panel})
    log_ratio = np.log(design["weight.A"] / design["weight.B"])
    expected = np.log(panel["A"] / panel["B"])
    assert log_ratio.std() == pytest.approx(expected.std(), rel=0.03)
    assert (design["weight.a1"] == 1).all()


def test_the_panel_of_a_round_can_be_handed_over(found):
    from vitality.weights.hierarchy import hierarchy_groups

    groups = hierarchy_groups(vt.round_judgements(found.folder, found.framework), found.framework, policy="drop")
    design = vt.sample_inputs(found.result, 20_000, seed=1, weights="panel", panel=groups)
    group = groups[found.framework.root]
    kept = group.priorities[group.experts["kept"]]
    first, second = kept.columns[:2]
    spread = np.log(design[f"weight.{first}"] / design[f"weight.{second}"]).std()
    assert len(kept) < len(group.priorities)
    assert spread == pytest.approx(np.log(kept[first] / kept[second]).std(), rel=0.03)


def test_sampled_weights_can_be_handed_over(found):
    from vitality.weights import sample_weights

    judgements = vt.round_judgements(found.folder, found.framework)
    samples = sample_weights(judgements, found.framework, n=300, seed=1)
    design = vt.sample_inputs(found.result, 50, seed=1, weights="panel", panel=samples)
    children = list(found.framework.children(found.framework.root))
    drawn = (
        design[[f"weight.{code}" for code in children]].to_numpy() * samples.nominal.loc[children, "local"].to_numpy()
    )
    assert drawn.sum(axis=1) == pytest.approx(np.ones(50))
    own = samples.local[children].to_numpy()
    assert all(np.abs(own - row).max(axis=1).min() < 1e-12 for row in drawn)
    with pytest.raises(TableError, match="found list"):
        vt.sample_inputs(found.result, 5, seed=1, weights="panel", panel=[0.5])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n": 0}, "n=0"),
        ({"n": 2.5}, "n=2.5"),
        ({"seed": None}, "seed=None"),
        ({"weight_noise": 1.5}, "expected a share from 0 to 1"),
        ({"weight_noise": {"dimensions": 0.1}}, "Did you mean 'dimension'"),
        ({"choices": {"agregation": ["arithmetic"]}}, "Did you mean 'aggregation'"),
        ({"choices": {"aggregation": "geometric"}}, "expected a list"),
        ({"choices": {"aggregation": []}}, "expected a list"),
        ({"choices": {"aggregation": ["geometrik"]}}, "Did you mean 'geometric'"),
        ({"choices": {"aggregation": [{"group": "geometric"}]}}, "level 'group'"),
        ({"weights": "uniforme"}, "Did you mean 'uniform'"),
        ({"weights": "panel"}, "go together"),
        ({"weights": "dirichlet", "weight_noise": 1.0}, "no Dirichlet"),
    ],
)
def test_a_design_that_makes_no_sense_is_refused(options, message):
    with pytest.raises(MethodError, match=message):
        vt.sample_inputs(towns(), **{"n": 10, "seed": 1, **options})


def test_a_panel_or_an_indicator_that_does_not_fit_is_refused():
    with pytest.raises(TableError, match="the columns 'A', 'B'"):
        vt.sample_inputs(towns(), 5, seed=1, weights="panel", panel={"V": pd.DataFrame({"A": [1.0], "C": [1.0]})})
    with pytest.raises(FrameworkError, match="Did you mean 'a1'"):
        vt.sample_inputs(towns(), 5, seed=1, choices={"left_out": ["a11"]})


# ---------------------------------------------------------------------------------------- replicates


@pytest.mark.parametrize("aggregation", get_args(Aggregation))
def test_a_nominal_replicate_is_the_index(aggregation):
    result = vt.rebuild(towns(), aggregation=aggregation)
    mc = vt.monte_carlo(result, vt.sample_inputs(result, 2, seed=1, weight_noise=0.0))
    for number in (0, 1):
        np.testing.assert_allclose(mc.scores.iloc[number], result.scores["V"], rtol=0, atol=1e-12)
        np.testing.assert_array_equal(
            mc.ranks.iloc[number].to_numpy(float), result.ranks["V"].to_numpy(float, na_value=np.nan)
        )


def test_any_replicate_of_asem_rebuilt_alone_agrees():
    result = asem.result()
    design = vt.sample_inputs(result, 60, seed=7, choices=CHOICES)
    mc = vt.monte_carlo(result, design)
    for number in range(0, 60, 4):
        alone = vt.replicate(result, design, number)
        np.testing.assert_allclose(mc.scores.iloc[number], alone.scores["Index"], rtol=0, atol=1e-12)
        np.testing.assert_array_equal(mc.ranks.iloc[number], alone.ranks["Index"].astype(float))


def test_any_replicate_with_gaps_and_rounds_rebuilt_alone_agrees():
    result = towns()
    choices = {
        "normalisation": ["goalposts", "rank"],
        "aggregation": ["arithmetic", "topsis", "copeland", {"index": "geometric", "dimension": "mpi"}],
        "minimum_coverage": [0.5, 0.9],
        "maximum_zeros": [1.0, 0.2],
        "left_out": [None, "a1", "b2"],
    }
    design = vt.sample_inputs(result, 80, seed=2, choices=choices)
    mc = vt.monte_carlo(result, design)
    assert mc.scores.isna().any(axis=None)
    for number in range(0, 80, 3):
        alone = vt.replicate(result, design, number)
        np.testing.assert_allclose(mc.scores.iloc[number], alone.scores["V"], rtol=0, atol=1e-12)
        expected = alone.ranks["V"].to_numpy(float, na_value=np.nan)
        np.testing.assert_array_equal(mc.ranks.iloc[number], expected)


@pytest.mark.parametrize("options", [{"chunk": 1}, {"chunk": 300, "workers": 2}, {"workers": 3}])
def test_chunks_and_workers_do_not_change_a_bit(options):
    result = asem.result()
    design = vt.sample_inputs(result, 1500, seed=7, choices={"aggregation": ["arithmetic", "geometric"]})
    base, other = vt.monte_carlo(result, design), vt.monte_carlo(result, design, **options)
    np.testing.assert_array_equal(base.scores, other.scores)
    np.testing.assert_array_equal(base.ranks, other.ranks)


def test_a_design_survives_a_file(tmp_path):
    result = towns()
    choices = {"aggregation": ["arithmetic", {"index": "geometric"}], "left_out": ["", "a1"], "clip": [True, False]}
    design = vt.sample_inputs(result, 30, seed=1, choices=choices)
    design.to_csv(tmp_path / "design.csv")
    again = pd.read_csv(tmp_path / "design.csv", index_col="replicate")
    np.testing.assert_array_equal(vt.monte_carlo(result, again).scores, vt.monte_carlo(result, design).scores)


def test_a_design_made_by_hand():
    result = vt.build_index(MATRIX, FRAMEWORK)
    mc = vt.monte_carlo(result, pd.DataFrame({"weight.A": [1.0, 0.0], "weight.a2": [0.0, 1.0]}))
    # A weighs 2/3 and is a1 alone: u1 (2 * 50 + 37.5) / 3; without A the index is B
    assert mc.scores.iloc[0].tolist() == pytest.approx([137.5 / 3, 100, (40 + 25) / 3])
    assert mc.scores.iloc[1].tolist() == [37.5, 100, 25]


@pytest.mark.parametrize(
    ("design", "error", "message"),
    [
        (pd.DataFrame({"weight.C": [1.0]}), TableError, "unknown column 'weight.C'"),
        (pd.DataFrame({"weight.A": [-1.0]}), TableError, "negative or not a number"),
        (pd.DataFrame({"weight.A": [np.nan]}), TableError, "negative or not a number"),
        (pd.DataFrame({"weight.A": []}), TableError, "no rows"),
        (pd.DataFrame({"aggregation": ["geometrik"]}), MethodError, "Did you mean 'geometric'"),
        (pd.DataFrame({"left_out": ["a9"]}), FrameworkError, "no node 'a9'"),
    ],
)
def test_a_design_that_does_not_fit_is_refused(design, error, message):
    with pytest.raises(error, match=message):
        vt.monte_carlo(towns(), design)


def test_numbers_of_workers_and_rows_are_checked():
    design = vt.sample_inputs(towns(), 3, seed=1)
    with pytest.raises(MethodError, match="workers=0"):
        vt.monte_carlo(towns(), design, workers=0)
    with pytest.raises(TableError, match="no row 3"):
        vt.replicate(towns(), design, 3)


def test_a_dask_cluster_gives_the_same():
    distributed = pytest.importorskip("distributed")
    result = asem.result()
    design = vt.sample_inputs(result, 600, seed=7, choices={"aggregation": ["arithmetic", "geometric"]})
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
    ) as cluster:
        far = vt.monte_carlo(result, design, scheduler=cluster.scheduler_address)
    np.testing.assert_array_equal(far.scores, vt.monte_carlo(result, design).scores)
    with pytest.raises(MethodError, match="does not answer"):
        vt.monte_carlo(result, design, scheduler="tcp://127.0.0.1:1")


# ---------------------------------------------------------------------------------------- what they say


def test_intervals_are_quantiles_of_the_replicates():
    result = towns()
    mc = vt.monte_carlo(result, vt.sample_inputs(result, 400, seed=1))
    for of, table, nominal in (("ranks", mc.ranks, result.ranks), ("scores", mc.scores, result.scores)):
        found = vt.rank_intervals(mc, level=0.8, of=of)
        scored = table.notna().all()
        expected = table.loc[:, scored].quantile([0.1, 0.5, 0.9]).T.to_numpy()
        np.testing.assert_allclose(found.loc[scored, ["low", "median", "high"]], expected)
        assert found.loc[scored, "nominal"].tolist() == nominal.loc[scored, "V"].tolist()
    assert (vt.rank_intervals(mc)["n"][~mc.scores.notna().any()] == 0).all()


def test_probabilities_add_up():
    result = vt.build_index(asem.matrix(), asem.framework(), vt.Method(normalisation="minmax"))
    mc = vt.monte_carlo(result, vt.sample_inputs(result, 300, seed=1))
    ranks = vt.rank_probabilities(mc)
    assert ranks.shape == (51, 51) and ranks.sum(axis=1).tolist() == pytest.approx([1] * 51)
    assert ranks.sum().tolist() == pytest.approx([1] * 51)
    beats = vt.pairwise_probabilities(mc)
    both = (beats + beats.T).to_numpy()
    assert both[~np.eye(51, dtype=bool)] == pytest.approx(np.ones(51 * 50))
    first, second = mc.ranks.columns[0], mc.ranks.columns[1]
    assert beats.loc[first[0], second[0]] == pytest.approx((mc.ranks[first] < mc.ranks[second]).mean())


def test_pairs_of_one_round():
    mc = vt.monte_carlo(towns(), vt.sample_inputs(towns(), 20, seed=1))
    assert vt.pairwise_probabilities(mc, round="2024").shape == (12, 12)
    with pytest.raises(TableError, match="expected one of '2023', '2024'"):
        vt.pairwise_probabilities(mc)


def test_intervals_converge():
    mc = vt.monte_carlo(asem.result(), vt.sample_inputs(asem.result(), 2000, seed=1))
    table = vt.interval_convergence(mc)
    assert table.index[-1] == 2000 and table["shift"].iloc[-1] == 0
    assert table["shift"].iloc[0] > table["shift"].iloc[-3]
    with pytest.raises(MethodError, match="level=1"):
        vt.rank_intervals(mc, level=1)
