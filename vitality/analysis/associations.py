"""From pairs to a table: estimates, two intervals, p, adjusted p, with a reason wherever there is no number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.analysis.bootstrap import bootstrap_intervals
from vitality.analysis.correlation import basis_of, estimate_correlation, fisher_interval
from vitality.analysis.multiplicity import ADJUSTMENTS, adjust_p
from vitality.analysis.notes import joined, note
from vitality.analysis.pairing import design_of
from vitality.analysis.permutation import (
    KENDALL_LARGEST,
    is_enumerated,
    kendall_exact_p,
    kendall_normal_p,
    numerator_test,
    permutation_p,
)
from vitality.analysis.power import smallest_seen
from vitality.analysis.refusals import bad_draws, bad_level
from vitality.errors import MethodError
from vitality.survey.patience import progress
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.analysis.guard import Pair
    from vitality.framework import Lang

__all__ = ["COLUMNS", "FEWEST", "METHODS", "Settings", "associate_pairs"]

METHODS = ("spearman", "pearson", "kendall")
MISSING = ("pairwise", "listwise")
COLUMNS = (
    "resource", "node", "n", "estimate", "low", "high", "p", "p_adjusted", "method", "coupled", "note",
    "low_bootstrap", "high_bootstrap", "p_by", "tests", "guard", "left_out",
)  # fmt: skip
NUMBERS = ("estimate", "low", "high", "p", "p_adjusted", "low_bootstrap", "high_bootstrap")
#: Complete pairs below which nothing is computed.
FEWEST = 5

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Settings:
    """How pairs are estimated and tested; checked when it is made.

    Attributes
    ----------
    method, adjust, missing : str
    level : float
    permutations, bootstrap : int
        0 bootstrap draws give no bootstrap interval.
    seed : int
    lang : {"zh", "en"}
    """

    method: str
    adjust: str
    missing: str
    level: float
    permutations: int
    bootstrap: int
    seed: int
    lang: Lang

    def __post_init__(self) -> None:
        choose("method", self.method, METHODS)
        choose("adjust", self.adjust, ADJUSTMENTS)
        choose("missing", self.missing, MISSING)
        choose("lang", self.lang, ("zh", "en"))
        if not isinstance(self.level, float | int) or not 0 < self.level < 1:
            raise bad_level(self.level)
        if not _whole(self.permutations) or self.permutations < 1:
            raise MethodError(
                f"permutations={self.permutations!r}; expected at least 1, such as 9999.",
                zh=f"permutations={self.permutations!r}；应为不小于 1 的整数，如 9999。",
            )
        if not _whole(self.bootstrap) or self.bootstrap < 0:
            raise bad_draws(self.bootstrap)
        if not _whole(self.seed) or self.seed < 0:
            raise MethodError(
                f"seed={self.seed!r}; expected a whole number, such as 2024.",
                zh=f"seed={self.seed!r}；应为不小于 0 的整数，如 2024。",
            )


def _whole(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


@dataclass
class _Row:
    """A pair on its way to a row of the table."""

    pair: Pair
    there: npt.NDArray[np.bool_]
    design: Floats | None = None
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def column(self, side: str) -> Floats:
        found: Floats = getattr(self.pair, side).to_numpy(dtype=float)[self.there]
        # a power of two, so that squares of very large or small numbers stay within reach and nothing is rounded
        return np.ldexp(found, -int(np.frexp(np.abs(found).max(initial=0.0))[1]))


def associate_pairs(pairs: list[Pair], strata: pd.Series | None, settings: Settings) -> pd.DataFrame:
    """Estimate and test pairs over the same units.

    Parameters
    ----------
    pairs : list of Pair
    strata : Series or None
        Over the units.
    settings : Settings

    Returns
    -------
    DataFrame
        `COLUMNS`, one row a pair; ``attrs`` with the settings and the number of tests.
    """
    rows = [_Row(pair, _complete(pair, strata)) for pair in pairs]
    if settings.missing == "listwise":
        _listwise(rows)
    for row in rows:
        if row.pair.x is not None:
            _estimate(row, strata, settings)
    _test_and_resample(rows, strata, settings)
    table = pd.DataFrame([_finished(row, settings) for row in rows], columns=list(COLUMNS))
    table = table.astype(dict.fromkeys(NUMBERS, float) | {"n": int, "coupled": bool})
    families = table["node"] if settings.adjust == "holm" else pd.Series("all", index=table.index)
    for _, family in table.groupby(families, sort=False):
        table.loc[family.index, "p_adjusted"] = adjust_p(family["p"], method=settings.adjust)
        table.loc[family.index, "tests"] = int(family["p"].notna().sum())
    table["tests"] = table["tests"].astype(int)
    n = int(table.loc[table["p"].notna(), "n"].max()) if table["p"].notna().any() else 0
    table.attrs = {
        "level": settings.level,
        "adjust": settings.adjust,
        "family": "node" if settings.adjust == "holm" else "table",
        "missing": settings.missing,
        "permutations": settings.permutations,
        "bootstrap": settings.bootstrap,
        "seed": settings.seed,
        "tests": int(table["p"].notna().sum()),
        "smallest_seen": smallest_seen(n, method=settings.method),
    }
    return table


def _complete(pair: Pair, strata: pd.Series | None) -> npt.NDArray[np.bool_]:
    sides = [side for side in (pair.x, pair.y, pair.numerator) if side is not None]
    there = np.logical_and.reduce([side.notna().to_numpy() for side in sides])
    if not pair.controls.empty:
        there = there & pair.controls.notna().all(axis=1).to_numpy()
    return there if strata is None else there & strata.notna().to_numpy()


def _listwise(rows: list[_Row]) -> None:
    """Keep the units that are complete in every pair that has any data."""
    used = [row.there for row in rows if row.pair.x is not None and row.there.any()]
    if used:
        everywhere = np.logical_and.reduce(used)
        for row in rows:
            row.there = row.there & everywhere


def _estimate(row: _Row, strata: pd.Series | None, settings: Settings) -> None:
    """Add the estimate, Fisher's interval and the design; or the reason why there is none."""
    method, lang = settings.method, settings.lang
    problem = _problem(row, strata, settings)
    if problem is not None:
        row.problems.insert(0, note(problem, lang, fewest=FEWEST))
        return
    x, y = row.column("x"), row.column("y")
    design = design_of(row.pair.controls[row.there], ranks=method == "spearman")
    held = basis_of(design, len(x)).shape[1] - 1
    if len(x) - 2 - held < 1:
        row.problems.insert(0, note("freedom", lang))
        return
    found = estimate_correlation(x, y, method, design)
    if np.isnan(found):
        row.problems.insert(0, note("collinear", lang))
        return
    row.design = design
    row.values["estimate"] = found
    if row.pair.guard != "numerators":
        low, high = fisher_interval(found, len(x), method, level=settings.level, n_controls=held)
        row.values |= {"low": low, "high": high}
    if abs(found) >= 1:
        row.problems.append(note("perfect", lang))


