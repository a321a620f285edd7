"""Refusals of the simulated rounds in Chinese: the same facts as in English."""

import re

import pytest

from vitality.datasets import simulate_round
from vitality.datasets.simulated_files import write_round_folder
from vitality.errors import VitalityError


def test_a_refusal_says_in_chinese_what_was_found(tmp_path):
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    refused = {
        "towns=2": lambda: simulate_round(towns=2, organisations=60, seed=1),
        "是否想写 'funding'": lambda: simulate_round(towns=6, organisations=60, seed=1, effects={"fundin": 0.1}),
        "1.": lambda: simulate_round(towns=6, organisations=60, seed=1, effects={"funding": 0.9, "staffing": 0.8}),
        str(tmp_path): lambda: write_round_folder(None, tmp_path),
    }
    for found, call in refused.items():
        with pytest.raises(VitalityError) as refusal:
            call()
        zh = refusal.value.message("zh")
        assert found in zh and len(re.findall("[一-鿿]", zh)) >= 8, zh
