"""How much of what flows in a network passes a core or a link on its best path."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridors.kernels.network import betweenness
from corridors.network.adjacency import ranges_of_sources

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridors.kernels.network import Network
    from corridors.network.adjacency import Progress

    Floats = NDArray[np.float64]


def path_betweenness(
    network: Network, rates: Floats, *, threads: int | None = None, progress: Progress | None = None
) -> tuple[Floats, Floats]:
    """Return what passes nodes (1 + rates, nodes) and links (1 + rates, links), every pair counted once.

    Row 0 counts pairs of nodes; the others weigh each pair by the product of the weights and the probability
    of the path. A node is not between itself and others; best paths of one length share their pair evenly.

    References
    ----------
    Freeman (1977); Brandes (2001); weighted as the BC index of Foltête, Clauzel and Vuidel (2012).
    """
    of_nodes = np.zeros((1 + len(rates), len(network.weights)))
    of_links = np.zeros((1 + len(rates), len(network.lengths) // 2))
    for nodes, links in ranges_of_sources(
        lambda first, last: betweenness(network, rates, first, last),
        len(network.weights),
        threads=threads,
        progress=progress,
    ):
        of_nodes += nodes
        of_links += links
    return of_nodes / 2, of_links / 2
