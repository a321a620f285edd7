import numpy as np
import pandas as pd
import pytest

import vitality as vt
from tests.analysis.worlds import FRAMEWORK
from vitality.analysis.correlation import estimate_correlation
from vitality.errors import MethodError, TableError

# R datasets::attitude (Chatterjee & Price): 30 departments, 7 items; psych::alpha gives 0.84 on raw scores
ITEMS = ["rating", "complaints", "privileges", "learning", "raises", "critical", "advance"]
ANSWERS = """
43 51 30 39 61 92 45   63 64 51 54 63 73 47   71 70 68 69 76 86 48   61 63 45 47 54 84 35   81 78 56 66 71 83 47
43 55 49 44 54 49 34   58 67 42 56 66 68 35   71 75 50 55 70 66 41   72 82 72 67 71 83 31   67 61 45 47 62 80 41
64 53 53 58 58 67 34   67 60 47 39 59 74 41   69 62 57 42 55 63 25   68 83 83 45 59 77 35   77 77 54 72 79 77 46
81 90 50 72 60 54 36   74 85 64 69 79 79 63   65 60 65 75 55 80 60   65 70 46 57 75 85 46   50 58 68 54 64 78 52
50 40 33 34 43 64 33   64 61 52 62 66 80 41   53 66 52 50 63 80 37   40 37 42 58 50 57 49   63 54 42 48 66 75 33
66 77 66 63 88 76 72   78 75 58 74 80 78 49   48 57 44 45 51 83 38   85 85 71 71 77 74 55   82 82 39 59 64 78 39
"""
ATTITUDE = pd.DataFrame(np.array(ANSWERS.split(), dtype=int).reshape(30, 7), columns=ITEMS)


def test_alpha_of_a_published_scale():
    found = vt.cronbach_alpha(ATTITUDE)
    assert found.alpha == pytest.approx(0.84, abs=0.005) and float(found) == found.alpha
    assert (found.n, found.n_items, found.left_out) == (30, 7, 0)
    assert found.low < found.alpha < found.high < 1 and len(found.without) == 7
    # psych::alpha: alpha if "critical" is dropped is 0.86, if "rating" is dropped 0.81
    assert found.without["critical"] == pytest.approx(0.86, abs=0.006)
    assert found.without["rating"] == pytest.approx(0.81, abs=0.006)


def test_alpha_on_paper_and_its_interval():
    answers = pd.DataFrame({"a": [1, 2, 3, 4, 5], "b": [2, 2, 3, 5, 4], "c": [1, 3, 3, 4, 4]})
    found = vt.cronbach_alpha(answers)
    # variances 2.5, 1.7, 1.5; of the sums 4, 7, 9, 13, 13 15.2: 3/2 (1 - 5.7 / 15.2)
    assert found.alpha == pytest.approx(0.9375)
    # Feldt: F(.975; 4, 8) = 5.0526, F(.025; 4, 8) = 1 / F(.975; 8, 4) = 1 / 8.9796
    assert found.low == pytest.approx(1 - 0.0625 * 5.0526, abs=1e-4)
    assert found.high == pytest.approx(1 - 0.0625 / 8.9796, abs=1e-4)
    assert "0.94" in found.sentence("zh") and "Cronbach" in found.sentence("en")


def test_alpha_leaves_out_gaps_and_counts_them():
    gappy = ATTITUDE.astype(float)
    gappy.iloc[0, 0] = np.nan
    assert vt.cronbach_alpha(gappy).left_out == 1
    assert vt.cronbach_alpha(gappy).alpha == vt.cronbach_alpha(gappy.iloc[1:]).alpha


@pytest.mark.parametrize(
    ("items", "error", "message"),
    [
        (ATTITUDE[["rating"]], TableError, "at least two columns"),
        (ATTITUDE.iloc[:2], TableError, "expected at least 3"),
        (ATTITUDE * 0 + 3, TableError, "the same for everyone"),
        (ATTITUDE.astype(str), TableError, "hold text"),
        ([1, 2], TableError, "found list"),
    ],
)
def test_scales_that_have_no_alpha(items, error, message):
    with pytest.raises(error, match=message):
        vt.cronbach_alpha(items)
    with pytest.raises(MethodError, match="level=2"):
        vt.cronbach_alpha(ATTITUDE, level=2)


