"""Accumulated cost distance on a raster, exact, and everything read off it.

The problem
-----------
A step between neighbouring cells costs half the sum of their resistances, times 1 or the square root of 2;
crossing a barrier adds to it. The distance of a cell is the smallest sum of steps over all paths from a
source: a shortest path on a graph with eight edges per cell (Dijkstra 1959). Distances are in cell units;
whoever calls multiplies by the size of a cell.

Why any order will do
---------------------
A distance d with a step w gives d + w, rounded. Rounding never turns a smaller d into a larger sum, so the
smallest value a cell can get is the same in whatever order steps are tried, as long as every step's cost
is formed by the same operations. Hence every way of solving that ends when no step lowers any cell gives
the same bits: tiles, vectors, threads, blocks, Dijkstra with a heap. This is what the tests hold it to.

The method
----------
Dijkstra's queue holds cells, and most of its time goes into the queue. Here the queue holds tiles of 16 x 16
cells; a tile is solved as a whole, by label correcting, inside the fastest cache:

1. `layout`: resistances are halved and framed by walls (NaN, which is lower than nothing), so no loop asks
   where the raster ends. `barriers` holds what steps cost on top, for the few cells concerned.
2. `queue`: tiles wait in buckets by the lowest value that has reached them (Dial 1969).
3. `driver`: the tile of the lowest bucket is solved. A neighbouring tile is woken if, and only if, a cell
   of it can be lowered from this one: about 1.3 solutions per tile on ordinary landscapes.
4. `vector_tile`: sweeps down and up, over the rows that something changed beside. A row of a tile is one
   vector of sixteen `lanes`; it is lowered from the row before, then along itself until it rests.
   `plain_tile` does the same in plain loops: for tiles with barriers, and where vectors cannot be had.
5. `workspace`: is cleared in proportion to what was reached, so each further source costs what it reaches;
   `lower` and `propagate` go on from values that arrive later, which is how rasters larger than memory are
   solved block by block: overlapping by two cells, lowest value first, none far ahead of the others.
   `solver` puts all this together.
6. `paths`, `allocation`: predecessors, paths and sources are read off the distances. `slack`: what a detour
   costs, over many links.

Time: one to two hundredths of a microsecond per reached cell, nearly independent of the size of the raster;
a contrast of a million from cell to cell doubles it, a maze needs every tile a few times. Memory: twice the
itemsize per cell, and an eighth of a byte.

Sources: E. W. Dijkstra (1959), A note on two problems in connexion with graphs, Numer. Math. 1; R. B. Dial
(1969), Algorithm 360, CACM 12; D. P. Bertsekas (1993), A simple and fast label correcting algorithm for
shortest paths, Networks 23; A. Chacon and A. Vladimirsky (2012), Fast two-scale methods for eikonal
equations, SIAM J. Sci. Comput. 34 (cells in the queue).
"""

from corridors.kernels.cost_distance.allocation import allocation
from corridors.kernels.cost_distance.barriers import (
    EAST,
    NORTH,
    NORTH_EAST,
    NORTH_WEST,
    SOUTH,
    SOUTH_EAST,
    SOUTH_WEST,
    WEST,
    Barriers,
    edge_barriers,
)
from corridors.kernels.cost_distance.layout import Field, prepare
from corridors.kernels.cost_distance.paths import SOURCE, UNREACHED, predecessors, trace
from corridors.kernels.cost_distance.solver import Reached, solve, solve_reached
from corridors.kernels.cost_distance.workspace import (
    Workspace,
    clear,
    lower,
    memory_bytes,
    new_workspace,
    newly_lowered,
    propagate,
)

__all__ = [
    "EAST",
    "NORTH",
    "NORTH_EAST",
    "NORTH_WEST",
    "SOURCE",
    "SOUTH",
    "SOUTH_EAST",
    "SOUTH_WEST",
    "UNREACHED",
    "WEST",
    "Barriers",
    "Field",
    "Reached",
    "Workspace",
    "allocation",
    "clear",
    "edge_barriers",
    "lower",
    "memory_bytes",
    "new_workspace",
    "newly_lowered",
    "predecessors",
    "prepare",
    "propagate",
    "solve",
    "solve_reached",
    "trace",
]
