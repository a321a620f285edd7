"""The two ways out of a coupling, on a small world whose numbers are known."""

import numpy as np
import pandas as pd
import pytest

import vitality as vt
from vitality.analysis import block_scores, blocks_of, coupling, scores_without
from vitality.analysis.correlation import estimate_correlation, midranks
from vitality.errors import MethodError, TableError

UNITS = [f"T{number:02d}" for number in range(24)]
FRAMEWORK = vt.Framework.model_validate(
    {
        "name": "towns",
        "tree": {
            "code": "V",
            "children": [
                {
                    "code": "A",
                    "children": [
                        {"code": "members", "denominator": "population", "worst": 0, "best": 10},
                        {"code": "meetings", "worst": 0, "best": 10},
                    ],
                },
                {"code": "B", "children": [{"code": "training", "worst": 0, "best": 10}]},
            ],
        },
        "resources": [
            {"code": "funds", "block": "funding", "denominator": "population", "worst": 0, "best": 5},
            {"code": "volunteers", "block": "staffing", "denominator": "population", "worst": 0, "best": 5},
            {"code": "rooms", "block": "venue", "worst": 0, "best": 5},
        ],
        "coupled_pairs": [{"resource": "volunteers", "indicator": "training", "component": "volunteers"}],
    }
)
GENERATOR = np.random.default_rng(11)
POPULATION = np.exp(GENERATOR.normal(0, 0.6, 24))
COUNTS = {name: np.exp(GENERATOR.normal(0, 0.4, 24)) for name in ("members", "funds", "volunteers")}
MATRIX = pd.DataFrame(
    {
        "members": COUNTS["members"] / POPULATION,
        "meetings": GENERATOR.uniform(0, 10, 24),
        "training": GENERATOR.uniform(0, 10, 24),
    },
    index=UNITS,
)
RESULT = vt.build_index(MATRIX, FRAMEWORK)
RESOURCES = pd.DataFrame(
    {
        "funds": COUNTS["funds"] / POPULATION,
        "volunteers": COUNTS["volunteers"] / POPULATION,
        "rooms": GENERATOR.uniform(0, 5, 24),
    },
    index=UNITS,
)
DENOMINATORS = pd.DataFrame({"population": POPULATION}, index=UNITS)


def associated(**options):
    chosen = {"permutations": 199, "bootstrap": 0, "seed": 1, "nodes": ["V", "A"], "lang": "en"} | options
    return vt.correlate_resources(RESULT, RESOURCES, **chosen).set_index(["resource", "node"])


def test_refusal_is_the_default_and_names_both_ways_out():
    row = associated().loc[("funds", "V")]
    assert np.isnan(row["estimate"]) and row["coupled"] and row["guard"] == ""
    assert "leave these indicators out" in row["note"] and "log population as a covariate" in row["note"]
    assert "permutation of the numerators" in row["note"]


def test_leaving_the_block_out_compares_with_what_stays():
    table = associated(guard="leave_block_out")
    row = table.loc[("funds", "V")]
    # A without members is meetings alone; V is the mean of A and B
    by_hand = (10 * MATRIX["meetings"] + 10 * MATRIX["training"]) / 2
    expected = estimate_correlation(RESOURCES["funds"].to_numpy(), by_hand.to_numpy(), "spearman")
    assert row["estimate"] == pytest.approx(expected, abs=1e-12)
    assert row["left_out"] == "members" and row["guard"] == "leave_block_out" and not row["coupled"]
    assert "2 of 3 stay" in row["note"]
    assert table.loc[("volunteers", "V"), "left_out"] == "members training"
    assert table.loc[("rooms", "V"), "guard"] == "" and table.loc[("rooms", "V"), "left_out"] == ""


def test_where_nothing_is_left_the_pair_stays_refused():
    own = associated(guard="leave_block_out", nodes=["members"]).loc[("funds", "members")]
    assert np.isnan(own["estimate"]) and own["coupled"] and own["note"].startswith("nothing is left")


