"""What is connected, summed source by source."""

from __future__ import annotations

import numpy as np

from corridors.kernels._jit import jit
from corridors.kernels.network.heap import Floats
from corridors.kernels.network.paths import Network, new_tree, shortest, worth


@jit
def strengths(network: Network, rates: Floats, reach: float, first: int, last: int) -> Floats:
    """Return for nodes `first` up to `last` the weight they are connected with, themselves included.

    That is the sum over all nodes j of weight_j * worth(distance to j); (rates, nodes from first to last).
    A node without weight is a stepping stone only: it has 0.
    """
    nodes = len(network.weights)
    tree = new_tree(nodes)
    found = np.zeros((len(rates), last - first))
    for source in range(first, last):
        if network.weights[source] == 0.0:
            continue
        shortest(network, tree, source, reach)
        for other in range(nodes):
            distance = tree.distances[other]
            if distance < np.inf:
                for index in range(len(rates)):
                    found[index, source - first] += network.weights[other] * worth(distance, rates[index])
    return found
