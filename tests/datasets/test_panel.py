"""The synthetic panel has the defects that it was given; the ratios are those of the design's own example."""

import pytest

from vitality.datasets import synthetic_panel
from vitality.framework import read_framework
from vitality.weights import ahp_weights

PANEL = synthetic_panel(read_framework("redcross"))


def test_ten_experts_judge_every_node():
    assert list(PANEL) == [f"E{number:02d}" for number in range(1, 11)]
    for matrices in PANEL.values():
        pairs = sum(len(matrix) * (len(matrix) - 1) // 2 for matrix in matrices.values())
        assert pairs == 54


@pytest.mark.parametrize(
    ("expert", "ratio"),
    [("E01", 0.004042), ("E05", 0.175158), ("E08", 0.245322), ("E09", 0.0), ("E10", 0.335338)],
)
def test_consistency_ratios_of_the_top_level(expert, ratio):
    assert ahp_weights(PANEL[expert]["V"]).consistency_ratio == pytest.approx(ratio, abs=2e-6)


def test_one_judgement_is_left_out():
    gaps = {(e, n) for e, m in PANEL.items() for n, matrix in m.items() if matrix.isna().to_numpy().any()}
    assert gaps == {("E07", "E2")}
