from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.weights.reference import cases
from vitality.errors import MethodError, TableError
from vitality.weights import entropy_weights

ENTROPY = cases("entropy")
BY_HAND = cases("chinese_sources")["K10"]
GAMMA = pd.DataFrame(np.random.default_rng(3).gamma(2, 1, (40, 5)), columns=list("abcde"))


@pytest.mark.parametrize("case", ENTROPY.values(), ids=ENTROPY)
def test_published_tables(case):
    options = {"normalisation": "minmax", "margin": 0.002} if case["input"]["options"] else {"normalisation": "shares"}
    found = entropy_weights(case["input"]["matrix"], direction=case["input"].get("direction"), **options)
    np.testing.assert_allclose(found.weights, case["expected"]["weights"], atol=1e-12)
    np.testing.assert_allclose(found.details["entropy"], case["expected"]["entropy"], atol=1e-12)
    if "published" in case:
        np.testing.assert_allclose(found.weights, case["published"]["weights"], atol=case["published_tol"])


@pytest.mark.parametrize(
    "options, key",
    [
        ({"normalisation": "minmax", "shift": 0.01}, "minmax_shift_0_01"),
        ({"normalisation": "minmax", "shift": 1.0}, "minmax_shift_1"),
    ],
)
def test_the_shift_moves_the_weights_as_computed_by_hand(options, key):
    found = entropy_weights(BY_HAND["data"], **options)
    np.testing.assert_allclose(found.weights, BY_HAND["expected"][key], atol=5.1e-5)
    assert found.recipe["shift"] == options["shift"]


def test_raw_shares_as_computed_by_hand():
    found = entropy_weights(BY_HAND["data"], normalisation="shares")
    np.testing.assert_allclose(found.weights, BY_HAND["expected"]["shares_on_raw"]["w"], atol=5.1e-5)
    np.testing.assert_allclose(found.details["entropy"], BY_HAND["expected"]["shares_on_raw"]["e"], atol=5.1e-5)


def test_the_definition_written_out():
    z = (GAMMA - GAMMA.min()) / (GAMMA.max() - GAMMA.min())
    p = z / z.sum()
    e = -(p * np.log(p.where(p > 0, 1))).sum() / np.log(len(p))
    pd.testing.assert_series_equal(
        entropy_weights(GAMMA).weights, (1 - e) / (1 - e).sum(), check_names=False, rtol=1e-10
    )


@pytest.mark.parametrize("signs", [["benefit", "cost"], [1, -1], ["+", "-"], pd.Series({"y": -1.0, "x": 1.0})])
def test_a_cost_column_is_turned_around(signs):
    matrix = pd.DataFrame({"x": [1, 2, 4, 9], "y": [3, 5, 6, 20]})
    turned = entropy_weights(matrix.assign(y=-matrix["y"]))
    found = entropy_weights(matrix, direction=signs)
    pd.testing.assert_series_equal(found.weights, turned.weights, rtol=1e-12)
    assert found.recipe["direction"] == {"x": "benefit", "y": "cost"}
    assert found.weights["y"] != pytest.approx(entropy_weights(matrix).weights["y"])


def test_cost_shares_are_those_of_reciprocals():
    matrix = pd.DataFrame({"x": [1.0, 2, 4], "y": [3.0, 5, 6]})
    found = entropy_weights(matrix, direction={"x": 1, "y": -1}, normalisation="shares")
    plain = entropy_weights(matrix.assign(y=1 / matrix["y"]), normalisation="shares")
    pd.testing.assert_series_equal(found.weights, plain.weights, rtol=1e-12)


@pytest.mark.parametrize("normalisation", ["minmax", "shares"])
def test_a_constant_column_weighs_exactly_nothing(normalisation):
    found = entropy_weights(GAMMA.assign(f=0.1), normalisation=normalisation)
    assert found.weights["f"] == 0.0
    pd.testing.assert_series_equal(
        found.weights.drop("f"), entropy_weights(GAMMA, normalisation=normalisation).weights, rtol=1e-12
    )
    assert any("do not differ on 'f'" in text for text in found.warnings)


