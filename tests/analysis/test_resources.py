import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import vitality as vt
from tests.analysis.worlds import FRAMEWORK, index_of, resources_of
from vitality.analysis.correlation import estimate_correlation, fisher_interval, pairs_lost
from vitality.analysis.resources import COLUMNS
from vitality.errors import FrameworkError, MethodError, TableError

CASES = json.loads((Path(__file__).parent / "cases" / "correlation.json").read_text(encoding="utf-8"))
DATA = CASES["table"]["data"]
RESULT = index_of(DATA["index"], district=["east", "west"] * 12)
RESOURCES = resources_of(RESULT, **{name: values for name, values in DATA.items() if name != "index"})


@pytest.mark.parametrize("method", ["pearson", "spearman", "kendall"])
def test_twenty_four_organisations_as_r_has_them(method):
    table = vt.correlate_resources(RESULT, RESOURCES, method=method, seed=1, permutations=9999)
    assert tuple(table.columns) == COLUMNS
    assert table["node"].tolist() == ["V"] * 3 and table["n"].tolist() == [24] * 3
    for row in table.itertuples():
        expected = CASES["table"][method][row.resource]
        assert row.estimate == pytest.approx(expected["estimate"], abs=1e-9)
        assert row.p == pytest.approx(expected["p"], abs=0.03)
        if "interval" in expected:
            assert (row.low, row.high) == pytest.approx(tuple(expected["interval"]), abs=1e-9)


def test_holm_is_within_a_node_and_benjamini_hochberg_over_the_table():
    table = vt.correlate_resources(RESULT, RESOURCES, nodes=["V", "a"], seed=1, permutations=499)
    for _, own in table.groupby("node"):
        assert own["p_adjusted"].tolist() == pytest.approx(vt.analysis.adjust_p(own["p"]).tolist())
    table = vt.correlate_resources(
        RESULT, RESOURCES, nodes=["V", "a"], seed=1, permutations=499, adjust="benjamini_hochberg"
    )
    expected = vt.analysis.adjust_p(table["p"], method="benjamini_hochberg")
    assert table["p_adjusted"].tolist() == pytest.approx(expected.tolist())
    assert table.attrs["tests"] == 6


def test_order_of_units_and_company_of_other_resources_change_nothing():
    table = vt.correlate_resources(RESULT, RESOURCES, seed=3, permutations=199)
    shuffled = vt.correlate_resources(RESULT, RESOURCES.iloc[::-1], seed=3, permutations=199)
    pd.testing.assert_frame_equal(table, shuffled)
    alone = vt.correlate_resources(RESULT, RESOURCES[["venue"]], seed=3, permutations=199)
    assert alone.loc[0, "p"] == table.loc[2, "p"]


def test_same_seed_same_answer_and_inputs_unchanged():
    before = RESOURCES.copy()
    first, second = (vt.correlate_resources(RESULT, RESOURCES, seed=9, permutations=99) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)
    pd.testing.assert_frame_equal(RESOURCES, before)


def test_default_nodes_are_the_root_and_the_dimensions():
    result = vt.build_index(vt_matrix(), vt.read_framework("redcross"))
    resources = pd.DataFrame({"R31": np.arange(12.0)}, index=result.scores.index)
    table = vt.correlate_resources(result, resources, seed=1, permutations=19)
    assert table["node"].tolist() == ["V", "A", "B", "C", "D", "E", "F"]


def vt_matrix(n=12, name="redcross"):
    framework = vt.read_framework(name)
    generator = np.random.default_rng(4)
    scale = framework.scale()
    columns = {code: generator.uniform(*sorted(scale.loc[code]), n) for code in framework.leaves}
    index = pd.MultiIndex.from_product([[f"u{k:02d}" for k in range(n)], ["2024"]], names=["unit", "round"])
    return pd.DataFrame(columns, index=index)


