"""Importance of cores and links: worked numbers, every removal by brute force, and laws."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference_network import (
    FOUR,
    FOUR_EDGES,
    FOUR_LINKS,
    hop_sum,
    network,
    networks,
    probability_sum,
    sums_by_all_paths,
    without,
)

from corridors.errors import InputError, Problems
from corridors.network import importance, link_importance, node_importance

INDICES = {"dpc": 0, "diic": 1}
PARTS = ("intra", "flux", "connector")


def random_network(cores: int, links: int, seed: int) -> nx.Graph[int]:
    rng = np.random.default_rng(seed)
    pairs = {tuple(sorted(rng.choice(cores, 2, replace=False).tolist())) for _ in range(links)}
    edges = {pair: float(rng.uniform(1, 20)) for pair in sorted(pairs)}
    return network({i: float(rng.uniform(1, 50)) for i in range(cores)}, edges)


# ---------------------------------------------------------------- worked numbers

PC_BY_HAND = {
    1: (59.858477, 22.265127, 37.593350, 0.0),
    2: (41.126955, 5.566282, 30.543609, 5.017065),
    3: (49.089963, 14.249681, 34.215606, 0.624675),
    4: (11.481393, 2.003861, 9.477532, 0.0),
}


def test_importance__four_patches_worked_by_hand() -> None:
    table = node_importance(network(FOUR, FOUR_EDGES), dispersal_km=[5]).set_index("core_id")
    columns = ["dpc_percent", *(f"dpc_{part}_percent" for part in PARTS)]
    for core_id, expected in PC_BY_HAND.items():
        assert table.loc[core_id, columns].tolist() == pytest.approx(expected, abs=1e-6)
    assert table["dec_percent"].tolist() == pytest.approx(
        [36.642662, 23.271228, 28.648730, 5.915673], abs=5e-7
    )
    assert table["diic_percent"].tolist() == pytest.approx(
        [59.570312, 49.316406, 46.093750, 2.636719], abs=1e-6
    )


def test_importance__links_worked_by_hand() -> None:
    table = link_importance(network(FOUR, FOUR_LINKS), dispersal_km=[5])
    found = {(a, b): loss for a, b, loss in table[["core_a", "core_b", "dpc_percent"]].to_numpy()}
    assert found[2, 3] == pytest.approx(12.736738, abs=5e-7)
    assert found[3, 4] == pytest.approx(9.477532, abs=5e-7)
    assert table["dpc_connector_percent"].tolist() == table["dpc_percent"].tolist()
    assert (table[["dpc_intra_percent", "dpc_flux_percent"]] == 0).all(axis=None)


def test_importance__a_curve_is_its_points() -> None:
    graph = random_network(30, 80, 3)
    together = importance(graph, dispersal_km=[2, 5, 40])
    for km in (2.0, 5.0, 40.0):
        for table, alone in zip(together, importance(graph, dispersal_km=[km]), strict=True):
            part = table[table["dispersal_km"] == km].reset_index(drop=True)
            pd.testing.assert_frame_equal(part, alone, rtol=1e-12)


def test_importance__tables_name_cores_and_links() -> None:
    graph = network({7: 1.0, 3: 2.0}, {(7, 3): 5.0})
    graph.edges[3, 7]["link_id"] = 12
    cores, links = importance(graph, dispersal_km=[5])
    assert cores["core_id"].tolist() == [3, 7]
    assert links[["link_id", "core_a", "core_b"]].iloc[0].tolist() == [12, 3, 7]
    assert (cores["node_weight"] == "area").all()


# ---------------------------------------------------------------- brute force


def assert_like_removals(graph: nx.Graph[int], dispersal_km: float, sums: object, tolerance: float) -> None:
    whole = sums(graph)  # type: ignore[operator]
    cores, links = importance(graph, dispersal_km=[dispersal_km])
    for table, what in ((cores, "core"), (links, "link")):
        for _, row in table.iterrows():
            which = row["core_id"] if what == "core" else (row["core_a"], row["core_b"])
            less = sums(without(graph, **{what: which}))  # type: ignore[operator]
            for name, place in INDICES.items():
                lost = 100 * (whole[place] - less[place]) / whole[place]
                assert row[f"{name}_percent"] == pytest.approx(lost, abs=tolerance), (name, which)
                parts = math.fsum(row[f"{name}_{part}_percent"] for part in PARTS)
                assert row[f"{name}_percent"] == pytest.approx(parts, abs=1e-12)
            area = 100 * (1 - math.sqrt(less[0] / whole[0]))
            assert row["dec_percent"] == pytest.approx(area, abs=tolerance)


@given(networks(), st.floats(1, 40))
def test_importance__is_what_every_removal_loses(graph: nx.Graph[int], dispersal_km: float) -> None:
    assert_like_removals(graph, dispersal_km, lambda g: sums_by_all_paths(g, dispersal_km), 1e-9)


@given(networks(smallest=3, lengths=st.sampled_from([0.0, 1.0, 2.0, 3.0])))
def test_importance__is_what_every_removal_loses_where_paths_tie(graph: nx.Graph[int]) -> None:
    assert_like_removals(graph, 2.0, lambda g: sums_by_all_paths(g, 2.0), 1e-9)


@pytest.mark.parametrize("links", [25, 50, 90])
def test_importance__is_what_networkx_loses(links: int) -> None:
    graph = random_network(30, links, links)
    assert_like_removals(graph, 8.0, lambda g: (probability_sum(g, 8.0), hop_sum(g, 8.0)), 1e-9)


# ---------------------------------------------------------------- laws


@given(networks(), st.floats(1, 40))
def test_importance__intra_and_half_the_flux_are_everything(
    graph: nx.Graph[int], dispersal_km: float
) -> None:
    table = node_importance(graph, dispersal_km=[dispersal_km])
    for index in INDICES:
        intra, flux = table[f"{index}_intra_percent"].sum(), table[f"{index}_flux_percent"].sum()
        assert intra + flux / 2 == pytest.approx(100)


@given(networks(), st.floats(1, 40))
def test_importance__no_loss_is_below_zero_or_above_all(graph: nx.Graph[int], dispersal_km: float) -> None:
    for table in importance(graph, dispersal_km=[dispersal_km]):
        shares = table[[column for column in table if column.endswith("_percent")]]
        assert ((shares >= 0) & (shares <= 100 + 1e-9)).all(axis=None)


def test_importance__the_same_bytes_for_any_threads_and_order() -> None:
    graph = random_network(70, 200, 9)
    other: nx.Graph[int] = nx.Graph(node_weight="area")
    other.add_nodes_from(reversed(list(graph.nodes(data=True))))
    other.add_edges_from((b, a, link) for a, b, link in reversed(list(graph.edges(data=True))))
    one, four = (importance(g, dispersal_km=[3, 9], threads=n) for g, n in ((graph, 1), (other, 4)))
    for a, b in zip(one, four, strict=True):
        pd.testing.assert_frame_equal(a, b, check_exact=True)


def test_importance__tells_how_far_it_is() -> None:
    told: list[float] = []
    importance(random_network(40, 60, 1), dispersal_km=[3, 9], progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) == 3 * 3  # PC once, IIC twice, 40 sources in three ranges


# ---------------------------------------------------------------- degenerate and bad input


def test_importance__of_one_core_is_everything() -> None:
    cores, links = importance(network({1: 10.0}, {}), dispersal_km=[5])
    wanted = ["dpc_percent", "dpc_intra_percent", "diic_percent", "dec_percent", "dec_iic_percent"]
    assert cores.loc[0, wanted].tolist() == [100] * 5
    assert links.empty
    assert "link_id" in links


def test_importance__of_no_cores() -> None:
    cores, links = importance(network({}, {}), dispersal_km=[5, 10])
    assert cores.empty
    assert links.empty


def test_importance__of_separate_cores_is_their_share() -> None:
    table = node_importance(network({1: 3.0, 2: 4.0}, {}), dispersal_km=[5])
    assert table["dpc_percent"].tolist() == pytest.approx([36.0, 64.0])
    assert (table["dpc_connector_percent"] == 0).all()


def test_importance__cost_without_a_fit_is_not_a_number() -> None:
    cores, links = importance(network(FOUR, {(1, 2): 2.0}), dispersal_km=[5], distance="cost")
    assert cores.filter(like="percent").isna().all(axis=None)
    assert links.filter(like="percent").isna().all(axis=None)
    assert cores.attrs["notes"] == (
        "no fit of cost on length: 1 links of distinct length, at least 3 needed",
    )


def test_importance__by_effective_resistance_and_straight_distance() -> None:
    graph = network(FOUR, FOUR_LINKS)
    for _, _, link in graph.edges(data=True):
        link["effective_resistance"] = 0.3 * link["path_length_km"]
        link["euclidean_km"] = link["path_length_km"]
    wanted = [column for column in importance(graph, dispersal_km=[5]).cores if column.endswith("percent")]
    by_length = node_importance(graph, dispersal_km=[5])[wanted]
    for distance in ("straight", "resistance", "cost"):
        found = node_importance(graph, dispersal_km=[5], distance=distance)[wanted]
        pd.testing.assert_frame_equal(found, by_length, rtol=1e-9)


def test_importance__refuses_what_it_cannot_use() -> None:
    good = network(FOUR, FOUR_LINKS)
    with pytest.raises(InputError, match=r"\[I256\] dispersal_km: .*Given: 0"):
        importance(good, dispersal_km=[0])
    with pytest.raises(InputError, match=r"\[I257\] the probability .*Given: 1.2"):
        importance(good, dispersal_km=[5], probability=1.2)
    with pytest.raises(InputError, match=r"\[I251\] links: 4 of 4 have no effective_resistance"):
        importance(good, dispersal_km=[5], distance="resistance")
    bad = network({1: -2.0, 2: 0.0, 3: 1.0}, {(1, 3): -1.0})
    with pytest.raises(Problems, match=r"(?s)core 1: .*Given: -2.*core 2: .*cores 1 and 3: path_length_km"):
        importance(bad, dispersal_km=[5])
