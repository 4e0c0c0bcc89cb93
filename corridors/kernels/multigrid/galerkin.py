"""The coarse grid: the conductances that make its energy equal that of the interpolated voltages.

Take four coarse cells at the corners of a square of three by three fine cells. A fine edge of conductance w
whose ends have interpolation weights u and v over the corners has the energy w ((u - v) . x)^2, which gives
-w (u - v)_a (u - v)_b to the edge between corners a and b. Summed over the edges of the square, six coarse
edges: a grid of nine-point stencils again (Galerkin). Kept as edges, not as a matrix, its rows sum to zero by
construction, whatever is rounded.

Where it leaks, ground is one more end, at which every weight is 0, and the energies do not sum to zero: what
is over, w (u - v)_a sum(u - v), is the leak of corner a.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from corridors.kernels._jit import jit
from corridors.kernels.multigrid.finest import clear, clear_around, split_row
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
from corridors.kernels.multigrid.lanes import LANES, Vector, load, multiply_add, spread, store
from corridors.kernels.multigrid.layout import Floats, Level, rows_width
from corridors.kernels.multigrid.room import ROOMS

Weights = Any  # of the corners: north-west, north-east, south-west, south-east
Edges = Any  # between corners: north, west, falling, rising, east, south


@jit
def coarsen(numbers: Floats, fine: Level, coarse: Level, rows: Floats) -> None:
    """Fill the edges and leaks of a coarse grid. `rows` is room for eight rows in natural order."""
    room = rows_width(fine.columns)
    clear(rows, 0, ROOMS * room)
    east, next_east, rising, next_rising, leak, next_leak, south, falling = (
        0,
        room,
        2 * room,
        3 * room,
        4 * room,
        5 * room,
        6 * room,
        7 * room,
    )
    for row in range(coarse.rows):
        for start in (next_east, next_rising, next_leak, south, falling):
            clear(rows, start, room)
        edges = (east, south, falling, next_rising, south + 1, next_east)
        _add_squares(numbers, fine, row, rows, edges, (leak, leak + 1, next_leak, next_leak + 1))
        if fine.leaky:
            _hand_over(numbers, coarse, row, rows, leak, coarse.leak)
        _hand_over(numbers, coarse, row, rows, east, coarse.east)
        _hand_over(numbers, coarse, row, rows, south, coarse.south)
        _hand_over(numbers, coarse, row, rows, falling, coarse.south_east)
        _hand_over(numbers, coarse, row, rows, rising, coarse.north_east)
        east, next_east, rising, next_rising = next_east, east, next_rising, rising
        leak, next_leak = next_leak, leak
    for start in (coarse.east, coarse.south, coarse.south_east, coarse.north_east):
        clear_around(numbers, coarse, start)
    if fine.leaky:
        clear_around(numbers, coarse, coarse.leak)


@jit
def _add_squares(numbers: Floats, fine: Level, row: int, rows: Floats, edges: Any, leaks: Any) -> None:
    """Add what a row of squares gives to coarse edges in six directions, and to the leaks of four corners."""
    for column in range(0, fine.width, LANES):
        between, over = square(numbers, fine, row, column)
        _add(rows, edges[0] + column, between[0])
        _add(rows, edges[1] + column, between[1])
        _add(rows, edges[2] + column, between[2])
        _add(rows, edges[3] + column, between[3])
        _add(rows, edges[4] + column, between[4])
        _add(rows, edges[5] + column, between[5])
        _add(rows, leaks[0] + column, over[0])
        _add(rows, leaks[1] + column, over[1])
        _add(rows, leaks[2] + column, over[2])
        _add(rows, leaks[3] + column, over[3])


@jit
def _add(rows: Floats, place: int, lanes: Vector) -> None:
    store(rows, place, load(rows, place) + lanes)


@jit
def _hand_over(numbers: Floats, coarse: Level, row: int, rows: Floats, place: int, start: int) -> None:
    """Copy one row of a coarse array from natural order to its half rows."""
    split_row(rows, place, coarse.columns, numbers, start + 2 * row * coarse.width, coarse.width)


@jit
def square(numbers: Floats, fine: Level, row: int, column: int) -> tuple[Edges, Weights]:
    """Return what the edges of a square give, those along its east and south left out; of eight squares."""
    top, right = 4 * row * fine.width + column, fine.width
    middle, bottom = top + 2 * fine.width, top + 4 * fine.width
    corners, beside, inner = weights_in(numbers, fine, row, column)
    north, west, east, south = beside
    none = spread(np.float32(0))
    ground = (none, none, none, none)
    found = ((none, none, none, none, none, none), ground)
    found = _edge(found, load(numbers, fine.east + top), corners[0], north)
    found = _edge(found, load(numbers, fine.east + top + right), north, corners[1])
    found = _edge(found, load(numbers, fine.east + middle), west, inner)
    found = _edge(found, load(numbers, fine.east + middle + right), inner, east)
    found = _edge(found, load(numbers, fine.south + top), corners[0], west)
    found = _edge(found, load(numbers, fine.south + middle), west, corners[2])
    found = _edge(found, load(numbers, fine.south + top + right), north, inner)
    found = _edge(found, load(numbers, fine.south + middle + right), inner, south)
    found = _edge(found, load(numbers, fine.south_east + top), corners[0], inner)
    found = _edge(found, load(numbers, fine.south_east + top + right), north, east)
    found = _edge(found, load(numbers, fine.south_east + middle), west, south)
    found = _edge(found, load(numbers, fine.south_east + middle + right), inner, corners[3])
    found = _edge(found, load(numbers, fine.north_east + middle), west, north)
    found = _edge(found, load(numbers, fine.north_east + middle + right), inner, corners[1])
    found = _edge(found, load(numbers, fine.north_east + bottom), corners[2], inner)
    found = _edge(found, load(numbers, fine.north_east + bottom + right), south, east)
    leak, step = fine.leak + fine.leaky * top, fine.leaky * right
    found = _edge(found, load(numbers, leak), corners[0], ground)
    found = _edge(found, load(numbers, leak + step), north, ground)
    found = _edge(found, load(numbers, leak + 2 * step), west, ground)
    return _edge(found, load(numbers, leak + 3 * step), inner, ground)


@jit
def weights_in(
    numbers: Floats, fine: Level, row: int, column: int
) -> tuple[tuple[Weights, ...], tuple[Weights, ...], Weights]:
    """Return the weights of the corners, of the cells north, west, east, south, and of the middle one."""
    at, size = fine.parts + row * fine.coarse_width + column, fine.part_size
    below = at + fine.coarse_width
    one, none = spread(np.float32(1)), spread(np.float32(0))
    corners = (
        (one, none, none, none),
        (none, one, none, none),
        (none, none, one, none),
        (none, none, none, one),
    )
    north = (load(numbers, at + WEST * size), load(numbers, at + EAST * size), none, none)
    west = (load(numbers, at + NORTH * size), none, load(numbers, at + SOUTH * size), none)
    east = (none, load(numbers, at + 1 + NORTH * size), none, load(numbers, at + 1 + SOUTH * size))
    south = (none, none, load(numbers, below + WEST * size), load(numbers, below + EAST * size))
    inner = (
        load(numbers, at + NORTH_WEST * size),
        load(numbers, at + NORTH_EAST * size),
        load(numbers, at + SOUTH_WEST * size),
        load(numbers, at + SOUTH_EAST * size),
    )
    return corners, (north, west, east, south), inner


@jit
def _edge(
    found: tuple[Edges, Weights], weight: Vector, start: Weights, end: Weights
) -> tuple[Edges, Weights]:
    """Add what one fine edge gives to the edges between corners, and to their leaks."""
    edges, leaks = found
    a, b, c, d = start[0] - end[0], start[1] - end[1], start[2] - end[2], start[3] - end[3]
    none = spread(np.float32(0))
    first, second, third = none - weight * a, none - weight * b, none - weight * c
    over = weight * ((a + b) + (c + d))
    return (
        (
            multiply_add(first, b, edges[0]),
            multiply_add(first, c, edges[1]),
            multiply_add(first, d, edges[2]),
            multiply_add(second, c, edges[3]),
            multiply_add(second, d, edges[4]),
            multiply_add(third, d, edges[5]),
        ),
        (
            multiply_add(over, a, leaks[0]),
            multiply_add(over, b, leaks[1]),
            multiply_add(over, c, leaks[2]),
            multiply_add(over, d, leaks[3]),
        ),
    )
