import numpy as np
import pandas as pd
import pytest
from scipy import stats

import vitality as vt
from vitality.analysis import variance_sentence
from vitality.analysis.multilevel import MULTILEVEL_COLUMNS
from vitality.analysis.random_intercept import Groups, fit_random_intercept, intraclass_interval, variances
from vitality.errors import MethodError, TableError


def world(seed=1, towns=24, each=20, between=1.0, within=2.0, effect=0.0):
    generator = np.random.default_rng(seed)
    names = [f"T{number:02d}" for number in range(towns)]
    group = pd.Series(np.repeat(names, each), name="town", index=[f"o{k}" for k in range(towns * each)])
    staff = pd.DataFrame({"staff": generator.normal(size=towns)}, index=names)
    scores = generator.normal(0, between, towns).repeat(each) + generator.normal(0, within, towns * each)
    outcome = pd.Series(scores + effect * staff["staff"].to_numpy().repeat(each) + 50, index=group.index)
    return outcome, staff, group


def term(table, name):
    return table.set_index("term").loc[name]


def test_balanced_towns_are_the_classical_analysis_of_town_means():
    """With equal sizes the test of a town's resource is the regression of the 24 means, on 22 df."""
    outcome, staff, group = world(effect=0.5)
    table = vt.associate_multilevel(outcome, staff, group=group, bootstrap=0)
    means = outcome.groupby(group).mean()
    x = np.column_stack([np.ones(24), staff["staff"]])
    beta, squares, *_ = np.linalg.lstsq(x, means, rcond=None)
    error = np.sqrt(squares[0] / 22 * np.linalg.inv(x.T @ x)[1, 1])
    row = term(table, "staff")
    assert tuple(table.columns) == MULTILEVEL_COLUMNS
    assert row["df"] == pytest.approx(22, abs=1e-6)
    assert row["estimate"] == pytest.approx(beta[1], rel=1e-9)
    assert row["standard_error"] == pytest.approx(error, rel=1e-5)
    assert row["n"] == 480 and row["groups"] == 24


def test_variances_of_balanced_data_are_those_of_the_table_of_squares():
    outcome, _, _ = world(seed=3)
    values = outcome.to_numpy().reshape(24, 20)
    within = values.var(axis=1, ddof=1).mean()
    between = values.mean(axis=1).var(ddof=1) - within / 20
    groups = Groups(np.repeat(np.arange(24), 20), np.full(24, 20.0))
    assert variances(outcome.to_numpy(), np.ones((480, 1)), groups) == pytest.approx((between, within), rel=1e-4)


def reml(y, x, codes, between, within):
    """Restricted log likelihood from dense matrices (Bates et al. 2015), up to a constant."""
    z = np.eye(codes.max() + 1)[codes]
    v = within * np.eye(len(y)) + between * z @ z.T
    solved = np.linalg.solve(v, x)
    left = y - x @ np.linalg.solve(x.T @ solved, solved.T @ y)
    return -0.5 * (np.linalg.slogdet(v)[1] + np.linalg.slogdet(x.T @ solved)[1] + left @ np.linalg.solve(v, left))


@pytest.mark.parametrize("spread", [0.0, 0.1, 0.3, 1.5])
def test_unbalanced_variances_are_at_the_maximum_of_the_likelihood(spread):
    """Also where the towns hardly differ, which is where optimisers that follow slopes stop early."""
    for seed in range(3):
        generator = np.random.default_rng(seed)
        sizes = generator.integers(1, 12, 24)
        codes = np.repeat(np.arange(24), sizes)
        x = np.column_stack(
            [np.ones(len(codes)), generator.normal(size=24)[codes], 1e6 * generator.normal(size=len(codes))]
        )
        y = generator.normal(0, spread, 24)[codes] + generator.normal(0, 2, len(codes)) + x @ [50, 1, 5e-7]
        between, within = variances(y, x, Groups(codes, sizes.astype(float)))
        top = reml(y, x, codes, between, within)
        for b in (0.0, 0.01, 0.05, 0.5 * between, 0.98 * between, 1.02 * between, 2 * between + 0.01):
            for w in (0.98 * within, within, 1.02 * within):
                assert reml(y, x, codes, b, w) <= top + 1e-6


