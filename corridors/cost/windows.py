"""Cost surfaces that cover only what their source reached, and where they lie on the whole grid.

A surface with a limit is cropped: a raster of its own, whose cells are cells of the whole grid. Whatever
reads surfaces takes them as parts, window and values, and works inside the window; outside it every cost is
infinite. A surface of the whole grid is a part like any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
from affine import Affine

from corridors.errors import InputError
from corridors.grid import Grid, grid_difference, raster_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr
    from numpy.typing import NDArray

    Cells = NDArray[np.integer[Any]]

Window: TypeAlias = tuple[slice, slice]


class Part(NamedTuple):
    """A cost surface on the whole grid.

    window
        Rows and columns it covers; all others are not reached.
    cost_m
        Metres of ideal habitat, shape of the window; inf where nothing reaches.
    """

    window: Window
    cost_m: NDArray[Any]


def on_whole_grid(surface: xr.DataArray, like: xr.DataArray) -> xr.DataArray:
    """Return a cropped surface on the whole grid, `inf` outside its window.

    Parameters
    ----------
    surface
        As `cost_surfaces` yields it with a limit.
    like
        Any raster of the whole grid, such as the resistance.

    Raises
    ------
    InputError
        I201, I202 the surface is no window of that grid.

    Examples
    --------
    >>> from corridors.cost import cost_surfaces
    >>> grid = Grid("EPSG:32652", Affine(500, 0, 500_000, 0, -500, 4_800_000), (1, 5))
    >>> res = grid.like(np.ones((1, 5)), name="resistance")
    >>> cores = grid.like(np.array([[0, 1, 0, 0, 0]]), name="cores")
    >>> ((_, surface),) = cost_surfaces(res, cores, max_cost_distance_m=500)
    >>> surface.values.tolist()
    [[500.0, 0.0, 500.0]]
    >>> on_whole_grid(surface, res).values.tolist()
    [[500.0, 0.0, 500.0, inf, inf]]
    """
    grid = Grid.of(like)
    part = part_of(surface, grid)
    values = placed(part.cost_m, part.window, grid.shape)
    return grid.like(values, name=str(surface.name), units=str(surface.attrs.get("units", "1")))


def part_of(surface: xr.DataArray, grid: Grid) -> Part:
    """Return a surface, cropped or whole, as a part of the grid.

    Raises
    ------
    InputError
        I201 its cells are not cells of the grid, or lie outside; I202 coordinate systems differ.
    """
    own = Grid.of(surface)
    column = round((own.transform.c - grid.transform.c) / grid.cell_size_m)
    row = round((grid.transform.f - own.transform.f) / grid.cell_size_m)
    window = slice(row, row + own.shape[0]), slice(column, column + own.shape[1])
    same = Grid(grid.crs, grid.transform @ Affine.translation(column, row), own.shape)
    difference = grid_difference(same, own)
    if not difference and not _inside(window, grid.shape):
        difference = "it reaches beyond the grid"
    if difference:
        what = f"the cost surface is no window of the grid: {difference}"
        code = "I202" if difference.startswith("coordinate") else "I201"
        remedy = "Use surfaces made on this grid."
        raise InputError(what, code=code, where=raster_name(surface), remedy=remedy)
    return Part(window, surface.values)


def parts_of(surfaces: Mapping[int, xr.DataArray], grid: Grid) -> dict[int, Part]:
    """Return `part_of` every surface, in rising order of label."""
    return {label: part_of(surfaces[label], grid) for label in sorted(surfaces)}


def placed(values: NDArray[Any], window: Window, shape: tuple[int, int]) -> NDArray[Any]:
    """Return the values of a window in an array of the whole grid, inf elsewhere; not a copy if it is all."""
    if values.shape == shape:
        return values
    whole = np.full(shape, np.inf, dtype=values.dtype)
    whole[window] = values
    return whole


def costs_at(part: Part, rows: Cells, columns: Cells) -> NDArray[np.float64]:
    """Return the costs of cells of the whole grid; inf outside the window."""
    (top, bottom), (left, right) = ((side.start, side.stop) for side in part.window)
    here = (rows >= top) & (rows < bottom) & (columns >= left) & (columns < right)
    costs = np.full(rows.shape, np.inf)
    costs[here] = part.cost_m[rows[here] - top, columns[here] - left]
    return costs


def overlap(a: Window, b: Window) -> Window:
    """Return the rows and columns two windows share, perhaps none."""
    rows, columns = (
        slice(max(one.start, other.start), max(one.start, other.start, min(one.stop, other.stop)))
        for one, other in zip(a, b, strict=True)
    )
    return rows, columns


def values_in(part: Part, window: Window) -> NDArray[Any]:
    """Return the costs in a window that lies inside that of the part; not a copy."""
    rows, columns = (
        slice(side.start - whole.start, side.stop - whole.start)
        for side, whole in zip(window, part.window, strict=True)
    )
    values: NDArray[Any] = part.cost_m[rows, columns]
    return values


def of_two_cells(window: Window, shape: tuple[int, int]) -> Window:
    """Return a window, one cell wider where it is a single cell, which as a raster would have no size."""
    rows, columns = window
    if rows.stop - rows.start > 1 or columns.stop - columns.start > 1:
        return window
    if shape[1] > 1:
        start = min(columns.start, shape[1] - 2)
        return rows, slice(start, start + 2)
    start = min(rows.start, shape[0] - 2)
    return slice(start, start + 2), columns


def _inside(window: Window, shape: tuple[int, int]) -> bool:
    return all(side.start >= 0 and side.stop <= length for side, length in zip(window, shape, strict=True))
