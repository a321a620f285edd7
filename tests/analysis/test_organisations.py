import numpy as np
import pandas as pd
import pytest

import vitality as vt
from vitality.errors import MethodError, TableError


@pytest.fixture(scope="module")
def made():
    return vt.simulate_round(towns=4, organisations=40, seed=3)


def test_an_organisation_is_scored_on_what_it_answers(made):
    found = vt.organisation_scores(made, made.framework)
    answers = made.answers["o"]
    assert list(found.columns) == ["unit", "type", "A11", "B22", "C31", "E22", "E23", "F23", "score"]
    assert len(found) == 40 and found["score"].between(0, 100).all()
    # B22: active volunteers of registered ones, between 15 and 85 %
    active = 100 * answers["o22"].astype(float) / answers["o21"].astype(float)
    by_hand = (100 * (active - 15) / 70).clip(0, 100)
    pd.testing.assert_series_equal(found["B22"], by_hand, check_names=False)
    # A11: the five haves that a village station has; other types have none
    village = answers["o02"] == "village_residential"
    haves = 20 * answers[["o11", "o12", "o13", "o14", "o15"]].astype(float).sum(axis=1)
    assert found.loc[village, "A11"].tolist() == haves[village].tolist() and found.loc[~village, "A11"].isna().all()
    # C31 is best from 6 to 24 activities a year
    inside = answers["o23"].astype(float).between(6, 24)
    assert (found.loc[inside, "C31"] == 100).all() and (found.loc[~inside, "C31"] < 100).all()


def test_indicators_may_be_left_out_and_the_guard_knows_what_stayed(made):
    found = vt.organisation_scores(made, made.framework, leave_out=["A11", "B22"])
    codes = ["C31", "E22", "E23", "F23"]
    scored = found["score"].notna()
    assert found.attrs["indicators"] == codes
    assert found.loc[scored, "score"].to_numpy() == pytest.approx(found.loc[scored, codes].mean(axis=1).to_numpy())
    towns = pd.DataFrame({"R15": [3.0, 1.0, 4.0, 2.0]}, index=sorted(set(found["unit"])))
    options = {"group": found["unit"], "bootstrap": 0, "framework": made.framework}
    assert not vt.associate_multilevel(found["score"], towns, **options)["coupled"].any()
    whole = vt.organisation_scores(made, made.framework)
    assert vt.associate_multilevel(whole["score"], towns, **options)["coupled"].tolist() == [False, True]
    with pytest.raises(MethodError, match="leave_out='A12'"):
        vt.organisation_scores(made, made.framework, leave_out=["A12"])


def test_too_few_answers_are_no_score(made):
    found = vt.organisation_scores(made, made.framework, minimum=6)
    complete = found[["A11", "B22", "C31", "E22", "E23", "F23"]].notna().all(axis=1)
    assert (found["score"].notna() == complete).all() and np.isnan(found.loc[found["type"] == "school", "score"]).all()


def test_a_framework_without_organisations():
    fdrs = vt.read_framework("ifrc_fdrs")
    with pytest.raises(TableError, match="no answers of organisations"):
        vt.organisation_scores(vt.simulate_round(towns=4, organisations=40, seed=3), fdrs)
