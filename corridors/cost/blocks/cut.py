"""How a raster is cut into blocks, and which cells neighbouring blocks share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridors.errors import InputError

Window = tuple[slice, slice]
Direction = tuple[int, int]  # rows down, columns to the right: -1, 0 or 1
DIRECTIONS = tuple((down, right) for down in (-1, 0, 1) for right in (-1, 0, 1) if (down, right) != (0, 0))
FEWEST_CELLS = 2  # with fewer, a cell would be shared by blocks that are no neighbours


class Rim(NamedTuple):
    """The cells of a block that other blocks hold too.

    rows, columns
        Where in the block, row by row.
    shared
        For every direction with a neighbour, which of these cells it holds; both list them in one order.
    own
        Which of these cells are the block's own.
    """

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    shared: dict[Direction, NDArray[np.intp]]
    own: NDArray[np.bool_]


@dataclass(frozen=True)
class Cut:
    """A raster in square blocks, numbered row by row.

    A block owns its cells and holds one more row and column of every neighbour. So every step of the raster
    lies in some block, and the two outermost rows and columns of a block are shared.

    Parameters
    ----------
    shape
        Rows and columns of the raster.
    block_cells
        Side of a block, at least 2; blocks in the last row and column are what is left.

    Raises
    ------
    InputError
        I281 fewer.
    """

    shape: tuple[int, int]
    block_cells: int

    def __post_init__(self) -> None:
        if self.block_cells < FEWEST_CELLS:
            what, given = "a block has too few cells", str(self.block_cells)
            allowed = f"{FEWEST_CELLS} or more; 1024 to 4096 are quick"
            raise InputError(what, code="I281", where="block_cells", given=given, allowed=allowed)

    @property
    def blocks(self) -> tuple[int, int]:
        """Rows and columns of blocks."""
        return -(-self.shape[0] // self.block_cells), -(-self.shape[1] // self.block_cells)

    @property
    def count(self) -> int:
        """Number of blocks."""
        return self.blocks[0] * self.blocks[1]

    def own(self, number: int) -> Window:
        """Return rows and columns of the cells a block owns."""
        place, size = divmod(number, self.blocks[1]), self.block_cells
        rows, columns = (
            slice(at * size, min((at + 1) * size, length))
            for at, length in zip(place, self.shape, strict=True)
        )
        return rows, columns

    def wide(self, number: int) -> Window:
        """Return rows and columns of all cells a block holds."""
        rows, columns = (
            slice(max(part.start - 1, 0), min(part.stop + 1, length))
            for part, length in zip(self.own(number), self.shape, strict=True)
        )
        return rows, columns

    def own_in_wide(self, number: int) -> Window:
        """Return where, in the cells a block holds, those lie that it owns."""
        rows, columns = (
            slice(part.start - whole.start, part.stop - whole.start)
            for part, whole in zip(self.own(number), self.wide(number), strict=True)
        )
        return rows, columns

    def neighbour(self, number: int, direction: Direction) -> int | None:
        """Return the number of the next block in a direction; None outside the raster."""
        row, column = divmod(number, self.blocks[1])
        row, column = row + direction[0], column + direction[1]
        if not (0 <= row < self.blocks[0] and 0 <= column < self.blocks[1]):
            return None
        return row * self.blocks[1] + column

    def rim(self, number: int) -> Rim:
        """Return the cells a block shares; blocks of one shape have one rim."""
        rows, columns = self.wide(number)
        there = tuple(way for way in DIRECTIONS if self.neighbour(number, way) is not None)
        return _rim(rows.stop - rows.start, columns.stop - columns.start, there)

    def holders(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> dict[int, NDArray[np.intp]]:
        """Return for every block that holds any of some cells, which."""
        found: dict[int, list[NDArray[np.intp]]] = {}
        for down, right in ((0, 0), *DIRECTIONS):
            # A cell is held by the block that owns the cell one step away, if any.
            beside = rows + down, columns + right
            inside = np.ones(rows.shape, dtype=bool)
            for part, length in zip(beside, self.shape, strict=True):
                inside &= (part >= 0) & (part < length)
            numbers = beside[0] // self.block_cells * self.blocks[1] + beside[1] // self.block_cells
            for number in np.unique(numbers[inside]).tolist():
                found.setdefault(number, []).append(np.flatnonzero(inside & (numbers == number)))
        return {number: np.unique(np.concatenate(found[number])) for number in sorted(found)}


@lru_cache(maxsize=64)
def _rim(height: int, width: int, directions: tuple[Direction, ...]) -> Rim:
    wanted = np.zeros((height, width), dtype=bool)
    own = np.ones((height, width), dtype=bool)
    for way in directions:
        wanted[_shared_with(way)] = True
        own[_beyond(way)] = False
    rows, columns = np.nonzero(wanted)
    number = np.full((height, width), -1, dtype=np.intp)
    number[rows, columns] = np.arange(rows.size)
    shared = {way: number[_shared_with(way)].ravel() for way in directions}
    return Rim(rows, columns, shared, own[rows, columns])


def _shared_with(direction: Direction) -> Window:
    """Return the two outermost rows or columns on a side, four cells at a corner."""
    rows, columns = ({-1: slice(0, 2), 0: slice(None), 1: slice(-2, None)}[way] for way in direction)
    return rows, columns


def _beyond(direction: Direction) -> Window:
    """Return the outermost row or column on a side, one cell at a corner: the neighbour's own."""
    rows, columns = ({-1: slice(0, 1), 0: slice(None), 1: slice(-1, None)}[way] for way in direction)
    return rows, columns
