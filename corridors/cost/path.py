"""Least-cost paths, followed back on a cost surface and checked against it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from corridors.barriers import costs_along, edges_on
from corridors.cost.windows import part_of
from corridors.errors import InputError, SolveError
from corridors.grid import Grid
from corridors.kernels.cost_distance import trace

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridors.barriers import EdgeCosts
    from corridors.cost.windows import Part
    from corridors.kernels.cost_distance import Barriers

    Cell = tuple[int, int]

SUM_TOLERANCE = 1e-12  # relative; every path is added up and compared with its distance


def least_cost_path(
    surface: xr.DataArray, res: xr.DataArray, target: Cell, *, barriers: EdgeCosts | None = None
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return rows and columns of a least-cost path from the source of `surface` to a cell.

    Followed back from the target: a neighbour precedes a cell when its distance plus the step is the cell's
    distance. Where several do, a cardinal one comes before a diagonal one, then the upper row, then the
    left column. The sum of the steps is compared with the distance every time.

    Parameters
    ----------
    surface
        Cost surface made from `res`, cropped or not.
    res
        Resistance.
    target
        Row and column of `res`.
    barriers
        Those `surface` was made with.

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
    grid = Grid.of(res)  # the size of its cells is the one the surface was multiplied by
    part = part_of(surface, grid)
    given = f"row {target[0]}, column {target[1]}"
    if not (0 <= target[0] < grid.shape[0] and 0 <= target[1] < grid.shape[1]):
        what = "the target lies outside the raster"
        raise InputError(
            what, code="I221", given=given, allowed=f"{grid.shape[0]} rows, {grid.shape[1]} columns"
        )
    edges = None if barriers is None else edges_on(barriers, grid)
    return path_on(part, res.values, target, cell_size_m=grid.cell_size_m, edges=edges, barriers=barriers)


def path_on(
    part: Part,
    resistance: NDArray[Any],
    target: Cell,
    *,
    cell_size_m: float,
    edges: Barriers | None,
    barriers: EdgeCosts | None,
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return `least_cost_path` on a part of the grid; `edges` are the `barriers` as the kernel takes them."""
    corner = part.window[0].start, part.window[1].start
    rows, columns = trace(part.cost_m, resistance, target, edges=edges, cell_size=cell_size_m, corner=corner)
    cost_m = float(part.cost_m[rows[-1] - corner[0], columns[-1] - corner[1]])
    paid_m = step_costs(resistance, rows, columns).astype(np.float64) * cell_size_m
    if barriers is not None:
        paid_m = paid_m + costs_along(barriers, rows, columns)
    total = math.fsum(paid_m)
    tolerance = (
        SUM_TOLERANCE if part.cost_m.dtype == np.float64 else len(rows) * np.finfo(part.cost_m.dtype).eps
    )
    if not math.isclose(total, cost_m, rel_tol=tolerance, abs_tol=0.0):
        given = f"{total:.17g} against {cost_m:.17g} m"
        raise SolveError("a least-cost path does not add up to its distance", code="S504", given=given)
    return rows, columns


def step_costs(
    resistance: NDArray[Any], rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return the cost of every step of a path, in cells of ideal habitat."""
    met = resistance[rows, columns].astype(np.float64)
    costs: NDArray[np.float64] = step_lengths(rows, columns) * 0.5 * (met[1:] + met[:-1])
    return costs


def step_lengths(rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the length of every step of a path in cells: 1, or the square root of 2."""
    diagonal = (np.diff(rows) != 0) & (np.diff(columns) != 0)
    return np.where(diagonal, math.sqrt(2.0), 1.0)
