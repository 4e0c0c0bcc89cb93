"""The barriers of a raster as a list of steps, cut to the window of a block."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridors.barriers import EdgeCosts
from corridors.cost.blocks.cut import Window
from corridors.errors import InputError
from corridors.grid import Grid, grid_difference
from corridors.kernels.cost_distance import Barriers, edge_barriers
from corridors.kernels.cost_distance.barriers import COLUMN_STEPS, ROW_STEPS


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


def steps_of(barriers: EdgeCosts, grid: Grid) -> Steps:
    """Return barriers as steps, their costs in cell units.

    Raises
    ------
    InputError
        I201, I202 they lie on another grid.
    """
    difference = grid_difference(grid, barriers.grid)
    if difference:
        code = "I202" if difference.startswith("coordinate") else "I201"
        what = f"barriers and resistance lie on different grids: {difference}"
        raise InputError(what, code=code, where="barriers", remedy="Make both on one grid.")
    cost = barriers.cost_m / barriers.grid.cell_size_m  # as `kernel_edges` does, to the bit
    return Steps(barriers.rows, barriers.columns, barriers.direction.astype(np.int64), cost)
