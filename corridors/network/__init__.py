"""Core areas and links as a graph, and what the graph says about connectivity."""

from corridors.network.dispersal import decay_rate, dispersal_as_cost_m
from corridors.network.graph import to_graph
from corridors.network.indices import connectivity_indices

__all__ = ["connectivity_indices", "decay_rate", "dispersal_as_cost_m", "to_graph"]
