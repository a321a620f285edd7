import numpy as np
import pandas as pd
import pytest

from tests.survey.rounds import small, write_town
from vitality.errors import TableError
from vitality.framework import framework_from_table
from vitality.survey import clean_round, compute_controls, compute_indicators, compute_resources, read_round


def survey_of(folder):
    return clean_round(read_round(folder, small()), small())


def test_matrix_resources_and_controls_by_hand(round_folder):
    survey = survey_of(round_folder)
    matrix = compute_indicators(survey, small())
    assert matrix.index.names == ["unit", "round"] and list(matrix.columns) == list(small().leaves)
    assert (matrix.dtypes == "float64").all()
    expected = [100 * 2 / 9, 100 * 5 / 9, 100 / 3, 75, 100 * 11 / 40]
    np.testing.assert_allclose(matrix.loc[("甲镇", "2024")], expected)
    resources = compute_resources(survey, small())
    np.testing.assert_allclose(resources.loc[("甲镇", "2024")], [100 * ((12.5 / 8) ** (1 / 3) - 1), 2])
    controls = compute_controls(survey, small())
    assert controls.loc[("甲镇", "2024")].tolist() == [50000.0, "东区"]


def test_an_error_does_not_reach_the_matrix(round_folder):
    write_town(round_folder, "甲镇", t3="12")
    matrix = compute_indicators(survey_of(round_folder), small())
    assert np.isnan(matrix.loc[("甲镇", "2024"), "I2"]) and matrix.loc[("乙镇", "2024"), "I2"] > 0


def test_the_order_of_the_respondents_does_not_matter(round_folder):
    survey = survey_of(round_folder)
    turned = type(survey)(
        survey.round, False, {code: table[::-1] for code, table in survey.answers.items()}, survey.units,
        survey.issues, survey.changes,
    )  # fmt: skip
    pd.testing.assert_frame_equal(compute_indicators(turned, small()), compute_indicators(survey, small()))


def test_a_framework_without_measures_is_refused(round_folder):
    tree = pd.DataFrame({"code": ["V", "a", "b"], "parent": ["", "V", "V"], "name_en": ["V", "a", "b"]})
    with pytest.raises(TableError, match="'a' has no measure"):
        compute_indicators(survey_of(round_folder), framework_from_table(tree))
