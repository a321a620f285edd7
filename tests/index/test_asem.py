"""ASEM from raw data to index, stage by stage, against COINr (cases/README.md)."""

import numpy as np
import pandas as pd
import pytest

import vitality as vt
from tests.index import asem


def assert_same(found, name, tolerance=1e-9):
    expected = asem.case(name)
    own = found.droplevel("round") if found.index.nlevels == 2 else found
    pd.testing.assert_frame_equal(
        own.loc[expected.index, expected.columns].astype(float),
        expected.astype(float),
        rtol=0,
        atol=tolerance,
        check_names=False,
    )


@pytest.mark.parametrize(
    ("stage", "name"), [("treated", "treated"), ("normalised", "normalised"), ("scores", "amean_scores")]
)
def test_every_stage_agrees_with_coinr(stage, name):
    assert_same(getattr(asem.result(), stage), name)


def test_ranks_agree_with_coinr():
    assert_same(asem.result().ranks, "amean_ranks", 0)


@pytest.mark.parametrize(
    ("normalisation", "name", "back"),
    [
        ("minmax", "raw_n_minmax_0_100", lambda scores: scores),
        ("distance_to_maximum", "raw_n_minmax_0_100", lambda scores: scores),
        ("zscore", "raw_n_zscore_0_1", lambda scores: (scores - 50) / 10),
    ],
)
def test_scales_of_the_raw_data_agree_with_coinr(normalisation, name, back):
    scale = vt.fit_scale(asem.matrix(), asem.framework(), vt.Method(normalisation=normalisation))
    assert_same(back(vt.normalise(asem.matrix(), scale)), name)


def test_the_steps_on_their_own_lead_to_the_same_index():
    matrix, framework, data = asem.matrix(), asem.framework(), asem.data()
    rates = vt.denominate(matrix, framework, data)
    completed = vt.impute(rates, method="group_mean", group=data["EurAsia_group"])
    kept = vt.screen(completed, minimum_coverage=0.9).matrix
    treated = vt.treat(kept).matrix
    normalised = vt.normalise(treated, vt.fit_scale(treated, framework, vt.Method(normalisation="minmax")))
    assert len(kept) == 51
    assert_same(vt.aggregate(normalised, framework.weights(), framework), "amean_scores")


def test_what_was_filled_and_treated_is_on_record():
    result = asem.result()
    assert result.filled.to_numpy().sum() == 65
    assert (result.matrix.notna() & result.denominated.isna()).to_numpy().sum() == 2  # Laos has no energy figure
    changes = result.treatment.changes
    old, new = result.completed.to_numpy(), result.treated.to_numpy()
    assert len(changes) == (old != new).sum() and set(changes["by"]) == {"winsorise"}
    assert any("without a denominator" in text for text in result.warnings)


def test_log_transform_is_that_of_coinr():
    # with a single point to move, most of the 15 indicators need the logarithm: log(x - min + 0.01 (max - min))
    completed = asem.result().completed
    found = vt.treat(completed, maximum=1)
    logs = found.indicators.index[found.indicators["by"] == "log"]
    assert len(logs) >= 5
    for code in logs:
        x = completed[code].to_numpy()
        if pd.Series(x).skew() > 0:
            np.testing.assert_allclose(
                found.matrix[code], np.log(x - x.min() + 0.01 * (x.max() - x.min())), rtol=0, atol=1e-12
            )
