from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.weights.reference import cases, read, synthetic_panel
from vitality.errors import JudgementError
from vitality.framework import framework_from_table, read_framework
from vitality.weights import ahp_weights, hierarchy_groups, hierarchy_weights, judgement_matrix

REDCROSS = read_framework("redcross")


def tree(**parents: str):
    rows = [{"code": code, "parent": parent, "name_en": f"name of {code}"} for code, parent in parents.items()]
    return framework_from_table(pd.DataFrame(rows))


def test_synthetic_panel_gives_the_expected_global_weights():
    found = hierarchy_weights(synthetic_panel(), REDCROSS, policy="drop")
    expected = pd.Series(read("synthetic_panel")["expected"]["global_weights_cr_lt_0_1"])
    assert list(found.index) == list(REDCROSS.nodes)
    assert list(found.columns) == ["local", "global", "consistency_ratio", "n_experts"]
    np.testing.assert_allclose(found.loc[expected.index, "global"], expected, atol=6e-7)
    assert found.loc[["V", "C1", "E2", "A"], "n_experts"].tolist() == [7, 9, 9, 10]
    assert found.at["V", "consistency_ratio"] == pytest.approx(0.001284, abs=6e-7)


@pytest.mark.parametrize("level, policy", [("all", "keep"), ("cr_lt_0.1", "drop")])
def test_synthetic_panel_gives_the_expected_local_weights(level, policy):
    found = hierarchy_weights(synthetic_panel(), REDCROSS, policy=policy)
    for node, expected in read("synthetic_panel")["expected"]["group_weights"][level].items():
        np.testing.assert_allclose(found.loc[list(REDCROSS.children(node)), "local"], expected["weights"], atol=6e-7)


@pytest.mark.parametrize(
    "options", [{}, {"aggregation": "priorities"}, {"incomplete": "harker", "method": "column_mean"}]
)
def test_siblings_and_leaves_sum_to_one(options):
    found = hierarchy_weights(synthetic_panel(), REDCROSS, **options)
    for node in REDCROSS.nodes:
        if REDCROSS.children(node):
            assert found.loc[list(REDCROSS.children(node)), "local"].sum() == pytest.approx(1, abs=1e-12)
    assert found.loc[list(REDCROSS.leaves), "global"].sum() == pytest.approx(1, abs=1e-12)
    assert found.loc[list(REDCROSS.leaves), "consistency_ratio"].isna().all()


def test_choosing_a_leader():
    # AHPy README (and Wikipedia): criteria, and three candidates under each criterion
    case = cases("ahp_hierarchy")["hier_leader"]
    criteria, people = case["input"]["criteria"], case["input"]["alternatives"]
    codes = {c: [f"{c}_{p}" for p in people] for c in criteria}
    framework = tree(Goal="", **dict.fromkeys(criteria, "Goal"), **{x: c for c in criteria for x in codes[c]})
    judgements = {
        "Goal": judgement_matrix(case["input"]["criteria_matrix"], criteria),
        **{c: judgement_matrix(m, codes[c]) for c, m in case["input"]["alternative_matrices"].items()},
    }
    found = hierarchy_weights(judgements, framework)
    totals = [found.loc[[f"{c}_{p}" for c in criteria], "global"].sum() for p in people]
    np.testing.assert_allclose(totals, case["expected"]["total"], atol=1e-9)


def test_names_do_instead_of_codes():
    named = {}
    for node, experts in synthetic_panel().items():
        lang = "en" if node == "V" else "zh"
        labels = {code: REDCROSS.label(code, lang) for code in REDCROSS.children(node)}
        named[REDCROSS.label(node, lang)] = {
            name: matrix.rename(index=labels, columns=labels).iloc[::-1] for name, matrix in experts.items()
        }
    pd.testing.assert_frame_equal(
        hierarchy_weights(named, REDCROSS), hierarchy_weights(synthetic_panel(), REDCROSS), rtol=1e-12
    )


def test_an_expert_may_miss_a_branch():
    judgements = {node: dict(experts) for node, experts in synthetic_panel().items()}
    for node in ("F", "F1", "F2"):
        del judgements[node]["E01"]
    found = hierarchy_weights(judgements, REDCROSS)
    assert found.loc[["F", "F1", "F2", "V"], "n_experts"].tolist() == [9, 9, 9, 10]


def test_expert_weights_go_by_name_over_all_nodes():
    judgements = {node: dict(experts) for node, experts in synthetic_panel().items()}
    del judgements["F"]["E01"]
    shares = dict.fromkeys(judgements["V"], 1.0) | {"E09": 0.0}
    weighted = hierarchy_weights(judgements, REDCROSS, expert_weights=shares)
    without = {n: {e: m for e, m in experts.items() if e != "E09"} for n, experts in judgements.items()}
    np.testing.assert_allclose(weighted["global"], hierarchy_weights(without, REDCROSS)["global"], rtol=1e-12)
    with pytest.raises(JudgementError, match="unknown 'E99'"):
        hierarchy_weights(judgements, REDCROSS, expert_weights={**shares, "E99": 1})


def test_a_single_child_takes_the_whole_weight():
    framework = tree(V="", A="V", B="V", A1="A", B1="B", B2="B")
    pair = judgement_matrix([3], ["A", "B"])
    below = judgement_matrix([1], ["B1", "B2"])
    found = hierarchy_weights({"V": {"E": pair}, "B": {"E": below}}, framework)
    assert found.at["A1", "local"] == 1 and found.at["A1", "global"] == pytest.approx(0.75)
    assert found.loc["A", ["consistency_ratio", "n_experts"]].tolist() == [0, 0]


