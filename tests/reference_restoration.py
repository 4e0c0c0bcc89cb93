"""Slow, obvious answers to what restoring or opening a place brings."""

from __future__ import annotations

import math

import numpy as np

from corridors.barriers import FORWARD, EdgeCosts
from corridors.barriers.edges import edge_keys, summed
from corridors.cost import accumulated_cost


def score(distance_a, distance_b, cost, cell, radius):
    """Improvement score of one circle, all in cells, from the costs of every cell from either core."""
    least = [math.inf, math.inf]
    for row, column in np.ndindex(distance_a.shape):
        away = math.hypot(row - cell[0], column - cell[1])
        if radius - 1 - 1e-9 <= away <= radius + 1e-9:
            for end, distance in enumerate((distance_a, distance_b)):
                least[end] = min(least[end], distance[row, column])
    return (cost - least[0] - least[1] - 2 * radius) / (2 * radius)


def restored(resistance, barriers, cell, radius, *, rim=True):
    """Resistance and barriers after a circle (its radius in cells) was made ideal habitat."""
    away = np.hypot(*np.ogrid[-cell[0] : resistance.shape[0] - cell[0],
                              -cell[1] : resistance.shape[1] - cell[1]])  # fmt: skip
    within = away <= radius + 1e-9 if rim else away < radius - 1e-9
    changed = resistance.copy()
    changed[within & (resistance > 1)] = 1.0
    if barriers is None:
        return changed, None
    kept = [k for k in range(len(barriers)) if not all(within[end] for end in ends_of(barriers, k))]
    keys = edge_keys(barriers.grid, barriers.rows, barriers.columns, barriers.direction)
    return changed, summed(barriers.grid, keys[kept], barriers.cost_m[kept])


def ends_of(barriers: EdgeCosts, k):
    down, right = FORWARD[int(barriers.direction[k])]
    row, column = int(barriers.rows[k]), int(barriers.columns[k])
    return (row, column), (row + down, column + right)


def cost_between(res, labels, core_a, core_b, barriers=None):
    """Cost from core to core, solved afresh on the whole raster; inf where no way leads."""
    source = labels.copy(data=np.where(labels.values == core_a, 1, 0).astype(np.uint16))
    surface = accumulated_cost(res, source, barriers=barriers)
    return float(surface.values[labels.values == core_b].min())
