"""What surrounds a solution: the operator, one step towards its inverse, resistances, memory."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corridors.kernels.multigrid import room
from corridors.kernels.multigrid.layout import Floats
from corridors.kernels.multigrid.operator import apply_into, energy_of
from corridors.kernels.multigrid.room import Hierarchy, Scratch, Workspace
from corridors.kernels.multigrid.solver import given, same_shape, scratch_for, shape_of
from corridors.kernels.multigrid.solving import precondition_into


def apply(weights: Floats, voltage: Floats, *, leak: Floats | None = None) -> NDArray[np.float64]:
    """Return the current that leaves every cell at given voltages: the graph Laplacian, and leaks.

    Parameters
    ----------
    weights, leak
        As for `set_up`.
    voltage
        Shape (rows, columns).

    Returns
    -------
    ndarray
        float64; 0 in cells that are ground. Formed from differences: a constant gives exactly 0 without leak.
    """
    voltage = np.ascontiguousarray(voltage, dtype=np.float64)
    flow = np.empty(voltage.shape)
    apply_into(np.ascontiguousarray(weights), given(leak), voltage, flow)
    return flow


def precondition(
    hierarchy: Hierarchy, current: Floats, *, scratch: Scratch | None = None
) -> NDArray[np.float64]:
    """Return roughly the voltages that given currents make: one K-cycle.

    Parameters
    ----------
    hierarchy
        From `set_up`.
    current
        Shape (rows, columns), of any magnitude.
    scratch
        From `scratch_for`.

    Returns
    -------
    ndarray
        float64, with the precision of float32. The cycle is not quite linear: conjugate gradients around it
        must be flexible, with -(z, A p) / (p, A p) of the last direction p as the share it keeps.
    """
    workspace = Workspace(hierarchy, scratch_for(hierarchy) if scratch is None else scratch)
    current = np.ascontiguousarray(current, dtype=np.float64)
    same_shape("current", current, shape_of(hierarchy))
    voltage = np.zeros(current.shape)
    precondition_into(workspace, current, voltage)
    return voltage


def effective_resistance(
    weights: Floats, right_hand_side: Floats, voltage: Floats, *, leak: Floats | None = None
) -> float:
    """Return the effective resistance that a current of 1 from one place to another meets.

    Parameters
    ----------
    weights, leak
        As for `set_up`.
    right_hand_side, voltage
        Shape (rows, columns): the current, and a solution for it.

    Returns
    -------
    float
        2 b.x - x'Lx, which exceeds by no more than the square of the error of the voltages: at a tolerance of
        1e-6 the digits of float64 are nearly exhausted.
    """
    voltage = np.ascontiguousarray(voltage, dtype=np.float64)
    flow = np.empty(voltage.shape[1])
    energy = energy_of(np.ascontiguousarray(weights), given(leak), voltage, flow)
    return float(2 * np.sum(np.asarray(right_hand_side, dtype=np.float64) * voltage) - energy)


def memory_bytes(rows: int, columns: int, *, right_hand_sides: int = 1, leaky: bool = False) -> int:
    """Return the bytes that set-up and solution take, with right-hand sides and voltages, without weights."""
    numbers, vectors = room.sizes(rows, columns, leaky=leaky)
    return 4 * numbers + 8 * vectors + 16 * rows * columns * right_hand_sides
