import pytest

from vitality.errors import MethodError
from vitality.survey import parse_value
from vitality.survey.numerals import number_text, read_number

#: Text, kind, unit asked for, value. Rules of reading, one group a line of the rules.
CELLS = [
    # widths, separators, spaces, units
    ("１２", "count", None, 12),
    (" 12 ", "count", None, 12),
    ("1,200", "count", None, 1200),
    ("1，200", "count", None, 1200),
    ("12 000", "count", None, 12000),
    ("12.0", "count", None, 12),
    ("12人", "count", "人", 12),
    ("3 人次", "count", "人次", 3),
    ("85平方米", "number", "平方米", 85),
    ("１，２００人", "count", "人", 1200),
    ("0", "count", None, 0),
    ("-5", "number", None, -5),
    ("1,234.5", "number", None, 1234.5),
    # Chinese numerals and multipliers
    ("十二", "count", None, 12),
    ("一百零五", "count", None, 105),
    ("两", "count", None, 2),
    ("两千", "count", None, 2000),
    ("1.2万", "count", None, 12000),
    ("3千", "count", None, 3000),
    ("三万五千", "count", None, 35000),
    ("二十", "count", None, 20),
    ("一万二", "count", None, 12000),
    ("一百二", "count", None, 120),
    ("二〇一七", "count", None, 2017),
    ("十", "count", None, 10),
    ("一千零一十", "count", None, 1010),
    ("1.5亿", "number", None, 1.5e8),
    ("十万", "count", None, 100000),
    # about, ranges
    ("约50", "count", None, 50),
    ("50左右", "count", None, 50),
    ("50余人", "count", "人", 50),
    ("近百", "count", None, 100),
    ("50多", "count", None, 50),
    ("50-60", "count", None, 55),
    ("50~60人", "count", "人", 55),
    ("3至5", "count", None, 4),
    ("about 50", "count", None, 50),
    # no answer
    ("", "count", None, None),
    ("-", "count", None, None),
    ("—", "count", None, None),
    ("/", "count", None, None),
    ("／", "count", None, None),
    ("若干", "count", None, None),
    ("不详", "money", "万元", None),
    ("-3", "likert", None, None),
    ("-2", "count", None, None),
    ("(跳过)", "count", None, None),
    (None, "count", None, None),
    (float("nan"), "count", None, None),
    # none is 0 where things are counted
    ("无", "count", None, 0),
    ("无", "money", "万元", 0),
    ("没有", "number", None, 0),
    # money in the unit asked for
    ("12万元", "money", "万元", 12),
    ("12万", "money", "万元", 12),
    ("120000元", "money", "万元", 12),
    ("12万元", "money", "元", 120000),
    ("12", "money", "万元", 12),
    ("120000", "money", "万元", 120000),
    ("3千元", "money", "万元", 0.3),
    ("12万元", "money", None, 120000),
    # per cent is not guessed
    ("12.5%", "percent", "%", 12.5),
    ("12.5", "percent", "%", 12.5),
    ("0.125", "percent", "%", 0.125),
    ("４０％", "percent", "%", 40),
    # notes
    ("2(其中专职1)", "count", None, 2),
    ("2（其中专职1人）", "count", "人", 2),
    ("15，其中党员3人", "count", "人", 15),
    # yes and no
    ("是", "yesno", None, True),
    ("有", "yesno", None, True),
    ("√", "yesno", None, True),
    ("Y", "yesno", None, True),
    ("1", "yesno", None, True),
    ("否", "yesno", None, False),
    ("无", "yesno", None, False),
    ("×", "yesno", None, False),
    ("N", "yesno", None, False),
    ("0", "yesno", None, False),
    ("有（见附件）", "yesno", None, True),
    ("no", "yesno", None, False),
    # text
    (" 东区 ", "text", None, "东区"),
    ("街道", "choice", None, "街道"),
    ("无", "text", None, "无"),
]

UNREADABLE = [
    "见附件",
    "#REF!",
    "12.5.3",
    "十几",
    "2024-03-01",
    "1e5",
    "三分之一",
    "人",
    "=1+1",
    "12 34",
    "10/12",
]


@pytest.mark.parametrize(("text", "kind", "unit", "value"), CELLS)
def test_a_cell_means(text, kind, unit, value):
    parsed = parse_value(text, kind, unit=unit)
    assert parsed.value == (pytest.approx(value) if isinstance(value, float) else value)
    assert "unreadable" not in parsed.flags


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_is_no_number_is_unreadable_and_not_missing(text):
    parsed = parse_value(text, "count", unit="人")
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
        ("-3", "count", ("missing", "skipped")),
        ("—", "count", ("missing", "dash")),
        ("√", "yesno", ("mark",)),
    ],
)
def test_flags_tell_how_far_the_text_was_from_a_plain_value(text, kind, flags):
    assert parse_value(text, kind, unit="万元" if kind == "money" else "人").flags == flags


def test_another_unit_is_flagged():
    assert "other_unit" in parse_value("3小时", "count", unit="人").flags
    assert "other_unit" not in parse_value("3个", "count", unit="人").flags


def test_the_note_beside_a_number_is_kept():
    assert parse_value("2（其中专职1人）", "count", unit="人").note == "其中专职1人"


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
