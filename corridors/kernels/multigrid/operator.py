"""The operator itself, on conductances as they were given: the measure of every answer.

Sums run in float64 over differences of neighbours, row by row, always in the same order.
"""

from __future__ import annotations

import numpy as np

from corridors.kernels._jit import jit
from corridors.kernels.multigrid.finest import EAST, SOUTH, SOUTH_EAST, SOUTH_WEST
from corridors.kernels.multigrid.lanes import LANES, Vector, as_precise, load, store
from corridors.kernels.multigrid.layout import Floats

NO_LEAK = np.zeros((0, 0))


@jit
def flow_of_row(weights: Floats, leak: Floats, voltage: Floats, row: int, flow: Floats) -> None:
    """Store what leaves the cells of a row to their neighbours and to ground; 0 for cells that are ground."""
    rows, columns = voltage.shape
    done = 0
    if 0 < row < rows - 1 and columns > LANES + 1:
        done = _flow_inside(weights.reshape(-1), voltage.reshape(-1), columns, row * columns, flow)
        flow[0] = _flow_of_cell(weights, voltage, row, 0)
    for column in range(done, columns):
        flow[column] = _flow_of_cell(weights, voltage, row, column)
    if leak.size > 0:
        for column in range(columns):
            grounded = np.isinf(leak[row, column])
            flow[column] = 0.0 if grounded else flow[column] + leak[row, column] * voltage[row, column]


@jit
def _flow_inside(weights: Floats, voltage: Floats, columns: int, start: int, flow: Floats) -> int:
    """Store what leaves the cells of a row inside the raster, from the second to the returned one."""
    last = 1
    for column in range(1, columns - LANES, LANES):
        store(flow, column, _flow_of_eight(weights, voltage, voltage.size, columns, start + column))
        last = column + LANES
    return last


@jit
def _flow_of_eight(weights: Floats, voltage: Floats, cells: int, columns: int, own: int) -> Vector:
    """Return what leaves eight cells that all have eight neighbours in the raster."""
    value = load(voltage, own)
    up, south, falling, rising = own - columns, cells + own, 2 * cells + own, 3 * cells + own
    flow = _through(weights, own, value, voltage, own + 1)
    flow += _through(weights, own - 1, value, voltage, own - 1)
    flow += _through(weights, south, value, voltage, own + columns)
    flow += _through(weights, south - columns, value, voltage, up)
    other = _through(weights, falling, value, voltage, own + columns + 1)
    other += _through(weights, falling - columns - 1, value, voltage, up - 1)
    other += _through(weights, rising, value, voltage, own + columns - 1)
    other += _through(weights, rising - columns + 1, value, voltage, up + 1)
    return flow + other


@jit
def _through(weights: Floats, edge: int, value: Vector, voltage: Floats, other: int) -> Vector:
    """Return the current through eight edges."""
    return as_precise(load(weights, edge), value) * (value - load(voltage, other))


@jit
def _flow_of_cell(weights: Floats, voltage: Floats, row: int, column: int) -> float:
    """Return what leaves one cell anywhere in the raster."""
    rows, columns = voltage.shape
    own, flow = voltage[row, column], 0.0
    if column + 1 < columns:
        flow += weights[EAST, row, column] * (own - voltage[row, column + 1])
    if column > 0:
        flow += weights[EAST, row, column - 1] * (own - voltage[row, column - 1])
    if row + 1 < rows:
        flow += weights[SOUTH, row, column] * (own - voltage[row + 1, column])
        if column + 1 < columns:
            flow += weights[SOUTH_EAST, row, column] * (own - voltage[row + 1, column + 1])
        if column > 0:
            flow += weights[SOUTH_WEST, row, column] * (own - voltage[row + 1, column - 1])
    if row > 0:
        flow += weights[SOUTH, row - 1, column] * (own - voltage[row - 1, column])
        if column > 0:
            flow += weights[SOUTH_EAST, row - 1, column - 1] * (own - voltage[row - 1, column - 1])
        if column + 1 < columns:
            flow += weights[SOUTH_WEST, row - 1, column + 1] * (own - voltage[row - 1, column + 1])
    return float(flow)


@jit
def apply_into(weights: Floats, leak: Floats, voltage: Floats, flow: Floats) -> None:
    """Store what leaves every cell."""
    for row in range(voltage.shape[0]):
        flow_of_row(weights, leak, voltage, row, flow[row])


@jit
def energy_of(weights: Floats, leak: Floats, voltage: Floats, flow: Floats) -> float:
    """Return the sum of voltage times what leaves, over all cells; `flow` is room for a row."""
    energy = 0.0
    for row in range(voltage.shape[0]):
        flow_of_row(weights, leak, voltage, row, flow)
        for column in range(voltage.shape[1]):
            energy += flow[column] * voltage[row, column]
    return energy
