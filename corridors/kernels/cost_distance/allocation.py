"""Which source each cell is reached from."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridors.kernels._jit import jit
from corridors.kernels.cost_distance.barriers import COLUMN_STEPS, ROW_STEPS, Barriers
from corridors.kernels.cost_distance.layout import Floats
from corridors.kernels.cost_distance.paths import (
    DIRECTIONS,
    LOST,
    ROWS_BETWEEN_PAUSES,
    Ways,
    lost_way,
    precedes,
    ways_of,
)


def allocation(
    distances: Floats,
    resistance: Floats,
    labels: NDArray[np.integer[Any]],
    *,
    edges: Barriers | None = None,
    known: NDArray[np.bool_] | None = None,
) -> NDArray[np.int32]:
    """Return for every cell the label of the source a least-cost path comes from.

    Parameters
    ----------
    distances, resistance, edges
        As for `predecessors`.
    labels
        Label, not 0, of every cell at distance 0; others are not looked at.
    known
        Cells whose `labels` hold instead: those at distance 0, and any others found before.

    Returns
    -------
    ndarray
        0 where nothing reaches. Where paths from several sources cost the same, the smallest label.

    Raises
    ------
    SolveError
        S504 as `predecessors`.

    Examples
    --------
    >>> import numpy as np
    >>> allocation(np.array([[0.0, 1.0, 0.0]]), np.ones((1, 3)), np.array([[5, 0, 4]])).tolist()
    [[5, 4, 4]]
    """
    found = np.where(distances == 0 if known is None else known, labels, 0).astype(np.int32)
    ways = ways_of(distances, resistance, edges)
    for row in range(0, distances.shape[0], ROWS_BETWEEN_PAUSES):
        if not _allocate(ways, found, row, min(row + ROWS_BETWEEN_PAUSES, distances.shape[0])):
            raise lost_way()
    return found


@jit
def _allocate(
    ways: Ways,
    found: NDArray[np.int32],
    first: int,
    last: int,
) -> bool:
    """Label rows of cells, and first whatever the label of one depends on; False if a way is lost."""
    distances = ways.distances
    width = distances.shape[1]
    waiting = np.empty(256, dtype=np.int64)
    for start in range(first * width, last * width):
        row, column = start // width, start % width
        if found[row, column] != 0 or distances[row, column] == np.inf:
            continue
        count, waiting[0] = 1, start
        while count > 0:
            row, column = waiting[count - 1] // width, waiting[count - 1] % width
            label, unlabelled = _label_before(ways, found, row, column)
            if unlabelled != LOST:
                if count == waiting.size:
                    waiting = np.concatenate((waiting, np.empty_like(waiting)))
                waiting[count] = unlabelled
                count += 1
            elif label == 0:
                return False
            else:
                found[row, column] = label
                count -= 1
    return True


@jit
def _label_before(
    ways: Ways,
    found: NDArray[np.int32],
    row: int,
    column: int,
) -> tuple[int, int]:
    """Return the smallest label a cell can come from (0 if none), and a cell still to be labelled before."""
    smallest = 0
    for direction in range(DIRECTIONS):
        if precedes(ways, row, column, direction):
            there, beside = row + ROW_STEPS[direction], column + COLUMN_STEPS[direction]
            label = int(found[there, beside])
            if label == 0:
                return 0, there * ways.distances.shape[1] + beside
            if smallest == 0 or label < smallest:
                smallest = label
    return smallest, LOST
