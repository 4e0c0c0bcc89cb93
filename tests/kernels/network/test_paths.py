import math
import os
import subprocess
import sys

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference_network import networks

from corridors.kernels.network import HOPS, distances_from, losses, strengths
from corridors.kernels.network.paths import new_tree, shortest, worth
from corridors.network.adjacency import adjacency_of
from corridors.network.indices import connectivity_indices


def test_worth():
    assert worth(0.0, HOPS) == worth(0.0, 2.0) == 1
    assert worth(3.0, HOPS) == 0.25
    assert worth(3.0, 2.0) == math.exp(-6)
    assert worth(math.inf, HOPS) == worth(math.inf, 0.1) == 0


@given(networks(), st.floats(0, 60))
def test_distances_are_those_of_networkx_within_reach(graph, reach):
    network, nodes, *_ = adjacency_of(graph, "path_length_km")
    tree = new_tree(len(nodes))
    for source in range(len(nodes)):
        count = shortest(network, tree, source, reach)
        expected = nx.single_source_dijkstra_path_length(graph, nodes[source], weight="path_length_km")
        within = {node: distance for node, distance in expected.items() if distance <= reach}
        assert {
            nodes[i]: tree.distances[i] for i in range(len(nodes)) if tree.distances[i] < np.inf
        } == within
        assert count == len(within)
        settled = tree.distances[tree.settled[:count]]
        assert (np.diff(settled) >= 0).all()


@given(networks(smallest=2), st.floats(0, 60))
def test_a_place_outside_is_as_far_as_its_nearest_way_in(graph, length):
    network, nodes, *_ = adjacency_of(graph, "path_length_km")
    starts, entries = np.array([0, 2, 2]), np.array([0, 1], dtype=np.int32)
    found = distances_from(network, starts, entries, np.array([length, 5.0]), np.inf)
    more = graph.copy()
    more.add_edge("new", nodes[0], path_length_km=length)
    more.add_edge("new", nodes[1], path_length_km=5.0)
    expected = nx.single_source_dijkstra_path_length(more, "new", weight="path_length_km")
    assert found[0].tolist() == pytest.approx([expected.get(node, np.inf) for node in nodes])
    assert np.isinf(found[1]).all()  # no way in at all


IN_THE_INTERPRETER = """
import sys
import numpy as np
from corridors.kernels.network import Network, losses, strengths
network = Network(**np.load(sys.argv[1]))
rates = np.array([0.0, 0.3])
found = losses(network, rates, np.inf, 0, len(network.weights))
np.savez(sys.argv[2], strengths(network, rates, np.inf, 0, len(network.weights)), *found)
"""


def test_without_compiler_the_loops_give_the_same(tmp_path):
    graph = nx.gnm_random_graph(25, 60, seed=4)
    rng = np.random.default_rng(4)
    nx.set_node_attributes(graph, {node: float(rng.uniform(1, 9)) for node in graph}, "weight")
    nx.set_edge_attributes(graph, {edge: float(rng.uniform(1, 9)) for edge in graph.edges}, "path_length_km")
    network = adjacency_of(graph, "path_length_km").network
    np.savez(tmp_path / "network.npz", **network._asdict())
    command = [sys.executable, "-c", IN_THE_INTERPRETER, tmp_path / "network.npz", tmp_path / "found.npz"]
    subprocess.run(command, check=True, env={**os.environ, "NUMBA_DISABLE_JIT": "1"})
    rates = np.array([0.0, 0.3])
    expected = strengths(network, rates, np.inf, 0, 25), *losses(network, rates, np.inf, 0, 25)
    for found, mine in zip(np.load(tmp_path / "found.npz").values(), expected, strict=True):
        np.testing.assert_allclose(found, mine, rtol=1e-12)


def test_what_is_negligible_is_less_than_rounding():
    """A chain so long that its ends are cut off: the sum is that of all its pairs all the same."""
    graph = nx.path_graph(200)
    nx.set_node_attributes(graph, 1.0, "weight")
    nx.set_edge_attributes(graph, 5.0, "path_length_km")
    nx.set_edge_attributes(graph, 5.0, "cost_distance_m")
    found = connectivity_indices(graph, dispersal_km=[5]).loc[0, "equivalent_connected_area_km2"] ** 2
    expected = math.fsum(0.5 ** abs(i - j) for i in range(200) for j in range(200))
    assert found == pytest.approx(expected, rel=1e-14)
