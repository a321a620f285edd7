import numpy as np
import pytest
from scipy import stats

from vitality.analysis.bootstrap import _shortened, bootstrap_intervals, resample_counts, weighted_correlations
from vitality.analysis.correlation import estimate_correlation, midranks

PEERS = {"pearson": stats.pearsonr, "spearman": stats.spearmanr, "kendall": stats.kendalltau}
NONE = np.empty((24, 0))


def sides(seed=0):
    generator = np.random.default_rng(seed)
    return generator.integers(0, 4, size=(24, 2)).astype(float), generator.normal(size=(24, 2))


@pytest.mark.parametrize("method", PEERS)
def test_counts_stand_for_the_rows_that_they_count(method):
    x, y = sides()
    counts = resample_counts(24, 6, seed=1)
    found = weighted_correlations(x, y, counts, method=method, controls=NONE)
    for draw, row in enumerate(counts):
        drawn = np.repeat(np.arange(24), row)
        for i, j in np.ndindex(2, 2):
            expected = PEERS[method](x[drawn, i], y[drawn, j]).statistic
            assert found[draw, i, j] == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("method", ["pearson", "spearman"])
def test_controls_are_fitted_anew_in_each_resample(method):
    x, y = sides()
    held = np.random.default_rng(5).normal(size=(24, 2))
    counts = resample_counts(24, 3, seed=2)
    found = weighted_correlations(x, y, counts, method=method, controls=held)
    for draw, row in enumerate(counts):
        drawn = np.repeat(np.arange(24), row)
        own = midranks(held[drawn]) if method == "spearman" else held[drawn]
        assert found[draw, 0, 0] == pytest.approx(estimate_correlation(x[drawn, 0], y[drawn, 0], method, own), abs=1e-9)


@pytest.mark.parametrize("method", PEERS)
def test_a_unit_left_out_is_a_count_of_zero(method):
    x, y = sides()
    counts = np.ones((1, 24), dtype=np.int16)
    counts[0, 3] = 0
    found = weighted_correlations(x, y, counts, method=method, controls=NONE)[0, 0, 0]
    assert found == pytest.approx(PEERS[method](np.delete(x[:, 0], 3), np.delete(y[:, 0], 3)).statistic, abs=1e-10)


def test_strata_keep_their_sizes():
    strata = np.repeat([0, 1, 2], [12, 11, 1])
    counts = resample_counts(24, 50, seed=3, strata=strata)
    assert (counts[:, strata == 0].sum(axis=1) == 12).all() and (counts[:, strata == 2] == 1).all()


def test_interval_agrees_with_the_bca_of_scipy():
    generator = np.random.default_rng(8)
    x = generator.normal(size=60)
    y = 0.6 * x + generator.normal(size=60)
    low, high = bootstrap_intervals(x[:, None], y[:, None], method="spearman", draws=9999, seed=1)
    peer = stats.bootstrap(
        (x, y), lambda a, b: stats.spearmanr(a, b).statistic, paired=True, vectorized=False, n_resamples=4999, rng=2
    ).confidence_interval
    assert (low[0, 0], high[0, 0]) == pytest.approx((peer.low, peer.high), abs=0.02)


@pytest.mark.parametrize("method", PEERS)
def test_results_do_not_depend_on_chunks_and_company(method, monkeypatch):
    x, y = sides()
    whole = bootstrap_intervals(x, y, method=method, draws=300, seed=4)
    alone = bootstrap_intervals(x[:, [1]], y[:, [0]], method=method, draws=300, seed=4)
    monkeypatch.setattr("vitality.analysis.bootstrap.CHUNK", 500)
    chunked = bootstrap_intervals(x, y, method=method, draws=300, seed=4)
    np.testing.assert_allclose(np.array(whole), np.array(chunked), rtol=0, atol=1e-12)
    assert (alone[0][0, 0], alone[1][0, 0]) == pytest.approx((whole[0][1, 0], whole[1][1, 0]), abs=1e-12)


def test_no_interval_where_resamples_have_no_spread():
    x, y = np.zeros((24, 1)), sides()[1][:, :1]
    x[0] = 1  # one unit of 24 has the resource: it is missing in a third of the resamples
    assert np.isnan(bootstrap_intervals(x, y, method="spearman", draws=500, seed=1)).all()
    line = np.arange(24.0)[:, None]
    assert np.isnan(bootstrap_intervals(line, line, method="pearson", draws=500, seed=1)).all()


@pytest.mark.parametrize("method", PEERS)
def test_intervals_cover_the_truth(method):
    """Normal pairs with r = 0.5, n = 24, two strata; the long simulation is in docs/calibration.md."""
    truth = {"pearson": 0.5, "spearman": 6 / np.pi * np.arcsin(0.25), "kendall": 2 / np.pi * np.arcsin(0.5)}[method]
    covered = 0
    for seed in range(150):
        pairs = np.random.default_rng(seed).multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], 24)
        low, high = bootstrap_intervals(
            pairs[:, :1], pairs[:, 1:], method=method, draws=500, seed=seed, strata=np.repeat([0, 1], 12)
        )
        covered += low[0, 0] <= truth <= high[0, 0]
    assert covered >= 134  # binomial with 95 %: fewer than 134 of 150 has probability 0.2 %


@pytest.mark.parametrize("strata", [None, np.repeat([0, 1], 12)])
def test_the_bootstrap_of_tau_is_shortened_to_the_spread_that_tau_has(strata):
    """Over many data sets of independent sides: the variance of tau beside the mean of its estimates."""
    means = 1 if strata is None else 2
    taus, plain, short = [], [], []
    for seed in range(250):
        x, y = np.random.default_rng(seed).normal(size=(2, 24))
        taus.append(estimate_correlation(x, y, "kendall", strata=strata))
        drawn = weighted_correlations(
            x[:, None], y[:, None], resample_counts(24, 300, seed=seed, strata=strata), method="kendall",
            controls=np.empty((24, 0)), strata=strata,
        )[:, 0, 0]  # fmt: skip
        plain.append(drawn.var() * 24 / (24 - means))
        short.append(plain[-1] * _shortened(x, y, strata) ** 2)
    ratio = np.array([np.mean(plain), np.mean(short)]) / np.var(taus)
    assert ratio[0] > 1.2 and ratio[1] == pytest.approx(1, abs=0.2)  # standard error of a variance of 250: 9 %
