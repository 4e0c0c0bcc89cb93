"""Where everything lies: one flat array for the grids of all levels, one for what a solution needs.

A row of a grid is kept as two half rows, first the cells of even columns, then those of odd ones, so that
cells of one colour (row parity, column parity) lie side by side and eight of them make a vector. Before the
first row lies an empty one, after the last lie two; every half row ends in at least one empty cell, and so
begins after one. Edges are kept at their western or northern end, those to the north-east at their western:
none is looked up east of a cell. Empty cells have no edges, so no loop asks where the grid ends.

The cells of half row (row, parity) begin at `2 * row + parity` widths after the first cell of the grid.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridors.kernels._jit import jit
from corridors.kernels.multigrid.lanes import LANES

Floats = NDArray[np.floating[Any]]
Levels = NDArray[np.int64]
LEVELS_AT_MOST = 40
DIRECT_CELLS = 12  # a grid this small is solved directly
PARTS = 8  # what a coarse cell gives to the three fine cells beside and below it: 2 + 2 + 4 weights
ROWS, COLUMNS, GRID, SCRATCH, LEAKY = range(5)
COUNT = 5


class Level(NamedTuple):
    """One grid: sizes, and where the first cell of each of its arrays lies.

    rows, columns
        Of the grid.
    width
        Cells of a half row, empty ones included.
    east, south, south_east, north_east
        Conductances of edges, in `Hierarchy.numbers`.
    inverse
        One over the sum of a cell's edges and leak; 0 where it has none.
    leak, leaky
        Conductances to ground, and 1. Where there are none at all, an empty row and 0: the leak of a cell
        lies at `leak + leaky * place`, and no loop asks.
    parts, part_size
        The eight arrays of interpolation weights, whose rows are `coarse_width` long and in natural order.
    coarse_rows, coarse_columns, coarse_width
        Of the next level; its width is twice its half row.
    voltage, current, correction
        In `Scratch.numbers`.
    """

    rows: int
    columns: int
    width: int
    east: int
    south: int
    south_east: int
    north_east: int
    inverse: int
    leak: int
    leaky: int
    parts: int
    part_size: int
    coarse_rows: int
    coarse_columns: int
    coarse_width: int
    voltage: int
    current: int
    correction: int


@jit
def half_width(columns: int) -> int:
    """Return the cells of a half row, empty ones included."""
    return ((columns + 1) // 2 + LANES) // LANES * LANES


@jit
def grid_size(rows: int, columns: int) -> int:
    """Return the numbers of one array of a grid."""
    return 2 * half_width(columns) * (rows + 3)


@jit
def part_size(rows: int, columns: int) -> int:
    """Return the numbers of one array of interpolation weights below a grid of this size."""
    return ((rows + 1) // 2 + 2) * 2 * half_width((columns + 1) // 2)


@jit
def plan(levels: Levels, rows: int, columns: int, leaky: bool) -> tuple[int, int]:
    """Fill the table of levels; return how many numbers a hierarchy and a scratch take."""
    grid, scratch, count = 0, 0, 0
    while True:
        levels[count, ROWS], levels[count, COLUMNS] = rows, columns
        levels[count, GRID], levels[count, SCRATCH] = grid, scratch
        levels[count, LEAKY] = leaky
        grid += (6 if leaky else 5) * grid_size(rows, columns)
        scratch += (3 if count else 2) * grid_size(rows, columns)
        count += 1
        if rows * columns <= DIRECT_CELLS:
            break
        grid += PARTS * part_size(rows, columns)
        rows, columns = (rows + 1) // 2, (columns + 1) // 2
    levels[-1, 0] = count
    levels[-1, 1] = scratch
    spare = 2 * LANES  # neighbours of the last empty cell are read too
    return grid + spare, scratch + 2 * rows_width(levels[0, COLUMNS]) + spare


@jit
def rows_place(levels: Levels) -> int:
    """Return where two rows in natural order have room in `Scratch.numbers`."""
    return int(levels[-1, 1])


@jit
def rows_width(columns: int) -> int:
    """Return the numbers of one row in natural order below a grid of this many columns, and some more."""
    return 2 * half_width(columns) + 2 * LANES


@jit
def level_of(levels: Levels, number: int) -> Level:
    """Return sizes and places of one level."""
    rows, columns = levels[number, ROWS], levels[number, COLUMNS]
    width, size = half_width(columns), grid_size(rows, columns)
    first, leaky = levels[number, GRID] + 2 * width, levels[number, LEAKY]
    coarse_rows, coarse_columns = (rows + 1) // 2, (columns + 1) // 2
    coarse_width = 2 * half_width(coarse_columns)
    scratch = levels[number, SCRATCH] + 2 * width
    return Level(
        rows,
        columns,
        width,
        first,
        first + size,
        first + 2 * size,
        first + 3 * size,
        first + 4 * size,
        first + 5 * size if leaky else first - 2 * width,
        leaky,
        levels[number, GRID] + (6 if leaky else 5) * size + coarse_width,
        part_size(rows, columns),
        coarse_rows,
        coarse_columns,
        coarse_width,
        scratch,
        scratch + size,
        scratch + 2 * size,
    )
