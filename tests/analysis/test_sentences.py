import re

import numpy as np
import pandas as pd
import pytest

import vitality as vt
from tests.analysis import test_changes as rounds
from tests.analysis import test_guard as towns
from tests.analysis.test_multilevel import world
from vitality.analysis import in_words, power_sentence
from vitality.errors import MethodError, TableError

LANGS = ("zh", "en")
FRAMEWORK = vt.read_framework("redcross")
PAIRS = pd.MultiIndex.from_product([["a", "b"], ["2024"]], names=["unit", "round"])
FULL = vt.build_index(
    pd.DataFrame(np.random.default_rng(3).uniform(5, 20, (2, 35)), index=PAIRS, columns=list(FRAMEWORK.leaves)),
    FRAMEWORK,
)


def results():
    """One table of every kind, on small worlds."""
    outcome, staff, group = world()
    one, both = towns.RESULT, rounds.RESULT
    resources = pd.DataFrame(
        {"R11": [0.0, 1], "R12": [1.0, 1], "R22": [0.5, np.nan], "R31": [0.0, 9]}, index=["a", "b"]
    )
    systems = pd.DataFrame({"x": [0.4, np.nan], "y": [0.8, 0.5]}, index=["a", "b"])
    quick = {"permutations": 99, "bootstrap": 0, "seed": 1}
    return {
        "association": vt.correlate_resources(one, towns.RESOURCES, guard="leave_block_out", **quick),
        "refused": vt.correlate_resources(one, towns.RESOURCES, lang="en", **quick),
        "changes": vt.associate_changes(both, rounds.BOTH, **quick),
        "multilevel": vt.associate_multilevel(
            outcome, staff.assign(flat=1.0, kind=["school", "village"] * 12), group=group, fixed=["kind"], bootstrap=0
        ),
        "summary": vt.summarise_changes(both, by="district", seed=1),
        "obstacles": vt.obstacles(one),
        "contributions": vt.contributions(one),
        "boards": vt.short_boards(one),
        "quadrants": vt.resource_quadrants(one, towns.RESOURCES, block="venue"),
        "lacks": vt.four_lacks(resources, FRAMEWORK),
        "tree": vt.correlate_tree(one),
        "coordination": vt.coupling_coordination(systems),
        "starters": vt.regression_to_mean(both),
        "components": vt.principal_components(one, lang="en"),
        "advice": vt.recommend(FULL, resources=resources.set_axis(PAIRS)),
        "grey": vt.grey_relation(towns.RESOURCES["rooms"], towns.RESOURCES),
    }


RESULTS = results()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", RESULTS)
def test_every_row_says_itself_carefully(kind, lang):
    table = RESULTS[kind]
    said = vt.sentences(table, lang=lang)
    assert len(said) == len(table) and said.index.equals(table.index)
    for text in said:
        assert text.endswith("。" if lang == "zh" else ".") and "nan" not in text
        assert not re.search("影响|导致|促进|显著提高|effect|cause|leads to|improves|impact", text)


@pytest.mark.parametrize("lang", LANGS)
def test_an_association_has_estimate_interval_n_and_p(lang):
    row = RESULTS["association"].iloc[2]
    text = in_words(row, lang=lang)
    for number in ("estimate", "low", "high", "p_adjusted"):
        assert f"{row[number]:.2f}" in text or f"{row[number]:.3f}" in text
    assert "n = 24" in text and "ρ" in text


def test_verbs_follow_the_evidence():
    row = {"resource": "staff", "node": "V", "n": 24, "low": 0.3, "high": 0.8, "p_adjusted": 0.01, "p": 0.01,
           "method": "spearman", "coupled": False, "note": ""}  # fmt: skip
    table = pd.DataFrame(
        [row | {"estimate": 0.6}, row | {"estimate": -0.6}, row | {"estimate": 0.6, "p_adjusted": 0.2}]
    )
    assert [text.split("：")[0] for text in vt.sentences(table)] == [
        "“staff”与“V”呈正相关", "“staff”与“V”呈负相关", "“staff”与“V”未见显著关联",
    ]  # fmt: skip
    assert "goes with lower V" in vt.sentences(table, lang="en")[1]
    assert "no clear relation" in vt.sentences(table, lang="en")[2]


