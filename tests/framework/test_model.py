import pandas as pd
import pytest

import vitality as vt
from vitality.errors import FrameworkError, MethodError

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


def test_a_weight_of_zero_takes_an_indicator_out(tmp_path):
    framework = vt.framework_from_table(TABLE).with_weights({"A1": 0.4, "A2": 0, "B1": 0.6})
    # by hand: A has 0.4, all of it from A1
    assert framework.weights()["local"].to_dict() == {"A1": 1, "A2": 0, "B1": 1, "A": 0.4, "B": 0.6, "V": 1}
    assert vt.read_framework(framework.to_yaml(tmp_path / "a.yaml")) == framework


def test_indicators_that_all_weigh_zero_take_their_group_to_zero():
    weights = vt.framework_from_table(TABLE).with_weights({"A1": 0, "A2": 0, "B1": 2}).weights()
    assert weights["global"].to_dict() == {"A1": 0, "A2": 0, "B1": 1, "A": 0, "B": 1, "V": 1}
    assert weights.loc[["A1", "A2"], "local"].tolist() == [0.25, 0.75]  # as they were


@pytest.mark.parametrize(
    ("weights", "found"),
    [
        ({"A": 1, "B": 0, "A1": 0, "A2": 0, "B1": 1}, "the children of 'A' have no positive"),
        ({"A1": 0, "A2": 0, "B1": 0}, "the children of 'V' have no positive"),
        ({"A1": 1e308, "A2": 1e308, "B1": 1e308}, "no positive, finite sum"),
        ({"A1": "x", "A2": None, "B1": 1j}, "not a number of 0 or more 'A1', 'A2', 'B1'"),
        ([1, 2, 3], "found list; expected a mapping or a Series"),
        (pd.DataFrame({"global": {"A1": 1}}), "no column 'local'; found 'global'"),
    ],
)
def test_weights_without_a_sum_or_a_shape_are_refused(weights, found):
    with pytest.raises(FrameworkError, match=found) as caught:
        vt.framework_from_table(TABLE).with_weights(weights)
    assert "权重" in caught.value.message("zh")


@pytest.mark.parametrize("name", ["redcross", "redcross_full", "ifrc_fdrs"])
def test_table_of_a_framework_is_a_framework(name):
    framework = vt.read_framework(name)
    again = vt.framework_from_table(framework.table())
    assert again.nodes == framework.nodes
    pd.testing.assert_frame_equal(again.weights(), framework.weights())
    pd.testing.assert_frame_equal(again.scale(), framework.scale())
    intervals = [[plan.indicator(code).interval for code in plan.leaves] for plan in (again, framework)]
    assert intervals[0] == intervals[1]


def test_codes_of_digits_are_text_with_and_without_gaps():
    table = pd.DataFrame({"code": [1, 2, 3, 4], "parent": [float("nan"), 1, 2, 2]})
    framework = vt.framework_from_table(table)
    assert (framework.root, framework.children("1"), framework.leaves) == ("1", ("2",), ("3", "4"))


def test_table_is_read_as_people_type_it():
    table = TABLE.assign(direction=["", "", "", " Benefit", "－１", "正向"], weight=["", "２", "2", "1", 3, "1.0"])
    framework = vt.framework_from_table(table)
    assert framework.direction().tolist() == ["benefit", "cost", "benefit"]
    pd.testing.assert_frame_equal(framework.weights(), vt.framework_from_table(TABLE).weights())


ROOT = pd.DataFrame({"code": ["V", "a"], "parent": ["", "V"]})


@pytest.mark.parametrize(
    ("table", "found", "found_zh"),
    [
        ({}, "found dict; expected a DataFrame", "须为"),
        ([], "found list; expected a DataFrame", "须为"),
        (None, "found NoneType; expected a DataFrame", "须为"),
        (pd.DataFrame(), "no column 'code', 'parent'; found no columns", "缺少列"),
        (ROOT.iloc[:0], "found no rows", "没有任何行"),
        (ROOT.iloc[:1], "the root needs at least one indicator below it", "至少要有一个指标"),
        (ROOT.assign(parent=["V", "V"]), "expected one root .*, found none", "须恰有一个根节点"),
        (ROOT.assign(code=["V", None]), "no code in row 2", "没有 code"),
        (ROOT.assign(direction="interval"), "columns interval_low and interval_high", "interval_low"),
        (ROOT.assign(weight=[1, float("inf")]), "found inf; expected a finite number", "有限的数"),
        (ROOT.assign(name_en=[1, 2]), "found 1; expected text: write it as text in the table", "文字"),
        (pd.concat([ROOT, ROOT[["code"]]], axis=1), "column 'code' is there more than once", "重复"),
        (
            pd.DataFrame({"code": range(1, 2001), "parent": [None, *range(1, 2000)]}),
            "the tree has 2000 levels; expected no more than 40",
            "2000层",
        ),
    ],
)
def test_table_that_cannot_be_read_gets_one_message_in_two_languages(table, found, found_zh):
    with pytest.raises(FrameworkError, match=found) as caught:
        vt.framework_from_table(table)
    assert found_zh in caught.value.message("zh")


def test_a_language_that_is_not_spoken_is_refused_everywhere():
    framework = vt.read_framework("redcross")
    methods = (framework.table, framework.title, framework.notice, framework.units, framework.weights_from)
    parts = (framework.node("A"), framework.indicator("A11"), framework.instruments[0], framework.grades[0])
    calls = [*methods, *(part.label for part in parts), framework.indicator("A11").unit]
    for call in calls:
        with pytest.raises(MethodError, match=r"lang='fr' is not a choice here. Choose one of 'zh', 'en'") as caught:
            call("fr")
        assert "中文" in caught.value.message("zh")
    with pytest.raises(MethodError, match="lang=None"):
        framework.label("A", None)


@pytest.mark.parametrize(
    "call",
    [
        lambda framework: framework.node("A111"),
        lambda framework: framework.indicator("A1"),
        lambda framework: framework.label("A111"),
        lambda framework: framework.resource("R1"),
        lambda framework: framework.instrument("x"),
    ],
)
def test_unknown_codes_are_named_in_chinese_too(call):
    with pytest.raises(FrameworkError) as caught:
        call(vt.read_framework("redcross"))
    assert caught.value.message("zh").startswith("框架 'redcross'")


def test_an_indicator_below_the_root_is_on_the_level_of_the_indicators():
    table = pd.DataFrame({"code": ["V", "A", "a", "b"], "parent": ["", "V", "A", "V"]})
    assert vt.framework_from_table(table).levels == {"index": ("V",), "dimension": ("A",), "indicator": ("a", "b")}
