"""What cost distance starts from: a checked resistance, and sources as labels or points."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypeAlias

import geopandas as gpd
import numpy as np
import xarray as xr

from corridors.errors import InputError, raise_all
from corridors.grid import Grid, same_grid

if TYPE_CHECKING:
    from collections.abc import Hashable

    from numpy.typing import NDArray

Sources: TypeAlias = "xr.DataArray | gpd.GeoDataFrame | gpd.GeoSeries | NDArray[np.float64]"
SQUARE = np.ones((3, 3), dtype=bool)  # a cell and its eight neighbours


def checked_resistance(res: xr.DataArray) -> tuple[Grid, NDArray[np.float64]]:
    """Return grid and values of a resistance raster after checking that every value is usable."""
    values = res.values.astype(np.float64)
    name = str(res.name or "resistance")
    tests = (
        (
            "not positive",
            "I211",
            values <= 0,
            "Use a small positive value.",
        ),
        ("infinite", "I212", np.isposinf(values), "No data (NaN) is what lets nothing through."),
    )
    raise_all(
        InputError(
            f"{int(bad.sum())} cells are {what}",
            code=code,
            where=name,
            given="first at row {}, column {}".format(*np.argwhere(bad)[0]),
            allowed="resistance > 0, or no data",
            remedy=remedy,
        )
        for what, code, bad, remedy in tests
        if bad.any()
    )
    if np.isnan(values).all():
        raise InputError("every cell is no data", code="I217", where=name)
    return Grid.of(res), values


def label_array(labels: xr.DataArray) -> NDArray[np.int64]:
    """Return labels as integers; NaN is 0."""
    values = np.nan_to_num(labels.values, nan=0.0)
    if not np.array_equal(values, np.rint(values)):
        raise InputError("labels must be whole numbers", code="I216", where=str(labels.name))
    whole: NDArray[np.int64] = values.astype(np.int64)
    return whole


def label_dtype(largest: int) -> type[np.uint16 | np.int32]:
    """Return the smallest type for label rasters up to `largest`."""
    return np.uint16 if largest <= np.iinfo(np.uint16).max else np.int32


def source_cells(sources: Sources, res: xr.DataArray, resistance: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which cells are sources; cells of a label raster on no data are none."""
    if not isinstance(sources, xr.DataArray):
        return _cells_of_points(sources, Grid.of(res), resistance)
    same_grid(res, sources)
    where = str(sources.name)
    found: NDArray[np.bool_] = label_array(sources) > 0
    if not found.any():
        raise InputError("there is no source", code="I223", where=where, allowed="at least one cell > 0")
    found &= ~np.isnan(resistance)
    if not found.any():
        raise on_no_data(where, "every source lies on no data")
    return found


def _cells_of_points(points: Any, grid: Grid, resistance: NDArray[np.float64]) -> NDArray[np.bool_]:
    found = np.zeros(grid.shape, dtype=bool)
    for cell in point_cells(points, grid, resistance).values():
        found[cell] = True
    return found


def point_cells(points: Any, grid: Grid, resistance: NDArray[np.float64]) -> dict[Hashable, tuple[int, int]]:
    """Return the cell every point falls in, by its id (index, or its place in an array).

    Complaints name ids and distances, never coordinates.
    """
    ids, xy = _ids_and_coordinates(points, grid)
    cells = [grid.cell_at(x, y) for x, y in xy]
    problems = []
    outside = [
        f"{i} ({_metres_outside(grid, x, y):.0f} m)"
        for i, (x, y), cell in zip(ids, xy, cells, strict=True)
        if cell is None
    ]
    if outside:
        remedy = "Check the CRS, and whether latitude and longitude are swapped."
        what = f"{len(outside)} of {len(ids)} points lie outside the raster"
        problems.append(InputError(what, code="I221", where="sources", given=listed(outside), remedy=remedy))
    lost = [i for i, c in zip(ids, cells, strict=True) if c is not None and np.isnan(resistance[c])]
    if lost:
        problems.append(
            on_no_data("sources", f"{len(lost)} of {len(ids)} points lie on no data: {listed(lost)}")
        )
    raise_all(problems)
    return {i: cell for i, cell in zip(ids, cells, strict=True) if cell is not None}


def labelled_sources(sources: Sources, res: xr.DataArray) -> tuple[xr.DataArray, dict[Hashable, int]]:
    """Return sources as a label raster, and the label of every source by its id.

    A label raster stays as it is, its labels the ids. Points are numbered in their order; those of one cell
    are one place and share its label.
    """
    if isinstance(sources, xr.DataArray):
        same_grid(res, sources)
        found = np.unique(label_array(sources))
        labels: dict[Hashable, int] = {int(label): int(label) for label in found[found > 0]}
        if not labels:
            where = str(sources.name)
            raise InputError("there is no source", code="I223", where=where, allowed="at least one cell > 0")
        return sources, labels
    grid, resistance = checked_resistance(res)
    cells = point_cells(sources, grid, resistance)
    label_of_cell = {cell: label for label, cell in enumerate(dict.fromkeys(cells.values()), start=1)}
    values = np.zeros(grid.shape, dtype=label_dtype(len(label_of_cell)))
    for cell, label in label_of_cell.items():
        values[cell] = label
    return grid.like(values, name="sources"), {i: label_of_cell[cell] for i, cell in cells.items()}


def _ids_and_coordinates(points: Any, grid: Grid) -> tuple[list[Any], list[tuple[float, float]]]:
    if isinstance(points, gpd.GeoDataFrame | gpd.GeoSeries):
        if points.crs != grid.crs:
            given = "none" if points.crs is None else points.crs.name
            what = "points are not in the CRS of the raster"
            raise InputError(what, code="I202", where="sources", given=given, allowed=grid.crs.name)
        if not (points.geometry.geom_type == "Point").all():
            raise InputError("sources must be points or a label raster", code="I228", where="sources")
        ids = list(points.index)
        xy = np.column_stack([points.geometry.x, points.geometry.y])
    else:
        xy = np.asarray(points, dtype=np.float64).reshape(-1, 2)
        ids = list(range(len(xy)))
    if not ids:
        raise InputError("there is no source", code="I223", where="sources", allowed="at least one point")
    return ids, [(float(x), float(y)) for x, y in xy]


def _metres_outside(grid: Grid, x: float, y: float) -> float:
    left, bottom, right, top = grid.bounds
    return math.hypot(max(left - x, 0.0, x - right), max(bottom - y, 0.0, y - top))


def on_no_data(where: str, what: str) -> InputError:
    """Return the complaint about sources without resistance."""
    remedy = "Move it, leave it out, or give the resistance there a value."
    return InputError(what, code="I222", where=where, remedy=remedy)


def listed(ids: list[Any]) -> str:
    """Return the first twenty ids as text."""
    return ", ".join(map(str, ids[:20])) + (" ..." if len(ids) > 20 else "")
