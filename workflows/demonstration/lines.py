"""Roads, railways, rivers and towns."""

from __future__ import annotations

import itertools

import shapely
from rasterio.features import rasterize

from demonstration.shapes import frame, wind

ROAD_CLASSES = {"primary": 1, "trunk": 2, "motorway": 3}


def roads(facts):
    """Return main roads, one row per stretch between two named points."""
    rows, shapes = [], []
    for road in facts["roads"]:
        stops = [where(facts, stop) for stop in road["through"]]
        for start, end in itertools.pairwise(stops):
            rows.append({"class": road["class"], "brunnel": road.get("brunnel", "")})
            shapes.append(wind(start, end))
    return frame(rows, [shapely.MultiLineString([shape]) for shape in shapes])


def railways(facts):
    """Return railways, one row per stretch; they keep a little off the road."""
    shapes = []
    for line in facts.get("railways", []):
        stops = [where(facts, stop) for stop in line["through"]]
        shapes += [wind(start, end, salt=7) for start, end in itertools.pairwise(stops)]
    return frame({"class": ["rail"] * len(shapes)}, shapes)


def where(facts, stop):
    """Return the place of a stop: a town's name or a longitude and latitude."""
    if not isinstance(stop, str):
        return tuple(stop)
    town = next(town for town in facts["towns"] if town["city"] == stop)
    return town["lon"], town["lat"]


def rivers(facts):
    """Return main rivers."""
    rows = [{"name": r["name"], "scalerank": r["scalerank"], "featurecla": "River"} for r in facts["rivers"]]
    return frame(rows, [shapely.LineString(river["line"]) for river in facts["rivers"]])


def waterways(facts):
    """Return the same rivers as the waterways layer names them."""
    found = rivers(facts)
    return found.assign(**{"class": "river"})[["class", "geometry"]]


def settlements(facts):
    """Return towns and villages with their country, state and population."""
    columns = ("city", "country_code", "state", "population")
    rows = [{column: town[column] for column in columns} for town in facts["towns"]]
    return frame(rows, [shapely.Point(town["lon"], town["lat"]) for town in facts["towns"]])


def road_classes(place):
    """Return the highest road class in every cell: 0 none, 1 primary, 2 trunk, 3 motorway."""
    lines = roads(place.facts).to_crs(place.grid.crs)
    ranked = sorted(
        zip(lines["class"].map(ROAD_CLASSES), lines.geometry, strict=True), key=lambda pair: pair[0]
    )
    return rasterize(
        [(shape, rank) for rank, shape in ranked],
        out_shape=place.grid.shape,
        transform=place.grid.transform,
        all_touched=True,
        dtype="uint8",
    )
