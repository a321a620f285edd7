"""How much each indicator counts: judgements, AHP, weights from the data, and their combination."""

from vitality.weights.ahp import AHPResult, ahp_weights
from vitality.weights.cautions import Caution
from vitality.weights.combination import CombinedWeights, combine_weights
from vitality.weights.experts.group import group_weights
from vitality.weights.experts.group_result import GroupResult
from vitality.weights.hierarchy import hierarchy_groups, hierarchy_table, hierarchy_weights
from vitality.weights.inspection import inspect_judgements
from vitality.weights.judgements import judgement_matrix
from vitality.weights.objective import (
    ObjectiveWeights,
    cilos_weights,
    critic_weights,
    cv_weights,
    entropy_weights,
    gini_weights,
    idocriw_weights,
    merec_weights,
    pca_weights,
    sd_weights,
)
from vitality.weights.questionnaire.files import read_judgements
from vitality.weights.questionnaire.forms import write_judgement_form
from vitality.weights.random_index import random_index_value
from vitality.weights.repair import Repair, repair_judgements
from vitality.weights.sampling import WeightSamples, sample_weights, weight_intervals
from vitality.weights.scales import rescale_judgements

__all__ = [
    "AHPResult",
    "Caution",
    "CombinedWeights",
    "GroupResult",
    "ObjectiveWeights",
    "Repair",
    "WeightSamples",
    "ahp_weights",
    "cilos_weights",
    "combine_weights",
    "critic_weights",
    "cv_weights",
    "entropy_weights",
    "gini_weights",
    "group_weights",
    "hierarchy_groups",
    "hierarchy_table",
    "hierarchy_weights",
    "idocriw_weights",
    "inspect_judgements",
    "judgement_matrix",
    "merec_weights",
    "pca_weights",
    "random_index_value",
    "read_judgements",
    "repair_judgements",
    "rescale_judgements",
    "sample_weights",
    "sd_weights",
    "weight_intervals",
    "write_judgement_form",
]
