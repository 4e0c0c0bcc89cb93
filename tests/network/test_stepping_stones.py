"""Sites for animals that fly: who is within a flight of whom, and that every index can be asked."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely
from pyproj import Geod

from corridors.errors import InputError, Problems
from corridors.network import centrality, connectivity_indices, importance, stepping_stone_network

LAKES = {10: (100.0, 50.0), 20: (101.0, 50.5), 30: (103.5, 51.0), 40: (112.0, 50.0)}
CRS = "+proj=laea +lat_0=50 +lon_0=104 +datum=WGS84 +units=m"


def sites(**columns: list[float]) -> gpd.GeoDataFrame:
    points = gpd.GeoSeries([shapely.Point(place) for place in LAKES.values()], crs=4326).to_crs(CRS)
    return gpd.GeoDataFrame(columns, index=list(LAKES), geometry=points.buffer(5000).to_numpy(), crs=CRS)


def test_stepping_stones__flights_are_geodesic_edge_to_edge() -> None:
    graph = stepping_stone_network(sites(), maximum_flight_km=250)
    assert sorted(graph.edges) == [(10, 20), (20, 30)]
    for a, b, flight in graph.edges(data=True):
        centres_km = Geod(ellps="WGS84").inv(*LAKES[a], *LAKES[b])[2] / 1000
        assert flight["euclidean_km"] == flight["path_length_km"] == pytest.approx(centres_km - 10, abs=0.05)
        assert (flight["core_a"], flight["core_b"]) == (a, b)
    assert [link["link_id"] for *_, link in graph.edges(data=True)] == [1, 2]
    assert graph.nodes[10]["weight"] == graph.nodes[10]["area_km2"] == pytest.approx(78.4, abs=0.2)


def test_stepping_stones__a_flight_exactly_as_long_as_can_be() -> None:
    flight = stepping_stone_network(sites(), maximum_flight_km=250).edges[10, 20]["euclidean_km"]
    assert stepping_stone_network(sites(), maximum_flight_km=flight).has_edge(10, 20)
    assert not stepping_stone_network(sites(), maximum_flight_km=flight * (1 - 1e-9)).has_edge(10, 20)


def test_stepping_stones__count_with_what_is_given() -> None:
    graph = stepping_stone_network(sites(weight=[1.0, 2.0, 3.0, 4.0]), maximum_flight_km=250)
    assert [weight for _, weight in graph.nodes(data="weight")] == [1, 2, 3, 4]
    assert graph.graph["node_weight"] == "weight"


def test_stepping_stones__every_index_can_be_asked() -> None:
    graph = stepping_stone_network(sites(), maximum_flight_km=250)
    table = connectivity_indices(graph, dispersal_km=[250], distance="straight")
    assert table.loc[0, "components"] == 2
    cores, _ = importance(graph, dispersal_km=[250], distance="straight")
    assert cores.set_index("core_id")["dpc_connector_percent"].idxmax() == 20
    assert centrality(graph, dispersal_km=[250], distance="straight").cores["articulation"].tolist() == [
        False,
        True,
        False,
        False,
    ]


def test_stepping_stones__touching_sites_and_single_ones() -> None:
    boxes = [shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)]
    graph = stepping_stone_network(gpd.GeoDataFrame(geometry=boxes, crs=CRS), maximum_flight_km=1)
    assert graph.edges[0, 1]["euclidean_km"] == 0
    alone = stepping_stone_network(gpd.GeoDataFrame(geometry=boxes[:1], crs=CRS), maximum_flight_km=1)
    assert (len(alone), alone.number_of_edges()) == (1, 0)


def test_stepping_stones__refuse_what_they_cannot_use() -> None:
    with pytest.raises(InputError, match=r"\[I296\] maximum_flight_km: .*Given: 0. Allowed: > 0"):
        stepping_stone_network(sites(), maximum_flight_km=0)
    with pytest.raises(InputError, match=r"\[I204\] sites: lies in degrees"):
        stepping_stone_network(sites().to_crs(4326), maximum_flight_km=10)
    with pytest.raises(Problems, match=r"(?s)\[I252\] site 10: .*Given: 0.*site 20: .*Given: -1"):
        stepping_stone_network(sites(weight=[0.0, -1.0, 1.0, 1.0]), maximum_flight_km=10)
    twice = sites().set_axis([1, 1, 2, 3])
    with pytest.raises(InputError, match=r"\[I226\] site 1: is listed more than once"):
        stepping_stone_network(twice, maximum_flight_km=10)