def test_estimates_and_errors_are_those_of_generalised_least_squares():
    generator = np.random.default_rng(7)
    sizes = generator.integers(3, 30, 24)
    codes = np.repeat(np.arange(24), sizes)
    x = np.column_stack([np.ones(len(codes)), generator.normal(size=24)[codes], generator.normal(size=len(codes))])
    y = generator.normal(0, 1.5, 24)[codes] + generator.normal(0, 2, len(codes)) + x @ [50, 1, 0.5]
    fit = fit_random_intercept(y, x, Groups(codes, sizes.astype(float)))
    z = np.eye(24)[codes]
    inverse = np.linalg.inv(fit.within * np.eye(len(y)) + fit.between * z @ z.T)
    covariance = np.linalg.inv(x.T @ inverse @ x)
    assert fit.estimates == pytest.approx(covariance @ x.T @ inverse @ y, rel=1e-8)
    assert fit.errors == pytest.approx(np.sqrt(np.diag(covariance)), rel=1e-8)


def test_satterthwaite_is_that_of_dense_matrices():
    generator = np.random.default_rng(0)
    sizes = np.array([3, 5, 2, 8, 6, 4])
    codes = np.repeat(np.arange(6), sizes)
    x = np.column_stack([np.ones(28), generator.normal(size=6)[codes], generator.normal(size=28)])
    y = 3 * generator.normal(size=6)[codes] + generator.normal(size=28)
    fit = fit_random_intercept(y, x, Groups(codes, sizes.astype(float)))
    z = np.eye(6)[codes]

    def covariance(between, within):
        return np.linalg.inv(x.T @ np.linalg.inv(within * np.eye(28) + between * z @ z.T) @ x)

    inverse = np.linalg.inv(fit.within * np.eye(28) + fit.between * z @ z.T)
    c = covariance(fit.between, fit.within)
    p = inverse - inverse @ x @ c @ x.T @ inverse
    pieces = (z @ z.T, np.eye(28))
    information = np.array([[np.trace(p @ a @ p @ b) / 2 for b in pieces] for a in pieces])
    step = 1e-5
    slopes = np.column_stack(
        [
            np.diag(covariance(fit.between + step, fit.within) - covariance(fit.between - step, fit.within)),
            np.diag(covariance(fit.between, fit.within + step) - covariance(fit.between, fit.within - step)),
        ]
    ) / (2 * step)
    df = 2 * np.diag(c) ** 2 / np.einsum("ki,ij,kj->k", slopes, np.linalg.inv(information), slopes)
    expected = np.where([True, True, False], np.minimum(df, 4), df)
    assert fit.freedom == pytest.approx(expected, rel=1e-4)


def test_towns_are_the_evidence_and_not_organisations():
    """A resource of towns that means nothing: the model keeps its size, a regression of organisations does not."""
    rejected = naive = 0
    for seed in range(120):
        outcome, staff, group = world(seed=seed)
        rejected += term(vt.associate_multilevel(outcome, staff, group=group, bootstrap=0), "staff")["p"] < 0.05
        r = np.corrcoef(outcome, staff["staff"].loc[group])[0, 1]
        naive += abs(r) * np.sqrt(478 / (1 - r**2)) > 1.965
    assert rejected <= 14 and naive >= 30  # binomial: 5 % of 120 exceeds 14 with probability 0.1 %


def test_what_varies_where():
    outcome, staff, group = world(seed=5, between=2.0, within=2.0)
    table = vt.associate_multilevel(outcome, staff, group=group, bootstrap=0)
    assert 0.3 < table["icc_empty"].iloc[0] < 0.7 and table["icc"].iloc[0] <= table["icc_empty"].iloc[0] + 0.03
    for lang in ("zh", "en"):
        text = variance_sentence(table, lang)
        assert "480" in text and "24" in text and f"{table['icc_empty'].iloc[0]:.0%}" in text


def test_fixed_effects_controls_and_rows_of_organisations():
    outcome, staff, group = world(seed=2, effect=1.0)
    district = pd.Series(np.where(group < "T12", "east", "west"), index=group.index)
    kind = pd.Series(np.tile(["school", "village"], 240), index=group.index)
    table = pd.DataFrame({"town": group, "staff": staff["staff"].loc[group].to_numpy(), "district": district})
    table = table.assign(kind=kind, size=np.arange(480.0))
    found = vt.associate_multilevel(outcome, table, group="town", fixed=["district", "kind"], controls=["size"])
    assert found["term"].tolist() == ["intercept", "staff", "size", "district=west", "kind=village"]
    assert found["role"].tolist() == ["intercept", "resource", "control", "fixed", "fixed"]
    between, inside = term(found, "staff"), term(found, "kind=village")
    assert between["df"] <= 21 < 400 < inside["df"]
    assert between["low_bootstrap"] < between["estimate"] < between["high_bootstrap"]
    same = vt.associate_multilevel(outcome, table, group="town", fixed=["district", "kind"], controls=["size"])
    pd.testing.assert_frame_equal(found, same)


