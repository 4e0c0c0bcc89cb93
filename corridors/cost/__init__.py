"""Cost distance: accumulated cost, allocation, least-cost paths."""

from corridors.cost.matrix import cost_distance_matrix
from corridors.cost.path import least_cost_path, step_costs, step_lengths
from corridors.cost.sources import checked_resistance, label_array, label_dtype
from corridors.cost.surfaces import accumulated_cost, cost_allocation, cost_surfaces

__all__ = [
    "accumulated_cost",
    "checked_resistance",
    "cost_allocation",
    "cost_distance_matrix",
    "cost_surfaces",
    "label_array",
    "label_dtype",
    "least_cost_path",
    "step_costs",
    "step_lengths",
]
