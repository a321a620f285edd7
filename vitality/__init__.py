"""Development vitality of grassroots Red Cross organisations: framework, weights, index, resources, reports.

``import vitality as vt`` gives every public name; each room is loaded when one of its names is first used,
so that the import itself stays light.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

#: Room -> the names that it gives to ``vt``.
_ROOMS: dict[str, tuple[str, ...]] = {
    "vitality.errors": (
        "FrameworkError",
        "JudgementError",
        "MethodError",
        "ReportError",
        "SurveyError",
        "TableError",
        "VitalityError",
    ),
    "vitality.framework": ("Framework", "framework_from_table", "read_framework"),
    "vitality.survey": (
        "check_round",
        "clean_round",
        "compute_controls",
        "compute_indicators",
        "compute_precision",
        "compute_resources",
        "parse_value",
        "prepare_round",
        "protect_counts",
        "read_round",
        "round_framework",
        "suggest_mapping",
        "write_findings",
    ),
    "vitality.sending": ("write_forms",),
    "vitality.weights": (
        "ahp_weights",
        "cilos_weights",
        "combine_weights",
        "critic_weights",
        "cv_weights",
        "entropy_weights",
        "gini_weights",
        "group_weights",
        "hierarchy_weights",
        "idocriw_weights",
        "inspect_judgements",
        "judgement_matrix",
        "merec_weights",
        "pca_weights",
        "read_judgements",
        "repair_judgements",
        "rescale_judgements",
        "sample_weights",
        "sd_weights",
        "weight_intervals",
        "write_judgement_form",
    ),
    "vitality.index": (
        "IndexResult",
        "Method",
        "aggregate",
        "balance_weights",
        "build_index",
        "denominate",
        "effective_weights",
        "fit_scale",
        "grade",
        "impute",
        "leave_out",
        "normalise",
        "rebuild",
        "screen",
        "topsis",
        "treat",
    ),
    "vitality.analysis": (
        "associate_changes",
        "associate_multilevel",
        "block_scores",
        "compare_results",
        "compare_rounds",
        "contributions",
        "correlate_resources",
        "correlate_tree",
        "coupling",
        "coupling_coordination",
        "cronbach_alpha",
        "describe_indicators",
        "drop_one",
        "four_lacks",
        "grey_relation",
        "in_words",
        "interval_convergence",
        "kmo",
        "monte_carlo",
        "obstacles",
        "organisation_scores",
        "pairwise_probabilities",
        "principal_components",
        "rank_intervals",
        "rank_probabilities",
        "recommend",
        "regression_to_mean",
        "replicate",
        "resource_quadrants",
        "round_changes",
        "sample_inputs",
        "sensitivity_indices",
        "sentences",
        "short_boards",
        "summarise_changes",
    ),
    "vitality.report": (
        "block_associations",
        "evaluate_round",
        "evaluate_rounds",
        "figures",
        "render_report",
        "resource_associations",
        "round_judgements",
        "round_weights",
        "tables",
    ),
    "vitality.datasets": ("load_fdrs", "simulate_round"),
}
_HOME = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = ["__version__", *sorted(_HOME)]


def __getattr__(name: str) -> Any:
    """Load the room of a public name when the name is first used."""
    if name not in _HOME:
        raise AttributeError(f"module 'vitality' has no name {name!r}; see vitality.__all__")
    value = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted({*globals(), *__all__})
