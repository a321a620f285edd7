"""The index many times over, once for every row of a design table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.analysis.design import LEFT_OUT, WEIGHT, option_of
from vitality.errors import MethodError, TableError, did_you_mean, some
from vitality.index import IndexResult, Method, leave_out, rebuild
from vitality.index.build import shown
from vitality.index.kernels import Plan, coverage_of_nodes, plan_of, score_root
from vitality.index.means import Rule, rule_of
from vitality.index.pruning import fitting
from vitality.index.ranking import rank_rows
from vitality.index.stages import Stages
from vitality.index.weighting import index_weights
if TYPE_CHECKING:
    from vitality.framework import Framework

__all__ = ["MonteCarlo", "monte_carlo", "replicate"]

Floats = npt.NDArray[np.float64]

#: Scores that one block of replicates holds by default.
BLOCK = 1_000_000
#: Replicates that go through the kernels together: always as many, so that no sum hangs on the size of a block.
TILE, SMALL_TILE = 256, 32


@dataclass(frozen=True, eq=False)
class MonteCarlo:
    """Scores and ranks of every replicate.

    Attributes
    ----------
    scores : DataFrame, shape (n_reps, n_units)
        Index ``replicate``, columns (unit, round); 0 to 100, NaN where a replicate has no score.
    ranks : DataFrame, shape (n_reps, n_units)
        Within each round; 1 is the best, ties share the lowest.
    design : DataFrame, shape (n_reps, n_inputs)
        The table that the replicates were made from.
    result : IndexResult
        The nominal index.
    """

    scores: pd.DataFrame
    ranks: pd.DataFrame
    design: pd.DataFrame
    result: IndexResult

    def __repr__(self) -> str:
        return f"<MonteCarlo of {self.result.framework.name!r}: {len(self.scores)} replicates, {self.scores.shape[1]} units>"

    def _repr_html_(self) -> str:
        from vitality.analysis.intervals import rank_intervals

        return rank_intervals(self).sort_values("nominal").to_html(float_format="{:.1f}".format, na_rep="")


@dataclass(frozen=True)
class Group:
    """Replicates that share all choices but the weights, ready for the kernels."""

    leaves: Floats
    local: Floats
    nodes: npt.NDArray[np.intp]
    plan: Plan
    rule: Rule
    hidden: npt.NDArray[np.bool_]
    rounds: tuple[npt.NDArray[np.intp], ...]

    tile: int

    def scores_and_ranks(self, factors: Floats) -> tuple[Floats, npt.NDArray[np.float32]]:
        """Scores and ranks of replicates with these factors of the weights, shape (n_reps, n_units)."""
        n, tile = len(factors), self.tile
        weights = np.ones((-(-n // tile) * tile, self.plan.n_nodes))
        weights[:n, :-1] = self.local[:-1] * factors[:, self.nodes[:-1]]
        scores = np.empty((n, self.leaves.shape[1]))
        for start in range(0, n, tile):
            found = score_root(self.leaves, weights[start : start + tile], self.plan, self.rule)
            scores[start : start + tile] = found[: n - start]
        scores[:, self.hidden] = np.nan
        if len(self.rounds) == 1:
            return scores, rank_rows(scores)
        ranks = np.empty(scores.shape, dtype=np.float32)
        for rows in self.rounds:
            ranks[:, rows] = rank_rows(scores[:, rows])
        return scores, ranks


def monte_carlo(
    result: IndexResult,
    design: pd.DataFrame,
    *,
    workers: int = 1,
    chunk: int | None = None,
    scheduler: str | None = None,
    progress: bool | None = None,
) -> MonteCarlo:
    """Build the index anew for every row of a design.

    Parameters
    ----------
    result : IndexResult
        The nominal index; its matrix is the one that all replicates start from.
    design : DataFrame, shape (n_reps, n_inputs)
        From `sample_inputs`, or made by hand: columns ``weight.<node>`` (a factor, 1 where there is none),
        options of `Method`, ``left_out``.
    workers : int
        Threads; with a scheduler its own workers are used.
    chunk : int, optional
        Replicates that are worked on together, rounded up to a multiple of 256; the results do not depend
        on it.
    scheduler : str, optional
        Address of a Dask scheduler (``tcp://...``) whose workers run the blocks; they need `vitality`.
    progress : bool, optional
        Whether to show a progress bar; by default on a terminal.

    Returns
    -------
    MonteCarlo

    Raises
    ------
    TableError
        If a column of the design is unknown, or a factor is negative or not a number.
    MethodError
        If a row holds a choice that does not exist or contradicts another one.

    Notes
    -----
    Steps before the weights are made once for every combination of choices that occurs. Any row, rebuilt
    alone by `replicate`, has the same scores.

    Examples
    --------
    >>> from vitality.analysis.design import sample_inputs
    >>> from vitality.framework import framework_from_table
    >>> from vitality.index import build_index
    >>> tree = framework_from_table(pd.DataFrame({
    ...     "code": ["V", "a", "b"], "parent": ["", "V", "V"], "worst": [None, 0, 0], "best": [None, 10, 10]}))
    >>> result = build_index(pd.DataFrame({"a": [8.0, 1.0], "b": [4.0, 9.0]}, index=["u", "v"]), tree)
    >>> mc = monte_carlo(result, sample_inputs(result, 1000, seed=1))
    >>> mc.scores.shape, mc.ranks["u"].mean().iloc[0] < 1.5
    ((1000, 2), True)
    """
    factors = _factors(design, result.framework)
    n_units = len(result.scores)
    if workers < 1 or (chunk is not None and chunk < 1):
        raise MethodError(f"chunk={chunk!r}, workers={workers!r}; expected 1 or more.")
    width = -(-(chunk or max(BLOCK // max(n_units, 1), 1)) // TILE) * TILE
    scores = np.empty((len(design), n_units))
    ranks = np.empty((len(design), n_units), dtype=np.float32)
    blocks = _blocks(result, design, width)
    for rows, (found, places) in _run(blocks, factors, workers=workers, scheduler=scheduler, bar=(progress, len(design))):
        scores[rows], ranks[rows] = found, places
    index = pd.RangeIndex(len(design), name="replicate")
    columns = result.scores.index
    whole = ranks.astype(np.int32) if not np.isnan(ranks).any() else ranks
    return MonteCarlo(
        pd.DataFrame(scores, index=index, columns=columns, copy=False),
        pd.DataFrame(whole, index=index, columns=columns, copy=False),
        design,
        result,
    )


def replicate(result: IndexResult, design: pd.DataFrame, number: int) -> IndexResult:
    """Build the index of one row of a design, with every step.

    Parameters
    ----------
    result : IndexResult
    design : DataFrame
    number : int
        Row, from 0.

    Raises
    ------
    TableError, MethodError
        As in `monte_carlo`; if there is no such row.
    """
    if not 0 <= number < len(design):
        raise TableError(f"design: no row {number!r}; it has {len(design)}, from 0.")
    factors = pd.Series(_factors(design.iloc[[number]], result.framework)[0], index=result.framework.nodes[:-1])
    chosen = _combinations(design.iloc[[number]])[1][0]
    left_out = str(chosen.pop(LEFT_OUT, "") or "")
    method = result.method.replace(**chosen)
    framework = leave_out(result.framework, [left_out]) if left_out else result.framework
    method = fitting(method, framework)
    base = rebuild(result, framework=framework, **dict(method))
    local = base.weights["local"]
    noisy = local.mul(factors.reindex(local.index).fillna(1.0))
    return rebuild(base, framework=reweighed(framework, noisy), weighting="framework")


def reweighed(framework: Framework, local: pd.Series) -> Framework:
    """Give the framework other local weights; they may be 0 as long as no siblings all are."""

    def with_weight(node: Any) -> Any:
        children = getattr(node, "children", None)
        update: dict[str, Any] = {"weight": float(local[node.code])}
        if children is not None:
            update["children"] = tuple(with_weight(child) for child in children)
        return node.model_copy(update=update)

    return framework._copy(tree=with_weight(framework.tree))


def _factors(design: pd.DataFrame, framework: Framework) -> Floats:
    nodes = framework.nodes[:-1]
    known = {*(WEIGHT + code for code in nodes), *Method.model_fields, LEFT_OUT}
    unknown = [str(name) for name in design.columns if name not in known]
    if unknown or not len(design):
        raise TableError(
            f"design: {f'unknown column {some(unknown)}' if unknown else 'no rows'}."
            f"{did_you_mean(unknown[0], known) if unknown else ''} Expected one row a replicate, with columns "
            "'weight.<node>', options of Method and 'left_out', as sample_inputs gives."
        )
    factors = np.ones((len(design), len(nodes)))
    for place, code in enumerate(nodes):
        if WEIGHT + code in design.columns:
            factors[:, place] = design[WEIGHT + code].to_numpy(dtype=float)
    if not (factors >= 0).all() or np.isinf(factors).any():
        raise TableError("design: a factor of a weight is negative or not a number; expected numbers of 0 or more.")
    return factors


def _blocks(result: IndexResult, design: pd.DataFrame, width: int) -> Iterator[tuple[npt.NDArray[np.intp], Group]]:
    """Rows that share their choices, at most `width` together, with what they need."""
    stages = Stages(result.denominated, result.framework, result.units)
    numbers, combinations = _combinations(design)
    for number, chosen in enumerate(combinations):
        rows = np.flatnonzero(numbers == number)
        group = _group(stages, result.method, chosen, n=len(rows))
        for start in range(0, len(rows), width):
            yield rows[start : start + width], group


def _combinations(design: pd.DataFrame) -> tuple[npt.NDArray[np.intp], list[dict[str, Any]]]:
    """Which combination of choices each row has, and the combinations, in the order in which they come."""
    options = [str(name) for name in design.columns if not str(name).startswith(WEIGHT)]
    if not options:
        return np.zeros(len(design), dtype=np.intp), [{}]
    cells = design[options].astype(object).where(design[options].notna(), None)
    number_of: dict[tuple[Any, ...], int] = {}
    rows = cells.itertuples(index=False, name=None)
    numbers = np.array([number_of.setdefault(row, len(number_of)) for row in rows], dtype=np.intp)
    return numbers, [{name: option_of(name, cell) for name, cell in zip(options, row)} for row in number_of]


def _group(stages: Stages, nominal: Method, chosen: dict[str, Any], *, n: int) -> Group:
    left_out = str(chosen.pop(LEFT_OUT, "") or "")
    method = nominal.replace(**chosen)
    framework, normalised = stages.framework, stages.scaled(method).normalised
    place = {code: number for number, code in enumerate(framework.nodes)}
    smaller = leave_out(framework, [left_out]) if left_out else framework
    method = fitting(method, smaller)
    plan = plan_of(smaller, method.aggregation)
    if left_out:
        normalised = normalised[list(smaller.leaves)]
    weights, _ = index_weights(method.weighting, normalised, smaller)
    seen = stages.matrix[list(smaller.leaves)].notna().to_numpy()
    observed = coverage_of_nodes(normalised.notna().to_numpy(), plan)[:, -1]
    keep = shown(stages.only(smaller), method, coverage_of_nodes(seen, plan))[:, -1]
    keep &= observed >= method.minimum_coverage - 1e-12
    return Group(
        leaves=np.ascontiguousarray(normalised.to_numpy(dtype=float).T),
        local=weights["local"].to_numpy(dtype=float),
        nodes=np.array([place[code] for code in smaller.nodes]),
        plan=plan,
        rule=rule_of(method, stages.rows_of_rounds if method.reference == "each" else None),
        hidden=~keep,
        rounds=stages.rows_of_rounds,
        tile=_tile(plan, n),
    )


def _tile(plan: Plan, n: int) -> int:
    """Replicates at a time; one where a replicate is a loop over pairs anyway."""
    if any(step.mean in ("copeland", "benefit_of_the_doubt") for step in plan.steps):
        return 1
    return TILE if n >= TILE else SMALL_TILE


Found = tuple[npt.NDArray[np.intp], tuple[Floats, npt.NDArray[np.float32]]]


def _run(
    blocks: Iterator[tuple[npt.NDArray[np.intp], Group]],
    factors: Floats,
    *,
    workers: int,
    scheduler: str | None,
    bar: tuple[bool | None, int],
) -> Iterator[Found]:
    from tqdm import tqdm

    progress, total = bar
    with tqdm(total=total, unit="rep", leave=False, disable=None if progress is None else not progress) as shown_bar:
        for found in _dealt(blocks, factors, workers, scheduler):
            shown_bar.update(len(found[0]))
            yield found


def _dealt(
    blocks: Iterator[tuple[npt.NDArray[np.intp], Group]], factors: Floats, workers: int, scheduler: str | None
) -> Iterator[Found]:
    if scheduler is not None:
        yield from _on_cluster(blocks, factors, scheduler)
    elif workers == 1:
        for rows, group in blocks:
            yield rows, group.scores_and_ranks(factors[rows])
    else:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(workers) as pool:
            waiting = [(rows, pool.submit(group.scores_and_ranks, factors[rows])) for rows, group in blocks]
            for rows, future in waiting:
                yield rows, future.result()


def _on_cluster(
    blocks: Iterator[tuple[npt.NDArray[np.intp], Group]], factors: Floats, scheduler: str
) -> Iterator[Found]:
    try:
        from distributed import Client
    except ImportError:
        raise MethodError(
            "scheduler= needs the package 'distributed', which is not installed. Install vitality[cluster]."
        ) from None
    try:
        client = Client(scheduler, timeout="10s")
    except (OSError, ValueError) as error:
        raise MethodError(
            f"scheduler={scheduler!r} does not answer ({error}); expected the address of a Dask scheduler, such as "
            "'tcp://127.0.0.1:8786'."
        ) from None
    with client:
        waiting = [(rows, client.submit(group.scores_and_ranks, factors[rows], pure=False)) for rows, group in blocks]
        for rows, future in waiting:
            yield rows, future.result()
