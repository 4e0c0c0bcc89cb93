"""Current-flow centrality: what passes cores and links if flow takes every way, the easier the more.

Every link is a resistor. For every pair of cores 1 ampere is sent in at one and taken out at the other, and
what passes is summed over the pairs. The current in link (u, v) for pair (s, t) is the difference of two
numbers, one of s and one of t alone, so one sorting of them sums it over all pairs (Brandes and Fleischer
2005), and what passes a core is half of what its links carry and of what enters or leaves at it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import splu

Floats = NDArray[np.float64]
Pairs = NDArray[np.int64]

ROWS_AT_ONCE = 256
TOUCHING = 1e-6
"""A link without resistance counts with this part of the smallest resistance there is."""


def current_flow(nodes: int, pairs: Pairs, resistances: Floats) -> tuple[Floats, Floats]:
    """Return the current through nodes (nodes,) and links (links,), in amperes summed over pairs of nodes.

    Pairs of one component only. The ends of a pair carry 1 ampere each, as in Linkage Mapper.

    Parameters
    ----------
    nodes : int
    pairs : (links, 2)
        The nodes a link joins.
    resistances : (links,)
        Any unit, >= 0.

    Notes
    -----
    One factorisation and n solutions for each component of n nodes, and n² numbers of memory.

    References
    ----------
    McRae (2012), Centrality Mapper; Brandes and Fleischer (2005).
    """
    positive = resistances[resistances > 0]
    least = TOUCHING * float(positive.min()) if positive.size else 1.0
    conductances = 1 / np.maximum(resistances, least)
    weights = coo_array((conductances, (pairs[:, 0], pairs[:, 1])), shape=(nodes, nodes))
    count, component = connected_components(weights.tocsr(), directed=False)
    of_links = np.zeros(len(pairs))
    inside = np.empty(nodes, dtype=np.int64)
    others = np.bincount(component, minlength=count)[component] - 1.0
    for number in range(count):
        members = np.flatnonzero(component == number)
        links = np.flatnonzero(component[pairs[:, 0]] == number)
        if links.size:
            inside[members] = np.arange(len(members))
            of_links[links] = _through_links(len(members), inside[pairs[links]], conductances[links])
    carried = np.bincount(pairs.ravel(), weights=np.repeat(of_links, 2), minlength=nodes)
    return (carried + others) / 2, of_links


def without_ends(through_nodes: Floats, nodes: int, pairs: Pairs) -> Floats:
    """Return node currents as networkx counts them: ends left out, per pair of other nodes (0 to 1)."""
    adjacency = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(nodes, nodes))
    count, component = connected_components(adjacency.tocsr(), directed=False)
    members = np.bincount(component, minlength=count)[component]
    pairs_of_others = (members - 1) * (members - 2) / 2
    return (through_nodes - (members - 1)) / np.maximum(pairs_of_others, 1)


def _through_links(nodes: int, pairs: Pairs, conductances: Floats) -> Floats:
    """Return the current through the links of one component."""
    potentials = _potentials(nodes, pairs, conductances)
    rank = 2.0 * np.arange(nodes) - nodes + 1  # how often the i-th smallest counts in all differences
    found = np.empty(len(pairs))
    for first in range(0, len(pairs), ROWS_AT_ONCE):
        some = slice(first, first + ROWS_AT_ONCE)
        drops = potentials[pairs[some, 0]] - potentials[pairs[some, 1]]
        drops.sort(axis=1)
        found[some] = conductances[some] * np.sum(drops * rank, axis=1)
    return found


def _potentials(nodes: int, pairs: Pairs, conductances: Floats) -> Floats:
    """Return the potential of every node (rows) for 1 ampere into every node (columns), out at node 0."""
    ends = np.concatenate([pairs, pairs[:, ::-1]])
    both = np.concatenate([conductances, conductances])
    diagonal = np.bincount(ends[:, 0], weights=both, minlength=nodes)
    rows = np.concatenate([ends[:, 0], np.arange(nodes)])
    columns = np.concatenate([ends[:, 1], np.arange(nodes)])
    laplacian = csc_array((np.concatenate([-both, diagonal]), (rows, columns)), shape=(nodes, nodes))
    factor = splu(laplacian[1:, 1:].tocsc(), permc_spec="MMD_AT_PLUS_A", options={"SymmetricMode": True})
    potentials = np.zeros((nodes, nodes))
    for first in range(0, nodes - 1, ROWS_AT_ONCE):
        some = np.arange(first, min(first + ROWS_AT_ONCE, nodes - 1))
        ampere = np.zeros((nodes - 1, len(some)))
        ampere[some, np.arange(len(some))] = 1.0
        potentials[1:, some + 1] = factor.solve(ampere)
    return potentials
