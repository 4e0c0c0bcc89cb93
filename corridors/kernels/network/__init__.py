"""Best paths in a network, exact, source by source, and what follows from them.

The problem
-----------
Connectivity indices sum, over all pairs of nodes, the product of their weights times what the distance
between them is worth: e^(-k d) for PC, 1 / (1 + hops) for IIC. A distance is the least sum of lengths over
all paths, which makes e^(-k d) the greatest product of probabilities. The importance of a node or a link is
what the sum loses without it. Done as it is defined, that is all pairs again for every node and every link:
for 5 000 nodes and 50 000 links that makes 275 million trees of shortest paths.

The method
----------
1. `paths`: Dijkstra with a `heap`, one source at a time. Nothing of the size of all pairs is ever kept.
2. `sums`: what a source is connected with. One tree serves any number of dispersal distances: the best path
   stays the best whatever the rate of decay.
3. `removals`: from each source, only what lies behind a node or a link in the tree is looked at again.
4. `additions`: a candidate's row of distances tells what every pair would gain.
5. `betweenness`: best paths counted from the far end of the tree.
6. `gaps`: straight distances between polygons, for networks that are made of them.

Every function takes a range of sources and returns sums over it, so ranges can be solved by threads (no
lock is held) and added up in order: the same bits whatever the number of threads. Nodes further than `reach`
count as not reached.

Time, n nodes of d links each and s steps to the source on average: n^2 (d + log n) for trees, s times that
for all removals. Memory: some numbers per node and link, for each thread.

Sources: E. W. Dijkstra (1959), Numer. Math. 1; U. Brandes (2001), A faster algorithm for betweenness
centrality, J. Math. Sociol. 25; S. Saura and L. Pascual-Hortal (2007), Landsc. Urban Plan. 83.
"""

from corridors.kernels.network.additions import distances_from, gains
from corridors.kernels.network.betweenness import betweenness
from corridors.kernels.network.gaps import SEGMENTS_IN_A_RUN, Boundaries, gaps
from corridors.kernels.network.paths import HOPS, Network
from corridors.kernels.network.removals import losses
from corridors.kernels.network.sums import strengths

__all__ = [
    "HOPS",
    "SEGMENTS_IN_A_RUN",
    "Boundaries",
    "Network",
    "betweenness",
    "distances_from",
    "gains",
    "gaps",
    "losses",
    "strengths",
]
