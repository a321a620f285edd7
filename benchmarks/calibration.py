"""Are the tests and intervals of the resource chapter right? Simulations with known truth.

``python benchmarks/calibration.py`` writes docs/calibration.md; about ten minutes. ``--runs 200`` is a quick look.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

import vitality as vt
from vitality.analysis.bootstrap import bootstrap_intervals
from vitality.analysis.correlation import estimate_correlation, fisher_interval, midranks, pairs_lost
from vitality.analysis.permutation import permutation_p
from vitality.analysis.power import correlation_power
from vitality.analysis.random_intercept import Fit, Groups, cluster_bootstrap, fit_random_intercept

Floats = npt.NDArray[np.float64]
PAGE = Path(__file__).resolve().parent.parent / "docs" / "calibration.md"
N = 24
STRATA = np.repeat([0, 1], N // 2)
METHODS = ("pearson", "spearman", "kendall")
#: Method -> its value for normal pairs with correlation r.
TRUTH: dict[str, Callable[[float], float]] = {
    "pearson": lambda r: r,
    "spearman": lambda r: float(6 / np.pi * np.arcsin(r / 2)),
    "kendall": lambda r: float(2 / np.pi * np.arcsin(r)),
}


def share(hits: int, runs: int) -> str:
    """Write a share with two simulation errors."""
    p = hits / runs
    return f"{100 * p:.1f} ± {200 * np.sqrt(max(p * (1 - p), 0.25 / runs) / runs):.1f}"


def normal_pairs(generator: np.random.Generator, r: float) -> Floats:
    """24 pairs of standard normals with correlation r."""
    return generator.multivariate_normal([0, 0], [[1, r], [r, 1]], N)


def sizes(runs: int) -> list[tuple[str, str]]:
    """Share of p < 0.05 for sides that have nothing to do with each other."""
    rows = []
    for method in METHODS:
        ways: dict[str, dict[str, bool]] = {"no control": {}, "within two districts": {"strata": True}}
        if method != "kendall":
            ways |= {"one control": {"held": True}, "one control, within": {"held": True, "strata": True}}
        for ties in (False, True):
            for name, way in ways.items():
                hits = sum(null_p(method, seed, ties=ties, **way) <= 0.05 for seed in range(runs))
                rows.append((f"{method}, {name}{', 4 tied values' if ties else ''}", share(hits, runs)))
    return rows


def null_p(method: str, seed: int, *, ties: bool, held: bool = False, strata: bool = False) -> float:
    """Permutation p of two sides that share at most the control and the district."""
    generator = np.random.default_rng(seed)
    control = generator.normal(size=N)
    x, y = generator.normal(size=(2, N)) + (control if held else 0) + (0.8 * STRATA if strata else 0)
    if ties:
        x = np.digitize(x, np.quantile(x, [0.4, 0.7, 0.9])).astype(float)
    given = control[:, None] if method == "pearson" else midranks(control)[:, None]
    p = permutation_p(
        x[:, None],
        y[:, None],
        method=method,
        permutations=999,
        seed=seed,
        controls=given if held else None,
        strata=STRATA if strata else None,
    )
    return float(p[0, 0])


def coverage(runs: int) -> list[tuple[str, str, str, str]]:
    """Share of 95 % intervals that hold the truth: over all units, within the districts, with a control."""
    rows = []
    for method in METHODS:
        for r in (0.0, 0.3, 0.6):
            for way in ("all units", "within", "one control")[: 2 if method == "kendall" else 3]:
                hits = np.zeros(2, dtype=int)
                for seed in range(runs):
                    hits += covers(method, r, way, seed)
                rows.append((f"{method}, {way}", f"{TRUTH[method](r):.2f}", *(share(int(hit), runs) for hit in hits)))
    return rows


def covers(method: str, r: float, way: str, seed: int) -> npt.NDArray[np.int_]:
    """Whether Fisher's and the bootstrap interval hold the truth in one data set.

    The control has nothing to do with either side, and the districts do not differ, so that the truth is that of
    all units; what they cost is paid all the same.
    """
    generator = np.random.default_rng(seed + int(1e6 * r))
    pairs, control = normal_pairs(generator, r), generator.normal(size=(N, 1))
    x, y, truth = pairs[:, :1], pairs[:, 1:], TRUTH[method](r)
    strata = STRATA if way == "within" else None
    held = (control if method == "pearson" else midranks(control)) if way == "one control" else None
    estimate = estimate_correlation(x[:, 0], y[:, 0], method, held, strata)
    lost: float = int(way != "all units")
    if method == "kendall" and strata is not None:
        lost = pairs_lost(np.bincount(strata))
    ends = fisher_interval(estimate, N, method, n_controls=lost)
    low, high = bootstrap_intervals(x, y, method=method, draws=2000, seed=seed, strata=strata, controls=held)
    return np.array([ends[0] <= truth <= ends[1], low[0, 0] <= truth <= high[0, 0]], dtype=int)


def power(runs: int) -> list[tuple[str, str, str]]:
    """Share of p < 0.05 with a planted Spearman correlation, beside the textbook's."""
    rows = []
    for rho in (0.4, 0.6):
        hits = 0
        for seed in range(runs):
            pairs = normal_pairs(np.random.default_rng(seed), 2 * np.sin(np.pi * rho / 6))
            p = permutation_p(pairs[:, :1], pairs[:, 1:], method="spearman", permutations=999, seed=seed)
            hits += p[0, 0] <= 0.05
        rows.append((f"{rho}", share(hits, runs), f"{100 * correlation_power(rho, N):.1f}"))
    return rows