def test_minmax_weights_do_not_know_the_unit():
    scaled = GAMMA * [1, 1000, 0.01, 1, 1] + [0, 7, -3, 0, 0]
    np.testing.assert_allclose(entropy_weights(scaled).weights, entropy_weights(GAMMA).weights, rtol=1e-9)


def test_reordering_reorders():
    shuffled = GAMMA.sample(frac=1, random_state=1)[list("cabed")]
    np.testing.assert_allclose(
        entropy_weights(shuffled).weights[list("abcde")], entropy_weights(GAMMA).weights, rtol=1e-12
    )


def test_gaps_are_refused_or_left_out():
    gappy = GAMMA.copy()
    gappy.iloc[[3, 7], 1] = np.nan
    with pytest.raises(TableError, match=r"row 3 column 'b', row 7 column 'b' have no value.*Impute"):
        entropy_weights(gappy)
    found = entropy_weights(gappy, missing="omit")
    assert found.details["n_units"].tolist() == [40, 38, 40, 40, 40]
    alone = entropy_weights(GAMMA[["b"]].drop([3, 7]).assign(x=range(38)))
    assert found.details.at["b", "entropy"] == pytest.approx(alone.details.at["b", "entropy"], rel=1e-12)


def test_cautions_say_what_is_wrong():
    zeros = pd.DataFrame({"x": [0.0] * 17 + [1, 2, 3], "y": np.linspace(1, 2, 20)})
    found = entropy_weights(zeros, normalisation="shares")
    assert found.weights["x"] > 0.9 and found.details.at["x", "zero_share"] == 0.85
    assert any("'x' carries" in text for text in found.warnings)
    assert any("zeros carry the weight of 'x'" in text for text in found.warnings)
    even = entropy_weights(1000 + GAMMA, normalisation="shares")
    assert any("every entropy is above 0.9" in text for text in even.warnings)
    assert any("熵值均高于" in text for text in even.warning_texts("zh"))
    assert entropy_weights(BY_HAND["data"], normalisation="minmax", shift=1).warnings[0].startswith("every entropy")


@pytest.mark.parametrize(
    "matrix, options, message",
    [
        (pd.DataFrame({"x": [1, np.inf]}), {}, r"row 1 column 'x' is infinite"),
        (pd.DataFrame({"x": [1, 2], "y": ["a", "b"]}), {}, "columns 'y' hold text"),
        (pd.DataFrame({"x": [1]}), {}, "found 1 units"),
        (pd.DataFrame({"x": [1, 1], "y": [2, 2]}), {}, "every column is constant"),
        (pd.DataFrame([[1, 2], [2, 3]], columns=["x", "x"]), {}, "'x' are there twice"),
        (pd.DataFrame({"x": [-1, 2]}), {"normalisation": "shares"}, "row 0 column 'x' is -1"),
        (pd.DataFrame({"x": [0, 2]}), {"normalisation": "shares", "direction": [-1]}, "reciprocal"),
    ],
)
def test_unusable_tables_are_refused(matrix, options, message):
    with pytest.raises(TableError, match=message):
        entropy_weights(matrix, **options)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"normalisation": "min-max"}, "Did you mean 'minmax'"),
        ({"missing": "drop"}, "missing='drop'"),
        ({"shift": -1}, "shift=-1"),
        ({"margin": 0.5}, "margin=0.5"),
        ({"margin": 0.1, "normalisation": "shares"}, "belongs to"),
        ({"direction": ["interval"] + ["benefit"] * 4}, "'a' is 'interval'; map it to its score first"),
        ({"direction": ["benefits"] * 5}, "Did you mean 'benefit'"),
        ({"direction": [1, 1]}, "2 given for 5 columns"),
        ({"direction": {"a": 1}}, "none for 'b'"),
    ],
)
def test_wrong_options_are_refused(options, message):
    with pytest.raises(MethodError, match=message):
        entropy_weights(GAMMA, **options)


def test_inputs_are_not_changed_and_the_result_shows_itself():
    before = GAMMA.copy()
    found = entropy_weights(GAMMA, direction=[-1, 1, 1, 1, 1], shift=0.01, margin=0.01)
    pd.testing.assert_frame_equal(GAMMA, before)
    assert "divergence" in found._repr_html_()
