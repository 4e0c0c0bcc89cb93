"""What part of a core, corridor or link lies in which country."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from shapely.ops import substring

from corridors.barriers import costs_along
from corridors.border.outlines import OTHER, area_km2, by_id, country_outlines, parts_of, require_crs
from corridors.border.travel import ON_THE_BORDER_M, Atlas, stretches
from corridors.errors import InputError
from corridors.grid import Grid, geodesic_length_km
from corridors.schema import TABLES

if TYPE_CHECKING:
    import geopandas as gpd
    import xarray as xr
    from numpy.typing import NDArray
    from pyproj import CRS
    from shapely.geometry import LineString
    from shapely.geometry.base import BaseGeometry

    from corridors.barriers import EdgeCosts

    Array = NDArray[np.float64]

# Shares below this are dust of the overlay, not land.
SMALLEST_SHARE = 1e-9


def country_shares(features: gpd.GeoDataFrame, countries: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the area or length of each feature in each country.

    Parameters
    ----------
    features : GeoDataFrame
        Polygons or lines, all of one kind, with their id as index or column (`core_id`, `link_id`).
    countries : GeoDataFrame
        Column `country` (ISO alpha-2) and polygons, in the same CRS.

    Returns
    -------
    DataFrame
        One row per feature and country it lies in, largest share first: id, `country` ("other" outside all
        countries), `area_km2` or `length_km` (geodesic), `share_percent`, which sums to 100 per feature.
        Where outlines overlap, land counts for the first country in alphabetical order. The cost of a link
        per country is the matter of `link_shares`.

    Raises
    ------
    InputError
        I262 features that are neither polygons nor lines, or both; and as `country_outlines`.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> land = gpd.GeoDataFrame({"country": ["AA"], "geometry": [box(4e5, 5e6, 5e5, 5.1e6)]}, crs=32652)
    >>> core = gpd.GeoDataFrame({"core_id": [1], "geometry": [box(49e4, 5e6, 51e4, 5.1e6)]}, crs=32652)
    >>> country_shares(core, land)[["country", "share_percent"]].round(3).values.tolist()
    [['AA', 50.0], ['other', 50.0]]
    """
    outlines = country_outlines(countries, crs=features.crs)
    dimension = _dimension(features)
    identity = next(
        (name for name in ("core_id", "link_id") if name in features), features.index.name or "id"
    )
    atlas = Atlas.of(outlines)
    rows = []
    for key, geometry in by_id(features, identity).geometry.items():
        if dimension == 2:
            sizes = _areas(geometry, outlines, features.crs)
        else:
            sizes = _lengths(geometry, atlas, features.crs)
        total = sum(sizes.values())
        kept = {country: size for country, size in sizes.items() if size > SMALLEST_SHARE * total}
        whole = sum(kept.values())
        rows += [(key, c, kept[c], 100 * kept[c] / whole) for c in _largest_first(kept)]
    return pd.DataFrame(
        rows, columns=[identity, "country", ("length_km", "area_km2")[dimension - 1], "share_percent"]
    )


