"""Accumulated cost of a raster in blocks, for rasters larger than memory and for several workers.

A block owns a square of cells and holds a rim of its neighbours' around it, one cell wide; `cut` says which.
It keeps its distances and, when values on its rim have changed, goes on from these alone (`block`). Which
block has heard what stands on the `board`; the block with the lowest news goes next, and when nobody has
news, every distance is the one of the whole raster, to the bit. Labels of sources travel the same way
afterwards.

`keeper` holds the blocks of a process, some open, the others on disk. `corridors.cost.crew` says who does
the work: this thread, several threads, or workers of `corridors.cluster`. `run` brings all together,
`surface` is what others call.

The order of visits is the one of A. Chacon and A. Vladimirsky (2012), Fast two-scale methods for eikonal
equations, SIAM J. Sci. Comput. 34, with blocks for cells.
"""

from corridors.cost.blocks.memory import memory_bytes_in_blocks
from corridors.cost.blocks.run import Figures
from corridors.cost.blocks.surface import (
    Piece,
    accumulated_cost_in_blocks,
    cost_allocation_in_blocks,
    cost_in_pieces,
)

__all__ = [
    "Figures",
    "Piece",
    "accumulated_cost_in_blocks",
    "cost_allocation_in_blocks",
    "cost_in_pieces",
    "memory_bytes_in_blocks",
]
