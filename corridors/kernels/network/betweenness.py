"""How many best paths pass a node or a link, plain and weighted by what flows along them (Brandes 2001)."""

from __future__ import annotations

import numpy as np

from corridors.kernels._jit import jit
from corridors.kernels.network.heap import Floats, Integers
from corridors.kernels.network.paths import Network, Tree, new_tree, shortest, worth


@jit
def betweenness(network: Network, rates: Floats, first: int, last: int) -> tuple[Floats, Floats]:
    """Return what passes nodes (1 + rates, nodes) and links (1 + rates, links).

    Summed over pairs of a source from `first` up to `last` and any other node, ends of the pair not counted
    for nodes. Row 0 counts pairs; the others weigh a pair by the product of its weights times what its
    distance is worth. Paths of one length share their pair evenly.
    """
    nodes = len(network.weights)
    tree, order = new_tree(nodes), np.empty(nodes, np.int32)
    paths, beyond = np.empty(nodes), np.empty((1 + len(rates), nodes))
    of_nodes = np.zeros((1 + len(rates), nodes))
    of_links = np.zeros((1 + len(rates), len(network.lengths) // 2))
    for source in range(first, last):
        reached = shortest(network, tree, source, np.inf)
        _count_paths(network, tree, reached, order, paths)
        beyond[:] = 0.0
        for count in range(reached - 1, 0, -1):
            node = tree.settled[count]
            of_nodes[:, node] += beyond[:, node]
            beyond[0, node] += 1.0
            product = network.weights[source] * network.weights[node]
            for index in range(len(rates)):
                beyond[1 + index, node] += product * worth(tree.distances[node], rates[index])
            for slot in range(network.starts[node], network.starts[node + 1]):
                other = network.neighbours[slot]
                if _leads_to(network, tree, order, other, node, slot):
                    share = paths[other] / paths[node]
                    for index in range(1 + len(rates)):
                        part = share * beyond[index, node]
                        beyond[index, other] += part
                        of_links[index, network.links[slot]] += part
    return of_nodes, of_links


@jit
def _count_paths(network: Network, tree: Tree, reached: int, order: Integers, paths: Floats) -> None:
    """Count the shortest paths to every node, nearest first."""
    order[:] = len(order)
    for count in range(reached):
        order[tree.settled[count]] = count
    paths[tree.settled[0]] = 1.0
    for count in range(1, reached):
        node = tree.settled[count]
        paths[node] = 0.0
        for slot in range(network.starts[node], network.starts[node + 1]):
            other = network.neighbours[slot]
            if _leads_to(network, tree, order, other, node, slot):
                paths[node] += paths[other]


@jit
def _leads_to(network: Network, tree: Tree, order: Integers, other: int, node: int, slot: int) -> bool:
    """Say whether a shortest path to `node` comes from `other`; of two in one place, the first settled."""
    through = tree.distances[other] + network.lengths[slot]
    return bool(order[other] < order[node] and through == tree.distances[node])
