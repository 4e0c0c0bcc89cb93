"""Core areas: contiguous good habitat large enough to live in, delineated or given."""

from corridors.cores.cutting import cut_cores
from corridors.cores.delineate import core_areas, threshold_check
from corridors.cores.given import cores_from_polygons
from corridors.cores.habitat import habitat_mean
from corridors.cores.naming import disconnected, named_after

__all__ = [
    "core_areas",
    "cores_from_polygons",
    "cut_cores",
    "disconnected",
    "habitat_mean",
    "named_after",
    "threshold_check",
]
