"""Set up and solve without Python: for loops over windows, and for the functions of `solver`.

The grid holds conductances in float32, so conjugate gradients solve a problem that differs from the given one
by rounding. What they leave unbalanced is therefore measured with the conductances as given, and if it is
too much, solved for once more (iterative refinement).
"""

from __future__ import annotations

import numpy as np

from corridors.kernels._jit import jit
from corridors.kernels.multigrid.coarsest import factor_coarsest
from corridors.kernels.multigrid.conjugate import (
    CONVERGED,
    LIMIT,
    SLOW,
    conjugate_gradients,
    places_of,
    round_off,
)
from corridors.kernels.multigrid.cycle import clear_levels, cycle
from corridors.kernels.multigrid.finest import invert_diagonal, lay_out_edges, lay_out_leak, split_row
from corridors.kernels.multigrid.galerkin import coarsen
from corridors.kernels.multigrid.interpolation import interpolate
from corridors.kernels.multigrid.lanes import LANES, load, multiply_add, spread, store, total
from corridors.kernels.multigrid.layout import Floats, Level, level_of, plan
from corridors.kernels.multigrid.operator import flow_of_row
from corridors.kernels.multigrid.room import Hierarchy, Scratch, Workspace

MARGIN = 0.9  # of the tolerance, asked of conjugate gradients, so that rounding seldom costs a second round
PROGRESS = 0.5  # a round that leaves more than this has come to the end of float64


@jit
def set_up_into(hierarchy: Hierarchy, weights: Floats, leak: Floats) -> None:
    """Set up the grids for the conductances of a raster that the hierarchy has room for.

    Parameters
    ----------
    hierarchy
        From `workspace_for` or `set_up`; what it held before is forgotten.
    weights
        Shape (4, rows, columns), C-contiguous, as for `set_up`.
    leak
        Shape (rows, columns), or `NO_LEAK`.
    """
    levels, numbers = hierarchy.levels, hierarchy.numbers
    plan(levels, weights.shape[1], weights.shape[2], leak.size > 0)
    finest = level_of(levels, 0)
    lay_out_edges(numbers, finest, weights)
    if leak.size > 0:
        lay_out_leak(numbers, finest, leak)
    invert_diagonal(numbers, finest)
    last = levels[-1, 0] - 1
    for number in range(last):
        fine, coarse = level_of(levels, number), level_of(levels, number + 1)
        interpolate(numbers, fine)
        coarsen(numbers, fine, coarse, hierarchy.rows)
        invert_diagonal(numbers, coarse)
    factor_coarsest(numbers, level_of(levels, last), hierarchy.factor)


@jit
def solve_into(
    workspace: Workspace,
    weights: Floats,
    leak: Floats,
    right_hand_side: Floats,
    voltage: Floats,
    tolerance: float,
    limit: int,
) -> tuple[int, float, int]:
    """Solve for voltages; return iterations, relative residual and status.

    Parameters
    ----------
    workspace
        Its hierarchy set up with the same `weights` and `leak`.
    weights, leak
        As for `set_up_into`.
    right_hand_side
        Shape (rows, columns), float64: current into each cell. Sums to zero over every part without leak.
    voltage
        Shape (rows, columns), float64: the guess, zeros if there is none; the answer afterwards.
    tolerance
        Of the residual's norm, relative to that of the right-hand side.
    limit
        Most iterations.
    """
    scratch = workspace.scratch
    clear_levels(workspace.hierarchy, scratch)
    level = level_of(workspace.hierarchy.levels, 0)
    for row in range(leak.shape[0]):
        for column in range(leak.shape[1]):
            if np.isinf(leak[row, column]):
                voltage[row, column] = 0
    whole, norm = find_unbalanced(level, scratch, weights, leak, right_hand_side, voltage)
    spent, status = 0, CONVERGED if norm <= tolerance * whole else LIMIT
    while status == LIMIT and spent < limit:
        before = norm
        iterations, _, status = conjugate_gradients(
            workspace.hierarchy, scratch, norm, MARGIN * tolerance * whole, limit - spent
        )
        spent += iterations
        add_found(level, scratch.vectors, places_of(level)[0], 1.0, voltage)
        _, norm = find_unbalanced(level, scratch, weights, leak, right_hand_side, voltage)
        if norm <= tolerance * whole:
            status = CONVERGED
        elif status == CONVERGED:
            status = LIMIT if norm <= PROGRESS * before else SLOW
    return spent, norm / whole if whole > 0 else 0.0, status


@jit
def find_unbalanced(
    level: Level, scratch: Scratch, weights: Floats, leak: Floats, right_hand_side: Floats, voltage: Floats
) -> tuple[float, float]:
    """Store what is unbalanced at these voltages; return the norms of right-hand side and of that."""
    _, unbalanced, _, _ = places_of(level)
    flow, currents, columns = scratch.rows[0], scratch.rows[1], level.columns
    flow[columns:] = 0
    currents[columns:] = 0
    whole, left = 0.0, 0.0
    for row in range(level.rows):
        flow_of_row(weights, leak, voltage, row, flow)
        currents[:columns] = right_hand_side[row]
        if leak.size > 0:
            for column in range(columns):
                if np.isinf(leak[row, column]):
                    currents[column] = 0
        norm, rest = _subtract(currents, flow, columns)
        whole += norm
        left += rest
        start = unbalanced + 2 * row * level.width
        split_row(flow, 0, columns, scratch.vectors, start, level.width)
    return whole**0.5, left**0.5


@jit
def _subtract(currents: Floats, flow: Floats, columns: int) -> tuple[float, float]:
    """Replace the flow by what it lacks to the currents; return the squared norms of currents and of that."""
    norm, rest = spread(0.0), spread(0.0)
    for column in range(0, columns, LANES):
        current = load(currents, column)
        lacking = current - load(flow, column)
        store(flow, column, lacking)
        norm, rest = multiply_add(current, current, norm), multiply_add(lacking, lacking, rest)
    return total(norm), total(rest)


@jit
def add_found(level: Level, found: Floats, first: int, factor: float, voltage: Floats) -> None:
    """Add voltages found on the finest grid, times a factor."""
    for row in range(level.rows):
        start = first + 2 * row * level.width
        for column in range(level.columns):
            voltage[row, column] += factor * found[start + (column % 2) * level.width + column // 2]


@jit
def precondition_into(workspace: Workspace, current: Floats, voltage: Floats) -> None:
    """Add to the voltages roughly what given currents make: one cycle."""
    hierarchy, scratch = workspace.hierarchy, workspace.scratch
    clear_levels(hierarchy, scratch)
    level = level_of(hierarchy.levels, 0)
    _, unbalanced, _, _ = places_of(level)
    norm = np.abs(current).max()
    if norm > 0:
        for row in range(level.rows):
            start = unbalanced + 2 * row * level.width
            split_row(current[row], 0, level.columns, scratch.vectors, start, level.width)
        round_off(level, scratch.vectors, unbalanced, scratch.numbers, 1 / norm)
        cycle(hierarchy, scratch)
        add_found(level, scratch.numbers, level.voltage, norm, voltage)
