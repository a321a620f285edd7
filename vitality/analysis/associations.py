"""From pairs to a table: estimates, two intervals, p, adjusted p, with a reason wherever there is no number."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.analysis.correlation import basis_of, estimate_correlation, fisher_interval, pairs_lost, with_strata
from vitality.analysis.multiplicity import ADJUSTMENTS, adjust_p
from vitality.analysis.notes import joined, note
from vitality.analysis.pair_tests import Codes, PairRow, add_bootstrap, add_p_values
from vitality.analysis.pairing import design_of
from vitality.analysis.permutation import forget_orders
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
    "low_bootstrap", "high_bootstrap", "p_by", "tests", "guard", "left_out", "held", "within", "overall",
    "rounds", "level",
)  # fmt: skip
NUMBERS = ("estimate", "low", "high", "p", "p_adjusted", "low_bootstrap", "high_bootstrap", "overall")
#: Complete pairs below which nothing is computed.
FEWEST = 5


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


def associate_pairs(pairs: list[Pair], strata: pd.Series | None, settings: Settings, *, rounds: str) -> pd.DataFrame:
    """Estimate and test pairs over the same units.

    Parameters
    ----------
    pairs : list of Pair
    strata : Series or None
        Over the units; its name is told with the results.
    settings : Settings
    rounds : str
        The round, or the two whose difference the pairs are.

    Returns
    -------
    DataFrame
        `COLUMNS`, one row a pair; ``attrs`` with the settings and the number of tests.
    """
    rows = [PairRow(pair, _complete(pair, strata)) for pair in pairs]
    if settings.missing == "listwise":
        _listwise(rows)
    for row in rows:
        if row.pair.x is not None:
            _estimate(row, strata, settings)
    _test_and_resample(rows, settings)
    about = {"within": "" if strata is None else str(strata.name), "rounds": rounds, "level": settings.level}
    table = pd.DataFrame([_finished(row, settings) | about for row in rows], columns=list(COLUMNS))
    table = table.astype(dict.fromkeys(NUMBERS, float) | {"n": int, "coupled": bool})
    families = table["node"] if settings.adjust == "holm" else pd.Series("all", index=table.index)
    for _, family in table.groupby(families, sort=False):
        table.loc[family.index, "p_adjusted"] = adjust_p(family["p"], method=settings.adjust)
        table.loc[family.index, "tests"] = int(family["p"].notna().sum())
    table["tests"] = table["tests"].astype(int)
    table.attrs = {
        "level": settings.level,
        "adjust": settings.adjust,
        "family": "node" if settings.adjust == "holm" else "table",
        "missing": settings.missing,
        "permutations": settings.permutations,
        "bootstrap": settings.bootstrap,
        "seed": settings.seed,
        "tests": int(table["p"].notna().sum()),
    }
    table.attrs |= _power(rows, table, settings)
    return table


def _power(rows: list[PairRow], table: pd.DataFrame, settings: Settings) -> dict[Hashable, float]:
    """What the pair with the most evidence can show, in a single test and as the first of its family."""
    tested = np.flatnonzero(table["p"].notna())
    if not len(tested):
        return {"smallest_seen": float("nan"), "smallest_seen_adjusted": float("nan")}
    best = max((int(place) for place in tested), key=lambda place: rows[place].there.sum() - rows[place].held)
    n, held = int(rows[best].there.sum()), rows[best].held
    tests = int(table["tests"].max()) if settings.adjust != "none" else 1

    def least(level: float) -> float:
        return smallest_seen(n, method=settings.method, level=level, n_controls=held)

    return {
        "smallest_seen": least(settings.level),
        "smallest_seen_adjusted": least(1 - (1 - settings.level) / tests),
    }


def _complete(pair: Pair, strata: pd.Series | None) -> npt.NDArray[np.bool_]:
    sides = [side for side in (pair.x, pair.y, pair.numerator) if side is not None]
    there = np.logical_and.reduce([side.notna().to_numpy() for side in sides])
    if not pair.controls.empty:
        there = there & pair.controls.notna().all(axis=1).to_numpy()
    return there if strata is None else there & strata.notna().to_numpy()


def _listwise(rows: list[PairRow]) -> None:
    """Keep the units that are complete in every pair that has any data."""
    used = [row.there for row in rows if row.pair.x is not None and row.there.any()]
    if used:
        everywhere = np.logical_and.reduce(used)
        for row in rows:
            row.there = row.there & everywhere


def _estimate(row: PairRow, strata: pd.Series | None, settings: Settings) -> None:
    """Add the estimate, Fisher's interval, the strata and the design; or the reason why there is none."""
    method, lang = settings.method, settings.lang
    row.codes, problem = _codes(row, strata, lang)
    problem = _problem(row) or problem
    if problem is not None:
        row.problems.insert(0, note(problem, lang, fewest=FEWEST))
        return
    x, y = row.column("x"), row.column("y")
    design = design_of(row.pair.controls[row.there], ranks=method == "spearman")
    row.held = basis_of(with_strata(design, row.codes), len(x)).shape[1] - 1
    if method == "kendall" and row.codes is not None:
        row.held = pairs_lost(np.bincount(row.codes))
    if len(x) - 2 - row.held < 1:
        row.problems.insert(0, note("freedom", lang))
        return
    found = estimate_correlation(x, y, method, design, row.codes)
    if np.isnan(found):
        row.problems.insert(0, note("collinear" if row.codes is None else "nothing_inside", lang))
        return
    row.design = design
    row.values["estimate"] = found
    if row.codes is not None:
        row.values["overall"] = estimate_correlation(x, y, method, design)
    if basis_of(design, len(x)).shape[1] - 1 < design.shape[1]:
        row.problems.append(note("idle", lang))
    if row.pair.guard != "numerators":
        low, high = fisher_interval(found, len(x), method, level=settings.level, n_controls=row.held)
        row.values |= {"low": low, "high": high}
    if abs(found) >= 1:
        row.problems.append(note("perfect", lang))


