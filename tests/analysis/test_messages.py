"""The errors of the room say in Chinese what they say in English: the value found stands in both."""

import re

import numpy as np
import pandas as pd
import pytest

import vitality as vt
from tests.analysis.worlds import FRAMEWORK, index_of, resources_of
from vitality.analysis import sobol_indices
from vitality.analysis.blocks import block_scores
from vitality.errors import VitalityError

ONE = index_of(range(0, 60, 5), district=list("ab") * 6)
STAFF = resources_of(ONE, staff=range(12))
TREE = vt.build_index(
    pd.DataFrame({"a1": [1.0, 50.0], "a2": [2.0, 9.0], "b1": [5.0, 4.0]}, index=["u1", "u2"]), FRAMEWORK
)
TWO = vt.build_index(
    pd.DataFrame(
        {"a1": [1.0, 50.0, 9.0, 8.0], "a2": [2.0, 9.0, 1.0, 3.0], "b1": [5.0, 4.0, 3.0, 2.0]},
        index=pd.MultiIndex.from_product([["u1", "u2"], ["2023", "2024"]], names=["unit", "round"]),
    ),
    FRAMEWORK,
)
MC = vt.monte_carlo(ONE, vt.sample_inputs(ONE, 20, seed=1))
PAIR = pd.DataFrame({"x": [0.1, 0.5, 0.7], "y": [0.2, 0.4, 0.9]})
TEXT = PAIR.assign(y=["少", "中", "多"])
GROUP = pd.Series(list("aabbccdd"), name="town")
OUTCOME = pd.Series([1.0, 5, 2, 8, 3, 1, 4, 9])
TOWNS = pd.DataFrame({"staff": [1.0, 2, 3, 4], "kind": list("xyxy")}, index=list("abcd"))


def multilevel(outcome=OUTCOME, resources=TOWNS[["staff"]], group=GROUP, **options):
    return vt.associate_multilevel(outcome, resources, group=group, **options)


