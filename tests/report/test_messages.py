"""Refusals of reports and figures in Chinese: the same facts as in English."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from vitality.errors import VitalityError
from vitality.framework import read_framework
from vitality.report import display, figures
from vitality.report.parameters import notebook_parameters
from vitality.report.style import label, new_axes

WIDE = pd.DataFrame(np.arange(24.0).reshape(3, 8), columns=list("abcdefgh"))
#: What is called -> what its message has to name.
REFUSED = {
    "too many sources": (lambda: figures.weights_comparison(WIDE), "8 列", "7 种"),
    "too few sides": (lambda: figures.radar(WIDE[["a", "b"]]), "3 行 2 列", "至少 3 列"),
    "straight axes": (lambda: figures.radar(WIDE, ax=new_axes()), "极坐标", "polar=True"),
    "three rounds": (lambda: figures.rounds_dumbbell(WIDE[["a", "b", "c"]]), "3 列", "两列"),
    "no ring": (lambda: figures.sunburst(read_framework("redcross").table(), levels=0), "levels=0", "一环"),
    "an unknown word": (lambda: label("scor"), "'scor'", "是否想写 'score'"),
    "no title": (lambda: display.front_matter(title=" "), "标题为空", "须有"),
    "one notice": (lambda: display.front_matter(title="报告", notices="模拟数据"), "['模拟数据']", "列表"),
    "no columns": (lambda: display.table_html(WIDE[[]]), "没有列", "一列"),
    "an unknown column": (lambda: display.table_html(WIDE, shade=["z"]), "'z'", "'a'、'b'"),
}


@pytest.mark.parametrize(("call", "found", "told"), REFUSED.values(), ids=REFUSED)
def test_a_refusal_says_in_chinese_what_was_found_and_what_to_do(call, found, told):
    with pytest.raises(VitalityError) as refusal:
        call()
    zh = refusal.value.message("zh")
    assert found in zh and told in zh and len(re.findall("[一-鿿]", zh)) >= 5
    assert not re.search("[一-鿿][,;:?!]", zh), "punctuation behind Chinese is full-width"


def test_a_cell_of_parameters_that_is_no_python_is_told_in_chinese(tmp_path):
    cell = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": "seed = 1\nlang = = 'zh'"}
    file = tmp_path / "report.ipynb"
    file.write_text(json.dumps({"nbformat": 4, "cells": [cell]}), encoding="utf-8")
    with pytest.raises(VitalityError) as refusal:
        notebook_parameters(file)
    zh = refusal.value.message("zh")
    assert "参数单元" in zh and "第 2 行" in zh