def _problem(row: _Row, strata: pd.Series | None, settings: Settings) -> str | None:
    if row.there.sum() < FEWEST:
        return "few"
    for side, problem in (("x", "constant"), ("y", "flat_node")):
        values = row.column(side)
        if np.ptp(values) <= 1e-12 * max(np.abs(values).max(), 1e-300):
            return problem
    return None


def _test_and_resample(rows: list[_Row], strata: pd.Series | None, settings: Settings) -> None:
    """Add p and the bootstrap interval; all pairs over the same units with the same controls together."""
    groups: dict[tuple[bytes, bytes], list[_Row]] = {}
    for row in rows:
        if row.design is not None:
            groups.setdefault((row.there.tobytes(), row.design.tobytes()), []).append(row)
    work = sum(settings.permutations + settings.bootstrap for _ in groups)
    with progress(work, "置换与自助抽样" if settings.lang == "zh" else "permutations and resamples") as bar:
        for own in groups.values():
            codes, alone = _codes(strata, own[0].there, settings.lang)
            for row in own:
                row.problems += alone
            if codes is not None and np.bincount(codes).max() < 2:
                continue
            _p_values(own, codes, settings, bar.update)
            _bootstrap(own, codes, settings, bar.update)


def _codes(
    strata: pd.Series | None, there: npt.NDArray[np.bool_], lang: Lang
) -> tuple[npt.NDArray[np.intp] | None, list[str]]:
    """Strata as numbers from 0, and what has to be said of them."""
    if strata is None:
        return None, []
    codes: npt.NDArray[np.intp] = np.unique(strata[there].astype(str), return_inverse=True)[1]
    sizes = np.bincount(codes)
    if sizes.max() < 2:
        return codes, [note("alone", lang)]
    if len(sizes) == 1:
        return codes, [note("one_stratum", lang)]
    single = int((sizes == 1).sum())
    return codes, [note("some_alone", lang, count=single)] if single else []


@dataclass(frozen=True)
class _Columns:
    """The different sides of some pairs as matrices, and which pairs are wanted."""

    x: Floats
    y: Floats
    wanted: npt.NDArray[np.bool_]
    places: list[tuple[int, int]]


