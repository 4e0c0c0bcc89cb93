"""Which links cross which border, where, and how long that border is inside the corridor."""

from __future__ import annotations

import math

import geopandas as gpd
import pandas as pd
import shapely

from corridors.border.lines import border_inside, border_lines
from corridors.border.outlines import OTHER, border_name, by_id, country_outlines, require_crs
from corridors.border.shares import country_shares
from corridors.border.travel import Atlas, changes
from corridors.errors import InputError

COLUMNS = (
    "crossing_id", "link_id", "border", "country_a", "country_b", "border_in_corridor_km",
    "position_error_km",
)  # fmt: skip


def border_crossings(
    links: gpd.GeoDataFrame,
    corridors: gpd.GeoDataFrame,
    countries: gpd.GeoDataFrame,
    *,
    position_error_km: float = 1.0,
) -> gpd.GeoDataFrame:
    """Return a point for each place where the path of a link goes from one country into another.

    Each change of country counts once: a path that runs along the border, or through the point where three
    countries meet, crosses where it leaves for good the country it came from; one that only touches the
    border does not cross. Where land of no country lies between two, the crossing is in its middle.

    Parameters
    ----------
    links : GeoDataFrame
        Least-cost paths as lines from `core_a` to `core_b`, with `link_id` as index or column.
    corridors : GeoDataFrame
        Corridor polygons, one per link, with `link_id` as index or column.
    countries : GeoDataFrame
        Column `country` (ISO alpha-2) and polygons, in the same CRS.
    position_error_km : float
        How far off a crossing may be: two cells or the error of the sources, the larger; >= 0. What stands
        there is right for cells of 500 m.

    Returns
    -------
    GeoDataFrame
        Points indexed by `crossing_id` (1, 2, … along the links): `link_id`, `border` ("CN-RU"), `country_a`
        and `country_b` in the order of travel, `border_in_corridor_km` (geodesic; NaN where the link has no
        corridor or the two countries no common border), `position_error_km`.

    Raises
    ------
    InputError
        I202 CRS differ, I264 a position error below 0; and as `country_outlines`.
    """
    if not (math.isfinite(position_error_km) and position_error_km >= 0):
        given = f"{position_error_km:g}"
        raise InputError("must be 0 km or more", code="I264", where="position_error_km", given=given)
    require_crs(corridors, links.crs, "corridors")
    atlas = Atlas.of(country_outlines(countries, crs=links.crs))
    rows: list[tuple[object, ...]] = []
    for link_id, path in by_id(links, "link_id").geometry.items():
        for a, b, at in changes(path, atlas):
            place = shapely.line_interpolate_point(path, at)
            rows.append((len(rows) + 1, link_id, border_name(a, b), a, b, place))
    columns = ["crossing_id", "link_id", "border", "country_a", "country_b", "geometry"]
    crossings = gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs=links.crs)
    crossings["border_in_corridor_km"] = _border_in_corridor_km(crossings, corridors, countries)
    crossings["position_error_km"] = float(position_error_km)
    return crossings[[*COLUMNS, "geometry"]].set_index("crossing_id")


def _border_in_corridor_km(
    crossings: gpd.GeoDataFrame, corridors: gpd.GeoDataFrame, countries: gpd.GeoDataFrame
) -> list[float]:
    borders, corridor_of = border_lines(countries), by_id(corridors, "link_id")
    inside = border_inside(corridor_of, borders, id_name="link_id")
    lengths = inside.set_index(["link_id", "border"])["length_km"].to_dict()
    known = set(borders["border"])
    return [
        lengths.get((link_id, border), 0.0) if link_id in corridor_of.index and border in known else math.nan
        for link_id, border in zip(crossings["link_id"], crossings["border"], strict=True)
    ]


def link_borders(links: gpd.GeoDataFrame, countries: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the countries each link lies in and the borders it crosses, as text.

    Parameters
    ----------
    links : GeoDataFrame
        Least-cost paths as lines from `core_a` to `core_b`, with `link_id` as index or column.
    countries : GeoDataFrame
        Column `country` (ISO alpha-2) and polygons, in the same CRS.

    Returns
    -------
    DataFrame
        Indexed by `link_id`: `countries` ("CN, RU", largest share of the length first) and `borders`
        ("CN-RU, MN-RU", in order from `core_a`; empty where it crosses none).

    Raises
    ------
    InputError
        I202 CRS differ; and as `country_outlines`.
    """
    atlas = Atlas.of(country_outlines(countries, crs=links.crs))
    paths = by_id(links, "link_id").geometry
    borders = [", ".join(border_name(a, b) for a, b, _ in changes(path, atlas)) for path in paths]
    return pd.DataFrame(
        {"countries": countries_text(links, countries, "link_id"), "borders": borders}, index=paths.index
    )


def countries_text(features: gpd.GeoDataFrame, countries: gpd.GeoDataFrame, id_name: str) -> pd.Series[str]:
    """Return the countries of each feature as "CN, RU", largest share first.

    Land of no country is no country: "other" stands alone or not at all.
    """
    indexed = by_id(features, id_name)
    found: dict[object, list[str]] = {identity: [] for identity in indexed.index}
    shares = country_shares(indexed, countries)
    for identity, country in zip(shares[id_name], shares["country"], strict=True):
        if country != OTHER:
            found[identity].append(country)
    texts = [", ".join(names) or OTHER for names in found.values()]
    return pd.Series(texts, index=indexed.index, dtype=object)
