"""Simulate the example rounds 2023 and 2024 in data/rounds anew; the same seed gives the same bytes."""

from __future__ import annotations

import shutil
from pathlib import Path

from vitality.datasets import simulate_round

ROUNDS = Path(__file__).resolve().parent.parent / "data" / "rounds"
SEED = 2024

if __name__ == "__main__":
    for name in ("2023", "2024"):
        shutil.rmtree(ROUNDS / name, ignore_errors=True)
        simulate_round(seed=SEED, round=name).write(ROUNDS / name)
