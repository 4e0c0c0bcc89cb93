"""The way up from the coarse grid: correct, and smooth in the reverse order, in one pass through memory."""

from __future__ import annotations

from corridors.kernels._jit import jit
from corridors.kernels.multigrid.finest import clear
from corridors.kernels.multigrid.interpolation import (
    EAST,
    NORTH,
    NORTH_EAST,
    NORTH_WEST,
    SOUTH,
    SOUTH_EAST,
    SOUTH_WEST,
    WEST,
)
from corridors.kernels.multigrid.lanes import LANES, first_pairs, last_pairs, load, multiply_add, store
from corridors.kernels.multigrid.layout import Floats, Level
from corridors.kernels.multigrid.smoothing import smooth_half_row


@jit
def prolong_and_smooth(
    numbers: Floats, fine: Level, coarse: Level, values: Floats, voltage: int, room: int
) -> None:
    """Add the interpolated voltages of the coarse grid, and smooth once in the reverse order."""
    upper, lower = room, room + fine.coarse_width + 2 * LANES
    _join_row(coarse, values, 0, lower)
    for row in range(coarse.rows + 1):
        if row < coarse.rows:
            upper, lower = lower, upper
            if row + 1 < coarse.rows:
                _join_row(coarse, values, row + 1, lower)
            else:
                clear(values, lower, fine.coarse_width + LANES)
            _correct_even_row(numbers, fine, values, voltage, row, upper)
            if 2 * row + 1 < fine.rows:
                _correct_odd_row(numbers, fine, values, voltage, row, upper, lower)
        if row > 0:
            start = (4 * row - 2) * fine.width
            if 2 * row - 1 < fine.rows:
                smooth_half_row(numbers, fine, values, voltage, start + fine.width, 1 - fine.width)
                smooth_half_row(numbers, fine, values, voltage, start, fine.width)
            start -= 2 * fine.width
            smooth_half_row(numbers, fine, values, voltage, start + fine.width, 1 - fine.width)
            smooth_half_row(numbers, fine, values, voltage, start, fine.width)


@jit
def _join_row(coarse: Level, values: Floats, row: int, room: int) -> None:
    """Write a row of coarse voltages in natural order, with zeros after it."""
    start = coarse.voltage + 2 * row * coarse.width
    for column in range(0, coarse.width, LANES):
        even, odd = load(values, start + column), load(values, start + coarse.width + column)
        store(values, room + 2 * column, first_pairs(even, odd))
        store(values, room + 2 * column + LANES, last_pairs(even, odd))
    clear(values, room + 2 * coarse.width, LANES)


@jit
def _correct_even_row(
    numbers: Floats, fine: Level, values: Floats, voltage: int, row: int, coarse: int
) -> None:
    """Correct an even row: its even cells are the coarse ones."""
    start, at, size = voltage + 4 * row * fine.width, fine.parts + row * fine.coarse_width, fine.part_size
    for column in range(0, fine.width, LANES):
        own, west = start + column, load(values, coarse + column)
        store(values, own, load(values, own) + west)
        own += fine.width
        value = multiply_add(load(numbers, at + WEST * size + column), west, load(values, own))
        east = load(values, coarse + column + 1)
        store(values, own, multiply_add(load(numbers, at + EAST * size + column), east, value))


@jit
def _correct_odd_row(
    numbers: Floats, fine: Level, values: Floats, voltage: int, row: int, upper: int, lower: int
) -> None:
    """Correct an odd row from the coarse rows above and below it."""
    start, size = voltage + (4 * row + 2) * fine.width, fine.part_size
    for column in range(0, fine.width, LANES):
        own, at = start + column, fine.parts + row * fine.coarse_width + column
        north, south = load(values, upper + column), load(values, lower + column)
        value = multiply_add(load(numbers, at + NORTH * size), north, load(values, own))
        store(values, own, multiply_add(load(numbers, at + SOUTH * size), south, value))
        own += fine.width
        value = multiply_add(load(numbers, at + NORTH_WEST * size), north, load(values, own))
        value = multiply_add(load(numbers, at + SOUTH_WEST * size), south, value)
        north, south = load(values, upper + column + 1), load(values, lower + column + 1)
        value = multiply_add(load(numbers, at + NORTH_EAST * size), north, value)
        store(values, own, multiply_add(load(numbers, at + SOUTH_EAST * size), south, value))
