"""Slow, obvious solvers the tests compare with: heap Dijkstra, all paths of a tiny grid, window mean."""

from __future__ import annotations

import heapq
import math

import numpy as np

STEPS = [(dr, dc) for dr in (-1, 0, 1) for dc in (-1, 0, 1) if (dr, dc) != (0, 0)]


def step_cost(resistance, cell, neighbour):
    """Half the sum of the two resistances, times 1 or the square root of 2; in cells."""
    length = math.sqrt(2.0) if cell[0] != neighbour[0] and cell[1] != neighbour[1] else 1.0
    return length * 0.5 * (resistance[cell] + resistance[neighbour])


def neighbours(resistance, cell):
    """Cells beside `cell`, corners included, that lie in the raster and are not NaN."""
    rows, columns = resistance.shape
    for dr, dc in STEPS:
        row, column = cell[0] + dr, cell[1] + dc
        if 0 <= row < rows and 0 <= column < columns and not np.isnan(resistance[row, column]):
            yield row, column


def shortest_distances(resistance, sources):
    """Accumulated cost in cell units from the nearest of `sources` (cells) by Dijkstra; inf unreached."""
    resistance = np.asarray(resistance, dtype=float)
    distance = np.full(resistance.shape, np.inf)
    heap = []
    for source in sources:
        distance[source] = 0.0
        heapq.heappush(heap, (0.0, tuple(source)))
    while heap:
        cost, cell = heapq.heappop(heap)
        if cost > distance[cell]:
            continue
        for other in neighbours(resistance, cell):
            through = cost + step_cost(resistance, cell, other)
            if through < distance[other]:
                distance[other] = through
                heapq.heappush(heap, (through, other))
    return distance


def cheapest_of_all_paths(resistance, start, end):
    """Cost of the cheapest simple path, by walking every one of them; for grids of a dozen cells."""
    best = np.inf
    stack = [(start, 0.0, frozenset([start]))]
    while stack:
        cell, cost, visited = stack.pop()
        if cell == end:
            best = min(best, cost)
            continue
        stack.extend(
            (other, cost + step_cost(resistance, cell, other), visited | {other})
            for other in neighbours(resistance, cell)
            if other not in visited
        )
    return best


def window_mean(values, radius_cells):
    """Mean over the cells whose centres lie within `radius_cells`, NaN left out; NaN stays NaN."""
    values = np.asarray(values, dtype=float)
    result = np.full(values.shape, np.nan)
    for row, column in np.argwhere(~np.isnan(values)):
        found = [
            values[r, c]
            for r, c in np.argwhere(~np.isnan(values))
            if (r - row) ** 2 + (c - column) ** 2 <= radius_cells**2
        ]
        result[row, column] = math.fsum(found) / len(found)
    return result