def test_marks_of_the_way_taken():
    row = RESULTS["association"].iloc[0].to_dict()
    assert "去掉同源指标后" in in_words(row) and "without the indicators" in in_words(row, lang="en")
    forced = row | {"coupled": True, "guard": ""}
    assert "仅供参考" in in_words(forced) and "for reference only" in in_words(forced, lang="en")
    partial = row | {"method": "partial_kendall", "guard": "counts"}
    assert "τ" in in_words(partial) and "偏相关" in in_words(partial)


def test_terms_of_the_model_are_told_by_what_they_are():
    zh, en = (vt.sentences(RESULTS["multilevel"], lang=lang) for lang in LANGS)
    assert zh[0].startswith("其他各项为0（或参照类别）时，平均得分") and "REML" in zh[0]
    assert "高出一个单位的组织" in zh[1] and "相比参照类别" in zh[3] and "未能估计" in zh[2]
    assert "compared with the first category" in en[3] and "One unit more of staff" in en[1]


def test_what_was_refused_says_why():
    text = vt.sentences(RESULTS["refused"], lang="en").iloc[0]
    assert "not computed" in text and "by construction" in text


def test_a_row_carries_its_own_level_and_what_it_is_about():
    result, staff = towns.RESULT, towns.RESOURCES[["rooms"]]
    options = {"nodes": ["V"], "permutations": 99, "bootstrap": 0, "seed": 1}
    narrow = vt.correlate_resources(result, staff, level=0.90, **options)
    both = pd.concat([narrow, vt.correlate_resources(result, staff, level=0.99, **options)], ignore_index=True)
    first, second = vt.sentences(both)
    assert "90%区间" in in_words(narrow.iloc[0]) and "90%区间" in first and "99%区间" in second
    halves = pd.Series(["east", "west"] * 12, index=towns.UNITS, name="district")
    inside = vt.correlate_resources(result, staff, within=halves, **options).iloc[0]
    assert "在同一district内" in in_words(inside) and "within the same district" in in_words(inside, lang="en")
    options |= {"guard": "counts", "denominators": towns.DENOMINATORS}
    held = vt.correlate_resources(result, towns.RESOURCES[["funds"]], **options).iloc[0]
    assert "“funds（按总数）”" in in_words(held) and "控制population的对数，偏相关" in in_words(held)
    assert "log population held" in in_words(held, lang="en")


def test_a_change_is_called_one():
    computed = RESULTS["changes"].dropna(subset="estimate").head(1)
    zh, en = (vt.sentences(computed, lang=lang).iloc[0] for lang in LANGS)
    assert "的变化与“V”的变化" in zh and "2023→2024之差" in zh
    assert en.startswith("The change of ") and "the change of V" in en and "difference of 2023→2024" in en
    start = vt.associate_changes(rounds.RESULT, rounds.BOTH, hold_start=True, permutations=99, bootstrap=0, seed=1)
    told = start.dropna(subset="estimate").iloc[0]
    assert "控制首轮得分" in in_words(told) and "the first score held" in in_words(told, lang="en")


def test_a_resource_that_could_not_be_checked_is_said_to_be_so():
    row = vt.correlate_resources(
        towns.RESULT, towns.RESOURCES[["rooms"]].set_axis(["cars"], axis=1), permutations=99, bootstrap=0, seed=1
    ).iloc[0]
    assert row["guard"] == "unchecked" and "未核查是否同源" in in_words(row)
    spelt = towns.RESOURCES[["funds"]].set_axis([" Funds "], axis=1)
    assert vt.correlate_resources(towns.RESULT, spelt, seed=1).at[0, "coupled"]  # spaces and capitals hide nothing