REFUSED = {
    "advice n": (lambda: vt.recommend(ONE, n=0), "n=0"),
    "short boards n": (lambda: vt.short_boards(ONE, n=-2), "n=-2"),
    "level of an association": (lambda: vt.correlate_resources(ONE, STAFF, level=95, seed=1), "level=95"),
    "permutations": (lambda: vt.correlate_resources(ONE, STAFF, permutations=0, seed=1), "permutations=0"),
    "bootstrap": (lambda: vt.correlate_resources(ONE, STAFF, bootstrap=-1, seed=1), "bootstrap=-1"),
    "seed": (lambda: vt.correlate_resources(ONE, STAFF, seed=0.5), "seed=0.5"),
    "resources of a type": (lambda: vt.correlate_resources(ONE, [1], seed=1), "list"),
    "resources twice": (lambda: vt.correlate_resources(ONE, pd.concat([STAFF, STAFF], axis=1), seed=1), "'staff'"),
    "round": (lambda: vt.correlate_resources(ONE, STAFF, round="2042", seed=1), "是否想写 '2024'？"),
    "within": (lambda: vt.correlate_resources(ONE, STAFF, within=3, seed=1), "int"),
    "kendall": (lambda: vt.correlate_resources(ONE, STAFF, method="kendall", guard="counts", seed=1), "guard='counts'"),
    "no result": (lambda: vt.correlate_resources(STAFF, STAFF, seed=1), "DataFrame"),
    "rounds of changes": (lambda: vt.summarise_changes(TWO, rounds=("2024", "2024"), seed=1), "('2024', '2024')"),
    "level of changes": (lambda: vt.summarise_changes(TWO, level=2, seed=1), "level=2"),
    "by": (lambda: vt.summarise_changes(TWO, by="district", seed=1), "'district'"),
    "changes without rounds": (
        lambda: vt.associate_changes(TWO, pd.DataFrame({"s": [1]}, index=["u1"]), seed=1),
        "轮次",
    ),
    "compare rounds": (lambda: vt.compare_rounds(TWO, rounds=("2023", "2023")), "('2023', '2023')"),
    "block columns": (lambda: block_scores(STAFF, vt.read_framework("redcross"), blocks=["staffing"]), "'staff'"),
    "lacks": (lambda: vt.four_lacks(STAFF, vt.read_framework("redcross")), "'staff'"),
    "level of a tree": (lambda: vt.correlate_tree(TREE, level=1.5), "level=1.5"),
    "items of a type": (lambda: vt.cronbach_alpha([1, 2]), "list"),
    "one item": (lambda: vt.cronbach_alpha(PAIR[["x"]]), "1列"),
    "text in items": (lambda: vt.cronbach_alpha(TEXT), "'y'"),
    "rows of items": (lambda: vt.cronbach_alpha(PAIR.iloc[:2]), "2行"),
    "no other result": (lambda: vt.compare_results(ONE), "compare_results"),
    "no shared unit": (lambda: vt.compare_results(ONE, TREE), "result 2"),
    "node": (lambda: vt.compare_results(ONE, ONE, node="Q"), "node='Q'"),
    "single node": (lambda: vt.drop_one(ONE, level="indicator"), "'a'"),
    "systems of a type": (lambda: vt.coupling_coordination(3), "int"),
    "one system": (lambda: vt.coupling_coordination(PAIR[["x"]]), "1列"),
    "text in systems": (lambda: vt.coupling_coordination(TEXT), "'y'"),
    "system beyond": (lambda: vt.coupling_coordination(PAIR * 100), "百分制"),
    "weights of systems": (lambda: vt.coupling_coordination(PAIR, weights=[1, 2, 3]), "3个"),
    "names of weights": (lambda: vt.coupling_coordination(PAIR, weights={"x": 1, "yy": 2}), "是否想写 'yy'？"),
    "text as weights": (lambda: vt.coupling_coordination(PAIR, weights=["一", 2]), "'一'"),
    "negative weights": (lambda: vt.coupling_coordination(PAIR, weights=[-1, 2]), "-1"),
    "rho": (lambda: vt.grey_relation(PAIR["x"], PAIR, rho=2), "rho=2"),
    "grey types": (lambda: vt.grey_relation([1], PAIR), "list"),
    "grey text": (lambda: vt.grey_relation(PAIR["x"], TEXT), "'y'"),
    "grey rows": (lambda: vt.grey_relation(PAIR["x"].iloc[:1], PAIR), "1个"),
    "panel": (lambda: vt.sample_inputs(TREE, 5, seed=1, weights="panel"), "weights='panel'"),
    "panel of a type": (lambda: vt.sample_inputs(TREE, 5, seed=1, weights="panel", panel=7), "int"),
    "panel node": (lambda: vt.sample_inputs(TREE, 5, seed=1, weights="panel", panel={"A": 7}), "'A'"),
    "choices": (lambda: vt.sample_inputs(ONE, 5, seed=1, choices=["clip"]), "list"),
    "option": (lambda: vt.sample_inputs(ONE, 5, seed=1, choices={"clap": [1]}), "是否想写 'clip'？"),
    "empty choice": (lambda: vt.sample_inputs(ONE, 5, seed=1, choices={"clip": []}), "'clip'"),
    "noise": (lambda: vt.sample_inputs(ONE, 5, seed=1, weight_noise=3), "3"),
    "round of pairs": (lambda: vt.pairwise_probabilities(MC, round="1999"), "'1999'"),
    "steps": (lambda: vt.interval_convergence(MC, steps=1), "steps=1"),
    "mc": (lambda: vt.rank_intervals(STAFF), "DataFrame"),
    "share": (lambda: vt.rank_intervals(MC, level=90), "level=90"),
    "workers": (lambda: vt.monte_carlo(ONE, vt.sample_inputs(ONE, 5, seed=1), workers=0), "workers=0"),
    "design": (lambda: vt.monte_carlo(ONE, 5), "int"),
    "factor": (lambda: vt.monte_carlo(ONE, pd.DataFrame({"weight.a": [-1.0]})), "负"),
    "replicate": (lambda: vt.replicate(ONE, vt.sample_inputs(ONE, 5, seed=1), 5), "5"),
    "no input": (lambda: sobol_indices(np.sum, [], n=8, seed=1), "weight_noise"),
    "level of sobol": (lambda: sobol_indices(np.sum, ["x"], n=8, seed=1, level=2), "level=2"),
    "outcome": (lambda: multilevel([1]), "list"),
    "outcome twice": (lambda: multilevel(pd.concat([OUTCOME, OUTCOME])), "等8项"),
    "one outcome": (lambda: multilevel(OUTCOME * 0), "相同"),
    "resources of towns": (lambda: multilevel(resources=[1]), "list"),
    "fixed": (lambda: multilevel(fixed=[3]), "int"),
    "control": (lambda: multilevel(controls="staf"), "是否想写 'staff'？"),
    "group": (lambda: multilevel(group=3), "int"),
    "strange towns": (lambda: multilevel(group=GROUP.str.upper()), "'A'、'B'、'C'、'D'"),
    "text as resource": (lambda: multilevel(resources=TOWNS), "资源 'kind'"),
    "few organisations": (lambda: multilevel(OUTCOME.iloc[:4], bootstrap=0), "4个"),
    "sentences": (lambda: vt.sentences([1]), "list"),
    "sentences of a table": (lambda: vt.sentences(STAFF), "'staff'"),
}


@pytest.mark.parametrize(("call", "found"), REFUSED.values(), ids=REFUSED)
def test_the_chinese_message_names_what_was_found(call, found):
    with pytest.raises(VitalityError) as raised:
        call()
    chinese, english = raised.value.message("zh"), raised.value.message("en")
    assert re.search(r"[\u4e00-\u9fff]", chinese) and chinese != english
    assert found in chinese
    assert chinese.endswith(("。", "？", "）"))
    assert not re.search(r"[\u4e00-\u9fff][,;:?!]|expected|found", chinese)
