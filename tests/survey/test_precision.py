"""Answers behind each value, and standard errors, against hand calculation."""

import math

import pandas as pd
import pytest

from tests.survey.rounds import small
from vitality.survey import CleanSurvey, clean_round, compute_precision, read_round


def survey_of(**answers):
    units = pd.DataFrame({"name": ["甲镇"]}, index=pd.Index(["甲镇"], name="unit"))
    tables = {
        "m": pd.DataFrame({"unit": "甲镇", "m1": 1.0, "m2": "aid", "m3": 4.0, **answers}, index=range(5)),
        "t": pd.DataFrame({"unit": ["甲镇"], **{f"t{n}": [float(n)] for n in range(1, 9)}, "t9": ["town"]}),
        "o": pd.DataFrame({"unit": ["甲镇"] * 3, "o3": [5.0, 6, None], "o4": [1.0, 2, 3]}),
    }
    return CleanSurvey("2024", True, tables, units, pd.DataFrame(), pd.DataFrame())


def of(survey, code):
    table = compute_precision(survey, small()).set_index("code")
    return table.at[code, "n"], table.at[code, "standard_error"]


def test_the_standard_error_of_a_share():
    """p = 3/5 of 5 answers: 100 sqrt(0.6 * 0.4 / 4) in per cent."""
    n, error = of(survey_of(m1=[1.0, 1, 1, 0, 0]), "I3")
    assert n == 5 and error == pytest.approx(100 * math.sqrt(0.6 * 0.4 / 4))


def test_the_standard_error_of_a_rescaled_mean():
    """Answers 1, 3, 5, 5 on 1 to 5 are 0, 50, 100, 100: s = 47.87, / sqrt(4); one did not answer."""
    n, error = of(survey_of(m3=[1.0, 3, 5, 5, None]), "I4")
    assert n == 4 and error == pytest.approx(47.871355 / 2, abs=1e-5)


def test_counted_answers_have_no_sampling_error():
    n, error = of(survey_of(), "I5")
    assert n == 2 and math.isnan(error)
    n, error = of(survey_of(), "R1")
    assert n == 1 and math.isnan(error)


def test_too_few_answers_give_no_error_of_a_value_that_is_not_given():
    n, error = of(survey_of(m3=[1.0, 3, None, None, None]), "I4")
    assert n == 2 and math.isnan(error)


def test_every_cell_of_the_matrix_has_its_row(round_folder):
    table = compute_precision(clean_round(read_round(round_folder, small()), small()), small())
    assert list(table.columns) == ["unit", "round", "code", "n", "standard_error"]
    assert len(table) == 2 * 7 and not table.duplicated(["unit", "code"]).any()
