"""Weights that the data give: one module a family of methods."""

from vitality.weights.objective.components import pca_weights
from vitality.weights.objective.contrast import critic_weights
from vitality.weights.objective.entropy import entropy_weights
from vitality.weights.objective.losses import cilos_weights, idocriw_weights
from vitality.weights.objective.removal import merec_weights
from vitality.weights.objective.result import ObjectiveWeights
from vitality.weights.objective.spread import cv_weights, gini_weights, sd_weights

__all__ = [
    "ObjectiveWeights",
    "cilos_weights",
    "critic_weights",
    "cv_weights",
    "entropy_weights",
    "gini_weights",
    "idocriw_weights",
    "merec_weights",
    "pca_weights",
    "sd_weights",
]
