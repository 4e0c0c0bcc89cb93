"""Current through every cell of a frame, added to maps as whole numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corridors.kernels._jit import jit
from corridors.kernels.windows.frame import Frame
from corridors.kernels.windows.landscape import EAST, SOUTH, SOUTH_EAST, SOUTH_WEST, Floats, Window

Whole = NDArray[np.int64]


@jit
def add_currents(
    frame: Frame,
    window: Window,
    row: int,
    column: int,
    shape: tuple[int, int],
    corner: tuple[int, int],
    totals: Whole,
) -> None:
    """Add the current through every cell of a solved window to a map.

    Parameters
    ----------
    frame, window
        With the voltages of all nodes.
    row, column
        Target.
    shape
        Rows and columns of the map.
    corner
        Cell of the map at `totals[0, 0]`.
    totals
        Amperes times `window.scale`, (rows, columns).
    """
    side, middle = frame.nodes.shape[0], window.half + 1
    top, left = row - middle, column - middle
    first_y, end_y = max(1, -top), min(side - 1, shape[0] - top)
    first_x, end_x = max(1, -left), min(side - 1, shape[1] - left)
    up, back = 0, 0
    if window.published:  # a correction that is cut on both sides starts with its first row and column
        up = first_y - 1 if end_y < side - 1 else 0
        back = first_x - 1 if end_x < side - 1 else 0
    for y in range(first_y, end_y):
        start = left + first_x - corner[1]
        _add_row(
            frame.weights[:, y - 1 : y + 1, first_x - 1 : end_x + 1],
            frame.voltage[y - 1 : y + 2, first_x - 1 : end_x + 1],
            window.correction[y - up, first_x - back : end_x - back],
            window.scale,
            totals[top + y - corner[0], start : start + end_x - first_x],
        )


@jit
def _add_row(weights: Floats, voltage: Floats, correction: Floats, scale: float, totals: Whole) -> None:
    """Add the currents of one row of cells; a column more on either side and the rows around are given.

    Every operand is a row of its own, for a compiler to see that it may take many cells at once.
    """
    count = totals.shape[0]
    above, here, below = voltage[0], voltage[1, 1:], voltage[2]
    west, east = voltage[1], voltage[1, 2:]
    from_north_west, from_north = weights[SOUTH_EAST, 0], weights[SOUTH, 0, 1:]
    from_north_east, from_west = weights[SOUTH_WEST, 0, 2:], weights[EAST, 1]
    to_east, to_south_west = weights[EAST, 1, 1:], weights[SOUTH_WEST, 1, 1:]
    to_south, to_south_east = weights[SOUTH, 1, 1:], weights[SOUTH_EAST, 1, 1:]
    for x in range(count):
        v = here[x]
        flows = (
            from_north_west[x] * (v - above[x]),
            from_north[x] * (v - above[x + 1]),
            from_north_east[x] * (v - above[x + 2]),
            from_west[x] * (v - west[x]),
            to_east[x] * (v - east[x]),
            to_south_west[x] * (v - below[x]),
            to_south[x] * (v - below[x + 1]),
            to_south_east[x] * (v - below[x + 2]),
        )
        net, gross = 0.0, 0.0
        for flow in flows:
            net += flow
            gross += abs(flow)
        # in - out = -net and in + out = gross, so the larger of both is
        current = 0.5 * (gross + abs(net))
        totals[x] += np.int64(np.rint(current * correction[x] * scale))


@jit
def residual_of(frame: Frame) -> float:
    """Return |inflow - outflow| over all nodes but the target, relative to |inflow|; Euclidean norms."""
    nodes, weights, voltage, inflow = frame.nodes, frame.weights, frame.voltage, frame.inflow
    side = nodes.shape[0]
    middle = side // 2
    error, size = 0.0, 0.0
    for y in range(1, side - 1):
        for x in range(1, side - 1):
            if nodes[y, x] and not (y == middle and x == middle):
                difference = inflow[y, x] - _net_outflow(weights, voltage, y, x)
                error += difference * difference
                size += inflow[y, x] * inflow[y, x]
    return float(np.sqrt(error / size)) if size > 0.0 else 0.0


@jit
def _net_outflow(weights: Floats, voltage: Floats, y: int, x: int) -> float:
    """Return the current that leaves a cell along its edges, less what comes in."""
    v = voltage[y, x]
    return float(
        weights[SOUTH_EAST, y - 1, x - 1] * (v - voltage[y - 1, x - 1])
        + weights[SOUTH, y - 1, x] * (v - voltage[y - 1, x])
        + weights[SOUTH_WEST, y - 1, x + 1] * (v - voltage[y - 1, x + 1])
        + weights[EAST, y, x - 1] * (v - voltage[y, x - 1])
        + weights[EAST, y, x] * (v - voltage[y, x + 1])
        + weights[SOUTH_WEST, y, x] * (v - voltage[y + 1, x - 1])
        + weights[SOUTH, y, x] * (v - voltage[y + 1, x])
        + weights[SOUTH_EAST, y, x] * (v - voltage[y + 1, x + 1])
    )
