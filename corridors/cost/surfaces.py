"""Accumulated cost and allocation.

A step from a cell to one of its eight neighbours costs half the sum of the two resistances times the
distance between the centres, so cost distance reads as metres of ideal habitat (resistance 1). No data
(NaN) lets nothing through. Costs are solved in cell units and multiplied by the cell size once.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from corridors.barriers import edges_on
from corridors.cost.crew import Workers
from corridors.cost.memory import (
    SURFACES,
    require_kept,
    require_memory,
    require_one_piece,
    surfaces_bytes,
)
from corridors.cost.side_by_side import reached_from_each, seats_of
from corridors.cost.sources import Sources, checked_resistance, label_array, listed, on_no_data, source_cells
from corridors.cost.windows import Window, of_two_cells, placed
from corridors.errors import SolveError
from corridors.grid import Grid, same_grid
from corridors.kernels.cost_distance import prepare, solve
from corridors.schema import raster

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import DTypeLike, NDArray

    from corridors.barriers import EdgeCosts
    from corridors.kernels.cost_distance import Barriers
    from corridors.kernels.cost_distance.layout import Floats
    from corridors.kernels.cost_distance.workspace import Cells


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
    ResourceError
        R301 not enough memory, estimated before starting.
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
    require_one_piece(res.shape, dtype)
    grid, resistance = checked_resistance(res)
    rows, columns = np.nonzero(source_cells(sources, res, resistance))
    edges, limit = _edges(grid, barriers), _limit_in_cells(grid, max_cost_distance_m)
    smallest_m = smallest_step_m(resistance, grid)
    distances = solve(resistance, (rows, columns), dtype=dtype, max_cost=limit, edges=edges)
    del resistance  # its memory is the result's
    cost_m = _in_metres(distances, grid, max_cost_distance_m)
    check_precision(cost_m, smallest_m)
    entry = raster("cost_distance")
    return grid.like(cost_m, name=entry.name, units=entry.unit)


def cost_surfaces(
    res: xr.DataArray,
    labels: xr.DataArray,
    *,
    barriers: EdgeCosts | None = None,
    max_cost_distance_m: float | None = None,
    dtype: DTypeLike = "float64",
    workers: int | Workers = 1,
) -> Iterator[tuple[int, xr.DataArray]]:
    """Yield every label, in rising order, with the accumulated cost from all its cells.

    The raster is prepared once; each thread or worker solves one label at a time in a workspace of its own,
    so a further local source takes time and memory in proportion to what it reaches.

    Parameters
    ----------
    res
        Resistance, > 0; NaN lets nothing through.
    labels
        Core areas; 0 is none.
    barriers, dtype
        As in `accumulated_cost`.
    max_cost_distance_m
        Costs beyond it count as not reached; metres of ideal habitat. With a limit, each surface is cropped
        to the window that was reached: a raster of its own whose cells are cells of `res`. All that takes
        surfaces takes cropped ones; `on_whole_grid` puts one on the whole grid.
    workers
        Number of threads, or the workers of `corridors.cluster.connect`; labels solved at once. The bits are
        the same.

    Yields
    ------
    label, surface : int, xarray.DataArray
        Metres of ideal habitat; `inf` where nothing reaches.

    Raises
    ------
    InputError, ResourceError, SolveError
        As `accumulated_cost`; I222 names every label that lies on no data with all its cells.
    RunError
        N602 workers were lost again and again.

    Examples
    --------
    >>> from affine import Affine
    >>> grid = Grid("EPSG:32652", Affine(500, 0, 500_000, 0, -500, 4_800_000), (1, 6))
    >>> res = grid.like(np.ones((1, 6)), name="resistance")
    >>> cores = grid.like(np.array([[1, 0, 0, 0, 0, 2]]), name="cores")
    >>> for core, surface in cost_surfaces(res, cores, max_cost_distance_m=1000):
    ...     print(core, surface.values.tolist())
    1 [[0.0, 500.0, 1000.0]]
    2 [[1000.0, 500.0, 0.0]]
    """
    limited = max_cost_distance_m is not None
    _require_seats(res.shape, dtype, workers, limited=limited)
    same_grid(res, labels)
    grid, resistance = checked_resistance(res)
    cells = _cells_of_labels(labels, resistance)
    field = prepare(resistance, dtype=dtype, edges=_edges(grid, barriers))
    smallest_m = smallest_step_m(resistance, grid)
    del resistance  # may be the copy of a raster near the size of memory
    entry, nothing = raster("cost_distance"), np.broadcast_to(np.asarray(np.inf, dtype), grid.shape)
    whole = grid.like(nothing, name=entry.name, units=entry.unit)
    found = reached_from_each(
        field, cells.values(), max_cost=_limit_in_cells(grid, max_cost_distance_m), workers=workers
    )
    for label, reached in zip(cells, found, strict=True):
        cost_m = _in_metres(reached.distances, grid, max_cost_distance_m)
        check_precision(cost_m, smallest_m)
        if not limited:
            yield label, whole.copy(data=placed(cost_m, reached.window, grid.shape))
            continue
        window = of_two_cells(reached.window, grid.shape)
        yield label, whole[window].copy(data=_widened(cost_m, reached.window, window))


def kept_surfaces(
    res: xr.DataArray, labels: xr.DataArray, *, barriers: EdgeCosts | None = None
) -> dict[int, xr.DataArray]:
    """Return the cost surfaces of all labels together, by label: whole ones, after counting their memory.

    Raises
    ------
    InputError, ResourceError
        As `cost_surfaces`; R301 also where all of them do not fit.
    """
    values = label_array(labels)
    require_kept(res.shape, np.float64, count=np.unique(values[values > 0]).size)
    return dict(cost_surfaces(res, labels, barriers=barriers))


def _require_seats(
    shape: tuple[int, ...], dtype: DTypeLike, workers: int | Workers, *, limited: bool
) -> None:
    """Stop where the machines have too little memory for what every seat takes."""
    if isinstance(workers, int):
        needed, _ = surfaces_bytes(shape, dtype, seats=seats_of(workers), limited=limited)
        require_memory(needed, what="cost surfaces", remedy=SURFACES)
        return
    needed, of_seat = surfaces_bytes(shape, dtype, seats=0, limited=limited)
    require_memory(needed, what="cost surfaces", remedy=SURFACES)
    free = workers.free_memory_bytes
    require_memory(
        workers.size * of_seat, what="cost surfaces", remedy=SURFACES, free=free, where="the workers"
    )


def _cells_of_labels(labels: xr.DataArray, resistance: NDArray[np.float64]) -> dict[int, Cells]:
    """Return rows and columns of every label, in rising order, that are not no data."""
    values = label_array(labels)
    ids = np.unique(values[values > 0])
    places = np.flatnonzero((values > 0) & ~np.isnan(resistance))
    order = np.argsort(values.ravel()[places], kind="stable")
    usable, first = np.unique(values.ravel()[places[order]], return_index=True)
    lost = np.setdiff1d(ids, usable).tolist()
    if lost:
        raise on_no_data(str(labels.name), f"{len(lost)} of {len(ids)} lie on no data: {listed(lost)}")
    groups = np.split(places[order], first[1:]) if len(usable) else []
    return {
        int(label): np.divmod(group, values.shape[1]) for label, group in zip(usable, groups, strict=True)
    }


def _in_metres(distances: Floats, grid: Grid, max_cost_distance_m: float | None) -> Floats:
    """Return distances in metres of ideal habitat: the one multiplication; inf beyond the limit."""
    cost_m: Floats = distances * distances.dtype.type(grid.cell_size_m)
    if max_cost_distance_m is not None:
        cost_m[cost_m > max_cost_distance_m] = np.inf
    return cost_m


def _widened(cost_m: Floats, window: Window, wider: Window) -> Floats:
    """Return the values of a window in a wider one, inf where it is wider."""
    shape = wider[0].stop - wider[0].start, wider[1].stop - wider[1].start
    rows, columns = (
        slice(side.start - whole.start, side.stop - whole.start)
        for side, whole in zip(window, wider, strict=True)
    )
    return placed(cost_m, (rows, columns), shape)


def _limit_in_cells(grid: Grid, max_cost_distance_m: float | None) -> float:
    """Return the limit in cell units, a hair wider: `_in_metres` draws the line in metres."""
    return math.inf if max_cost_distance_m is None else max_cost_distance_m / grid.cell_size_m * (1 + 1e-9)


def _edges(grid: Grid, barriers: EdgeCosts | None) -> Barriers | None:
    """Return barriers as the solver wants them."""
    return None if barriers is None else edges_on(barriers, grid)


def smallest_step_m(resistance: NDArray[np.float64], grid: Grid) -> float:
    """Return what the cheapest step of a raster may cost at least."""
    return float(np.nanmin(resistance)) * grid.cell_size_m


def check_precision(cost_m: Floats, smallest_step_m: float) -> None:
    """Stop where float32 cannot tell the distances of neighbouring cells apart.

    Raises
    ------
    SolveError
        S503.
    """
    if cost_m.dtype != np.float32:
        return
    longest_m = float(cost_m.max(initial=0.0, where=np.isfinite(cost_m)))
    if longest_m * float(np.finfo(np.float32).eps) > smallest_step_m / 2:
        given = f"steps of {smallest_step_m:.3g} m in costs of {longest_m:.3g} m"
        what = "float32 loses the smallest steps"
        raise SolveError(what, code="S503", given=given, remedy='Use dtype = "float64".')
