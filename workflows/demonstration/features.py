"""Borders, parks, roads, railways, rivers, lakes and towns as vectors in longitude and latitude."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Transformer
from demonstration.noise import hashed
from rasterio.features import rasterize

from corridors.grid import WGS84, geodesic_area_km2

NOTICE = "stylised, not a legal boundary"
DECIMALS = 5
PRECISION = 10.0**-DECIMALS
ROAD_CLASSES = {"primary": 1, "trunk": 2, "motorway": 3}
BEND_SPACING_DEG = 0.04


def frame(rows, geometries):
    """Return a GeoDataFrame in longitude and latitude, coordinates rounded to a metre."""
    shapes = [shapely.transform(g, lambda points: np.round(points, DECIMALS)) for g in geometries]
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=WGS84)


# ---------------------------------------------------------------- countries


def sea(facts):
    """Return the sea, islands left out; empty where a landscape has none."""
    ring = facts.get("sea", [])
    if not ring:
        return shapely.Polygon()
    corners = [np.asarray(corner) for corner in [*ring, ring[0]]]
    coast = [wind(a, b, sway_deg=0.03) for a, b in zip(corners, corners[1:], strict=False)]
    outline = np.concatenate([np.round(piece.coords[:-1], DECIMALS) for piece in coast])
    islands = [shapely.Polygon(island) for island in facts.get("islands", [])]
    return shapely.Polygon(outline).buffer(0).difference(shapely.union_all(islands))


def rounded(ring):
    """Return the polygon of a ring, its corners cut twice (Chaikin 1974)."""
    points = np.asarray(ring, dtype=float)
    for _ in range(2):
        following = np.roll(points, -1, axis=0)
        points = np.stack([0.75 * points + 0.25 * following, 0.25 * points + 0.75 * following], axis=1)
        points = points.reshape(-1, 2)
    return shapely.Polygon(np.round(points, DECIMALS))


def land(facts):
    """Return the land of the mapped box."""
    return shapely.box(*facts["vector_bounds"]).difference(sea(facts))


def countries(facts):
    """Return one row per country: the pieces the borders cut the land into, named by a point inside."""
    lines = [shapely.LineString(border["line"]) for border in facts["borders"]]
    edges = shapely.node(shapely.union_all([land(facts).boundary, *lines]))
    pieces = [piece for piece in shapely.get_parts(shapely.polygonize([edges]))]
    pieces = [piece for piece in pieces if land(facts).covers(piece.representative_point())]
    rows, shapes = [], []
    for country in facts["countries"]:
        own = [p for p in pieces if any(p.covers(shapely.Point(at)) for at in country["contains"])]
        rows.append({key: country[key] for key in ("name", "iso_a3", "pop_est")})
        shapes.append(as_multi(shapely.union_all(own)))
    return frame(rows, shapes)


def as_multi(shape):
    """Return a polygon as a multipolygon, so that a layer has one geometry type."""
    return shape if shape.geom_type == "MultiPolygon" else shapely.MultiPolygon([shape])


def boundary_lines(facts):
    """Return the land borders; the part through Lake Khanka is left out."""
    shown = [border for border in facts["borders"] if border.get("shown", True)]
    rows = [
        {
            "featurecla": f"International boundary ({NOTICE})",
            "adm0_left": border["left"],
            "adm0_right": border["right"],
        }
        for border in shown
    ]
    return frame(rows, [shapely.LineString(border["line"]) for border in shown])


# ---------------------------------------------------------------- protected areas


def protected_areas(place):
    """Return one row per part of a protected area, each with its published area."""
    owners = countries(place.facts).set_index("iso_a3").geometry
    rows, shapes = [], []
    for park in place.facts["parks"]:
        taken = [shape for row, shape in zip(rows, shapes, strict=True) if row["name:en"] in park.get("without", [])]
        room = owners[park["country"]].difference(shapely.union_all(taken))
        for part in park["parts"]:
            rows.append({"class": park["class"], "name": park["name"], "name:en": park["name_en"]})
            rows[-1]["name:latin"] = park["name_en"]
            shapes.append(belt_of_area(place, part["line"], part["area_km2"], room))
    return frame(rows, [largest_part(shape) for shape in shapes])


def belt_of_area(place, line, area_km2, room):
    """Return the belt around a line (or point), cut to `room`, whose area is as given (bisection)."""
    points = 1000 * place.project(line)
    spine = shapely.LineString(points) if len(points) > 1 else shapely.Point(points[0])
    to_degrees = degrees_of(place)
    low, high = 0.0, 100_000.0
    for _ in range(24):
        width = (low + high) / 2
        shape = largest_part(shapely.transform(spine.buffer(width, quad_segs=6), to_degrees).intersection(room))
        smaller = shape.is_empty or geodesic_area_km2(shape, WGS84) < area_km2
        low, high = (width, high) if smaller else (low, width)
    return shape


def largest_part(shape):
    """Return the largest polygon of a shape."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return max(parts, key=lambda part: part.area, default=shapely.Polygon())


