"""Habitat suitability: response curves per layer, weights, and how scores combine to one map from 0 to 1."""

from corridors.suitability.ahp import ahp_weights
from corridors.suitability.class_scores import Scores
from corridors.suitability.curves import (
    ExponentialDecay,
    Gaussian,
    PiecewiseLinear,
    QuantileRise,
    Sigmoid,
    Trapezoid,
)
from corridors.suitability.overlay import response_scores, weighted_overlay
from corridors.suitability.responses import Response, as_response, layers_used, score
from corridors.suitability.weights import drop_missing, full_weights

__all__ = [
    "ExponentialDecay",
    "Gaussian",
    "PiecewiseLinear",
    "QuantileRise",
    "Response",
    "Scores",
    "Sigmoid",
    "Trapezoid",
    "ahp_weights",
    "as_response",
    "drop_missing",
    "full_weights",
    "layers_used",
    "response_scores",
    "score",
    "weighted_overlay",
]
