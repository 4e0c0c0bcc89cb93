"""Connectivity indices: worked numbers, brute force over all paths, and laws."""

from __future__ import annotations

import math
from itertools import combinations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference_network import FOUR, FOUR_EDGES, network, networks, sums_by_all_paths

from corridors.errors import InputError, Problems
from corridors.network import connectivity_indices
from corridors.schema import TABLES

PC, ECA = "probability_of_connectivity", "equivalent_connected_area_km2"
IIC, EC_IIC = "integral_index_of_connectivity", "equivalent_connected_area_iic_km2"


def row(
    graph: nx.Graph[int], km: float = 5, landscape_km2: float | None = 100, distance: str = "length"
) -> pd.Series:
    return connectivity_indices(
        graph, dispersal_km=[km], landscape_km2=landscape_km2, distance=distance  # type: ignore[arg-type]
    ).loc[0]  # fmt: skip


def test_indices__four_patches_worked_by_hand() -> None:
    found = row(network(FOUR, FOUR_EDGES))
    assert found[ECA] ** 2 == pytest.approx(449.132854, abs=5e-7)
    assert found[PC] == pytest.approx(0.044913285, abs=5e-10)
    assert found[ECA] == pytest.approx(21.192755, abs=5e-7)
    assert found[EC_IIC] ** 2 == pytest.approx(341.333333, abs=5e-7)
    assert found[IIC] == pytest.approx(0.034133333, abs=5e-10)
    assert found[EC_IIC] == pytest.approx(18.475209, abs=5e-7)
    assert found["components"] == 2
    assert (found["nodes"], found["edges"]) == (4, 6)


@pytest.mark.parametrize(
    ("removed", "loss_percent"), [(1, 59.858477), (2, 41.126955), (3, 49.089963), (4, 11.481393)]
)
def test_indices__loss_of_a_patch(removed: int, loss_percent: float) -> None:
    whole = network(FOUR, FOUR_EDGES)
    less = whole.copy()
    less.remove_node(removed)
    loss = 100 * (row(whole)[PC] - row(less)[PC]) / row(whole)[PC]
    assert loss == pytest.approx(loss_percent, abs=5e-7)


@pytest.mark.parametrize(
    ("removed", "loss_percent"), [(1, 59.570312), (2, 49.316406), (3, 46.09375), (4, 2.636719)]
)
def test_indices__loss_of_a_patch_by_hops(removed: int, loss_percent: float) -> None:
    whole = network(FOUR, FOUR_EDGES)
    less = whole.copy()
    less.remove_node(removed)
    loss = 100 * (row(whole)[IIC] - row(less)[IIC]) / row(whole)[IIC]
    assert loss == pytest.approx(loss_percent, abs=1e-6)


@pytest.mark.parametrize(("removed", "loss_percent"), [((2, 3), 12.736738), ((3, 4), 9.477532)])
def test_indices__loss_of_a_link(removed: tuple[int, int], loss_percent: float) -> None:
    edges = {pair: FOUR_EDGES[pair] for pair in [(1, 2), (2, 3), (3, 4), (1, 3)]}
    less = {pair: length for pair, length in edges.items() if pair != removed}
    whole = row(network(FOUR, edges))[PC]
    loss = 100 * (whole - row(network(FOUR, less))[PC]) / whole
    assert loss == pytest.approx(loss_percent, abs=5e-7)


def test_indices__columns_are_those_of_the_schema() -> None:
    table = connectivity_indices(network(FOUR, FOUR_EDGES), dispersal_km=[70, 140, 250])
    in_adults = ("equivalent_connected_adults_low", "equivalent_connected_adults_high")
    assert (*table.columns, *in_adults) == TABLES["connectivity"].columns
    assert table["dispersal_km"].tolist() == [70, 140, 250]
    assert set(table["node_weight"]) == {"area"}


def test_indices__single_core_is_its_area_squared() -> None:
    for distance in ("length", "cost"):
        found = row(network({1: 10.0}, {}), distance=distance)
        assert found[PC] == found[IIC] == 10.0**2 / 100**2
        assert found[ECA] == found[EC_IIC] == 10.0
        assert found["components"] == 1


