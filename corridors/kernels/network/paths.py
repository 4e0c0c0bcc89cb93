"""Shortest paths from one place in a network, by Dijkstra with a heap, and what a distance is worth."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridors.kernels._jit import jit
from corridors.kernels.network.heap import ABSENT, Floats, Integers, lower, pop

HOPS = 0.0
"""The rate that asks for 1 / (1 + distance), as IIC counts, in place of e^(-rate * distance)."""


class Network(NamedTuple):
    """A network in rows: the neighbours of node i stand from `starts[i]` up to `starts[i + 1]`.

    Every link stands twice, once in the row of either end; `links` is its number both times.
    """

    starts: NDArray[np.int64]
    neighbours: Integers
    lengths: Floats
    links: Integers
    weights: Floats


class Tree(NamedTuple):
    """Shortest paths from a source: distance, node before, link to it, and the order nodes were settled."""

    distances: Floats
    before: Integers
    links: Integers
    settled: Integers
    heap: Integers
    places: Integers


@jit
def new_tree(nodes: int) -> Tree:
    """Return room for the shortest paths of a network of so many nodes."""
    return Tree(
        np.empty(nodes, np.float64),
        np.empty(nodes, np.int32),
        np.empty(nodes, np.int32),
        np.empty(nodes, np.int32),
        np.empty(nodes, np.int32),
        np.full(nodes, ABSENT, np.int32),
    )


@jit
def worth(distance: float, rate: float) -> float:
    """Return what a distance leaves of a flow: 1 at 0, less further away, 0 at infinity."""
    if rate == HOPS:
        return 1.0 / (1.0 + distance)
    return math.exp(-rate * distance)


@jit
def shortest(network: Network, tree: Tree, source: int, reach: float) -> int:
    """Find the shortest paths from a node, none longer than `reach`; return how many nodes they reach."""
    tree.distances[:] = np.inf
    tree.distances[source] = 0.0
    tree.before[source] = ABSENT
    tree.links[source] = ABSENT
    size = lower(tree.heap, tree.places, tree.distances, 0, source)
    return _settle(network, tree, size, reach)


@jit
def shortest_from(network: Network, tree: Tree, entries: Integers, lengths: Floats, reach: float) -> int:
    """Do the same from a place outside the network, which has links of these lengths to some nodes."""
    tree.distances[:] = np.inf
    size = 0
    for entry in range(len(entries)):
        node = entries[entry]
        if lengths[entry] <= reach and lengths[entry] < tree.distances[node]:
            tree.distances[node] = lengths[entry]
            tree.before[node] = ABSENT
            tree.links[node] = ABSENT
            size = lower(tree.heap, tree.places, tree.distances, size, node)
    return _settle(network, tree, size, reach)


@jit
def _settle(network: Network, tree: Tree, size: int, reach: float) -> int:
    """Settle the nodes in the heap and all they lead to, nearest first."""
    starts, neighbours, lengths, links, _ = network
    distances, before, to_before, settled, heap, places = tree
    count = 0
    while size > 0:
        node = pop(heap, places, distances, size)
        size -= 1
        settled[count] = node
        count += 1
        for slot in range(starts[node], starts[node + 1]):
            other = neighbours[slot]
            through = distances[node] + lengths[slot]
            if through < distances[other] and through <= reach:
                distances[other] = through
                before[other] = node
                to_before[other] = links[slot]
                size = lower(heap, places, distances, size, other)
    return count
