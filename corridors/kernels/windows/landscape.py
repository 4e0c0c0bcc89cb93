"""What all windows of a map share: read only, so threads may share it too."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridors.kernels._jit import jit

Floats = NDArray[np.floating]
Marks = NDArray[np.uint8]

EAST, SOUTH, SOUTH_EAST, SOUTH_WEST = range(4)
STEPS = ((0, 1), (1, 0), (1, 1), (1, -1))  # rows and columns each leads on
DIAGONAL = 1 / np.sqrt(2)  # conductance of a diagonal step between cells of conductance 1


class Landscape(NamedTuple):
    """The map.

    Attributes
    ----------
    edges
        Conductance of the step east, south, south-east and south-west of every cell, (4, rows, columns);
        0 = no edge.
    passable
        1 where a cell is a node, else 0.
    strength
        Source strength, >= 0.
    present
        Conditions of sources, (conditions, rows, columns); NaN = unknown.
    eight
        Whether cells have eight neighbours, or four.
    whole
        Whether every two passable neighbours are joined by an edge: no barrier is sealed.
    """

    edges: NDArray[np.float64]
    passable: Marks
    strength: NDArray[np.float64]
    present: NDArray[np.float64]
    eight: bool
    whole: bool


class Targets(NamedTuple):
    """The cells that are ground, one after another.

    Attributes
    ----------
    rows, columns
        Cell.
    amperes
        Current that flows into it.
    wanted
        What each condition is compared with, (targets, conditions); NaN = unknown, so all sources match.
    lower, upper
        By how much a source's condition may differ from it, (conditions,).
    """

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    amperes: NDArray[np.float64]
    wanted: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]


class Window(NamedTuple):
    """What is the same in every window; frames are squares of 2 `half` + 3 cells, target in the middle.

    Attributes
    ----------
    half
        Cells from the target to the furthest cell of the window, straight on.
    block_half
        Cells from the target to the side of its block.
    circle
        1 for cells of the window, in a frame.
    sources
        1 for cells that may be sources, in a frame.
    correction
        What currents are multiplied with, in a frame.
    square
        Even resistance is taken over all cells of the square that lie on the map, with data or not.
    published
        Where the map cuts a window, block and correction are placed as Omniscape places them.
    scale
        Whole numbers per ampere.
    """

    half: int
    block_half: int
    circle: Marks
    sources: Marks
    correction: NDArray[np.float64]
    square: bool
    published: bool
    scale: float


@jit
def nodes_of_a_full_window(window: Window) -> int:
    """Return how many nodes a window of even resistance has where nothing cuts it."""
    if window.square:
        return (2 * window.half + 1) ** 2
    return int(window.circle.sum())
