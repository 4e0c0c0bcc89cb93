"""How a coarse grid stands for the fine one below it: each fine cell takes a mean of coarse cells.

The cells of even rows and columns are the coarse cells. A fine cell between two of them takes a mean of both,
weighted by all conductance towards either side; a cell between four takes what its neighbours have, weighted
by their edges: as if no current stayed in it (Dendy 1982). A cell without any conductance to a coarse one
takes the western or northern value whole, so that strands without coarse cells are carried by one.

With leaks the weights add up to less than one: ground, at 0 V, has its share.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from corridors.kernels._jit import jit
from corridors.kernels.multigrid.finest import clear, meeting_in
from corridors.kernels.multigrid.lanes import LANES, if_positive, load, multiply_add, share, spread, store
from corridors.kernels.multigrid.layout import PARTS, Floats, Level

# The parts: weights of the coarse cells WEST and EAST of a cell in an even row, NORTH and SOUTH of one in an
# even column, and of the four around the others.
WEST, EAST, NORTH, SOUTH, NORTH_WEST, NORTH_EAST, SOUTH_WEST, SOUTH_EAST = range(PARTS)


@jit
def interpolate(numbers: Floats, level: Level) -> None:
    """Store the interpolation weights of a grid."""
    _clear_row(numbers, level, -1)
    _clear_row(numbers, level, 0)
    _beside(numbers, level, 0)
    for row in range(level.coarse_rows):
        _clear_row(numbers, level, row + 1)
        if row + 1 < level.coarse_rows:
            _beside(numbers, level, row + 1)
        if 2 * row + 1 < level.rows:
            _below(numbers, level, row)
            _between(numbers, level, row)


@jit
def _clear_row(numbers: Floats, level: Level, row: int) -> None:
    for part in range(PARTS):
        start = level.parts + part * level.part_size + row * level.coarse_width
        clear(numbers, start, level.coarse_width)


@jit
def _beside(numbers: Floats, level: Level, row: int) -> None:
    """Store the weights of cells in an even row and odd columns."""
    up, size = 2 * level.width, level.part_size
    parts = level.parts + row * level.coarse_width
    for column in range(0, level.width, LANES):
        own = (4 * row + 1) * level.width + column
        west = own - level.width
        left = load(numbers, level.east + west) + load(numbers, level.north_east + west + up)
        left += load(numbers, level.south_east + west - up)
        right = load(numbers, level.east + own) + load(numbers, level.south_east + own)
        right += load(numbers, level.north_east + own)
        _store_pair(
            numbers, level, own, left, right, parts + WEST * size + column, parts + EAST * size + column
        )


@jit
def _below(numbers: Floats, level: Level, row: int) -> None:
    """Store the weights of cells in an odd row and even columns."""
    up, size = 2 * level.width, level.part_size
    parts = level.parts + row * level.coarse_width
    for column in range(0, level.width, LANES):
        own = (4 * row + 2) * level.width + column
        side = own + level.width
        upper = load(numbers, level.south + own - up) + load(numbers, level.south_east + side - 1 - up)
        upper += load(numbers, level.north_east + own)
        lower = load(numbers, level.south + own) + load(numbers, level.south_east + own)
        lower += load(numbers, level.north_east + side - 1 + up)
        _store_pair(
            numbers, level, own, upper, lower, parts + NORTH * size + column, parts + SOUTH * size + column
        )


@jit
def _store_pair(
    numbers: Floats, level: Level, own: int, first: Any, second: Any, first_place: int, second_place: int
) -> None:
    """Store the weights of two coarse cells for the fine cells between them."""
    one = spread(np.float32(1))
    none = one - one
    first, second = if_positive(first, first, none), if_positive(second, second, none)
    both = first + second + load(numbers, level.leak + level.leaky * own)
    there = load(numbers, level.inverse + own)
    store(numbers, first_place, if_positive(there, if_positive(both, share(both, first), one), none))
    store(numbers, second_place, if_positive(there, share(both, second), none))


@jit
def _between(numbers: Floats, level: Level, row: int) -> None:
    """Store the weights of cells in an odd row and odd columns."""
    up, size = 2 * level.width, level.part_size
    parts = level.parts + row * level.coarse_width
    for column in range(0, level.width, LANES):
        own = (4 * row + 3) * level.width + column
        side = own - level.width + 1
        west, at = side - 1, parts + column
        north, south = load(numbers, level.south + own - up), load(numbers, level.south + own)
        left, right = load(numbers, level.east + west), load(numbers, level.east + own)
        whole = meeting_in(numbers, level, own, side)
        below = at + level.coarse_width
        mean = multiply_add(
            north, load(numbers, at + WEST * size), load(numbers, level.south_east + west - up)
        )
        mean = multiply_add(left, load(numbers, at + NORTH * size), mean)
        store(numbers, at + NORTH_WEST * size, share(whole, mean))
        mean = multiply_add(north, load(numbers, at + EAST * size), load(numbers, level.north_east + own))
        mean = multiply_add(right, load(numbers, at + 1 + NORTH * size), mean)
        store(numbers, at + NORTH_EAST * size, share(whole, mean))
        mean = multiply_add(
            south, load(numbers, below + WEST * size), load(numbers, level.north_east + west + up)
        )
        mean = multiply_add(left, load(numbers, at + SOUTH * size), mean)
        store(numbers, at + SOUTH_WEST * size, share(whole, mean))
        mean = multiply_add(south, load(numbers, below + EAST * size), load(numbers, level.south_east + own))
        mean = multiply_add(right, load(numbers, at + 1 + SOUTH * size), mean)
        store(numbers, at + SOUTH_EAST * size, share(whole, mean))
