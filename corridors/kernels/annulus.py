"""The least value on a ring of cells around every cell.

A ring holds the cells whose centres lie between one cell less than the radius and the radius away: thick
enough to have no gaps. It has about seven times as many cells as the radius, so the plain way is the fast
one: for every cell of the ring, a row of the raster, shifted, is laid over a row of minima. Such a loop has
no branches and runs in vectors, and the rows stay in the cache: about a seventh of a nanosecond per cell of
the raster and cell of the ring. Minima have no rounding, so no order of the cells changes them.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridors.kernels._jit import jit

Floats = NDArray[np.floating[Any]]
HAIR = 1e-9  # so that a radius of 3 cells, given as 1.5 km of 500 m, holds the cells 3 away


def ring(radius: float) -> NDArray[np.int64]:
    """Return the cells of a ring as steps down and right from its middle, shape (n, 2).

    Parameters
    ----------
    radius
        In cells, at least 1.

    Examples
    --------
    >>> ring(1.0).tolist()
    [[-1, 0], [0, -1], [0, 0], [0, 1], [1, 0]]
    """
    away = math.floor(radius + HAIR)
    steps = np.mgrid[-away : away + 1, -away : away + 1].reshape(2, -1).T
    distance = np.hypot(*steps.T)
    cells: NDArray[np.int64] = steps[(distance >= radius - 1 - HAIR) & (distance <= radius + HAIR)]
    return cells


def ring_minimum(values: Floats, window: tuple[slice, slice], cells: NDArray[np.int64]) -> Floats:
    """Return, for the cells of a window, the least value on the ring around each.

    Parameters
    ----------
    values
        Shape (rows, columns); `inf` where there is none. No NaN.
    window
        Rows and columns with start and stop, within the raster.
    cells
        From `ring`. What of it lies outside the raster is passed over.

    Returns
    -------
    ndarray
        Shape of the window; inf where the ring holds no value.

    Examples
    --------
    >>> row = np.array([[4.0, 2.0, 9.0, 1.0]])
    >>> ring_minimum(row, (slice(0, 1), slice(0, 4)), ring(1.0)).tolist()
    [[2.0, 2.0, 1.0, 1.0]]
    """
    rows, columns = window
    least = np.full((rows.stop - rows.start, columns.stop - columns.start), np.inf, dtype=values.dtype)
    _lay_over(values, cells, rows.start, columns.start, least)
    return least


@jit
def _lay_over(values: Floats, cells: NDArray[np.int64], top: int, left: int, least: Floats) -> None:
    height, width = values.shape
    for y in range(least.shape[0]):
        for number in range(cells.shape[0]):
            row = top + y + cells[number, 0]
            if row < 0 or row >= height:
                continue
            column = left + cells[number, 1]
            first = max(0, -column)
            last = min(least.shape[1], width - column)
            if first < last:
                _lower(least[y, first:last], values[row, column + first : column + last])


@jit
def _lower(least: Floats, values: Floats) -> None:
    for x in range(least.size):
        least[x] = min(values[x], least[x])
