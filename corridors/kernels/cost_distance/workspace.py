"""Distances in progress: started, gone on with, forgotten; each in time proportional to what it touches."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from corridors.errors import InputError
from corridors.kernels._jit import COMPILED, jit
from corridors.kernels.cost_distance.driver import advance_plain, advance_vector
from corridors.kernels.cost_distance.layout import TILE, Field, Floats, aligned, framed_shape, inside
from corridors.kernels.cost_distance.queue import (
    NONE,
    TILE_RECORD,
    Queue,
    Records,
    clear_queue,
    lowest_waiting,
    new_queue,
    push,
    rewind,
)

Indices = NDArray[np.integer[Any]]
Cells = tuple[Indices, Indices]  # rows and columns, as from np.nonzero
TILES_BETWEEN_PAUSES = 5_000  # some hundredths of a second: Ctrl-C is heard in between


class Workspace(NamedTuple):
    """Distances in progress on a field; one per thread. Its arrays change, nothing is ever replaced.

    field
        What is solved.
    distances
        Distances so far, framed like `field.half`; inf where nothing has arrived.
    queue
        Tiles that wait.
    """

    field: Field
    distances: Floats
    queue: Queue


def new_workspace(field: Field) -> Workspace:
    """Return a workspace in which nothing has been reached.

    Parameters
    ----------
    field
        From `prepare`; shared, not copied.
    """
    distances = aligned(field.half.shape, field.half.dtype)
    distances.fill(np.inf)
    return Workspace(field, distances, new_queue(field.open_tiles, field.bucket_width))


def memory_bytes(shape: tuple[int, int], dtype: DTypeLike = np.float64) -> int:
    """Return how much memory a field and one workspace take."""
    cells = math.prod(framed_shape(shape))
    return cells * 2 * np.dtype(dtype).itemsize + cells // TILE**2 * (TILE_RECORD.itemsize + 1)


def clear(workspace: Workspace, *, max_cost: float = math.inf) -> None:
    """Forget what was reached, in time proportional to it, and set the limit of what comes.

    Parameters
    ----------
    workspace
        Also one in which a solution was broken off.
    max_cost
        Cells that cost more are not followed further; some of them hold values that are too high.

    Raises
    ------
    InputError
        I211 `max_cost` is negative or NaN.
    """
    if not max_cost >= 0:
        what = "the largest cost must be 0 or more"
        raise InputError(what, code="I211", where="max_cost", given=str(max_cost))
    across = workspace.distances.shape[1] // TILE
    _clear_distances(workspace.distances, workspace.queue.tiles, workspace.queue.state, across)
    clear_queue(*workspace.queue)
    workspace.queue.state["limit"] = max_cost


def lower(workspace: Workspace, cells: Cells, values: Floats | float) -> None:
    """Lower the distances of cells, where `values` are lower, and queue what may follow from it.

    This starts a solution (value 0 at the sources), and goes on with one when values arrive from a
    neighbouring block: `propagate` then takes time in proportion to what they change.

    Parameters
    ----------
    workspace
        Where.
    cells
        Rows and columns; cells on NaN are passed over.
    values
        One for each cell, or one for all; in cell units.

    Raises
    ------
    InputError
        I221 a cell outside the raster.
    """
    rows, columns = (np.atleast_1d(np.asarray(part, dtype=np.int64)) for part in cells)
    for part, length in zip((rows, columns), workspace.field.shape, strict=True):
        if part.size and (part.min() < 0 or part.max() >= length):
            what = "cells to start from lie outside the raster"
            allowed = "{} rows, {} columns".format(*workspace.field.shape)
            raise InputError(what, code="I221", where="sources", allowed=allowed)
    given: Floats = np.asarray(values, dtype=workspace.distances.dtype)
    shape = np.broadcast_shapes(rows.shape, columns.shape)  # loops do not look past the end of an array
    rows, columns = (np.broadcast_to(part, shape).copy() for part in (rows, columns))
    given = np.broadcast_to(given, shape).copy()
    _lower(workspace.field.half, workspace.distances, *workspace.queue, rows, columns, given)
    rewind(*workspace.queue)


def propagate(
    workspace: Workspace,
    *,
    until: float = math.inf,
    vector: bool = True,
    pause: Callable[[], None] | None = None,
) -> float:
    """Solve waiting tiles until none waits, or none that was reached by a low enough value.

    Parameters
    ----------
    workspace
        Where.
    until
        Tiles reached only by values beyond it go on waiting. A block that runs far ahead of its neighbours
        does work that their values undo; at least the lowest value that waits, or nothing happens.
    vector, pause
        As for `solve`.

    Returns
    -------
    float
        The lowest value at which a tile still waits; inf if none does.
    """
    workspace.queue.state["until"] = until
    advance = advance_vector if vector and COMPILED else advance_plain
    while advance(workspace.field, workspace.distances, workspace.queue, TILES_BETWEEN_PAUSES):
        if pause is not None:
            pause()
    return lowest_waiting(*workspace.queue)


def newly_lowered(workspace: Workspace, cells: Cells, known: Floats) -> NDArray[np.intp]:
    """Return which of some cells are lower than they were known to be, and remember them.

    What one block has to tell its neighbours: blocks overlap by two rows or columns, each watches the cells
    it shares, and tells the others the new values of those that were lowered.

    Parameters
    ----------
    workspace
        The block.
    cells
        Rows and columns of the cells watched.
    known
        Distance of each when last asked, at first all inf; brought up to date.

    Returns
    -------
    ndarray
        Places in `cells` and `known`.
    """
    values = workspace.distances[inside(workspace.field.shape)][cells]
    places = np.flatnonzero(values < known)
    known[places] = values[places]
    return places


@jit
def _lower(
    half: Floats,
    distances: Floats,
    tiles: Records,
    heads: NDArray[np.int32],
    state: Records,
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    values: Floats,
) -> None:
    across = half.shape[1] // TILE
    for place in range(rows.size):
        y, x, value = rows[place] + TILE, columns[place] + TILE, values[place]
        if value < distances[y, x] and value <= state[0]["limit"] and not np.isnan(half[y, x]):
            distances[y, x] = value
            for near_y in range(y - 1, y + 2):
                for near_x in (x - 1, x, x + 1):
                    tile = near_y // TILE * across + near_x // TILE
                    push(tiles, heads, state, tile, value, 1 << near_y % TILE)


@jit
def _clear_distances(distances: Floats, tiles: Records, state: Records, across: int) -> None:
    tile = state[0]["last_touched"]
    while tile != NONE:
        top, left = tile // across * TILE, tile % across * TILE
        distances[top : top + TILE, left : left + TILE] = np.inf
        tile = tiles[tile]["touched_before"]


def touched_window(workspace: Workspace) -> tuple[slice, slice]:
    """Return the rows and columns of the raster that hold every touched tile."""
    box = np.array([np.iinfo(np.int64).max, 0, np.iinfo(np.int64).max, 0])
    across = workspace.distances.shape[1] // TILE
    _touched_box(workspace.queue.tiles, workspace.queue.state, across, box)
    low_row, high_row, low_column, high_column = ((box - 1) * TILE).tolist()  # less the frame
    if high_row <= 0:
        return slice(0, 0), slice(0, 0)
    rows, columns = workspace.field.shape
    return slice(low_row, min(high_row, rows)), slice(low_column, min(high_column, columns))


@jit
def _touched_box(tiles: Records, state: Records, across: int, box: NDArray[np.int64]) -> None:
    tile = state[0]["last_touched"]
    while tile != NONE:
        row, column = tile // across, tile % across
        box[0], box[1] = min(box[0], row), max(box[1], row + 1)
        box[2], box[3] = min(box[2], column), max(box[3], column + 1)
        tile = tiles[tile]["touched_before"]
