"""Solve tile after tile, lowest first, and wake the tiles a solved one has something new for."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridors.kernels._jit import jit
from corridors.kernels.cost_distance.layout import TILE, Field, Floats
from corridors.kernels.cost_distance.plain_tile import solve_plain_tile
from corridors.kernels.cost_distance.queue import NONE, Queue, Records, pop, push
from corridors.kernels.cost_distance.rows import ABOVE, BELOW, FIRST_ROW, LAST_ROW
from corridors.kernels.cost_distance.vector_tile import solve_vector_tile


@jit
def advance_plain(field: Field, distances: Floats, queue: Queue, most: int) -> bool:
    """Solve up to `most` waiting tiles with plain loops; return whether any may still wait."""
    half, root, barriers = field.half, field.root, field.barriers
    numbered, blocks, costs = barriers.tiles, barriers.blocks, barriers.costs
    tiles, heads, state = queue.tiles, queue.heads, queue.state
    for _ in range(most):
        tile = pop(tiles, heads, state)
        if tile == NONE:
            return False
        top, left, pending = _taken(tiles, state, tile, half.shape[1] // TILE)
        numbers = blocks[numbered[top // TILE, left // TILE]]
        lowered = solve_plain_tile(half, root, distances, numbers, costs, top, left, pending)
        _wake_neighbours(half, root, distances, tiles, heads, state, tile, top, left, lowered)
    return True


@jit
def advance_vector(field: Field, distances: Floats, queue: Queue, most: int) -> bool:
    """Do what `advance_plain` does, with vector lanes in every tile no barrier touches."""
    half, root, barriers = field.half, field.root, field.barriers
    numbered, blocks, costs = barriers.tiles, barriers.blocks, barriers.costs
    tiles, heads, state = queue.tiles, queue.heads, queue.state
    for _ in range(most):
        tile = pop(tiles, heads, state)
        if tile == NONE:
            return False
        top, left, pending = _taken(tiles, state, tile, half.shape[1] // TILE)
        block = numbered[top // TILE, left // TILE]
        if block == 0:
            lowered = solve_vector_tile(half, root, distances, top, left, pending)
        else:
            lowered = solve_plain_tile(half, root, distances, blocks[block], costs, top, left, pending)
        _wake_neighbours(half, root, distances, tiles, heads, state, tile, top, left, lowered)
    return True


@jit
def _taken(tiles: Records, state: Records, tile: int, across: int) -> tuple[int, int, int]:
    """Return the first cell of a tile and what is pending in it, which counts as done."""
    pending = tiles[tile]["pending"]
    tiles[tile]["pending"] = 0
    state[0]["solved"] += 1
    return tile // across * TILE, tile % across * TILE, int(pending)


@jit
def _wake_neighbours(
    half: Floats,
    root: Any,
    distances: Floats,
    tiles: Records,
    heads: NDArray[np.int32],
    state: Records,
    tile: int,
    top: int,
    left: int,
    lowered: int,
) -> None:
    """Queue the tiles around a solved one of which it can lower a cell, by the lowest value it would get."""
    across = half.shape[1] // TILE
    for side in (-1, 1):
        y, row, beside = (top, FIRST_ROW, BELOW) if side < 0 else (top + TILE - 1, LAST_ROW, ABOVE)
        if lowered & row:
            other = tile + side * across
            value = _across_row(half, root, distances, y, y + side, left)
            if value < np.inf:
                push(tiles, heads, state, other, value, beside)
            far = FIRST_ROW + LAST_ROW - row
            value = _across_corner(half, root, distances, y, left, side, -1)
            if value < np.inf:
                push(tiles, heads, state, other - 1, value, far)
            value = _across_corner(half, root, distances, y, left + TILE - 1, side, 1)
            if value < np.inf:
                push(tiles, heads, state, other + 1, value, far)
    for side in (-1, 1):
        x = left if side < 0 else left + TILE - 1
        rows, value = _across_column(half, root, distances, x, x + side, top, lowered)
        if rows:
            push(tiles, heads, state, tile + side, value, rows)


@jit
def _across_row(half: Floats, root: Any, distances: Floats, y: int, other: int, left: int) -> float:
    """Return the lowest value row `y` of a tile gives to a cell of the row `other` beyond; inf if none."""
    lowest = np.inf
    for x in range(left, left + TILE):
        value = _offer(half, root, distances, y, x, other, x, 0, 1)
        if value < distances[other, x] and value < lowest:
            lowest = value
    return lowest


@jit
def _across_column(
    half: Floats, root: Any, distances: Floats, x: int, other: int, top: int, lowered: int
) -> tuple[int, float]:
    """Return the rows in which column `x` of a tile lowers column `other` beyond, and the lowest value."""
    rows, lowest = 0, np.inf
    near = lowered | lowered << 1 | lowered >> 1
    for row in range(TILE):
        if near >> row & 1:
            value = _offer(half, root, distances, top + row, x, top + row, other, 1, 0)
            if value < distances[top + row, other]:
                rows |= 1 << row
                lowest = min(lowest, value)
    return rows, lowest


@jit
def _across_corner(half: Floats, root: Any, distances: Floats, y: int, x: int, dy: int, dx: int) -> float:
    """Return the value a corner cell gives to the cell diagonally beyond; inf if that is no lower."""
    value = distances[y, x] + root * (half[y, x] + half[y + dy, x + dx])
    return value if value < distances[y + dy, x + dx] else np.inf


@jit
def _offer(
    half: Floats, root: Any, distances: Floats, y: int, x: int, other_y: int, other_x: int, dy: int, dx: int
) -> Any:
    """Return the lowest value a cell beyond a side gets from the three cells it touches across that side.

    Barriers are left out: a tile may be woken for nothing, never forgotten.
    """
    own, best = half[other_y, other_x], np.inf
    value = distances[y, x] + (own + half[y, x])
    best = min(best, value)
    value = distances[y - dy, x - dx] + root * (own + half[y - dy, x - dx])
    best = min(best, value)
    value = distances[y + dy, x + dx] + root * (own + half[y + dy, x + dx])
    return min(best, value)