def test_indices__no_path_counts_nothing() -> None:
    found = row(network({1: 6.0, 2: 8.0}, {}))
    assert found[ECA] == found[EC_IIC] == 10.0  # root of 36 + 64
    assert found["components"] == 2


def test_indices__cores_that_touch_are_one() -> None:
    found = row(network({1: 6.0, 2: 8.0, 3: 1.0}, {(1, 2): 0.0, (2, 3): 0.0}))
    assert found[ECA] == 15.0
    assert found["components"] == 1


def test_indices__no_cores() -> None:
    table = connectivity_indices(network({}, {}), dispersal_km=[5], landscape_km2=100)
    assert table.loc[0, [PC, ECA, IIC, EC_IIC, "nodes", "edges", "components"]].tolist() == [0] * 7
    assert "no core areas" in table.attrs["notes"][0]


def test_indices__without_a_landscape_only_areas() -> None:
    found = row(network(FOUR, FOUR_EDGES), landscape_km2=None)
    assert found[[PC, IIC, "landscape_km2"]].isna().all()
    assert found[ECA] == pytest.approx(21.192755, abs=5e-7)


def test_indices__cores_larger_than_the_landscape_are_said() -> None:
    table = connectivity_indices(network(FOUR, FOUR_EDGES), dispersal_km=[5], landscape_km2=20)
    assert table.attrs["notes"] == ("cores of 26 km² together are larger than the landscape of 20 km²: "
                                    "PC and IIC may exceed 1",)  # fmt: skip


def test_indices__cost_in_proportion_to_length_changes_nothing() -> None:
    length, cost = (row(network(FOUR, FOUR_EDGES), distance=d) for d in ("length", "cost"))
    assert cost["dispersal_cost_m"] == pytest.approx(10_000)
    assert cost["dispersal_km"] == 5
    numbers = [PC, ECA, IIC, EC_IIC, "components"]
    assert cost[numbers].tolist() == pytest.approx(length[numbers].tolist(), rel=1e-12)


def test_indices__cost_by_hand() -> None:
    """Cost 1000 m x length^2 on a chain of 1, 2 and 4 km: 2 km of dispersal are 4000 m of cost."""
    chain: nx.Graph[int] = nx.Graph(node_weight="area")
    chain.add_nodes_from(range(4), weight=1.0)
    for i, length in enumerate((1, 2, 4)):
        chain.add_edge(i, i + 1, path_length_km=length, cost_distance_m=1000 * length**2)
    found = row(chain, km=2.001, distance="cost")
    assert found["dispersal_cost_m"] == pytest.approx(1000 * 2.001**2)
    costs = [1, 4, 16, 1 + 4, 4 + 16, 1 + 4 + 16]
    expected = 4 + 2 * sum(0.5 ** (cost / 2.001**2) for cost in costs)
    assert found[ECA] ** 2 == pytest.approx(expected, rel=1e-12)
    assert found["components"] == 2
    assert found[EC_IIC] ** 2 == pytest.approx(4 + 2 * (1 / 2 + 1 / 2 + 1 / 3))


def test_indices__a_link_as_long_as_the_dispersal_distance_counts() -> None:
    assert row(network({1: 1.0, 2: 1.0}, {(1, 2): 5.0}), km=5)["components"] == 1
    assert row(network({1: 1.0, 2: 1.0}, {(1, 2): 5.001}), km=5)["components"] == 2


def test_indices__cost_without_a_fit_is_not_a_number() -> None:
    graph = network(FOUR, {(1, 2): 2.0, (2, 3): 3.0})
    table = connectivity_indices(graph, dispersal_km=[5, 10], distance="cost", landscape_km2=100)
    assert table[[PC, ECA, IIC, EC_IIC, "dispersal_cost_m", "components"]].isna().all(axis=None)
    assert table.attrs["notes"] == (
        "no fit of cost on length: 2 links of distinct length, at least 3 needed",
    )
    by_length = connectivity_indices(graph, dispersal_km=[5, 10], landscape_km2=100)
    assert by_length[ECA].notna().all()
    assert by_length.attrs["notes"] == ()


