"""Which choice moves the index most: variance-based sensitivity indices of every uncertain input."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.analysis.design import (
    WEIGHT,
    Choices,
    cells_of,
    check_choices,
    noise_of_nodes,
    uniform_factors,
    whole_seed,
)
from vitality.analysis.monte_carlo import MonteCarlo, monte_carlo
from vitality.analysis.refusals import bad_share
from vitality.errors import MethodError, TableError, some, some_zh
from vitality.index.inputs import require_number, require_result
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.index import IndexResult

__all__ = ["sensitivity_indices", "sobol_indices"]

Floats = npt.NDArray[np.float64]

#: Resamples behind the intervals.
RESAMPLES = 1000


def sensitivity_indices(
    result: IndexResult,
    *,
    n: int,
    choices: Choices | None = None,
    weight_noise: float | Mapping[str, float] = 0.25,
    seed: int,
    output: str = "rank_shift",
    unit: object = None,
    level: float = 0.95,
    workers: int = 1,
    scheduler: str | None = None,
    progress: bool | None = None,
) -> pd.DataFrame:
    """Share out the variance of the results among the uncertain inputs.

    Parameters
    ----------
    result : IndexResult
        The nominal index.
    n : int
        Base samples, best a power of 2; the index is built ``n * (number of inputs + 2)`` times.
    choices : mapping, optional
        As in `sample_inputs`; every choice is an input.
    weight_noise : float or mapping
        As in `sample_inputs`; all weights of a level together are one input, ``weights of <level>``.
    seed : int
    output : {"rank_shift", "score_shift", "rank", "score"}
        What is looked at: the mean absolute shift of the ranks (as in COINr) or the scores of all units from
        the nominal ones; or the rank or the score of one `unit`.
    unit : optional
        Unit, or (unit, round), for the last two.
    level : float
        Level of the intervals.
    workers, scheduler, progress
        As in `monte_carlo`.

    Returns
    -------
    DataFrame, one row an input
        ``input``; ``first``: share of the variance that vanishes, in the mean, once the input is known;
        ``total``: share that is left when only this input is unknown; each with ``_low`` and ``_high``
        (bootstrap). Estimates may lie a little outside 0 and 1. ``attrs["variance"]`` and ``attrs["runs"]``.

    Raises
    ------
    MethodError
        If there is no uncertain input, or an option is wrong.
    TableError
        If the unit does not exist or has no score.

    References
    ----------
    .. [1] Saltelli, A. et al. (2010). Variance based sensitivity analysis of model output. Computer Physics
       Communications 181, 259-270; Saisana, M., Saltelli, A. and Tarantola, S. (2005). J. R. Statist. Soc. A
       168, 307-323. Samples and estimators are those of SALib.

    Examples
    --------
    >>> from vitality.framework import framework_from_table
    >>> from vitality.index import build_index
    >>> tree = framework_from_table(pd.DataFrame({
    ...     "code": ["V", "a", "b"], "parent": ["", "V", "V"], "worst": [None, 0, 0], "best": [None, 10, 10]}))
    >>> result = build_index(pd.DataFrame({"a": [9.0, 4.0], "b": [1.0, 5.0]}, index=["u", "v"]), tree)
    >>> table = sensitivity_indices(result, n=64, choices={"clip": [True, False]}, seed=1, output="score_shift")
    >>> table[["input", "total"]].round(2).values.tolist()  # nothing is beyond the scale: clipping is inert
    [['weights of indicator', 1.0], ['clip', 0.0]]
    """
    require_result(result)
    choose("output", output, ("rank_shift", "score_shift", "rank", "score"))
    checked = check_choices(result, choices or {})
    inputs = _Inputs(result, checked, noise_of_nodes(result.framework, weight_noise))

    def evaluate(draws: Floats) -> Floats:
        design = inputs.design(draws)
        mc = monte_carlo(result, design, workers=workers, scheduler=scheduler, progress=progress)
        return _looked_at(mc, output, unit)

    return sobol_indices(evaluate, inputs.names, n=n, seed=seed, level=level, groups=inputs.groups)


def sobol_indices(
    evaluate: Callable[[Floats], Floats],
    names: Sequence[str],
    *,
    n: int,
    seed: int,
    level: float = 0.95,
    groups: Sequence[str] | None = None,
    bounds: tuple[float, float] = (0.0, 1.0),
) -> pd.DataFrame:
    """First-order and total sensitivity indices of any function of independent uniform inputs.

    Parameters
    ----------
    evaluate : callable
        From draws, shape (n_runs, n_variables), to outputs, shape (n_runs,).
    names : sequence of str
        Variables.
    n : int
        Base samples, 2 or more, best a power of 2.
    seed : int
    level : float
        Level of the intervals.
    groups : sequence of str, optional
        Input that each variable belongs to; itself by default.
    bounds : tuple of two floats
        Range of every variable.

    Returns
    -------
    DataFrame
        As in `sensitivity_indices`; all 0 where the output does not vary.

    Raises
    ------
    MethodError
        If there are no variables, or `n` or `level` is out of range.
    TableError
        If an output is not a number.
    """
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as sampling

    if not len(names):
        raise MethodError(
            "no uncertain input: give choices=, or a weight_noise above 0.",
            zh="没有不确定的输入：请给出 choices=，或大于 0 的 weight_noise。",
        )
    n, seed = int(require_number("n", n, whole=True, least=2)), whole_seed(seed)
    if not 0 < require_number("level", level) < 1:
        raise bad_share(level, such_as=0.95)
    problem: dict[str, Any] = {"num_vars": len(names), "names": list(names), "bounds": [list(bounds)] * len(names)}
    inputs = list(dict.fromkeys(groups or names))
    if groups is not None:
        problem["groups"] = list(groups)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # n need not be a power of 2; a constant output is dealt with here
        draws = sampling.sample(problem, n, calc_second_order=False, seed=seed)
        outputs = np.asarray(evaluate(draws), dtype=float)
        if not np.isfinite(outputs).all():
            raise TableError(
                "an output is not a number; expected one for every run (a unit without a score?).",
                zh="有的运行输出不是数字；每次运行都应得到一个数（是否有单位没有得分？）。",
            )
        if np.ptp(outputs) <= 1e-12 * max(1.0, float(np.abs(outputs).max())):
            found = {key: np.zeros(len(inputs)) for key in ("S1", "S1_conf", "ST", "ST_conf")}
        else:
            found = analysis.analyze(
                problem, outputs, calc_second_order=False, num_resamples=RESAMPLES, conf_level=level, seed=seed
            )
    first, first_reach = np.asarray(found["S1"], dtype=float), np.asarray(found["S1_conf"], dtype=float)
    total, total_reach = np.asarray(found["ST"], dtype=float), np.asarray(found["ST_conf"], dtype=float)
    table = pd.DataFrame(
        {
            "input": inputs,
            "first": first,
            "first_low": first - first_reach,
            "first_high": first + first_reach,
            "total": total,
            "total_low": total - total_reach,
            "total_high": total + total_reach,
        }
    )
    table.attrs |= {"variance": float(outputs.var()), "runs": len(outputs)}
    return table


class _Inputs:
    """The uncertain inputs as variables between 0 and 1, and the design that draws of them stand for."""

    def __init__(self, result: IndexResult, choices: dict[str, list[Any]], noise: Floats) -> None:
        framework = result.framework
        nodes = np.array(framework.nodes[:-1], dtype=object)
        siblings = [len(framework.children(str(framework.parent(code)))) for code in nodes]
        self.noisy = np.flatnonzero((noise > 0) & (np.array(siblings) > 1))
        self.noise, self.choices = noise[self.noisy], choices
        self.codes = nodes[self.noisy].tolist()
        self.names = [*(WEIGHT + code for code in self.codes), *choices]
        self.groups = [*(f"weights of {framework.level(code)}" for code in self.codes), *choices]

    def design(self, draws: Floats) -> pd.DataFrame:
        """Give the rows of a design table."""
        factors = uniform_factors(draws[:, : len(self.codes)], self.noise)
        columns: dict[str, Any] = {WEIGHT + code: factors[:, place] for place, code in enumerate(self.codes)}
        for place, (name, values) in enumerate(self.choices.items(), len(self.codes)):
            number = np.minimum((draws[:, place] * len(values)).astype(int), len(values) - 1)
            columns[name] = cells_of(values)[number]
        return pd.DataFrame(columns).infer_objects()


def _looked_at(mc: MonteCarlo, output: str, unit: object) -> Floats:
    """One number a replicate."""
    root = mc.result.framework.root
    ranks = output in ("rank", "rank_shift")
    table = (mc.ranks if ranks else mc.scores).to_numpy(dtype=float)
    if output.endswith("shift"):
        nominal = mc.result.ranks[root] if ranks else mc.result.scores[root]
        start = nominal.astype("float64").to_numpy(dtype=float, na_value=np.nan)
        scored = ~np.isnan(start)
        away = np.abs(table[:, scored] - start[scored])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # a replicate without any score is refused later
            return np.asarray(np.nanmean(away, axis=1), dtype=float)
    units = mc.scores.columns
    places = [place for place, key in enumerate(units) if unit in (key, key[0])]
    if len(places) != 1:
        raise TableError(
            f"unit={unit!r} stands for {len(places)} of the units; expected one of {some(units.tolist())}, with its "
            "round where there are several.",
            zh=f"unit={unit!r} 对应{len(places)}个单位；应为下列之一：{some_zh(units.tolist())}；有几轮时须连同轮次。",
        )
    return table[:, places[0]]
