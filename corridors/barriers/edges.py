"""Costs on cell edges: the one form in which barriers reach cost distance, cores and circuits.

An edge is a step between two of the eight neighbours. A barrier costs the same whichever way it is crossed,
so every edge is stored once, from the cell that comes first: steps east, south, south-west and south-east.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from corridors.errors import InputError
from corridors.grid import Grid, grid_difference
from corridors.kernels.cost_distance import EAST, SOUTH, SOUTH_EAST, SOUTH_WEST, Barriers, edge_barriers

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Integers = NDArray[np.int64]

# Rows and columns a step leads on.
FORWARD = {EAST: (0, 1), SOUTH: (1, 0), SOUTH_WEST: (1, -1), SOUTH_EAST: (1, 1)}
DIRECTIONS = 8  # in the kernel's numbering


@dataclass(frozen=True, eq=False)
class EdgeCosts:
    """What crossing barriers costs, on top of the way itself.

    Parameters
    ----------
    grid : Grid
        Where the cells are.
    rows, columns : numpy.ndarray
        Cell each step starts from.
    direction : numpy.ndarray
        `EAST`, `SOUTH`, `SOUTH_WEST` or `SOUTH_EAST`, numbered as by the solver.
    cost_m : numpy.ndarray
        Metres of ideal habitat, > 0; `inf` = sealed.

    Notes
    -----
    Sorted by row, column and direction, every step once, and read-only: made by `edge_costs`, `combined` and
    `summed`.
    """

    grid: Grid
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    direction: NDArray[np.uint8]
    cost_m: NDArray[np.float64]

    def __post_init__(self) -> None:
        for part in (self.rows, self.columns, self.direction, self.cost_m):
            part.flags.writeable = False

    def __len__(self) -> int:
        """Return the number of edges that cost something."""
        return len(self.cost_m)

    @cached_property
    def for_kernel(self) -> Barriers:
        """The same as the solver takes it, made once."""
        return kernel_edges(self)


def summed(grid: Grid, keys: Integers, cost_m: NDArray[np.float64]) -> EdgeCosts:
    """Return edge costs from keys of steps (see `edge_keys`); costs of one step add up, zeros go."""
    keys, total = totals(keys, cost_m)
    keys, total = keys[total > 0], total[total > 0]
    cells, direction = np.divmod(keys, DIRECTIONS)
    rows, columns = np.divmod(cells, grid.shape[1])
    return EdgeCosts(grid, rows, columns, direction.astype(np.uint8), total)


def totals(keys: Integers, cost_m: NDArray[np.float64]) -> tuple[Integers, NDArray[np.float64]]:
    """Return every key once, rising, and the sum of its costs."""
    order = np.argsort(keys, kind="stable")
    keys, cost_m = keys[order], cost_m[order]
    first = np.flatnonzero(np.diff(keys, prepend=-1))
    return keys[first], np.add.reduceat(cost_m, first) if len(first) else np.empty(0)


def edge_keys(grid: Grid, rows: Integers, columns: Integers, direction: NDArray[Any]) -> Integers:
    """Return one number per step, in the order of row, column and direction."""
    keys: Integers = (rows * grid.shape[1] + columns) * DIRECTIONS + direction
    return keys


def combined(first: EdgeCosts, *others: EdgeCosts) -> EdgeCosts:
    """Return the costs of several barriers together: a step pays for each that it crosses.

    Raises
    ------
    InputError
        I201, I202 the grids differ.

    Examples
    --------
    >>> from affine import Affine
    >>> grid = Grid("EPSG:32652", Affine(500, 0, 500_000, 0, -500, 4_800_000), (1, 3))
    >>> road = summed(grid, np.array([2, 10]), np.array([10.0, 10.0]))
    >>> river = summed(grid, np.array([10]), np.array([5.0]))
    >>> combined(road, river).cost_m.tolist()
    [10.0, 15.0]
    """
    for other in others:
        difference = grid_difference(first.grid, other.grid)
        if difference:
            code = "I202" if difference.startswith("coordinate") else "I201"
            what = f"barriers lie on different grids: {difference}"
            raise InputError(what, code=code, where="barriers", remedy="Make them on one grid.")
    parts = (first, *others)
    keys = np.concatenate([edge_keys(p.grid, p.rows, p.columns, p.direction) for p in parts])
    return summed(first.grid, keys, np.concatenate([p.cost_m for p in parts]))


def kernel_edges(edges: EdgeCosts) -> Barriers:
    """Return the table the cost-distance kernel takes as `edges`: costs in cell units.

    Examples
    --------
    >>> from affine import Affine
    >>> from corridors.kernels.cost_distance import solve
    >>> grid = Grid("EPSG:32652", Affine(500, 0, 500_000, 0, -500, 4_800_000), (1, 3))
    >>> fence = summed(grid, np.array([2]), np.array([5000.0]))  # between the first two cells
    >>> solve(np.ones((1, 3)), (np.array([0]), np.array([0])), edges=kernel_edges(fence)).tolist()
    [[0.0, 11.0, 12.0]]
    """
    cost = edges.cost_m / edges.grid.cell_size_m
    return edge_barriers(edges.grid.shape, edges.rows, edges.columns, edges.direction, cost)


def edges_on(edges: EdgeCosts, grid: Grid) -> Barriers:
    """Return `kernel_edges` after checking that barriers and raster lie on one grid.

    Raises
    ------
    InputError
        I201, I202 they do not.
    """
    difference = grid_difference(grid, edges.grid)
    if difference:
        code = "I202" if difference.startswith("coordinate") else "I201"
        what = f"barriers and resistance lie on different grids: {difference}"
        raise InputError(what, code=code, where="barriers", remedy="Make both on one grid.")
    return edges.for_kernel


def costs_along(edges: EdgeCosts, rows: ArrayLike, columns: ArrayLike) -> NDArray[np.float64]:
    """Return what every step of a path pays at barriers, in metres of ideal habitat.

    Parameters
    ----------
    edges
        The barriers.
    rows, columns
        Cells of the path; each is one of the eight neighbours of the one before.

    Raises
    ------
    InputError
        I274 two cells in a row that are no neighbours.
    """
    row, column = np.asarray(rows, dtype=np.int64), np.asarray(columns, dtype=np.int64)
    down, right = np.diff(row), np.diff(column)
    if ((np.maximum(abs(down), abs(right))) != 1).any():
        what = "a path must lead from neighbour to neighbour"
        raise InputError(what, code="I274", where="path")
    backward = (down < 0) | ((down == 0) & (right < 0))
    start_row, start_column = row[:-1] + down * backward, column[:-1] + right * backward
    down, right = np.where(backward, -down, down), np.where(backward, -right, right)
    direction = np.select([down == 0, right == 0, right < 0], [EAST, SOUTH, SOUTH_WEST], SOUTH_EAST)
    wanted = edge_keys(edges.grid, start_row, start_column, direction)
    known = edge_keys(edges.grid, edges.rows, edges.columns, edges.direction)
    place = np.searchsorted(known, wanted)
    found = np.zeros(len(wanted))
    hit = place < len(known)
    hit[hit] = known[place[hit]] == wanted[hit]
    found[hit] = edges.cost_m[place[hit]]
    return found
