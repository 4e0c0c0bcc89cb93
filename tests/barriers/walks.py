"""Fences drawn in cells, and slow obvious answers: which steps they cross, and what walking costs."""

from __future__ import annotations

import heapq
from collections import Counter
from itertools import pairwise

import geopandas as gpd
import numpy as np
import shapely
from landscapes import grid_of
from reference import neighbours, step_cost

from corridors.barriers.edges import FORWARD
from corridors.kernels.cost_distance import solve

LEFT, TOP = 500_000.0, 4_900_000.0


def in_metres(xy, cell_size_m):
    """Turn columns and rows, counted from the first cell's centre, into coordinates."""
    x, y = np.asarray(xy, dtype=float).T
    return np.column_stack([LEFT + (x + 0.5) * cell_size_m, TOP - (y + 0.5) * cell_size_m])


def drawn(*lines, cell_size_m=1.0, **columns):
    """Lines given as lists of (column, row), which need not be whole."""
    geometries = [shapely.LineString(in_metres(line, cell_size_m)) for line in lines]
    return gpd.GeoDataFrame(columns, geometry=geometries, crs=grid_of((1, 2)).crs)


def gates(*places, cell_size_m=1.0, **columns):
    """Points given as (column, row)."""
    points = shapely.points(in_metres(places, cell_size_m))
    return gpd.GeoDataFrame(columns, geometry=points, crs=grid_of((1, 2)).crs)


def steps_of(edges):
    """Cost of every step that costs something: {(row, column, direction): metres}."""
    parts = edges.rows.tolist(), edges.columns.tolist(), edges.direction.tolist()
    return dict(zip(zip(*parts, strict=True), edges.cost_m.tolist(), strict=True))


def steps_in(shape):
    """Every step of a raster: its key, and the columns and rows of its ends."""
    for row, column in np.ndindex(*shape):
        for direction, (down, right) in FORWARD.items():
            if row + down < shape[0] and 0 <= column + right < shape[1]:
                yield (row, column, direction), [(column, row), (column + right, row + down)]


def crossed(line, shape, shift=(0.0, 0.0)):
    """How many segments of a line in cells meet each step, centres moved by `shift`; each pair by GEOS."""
    keys, ends = zip(*steps_in(shape), strict=True)
    steps = shapely.linestrings(np.add(ends, shift))
    pieces = shapely.linestrings(list(pairwise(line)))
    met = shapely.intersects(steps[:, None], pieces[None, :]).sum(axis=1)
    return +Counter(dict(zip(keys, met.tolist(), strict=True)))


def least_costs(resistance, source, edges):
    """Accumulated cost in metres by a heap, barriers included."""
    extra, size = {}, edges.grid.cell_size_m
    for (row, column, direction), cost in steps_of(edges).items():
        other = row + FORWARD[direction][0], column + FORWARD[direction][1]
        extra[(row, column), other] = extra[other, (row, column)] = cost
    distance = np.full(resistance.shape, np.inf)
    distance[source] = 0.0
    heap = [(0.0, source)]
    while heap:
        cost, cell = heapq.heappop(heap)
        if cost > distance[cell]:
            continue
        for other in neighbours(resistance, cell):
            through = cost + step_cost(resistance, cell, other) * size + extra.get((cell, other), 0.0)
            if through < distance[other]:
                distance[other] = through
                heapq.heappush(heap, (through, other))
    return distance


def solved(resistance, source, edges=None):
    """Accumulated cost in cells by the kernel."""
    return solve(resistance, (np.array([source[0]]), np.array([source[1]])), edges=edges)
