"""Cost distance: accumulated cost, allocation, least-cost paths."""

from corridors.cost.allocation import cost_allocation, nearest_cost
from corridors.cost.crew import Workers
from corridors.cost.matrix import cost_distance_matrix
from corridors.cost.path import least_cost_path, path_on, step_costs, step_lengths
from corridors.cost.sources import checked_resistance, label_array, label_dtype
from corridors.cost.surfaces import accumulated_cost, cost_surfaces, kept_surfaces
from corridors.cost.windows import costs_at, on_whole_grid, part_of, parts_of

__all__ = [
    "Workers",
    "accumulated_cost",
    "checked_resistance",
    "cost_allocation",
    "cost_distance_matrix",
    "cost_surfaces",
    "costs_at",
    "kept_surfaces",
    "label_array",
    "label_dtype",
    "least_cost_path",
    "nearest_cost",
    "on_whole_grid",
    "part_of",
    "parts_of",
    "path_on",
    "step_costs",
    "step_lengths",
]
