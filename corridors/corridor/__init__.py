"""Least-cost corridors, as mosaics and as polygons; transit cost, path density, resistant kernels."""

from corridors.corridor.bottlenecks import corridor_bottlenecks
from corridors.corridor.dispersal import resistant_kernels
from corridors.corridor.factorial_paths import path_density
from corridors.corridor.mosaic import least_cost_corridors, slack_of_links
from corridors.corridor.polygons import corridor_polygons
from corridors.corridor.transit import conditional_transit_cost

__all__ = [
    "conditional_transit_cost",
    "corridor_bottlenecks",
    "corridor_polygons",
    "least_cost_corridors",
    "path_density",
    "resistant_kernels",
    "slack_of_links",
]
