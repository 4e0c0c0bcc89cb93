"""Elevation from ground heights, ridges, valleys, peaks, lakes and the coast."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import distance_transform_edt

from demonstration.shapes import rounded, sea

STEP_M = 10


def elevation(place):
    """Return metres above the sea per cell, in steps of 10 m."""
    ground = ground_level(place)
    height = below_summits(place, ground + relief(place, ground))
    height = carve_valleys(place, height)
    height = raise_peaks(place, height)
    height = flatten_lakes(place, height)
    on_sea = place.inside(sea(place.facts))
    if on_sea.any():
        shore_km = distance_transform_edt(~on_sea) * place.grid.cell_size_m / 1000
        height = 5 + (height - 5) * (1 - np.exp(-shore_km / 3))
    height = np.where(on_sea, 0, np.maximum(height, 0))
    return (STEP_M * np.rint(height / STEP_M)).astype(np.int16)


def ground_level(place):
    """Return the height of plains and plateaus between the given points (inverse square distance)."""
    weighted, weights = 0.0, 0.0
    x, y = place.cells_km
    for lon, lat, metres in place.facts["ground"]:
        (east, north) = place.project([lon, lat])[0]
        weight = 1 / ((x - east) ** 2 + (y - north) ** 2 + 100.0) ** 1.5
        weighted, weights = weighted + weight * metres, weights + weight
    return weighted / weights


def relief(place, ground):
    """Return what ridges add to the ground: their smooth maximum, cut up by valleys and spurs."""
    power = 3
    total = np.zeros(place.grid.shape)
    for number, ridge in enumerate(place.facts["ridges"]):
        distance = place.distance_km(ridge["line"], wobble_km=0.25 * ridge["width_km"], salt=number)
        profile = np.exp(-((distance / (1.2 * ridge["width_km"])) ** 1.4))
        total += (np.maximum(ridge["crest_m"] - ground, 0) * profile) ** power
    rise = total ** (1 / power)
    roughness = place.facts["roughness"]
    texture = place.ridged(14.0, octaves=5, salt=1) - 0.55
    hilly = np.clip((rise + ground - place.facts["plains_below_m"]) / 250, 0.04, 1)
    hills = place.facts["hills_m"] * (place.ridged(11.0, octaves=5, salt=2) - 0.45)
    return rise * (1 + roughness * texture) + hilly * hills


def carve_valleys(place, height):
    """Return the terrain with flat valley floors that slope from head to mouth."""
    for number, valley in enumerate(place.facts["valleys"]):
        width = valley["width_km"]
        distance, position = place.along(valley["line"], wobble_km=0.15 * width, salt=20 + number)
        first, last = valley["floor_m"]
        floor = first + (last - first) * position + 4 * place.fractal(6.0, octaves=2, salt=3)
        share = np.exp(-((distance / width) ** 3))
        height = np.where(height > floor, height + share * (floor - height), height)
    return height


def below_summits(place, height):
    """Return the terrain bent over so that nothing reaches the highest named summit."""
    top = max(peak["height_m"] for peak in place.facts["peaks"])
    bend, limit = 0.8 * top, 0.97 * top
    return np.where(height > bend, bend + (limit - bend) * np.tanh((height - bend) / (limit - bend)), height)


def raise_peaks(place, height):
    """Return the terrain with the named summits at their heights."""
    top = max(peak["height_m"] for peak in place.facts["peaks"])
    for peak in place.facts["peaks"]:
        distance = place.distance_km([[peak["lon"], peak["lat"]]])
        summit = np.unravel_index(np.argmin(distance), distance.shape)
        missing = peak["height_m"] - height[summit]
        height = height + missing * np.exp(-((distance / peak["width_km"]) ** 1.3))
    return np.minimum(height, top)


def flatten_lakes(place, height):
    """Return the terrain with level lakes and shores that rise gently from them."""
    for lake in place.facts.get("lakes", []):
        on_lake = place.inside(rounded(lake["ring"]))
        if not on_lake.any():
            continue
        shore_km = distance_transform_edt(~on_lake) * place.grid.cell_size_m / 1000
        share = np.exp(-shore_km / 2)
        height = np.where(on_lake, lake["level_m"], height + share * (lake["level_m"] + 5 - height))
    return height


def slope_degrees(elevation_m, cell_size_m):
    """Return the steepness of every cell in degrees, by central differences."""
    down, across = np.gradient(elevation_m.astype(float), cell_size_m)
    return np.degrees(np.arctan(np.hypot(down, across)))
