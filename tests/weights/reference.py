"""Reference cases with their sources, as the tests of this folder use them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pandas as pd

from vitality.weights import judgement_matrix

CASES = Path(__file__).parent / "cases"


@cache
def read(name: str) -> dict:
    return json.loads((CASES / f"{name}.json").read_text("utf-8"))


def cases(name: str) -> dict[str, dict]:
    return {case["id"]: case for case in read(name)["cases"]}


@cache
def synthetic_panel() -> dict[str, dict[str, pd.DataFrame]]:
    """Ten SYNTHETIC experts: node -> expert -> matrix."""
    panel = read("synthetic_panel")
    return {
        node: {expert["id"]: judgement_matrix(expert["upper_triangles"][node], items) for expert in panel["experts"]}
        for node, items in panel["order"].items()
    }
