"""How it is told: figures, tables and wording for people, and the report published from a notebook.

Names are loaded when they are first used, so that a command that needs a table does not load matplotlib.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOMES = {
    "Evaluation": "evaluation",
    "Manifest": "manifest",
    "ReportRun": "reporting",
    "RoundWeights": "weighing",
    "block_associations": "evaluation",
    "evaluate_round": "evaluation",
    "evaluate_rounds": "several_rounds",
    "execute_notebook": "notebook",
    "notebook_parameters": "notebook",
    "render_report": "reporting",
    "render_notebook": "rendering",
    "resource_associations": "evaluation",
    "round_judgements": "weighing",
    "round_weights": "weighing",
    "use_style": "style",
}
_MODULES = ("display", "figures", "tables", "wording")

__all__ = [*sorted(_HOMES), *_MODULES]


def __getattr__(name: str) -> Any:
    """Load a name of this room when it is first used."""
    if name in _MODULES:
        return importlib.import_module(f"vitality.report.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module 'vitality.report' has no name {name!r}; see vitality.report.__all__")
    return getattr(importlib.import_module(f"vitality.report.{_HOMES[name]}"), name)