def town_index(seed: int, *, growing: float) -> tuple[Any, pd.DataFrame, pd.DataFrame]:
    """An index of members per head and an activity rate, funds per head, population; all unrelated.

    With `growing` 1 members and funds grow with the population, with 0 they do not.
    """
    generator = np.random.default_rng(seed)
    population = np.exp(generator.normal(0, 0.6, N))
    members, funds = (np.exp(generator.normal(0, 0.4, N)) * population**growing for _ in range(2))
    units = pd.Index([f"T{k:02d}" for k in range(N)], name="unit")
    matrix = pd.DataFrame({"a": members / population, "b": generator.uniform(0, 1, N)}, index=units)
    result = vt.build_index(
        matrix, RATIO_TREE, vt.Method(normalisation="minmax", reference="all", minimum_coverage=0.5)
    )
    per_head = pd.DataFrame({"R": funds / population}, index=units)
    return result, per_head, pd.DataFrame({"population": population}, index=units)


def ratio_framework() -> Any:
    """One indicator and one resource per head, one indicator that is not."""
    tree = {
        "code": "V",
        "children": [
            {"code": "A", "children": [{"code": "a", "denominator": "population"}]},
            {"code": "B", "children": [{"code": "b"}]},
        ],
    }
    resource = {"code": "R", "block": "funding", "denominator": "population"}
    return vt.Framework.model_validate({"name": "ratio", "tree": tree, "resources": [resource]})


RATIO_TREE = ratio_framework()


def ratio_trap(runs: int) -> list[tuple[str, str, str]]:
    """Share of p < 0.05 between unrelated numerators over one population, unguarded and guarded."""
    ways: dict[str, dict[str, object]] = {
        "unguarded (`allow_coupled`), members per head": {"allow_coupled": True, "nodes": ["A"]},
        "`leave_block_out`, whole index": {"guard": "leave_block_out", "nodes": ["V"]},
        "`counts`, members per head": {"guard": "counts", "nodes": ["A"]},
        "`counts`, Pearson": {"guard": "counts", "nodes": ["A"], "method": "pearson"},
        "`numerators`, members per head": {"guard": "numerators", "nodes": ["A"]},
    }
    rows = []
    for name, way in ways.items():
        found = []
        for growing in (0.0, 1.0):
            hits = 0
            for seed in range(runs):
                result, resources, denominators = town_index(seed, growing=growing)
                table = vt.correlate_resources(
                    result, resources, denominators=denominators, permutations=999, bootstrap=0, seed=seed, **way
                )
                hits += table.at[0, "p"] <= 0.05
            found.append(share(hits, runs))
        rows.append((name, *found))
    return rows


def multilevel(runs: int) -> list[tuple[str, str, str, str]]:
    """Share of p < 0.05 for a resource of 24 towns that means nothing, 480 organisations of unequal numbers."""
    rows = []
    for icc in (0.0, 0.05, 0.2, 0.4):
        model = naive = cluster = 0
        for seed in range(runs):
            generator = np.random.default_rng(seed)
            size = np.maximum(generator.multinomial(480, generator.dirichlet(np.full(N, 6))), 2)
            codes = np.repeat(np.arange(N), size)
            groups = Groups(codes, size.astype(float))
            design = np.column_stack([np.ones(len(codes)), STRATA[codes], generator.normal(size=N)[codes]])
            y = np.sqrt(icc) * generator.normal(size=N)[codes]
            y = y + np.sqrt(1 - icc) * generator.normal(size=len(codes))
            fit = fit_random_intercept(y, design, groups)
            model += multilevel_p(fit) < 0.05
            naive += regression_p(y, design) < 0.05
            low, high = cluster_bootstrap(y, design, groups, fit, draws=999, seed=seed, level=0.95)
            cluster += not low[2] <= 0 <= high[2]
        rows.append((f"{icc:.2f}", share(model, runs), share(cluster, runs), share(naive, runs)))
    return rows