def test_coupled_pairs_are_refused_with_the_reason_or_computed_and_marked():
    result = vt.build_index(vt_matrix(), vt.read_framework("redcross"))
    generator = np.random.default_rng(5)
    resources = pd.DataFrame(generator.uniform(0, 5, (12, 2)), columns=["R22", "R21"], index=result.scores.index)
    table = vt.correlate_resources(result, resources, nodes=["V"], seed=1, permutations=99).set_index("resource")
    assert table["coupled"].tolist() == [True, False]
    assert np.isnan(table.loc["R22", ["estimate", "low", "high", "p", "p_adjusted"]].astype(float)).all()
    assert "共有分母“常住人口”" in table.loc["R22", "note"] and table.loc["R21", "note"] == ""
    assert table.loc["R21", "p_adjusted"] == table.loc["R21", "p"]  # a refused pair is no test
    forced = vt.correlate_resources(
        result, resources, nodes=["V"], seed=1, permutations=99, allow_coupled=True, lang="en"
    ).set_index("resource")
    assert forced["estimate"].notna().all() and forced["coupled"].tolist() == [True, False]
    assert 'shares the denominator "resident population" with' in forced.loc["R22", "note"]


def test_ratio_trap_is_real_and_the_guard_is_needed():
    """Pearson (1897): independent counts over the same population go together strongly."""
    trapped = guarded = 0
    for seed in range(40):
        generator = np.random.default_rng(seed)
        population = np.exp(generator.normal(0, 0.6, 24))
        members, funds = (np.exp(generator.normal(0, 0.4, 24)) for _ in range(2))
        per_head, counts = index_of(5 * members / population), index_of(5 * members)
        trap = resources_of(per_head, funds=funds / population)
        free = resources_of(counts, funds=funds, population=population)
        held = vt.correlate_resources(counts, free, control=["population"], seed=1, permutations=199)
        assert held["resource"].tolist() == ["funds"] and held.loc[0, "method"] == "partial_spearman"
        trapped += vt.correlate_resources(per_head, trap, seed=1, permutations=199).loc[0, "p"] <= 0.05
        guarded += held.loc[0, "p"] <= 0.05
    assert trapped >= 34 and guarded <= 6  # of 40: 96 % and 5 % in the long run


# -------------------------------------------------------------------------- controls, strata, rounds


def test_controls_come_from_the_resources_or_the_attributes():
    data = CASES["partial"]["data"]
    result = index_of(data["mpg"], gears=["three", "four"] * 16)
    cars = resources_of(result, hp=data["hp"], wt=data["wt"])
    row = vt.correlate_resources(result, cars, control=["wt"], seed=1, permutations=99).iloc[0]
    expected = CASES["partial"]["spearman_mpg_hp__wt"]["r"]
    assert row["estimate"] == pytest.approx(expected, abs=1e-9)
    both = vt.correlate_resources(result, cars, control=["wt", "gears"], seed=1, permutations=99)
    assert both.attrs["control"] == ["wt", "gears"]
    # one more column is held: the interval is that of one unit less
    assert both.loc[0, "high"] - both.loc[0, "low"] != row["high"] - row["low"]


def test_controls_of_the_framework_are_never_tested():
    result = vt.build_index(vt_matrix(), vt.read_framework("redcross"))
    table = pd.DataFrame({"R31": np.arange(12.0), "Z1": 9.0, "Z5": "street"}, index=result.scores.index)
    found = vt.correlate_resources(result, table, nodes=["V"], control=["Z1"], seed=1, permutations=19)
    assert found["resource"].tolist() == ["R31"]


def test_strata_by_name_or_series():
    by_name = vt.correlate_resources(RESULT, RESOURCES, within="district", seed=2, permutations=199)
    series = pd.Series(["east", "west"] * 12, index=RESULT.scores.index, name="district")
    by_series = vt.correlate_resources(RESULT, RESOURCES, within=series, seed=2, permutations=199)
    pd.testing.assert_frame_equal(by_name, by_series)
    free = vt.correlate_resources(RESULT, RESOURCES, seed=2, permutations=199)
    assert (by_name["overall"] == free["estimate"]).all() and free["overall"].isna().all()
    assert (by_name["p"] != free["p"]).any() and (by_name["within"] == "district").all()


