"""Barriers: lines (fences, rivers, roads, railways) as costs on the edges between cells.

A line has no width on a raster of 500 m, so it cannot be a class of cells: burnt, it would cost as many
cells as it touches, and a diagonal walker would slip between them. Here a crossing costs `crossing_cost_m`,
in metres of ideal habitat, on every step between two of the eight neighbours that leads across.
"""

from corridors.barriers.charging import edge_costs
from corridors.barriers.edges import FORWARD, EdgeCosts, combined, costs_along, edges_on, kernel_edges
from corridors.barriers.openings import idle_openings, openings_of

__all__ = [
    "FORWARD",
    "EdgeCosts",
    "combined",
    "costs_along",
    "edge_costs",
    "edges_on",
    "idle_openings",
    "kernel_edges",
    "openings_of",
]
