"""Solve one tile without barriers, one row of sixteen cells at a time."""

from __future__ import annotations

from typing import Any

from corridors.kernels._jit import jit
from corridors.kernels.cost_distance.lanes import (
    Vector,
    any_less,
    highest_bit,
    load,
    lowest_bit,
    minimum,
    shifted_east,
    shifted_west,
    spread,
    store,
)
from corridors.kernels.cost_distance.layout import TILE, Floats
from corridors.kernels.cost_distance.rows import ALL_ROWS, from_above, from_below, rows_of

NOWHERE = -9


@jit
def solve_vector_tile(half: Floats, root: Any, distances: Floats, top: int, left: int, pending: int) -> int:
    """Do what `solve_plain_tile` does, to the bit, where no barrier touches the tile."""
    changed = 0
    whole, down, up = rows_of(pending), from_above(pending), from_below(pending)
    while whole | down | up:
        lowered = _sweep(half, root, distances, top, left, 1, whole, whole | down)
        up |= lowered >> 1
        changed |= lowered
        lowered = _sweep(half, root, distances, top, left, -1, 0, up)
        down = lowered << 1 & ALL_ROWS
        changed |= lowered
        whole, up = 0, 0
    return changed


@jit
def _sweep(
    half: Floats, root: Any, distances: Floats, top: int, left: int, step: int, whole: int, due: int
) -> int:
    """Visit the due rows downward (step 1) or upward (-1), and every row after one that was lowered."""
    diagonal = spread(root)
    lowered, held = 0, NOWHERE
    middle, west, east = diagonal, diagonal, diagonal  # the row `held` and its neighbours, kept in registers
    while due:
        row = lowest_bit(due) if step > 0 else highest_bit(due)
        due &= ~(1 << row)
        y = top + row
        own, before = load(half, y, left), load(distances, y, left)
        if held != row - step:
            middle, west, east = _with_neighbours(distances, y - step, left)
        best = _from_row(before, own, half, y - step, left, middle, west, east, diagonal)
        if whole >> row & 1:
            middle, west, east = _with_neighbours(distances, y + step, left)
            best = _from_row(best, own, half, y + step, left, middle, west, east, diagonal)
        if whole >> row & 1 or any_less(best, before):
            middle, west, east = _along_row(best, own, half, distances, y, left)
            held = row
            if any_less(middle, before):
                store(distances, y, left, middle)
                lowered |= 1 << row
                due |= 1 << row + 1 & ALL_ROWS if step > 0 else 1 << row >> 1
    return lowered


@jit
def _with_neighbours(distances: Floats, y: int, left: int) -> tuple[Vector, Vector, Vector]:
    """Return a row of a tile, and for every cell of it the western and the eastern neighbour."""
    return load(distances, y, left), load(distances, y, left - 1), load(distances, y, left + 1)


@jit
def _from_row(
    best: Vector,
    own: Vector,
    half: Floats,
    other: int,
    left: int,
    middle: Vector,
    west: Vector,
    east: Vector,
    diagonal: Vector,
) -> Vector:
    """Return `best` lowered by steps from the row `other`, whose distances are `middle`, `west`, `east`."""
    straight = middle + (own + load(half, other, left))
    from_west = west + diagonal * (own + load(half, other, left - 1))
    from_east = east + diagonal * (own + load(half, other, left + 1))
    return minimum(from_east, minimum(from_west, minimum(straight, best)))


@jit
def _along_row(
    best: Vector, own: Vector, half: Floats, distances: Floats, y: int, left: int
) -> tuple[Vector, Vector, Vector]:
    """Return a row lowered by steps along it until none lowers it more, and its neighbours."""
    step_west, step_east = own + load(half, y, left - 1), own + load(half, y, left + 1)
    first, last = distances[y, left - 1], distances[y, left + TILE]
    while True:
        west, east = shifted_east(best, first), shifted_west(best, last)
        better = minimum(east + step_east, minimum(west + step_west, best))
        if not any_less(better, best):
            return best, west, east
        best = better
