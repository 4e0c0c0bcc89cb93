"""The borders between countries as lines, and how much of them lies inside a core or a corridor."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely

from corridors.border.outlines import area_km2, border_name, by_id, country_outlines, parts_of, require_crs
from corridors.grid import geodesic_length_km

if TYPE_CHECKING:
    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry


def border_lines(countries: gpd.GeoDataFrame, *, snap_tolerance_m: float = 1.0) -> gpd.GeoDataFrame:
    """Return the land border of each pair of neighbouring countries.

    Parameters
    ----------
    countries : GeoDataFrame
        Column `country` (ISO alpha-2) and polygons.
    snap_tolerance_m : float
        Where two neighbours do not share vertices, their outlines still count as one border where they lie
        this near to each other; the line is then that of the first country, and a note says so.

    Returns
    -------
    GeoDataFrame
        One row per border: `border` ("CN-RU", alphabetical), `country_a`, `country_b`, a (multi)line.
        Countries that touch in a point only have no border. `attrs["notes"]` tells gaps and overlaps.

    Raises
    ------
    InputError
        As `country_outlines`.

    Examples
    --------
    >>> from shapely import box
    >>> two = {"country": ["BB", "AA"], "geometry": [box(5e5, 5e6, 6e5, 5.1e6), box(4e5, 5e6, 5e5, 5.1e6)]}
    >>> lines = border_lines(gpd.GeoDataFrame(two, crs="EPSG:32652"))
    >>> lines.loc[0, "border"], lines.geometry[0].length
    ('AA-BB', 100000.0)
    """
    outlines = country_outlines(countries)
    rows, notes = [], []
    for (a, outline_a), (b, outline_b) in combinations(outlines.items(), 2):
        if not shapely.dwithin(outline_a, outline_b, snap_tolerance_m):
            continue
        line, found = _shared_line(outline_a, outline_b, snap_tolerance_m, countries.crs)
        notes += [f"{border_name(a, b)}: {note}" for note in found]
        if not line.is_empty:
            rows.append({"border": border_name(a, b), "country_a": a, "country_b": b, "geometry": line})
    columns = ["border", "country_a", "country_b", "geometry"]
    lines = gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs=countries.crs)
    lines.attrs["notes"] = tuple(notes)
    return lines


def _shared_line(
    a: BaseGeometry, b: BaseGeometry, tolerance_m: float, crs: CRS
) -> tuple[BaseGeometry, list[str]]:
    notes = []
    shared = parts_of(shapely.intersection(a.boundary, b.boundary), 1)
    if tolerance_m > 0:
        near = shapely.intersection(a.boundary, shapely.buffer(b.boundary, tolerance_m))
        apart = shapely.difference(near, shapely.buffer(shared, 2 * tolerance_m))
        # Near a point where outlines part, a stretch of a few tolerances is near without being a border.
        candidates = shapely.get_parts(parts_of(shapely.line_merge(apart), 1))
        kept = [line for line in candidates if line.length > 10 * tolerance_m]
        if kept:
            length = geodesic_length_km(shapely.MultiLineString(kept), crs)
            notes.append(f"the outlines share no vertices along {length:.3g} km, taken as one border there")
            shared = parts_of(shapely.union_all([shared, *kept]), 1)
    overlap = area_km2(shapely.intersection(a, b), crs)
    if overlap > 1e-6:
        notes.append(f"the outlines overlap by {overlap:.3g} km²")
    return parts_of(shapely.line_merge(shared), 1), notes


def border_inside(polygons: gpd.GeoDataFrame, borders: gpd.GeoDataFrame, *, id_name: str) -> pd.DataFrame:
    """Return the geodesic length of each border inside each polygon.

    A border along the very edge of a polygon is not inside it.

    Parameters
    ----------
    polygons : GeoDataFrame
        Core areas or corridors.
    borders : GeoDataFrame
        From `border_lines`, in the same CRS.
    id_name : str
        Name of the polygons' id: `core_id` or `link_id`.

    Returns
    -------
    DataFrame
        Columns id, `border`, `country_a`, `country_b`, `length_km` (> 0), in the order of the polygons,
        then of the borders.
    """
    require_crs(borders, polygons.crs, "borders")
    columns = [id_name, "border", "country_a", "country_b", "length_km"]
    rows = []
    for identity, polygon in by_id(polygons, id_name).geometry.items():
        met = borders[borders.intersects(polygon)]
        for border in met.itertuples():
            within = shapely.difference(shapely.intersection(border.geometry, polygon), polygon.boundary)
            length_km = geodesic_length_km(parts_of(within, 1), polygons.crs)
            if length_km > 0:
                rows.append((identity, border.border, border.country_a, border.country_b, length_km))
    return pd.DataFrame(rows, columns=columns)
