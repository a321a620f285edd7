"""Measure the resource chapter: associations with permutations and bootstrap, and the multilevel model.

``python benchmarks/resources.py`` prints a table for docs/benchmarks.md. The peers do one pair at a time; their time
for one pair is multiplied by the number of pairs.
"""

from __future__ import annotations

import statistics
import time
import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy import stats

import vitality as vt

RESOURCES, PERMUTATIONS, DRAWS = 14, 9999, 2000


def seconds(work: Callable[[], object], times: int) -> float:
    """Median wall time after one call that is not counted."""
    work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def world(units: int) -> tuple[vt.IndexResult, pd.DataFrame, pd.DataFrame]:
    """An index of the bundled framework (7 nodes) for simulated units, its 14 resources and their district."""
    framework = vt.read_framework("redcross")
    rng = np.random.default_rng(1)
    scale = framework.scale()
    names = [f"U{number:04d}" for number in range(units)]
    matrix = pd.DataFrame(
        {code: rng.uniform(*sorted(scale.loc[code]), units) for code in framework.leaves}, index=names
    )
    districts = pd.DataFrame({"district": np.where(np.arange(units) % 2, "east", "west")}, index=names)
    codes = [item.code for item in framework.resources]
    resources = pd.DataFrame(rng.gamma(2, 1, (units, RESOURCES)).round(1), index=names, columns=codes)
    return vt.build_index(matrix, framework, units=districts), resources, districts


def chapter(units: int, *, gaps: float = 0.0, **options: object) -> Callable[[], object]:
    """The whole chapter: every resource with seven nodes, a share of the resources missing."""
    result, resources, _ = world(units)
    resources = resources.mask(np.random.default_rng(4).uniform(size=resources.shape) < gaps)
    return lambda: vt.correlate_resources(
        result,
        resources,
        permutations=PERMUTATIONS,
        bootstrap=DRAWS,
        seed=1,
        **({"guard": "leave_block_out"} | options),
    )


def peer_permutation(units: int) -> float:
    """scipy's permutation_test of one pair (999 permutations, times ten)."""
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(2, units))

    def statistic(a: np.ndarray) -> float:
        return float(stats.spearmanr(a, y).statistic)

    return 10 * seconds(
        lambda: stats.permutation_test((x,), statistic, permutation_type="pairings", n_resamples=999, rng=1), 1
    )


def peer_bootstrap(units: int) -> float:
    """scipy's bootstrap (BCa) of one pair (200 draws, times ten)."""
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(2, units))
    work = lambda: stats.bootstrap(  # noqa: E731
        (x, y), lambda a, b: stats.spearmanr(a, b).statistic, paired=True, vectorized=False, n_resamples=200, rng=1
    )
    return 10 * seconds(work, 1)


def multilevel() -> tuple[float, float]:
    """480 organisations in 24 towns: two fits, tests and 2,000 draws; and one fit of MixedLM alone."""
    from statsmodels.regression.mixed_linear_model import MixedLM

    rng = np.random.default_rng(2)
    codes = np.repeat(np.arange(24), 20)
    town = pd.Series([f"T{code:02d}" for code in codes])
    staff = pd.DataFrame({"staff": rng.normal(size=24)}, index=sorted(set(town)))
    outcome = pd.Series(rng.normal(size=24)[codes] + rng.normal(size=480))
    design = np.column_stack([np.ones(480), staff["staff"].to_numpy()[codes]])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = seconds(lambda: MixedLM(outcome.to_numpy(), design, groups=codes).fit(reml=True, method="powell"), 5)
    return seconds(lambda: vt.associate_multilevel(outcome, staff, group=town), 11), peer


def main() -> None:
    """Print the table."""
    print("| what | seconds | peer, seconds | times as fast |\n|---|---|---|---|")
    pairs = RESOURCES * 7
    peers = {24: pairs * (peer_permutation(24) + peer_bootstrap(24))}
    for units, times in ((24, 5), (3000, 3)):
        rows: dict[str, dict[str, object]] = {
            "": {},
            ", within districts": {"within": "district"},
            ", one in twenty missing": {"gaps": 0.05},
        }
        if units == 24:
            rows |= {", Pearson": {"method": "pearson"}, ", Kendall": {"method": "kendall"}}
        for name, options in rows.items():
            own = seconds(chapter(units, **options), times)
            peer = peers.get(units) if not name else None
            beside = f"{peer:.1f} (scipy) | {peer / own:.0f}" if peer else "|"
            print(f"| {units:,} units, 14 x 7, 9,999 permutations, 2,000 draws{name} | {own:.2f} | {beside} |")
    own, peer = multilevel()
    beside = f"{peer:.4f} (statsmodels, one fit) | {peer / own:.1f}"
    print(f"| associate_multilevel, 480 in 24, 2,000 cluster draws | {own:.4f} | {beside} |")


if __name__ == "__main__":
    main()