def _columns(own: list[_Row]) -> _Columns:
    left: dict[bytes, int] = {}
    right: dict[bytes, int] = {}
    xs: list[Floats] = []
    ys: list[Floats] = []
    places = []
    for row in own:
        x, y = row.column("x"), row.column("y")
        place = left.setdefault(x.tobytes(), len(left)), right.setdefault(y.tobytes(), len(right))
        xs += [x] * (len(left) - len(xs))
        ys += [y] * (len(right) - len(ys))
        places.append(place)
    wanted = np.zeros((len(left), len(right)), dtype=bool)
    wanted[tuple(zip(*places))] = True
    return _Columns(np.column_stack(xs), np.column_stack(ys), wanted, places)


def _p_values(
    own: list[_Row], codes: npt.NDArray[np.intp] | None, settings: Settings, advance: Callable[[int], object]
) -> None:
    ordinary = [row for row in own if row.pair.guard != "numerators"]
    for row in own:
        if row.pair.guard == "numerators":
            _numerators(row, codes, settings)
    method, n = settings.method, int(own[0].there.sum())
    if method == "kendall":
        ordinary = [row for row in ordinary if not _kendall_formula(row, codes, n)]
    if not ordinary:
        return
    columns = _columns(ordinary)
    design = ordinary[0].design
    p = permutation_p(
        columns.x,
        columns.y,
        method=method,
        permutations=settings.permutations,
        seed=settings.seed,
        controls=design if design is not None and design.shape[1] else None,
        strata=codes,
        wanted=columns.wanted,
        advance=advance,
    )
    by = "exact" if is_enumerated(n, codes) else "permutation"
    for row, place in zip(ordinary, columns.places):
        row.values |= {"p": p[place], "p_by": by}


def _kendall_formula(row: _Row, codes: npt.NDArray[np.intp] | None, n: int) -> bool:
    """Give Kendall's p by its counted distribution or, for very many units, the normal one."""
    x, y = row.column("x"), row.column("y")
    if n > KENDALL_LARGEST:
        row.values |= {"p": kendall_normal_p(x, y, codes), "p_by": "normal"}
    elif codes is None and not np.isnan(p := kendall_exact_p(x, y)):
        row.values |= {"p": p, "p_by": "exact"}
    return "p" in row.values


def _numerators(row: _Row, codes: npt.NDArray[np.intp] | None, settings: Settings) -> None:
    above, below = row.column("numerator"), row.column("denominator")
    found = numerator_test(
        above,
        below,
        row.column("y"),
        method=settings.method,
        permutations=settings.permutations,
        seed=settings.seed,
        level=settings.level,
        strata=codes,
    )
    row.values |= {"p": found.p, "p_by": "numerators"}
    lang = settings.lang
    name = "分母" if lang == "zh" else "denominator"
    row.problems.append(note("numerators", lang, name=name, expected=found.expected, low=found.low, high=found.high))
    growing = estimate_correlation(above, below, "spearman") if (above <= 0).any() else 0.0
    if fisher_interval(growing, len(above), "spearman")[0] > 0:
        row.problems.append(note("growing", lang))


def _bootstrap(
    own: list[_Row], codes: npt.NDArray[np.intp] | None, settings: Settings, advance: Callable[[int], object]
) -> None:
    ordinary = [row for row in own if row.pair.guard != "numerators"]
    if not settings.bootstrap or not ordinary:
        return
    columns = _columns(ordinary)
    low, high = bootstrap_intervals(
        columns.x,
        columns.y,
        method=settings.method,
        draws=settings.bootstrap,
        seed=settings.seed,
        level=settings.level,
        controls=ordinary[0].design,
        strata=codes,
        wanted=columns.wanted,
        advance=advance,
    )
    for row, place in zip(ordinary, columns.places):
        row.values |= {"low_bootstrap": low[place], "high_bootstrap": high[place]}
        if np.isnan(low[place]) and abs(row.values["estimate"]) < 1:
            row.problems.append(note("unstable", settings.lang))


def _finished(row: _Row, settings: Settings) -> dict[str, Any]:
    pair = row.pair
    method = settings.method if pair.controls.empty else f"partial_{settings.method}"
    return dict.fromkeys(NUMBERS, np.nan) | {
        "resource": pair.resource,
        "node": pair.node,
        "n": int(row.there.sum()),
        "method": method,
        "coupled": pair.coupled,
        "p_by": "",
        "tests": 0,
        "guard": pair.guard,
        "left_out": " ".join(pair.left_out),
        "note": joined([*row.problems, *pair.notes], settings.lang),
        **row.values,
    }
