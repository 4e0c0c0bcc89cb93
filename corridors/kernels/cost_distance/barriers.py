"""Costs on the sides between cells: what crossing a fence, a river or a road costs on top of a step.

A barrier belongs to a step between two neighbouring cells, not to a cell, so it has no width and leaks
nowhere. Few cells of a raster touch one: these are numbered, and a table gives each of them the extra cost
of its eight steps. Cells are looked up through their tile, so a raster without barriers holds one number
per tile and its tiles are solved as if barriers did not exist.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from corridors.errors import InputError
from corridors.kernels.cost_distance.lanes import LANES as TILE

# The neighbours of a cell, in the order that decides ties: cardinal, then diagonal; upper row; left column.
NORTH, WEST, EAST, SOUTH, NORTH_WEST, NORTH_EAST, SOUTH_WEST, SOUTH_EAST = range(8)
ROW_STEPS = (-1, 0, 0, 1, -1, -1, 1, 1)
COLUMN_STEPS = (0, -1, 1, 0, -1, 1, -1, 1)


class Barriers(NamedTuple):
    """Extra costs of steps.

    tiles
        Number of the block of every tile, frame included; 0 where no barrier touches the tile.
    blocks
        Shape (blocks, 16, 16): number of every cell in a tile; 0 where no barrier touches the cell.
    costs
        Shape (cells, 8): extra cost of the steps to the eight neighbours; row 0 is all zero.
    shape
        Rows and columns of the raster.
    """

    tiles: NDArray[np.int32]
    blocks: NDArray[np.int32]
    costs: NDArray[np.floating[Any]]
    shape: tuple[int, int]


def no_barriers(shape: tuple[int, int], dtype: DTypeLike = np.float64) -> Barriers:
    """Return the table of a raster without barriers."""
    tiles = np.zeros((2 - -shape[0] // TILE, 2 - -shape[1] // TILE), dtype=np.int32)
    return Barriers(tiles, np.zeros((1, TILE, TILE), np.int32), np.zeros((1, 8), dtype), shape)


def edge_barriers(
    shape: tuple[int, int],
    rows: NDArray[np.integer[Any]],
    columns: NDArray[np.integer[Any]],
    directions: NDArray[np.integer[Any]],
    costs: NDArray[np.floating[Any]],
) -> Barriers:
    """Return the table of extra costs for steps between neighbouring cells.

    Parameters
    ----------
    shape
        Rows and columns of the raster.
    rows, columns
        Cells on one side of each step; give every step once, from either end: it costs the same both ways.
    directions
        Where each step leads: `NORTH` ... `SOUTH_EAST`, as numbered in this file.
    costs
        What each adds, >= 0, in cell units; `inf` removes the step. Several for one step add up.

    Returns
    -------
    Barriers
        For `solve`, `prepare`, `trace` and the like.

    Raises
    ------
    InputError
        I221 a step that begins or ends outside the raster; I211 a cost that is negative or NaN.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.kernels.cost_distance import solve
    >>> fence = edge_barriers((1, 3), np.array([0]), np.array([0]), np.array([EAST]), np.array([10.0]))
    >>> solve(np.ones((1, 3)), (np.array([0]), np.array([0])), edges=fence).tolist()
    [[0.0, 11.0, 12.0]]
    """
    rows, columns, directions = (np.asarray(part, dtype=np.int64) for part in (rows, columns, directions))
    there = rows + np.take(ROW_STEPS, directions), columns + np.take(COLUMN_STEPS, directions)
    _check_steps(shape, (rows, columns), there, costs)
    back = np.where(directions < NORTH_WEST, SOUTH, NORTH_WEST + SOUTH_EAST) - directions
    places = np.concatenate([rows, there[0]]) * shape[1] + np.concatenate([columns, there[1]])
    cells, number = np.unique(places, return_inverse=True)
    table = np.zeros((cells.size + 1, 8))
    np.add.at(table, (number + 1, np.concatenate([directions, back])), np.concatenate([costs, costs]))
    return _looked_up_by_tile(shape, cells, table)


def _check_steps(
    shape: tuple[int, int],
    here: tuple[NDArray[np.int64], NDArray[np.int64]],
    there: tuple[NDArray[np.int64], NDArray[np.int64]],
    costs: NDArray[np.floating[Any]],
) -> None:
    for row, column in (here, there):
        outside = (row < 0) | (row >= shape[0]) | (column < 0) | (column >= shape[1])
        if outside.any():
            what = f"{int(outside.sum())} barrier steps lead outside the raster"
            raise InputError(what, code="I221", where="edges", allowed=f"{shape[0]} rows, {shape[1]} columns")
    wrong = ~(np.asarray(costs) >= 0)
    if wrong.any():
        what = f"{int(wrong.sum())} barrier costs are negative or NaN"
        raise InputError(what, code="I211", where="edges", allowed="cost >= 0; inf = no way through")


def _looked_up_by_tile(
    shape: tuple[int, int], cells: NDArray[np.int64], table: NDArray[np.float64]
) -> Barriers:
    empty = no_barriers(shape)
    rows, columns = np.divmod(cells, shape[1])
    tile_rows, tile_columns = rows // TILE + 1, columns // TILE + 1  # one more for the frame
    touched, block = np.unique(tile_rows * empty.tiles.shape[1] + tile_columns, return_inverse=True)
    empty.tiles.ravel()[touched] = np.arange(1, touched.size + 1)
    blocks = np.zeros((touched.size + 1, TILE, TILE), dtype=np.int32)
    blocks[block + 1, rows % TILE, columns % TILE] = np.arange(1, cells.size + 1)
    return Barriers(empty.tiles, blocks, table, shape)
