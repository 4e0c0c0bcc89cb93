"""Land cover, forest cover and people per cell."""

from __future__ import annotations

import numpy as np
import shapely

from demonstration.shapes import rounded, sea
from demonstration.terrain import slope_degrees

CLASSES = {
    0: "unclassified / bare or sparse",
    1: "crop",
    2: "grass",
    3: "scrub",
    4: "tree (generalised)",
    5: "forest (dense)",
    6: "snow/ice",
    7: "wetland",
    8: "rock/sand",
    9: "built-up",
    10: "inland water",
    11: "sea",
}
TREES_PER_CLASS = {0: 0.0, 1: 0.05, 2: 0.05, 3: 0.35, 4: 0.75, 5: 0.95, 7: 0.1}
BUILT_UP_PERSONS = 300
PERSONS_PER_KM2 = 4000
COVER_STEP = 0.05


def landcover(place, elevation_m, persons):
    """Return the class per cell: the painted zones in their order, then water, towns and the sea."""
    slope = slope_degrees(elevation_m, place.grid.cell_size_m)
    classes = np.full(place.grid.shape, place.facts["cover_default"], dtype=np.uint8)
    for number, zone in enumerate(place.facts["cover"]):
        classes[in_zone(place, zone, elevation_m, slope, number)] = zone["class"]
    for lake in place.facts.get("lakes", []):
        classes[place.inside(rounded(lake["ring"]))] = 10
    for river in place.facts["rivers"]:
        if river.get("wide", False):
            classes[place.inside(shapely.LineString(river["line"]), all_touched=True)] = 10
    classes[persons >= BUILT_UP_PERSONS] = 9
    classes[place.inside(sea(place.facts))] = 11
    return classes


def in_zone(place, zone, elevation_m, slope, number):
    """Return the cells of a zone: heights, slopes, a belt or ring, and a share of them in patches."""
    low, high = zone.get("heights_m", (-100, 9000))
    edge = zone.get("edge_m", 60) * place.edge
    chosen = (elevation_m >= low + edge) & (elevation_m < high + edge)
    flattest, steepest = zone.get("slopes", (0, 90))
    chosen &= (slope >= flattest) & (slope <= steepest)
    if "line" in zone:
        width = zone["width_km"]
        chosen &= place.distance_km(zone["line"], wobble_km=0.4 * width, salt=90 + number) <= width
    if "ring" in zone:
        chosen &= frayed(place, place.inside(shapely.Polygon(zone["ring"])), number)
    if zone.get("share", 1.0) < 1:
        patches = place.fractal(zone.get("patch_km", 10.0), salt=10 + number)
        chosen &= patches < np.quantile(patches, zone["share"])
    return chosen


def frayed(place, mask, number):
    """Return a mask whose straight edges waver by up to some 5 km."""
    rows, columns = np.indices(mask.shape)
    down = np.rint(50 * place.fractal(20.0, salt=60 + number)).astype(int)
    right = np.rint(50 * place.fractal(20.0, salt=80 + number)).astype(int)
    return mask[np.clip(rows + down, 0, mask.shape[0] - 1), np.clip(columns + right, 0, mask.shape[1] - 1)]


def forest_cover(place, classes):
    """Return the share of every cell under trees, in steps of 0.05."""
    table = np.zeros(12)
    for number, share in TREES_PER_CLASS.items():
        table[number] = share
    typical = table[classes]
    varied = typical + 0.35 * np.sqrt(typical * (1.02 - typical)) * place.fractal(8.0, octaves=3, salt=5)
    steps = np.rint(np.clip(varied, 0, 1) / COVER_STEP)
    return (steps * COVER_STEP).round(2).astype(np.float32)


def persons_per_cell(place):
    """Return people per cell: each town's population, spread over a disc of about 4 000 persons per km²."""
    persons = np.zeros(place.grid.shape)
    on_sea = place.inside(sea(place.facts))
    for town in place.facts["towns"]:
        radius = max(np.sqrt(town["population"] / PERSONS_PER_KM2 / np.pi), 0.3)
        (east, north) = place.project([town["lon"], town["lat"]])[0]
        if place.grid.cell_at(east * 1000, north * 1000) is None:
            continue
        distance = place.distance_km([[town["lon"], town["lat"]]], wobble_km=min(0.5 * radius, 3.0))
        weight = np.clip(1 - (distance / (1.5 * radius)) ** 2, 0, None)
        weight.flat[np.argmin(distance)] += 1e-6
        weight[on_sea] = 0
        persons += np.rint(town["population"] * weight / weight.sum())
    return persons.astype(np.int32)
