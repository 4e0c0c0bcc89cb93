"""What is pending in a tile, as bits of one number.

Bits 0-15: the row lies beside a cell that changed in the tile to the left or right, or in a corner.
Bit 16: the row above the tile changed. Bit 17: the row below it changed.
"""

from __future__ import annotations

from corridors.kernels._jit import jit
from corridors.kernels.cost_distance.lanes import LANES as TILE

ALL_ROWS = (1 << TILE) - 1
FIRST_ROW, LAST_ROW = 1, 1 << TILE - 1
ABOVE, BELOW = 1 << TILE, 1 << TILE + 1


@jit
def rows_of(pending: int) -> int:
    """Return the rows to be compared with everything around them."""
    return pending & ALL_ROWS


@jit
def from_above(pending: int) -> int:
    """Return the first row if the row above the tile changed."""
    return FIRST_ROW if pending & ABOVE else 0


@jit
def from_below(pending: int) -> int:
    """Return the last row if the row below the tile changed."""
    return LAST_ROW if pending & BELOW else 0
