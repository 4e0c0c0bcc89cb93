"""Accumulated cost and allocation.

A step from a cell to one of its eight neighbours costs half the sum of the two resistances times the
distance between the centres, so cost distance reads as metres of ideal habitat (resistance 1). No data
(NaN) lets nothing through. Costs are solved in cell units and multiplied by the cell size once.
"""

from __future__ import annotations

import math
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from corridors.barriers import edges_on
from corridors.cost.sources import (
    Sources,
    checked_resistance,
    label_array,
    label_dtype,
    listed,
    on_no_data,
    source_cells,
)
from corridors.errors import InputError, SolveError
from corridors.grid import Grid, same_grid
from corridors.kernels.cost_distance import new_workspace, prepare, solve_reached
from corridors.schema import raster

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import DTypeLike, NDArray

    from corridors.barriers import EdgeCosts
    from corridors.kernels.cost_distance import Field, Reached


def accumulated_cost(
    res: xr.DataArray,
    sources: Sources,
    *,
    barriers: EdgeCosts | None = None,
    max_cost_distance_m: float | None = None,
    dtype: DTypeLike = "float64",
) -> xr.DataArray:
    """Return the least accumulated cost from the nearest source to every cell.

    Parameters
    ----------
    res
        Resistance, > 0; NaN lets nothing through.
    sources
        Label raster (every cell > 0 is a source), points in the CRS of `res`, or an array of their
        coordinates with shape (n, 2). Cells of a label raster on no data are no sources.
    barriers
        Costs of crossing lines, from `edge_costs`.
    max_cost_distance_m
        Costs beyond it count as not reached; metres of ideal habitat.
    dtype
        Precision of every sum, float64 or float32.

    Returns
    -------
    xarray.DataArray
        Metres of ideal habitat; `inf` where nothing reaches or the limit is passed.

    Raises
    ------
    InputError
        I201, I202 barriers on another grid; I211, I212 a resistance that is not positive or not finite;
        I221 a point outside; I222 a source on no data; I223 no source at all.
    SolveError
        S503 float32 would lose the smallest steps.

    Notes
    -----
    Dijkstra (1959), with the steps of Knaapen, Scheffer and Harms (1992); how it is solved stands in
    `corridors.kernels.cost_distance`.

    With eight neighbours, ways go in eight directions only. On even ground that is exact along rows, columns
    and diagonals, and too far elsewhere: by up to 8.24 % (1 / cos 22.5° = 1.0824) halfway between, at 22.5°.
    Smaller cells do not lessen it.

    Examples
    --------
    >>> import numpy as np
    >>> from affine import Affine
    >>> grid = Grid("EPSG:32652", Affine(500, 0, 500_000, 0, -500, 4_800_000), (1, 4))
    >>> res = grid.like(np.array([[1.0, 1.0, 3.0, 1.0]]), name="resistance")
    >>> accumulated_cost(res, grid.like(np.array([[1, 0, 0, 0]]), name="cores")).values.tolist()
    [[0.0, 500.0, 1500.0, 2500.0]]
    """
    grid, resistance = checked_resistance(res)
    found = source_cells(sources, res, resistance)
    workspace = new_workspace(_prepared(grid, resistance, dtype, barriers))
    limit = _limit_in_cells(grid, max_cost_distance_m)
    rows, columns = np.nonzero(found)
    reached = solve_reached(workspace, (rows, columns), max_cost=limit)
    surface = _surface(grid, reached, dtype, max_cost_distance_m)
    check_precision(surface, resistance)
    return surface


def cost_surfaces(
    res: xr.DataArray,
    labels: xr.DataArray,
    *,
    barriers: EdgeCosts | None = None,
    max_cost_distance_m: float | None = None,
    dtype: DTypeLike = "float64",
    threads: int = 1,
) -> Iterator[tuple[int, xr.DataArray]]:
    """Yield every label, in rising order, with the accumulated cost from all its cells.

    The raster is prepared once; each thread solves one label at a time in a workspace of its own, so a
    further local source takes time in proportion to what it reaches.

    Parameters
    ----------
    res
        Resistance, > 0; NaN lets nothing through.
    labels
        Core areas; 0 is none.
    barriers, max_cost_distance_m, dtype
        As in `accumulated_cost`.
    threads
        Labels solved at once; the surfaces are the same.

    Raises
    ------
    InputError, SolveError
        As `accumulated_cost`; I222 names every label that lies on no data with all its cells.
    """
    same_grid(res, labels)
    grid, resistance = checked_resistance(res)
    label_values = label_array(labels)
    known = ~np.isnan(resistance)
    ids = np.unique(label_values[label_values > 0]).tolist()
    usable = set(np.unique(label_values[known]).tolist())
    lost = [label for label in ids if label not in usable]
    if lost:
        raise on_no_data(str(labels.name), f"{len(lost)} of {len(ids)} lie on no data: {listed(lost)}")
    field, limit = _prepared(grid, resistance, dtype, barriers), _limit_in_cells(grid, max_cost_distance_m)
    sources = ((label_values == label) & known for label in ids)
    for label, reached in zip(ids, _solved(field, sources, limit, threads), strict=True):
        surface = _surface(grid, reached, dtype, max_cost_distance_m)
        check_precision(surface, resistance)
        yield int(label), surface


