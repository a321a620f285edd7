import numpy as np
import pandas as pd
import pytest

from vitality.datasets import simulate_round
from vitality.datasets.latent import pearson_of_rank
from vitality.errors import MethodError, SurveyError
from vitality.survey import (
    check_round,
    clean_round,
    compute_controls,
    compute_indicators,
    compute_resources,
    read_round,
)

SAMPLED = ["B23", "F11", "F12", "F21", "F22"]


def small(seed=5, **options):
    return simulate_round(towns=6, organisations=60, seed=seed, **options)


@pytest.fixture(scope="module")
def clean_folder(tmp_path_factory):
    made = small(dirt=False)
    return made, made.write(tmp_path_factory.mktemp("rounds") / "2024")


@pytest.fixture(scope="module")
def dirty_folder(tmp_path_factory):
    made = simulate_round(seed=11)
    return made, made.write(tmp_path_factory.mktemp("rounds") / "2024")


def test_forms_and_exports_read_back_without_loss(clean_folder):
    made, folder = clean_folder
    survey = clean_round(read_round(folder, made.framework), made.framework)
    for code, table in made.answers.items():
        found = survey.answers[code].loc[table.index, table.columns]
        pd.testing.assert_frame_equal(found, table, check_names=False, check_column_type=False)
    assert survey.issues[survey.issues["severity"] == "error"].empty
    assert survey.units["group"].to_dict() == made.units["group"].to_dict()


def test_indicators_come_out_as_the_truth_of_the_simulation(clean_folder):
    """The truth is the simulation's own arithmetic; questionnaires are samples of it."""
    made, folder = clean_folder
    survey = clean_round(read_round(folder, made.framework), made.framework)
    exact = [code for code in made.framework.leaves if code not in SAMPLED]
    matrix, truth = compute_indicators(survey, made.framework), made.truth.indicators
    pd.testing.assert_frame_equal(matrix[exact], truth[exact], check_column_type=False)
    gap = (matrix[SAMPLED] - truth[SAMPLED]).abs()
    assert (gap.mean() < 6).all() and (gap.mean() > 0).all()
    resources = compute_resources(survey, made.framework).drop(columns="R16")
    pd.testing.assert_frame_equal(resources, made.truth.resources.drop(columns="R16"), check_column_type=False)
    controls = compute_controls(survey, made.framework)
    assert controls["Z4"].tolist() == made.truth.controls["Z4"].tolist()
    np.testing.assert_allclose(controls["Z2"].astype(float), made.truth.controls["Z2"].astype(float))


def test_every_planted_defect_is_found(dirty_folder):
    made, folder = dirty_folder
    issues = check_round(read_round(folder, made.framework), made.framework)
    assert len(made.dirt) >= 30 and made.dirt["kind"].nunique() >= 15
    for row in made.dirt.itertuples():
        hits = issues[(issues["rule"] == row.rule) & (issues["instrument"] == row.instrument)]
        if row.respondent:
            hits = hits[(hits["respondent"] == row.respondent) & (hits["question"] == row.question)]
        else:
            hits = hits[hits["value"] == (row.dirty or row.unit)]
        assert len(hits) == 1, row


def test_nothing_clean_is_called_dirty(dirty_folder):
    made, folder = dirty_folder
    issues = check_round(read_round(folder, made.framework), made.framework)
    planted = set(zip(made.dirt["respondent"], made.dirt["question"]))
    others = [
        (row.rule, row.respondent, row.question)
        for row in issues.itertuples()
        if row.question and (row.respondent, row.question) not in planted
    ]
    assert others == []


def test_clean_cells_are_not_touched_and_errors_do_not_get_through(dirty_folder):
    made, folder = dirty_folder
    survey = clean_round(read_round(folder, made.framework), made.framework)
    planted = set(zip(made.dirt["respondent"], made.dirt["question"]))
    misspelt = made.texts.units["m"].index[~made.texts.units["m"].isin(made.units.index)]
    assert len(misspelt) == 3
    assert set(zip(survey.changes["respondent"], survey.changes["question"])) - {("", "")} <= {
        *planted,
        *((respondent, "") for respondent, _ in planted),
        *((respondent, "") for respondent in misspelt),
    }
    assert survey.changes["rule"].value_counts()["unknown_unit"] == 3
    refused = made.dirt[made.dirt["rule"].isin(["unreadable", "part_of", "hard_limit", "missing", "unanswered"])]
    for row in refused.itertuples():
        assert pd.isna(survey.answers[row.instrument].at[row.respondent, row.question])


