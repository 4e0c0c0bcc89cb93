"""Set up and solve: the functions for Python."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridors.errors import InputError
from corridors.kernels.multigrid import room
from corridors.kernels.multigrid.conjugate import CONVERGED, SLOW
from corridors.kernels.multigrid.layout import COLUMNS, LEAKY, ROWS, Floats
from corridors.kernels.multigrid.operator import NO_LEAK
from corridors.kernels.multigrid.room import Hierarchy, Scratch, Workspace
from corridors.kernels.multigrid.solving import set_up_into, solve_into

ITERATIONS_AT_MOST = 200  # whoever converges slowly has usually been noticed before


class Solution(NamedTuple):
    """Voltages, and how they were found; for several right-hand sides all but the voltages are arrays.

    voltage
        float64, shaped like the right-hand side.
    iterations
        Of conjugate gradients.
    residual
        Norm of the currents left unbalanced over that of the right-hand side, computed from these voltages
        and the conductances as given.
    converged
        Whether the residual is within the tolerance.
    slow
        Whether it fell so slowly that the attempt was given up; another solver should be asked.
    """

    voltage: NDArray[np.float64]
    iterations: Any
    residual: Any
    converged: Any
    slow: Any


def set_up(weights: Floats, leak: Floats | None = None) -> Hierarchy:
    """Return the grids to solve currents in a raster with.

    Parameters
    ----------
    weights
        Shape (4, rows, columns), float32 or float64, finite, >= 0: conductance of the edge from a cell to its
        eastern, southern, south-eastern and south-western neighbour; 0 where there is none. What points out
        of the raster is ignored. Above 0, between 1e-15 and 1e15: inside, float32 is used.
    leak
        Shape (rows, columns), >= 0: conductance from a cell to ground. Infinite: the cell is ground.

    Returns
    -------
    Hierarchy
        Only read from then on, so threads may share it. 37 bytes per cell, 43 with leak.

    Raises
    ------
    InputError
        I201 shapes that do not fit.

    Notes
    -----
    Black-box multigrid (Dendy 1982): see the page of `corridors.kernels.multigrid`. About a hundredth of a
    microsecond per cell.

    Examples
    --------
    >>> import numpy as np
    >>> row_of_four = np.zeros((4, 1, 4))
    >>> row_of_four[0] = 1
    >>> round(np.ptp(solve(set_up(row_of_four), row_of_four, [[1, 0, 0, -1]]).voltage), 6)
    np.float64(3.0)
    """
    if weights.ndim != 3 or weights.shape[0] != 4 or 0 in weights.shape:
        what = "conductances of edges need one layer for each of four directions"
        raise InputError(what, code="I201", given=str(weights.shape), allowed="(4, rows, columns)")
    if leak is not None:
        same_shape("leak", leak, weights.shape[1:])
    hierarchy = room.hierarchy_for(*weights.shape[1:], leaky=leak is not None)
    set_up_into(hierarchy, np.ascontiguousarray(weights), given(leak))
    return hierarchy


def solve(
    hierarchy: Hierarchy,
    weights: Floats,
    right_hand_side: Floats,
    *,
    leak: Floats | None = None,
    tolerance: float = 1e-6,
    guess: Floats | None = None,
    limit: int = ITERATIONS_AT_MOST,
    scratch: Scratch | None = None,
) -> Solution:
    """Return the voltages that given currents make.

    Parameters
    ----------
    hierarchy
        From `set_up`, of the same weights and leak.
    weights, leak
        As for `set_up`.
    right_hand_side
        Shape (rows, columns) or (several, rows, columns): current into each cell. Over every part of the
        raster that leaks nowhere it must sum to zero: there is no solution otherwise.
    tolerance
        Of the residual; see `Solution`.
    guess
        Voltages to begin with, shaped like the right-hand side.
    limit
        Most iterations.
    scratch
        From `scratch_for`: saves making room anew. One per thread.

    Returns
    -------
    Solution
        In a part that leaks nowhere voltages are known up to a constant, which is whatever it is. A cell
        without edges and leak gets that of the guess, a cell that is ground gets 0.

    Raises
    ------
    InputError
        I201 shapes that do not fit, or a leak that `set_up` did not have.

    Notes
    -----
    Flexible conjugate gradients (Notay 2000) in float64, a K-cycle of multigrid per iteration: six to ten
    iterations on most landscapes, about fifteen thousandths of a microsecond per cell and iteration. The
    order of every sum is fixed, so the same input gives the same bits on the same machine.
    """
    weights, currents = np.ascontiguousarray(weights), np.ascontiguousarray(right_hand_side, dtype=np.float64)
    shape = shape_of(hierarchy)
    same_shape("conductances", weights, (4, *shape))
    same_shape("right-hand side", currents, (*currents.shape[:-2], *shape))
    if (leak is not None) != bool(hierarchy.levels[0, LEAKY]):
        what = "leak to ground must be given to both, set_up and solve, or to neither"
        raise InputError(what, code="I201")
    voltage = np.zeros(currents.shape) if guess is None else np.array(guess, dtype=np.float64, order="C")
    same_shape("guess", voltage, currents.shape)
    workspace = Workspace(hierarchy, scratch_for(hierarchy) if scratch is None else scratch)
    found = [
        solve_into(workspace, weights, given(leak), current, answer, tolerance, limit)
        for current, answer in zip(currents.reshape(-1, *shape), voltage.reshape(-1, *shape), strict=True)
    ]
    iterations, residual, status = (
        np.array(column).reshape(currents.shape[:-2])[()] for column in zip(*found, strict=True)
    )
    return Solution(voltage, iterations, residual, status == CONVERGED, status == SLOW)


def scratch_for(hierarchy: Hierarchy) -> Scratch:
    """Return room for one solution at a time with these grids, to be used again and again."""
    return room.scratch_for(*shape_of(hierarchy))


def workspace_for(rows: int, columns: int) -> Workspace:
    """Return room to set up and solve any window up to this size, with `set_up_into` and `solve_into`."""
    return Workspace(room.hierarchy_for(rows, columns, leaky=True), room.scratch_for(rows, columns))


def given(leak: Floats | None) -> NDArray[np.float64]:
    """Return the leak as compiled functions take it."""
    return NO_LEAK if leak is None else np.ascontiguousarray(leak, dtype=np.float64)


def shape_of(hierarchy: Hierarchy) -> tuple[int, int]:
    """Return rows and columns of the finest grid."""
    return int(hierarchy.levels[0, ROWS]), int(hierarchy.levels[0, COLUMNS])


def same_shape(name: str, values: Floats, shape: tuple[int, ...]) -> None:
    """Refuse an array of another shape."""
    if values.shape != shape:
        what = f"the shape of the {name} does not fit"
        raise InputError(what, code="I201", given=str(values.shape), allowed=str(shape))
