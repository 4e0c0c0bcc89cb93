"""Lay one window into a frame: which cells are nodes, what their edges conduct, what flows in."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridors.kernels._jit import jit
from corridors.kernels.windows.landscape import (
    DIAGONAL,
    EAST,
    SOUTH,
    SOUTH_EAST,
    SOUTH_WEST,
    STEPS,
    Floats,
    Landscape,
    Marks,
    Targets,
    Window,
)

ROUNDING = 1e-12
GIVEN, EVEN = 0, 1
"""The resistance of the map, or 1 everywhere."""


class Frame(NamedTuple):
    """Work space for one window at a time.

    Attributes
    ----------
    nodes
        1 for cells that are nodes joined to the target.
    weights
        Conductance of steps as in `Landscape`, between nodes only.
    offered
        Amperes that sources would inject into each cell, node or not.
    inflow
        Amperes injected into nodes, the target apart.
    voltage
        Answer of a solver; 0 at the target.
    stack
        Cells waiting in a search.
    """

    nodes: Marks
    weights: Floats
    offered: NDArray[np.float64]
    inflow: NDArray[np.float64]
    voltage: NDArray[np.float64]
    stack: NDArray[np.int64]


def new_frame(half: int, dtype: type[np.floating] = np.float64) -> Frame:
    """Return an empty frame for windows that reach `half` cells from the target."""
    side = 2 * half + 3
    square = (side, side)
    return Frame(
        np.zeros(square, dtype=np.uint8),
        np.zeros((4, *square), dtype=dtype),
        np.zeros(square),
        np.zeros(square),
        np.zeros(square),
        np.zeros(side * side, dtype=np.int64),
    )


@jit
def lay_sources(landscape: Landscape, window: Window, targets: Targets, number: int, frame: Frame) -> None:
    """Write what every source would inject into `frame.offered`.

    All sources of the window together inject what the target takes, each in proportion to its strength; the
    target's own block injects nothing. Sources that do not match its conditions are then left out.
    """
    row, column, offered = targets.rows[number], targets.columns[number], frame.offered
    rows, columns = landscape.strength.shape
    top, left = row - window.half - 1, column - window.half - 1  # cell of the map at [0, 0]
    block_top, block_left = window.half + 1 - window.block_half, window.half + 1 - window.block_half
    block_bottom, block_right = block_top + 2 * window.block_half, block_left + 2 * window.block_half
    if window.published:
        cut_above, cut_left = max(0, -top - 1), max(0, -left - 1)
        block_bottom, block_right = min(block_bottom, rows), min(block_right, columns)
        block_top, block_bottom = block_top + cut_above, block_bottom + cut_above
        block_left, block_right = block_left + cut_left, block_right + cut_left
    total = 0.0
    offered[:] = 0.0
    for y in range(max(1, -top), min(offered.shape[0] - 1, rows - top)):
        for x in range(max(1, -left), min(offered.shape[1] - 1, columns - left)):
            in_block = block_top <= y <= block_bottom and block_left <= x <= block_right
            if window.sources[y, x] and not in_block:
                offered[y, x] = landscape.strength[top + y, left + x]
                total += offered[y, x]
    if total <= 0.0:
        return
    share = targets.amperes[number] / total
    for y in range(1, offered.shape[0] - 1):
        for x in range(1, offered.shape[1] - 1):
            if offered[y, x] > 0.0:
                matches = _matches(landscape.present, targets, number, top + y, left + x)
                offered[y, x] = offered[y, x] * share if matches else 0.0


@jit
def _matches(present: Floats, targets: Targets, number: int, row: int, column: int) -> bool:
    """Return whether no condition of a source differs too much from the target's; unknown never does."""
    for condition in range(present.shape[0]):
        difference = present[condition, row, column] - targets.wanted[number, condition]
        if difference > targets.upper[condition] or difference < targets.lower[condition]:
            return False
    return True


@jit
def lay_window(
    landscape: Landscape, window: Window, targets: Targets, number: int, resistance: int, frame: Frame
) -> int:
    """Write nodes, weights and inflow of a window with `GIVEN` or `EVEN` resistance; return how many nodes.

    That is 0 where nothing flows: the target is no node, or no source reaches it. `lay_sources` comes first.
    """
    row, column, middle = targets.rows[number], targets.columns[number], window.half + 1
    square = window.square and resistance == EVEN
    count, holes = _mark_nodes(
        landscape.passable, window.circle, row - middle, column - middle, square, frame.nodes
    )
    if not frame.nodes[middle, middle]:
        return 0
    if resistance == EVEN or _is_even(landscape, frame.nodes, row - middle, column - middle):
        _lay_even_weights(frame.nodes, landscape.eight, frame.weights)
    else:
        _lay_weights(landscape.edges, frame.nodes, row - middle, column - middle, frame.weights)
    joined = resistance == EVEN or landscape.whole
    if holes or not joined:  # a circle that only the map cuts is in one piece
        count = _keep_reached(frame, middle, joined and landscape.eight)
    return count if _inject(frame, middle) > 0.0 else 0


