"""Figures: what is drawn is what the table holds."""

import itertools

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from vitality.errors import ReportError, TableError
from vitality.report import figures
from vitality.report.style import GRADE_COLOURS, new_axes


def towns(n=3):
    scores = np.linspace(90, 10, n)
    return pd.DataFrame({"score": scores, "rank": range(1, n + 1)}, index=[f"镇{i}" for i in range(n)])


def names(labels):
    return [text.get_text() for text in labels]


def colour_of(patch):
    from matplotlib.colors import to_hex

    return to_hex(patch.get_facecolor())


def test_ranking_draws_the_scores_best_first_whatever_the_order_of_the_rows():
    table = towns(4).iloc[[2, 0, 3, 1]]
    ax = figures.ranking(table)
    assert [bar.get_width() for bar in ax.patches] == pytest.approx([90, 63.333333, 36.666667, 10])
    assert names(ax.get_yticklabels()) == ["1  镇0", "2  镇1", "3  镇2", "4  镇3"]
    assert names(ax.texts) == ["90.0", "63.3", "36.7", "10.0"]
    low, high = ax.get_ylim()
    assert low > high, "the first rank is on top"


def test_ranking_shows_both_ends_of_a_long_table_and_says_what_is_left_out():
    ax = figures.ranking(towns(100), lang="en")
    labels = names(ax.get_yticklabels())
    assert len(labels) == 40 and labels[19] == "20  镇19" and labels[20] == "81  镇80"
    assert "… 60 more not shown …" in names(ax.texts)
    places = [bar.get_y() + bar.get_height() / 2 for bar in ax.patches[:40]]
    assert places[20] - places[19] == pytest.approx(2), "a row is left free"


def test_forty_units_are_all_drawn():
    assert len(names(figures.ranking(towns(40)).get_yticklabels())) == 40


def test_ranking_colours_grades_best_first_in_either_order_of_the_categories():
    grades = ["优", "中", "差"]
    for order in (grades, grades[::-1]):
        table = towns().assign(grade=pd.Categorical(grades, categories=order, ordered=True))
        ax = figures.ranking(table)
        first = [colour_of(bar) for bar in ax.patches]
        assert first == [GRADE_COLOURS[0], GRADE_COLOURS[2], GRADE_COLOURS[4]]
        assert names(ax.get_legend().get_texts()) == grades


def test_a_unit_without_a_score_stands_last_and_says_so():
    table = towns()
    table.loc["镇0", ["score", "rank"]] = np.nan
    ax = figures.ranking(table.assign(group="东区"))
    assert names(ax.get_yticklabels())[-1] == "—  镇0 · 东区"
    assert names(ax.texts)[-1] == "未参与排名"


def test_radar_closes_each_line_and_wraps_long_names():
    table = pd.DataFrame(
        [[10, 20, 30.5], [50, np.nan, 70]],
        index=["甲", "乙"],
        columns=["非常长的维度名称第一个", "b", "Organisational coverage"],
    )
    ax = figures.radar(table)
    assert ax.lines[0].get_ydata().tolist() == [10, 20, 30.5, 10]
    np.testing.assert_array_equal(ax.lines[1].get_ydata(), [50, np.nan, 70, 50])
    assert names(ax.get_legend().get_texts()) == ["甲", "乙"]
    written = names(ax.texts)
    assert all("\n" in text for text in (written[0], written[2]))
    assert written[0].replace("\n", "") == "非常长的维度名称第一个"
    assert ax.get_ylim() == (0, 100)


@pytest.mark.parametrize("shape", [(6, 4), (2, 2)])
def test_radar_refuses_what_cannot_be_read(shape):
    with pytest.raises(TableError, match="1 to 5 rows and at least 3 columns"):
        figures.radar(pd.DataFrame(np.ones(shape)))


def test_radar_needs_polar_axes():
    with pytest.raises(TableError, match="not polar"):
        figures.radar(pd.DataFrame(np.ones((1, 3))), ax=new_axes())


def test_heatmap_holds_the_table_and_writes_it_up_to_forty_rows():
    table = pd.DataFrame([[12.4, 88.6], [np.nan, 50.0]], index=["甲", "乙"], columns=["一", "二"])
    ax = figures.heatmap(table)
    drawn = ax.images[0].get_array()
    np.testing.assert_array_equal(drawn.filled(np.nan), table.to_numpy())
    assert names(ax.texts) == ["12", "89", "50"], "no number where there is none"
    assert ax.images[0].get_clim() == (0, 100)
    assert names(ax.get_yticklabels()) == ["甲", "乙"]
    assert not figures.heatmap(pd.DataFrame(np.ones((41, 2)))).texts