def test_counts_hold_the_log_of_the_population():
    row = associated(guard="counts", denominators=DENOMINATORS).loc[("funds", "A")]
    held = midranks(np.log(POPULATION))[:, None]
    y = RESULT.scores["A"].to_numpy()
    expected = estimate_correlation(COUNTS["funds"], y, "spearman", held)
    assert row["estimate"] == pytest.approx(expected, abs=1e-12)
    assert row["method"] == "partial_spearman" and row["guard"] == "counts" and not row["coupled"]


def test_counts_leave_out_what_they_cannot_mend():
    """Volunteers share the population with members and themselves with training."""
    row = associated(guard="counts", denominators=DENOMINATORS).loc[("volunteers", "V")]
    assert row["left_out"] == "training" and row["method"] == "partial_spearman"


def test_numerators_only_keep_the_ratio_and_its_mark():
    options = {"nodes": ["members"], "permutations": 999}
    row = associated(guard="numerators", denominators=DENOMINATORS, **options).loc[("funds", "members")]
    plain = associated(allow_coupled=True, **options).loc[("funds", "members")]
    assert row["estimate"] == plain["estimate"] and row["coupled"] and row["p_by"] == "numerators"
    assert np.isnan(row["low"]) and "alone makes about" in row["note"]
    assert plain["p"] < 0.05 < row["p"]


@pytest.mark.parametrize("method", ["spearman", "pearson", "kendall"])
def test_numerators_within_strata_are_about_the_strata_only(method):
    """Denominators that hardly differ make no correlation; strata that differ must not be taken for it."""
    rng = np.random.default_rng(5)
    strata = pd.Series(np.repeat(["east", "west"], 12), index=UNITS, name="district")
    high = (strata == "west").to_numpy()
    result = vt.build_index(
        MATRIX.assign(members=2 + 5 * high + rng.uniform(0, 1, 24), meetings=2 + 5 * high + rng.uniform(0, 1, 24)),
        FRAMEWORK,
    )
    funds = RESOURCES[["funds"]].assign(funds=1 + 2 * high + rng.uniform(0, 0.5, 24))
    even = pd.DataFrame({"population": rng.uniform(0.99, 1.01, 24)}, index=UNITS)
    options = {"nodes": ["A"], "method": method, "seed": 1, "permutations": 499, "bootstrap": 0, "within": strata}
    row = vt.correlate_resources(result, funds, guard="numerators", denominators=even, lang="en", **options).iloc[0]
    plain = vt.correlate_resources(result, funds, allow_coupled=True, **options).iloc[0]
    assert row["estimate"] == plain["estimate"] and abs(row["estimate"]) < 0.5 < row["overall"]
    made = float(row["note"].split("about ")[1].split(" ")[0])  # by the denominator alone
    assert abs(made) < 0.25


def test_a_column_of_its_own_name_is_no_node_of_the_tree():
    table = vt.correlate_resources(
        RESULT, RESOURCES[["rooms"]].set_axis(["v"], axis=1), nodes=["V"], seed=1, permutations=99, bootstrap=0
    )
    assert table.at[0, "guard"] == "unchecked" and np.isfinite(table.at[0, "estimate"])


def test_zeros_have_no_log():
    none = RESOURCES.assign(funds=RESOURCES["funds"].where(RESOURCES["funds"] > 0.8, 0.0))
    row = vt.correlate_resources(
        RESULT, none, guard="counts", denominators=DENOMINATORS, nodes=["A"], seed=1, permutations=99, bootstrap=0
    ).iloc[0]
    held = midranks(np.log(POPULATION))[:, None]
    expected = estimate_correlation(
        (none["funds"] * POPULATION).to_numpy(), RESULT.scores["A"].to_numpy(), "spearman", held
    )
    assert row["estimate"] == pytest.approx(expected, abs=1e-12)


def test_denominators_may_stand_beside_the_resources():
    together = RESOURCES.assign(population=POPULATION)
    row = vt.correlate_resources(RESULT, together, guard="counts", nodes=["A"], seed=1, permutations=99).iloc[0]
    assert row["guard"] == "counts" and np.isfinite(row["p"])


