"""Measures against values worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from tests.survey.rounds import small
from vitality.errors import TableError
from vitality.framework.measures import Checklist, Growth, Mean, Ratio, Share, Value
from vitality.survey.measures import measure_units

UNITS = pd.Index(["甲", "乙", "丙"], name="unit")
NAN = np.nan


def answers(**changes):
    town = pd.DataFrame(
        {
            "unit": UNITS, "t1": [1000.0, 2000.0, NAN], "t2": [4.0, 0.0, 5.0], "t3": [1.0, 1.0, 2.0],
            "t4": [2.0, 1.0, NAN], "t6": [8.0, 2.0, 3.0], "t7": [1.0, 0.0, 3.0], "t8": [1.0, 0.0, NAN],
            "t9": pd.Series(["street", "town", None], dtype=object),
        }
    )  # fmt: skip
    organisations = pd.DataFrame(
        {
            "unit": ["甲", "甲", "甲", "乙"],
            "o2": pd.Series(["station", "school", "station", "school"], dtype=object),
            "o3": [10.0, 30.0, NAN, 5.0],
            "o4": [5.0, 6.0, 3.0, 0.0],
        }
    )
    residents = pd.DataFrame(
        {
            "unit": ["甲"] * 4 + ["乙"] * 2,
            "m1": [1.0, 1.0, 0.0, NAN, 1.0, 0.0],
            "m2": pd.Series(["aid|blood", "none", "none", "aid", "blood", "none"], dtype=object),
            "m3": [5.0, 3.0, 4.0, NAN, 1.0, 2.0],
        }
    )
    return {"t": town, "o": organisations, "m": residents, **changes}


def measured(measure, **changes):
    result = measure_units(measure, answers(**changes), UNITS, small())
    return [None if value is None else value for value in result.tolist()]


def expect(values, expected):
    np.testing.assert_allclose(np.array(values, dtype=float), expected)


def test_value_of_a_number_yes_no_and_scored_choice():
    expect(measured(Value(kind="value", question="t1")), [1000, 2000, NAN])
    expect(measured(Value(kind="value", question="t8")), [1, 0, NAN])
    expect(measured(Value(kind="value", question="t9")), [1, 2, NAN])


def test_ratio_of_the_units_answers():
    """(1 + 2) / 4; a denominator of 0 and a missing part give nothing."""
    measure = Ratio(kind="ratio", numerator=("t3", "t4"), denominator=("t2",), times=100)
    expect(measured(measure), [75, NAN, NAN])


def test_ratio_of_sums_over_respondents_with_both_answers():
    """(5 + 6) / (10 + 30), the third has no whole; not the mean of .5 and .2."""
    measure = Ratio(kind="ratio", numerator=("o4",), denominator=("o3",), times=100)
    expect(measured(measure), [27.5, 0, NAN])


def test_ratio_where():
    measure = Ratio(kind="ratio", numerator=("o4",), denominator=("o3",), where={"o2": ("station",)})
    expect(measured(measure), [0.5, NAN, NAN])


def test_mean_rescaled_with_a_minimum():
    """(5 + 3 + 4) / 3 = 4 -> 75; two respondents are fewer than three."""
    measure = Mean(kind="mean", questions=("m3",), rescale=(1, 5), minimum=3)
    expect(measured(measure), [75, NAN, NAN])
    expect(measured(Mean(kind="mean", questions=("m3",))), [4, 1.5, NAN])


def test_mean_of_each_respondents_mean():
    """Means 7.5 and 18 and 3, over the answers that were given."""
    expect(measured(Mean(kind="mean", questions=("o3", "o4"))), [9.5, 2.5, NAN])


def test_share_of_those_who_answered_every_condition():
    """Of three in 甲 who answered both, one knows and names a service; one of two in 乙."""
    condition = [{"question": "m1", "is": ["yes"]}, {"question": "m2", "any_except": ["none"]}]
    expect(measured(Share(kind="share", condition=condition, minimum=1)), [100 / 3, 50, NAN])
    expect(measured(Share(kind="share", condition=condition, minimum=3)), [100 / 3, NAN, NAN])


def test_share_of_an_answer_of_the_unit():
    """One station with 8 or more of four communities; 乙 sent a list without one, and has none of 0."""
    condition = [{"question": "o3", "at_least": 8}]
    told = answers()["o"].fillna({"o3": 5.0})
    measure = Share(kind="share", condition=condition, where={"o2": ("station",)}, of="t2")
    expect(measured(measure, o=told), [25, NAN, NAN])
    measure = Share(kind="share", condition=condition, where={"o2": ("station",)}, of="t3")
    expect(measured(measure, o=told), [100, 0, NAN])
    expect(measured(measure), [NAN, 0, NAN])  # of the other station it is not told


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({"o3": [NAN, NAN], "o4": [NAN, NAN], "o2": ["station", "station"]}, NAN),  # blank lists are no lists of noes
        ({"o3": [1, NAN], "o4": [1, 1], "o2": ["station", "station"]}, NAN),  # one met, the other may be or not
        ({"o3": [1, 0], "o4": [1, NAN], "o2": ["station", "station"]}, 25),  # a no settles it
        ({"o3": [1, NAN], "o4": [1, NAN], "o2": ["station", "school"]}, 25),  # a school is not asked about
        ({"o3": [1, 1], "o4": [1, 1], "o2": ["station", None]}, NAN),  # may be a station
        ({"o3": [1, 0], "o4": [1, 0], "o2": ["station", None]}, 25),  # whatever it is, it does not meet them
        ({"o3": [NAN, NAN], "o4": [NAN, NAN], "o2": ["school", "school"]}, 0),  # a list without a station
    ],
)
def test_a_count_is_not_known_while_one_of_them_cannot_be_told(table, expected):
    """Stations with both of two things, of four communities; worked out by hand."""
    condition = [{"questions": ["o3", "o4"], "yes_at_least": 2}]
    measure = Share(kind="share", condition=condition, where={"o2": ("station",)}, of="t2")
    organisations = pd.DataFrame({"unit": "甲", **table}).astype({"o3": float, "o4": float, "o2": object})
    expect(measured(measure, o=organisations), [expected, NAN, NAN])


def test_two_conditions_of_which_one_is_told_not_to_be_met():
    organisations = pd.DataFrame({"unit": ["甲", "甲"], "o3": [9.0, 1.0], "o4": [2.0, NAN], "o2": ["station"] * 2})
    condition = [{"question": "o3", "at_least": 8}, {"question": "o4", "at_least": 1}]
    measure = Share(kind="share", condition=condition, of="t2")
    expect(measured(measure, o=organisations.astype({"o2": object})), [25, NAN, NAN])


def test_yes_at_least_with_an_answer_missing_is_decided_only_when_it_cannot_matter():
    table = pd.DataFrame({"unit": ["甲"] * 4, "o3": [1.0, 1.0, 0.0, NAN], "o4": [1.0, NAN, NAN, 0.0], "o2": None})
    one = Share(kind="share", condition=[{"questions": ["o3", "o4"], "yes_at_least": 1}])
    two = Share(kind="share", condition=[{"questions": ["o3", "o4"], "yes_at_least": 2}])
    expect(measured(one, o=table), [100, NAN, NAN])  # known for the first two only, both yes
    expect(measured(two, o=table), [100 / 3, NAN, NAN])  # first yes; second unknown; last two no


def test_checklist_needs_every_item():
    expect(measured(Checklist(kind="checklist", questions=("t8",))), [1, 0, NAN])
    table = answers()["t"].assign(t5=[1.0, 1.0, 1.0])
    expect(measured(Checklist(kind="checklist", questions=("t8", "t5")), t=table), [2, 1, NAN])


def test_growth():
    """8 from 1 in three years doubles every year; from 0 there is no rate."""
    expect(measured(Growth(kind="growth", now="t6", before="t7", years=3)), [100, NAN, 0])


def test_an_instrument_that_did_not_come_in_gives_nothing():
    without = answers()
    del without["m"]
    result = measure_units(Mean(kind="mean", questions=("m3",)), without, UNITS, small())
    assert result.isna().all()


def test_a_missing_column_is_refused():
    with pytest.raises(TableError, match="no column 't1'"):
        measure_units(Value(kind="value", question="t1"), {"t": pd.DataFrame({"unit": ["甲"]})}, UNITS, small())


@pytest.mark.parametrize(("given", "shares"), [({}, [50, NAN, NAN]), ({"minimum": 1}, [50, 100, NAN])])
def test_a_share_of_residents_needs_thirty_answers_unless_the_framework_says_fewer(given, shares):
    residents = pd.DataFrame({"unit": ["甲"] * 30 + ["乙"] * 29, "m1": [1.0, 0.0] * 15 + [1.0] * 29})
    measure = Share(kind="share", condition=({"question": "m1", "is": ["yes"]},), **given)
    expect(measured(measure, m=residents), shares)


def test_a_share_of_organisations_is_no_sample():
    measure = Share(kind="share", condition=({"question": "o4", "at_least": 1},))
    expect(measured(measure), [100, 0, NAN])
