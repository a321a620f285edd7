"""How the index adds up: checked matrix, imputation, treatment, scale, weights, aggregation, grades."""

from vitality.index.aggregation import aggregate
from vitality.index.build import build_index, rebuild
from vitality.index.denomination import denominate
from vitality.index.grades import DEFAULT_CUTS, grade, natural_breaks
from vitality.index.imputation import impute
from vitality.index.influence import BalancedWeights, balance_weights, effective_weights
from vitality.index.method import DEFAULT_METHOD, Method
from vitality.index.pruning import leave_out
from vitality.index.ranking import rank_scores
from vitality.index.result import IndexResult
from vitality.index.scaling import count_clipped, fit_scale, map_intervals, normalise
from vitality.index.screening import Screening, screen
from vitality.index.topsis import topsis
from vitality.index.treatment import Treatment, kurtosis_of, skewness_of, treat

__all__ = [
    "DEFAULT_CUTS",
    "DEFAULT_METHOD",
    "BalancedWeights",
    "IndexResult",
    "Method",
    "Screening",
    "Treatment",
    "aggregate",
    "balance_weights",
    "build_index",
    "count_clipped",
    "denominate",
    "effective_weights",
    "fit_scale",
    "grade",
    "impute",
    "kurtosis_of",
    "leave_out",
    "map_intervals",
    "natural_breaks",
    "normalise",
    "rank_scores",
    "rebuild",
    "screen",
    "skewness_of",
    "topsis",
    "treat",
]
