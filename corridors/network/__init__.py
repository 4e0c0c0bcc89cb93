"""Core areas and links as a graph, and what the graph says about connectivity."""

from corridors.network.additions import gain_of_cores, gain_of_links
from corridors.network.capacity import capacity_by_country, core_capacity, density_check
from corridors.network.centrality import centrality
from corridors.network.dispersal import decay_rate, dispersal_as_cost_m
from corridors.network.graph import to_graph
from corridors.network.importance import importance, link_importance, node_importance
from corridors.network.indices import connectivity_indices
from corridors.network.priority import (
    area_to_perimeter_km,
    blended_priority,
    core_priority,
    link_priority,
)
from corridors.network.protconn import ProtectedLand, protconn
from corridors.network.protected import protected_connected
from corridors.network.stability import rank_stability
from corridors.network.stepping_stones import stepping_stone_network

__all__ = [
    "ProtectedLand",
    "area_to_perimeter_km",
    "blended_priority",
    "capacity_by_country",
    "centrality",
    "connectivity_indices",
    "core_capacity",
    "core_priority",
    "decay_rate",
    "density_check",
    "dispersal_as_cost_m",
    "gain_of_cores",
    "gain_of_links",
    "importance",
    "link_importance",
    "link_priority",
    "node_importance",
    "protconn",
    "protected_connected",
    "rank_stability",
    "stepping_stone_network",
    "to_graph",
]
