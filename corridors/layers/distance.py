"""Straight distances in km, from cell centres to burnt cells or to points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridors.grid import Grid

ROWS_AT_ONCE = 64


def distance_to_cells_km(marked: NDArray[np.bool_], *, cell_size_m: float) -> NDArray[np.float64]:
    """Return the distance in km from every cell centre to the nearest marked one.

    Exact Euclidean distance transform (Maurer, Qi and Raghavan 2003). Infinite where nothing is marked.

    Examples
    --------
    >>> distance_to_cells_km(np.array([[True, False, False]]), cell_size_m=500)
    array([[0. , 0.5, 1. ]])
    """
    if not marked.any():
        return np.full(marked.shape, np.inf)
    cells: NDArray[np.float64] = np.asarray(ndimage.distance_transform_edt(~marked), np.float64)
    kilometres: NDArray[np.float64] = cells * (cell_size_m / 1000)
    return kilometres


def distance_to_points_km(
    x: NDArray[np.float64], y: NDArray[np.float64], grid: Grid, *, weights: NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Return, per cell, the smallest distance to a point divided by the point's weight, in km.

    Exact for every point and cell: time grows with points x cells (0.3 s for 130 points on 750 000 cells).

    Parameters
    ----------
    x, y
        Points in metres of the grid's CRS.
    weights
        Above 1 a point counts as nearer than it is.
    """
    closeness = 1 / (np.ones(len(x)) if weights is None else weights)
    left, _, _, top = grid.bounds
    size = grid.cell_size_m
    across = (left + (np.arange(grid.shape[1]) + 0.5) * size - np.asarray(x)[:, None]) * closeness[:, None]
    along = (top - (np.arange(grid.shape[0]) + 0.5) * size - np.asarray(y)[:, None]) * closeness[:, None]
    squared = np.full(grid.shape, np.inf)
    for first in range(0, grid.shape[0], ROWS_AT_ONCE):
        rows = slice(first, first + ROWS_AT_ONCE)  # a band of rows stays in the processor's cache
        for across_squared, along_squared in zip(across**2, along[:, rows] ** 2, strict=True):
            np.minimum(squared[rows], along_squared[:, None] + across_squared, out=squared[rows])
    return np.asarray(np.sqrt(squared) / 1000)


def population_weights(population: NDArray[np.float64], exponent: float) -> NDArray[np.float64]:
    """Return (population / 1000)^exponent: what the distance to a settlement is divided by.

    A proposal of this project: 1 at 1000 persons, and with exponent 0.25 about 5.6 at a million.

    Examples
    --------
    >>> population_weights(np.array([1000.0, 16_000.0]), 0.25)
    array([1., 2.])
    """
    return np.asarray((population / 1000) ** exponent)
