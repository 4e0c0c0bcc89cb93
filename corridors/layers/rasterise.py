"""Lines, polygons and points burnt on the target grid; thin things are never resampled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from rasterio.features import rasterize

from corridors.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def burn_lines(lines: Sequence[Any], values: Sequence[int], grid: Grid) -> NDArray[np.uint8]:
    """Return the highest value of the lines in each cell they touch, 0 where there is none.

    Burnt cells are joined through their sides ("supercover"), so that a walker who also moves
    diagonally cannot slip between two of them: see `close_corners`.

    Parameters
    ----------
    lines
        Lines in the grid's CRS.
    values
        Whole number from 1 to 255 for each line.
    """
    rising = sorted(
        ((line, value) for line, value in zip(lines, values, strict=True) if not line.is_empty),
        key=lambda pair: pair[1],
    )
    if not rising:
        return np.zeros(grid.shape, np.uint8)
    burnt = rasterize(
        rising, out_shape=grid.shape, transform=grid.transform, all_touched=True, dtype=np.uint8
    )
    return close_corners(np.asarray(burnt, np.uint8))


def close_corners(values: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return `values` with a cell added wherever two burnt cells meet at a corner only.

    Rasterising touched cells leaves such corners where a line runs through them; with eight
    neighbours a path crosses there at no cost. Each class is closed together with the higher ones,
    so a lower class does not open a higher one.

    Examples
    --------
    >>> close_corners(np.array([[1, 0], [0, 1]], dtype=np.uint8))
    array([[1, 1],
           [0, 1]], dtype=uint8)
    """
    closed = values.copy()
    for value in np.unique(values[values > 0])[::-1]:
        mask = _closed(closed >= value)
        closed[mask & (closed < value)] = value
    return closed


def _closed(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Close corners until none is left: a new cell may meet another one at a corner."""
    mask = mask.copy()
    while True:
        nw, ne, sw, se = mask[:-1, :-1], mask[:-1, 1:], mask[1:, :-1], mask[1:, 1:]
        falling, rising = nw & se & ~ne & ~sw, ne & sw & ~nw & ~se
        if not (falling.any() or rising.any()):
            return mask
        mask[:-1, 1:] |= falling
        mask[:-1, :-1] |= rising


def burn_polygons(polygons: Sequence[Any], grid: Grid) -> NDArray[np.bool_]:
    """Return which cells have their centre in a polygon; one smaller than a cell marks all it touches."""
    burnt = np.zeros(grid.shape, np.uint8)
    whole = [polygon for polygon in polygons if not polygon.is_empty]
    for small in (False, True):
        some = [polygon for polygon in whole if (polygon.area < grid.cell_size_m**2) is small]
        if some:
            rasterize(some, out=burnt, transform=grid.transform, all_touched=small, default_value=1)
    return burnt.astype(bool)


def burn_points(
    x: NDArray[np.float64], y: NDArray[np.float64], values: NDArray[np.float64], grid: Grid
) -> NDArray[np.float64]:
    """Return the sum of the values of the points in each cell; an outer edge belongs to the last cell."""
    rows, columns = grid.shape
    left, bottom, right, top = grid.bounds
    within = (x >= left) & (x <= right) & (y >= bottom) & (y <= top)
    column = np.minimum(((x[within] - left) / grid.cell_size_m).astype(int), columns - 1)
    row = np.minimum(((top - y[within]) / grid.cell_size_m).astype(int), rows - 1)
    total = np.zeros(grid.shape)
    np.add.at(total, (row, column), values[within])
    return total


def padded(grid: Grid, cells: int) -> Grid:
    """Return the grid with `cells` more cells on each side."""
    size, rows, columns = grid.cell_size_m, grid.shape[0] + 2 * cells, grid.shape[1] + 2 * cells
    return Grid(
        grid.crs, grid.transform.translation(-cells * size, cells * size) @ grid.transform, (rows, columns)
    )


def cropped(values: NDArray[Any], cells: int) -> NDArray[Any]:
    """Return `values` of a padded grid without the padding."""
    return values[cells : values.shape[0] - cells, cells : values.shape[1] - cells]
