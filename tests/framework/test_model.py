import pandas as pd
import pytest

import vitality as vt
from vitality.errors import FrameworkError

TABLE = pd.DataFrame(
    {
        "code": ["V", "A", "B", "A1", "A2", "B1"],
        "parent": ["", "V", "V", "A", "A", "B"],
        "weight": [None, 2, 2, 1, 3, 1],
        "direction": [None, None, None, 1, "cost", "benefit"],
    }
)


def test_table_gives_the_tree_whatever_the_order_of_its_rows():
    framework = vt.framework_from_table(TABLE.iloc[[3, 5, 1, 0, 2, 4]])
    assert framework.root == "V"
    assert framework.levels == {"index": ("V",), "dimension": ("A", "B"), "indicator": ("A1", "A2", "B1")}
    assert framework.nodes == ("A1", "A2", "B1", "A", "B", "V")


def test_weights_multiply_down_the_tree():
    weights = vt.framework_from_table(TABLE).weights()
    # by hand: A and B weigh 2 of 4 each; A1 1/4 and A2 3/4 of A
    assert weights["global"].to_dict() == {"A1": 0.125, "A2": 0.375, "B1": 0.5, "A": 0.5, "B": 0.5, "V": 1.0}


def test_weights_over_indicators_give_groups_the_sums():
    framework = vt.framework_from_table(TABLE)
    changed = framework.with_weights(pd.Series({"A1": 0.1, "A2": 0.3, "B1": 0.6}), source_en="a panel")
    table = changed.weights()
    assert table.loc["A", "local"] == pytest.approx(0.4)
    assert table.loc["A2", "local"] == pytest.approx(0.75)
    assert changed.weights_from("en") == "a panel"
    assert framework.weights().loc["A", "local"] == 0.5  # the first framework is as it was


def test_weights_over_nodes_are_local():
    local = pd.DataFrame({"local": {"A": 0.9, "B": 0.1, "A1": 0.5, "A2": 0.5, "B1": 1.0}})
    weights = vt.framework_from_table(TABLE).with_weights(local).weights()
    assert weights.loc["A1", "global"] == pytest.approx(0.45)


@pytest.mark.parametrize(
    ("weights", "found"),
    [
        ({"A1": 0.5, "A2": 0.5}, "missing 'B1'"),
        ({"A1": 0.5, "A2": 0.5, "B1": 1.0, "C": 1.0}, "unknown 'C'"),
        ({"A1": 0.5, "A2": -0.1, "B1": 0.5}, "not a number of 0 or more 'A2'"),
        ({"A1": 0.5, "A2": float("nan"), "B1": 0.5}, "not a number of 0 or more 'A2'"),
    ],
)
def test_weights_that_do_not_fit_are_refused(weights, found):
    with pytest.raises(FrameworkError, match=found):
        vt.framework_from_table(TABLE).with_weights(pd.Series(weights))


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"parent": ["", "V", "V", "A", "A", "X"]}, r"unknown parent: 'B1 \(parent X\)'"),
        ({"parent": ["", "", "V", "A", "A", "B"]}, "expected one root.*found 2"),
        ({"code": ["V", "A", "B", "A1", "A1", "B1"]}, "more than once: 'A1'"),
        ({"parent": ["", "A1", "V", "A", "A", "B"]}, "never reach the root"),
        ({"weight": [None, 2, 2, 1, -3, 1]}, "A > weight|weight: found -3"),
    ],
)
def test_table_that_is_no_tree_is_refused(change, found):
    with pytest.raises(FrameworkError, match=found):
        vt.framework_from_table(TABLE.assign(**change))


def test_unknown_column_offers_the_near_miss():
    with pytest.raises(FrameworkError, match=r"unknown column 'wieght'. Did you mean 'weight'\?"):
        vt.framework_from_table(TABLE.rename(columns={"weight": "wieght"}))


def test_unknown_node_offers_the_near_miss():
    framework = vt.read_framework("redcross")
    with pytest.raises(FrameworkError, match="no node 'A111'"):
        framework.children("A111")
    with pytest.raises(FrameworkError, match="is a group, not an indicator"):
        framework.indicator("A1")


def test_framework_shows_itself_with_the_notice():
    html = vt.read_framework("redcross")._repr_html_()
    assert "重建" in html and "reconstruction" in html
    assert html.count("<tr>") == 1 + 1 + 6 + 13 + 35


def test_table_lists_every_node_root_first():
    table = vt.read_framework("redcross").table("en")
    assert table.index[0] == "V" and len(table) == 55
    assert table.loc["C31", "direction"] == "interval"
    assert table.loc[table["level"] == "indicator", "global_weight"].sum() == pytest.approx(1)
