"""Window after window: lay, solve, add."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridors.kernels._jit import jit
from corridors.kernels.windows.band import Band, factorise, new_band, solve_band
from corridors.kernels.windows.flow import Whole, add_currents, residual_of
from corridors.kernels.windows.frame import EVEN, Frame, lay_sources, lay_window, new_frame
from corridors.kernels.windows.landscape import Landscape, Targets, Window, nodes_of_a_full_window

SOLVED, NOT_SOLVED, NOTHING_FLOWS = 0, 1, 2
"""What became of a window."""


class Sums(NamedTuple):
    """What a run of windows adds up to.

    Attributes
    ----------
    corner
        Cell of the map at [0, 0] of `totals`.
    totals
        Amperes times `Window.scale` with given and, if there are two, even resistance, (1 or 2, rows,
        columns); large enough for every window of the run.
    states
        `SOLVED`, `NOT_SOLVED` or `NOTHING_FLOWS` for every window, (windows, 1 or 2).
    residuals
        |inflow - outflow| relative to |inflow| for every window, (windows, 1 or 2).
    """

    corner: tuple[int, int]
    totals: Whole
    states: NDArray[np.uint8]
    residuals: NDArray[np.float64]


class BandSpace(NamedTuple):
    """Work space of `run_bands`, for one thread.

    Attributes
    ----------
    frame, band
        For any window.
    even
        The factorised matrix of a full window of even resistance.
    even_size
        Number of its nodes; 0 before it is made.
    """

    frame: Frame
    band: Band
    even: Band
    even_size: NDArray[np.int64]


def new_band_space(half: int) -> BandSpace:
    """Return work space for windows that reach `half` cells from the target."""
    return BandSpace(new_frame(half), new_band(half), new_band(half), np.zeros(1, dtype=np.int64))


@jit
def run_bands(
    landscape: Landscape, window: Window, targets: Targets, first: int, space: BandSpace, sums: Sums
) -> None:
    """Solve the windows of the targets from `first` on, as many as `sums` has room for, by `band`."""
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
            if surface == EVEN and nodes == full:
                if space.even_size[0] == 0:
                    space.even_size[0] = factorise(frame, space.even)
                solve_band(frame, space.even, space.even_size[0])
            else:
                solve_band(frame, space.band, factorise(frame, space.band))
            add_currents(frame, window, row, column, shape, sums.corner, sums.totals[surface])
            sums.residuals[place, surface] = residual_of(frame)
            sums.states[place, surface] = SOLVED
