"""Single steps on layers a person gives: accumulated cost, corridors between two layers, current.

No workflow, no species: a resistance raster and the places to go from and to.
"""

from corridors.pipeline.single.given import Regions, read_barriers, read_places, read_resistance, regions_of
from corridors.pipeline.single.steps import (
    Found,
    corridors_between,
    cost_from,
    current_around,
    current_between,
)
from corridors.pipeline.single.write import write_single

__all__ = [
    "Found",
    "Regions",
    "corridors_between",
    "cost_from",
    "current_around",
    "current_between",
    "read_barriers",
    "read_places",
    "read_resistance",
    "regions_of",
    "write_single",
]