def test_weights_comparison_draws_one_marker_a_source_in_percent():
    table = pd.DataFrame({"AHP": [0.6, 0.4], "熵权": [0.5, 0.5], "组合": [0.55, 0.45]}, index=["组织", "队伍"])
    ax = figures.weights_comparison(table)
    drawn = [line.get_xdata().tolist() for line in ax.lines]
    assert drawn == [pytest.approx([60, 40]), pytest.approx([50, 50]), pytest.approx([55, 45])]
    assert len({line.get_marker() for line in ax.lines}) == 3
    assert names(ax.get_legend().get_texts()) == ["AHP", "熵权", "组合"]
    spans = [segment[:, 0].tolist() for segment in ax.collections[0].get_segments()]
    assert spans == [pytest.approx([50, 60]), pytest.approx([40, 50])]


def test_thirty_five_weights_have_room_to_be_read():
    table = pd.DataFrame(np.full((35, 2), 1 / 35), index=[f"指标{i}" for i in range(35)], columns=["a", "b"])
    ax = figures.weights_comparison(table)
    ax.figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in ax.get_yticklabels()]
    assert not any(one.overlaps(other) for one, other in itertools.pairwise(boxes))


def pairs():
    return pd.DataFrame(
        {
            "resource": ["专职人员", "年度经费", "注册志愿者"],
            "node": "总指数",
            "estimate": [0.52, -0.1, np.nan],
            "low": [0.2, -0.4, np.nan],
            "high": [0.75, 0.25, np.nan],
            "p_adjusted": [0.0004, 0.6, np.nan],
            "n": [24, 23, 24],
            "note": ["", "", "共用分母"],
        }
    )


def test_correlation_forest_draws_intervals_and_tells_what_was_refused():
    ax = figures.correlation_forest(pairs())
    points = [line for line in ax.lines if line.get_marker() == "o" and len(line.get_xdata()) == 1]
    assert [line.get_xdata()[0] for line in points] == [0.52, -0.1]
    assert [line.get_markerfacecolor() == "white" for line in points] == [False, True]
    spans = [collection.get_segments()[0][:, 0].tolist() for collection in ax.collections]
    assert [0.2, 0.75] in spans and [-0.4, 0.25] in spans
    written = names(ax.texts)
    assert "n = 24　p < 0.001" in written and "n = 23　p = 0.600" in written
    assert "未计算：共用分母" in written
    assert "not computed: 共用分母" in names(figures.correlation_forest(pairs(), lang="en").texts)


def test_correlation_forest_names_the_node_only_where_there_are_several():
    assert names(figures.correlation_forest(pairs()).get_yticklabels())[0] == "专职人员"
    several = pd.concat([pairs(), pairs().assign(node="队伍")])
    assert names(figures.correlation_forest(several).get_yticklabels())[-1] == "注册志愿者 × 队伍"


def situations(n=24):
    rng = np.random.default_rng(3)
    table = pd.DataFrame({"resources": rng.normal(50, 10, n), "vitality": rng.normal(60, 8, n)})
    high = table >= table.median()
    name = {(1, 1): "巩固提升", (0, 1): "经验推广", (1, 0): "机制改革", (0, 0): "重点扶持"}
    table["quadrant"] = [name[int(x), int(y)] for x, y in high[["resources", "vitality"]].to_numpy()]
    return table.set_axis([f"第{i}街道" for i in range(n)])


def test_quadrants_draw_points_medians_and_the_four_names():
    table = situations()
    ax = figures.quadrants(table)
    np.testing.assert_array_equal(ax.collections[0].get_offsets(), table[["resources", "vitality"]])
    assert ax.lines[0].get_xdata()[0] == table["resources"].median()
    assert ax.lines[1].get_ydata()[0] == table["vitality"].median()
    corners = {text.get_gid(): text.get_text() for text in ax.texts if text.get_gid()}
    assert corners["corner-low_high"] == "经验推广" and corners["corner-high_low"] == "机制改革"
    assert corners["corner-high_high"] == "巩固提升" and corners["corner-low_low"] == "重点扶持"


def test_names_of_units_do_not_cover_each_other():
    ax = figures.quadrants(situations())
    ax.figure.draw_without_rendering()
    boxes = [Text.get_window_extent(text) for text in ax.texts]  # without the line to the point
    assert len(boxes) == 28
    shared = [
        (one, other)
        for at, one in enumerate(boxes)
        for other in boxes[:at]
        if (both := type(one).intersection(one, other)) is not None and both.width * both.height > 12
    ]
    assert not shared


