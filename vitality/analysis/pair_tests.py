"""Tests and bootstrap intervals of many pairs over the same units at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from vitality.analysis.bootstrap import bootstrap_intervals
from vitality.analysis.correlation import estimate_correlation, fisher_interval
from vitality.analysis.notes import note
from vitality.analysis.numerators import numerator_test
from vitality.analysis.permutation import (
    KENDALL_LARGEST,
    Among,
    is_enumerated,
    kendall_exact_p,
    kendall_normal_p,
    permutation_p,
)

if TYPE_CHECKING:
    from vitality.analysis.associations import Settings
    from vitality.analysis.guard import Pair

__all__ = ["PairRow", "add_bootstrap", "add_p_values"]

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]


@dataclass
class PairRow:
    """A pair on its way to a row of the table.

    Attributes
    ----------
    pair : Pair
    there : array of bool
        Units that are complete in it.
    codes, all_codes : array of int from 0, or None
        Their strata, and those of all units.
    design : array, shape (n, k), or None
        Their controls; None until there is an estimate.
    held : float
        Units' worth of evidence that controls and strata cost.
    values, problems
        Numbers and notes of the row.
    """

    pair: Pair
    there: npt.NDArray[np.bool_]
    codes: Codes | None = None
    all_codes: Codes | None = None
    design: Floats | None = None
    held: float = 0
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def column(self, side: str) -> Floats:
        """One side over the units that are complete."""
        found: Floats = getattr(self.pair, side).to_numpy(dtype=float)[self.there]
        # a power of two, so that squares of very large or small numbers stay within reach and nothing is rounded
        return np.ldexp(found, -int(np.frexp(np.abs(found).max(initial=0.0))[1]))


@dataclass(frozen=True)
class _Columns:
    """The different sides of some pairs as matrices, and which pairs are wanted."""

    x: Floats
    y: Floats
    wanted: npt.NDArray[np.bool_]
    places: list[tuple[int, int]]


def _columns(own: list[PairRow]) -> _Columns:
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


def columns_of(design: Floats | None) -> int:
    """Number of control columns."""
    return 0 if design is None else design.shape[1]


def add_p_values(own: list[PairRow], settings: Settings, advance: Callable[[int], object]) -> None:
    """Add p to pairs over the same units with the same controls; `advance` is told how many orders are done."""
    codes = own[0].codes
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
        controls=design if columns_of(design) else None,
        strata=codes,
        wanted=columns.wanted,
        among=Among(own[0].there, own[0].all_codes),
        advance=advance,
    )
    by = "exact" if is_enumerated(n, codes) and not columns_of(design) else "permutation"
    for row, place in zip(ordinary, columns.places):
        row.values |= {"p": p[place], "p_by": by}


def _kendall_formula(row: PairRow, codes: Codes | None, n: int) -> bool:
    """Give Kendall's p by its counted distribution or, for very many units, the normal one."""
    x, y = row.column("x"), row.column("y")
    if n > KENDALL_LARGEST:
        row.values |= {"p": kendall_normal_p(x, y, codes), "p_by": "normal"}
    elif codes is None and not np.isnan(p := kendall_exact_p(x, y)):
        row.values |= {"p": p, "p_by": "exact"}
    return "p" in row.values


def _numerators(row: PairRow, codes: Codes | None, settings: Settings) -> None:
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


def add_bootstrap(own: list[PairRow], settings: Settings, advance: Callable[[int], object]) -> None:
    """Add bootstrap intervals to pairs over the same units with the same controls."""
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
        strata=own[0].codes,
        wanted=columns.wanted,
        advance=advance,
    )
    for row, place in zip(ordinary, columns.places):
        row.values |= {"low_bootstrap": low[place], "high_bootstrap": high[place]}
        if np.isnan(low[place]) and abs(row.values["estimate"]) < 1:
            row.problems.append(note("unstable", settings.lang))
