"""How much planted dirt is found, how much is called dirty that is clean, and what gets through."""

import pandas as pd
import pytest

from vitality.datasets import simulate_round
from vitality.datasets.dirt_mix import KINDS, ROW_FAULTS
from vitality.errors import MethodError
from vitality.survey import clean_round, read_round
from vitality.survey.rules import RULES


@pytest.fixture(scope="module", params=[3, 4])
def recovered(request, tmp_path_factory):
    made = simulate_round(towns=8, organisations=160, seed=request.param, dirt=0.08)
    folder = made.write(tmp_path_factory.mktemp("rounds") / "2024", answer_key=True)
    (folder / "corrections.csv").unlink()  # which mend the slips
    key = pd.read_csv(folder / "answer_key.csv", dtype=str, keep_default_na=False)
    return made, key, clean_round(read_round(folder, made.framework), made.framework)


def cells(table):
    return set(zip(table["respondent"], table["question"]))


def test_planted_faults_are_found(recovered):
    _, key, survey = recovered
    assert len(key) > 400 and set(key["kind"]) == set(KINDS)
    found = set(zip(survey.issues["respondent"], survey.issues["question"], survey.issues["rule"]))
    missed = [row for row in key.itertuples() if (row.respondent, row.question, row.rule) not in found]
    assert len(missed) <= 0.01 * len(key), missed[:5]


def test_clean_cells_are_left_alone(recovered):
    made, key, survey = recovered
    planted = cells(key)
    clean = sum(table.drop(columns="unit").notna().to_numpy().sum() for table in made.answers.values()) - len(planted)
    touched = cells(survey.changes[survey.changes["question"] != ""]) - planted
    asked = cells(survey.issues[(survey.issues["question"] != "") & (survey.issues["severity"] != "note")]) - planted
    assert len(touched) <= 0.01 * clean and len(asked) <= 0.01 * clean


def test_no_error_gets_through_and_no_harmless_fault_costs_the_value(recovered):
    made, key, survey = recovered
    for row in key.itertuples():
        if row.kind in ROW_FAULTS:
            assert row.respondent not in survey.answers[row.instrument].index, row
            continue
        value = survey.answers[row.instrument].at[row.respondent, row.question]
        if RULES[row.rule].severity == "error" or row.rule in ("missing", "unanswered"):
            assert pd.isna(value), row
        elif RULES[row.rule].severity == "query":
            assert value == float(row.dirty), row  # asked about and not guessed
        else:
            assert value == made.answers[row.instrument].at[row.respondent, row.question], row


def test_the_mix_can_be_chosen():
    made = simulate_round(towns=4, organisations=24, seed=1, dirt={"text": 3, "mark": 2})
    assert made.dirt["kind"].value_counts().to_dict() == {"text": 3, "mark": 2}
    assert simulate_round(towns=4, organisations=24, seed=1, dirt=0.0).dirt.empty
    rows = simulate_round(towns=4, organisations=24, seed=1, dirt={"duplicate": 2, "unknown_unit": 3})
    assert rows.dirt["kind"].value_counts().to_dict() == {"unknown_unit": 3, "duplicate": 2}
    slips = simulate_round(towns=4, organisations=24, seed=1, dirt={"money_slip": 100})
    assert slips.dirt["question"].value_counts().max() == 1  # a quarter of four towns: against the others it is seen


@pytest.mark.parametrize(
    ("dirt", "message"), [({"txt": 1}, "Did you mean 'text'"), (2.0, "share of cells"), (-0.1, "share")]
)
def test_an_impossible_mix_is_refused(dirt, message):
    with pytest.raises(MethodError, match=message) as raised:
        simulate_round(towns=4, organisations=24, seed=1, dirt=dirt)
    assert raised.value.zh