def test_a_quadrant_without_units_still_has_a_name():
    ax = figures.quadrants(situations().iloc[:2], lang="en")
    assert len([text for text in ax.texts if text.get_gid()]) == 4


def test_obstacle_bars_are_percent_largest_first_and_no_more_than_asked():
    table = pd.DataFrame({"share": [0.1, 0.4, np.nan, 0.3]}, index=list("abcd"))
    ax = figures.obstacle_bars(table, most=2)
    assert [bar.get_width() for bar in ax.patches] == pytest.approx([40, 30])
    assert names(ax.get_yticklabels()) == ["b", "d"]


def intervals():
    return pd.DataFrame({"low": [2, 1], "median": [3.0, 1.0], "high": [5, 2], "nominal": [3, 1]}, index=["乙", "甲"])


def test_rank_intervals_stand_best_first_with_the_nominal_rank_beside():
    ax = figures.rank_intervals(intervals())
    assert names(ax.get_yticklabels()) == ["甲", "乙"]
    assert [segment[:, 0].tolist() for segment in ax.collections[0].get_segments()] == [[1, 2], [2, 5]]
    assert [line.get_xdata().tolist() for line in ax.lines] == [[1, 3], [1, 3]]
    assert names(ax.get_legend().get_texts()) == ["中位数", "所选方法的名次"]
    assert len(figures.rank_intervals(intervals().drop(columns="nominal")).lines) == 1


def test_rank_intervals_name_unit_and_round():
    table = intervals().set_axis(pd.MultiIndex.from_tuples([("乙", "2024"), ("甲", "2024")]))
    assert names(figures.rank_intervals(table).get_yticklabels()) == ["甲 · 2024", "乙 · 2024"]


def two_rounds():
    table = pd.DataFrame({"2023": [40.0, 60.0, 80.0, np.nan], "2024": [50.0, 55.0, np.nan, 10.0]})
    return table.set_axis(["甲", "乙", "丙", "丁"])


def test_dumbbell_goes_from_the_earlier_to_the_later_score():
    ax = figures.rounds_dumbbell(two_rounds())
    assert names(ax.get_yticklabels()) == ["乙", "甲", "丁", "丙"], "best of the later round first, the vanished last"
    assert names(ax.texts) == ["−5.0", "+10.0"], "a unit of one round has no change"
    segments = [segment[:, 0].tolist() for segment in ax.collections[0].get_segments()[:2]]
    assert segments == [[60, 55], [40, 50]]


def test_dumbbell_takes_two_rounds():
    with pytest.raises(TableError, match="found 3 columns; expected two"):
        figures.rounds_dumbbell(two_rounds().assign(more=1.0))


def tree():
    rows = {"V": ("", 1.0), "A": ("V", 0.75), "B": ("V", 0.25), "A1": ("A", 0.5), "A2": ("A", 0.25), "B1": ("B", 0.25)}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["parent", "global_weight"])
    return table.assign(name_zh=[f"节点{code}" for code in table.index], name_en=[f"node {c}" for c in table.index])


def test_sunburst_has_wedges_as_wide_as_the_weights():
    ax = figures.sunburst(tree())
    assert [abs(w.theta2 - w.theta1) for w in ax.patches] == pytest.approx([270, 90, 180, 90, 90])
    assert [text for text in names(ax.texts) if text] == ["节点A", "节点B", "节点A1", "节点A2", "节点B1"]
    assert "node A" in names(figures.sunburst(tree(), lang="en", levels=1).texts)


def test_sunburst_needs_one_root():
    with pytest.raises(TableError, match="found 0 nodes without a parent"):
        figures.sunburst(tree().drop(index="V"))


FIGURES = {
    "rank_intervals": intervals(),
    "rounds_dumbbell": two_rounds(),
    "sunburst": tree(),
    "ranking": towns(),
    "weights_comparison": pd.DataFrame({"AHP": [0.5, 0.5]}, index=["a", "b"]),
    "heatmap": pd.DataFrame(np.ones((2, 2))),
    "correlation_forest": pairs(),
    "quadrants": situations(),
    "obstacle_bars": pd.DataFrame({"share": [0.5]}, index=["a"]),
}


