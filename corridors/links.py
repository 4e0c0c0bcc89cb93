"""Which core areas are neighbours, and what the way between them costs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy import ndimage
from scipy.spatial import KDTree
from shapely.geometry import LineString

from corridors.cost import cost_allocation, cost_surfaces, label_array, least_cost_path, step_lengths
from corridors.cost.sources import SQUARE
from corridors.errors import ConfigError, InputError
from corridors.grid import Grid, geodesic_length_km, same_grid

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr
    from numpy.typing import NDArray

COLUMNS = (
    "core_a",
    "core_b",
    "cost_distance_m",
    "path_length_km",
    "euclidean_km",
    "cwd_to_euclid",
    "cwd_to_path",
    "path_to_euclid",
    "mean_resistance",
)


def find_links(
    cores: gpd.GeoDataFrame,
    labels: xr.DataArray,
    res: xr.DataArray,
    *,
    max_link_km: float | None = None,
    neighbours: Literal["allocation"] = "allocation",
    through_cores: bool = False,
    surfaces: Mapping[int, xr.DataArray] | None = None,
) -> gpd.GeoDataFrame:
    """Return the least-cost path between every two neighbouring core areas.

    Two cores are neighbours where the cells nearest to one in cost touch those nearest to the other, over
    edges or corners. A path that leads through a third core is two links already, so it is dropped unless
    `through_cores` asks for it.

    Parameters
    ----------
    cores
        Core areas, indexed by `core_id`.
    labels
        `core_id` of every cell, 0 none.
    res
        Resistance, > 0; NaN lets nothing through.
    max_link_km
        Longest least-cost path on the ground; longer links are dropped.
    neighbours
        How neighbours are found.
    through_cores
        Keep links whose path leads through a third core.
    surfaces
        Cost surface of every core, as `cost_surfaces` yields them, if at hand.

    Returns
    -------
    GeoDataFrame
        Indexed by `link_id`, in the order of `core_a` and `core_b`; lines from a cell of `core_a` to a cell
        of `core_b` through the centres of cells. Lengths in km are geodesic; the ratios compare cost, path
        and straight line in metres of the map, so that projection does not enter them. The straight line
        joins the nearest centres of cells. Two cores that touch are one step apart, never 0.

    Raises
    ------
    ConfigError
        C103 an option out of its range.
    InputError
        I201, I202 grids differ; I230 ids of cores, labels and surfaces differ; I211 to I222 as
        `accumulated_cost`.

    Notes
    -----
    Neighbours by cost allocation and ratios as in Linkage Mapper (McRae and Kavanagh 2011).

    Examples
    --------
    >>> from affine import Affine
    >>> from corridors.cores import core_areas
    >>> grid = Grid("EPSG:32652", Affine(1000, 0, 500_000, 0, -1000, 4_800_000), (1, 5))
    >>> suit = grid.like(np.array([[0.9, 0.1, 0.1, 0.1, 0.9]]), name="suitability")
    >>> cores, labels = core_areas(suit, threshold=0.7, window_radius_km=0.5, min_area_km2=0.5)
    >>> res = grid.like(np.array([[1.0, 3.0, 3.0, 3.0, 1.0]]), name="resistance")
    >>> find_links(cores, labels, res)[["core_a", "core_b", "cost_distance_m", "cwd_to_path"]].values.tolist()
    [[1.0, 2.0, 10000.0, 2.5]]
    """
    if neighbours != "allocation":
        raise ConfigError(
            "unknown way", code="C103", where="neighbours", given=neighbours, allowed="allocation"
        )
    if max_link_km is not None and not max_link_km > 0:
        raise ConfigError(
            "out of range", code="C103", where="max_link_km", given=f"{max_link_km:g}", allowed="> 0"
        )
    grid = same_grid(res, labels)
    values = label_array(labels)
    _check_ids(cores, set(np.unique(values[values > 0]).tolist()), "labels")
    if surfaces is None:
        surfaces = dict(cost_surfaces(res, labels))
    _check_ids(cores, set(surfaces), "surfaces")
    if not surfaces:
        return _table([], grid)
    rims = {int(core): _rim(values == core) for core in cores.index}
    rows = []
    for core_a, core_b in neighbouring_cores(cost_allocation(surfaces)):
        target = _nearest_cell(surfaces[core_a], rims[core_b])
        if target is None:
            continue
        path = least_cost_path(surfaces[core_a], res, target)
        if through_cores or set(np.unique(values[path]).tolist()) <= {0, core_a, core_b}:
            row = _link(float(surfaces[core_a].values[target]), path, grid, (rims[core_a], rims[core_b]))
            rows.append({"core_a": core_a, "core_b": core_b, **row})
    if max_link_km is not None:
        rows = [row for row in rows if row["path_length_km"] <= max_link_km]
    return _table(rows, grid)


def neighbouring_cores(allocation: xr.DataArray) -> list[tuple[int, int]]:
    """Return the pairs of labels whose zones touch over an edge or a corner, the smaller label first."""
    zones = allocation.values.astype(np.int64)
    touching = (
        (zones[:, :-1], zones[:, 1:]),
        (zones[:-1], zones[1:]),
        (zones[:-1, :-1], zones[1:, 1:]),
        (zones[:-1, 1:], zones[1:, :-1]),
    )
    found: set[tuple[int, int]] = set()
    for here, there in touching:
        apart = (here != there) & (here > 0) & (there > 0)
        low, high = np.minimum(here[apart], there[apart]), np.maximum(here[apart], there[apart])
        found.update(zip(low.tolist(), high.tolist(), strict=True))
    return sorted(found)


def _link(
    cost_m: float,
    path: tuple[NDArray[np.intp], NDArray[np.intp]],
    grid: Grid,
    rims: tuple[NDArray[Any], NDArray[Any]],
) -> dict[str, Any]:
    """Return the columns of one link."""
    rows, columns = path
    line = _line(grid, rows, columns)
    path_m = math.fsum(step_lengths(rows, columns)) * grid.cell_size_m
    straight, straight_m = _straight_line(grid, *rims)
    return {
        "cost_distance_m": cost_m,
        "path_length_km": geodesic_length_km(line, grid.crs),
        "euclidean_km": geodesic_length_km(straight, grid.crs),
        "cwd_to_euclid": cost_m / straight_m,
        "cwd_to_path": cost_m / path_m,
        "path_to_euclid": path_m / straight_m,
        "mean_resistance": cost_m / path_m,
        "geometry": line,
    }


def _rim(core: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return rows and columns, shape (n, 2), of the cells on the edge of a core."""
    cells: NDArray[np.intp] = np.argwhere(core & ~ndimage.binary_erosion(core, SQUARE))
    return cells


