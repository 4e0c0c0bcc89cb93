"""Solve one tile with plain loops: any tile, with barriers or without.

The same sweeps as in `vector_tile`, cell by cell. Gives the same bits, since a distance is the smallest of
sums that are formed the same way, in whatever order they are compared.
"""

from __future__ import annotations

from typing import Any

from corridors.kernels._jit import jit
from corridors.kernels.cost_distance.barred_rows import Numbers, lower_across_barriers, lower_along_barriers
from corridors.kernels.cost_distance.layout import TILE, Floats
from corridors.kernels.cost_distance.rows import ALL_ROWS, from_above, from_below, rows_of


@jit
def solve_plain_tile(
    half: Floats,
    root: Any,
    distances: Floats,
    numbers: Numbers,
    costs: Floats,
    top: int,
    left: int,
    pending: int,
) -> int:
    """Lower the distances of a tile until its cells agree with each other and with the cells around it.

    Parameters
    ----------
    half, root
        As in `Field`.
    distances
        Distances so far, framed like `half`.
    numbers, costs
        Which cells of the tile barriers touch, and the extra costs of their steps.
    top, left
        First cell of the tile.
    pending
        What changed around the tile, as in `rows`.

    Returns
    -------
    int
        The rows that were lowered, as bits.
    """
    changed = 0
    whole, down, up = rows_of(pending), from_above(pending), from_below(pending)
    while whole | down | up:
        lowered = _sweep(half, root, distances, numbers, costs, top, left, 1, whole, whole | down)
        up |= lowered >> 1
        changed |= lowered
        lowered = _sweep(half, root, distances, numbers, costs, top, left, -1, 0, up)
        down = lowered << 1 & ALL_ROWS
        changed |= lowered
        whole, up = 0, 0
    return changed


@jit
def _sweep(
    half: Floats,
    root: Any,
    distances: Floats,
    numbers: Numbers,
    costs: Floats,
    top: int,
    left: int,
    step: int,
    whole: int,
    due: int,
) -> int:
    """Visit the due rows downward (step 1) or upward (-1), and every row after one that was lowered."""
    lowered = 0
    for count in range(TILE):
        row = count if step > 0 else TILE - 1 - count
        if due >> row & 1:
            y, is_whole = top + row, whole >> row & 1
            if costs.shape[0] > 1:
                better = lower_across_barriers(half, root, distances, numbers[row], costs, y, y - step, left)
                if is_whole:
                    better |= lower_across_barriers(
                        half, root, distances, numbers[row], costs, y, y + step, left
                    )
                if better or is_whole:
                    better |= lower_along_barriers(half, distances, numbers[row], costs, y, left)
            else:
                better = _lower_from_row(half, root, distances, y, y - step, left)
                if is_whole:
                    better |= _lower_from_row(half, root, distances, y, y + step, left)
                if better or is_whole:
                    better |= _lower_along_row(half, distances, y, left)
            if better:
                lowered |= 1 << row
                due |= 1 << row << 1 if step > 0 else 1 << row >> 1
    return lowered


@jit
def _lower_from_row(half: Floats, root: Any, distances: Floats, y: int, other: int, left: int) -> bool:
    """Lower row `y` by steps from the row above or below it; return whether any cell was lowered."""
    better = False
    for x in range(left, left + TILE):
        own, before = half[y, x], distances[y, x]
        best = before
        through = distances[other, x] + (own + half[other, x])
        best = min(best, through)
        through = distances[other, x - 1] + root * (own + half[other, x - 1])
        best = min(best, through)
        through = distances[other, x + 1] + root * (own + half[other, x + 1])
        best = min(best, through)
        better |= best < before
        distances[y, x] = best
    return better


@jit
def _lower_along_row(half: Floats, distances: Floats, y: int, left: int) -> bool:
    """Lower row `y` by steps eastward, then westward: once each way reaches every cell."""
    better = False
    value = distances[y, left - 1]
    for x in range(left, left + TILE):
        before = distances[y, x]
        value = value + (half[y, x] + half[y, x - 1])
        value = min(before, value)
        better |= value < before
        distances[y, x] = value
    value = distances[y, left + TILE]
    for x in range(left + TILE - 1, left - 1, -1):
        before = distances[y, x]
        value = value + (half[y, x] + half[y, x + 1])
        value = min(before, value)
        better |= value < before
        distances[y, x] = value
    return better