def _problem(row: PairRow) -> str | None:
    if row.there.sum() < FEWEST:
        return "few"
    for side, problem in (("x", "constant"), ("y", "flat_node")):
        values = row.column(side)
        if np.ptp(values) <= 1e-12 * max(np.abs(values).max(), 1e-300):
            return problem
    return None


def _codes(row: PairRow, strata: pd.Series | None, lang: Lang) -> tuple[Codes | None, str | None]:
    """Strata as numbers from 0, and why nothing can be compared within them; what else is to be said is noted."""
    if strata is None or not row.there.any():
        return None, None
    codes: Codes = np.unique(strata[row.there].astype(str), return_inverse=True)[1]
    row.all_codes = (pd.factorize(strata)[0] + 1).astype(np.intp)  # 0 where there is no stratum
    sizes = np.bincount(codes)
    if sizes.max() < 2:
        return codes, "alone"
    if len(sizes) == 1:
        row.problems.append(note("one_stratum", lang))
        row.all_codes = None
        return None, None
    if single := int((sizes == 1).sum()):
        row.problems.append(note("some_alone", lang, count=single))
    return codes, None


def _test_and_resample(rows: list[PairRow], settings: Settings) -> None:
    """Add p and the bootstrap interval; all pairs over the same units with the same controls together."""
    groups: dict[tuple[bytes, bytes], list[PairRow]] = {}
    for row in rows:
        if row.design is not None:
            groups.setdefault((row.there.tobytes(), row.design.tobytes()), []).append(row)
    work = sum(settings.permutations + settings.bootstrap for _ in groups)
    with progress(work, "置换与自助抽样" if settings.lang == "zh" else "permutations and resamples") as bar:
        for own in groups.values():
            add_p_values(own, settings, bar.update)
            add_bootstrap(own, settings, bar.update)
    forget_orders()


def _finished(row: PairRow, settings: Settings) -> dict[str, Any]:
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
        "held": " ".join(map(str, pair.controls.columns)),
        "note": joined([*row.problems, *pair.notes], settings.lang),
        **row.values,
    }
