"""What could have been chosen otherwise, as a plain table: one row a replicate of the index."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from vitality.errors import MethodError, TableError, did_you_mean, meant_zh, some, some_zh
from vitality.index import Method
from vitality.index.inputs import require_number, require_result
from vitality.index.kernels import plan_of
from vitality.weights.options import choose

if TYPE_CHECKING:
    from vitality.framework import Framework
    from vitality.index import IndexResult
    from vitality.weights.sampling import WeightSamples

__all__ = [
    "LEFT_OUT",
    "WEIGHT",
    "Choices",
    "cells_of",
    "check_choices",
    "noise_of_nodes",
    "option_of",
    "sample_inputs",
    "uniform_factors",
    "whole_seed",
]

Floats = npt.NDArray[np.float64]
Choices = Mapping[str, Sequence[Any]]

#: Beginning of the columns that hold the factor of a node's weight.
WEIGHT = "weight."
#: Column that names the indicator left out of a replicate; empty for none.
LEFT_OUT = "left_out"
DRAWS = ("uniform", "dirichlet", "panel")


def sample_inputs(
    result: IndexResult,
    n: int,
    *,
    seed: int,
    weight_noise: float | Mapping[str, float] = 0.25,
    choices: Choices | None = None,
    weights: str = "uniform",
    panel: Mapping[str, object] | WeightSamples | None = None,
) -> pd.DataFrame:
    """Draw replicates of the choices behind an index.

    Parameters
    ----------
    result : IndexResult
        The nominal index.
    n : int
        Number of replicates, 1 or more.
    seed : int
        The same seed gives the same table; a further choice leaves the other columns as they are.
    weight_noise : float or mapping
        Size of the noise on the weight of every node, 0 (none) to 1; or by the level of the nodes
        (``{"indicator": 0.25}``; a level left out has none). Not used with a panel.
    choices : mapping, optional
        Option of `Method` -> the values that it may take, each as likely as the others; ``left_out`` ->
        indicators of which one is left out (``""`` for none).
    weights : {"uniform", "dirichlet", "panel"}
        ``uniform``: the nominal weight times a factor between 1 - noise and 1 + noise. ``dirichlet``: around
        the nominal weights of the siblings, with the concentration at which equal siblings have a
        coefficient of variation of `weight_noise`. ``panel``: as the experts of `panel` differ from each
        other: logistic-normal with the covariance of their log-ratios.
    panel : mapping, optional
        Node -> each expert's weights of its children: a DataFrame (n_experts, n_children) or a `GroupResult`,
        as from `hierarchy_groups`, of which the experts that were kept count. Children of other nodes keep
        their weights. Or the `WeightSamples` of `sample_weights`: its replicates are drawn as they are.

    Returns
    -------
    DataFrame, shape (n, n_inputs)
        Index ``replicate``. ``weight.<node>``: the factor by which the local weight is multiplied before
        siblings are put back to a sum of 1; then one column a choice (a mapping as JSON). Any other table
        of this form does as well for `monte_carlo`.

    Raises
    ------
    MethodError
        If a number is out of range, or a choice is no option or has no values, or a wrong one.
    TableError
        If a panel does not fit the tree.

    Examples
    --------
    >>> from vitality.framework import framework_from_table
    >>> from vitality.index import build_index
    >>> tree = framework_from_table(pd.DataFrame({
    ...     "code": ["V", "a", "b"], "parent": ["", "V", "V"], "worst": [None, 0, 0], "best": [None, 10, 10]}))
    >>> result = build_index(pd.DataFrame({"a": [8.0, 1.0], "b": [4.0, 9.0]}), tree)
    >>> design = sample_inputs(result, 3, seed=1, choices={"aggregation": ["arithmetic", "geometric"]})
    >>> design.shape, list(design.columns)
    ((3, 3), ['weight.a', 'weight.b', 'aggregation'])
    """
    require_result(result)
    n = int(require_number("n", n, whole=True, least=1))
    choose("weights", weights, DRAWS)
    if (weights == "panel") != (panel is not None):
        raise MethodError(
            "weights='panel' and panel= go together; expected both or neither.",
            zh="weights='panel' 与 panel= 要一起用；应两个都给或都不给。",
        )
    choices = check_choices(result, choices or {})
    framework = result.framework
    generator = np.random.default_rng([whole_seed(seed), 0])
    if panel is not None:
        if isinstance(panel, Mapping):
            factors = _panel_factors(framework, panel, n, generator)
        else:
            factors = _sampled_factors(framework, panel, n, generator)
    else:
        noise = noise_of_nodes(framework, weight_noise)
        if weights == "uniform":
            factors = uniform_factors(generator.random((n, len(noise))), noise)
        else:
            factors = _dirichlet_factors(result, noise, n, generator)
    columns: dict[str, Any] = {WEIGHT + code: factors[:, place] for place, code in enumerate(framework.nodes[:-1])}
    for name, values in choices.items():
        own = np.random.default_rng([whole_seed(seed), 1, *name.encode()])
        columns[name] = cells_of(values)[own.integers(len(values), size=n)]
    table = pd.DataFrame(columns, index=pd.RangeIndex(n, name="replicate"))
    return table.infer_objects()


def check_choices(result: IndexResult, choices: Choices) -> dict[str, list[Any]]:
    """Refuse an unknown option, an empty list or a wrong value; give lists back."""
    known = (*Method.model_fields, LEFT_OUT)
    checked: dict[str, list[Any]] = {}
    if not isinstance(choices, Mapping):
        raise MethodError(
            f"choices: found {type(choices).__name__}; expected a mapping, such as {{'aggregation': ['arithmetic', "
            "'geometric']}.",
            zh=f"方法选项 'choices'：给出的是 {type(choices).__name__}；应为选项到取值列表的映射，如 "
            "{'aggregation': ['arithmetic', 'geometric']}。",
        )
    for name, values in choices.items():
        if name not in known:
            raise MethodError(
                f"choices: no option {name!r}.{did_you_mean(name, known)} Options are {some(known, limit=30)}.",
                zh=f"方法选项 'choices'：没有选项 {name!r}。{meant_zh(name, known)}"
                f"可用的选项有 {some_zh(known, limit=30)}。",
            )
        if isinstance(values, str) or not isinstance(values, Sequence | np.ndarray) or not len(values):
            raise MethodError(
                f"choices[{name!r}]={values!r}; expected a list with at least one value.",
                zh=f"choices[{name!r}]={values!r}；应为至少含一个取值的列表。",
            )
        for value in values:
            if name != LEFT_OUT:
                _check_alone(result.method, name, value)
            elif value:
                result.framework.indicator(str(value))
            if name == "aggregation":
                plan_of(result.framework, value)
        checked[name] = ["" if name == LEFT_OUT and not value else value for value in values]
    return checked


def _check_alone(method: Method, name: str, value: object) -> None:
    """Refuse a value that no method could have; one that only other choices forbid is met when it is used."""
    try:
        method.replace(**{name: value})
    except MethodError:
        Method(
            **{"group": method.group or "?", "reference_unit": method.reference_unit or "?"} | _companions(name, value)
        )


def _companions(name: str, value: object) -> dict[str, Any]:
    return {name: value} if name != "reference" else {name: value, "normalisation": "minmax"}


def option_of(name: str, cell: object) -> object:
    """Value of an option from a cell of the design table."""
    if name in ("aggregation", "treatment_of") and isinstance(cell, str) and cell.startswith("{"):
        return json.loads(cell)
    return json.loads(cell) if name == "bounds" and isinstance(cell, str) else cell


def cells_of(values: Sequence[Any]) -> npt.NDArray[np.object_]:
    """Values of an option as cells of the design table; mappings and lists as JSON."""
    cells = [json.dumps(value) if isinstance(value, Mapping | tuple | list) else value for value in values]
    return np.array([*cells, None], dtype=object)[:-1]


def whole_seed(seed: object) -> int:
    """Give a seed back as int, or refuse it."""
    return int(require_number("seed", seed, whole=True, least=0))


def noise_of_nodes(framework: Framework, weight_noise: float | Mapping[str, float]) -> Floats:
    """Noise on the weight of every node below the root."""
    levels = framework.levels
    inner = [name for name in levels if name != "index"]
    given = dict(weight_noise) if isinstance(weight_noise, Mapping) else dict.fromkeys(inner, weight_noise)
    for level, size in given.items():
        choose("level of weight_noise", level, inner)
        require_number("weight_noise", size)
        if not 0 <= size <= 1:
            raise MethodError(
                f"weight_noise: {size!r} for level {level!r}; expected a share from 0 to 1.",
                zh=f"weight_noise：层级 {level!r} 为 {size!r}；应为 0 至 1 的比例。",
            )
    return np.array([given.get(framework.level(code), 0.0) for code in framework.nodes[:-1]])


def uniform_factors(draws: Floats, noise: Floats) -> Floats:
    """Factors 1 - noise to 1 + noise from draws between 0 and 1, shape (n_reps, n_nodes)."""
    return 1.0 + noise * (2.0 * draws - 1.0)


def _dirichlet_factors(result: IndexResult, noise: Floats, n: int, generator: np.random.Generator) -> Floats:
    framework = result.framework
    place = {code: number for number, code in enumerate(framework.nodes)}
    local = result.weights["local"].to_numpy()
    factors = np.ones((n, len(noise)))
    for parent in framework.nodes[len(framework.leaves) :]:
        own = np.array([place[child] for child in framework.children(parent)])
        own = own[local[own] > 0]
        size = noise[own].max(initial=0.0)
        if len(own) < 2 or size == 0:
            continue
        concentration = (len(own) - 1) / size**2 - 1
        if concentration <= 0:
            raise MethodError(
                f"weight_noise={size:g} leaves no Dirichlet distribution over {len(own)} siblings; lower it.",
                zh=f"weight_noise={size:g} 过大，{len(own)}个同级节点的权重没有这样的狄利克雷分布；请调小。",
            )
        nominal = local[own] / local[own].sum()
        factors[:, own] = generator.dirichlet(concentration * nominal, size=n) / nominal
    return factors


def _sampled_factors(framework: Framework, panel: Any, n: int, generator: np.random.Generator) -> Floats:
    local, nominal = getattr(panel, "local", None), getattr(panel, "nominal", None)
    nodes = list(framework.nodes[:-1])
    if not isinstance(local, pd.DataFrame) or not isinstance(nominal, pd.DataFrame) or set(nodes) - set(local.columns):
        raise TableError(
            f"panel: found {type(panel).__name__}; expected a mapping from node to the experts' weights, or what "
            f"sample_weights gives for the framework {framework.name!r}.",
            zh=f"专家权重 'panel'：给出的是 {type(panel).__name__}；应为节点到专家权重的映射，或 sample_weights 对框架 "
            f"{framework.name!r} 给出的结果。",
        )
    ratios = local[nodes].to_numpy(dtype=float) / nominal.loc[nodes, "local"].to_numpy(dtype=float)
    return np.asarray(ratios[generator.integers(len(ratios), size=n)])


def _panel_factors(framework: Framework, panel: Mapping[str, object], n: int, generator: np.random.Generator) -> Floats:
    place = {code: number for number, code in enumerate(framework.nodes)}
    factors = np.ones((n, len(place) - 1))
    for parent, given in panel.items():
        children = framework.children(parent)
        table = getattr(given, "priorities", given)
        if not isinstance(table, pd.DataFrame) or set(map(str, table.columns)) != set(children):
            raise TableError(
                f"panel: {parent!r} holds {type(given).__name__}; expected one row an expert and the columns "
                f"{some(children)}.",
                zh=f"专家权重 'panel'：{parent!r} 之下是 {type(given).__name__}；"
                f"应为每位专家一行的表，列为 {some_zh(children)}。",
            )
        experts = getattr(given, "experts", None)
        if experts is not None:  # those whom the policy left out do not speak here either
            table = table[experts["kept"].reindex(table.index).to_numpy(dtype=bool)]
        own = table[list(children)].dropna().to_numpy(dtype=float)
        if len(own) < 2 or not (own > 0).all():
            raise TableError(
                f"panel: {parent!r} has {len(own)} experts with weights; expected two or more, all above 0.",
                zh=f"专家权重 'panel'：{parent!r} 有{len(own)}位专家给出权重；至少要两位，权重均应大于 0。",
            )
        ratios = np.log(own) - np.log(own).mean(axis=1, keepdims=True)
        spread = (ratios - ratios.mean(axis=0)) / np.sqrt(len(own) - 1)
        factors[:, [place[child] for child in children]] = np.exp(generator.standard_normal((n, len(own))) @ spread)
    return factors