@pytest.mark.parametrize("name", FIGURES)
def test_figures_draw_on_given_axes_and_change_nothing(name):
    table = FIGURES[name]
    before = table.copy(deep=True)
    ax = new_axes()
    assert getattr(figures, name)(table, ax=ax) is ax
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize("name", [*FIGURES, "radar"])
def test_an_empty_table_is_refused(name):
    empty = FIGURES.get(name, pd.DataFrame(np.ones((1, 3)))).iloc[:0]
    with pytest.raises(TableError, match=f"{name}: the table has 0 rows"):
        getattr(figures, name)(empty)


def test_a_missing_column_is_named_with_the_near_miss():
    with pytest.raises(TableError, match=r"'score' is missing.*Did you mean 'scores'"):
        figures.ranking(towns().rename(columns={"score": "scores"}))


RADAR = pd.DataFrame(np.ones((1, 3)), index=["甲镇"])


@pytest.mark.parametrize("name", [*FIGURES, "radar"])
@pytest.mark.parametrize(
    "table", [{"score": [1.0]}, [1.0], None, pd.Series([1.0])], ids=["dict", "list", "None", "Series"]
)
def test_what_is_no_table_is_refused(name, table):
    with pytest.raises(TableError, match=rf"{name}: found {type(table).__name__}; expected a DataFrame") as error:
        getattr(figures, name)(table)
    assert "应为 DataFrame" in error.value.message("zh")


@pytest.mark.parametrize("name", [*FIGURES, "radar"])
def test_a_language_that_is_not_offered_is_refused_by_every_figure(name):
    with pytest.raises(ReportError, match=rf"{name}: found language 'fr'; expected 'zh' or 'en'") as error:
        getattr(figures, name)(FIGURES.get(name, RADAR), lang="fr")
    assert "没有语言 'fr'" in error.value.message("zh")


NUMBERS = {
    "ranking": ["score", "rank"],
    "obstacle_bars": ["share"],
    "correlation_forest": ["estimate", "p_adjusted"],
    "quadrants": ["resources", "vitality"],
    "rank_intervals": ["low", "median", "high"],
    "sunburst": ["global_weight"],
}


@pytest.mark.parametrize("name", [*FIGURES, "radar"])
@pytest.mark.parametrize("value", ["很多", float("inf")])
def test_a_value_that_is_no_finite_number_is_named(name, value):
    table = FIGURES.get(name, RADAR)
    for column in NUMBERS.get(name, [table.columns[0]]):
        bad = table.astype({column: object})
        bad.iloc[0, list(bad.columns).index(column)] = value
        with pytest.raises(TableError, match=rf"{name}: found {value!r} in column {column!r}, row"):
            getattr(figures, name)(bad)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "name", ["weights_comparison", "obstacle_bars", "quadrants", "rank_intervals", "rounds_dumbbell", "radar"]
)
def test_a_table_without_any_number_is_refused_where_nothing_could_be_drawn(name):
    table = FIGURES.get(name, RADAR)
    columns = NUMBERS.get(name, list(table.columns))
    bare = table.copy()
    bare[columns] = np.nan
    with pytest.raises(TableError, match=rf"{name}: there is no number in column") as error:
        getattr(figures, name)(bare)
    assert "没有任何数" in error.value.message("zh")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("name", "columns"), [("heatmap", [0, 1]), ("ranking", ["score"])])
def test_a_table_without_any_number_is_drawn_where_gaps_are_shown(name, columns):
    table = FIGURES[name].copy()
    table[columns] = np.nan
    ax = getattr(figures, name)(table)
    ax.figure.canvas.draw()
    assert len(ax.patches) >= len(table)


def test_missing_values_of_any_kind_are_gaps():
    table = pd.DataFrame({"AHP": pd.array([0.25, None], dtype="Float64"), "熵权": [None, 0.5]}, index=["a", "b"])
    ax = figures.weights_comparison(table)
    np.testing.assert_array_equal(ax.lines[0].get_xdata(), [25.0, np.nan])
    np.testing.assert_array_equal(ax.lines[1].get_xdata(), [np.nan, 50.0])


def test_a_column_that_is_there_twice_is_refused():
    twice = pd.concat([towns(), towns()[["score"]]], axis=1)
    with pytest.raises(TableError, match="'score' is there more than once"):
        figures.ranking(twice)


@pytest.mark.parametrize("weights", [np.nan, -0.1, 0.0])
def test_sunburst_refuses_weights_that_are_no_shares(weights):
    with pytest.raises(TableError, match="missing or negative, or all are 0|no number"):
        figures.sunburst(tree().assign(global_weight=weights))
