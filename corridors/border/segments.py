"""The stretches of border inside corridors: where to look on the ground, in which order."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from corridors.border.lines import border_lines
from corridors.border.outlines import by_id, parts_of, require_crs
from corridors.border.surroundings import SURROUNDINGS, surroundings
from corridors.grid import Grid, geodesic_length_km
from corridors.schema import VECTORS

if TYPE_CHECKING:
    from collections.abc import Iterable

    import xarray as xr
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Slacks = Iterable[tuple[int, tuple[slice, slice], NDArray[np.float64]]]


def border_segments(
    corridors: gpd.GeoDataFrame,
    countries: gpd.GeoDataFrame,
    *,
    current: xr.DataArray | None = None,
    slacks: Slacks = (),
    position_error_km: float = 1.0,
    settlements: gpd.GeoDataFrame | None = None,
    roads: gpd.GeoDataFrame | None = None,
    protected_areas: gpd.GeoDataFrame | None = None,
) -> gpd.GeoDataFrame:
    """Return the stretches of each border inside each corridor, those with the largest current first.

    Stretches of one border in one corridor that lie nearer to each other than the position error are one: at
    this scale they cannot be told apart.

    Parameters
    ----------
    corridors : GeoDataFrame
        Polygons with `link_id` as index or column.
    countries : GeoDataFrame
        Column `country` (ISO alpha-2) and polygons, in the same CRS.
    current : DataArray, optional
        Current within corridors, from `corridor_currents`.
    slacks : iterable of (link_id, window, slack)
        From `slack_of_links`, if at hand; `current` tells the grid.
    position_error_km : float
        As for `border_crossings`.
    settlements, roads, protected_areas
        As for `surroundings`.

    Returns
    -------
    GeoDataFrame
        Lines indexed by `segment_id`: `link_id`, `border`, `country_a`, `country_b`, `rank`, `length_km`
        (geodesic), `max_current` in a cell the stretch runs through, of 1 A between the two cores;
        `least_slack_m`, what a way through it costs more than the least-cost path at least; the columns of
        `surroundings`; `position_error_km`.

    Raises
    ------
    InputError
        I202 CRS differ; and as `country_outlines`.
    """
    corridors, borders = by_id(corridors, "link_id"), border_lines(countries)
    require_crs(borders, corridors.crs, "countries")
    rows: list[tuple[object, ...]] = []
    for link_id, polygon in corridors.geometry.items():
        for border in borders[borders.intersects(polygon)].itertuples():
            within = shapely.difference(shapely.intersection(border.geometry, polygon), polygon.boundary)
            of_border = link_id, border.border, border.country_a, border.country_b
            lines = _stretches(parts_of(within, 1), 1000 * position_error_km)
            rows += [(*of_border, line) for line in lines]
    names = ["link_id", "border", "country_a", "country_b", "geometry"]
    found = gpd.GeoDataFrame(rows, columns=names, geometry="geometry", crs=corridors.crs)
    found["length_km"] = [geodesic_length_km(line, corridors.crs) for line in found.geometry]
    found = found[found["length_km"] > 0].reset_index(drop=True)
    found["position_error_km"] = float(position_error_km)
    found["max_current"] = _largest(found, current)
    found["least_slack_m"] = _least_slack(found, slacks, current)
    near = surroundings(
        found, countries, settlements=settlements, roads=roads, protected_areas=protected_areas
    )
    found[list(SURROUNDINGS)] = near
    return _ranked(found)


def _ranked(found: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return stretches in order: largest current, least slack, longest; numbered from 1."""
    keys = {
        "current": -found["max_current"].round(9),
        "slack": found["least_slack_m"].round(3),
        "length": -found["length_km"].round(6),
    }
    order = pd.DataFrame(keys).sort_values(list(keys), kind="stable", na_position="last").index
    found = found.loc[order].reset_index(drop=True)
    numbers = np.arange(1, len(found) + 1)
    found = found.assign(segment_id=numbers, rank=numbers)
    return found[[*VECTORS["border_segments"].columns, "geometry"]].set_index("segment_id")


def _stretches(lines: BaseGeometry, together_m: float) -> list[BaseGeometry]:
    """Return lines in groups no two of which lie nearer to each other than a distance."""
    parts = shapely.get_parts(shapely.line_merge(lines))
    if not len(parts):
        return []
    areas = shapely.get_parts(shapely.union_all(shapely.buffer(parts, max(together_m, 1e-3) / 2)))
    area = shapely.STRtree(areas).nearest(parts)
    return [shapely.MultiLineString(list(parts[area == number])) for number in np.unique(area)]


def _cells_on(line: BaseGeometry, grid: Grid) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return rows and columns of the cells a line runs through or beside."""
    xy = shapely.get_coordinates(shapely.segmentize(line, grid.cell_size_m / 4))
    left, _, _, top = grid.bounds
    half = grid.cell_size_m / 2
    around = np.concatenate([xy + shift for shift in ((-half, 0), (half, 0), (0, -half), (0, half))])
    columns = np.floor((around[:, 0] - left) / grid.cell_size_m).astype(np.int64)
    rows = np.floor((top - around[:, 1]) / grid.cell_size_m).astype(np.int64)
    kept = (rows >= 0) & (columns >= 0) & (rows < grid.shape[0]) & (columns < grid.shape[1])
    return rows[kept], columns[kept]


def _largest(found: gpd.GeoDataFrame, current: xr.DataArray | None) -> NDArray[np.float64]:
    """Return the largest current on every stretch; not a number where none is known."""
    if current is None:
        return np.full(len(found), math.nan)
    grid, values = Grid.of(current), current.to_numpy()
    met = [values[_cells_on(line, grid)] for line in found.geometry]
    return np.array([np.nanmax(v) if np.isfinite(v).any() else math.nan for v in met], dtype=np.float64)


def _least_slack(
    found: gpd.GeoDataFrame, slacks: Slacks, current: xr.DataArray | None
) -> NDArray[np.float64]:
    """Return the least slack on every stretch; not a number where none is known."""
    least = np.full(len(found), math.nan)
    if current is None:
        return least
    grid = Grid.of(current)
    for link_id, (rows, columns), slack in slacks:
        for number in np.flatnonzero(found["link_id"].to_numpy() == link_id):
            row, column = _cells_on(found.geometry.iloc[number], grid)
            within = (row >= rows.start) & (row < rows.stop)
            within &= (column >= columns.start) & (column < columns.stop)
            met = slack[row[within] - rows.start, column[within] - columns.start]
            if len(met) and np.isfinite(met).any():
                least[number] = max(float(np.nanmin(met)), 0.0)
    return least
