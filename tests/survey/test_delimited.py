"""Text files with separators: encodings, separators, quotation marks, rows of another length."""

import csv

import pytest

from tests.survey.rounds import small, write_organisations, write_town
from vitality.errors import SurveyError
from vitality.survey import check_round, clean_round, read_round
from vitality.survey.delimited import read_delimited

HEAD = ["序号", "所用时间", "1、所在街镇", "2、知道红十字会吗？", "3、能说出哪些服务？", "4、信任程度", "5、建议"]
ROWS = [[str(n), "99秒", "甲镇", "是", "急救┋献血", "5", "无"] for n in range(1, 11)]


@pytest.fixture
def folder(tmp_path):
    write_town(tmp_path)
    write_organisations(tmp_path)
    return tmp_path


def read(folder, lines, name="m_1.csv", encoding="utf-8"):
    (folder / "raw" / name).write_bytes("\r\n".join(lines).encode(encoding))
    return read_round(folder, small())


def joined(rows, separator=","):
    return [separator.join(row) for row in rows]


def records(tmp_path, text):
    path = tmp_path / "x.csv"
    path.write_text(text, encoding="utf-8", newline="")
    found, strays = read_delimited(path)
    return list(found), strays


@pytest.mark.parametrize(
    ("separator", "encoding", "name"),
    [(",", "utf-8", "m_1.csv"), ("\t", "utf-8", "m_1.csv"), (";", "gb18030", "m_1.csv"), ("\t", "utf-16", "m_1.txt"),
     (",", "utf-16", "m_1.csv"), ("\t", "utf-8-sig", "m_1.tsv")],
)  # fmt: skip
@pytest.mark.parametrize("title", [(), ("居民问卷结果",), ("居民问卷结果", "")])
def test_separators_encodings_and_titles(folder, separator, encoding, name, title):
    raw = read(folder, [*title, *joined([HEAD, *ROWS], separator)], name, encoding)
    assert raw.tables["m"].text.to_numpy().tolist() == [["是", "急救┋献血", "5"]] * 10
    assert raw.tables["m"].cell(0, 0) == f"D{2 + len(title)}"


def test_one_quotation_mark_takes_no_rows_with_it(folder):
    """Ten answers; `"好` in the third and `好"` in the eighth would make one cell of what is between."""
    rows = [list(row) for row in ROWS]
    rows[2][6], rows[7][6] = '"好', '好"'
    raw = read(folder, joined([HEAD, *rows]))
    assert raw.tables["m"].text.index.tolist() == [f"m{n}" for n in range(1, 11)]
    issues = check_round(raw, small())
    assert issues.loc[issues["rule"] == "stray_quote", ["severity", "source", "value"]].to_numpy().tolist() == [
        ["query", "m_1.csv / A4", "4"]
    ]


#: Text of a file -> records, lines with a mark without its partner.
QUOTED = {
    "an answer on two lines": ('a,b,c\n1,"好\n很好",3\n4,5,6\n', [["1", "好\n很好", "3"], ["4", "5", "6"]], []),
    "an answer on two lines at the end": (
        'a,b,c\n1,2,"好\n很好, 再见"\n4,5,6\n',
        [["1", "2", "好\n很好, 再见"], ["4", "5", "6"]],
        [],
    ),
    "and a comma as in a record": ('a,b,c\n1,2,"a\nb, c, d"\n4,5,6\n', [["1", "2", "a\nb, c, d"], ["4", "5", "6"]], []),
    "a pair of marks": ('a,b\n1,"x ""y"" z"\n', [["1", 'x "y" z']], []),
    "never closed": ('a,b,c\n1,"2,3\n4,5,6\n7,8,9\n', [["1", '"2', "3"], ["4", "5", "6"], ["7", "8", "9"]], [2]),
    "in the first cell": ('a,b\n"1,2\n3,4\n"5,6\n7,8\n', [['"1', "2"], ["3", "4"], ['"5', "6"], ["7", "8"]], [2, 4]),
    "closed in another column": (
        'a,b,c\n1,"2,3\n4,5,6"\n7,8,9\n',
        [["1", '"2', "3"], ["4", "5", '6"'], ["7", "8", "9"]],
        [2],
    ),
    "twice": (
        'a,b\n1,"x\n2,y\n3,"z\n4,w"\n5,"v\n6,u\n',
        [["1", '"x'], ["2", "y"], ["3", '"z'], ["4", 'w"'], ["5", '"v'], ["6", "u"]],
        [2, 4, 6],
    ),
    "an answer on two lines among what it takes in": (
        'a,b,c\n1,2,"x\n3,4,"p\nq"\n5,6,y"\n7,8,9\n',
        [["1", "2", '"x'], ["3", "4", "p\nq"], ["5", "6", 'y"'], ["7", "8", "9"]],
        [2],
    ),
}


@pytest.mark.parametrize("case", QUOTED)
def test_quotation_marks(tmp_path, case):
    text, expected, lines = QUOTED[case]
    found, strays = records(tmp_path, text)
    assert (found[1:], strays) == (expected, lines)


def test_marks_are_read_as_the_csv_module_does_where_nothing_is_taken_in(tmp_path):
    text = 'a,b,c\n"1","x\ny","z"\n\n2,"p, q",\n'
    assert records(tmp_path, text) == (list(csv.reader(text.splitlines(keepends=True))), [])


def test_a_mark_before_much_text_is_read_on(tmp_path):
    """What an open mark takes in may be longer than the csv module allows a cell to be."""
    text = 'a,b\n1,"x\n' + "".join(f"{n},{'y' * 100}\n" for n in range(3000))
    found, strays = records(tmp_path, text)
    assert (len(found), strays) == (3002, [2])


def test_shorter_rows_are_told_once_and_blanks_at_the_end_read(folder):
    rows = [list(row) for row in ROWS]
    rows[1], rows[4], rows[6] = rows[1][:6], rows[4][:6], rows[6][:2]
    raw = read(folder, joined([HEAD, *rows]))
    issues = check_round(raw, small())
    short = issues[issues["rule"] == "short_row"]
    assert short[["severity", "source"]].to_numpy().tolist() == [["query", "m_1.csv / G3"], ["query", "m_1.csv / C8"]]
    assert "有2行只有6列，表头有7列" in short["message"].iloc[0]
    assert raw.tables["m"].text.loc["m2"].tolist() == ["是", "急救┋献血", "5"]


def test_heads_without_text_at_the_end_make_no_row_short(folder):
    raw = read(folder, [",".join(HEAD) + ",,", *joined(ROWS)])
    assert "short_row" not in {note.rule for note in raw.notes}


@pytest.mark.parametrize("content", [b"a\x00b\x00,", b"\xff\xfe\x00", b"\xff\xff\xff"])
def test_what_is_no_text_is_refused_in_words(folder, content):
    (folder / "raw" / "m_1.csv").write_bytes(content)
    with pytest.raises(SurveyError, match=r"m_1\.csv") as raised:
        read_round(folder, small())
    assert "csv" in raised.value.zh


def test_a_table_without_our_questions_gets_the_advice_that_fits(folder):
    raw = read(folder, ["甲,乙", "1,2"])
    issues = check_round(raw, small())
    (row,) = issues[issues["rule"] == "not_an_export"].itertuples()
    assert "表头" in row.action and "隐藏" not in row.action
    assert clean_round(raw, small()).answers["m"].empty
