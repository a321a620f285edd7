"""Which weights the index is built with: those of the framework, equal ones, or entropy weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from vitality.weights.cautions import Caution

if TYPE_CHECKING:
    from vitality.framework import Framework

__all__ = ["index_weights", "weights_table"]


def index_weights(
    weighting: str, normalised: pd.DataFrame, framework: Framework
) -> tuple[pd.DataFrame, tuple[Caution, ...]]:
    """Give the weights of every node, and what should be known about them.

    Parameters
    ----------
    weighting : {"framework", "equal", "entropy"}
        ``equal``: siblings weigh the same at every level. ``entropy``: entropy weights of the normalised
        indicators, all rounds together, each over the units that have it; a parent weighs the sum.
    normalised : DataFrame, shape (n_units, n_indicators)
        0 to 100.
    framework : Framework

    Returns
    -------
    weights : DataFrame, shape (n_nodes, 2)
        ``local`` and ``global``, the order of `Framework.nodes`.
    cautions : tuple of Caution

    Raises
    ------
    TableError
        If entropy weights are wanted and no indicator differs between units.
    """
    if weighting == "framework":
        return framework.weights(), ()
    if weighting == "equal":
        local = {code: 1.0 / len(_siblings(code, framework)) for code in framework.nodes[:-1]}
        return weights_table(local, framework), ()
    from vitality.weights import entropy_weights

    found = entropy_weights(normalised, missing="omit")
    own = dict(zip(found.weights.index.tolist(), found.weights.tolist()))
    below = {code: sum(own[leaf] for leaf in framework.leaves_below(code)) for code in framework.nodes[:-1]}
    local = {}
    for code in below:
        siblings = _siblings(code, framework)
        total = sum(below[sibling] for sibling in siblings)
        local[code] = below[code] / total if total > 0 else 1.0 / len(siblings)
    return weights_table(local, framework), found.cautions


def _siblings(code: str, framework: Framework) -> tuple[str, ...]:
    return framework.children(str(framework.parent(code)))


def weights_table(local: dict[str, float], framework: Framework) -> pd.DataFrame:
    """Local and global weights of every node, from local ones that sum to 1 among siblings."""
    overall = {framework.root: 1.0}
    for code in framework.nodes[-2::-1]:
        overall[code] = overall[str(framework.parent(code))] * local[code]
    table = pd.DataFrame({"local": {**local, framework.root: 1.0}, "global": overall})
    return table.loc[list(framework.nodes)].rename_axis("node")
