"""Which cores and links hold a network together: on best paths, by current, and as its only way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd

from corridors.network.adjacency import adjacency_of
from corridors.network.checks import check_network
from corridors.network.current_flow import current_flow, without_ends
from corridors.network.dispersal import EDGE_LENGTHS
from corridors.network.importance import CoresAndLinks, core_names, link_names
from corridors.network.path_betweenness import path_betweenness
from corridors.network.sums import decay_of, reaches_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from corridors.network.adjacency import Progress
    from corridors.network.dispersal import Distance


def centrality(
    graph: nx.Graph[int],
    *,
    dispersal_km: Sequence[float],
    distance: Distance = "cost",
    probability: float = 0.5,
    threads: int | None = None,
    progress: Progress | None = None,
) -> CoresAndLinks:
    """Return how central every core and every link is.

    Parameters
    ----------
    graph : networkx.Graph
        From `to_graph`.
    dispersal_km, distance, probability, threads
        As for `connectivity_indices`. `distance` is the length of links for paths and their resistance for
        current; cost distance is what Linkage Mapper takes.
    progress : callable, optional
        Told the fraction done, 0 to 1.

    Returns
    -------
    CoresAndLinks
        A row per dispersal distance and core, or link. Both: `betweenness_pairs`, pairs of other cores whose
        best path passes; `betweenness_flow`, the same with each pair counted by its weights times the
        probability of its path (km⁴ for areas), NaN where the dispersal distance has no conversion.
        Cores: `current_flow`, amperes summed over all pairs, ends of a pair included (Linkage Mapper);
        `current_flow_networkx`, ends left out and per pair of other cores (networkx, normalised);
        `articulation`, whether its component would fall apart without it. Links: `current_flow`; `bridge`,
        likewise. Current and what falls apart do not depend on the dispersal distance.

    Raises
    ------
    InputError
        What `check_network` says of the graph and the options.

    References
    ----------
    Freeman (1977); Brandes (2001); McRae (2012), Centrality Mapper; Brandes and Fleischer (2005).

    Examples
    --------
    >>> chain = nx.path_graph([1, 2, 3])
    >>> nx.set_node_attributes(chain, 10.0, "weight")
    >>> nx.set_edge_attributes(chain, 5.0, "path_length_km")
    >>> cores, links = centrality(chain, dispersal_km=[5], distance="length")
    >>> cores.loc[1, ["betweenness_pairs", "betweenness_flow", "current_flow"]].astype(float).tolist()
    [1.0, 25.0, 3.0]
    """
    check_network(graph, dispersal_km, distance, probability)
    reaches, notes = reaches_of(graph, dispersal_km, distance)
    everything = adjacency_of(graph, EDGE_LENGTHS[distance])
    known = np.isfinite(reaches)
    rates = decay_of(reaches[known], probability).rates if known.any() else np.empty(0)
    passing = path_betweenness(everything.network, rates, threads=threads, progress=progress)
    lengths = _lengths(graph, EDGE_LENGTHS[distance], everything.nodes, everything.pairs)
    through_cores, through_links = current_flow(len(graph), everything.pairs, lengths)
    found: Any = nx.bridges(graph)  # pairs of nodes, whatever its stubs say
    bridges = {frozenset(pair) for pair in found}
    cores = core_names(everything).assign(
        current_flow=through_cores,
        current_flow_networkx=without_ends(through_cores, len(graph), everything.pairs),
    )
    cores["articulation"] = cores["core_id"].isin(set(nx.articulation_points(graph)))
    links = link_names(everything).assign(current_flow=through_links)
    ends = zip(links["core_a"], links["core_b"], strict=True)
    links["bridge"] = np.array([frozenset(pair) in bridges for pair in ends], dtype=bool)
    tables = []
    for names, found in zip((cores, links), passing, strict=True):
        flows = np.full((len(reaches), found.shape[1]), np.nan)
        flows[known] = found[1:]
        rows = [
            names.assign(
                dispersal_km=float(ground_km),
                distance=distance,
                betweenness_pairs=found[0],
                betweenness_flow=flow,
            )
            for ground_km, flow in zip(dispersal_km, flows, strict=True)
        ]
        table = pd.concat(rows, ignore_index=True)
        table.attrs["notes"] = tuple(dict.fromkeys([*notes, *_note_on_touching(lengths)]))
        tables.append(table)
    return CoresAndLinks(*tables)


def _lengths(
    graph: nx.Graph[int], edge_length: str, nodes: list[int], pairs: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the lengths of the links in the order of the arrays."""
    return np.array([graph.edges[nodes[a], nodes[b]][edge_length] for a, b in pairs], dtype=float)


def _note_on_touching(lengths: NDArray[np.float64]) -> list[str]:
    touching = int((lengths == 0).sum())
    if not touching:
        return []
    return [f"{touching} links of length 0 count as a millionth of the shortest other for current"]
