import numpy as np
import pandas as pd
import pytest

import vitality as vt
from tests.index import asem
from tests.index.small import FRAMEWORK, MATRIX
from vitality.errors import MethodError, TableError


def random_result(seed=0, n=40, **options):
    generator = np.random.default_rng(seed)
    common = generator.normal(size=(n, 1))
    values = 50 + 6 * generator.normal(size=(n, 4)) * [1, 2, 0.5, 1] + 4 * common
    tree = pd.DataFrame(
        {
            "code": ["V", "A", "B", "a1", "a2", "b1", "b2"],
            "parent": ["", "V", "V", "A", "A", "B", "B"],
            "weight": [None, 2, 1, 1, 3, 1, 1],
        }
    ).assign(worst=[None] * 3 + [0] * 4, best=[None] * 3 + [100] * 4)
    return vt.build_index(
        pd.DataFrame(values, columns=["a1", "a2", "b1", "b2"]), vt.framework_from_table(tree), vt.Method(**options)
    )


def test_effective_weights_are_shares_of_variance():
    result = random_result()
    table = vt.effective_weights(result)
    scores = result.scores
    for code in ("a1", "a2", "b1", "b2", "A", "B"):
        weight = result.weights.at[code, "global"]
        share = weight * scores[code].cov(scores["V"]) / scores["V"].var()
        assert table.at[code, "effective"] == pytest.approx(share)
    assert table.at["a2", "effective_local"] == pytest.approx(0.75 * scores["a2"].cov(scores["A"]) / scores["A"].var())
    assert table.at["b1", "correlation"] == pytest.approx(scores["b1"].corr(scores["V"]))
    assert table["effective"][["a1", "a2", "b1", "b2"]].sum() == pytest.approx(1)


@pytest.mark.parametrize("aggregation", ["arithmetic", "geometric", "topsis"])
def test_shares_sum_to_one_with_gaps_and_any_aggregation(aggregation):
    matrix = random_result().matrix.copy()
    matrix.iloc[3, 1] = matrix.iloc[7, 0] = np.nan
    table = vt.effective_weights(vt.build_index(matrix, random_result().framework, vt.Method(aggregation=aggregation)))
    for codes in (["a1", "a2", "b1", "b2"], ["A", "B"]):
        assert table.loc[codes, "effective"].sum() == pytest.approx(1, abs=1e-12)
        assert table.groupby("parent")["effective_local"].sum().tolist() == pytest.approx([1, 1, 1])


def test_balanced_weights_reach_the_nominal_influence():
    result = random_result()
    found = vt.balance_weights(result)
    assert found.objective < 1e-9 and found.left == ()
    balanced = vt.rebuild(result, framework=result.framework.with_weights(found.weights))
    table = vt.effective_weights(balanced)
    assert table["effective_local"].tolist() == pytest.approx(result.weights["local"][:-1].tolist(), abs=1e-9)


def test_balanced_weights_of_two_independent_indicators_by_hand():
    # variances 16 and 1, no covariance; shares 0.8 and 0.2: w1^2 16 : w2^2 1 = 4, so that w1 : w2 = 1 : 2
    matrix = pd.DataFrame({"x": [46.0, 46.0, 54.0, 54.0], "y": [49.0, 51.0, 49.0, 51.0]})
    tree = vt.framework_from_table(
        pd.DataFrame({"code": ["V", "x", "y"], "parent": ["", "V", "V"]}).assign(
            worst=[None, 0, 0], best=[None, 100, 100]
        )
    )
    found = vt.balance_weights(vt.build_index(matrix, tree), target={"x": 4, "y": 1})
    assert found.table["weight"].tolist() == pytest.approx([1 / 3, 2 / 3])
    assert found.table["reached"].tolist() == pytest.approx([0.8, 0.2])


def test_balance_by_correlation_as_in_coinr():
    found = vt.balance_weights(random_result(), influence="correlation")
    scores = random_result().scores
    parent = scores[["a1", "a2"]] @ found.table.loc[["a1", "a2"], "weight"]
    correlations = scores[["a1", "a2"]].corrwith(parent)
    assert (correlations / correlations.sum()).tolist() == pytest.approx([0.25, 0.75], abs=found.objective + 1e-6)
    assert (found.table["weight"] >= 0).all()


def test_balance_on_asem_stays_at_zero_or_more():
    found = vt.balance_weights(asem.result())
    assert (found.table["weight"] >= 0).all()
    assert found.objective < 1e-6
    assert found.weights.loc[list(asem.framework().leaves), "global"].sum() == pytest.approx(1)


def test_a_still_indicator_keeps_its_weight_and_is_named():
    result = random_result()
    flat = vt.build_index(result.matrix.assign(b2=40.0), result.framework)
    found = vt.balance_weights(flat)
    assert found.left == ("b2",) and found.table.at["b2", "weight"] == pytest.approx(0.5)
    assert found.objective < 1e-9 or found.table.at["b1", "reached"] == pytest.approx(1)


def test_what_cannot_be_balanced_is_refused():
    with pytest.raises(MethodError, match="arithmetic aggregation"):
        vt.balance_weights(random_result(aggregation="geometric"))
    with pytest.raises(TableError, match="unknown 'a3'"):
        vt.balance_weights(random_result(), target={"a3": 1.0})
    with pytest.raises(TableError, match="one for each"):
        vt.balance_weights(random_result(), target={"a1": 1.0})
    with pytest.raises(MethodError, match="Did you mean 'variance'"):
        vt.balance_weights(random_result(), influence="varianz")
    with pytest.raises(TableError, match="expected three or more"):
        vt.effective_weights(vt.build_index(MATRIX.iloc[:2], FRAMEWORK))