def _nearest_cell(surface: xr.DataArray, rim: NDArray[np.intp]) -> tuple[int, int] | None:
    """Return the cell of a core that costs least to reach, the topmost, leftmost of several."""
    cost = surface.values[rim[:, 0], rim[:, 1]]
    best = int(np.argmin(cost))
    return (int(rim[best, 0]), int(rim[best, 1])) if np.isfinite(cost[best]) else None


def _straight_line(grid: Grid, rim_a: NDArray[np.intp], rim_b: NDArray[np.intp]) -> tuple[LineString, float]:
    """Return the straight line between the nearest cells of two cores, and its metres on the map."""
    distances, nearest = (np.asarray(found) for found in KDTree(rim_b).query(rim_a))
    start = int(np.argmin(distances))
    ends = np.array([rim_a[start], rim_b[nearest[start]]])
    return _line(grid, ends[:, 0], ends[:, 1]), float(distances[start]) * grid.cell_size_m


def _line(grid: Grid, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> LineString:
    """Return a line through the centres of cells."""
    left, _, _, top = grid.bounds
    x, y = left + (columns + 0.5) * grid.cell_size_m, top - (rows + 0.5) * grid.cell_size_m
    return LineString(np.column_stack([x, y]))


def _table(rows: list[dict[str, Any]], grid: Grid) -> gpd.GeoDataFrame:
    index = pd.RangeIndex(1, len(rows) + 1, name="link_id")
    columns = {name: [row[name] for row in rows] for name in COLUMNS}
    lines = gpd.GeoSeries([row["geometry"] for row in rows], index=index, crs=grid.crs)
    links = gpd.GeoDataFrame(columns, index=index, geometry=lines)
    return links.astype({name: "int64" if name.startswith("core_") else "float64" for name in COLUMNS})


def _check_ids(cores: gpd.GeoDataFrame, found: set[int], kind: str) -> None:
    """Complain where core areas and labels or surfaces do not belong together."""
    listed = set(cores.index.tolist())
    if listed != found:
        given = f"only in the table: {sorted(listed - found)}; only in the {kind}: {sorted(found - listed)}"
        what, remedy = (
            f"core areas and {kind} do not belong together",
            "Pass both from one run of core_areas.",
        )
        raise InputError(what, code="I230", where="cores", given=given, remedy=remedy)
