"""Accumulated cost and allocation of a raster in blocks: the one-piece result, to the bit."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from typing import Literal, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from corridors.barriers import EdgeCosts
from corridors.cost.blocks.cut import Cut
from corridors.cost.blocks.inputs import checked_sources
from corridors.cost.blocks.keeper import Keeper
from corridors.cost.blocks.memory import LABEL_BYTES, check_memory
from corridors.cost.blocks.run import Figures, Problem, Run
from corridors.cost.blocks.steps import steps_of
from corridors.cost.crew import Crew, Workers, crew_of
from corridors.cost.sources import Sources, label_dtype
from corridors.cost.surfaces import check_precision
from corridors.grid import Grid
from corridors.kernels.cost_distance.layout import Floats
from corridors.schema import raster

Precision = Literal["float64", "float32"]
LIMIT_MARGIN = 1e-6  # solved a little beyond the limit, which is then applied in metres


class Piece(NamedTuple):
    """Results of one block.

    rows, columns
        Where in the raster.
    cost_m
        Metres of ideal habitat; inf where nothing reaches.
    labels
        Source each cell is reached from, 0 = none; None unless asked for.
    """

    rows: slice
    columns: slice
    cost_m: Floats
    labels: NDArray[np.int32] | None


class Scale(NamedTuple):
    """What turns distances in cell units into metres, where they end, and the cheapest step there is."""

    cell_size_m: float
    limit_m: float
    smallest_step_m: float


def accumulated_cost_in_blocks(
    res: xr.DataArray,
    sources: Sources,
    *,
    max_cost_distance_m: float | None = None,
    barriers: EdgeCosts | None = None,
    dtype: Precision = "float64",
    block_cells: int = 2048,
    workers: int | Workers = 1,
    memory_budget_bytes: int | None = None,
) -> xr.DataArray:
    """Return the accumulated cost of a raster that is solved in blocks.

    Parameters
    ----------
    res
        Resistance, > 0; NaN lets nothing through. Only windows of it are read, so it may be a raster that
        stays on disk, as from `corridors.io.raster_on_disk`.
    sources, barriers, max_cost_distance_m
        As for `accumulated_cost`.
    dtype
        Precision of every sum.
    block_cells
        Side of a block in cells. It steers time and memory, never the result.
    workers
        Number of threads, or the workers of `corridors.cluster.connect`.
    memory_budget_bytes
        For blocks in memory, of each process; those that do not fit wait on disk (in TMPDIR). None: all
        blocks are kept in memory.

    Returns
    -------
    xarray.DataArray
        Metres of ideal habitat; `inf` where nothing reaches or the limit is passed. The same bits for any
        blocks and workers.

    Raises
    ------
    InputError
        As `accumulated_cost`; I281 a block of fewer than two cells.
    ResourceError
        R301 not enough memory, R302 not enough disk.
    RunError
        N602 workers were lost again and again.
    SolveError
        S503 float32 would lose the smallest steps.

    Notes
    -----
    Every block keeps its distances and goes on from the values that changed on its rim; the block with the
    lowest changed value goes next. On ordinary landscapes a block is visited about four times, a maze needs
    dozens to hundreds of visits.

    Examples
    --------
    >>> from affine import Affine
    >>> grid = Grid("EPSG:32652", Affine(500, 0, 500_000, 0, -500, 4_800_000), (1, 4))
    >>> res = grid.like(np.array([[1.0, 1.0, 3.0, 1.0]]), name="resistance")
    >>> cores = grid.like(np.array([[1, 0, 0, 0]]), name="cores")
    >>> accumulated_cost_in_blocks(res, cores, block_cells=2).values.tolist()
    [[0.0, 500.0, 1500.0, 2500.0]]

    A raster in its file, at most 2 GB of blocks in memory, the others in TMPDIR:

    >>> from corridors.io import raster_on_disk
    >>> res = raster_on_disk("resistance.tif", name="resistance")  # doctest: +SKIP
    >>> cost = accumulated_cost_in_blocks(res, cores, memory_budget_bytes=2 * 10**9)  # doctest: +SKIP

    `cost_in_pieces` shows how a result larger than memory goes straight to a file.
    """
    check_memory(
        Cut(Grid.of(res).shape, block_cells),
        dtype,
        workers=workers,
        memory_budget_bytes=memory_budget_bytes,
        results_bytes=math.prod(res.shape) * np.dtype(dtype).itemsize,
    )
    pieces = cost_in_pieces(
        res,
        sources,
        max_cost_distance_m=max_cost_distance_m,
        barriers=barriers,
        dtype=dtype,
        block_cells=block_cells,
        workers=workers,
        memory_budget_bytes=memory_budget_bytes,
    )
    cost_m = np.empty(res.shape, dtype=dtype)
    for piece in pieces:
        cost_m[piece.rows, piece.columns] = piece.cost_m
    entry = raster("cost_distance")
    return Grid.of(res).like(cost_m, name=entry.name, units=entry.unit)


def cost_allocation_in_blocks(
    res: xr.DataArray,
    sources: Sources,
    *,
    max_cost_distance_m: float | None = None,
    barriers: EdgeCosts | None = None,
    dtype: Precision = "float64",
    block_cells: int = 2048,
    workers: int | Workers = 1,
    memory_budget_bytes: int | None = None,
) -> tuple[xr.DataArray, xr.DataArray]:
    """Return the accumulated cost, and the source every cell is reached from, solved in blocks.

    Parameters
    ----------
    res, max_cost_distance_m, barriers, dtype, block_cells, workers, memory_budget_bytes
        As for `accumulated_cost_in_blocks`.
    sources
        Label raster, or points, which are labelled 1, 2, ... in their order.

    Returns
    -------
    cost, allocation : xarray.DataArray
        Metres of ideal habitat; labels, 0 where nothing reaches. Where paths from several sources cost the
        same, the smallest label.

    Raises
    ------
    InputError, ResourceError, RunError
        As `accumulated_cost_in_blocks`.
    """
    check_memory(
        Cut(Grid.of(res).shape, block_cells),
        dtype,
        workers=workers,
        memory_budget_bytes=memory_budget_bytes,
        labels=True,
        results_bytes=math.prod(res.shape) * (np.dtype(dtype).itemsize + LABEL_BYTES),
    )
    pieces = cost_in_pieces(
        res,
        sources,
        max_cost_distance_m=max_cost_distance_m,
        barriers=barriers,
        dtype=dtype,
        block_cells=block_cells,
        workers=workers,
        memory_budget_bytes=memory_budget_bytes,
        allocate=True,
    )
    cost_m, labels = np.empty(res.shape, dtype=dtype), np.zeros(res.shape, dtype=np.int32)
    for piece in pieces:
        cost_m[piece.rows, piece.columns] = piece.cost_m
        if piece.labels is not None:
            labels[piece.rows, piece.columns] = piece.labels
    grid, entry = Grid.of(res), raster("cost_distance")
    return (
        grid.like(cost_m, name=entry.name, units=entry.unit),
        grid.like(labels.astype(label_dtype(int(labels.max()))), name="allocation", units="core_id"),
    )


def cost_in_pieces(
    res: xr.DataArray,
    sources: Sources,
    *,
    max_cost_distance_m: float | None = None,
    barriers: EdgeCosts | None = None,
    dtype: Precision = "float64",
    block_cells: int = 2048,
    workers: int | Workers = 1,
    memory_budget_bytes: int | None = None,
    allocate: bool = False,
    figures: Figures | None = None,
) -> Iterator[Piece]:
    """Return the accumulated cost piece by piece: for results that are larger than memory.

    Parameters
    ----------
    res, sources, max_cost_distance_m, barriers, dtype, block_cells, workers, memory_budget_bytes
        As for `accumulated_cost_in_blocks`.
    allocate
        Also return labels.
    figures
        Is brought up to date with what the run takes.

    Returns
    -------
    iterator of Piece
        All of the raster, block by block, rows of blocks from the top. What cannot be is refused at once;
        solving starts with the first piece asked for, and all is solved before it comes.

    Raises
    ------
    InputError, ResourceError, RunError
        As `accumulated_cost_in_blocks`.

    Examples
    --------
    Neither the raster nor its result ever fits into memory here; the file appears when it is whole:

    >>> from corridors.io import raster_on_disk, write_pieces
    >>> res = raster_on_disk("resistance.tif", name="resistance")  # doctest: +SKIP
    >>> cores = raster_on_disk("cores.tif", name="cores")  # doctest: +SKIP
    >>> pieces = cost_in_pieces(res, cores, memory_budget_bytes=2 * 10**9)  # doctest: +SKIP
    >>> write_pieces(pieces, Grid.of(res), "cost.tif", name="cost_distance")  # doctest: +SKIP
    """
    grid = Grid.of(res)
    cut, cell_size_m = Cut(grid.shape, block_cells), grid.cell_size_m
    most_open = check_memory(
        cut, dtype, workers=workers, memory_budget_bytes=memory_budget_bytes, labels=allocate
    )
    max_cost = math.inf if max_cost_distance_m is None else max_cost_distance_m / cell_size_m
    source_cells, lowest = checked_sources(res, sources, cut)
    problem = Problem(
        resistance=res,
        sources=source_cells,
        steps=None if barriers is None else steps_of(barriers, grid),
        dtype=dtype,
        max_cost=max_cost * (1 + LIMIT_MARGIN),
        labels=allocate,
    )
    make = partial(Keeper, most_open)
    limit_m = math.inf if max_cost_distance_m is None else max_cost_distance_m
    scale = Scale(cell_size_m, limit_m, lowest * cell_size_m)
    return _pieces(problem, cut, partial(crew_of, workers, make), scale, figures)


def _pieces(
    problem: Problem, cut: Cut, start: partial[Crew], scale: Scale, told: Figures | None
) -> Iterator[Piece]:
    with closing(start()) as crew:
        run = Run(problem, cut, crew, told)
        for part in run.parts():
            cost_m, labels = part.distances, part.labels
            np.multiply(cost_m, cost_m.dtype.type(scale.cell_size_m), out=cost_m)
            if scale.limit_m < math.inf:
                cost_m[cost_m > scale.limit_m] = np.inf
            check_precision(cost_m, scale.smallest_step_m)
            if labels is not None:
                labels[np.isinf(cost_m)] = 0
            yield Piece(*part.window, cost_m, labels)
