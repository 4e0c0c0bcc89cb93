"""Least-cost paths, followed back on a cost surface and checked against it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from corridors.errors import InputError, SolveError
from corridors.grid import same_grid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Cell = tuple[int, int]

# The order is the tie rule: cardinal before diagonal, then row, then column.
STEPS = tuple((1.0, dr, dc) for dr, dc in ((-1, 0), (0, -1), (0, 1), (1, 0))) + tuple(
    (math.sqrt(2.0), dr, dc) for dr, dc in ((-1, -1), (-1, 1), (1, -1), (1, 1))
)
SUM_TOLERANCE = 1e-12  # relative; every path is added up and compared with its distance


def least_cost_path(
    surface: xr.DataArray, res: xr.DataArray, target: Cell
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return rows and columns of a least-cost path from the source of `surface` to a cell.

    Followed back from the target: a neighbour precedes a cell when its distance plus the step is the cell's
    distance. Where several do, a cardinal one comes before a diagonal one, then the upper row, then the
    left column. The sum of the steps is compared with the distance every time.

    Parameters
    ----------
    surface
        Cost surface made from `res`.
    res
        Resistance.
    target
        Row and column.

    Returns
    -------
    rows, columns
        Cells from the source to the target.

    Raises
    ------
    InputError
        I221 the target lies outside the raster.
    SolveError
        S502 the target was not reached; S504 the path does not add up to its distance.

    Examples
    --------
    >>> from affine import Affine
    >>> from corridors.cost import accumulated_cost
    >>> from corridors.grid import Grid
    >>> grid = Grid("EPSG:32652", Affine(500, 0, 500_000, 0, -500, 4_800_000), (2, 3))
    >>> res = grid.like(np.array([[1.0, 9.0, 1.0], [1.0, 1.0, 1.0]]), name="resistance")
    >>> surface = accumulated_cost(res, grid.like(np.array([[1, 0, 0], [0, 0, 0]]), name="cores"))
    >>> rows, columns = least_cost_path(surface, res, (0, 2))
    >>> list(zip(rows.tolist(), columns.tolist()))
    [(0, 0), (1, 1), (0, 2)]
    """
    grid = same_grid(res, surface)  # the size of its cells is the one the surface was multiplied by
    given = f"row {target[0]}, column {target[1]}"
    if not (0 <= target[0] < grid.shape[0] and 0 <= target[1] < grid.shape[1]):
        what = "the target lies outside the raster"
        raise InputError(
            what, code="I221", given=given, allowed=f"{grid.shape[0]} rows, {grid.shape[1]} columns"
        )
    distance = surface.values / grid.cell_size_m
    resistance = res.values.astype(np.float64)
    if not math.isfinite(distance[target]):
        raise SolveError("no path reaches the cell", code="S502", given=given)
    cells = [target]
    while distance[cells[-1]] > 0:
        cells.append(_cell_before(distance, resistance, cells[-1]))
    rows, columns = (np.array(part, dtype=np.intp) for part in zip(*reversed(cells), strict=True))
    total = float(np.add.accumulate([0.0, *step_costs(resistance, rows, columns)])[-1])
    if not math.isclose(total, distance[target], rel_tol=SUM_TOLERANCE, abs_tol=0.0):
        given = f"{total:.17g} against {distance[target]:.17g} cells"
        raise SolveError("a least-cost path does not add up to its distance", code="S504", given=given)
    return rows, columns


def step_costs(
    resistance: NDArray[np.float64], rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return the cost of every step of a path, in cells of ideal habitat."""
    met = resistance[rows, columns]
    costs: NDArray[np.float64] = step_lengths(rows, columns) * 0.5 * (met[1:] + met[:-1])
    return costs


def step_lengths(rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the length of every step of a path in cells: 1, or the square root of 2."""
    diagonal = (np.diff(rows) != 0) & (np.diff(columns) != 0)
    return np.where(diagonal, math.sqrt(2.0), 1.0)


def _cell_before(distance: NDArray[np.float64], resistance: NDArray[np.float64], cell: Cell) -> Cell:
    """Return the neighbour a least-cost path comes from."""
    row, column = cell
    here, met = float(distance[cell]), float(resistance[cell])
    # Distances were multiplied by the cell size and divided again: equal means to the last places.
    tolerance = 4 * float(np.finfo(distance.dtype).eps) * here
    for length, dr, dc in STEPS:
        other = (row + dr, column + dc)
        if 0 <= other[0] < distance.shape[0] and 0 <= other[1] < distance.shape[1]:
            before = float(distance[other])
            step = length * 0.5 * (met + float(resistance[other]))
            if before < here and abs(before + step - here) <= tolerance:
                return other
    what, remedy = (
        "a cost surface does not fit its resistance",
        "Give the resistance the surface was made from.",
    )
    raise SolveError(what, code="S504", given=f"no way back from row {row}, column {column}", remedy=remedy)
