"""Which steps between cell centres a line crosses: exactly, and each crossing once.

Coordinates are rounded to 1/65 536 of a cell (8 mm at 500 m), once, so that every test below is made in
whole numbers and has no rounding error.

What runs exactly through a centre, or along a row of them, is decided by one rule: **centres count as lying
a hair to the west of where they are, and a far smaller hair to the north**. So a line along a column of
centres passes east of them, a line along a row passes south of them, and no line ever meets a centre, nor
a corner of a line a step. A line then crosses a closed ring of steps as often inward as outward, which is
why a sealed fence leaks nowhere. (Simulation of simplicity: Edelsbrunner and Mücke 1990.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridors.barriers.edges import FORWARD
from corridors.kernels.cost_distance import EAST, SOUTH, SOUTH_EAST, SOUTH_WEST

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridors.grid import Grid

    Integers = NDArray[np.int64]

UNITS = 65_536  # to the side of a cell
LONGEST_CELLS = 16_000  # of a segment: products of two lengths then fit 64 bits

# What is the same for all centres on the line of a step, as factors of x and y; what counts along it.
ACROSS = {EAST: (0, 1), SOUTH: (1, 0), SOUTH_WEST: (1, 1), SOUTH_EAST: (1, -1)}
ALONG = {EAST: (1, 0), SOUTH: (0, 1), SOUTH_WEST: (0, 1), SOUTH_EAST: (0, 1)}


class Crossings(NamedTuple):
    """Where segments cross steps: number of the segment, the step, and the place (n, 2) in units."""

    segment: NDArray[np.int64]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    direction: NDArray[np.int64]
    place: NDArray[np.int64]


def to_units(xy: NDArray[np.float64], grid: Grid) -> Integers:
    """Return coordinates (n, 2) in whole units right and down from the first cell's centre."""
    left, _, _, top = grid.bounds
    cells = np.column_stack([xy[:, 0] - left, top - xy[:, 1]]) / grid.cell_size_m - 0.5
    units: Integers = np.rint(cells * UNITS).astype(np.int64)
    return units


def to_metres(units: Integers, grid: Grid) -> NDArray[np.float64]:
    """Return coordinates (n, 2) in the grid's CRS."""
    left, _, _, top = grid.bounds
    metres = (units / UNITS + 0.5) * grid.cell_size_m
    return np.column_stack([left + metres[:, 0], top - metres[:, 1]])


def step_crossings(starts: Integers, ends: Integers, shape: tuple[int, int]) -> Crossings:
    """Return every crossing of a segment and a step within the raster.

    Parameters
    ----------
    starts, ends
        Ends of the segments in units, shape (n, 2); no segment without length.
    shape
        Rows and columns.

    Notes
    -----
    Takes time and memory in proportion to the number of crossings.
    """
    reach = np.array(shape[::-1]) * UNITS
    near = np.flatnonzero(
        (np.minimum(starts, ends) <= reach).all(axis=1) & (np.maximum(starts, ends) >= -UNITS).all(axis=1)
    )
    found = [_crossings(near, starts[near], ends[near], direction, shape) for direction in FORWARD]
    return Crossings(*(np.concatenate(parts) for parts in zip(*found, strict=True)))


def _crossings(
    numbers: Integers, starts: Integers, ends: Integers, direction: int, shape: tuple[int, int]
) -> Crossings:
    """Return the crossings with steps of one direction; each line of such steps is dealt with as a whole."""
    across, along = np.array(ACROSS[direction]), np.array(ALONG[direction])
    index, line = _lines_crossed(starts @ across, ends @ across)
    start, end = starts[index], ends[index]
    at, on_centre = _place_on_line(start, end, line, across, along)
    step = at // UNITS - (on_centre & ~_centre_is_before(start, end, direction))
    rows, columns = _cells(line, step, direction)
    down, right = FORWARD[direction]
    inside = (rows >= 0) & (columns >= 0) & (rows < shape[0]) & (columns < shape[1])
    inside &= (rows + down < shape[0]) & (columns + right >= 0) & (columns + right < shape[1])
    y, x = _cells(line * UNITS, at, direction)
    place = np.column_stack([x, y])[inside]
    ways = np.full(len(place), direction)
    return Crossings(numbers[index][inside], rows[inside], columns[inside], ways, place)


def _lines_crossed(start: Integers, end: Integers) -> tuple[Integers, Integers]:
    """Return pairs of a segment and a line of centres that its ends lie on either side of."""
    # Rounding down puts an end on the line itself to the east or south: the rule at the top.
    low, high = np.sort([start // UNITS, end // UNITS], axis=0)
    count = high - low
    index = np.repeat(np.arange(len(start)), count)
    within = np.arange(len(index)) - np.repeat(np.cumsum(count) - count, count)
    return index, low[index] + 1 + within


def _place_on_line(
    start: Integers, end: Integers, line: Integers, across: Integers, along: Integers
) -> tuple[Integers, NDArray[np.bool_]]:
    """Return where on its line of centres each segment crosses, rounded down, and whether on a centre."""
    rise, run = (end - start) @ across, (end - start) @ along
    whole, rest = np.divmod((line * UNITS - start @ across) * run, rise)
    at: Integers = start @ along + whole
    return at, (rest == 0) & (at % UNITS == 0)


def _centre_is_before(start: Integers, end: Integers, direction: int) -> NDArray[np.bool_]:
    """Return whether a centre on the segment lies, by the rule above, before the crossing along its line."""
    (right, down), (step_down, step_right) = (end - start).T, FORWARD[direction]
    side_of_centre = np.where(down != 0, np.sign(down), -np.sign(right))
    side_ahead = np.sign(right * step_down - down * step_right)
    before: NDArray[np.bool_] = side_of_centre == -side_ahead
    return before


def _cells(line: Integers, step: Integers, direction: int) -> tuple[Integers, Integers]:
    """Return row and column from the number of a line of centres and the place on it."""
    if direction == EAST:
        return line, step
    if direction == SOUTH:
        return step, line
    return (step, line - step) if direction == SOUTH_WEST else (step, line + step)
