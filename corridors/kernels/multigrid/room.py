"""Room for the grids, and for a solution in progress: a few flat arrays, made once."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridors.kernels.multigrid.lanes import LANES
from corridors.kernels.multigrid.layout import (
    COUNT,
    DIRECT_CELLS,
    LEVELS_AT_MOST,
    Levels,
    grid_size,
    plan,
    rows_width,
)

WATCHED = 10  # iterations over which the fall of the error is judged
ROOMS = 8  # rows in natural order that the next grid is summed in
VECTORS = 4  # in float64, on the finest grid


class Hierarchy(NamedTuple):
    """Grids of all levels; only read once `set_up_into` has filled it.

    levels
        Rows, columns, place in `numbers`, place in `Scratch.numbers`, whether anything leaks; one row each.
        The last row holds the number of levels, and where the scratch rows lie.
    numbers
        float32, all grids.
    factor
        The factored coarsest grid.
    rows
        Room for eight rows in natural order.
    """

    levels: Levels
    numbers: NDArray[np.float32]
    factor: NDArray[np.float64]
    rows: NDArray[np.float32]


class Scratch(NamedTuple):
    """Vectors of one solution in progress; one per thread.

    numbers
        float32, of all levels, then two rows in natural order.
    vectors
        float64, on the finest grid, one after another: voltage, what is unbalanced, direction, and the
        current the direction drives.
    direct

        The answer of the coarsest grid.
    gains
        Of the last iterations.
    rows
        Two rows of the raster, in natural order.
    """

    numbers: NDArray[np.float32]
    vectors: NDArray[np.float64]
    steps: NDArray[np.float64]
    direct: NDArray[np.float64]
    gains: NDArray[np.float64]
    rows: NDArray[np.float64]


class Workspace(NamedTuple):
    """Room to set up and solve any window up to a size."""

    hierarchy: Hierarchy
    scratch: Scratch


def sizes(rows: int, columns: int, *, leaky: bool) -> tuple[int, int]:
    """Return how many float32 and float64 numbers setting up and solving take, but for a few rows."""
    grids, values = plan(np.zeros((LEVELS_AT_MOST, COUNT), np.int64), rows, columns, leaky)
    return grids + values, VECTORS * grid_size(rows, columns)


def hierarchy_for(rows: int, columns: int, *, leaky: bool = True) -> Hierarchy:
    """Return room for the grids of a raster up to this size."""
    levels = np.zeros((LEVELS_AT_MOST, COUNT), np.int64)
    numbers, _ = plan(levels, rows, columns, leaky)
    return Hierarchy(
        levels,
        aligned(numbers, np.float32),
        np.zeros((DIRECT_CELLS + 1, DIRECT_CELLS)),
        aligned(ROOMS * rows_width(columns), np.float32),
    )


def scratch_for(rows: int, columns: int) -> Scratch:
    """Return room for the vectors of one solution on a raster up to this size."""
    _, numbers = plan(np.zeros((LEVELS_AT_MOST, COUNT), np.int64), rows, columns, False)
    size = grid_size(rows, columns) + 2 * LANES
    return Scratch(
        aligned(numbers, np.float32),
        aligned(VECTORS * size, np.float64),
        np.zeros((LEVELS_AT_MOST, 3)),
        np.zeros(DIRECT_CELLS),
        np.zeros(WATCHED),
        np.zeros((2, rows_width(columns))),
    )


def aligned(size: int, dtype: type[Any]) -> NDArray[Any]:
    """Return zeros that begin on a line of the processor's cache."""
    line = 64
    raw = np.zeros(size * np.dtype(dtype).itemsize + line, np.uint8)
    start = -raw.ctypes.data % line
    return raw[start : start + size * np.dtype(dtype).itemsize].view(dtype)
