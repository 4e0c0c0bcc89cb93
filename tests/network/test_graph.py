"""The network: what becomes of cores and links, and what is refused."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString

from corridors.errors import InputError, Problems
from corridors.network import to_graph


def cores(areas: dict[int, float], quality: float = 0.8) -> pd.DataFrame:
    table = pd.DataFrame({"area_km2": areas})
    return table.assign(quality_area_km2=table["area_km2"] * quality).rename_axis("core_id")


def links(*rows: tuple[int, int, float, float]) -> gpd.GeoDataFrame:
    table = pd.DataFrame(rows, columns=["core_a", "core_b", "path_length_km", "cost_distance_m"])
    table.index = pd.RangeIndex(1, len(rows) + 1, name="link_id")
    return gpd.GeoDataFrame(table, geometry=[LineString([(0, 0), (1, 1)])] * len(rows), crs=32652)


def test_to_graph__nodes_and_edges_carry_the_columns() -> None:
    graph = to_graph(cores({1: 10.0, 2: 5.0, 7: 3.0}), links((1, 2, 4.0, 9000.0)), node_weight="quality_area")
    assert list(graph.nodes) == [1, 2, 7]
    assert graph.nodes[1] == {"area_km2": 10.0, "quality_area_km2": 8.0, "weight": 8.0}
    assert graph.edges[1, 2] == {
        "link_id": 1, "core_a": 1, "core_b": 2, "path_length_km": 4.0, "cost_distance_m": 9000.0,
    }  # fmt: skip
    assert graph.graph["node_weight"] == "quality_area"


def test_to_graph__area_as_weight() -> None:
    assert to_graph(cores({1: 10.0}), links(), node_weight="area").nodes[1]["weight"] == 10.0


def test_to_graph__leaves_its_inputs_alone() -> None:
    nodes, edges = cores({1: 10.0, 2: 5.0}), links((1, 2, 4.0, 9000.0))
    before = nodes.copy(), edges.copy()
    to_graph(nodes, edges).edges[1, 2]["path_length_km"] = 0
    pd.testing.assert_frame_equal(nodes, before[0])
    pd.testing.assert_frame_equal(edges, before[1])


@pytest.mark.parametrize(
    ("areas", "rows", "message"),
    [
        ({1: -10.0, 2: 5.0}, (), r"\[I252\] core 1: quality_area_km2 must be a positive number. Given: -8"),
        ({1: 0.0, 2: 5.0}, (), r"\[I252\] core 1"),
        ({1: float("nan"), 2: 5.0}, (), r"\[I252\] core 1.*nan"),
        ({1: 1.0, 2: 5.0}, ((1, 3, 1.0, 1.0),), r"\[I253\] link 1: joins unknown core 3"),
        ({1: 1.0, 2: 5.0}, ((2, 2, 1.0, 1.0),), r"\[I253\] link 1: joins core 2 to itself"),
        ({1: 1.0, 2: 5.0}, ((1, 2, 1.0, 1.0), (2, 1, 2.0, 2.0)), r"\[I254\] link 2: .*already have a link"),
        ({1: 1.0, 2: 5.0}, ((1, 2, -1.0, 1.0),), r"\[I255\] link 1: path_length_km .*Given: -1"),
        ({1: 1.0, 2: 5.0}, ((1, 2, 1.0, float("inf")),), r"\[I255\] link 1: cost_distance_m .*Given: inf"),
    ],
)
def test_to_graph__refuses(
    areas: dict[int, float], rows: tuple[tuple[int, int, float, float], ...], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        to_graph(cores(areas), links(*rows))


def test_to_graph__tells_all_problems_at_once() -> None:
    with pytest.raises(Problems, match=r"(?s)core 1.*core 2.*link 1"):
        to_graph(cores({1: -1.0, 2: 0.0}), links((1, 9, 1.0, 1.0)))


def test_to_graph__names_missing_columns_and_weights() -> None:
    with pytest.raises(InputError, match=r"\[I251\] links: has no column core_b, path_length_km"):
        to_graph(cores({1: 1.0}), links().drop(columns=["core_b", "path_length_km"]))
    with pytest.raises(InputError, match=r"\[I250\] unknown node weight. Given: 'size'"):
        to_graph(cores({1: 1.0}), links(), node_weight="size")  # type: ignore[arg-type]


def test_to_graph__refuses_a_core_listed_twice() -> None:
    twice = pd.concat([cores({1: 1.0}), cores({1: 2.0})])
    with pytest.raises(InputError, match=r"\[I226\] core 1: is listed more than once"):
        to_graph(twice, links())


def test_to_graph__capacity_is_the_middle_of_an_interval() -> None:
    table = cores({1: 10.0}).assign(adults_low=0.02, adults_high=0.06)
    node = to_graph(table, links(), node_weight="capacity").nodes[1]
    assert (node["weight"], node["weight_low"], node["weight_high"]) == (0.04, 0.02, 0.06)
    with pytest.raises(InputError, match=r"\[I251\] cores: has no column adults_low, adults_high"):
        to_graph(cores({1: 10.0}), links(), node_weight="capacity")
    with pytest.raises(InputError, match=r"\[I252\] core 1: adults_low must be a positive number. Given: 0"):
        to_graph(table.assign(adults_low=0.0), links(), node_weight="capacity")
