"""Currents on the branches of a circuit, and their sums at the nodes.

A branch joins two nodes; v volts across a conductance w drive w v amperes. Branches come as three arrays
(first node, second node, conductance); those of a raster are listed from the conductances of its steps, a
block of rows at a time, so that a large raster never has them all in memory.

Sums over all pairs
-------------------
With N focal nodes every pair (i, j) is a solution x_j - x_i of N potentials, so on one branch the pair
carries w (d_j - d_i), where d_k is the step of potential k along the branch. The sum over all pairs,

    sum of |d_j - d_i| over i < j  =  sum over k of (2 k - N + 1) d_(k),     d_(0) <= d_(1) <= ... sorted,

needs one sorting of N numbers instead of N (N - 1) / 2 currents. Sixteen branches are sorted side by side by
a network of comparators (merge exchange; D. E. Knuth 1998, The Art of Computer Programming 3, 5.2.2 M), which
takes the same steps whatever the numbers are and so runs in vectors.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridors.kernels._jit import jit

# The steps a raster's branches are kept by, one array each: east, south, south-east, south-west.
ROW_STEPS = (0, 1, 1, 1)
COLUMN_STEPS = (1, 0, 1, -1)
LANES = 16

Floats = NDArray[np.floating[Any]]
Integers = NDArray[np.int32]


@jit
def list_branches(
    steps: Floats, nodes: Integers, rows: tuple[int, int], first: Integers, second: Integers, found: Floats
) -> int:
    """Write the branches that start in a range of rows, and return how many there are.

    Parameters
    ----------
    steps
        Conductance of the steps east, south, south-east and south-west, shape (4, rows, columns); 0 none.
    nodes
        Node of every cell, -1 none: steps from or to it are passed over.
    rows
        First row, and the one after the last.
    first, second, found
        Receive both nodes and the conductance; four times as long as there are cells in the rows.
    """
    count = 0
    for row in range(rows[0], rows[1]):
        for column in range(nodes.shape[1]):
            for way in range(4):
                conductance = steps[way, row, column]
                if conductance > 0:
                    start = nodes[row, column]
                    end = nodes[row + ROW_STEPS[way], column + COLUMN_STEPS[way]]
                    if start != end and start >= 0 and end >= 0:
                        first[count], second[count], found[count] = start, end, conductance
                        count += 1
    return count


@jit
def add_flows(
    first: Integers,
    second: Integers,
    conductance: Floats,
    voltage: Floats,
    least: tuple[float, float],
    inflow: Floats,
    outflow: Floats,
) -> None:
    """Add what flows along branches to what flows into and out of the nodes.

    `least` is the smallest current that counts where inflow, and where outflow, is summed.
    """
    for branch in range(len(first)):
        start, end = first[branch], second[branch]
        current = conductance[branch] * (voltage[start] - voltage[end])
        if current < 0:
            start, end, current = end, start, -current
        if current >= least[0]:
            inflow[end] += current
        if current >= least[1]:
            outflow[start] += current


@jit
def add_net_flows(
    first: Integers, second: Integers, conductance: Floats, voltages: Floats, net: Floats
) -> None:
    """Add to `net` (nodes, columns) what leaves every node: the Laplacian times the voltages."""
    for branch in range(len(first)):
        start, end = first[branch], second[branch]
        for column in range(voltages.shape[1]):
            current = conductance[branch] * (voltages[start, column] - voltages[end, column])
            net[start, column] += current
            net[end, column] -= current


@jit
def add_products(one: Floats, other: Floats, total: Floats) -> None:
    """Add to `total` one' times other, sums in the order of the rows whatever the machine."""
    for row in range(len(one)):
        for i in range(one.shape[1]):
            factor = one[row, i]
            for j in range(other.shape[1]):
                total[i, j] += factor * other[row, j]


@jit
def add_all_pairs(
    first: Integers,
    second: Integers,
    conductance: Floats,
    potentials: Floats,
    comparators: NDArray[np.intp],
    total: Floats,
) -> None:
    """Add to every node half of what flows on its branches, over all pairs of potentials.

    Parameters
    ----------
    first, second, conductance
        Branches.
    potentials
        Shape (nodes, N - 1): one per focal node but the first, whose potential is 0 everywhere.
    comparators
        From `sorting_network(N)`.
    total
        Of every node; focal nodes lack the half that enters or leaves the circuit there.
    """
    count = potentials.shape[1] + 1
    steps = np.zeros((count, LANES))
    sums = np.empty(LANES)
    for start in range(0, len(first), LANES):
        width = min(LANES, len(first) - start)
        for lane in range(width):
            here, there = first[start + lane], second[start + lane]
            for k in range(count - 1):
                steps[k, lane] = potentials[here, k] - potentials[there, k]
        steps[count - 1] = 0.0
        for c in range(len(comparators)):
            low, high = comparators[c, 0], comparators[c, 1]
            for lane in range(LANES):
                one, other = steps[low, lane], steps[high, lane]
                steps[low, lane] = min(one, other)
                steps[high, lane] = max(one, other)
        sums[:] = 0.0
        for k in range(count):
            weight = 0.5 * (2 * k - count + 1)
            for lane in range(LANES):
                sums[lane] += weight * steps[k, lane]
        for lane in range(width):
            current = conductance[start + lane] * sums[lane]
            total[first[start + lane]] += current
            total[second[start + lane]] += current


def sorting_network(count: int) -> NDArray[np.intp]:
    """Return the comparators that sort `count` numbers: pairs of places, the lower number to the first.

    Examples
    --------
    >>> sorting_network(3).tolist()
    [[0, 2], [0, 1], [1, 2]]
    """
    pairs: list[tuple[int, int]] = []
    top = 1 << max(count - 1, 0).bit_length() >> 1
    apart = top
    while apart > 0:
        reach, phase, distance = top, 0, apart
        while True:
            pairs += [(i, i + distance) for i in range(count - distance) if i & apart == phase]
            if reach == apart:
                break
            distance, reach, phase = reach - apart, reach >> 1, apart
        apart >>= 1
    return np.array(pairs, dtype=np.intp).reshape(-1, 2)


@jit
def join(parents: Integers, first: Integers, second: Integers) -> None:
    """Join the trees of nodes that branches connect; every node starts as its own parent."""
    for branch in range(len(first)):
        one, other = first[branch], second[branch]
        while parents[one] != one:
            parents[one] = parents[parents[one]]
            one = parents[one]
        while parents[other] != other:
            parents[other] = parents[parents[other]]
            other = parents[other]
        # The lower number is the root, so components come out in the order of their first nodes.
        if one < other:
            parents[other] = one
        else:
            parents[one] = other


@jit
def number_components(parents: Integers) -> int:
    """Turn parents into component numbers, from 0, and return how many there are."""
    count = 0
    for node in range(len(parents)):
        # Parents have lower numbers, so theirs is a component number already.
        if parents[node] == node:
            parents[node] = count
            count += 1
        else:
            parents[node] = parents[parents[node]]
    return count
