"""The rasters of the benchmarks, and the clock."""

from __future__ import annotations

import time

import numpy as np
from scipy import ndimage

from corridors.kernels.cost_distance import lower, propagate


def fractal(size, rng, octaves):
    """Return noise of many scales, coarse ones strongest."""
    total = np.zeros((size, size), dtype=np.float32)
    for octave in range(octaves):
        knots = rng.standard_normal((2 ** (octave + 2) + 1,) * 2).astype(np.float32)
        if knots.shape[0] < size:
            spread = ndimage.zoom(knots, size / (knots.shape[0] - 1), order=1)[:size, :size]
            total += 0.6**octave * spread
    return total


def ranks(values):
    """Return 0 to 1 by rank, from a sample of the quantiles."""
    quantiles = np.quantile(
        values[:: max(1, len(values) // 500), :: max(1, len(values) // 500)], np.linspace(0, 1, 257)
    )
    return np.interp(values, quantiles, np.linspace(0, 1, 257))


def heterogeneous(size):
    """Log-uniform 1 to 100 in patches of all sizes, 15 % noise, roads of 100, 8 % no data."""
    rng = np.random.default_rng(size)
    values = 100 ** ranks(fractal(size, rng, 9)) * np.exp(0.15 * rng.standard_normal((size, size)))
    values = values.clip(1, 100).astype(np.float32)
    for _ in range(max(6, size // 150)):
        bearing = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.normal(0, 0.02, 4 * size))
        row = (rng.uniform(0, size) + np.cumsum(np.cos(bearing)) / 2).astype(int)
        column = (rng.uniform(0, size) + np.cumsum(np.sin(bearing)) / 2).astype(int)
        on = (row >= 0) & (row < size - 1) & (column >= 0) & (column < size - 1)
        for down, right in ((0, 0), (1, 0), (0, 1)):
            values[row[on] + down, column[on] + right] = 100
    values[ranks(fractal(size, rng, 7)) < 0.08] = np.nan
    return values


def uniform(size):
    """Return 1 everywhere."""
    return np.ones((size, size), dtype=np.float32)


def maze(size):
    """Return one passage three cells wide, there and back between walls of one cell."""
    values = 1 + np.random.default_rng(7).random((size, size), dtype=np.float32)
    for count, row in enumerate(range(3, size, 4)):
        gap = slice(-4, None) if count % 2 == 0 else slice(None, 4)
        beside = values[row, gap].copy()
        values[row] = np.nan
        values[row, gap] = beside
    return values


def middle(values):
    """Return the cell with a value nearest the middle of the raster."""
    rows, columns = np.nonzero(np.isfinite(values))
    nearest = np.argmin(np.hypot(rows - values.shape[0] / 2, columns - values.shape[1] / 2))
    return rows[nearest : nearest + 1], columns[nearest : nearest + 1]


def tiled(size, part=2000):
    """Return a large heterogeneous raster, put together from a small one."""
    values = heterogeneous(part)
    values = np.block([[values, values[:, ::-1]], [values[::-1], values[::-1, ::-1]]])
    count = -(-size // len(values))
    return np.tile(values, (count, count))[:size, :size].copy()


def middle_of_tiled(values, part=2000):
    """Return a cell near the middle of a raster from `tiled`, in the same surroundings in every size."""
    rows, columns = middle(values[:part, :part])
    before = len(values) // 2 // (2 * part) * 2 * part
    return rows + before, columns + before


def cpu(work, repeats):
    """Return the least CPU time of several runs, and what the last returned."""
    best = np.inf
    for _ in range(repeats):
        start = time.process_time()
        found = work()
        best = min(best, time.process_time() - start)
    return best, found


def started(workspace, source, vector=True):
    workspace.distances.fill(np.inf)
    lower(workspace, source, 0.0)
    propagate(workspace, vector=vector)
