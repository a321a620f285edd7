"""What explains the index and what holds it back: associations with their guard, diagnosis, coherence, advice."""

from vitality.analysis.advice import recommend
from vitality.analysis.blocks import block_label, block_scores, blocks_of
from vitality.analysis.changes import associate_changes, regression_to_mean, summarise_changes
from vitality.analysis.coherence import correlate_tree, principal_components
from vitality.analysis.comparison import compare_results, drop_one
from vitality.analysis.coordination import coupling_coordination, grey_relation
from vitality.analysis.coupling import Coupling, SharedPart, coupling, reasons, ways_out
from vitality.analysis.describe import describe_indicators
from vitality.analysis.design import sample_inputs
from vitality.analysis.diagnosis import contributions, obstacles, short_boards
from vitality.analysis.guard import scores_without
from vitality.analysis.intervals import (
    interval_convergence,
    pairwise_probabilities,
    rank_intervals,
    rank_probabilities,
)
from vitality.analysis.monte_carlo import MonteCarlo, monte_carlo, replicate
from vitality.analysis.multilevel import associate_multilevel, variance_sentence
from vitality.analysis.multiplicity import adjust_p
from vitality.analysis.organisations import organisation_scores
from vitality.analysis.phrases import written_p
from vitality.analysis.power import correlation_power, smallest_seen
from vitality.analysis.quadrants import QUADRANTS, four_lacks, resource_quadrants
from vitality.analysis.reliability import cronbach_alpha, kmo
from vitality.analysis.resources import correlate_resources
from vitality.analysis.rounds import compare_rounds, round_changes
from vitality.analysis.sensitivity import sensitivity_indices, sobol_indices
from vitality.analysis.sentences import in_words, power_sentence, sentences

__all__ = [
    "QUADRANTS",
    "Coupling",
    "MonteCarlo",
    "SharedPart",
    "adjust_p",
    "associate_changes",
    "associate_multilevel",
    "block_label",
    "block_scores",
    "blocks_of",
    "compare_results",
    "compare_rounds",
    "contributions",
    "correlate_resources",
    "correlate_tree",
    "correlation_power",
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
    "power_sentence",
    "principal_components",
    "rank_intervals",
    "rank_probabilities",
    "reasons",
    "recommend",
    "regression_to_mean",
    "replicate",
    "resource_quadrants",
    "round_changes",
    "sample_inputs",
    "scores_without",
    "sensitivity_indices",
    "sentences",
    "short_boards",
    "smallest_seen",
    "sobol_indices",
    "summarise_changes",
    "variance_sentence",
    "ways_out",
    "written_p",
]
