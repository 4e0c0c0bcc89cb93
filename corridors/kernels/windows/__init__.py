"""Current through every cell of a map, from a window around every target (the method of McRae et al. 2016).

The problem
-----------
Around every target cell lies a round window. All its source cells inject current, the target is ground, and
what flows through every cell of the window is added to a map. A map of a million cells needs up to a million
such solutions, most of them of nearly the same size, so everything here serves one loop that asks the
interpreter for nothing.

The method
----------
1. `landscape`: what all windows share: conductances of the edges of the map, source strengths, targets.
2. `frame`: every window is laid into a square of the same size, target in the middle, one row and column of
   nothing around it. Cells outside the circle, off the map, without data or cut off from the target are no
   nodes. So no loop asks where a window ends, and all work space is made once per thread.
3. Voltages. Small windows: `band`, an exact factorisation of the matrix as a band, cells numbered row by row.
   Large ones: conjugate gradients with black-box multigrid (`corridors.kernels.multigrid`). Which of the two
   depends on the radius alone. In a full window of even resistance the matrix is always the same: it is
   prepared once.
4. `flow`: the current through a cell is what flows in or out along its edges, whichever is more (they differ
   at sources and at the ground).
5. `loop` (by band) and `many` (by multigrid): window after window. Currents are added as whole numbers
   (multiples of a power of two chosen from the plan), so the sum does not depend on the order of windows, on
   threads, blocks or workers.

A window that multigrid gives up on is left out and reported; whoever calls solves it another way and adds
it, which whole numbers allow at any time.

Sources: B. McRae, K. Popper, A. Jones, M. Schindel, S. Buttrick, K. Hall, B. Unnasch and J. Platt (2016),
Conserving nature's stage; V. A. Landau, V. B. Shah, R. Anantharaman and K. R. Hall (2021), Omniscape.jl,
JOSS 6(57); G. H. Golub and C. F. Van Loan, Matrix computations, §4.3 (band systems).
"""

from corridors.kernels.windows.flow import add_currents, residual_of
from corridors.kernels.windows.frame import EVEN, GIVEN, Frame, lay_sources, lay_window, new_frame
from corridors.kernels.windows.landscape import STEPS, Landscape, Targets, Window
from corridors.kernels.windows.loop import (
    NOT_SOLVED,
    NOTHING_FLOWS,
    SOLVED,
    BandSpace,
    Sums,
    new_band_space,
    run_bands,
)
from corridors.kernels.windows.many import MultigridSpace, new_multigrid_space, run_multigrid

__all__ = [
    "EVEN",
    "GIVEN",
    "NOTHING_FLOWS",
    "NOT_SOLVED",
    "SOLVED",
    "STEPS",
    "BandSpace",
    "Frame",
    "Landscape",
    "MultigridSpace",
    "Sums",
    "Targets",
    "Window",
    "add_currents",
    "lay_sources",
    "lay_window",
    "new_band_space",
    "new_frame",
    "new_multigrid_space",
    "residual_of",
    "run_bands",
    "run_multigrid",
]
