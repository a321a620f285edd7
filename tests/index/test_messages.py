"""Refusals of the index in Chinese: the same facts as in English."""

import re

import numpy as np
import pandas as pd
import pytest

import vitality as vt
from tests.index.small import FRAMEWORK, MATRIX, NORMALISED
from vitality.errors import VitalityError
from vitality.index.grades import grade
from vitality.index.topsis import topsis

WEIGHTS = FRAMEWORK.weights()
SCALE = vt.fit_scale(MATRIX, FRAMEWORK)
RESULT = vt.build_index(MATRIX, FRAMEWORK)


def method(**options):
    return lambda: vt.Method(**options)


#: What is called -> what its message has to name.
REFUSED = {
    "a power of 0": (method(power=0), "power=0.0", "aggregation='geometric'"),
    "a floor of 100": (method(floor=100), "floor=100.0", "小于 100"),
    "bounds the wrong way": (method(bounds=(0.8, 0.2)), "(0.8, 0.2)", "比例"),
    "a threshold below 0": (method(skewness=-2), "skewness=-2.0", "大于 0"),
    "half a value to move": (method(maximum=2.5), "maximum=2.5", "整数"),
    "groups without a column": (method(imputation="group_mean"), "'group_mean'", "group="),
    "goalposts of a round": (method(reference="2024"), "reference='2024'", "请保留"),
    "treat with a threshold of 0": (lambda: vt.treat(MATRIX, kurtosis=0), "treat：", "kurtosis=0"),
    "screen with no share": (lambda: vt.screen(MATRIX, minimum_coverage=0), "minimum_coverage=0", "不超过 1"),
    "an indicator too many": (lambda: vt.aggregate(NORMALISED.assign(x=1), WEIGHTS, FRAMEWORK), "'x'", "4 项"),
    "a column misspelt": (
        lambda: vt.aggregate(NORMALISED.rename(columns={"a1": "a11"}), WEIGHTS, FRAMEWORK),
        "'a1'、'a11'",
        "是否想写 'a1'",
    ),
    "negative scores": (
        lambda: vt.aggregate(NORMALISED - 60, WEIGHTS, FRAMEWORK, aggregation="geometric"),
        "-60",
        "'geometric'",
    ),
    "a weight left out": (
        lambda: vt.aggregate(NORMALISED, WEIGHTS.drop("a1"), FRAMEWORK),
        "weights：缺少 'a1'。",
        "不小于 0",
    ),
    "siblings of no weight": (
        lambda: vt.aggregate(NORMALISED, WEIGHTS["local"].where(~WEIGHTS.index.isin(["a1", "a2"]), 0), FRAMEWORK),
        "'a1'、'a2'",
        "全为 0",
    ),
    "an unknown round": (
        lambda: vt.fit_scale(MATRIX, FRAMEWORK, vt.Method(normalisation="minmax", reference="2042")),
        "'2042'",
        "'2024'",
    ),
    "a constant indicator in a round": (
        lambda: vt.fit_scale(MATRIX.assign(a1=1.0), FRAMEWORK, vt.Method(normalisation="minmax", reference="2024")),
        "轮次 '2024'",
        "'a1'",
    ),
    "a reference that is the worst": (
        lambda: vt.fit_scale(
            MATRIX, FRAMEWORK, vt.Method(normalisation="distance_to_reference", reference_unit="u3", reference="all")
        ),
        "指标矩阵",
        "'a1'",
    ),
    "a scale without an indicator": (lambda: vt.normalise(MATRIX, SCALE.drop("b1")), "'b1'", "'worst'"),
    "a scale with a row twice": (
        lambda: vt.normalise(MATRIX, pd.concat([SCALE, SCALE[:1]])),
        "重复的行 'a1'",
        "应有一行",
    ),
    "a scale of one point": (lambda: vt.normalise(MATRIX, SCALE.assign(best=0, worst=0)), "'a1'", "都是 0"),
    "an index by other names": (
        lambda: vt.build_index(MATRIX.rename_axis(["town", "year"]), FRAMEWORK),
        "'town'、'year'",
        ".rename_axis",
    ),
    "no rows": (lambda: vt.build_index(MATRIX.iloc[:0], FRAMEWORK), "没有任何行", "每个单位"),
    "no such attribute": (
        lambda: vt.build_index(
            MATRIX.assign(a1=[1, np.nan, 2]),
            FRAMEWORK,
            vt.Method(imputation="group_mean", group="kind"),
            units=pd.DataFrame({"kinds": ["x", "y", "y"]}, index=["u1", "u2", "u3"]),
        ),
        "'kind'",
        "是否想写 'kinds'",
    ),
    "too few units": (lambda: vt.balance_weights(vt.build_index(MATRIX.iloc[:2], FRAMEWORK)), "2 个单位", "3 个"),
    "an unknown target": (lambda: vt.balance_weights(RESULT, target={"a9": 1}), "未知 'a9'", "不小于 0"),
    "a score below every grade": (lambda: grade(pd.Series([50.0]), cuts={"优": 60}), "50.0", "'优'"),
    "three names for quartiles": (
        lambda: grade(pd.Series([50.0]), rule="quartiles", cuts={"优": 60, "良": 30, "差": 0}),
        "3 个",
        "'良'",
    ),
    "more classes than scores": (lambda: grade(pd.Series([50.0, 60.0]), rule="natural_breaks"), "2 个", "4 类"),
    "a weight twice for topsis": (
        lambda: topsis(MATRIX, pd.Series(1, index=["a1", "a1", "a2", "b1", "b2"])),
        "重复 'a1'",
        "每一列",
    ),
    "a weight too few for topsis": (lambda: topsis(MATRIX, [1, 1, 1]), "[1.0, 1.0, 1.0]", "4 个"),
}


@pytest.mark.parametrize(("call", "found", "told"), REFUSED.values(), ids=REFUSED)
def test_a_refusal_says_in_chinese_what_was_found_and_what_to_do(call, found, told):
    with pytest.raises(VitalityError) as refusal:
        call()
    zh = refusal.value.message("zh")
    assert found in zh and told in zh and len(re.findall("[一-鿿]", zh)) >= 4
    assert zh.endswith("。") or zh.endswith("？")
    assert not re.search("[一-鿿][,;:?!]", zh), "punctuation behind Chinese is full-width"
