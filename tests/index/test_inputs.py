"""Hostile input: whatever is handed over, one clear refusal of the package, never a fault inside it."""

import numpy as np
import pandas as pd
import pytest

import vitality as vt
from tests.index.small import FRAMEWORK, MATRIX, NORMALISED, TREE
from vitality.errors import VitalityError

RESULT = vt.build_index(MATRIX, FRAMEWORK)
WEIGHTS = FRAMEWORK.weights()
SCALE = RESULT.scale
MINMAX = vt.Method(normalisation="minmax")
DESIGN = vt.sample_inputs(RESULT, 5, seed=1)
MC = vt.monte_carlo(RESULT, DESIGN)

CALLS = {
    "aggregate an array": lambda: vt.aggregate(NORMALISED.to_numpy(), WEIGHTS, FRAMEWORK),
    "aggregate an infinite value": lambda: vt.aggregate(NORMALISED.assign(a1=np.inf), WEIGHTS, FRAMEWORK),
    "aggregate text": lambda: vt.aggregate(NORMALISED.astype(str), WEIGHTS, FRAMEWORK),
    "weights by position": lambda: vt.aggregate(NORMALISED, WEIGHTS["local"].to_numpy(), FRAMEWORK),
    "weights with a gap": lambda: vt.aggregate(NORMALISED, WEIGHTS["local"].where(WEIGHTS.index != "a1"), FRAMEWORK),
    "weights as text": lambda: vt.aggregate(NORMALISED, WEIGHTS["local"].astype(str) + "x", FRAMEWORK),
    "weights without a column local": lambda: vt.aggregate(NORMALISED, WEIGHTS[["global"]], FRAMEWORK),
    "aggregation None": lambda: vt.aggregate(NORMALISED, WEIGHTS, FRAMEWORK, aggregation=None),
    "aggregation as a list": lambda: vt.aggregate(NORMALISED, WEIGHTS, FRAMEWORK, aggregation=["geometric"]),
    "a framework by its name": lambda: vt.aggregate(NORMALISED, WEIGHTS, "redcross"),
    "normalise an array": lambda: vt.normalise(MATRIX.to_numpy(), SCALE),
    "normalise text": lambda: vt.normalise(MATRIX.astype(str), SCALE),
    "normalise an infinite value": lambda: vt.normalise(MATRIX.assign(a1=np.inf), SCALE),
    "normalise a doubled column": lambda: vt.normalise(pd.concat([MATRIX, MATRIX], axis=1), SCALE),
    "a scale without best": lambda: vt.normalise(MATRIX, SCALE[["worst"]]),
    "a doubled scale": lambda: vt.normalise(MATRIX, pd.concat([SCALE, SCALE])),
    "an endless scale": lambda: vt.normalise(MATRIX, SCALE.replace(0, np.inf)),
    "a scale as a dict": lambda: vt.normalise(MATRIX, {"a1": (0, 1)}),
    "fit_scale with an unknown column": lambda: vt.fit_scale(MATRIX.rename(columns={"a1": "a9"}), FRAMEWORK),
    "fit_scale with an infinite value": lambda: vt.fit_scale(MATRIX.assign(a1=np.inf), FRAMEWORK, MINMAX),
    "fit_scale with a method by its name": lambda: vt.fit_scale(MATRIX, FRAMEWORK, "minmax"),
    "fit_scale with doubled units": lambda: vt.fit_scale(pd.concat([MATRIX, MATRIX]), FRAMEWORK, MINMAX),
    "treat an array": lambda: vt.treat(MATRIX.to_numpy()),
    "treat text": lambda: vt.treat(MATRIX.astype(str)),
    "treat an infinite value": lambda: vt.treat(MATRIX.assign(a1=[1, 2, np.inf])),
    "a threshold as text": lambda: vt.treat(MATRIX, skewness="2"),
    "a threshold that is no number": lambda: vt.treat(MATRIX, kurtosis=np.nan),
    "impute an array": lambda: vt.impute(MATRIX.to_numpy(), method="mean"),
    "impute text": lambda: vt.impute(MATRIX.astype(str), method="mean"),
    "groups by position": lambda: vt.impute(
        MATRIX.assign(a1=[1, np.nan, 2]), method="group_mean", group=["a", "b", "b"]
    ),
    "screen an array": lambda: vt.screen(MATRIX.to_numpy()),
    "denominators None": lambda: vt.denominate(MATRIX, FRAMEWORK, None),
    "build with a method by its name": lambda: vt.build_index(MATRIX, FRAMEWORK, "geometric"),
    "build with a dict": lambda: vt.build_index(MATRIX, FRAMEWORK, {"aggregation": "geometric"}),
    "build without a framework": lambda: vt.build_index(MATRIX, None),
    "units by position": lambda: vt.build_index(MATRIX, FRAMEWORK, units=["a", "b", "c"]),
    "complex numbers": lambda: vt.build_index(MATRIX.astype(complex), FRAMEWORK),
    "columns with numbers as names": lambda: vt.build_index(MATRIX.set_axis([1, 2, 3, 4], axis=1), FRAMEWORK),
    "one unit and z-scores": lambda: vt.build_index(MATRIX.iloc[:1], FRAMEWORK, vt.Method(normalisation="zscore")),
    "rebuild with a framework by its name": lambda: vt.rebuild(RESULT, framework="redcross"),
    "rebuild None": lambda: vt.rebuild(None),
    "a power as text": lambda: vt.Method(power="a"),
    "one bound": lambda: vt.Method(bounds=(1,)),
    "half a value to move": lambda: vt.Method(maximum=2.5),
    "n as text": lambda: vt.sample_inputs(RESULT, "10", seed=1),
    "half a seed": lambda: vt.sample_inputs(RESULT, 10, seed=1.5),
    "noise as text": lambda: vt.sample_inputs(RESULT, 10, seed=1, weight_noise="much"),
    "noise that is no number": lambda: vt.sample_inputs(RESULT, 10, seed=1, weight_noise=np.nan),
    "choices as a list": lambda: vt.sample_inputs(RESULT, 10, seed=1, choices=["aggregation"]),
    "a design by position": lambda: vt.monte_carlo(RESULT, np.ones((3, 6))),
    "factors as text": lambda: vt.monte_carlo(RESULT, pd.DataFrame({"weight.a1": ["x"]})),
    "doubled factors": lambda: vt.monte_carlo(RESULT, pd.concat([DESIGN, DESIGN], axis=1)),
    "choices that contradict": lambda: vt.monte_carlo(RESULT, pd.DataFrame({"treatment": ["log"]})),
    "intervals of a table": lambda: vt.rank_intervals(MC.ranks),
    "a level as text": lambda: vt.rank_intervals(MC, level="90 %"),
    "sensitivity with a seed as text": lambda: vt.sensitivity_indices(RESULT, n=8, seed="a"),
    "compare with None": lambda: vt.compare_results(RESULT, None),
    "rounds of None": lambda: vt.compare_rounds(None),
    "effective weights of a table": lambda: vt.effective_weights(RESULT.scores),
    "a target by position": lambda: vt.balance_weights(RESULT, target=[0.5, 0.5]),
    "a target that is no number": lambda: vt.balance_weights(RESULT, target={"A": np.nan, "B": 1}),
    "topsis of text": lambda: vt.topsis(MATRIX.astype(str), [1, 1, 1, 1]),
    "topsis in an unknown direction": lambda: vt.topsis(MATRIX, [1, 1, 1, 1], direction=["+", "+", "up", "-"]),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_what_makes_no_sense_is_refused_in_one_sentence(call):
    with pytest.raises(VitalityError) as refusal:
        call()
    assert 20 < len(str(refusal.value)) < 700


def test_a_weight_of_zero_is_told():
    weights = WEIGHTS["local"].where(WEIGHTS.index != "a1", 0.0)
    with pytest.warns(UserWarning, match="'a1' weighs 0"):
        scores = vt.aggregate(NORMALISED, weights, FRAMEWORK)
    assert scores["A"].tolist() == NORMALISED["a2"].tolist()


def test_very_large_and_very_small_numbers_keep_their_scale():
    for size in (1e200, 1e-200):
        result = vt.build_index(MATRIX * size, FRAMEWORK, vt.Method(normalisation="zscore"))
        expected = vt.build_index(MATRIX, FRAMEWORK, vt.Method(normalisation="zscore"))
        np.testing.assert_allclose(result.scores, expected.scores, rtol=1e-9)
        values = pd.DataFrame({"x": [1.0, 2, 3, 4, 5, 6, 90]})
        assert vt.treat(values * size).matrix["x"].max() == 6 * size


def test_a_tree_of_six_levels():
    codes = ["V", "A", "B", "C", "D", "x", "y"]
    tree = vt.framework_from_table(
        pd.DataFrame({"code": codes, "parent": ["", "V", "A", "B", "C", "D", "C"]}).assign(
            worst=[None] * 5 + [0, 0], best=[None] * 5 + [100, 100]
        )
    )
    assert list(tree.levels) == ["index", "dimension", "group", "level_3", "level_4", "indicator"]
    result = vt.build_index(
        pd.DataFrame({"x": [20.0], "y": [80.0]}), tree, vt.Method(aggregation={"level_3": "geometric"})
    )
    assert result.scores["V"].tolist() == pytest.approx([40.0])
    assert result.weights.loc[["x", "y"], "global"].tolist() == [0.5, 0.5]


def test_an_indicator_that_weighs_nothing_is_named_and_goes_with_its_siblings():
    framework = vt.framework_from_table(TREE.assign(weight=[None, 2, 1, 1, 0, 1, 1]))
    result = vt.build_index(MATRIX, framework)
    assert "'a2' weighs 0 and does not count in the index." in result.warnings
    assert result.scores["A"].tolist() == result.scores["a1"].tolist()
    assert vt.leave_out(framework, ["a1"]).nodes == ("b1", "b2", "B", "V")
    assert vt.drop_one(result).at["a2", "mean_score_shift"] == 0
    mc = vt.monte_carlo(result, vt.sample_inputs(result, 30, seed=1, choices={"left_out": ["", "a1"]}))
    assert mc.scores.notna().all(axis=None)
