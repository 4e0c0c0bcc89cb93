"""What a new node, or a new link, would connect.

A candidate is a place outside the network with links to some of its nodes. A path through it costs what it
costs to get to it from one node plus what it costs to get from it to the other, so two rows of distances
tell what every pair gains. A new link is a place halfway along it, with half of the link to either end: a
way in and out by the same half is never shorter than the way without it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corridors.kernels._jit import jit
from corridors.kernels.network.heap import Floats, Integers
from corridors.kernels.network.paths import Network, new_tree, shortest, shortest_from, worth


@jit
def distances_from(
    network: Network, starts: NDArray[np.int64], entries: Integers, lengths: Floats, reach: float
) -> Floats:
    """Return distances (candidates, nodes); links of candidate c are those from `starts[c]` to the next."""
    nodes, candidates = len(network.weights), len(starts) - 1
    tree = new_tree(nodes)
    found = np.empty((candidates, nodes))
    for candidate in range(candidates):
        mine = slice(starts[candidate], starts[candidate + 1])
        shortest_from(network, tree, entries[mine], lengths[mine], reach)
        found[candidate] = tree.distances
    return found


@jit
def gains(network: Network, rates: Floats, reach: float, distances: Floats, first: int, last: int) -> Floats:
    """Return what pairs of a source from `first` up to `last` and any node gain (rates, candidates).

    That is the sum of the product of their weights times what a path through the candidate is worth less
    what their distance is worth, where that path is shorter.
    """
    nodes = len(network.weights)
    tree = new_tree(nodes)
    worths = np.empty((len(rates), nodes))
    found = np.zeros((len(rates), len(distances)))
    for source in range(first, last):
        shortest(network, tree, source, reach)
        for index in range(len(rates)):
            for node in range(nodes):
                worths[index, node] = worth(tree.distances[node], rates[index])
        for candidate in range(len(distances)):
            way = distances[candidate]
            if way[source] == np.inf:
                continue
            for node in range(nodes):
                through = way[source] + way[node]
                if through < tree.distances[node] and through <= reach:
                    product = network.weights[source] * network.weights[node]
                    for index in range(len(rates)):
                        gain = worth(through, rates[index]) - worths[index, node]
                        found[index, candidate] += product * gain
    return found
