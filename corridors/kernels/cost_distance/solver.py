"""Solve cost distance: once, or from many sources in one workspace."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from corridors.kernels.cost_distance.barriers import Barriers
from corridors.kernels.cost_distance.layout import Floats, inside, prepare
from corridors.kernels.cost_distance.workspace import (
    Cells,
    Workspace,
    clear,
    lower,
    new_workspace,
    propagate,
    touched_window,
)


class Reached(NamedTuple):
    """Distances of the smallest window that holds every reached cell.

    window
        Rows and columns of the raster.
    distances
        A copy; inf where nothing reaches.
    """

    window: tuple[slice, slice]
    distances: Floats


def solve(
    resistance: Floats,
    sources: Cells,
    *,
    dtype: DTypeLike = np.float64,
    max_cost: float = math.inf,
    edges: Barriers | None = None,
    vector: bool = True,
    pause: Callable[[], None] | None = None,
) -> Floats:
    """Return the least accumulated cost from the nearest source to every cell, in cell units.

    Parameters
    ----------
    resistance
        Shape (rows, columns), > 0; NaN is a wall.
    sources
        Rows and columns of the cells to start from; those on NaN start nothing.
    dtype
        float64 or float32, of every sum.
    max_cost
        Cells that cost more count as not reached.
    edges
        Extra costs of steps, from `edge_barriers`.
    vector
        False: plain loops everywhere. The bits are the same.
    pause
        Called many times a second; what it raises breaks off the solution.

    Returns
    -------
    ndarray
        Shape (rows, columns); inf where nothing reaches. A window of the array it was solved in, so that
        no copy is made.

    Raises
    ------
    InputError
        As `prepare`; I221 a source outside the raster; I211 `max_cost` is negative or NaN.

    Notes
    -----
    Time in proportion to the cells reached, for ordinary rasters about a hundredth of a microsecond each;
    memory twice the itemsize per cell. See the page of `corridors.kernels.cost_distance` for the method.

    Examples
    --------
    >>> import numpy as np
    >>> solve(np.array([[1.0, 1.0, 3.0]]), (np.array([0]), np.array([0]))).tolist()
    [[0.0, 1.0, 3.0]]
    """
    workspace = new_workspace(prepare(resistance, dtype=dtype, edges=edges))
    _run(workspace, sources, max_cost, vector, pause)
    distances = workspace.distances[inside(workspace.field.shape)]
    if max_cost < math.inf:
        distances[distances > max_cost] = np.inf
    return distances


def solve_reached(
    workspace: Workspace,
    sources: Cells,
    *,
    max_cost: float = math.inf,
    vector: bool = True,
    pause: Callable[[], None] | None = None,
) -> Reached:
    """Solve from other sources in a workspace and return what they reach, cropped.

    Parameters
    ----------
    workspace
        From `new_workspace`; what it held before is forgotten.
    sources, max_cost, vector, pause
        As for `solve`.

    Returns
    -------
    Reached
        The window and its distances; an empty window if every source is on NaN.

    Raises
    ------
    InputError
        I221 a source outside the raster; I211 `max_cost` is negative or NaN.

    Notes
    -----
    Takes time in proportion to what this source and the one before it reached, not to the raster.
    """
    _run(workspace, sources, max_cost, vector, pause)
    window = touched_window(workspace)
    distances = workspace.distances[inside(workspace.field.shape)][window].copy()
    if max_cost < math.inf:
        distances[distances > max_cost] = np.inf
    found = np.isfinite(distances)
    rows, columns = (_extent(found, axis) for axis in (1, 0))
    window = _shifted(rows, window[0].start), _shifted(columns, window[1].start)
    return Reached(window, distances[rows, columns])


def _run(
    workspace: Workspace, sources: Cells, max_cost: float, vector: bool, pause: Callable[[], None] | None
) -> None:
    clear(workspace, max_cost=max_cost)
    lower(workspace, sources, 0.0)
    propagate(workspace, vector=vector, pause=pause)


def _extent(found: NDArray[np.bool_], across: int) -> slice:
    """Return the first to the last row (or column) with anything found across it."""
    places = np.flatnonzero(found.any(axis=across))
    return slice(int(places[0]), int(places[-1]) + 1) if places.size else slice(0, 0)


def _shifted(part: slice, by: int) -> slice:
    return slice(part.start + by, part.stop + by)
