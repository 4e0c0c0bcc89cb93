"""Networks to ask about, and the indices as they are defined: plain networkx, every path, every removal."""

from __future__ import annotations

import math
from itertools import combinations, pairwise

import networkx as nx
from hypothesis import strategies as st

# Four patches A, B, C, D of 10, 5, 8 and 3 km² in a landscape of 100 km²; distances in km.
FOUR = {1: 10.0, 2: 5.0, 3: 8.0, 4: 3.0}
FOUR_EDGES = {(1, 2): 2.0, (2, 3): 3.0, (3, 4): 6.0, (1, 3): 7.0, (2, 4): 10.0, (1, 4): 14.0}
FOUR_LINKS = {pair: FOUR_EDGES[pair] for pair in [(1, 2), (2, 3), (3, 4), (1, 3)]}


def network(weights, edges, cost_per_km=2000.0):
    """Return a graph with weights in km² and lengths in km."""
    graph = nx.Graph(node_weight="area")
    for node, weight in weights.items():
        graph.add_node(node, weight=weight)
    for (a, b), length in edges.items():
        graph.add_edge(a, b, path_length_km=length, cost_distance_m=length * cost_per_km)
    return graph


@st.composite
def networks(draw, smallest=1, most=7, lengths=None):
    """Draw a network of a few cores, any of whose pairs may be linked."""
    size = draw(st.integers(smallest, most))
    weights = {i: draw(st.floats(0.1, 50)) for i in range(size)}
    pairs = [pair for pair in combinations(range(size), 2) if draw(st.booleans())]
    lengths = st.floats(0, 40) if lengths is None else lengths
    return network(weights, {pair: draw(lengths) for pair in pairs})


def without(graph, *, core=None, link=None):
    """Return the graph less a core or a link."""
    less = graph.copy()
    if core is not None:
        less.remove_node(core)
    if link is not None:
        less.remove_edge(*link)
    return less


# ---------------------------------------------------------------- every simple path


def sums_by_all_paths(graph, dispersal_km):
    """Numerators of PC and IIC, every simple path between every two nodes looked at."""
    probability_sum = hop_sum = 0.0
    weight = nx.get_node_attributes(graph, "weight")
    for a in graph:
        for b in graph:
            products, hops = ([1.0], [0]) if a == b else ([0.0], [math.inf])
            for path in nx.all_simple_paths(graph, a, b) if a != b else ():
                lengths = [graph.edges[step]["path_length_km"] for step in pairwise(path)]
                products.append(math.prod(0.5 ** (length / dispersal_km) for length in lengths))
                hops.append(len(lengths) if max(lengths) <= dispersal_km else math.inf)
            probability_sum += weight[a] * weight[b] * max(products)
            hop_sum += weight[a] * weight[b] / (1 + min(hops))
    return probability_sum, hop_sum


# ---------------------------------------------------------------- networkx, as anybody would write it


def probability_sum(graph, dispersal_km, length="path_length_km"):
    """Numerator of PC: a tree of shortest paths from every node."""
    rate, weight = math.log(2) / dispersal_km, nx.get_node_attributes(graph, "weight")
    return sum(
        weight[source] * weight[target] * math.exp(-rate * distance)
        for source, distances in nx.all_pairs_dijkstra_path_length(graph, weight=length)
        for target, distance in distances.items()
    )


def hop_sum(graph, dispersal_km, length="path_length_km"):
    """Numerator of IIC."""
    near = nx.Graph()
    near.add_nodes_from(graph)
    near.add_edges_from((a, b) for a, b, km in graph.edges(data=length) if km <= dispersal_km)
    weight = nx.get_node_attributes(graph, "weight")
    return sum(
        weight[source] * weight[target] / (1 + hops)
        for source, reached in nx.all_pairs_shortest_path_length(near)
        for target, hops in reached.items()
    )
