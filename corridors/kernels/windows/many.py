"""Windows too large for a band: conjugate gradients with multigrid, one window after another."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridors.kernels._jit import jit
from corridors.kernels.multigrid import CONVERGED, Workspace, set_up_into, solve_into, workspace_for
from corridors.kernels.windows.flow import add_currents
from corridors.kernels.windows.frame import EVEN, Frame, lay_sources, lay_window, new_frame
from corridors.kernels.windows.landscape import Landscape, Targets, Window, nodes_of_a_full_window
from corridors.kernels.windows.loop import NOT_SOLVED, NOTHING_FLOWS, SOLVED, Sums

MOST_ITERATIONS = 200


class MultigridSpace(NamedTuple):
    """Work space of `run_multigrid`, for one thread.

    Attributes
    ----------
    frame
        For any window.
    given, even
        Hierarchies and vectors: of the window at hand, and of a full window of even resistance.
    even_made
        1 once it is set up.
    leak
        Infinite at the target, which is ground.
    """

    frame: Frame
    given: Workspace
    even: Workspace
    even_made: NDArray[np.int64]
    leak: NDArray[np.float64]


def new_multigrid_space(half: int) -> MultigridSpace:
    """Return work space for windows that reach `half` cells from the target."""
    side = 2 * half + 3
    leak = np.zeros((side, side))
    leak[half + 1, half + 1] = np.inf
    given, even = workspace_for(side, side), workspace_for(side, side)
    return MultigridSpace(new_frame(half, np.float32), given, even, np.zeros(1, np.int64), leak)


@jit
def run_multigrid(
    landscape: Landscape,
    window: Window,
    targets: Targets,
    first: int,
    space: MultigridSpace,
    tolerance: float,
    sums: Sums,
) -> None:
    """Solve the windows of the targets from `first` on, as many as `sums` has room for.

    What multigrid gives up on is `NOT_SOLVED`, and nothing of it is added.
    """
    frame, shape = space.frame, landscape.passable.shape
    full = nodes_of_a_full_window(window)
    for place in range(sums.states.shape[0]):
        number = first + place
        row, column = targets.rows[number], targets.columns[number]
        lay_sources(landscape, window, targets, number, frame)
        for surface in range(sums.totals.shape[0]):
            sums.states[place, surface] = NOTHING_FLOWS
            nodes = lay_window(landscape, window, targets, number, surface, frame)
            if nodes == 0:
                continue
            frame.voltage[:] = 0.0
            if surface == EVEN and nodes == full:
                if space.even_made[0] == 0:
                    space.even_made[0] = 1
                    set_up_into(space.even.hierarchy, frame.weights, space.leak)
                residual, status = _voltages(space.even, space, tolerance)
            else:
                set_up_into(space.given.hierarchy, frame.weights, space.leak)
                residual, status = _voltages(space.given, space, tolerance)
            sums.residuals[place, surface] = residual
            if status != CONVERGED:
                sums.states[place, surface] = NOT_SOLVED
                continue
            sums.states[place, surface] = SOLVED
            add_currents(frame, window, row, column, shape, sums.corner, sums.totals[surface])


@jit
def _voltages(multigrid: Workspace, space: MultigridSpace, tolerance: float) -> tuple[float, int]:
    """Write the voltages of a frame by a hierarchy made for it; return residual and status."""
    frame = space.frame
    _, residual, status = solve_into(
        multigrid, frame.weights, space.leak, frame.inflow, frame.voltage, tolerance, MOST_ITERATIONS
    )
    return residual, status
