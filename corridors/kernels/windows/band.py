"""Voltages of a small window by factorising its matrix as a band: exact, and no iteration.

Numbered row by row, two joined nodes are never further apart than a row is long, so the matrix is a band,
and elimination without exchanging rows (it is positive definite) stays inside it. The target is ground: its
voltage is 0, and it has no number.

`rows[k, j]` is the entry of nodes k and k + j; after `factorise` it is row k of D L' (Golub and Van Loan).
Rows end where they can hold nothing: `ends[k]` is one past the last node that k or any node before it is
joined to, and elimination never writes beyond. At the top and bottom of a circle that is much less.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridors.kernels._jit import COMPILED, jit
from corridors.kernels.cost_distance.lanes import LANES, load, spread, store
from corridors.kernels.windows.frame import Frame
from corridors.kernels.windows.landscape import STEPS, Floats, Marks


class Band(NamedTuple):
    """A factorised matrix, or room for one.

    Attributes
    ----------
    rows
        The band, (nodes, more than the longest row).
    ends
        One past the last node that row k may hold, (nodes,).
    numbers
        Number of every cell of a frame; -1 = none.
    values
        Currents, then voltages, by number.
    """

    rows: NDArray[np.float64]
    ends: NDArray[np.int64]
    numbers: NDArray[np.int64]
    values: NDArray[np.float64]


def new_band(half: int) -> Band:
    """Return room for windows that reach `half` cells from the target."""
    length = 2 * half + 1
    side = length + 2
    rows = np.zeros((length * length, -(-(length + 4 + LANES) // LANES) * LANES))
    numbers = np.full((side, side), -1, dtype=np.int64)
    return Band(rows, np.zeros(length * length, dtype=np.int64), numbers, np.zeros(length * length))


@jit
def factorise(frame: Frame, band: Band) -> int:
    """Lay the matrix of a frame into a band and factorise it; return the number of nodes in it."""
    count = _number(frame.nodes, band.numbers)
    _lay(frame.weights, band.numbers, count, band.rows, band.ends)
    eliminate(band.rows, band.ends, count)
    return count


@jit
def solve_band(frame: Frame, band: Band, count: int) -> None:
    """Write the voltages for `frame.inflow`, the matrix being factorised."""
    numbers, values, rows, ends = band.numbers, band.values, band.rows, band.ends
    side = numbers.shape[0]
    for y in range(side):
        for x in range(side):
            if numbers[y, x] >= 0:
                values[numbers[y, x]] = frame.inflow[y, x]
    for k in range(count):
        share = values[k] / rows[k, 0]
        row, rest = rows[k, 1 : ends[k] - k], values[k + 1 : ends[k]]
        for j in range(len(row)):
            rest[j] -= share * row[j]
        values[k] = share
    for k in range(count - 1, -1, -1):
        values[k] -= _product(rows[k, 1 : ends[k] - k], values[k + 1 : ends[k]]) / rows[k, 0]
    for y in range(side):
        for x in range(side):
            frame.voltage[y, x] = values[numbers[y, x]] if numbers[y, x] >= 0 else 0.0


@jit
def _product(row: Floats, values: Floats) -> float:
    """Return the sum of products, in four sums side by side: one would wait for itself at every step."""
    sum_0, sum_1, sum_2, sum_3 = 0.0, 0.0, 0.0, 0.0
    fours = len(row) - len(row) % 4
    for j in range(0, fours, 4):
        sum_0 += row[j] * values[j]
        sum_1 += row[j + 1] * values[j + 1]
        sum_2 += row[j + 2] * values[j + 2]
        sum_3 += row[j + 3] * values[j + 3]
    for j in range(fours, len(row)):
        sum_0 += row[j] * values[j]
    return (sum_0 + sum_1) + (sum_2 + sum_3)


@jit
def _number(nodes: Marks, numbers: NDArray[np.int64]) -> int:
    """Give the nodes numbers row by row, without the target; return how many there are."""
    side, count = nodes.shape[0], 0
    for y in range(side):
        for x in range(side):
            numbers[y, x] = -1
            if nodes[y, x] and not (y == side // 2 and x == side // 2):
                numbers[y, x] = count
                count += 1
    return count


@jit
def _lay(
    weights: Floats, numbers: NDArray[np.int64], count: int, rows: Floats, ends: NDArray[np.int64]
) -> None:
    """Write the matrix, and where its rows end."""
    side = numbers.shape[0]
    rows[:count] = 0.0
    for k in range(count):
        ends[k] = k + 1
    for y in range(1, side - 1):
        for x in range(1, side - 1):
            own = numbers[y, x]
            for direction in range(4):
                weight = weights[direction, y, x]
                if weight > 0.0:
                    down, right = STEPS[direction]
                    other = numbers[y + down, x + right]
                    if own >= 0:
                        rows[own, 0] += weight
                    if other >= 0:
                        rows[other, 0] += weight
                    if own >= 0 and other >= 0:
                        rows[own, other - own] = -weight
                        ends[own] = max(ends[own], other + 1)
    for k in range(1, count):
        ends[k] = max(ends[k], ends[k - 1])


@jit
def eliminate_plainly(rows: Floats, ends: NDArray[np.int64], count: int) -> None:
    """Eliminate node after node."""
    for k in range(count):
        eliminate_one(rows, k, ends[k], ends[k])


@jit
def eliminate_one(rows: Floats, k: int, stop: int, end: int) -> None:
    """Subtract what node k, whose row ends at `end`, leaves between the nodes after it, up to row `stop`."""
    inverse = 1.0 / rows[k, 0]
    for j in range(1, stop - k):
        factor = rows[k, j] * inverse
        for i in range(end - k - j):
            rows[k + j, i] -= factor * rows[k, j + i]


@jit
def eliminate_by_fours(rows: Floats, ends: NDArray[np.int64], count: int) -> None:
    """Do the same four nodes at a time, sixteen entries at a time: fewer ways to memory and back.

    Beyond its end every row goes on with zeros, which stay zeros.
    """
    k = 0
    while k + 4 <= count:
        for a in range(k, k + 3):
            eliminate_one(rows, a, min(k + 4, ends[a]), ends[a])
        inverse_0, inverse_1 = -1.0 / rows[k, 0], -1.0 / rows[k + 1, 0]
        inverse_2, inverse_3 = -1.0 / rows[k + 2, 0], -1.0 / rows[k + 3, 0]
        length = ends[k + 3] - k
        for j in range(4, length):
            factor_0, factor_1 = spread(rows[k, j] * inverse_0), spread(rows[k + 1, j - 1] * inverse_1)
            factor_2 = spread(rows[k + 2, j - 2] * inverse_2)
            factor_3 = spread(rows[k + 3, j - 3] * inverse_3)
            for i in range(0, length - j, LANES):
                first = factor_0 * load(rows, k, j + i) + factor_1 * load(rows, k + 1, j - 1 + i)
                second = factor_2 * load(rows, k + 2, j - 2 + i) + factor_3 * load(rows, k + 3, j - 3 + i)
                store(rows, k + j, i, load(rows, k + j, i) + (first + second))
        k += 4
    while k < count:
        eliminate_one(rows, k, ends[k], ends[k])
        k += 1


eliminate = eliminate_by_fours if COMPILED else eliminate_plainly
