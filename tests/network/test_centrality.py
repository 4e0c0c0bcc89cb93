"""Centrality: worked numbers, networkx, and what a cut means."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference_network import FOUR, FOUR_LINKS, network, networks

from corridors.errors import InputError
from corridors.network import centrality


def test_centrality__four_patches_worked_by_hand() -> None:
    cores, links = centrality(network(FOUR, FOUR_LINKS), dispersal_km=[5], distance="length")
    assert cores["betweenness_pairs"].tolist() == [0, 2, 2, 0]
    assert cores["current_flow"].tolist() == pytest.approx([3.5, 4.166667, 5.166667, 3.0], abs=5e-7)
    normalised = [0.166667, 0.388889, 0.722222, 0]
    assert cores["current_flow_networkx"].tolist() == pytest.approx(normalised, abs=5e-7)
    found = links.set_index(["core_a", "core_b"])["current_flow"]
    expected = {(1, 2): 2.5, (2, 3): 2.833333, (3, 4): 3.0, (1, 3): 1.5}
    assert {pair: found[pair] for pair in expected} == pytest.approx(expected, abs=5e-7)
    assert cores["articulation"].tolist() == [False, False, True, False]
    assert links.loc[links["bridge"], ["core_a", "core_b"]].to_numpy().tolist() == [[3, 4]]


def test_centrality__flow_by_hand() -> None:
    """B lies on A-C (10 * 8 * 0.5) and on A-D (10 * 3 * 0.217638)."""
    cores, _ = centrality(network(FOUR, FOUR_LINKS), dispersal_km=[5], distance="length")
    assert cores.loc[1, "betweenness_flow"] == pytest.approx(40 + 30 * 0.5 ** (11 / 5))


@given(networks(smallest=2))
def test_centrality__pairs_are_those_of_networkx(graph: nx.Graph[int]) -> None:
    graph = nx.Graph((a, b, {"path_length_km": km + 0.1}) for a, b, km in graph.edges(data="path_length_km"))
    nx.set_node_attributes(graph, 1.0, "weight")
    cores, links = centrality(graph, dispersal_km=[5], distance="length")
    expected = nx.betweenness_centrality(graph, weight="path_length_km", normalized=False)
    assert cores.set_index("core_id")["betweenness_pairs"].to_dict() == pytest.approx(expected)
    of_links = nx.edge_betweenness_centrality(graph, weight="path_length_km", normalized=False)
    found = {(a, b): n for a, b, n in links[["core_a", "core_b", "betweenness_pairs"]].to_numpy()}
    assert found == pytest.approx({tuple(sorted(pair)): n for pair, n in of_links.items()})


@given(networks(smallest=3, lengths=st.sampled_from([1.0, 2.0, 3.0])))
def test_centrality__paths_that_tie_share_their_pair(graph: nx.Graph[int]) -> None:
    cores, _ = centrality(graph, dispersal_km=[5], distance="length")
    expected = nx.betweenness_centrality(graph, weight="path_length_km", normalized=False)
    assert cores.set_index("core_id")["betweenness_pairs"].to_dict() == pytest.approx(expected)


@given(networks(smallest=3, lengths=st.floats(0.1, 40)))
def test_centrality__current_is_that_of_networkx(graph: nx.Graph[int]) -> None:
    cores, links = centrality(graph, dispersal_km=[5], distance="length")
    for members in nx.connected_components(graph):
        part = graph.subgraph(members).copy()
        mine = cores[cores["core_id"].isin(members)]
        pairs = len(members) * (len(members) - 1) / 2
        assert mine["current_flow"].sum() >= 2 * pairs * (1 - 1e-12)  # 1 ampere at either end of every pair
        if len(members) < 3:
            continue
        for _, _, link in part.edges(data=True):
            link["conductance"] = 1 / link["path_length_km"]
        expected = nx.current_flow_betweenness_centrality(part, weight="conductance", solver="full")
        found = mine.set_index("core_id")["current_flow_networkx"].to_dict()
        assert found == pytest.approx(expected, abs=1e-6)
    assert (links["current_flow"] >= 0).all()


@given(networks(smallest=2, lengths=st.floats(0.1, 40)))
def test_centrality__what_falls_apart_falls_apart(graph: nx.Graph[int]) -> None:
    cores, links = centrality(graph, dispersal_km=[5], distance="length")
    whole = nx.number_connected_components(graph)
    for core_id, cuts in cores[["core_id", "articulation"]].to_numpy():
        less = graph.copy()
        less.remove_node(core_id)
        alone = graph.degree(core_id) == 0
        assert cuts == (nx.number_connected_components(less) > whole - alone if len(less) else False)
    for a, b, cuts in links[["core_a", "core_b", "bridge"]].to_numpy():
        less = graph.copy()
        less.remove_edge(a, b)
        assert cuts == (nx.number_connected_components(less) > whole)


def test_centrality__cores_that_touch_carry_current() -> None:
    graph = network({1: 1.0, 2: 1.0, 3: 1.0}, {(1, 2): 0.0, (2, 3): 5.0})
    cores, _ = centrality(graph, dispersal_km=[5], distance="length")
    assert cores["current_flow"].tolist() == pytest.approx([2, 3, 2])
    assert cores.attrs["notes"] == (
        "1 links of length 0 count as a millionth of the shortest other for current",
    )


@pytest.mark.parametrize("weights", [{}, {1: 2.0}, {1: 2.0, 2: 3.0}])
def test_centrality__of_nothing_to_pass(weights: dict[int, float]) -> None:
    cores, links = centrality(network(weights, {}), dispersal_km=[5, 10])
    assert len(cores) == 2 * len(weights)
    assert links.empty
    assert (cores[["betweenness_pairs", "current_flow"]] == 0).all(axis=None)


def test_centrality__refuses_negative_lengths() -> None:
    with pytest.raises(InputError, match=r"\[I255\] link of cores 1 and 2"):
        centrality(network({1: 1.0, 2: 1.0}, {(1, 2): -1.0}), dispersal_km=[5])
