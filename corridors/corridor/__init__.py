"""Least-cost corridors, as a mosaic and as polygons."""

from corridors.corridor.mosaic import least_cost_corridors
from corridors.corridor.polygons import corridor_polygons

__all__ = ["corridor_polygons", "least_cost_corridors"]
