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

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from corridors.config import People
    from corridors.studies.proposals.change import Landscape

LEAST_PERCENT = 0.5
IDENTITY = ("area_km2", "new_protected_km2")
COUNTS = ("population", "settlements_n", "cropland_km2", "roads_km", "rail_km", "livestock_n")
PEOPLE = (*COUNTS, "tenure")


def people(
    landscape: Landscape, parts: gpd.GeoDataFrame, *, codes: Sequence[str], options: People
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
    options : People
        Which layers hold population, livestock and tenure, and the classes of `landcover` that are fields.

    Returns
    -------
    DataFrame
        Columns `IDENTITY` and `PEOPLE`, of the part in the reporting area. NaN where a layer is missing or
        knows nothing there, and for a proposal without an area; `tenure` is text, empty likewise. Areas of
        land are geodesic.
    """
    codes = [*codes, JOINT]
    areas = parts[parts.geometry.geom_type.isin(POLYGONS)]
    index = pd.Index(codes, name="country")
    if not len(areas):
        return pd.DataFrame(math.nan, index=index, columns=[*IDENTITY, *COUNTS]).assign(tenure="")
    areas = areas.assign(geometry=shapely.intersection(areas.geometry.to_numpy(), landscape.reporting_area))
    whole = shapely.union_all(areas.geometry.to_numpy())
    new = newly_protected(landscape, areas)
    inside = burn_polygons(areas.geometry.to_list(), landscape.grid) & landscape.reported
    fields = cropland_km2(landscape, inside, options.cropland)
    heads = {name: amounts(landscape, layer, inside) for name, layer in density_layers(options).items()}
    rows = []
    for code in codes:
        place = whole if code == JOINT else shapely.intersection(whole, outline_of(landscape, code))
        part = new if code == JOINT or new is None else shapely.intersection(new, outline_of(landscape, code))
        persons, towns = settled(landscape, place)
        rows.append(
            {
                "area_km2": area_km2(place, landscape.grid.crs),
                "new_protected_km2": math.nan if part is None else area_km2(part, landscape.grid.crs),
                "population": heads["population"].get(code, persons),
                "settlements_n": towns,
                "cropland_km2": fields.get(code, math.nan),
                "roads_km": length_km(landscape, "roads", place),
                "rail_km": length_km(landscape, "railways", place),
                "livestock_n": heads["livestock_n"].get(code, math.nan),
                "tenure": held_by(landscape, options.tenure, place),
            }
        )
    return pd.DataFrame(rows, index=index)


def density_layers(options: People) -> dict[str, str | None]:
    """Return the layers of amounts per square kilometre by their column."""
    return {"population": options.population, "livestock_n": options.livestock}


def amounts(landscape: Landscape, layer: str | None, inside: NDArray[np.bool_]) -> dict[str, float]:
    """Return what a raster of amounts per km² holds in some cells, per country and jointly.

    Nothing without the layer; NaN where it has no value in any of the cells.
    """
    if layer is None or layer not in landscape.layers:
        return {}
    density = landscape.layers[layer].values
    known = inside & np.isfinite(density)
    cells, size = landscape.country_cells, landscape.grid.cell_area_km2
    places = {code: cells == label for label, code in landscape.countries.items()}
    places |= {OTHER: cells == 0, JOINT: np.ones_like(inside)}
    found = {code: density[known & place] for code, place in places.items()}
    empty = {code: not (inside & place).any() for code, place in places.items()}
    return {
        code: float(values.sum(dtype=np.float64)) * size if len(values) or empty[code] else math.nan
        for code, values in found.items()
    }


def held_by(landscape: Landscape, layer: str | None, place: BaseGeometry) -> str:
    """Return who holds the land of a place, the largest share first; empty without a layer."""
    if layer is None or layer not in landscape.context or shapely.is_empty(place):
        return ""
    tenure = landscape.context[layer]
    shares = {
        str(name): shapely.area(shapely.intersection(shapely.union_all(shapes.to_numpy()), place))
        for name, shapes in tenure.groupby("name").geometry
    }
    shares["not known"] = shapely.area(place) - sum(shares.values())
    percent = {name: 100 * share / shapely.area(place) for name, share in shares.items()}
    largest = sorted(percent.items(), key=lambda one: -one[1])
    return ", ".join(f"{name} {share:.0f} %" for name, share in largest if share >= LEAST_PERCENT)


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
    """Return the people and the settlements of a place.

    A layer of towns does not list who lives between them: without a known one the people are unknown, and a
    population of 0 is unknown, not nobody.
    """
    if "settlements" not in landscape.context:
        return math.nan, math.nan
    settlements = landscape.context["settlements"]
    here = settlements[settlements.intersects(place)]
    known = here.loc[here["population"] > 0, "population"]
    people_n = float(known.sum()) if len(known) or shapely.is_empty(place) else math.nan
    return people_n, float(len(here))


def cropland_km2(
    landscape: Landscape, inside: NDArray[np.bool_], cropland: tuple[int, ...]
) -> dict[str, float]:
    """Return the fields inside, per country and jointly; nothing without a layer of land cover."""
    if "landcover" not in landscape.layers:
        return {}
    return by_country(landscape, inside & np.isin(landscape.layers["landcover"].values, cropland))


def length_km(landscape: Landscape, layer: str, place: BaseGeometry) -> float:
    """Return the length of the lines of a layer in a place; NaN without the layer."""
    if layer not in landscape.context:
        return math.nan
    lines = landscape.context[layer].geometry
    inside = shapely.intersection(lines[lines.intersects(place)].to_numpy(), place)
    return sum(geodesic_length_km(parts_of(line, 1), landscape.grid.crs) for line in inside)