@pytest.mark.parametrize("method", ["spearman", "pearson", "kendall"])
def test_within_strata_estimate_interval_and_p_answer_one_question(method):
    """Negative inside both districts, positive across them (Simpson's reversal)."""
    rng = np.random.default_rng(0)
    x = np.r_[rng.normal(0, 1, 12), rng.normal(8, 1, 12)]
    y = np.r_[-x[:12], 16 - x[12:]] + rng.normal(0, 0.4, 24)
    result = index_of(50 + 3 * y)
    row = vt.correlate_resources(
        result, resources_of(result, staff=x), nodes=["V"], method=method, seed=1,
        within=pd.Series(np.repeat([0, 1], 12), index=result.scores.index, name="district"),
    ).iloc[0]  # fmt: skip
    assert row["high"] < 0 and row["high_bootstrap"] < 0 and row["p"] < 0.01
    assert row["estimate"] < -0.7 and row["overall"] > 0.1
    if method == "pearson":  # deviations from the districts' means
        inside = [side - np.repeat([side[:12].mean(), side[12:].mean()], 12) for side in (x, y)]
        assert row["estimate"] == pytest.approx(np.corrcoef(*inside)[0, 1], abs=1e-9)
    if method == "kendall":  # pairs within a district, no ties: the mean of both taus
        both = [stats.kendalltau(x[part], y[part]).statistic for part in (slice(12), slice(12, 24))]
        assert row["estimate"] == pytest.approx(np.mean(both), abs=1e-9)


def test_strata_of_one_unit_each():
    table = vt.correlate_resources(
        RESULT, RESOURCES, within=pd.Series(range(24), index=RESULT.scores.index), seed=1, lang="en"
    )
    assert table["estimate"].isna().all() and table["p"].isna().all()
    assert table["note"].str.contains("nothing can be compared inside").all()


def test_the_latest_round_is_used_and_said():
    scores = np.arange(10.0) * 9
    early, late = index_of(scores, round="2023"), index_of(scores[::-1], round="2024")
    both = vt.build_index(pd.concat([early.matrix, late.matrix]), early.framework)
    staff = pd.DataFrame({"staff": np.tile(np.arange(10.0), 2)}, index=both.scores.index)
    latest = vt.correlate_resources(both, staff, seed=1, permutations=99)
    assert latest.loc[0, "estimate"] == -1 and latest.loc[0, "n"] == 10
    assert latest.attrs["round"] == "2024" and "只用2024轮" in latest.loc[0, "note"]
    first = vt.correlate_resources(both, staff, seed=1, permutations=99, round="2023")
    assert first.loc[0, "estimate"] == 1
    plain = staff.xs("2023", level="round")
    assert vt.correlate_resources(both, plain, seed=1, permutations=99).loc[0, "estimate"] == -1
    with pytest.raises(MethodError, match="It has '2023', '2024'"):
        vt.correlate_resources(both, staff, seed=1, round="2025")


# ---------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("values", "note"),
    [
        ([3.0] * 24, "the resource is the same everywhere"),
        ([np.nan] * 24, "fewer than 5 complete pairs"),
        ([1.0, 2.0, 3.0, 4.0] + [np.nan] * 20, "fewer than 5 complete pairs"),
    ],
)
def test_what_cannot_be_computed_is_a_row_with_a_note(values, note):
    resources = RESOURCES.assign(staff=values)
    for method in ("spearman", "pearson", "kendall"):
        table = vt.correlate_resources(RESULT, resources, method=method, seed=1, permutations=99, lang="en")
        row = table.iloc[0]
        assert np.isnan([row["estimate"], row["low"], row["p"], row["p_adjusted"]]).all()
        assert row["note"].startswith(note) and row["n"] == np.isfinite(values).sum()
        assert table.iloc[1:]["p"].notna().all()