def test_an_interval_that_holds_nought_is_pointed_out():
    row = RESULTS["association"].iloc[2].to_dict() | {"estimate": 0.3, "low": -0.01, "high": 0.6, "p_adjusted": 0.03}
    assert "区间含0" in in_words(row) and "the interval holds 0" in in_words(row, lang="en")


def test_categories_go_by_their_names():
    row = RESULTS["multilevel"].iloc[3].to_dict() | {"term": "type=school"}
    assert "“类型：学校”" in in_words(row, framework=FRAMEWORK)
    assert "在同一区内" in in_words(
        RESULTS["association"].iloc[2].to_dict() | {"within": "district"}, framework=FRAMEWORK
    )


def test_without_a_test_nothing_is_said_to_be_seen_or_not():
    row = RESULTS["association"].iloc[2].to_dict() | {"p": np.nan, "p_adjusted": np.nan}
    assert "未作检验" in in_words(row) and "was not tested against" in in_words(row, lang="en")


def test_names_come_from_the_framework():
    row = RESULTS["association"].iloc[[0]].assign(resource="R22", node="V")
    assert FRAMEWORK.label("R22") in vt.sentences(row, framework=FRAMEWORK).iloc[0]
    assert "Staffing" in vt.sentences(row.assign(resource="staffing"), framework=FRAMEWORK, lang="en").iloc[0]


def test_what_chance_alone_would_do_is_said_beside_the_change():
    row = {"start": "low", "n": 8, "change": 3.25, "low": 1.0, "high": 5.5, "expected": 2.05, "beyond": 1.2,
           "correlation": 0.62, "spread_before": 10.0, "spread_after": 11.0}  # fmt: skip
    zh, en = (in_words(row, lang=lang) for lang in LANGS)
    assert zh.startswith("首轮得分低的8个单位平均变化+3.2分（95%区间1.0至5.5）") and "r = 0.62" in zh and "+1.2分" in zh
    assert en.startswith("The 8 units with the lowest first scores changed by +3.2 points") and "+2.0" in en
    assert "标准差" not in zh and "标准差由10.0变为15.0" in in_words(row | {"spread_after": 15.0})


def test_advice_names_the_shortfall_and_the_passages():
    rows = RESULTS["advice"]
    for lang in LANGS:
        for text, row in zip(vt.sentences(rows, framework=FRAMEWORK, lang=lang), rows.to_dict("records")):
            assert row["unit"] in text and all(passage in text for passage in row["passages"])
            assert row[f"text_{lang}"][:8] in text
    assert rows["share"].isna().any() and rows["share"].notna().any()  # lacks and obstacles


def test_adequacy_is_said_in_the_words_of_its_author():
    shared = np.random.default_rng(1).normal(size=(2000, 1))
    found = vt.kmo(pd.DataFrame(shared + np.random.default_rng(2).normal(size=(2000, 4)), columns=list("abcd")))
    assert "2000个单位" in found.sentence() and f"{found.overall:.2f}" in found.sentence()
    # Kaiser (1974): .90s marvellous, .80s meritorious, .70s middling, .60s mediocre, .50s miserable
    for value, word in {0.93: "marvellous", 0.81: "meritorious", 0.5: "miserable", 0.1: "unacceptable"}.items():
        assert word in type(found)(value, found.items, 60).sentence("en")


def test_power_is_said_once():
    for lang in LANGS:
        assert "n = 24" in power_sentence(RESULTS["association"], lang) and "0.56" in power_sentence(
            RESULTS["association"], lang
        )
    assert "没有一对" in power_sentence(RESULTS["refused"].iloc[:0])


def test_tables_that_are_no_results():
    with pytest.raises(TableError, match="no result has the columns 'x'"):
        vt.sentences(pd.DataFrame({"x": [1]}))
    with pytest.raises(MethodError, match="lang"):
        vt.sentences(RESULTS["obstacles"], lang="de")