@pytest.mark.parametrize("dispersal", [0.0, -5.0, math.nan])
def test_indices__refuses_a_dispersal_distance(dispersal: float) -> None:
    with pytest.raises(InputError, match=r"\[I256\] dispersal_km"):
        connectivity_indices(network(FOUR, FOUR_EDGES), dispersal_km=[5, dispersal])


def test_indices__tells_all_problems_at_once() -> None:
    with pytest.raises(Problems, match=r"(?s)I256.*I256.*I258.*'hops'.*I259.*landscape_km2.*Given: -1"):
        connectivity_indices(
            network(FOUR, FOUR_EDGES), dispersal_km=[0, -1], distance="hops", landscape_km2=-1  # type: ignore[arg-type]
        )  # fmt: skip
    with pytest.raises(InputError, match="no dispersal distance"):
        connectivity_indices(network(FOUR, FOUR_EDGES), dispersal_km=[])


# ---------------------------------------------------------------- brute force and laws


@given(networks(), st.floats(1, 40))
def test_indices__agree_with_every_simple_path(graph: nx.Graph[int], dispersal_km: float) -> None:
    probability_sum, hop_sum = sums_by_all_paths(graph, dispersal_km)
    found = row(graph, dispersal_km)
    assert found[ECA] ** 2 == pytest.approx(probability_sum, rel=1e-9)
    assert found[EC_IIC] ** 2 == pytest.approx(hop_sum, rel=1e-9)


@given(networks(), st.floats(1, 40))
def test_indices__lie_between_the_largest_core_and_all_of_them(
    graph: nx.Graph[int], dispersal_km: float
) -> None:
    weights = np.array(list(nx.get_node_attributes(graph, "weight").values()))
    found = row(graph, dispersal_km, landscape_km2=weights.sum() * (1 + 1e-12))
    for area, index in ((ECA, PC), (EC_IIC, IIC)):
        assert weights.max() * (1 - 1e-12) <= found[area] <= weights.sum() * (1 + 1e-12)
        assert 0 <= found[index] <= 1


@given(networks(smallest=2), st.floats(1, 40), st.floats(0, 40), st.data())
def test_indices__a_link_never_does_harm(
    graph: nx.Graph[int], dispersal_km: float, length: float, data: st.DataObject
) -> None:
    a, b = data.draw(st.sampled_from(list(combinations(graph, 2))))
    more = graph.copy()
    there = more.get_edge_data(a, b, {}).get("path_length_km", length)
    more.add_edge(a, b, path_length_km=min(length, there), cost_distance_m=1.0)
    before, after = row(graph, dispersal_km), row(more, dispersal_km)
    assert after[ECA] >= before[ECA] * (1 - 1e-12)
    assert after[EC_IIC] >= before[EC_IIC] * (1 - 1e-12)
    assert after["components"] <= before["components"]


@given(networks(), st.randoms(use_true_random=False))
def test_indices__are_the_same_in_any_order(graph: nx.Graph[int], random: object) -> None:
    nodes, edges = list(graph.nodes(data=True)), list(graph.edges(data=True))
    random.shuffle(nodes)  # type: ignore[attr-defined]
    random.shuffle(edges)  # type: ignore[attr-defined]
    other: nx.Graph[int] = nx.Graph(node_weight="area")
    other.add_nodes_from(nodes)
    other.add_edges_from((b, a, link) for a, b, link in edges)
    for distance in ("length", "cost"):
        a, b = row(graph, distance=distance), row(other, distance=distance)
        pd.testing.assert_series_equal(a, b, check_exact=True)


@given(networks(), st.floats(0.001, 1000), st.floats(0.001, 1000))
def test_indices__units_only_rescale(graph: nx.Graph[int], area: float, length: float) -> None:
    scaled = network(
        {node: weight * area for node, weight in graph.nodes(data="weight")},
        {(a, b): km * length for a, b, km in graph.edges(data="path_length_km")},
    )
    # Not at the very length of a link, where rounding decides whether it still counts.
    before, after = row(graph, math.pi), row(scaled, math.pi * length, 100 * area)
    assert after[ECA] == pytest.approx(before[ECA] * area, rel=1e-9)
    assert after[PC] == pytest.approx(before[PC], rel=1e-9)
    assert after[IIC] == pytest.approx(before[IIC], rel=1e-9)
