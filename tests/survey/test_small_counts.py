"""Small counts of persons cannot be worked out from what is published."""

import numpy as np
import pandas as pd
import pytest

from vitality.errors import TableError
from vitality.survey import protect_counts

HIDDEN = ("<5", "…")


def worked_out(values, shown, sums, *, told=False):
    """Small counts that every whole-number table with the same signs and sums has: what a reader can work out.

    With `told` the reader takes … for 0 or 5 and more.
    """
    places = [place for place in np.ndindex(values.shape) if shown[place] in HIDDEN]
    by_row = sums in ("both", "rows") and values.shape[1] > 1
    by_column = sums in ("both", "columns") and values.shape[0] > 1
    free = 40
    rest = [
        [int(sum(values[place] for place in places if place[axis] == line)) if counts else 10**6 for line in range(n)]
        for axis, counts, n in ((0, by_row, values.shape[0]), (1, by_column, values.shape[1]))
    ]
    last = [{place[axis]: number for number, place in enumerate(places)} for axis in (0, 1)]
    small = [number for number, place in enumerate(places) if 0 < values[place] < 5]
    found = [set() for _ in places]

    def fill(number, taken):
        if number == len(places):
            for seen, value in zip(found, taken):
                seen.add(value)
            return all(len(found[cell]) > 1 for cell in small)
        (row, column), low = places[number], 1 if shown[places[number]] == "<5" else 0
        high = min(4 if low else free, rest[0][row], rest[1][column])
        for line, axis, counts in ((row, 0, by_row), (column, 1, by_column)):
            if counts and last[axis][line] == number:
                low = max(low, rest[axis][line])
        for value in range(low, high + 1):
            if told and shown[row, column] == "…" and 0 < value < 5:
                continue
            rest[0][row], rest[1][column] = rest[0][row] - value, rest[1][column] - value
            done = fill(number + 1, [*taken, value])
            rest[0][row], rest[1][column] = rest[0][row] + value, rest[1][column] + value
            if done:
                return True
        return False

    fill(0, [])
    return [places[number] for number in small if found[number] == {int(values[places[number]])}]


def random_tables(number):
    rng = np.random.default_rng(7)
    for turn in range(number):
        shape = tuple(rng.integers(1, (5, 4)))
        kinds = ([0, 1, 4], range(8), [0, 1, 2, 3, 5, 6, 8, 9, 30])[turn % 3]
        yield rng.choice(list(kinds), size=shape)


@pytest.mark.parametrize("sums", ["both", "rows", "columns"])
def test_no_small_count_can_be_worked_out(sums):
    whole = 0
    for values in random_tables(240):
        shown = protect_counts(pd.DataFrame(values), sums=sums).to_numpy()
        small = (values > 0) & (values < 5)
        assert set(shown[small]) <= set(HIDDEN) and (shown[~small & (shown == "<5")].size == 0)
        kept = ~np.isin(shown, HIDDEN)
        assert shown[kept].tolist() == [str(value) for value in values[kept]]
        if (shown == "…").all():
            whole += 1
            continue
        assert worked_out(values, shown, sums) == [], (values, shown)
        if (shown[small] == "<5").all():  # the signs tell no more than that
            assert worked_out(values, shown, sums, told=True) == [], (values, shown)
    assert whole < 60


def test_a_table_that_sums_give_away_is_hidden_whole():
    assert protect_counts(pd.DataFrame([[3, 0], [20, 0]])).to_numpy().tolist() == [["…", "…"], ["…", "…"]]


KNOWN = [
    ([[8, 9, 9], [3, 8, 5], [9, 6, 5], [0, 8, 0]], "both"),  # the sum of the second column gave the 3 away
    ([[1, 5, 7], [1, 6, 0]], "both"),  # a column of two persons in two cells
    ([[1], [1], [0]], "columns"),
    ([[4, 4, 0]], "rows"),
]


@pytest.mark.parametrize(("values", "sums"), KNOWN)
def test_tables_that_once_gave_a_count_away(values, sums):
    table = np.array(values)
    shown = protect_counts(pd.DataFrame(table), sums=sums).to_numpy()
    assert worked_out(table, shown, sums) == []


def test_without_known_sums_only_small_counts_are_hidden():
    counts = pd.DataFrame({"a": [3, 20], "b": [0, 5]})
    assert protect_counts(counts, sums="none").to_numpy().tolist() == [["<5", "0"], ["20", "5"]]


def test_a_table_without_small_counts_stays_as_it_is():
    counts = pd.DataFrame({"a": [0, 5], "b": [60, 7]})
    assert protect_counts(counts).to_numpy().tolist() == [["0", "60"], ["5", "7"]]


@pytest.mark.parametrize("bad", [-1, 2.5, np.nan])
def test_what_is_no_count_is_refused(bad):
    with pytest.raises(TableError, match="expected whole numbers of persons") as raised:
        protect_counts(pd.DataFrame({"a": [1, bad]}))
    assert raised.value.zh