def test_harmless_dirt_leaves_the_value(dirty_folder):
    made, folder = dirty_folder
    survey = clean_round(read_round(folder, made.framework), made.framework)
    for row in made.dirt[made.dirt["rule"].isin(["reformatted", "approximate"])].itertuples():
        found = survey.answers[row.instrument].at[row.respondent, row.question]
        assert found == made.answers[row.instrument].at[row.respondent, row.question], row


def test_the_written_correction_mends_the_slip(dirty_folder):
    made, folder = dirty_folder
    survey = clean_round(read_round(folder, made.framework), made.framework)
    slip = made.dirt[made.dirt["kind"] == "money_slip"].iloc[0]
    assert survey.answers["t"].at[slip["unit"], "t81"] == float(slip["clean"])


def test_effects_are_planted_exactly():
    effects = {"staffing": 0.5, "funding": 0.3, "venue": -0.2}
    made = simulate_round(seed=3, effects=effects)
    for block, effect in effects.items():
        correlation = made.truth.blocks[block].corr(made.truth.vitality)
        assert correlation == pytest.approx(pearson_of_rank(effect), abs=1e-9)
    assert made.truth.vitality.var(ddof=0) == pytest.approx(1)


def test_no_effect_means_no_association_on_average():
    none = {"staffing": 0.0, "funding": 0.0, "venue": 0.0}
    rounds = [simulate_round(seed=seed, effects=none, dirt=False) for seed in range(12)]
    found = [
        made.truth.resources["R22"].droplevel("round").corr(made.truth.vitality, method="spearman") for made in rounds
    ]
    assert abs(np.mean(found)) < 3 / np.sqrt(12 * 23)


@pytest.mark.parametrize(
    ("effects", "message"),
    [
        ({"stafing": 0.2}, "Did you mean 'staffing'"),
        ({"staffing": 0.9, "funding": 0.9}, "cannot hold together"),
        ({"staffing": 1.5}, "cannot hold together"),
    ],
)
def test_impossible_effects_are_refused(effects, message):
    with pytest.raises(MethodError, match=message):
        simulate_round(seed=1, effects=effects)


def test_too_few_towns_are_refused():
    with pytest.raises(MethodError, match="at least 4 towns"):
        simulate_round(towns=2, seed=1)


@pytest.mark.parametrize(("towns", "organisations"), [(4, 24), (24, 480), (40, 400)])
def test_any_size(towns, organisations):
    made = simulate_round(towns=towns, organisations=organisations, seed=1)
    assert len(made.units) == towns and len(made.answers["o"]) == organisations
    assert made.units.index.is_unique
    names = made.answers["o"][["unit", "o01"]]
    assert not names.duplicated().any()


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        small().write(tmp_path / name)
    files = sorted(file.relative_to(tmp_path / "a") for file in (tmp_path / "a").rglob("*") if file.is_file())
    assert len(files) > 20
    for file in files:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes(), file


def test_towns_keep_most_of_their_standing_between_rounds():
    first, second = simulate_round(seed=2, round="2023"), simulate_round(seed=2, round="2024")
    other = simulate_round(seed=3, round="2024")
    assert list(first.units.index) == list(second.units.index)
    assert first.truth.vitality.corr(second.truth.vitality) > 0.5
    assert abs(first.truth.vitality.corr(other.truth.vitality)) < 0.5
    growth = second.truth.controls["Z1"].to_numpy() / first.truth.controls["Z1"].to_numpy()
    assert np.abs(growth.astype(float) - 1).max() < 0.05


def test_indicators_lie_within_the_hard_limits():
    made = simulate_round(seed=9)
    for code in made.framework.leaves:
        low, high = made.framework.indicator(code).limits
        values = made.truth.indicators[code]
        assert (low is None or (values >= low).all()) and (high is None or (values <= high).all()), code


def test_a_folder_with_files_is_left_alone(tmp_path):
    (tmp_path / "x.txt").touch()
    with pytest.raises(SurveyError, match="left alone"):
        small().write(tmp_path)


def test_every_file_says_that_it_is_simulated(clean_folder):
    _, folder = clean_folder
    assert "simulated: true" in (folder / "round.yaml").read_text(encoding="utf-8")
    for file in (folder / "raw").iterdir():
        assert "SIMULATED" in file.name or "SYNTHETIC" in file.name
