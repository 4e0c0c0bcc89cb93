"""How a raster lies in memory: half resistances with a frame of walls, cut into tiles of 16 x 16 cells."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from corridors.errors import InputError
from corridors.kernels._jit import jit
from corridors.kernels.cost_distance.barriers import Barriers, no_barriers
from corridors.kernels.cost_distance.lanes import LANES

Floats = NDArray[np.floating[Any]]
TILE = LANES  # cells along the side of a tile: a row of a tile is one vector
CACHE_LINE_BYTES = 64
CLASHING = 512  # rows a multiple of this many cells apart compete for the same lines of the cache


class Field(NamedTuple):
    """What is solved, the same for every source; never changed, so threads share it.

    half
        Half the resistance, framed by one tile of NaN on every side, and filled up to whole tiles by NaN.
        A step costs the sum of two halves: the bits of half the sum, since halving is exact.
        NaN is a wall, and the walls of the frame spare every test for the edge of the raster.
    root
        The square root of 2 in the precision of `half`.
    open_tiles
        Which tiles hold any cell that is no wall; tiles are numbered row by row, frame included.
    barriers
        What crossing a side between cells costs on top.
    shape
        Rows and columns of the raster.
    bucket_width
        Values that far apart may wait in one bucket of the queue.
    """

    half: Floats
    root: Any
    open_tiles: NDArray[np.bool_]
    barriers: Barriers
    shape: tuple[int, int]
    bucket_width: float


def prepare(resistance: Floats, *, dtype: DTypeLike = np.float64, edges: Barriers | None = None) -> Field:
    """Lay a resistance raster out for solving.

    Parameters
    ----------
    resistance
        Shape (rows, columns), > 0; NaN is a wall.
    dtype
        float64 or float32: the precision of everything computed.
    edges
        Costs on the sides between cells, from `edge_barriers`; in cell units like the distances.

    Returns
    -------
    Field
        For `new_workspace`; any number of workspaces may use it at once.

    Raises
    ------
    InputError
        I211 a resistance that is not positive, I212 one that is infinite, both in `dtype`; I201 `edges` of
        another shape.

    Notes
    -----
    Takes itemsize bytes per cell, and one pass over the raster.
    """
    half = framed(resistance, np.dtype(dtype))
    open_tiles = np.zeros((half.shape[0] // TILE, half.shape[1] // TILE), dtype=np.bool_)
    faults = np.zeros(3, dtype=np.int64)
    _survey(half, open_tiles, faults)
    _refuse(faults, half)
    barriers = no_barriers(resistance.shape, half.dtype) if edges is None else edges
    if barriers.shape != resistance.shape:
        what = "edges and resistance differ in shape"
        raise InputError(what, code="I201", given=str(barriers.shape), allowed=str(resistance.shape))
    return Field(
        half=half,
        root=half.dtype.type(np.sqrt(2.0)),
        open_tiles=open_tiles.ravel(),
        barriers=barriers._replace(costs=barriers.costs.astype(half.dtype)),
        shape=resistance.shape,
        bucket_width=_bucket_width(half),
    )


def framed(values: Floats, dtype: np.dtype[Any]) -> Floats:
    """Return half the values inside a frame of NaN, one tile wide, filled up to whole tiles."""
    half = aligned(framed_shape(values.shape), dtype)
    last_row, last_column = (TILE + length for length in values.shape)
    half[:TILE], half[last_row:] = np.nan, np.nan
    half[TILE:last_row, :TILE], half[TILE:last_row, last_column:] = np.nan, np.nan
    with np.errstate(over="ignore"):  # what overflows is infinite, and refused as such
        np.multiply(values, dtype.type(0.5), out=half[inside(values.shape)], casting="same_kind")
    return half


def aligned(shape: tuple[int, int], dtype: np.dtype[Any]) -> Floats:
    """Return an array, not filled, whose tiles begin with a line of the cache: no row spans one line more."""
    count, spare = math.prod(shape), CACHE_LINE_BYTES // dtype.itemsize
    memory = np.empty(count + spare, dtype=dtype)
    skipped = -memory.ctypes.data % CACHE_LINE_BYTES // dtype.itemsize
    return memory[skipped : skipped + count].reshape(shape)


def framed_shape(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return rows and columns of a raster of `shape` inside its frame."""
    rows, columns = (2 * TILE + TILE * -(-length // TILE) for length in shape)
    return rows, columns + TILE if columns % CLASHING == 0 else columns


def inside(shape: tuple[int, ...]) -> tuple[slice, slice]:
    """Return where a raster of `shape` lies inside its frame."""
    return slice(TILE, TILE + shape[0]), slice(TILE, TILE + shape[1])


@jit
def _survey(half: Floats, open_tiles: NDArray[np.bool_], faults: NDArray[np.int64]) -> None:
    """Find the tiles that are not all wall; count values not positive, infinite ones, and the first place."""
    for row in range(half.shape[0]):
        for column in range(half.shape[1]):
            value = half[row, column]
            if value > 0 and value < np.inf:
                open_tiles[row // TILE, column // TILE] = True
            elif not np.isnan(value):
                if faults[0] + faults[1] == 0:
                    faults[2] = row * half.shape[1] + column
                faults[1 if value > 0 else 0] += 1


def _refuse(faults: NDArray[np.int64], half: Floats) -> None:
    low, high, place = faults.tolist()
    row, column = divmod(place, half.shape[1])
    given = f"first at row {row - TILE}, column {column - TILE}"
    if low:
        what = f"{low} cells are not positive in {half.dtype}"
        raise InputError(what, code="I211", where="resistance", given=given, allowed="resistance > 0, or NaN")
    if high:
        what = f"{high} cells are infinite in {half.dtype}"
        raise InputError(what, code="I212", where="resistance", given=given, allowed="resistance > 0, or NaN")


def _bucket_width(half: Floats) -> float:
    """Return a quarter of the median resistance, from a sample: it steers the speed, never the result."""
    steps = tuple(max(1, length // 100) for length in half.shape)
    sample = half[:: steps[0], :: steps[1]]
    known = sample[np.isfinite(sample)]
    return 0.5 * float(np.median(known)) if known.size else 1.0
