"""The rounds in data/ are what `simulate_round` writes, labelled, and small."""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from vitality.datasets import simulate_round
from vitality.survey import read_round, round_settings

ROUNDS = Path(__file__).parents[2] / "data" / "rounds"


@pytest.mark.parametrize("name", ["2023", "2024"])
def test_the_committed_round_is_the_simulated_one(name):
    made = simulate_round(seed=2024, round=name)
    settings = round_settings(ROUNDS / name)
    assert settings.simulated and settings.seed == 2024 and "虚构" in settings.title_zh
    raw = read_round(ROUNDS / name, made.framework)
    for code, table in made.texts.tables.items():
        sent = [unit for unit in made.units.index if (code, unit) not in made.texts.unsent]
        keep = made.texts.units[code].isin(sent) | (code not in ("t", "o"))
        pd.testing.assert_frame_equal(
            raw.tables[code].text.sort_index(),
            table[keep.to_numpy()].sort_index(),
            check_names=False,
            check_index_type=False,
        )


def test_forms_say_that_they_are_simulated():
    for file in sorted((ROUNDS / "2024" / "raw").glob("[toe]_*.xlsx"))[::9]:
        sheet = openpyxl.load_workbook(file).active
        text = " ".join(str(cell.value) for row in sheet.iter_rows(max_row=8) for cell in row if cell.value)
        assert "SIMULATED" in text or "SYNTHETIC" in text or "合成" in text, file.name


def test_the_two_rounds_stay_small():
    files = [file for name in ("2023", "2024") for file in (ROUNDS / name / "raw").iterdir()]
    assert sum(file.stat().st_size for file in files) < 3_000_000
