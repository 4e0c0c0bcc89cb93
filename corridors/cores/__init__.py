"""Core areas: contiguous good habitat large enough to live in, delineated or given."""

from corridors.cores.cutting import cut_cores
from corridors.cores.delineate import core_areas, threshold_check
from corridors.cores.edited import edited_from
from corridors.cores.given import cores_from_polygons
from corridors.cores.habitat import habitat_mean
from corridors.cores.identity import follow_ids, id_table, renumbered
from corridors.cores.naming import disconnected, named_after

__all__ = [
    "core_areas",
    "cores_from_polygons",
    "cut_cores",
    "disconnected",
    "edited_from",
    "follow_ids",
    "habitat_mean",
    "id_table",
    "named_after",
    "renumbered",
    "threshold_check",
]
