"""Rasters to solve, and a slow obvious solver: Dijkstra with a heap, in any precision, with barriers."""

from __future__ import annotations

import heapq

import numpy as np
from hypothesis import strategies as st

from corridors.kernels.cost_distance.barriers import COLUMN_STEPS, ROW_STEPS, edge_barriers

SIZES = (1, 2, 3, 15, 16, 17, 31, 32, 33)
KINDS = ("even", "contrast", "salt", "maze", "stripes")


def raster_of_kind(kind, shape, rng):
    """Return a resistance: even, contrast 1 to 1e6, 30 % no data, serpentine, or walls with random gaps."""
    values = 1 + rng.random(shape)
    if kind == "even":
        return np.ones(shape)
    if kind == "contrast":
        return 1e6 ** rng.random(shape)
    if kind == "salt":
        values[rng.random(shape) < 0.3] = np.nan
    if kind == "maze":
        for count, row in enumerate(range(1, shape[0], 2)):
            values[row] = np.nan
            values[row, -1 if count % 2 else 0] = 1
    if kind == "stripes":
        walls = (rng.random(shape) < 0.9) & (np.arange(shape[1]) % 5 == 4)
        values[walls] = np.nan
    return values


@st.composite
def rasters(draw):
    """Draw a raster of a size around whole tiles."""
    shape = draw(st.sampled_from(SIZES)), draw(st.sampled_from(SIZES))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return raster_of_kind(draw(st.sampled_from(KINDS)), shape, rng)


@st.composite
def cells_of(draw, shape, most=4):
    """Draw up to `most` cells as rows and columns."""
    cell = st.tuples(st.integers(0, shape[0] - 1), st.integers(0, shape[1] - 1))
    cells = draw(st.lists(cell, min_size=1, max_size=most, unique=True))
    rows, columns = np.array(cells).T
    return rows, columns


@st.composite
def cases(draw):
    """Draw a raster, and sources in it."""
    values = draw(rasters())
    return values, draw(cells_of(values.shape))


@st.composite
def cases_with_barriers(draw):
    """Draw a raster, sources in it, and barriers on up to 60 of its steps: passable, dear and sealed ones."""
    values, sources = draw(cases())
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    steps = [
        (row, column, direction)
        for row, column, direction in zip(
            *(rng.integers(0, high, 60) for high in (*values.shape, 8)), strict=True
        )
        if 0 <= row + ROW_STEPS[direction] < values.shape[0]
        and 0 <= column + COLUMN_STEPS[direction] < values.shape[1]
    ]
    costs = rng.choice([0.1, 1.0, 1e3, np.inf], len(steps))
    rows, columns, directions = np.array(steps, dtype=int).reshape(-1, 3).T
    return (
        values,
        sources,
        edge_barriers(values.shape, rows, columns, directions, costs),
        extras(steps, costs),
    )


def extras(steps, costs):
    """Return the cost of every barred step, by its two cells."""
    found = {}
    for (row, column, direction), cost in zip(steps, costs, strict=True):
        here, there = (
            (int(row), int(column)),
            (int(row + ROW_STEPS[direction]), int(column + COLUMN_STEPS[direction])),
        )
        for pair in ((here, there), (there, here)):
            found[pair] = found.get(pair, 0.0) + cost
    return found


def dijkstra(values, sources, *, dtype=np.float64, extra=None, start=None):
    """Return distances by a heap; every step is root * (half + half) + extra, in `dtype`."""
    dtype, extra = np.dtype(dtype).type, extra or {}
    half, root = values.astype(dtype) * dtype(0.5), dtype(np.sqrt(2.0))
    distances = np.full(values.shape, np.inf, dtype=dtype)
    heap = []
    for place, cell in enumerate(zip(*(part.tolist() for part in sources), strict=True)):
        begin = dtype(0 if start is None else start[place])
        if not np.isnan(half[cell]) and begin < distances[cell]:
            distances[cell] = begin
            heapq.heappush(heap, (begin, cell))
    while heap:
        cost, cell = heapq.heappop(heap)
        if cost > distances[cell]:
            continue
        for direction in range(8):
            other = cell[0] + ROW_STEPS[direction], cell[1] + COLUMN_STEPS[direction]
            if not (0 <= other[0] < values.shape[0] and 0 <= other[1] < values.shape[1]):
                continue
            step = half[cell] + half[other]
            if direction > 3:
                step = root * step
            through = cost + (step + dtype(extra.get((cell, other), 0.0)))
            if through < distances[other]:
                distances[other] = through
                heapq.heappush(heap, (through, other))
    return distances


def preceding(values, distances, extra, cell):
    """Return the directions of all neighbours that explain a distance exactly, in the order of ties."""
    found, dtype = [], distances.dtype.type
    half = values.astype(dtype) * dtype(0.5)
    for direction in range(8):
        other = cell[0] + ROW_STEPS[direction], cell[1] + COLUMN_STEPS[direction]
        if 0 <= other[0] < values.shape[0] and 0 <= other[1] < values.shape[1]:
            step = half[cell] + half[other]
            step = dtype(np.sqrt(2.0)) * step if direction > 3 else step
            step = step + dtype(extra.get((cell, other), 0.0))
            if distances[other] < distances[cell] == distances[other] + step:
                found.append(direction)
    return found


def one(row, column):
    """Return a single source."""
    return np.array([row]), np.array([column])
