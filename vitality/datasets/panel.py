"""The SYNTHETIC panel of ten experts: no real person answered."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd
import yaml

from vitality.framework import Framework
from vitality.weights import judgement_matrix


def synthetic_panel(framework: Framework) -> dict[str, dict[str, pd.DataFrame]]:
    """Give the judgements of the synthetic panel: expert -> node -> matrix.

    Parameters
    ----------
    framework : Framework
        Nodes that it does not have, or whose children differ, are left out.

    Returns
    -------
    dict
        NaN where an expert left a pair out. The defects of some experts (a cycle, a reciprocal the wrong way
        round, straight-lining, a blank) are on purpose.

    Examples
    --------
    >>> from vitality.framework import read_framework
    >>> panel = synthetic_panel(read_framework("redcross"))
    >>> len(panel), len(panel["E01"])
    (10, 20)
    """
    content = _content()
    order = {
        node: items
        for node, items in content["order"].items()
        if node in framework.nodes and tuple(items) == framework.children(node)
    }
    return {
        expert["id"]: {node: judgement_matrix(expert["upper_triangles"][node], items) for node, items in order.items()}
        for expert in content["experts"]
    }


@cache
def _content() -> dict[str, Any]:
    text = (files("vitality.datasets") / "panel.yaml").read_bytes()
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded
