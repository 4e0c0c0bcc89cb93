"""Where a preset holds: it was made for one landscape, and says so anywhere else."""

from __future__ import annotations

import re
import unicodedata

from corridors import presets
from corridors.grid import GEOD, Bounds
from corridors.presets.landscapes import LANDSCAPES

OTHER_NAMES = {
    "panthera_tigris_altaica": "amur_tiger",
    "siberian_tiger": "amur_tiger",
    "panthera_pardus_orientalis": "amur_leopard",
    "far_eastern_leopard": "amur_leopard",
    "panthera_uncia": "snow_leopard",
    "uncia_uncia": "snow_leopard",
}
LEAST_SHARE_INSIDE = 0.5


def species_key(text: str) -> str:
    """Return a species' name as workflows write it; other names of a preset species give that of the preset.

    Examples
    --------
    >>> species_key("Panthera uncia"), species_key("Ursus arctos"), species_key("Амурский тигр")
    ('snow_leopard', 'ursus_arctos', '')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    key = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    return OTHER_NAMES.get(key, key)


def nearest_landscape(species: str, bounds: Bounds) -> str:
    """Return the landscape of a species' presets that shares most with an area, else the nearest one.

    Examples
    --------
    >>> nearest_landscape("snow_leopard", (97.0, 50.0, 99.0, 52.0))
    'eastern_sayan'
    """
    places = [place for name, place in presets.names() if name == species]
    return max(places, key=lambda place: (share_inside(place, bounds), -distance_m(place, bounds)))


def holds_elsewhere(landscape: str, bounds: Bounds) -> bool:
    """Return whether most of an area lies outside the landscape a preset was made for.

    Examples
    --------
    >>> holds_elsewhere("land_of_big_cats", (135.0, 46.0, 137.0, 48.0))
    True
    """
    return share_inside(landscape, bounds) < LEAST_SHARE_INSIDE


def share_inside(landscape: str, bounds: Bounds) -> float:
    """Return the share of an area, in degrees, that lies in a landscape."""
    west, south, east, north = LANDSCAPES[landscape].bounds
    width = min(east, bounds[2]) - max(west, bounds[0])
    height = min(north, bounds[3]) - max(south, bounds[1])
    return max(width, 0.0) * max(height, 0.0) / ((bounds[2] - bounds[0]) * (bounds[3] - bounds[1]))


def distance_m(landscape: str, bounds: Bounds) -> float:
    """Return the distance between the middles of a landscape and of an area."""
    west, south, east, north = LANDSCAPES[landscape].bounds
    middle = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    return float(GEOD.inv((west + east) / 2, (south + north) / 2, *middle)[2])
