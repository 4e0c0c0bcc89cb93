"""Where each cell is reached from, and along which path.

A neighbour precedes a cell when its distance plus the step is exactly the cell's distance: the same sum, to
the bit, that the solver formed. So nothing needs to be stored while solving. Distances that have been
multiplied by the size of a cell are rounded once more; for them, equal means equal to the last places.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridors.errors import InputError, SolveError
from corridors.kernels._jit import jit
from corridors.kernels.cost_distance.barriers import (
    COLUMN_STEPS,
    NORTH_WEST,
    ROW_STEPS,
    Barriers,
    no_barriers,
)
from corridors.kernels.cost_distance.layout import TILE, Floats

DIRECTIONS = 8
SOURCE, UNREACHED, LOST = 8, 255, -1
ROWS_BETWEEN_PAUSES = 64
LAST_PLACES = 4
Integers = NDArray[np.int64]


class Ways(NamedTuple):
    """What tells which neighbour a cell is reached from, in the precision of the distances.

    distances, resistance
        Shape (rows, columns); distances may be those of a window only.
    top, left
        Cell of the raster at which distances begin.
    root
        The square root of 2.
    tiles, blocks, costs
        Of `Barriers`.
    cell_size, tolerance
        What the distances have been multiplied by, and how far equal ones may then lie apart, relative.
    """

    distances: Floats
    resistance: Floats
    top: int
    left: int
    root: Any
    tiles: NDArray[np.int32]
    blocks: NDArray[np.int32]
    costs: Floats
    cell_size: Any
    tolerance: Any


def predecessors(
    distances: Floats, resistance: Floats, *, edges: Barriers | None = None
) -> NDArray[np.uint8]:
    """Return for every cell the direction of the neighbour a least-cost path comes from.

    Parameters
    ----------
    distances
        From `solve`, shape (rows, columns), with the same `resistance` and `edges`.
    resistance, edges
        As for `solve`.

    Returns
    -------
    ndarray
        0 to 7 = north, west, east, south, north-west, north-east, south-west, south-east, in this order
        where several would do: cardinal before diagonal, then the upper row, then the left column.
        `SOURCE` (8) at distance 0, `UNREACHED` (255) where nothing reaches.

    Raises
    ------
    InputError
        I201 shapes differ.
    SolveError
        S504 a cell has no predecessor: not the same resistance, or steps too small for the precision.

    Examples
    --------
    >>> import numpy as np
    >>> predecessors(np.array([[0.0, 1.0, np.inf]]), np.array([[1.0, 1.0, np.nan]])).tolist()
    [[8, 1, 255]]
    """
    found = np.empty(distances.shape, dtype=np.uint8)
    ways = ways_of(distances, resistance, edges)
    for row in range(0, distances.shape[0], ROWS_BETWEEN_PAUSES):
        if not _find_predecessors(ways, found, row, min(row + ROWS_BETWEEN_PAUSES, distances.shape[0])):
            raise lost_way()
    return found


def trace(
    distances: Floats,
    resistance: Floats,
    target: tuple[int, int],
    *,
    edges: Barriers | None = None,
    cell_size: float = 1.0,
    corner: tuple[int, int] | None = None,
) -> tuple[Integers, Integers]:
    """Return rows and columns of a least-cost path from a source to a cell.

    Parameters
    ----------
    distances, resistance, edges
        As for `predecessors`; ties are decided as there.
    target
        Row and column of the raster.
    cell_size
        What the distances have been multiplied by.
    corner
        Row and column of the raster at which `distances` begin, where they are those of a window that holds
        all that was reached; None: they are those of the raster.

    Returns
    -------
    rows, columns
        Cells from the source to the target.

    Raises
    ------
    SolveError
        S502 the target was not reached; S504 as `predecessors`.

    Notes
    -----
    Takes time in proportion to the length of the path.

    Examples
    --------
    >>> import numpy as np
    >>> rows, columns = trace(np.array([[0.0, 1.0, 2.0]]), np.ones((1, 3)), (0, 2))
    >>> columns.tolist()
    [0, 1, 2]
    """
    ways = ways_of(distances, resistance, edges, cell_size, corner)
    row, column = int(target[0]) - ways.top, int(target[1]) - ways.left
    inside = 0 <= row < distances.shape[0] and 0 <= column < distances.shape[1]
    if not inside or not math.isfinite(distances[row, column]):
        given = f"row {target[0]}, column {target[1]}"
        raise SolveError("no path reaches the cell", code="S502", given=given)
    cells = _trace(ways, row, column)
    if cells.shape[0] == 0:
        raise lost_way()
    return cells[::-1, 0] + ways.top, cells[::-1, 1] + ways.left


def ways_of(
    distances: Floats,
    resistance: Floats,
    edges: Barriers | None,
    cell_size: float = 1.0,
    corner: tuple[int, int] | None = None,
) -> Ways:
    """Return what the loops below read."""
    barriers = no_barriers(resistance.shape) if edges is None else edges
    top, left = (0, 0) if corner is None else corner
    rest = tuple(
        whole - first - part
        for whole, first, part in zip(resistance.shape, (top, left), distances.shape, strict=True)
    )
    fits = rest == (0, 0) if corner is None else min(top, left, *rest) >= 0
    if not fits or resistance.shape != barriers.shape:
        given = f"{distances.shape}, {resistance.shape}, {barriers.shape}"
        what = "distances, resistance and edges differ in shape"
        raise InputError(what, code="I201", given=given)
    number = distances.dtype.type
    root, tolerance = number(math.sqrt(2.0)), LAST_PLACES * np.finfo(distances.dtype).eps
    return Ways(
        distances,
        resistance,
        top,
        left,
        root,
        barriers.tiles,
        barriers.blocks,
        barriers.costs.astype(distances.dtype),
        number(cell_size),
        number(0.0 if cell_size == 1.0 else tolerance),
    )


def lost_way() -> SolveError:
    """Return the complaint about a cell without predecessor."""
    what = "a cell has a distance, but no neighbour it can come from"
    remedy = (
        "Use the resistance the distances were made from; if it is, use float64: steps are lost in float32."
    )
    return SolveError(what, code="S504", remedy=remedy)


@jit
def precedes(ways: Ways, row: int, column: int, direction: int) -> bool:
    """Return whether a least-cost path to a cell may come from its neighbour in a direction."""
    distances, resistance = ways.distances, ways.resistance
    there, beside = row + ROW_STEPS[direction], column + COLUMN_STEPS[direction]
    if there < 0 or there >= distances.shape[0] or beside < 0 or beside >= distances.shape[1]:
        return False
    here, before = distances[row, column], distances[there, beside]
    if not before < here:
        return False
    half = distances.dtype.type(0.5)
    y, x = row + ways.top, column + ways.left
    step = half * distances.dtype.type(resistance[y, x])
    step = step + half * distances.dtype.type(resistance[there + ways.top, beside + ways.left])
    if direction >= NORTH_WEST:
        step = ways.root * step
    tile = ways.tiles[y // TILE + 1, x // TILE + 1]
    step = step + ways.costs[ways.blocks[tile, y % TILE, x % TILE], direction]
    return bool(abs(before + ways.cell_size * step - here) <= ways.tolerance * here)


@jit
def _before(ways: Ways, row: int, column: int) -> int:
    """Return the first direction, in the order of ties, from which a cell may be reached; LOST if none."""
    for direction in range(DIRECTIONS):
        if precedes(ways, row, column, direction):
            return direction
    return LOST


@jit
def _find_predecessors(ways: Ways, found: NDArray[np.uint8], first: int, last: int) -> bool:
    distances = ways.distances
    for row in range(first, last):
        for column in range(distances.shape[1]):
            if distances[row, column] == 0:
                found[row, column] = SOURCE
            elif distances[row, column] == np.inf:
                found[row, column] = UNREACHED
            else:
                direction = _before(ways, row, column)
                if direction == LOST:
                    return False
                found[row, column] = direction
    return True


@jit
def _trace(ways: Ways, row: int, column: int) -> Integers:
    """Return the cells from a target back to a source, shape (cells, 2); none if the way is lost."""
    path = np.empty((256, 2), dtype=np.int64)
    count = 0
    while True:
        if count == path.shape[0]:
            path = np.concatenate((path, np.empty_like(path)))
        path[count, 0], path[count, 1] = row, column
        count += 1
        if ways.distances[row, column] == 0:
            return path[:count]
        direction = _before(ways, row, column)
        if direction == LOST:
            return path[:0]
        row, column = row + ROW_STEPS[direction], column + COLUMN_STEPS[direction]