def test_a_control_that_asks_the_same_question_is_the_denominator():
    framework = vt.read_framework("redcross")
    rng = np.random.default_rng(3)
    scale = framework.scale()
    matrix = pd.DataFrame({code: rng.uniform(*sorted(scale.loc[code]), 24) for code in framework.leaves}, index=UNITS)
    result = vt.build_index(matrix, framework)
    resources = pd.DataFrame({"R22": rng.uniform(1, 4, 24)}, index=UNITS)
    row = vt.correlate_resources(
        result, resources, nodes=["C1"], seed=1, permutations=99, bootstrap=0, guard="counts",
        denominators=pd.DataFrame({"Z1": rng.uniform(2e4, 2e5, 24)}, index=UNITS),
    ).iloc[0]  # fmt: skip
    assert row["guard"] == "counts" and "常住人口" in row["note"]


@pytest.mark.parametrize("guard", ["counts", "numerators"])
def test_without_denominators_it_is_said_what_is_needed(guard):
    with pytest.raises(MethodError, match=r"'population'.*denominators="):
        associated(guard=guard)


def test_denominators_that_cannot_be_used():
    with pytest.raises(TableError, match="'population' holds text"):
        associated(guard="counts", denominators=DENOMINATORS.astype(str))
    none = DENOMINATORS.assign(population=0.0)
    row = associated(guard="counts", denominators=none).loc[("funds", "A")]
    assert np.isnan(row["estimate"]) and row["note"].startswith("fewer than 5")


def test_options_that_do_not_go_together():
    with pytest.raises(MethodError, match="Did you mean 'counts'"):
        associated(guard="count")
    with pytest.raises(MethodError, match="no partial form"):
        associated(guard="counts", method="kendall", denominators=DENOMINATORS)
    assert np.isfinite(associated(guard="leave_block_out", method="kendall")["p"]).all()


def test_override_computes_and_marks():
    row = associated(allow_coupled=True).loc[("funds", "A")]
    assert row["coupled"] and np.isfinite(row["estimate"]) and "by construction" in row["note"]


def test_scores_without_keep_the_minimum_coverage():
    matrix = MATRIX.copy()
    matrix.loc["T00", ["meetings", "training"]] = np.nan
    matrix.loc["T01", "meetings"] = np.nan
    found = scores_without(vt.build_index(matrix, FRAMEWORK), "V", ["members"]).droplevel("round")
    assert np.isnan(found["T00"]) and np.isnan(found["T01"])  # one of two is less than two thirds
    assert found["T02"] == pytest.approx(5 * (matrix.at["T02", "meetings"] + matrix.at["T02", "training"]))


# -------------------------------------------------------------------------------------------------- blocks


def test_blocks_are_means_between_goalposts_and_share_what_their_resources_share():
    assert blocks_of(FRAMEWORK) == ("funding", "staffing", "venue")
    scores = block_scores(RESOURCES, FRAMEWORK).droplevel("round")
    assert scores["venue"].to_numpy() == pytest.approx((20 * RESOURCES["rooms"]).to_numpy())
    shared = coupling(FRAMEWORK, "staffing", "V")
    assert {code for part in shared.parts for code in part.indicators} == {"members", "training"}
    assert coupling(FRAMEWORK, "venue", "V") is None


def test_blocks_are_three_tests_and_not_fourteen():
    table = vt.correlate_resources(
        RESULT, block_scores(RESOURCES, FRAMEWORK), nodes=["V"], guard="leave_block_out", seed=1, permutations=199
    )
    assert table["tests"].tolist() == [3, 3, 3] and table["left_out"].tolist() == ["members", "members training", ""]
    with pytest.raises(MethodError, match="Did you mean 'venue'"):
        block_scores(RESOURCES, FRAMEWORK, blocks=["venues"])
    with pytest.raises(TableError, match="no column 'rooms'"):
        block_scores(RESOURCES.drop(columns="rooms"), FRAMEWORK)
