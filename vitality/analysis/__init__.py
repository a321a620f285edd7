"""What explains the index and what holds it back: associations with their guard, diagnosis, advice."""

from vitality.analysis.advice import recommend
from vitality.analysis.comparison import compare_results, drop_one
from vitality.analysis.coupling import Coupling, SharedPart, coupling, reasons, ways_out
from vitality.analysis.describe import describe_indicators
from vitality.analysis.design import sample_inputs
from vitality.analysis.diagnosis import contributions, obstacles, short_boards
from vitality.analysis.intervals import (
    interval_convergence,
    pairwise_probabilities,
    rank_intervals,
    rank_probabilities,
)
from vitality.analysis.monte_carlo import MonteCarlo, monte_carlo, replicate
from vitality.analysis.multiplicity import adjust_p
from vitality.analysis.quadrants import QUADRANTS, four_lacks, resource_quadrants
from vitality.analysis.resources import correlate_resources
from vitality.analysis.rounds import compare_rounds, round_changes
from vitality.analysis.sensitivity import sensitivity_indices, sobol_indices

__all__ = [
    "QUADRANTS",
    "Coupling",
    "MonteCarlo",
    "SharedPart",
    "adjust_p",
    "compare_results",
    "compare_rounds",
    "contributions",
    "correlate_resources",
    "coupling",
    "describe_indicators",
    "drop_one",
    "four_lacks",
    "interval_convergence",
    "monte_carlo",
    "obstacles",
    "pairwise_probabilities",
    "rank_intervals",
    "rank_probabilities",
    "reasons",
    "recommend",
    "replicate",
    "resource_quadrants",
    "round_changes",
    "sample_inputs",
    "sensitivity_indices",
    "short_boards",
    "sobol_indices",
    "ways_out",
]