def multilevel_p(fit: Fit) -> float:
    """p of the last column in the random-intercept model."""
    from scipy.stats import t

    return float(2 * t.sf(abs(fit.estimates[-1] / fit.errors[-1]), fit.freedom[-1]))


def regression_p(y: Floats, design: Floats) -> float:
    """p of the last column when organisations count as independent."""
    from scipy.stats import t

    beta, squares, *_ = np.linalg.lstsq(design, y, rcond=None)
    freedom = len(y) - design.shape[1]
    error = np.sqrt(squares[0] / freedom * np.linalg.inv(design.T @ design)[-1, -1])
    return float(2 * t.sf(abs(beta[-1] / error), freedom))


def changes(runs: int) -> list[tuple[str, str]]:
    """Share of p < 0.05 for changes that are unrelated, though resources went to low scorers."""
    tree = vt.framework_from_table(
        pd.DataFrame({"code": ["V", "a"], "parent": ["", "V"], "worst": [None, -100], "best": [None, 100]})
    )
    pairs = pd.MultiIndex.from_product([["1", "2"], [f"T{k:02d}" for k in range(N)]], names=["round", "unit"])
    rows = []
    for name, aimed, options in (
        ("first differences, resources given at random", 0.0, {}),
        ("first differences, resources given to low first scores", 1.0, {}),
        ("the same with the first score held (`hold_start`)", 1.0, {"hold_start": True}),
    ):
        hits = 0
        for seed in range(runs):
            generator = np.random.default_rng(seed)
            standing = generator.normal(size=N)
            first, second = standing + generator.normal(size=(2, N))
            more = generator.normal(size=N) - aimed * first
            result = vt.build_index(pd.DataFrame({"a": np.concatenate([first, second])}, index=pairs), tree)
            resources = pd.DataFrame({"r": np.concatenate([np.zeros(N), more])}, index=pairs)
            table = vt.associate_changes(result, resources, permutations=999, bootstrap=0, seed=seed, **options)
            hits += table.at[0, "p"] <= 0.05
        rows.append((name, share(hits, runs)))
    return rows


def as_table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Write rows as a Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def page(runs: int) -> str:
    """Run everything and write the page."""
    size, towns = "p < 0.05, %", "share of p < 0.05, %"
    parts = [
        "# Calibration",
        f"Made by `python benchmarks/calibration.py --runs {runs}`: {runs} simulated data sets a row, n = {N} towns in "
        "two districts; shares in per cent, ± two simulation errors. All data are simulated.",
        "## Tests: sides that have nothing to do with each other\n\nRight is 5.",
        as_table(("test", size), sizes(runs)),
        "## 95 % intervals\n\nRight is 95. Normal pairs; 2,000 bootstrap draws. The districts do not differ and the "
        "control has nothing to do with either side: what they cost is paid all the same.",
        as_table(("method, way", "true value", "Fisher's z, %", "bootstrap, %"), coverage(runs)),
        "## Power\n\nBeside the textbook's figure (Fisher's z, variance 1.06 / (n - 3)).",
        as_table(("true Spearman", towns, "textbook, %"), power(runs)),
        "## The ratio trap\n\nMembers per head and funds per head, unrelated numerators. Right is 5. Where numerators "
        "grow in step with the population a ratio is free of it, and there is no trap.",
        as_table(("way", "numerators unrelated to population, %", "numerators grow with it, %"), ratio_trap(runs)),
        "## Organisations in towns\n\nA resource of the 24 towns that means nothing, 480 organisations, town sizes "
        "from 2 to about 50. Right is 5. Where towns do not differ at all the model is a little cautious; a regression "
        "that takes organisations as independent finds far too much. The cluster bootstrap is a check, not a test.",
        as_table(("share between towns", "model, %", "cluster bootstrap, %", "naive regression, %"), multilevel(runs)),
        "## Changes between rounds\n\nScores are half luck and nothing works. Right is 5: resources sent to low "
        "scorers seem to work (regression to the mean) unless the first score is held.",
        as_table(("test", size), changes(runs)),
    ]
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Write docs/calibration.md."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=2000)
    options.add_argument("--output", type=Path, default=PAGE)
    chosen = options.parse_args()
    chosen.output.write_text(page(chosen.runs), encoding="utf-8")


if __name__ == "__main__":
    main()
