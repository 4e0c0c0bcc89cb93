"""What lies near a crossing or a stretch of border: town, road, and the protected areas on the two sides."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import shapely

from corridors.border.outlines import country_outlines, parts_of, require_crs

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

FACING_KM = 30.0
"""Protected areas further from the place than this do not face each other across it [P]."""
SMALLEST_PART = 0.05
"""Less than this part of a protected area beyond a border is a fault of outlines, no park there [P]."""
SURROUNDINGS = (
    "nearest_town", "nearest_town_km", "nearest_road_km", "parks_a", "parks_b", "parks_apart_km",
)  # fmt: skip


class Park(NamedTuple):
    """The part of a protected area in one country, and its name."""

    name: str
    outline: BaseGeometry


def surroundings(
    places: gpd.GeoDataFrame,
    countries: gpd.GeoDataFrame,
    *,
    settlements: gpd.GeoDataFrame | None = None,
    roads: gpd.GeoDataFrame | None = None,
    protected_areas: gpd.GeoDataFrame | None = None,
    facing_km: float = FACING_KM,
) -> pd.DataFrame:
    """Return what lies near each place on a border.

    Distances are rounded to whole kilometres, or to the position error of the place where that is larger:
    they are no more precise than the place.

    Parameters
    ----------
    places : GeoDataFrame
        Points or lines on a border, with `country_a`, `country_b` and `position_error_km`.
    countries : GeoDataFrame
        Column `country` (ISO alpha-2) and polygons, in the same CRS.
    settlements, roads, protected_areas : GeoDataFrame, optional
        Points with `name`, main roads, polygons with `name` and, where known, `country`: generalised outlines
        reach over borders, and a park is one of its own country only.
    facing_km : float
        How far a protected area may lie to face the place.

    Returns
    -------
    DataFrame
        Indexed as `places`: `nearest_town`, `nearest_town_km`, `nearest_road_km`; `parks_a` and `parks_b`,
        the nearest protected area on the side of either country; `parks_apart_km`, how far these two lie from
        each other. Empty where there is no such layer or nothing in it; no town counts without a name.

    Raises
    ------
    InputError
        I202 CRS differ; and as `country_outlines`.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point, box
    >>> land = {"country": ["AA", "BB"], "geometry": [box(4e5, 5e6, 5e5, 5.1e6), box(5e5, 5e6, 6e5, 5.1e6)]}
    >>> parks = {"name": ["West", "East"]}
    >>> parks["geometry"] = [box(49e4, 5e6, 495e3, 5.1e6), box(5.1e5, 5e6, 5.2e5, 5.1e6)]
    >>> gate = {"country_a": ["AA"], "country_b": ["BB"], "position_error_km": [1.0]}
    >>> place = gpd.GeoDataFrame(gate, geometry=[Point(5e5, 5.05e6)], crs=32652)
    >>> land, parks = (gpd.GeoDataFrame(each, crs=32652) for each in (land, parks))
    >>> surroundings(place, land, protected_areas=parks).iloc[0, 3:].tolist()
    ['West', 'East', 15.0]
    """
    outlines = country_outlines(countries, crs=places.crs)
    layers = {"settlements": settlements, "roads": roads, "protected areas": protected_areas}
    for name, layer in layers.items():
        if layer is not None:
            require_crs(layer, places.crs, name)
    towns = None if settlements is None else settlements[settlements["name"].fillna("") != ""]
    parks = {} if protected_areas is None else _parks_of(protected_areas, outlines)
    rows = []
    columns = (places.geometry, places["country_a"], places["country_b"], places["position_error_km"])
    for place, country_a, country_b, error_km in zip(*columns, strict=True):
        step_km = max(1.0, float(error_km))
        town, town_km = _nearest(place, towns)
        _, road_km = _nearest(place, roads)
        sides = [_facing(place, parks.get(code, []), facing_km) for code in (country_a, country_b)]
        apart_km = math.nan
        if sides[0] is not None and sides[1] is not None:
            apart_km = shapely.distance(sides[0].outline, sides[1].outline) / 1000
        names = ["" if side is None else side.name for side in sides]
        town_km, road_km, apart_km = (step_km * np.round(km / step_km) for km in (town_km, road_km, apart_km))
        rows.append((town, town_km, road_km, *names, apart_km))
    table = pd.DataFrame(rows, columns=list(SURROUNDINGS), index=places.index)
    return table.astype({name: "float64" for name in SURROUNDINGS if name.endswith("_km")})


def _nearest(place: BaseGeometry, layer: gpd.GeoDataFrame | None) -> tuple[str, float]:
    """Return the name of the nearest feature, if it has one, and the distance to it in km."""
    if layer is None or not len(layer):
        return "", math.nan
    distances_m = shapely.distance(layer.geometry.to_numpy(), place)
    at = int(np.argmin(distances_m))
    name = str(layer["name"].iloc[at]) if "name" in layer else ""
    return name, float(distances_m[at]) / 1000


def _parks_of(protected_areas: gpd.GeoDataFrame, outlines: gpd.GeoSeries) -> dict[str, list[Park]]:
    """Return the parts of protected areas in every country."""
    found: dict[str, list[Park]] = {}
    nothing = pd.Series("", protected_areas.index)
    names, owners = (protected_areas.get(column, nothing).fillna("") for column in ("name", "country"))
    whole = shapely.area(protected_areas.geometry.to_numpy())
    for code, outline in outlines.items():
        shapely.prepare(outline)
        parts = shapely.intersection(protected_areas.geometry.to_numpy(), outline)
        kept = [Park(str(n), parts_of(p, 2)) for n, p in zip(names, parts, strict=True)]
        found[str(code)] = [
            park
            for park, area, owner in zip(kept, whole, owners, strict=True)
            if owner in ("", code) and park.outline.area > SMALLEST_PART * area
        ]
    return found


def _facing(place: BaseGeometry, parks: Sequence[Park], facing_km: float) -> Park | None:
    """Return the nearest protected area, named ones first among equally near; None beyond the reach."""
    if not parks:
        return None
    distances_m = [shapely.distance(park.outline, place) for park in parks]
    at = min(range(len(parks)), key=lambda n: (distances_m[n], parks[n].name == "", parks[n].name))
    return parks[at] if distances_m[at] <= 1000 * facing_km else None