def degrees_of(place):
    """Return the function that turns metres of the grid into longitude and latitude."""
    back = Transformer.from_crs(place.grid.crs, WGS84, always_xy=True)
    return lambda points: np.column_stack(back.transform(points[:, 0], points[:, 1]))


# ---------------------------------------------------------------- lines and towns


def roads(facts):
    """Return main roads, one row per stretch between two named points."""
    rows, shapes = [], []
    for road in facts["roads"]:
        stops = [where(facts, stop) for stop in road["through"]]
        for start, end in zip(stops, stops[1:], strict=False):
            rows.append({"class": road["class"], "brunnel": road.get("brunnel", "")})
            shapes.append(wind(start, end))
    return frame(rows, [shapely.MultiLineString([shape]) for shape in shapes])


def railways(facts):
    """Return railways, one row per stretch; they keep a little off the road."""
    shapes = []
    for line in facts.get("railways", []):
        stops = [where(facts, stop) for stop in line["through"]]
        shapes += [wind(start, end, salt=7) for start, end in zip(stops, stops[1:], strict=False)]
    return frame({"class": ["rail"] * len(shapes)}, shapes)


def where(facts, stop):
    """Return the place of a stop: a town's name or a longitude and latitude."""
    if not isinstance(stop, str):
        return tuple(stop)
    town = next(town for town in facts["towns"] if town["city"] == stop)
    return town["lon"], town["lat"]


def wind(start, end, *, salt=0, sway_deg=0.012):
    """Return a line from start to end that bends a little, as roads and railways do."""
    start, end = np.asarray(start), np.asarray(end)
    length = float(np.hypot(*(end - start)))
    count = max(int(length / BEND_SPACING_DEG), 1)
    shares = np.linspace(0, 1, count + 1)
    seed = int(abs(start[0]) * 1000) + int(abs(end[1]) * 1000) + salt
    sway = sway_deg * hashed(np.arange(count + 1), 0, seed) * np.sin(np.pi * shares) ** 0.5
    across = np.array([start[1] - end[1], end[0] - start[0]]) / max(length, 1e-9)
    return shapely.LineString(start + shares[:, None] * (end - start) + sway[:, None] * across)


def rivers(facts):
    """Return main rivers."""
    rows = [{"name": r["name"], "scalerank": r["scalerank"], "featurecla": "River"} for r in facts["rivers"]]
    return frame(rows, [shapely.LineString(river["line"]) for river in facts["rivers"]])


def waterways(facts):
    """Return the same rivers as the waterways layer names them."""
    found = rivers(facts)
    return found.assign(**{"class": "river"})[["class", "geometry"]]


def lakes(facts):
    """Return lakes."""
    found = facts.get("lakes", [])
    rows = [{"name": lake["name"], "scalerank": lake["scalerank"], "featurecla": "Lake"} for lake in found]
    return frame(rows, [rounded(lake["ring"]) for lake in found])


def settlements(facts):
    """Return towns and villages with their country, state and population."""
    columns = ("city", "country_code", "state", "population")
    rows = [{column: town[column] for column in columns} for town in facts["towns"]]
    return frame(rows, [shapely.Point(town["lon"], town["lat"]) for town in facts["towns"]])


def road_classes(place):
    """Return the highest road class in every cell: 0 none, 1 primary, 2 trunk, 3 motorway."""
    lines = roads(place.facts).to_crs(place.grid.crs)
    ranked = sorted(zip(lines["class"].map(ROAD_CLASSES), lines.geometry, strict=True), key=lambda pair: pair[0])
    burnt = rasterize(
        [(shape, rank) for rank, shape in ranked],
        out_shape=place.grid.shape,
        transform=place.grid.transform,
        all_touched=True,
        dtype="uint8",
    )
    return burnt
