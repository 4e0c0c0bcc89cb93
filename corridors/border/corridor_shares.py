"""What part of a corridor lies in which country: area, habitat, protected land."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import shapely
from rasterio.features import rasterize

from corridors.border.outlines import OTHER, area_km2, by_id, country_outlines, parts_of, require_crs
from corridors.border.shares import country_shares
from corridors.errors import InputError
from corridors.grid import Grid
from corridors.schema import TABLES

if TYPE_CHECKING:
    import geopandas as gpd
    import xarray as xr
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]


class Cells(NamedTuple):
    """The country of every cell: `whole` its number, from 0, and -1 where a border runs through the cell.

    Of those, `split` is the number of the cell and `fractions` its share in every country (cells, countries),
    which sum to 1. The last country is "other".
    """

    codes: tuple[str, ...]
    whole: Integers
    split: Integers
    fractions: Floats


def corridor_shares(
    corridors: gpd.GeoDataFrame,
    countries: gpd.GeoDataFrame,
    *,
    suit: xr.DataArray | None = None,
    protected_areas: gpd.GeoDataFrame | None = None,
) -> pd.DataFrame:
    """Return the area, the habitat and the protected land of each corridor in each country.

    Parameters
    ----------
    corridors : GeoDataFrame
        Polygons along the edges of cells, as `corridor_polygons` gives, with `link_id` as index or column.
    countries : GeoDataFrame
        Column `country` (ISO alpha-2) and polygons, in the same CRS.
    suit : DataArray, optional
        Suitability 0-1. Cells whose centre lies in the corridor count; one the border runs through is split
        as the border splits its area.
    protected_areas : GeoDataFrame, optional
        Polygons in the same CRS; overlaps count once.

    Returns
    -------
    DataFrame
        Columns of the table "corridor_countries", largest share first: `link_id`, `country` ("other" outside
        all countries), `area_km2` (geodesic), `share_percent` of the area, `habitat_km2` (area times
        suitability on the map, empty without `suit`), `protected_km2` (geodesic, empty without
        `protected_areas`). Each sums to the whole over countries.

    Raises
    ------
    InputError
        I202 CRS differ, I262 corridors that are no polygons; and as `country_outlines`.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> land = {"country": ["AA", "BB"], "geometry": [box(4e5, 5e6, 5e5, 5.1e6), box(5e5, 5e6, 6e5, 5.1e6)]}
    >>> strip = gpd.GeoDataFrame({"link_id": [1], "geometry": [box(49e4, 5e6, 52e4, 5.01e6)]}, crs=32652)
    >>> shares = corridor_shares(strip, gpd.GeoDataFrame(land, crs=32652))
    >>> shares["country"].tolist(), shares["share_percent"].round(2).tolist()
    (['BB', 'AA'], [66.67, 33.33])
    """
    corridors = by_id(corridors, "link_id")
    outlines = country_outlines(countries, crs=corridors.crs)
    if len(corridors) and not set(corridors.geom_type.dropna()) <= {"Polygon", "MultiPolygon"}:
        given = ", ".join(sorted(corridors.geom_type.dropna().unique()))
        raise InputError("a corridor must be a polygon", code="I262", where="corridors", given=given)
    table = country_shares(corridors, countries)
    if protected_areas is not None:
        require_crs(protected_areas, corridors.crs, "protected areas")
    table["habitat_km2"] = _habitat(table, corridors, outlines, suit)
    table["protected_km2"] = _protected(table, corridors, outlines, protected_areas)
    return table[list(TABLES["corridor_countries"].columns)]


def country_cells(outlines: gpd.GeoSeries, grid: Grid) -> Cells:
    """Return the country of every cell, cells on a border split."""
    codes = (*map(str, outlines.index), OTHER)
    whole = np.full(grid.shape, len(codes) - 1, dtype=np.int32)
    shapes = [(outline, number) for number, outline in enumerate(outlines)]
    edges = np.zeros(grid.shape, dtype=np.uint8)
    if shapes:
        # A later shape overwrites an earlier one: reversed, the first in alphabetical order stays.
        rasterize(shapes[::-1], out=whole, transform=grid.transform)
        rims = shapely.boundary(outlines.to_numpy())
        rasterize([(rim, 1) for rim in rims], out=edges, transform=grid.transform, all_touched=True)
    split = np.flatnonzero(edges)
    rows, columns = np.divmod(split, grid.shape[1])
    left, _, _, top = grid.bounds
    size = grid.cell_size_m
    x, y = left + columns * size, top - rows * size
    rest = np.asarray(shapely.box(x, y - size, x + size, y), dtype=object)
    fractions = np.zeros((len(split), len(codes)))
    for number, outline in enumerate(outlines):
        shapely.prepare(outline)
        fractions[:, number] = shapely.area(shapely.intersection(rest, outline)) / size**2
        rest = shapely.difference(rest, outline)
    fractions[:, -1] = np.maximum(1.0 - fractions.sum(axis=1), 0.0)
    whole.ravel()[split] = -1
    return Cells(codes, whole.astype(np.int64), split, fractions)


def _habitat(
    table: pd.DataFrame, corridors: gpd.GeoDataFrame, outlines: gpd.GeoSeries, suit: xr.DataArray | None
) -> list[float]:
    """Return area times suitability for every row of the table."""
    if suit is None:
        return [math.nan] * len(table)
    grid = Grid.of(suit)
    require_crs(corridors, grid.crs, "corridors")
    cells = country_cells(outlines, grid)
    value = np.nan_to_num(suit.to_numpy().astype(float)).ravel() * grid.cell_area_km2
    found: dict[tuple[object, str], float] = {}
    for link_id, polygon in corridors.geometry.items():
        inside = np.zeros(grid.shape, dtype=np.uint8)
        if not polygon.is_empty:
            rasterize([(polygon, 1)], out=inside, transform=grid.transform)
        held = np.flatnonzero(inside.ravel() & (cells.whole.ravel() >= 0))
        sums = np.bincount(cells.whole.ravel()[held], weights=value[held], minlength=len(cells.codes))
        of_split = inside.ravel()[cells.split] * value[cells.split]
        sums = sums + of_split @ cells.fractions
        found |= {(link_id, code): float(total) for code, total in zip(cells.codes, sums, strict=True)}
    return [found[key] for key in zip(table["link_id"], table["country"], strict=True)]


def _protected(
    table: pd.DataFrame,
    corridors: gpd.GeoDataFrame,
    outlines: gpd.GeoSeries,
    protected_areas: gpd.GeoDataFrame | None,
) -> list[float]:
    """Return the protected area for every row of the table."""
    if protected_areas is None:
        return [math.nan] * len(table)
    cover = shapely.union_all(protected_areas.geometry.to_numpy())
    shapely.prepare(cover)
    found: dict[tuple[object, str], float] = {}
    for link_id, polygon in corridors.geometry.items():
        rest = parts_of(shapely.intersection(polygon, cover), 2)
        for code, outline in outlines.items():
            found[link_id, str(code)] = _area(shapely.intersection(rest, outline), corridors)
            rest = parts_of(shapely.difference(rest, outline), 2)
        found[link_id, OTHER] = _area(rest, corridors)
    return [found[key] for key in zip(table["link_id"], table["country"], strict=True)]


def _area(geometry: BaseGeometry, like: gpd.GeoDataFrame) -> float:
    return 0.0 if geometry.is_empty else area_km2(geometry, like.crs)
