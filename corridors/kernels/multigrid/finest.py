"""Lay the conductances of a raster out as the finest grid, and add up what meets in each cell."""

from __future__ import annotations

from typing import Any

import numpy as np

from corridors.kernels._jit import jit
from corridors.kernels.multigrid.lanes import (
    LANES,
    as_precise,
    evens,
    if_positive,
    load,
    odds,
    share,
    spread,
    store,
)
from corridors.kernels.multigrid.layout import Floats, Level

EAST, SOUTH, SOUTH_EAST, SOUTH_WEST = range(4)
SMALLEST = np.float32(1e-30)  # what meets in a cell that is worth a division


@jit
def lay_out_edges(numbers: Floats, level: Level, weights: Floats) -> None:
    """Copy conductances to the finest grid, without those that point out of the raster."""
    rows, columns = level.rows, level.columns
    flat = weights.reshape(-1)
    for row in range(rows):
        half, east = 2 * row * level.width, (EAST * rows + row) * columns
        split_row(flat, east, columns - 1, numbers, level.east + half, level.width)
        if row + 1 < rows:
            south, falling = (SOUTH * rows + row) * columns, (SOUTH_EAST * rows + row) * columns
            split_row(flat, south, columns, numbers, level.south + half, level.width)
            split_row(flat, falling, columns - 1, numbers, level.south_east + half, level.width)
        if row > 0:
            rising = (SOUTH_WEST * rows + row - 1) * columns + 1
            split_row(flat, rising, columns - 1, numbers, level.north_east + half, level.width)
    clear_rows(numbers, level, level.south, rows - 1, 1)
    clear_rows(numbers, level, level.south_east, rows - 1, 1)
    clear_rows(numbers, level, level.north_east, 0, 1)
    for start in (level.east, level.south, level.south_east, level.north_east):
        clear_around(numbers, level, start)


@jit
def split_row(row: Floats, first: int, columns: int, halves: Floats, start: int, width: int) -> None:
    """Copy a row in natural order to its two half rows; empty cells become 0."""
    column = 0
    while column + 2 * LANES <= columns:
        left, right = load(row, first + column), load(row, first + column + LANES)
        like = load(halves, start)
        store(halves, start + column // 2, as_precise(evens(left, right), like))
        store(halves, start + width + column // 2, as_precise(odds(left, right), like))
        column += 2 * LANES
    clear(halves, start + column // 2, width - column // 2)
    clear(halves, start + width + column // 2, width - column // 2)
    for rest in range(column, columns):
        halves[start + (rest % 2) * width + rest // 2] = row[first + rest]


@jit
def clear(numbers: Floats, start: int, size: int) -> None:
    """Set numbers to 0."""
    for place in range(start, start + size):
        numbers[place] = 0


@jit
def clear_rows(numbers: Floats, level: Level, start: int, row: int, rows: int) -> None:
    """Clear rows of an array of a grid."""
    clear(numbers, start + 2 * row * level.width, 2 * rows * level.width)


@jit
def clear_around(numbers: Floats, level: Level, start: int) -> None:
    """Clear the empty rows before the first and after the last of an array of a grid."""
    clear_rows(numbers, level, start, -1, 1)
    clear_rows(numbers, level, start, level.rows, 2)


@jit
def lay_out_leak(numbers: Floats, level: Level, leak: Floats) -> None:
    """Copy conductances to ground. A cell of infinite leak is ground: what leads to it leaks to ground."""
    flat = leak.reshape(-1)
    for row in range(level.rows):
        start = level.leak + 2 * row * level.width
        split_row(flat, row * level.columns, level.columns, numbers, start, level.width)
    clear_around(numbers, level, level.leak)
    for row in range(level.rows):
        for column in range(level.columns):
            if np.isinf(leak[row, column]):
                _ground(numbers, level, row, column)


@jit
def _ground(numbers: Floats, level: Level, row: int, column: int) -> None:
    """Turn the edges of a cell into leaks of its neighbours, and the cell into an empty one."""
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            if down or right:
                other = cell_of(level, row + down, column + right)
                edge = edge_between(level, row, column, down, right)
                numbers[level.leak + other] += numbers[edge]
                numbers[edge] = 0
    numbers[level.leak + cell_of(level, row, column)] = 0


@jit
def cell_of(level: Level, row: int, column: int) -> int:
    """Return the place of a cell, counted from the first cell of the grid."""
    return (2 * row + column % 2) * level.width + column // 2


@jit
def edge_between(level: Level, row: int, column: int, down: int, right: int) -> int:
    """Return the place of the edge from a cell to a neighbour."""
    if right < 0 or (right == 0 and down < 0):
        row, column, down, right = row + down, column + right, -down, -right
    start = level.north_east
    if down == 0:
        start = level.east
    elif right == 0:
        start = level.south
    elif down > 0:
        start = level.south_east
    return start + cell_of(level, row, column)


@jit
def invert_diagonal(numbers: Floats, level: Level) -> None:
    """Store one over the sum of the conductances that meet in each cell."""
    width = level.width
    one = spread(np.float32(1))
    smallest = spread(SMALLEST)
    clear_around(numbers, level, level.inverse)
    for row in range(level.rows):
        for parity in range(2):
            for column in range(0, width, LANES):
                own = (2 * row + parity) * width + column
                side = (2 * row + 1 - parity) * width + column + parity
                meeting = meeting_in(numbers, level, own, side)
                store(
                    numbers,
                    level.inverse + own,
                    if_positive(meeting - smallest, share(meeting, one), one - one),
                )


@jit
def meeting_in(numbers: Floats, level: Level, own: int, side: int) -> Any:
    """Return the sum of edges and leak of eight cells; `side` is their eastern neighbours."""
    up, west = 2 * level.width, side - 1
    along = load(numbers, level.east + own) + load(numbers, level.east + west)
    across = load(numbers, level.south + own) + load(numbers, level.south + own - up)
    falling = load(numbers, level.south_east + own) + load(numbers, level.south_east + west - up)
    rising = load(numbers, level.north_east + own) + load(numbers, level.north_east + west + up)
    return (along + across) + (falling + rising) + load(numbers, level.leak + level.leaky * own)