def test_constant_scores_perfect_pairs_and_collinear_controls():
    flat = index_of([50.0] * 8)
    steps = resources_of(flat, staff=range(8))
    assert "得分全部相同" in vt.correlate_resources(flat, steps, seed=1).loc[0, "note"]
    rising = index_of(np.arange(8.0))
    perfect = vt.correlate_resources(rising, steps, seed=1, permutations=99, lang="en").iloc[0]
    assert perfect["estimate"] == 1 and np.isnan(perfect["low"]) and "no interval" in perfect["note"]
    double = steps.assign(twice=steps["staff"] * 2)
    row = vt.correlate_resources(rising, double, control=["twice"], seed=1, lang="en").iloc[0]
    assert np.isnan(row["estimate"]) and "controls determine" in row["note"]


def test_units_without_resources_are_named():
    row = vt.correlate_resources(RESULT, RESOURCES.iloc[2:], seed=1, permutations=99, lang="en").iloc[0]
    assert row["n"] == 22 and "no resources for 'u00', 'u01'" in row["note"]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"method": "spearmann"}, MethodError, "Did you mean 'spearman'"),
        ({"adjust": "bonferoni"}, MethodError, "Choose one of"),
        ({"level": 95}, MethodError, "level=95"),
        ({"permutations": 0}, MethodError, "permutations=0"),
        ({"control": ["fundings"]}, MethodError, "Did you mean 'funding'"),
        ({"control": ["staff", "funding", "venue", "district"]}, MethodError, "expected at most 3"),
        ({"method": "kendall", "control": ["staff"]}, MethodError, "no partial form"),
        ({"within": "distrikt"}, MethodError, "Did you mean 'district'"),
        ({"nodes": ["W"]}, FrameworkError, "no node 'W'"),
    ],
)
def test_options_that_do_not_fit(options, error, message):
    with pytest.raises(error, match=message):
        vt.correlate_resources(RESULT, RESOURCES, seed=1, **options)


def test_tables_that_do_not_fit():
    with pytest.raises(TableError, match="no unit of the index"):
        vt.correlate_resources(RESULT, RESOURCES.rename(lambda unit: "x" + unit, level="unit"), seed=1)
    with pytest.raises(TableError, match="'district' hold text"):
        vt.correlate_resources(RESULT, RESOURCES.assign(district="east"), seed=1)
    with pytest.raises(TableError, match="infinite values in 'staff'"):
        vt.correlate_resources(RESULT, RESOURCES.assign(staff=np.inf), seed=1)


def test_a_dimension_without_scores_for_some_units():
    matrix = pd.DataFrame(
        np.random.default_rng(2).uniform(0, 100, (10, 3)),
        columns=["a1", "a2", "b1"],
        index=[f"u{k}" for k in range(10)],
    )
    matrix.iloc[0, 2] = np.nan
    result = vt.build_index(matrix, FRAMEWORK)
    staff = pd.DataFrame({"staff": np.arange(10.0)}, index=matrix.index)
    table = vt.correlate_resources(result, staff, seed=1, permutations=99).set_index("node")
    assert table["n"].to_dict() == {"V": 10, "A": 10, "B": 9}


# ------------------------------------------------------------- intervals, enumeration, families, power


def test_two_intervals_tests_and_power_stand_beside_the_estimate():
    table = vt.correlate_resources(RESULT, RESOURCES, nodes=["V", "a"], within="district", seed=1)
    assert (table["low_bootstrap"] < table["estimate"]).all() and (table["estimate"] < table["high_bootstrap"]).all()
    assert (table["tests"] == 3).all() and (table["p_by"] == "permutation").all()
    # tanh((z + 0.8416) sqrt(1.06 / (23 - 3))): 24 units less one for the second district; Holm's first of three
    assert table.attrs["smallest_seen"] == pytest.approx(0.5683, abs=5e-4)
    assert table.attrs["smallest_seen_adjusted"] == pytest.approx(0.6321, abs=5e-4)
    whole = vt.correlate_resources(RESULT, RESOURCES, nodes=["V", "a"], adjust="benjamini_hochberg", seed=1)
    assert (whole["tests"] == 6).all()
    none = vt.correlate_resources(RESULT, RESOURCES, bootstrap=0, seed=1, permutations=99)
    assert none["low_bootstrap"].isna().all() and (none["note"] != table["note"].iloc[0]).sum() == 0


