import numpy as np
import pytest

import vitality as vt
from tests.index import asem
from tests.index.small import FRAMEWORK, MATRIX
from vitality.analysis import sobol_indices
from vitality.errors import MethodError, TableError


def ishigami(x):
    """Ishigami and Homma (1990), a = 7, b = 0.1."""
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_ishigami_has_its_analytic_values():
    a, b = 7.0, 0.1
    of_1 = 0.5 * (1 + b * np.pi**4 / 5) ** 2
    of_2, of_13 = a**2 / 8, b**2 * np.pi**8 * (1 / 18 - 1 / 50)
    variance = of_1 + of_2 + of_13
    table = sobol_indices(ishigami, ["x1", "x2", "x3"], n=2**13, seed=1, bounds=(-np.pi, np.pi)).set_index("input")
    assert table["first"].tolist() == pytest.approx([of_1 / variance, of_2 / variance, 0], abs=0.01)
    assert table["total"].tolist() == pytest.approx(
        [(of_1 + of_13) / variance, of_2 / variance, of_13 / variance], abs=0.01
    )
    truth = {"x1": of_1, "x2": of_2, "x3": 0.0}
    for name, part in truth.items():
        assert table.at[name, "first_low"] - 0.01 <= part / variance <= table.at[name, "first_high"] + 0.01
    assert table.attrs["variance"] == pytest.approx(variance, rel=0.02)
    assert table.attrs["runs"] == 2**13 * 5


def test_an_inert_input_has_no_total_effect():
    result = vt.build_index(MATRIX, FRAMEWORK)
    table = vt.sensitivity_indices(
        result,
        n=128,
        seed=1,
        output="score_shift",
        choices={"floor": [1.0, 5.0], "aggregation": ["arithmetic", "power"]},
    ).set_index("input")
    # the floor only acts under a power mean; an option that nothing reads is inert
    assert table.at["aggregation", "total"] > 0.5
    inert = vt.sensitivity_indices(result, n=128, seed=1, choices={"beta": [0.0, 9.0]}, output="score_shift")
    assert inert.set_index("input").at["beta", "total"] == 0
    assert set(inert["input"]) == {"weights of indicator", "weights of dimension", "beta"}


def test_nothing_varies():
    result = vt.build_index(MATRIX, FRAMEWORK)
    table = vt.sensitivity_indices(result, n=16, seed=1, weight_noise=0.0, choices={"beta": [0.0, 9.0]})
    assert table[["first", "total", "total_high"]].to_numpy().tolist() == [[0, 0, 0]]


def test_the_same_seed_gives_the_same_and_asem_adds_up():
    options = {"n": 64, "seed": 3, "choices": {"aggregation": ["arithmetic", "geometric"]}}
    first = vt.sensitivity_indices(asem.result(), **options)
    assert first.equals(vt.sensitivity_indices(asem.result(), workers=2, **options))
    assert first["total"].sum() > 0.8 and (first["total"] > -0.05).all()


def test_one_unit_can_be_looked_at():
    table = vt.sensitivity_indices(asem.result(), n=64, seed=3, output="score", unit="CHN")
    assert table["total"].max() > 0.3
    with pytest.raises(TableError, match="unit='CHM' stands for 0"):
        vt.sensitivity_indices(asem.result(), n=8, seed=3, output="rank", unit="CHM")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"weight_noise": 0.0}, "no uncertain input"),
        ({"n": 1}, "n=1"),
        ({"output": "ranks"}, "Did you mean 'rank'"),
        ({"choices": {"flor": [1, 2]}}, "Did you mean 'floor'"),
    ],
)
def test_options_are_checked(options, message):
    with pytest.raises(MethodError, match=message):
        vt.sensitivity_indices(vt.build_index(MATRIX, FRAMEWORK), **{"n": 8, "seed": 1, **options})
