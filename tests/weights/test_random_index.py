from __future__ import annotations

import pytest

from vitality.errors import MethodError
from vitality.weights import random_index_value


@pytest.mark.parametrize(
    "table, n, value",
    [
        ("saaty_1980", 3, 0.58),
        ("saaty_1980", 9, 1.45),
        ("saaty_1980", 15, 1.59),
        ("saaty_2007", 3, 0.52),
        ("saaty_2007", 12, 1.54),
        ("donegan_dodd", 7, 1.2519),
        ("donegan_dodd", 35, (1.5772 + 1.5976) / 2),
    ],
)
def test_tabulated_values(table, n, value):
    assert random_index_value(n, table=table) == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize("table", ["saaty_1980", "saaty_2007", "alonso_lamata", "donegan_dodd"])
def test_one_and_two_items_have_none(table):
    assert random_index_value(1, table=table) == random_index_value(2, table=table) == 0


def test_alonso_lamata_is_a_formula_for_any_number():
    assert random_index_value(40, table="alonso_lamata") * 39 == pytest.approx(2.7699 * 40 - 4.3513 - 40)


def test_beyond_a_table_is_refused():
    with pytest.raises(MethodError, match="up to 100 items; found 101"):
        random_index_value(101, table="donegan_dodd")