def test_few_units_are_enumerated():
    result = index_of([10.0, 30, 20, 50, 40, 60, 70, 90, 80])
    staff = resources_of(result, staff=range(9))
    table = vt.correlate_resources(result, staff, seed=1)
    assert table.at[0, "p_by"] == "exact"
    again = vt.correlate_resources(result, staff, seed=99, permutations=19)
    assert again.at[0, "p"] == table.at[0, "p"]  # no chance is in it


def test_kendall_without_ties_is_counted_and_with_ties_permuted():
    table = vt.correlate_resources(RESULT, RESOURCES, method="kendall", seed=1, permutations=999)
    assert table.set_index("resource")["p_by"].to_dict() == {
        "staff": "permutation", "funding": "permutation", "venue": "exact",
    }  # fmt: skip


def test_missing_pairwise_and_listwise():
    gappy = RESOURCES.copy()
    gappy.iloc[0, 0], gappy.iloc[1, 1] = np.nan, np.nan
    gappy["empty"] = np.nan
    pairwise = vt.correlate_resources(RESULT, gappy, seed=1, permutations=99, lang="en")
    listwise = vt.correlate_resources(RESULT, gappy, missing="listwise", seed=1, permutations=99, lang="en")
    assert pairwise["n"].tolist() == [23, 23, 24, 0] and listwise["n"].tolist() == [22, 22, 22, 0]
    alone = vt.correlate_resources(RESULT, gappy.drop(columns="empty").dropna(), seed=1, permutations=99)
    assert listwise["estimate"].tolist()[:3] == alone["estimate"].tolist()
    with pytest.raises(MethodError, match="Did you mean 'listwise'"):
        vt.correlate_resources(RESULT, gappy, missing="listwize", seed=1)


@pytest.mark.parametrize("method", ["spearman", "kendall"])
def test_units_without_a_stratum_have_no_part(method):
    strata = pd.Series(["east", "west"] * 12, index=RESULT.scores.index, dtype=object)
    strata.iloc[3] = None
    options = {"nodes": ["V"], "method": method, "seed": 1, "permutations": 99, "bootstrap": 99}
    gap = vt.correlate_resources(RESULT, RESOURCES, within=strata, **options)
    short = vt.correlate_resources(RESULT, RESOURCES, within=strata.iloc[:20], **options)
    assert (gap["n"] == 23).all() and (short["n"] == 19).all() and gap["p"].notna().all()
    there = RESOURCES.drop(index=RESOURCES.index[3])
    alone = vt.correlate_resources(RESULT, there, within=strata, **options)
    assert gap["estimate"].tolist() == alone["estimate"].tolist()


def test_tau_in_small_strata_pays_for_the_pairs_that_it_lacks():
    """Unrelated sides, six strata of four: 95 % intervals hold 0 as often as they say."""
    strata = np.repeat(np.arange(6), 4)
    held, lost = 0, pairs_lost(np.bincount(strata))
    for seed in range(400):
        x, y = np.random.default_rng(seed).normal(size=(2, 24))
        tau = estimate_correlation(x, y, "kendall", strata=strata)
        low, high = fisher_interval(tau, 24, "kendall", n_controls=lost)
        held += low <= 0 <= high
    assert 0.93 <= held / 400 <= 0.98  # 87 % with one unit less a stratum


def test_columns_of_objects_are_numbers_where_they_hold_numbers():
    """As a table from elsewhere may have them: an empty column of None, numbers kept as objects."""
    loose = RESOURCES.astype(object).assign(empty=None)
    table = vt.correlate_resources(RESULT, loose, nodes=["V"], seed=1, permutations=99)
    same = vt.correlate_resources(RESULT, RESOURCES, nodes=["V"], seed=1, permutations=99)
    assert table["estimate"].tolist()[:3] == same["estimate"].tolist()
    assert np.isnan(table.at[3, "estimate"]) and "不足5对" in table.at[3, "note"]
    with pytest.raises(TableError, match="hold text"):
        vt.correlate_resources(RESULT, loose.assign(empty="many"), seed=1)


