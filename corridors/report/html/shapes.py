"""Vectors of a result for the page: cut to the grid, simplified, whole metres from its south-west corner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from corridors.report.drawing import POINTS_PER_MM, is_stylised
from corridors.schema import Graduated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geopandas import GeoDataFrame

    from corridors.grid import Bounds
    from corridors.schema import Vector

PIXELS_PER_MM = POINTS_PER_MM * 96 / 72
KINDS = {"Polygon": "Polygon", "Line": "LineString", "Point": "Point"}


@dataclass(frozen=True)
class Look:
    """How a feature is drawn on screen: width of lines and size of points in pixels."""

    colour: str
    width: float
    fill: str | None = None
    opacity: float = 1.0
    dash: bool = False
    size: float = 0.0


def shown_features(
    features: GeoDataFrame, entry: Vector, *, bounds: Bounds, detail_m: float
) -> Iterator[tuple[int, list[Any], Look]]:
    """Yield row number, single geometries and look of every feature in view, the dearest links first.

    Coordinates are whole metres east and north of the lower left corner of `bounds`.
    """
    looks = looks_of(features, entry)
    cut = shapely.clip_by_rect(shapely.force_2d(features.geometry.to_numpy()), *bounds)
    moved = shapely.transform(shapely.simplify(cut, detail_m), lambda xy: np.rint(xy - np.array(bounds[:2])))
    for row in drawing_order(features, entry):
        parts = [p for p in shapely.get_parts(moved[row : row + 1]) if p.geom_type == KINDS[entry.geometry]]
        parts = [part for part in parts if not part.is_empty]
        if parts:
            yield row, parts, looks[row]


def drawing_order(features: GeoDataFrame, entry: Vector) -> list[int]:
    """Return row numbers in the order they are drawn: of links, the cheapest comes last and lies on top."""
    if isinstance(entry.style, Graduated):
        values = features[entry.style.column].to_numpy(dtype=float)
        return [int(row) for row in np.argsort(-values, kind="stable")]
    return list(range(len(features)))


def looks_of(features: GeoDataFrame, entry: Vector) -> list[Look]:
    """Return the look of every feature, from the style of its schema entry; stylised outlines are dashed."""
    style = entry.style
    if isinstance(style, Graduated):
        values = features[style.column].to_numpy(dtype=float)
        uppers = [upper for _, upper, _, _, _ in style.ranges]
        places = np.minimum(np.searchsorted(uppers, values, side="right"), len(uppers) - 1)
        classes = [Look(colour, width * PIXELS_PER_MM) for _, _, colour, width, _ in style.ranges]
        return [classes[place] for place in places]
    width = style.width * PIXELS_PER_MM
    if entry.geometry == "Line":
        return [Look(style.colour, width, dash=style.dash)] * len(features)
    if entry.geometry == "Point":
        return [Look("#ffffff", 1.0, style.colour, size=width)] * len(features)
    fill = style.colour if style.fill else None
    return [
        Look(style.outline, width, fill, style.opacity, bool(style.dash or stylised))
        for stylised in is_stylised(features)
    ]


def geojson(part: Any) -> dict[str, Any]:
    """Return one geometry as GeoJSON, coordinates whole numbers.

    Examples
    --------
    >>> geojson(shapely.Point(1.0, 2.0))
    {'type': 'Point', 'coordinates': [1, 2]}
    """
    if part.geom_type == "Polygon":
        rings = [whole(ring) for ring in shapely.get_rings(part)]
        return {"type": "Polygon", "coordinates": rings}
    if part.geom_type == "MultiLineString":
        return {"type": part.geom_type, "coordinates": [whole(line) for line in part.geoms]}
    points = whole(part)
    return {"type": part.geom_type, "coordinates": points[0] if part.geom_type == "Point" else points}


def whole(geometry: Any) -> list[list[int]]:
    """Return the coordinates of a geometry as whole numbers."""
    listed: list[list[int]] = shapely.get_coordinates(geometry).astype(int).tolist()
    return listed


def svg_path(part: Any, *, height_m: float, scale: float) -> str:
    """Return the `d` of an SVG path: metres from the lower left corner to pixels from the upper left one."""
    rings = shapely.get_rings(part) if part.geom_type == "Polygon" else [part]
    pieces = []
    for ring in rings:
        points = (shapely.get_coordinates(ring) * (1, -1) + (0, height_m)) * scale
        pieces.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points))
    return "".join(pieces) + ("Z" if part.geom_type == "Polygon" else "")