@jit
def _is_even(landscape: Landscape, nodes: Marks, top: int, left: int) -> bool:
    """Return whether all edges between nodes conduct alike, so that currents are those of resistance 1.

    Taking it for 1 then makes both currents the same to the last bit.
    """
    edges, first = landscape.edges, 0.0
    for y in range(1, nodes.shape[0] - 1):
        for x in range(1, nodes.shape[1] - 1):
            for direction in range(4 if landscape.eight else 2):
                down, right = STEPS[direction]
                if nodes[y, x] & nodes[y + down, x + right]:
                    weight = edges[direction, top + y, left + x] / (1.0 if direction < 2 else DIAGONAL)
                    first = weight if first == 0.0 else first
                    if weight == 0.0 or abs(weight - first) > ROUNDING * first:
                        return False
    return True


@jit
def _inject(frame: Frame, middle: int) -> float:
    """Let nodes take what sources offer, the target apart; return the sum."""
    nodes, offered, inflow = frame.nodes, frame.offered, frame.inflow
    total = 0.0
    offered[middle, middle] = 0.0
    for y in range(nodes.shape[0]):
        for x in range(nodes.shape[1]):
            inflow[y, x] = offered[y, x] * nodes[y, x]
            total += inflow[y, x]
    return total


@jit
def _mark_nodes(
    passable: Marks, circle: Marks, top: int, left: int, square: bool, nodes: Marks
) -> tuple[int, int]:
    """Mark the cells of a window on the map, with data where that matters; count them and those without."""
    rows, columns = passable.shape
    count, holes = 0, 0
    nodes[:] = 0
    for y in range(max(1, -top), min(nodes.shape[0] - 1, rows - top)):
        for x in range(max(1, -left), min(nodes.shape[1] - 1, columns - left)):
            nodes[y, x] = 1 if square else circle[y, x] & passable[top + y, left + x]
            count += nodes[y, x]
            holes += 0 if square else circle[y, x] - nodes[y, x]
    return count, holes


@jit
def _lay_weights(edges: Floats, nodes: Marks, top: int, left: int, weights: Floats) -> None:
    """Copy the conductances of edges between nodes; all others are 0."""
    rows, columns = edges.shape[1:]
    first, end = max(1, -left), min(nodes.shape[1] - 1, columns - left)
    weights[:] = 0.0
    for y in range(max(1, -top), min(nodes.shape[0] - 1, rows - top)):
        here, below = nodes[y, first - 1 : end + 1], nodes[y + 1, first - 1 : end + 1]
        given, laid = edges[:, top + y, left + first : left + end], weights[:, y, first:end]
        for x in range(end - first):
            laid[EAST, x] = given[EAST, x] * (here[x + 1] & here[x + 2])
            laid[SOUTH, x] = given[SOUTH, x] * (here[x + 1] & below[x + 1])
            laid[SOUTH_EAST, x] = given[SOUTH_EAST, x] * (here[x + 1] & below[x + 2])
            laid[SOUTH_WEST, x] = given[SOUTH_WEST, x] * (here[x + 1] & below[x])


@jit
def _lay_even_weights(nodes: Marks, eight: bool, weights: Floats) -> None:
    """Write the conductances between nodes of resistance 1."""
    diagonal = DIAGONAL if eight else 0.0
    weights[:] = 0.0
    for y in range(1, nodes.shape[0] - 1):
        here, below, laid = nodes[y], nodes[y + 1], weights[:, y, 1:]
        for x in range(nodes.shape[1] - 2):
            laid[EAST, x] = here[x + 1] & here[x + 2]
            laid[SOUTH, x] = here[x + 1] & below[x + 1]
            laid[SOUTH_EAST, x] = diagonal * (here[x + 1] & below[x + 2])
            laid[SOUTH_WEST, x] = diagonal * (here[x + 1] & below[x])


@jit
def _keep_reached(frame: Frame, middle: int, joined: bool) -> int:
    """Leave only nodes that edges join to the target, and edges between them; count them.

    `joined` tells that all eight neighbours are joined by edges, which then need no looking at.
    """
    nodes, weights, stack = frame.nodes, frame.weights, frame.stack
    side = nodes.shape[0]
    count, waiting = 1, 1
    stack[0] = middle * side + middle
    nodes[middle, middle] = 2  # seen
    while waiting:
        waiting -= 1
        y, x = stack[waiting] // side, stack[waiting] % side
        for other_y in range(y - 1, y + 2):
            for other_x in range(x - 1, x + 2):
                if nodes[other_y, other_x] == 1 and (
                    joined or _weight(weights, y, x, other_y, other_x) > 0.0
                ):
                    nodes[other_y, other_x] = 2
                    stack[waiting] = other_y * side + other_x
                    waiting += 1
                    count += 1
    for y in range(1, side - 1):
        for x in range(1, side - 1):
            if nodes[y, x] == 1:
                for direction in range(4):  # edges that lead here come from cells that are not reached either
                    weights[direction, y, x] = 0.0
            nodes[y, x] //= 2
    return count


@jit
def _weight(weights: Floats, y: int, x: int, other_y: int, other_x: int) -> float:
    """Return the conductance between two neighbours."""
    if other_y < y or (other_y == y and other_x < x):
        y, x, other_y, other_x = other_y, other_x, y, x
    if other_y == y:
        return float(weights[EAST, y, x])
    if other_x == x:
        return float(weights[SOUTH, y, x])
    return float(weights[SOUTH_EAST, y, x] if other_x > x else weights[SOUTH_WEST, y, x])