def test_columns_that_cannot_be_estimated_are_rows_with_a_note():
    outcome, staff, group = world()
    staff = staff.assign(twice=2 * staff["staff"], flat=3.0, empty=None, district="east")
    english = vt.associate_multilevel(outcome, staff.drop(columns="district"), group=group, bootstrap=0, lang="en")
    assert "follows from" in term(english, "twice")["note"] and "no values" in term(english, "empty")["note"]
    found = vt.associate_multilevel(outcome, staff, group=group, fixed=["district"], bootstrap=0).set_index("term")
    assert found.at["staff", "note"] == "" and np.isfinite(found.at["staff", "estimate"])
    notes = {"twice": "可由其他项算出", "flat": "取值全部相同", "empty": "没有数据", "district": "只有一个类别"}
    for name, words in notes.items():
        assert np.isnan(found.at[name, "estimate"]) and words in found.at[name, "note"]


def test_towns_without_resources_and_single_organisations():
    outcome, staff, group = world()
    group.iloc[0] = "T99"  # a town of one organisation, without resources
    found = vt.associate_multilevel(outcome, staff.drop(index="T05"), group=group, bootstrap=0)
    assert found["n"].iloc[0] == 459 and found["groups"].iloc[0] == 23 and found.attrs["left_out"] == 21
    assert found["note"].str.contains("没有资源资料：T05、T99").all()
    staff.loc["T99"] = 0.3
    found = vt.associate_multilevel(outcome, staff, group=group, bootstrap=0)
    assert found["groups"].iloc[0] == 25 and found.attrs["single"] == 1 and np.isfinite(found["p"]).all()


def test_towns_that_do_not_differ():
    outcome, staff, group = world(between=0.0)
    row = term(vt.associate_multilevel(outcome, staff, group=group, bootstrap=0), "staff")
    assert row["icc"] < 0.05 and row["df"] <= 22 and np.isfinite(row["p"])


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda o, r, g: (o, r, pd.Series("T00", index=o.index)), MethodError, "at least 3"),
        (lambda o, r, g: (o.iloc[::20], r, g.iloc[::20]), MethodError, "single organisation"),
        (lambda o, r, g: (o * 0 + 5, r, g), TableError, "the same for every organisation"),
        (lambda o, r, g: (o, r.set_axis([f"X{k}" for k in range(24)]), g), TableError, "neither the organisations"),
        (lambda o, r, g: (o, r, "twn"), MethodError, "no column of the resources"),
        (lambda o, r, g: (o, r, ["T00"] * 480), MethodError, "found list"),
        (lambda o, r, g: (o.astype(str), r, g), TableError, "expected a Series of numbers"),
        (lambda o, r, g: (o, r.assign(name="x"), g), MethodError, "'name' holds text"),
        (lambda o, r, g: (pd.concat([o, o]), r, g), TableError, "more than once"),
        (lambda o, r, g: (o, pd.concat([r, r]), g), TableError, "more than once"),
        (lambda o, r, g: (o.iloc[:3], r, g), TableError, "expected at least 5"),
    ],
)
def test_what_cannot_be_fitted_is_said(change, error, message):
    with pytest.raises(error, match=message):
        outcome, resources, group = change(*world())
        vt.associate_multilevel(outcome, resources, group=group)


def test_more_terms_than_towns():
    outcome, staff, group = world()
    many = pd.DataFrame(np.random.default_rng(1).normal(size=(24, 24)), index=staff.index).add_prefix("r")
    with pytest.raises(MethodError, match="fewer terms than towns"):
        vt.associate_multilevel(outcome, many, group=group)
    with pytest.raises(MethodError, match=r"level=95"):
        vt.associate_multilevel(outcome, staff, group=group, level=95)