def _solved(
    field: Field, sources: Iterable[NDArray[np.bool_]], limit: float, threads: int
) -> Iterator[Reached]:
    """Yield what each source reaches, in order; never more than `threads` at work or waiting."""
    free = [new_workspace(field) for _ in range(threads)]

    def work(source: NDArray[np.bool_]) -> Reached:
        workspace = free.pop()
        rows, columns = np.nonzero(source)
        try:
            return solve_reached(workspace, (rows, columns), max_cost=limit)
        finally:
            free.append(workspace)

    if threads == 1:
        yield from map(work, sources)
        return
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[Reached]] = deque()
        for source in sources:
            if len(waiting) == threads:
                yield waiting.popleft().result()
            waiting.append(pool.submit(work, source))
        while waiting:
            yield waiting.popleft().result()


def cost_allocation(surfaces: Mapping[int, xr.DataArray]) -> xr.DataArray:
    """Return for every cell the label it costs least to reach; the smaller label where two cost the same.

    Parameters
    ----------
    surfaces
        Cost surface of every label, as `cost_surfaces` yields them.

    Returns
    -------
    xarray.DataArray
        Labels; 0 where nothing reaches.

    Raises
    ------
    InputError
        I223 no surface.
    """
    if not surfaces:
        raise InputError("there is no cost surface to allocate from", code="I223")
    grid = same_grid(*surfaces.values())
    nearest = np.full(grid.shape, np.inf)
    allocation = np.zeros(grid.shape, dtype=label_dtype(max(surfaces)))
    for label in sorted(surfaces):
        values = surfaces[label].values
        closer = values < nearest
        allocation[closer] = label
        nearest[closer] = values[closer]
    return grid.like(allocation, name="allocation", units="core_id")


def _surface(
    grid: Grid, reached: Reached, dtype: DTypeLike, max_cost_distance_m: float | None
) -> xr.DataArray:
    """Return what a source reached, in metres of ideal habitat, on the whole grid."""
    cost_m = np.full(grid.shape, np.inf, dtype=dtype)
    cost_m[reached.window] = reached.distances * np.asarray(grid.cell_size_m, dtype=dtype)
    if max_cost_distance_m is not None:
        cost_m[cost_m > max_cost_distance_m] = np.inf
    entry = raster("cost_distance")
    return grid.like(cost_m, name=entry.name, units=entry.unit)


def _limit_in_cells(grid: Grid, max_cost_distance_m: float | None) -> float:
    """Return the limit in cell units, a hair wider: `_surface` draws the line in metres."""
    return math.inf if max_cost_distance_m is None else max_cost_distance_m / grid.cell_size_m * (1 + 1e-9)


def _prepared(
    grid: Grid, resistance: NDArray[np.float64], dtype: DTypeLike, barriers: EdgeCosts | None
) -> Field:
    """Return the raster as the solver wants it; the one place where its form is known."""
    edges = None if barriers is None else edges_on(barriers, grid)
    return prepare(resistance, dtype=dtype, edges=edges)


def check_precision(surface: xr.DataArray, resistance: NDArray[np.float64]) -> None:
    """Stop where float32 cannot tell the distances of neighbouring cells apart.

    Raises
    ------
    SolveError
        S503.
    """
    cost = surface.values
    if cost.dtype != np.float32:
        return
    longest = float(cost[np.isfinite(cost)].max(initial=0.0))
    step = float(np.nanmin(resistance)) * Grid.of(surface).cell_size_m
    if longest * float(np.finfo(np.float32).eps) > step / 2:
        what, given = "float32 loses the smallest steps", f"steps of {step:.3g} m in costs of {longest:.3g} m"
        raise SolveError(what, code="S503", given=given, remedy='Use dtype = "float64".')
