"""Measure the index engine: builds, replicates, large tables.

``python benchmarks/index.py`` prints a table of medians with the memory of the process after each; the work
of plain numpy on the same numbers stands beside it. Run it on an idle machine.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from run import seconds

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import vitality as vt
from tests.index import asem

CHOICES = {
    "imputation": ["group_mean", "group_median", "mean"],
    "treatment": ["none", "winsorise", "winsorise_log"],
    "normalisation": ["minmax", "zscore", "rank"],
    "aggregation": ["arithmetic", "geometric"],
}


def gigabytes() -> float:
    """Largest memory of the process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def row(name: str, taken: float, beside: str = "") -> None:
    """Print a row of the table."""
    print(f"| {name} | {taken:.4f} | {beside} | {gigabytes():.2f} |", flush=True)


def tree(n: int, groups: int = 6) -> vt.Framework:
    """Give a tree of three levels with goalposts 0 and 1."""
    rows = [("V", ""), *((f"G{g}", "V") for g in range(groups)), *((f"x{i}", f"G{i % groups}") for i in range(n))]
    table = pd.DataFrame(rows, columns=["code", "parent"])
    leaf = table["code"].str.startswith("x")
    return vt.framework_from_table(table.assign(worst=np.where(leaf, 0.0, np.nan), best=np.where(leaf, 1.0, np.nan)))


def small() -> None:
    """A slider in a notebook, and ASEM."""
    generator = np.random.default_rng(1)
    redcross = vt.read_framework("redcross")
    scale = redcross.scale()
    matrix = pd.DataFrame(generator.random((24, 35)), columns=list(redcross.leaves))
    matrix = matrix * (scale["best"] - scale["worst"]) + scale["worst"]
    row("build_index, 24 x 35", seconds(lambda: vt.build_index(matrix, redcross), times=51))
    result = asem.result()
    row("ASEM from raw data to index, 51 x 49", seconds(lambda: vt.rebuild(result), times=21))
    design = vt.sample_inputs(result, 1000, seed=1, choices=CHOICES)
    row(
        "ASEM, 1,000 replicates: 54 combinations of imputation, treatment, normalisation, aggregation; weights",
        seconds(lambda: vt.monte_carlo(result, design), times=9),
    )
    weights = vt.sample_inputs(result, 1000, seed=1)
    row("ASEM, 1,000 replicates of the weights", seconds(lambda: vt.monte_carlo(result, weights), times=9))
    row(
        "ASEM, sensitivity of 5 inputs, 3,584 builds",
        seconds(lambda: vt.sensitivity_indices(result, n=512, seed=1, choices=CHOICES), times=3),
    )


def copeland() -> None:
    """Pairwise comparison, 1,000 x 30."""
    flat = vt.framework_from_table(
        pd.DataFrame({"code": ["V", *(f"x{i}" for i in range(30))], "parent": ["", *["V"] * 30]})
    )
    scores = pd.DataFrame(100 * np.random.default_rng(2).random((1000, 30)), columns=list(flat.leaves))
    values = scores.to_numpy()
    plain = seconds(lambda: sum((v[:, None] > v[None, :]) / 30 for v in values.T).sum(axis=1), times=3)
    for outranking in ("share", "majority"):
        taken = seconds(
            lambda outranking=outranking: vt.aggregate(
                scores, flat.weights(), flat, aggregation="copeland", outranking=outranking
            ),
            times=9,
        )
        row(f"Copeland, {outranking}, 1,000 x 30", taken, f"{taken / plain:.2f} of all pairs in numpy")


def large() -> None:
    """Tall tables, then many replicates."""
    framework = tree(30)
    scale, weights, generator = framework.scale(), framework.weights(), np.random.default_rng(3)
    local = weights.loc[list(framework.leaves), "global"].to_numpy()
    for units in (100_000, 1_000_000):
        matrix = pd.DataFrame(generator.random((units, 30)), columns=list(framework.leaves))
        values = matrix.to_numpy()
        plain = seconds(lambda values=values: np.clip(100 * values, 0, 100) @ local, times=3)
        taken = seconds(lambda matrix=matrix: vt.aggregate(vt.normalise(matrix, scale), weights, framework), times=5)
        row(f"normalise + aggregate, {units:,} x 30 x 3 levels", taken, f"{taken / plain:.1f} x one product in numpy")
    result = vt.build_index(pd.DataFrame(generator.random((300, 30)), columns=list(framework.leaves)), framework)
    design = vt.sample_inputs(result, 100_000, seed=1)
    row(
        "100,000 replicates of 300 x 30 x 3 levels, with ranks",
        seconds(lambda: vt.monte_carlo(result, design), times=1),
    )


def main() -> None:
    """Print the table."""
    parts = {"small": small, "copeland": copeland, "large": large}
    print("| what | seconds | beside | GB |\n|---|---|---|---|")
    for name in sys.argv[1:] or parts:
        parts[name]()


if __name__ == "__main__":
    main()