def test_controls_that_do_nothing_are_said():
    staff = RESOURCES.assign(level=3.0)
    table = vt.correlate_resources(RESULT, staff, control=["level"], nodes=["V"], seed=1, permutations=99, lang="en")
    assert table["note"].str.contains("it has no part").all()


def test_one_stratum_and_units_alone_in_theirs_are_said():
    def notes(strata):
        within = pd.Series(strata, index=RESULT.scores.index)
        return vt.correlate_resources(RESULT, RESOURCES, within=within, seed=1, permutations=99, lang="en")

    one = notes(["east"] * 24)
    free = vt.correlate_resources(RESULT, RESOURCES, seed=1, permutations=99)
    assert one["note"].str.contains("one stratum only").all() and one["p"].tolist() == free["p"].tolist()
    some = notes(["alone", *["east"] * 11, *["west"] * 12])
    assert some["note"].str.contains("alone in their stratum have no part: 1").all() and some["p"].notna().all()


def test_perfect_ties_everywhere():
    """Two values on each side: nothing but ties, and still a row of numbers."""
    result = index_of([20.0] * 12 + [80.0] * 12)
    tied = resources_of(result, posts=[0.0] * 10 + [1.0] * 14)
    for method in ("spearman", "pearson", "kendall"):
        row = vt.correlate_resources(result, tied, method=method, seed=1, permutations=199).iloc[0]
        # phi coefficient of the table 10, 2, 0, 12
        assert row["estimate"] == pytest.approx(120 / np.sqrt(10 * 14 * 12 * 12)) and row["p"] < 0.05


def test_a_resource_of_one_unit_has_no_bootstrap_interval_and_says_so():
    rare = RESOURCES.assign(staff=[1.0] + [0.0] * 23)
    row = vt.correlate_resources(RESULT, rare, seed=1, permutations=99, lang="en").iloc[0]
    assert np.isfinite(row["low"]) and np.isnan(row["low_bootstrap"]) and "no bootstrap interval" in row["note"]


def test_too_many_controls_for_too_few_units():
    result = index_of([10.0, 30, 20, 50, 40])
    table = resources_of(result, staff=[1, 2, 3, 5, 4], a=[1, 5, 2, 4, 3], b=[2, 1, 4, 3, 5], c=[5, 3, 4, 1, 2])
    row = vt.correlate_resources(result, table, control=["a", "b", "c"], seed=1, lang="en").iloc[0]
    assert np.isnan(row["estimate"]) and "too many controls" in row["note"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"bootstrap": -1}, "bootstrap=-1"),
        ({"permutations": 9.5}, "permutations=9.5"),
        ({"seed": -1}, "seed=-1"),
        ({"seed": None}, "seed=None"),
        ({"level": "95%"}, "level='95%'"),
        ({"lang": "fr"}, "lang='fr'"),
    ],
)
def test_numbers_that_do_not_fit(options, message):
    with pytest.raises(MethodError, match=message):
        vt.correlate_resources(RESULT, RESOURCES, **({"seed": 1} | options))


def test_resources_that_are_no_table():
    with pytest.raises(TableError, match="found Series"):
        vt.correlate_resources(RESULT, RESOURCES["staff"], seed=1)


def test_a_perfect_match_of_few_units_is_exact():
    result = index_of(np.arange(6.0))
    row = vt.correlate_resources(result, resources_of(result, staff=range(6)), seed=1).iloc[0]
    assert row["p"] == pytest.approx(2 / 720) and row["estimate"] == 1


def test_refusals_speak_chinese_too():
    cases = [
        (RESOURCES.assign(x="东"), {}, "列'x'是文字"),
        (RESOURCES, {"control": ["fundings"]}, "是否想写 'funding'"),
        (RESOURCES, {"control": ["staff", "funding", "venue", "district"]}, "至多3个"),
        (RESOURCES.rename(lambda unit: "x" + unit, level="unit"), {}, "没有与指数相同的单位"),
    ]
    for table, options, words in cases:
        with pytest.raises((MethodError, TableError)) as error:
            vt.correlate_resources(RESULT, table, seed=1, **options)
        assert words in error.value.message("zh")