def test_resources_that_share_a_part_with_the_outcome_are_refused():
    """R15, registered volunteers, is the denominator of B22; staffing holds R15."""
    framework = vt.read_framework("redcross")
    outcome, staff, group = world()
    towns = staff.rename(columns={"staff": "R15"}).assign(R31=np.arange(24.0) ** 2, staffing=staff["staff"] ** 2)
    options = {"group": group, "bootstrap": 0, "framework": framework}
    found = vt.associate_multilevel(outcome, towns, indicators=["B22", "C31"], **options).set_index("term")
    assert found["coupled"].to_dict() == {"intercept": False, "R15": True, "R31": False, "staffing": True}
    assert found["estimate"].isna().to_dict() == {"intercept": False, "R15": True, "R31": False, "staffing": True}
    assert "B22" in found.at["R15", "note"]
    forced = vt.associate_multilevel(outcome, towns, indicators=["B22"], allow_coupled=True, **options)
    assert forced["estimate"].notna().all() and forced["coupled"].sum() == 2
    assert "同源，仅供参考" in vt.sentences(forced).iloc[1] and "coupled" in vt.sentences(forced, lang="en").iloc[1]
    free = vt.associate_multilevel(outcome, towns, indicators=["C31", "E22"], **options)
    assert not free["coupled"].any()
    with pytest.raises(MethodError, match="what the outcome is made of"):
        vt.associate_multilevel(outcome, towns, **options)


def test_spellings_and_controls_do_not_pass_the_guard_and_the_unknown_is_said_to_be_so():
    framework = vt.read_framework("redcross")
    outcome, staff, group = world()
    other = np.random.default_rng(8).normal(size=24)
    options = {"group": group, "bootstrap": 0, "framework": framework, "indicators": ["A13", "C11"]}
    for name in ("R22", " r22", "人均红十字经费", "Ｒ22（万元）", "经费", "Funding", "A13"):
        towns = staff.rename(columns={"staff": name}).assign(R31=other)
        for controls in ([], [name]):
            found = vt.associate_multilevel(outcome, towns, controls=controls, **options).set_index("term")
            assert found.at[name, "coupled"] and np.isnan(found.at[name, "estimate"]), name
            assert "leave_out" in found.at[name, "note"] and "对数" not in found.at[name, "note"]
            assert not found.at["R31", "coupled"] and found.at["R31", "guard"] == ""
    found = vt.associate_multilevel(outcome, staff.rename(columns={"staff": "cars"}), **options)
    assert found["guard"].tolist() == ["", "unchecked"] and "未核查是否同源" in vt.sentences(found)[1]
    own = outcome.rename("F23")
    own.attrs["indicators"] = ["A11", "B22", "F23"]  # those of the score of its table
    venue = staff.rename(columns={"staff": "R32"})
    del options["indicators"]
    assert not vt.associate_multilevel(own, venue, **options)["coupled"].any()


def test_towns_that_differ_less_than_chance_makes_them_have_no_interval():
    values = np.tile([40.0, 50.0, 60.0], 8)
    codes = np.repeat(np.arange(8), 3)
    assert np.isnan(intraclass_interval(values, Groups(codes, np.full(8, 3.0)), 0.95)).all()


def test_several_resources_are_several_tests():
    outcome, staff, group = world(effect=0.4)
    staff = staff.assign(rooms=np.random.default_rng(9).normal(size=24), funds=np.random.default_rng(8).normal(size=24))
    found = vt.associate_multilevel(outcome, staff, group=group, bootstrap=0)
    own = found[found["role"] == "resource"]
    assert own["p_adjusted"].min() == pytest.approx(min(1, 3 * own["p"].min()))  # Holm's first step
    assert found.loc[found["role"] == "intercept", "p_adjusted"].isna().all()


def test_the_interval_of_what_varies_where():
    """Balanced: the ends are those at which the F ratio of the analysis of variance has tail 2.5 %."""
    outcome, staff, group = world(seed=4, between=1.0, within=2.0)
    row = vt.associate_multilevel(outcome, staff, group=group, bootstrap=0).iloc[0]
    values = outcome.to_numpy().reshape(24, 20)
    ratio = 20 * values.mean(axis=1).var(ddof=1) / values.var(axis=1, ddof=1).mean()
    for end, tail in (("icc_low", 0.975), ("icc_high", 0.025)):
        share = row[end]
        assert stats.f.cdf(ratio / (1 + 20 * share / (1 - share)), 23, 456) == pytest.approx(tail, abs=1e-9)
    covered = 0
    for seed in range(200):
        y = world(seed=seed, between=1.0, within=2.0)[0]
        codes = np.repeat(np.arange(24), 20)
        low, high = intraclass_interval(y.to_numpy(), Groups(codes, np.full(24, 20.0)), 0.95)
        covered += low <= 0.2 <= high
    assert 180 <= covered <= 198  # 190 expected, standard deviation 3