def test_groups_have_everything_of_each_node():
    groups = hierarchy_groups(synthetic_panel(), REDCROSS, policy="drop")
    assert next(iter(groups)) == "V" and len(groups) == 20
    assert groups["C1"].experts.at["E03", "reason"] == "inconsistent"
    assert groups["C1"].node == "C1"


@pytest.mark.parametrize(
    "change, message",
    [
        ({"F2": {}}, r"nobody judged the children of F2 \("),
        (
            {"F2": {"E1": judgement_matrix([None] * 3, ["F21", "F22", "F23"])}},
            "nobody judged the children of F2",
        ),
        ({"F9": {}}, "no node 'F9' with children"),
        ({"A11": {}}, "no node 'A11' with children"),
        (
            {"F1": {"E1": judgement_matrix([1], ["F11", "F21"])}},
            "expert 'E1', node 'F1': 'F21' is not below this node",
        ),
    ],
    ids=["missing", "blank", "unknown", "leaf", "wrong item"],
)
def test_wrong_nodes_and_items_are_refused(change, message):
    with pytest.raises(JudgementError, match=message):
        hierarchy_weights({**synthetic_panel(), **change}, REDCROSS)


def test_local_weights_given_by_hand_go_down_the_tree():
    case = cases("ahp_hierarchy")["hier_predefined"]
    names = {"AHP-project": "V", "Criterion-1": "C1", "Criterion-2": "C2"}
    rows, judgements = [{"code": "V", "parent": "", "name_en": "V"}], {}
    for node, entry in case["input"]["tree"].items():
        shares = pd.Series({names.get(item, item): weight for item, weight in entry["weights"].items()})
        rows += [{"code": item, "parent": names[node], "name_en": item} for item in shares.index]
        judgements[names[node]] = pd.DataFrame(
            shares.to_numpy()[:, None] / shares.to_numpy(), index=shares.index, columns=shares.index
        )
    found = hierarchy_weights(judgements, framework_from_table(pd.DataFrame(rows)))
    for leaf, weight in case["expected"]["global_weights"].items():
        assert found.at[leaf, "global"] == pytest.approx(weight, abs=1e-12)


def test_a_tree_of_unequal_depth_with_measured_values_below():
    case = cases("ahp_hierarchy")["hier_master"]
    tree = case["input"]["tree"]
    rows, judgements = [{"code": "a", "parent": "", "name_en": "a"}], {}
    for node, entry in tree.items():
        for one, other, value in entry.get("pairs", ()):
            rows += [{"code": item, "parent": node, "name_en": item} for item in (one, other)]
            judgements[node] = {(one, other): value}
    found = hierarchy_weights(
        {n: judgement_matrix(p, next(iter(p))) for n, p in judgements.items()}, framework_from_table(pd.DataFrame(rows))
    )
    for node, weight in case["expected"]["global_weights"].items():
        assert found.at[node, "global"] == pytest.approx(weight, abs=1e-12)
    shares = {node: pd.Series(entry["values"]) for node, entry in tree.items() if "values" in entry}
    total = sum(found.at[node, "global"] * values / values.sum() for node, values in shares.items())
    np.testing.assert_allclose(total, case["expected"]["total"], atol=1e-12)


def test_arrays_take_the_order_of_the_framework():
    tree = framework_from_table(
        pd.DataFrame({"code": ["V", "A", "B"], "parent": ["", "V", "V"], "name_en": ["v", "a", "b"]})
    )
    single = [[1, 3], [1 / 3, 1]]
    assert hierarchy_weights({"V": single}, tree).at["A", "local"] == pytest.approx(0.75)
    stack = hierarchy_weights({"V": np.array([single, single])}, tree)
    assert stack.at["A", "local"] == pytest.approx(0.75) and stack.at["V", "n_experts"] == 2
    for pairs in ({("B", "A"): "1/3"}, {"E1": {("B", "A"): "1/3"}}):
        assert hierarchy_weights({"V": pairs}, tree).at["A", "local"] == pytest.approx(0.75)
    with pytest.raises(JudgementError, match="node 'V': found a matrix of 3 items; expected the children 'A', 'B'"):
        hierarchy_weights({"V": np.ones((3, 3))}, tree)
    with pytest.raises(JudgementError, match="found list"):
        hierarchy_weights([single], tree)


def test_consistency_of_the_whole_hierarchy_by_hand():
    # Saaty: (CI of the goal + sum of w CI) / (RI of the goal + sum of w RI)
    case = cases("ahp_hierarchy")["hier_leader"]
    criteria, people = case["input"]["criteria"], case["input"]["alternatives"]
    codes = {c: [f"{c}_{p}" for p in people] for c in criteria}
    framework = tree(Goal="", **dict.fromkeys(criteria, "Goal"), **{x: c for c in criteria for x in codes[c]})
    judgements = {"Goal": judgement_matrix(case["input"]["criteria_matrix"], criteria)}
    judgements |= {c: judgement_matrix(m, codes[c]) for c, m in case["input"]["alternative_matrices"].items()}
    top = ahp_weights(judgements["Goal"])
    below = {c: ahp_weights(judgements[c]).consistency_index for c in criteria}
    wanted = (top.consistency_index + sum(top.weights[c] * below[c] for c in criteria)) / (0.90 + 0.58)
    assert hierarchy_weights(judgements, framework).attrs["consistency_ratio"] == pytest.approx(wanted, rel=1e-10)
