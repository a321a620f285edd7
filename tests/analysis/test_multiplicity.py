import json
from pathlib import Path

import numpy as np
import pytest

from vitality.analysis import adjust_p
from vitality.errors import MethodError

CASES = json.loads((Path(__file__).parent / "cases" / "correlation.json").read_text(encoding="utf-8"))


def test_holm_and_benjamini_hochberg_are_those_of_r():
    case = CASES["table"]["adjusted_pearson"]
    assert adjust_p(case["raw"]).tolist() == pytest.approx(case["holm"], abs=1e-12)
    assert adjust_p(case["raw"], method="benjamini_hochberg").tolist() == pytest.approx(case["BH"], abs=1e-12)


def test_holm_by_hand():
    # three tests: 3 * 0.01, then 2 * 0.03, then max(0.06, 0.04)
    assert adjust_p([0.04, 0.01, 0.03]).tolist() == pytest.approx([0.06, 0.03, 0.06])
    assert adjust_p([0.9, 0.8]).tolist() == [1.0, 1.0]


def test_what_was_not_tested_does_not_count():
    assert adjust_p([0.01, np.nan, 0.03])[[0, 2]].tolist() == pytest.approx([0.02, 0.03])
    assert np.isnan(adjust_p([np.nan])).all()
    assert adjust_p([0.2], method="none").tolist() == [0.2]


def test_unknown_adjustment():
    with pytest.raises(MethodError, match="Choose one of 'holm', 'benjamini_hochberg', 'none'"):
        adjust_p([0.1], method="bonferroni")
