"""Countries, borders, protected areas and lakes."""

from __future__ import annotations

import numpy as np
import shapely
from pyproj import Transformer

from corridors.grid import WGS84, geodesic_area_km2
from demonstration.shapes import frame, land, rounded

NOTICE = "stylised, not a legal boundary"


def countries(facts):
    """Return one row per country: the pieces the borders cut the land into, named by a point inside."""
    lines = [shapely.LineString(border["line"]) for border in facts["borders"]]
    edges = shapely.node(shapely.union_all([land(facts).boundary, *lines]))
    pieces = shapely.get_parts(shapely.polygonize([edges]))
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


def protected_areas(place):
    """Return one row per part of a protected area, each with its published area."""
    owners = countries(place.facts).set_index("iso_a3").geometry
    rows, shapes = [], []
    for park in place.facts["parks"]:
        taken = [
            shape
            for row, shape in zip(rows, shapes, strict=True)
            if row["name:en"] in park.get("without", [])
        ]
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
        shape = largest_part(
            shapely.transform(spine.buffer(width, quad_segs=6), to_degrees).intersection(room)
        )
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


def lakes(facts):
    """Return lakes."""
    found = facts.get("lakes", [])
    rows = [{"name": lake["name"], "scalerank": lake["scalerank"], "featurecla": "Lake"} for lake in found]
    return frame(rows, [rounded(lake["ring"]) for lake in found])
