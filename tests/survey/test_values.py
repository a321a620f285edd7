import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.survey.cell_texts import CELLS, UNREADABLE
from vitality.errors import MethodError
from vitality.survey import parse_value
from vitality.survey.numerals import number_text, read_number
from vitality.survey.rules import FLAG_NAMES
from vitality.survey.values import KINDS


@pytest.mark.parametrize(("text", "kind", "unit", "value"), CELLS)
def test_a_cell_means(text, kind, unit, value):
    parsed = parse_value(text, kind, unit=unit)
    assert parsed.value == (pytest.approx(value) if isinstance(value, float) else value)
    assert "unreadable" not in parsed.flags


@pytest.mark.parametrize(("text", "kind"), UNREADABLE)
def test_what_cannot_be_read_is_unreadable_and_not_missing(text, kind):
    parsed = parse_value(text, kind, unit={"count": "人", "money": "万元"}.get(kind))
    assert parsed.value is None
    assert "unreadable" in parsed.flags and "missing" not in parsed.flags


@pytest.mark.parametrize(
    ("text", "kind", "flags"),
    [
        ("12", "count", ()),
        ("12.0", "count", ()),
        ("是", "yesno", ()),
        ("约１，２００人", "count", ("full_width", "approximate", "unit", "separator")),
        ("50-60", "count", ("range", "approximate")),
        ("无", "count", ("none_is_zero",)),
        ("120000元", "money", ("unit", "converted")),
        ("", "count", ("missing",)),
        ("/", "count", ("missing", "not_applicable")),
        ("若干", "count", ("missing", "unknown")),
        ("(跳过)", "count", ("missing", "skipped")),
        ("-3", "count", ()),
        ("三五个", "count", ("unit", "range", "approximate", "numeral")),
        ("3千", "money", ("other_unit", "converted", "multiplier")),
        ("12万5", "money", ("converted", "multiplier")),
        ("¥12万", "money", ("currency", "unit")),
        ("120000(元)", "money", ("unit", "converted")),
        ("无（没有站）", "count", ("none_is_zero", "note")),
        ("是，沪红〔2024〕3号", "yesno", ("note",)),
        ("V", "yesno", ("mark",)),
        ("2024.1", "date", ("date_text", "lost_zero")),
        ("2024.10", "date", ("date_text",)),
        ("—", "count", ("missing", "dash")),
        ("√", "yesno", ("mark",)),
    ],
)
def test_flags_tell_how_far_the_text_was_from_a_plain_value(text, kind, flags):
    assert parse_value(text, kind, unit="万元" if kind == "money" else "人").flags == flags


def test_another_unit_is_flagged():
    assert "other_unit" in parse_value("3小时", "count", unit="人").flags
    assert "other_unit" not in parse_value("3个", "count", unit="人").flags


@pytest.mark.parametrize(
    ("text", "kind", "note"),
    [
        ("2（其中专职1人）", "count", "其中专职1人"),
        ("无（没有站）", "count", "没有站"),
        ("是，沪红〔2024〕3号", "yesno", "沪红〔2024〕3号"),
        ("是（见附件）", "yesno", "见附件"),
    ],
)
def test_the_note_beside_an_answer_is_kept(text, kind, note):
    assert parse_value(text, kind, unit="人").note == note


def test_unknown_kind_offers_the_near_one():
    with pytest.raises(MethodError, match="Did you mean 'count'"):
        parse_value("1", "counts")


@pytest.mark.parametrize("text", ["百分", "零", "万", "亿万", "一一十", "..", "十十", "百万亿"])
def test_odd_numerals_never_raise(text):
    found = read_number(text)
    assert found is None or isinstance(found[0], float)


@pytest.mark.parametrize("number", [0.0, 12.0, 0.1, 1e-7, 123456789.25, -3.5, 1e15])
def test_a_number_as_text_reads_back(number):
    assert float(number_text(number)) == number and "e" not in number_text(number)


def test_the_table_of_cell_texts_is_long_and_without_doubles():
    assert len(CELLS) >= 150 and len(set(map(repr, CELLS))) == len(CELLS)


@given(st.text(max_size=30), st.sampled_from(KINDS), st.sampled_from([None, "人", "万元", "元", "%"]))
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_or_refused_in_words(text, kind, unit):
    parsed = parse_value(text, kind, unit=unit)
    if isinstance(parsed.value, float):
        assert math.isfinite(parsed.value)
    assert (parsed.value is None) == bool({"missing", "unreadable"} & set(parsed.flags))
    assert set(parsed.flags) <= set(FLAG_NAMES)


SIGNS = "0123456789.,-+~至到约近余左右人元万亿千百十两零〇一二三五%成百分之无/()（）其中 "


@given(st.text(alphabet=SIGNS, max_size=12), st.sampled_from(["count", "money", "percent", "date"]))
@settings(max_examples=600, deadline=None)
def test_texts_made_of_the_signs_of_numbers_never_raise(text, kind):
    parsed = parse_value(text, kind, unit="万元")
    assert (parsed.value is None) == bool({"missing", "unreadable"} & set(parsed.flags))


@given(st.integers(0, 10**9))
@settings(max_examples=200, deadline=None)
def test_every_way_to_write_a_number_gives_that_number(number):
    import cn2an

    texts = [f"{number}", f"{number:,}", f" {number} ", f"{number}人", f"约{number}人", f"{number}（其中女1人）"]
    texts += [str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９")), cn2an.an2cn(number)]
    for text in texts:
        assert parse_value(text, "count", unit="人").value == number, text


@given(st.integers(1, 10**8))
@settings(max_examples=200, deadline=None)
def test_a_sum_of_money_is_the_same_in_every_way_to_write_it(yuan):
    import cn2an

    ways = [f"{yuan}元", f"￥{yuan}元", f"{yuan}（元）", f"{cn2an.an2cn(yuan)}元", f"{cn2an.an2cn(yuan)}元整"]
    ways += [f"{yuan // 10_000}万{yuan % 10_000}元"] if yuan % 10_000 >= 1000 and yuan >= 10_000 else []
    for text in ways:
        assert parse_value(text, "money", unit="万元").value == pytest.approx(yuan / 10_000), text
        assert parse_value(text, "money", unit="元").value == yuan, text


@pytest.mark.parametrize("text", ["9" * 400, "(" * 30000, "1-" * 20000, "约" * 5000, "一" * 5000])
def test_endless_texts_are_refused_quickly(text):
    assert parse_value(text, "count").flags[-1] == "unreadable"
