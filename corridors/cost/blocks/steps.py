"""The barriers of a raster as a list of steps, cut to the window of a block."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridors.cost.blocks.cut import Window
from corridors.kernels.cost_distance import EAST, SOUTH, SOUTH_EAST, SOUTH_WEST, Barriers, edge_barriers
from corridors.kernels.cost_distance.barriers import COLUMN_STEPS, ROW_STEPS
from corridors.kernels.cost_distance.layout import TILE

ONE_WAY = (EAST, SOUTH, SOUTH_WEST, SOUTH_EAST)  # every step once, from its upper or left end


class Steps(NamedTuple):
    """Steps that cost more: from which cell, in which direction, how much more."""

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    directions: NDArray[np.int64]
    costs: NDArray[np.float64]

    def barriers(self, window: Window) -> Barriers | None:
        """Return the table for a window of the raster; None where no such step lies in it."""
        inside = np.ones(self.rows.shape, dtype=bool)
        far = (
            self.rows + np.take(ROW_STEPS, self.directions),
            self.columns + np.take(COLUMN_STEPS, self.directions),
        )
        for near, end, part in zip((self.rows, self.columns), far, window, strict=True):
            for place in (near, end):
                inside &= (place >= part.start) & (place < part.stop)
        if not inside.any():
            return None
        shape = window[0].stop - window[0].start, window[1].stop - window[1].start
        rows, columns = self.rows[inside] - window[0].start, self.columns[inside] - window[1].start
        return edge_barriers(shape, rows, columns, self.directions[inside], self.costs[inside])


def steps_of(edges: Barriers) -> Steps:
    """Return the steps of a table of barriers, every one once."""
    tiles = np.argwhere(edges.tiles)
    numbers = edges.blocks[edges.tiles[tuple(tiles.T)]]  # of every cell of these tiles
    tile, row, column = np.nonzero(numbers)
    rows, columns = ((tiles[tile, axis] - 1) * TILE + at for axis, at in ((0, row), (1, column)))
    costs = np.asarray(edges.costs, dtype=np.float64)[numbers[tile, row, column]][:, ONE_WAY]
    cell, way = np.nonzero(costs > 0)
    return Steps(rows[cell], columns[cell], np.take(ONE_WAY, way), costs[cell, way])
