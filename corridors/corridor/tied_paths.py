"""All least-cost paths between two places at once, where several cost the same.

On even ground a rook's and a bishop's steps can be taken in many orders for one price; a single path would be
an accident of the order in which neighbours are tried. So every least-cost path counts the same: their
number runs forward from the source (a cell has as many as the cells before it together), and one unit runs
back from the target, split at every cell in proportion to those numbers (Brandes 2001). What passes through
a cell is then the share of the least-cost paths that lead through it. The numbers grow beyond any float
within a thousand steps, so they are Python's whole numbers, which have no end.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from corridors.barriers import FORWARD

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from corridors.barriers import EdgeCosts

    Before = dict[int, list[int]]
    Tolls = dict[tuple[int, int], float]

# Sums of the same steps in another order differ by their rounding, about 1e-16 a step: what is closer than
# this part of the cost is the same cost.
SAME_COST = 1e-11


def path_shares(
    distance: NDArray[np.float64],
    resistance: NDArray[np.float64],
    targets: Iterable[NDArray[np.intp]],
    barriers: EdgeCosts | None = None,
    *,
    corner: tuple[int, int] = (0, 0),
) -> NDArray[np.float64]:
    """Return, summed over targets, the share of the least-cost paths to each that lead through every cell.

    Parameters
    ----------
    distance
        Accumulated cost in cell units, 0 at the source; `inf` where it does not reach. May be that of a
        window outside which nothing is reached.
    resistance
        That it was made from, of the same window.
    targets
        Cells (n, 2) of the raster of each target. Paths end at those of them that cost least.
    barriers
        Those `distance` was made with, of the raster.
    corner
        Row and column of the raster at which the window begins.
    """
    framed = np.pad(distance, 1, constant_values=np.inf)
    met = np.pad(resistance, 1, constant_values=np.nan)
    width = framed.shape[1]
    ends = [_cheapest(framed, _flat(cells - corner, framed.shape)) for cells in targets]
    tolls = {} if barriers is None else _tolls(barriers, framed.shape, corner)
    before = _cells_before(framed.ravel(), met.ravel(), width, [cell for end in ends for cell in end], tolls)
    rising = sorted(before, key=framed.ravel().item)
    number: dict[int, int] = {}
    for cell in rising:
        number[cell] = sum(number[other] for other in before[cell]) or 1
    share = dict.fromkeys(rising, 0.0)
    for end in ends:
        whole = sum(number[cell] for cell in end)
        for cell in end:
            share[cell] += number[cell] / whole
    for cell in reversed(rising):
        for other in before[cell]:
            share[other] += share[cell] * (number[other] / number[cell])
    shares = np.zeros(framed.size)
    shares[list(share)] = list(share.values())
    return shares.reshape(framed.shape)[1:-1, 1:-1]


def _cheapest(distance: NDArray[np.float64], cells: NDArray[np.intp]) -> list[int]:
    """Return those cells that cost least to reach; none where none is reached."""
    costs = distance.ravel()[cells]
    least = float(costs.min(initial=math.inf))
    return [] if math.isinf(least) else [int(c) for c in cells[costs <= least * (1 + SAME_COST)]]


def _flat(cells: NDArray[np.intp], framed: tuple[int, ...]) -> NDArray[np.intp]:
    """Return places in a framed raster, taken flat, of those cells (n, 2) that lie inside the frame."""
    inside = ((cells >= 0) & (cells < np.array(framed) - 2)).all(axis=1)
    places: NDArray[np.intp] = (cells[inside] + 1) @ np.array([framed[1], 1])
    return places


def _tolls(barriers: EdgeCosts, framed: tuple[int, ...], corner: tuple[int, int]) -> Tolls:
    """Return what steps pay on top, in cell units, by their two cells in the framed raster."""
    steps = np.array([FORWARD[int(direction)] for direction in barriers.direction]).reshape(-1, 2)
    cells = np.column_stack([barriers.rows, barriers.columns]) - corner
    last = np.array(framed) - 2
    inside = ((np.minimum(cells, cells + steps) >= 0) & (np.maximum(cells, cells + steps) < last)).all(axis=1)
    start = _flat(cells[inside], framed)
    end = start + steps[inside] @ np.array([framed[1], 1])
    cost = barriers.cost_m[inside] / barriers.grid.cell_size_m
    there = zip(zip(start.tolist(), end.tolist(), strict=True), cost.tolist(), strict=True)
    return {pair: paid for (a, b), paid in there for pair in ((a, b), (b, a))}


def _cells_before(
    distance: NDArray[np.float64],
    resistance: NDArray[np.float64],
    width: int,
    ends: list[int],
    tolls: Tolls,
) -> Before:
    """Return, for every cell on a least-cost path to one of the ends, the cells a path comes from."""
    offsets = [(math.sqrt(2.0) if dr and dc else 1.0, dr * width + dc)
               for dr in (-1, 0, 1) for dc in (-1, 0, 1) if dr or dc]  # fmt: skip
    before: Before = {}
    waiting = list(ends)
    while waiting:
        cell = waiting.pop()
        if cell in before:
            continue
        here, met = distance.item(cell), resistance.item(cell)
        before[cell] = [
            cell + offset
            for length, offset in offsets
            if distance.item(cell + offset) < here
            and abs(
                distance.item(cell + offset)
                + length * 0.5 * (met + resistance.item(cell + offset))
                + tolls.get((cell, cell + offset), 0.0)
                - here
            )
            <= SAME_COST * here
        ]
        waiting.extend(before[cell])
    return before
