"""What a new core or link brings: the same as building the network with it."""

from __future__ import annotations

from itertools import combinations

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference_network import FOUR, FOUR_LINKS, network, networks, sums_by_all_paths

from corridors.errors import InputError, Problems
from corridors.network import gain_of_cores, gain_of_links

INDICES = {"dpc": 0, "diic": 1}


def links_table(rows: list[tuple[int, int, float]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["core_a", "core_b", "path_length_km"]).rename_axis("link_id")


def cores_table(weights: dict[int, float]) -> pd.DataFrame:
    return pd.DataFrame({"weight": weights}).rename_axis("core_id")


def with_link(graph: nx.Graph[int], a: int, b: int, length: float) -> nx.Graph[int]:
    more = graph.copy()
    known = more.get_edge_data(a, b, {}).get("path_length_km", length)
    more.add_edge(a, b, path_length_km=min(length, known))
    return more


@given(networks(smallest=2, most=5), st.floats(1, 40), st.lists(st.floats(0, 40), min_size=10, max_size=10))
def test_gain_of_links__is_that_of_the_network_with_them(
    graph: nx.Graph[int], dispersal_km: float, lengths: list[float]
) -> None:
    new = [(a, b, length) for (a, b), length in zip(combinations(graph, 2), lengths, strict=False)]
    table = gain_of_links(graph, links_table(new), dispersal_km=[dispersal_km])
    before = sums_by_all_paths(graph, dispersal_km)
    for row, link in zip(table.to_dict("records"), new, strict=True):
        after = sums_by_all_paths(with_link(graph, *link), dispersal_km)
        for index, place in INDICES.items():
            gain = 100 * (after[place] / before[place] - 1)
            assert row[f"{index}_gain_percent"] == pytest.approx(gain, abs=1e-8)
            assert row[f"{index}_gain_percent"] >= 0  # adding a link never lowers PC


@given(networks(smallest=1, most=5), st.floats(1, 40), st.data())
def test_gain_of_cores__is_that_of_the_network_with_them(
    graph: nx.Graph[int], dispersal_km: float, data: st.DataObject
) -> None:
    weights = {100: data.draw(st.floats(0.1, 50)), 101: data.draw(st.floats(0.1, 50))}
    ways = [
        (core, node, data.draw(st.floats(0, 40)))
        for core in weights
        for node in graph
        if data.draw(st.booleans())
    ]
    table = gain_of_cores(graph, cores_table(weights), links_table(ways), dispersal_km=[dispersal_km])
    before = sums_by_all_paths(graph, dispersal_km)
    for row in table.to_dict("records"):
        more = graph.copy()
        more.add_node(row["core_id"], weight=weights[row["core_id"]])
        for core, node, length in ways:
            if core == row["core_id"]:
                more.add_edge(core, node, path_length_km=length)
        after = sums_by_all_paths(more, dispersal_km)
        for index, place in INDICES.items():
            gain = 100 * (after[place] / before[place] - 1)
            assert row[f"{index}_gain_percent"] == pytest.approx(gain, rel=1e-9, abs=1e-8)
        assert row["dec_gain_percent"] == pytest.approx(100 * ((after[0] / before[0]) ** 0.5 - 1), abs=1e-8)


def test_gain_of_cores__parts_by_hand() -> None:
    """Cores of 10 km² 40 km apart, nothing between; a new one of 2 km² joins them, 5 km from either."""
    graph = network({1: 10.0, 2: 10.0}, {})
    new = links_table([(9, 1, 5.0), (2, 9, 5.0)])
    row = gain_of_cores(graph, cores_table({9: 2.0}), new, dispersal_km=[5]).loc[0]
    assert row["dpc_gain_intra_percent"] == pytest.approx(100 * 4 / 200)
    assert row["dpc_gain_flux_percent"] == pytest.approx(100 * 2 * 2 * (5 + 5) / 200)
    assert row["dpc_gain_connector_percent"] == pytest.approx(100 * 2 * 100 * 0.25 / 200)


def test_gain_of_links__by_cost_is_converted_by_the_links_there_are() -> None:
    graph = network(FOUR, FOUR_LINKS)
    new = links_table([(1, 4, 3.0)])
    by_length = gain_of_links(graph, new, dispersal_km=[5])
    by_cost = gain_of_links(graph, new.assign(cost_distance_m=6000.0), dispersal_km=[5], distance="cost")
    assert by_cost["dpc_gain_percent"].tolist() == pytest.approx(by_length["dpc_gain_percent"].tolist())


def test_gains__of_nothing_are_no_rows() -> None:
    graph = network(FOUR, FOUR_LINKS)
    assert gain_of_links(graph, links_table([]), dispersal_km=[5]).empty
    assert gain_of_cores(graph, cores_table({}), links_table([]), dispersal_km=[5]).empty


def test_gains__refuse_what_does_not_fit() -> None:
    graph = network(FOUR, FOUR_LINKS)
    with pytest.raises(InputError, match=r"\[I295\] graph: has no cores"):
        gain_of_links(network({}, {}), links_table([]), dispersal_km=[5])
    with pytest.raises(InputError, match=r"\[I253\] new link 0: joins cores 1 and 9"):
        gain_of_links(graph, links_table([(1, 9, 3.0)]), dispersal_km=[5])
    with pytest.raises(InputError, match=r"\[I255\] new link 0: path_length_km .*Given: -3"):
        gain_of_links(graph, links_table([(1, 2, -3.0)]), dispersal_km=[5])
    with pytest.raises(Problems, match=r"(?s)\[I226\] new core 1: .*\[I252\] new core 8: .*Given: 0"):
        gain_of_cores(graph, cores_table({1: 1.0, 8: 0.0}), links_table([]), dispersal_km=[5])
    with pytest.raises(
        InputError, match=r"\[I253\] new link 0: .*Allowed: a new core and one of the network"
    ):
        gain_of_cores(graph, cores_table({8: 1.0}), links_table([(1, 2, 3.0)]), dispersal_km=[5])
    with pytest.raises(InputError, match=r"\[I251\] links: has no column path_length_km"):
        gain_of_links(graph, pd.DataFrame({"core_a": [1], "core_b": [2]}), dispersal_km=[5])
