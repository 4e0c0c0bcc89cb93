"""Share of classes in a cell, and in a circle around it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def is_one_of(
    values: NDArray[Any], classes: Sequence[int], *, left_out: Sequence[int] = ()
) -> NDArray[np.float32]:
    """Return 1 where a cell has one of the classes, 0 where another, NaN without data or where left out.

    Averaged onto a grid, it is the share of the cell that the classes cover.

    Examples
    --------
    >>> is_one_of(np.array([4.0, 2.0, np.nan, 11.0]), (4, 5), left_out=(11,))
    array([ 1.,  0., nan, nan], dtype=float32)
    """
    share = np.isin(values, classes).astype(np.float32)
    share[np.isnan(values) | np.isin(values, left_out)] = np.nan
    return share


def window_mean(values: NDArray[Any], radius_cells: float) -> NDArray[np.float64]:
    """Return the mean over cells whose centre is at most `radius_cells` away; no data are left out.

    Running sums along the rows: exact for whole numbers, one pass per row of the circle.

    Examples
    --------
    >>> window_mean(np.array([[0.0, 1.0, np.nan, 1.0]]), 1).tolist()
    [[0.5, 0.5, 1.0, 1.0]]
    """
    known = ~np.isnan(values)
    total = _window_sum(np.where(known, values, 0.0), radius_cells)
    count = _window_sum(known.astype(float), radius_cells)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(count > 0, total / count, np.nan)


def _window_sum(values: NDArray[np.float64], radius_cells: float) -> NDArray[np.float64]:
    rows, columns = values.shape
    sums = np.concatenate([np.zeros((rows, 1)), np.cumsum(values, axis=1)], axis=1)
    total = np.zeros(values.shape)
    reach = int(radius_cells)
    for down in range(-min(reach, rows - 1), min(reach, rows - 1) + 1):
        half = int(math.sqrt(radius_cells**2 - down**2) + 1e-9)
        last = np.minimum(np.arange(columns) + half + 1, columns)
        first = np.maximum(np.arange(columns) - half, 0)
        run = sums[:, last] - sums[:, first]
        target = slice(max(0, -down), rows - max(0, down))
        source = slice(max(0, down), rows - max(0, -down))
        total[target] += run[source]
    return total