def link_shares(
    links: gpd.GeoDataFrame,
    res: xr.DataArray,
    countries: gpd.GeoDataFrame,
    *,
    barriers: EdgeCosts | None = None,
    protected_areas: gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """Return the length and the cost of each link in each country.

    Each path is walked step by step. A step from cell i to cell j costs (R_i + R_j) / 2 times its length,
    half of it in either cell, so the cost is cut where the border cuts the path, within a cell too. What a
    step pays at barriers is charged halfway along it, to the country that place lies in; where that place is
    the border itself, as for a fence along it, to both sides alike.

    Parameters
    ----------
    links : GeoDataFrame
        Least-cost paths through the centres of cells, with `link_id` as index or column.
    res : DataArray
        Resistance, the raster the paths were found on.
    countries : GeoDataFrame
        Column `country` (ISO alpha-2) and polygons, in the same CRS.
    barriers : EdgeCosts, optional
        Those the paths were found with.
    protected_areas : GeoDataFrame, optional
        Polygons in the same CRS; overlaps count once.

    Returns
    -------
    DataFrame
        One row per link and country, largest share first: `link_id`, `country`, `length_km` (geodesic),
        `cost_m` (metres of ideal habitat), `share_percent` of the length, which sums to 100 per link, and
        `protected_km`, the length in protected areas; empty without them.

    Raises
    ------
    InputError
        I202 links in another CRS, I263 a path that is not one of this raster; and as `country_outlines`.
    """
    grid = Grid.of(res)
    require_crs(links, grid.crs, "links")
    atlas = Atlas.of(country_outlines(countries, crs=grid.crs))
    values = res.to_numpy()
    if protected_areas is not None:
        require_crs(protected_areas, grid.crs, "protected areas")
    cover = None if protected_areas is None else shapely.union_all(protected_areas.geometry.to_numpy())
    rows = []
    for link_id, path in by_id(links, "link_id").geometry.items():
        along, cost, tolls = _cost_along(path, values, grid, f"link {link_id}", barriers)
        lengths, costs = _lengths(path, atlas, grid.crs), dict.fromkeys((*atlas.codes, OTHER), 0.0)
        for country, start, end in stretches(path, atlas):
            costs[country] += float(np.interp(end, along, cost) - np.interp(start, along, cost))
            costs[country] += _tolls_within(start, end, along[1::2], tolls)
        total, protected = sum(lengths.values()), _protected_lengths(path, atlas, grid.crs, cover)
        rows += [
            (link_id, c, lengths[c], costs[c], 100 * lengths[c] / total, protected[c])
            for c in _largest_first(lengths)
        ]
    return pd.DataFrame(rows, columns=list(TABLES["link_countries"].columns))


def _dimension(features: gpd.GeoDataFrame) -> int:
    dimensions = np.unique(shapely.get_dimensions(features.geometry.to_numpy()))
    if not len(dimensions):
        return 2
    if len(dimensions) > 1 or dimensions[0] not in (1, 2):
        given = ", ".join(sorted(features.geom_type.astype(str).unique()))
        raise InputError(
            "shares need polygons or lines, not both", code="I262", where="features", given=given
        )
    return int(dimensions[0])


def _areas(geometry: BaseGeometry, outlines: gpd.GeoSeries, crs: CRS) -> dict[str, float]:
    """Return the area in each country: each takes its part of what the earlier ones left."""
    areas, rest = {}, geometry
    for country, outline in outlines.items():
        if shapely.intersects(rest, outline):
            areas[str(country)] = area_km2(shapely.intersection(rest, outline), crs)
            rest = parts_of(shapely.difference(rest, outline), 2)
    areas[OTHER] = area_km2(rest, crs)
    return areas


def _lengths(geometry: BaseGeometry, atlas: Atlas, crs: CRS) -> dict[str, float]:
    lengths: dict[str, float] = {}
    for path in shapely.get_parts(geometry):
        for country, start, end in stretches(path, atlas):
            length = geodesic_length_km(substring(path, start, end), crs)
            lengths[country] = lengths.get(country, 0.0) + length
    return lengths


def _protected_lengths(
    path: LineString, atlas: Atlas, crs: CRS, cover: BaseGeometry | None
) -> dict[str, float]:
    """Return the length of a path in protected areas, per country; not a number without them."""
    unknown = 0.0 if cover is not None else math.nan
    lengths = dict.fromkeys((*atlas.codes, OTHER), unknown)
    if cover is not None:
        for country, start, end in stretches(path, atlas):
            inside = parts_of(shapely.intersection(substring(path, start, end), cover), 1)
            lengths[country] += geodesic_length_km(inside, crs)
    return lengths


def _largest_first(sizes: dict[str, float]) -> list[str]:
    # Rounded, so that equal shares stand in alphabetical order whatever their last digit.
    return sorted(sizes, key=lambda country: (-round(sizes[country], 9), country))


def _cost_along(
    path: LineString, values: NDArray[np.floating], grid: Grid, where: str, barriers: EdgeCosts | None
) -> tuple[Array, Array, Array]:
    """Return distances along a path at every centre and halfway between, and the cost run up to each.

    Last comes what every step pays at barriers.
    """
    rows, columns = path_cells(path, grid, where)
    met = values[rows, columns].astype(float)
    if not np.isfinite(met).all():
        what, remedy = (
            "the path runs over cells without resistance",
            "Use the raster the links were found on.",
        )
        raise InputError(what, code="I263", where=where, remedy=remedy)
    half = np.hypot(np.diff(rows), np.diff(columns)) * grid.cell_size_m / 2
    halves = np.repeat(half, 2)
    costs = halves * np.stack([met[:-1], met[1:]], axis=1).ravel()
    tolls = np.zeros(len(half)) if barriers is None else costs_along(barriers, rows, columns)
    return np.concatenate([[0.0], np.cumsum(halves)]), np.concatenate([[0.0], np.cumsum(costs)]), tolls


def _tolls_within(start: float, end: float, places: Array, tolls: Array) -> float:
    """Return what is paid within a stretch; half of what is paid at either end of it, on the border."""
    inside = (places > start + ON_THE_BORDER_M) & (places < end - ON_THE_BORDER_M)
    at_ends = (np.abs(places - start) <= ON_THE_BORDER_M) | (np.abs(places - end) <= ON_THE_BORDER_M)
    return float(tolls[inside].sum() + tolls[at_ends].sum() / 2)


def path_cells(path: LineString, grid: Grid, where: str) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return rows and columns of every cell a path steps on; corners in a straight run may be left out.

    Raises
    ------
    InputError
        I263 a path that does not step from cell to cell of this raster.
    """
    corners = shapely.get_coordinates(path)
    left, _, _, top = grid.bounds
    exact = (np.array([top, -left]) + corners[:, ::-1] * (-1, 1)) / grid.cell_size_m - 0.5  # row, column
    cells = np.rint(exact).astype(int)
    moves = np.diff(cells, axis=0)
    steps = np.abs(moves).max(axis=1)
    straight = ((moves == 0) | (np.abs(moves) == steps[:, None])).all()
    on_grid = ((cells >= 0) & (cells < grid.shape)).all()
    if not (straight and on_grid and np.abs(exact - cells).max() < 1e-3):
        what = "the path does not step from cell to cell of the resistance raster"
        raise InputError(what, code="I263", where=where, remedy="Use the raster the links were found on.")
    runs = [
        a + np.outer(np.arange(n), np.sign(move))
        for a, move, n in zip(cells, moves, steps, strict=False)
        if n
    ]
    walked = np.concatenate([*runs, cells[-1:]])
    return walked[:, 0], walked[:, 1]
