"""Who and what lies inside a proposal, and how large it is, per country and jointly."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from corridors.border.outlines import OTHER, area_km2, parts_of
from corridors.grid import geodesic_length_km
from corridors.layers.rasterise import burn_polygons
from corridors.studies.proposals.kinds import POLYGONS
from corridors.studies.proposals.measures import JOINT, by_country

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from corridors.studies.proposals.change import Landscape

CROPLAND = (1,)
"""Classes of the land cover that are fields, in the legend of the shipped workflows [P]."""
IDENTITY = ("area_km2", "new_protected_km2")
PEOPLE = ("population", "settlements_n", "cropland_km2", "roads_km", "rail_km")


def people(
    landscape: Landscape,
    parts: gpd.GeoDataFrame,
    *,
    codes: Sequence[str],
    cropland: tuple[int, ...] = CROPLAND,
) -> pd.DataFrame:
    """Return the area of a proposal and what lies in it, indexed by `country`.

    Parameters
    ----------
    landscape : Landscape
        As it is.
    parts : GeoDataFrame
        Rows of one proposal; none gives the rows of the landscape as it is.
    codes : sequence of str
        The countries there is a row for, beside the joint one.
    cropland : tuple of int
        Classes of `landcover` that are fields.

    Returns
    -------
    DataFrame
        Columns `IDENTITY` and `PEOPLE`. NaN where a layer is missing, where none of the settlements inside
        has a known population, and for a proposal without an area. Areas of land are geodesic.
    """
    codes = [*codes, JOINT]
    areas = parts[parts.geometry.geom_type.isin(POLYGONS)]
    table = pd.DataFrame(math.nan, index=pd.Index(codes, name="country"), columns=[*IDENTITY, *PEOPLE])
    if not len(areas):
        return table
    areas = areas.assign(geometry=shapely.intersection(areas.geometry.to_numpy(), landscape.reporting_area))
    whole = shapely.union_all(areas.geometry.to_numpy())
    new = newly_protected(landscape, areas)
    fields = cropland_km2(landscape, areas, cropland)
    for code in codes:
        place = whole if code == JOINT else shapely.intersection(whole, outline_of(landscape, code))
        table.loc[code, "area_km2"] = area_km2(place, landscape.grid.crs)
        part = new if code == JOINT or new is None else shapely.intersection(new, outline_of(landscape, code))
        table.loc[code, "new_protected_km2"] = (
            math.nan if part is None else area_km2(part, landscape.grid.crs)
        )
        table.loc[code, ["population", "settlements_n"]] = settled(landscape, place)
        table.loc[code, "cropland_km2"] = fields.get(code, math.nan)
        table.loc[code, "roads_km"] = length_km(landscape, "roads", place)
        table.loc[code, "rail_km"] = length_km(landscape, "railways", place)
    return table


def outline_of(landscape: Landscape, code: str) -> BaseGeometry:
    """Return the outline of a country."""
    countries = landscape.context["countries"]
    if code == OTHER:
        return shapely.difference(landscape.reporting_area, shapely.union_all(countries.geometry.to_numpy()))
    return shapely.union_all(countries.loc[countries["country"] == code].geometry.to_numpy())


def newly_protected(landscape: Landscape, areas: gpd.GeoDataFrame) -> BaseGeometry | None:
    """Return the land that would be protected and is not; None without a layer of protected areas."""
    if landscape.protected is None:
        return None
    proposed = shapely.union_all(areas[areas["kind"] == "protect"].geometry.to_numpy())
    known = shapely.union_all(landscape.protected.geometry.to_numpy())
    return parts_of(shapely.difference(proposed, known), 2)


def settled(landscape: Landscape, place: BaseGeometry) -> tuple[float, float]:
    """Return the people and the settlements of a place; a population of 0 is unknown, not nobody."""
    if "settlements" not in landscape.context:
        return math.nan, math.nan
    settlements = landscape.context["settlements"]
    here = settlements[settlements.intersects(place)]
    known = here.loc[here["population"] > 0, "population"]
    people_n = math.nan if len(here) and not len(known) else float(known.sum())
    return people_n, float(len(here))


def cropland_km2(
    landscape: Landscape, areas: gpd.GeoDataFrame, cropland: tuple[int, ...]
) -> dict[str, float]:
    """Return the fields inside, per country and jointly; nothing without a layer of land cover."""
    if "landcover" not in landscape.layers:
        return {}
    inside = burn_polygons(areas.geometry.to_list(), landscape.grid)
    fields = np.isin(landscape.layers["landcover"].values, cropland)
    return by_country(landscape, inside & fields)


def length_km(landscape: Landscape, layer: str, place: BaseGeometry) -> float:
    """Return the length of the lines of a layer in a place; NaN without the layer."""
    if layer not in landscape.context:
        return math.nan
    lines = landscape.context[layer].geometry
    inside = shapely.intersection(lines[lines.intersects(place)].to_numpy(), place)
    return sum(geodesic_length_km(parts_of(line, 1), landscape.grid.crs) for line in inside)
