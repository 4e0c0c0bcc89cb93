"""One block in progress: opened, gone on with from news on its rim, labelled.

Everything here runs where the block lives: in this process, in a thread, or on a worker.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridors.cost.blocks.cut import Rim, Window
from corridors.errors import SolveError
from corridors.kernels.cost_distance import (
    Barriers,
    Workspace,
    allocation,
    clear,
    lower,
    new_workspace,
    newly_lowered,
    prepare,
    propagate,
)
from corridors.kernels.cost_distance.layout import Floats, inside
from corridors.kernels.cost_distance.paths import lost_way

UNKNOWN = int(np.iinfo(np.int32).max)  # a label nobody has told; every label is lower
PENDING = -1  # lower than every label, so a cell that comes from one that waits waits too


class Opening(NamedTuple):
    """All a block needs to start.

    resistance
        Of all cells it holds.
    edges
        Extra costs of the steps between them.
    sources
        Rows, columns and labels of the sources among them.
    rim
        The cells it shares.
    dtype
        float64 or float32.
    max_cost
        Cells that cost more are not followed further; in cell units.
    """

    resistance: Floats
    edges: Barriers | None
    sources: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]
    rim: Rim
    dtype: str
    max_cost: float


@dataclass
class Block:
    """A block in progress.

    opening
        How it started, less the resistance, which the workspace holds.
    workspace
        Its distances; None while they are put away.
    known
        Distances on its rim, as told to or heard from others.
    labels
        Of all cells it holds, once asked for; 0 = not reached, or not known yet.
    """

    opening: Opening
    workspace: Workspace | None
    known: Floats
    labels: NDArray[np.int32] | None = None


def open_block(opening: Opening) -> Block:
    """Return a block in which only the sources are reached, and not gone on from yet."""
    without = opening._replace(resistance=np.empty((0, 0)))
    known = np.full(opening.rim.rows.size, np.inf, dtype=opening.dtype)
    block = Block(without, None, known)
    block.workspace = workspace = workspace_of(block, opening.resistance)
    rows, columns, _ = opening.sources
    lower(workspace, (rows, columns), 0.0)
    return block


def workspace_of(block: Block, resistance: Floats) -> Workspace:
    """Return a workspace for a block, in which nothing is reached."""
    opening = block.opening
    workspace = new_workspace(prepare(resistance, dtype=opening.dtype, edges=opening.edges))
    clear(workspace, max_cost=opening.max_cost)
    return workspace


def advance(
    block: Block, places: NDArray[np.intp], values: Floats, pause: Callable[[], None] | None = None
) -> tuple[NDArray[np.intp], Floats]:
    """Go on from new distances on the rim; return the places where the block found lower ones, and these."""
    workspace, rim = in_progress(block), block.opening.rim
    lower(workspace, (rim.rows[places], rim.columns[places]), values)
    block.known[places] = np.minimum(block.known[places], values)
    propagate(workspace, pause=pause)
    found = newly_lowered(workspace, (rim.rows, rim.columns), block.known)
    found = found[block.known[found] <= block.opening.max_cost]
    return found, block.known[found]


def relabel(
    block: Block, places: NDArray[np.intp], labels: NDArray[np.int32]
) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
    """Go on from new labels on the rim; return the places of own cells with new ones, and these.

    A cell of another block has the label that block told; every other cell has the smallest label of the
    cells that precede it, once all of these are known. So a label is final when it is set, and each cell
    waits only for cells of lower distance: in the end all are known.
    """
    rim, distances = block.opening.rim, distances_of(block)
    at = rim.rows, rim.columns
    found = np.zeros(distances.shape, np.int32) if block.labels is None else block.labels
    before = found[at]
    told = places[~rim.own[places]], labels[~rim.own[places]]
    found[rim.rows[told[0]], rim.columns[told[0]]] = told[1]
    waits = ~rim.own & (found[at] == 0) & np.isfinite(distances[at])
    found[rim.rows[waits], rim.columns[waits]] = PENDING
    rows, columns, of_source = block.opening.sources
    reached = distances[rows, columns] == 0
    found[rows[reached], columns[reached]] = of_source[reached]
    edges, known = block.opening.edges, found != 0
    found = allocation(distances, resistance_of(block), found, edges=edges, known=known)
    found[found == PENDING] = 0
    block.labels = found
    news = np.flatnonzero(rim.own & (found[at] > 0) & (before == 0))
    return news, found[at][news]


def resistance_of(block: Block) -> Floats:
    """Return the resistance of all cells a block holds; doubling a half is exact."""
    field = in_progress(block).field
    return field.half[inside(field.shape)] * field.half.dtype.type(2)


def distances_of(block: Block) -> Floats:
    """Return the distances of all cells a block holds, inf beyond the largest cost; not a copy."""
    workspace = in_progress(block)
    distances = workspace.distances[inside(workspace.field.shape)]
    if block.opening.max_cost < np.inf:
        distances[distances > block.opening.max_cost] = np.inf
    return distances


def results(block: Block, window: Window) -> tuple[Floats, NDArray[np.int32] | None]:
    """Return distances, and labels if asked for before, of a window of a block that is needed no more."""
    distances = distances_of(block)[window]
    labels = None if block.labels is None else block.labels[window]
    if labels is not None and (np.isfinite(distances) & (labels == 0)).any():
        raise lost_way()
    return distances, labels


def in_progress(block: Block) -> Workspace:
    """Return the workspace of a block that is not put away."""
    if block.workspace is None:
        raise SolveError("a block was used while it was put away")
    return block.workspace


def bytes_of(*arrays: Any) -> int:
    """Return the size of arrays."""
    return sum(array.nbytes for array in arrays if isinstance(array, np.ndarray))
