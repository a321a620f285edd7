"""The index many times over, once for every row of a design table."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.analysis.design import LEFT_OUT, WEIGHT
from vitality.analysis.replicates import TILE, Block, blocks_of, combinations_of
from vitality.errors import MethodError, TableError, did_you_mean, some, some_zh
from vitality.index import IndexResult, Method, leave_out, rebuild
from vitality.index.inputs import require_result
from vitality.index.pruning import fitting
from vitality.survey.patience import progress as show_progress

if TYPE_CHECKING:
    from vitality.framework import Framework

__all__ = ["MonteCarlo", "monte_carlo", "replicate"]

Floats = npt.NDArray[np.float64]

#: Scores that one block of replicates holds by default.
BLOCK = 1_000_000


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
        n, units = self.scores.shape
        return f"<MonteCarlo of {self.result.framework.name!r}: {n} replicates, {units} units>"

    def _repr_html_(self) -> str:
        from vitality.analysis.intervals import rank_intervals

        framework = self.result.framework
        notice = "<br>".join(html.escape(text) for text in (framework.notice_zh, framework.notice_en) if text)
        table = rank_intervals(self).sort_values("nominal").to_html(float_format="{:.1f}".format, na_rep="")
        return f"<p><em>{notice}</em></p>{table}"


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
    >>> mc.scores.shape, mc.ranks["u"].value_counts().index.tolist()
    ((1000, 2), [1, 2])
    """
    require_result(result)
    factors = _factors(design, result.framework)
    n_units = len(result.scores)
    if workers < 1 or (chunk is not None and chunk < 1):
        raise MethodError(
            f"chunk={chunk!r}, workers={workers!r}; expected 1 or more.",
            zh=f"chunk={chunk!r}，workers={workers!r}；均应不小于 1。",
        )
    width = -(-(chunk or max(BLOCK // max(n_units, 1), 1)) // TILE) * TILE
    scores = np.empty((len(design), n_units))
    ranks = np.empty((len(design), n_units), dtype=np.float32)
    blocks = blocks_of(result, design, width)
    for rows, (found, places) in _run(
        blocks, factors, workers=workers, scheduler=scheduler, bar=(progress, len(design))
    ):
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
    TableError, MethodError, FrameworkError
        As in `monte_carlo`; if there is no such row, or its factors leave a set of siblings without weight.
    """
    if not 0 <= number < len(design):
        raise TableError(
            f"design: no row {number!r}; it has {len(design)}, from 0.",
            zh=f"设计表：没有编号为 {number!r} 的行；共{len(design)}行，编号从 0 开始。",
        )
    factors = pd.Series(_factors(design.iloc[[number]], result.framework)[0], index=result.framework.nodes[:-1])
    chosen = combinations_of(design.iloc[[number]])[1][0]
    left_out = str(chosen.pop(LEFT_OUT, "") or "")
    method = result.method.replace(**chosen)
    framework = leave_out(result.framework, [left_out]) if left_out else result.framework
    method = fitting(method, framework)
    base = rebuild(result, framework=framework, **dict(method))
    local = base.weights["local"]
    noisy = local.mul(factors.reindex(local.index).fillna(1.0))
    return rebuild(base, framework=framework.with_weights(noisy), weighting="framework")


def _factors(design: pd.DataFrame, framework: Framework) -> Floats:
    nodes = framework.nodes[:-1]
    if not isinstance(design, pd.DataFrame) or design.columns.has_duplicates:
        kind, doubled = type(design).__name__, isinstance(design, pd.DataFrame)
        raise TableError(
            f"design: found {'a doubled column' if doubled else kind}; expected a table such as sample_inputs gives, "
            "each column once.",
            zh=f"设计表：{'有重复的列' if doubled else f'给出的是 {kind}'}；应为 sample_inputs 所给的表，每列一次。",
        )
    known = {*(WEIGHT + code for code in nodes), *Method.model_fields, LEFT_OUT}
    unknown = [str(name) for name in design.columns if name not in known]
    if unknown or not len(design):
        raise TableError(
            f"design: {f'unknown column {some(unknown)}' if unknown else 'no rows'}."
            f"{did_you_mean(unknown[0], known) if unknown else ''} Expected one row a replicate, with columns "
            "'weight.<node>', options of Method and 'left_out', as sample_inputs gives.",
            zh=f"设计表：{f'未知的列 {some_zh(unknown)}' if unknown else '没有行'}。每次重复应占一行，"
            "列为 weight.<节点>、Method 的选项和 left_out，见 sample_inputs。",
        )
    factors = np.ones((len(design), len(nodes)))
    for place, code in enumerate(nodes):
        if WEIGHT + code in design.columns:
            factors[:, place] = pd.to_numeric(design[WEIGHT + code], errors="coerce").to_numpy(dtype=float)
    if not (factors >= 0).all() or np.isinf(factors).any():
        raise TableError(
            "design: a factor of a weight is negative or not a number; expected numbers of 0 or more.",
            zh="设计表：有权重系数为负或不是数字；应为不小于 0 的数。",
        )
    return factors


Found = tuple[npt.NDArray[np.intp], tuple[Floats, npt.NDArray[np.float32]]]


def _run(
    blocks: Iterator[Block],
    factors: Floats,
    *,
    workers: int,
    scheduler: str | None,
    bar: tuple[bool | None, int],
) -> Iterator[Found]:
    shown, total = bar
    with show_progress(total, "蒙特卡洛 Monte Carlo", shown=shown) as shown_bar:
        for found in _dealt(blocks, factors, workers, scheduler):
            shown_bar.update(len(found[0]))
            yield found


def _dealt(blocks: Iterator[Block], factors: Floats, workers: int, scheduler: str | None) -> Iterator[Found]:
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


def _on_cluster(blocks: Iterator[Block], factors: Floats, scheduler: str) -> Iterator[Found]:
    try:
        from distributed import Client
    except ImportError:
        raise MethodError(
            "scheduler= needs the package 'distributed', which is not installed. Install vitality[cluster].",
            zh="使用 scheduler 需要安装 distributed：请安装 vitality[cluster]。",
        ) from None
    try:
        client = Client(scheduler, timeout="10s")
    except (OSError, ValueError) as error:
        raise MethodError(
            f"scheduler={scheduler!r} does not answer ({error}); expected the address of a Dask scheduler, such as "
            "'tcp://127.0.0.1:8786'.",
            zh=f"Dask 调度器 {scheduler!r} 没有应答（{error}）；应为调度器的地址，例如 'tcp://127.0.0.1:8786'。",
        ) from None
    with client:
        waiting = [(rows, client.submit(group.scores_and_ranks, factors[rows], pure=False)) for rows, group in blocks]
        for rows, future in waiting:
            yield rows, future.result()
