from itertools import combinations

import numpy as np
import pandas as pd
import pytest

import vitality as vt
from vitality.errors import MethodError, TableError
from vitality.index import natural_breaks


def test_fixed_cuts_belong_to_the_better_grade():
    scores = pd.Series([100, 85, 84.999, 70, 60, 59.9, 0, np.nan], index=list("abcdefgh"))
    grades = vt.grade(scores)
    assert grades.tolist()[:7] == ["优", "优", "良", "良", "中", "差", "差"]
    assert pd.isna(grades["h"])
    assert grades.cat.categories.tolist() == ["差", "中", "良", "优"] and grades.cat.ordered


def test_cuts_of_a_framework_in_two_languages():
    framework = vt.read_framework("redcross")
    scores = pd.Series([72.0, 10.0])
    assert vt.grade(scores, cuts=framework.grades).tolist() == ["良", "差"]
    assert vt.grade(scores, cuts=framework.grades, lang="en").tolist() == ["good", "poor"]
    assert vt.grade(scores, cuts={"pass": 50, "fail": 0}).tolist() == ["pass", "fail"]


def test_quartiles():
    grades = vt.grade(pd.Series(np.arange(1.0, 9.0)), rule="quartiles")
    assert grades.tolist() == ["差", "差", "中", "中", "良", "良", "优", "优"]


def within(values, lows):
    classes = np.searchsorted(lows, values, side="right")
    return sum(((values[classes == k] - values[classes == k].mean()) ** 2).sum() for k in set(classes))


@pytest.mark.parametrize("seed", range(6))
def test_natural_breaks_are_the_best_of_all_splits(seed):
    values = np.random.default_rng(seed).integers(0, 40, 11).astype(float)
    different = np.unique(values)
    best = min(within(values, np.array([different[0], *cuts])) for cuts in combinations(different[1:], 3))
    assert within(values, natural_breaks(values, 4)) == pytest.approx(best)


def test_natural_breaks_keep_equal_scores_together():
    assert natural_breaks([5, 5, 5, 5, 9, 9, 1, 1], 3).tolist() == [1, 5, 9]
    grades = vt.grade(pd.Series([50.0, 50.1, 80.0, 20.0, 99.0, 98.0]), rule="natural_breaks")
    assert grades.tolist() == ["中", "中", "良", "差", "优", "优"]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"rule": "jenks"}, MethodError, "Choose one of 'fixed', 'quartiles', 'natural_breaks'"),
        ({"cuts": {"a": 50, "b": 50}}, MethodError, "a lowest score of its own"),
        ({"cuts": {}}, MethodError, "at least one grade"),
        ({"cuts": {"a": 50}}, TableError, "below the lowest cut"),
        ({"rule": "quartiles", "cuts": {"a": 50, "b": 0}}, MethodError, "needs four names"),
        ({"rule": "natural_breaks"}, TableError, "2 different scores for 4 classes"),
    ],
)
def test_what_cannot_be_graded(options, error, message):
    with pytest.raises(error, match=message):
        vt.grade(pd.Series([10.0, 90.0]), **options)


def test_a_table_is_not_a_series():
    with pytest.raises(TableError, match="expected the Series of one node"):
        vt.grade(pd.DataFrame({"V": [1.0]}))


def test_no_scores_at_all():
    assert vt.grade(pd.Series([np.nan, np.nan]), rule="natural_breaks").isna().all()
