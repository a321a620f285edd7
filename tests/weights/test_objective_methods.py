"""CRITIC, CV, SD, PCA, MEREC, CILOS, IDOCRIW, Gini: published tables, definitions, hostile input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import vitality.weights as weights
from tests.weights.reference import cases, read
from vitality.errors import MethodError, TableError
from vitality.weights import (
    cilos_weights,
    critic_weights,
    cv_weights,
    gini_weights,
    idocriw_weights,
    merec_weights,
    pca_weights,
    sd_weights,
)

OTHER, PUBLISHED = cases("objective_other"), cases("objective_published")
GAMMA = pd.DataFrame(np.random.default_rng(3).gamma(2, 1, (40, 5)) + 0.1, columns=list("abcde"))
METHODS = {
    name: getattr(weights, f"{name}_weights")
    for name in ("entropy", "critic", "cv", "sd", "pca", "merec", "cilos", "idocriw", "gini")
}


@pytest.mark.parametrize(
    ("name", "method"), [("critic_diakoulaki", critic_weights), ("cilos", cilos_weights), ("cv", cv_weights)]
)
def test_reference_tables(name, method):
    case = OTHER[name]
    found = method(case["input"]["matrix"], direction=case["input"].get("direction"))
    np.testing.assert_allclose(found.weights, case["expected"]["weights"], atol=case["tol"])
    np.testing.assert_allclose(found.weights, case["published"]["weights"], atol=case["published_tol"])


@pytest.mark.parametrize("case", PUBLISHED.values(), ids=PUBLISHED)
def test_published_tables(case):
    found = METHODS[case["method"]](case["matrix"], **case["options"])
    np.testing.assert_allclose(found.weights, case["published"], atol=case["tol"])


def test_critic_written_out():
    z = (GAMMA - GAMMA.min()) / (GAMMA.max() - GAMMA.min())
    z["b"] = 1 - z["b"]
    information = z.std() * (1 - z.corr()).sum()
    found = critic_weights(GAMMA, direction={**dict.fromkeys("acde", 1), "b": -1})
    np.testing.assert_allclose(found.weights, information / information.sum(), rtol=1e-10)
    ranked = z.std() * (1 - z.corr("spearman")).sum()
    found = critic_weights(GAMMA, direction={**dict.fromkeys("acde", 1), "b": -1}, correlation="spearman")
    np.testing.assert_allclose(found.weights, ranked / ranked.sum(), rtol=1e-10)
    plain = GAMMA.std() * (1 - GAMMA.corr().abs()).sum()
    found = critic_weights(GAMMA, normalisation="none", conflict="absolute")
    np.testing.assert_allclose(found.weights, plain / plain.sum(), rtol=1e-10)


def test_two_opposite_indicators_have_all_the_conflict_unless_it_is_absolute():
    matrix = pd.DataFrame({"x": [1.0, 2, 3], "y": [3.0, 2, 1], "z": [1.0, 3, 2]})
    assert critic_weights(matrix).details["conflict"]["x"] == pytest.approx(2 + 0.5)
    assert critic_weights(matrix, conflict="absolute").details["conflict"]["x"] == pytest.approx(0 + 0.5)


def test_perfectly_correlated_columns_leave_critic_nothing():
    with pytest.raises(TableError, match="perfectly correlated"):
        critic_weights({"x": [1, 2, 3], "y": [2, 4, 6]})


def test_spread_written_out():
    z = (GAMMA - GAMMA.min()) / (GAMMA.max() - GAMMA.min())
    np.testing.assert_allclose(sd_weights(GAMMA).weights, z.std() / z.std().sum(), rtol=1e-12)
    raw = sd_weights(GAMMA, normalisation="none")
    np.testing.assert_allclose(raw.weights, GAMMA.std() / GAMMA.std().sum(), rtol=1e-12)
    turned = 1 - z
    found = cv_weights(GAMMA, normalisation="minmax", direction=[-1] * 5)
    variation = turned.std() / turned.mean()
    np.testing.assert_allclose(found.weights, variation / variation.sum(), rtol=1e-10)


def test_gini_written_out():
    pairs = np.abs(GAMMA.to_numpy()[:, None] - GAMMA.to_numpy()[None]).sum(axis=(0, 1))
    gini = pairs / (2 * len(GAMMA) ** 2 * GAMMA.mean())
    np.testing.assert_allclose(gini_weights(GAMMA).details["gini"], gini, rtol=1e-10)


def test_pca_written_out():
    values, vectors = np.linalg.eigh(GAMMA.corr())
    values, vectors = values[::-1], vectors[:, ::-1]
    kept = (values > 1).sum()
    share = values[:kept] / values[:kept].sum()
    found = pca_weights(GAMMA)
    loadings = vectors * np.sqrt(values)
    told = np.abs(loadings[:, :kept]) / np.sqrt(values[:kept]) @ share
    np.testing.assert_allclose(found.weights, told / told.sum(), rtol=1e-10)
    assert found.recipe["kept"] == kept
    np.testing.assert_allclose(found.recipe["eigenvalues"], values, rtol=1e-10)
    assert found.recipe["explained"] == pytest.approx(values[:kept].sum() / 5)
    # over all components the squared loadings of a standardised column sum to its variance, 1
    even = pca_weights(GAMMA, components=5, loadings="squared")
    np.testing.assert_allclose(even.weights, 0.2, rtol=1e-10)
    np.testing.assert_allclose(even.details["communality"], 1, rtol=1e-10)


def test_pca_does_not_depend_on_the_sign_of_an_eigenvector_or_of_a_column():
    turned = GAMMA.assign(c=-GAMMA["c"])
    pd.testing.assert_series_equal(pca_weights(turned).weights, pca_weights(GAMMA).weights, rtol=1e-9)
    assert (pca_weights(turned, components=5).weights > 0).all()


def test_pca_components_by_number_and_by_share():
    values = np.array(pca_weights(GAMMA).recipe["eigenvalues"])
    assert pca_weights(GAMMA, components=3).recipe["kept"] == 3
    assert pca_weights(GAMMA, components=0.8).recipe["kept"] == int((values.cumsum() / 5 < 0.8).sum()) + 1
    for wrong in (0, 6, 1.5, True, "all"):
        with pytest.raises(MethodError, match="components="):
            pca_weights(GAMMA, components=wrong)


def test_signed_loadings_are_refused_when_a_weight_turns_negative():
    x = np.arange(10.0)
    noise = np.random.default_rng(0).normal(size=10)
    matrix = {"x": x, "y": x + noise, "z": -x + noise}
    with pytest.raises(TableError, match="'z' a negative weight"):
        pca_weights(matrix, loadings="signed", components=1)
    turned = pca_weights(matrix, loadings="signed", components=1, direction=[1, 1, -1])
    plain = pca_weights(matrix, components=1)
    np.testing.assert_allclose(turned.weights, plain.weights, rtol=1e-10)


def test_merec_written_out():
    best = np.log(GAMMA.min() / GAMMA).abs()
    whole = np.log(1 + best.mean(axis=1))
    effect = [(np.log(1 + best.drop(columns=c).sum(axis=1) / 5) - whole).abs().sum() for c in GAMMA]
    np.testing.assert_allclose(merec_weights(GAMMA).details["removal_effect"], effect, rtol=1e-10)


def test_cilos_solves_its_equations():
    found = cilos_weights(GAMMA)
    best = GAMMA.loc[found.details["best_unit"]].to_numpy()
    loss = (np.diag(best) - best) / np.diag(best)
    q = found.weights.to_numpy()
    np.testing.assert_allclose(loss @ q, loss.sum(axis=0) * q, atol=1e-12)


def test_idocriw_is_the_product_of_its_parts():
    found = idocriw_weights(GAMMA, direction=[1, 1, -1, 1, 1])
    entropy = weights.entropy_weights(GAMMA, normalisation="shares").weights
    product = entropy * cilos_weights(GAMMA, direction=[1, 1, -1, 1, 1]).weights
    np.testing.assert_allclose(found.weights, product / product.sum(), rtol=1e-10)


@pytest.mark.parametrize("name", METHODS)
def test_a_constant_column_weighs_nothing_and_changes_nothing(name):
    options = {"normalisation": "shares"} if name == "entropy" else {}
    found = METHODS[name](GAMMA.assign(f=0.1), **options)
    assert found.weights["f"] == 0.0
    np.testing.assert_allclose(found.weights.drop("f"), METHODS[name](GAMMA, **options).weights, rtol=1e-10)
    assert any("'f'" in text and "weight 0" in text for text in found.warnings)
    assert found.recipe["constant_columns"] == "weight 0"
    noisy = 0.1 * (1 + 1e-16 * np.arange(40))
    assert METHODS[name](GAMMA.assign(f=noisy), **options).weights["f"] == 0.0
    with pytest.raises(TableError, match="do not differ on 'f'"):
        METHODS[name](GAMMA.assign(f=0.1), constant="raise")


@pytest.mark.parametrize("name", METHODS)
def test_hostile_tables_are_refused_with_their_place(name):
    method = METHODS[name]
    for matrix, message in (
        (GAMMA.assign(a=GAMMA["a"].where(GAMMA.index != 3)), "row 3 column 'a' has no value"),
        (GAMMA.assign(a=np.where(GAMMA.index == 3, np.inf, GAMMA["a"])), "row 3 column 'a' is infinite"),
        (GAMMA.assign(a="x"), "columns 'a' hold text"),
        (GAMMA.head(1), "found 1 units"),
        (GAMMA.assign(a=1.0)[["a"]], "every column is constant"),
        ([[1, 2], [3]], "equal length"),
        ([[1, None], [2, 3]], "row 0 column 1 has no value"),
    ):
        with pytest.raises(TableError, match=message) as refusal:
            method(matrix)
        assert refusal.value.zh
    with pytest.raises(MethodError, match="expected 'benefit' or 'cost'"):
        method(GAMMA, direction=["up"] * 5)
    with pytest.raises(MethodError, match="2 given for 5 columns"):
        method(GAMMA, direction=[1, 1])
    with pytest.raises(MethodError, match="missing='drop'"):
        method(GAMMA, missing="drop")


@pytest.mark.parametrize("name", METHODS)
def test_kinds_of_input_agree(name):
    expected = METHODS[name](GAMMA).weights.to_numpy()
    for matrix in (
        GAMMA.to_numpy(),
        GAMMA.to_numpy().tolist(),
        dict(GAMMA),
        np.asfortranarray(GAMMA),
        GAMMA.astype(object),
    ):
        np.testing.assert_allclose(METHODS[name](matrix).weights, expected, rtol=1e-10)
    before = GAMMA.copy()
    METHODS[name](GAMMA, direction="cost")
    pd.testing.assert_frame_equal(GAMMA, before)


@pytest.mark.parametrize("name", METHODS)
def test_one_column_takes_all(name):
    assert METHODS[name]({"x": [1.0, 2.0, 4.0]}).weights.tolist() == [1.0]


@pytest.mark.parametrize("name", ["critic", "pca", "merec", "cilos", "idocriw"])
def test_methods_that_compare_columns_leave_out_units_with_gaps(name):
    gappy = GAMMA.copy()
    gappy.loc[[3, 7], "b"] = np.nan
    found = METHODS[name](gappy, missing="omit")
    np.testing.assert_allclose(found.weights, METHODS[name](GAMMA.drop([3, 7])).weights, rtol=1e-10)
    assert found.recipe["units_left_out"] == 2 and found.details["n_units"].tolist() == [38] * 5


@pytest.mark.parametrize("name", ["cv", "sd", "gini"])
def test_methods_that_look_at_single_columns_use_what_each_has(name):
    gappy = GAMMA.copy()
    gappy.loc[[3, 7], "b"] = np.nan
    found = METHODS[name](gappy, missing="omit")
    column = {"cv": "variation", "sd": "deviation", "gini": "gini"}[name]
    assert found.details.loc["b", column] == pytest.approx(
        METHODS[name](GAMMA.drop([3, 7])).details.loc["b", column], rel=1e-10
    )
    assert found.details["n_units"].tolist() == [40, 38, 40, 40, 40]


@pytest.mark.parametrize("name", ["merec", "cilos", "idocriw", "cv", "gini"])
def test_negatives_are_refused_or_shifted_on_record(name):
    negative = GAMMA.assign(a=GAMMA["a"] - 1)
    with pytest.raises(TableError, match="column 'a' is -.*Choose negatives='shift'"):
        METHODS[name](negative)
    found = METHODS[name](negative, negatives="shift")
    shifted = negative["a"] - negative["a"].min() + 0.01
    np.testing.assert_allclose(found.weights, METHODS[name](GAMMA.assign(a=shifted)).weights, rtol=1e-9)
    assert found.recipe["shifted"] == {"a": pytest.approx(0.01 - negative["a"].min())}


def test_zeros_where_a_logarithm_or_a_quotient_needs_more():
    zero = GAMMA.assign(a=GAMMA["a"] - GAMMA["a"].min())
    with pytest.raises(TableError, match="column 'a' is 0.*Choose zeros='shift'"):
        merec_weights(zero)
    assert merec_weights(zero, zeros="shift").recipe["shifted"] == {"a": pytest.approx(0.01)}
    assert cilos_weights(zero).weights["a"] > 0
    with pytest.raises(TableError, match="because a cost enters as min / x"):
        cilos_weights(zero, direction=[-1, 1, 1, 1, 1])
    assert cilos_weights(zero, direction=[-1, 1, 1, 1, 1], zeros="shift").recipe["shifted"] == {
        "a": pytest.approx(0.01)
    }


def test_entropy_of_shares_after_the_shift_of_spssau():
    matrix = pd.DataFrame({"x": [-2.0, 0, 3], "y": [1.0, 2, 4]})
    found = weights.entropy_weights(matrix, normalisation="shares", negatives="shift")
    plain = weights.entropy_weights(matrix.assign(x=[0.01, 2.01, 5.01]), normalisation="shares")
    np.testing.assert_allclose(found.weights, plain.weights, rtol=1e-12)


def test_mean_of_zero_has_no_coefficient_of_variation():
    with pytest.raises(TableError, match="mean of 'x' is 0"):
        cv_weights({"x": [-1.0, 1.0], "y": [1.0, 2.0]}, negatives="keep")


def test_cilos_refuses_a_unit_that_is_best_on_everything():
    with pytest.raises(TableError, match="the same unit is best"):
        cilos_weights([[3, 30, 9], [1, 20, 4], [2, 10, 5]])


def test_cilos_cautions_about_ties():
    found = cilos_weights([[3, 10, 1], [3, 20, 4], [2, 30, 5]])
    assert any("several units are best on 0" in text for text in found.warnings)


def test_one_pass_over_many_rows_gives_what_plain_numpy_gives():
    table = np.random.default_rng(0).gamma(2, 1, (20_003, 7))
    for layout in (table, np.asfortranarray(table)):
        p = layout / layout.sum(axis=0)
        e = -(p * np.log(p)).sum(axis=0) / np.log(len(p))
        found = weights.entropy_weights(layout, normalisation="shares")
        np.testing.assert_allclose(found.details["entropy"], e, rtol=1e-10)
        np.testing.assert_allclose(
            critic_weights(layout).details["conflict"], (1 - np.corrcoef(layout.T)).sum(axis=0), rtol=1e-10
        )


def test_entropy_makes_no_second_copy_of_the_table():
    import tracemalloc

    table = np.random.default_rng(0).gamma(2, 1, (200_000, 20))
    tracemalloc.start()
    weights.entropy_weights(table)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < table.nbytes / 4


def test_sentences_and_display():
    found = critic_weights(GAMMA)
    assert "CRITIC" in found.sentence("zh") and "from 40 units" in found.sentence("en")
    assert found.sentence("zh") in found._repr_html_()
    assert "甲" in critic_weights(GAMMA).sentence("zh", names={"a": "甲"})


def test_improved_entropy_only_flattens():
    e = weights.entropy_weights(GAMMA).details["entropy"]
    raw = e.sum() + 1 - 2 * e
    found = weights.entropy_weights(GAMMA, formula="improved")
    np.testing.assert_allclose(found.weights, raw / raw.sum(), rtol=1e-12)
    assert found.weights.std() < weights.entropy_weights(GAMMA).weights.std() / 5
    assert weights.entropy_weights(GAMMA.assign(f=1.0), formula="improved").weights["f"] == 0


def test_a_column_that_nearly_nobody_has_weighs_nothing():
    found = weights.entropy_weights(GAMMA.assign(f=np.nan), missing="omit")
    assert found.weights["f"] == 0 and "fewer than two units have 'f': weight 0." in found.warnings


PEERS = cases("peer_run")


@pytest.mark.parametrize("case", PEERS.values(), ids=PEERS)
def test_other_packages_give_the_same_for_one_table(case):
    found = METHODS[case["method"]](read("peer_run")["matrix"], **case["options"])
    np.testing.assert_allclose(found.weights, case["weights"], rtol=1e-8)
