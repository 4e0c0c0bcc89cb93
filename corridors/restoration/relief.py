"""What a link costs once a place is restored or opened: solved again, exactly, and only near that place.

Restoring lowers the cost of some steps and raises none. A path that gains by it runs on old steps up to the
place, somehow in and about it, and on old steps from there. The two ends are known: they are the cost
surfaces of the two cores. So only the middle is solved again, from the old costs of one core, and the new
cost of the link is the least, over the cells there, of the new cost from one core and the old one from the
other.

How much land is "there"? Reaching the place costs at least A from one core and B from the other. What a
path that costs less than the link does can spend in between is `cost - A - B`; where it leaves the place
and comes back, it gets no further than half of that. This holds for any resistance, with the least one of
the raster as the price of a metre.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridors.barriers import FORWARD, edges_on
from corridors.barriers.edges import edge_keys
from corridors.kernels.cost_distance import (
    clear,
    edge_barriers,
    lower,
    new_workspace,
    prepare,
    propagate,
)
from corridors.kernels.cost_distance.layout import inside
from corridors.restoration.checked import ROUNDING

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridors.barriers import EdgeCosts
    from corridors.grid import Grid
    from corridors.kernels.cost_distance import Barriers
    from corridors.restoration.checked import LinkEnds

    Array = NDArray[np.float64]
    Integers = NDArray[np.int64]
    Window = tuple[slice, slice]


class Scene(NamedTuple):
    """The land as it is.

    least
        The least resistance.
    row_starts
        Number of the first barred step of every row, and of all.
    """

    grid: Grid
    resistance: Array
    least: float
    barriers: EdgeCosts | None
    row_starts: Integers


class Relief(NamedTuple):
    """What changes: cells and their new resistance; steps and their new cost at barriers.

    rows, columns, resistance
        Cells, and resistance no higher than before.
    edges, edge_cost_m
        Steps by `edge_keys`, rising, and cost no higher than before.
    window
        The smallest rows and columns that hold both ends of every step concerned.
    """

    rows: Integers
    columns: Integers
    resistance: Array
    edges: Integers
    edge_cost_m: Array
    window: Window


def scene_of(grid: Grid, resistance: Array, barriers: EdgeCosts | None) -> Scene:
    """Return the land as `relieved_cost_m` takes it.

    Raises
    ------
    InputError
        I201, I202 barriers on another grid.
    """
    if barriers is not None:
        edges_on(barriers, grid)
    known = np.empty(0, dtype=np.int64) if barriers is None else barriers.rows
    row_starts: Integers = np.searchsorted(known, np.arange(grid.shape[0] + 1))
    return Scene(grid, resistance, float(np.nanmin(resistance)), barriers, row_starts)


def relieved_cost_m(scene: Scene, relief: Relief, link: LinkEnds) -> float:
    """Return what a link costs after a relief, in metres of ideal habitat; never more than before."""
    shape = scene.grid.shape
    near = grown(relief.window, 1, shape)
    spare_m = link.cost_m - float(link.from_a[near].min()) - float(link.from_b[near].min())
    if not spare_m > ROUNDING * link.cost_m:
        return link.cost_m
    least = min(scene.least, float(relief.resistance.min(initial=np.inf)))
    reach = math.ceil(min(spare_m / (2 * least * scene.grid.cell_size_m), max(shape)))
    window = grown(near, reach, shape)
    relieved = _solved_again(scene, relief, link.from_a[window], window, limit_m=link.cost_m)
    found_m = float((relieved + link.from_b[window]).min())
    return found_m if found_m < link.cost_m * (1 - ROUNDING) else link.cost_m


def _solved_again(scene: Scene, relief: Relief, known_m: Array, window: Window, *, limit_m: float) -> Array:
    """Return the cost from a core in a window after the relief, from what it was before."""
    rows, columns = window
    size = scene.grid.cell_size_m
    resistance = scene.resistance[window].copy()
    resistance[relief.rows - rows.start, relief.columns - columns.start] = relief.resistance
    edges = _edges_in(scene, relief, window)
    workspace = new_workspace(prepare(resistance, edges=edges))
    clear(workspace, max_cost=limit_m / size * (1 + ROUNDING))
    costs = workspace.distances[inside(workspace.field.shape)]
    costs[:] = np.where(known_m <= limit_m, known_m / size, np.inf)
    # What is known elsewhere stands; solving starts from the cells that touch a change, told as if news.
    near_rows, near_columns = (
        slice(part.start - whole.start, part.stop - whole.start)
        for part, whole in zip(grown(relief.window, 1, scene.grid.shape), window, strict=True)
    )
    news = costs[near_rows, near_columns].copy()
    costs[near_rows, near_columns] = np.inf
    row, column = np.nonzero(np.isfinite(news))
    lower(workspace, (row + near_rows.start, column + near_columns.start), news[row, column])
    propagate(workspace)
    return np.multiply(costs, size, dtype=np.float64)


def _edges_in(scene: Scene, relief: Relief, window: Window) -> Barriers | None:
    """Return the barriers within a window as the solver takes them, those relieved at their new cost."""
    if scene.barriers is None:
        return None
    row, column, direction, cost_m = barriers_in(scene, window)
    if len(relief.edges):
        keys = edge_keys(scene.grid, row, column, direction)
        place = np.searchsorted(relief.edges, keys).clip(max=len(relief.edges) - 1)
        cost_m = np.where(relief.edges[place] == keys, relief.edge_cost_m[place], cost_m)
    shape = window[0].stop - window[0].start, window[1].stop - window[1].start
    at = row - window[0].start, column - window[1].start
    return edge_barriers(shape, *at, direction, cost_m / scene.grid.cell_size_m)


def barriers_in(scene: Scene, window: Window) -> tuple[Integers, Integers, NDArray[np.uint8], Array]:
    """Return rows, columns, directions and costs of the barriers with both ends in a window."""
    if scene.barriers is None:
        nothing = np.empty(0, dtype=np.int64)
        return nothing, nothing, nothing.astype(np.uint8), np.empty(0)
    rows, columns = window
    part = slice(scene.row_starts[rows.start], scene.row_starts[rows.stop])
    row, column = scene.barriers.rows[part], scene.barriers.columns[part]
    direction = scene.barriers.direction[part]
    down, right = far_ends(row, column, direction)
    inside_it = (down < rows.stop) & (np.minimum(column, right) >= columns.start)
    inside_it &= np.maximum(column, right) < columns.stop
    cost_m = scene.barriers.cost_m[part]
    return row[inside_it], column[inside_it], direction[inside_it], cost_m[inside_it]


def far_ends(rows: Integers, columns: Integers, direction: NDArray[np.uint8]) -> tuple[Integers, Integers]:
    """Return rows and columns of the cells that steps lead to."""
    steps = np.zeros((max(FORWARD) + 1, 2), dtype=np.int64)
    for way, step in FORWARD.items():
        steps[way] = step
    led = steps[direction]
    return rows + led[:, 0], columns + led[:, 1]


def grown(window: Window, cells: int, shape: tuple[int, int]) -> Window:
    """Return a window wider by some cells on every side, as far as the raster goes."""
    rows, columns = (
        slice(max(part.start - cells, 0), min(part.stop + cells, length))
        for part, length in zip(window, shape, strict=True)
    )
    return rows, columns
