"""What the functions of a notebook emit."""

import base64

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from vitality.errors import ReportError, TableError
from vitality.report import display
from vitality.report.style import new_axes


@pytest.fixture
def emitted(monkeypatch):
    import IPython.display

    kept = []

    def keep(content, *, raw, metadata):
        assert raw
        kept.append((content, metadata))

    monkeypatch.setattr(IPython.display, "display", keep)
    return kept


def cells(text, row):
    rows = BeautifulSoup(text, "html.parser").find_all("tr")
    return [cell.get_text() for cell in rows[row].find_all(["th", "td"])]


def test_say_joins_paragraphs_and_leaves_out_empty_ones(emitted):
    display.say("# 一", "", "  ", "正文")
    display.say("", " ")
    assert emitted == [({"text/markdown": "# 一\n\n正文"}, {})]


def test_front_matter_goes_to_the_renderer_and_to_the_reader(emitted):
    display.front_matter(title="报告", notices=["模拟数据", ""])
    content, _ = emitted[0]
    front = content[display.FRONT_MATTER]
    assert front["notices"] == ["模拟数据"] and front["running"] == "模拟数据"
    assert content["text/markdown"] == "# 报告\n\n> 模拟数据"


@pytest.mark.parametrize(
    ("arguments", "match"), [({"title": " "}, "title is empty"), ({"title": "a", "notices": "b"}, r"\['b'\]")]
)
def test_front_matter_refuses(arguments, match):
    with pytest.raises(ReportError, match=match):
        display.front_matter(**arguments)


def test_numbers_are_written_by_what_they_are():
    table = pd.DataFrame(
        {
            "名次": [1.0, 2.0, None],
            "指数": [71.44, 8.0, None],
            "权重": [0.1234, 0.5, 0.25],
            "数量": [1200, 3, 4],
            "单位": ["甲", "乙<b>", None],
        }
    )
    text = display.table_html(table)
    assert cells(text, 0) == ["名次", "指数", "权重", "数量", "单位"]
    assert cells(text, 1) == ["1", "71.4", "0.123", "1200", "甲"]
    assert cells(text, 2) == ["2", "8.0", "0.500", "3", "乙<b>"]
    assert cells(text, 3) == ["—", "—", "0.250", "4", "—"]
    assert "<b>" not in text, "names are text, not markup"


def test_formats_for_all_floats_or_by_column():
    table = pd.DataFrame({"a": [1.256], "b": [2.0], "n": [3]})
    assert cells(display.table_html(table, formats=".2f"), 1) == ["1.26", "2.00", "3"]
    by_column = {"a": "{:.0f} 分", "n": lambda value: f"#{value}"}
    assert cells(display.table_html(table, formats=by_column), 1) == ["1 分", "2", "#3"]


def test_index_is_shown_unless_it_only_counts():
    table = pd.DataFrame({"a": [1]}, index=["镇"])
    assert cells(display.table_html(table), 1) == ["镇", "1"]
    assert cells(display.table_html(table.reset_index(drop=True)), 1) == ["1"]
    assert cells(display.table_html(table, index=False), 1) == ["1"]


def test_numbers_stand_right_and_text_left():
    soup = BeautifulSoup(display.table_html(pd.DataFrame({"镇": ["甲"], "n": [1]}), caption="题"), "html.parser")
    assert [cell["style"] for cell in soup.find_all("td")] == ["text-align:left", "text-align:right"]
    assert soup.caption.get_text() == "题"


def test_shades_run_from_pale_to_dark_and_empty_cells_have_none():
    text = display.table_html(pd.DataFrame({"a": [0.0, 100.0, 250.0, None], "b": [1.0] * 4}), shade=["a"])
    rows = BeautifulSoup(text, "html.parser").tbody.find_all("tr")
    fills = [row.td["style"].partition("background-color:")[2] for row in rows]
    assert fills == ["#faf6ec", "#7fb8b0", "#7fb8b0", ""]
    assert text.count("background-color") == 3


def test_unknown_columns_are_refused_with_the_near_miss():
    table = pd.DataFrame({"score": [1.0]})
    with pytest.raises(TableError, match=r"no column 'scor'.*Did you mean 'score'"):
        display.table_html(table, shade=["scor"])
    with pytest.raises(TableError, match="no column 'x'"):
        display.show_table(table, formats={"x": ".1f"})
    with pytest.raises(TableError, match="no columns"):
        display.show_table(table[[]])


def test_a_styler_keeps_its_look_and_gets_the_caption(emitted):
    display.show_table(pd.DataFrame({"a": [1.0]}).style.format("{:.3f}"), caption="题")
    text = emitted[0][0]["text/html"]
    assert "<caption>题</caption>" in text and "1.000" in text


def test_a_figure_is_emitted_once_with_its_words_and_closed(emitted):
    import matplotlib.pyplot as plt

    ax = new_axes(width=6, height=3)
    ax.set_title("活力")
    display.show_figure(ax, caption="题", alt="说明")
    (content, metadata), (screen, _) = emitted
    picture = base64.b64decode(content["image/png"])
    assert picture.startswith(b"\x89PNG")
    assert metadata["image/png"]["alt"] == "说明" and metadata["image/png"]["caption"] == "题"
    assert metadata["image/png"]["width"] == pytest.approx(600, abs=30)
    assert display.SCREEN_ONLY in screen and screen["text/markdown"] == "*题*"
    assert not plt.get_fignums()


def test_a_letter_that_no_font_has_is_an_error_and_no_empty_box(emitted):
    ax = new_axes()
    ax.set_title("\U0001f9ff")
    with pytest.raises(ReportError, match="empty box"):
        display.show_figure(ax)
    assert not emitted


def test_what_is_no_figure_is_refused_in_words():
    with pytest.raises(ReportError, match="found int"):
        display.show_figure(3)
