"""The outlines of countries, checked once, and geometry all border functions share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from corridors.errors import InputError, raise_all
from corridors.grid import geodesic_area_km2

if TYPE_CHECKING:
    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

OTHER = "other"
ALPHA_2 = re.compile(r"[A-Z]{2}")


def country_outlines(countries: gpd.GeoDataFrame, *, crs: CRS | None = None) -> gpd.GeoSeries:
    """Return one outline per country, indexed by ISO alpha-2 code in alphabetical order.

    Parameters
    ----------
    countries : GeoDataFrame
        Column `country` and polygons; several rows of one country are joined.
    crs : pyproj.CRS, optional
        The CRS the countries must have.

    Raises
    ------
    InputError
        I202 another CRS, I203 none, I225 a broken outline, I260 no column `country`, I261 a code that is
        not ISO alpha-2.
    """
    if "country" not in countries:
        given = ", ".join(map(str, countries.columns))
        raise InputError("has no column country", code="I260", where="countries", given=given)
    require_crs(countries, crs, "countries")
    wrong = [code for code in countries["country"].unique() if not ALPHA_2.fullmatch(str(code))]
    broken = countries.loc[~countries.geometry.is_valid, "country"].unique()
    what = "is no ISO alpha-2 country code"
    problems = [InputError(what, code="I261", where="countries", given=repr(code)) for code in wrong]
    remedy = "Mend the polygon, for instance with Fix geometries in QGIS."
    problems += [
        InputError("the outline crosses itself", code="I225", where=f"country {code}", remedy=remedy)
        for code in broken
    ]
    raise_all(problems)
    outlines = countries[["country", "geometry"]].set_index("country").geometry
    if not outlines.index.is_unique:
        outlines = outlines.groupby(level=0).agg(lambda parts: shapely.union_all(parts.to_numpy()))
        outlines = gpd.GeoSeries(outlines, crs=countries.crs)
    return outlines.sort_index()


def require_crs(frame: gpd.GeoDataFrame, crs: CRS | None, where: str) -> None:
    """Refuse vectors without a CRS or, where `crs` is given, of another one."""
    if frame.crs is None:
        raise InputError("has no CRS", code="I203", where=where, remedy="Set assume_crs.")
    if crs is not None and frame.crs != crs:
        given, allowed = frame.crs.name, crs.name
        raise InputError("lies in another CRS", code="I202", where=where, given=given, allowed=allowed)


def by_id(frame: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    """Return the frame indexed by its id, whether that stands in a column or in the index already."""
    return frame.set_index(name) if name in frame.columns else frame.rename_axis(index=name)


def parts_of(geometry: BaseGeometry, dimension: int) -> BaseGeometry:
    """Return the points (0), lines (1) or polygons (2) of a geometry, as one multi-part geometry."""
    parts = shapely.get_parts(geometry)
    while np.any(shapely.get_type_id(parts) >= 4):
        parts = shapely.get_parts(parts)
    kept = [part for part in parts if not part.is_empty and shapely.get_dimensions(part) == dimension]
    kinds = (shapely.MultiPoint, shapely.MultiLineString, shapely.MultiPolygon)
    return kinds[dimension](kept)


def area_km2(geometry: BaseGeometry, crs: CRS) -> float:
    """Return the geodesic area of the polygons in a geometry."""
    # On the ellipsoid an area has the sign of its ring's direction: normalize turns all parts the same way.
    return geodesic_area_km2(shapely.normalize(parts_of(geometry, 2)), crs)


def border_name(country_a: str, country_b: str) -> str:
    """Return the name of a border, the same from either side.

    Examples
    --------
    >>> border_name("RU", "CN")
    'CN-RU'
    """
    return "-".join(sorted((country_a, country_b)))
