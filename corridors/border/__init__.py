"""Countries and the borders between them, as seen by core areas, links and corridors.

Everything here works on the outlines of the countries, not on rasters, so a place where three countries
meet stays a point. Any number of countries; land outside all of them is called "other".
"""

from corridors.border.connectivity import (
    border_connectivity,
    cost_per_km,
    country_connectivity,
    network_by_cost,
)
from corridors.border.cores import core_border_columns, core_borders, cores_by_country
from corridors.border.corridor_shares import corridor_shares
from corridors.border.crossings import border_crossings, link_borders
from corridors.border.fences import FenceScenarios, fence_scenarios
from corridors.border.lines import border_inside, border_lines
from corridors.border.outlines import OTHER
from corridors.border.segments import border_segments
from corridors.border.shares import country_shares, link_shares
from corridors.border.surroundings import surroundings

__all__ = [
    "OTHER",
    "FenceScenarios",
    "border_connectivity",
    "border_crossings",
    "border_inside",
    "border_lines",
    "border_segments",
    "core_border_columns",
    "core_borders",
    "cores_by_country",
    "corridor_shares",
    "cost_per_km",
    "country_connectivity",
    "country_shares",
    "fence_scenarios",
    "link_borders",
    "link_shares",
    "network_by_cost",
    "surroundings",
]