def test_kmo_of_equal_correlations_is_a_closed_form():
    # four items, every r exactly 1/2: every partial r is 1/4, so KMO = .25 / (.25 + .0625)
    rng = np.random.default_rng(1)
    basis = np.linalg.qr(rng.normal(size=(80, 5)) - rng.normal(size=(80, 5)).mean(axis=0))[0]
    basis = np.linalg.qr(np.column_stack([np.ones(80), basis]))[0][:, 1:]
    items = pd.DataFrame(basis[:, [0]] + basis[:, 1:5], columns=list("abcd"))
    found = vt.kmo(items)
    assert float(found) == pytest.approx(0.8, abs=1e-9) and found.items.tolist() == pytest.approx([0.8] * 4)


@pytest.mark.parametrize(
    ("items", "message"),
    [
        (ATTITUDE, "30 complete units for 7 variables; expected at least 50"),
        (pd.DataFrame(np.random.default_rng(1).normal(size=(60, 13))), "expected at least 65"),
        (pd.concat([ATTITUDE] * 2).assign(flat=1.0), "'flat' is the same everywhere"),
        (pd.concat([ATTITUDE] * 2).assign(twice=lambda t: t["rating"] * 2), "follows from the others"),
    ],
)
def test_kmo_refuses_and_says_why(items, message):
    with pytest.raises(MethodError, match=message):
        vt.kmo(items)


def result_of(n=24, seed=1):
    rng = np.random.default_rng(seed)
    common = rng.normal(50, 15, n)
    matrix = pd.DataFrame({"a1": common + rng.normal(0, 5, n), "a2": 100 - common, "b1": common}, index=range(n))
    return vt.build_index(matrix.clip(0, 100), FRAMEWORK)


def test_nodes_beside_parents_without_themselves_and_siblings():
    result = result_of()
    table = vt.correlate_tree(result).set_index(["node", "other"])
    row = table.loc[("a1", "A")]  # A without a1 is a2
    scores = result.scores.droplevel("round")
    assert row["estimate"] == estimate_correlation(scores["a1"].to_numpy(), scores["a2"].to_numpy(), "spearman")
    assert row["flag"] == "negative" and row["relation"] == "parent"
    assert table.loc[("a1", "a2"), "flag"] == "opposed"
    assert table.loc[("A", "V"), "n"] == 24 and ("b1", "B") not in table.index


def test_a_twin_is_redundant_and_a_stranger_weak():
    rng = np.random.default_rng(3)
    x = rng.uniform(0, 100, 24)
    tree = vt.framework_from_table(
        pd.DataFrame({"code": ["V", "x", "y", "z"], "parent": ["", "V", "V", "V"], "worst": 0, "best": 100})
    )
    result = vt.build_index(pd.DataFrame({"x": x, "y": x + 1, "z": rng.permutation(x)}), tree)
    flags = vt.correlate_tree(result).set_index(["node", "other"])["flag"]
    assert flags[("x", "y")] == "redundant"
    assert flags[("z", "V")] in ("weak", "negative")


def test_tree_with_constant_indicators_and_few_units():
    matrix = pd.DataFrame({"a1": [50.0] * 6, "a2": np.arange(6.0), "b1": np.arange(6.0)})
    assert np.isnan(vt.correlate_tree(vt.build_index(matrix, FRAMEWORK)).set_index("node").loc["a1", "estimate"]).all()
    few = vt.correlate_tree(vt.build_index(matrix.iloc[:3], FRAMEWORK))
    assert few["estimate"].isna().all() and (few["flag"] == "").all()


def test_components_of_a_dimension():
    table = vt.principal_components(result_of(), lang="en").set_index("indicator")
    # two indicators with correlation r: the first component explains (1 + |r|) / 2
    scores = result_of().normalised
    r = abs(np.corrcoef(scores["a1"], scores["a2"])[0, 1])
    assert table.at["a1", "explained"] == pytest.approx((1 + r) / 2)
    assert abs(table.at["a1", "loading"]) == pytest.approx(((1 + r) / 2) ** 0.5)
    assert np.sign(table.at["a1", "loading"]) != np.sign(table.at["a2", "loading"])
    assert np.isnan(table.at["a1", "kmo"]) and "24 complete units" in table.at["a1", "note"]
    assert "24个完整单位" in vt.principal_components(result_of()).set_index("indicator").at["a1", "note"]
    assert np.isnan(table.at["b1", "loading"]) and "two or more" in table.at["b1", "note"]
