"""The columns of links: lines, lengths, ratios."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy import ndimage
from scipy.spatial import KDTree
from shapely.geometry import LineString

from corridors.cost import step_lengths
from corridors.cost.sources import SQUARE
from corridors.grid import geodesic_length_km

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridors.grid import Grid

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


def link_row(
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


def rim_cells(core: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return rows and columns, shape (n, 2), of the cells on the edge of a core."""
    cells: NDArray[np.intp] = np.argwhere(core & ~ndimage.binary_erosion(core, SQUARE))
    return cells


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


def link_table(rows: list[dict[str, Any]], grid: Grid) -> gpd.GeoDataFrame:
    """Return links as a table, numbered in the order given."""
    index = pd.RangeIndex(1, len(rows) + 1, name="link_id")
    columns = {name: [row[name] for row in rows] for name in COLUMNS}
    lines = gpd.GeoSeries([row["geometry"] for row in rows], index=index, crs=grid.crs)
    links = gpd.GeoDataFrame(columns, index=index, geometry=lines)
    return links.astype({name: "int64" if name.startswith("core_") else "float64" for name in COLUMNS})
