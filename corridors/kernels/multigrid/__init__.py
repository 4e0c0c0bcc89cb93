"""Currents in a raster: voltages of a graph with eight edges per cell, for given currents.

The problem
-----------
Every edge has a conductance w; at voltages v it carries w (v_a - v_b). Find the voltages at which what leaves
each cell, to its neighbours and to ground, equals the current put into it: L v = b, L the graph Laplacian
(McRae et al. 2008). Millions of unknowns; conductances of neighbours differ by factors of a thousand.

The method
----------
Conjugate gradients, which need a rough solver to go by. Smoothing, that is letting one cell after another
balance itself, removes errors that differ from cell to cell, and is hopeless with those that extend over
hundreds of cells. But these a coarser grid can hold, and on that grid they are short again: multigrid.

What makes it work for any landscape is how a coarse grid stands for the one below (black-box multigrid,
Dendy 1982). Coarse cells are every second of every second row. Voltages in between are interpolated with the
conductances themselves, as if no current stayed in between: a road or a no-data cell is respected, not
blurred. The coarse conductances are those that give the interpolated voltages the same energy (Galerkin);
they form nine-point stencils again, down to a dozen cells.

1. `layout`, `room`: rows are kept as half rows, even columns and odd ones, so that cells of one colour lie
   side by side. All loops are over vectors of eight numbers (`lanes`); where nothing is compiled, numpy runs
   the same code. Everything lies in a few flat arrays, made once, so a loop over windows needs no Python.
2. `finest`, `interpolation`, `galerkin`, `coarsest`: set up the grids, in float32.
3. `smoothing`, `prolongation`: Gauss-Seidel in four colours, fused with the way down and up.
4. `cycle`: each coarse grid is visited up to twice, joined by conjugate gradients on that grid (K-cycle,
   Notay and Vassilevski 2008). A single visit, the V-cycle, loses its strength as rasters grow.
5. `conjugate`: flexible conjugate gradients in float64 around the cycle in float32.
6. `operator`: what leaves every cell, with the conductances as given; `solving` measures every answer with
   it, and goes on if float32 conductances were not good enough. `solver`, `measuring`: for Python.

Parts that leak nowhere have no fixed zero: L is singular, and is solved as it is. The currents into such a
part must sum to zero, its voltages are known up to a constant. Label the parts first.

What it is bad at: mazes of passages one cell wide, where many strands that do not touch share one coarse
cell. The residual then falls slowly; that is noticed and said (`Solution.slow`), and another solver should be
asked.

Time: about a hundredth of a microsecond per cell to set up, a tenth to solve to 1e-6. Memory: about 100 bytes
per cell with right-hand side and answer, besides the conductances.

Sources: J. E. Dendy (1982), Black box multigrid, J. Comput. Phys. 48; Y. Notay and P. S. Vassilevski (2008),
Recursive Krylov-based multigrid cycles, Numer. Linear Algebra Appl. 15; Y. Notay (2000), Flexible conjugate
gradients, SIAM J. Sci. Comput. 22; B. H. McRae, B. G. Dickson, T. H. Keitt and V. B. Shah (2008), Using
circuit theory to model connectivity, Ecology 89.
"""

from corridors.kernels.multigrid.conjugate import CONVERGED, LIMIT, SLOW
from corridors.kernels.multigrid.finest import EAST, SOUTH, SOUTH_EAST, SOUTH_WEST
from corridors.kernels.multigrid.measuring import apply, effective_resistance, memory_bytes, precondition
from corridors.kernels.multigrid.operator import NO_LEAK
from corridors.kernels.multigrid.room import Hierarchy, Scratch, Workspace
from corridors.kernels.multigrid.solver import Solution, scratch_for, set_up, solve, workspace_for
from corridors.kernels.multigrid.solving import set_up_into, solve_into

__all__ = [
    "CONVERGED",
    "EAST",
    "LIMIT",
    "NO_LEAK",
    "SLOW",
    "SOUTH",
    "SOUTH_EAST",
    "SOUTH_WEST",
    "Hierarchy",
    "Scratch",
    "Solution",
    "Workspace",
    "apply",
    "effective_resistance",
    "memory_bytes",
    "precondition",
    "scratch_for",
    "set_up",
    "set_up_into",
    "solve",
    "solve_into",
    "workspace_for",
]
