"""Nominal weights of a tree: from the nodes to a table, and from a table to the nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vitality.errors import FrameworkError, some

if TYPE_CHECKING:
    from vitality.framework.model import Framework


def nominal_weights(framework: Framework) -> pd.DataFrame:
    """Local and global weights of every node; what `Framework.weights` gives."""
    local = {framework.root: 1.0}
    overall = {framework.root: 1.0}
    for node, _, _ in framework._walk:
        children = getattr(node, "children", ())
        total = sum(child.weight for child in children)
        for child in children:
            local[child.code] = child.weight / total
            overall[child.code] = overall[node.code] * local[child.code]
    table = pd.DataFrame({"local": pd.Series(local), "global": pd.Series(overall)})
    return table.loc[list(framework.nodes)].rename_axis("node")


def local_weights(framework: Framework, weights: pd.Series | pd.DataFrame) -> pd.Series:
    """Turn weights over the indicators, or over all nodes, into one positive number a node below the root.

    Raises
    ------
    FrameworkError
        If a node is missing, unknown or doubled, or a weight is not a positive number.
    """
    given = weights["local"] if isinstance(weights, pd.DataFrame) else weights
    given = given.drop(index=framework.root, errors="ignore").astype(float)
    doubled = given.index[given.index.duplicated()]
    unknown = [code for code in given.index if code not in framework._by_code]
    over_leaves = set(given.index) <= set(framework.leaves)
    wanted = framework.leaves if over_leaves else framework.nodes[:-1]
    missing = [code for code in wanted if code not in given.index]
    bad = given[~(np.isfinite(given) & (given > 0))]
    if len(doubled) or unknown or missing or len(bad):
        raise FrameworkError(
            f"weights for framework {framework.name!r}: "
            + "; ".join(
                text
                for text, found in (
                    (f"doubled {some(doubled)}", len(doubled)),
                    (f"unknown {some(unknown)}", unknown),
                    (f"missing {some(missing)}", missing),
                    (f"not a positive number {some(bad.index)}", len(bad)),
                )
                if found
            )
            + ". Expected one positive number for each indicator, or for each node below the root."
        )
    if not over_leaves:
        return given
    sums = {code: given[list(framework.leaves_below(code))].sum() for code in framework.nodes[:-1]}
    return pd.Series(sums)
