"""Gauss-Seidel in four colours, fused with the way down to the coarse grid.

A cell's colour is the parity of its row and column: no two cells of one colour are neighbours, so eight of
them are done at once, in any order. One colour after another, each cell takes the voltage at which its
currents balance: even rows first on the way down, then odd ones; on the way up the reverse, so that down and
up together are symmetric.

On the way down voltages begin at 0, and what a sweep leaves unbalanced in a cell is exactly what flows in
from the neighbours that were changed after it: the last colour, odd rows and odd columns, is balanced, and no
right-hand side is needed again. Each pass goes through memory once: a row is smoothed as soon as the one
below it allows, and restricted as soon as it is smoothed.

`own` is the place of eight cells counted from the first cell of the grid, `side` that of their eastern
neighbours.
"""

from __future__ import annotations

from corridors.kernels._jit import jit
from corridors.kernels.multigrid.finest import clear, split_row
from corridors.kernels.multigrid.interpolation import (
    EAST,
    NORTH,
    SOUTH,
    WEST,
)
from corridors.kernels.multigrid.lanes import (
    LANES,
    Vector,
    load,
    multiply_add,
    one_later,
    store,
)
from corridors.kernels.multigrid.layout import Floats, Level


@jit
def along(
    numbers: Floats, level: Level, values: Floats, start: int, own: int, side: int, total: Vector
) -> Vector:
    """Return the total plus what the western and eastern neighbours send."""
    west = side - 1
    total = multiply_add(load(numbers, level.east + own), load(values, start + side), total)
    return multiply_add(load(numbers, level.east + west), load(values, start + west), total)


@jit
def across(
    numbers: Floats, level: Level, values: Floats, start: int, own: int, side: int, total: Vector
) -> Vector:
    """Return the total plus what the neighbours in the rows above and below send."""
    row, west = 2 * level.width, side - 1
    total = multiply_add(load(numbers, level.south + own), load(values, start + own + row), total)
    other = load(numbers, level.south + own - row) * load(values, start + own - row)
    total = multiply_add(load(numbers, level.south_east + own), load(values, start + side + row), total)
    other = multiply_add(
        load(numbers, level.south_east + west - row), load(values, start + west - row), other
    )
    total = multiply_add(
        load(numbers, level.north_east + west + row), load(values, start + west + row), total
    )
    other = multiply_add(load(numbers, level.north_east + own), load(values, start + side - row), other)
    return total + other


@jit
def smooth_and_restrict(
    numbers: Floats, fine: Level, coarse: Level, values: Floats, voltage: int, room: int
) -> None:
    """Smooth once from 0 V, and leave what is unbalanced on the coarse grid as its currents."""
    clear(values, room, fine.coarse_width + LANES)
    for row in range(0, fine.rows + 1, 2):
        if row < fine.rows:
            _smooth_first_row(numbers, fine, values, voltage, row)
        if row >= 2:
            if row - 1 < fine.rows:
                _smooth_second_row(numbers, fine, values, voltage, row - 1)
            _restrict(numbers, fine, coarse, values, voltage, row // 2 - 1, room)
    if fine.rows % 2:
        _restrict(numbers, fine, coarse, values, voltage, coarse.rows - 1, room)


@jit
def _smooth_first_row(numbers: Floats, level: Level, values: Floats, voltage: int, row: int) -> None:
    """Smooth an even row; the odd rows around it are still 0."""
    start = 2 * row * level.width
    for own in range(start, start + level.width, LANES):
        balanced = load(values, level.current + own) * load(numbers, level.inverse + own)
        store(values, voltage + own, balanced)
    for own in range(start + level.width, start + 2 * level.width, LANES):
        total = along(
            numbers, level, values, voltage, own, own - level.width + 1, load(values, level.current + own)
        )
        store(values, voltage + own, total * load(numbers, level.inverse + own))


@jit
def _smooth_second_row(numbers: Floats, level: Level, values: Floats, voltage: int, row: int) -> None:
    """Smooth an odd row; its odd columns are still 0 when its even ones are done."""
    start = 2 * row * level.width
    for own in range(start, start + level.width, LANES):
        total = across(
            numbers, level, values, voltage, own, own + level.width, load(values, level.current + own)
        )
        store(values, voltage + own, total * load(numbers, level.inverse + own))
    smooth_half_row(numbers, level, values, voltage, start + level.width, 1 - level.width)


@jit
def smooth_half_row(
    numbers: Floats, level: Level, values: Floats, voltage: int, start: int, to_side: int
) -> None:
    """Balance the cells of a half row with all their neighbours."""
    for own in range(start, start + level.width, LANES):
        total = across(numbers, level, values, voltage, own, own + to_side, load(values, level.current + own))
        total = along(numbers, level, values, voltage, own, own + to_side, total)
        store(values, voltage + own, total * load(numbers, level.inverse + own))


@jit
def _restrict(
    numbers: Floats, fine: Level, coarse: Level, values: Floats, voltage: int, row: int, room: int
) -> None:
    """Gather what the cells around those of a coarse row have left, by the weights they interpolate with."""
    width, size = fine.width, fine.part_size
    above, at = fine.parts + (row - 1) * fine.coarse_width, fine.parts + row * fine.coarse_width
    start = 4 * row * width
    none = load(values, room) - load(values, room)
    western = none  # what the cells of odd columns have for the coarse cell east of them
    for column in range(0, width, LANES):
        own = start + column
        gathered = along(numbers, fine, values, voltage, own, own + width, none)
        gathered = across(numbers, fine, values, voltage, own, own + width, gathered)
        left = across(numbers, fine, values, voltage, own + width, own + 1, none)
        gathered = multiply_add(load(numbers, at + WEST * size + column), left, gathered)
        eastern = load(numbers, at + EAST * size + column) * left
        gathered += one_later(western, eastern)
        western = eastern
        own = start + 2 * width + column
        left = along(numbers, fine, values, voltage, own, own + width, none)
        gathered = multiply_add(load(numbers, at + NORTH * size + column), left, gathered)
        own = start - 2 * width + column
        left = along(numbers, fine, values, voltage, own, own + width, none)
        gathered = multiply_add(load(numbers, above + SOUTH * size + column), left, gathered)
        store(values, room + column, gathered)
    split_row(values, room, fine.coarse_width, values, coarse.current + 2 * row * coarse.width, coarse.width)
