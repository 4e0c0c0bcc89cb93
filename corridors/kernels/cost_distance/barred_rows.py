"""Lower one row of a tile that barriers touch: as in `plain_tile`, with the extra cost of every step."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridors.kernels._jit import jit
from corridors.kernels.cost_distance.barriers import (
    EAST,
    NORTH,
    NORTH_EAST,
    NORTH_WEST,
    SOUTH,
    SOUTH_EAST,
    SOUTH_WEST,
    WEST,
)
from corridors.kernels.cost_distance.layout import TILE, Floats

Numbers = NDArray[np.int32]


@jit
def lower_across_barriers(
    half: Floats, root: Any, distances: Floats, numbers: Numbers, costs: Floats, y: int, other: int, left: int
) -> bool:
    """Lower row `y` by steps from the row above or below it; return whether any cell was lowered.

    `numbers` are the rows of `costs` for the cells of this row.
    """
    straight, west, east = NORTH, NORTH_WEST, NORTH_EAST
    if other > y:
        straight, west, east = SOUTH, SOUTH_WEST, SOUTH_EAST
    better = False
    for x in range(left, left + TILE):
        number = numbers[x - left]
        own, before = half[y, x], distances[y, x]
        best = before
        through = distances[other, x] + (own + half[other, x] + costs[number, straight])
        best = min(best, through)
        through = distances[other, x - 1] + (root * (own + half[other, x - 1]) + costs[number, west])
        best = min(best, through)
        through = distances[other, x + 1] + (root * (own + half[other, x + 1]) + costs[number, east])
        best = min(best, through)
        better |= best < before
        distances[y, x] = best
    return better


@jit
def lower_along_barriers(
    half: Floats, distances: Floats, numbers: Numbers, costs: Floats, y: int, left: int
) -> bool:
    """Lower row `y` by steps eastward, then westward."""
    better = False
    value = distances[y, left - 1]
    for x in range(left, left + TILE):
        before = distances[y, x]
        value = value + (half[y, x] + half[y, x - 1] + costs[numbers[x - left], WEST])
        value = min(before, value)
        better |= value < before
        distances[y, x] = value
    value = distances[y, left + TILE]
    for x in range(left + TILE - 1, left - 1, -1):
        before = distances[y, x]
        value = value + (half[y, x] + half[y, x + 1] + costs[numbers[x - left], EAST])
        value = min(before, value)
        better |= value < before
        distances[y, x] = value
    return better
