"""Targets, the shape of windows, and the correction of block artefacts, from the options."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from corridors.circuit.steps import step_conductances
from corridors.circuit.windows.solving import Problem, Solver, new_space, run_windows
from corridors.kernels.windows import Landscape, Targets, Window

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

BITS = 61  # of a whole number that a sum of currents may use
CORRECTION_TOLERANCE = 1e-9
NOTHING = 1e-12  # of the current into the target: rounding


def targets_of(strength: Floats, block: int) -> Targets:
    """Return the middle cells of all blocks that hold a source, row by row.

    Blocks of `block` x `block` cells are counted from the first row and column; what is left over at the
    last ones is nobody's block. A target takes as many amperes as the strengths in its block add up to.
    """
    rows, columns = (length // block for length in strength.shape)
    blocks = strength[: rows * block, : columns * block].reshape(rows, block, columns, block)
    amperes = blocks.sum(axis=(1, 3))
    row, column = np.nonzero(amperes > 0)
    middle = (block - 1) // 2
    none = np.zeros(0)
    return Targets(
        row * block + middle,
        column * block + middle,
        amperes[row, column],
        np.zeros((len(row), 0)),
        none,
        none,
    )


def window_of(
    *, radius: float, buffer: float, block: int, square: bool = False, published: bool = False
) -> Window:
    """Return the shape of all windows: sources within `radius` cells, resistance within `buffer` more."""
    half = math.floor(radius + buffer)
    away = np.arange(-half - 1, half + 2)
    distance = np.hypot(*np.meshgrid(away, away))
    circle = (distance <= radius + buffer).astype(np.uint8)
    sources = (distance <= radius).astype(np.uint8)
    correction = np.ones(circle.shape)
    return Window(half, (block - 1) // 2, circle, sources, correction, square, published, 1.0)


def scaled(window: Window, targets: Targets, block: int) -> Window:
    """Return the window with the largest scale for which no sum of currents overflows.

    The current through a cell is at most what the target takes, and so many windows reach a cell.
    """
    reach = (2 * window.half // block + 1) ** 2
    most = float(targets.amperes.max(initial=0.0)) * float(window.correction.max()) * reach
    return window._replace(scale=2.0 ** (BITS - math.ceil(math.log2(most))) if most > 0 else 1.0)


def block_correction(
    window: Window, *, neighbours: int, solver: Solver, as_published: bool = False
) -> Floats:
    """Return by what currents are multiplied because whole blocks, not cells, were targets.

    On an even map without end: the current of a block's cells as targets of their own, over that of the block
    as one target (Landau et al. 2021); 1 where nothing flows.

    Parameters
    ----------
    window
        With its block.
    neighbours, solver
        As for `window_problem`.
    as_published
        Leave the residual that Omniscape's own solver leaves: see `published_voltages`.
    """
    cells = float((2 * window.block_half + 1) ** 2)
    single = window._replace(block_half=0)
    flows = _even_current(window, cells, neighbours, solver) > NOTHING * cells
    if as_published:
        solver = "published"
    each, together = (_even_current(w, a, neighbours, solver) for w, a in ((single, 1.0), (window, cells)))
    separate = np.zeros_like(each)
    padded = np.pad(each, window.block_half)
    for down in range(2 * window.block_half + 1):
        for right in range(2 * window.block_half + 1):
            separate += padded[down : down + each.shape[0], right : right + each.shape[1]]
    separate[separate == 0] = 1
    correction = np.ones_like(each)
    correction[flows] = separate[flows] / together[flows]
    return np.pad(correction, 1, constant_values=1.0)


def _even_current(window: Window, amperes: float, neighbours: int, solver: Solver) -> Floats:
    """Return the current through every cell of one window of resistance 1, as large as the map."""
    side = 2 * window.half + 1
    even = np.ones((side, side))
    edges = step_conductances(even, neighbours=neighbours)
    no_conditions = np.zeros((0, side, side))
    landscape = Landscape(edges, even.astype(np.uint8), even, no_conditions, neighbours == 8, whole=True)
    middle = np.array([window.half])
    targets = Targets(middle, middle, np.array([amperes]), np.zeros((1, 0)), np.zeros(0), np.zeros(0))
    window = scaled(window._replace(square=False, published=False), targets, side)
    problem = Problem(landscape, window, targets, 1, solver, CORRECTION_TOLERANCE)
    found: Floats = run_windows(problem, 0, 1, new_space(problem)).totals[0] / window.scale
    return found
