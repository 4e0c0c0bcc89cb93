from __future__ import annotations

import math

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from landscapes import E3, A, B, C, labels_of, raster_of, resistances_with_cells
from reference import shortest_distances

from corridors.cores import disconnected
from corridors.cost import cost_surfaces
from corridors.errors import ConfigError, InputError
from corridors.links import find_links
from corridors.schema import LINK_COLUMNS


def cores_of(labels):
    ids = np.unique(labels.values[labels.values > 0]).astype(int)
    return gpd.GeoDataFrame(index=pd.Index(ids, name="core_id"), geometry=[None] * len(ids), crs="EPSG:32652")


def links_between(values, *cells, cell_size_m=1.0, **options):
    labels = labels_of(np.shape(values), *cells, cell_size_m=cell_size_m)
    return find_links(cores_of(labels), labels, raster_of(values, cell_size_m=cell_size_m), **options)


def test_worked_example_to_the_digits():
    link = links_between(E3, A, B).loc[1]
    assert (link["core_a"], link["core_b"]) == (1, 2)
    assert round(link["cost_distance_m"], 6) == 9.656854
    assert round(link["cwd_to_euclid"], 6) == 1.609476
    assert round(link["cwd_to_path"], 6) == 1.261204
    assert round(link["path_to_euclid"], 6) == 1.276142
    assert link["mean_resistance"] == link["cwd_to_path"]
    centres = [(500_000.5 + column, 4_899_999.5 - row) for row, column in
               ((0, 0), (1, 1), (2, 2), (2, 3), (2, 4), (1, 5), (0, 6))]  # fmt: skip
    assert list(link.geometry.coords) == centres


def test_lengths_in_km_are_those_on_the_ground():
    link = links_between(E3, A, B, cell_size_m=1000).loc[1]
    # On the central meridian of a UTM zone the map draws lengths 0.04 % short.
    assert math.isclose(link["path_length_km"], 7.656854 / 0.9996, rel_tol=1e-5)
    assert math.isclose(link["euclidean_km"], 6 / 0.9996, rel_tol=1e-5)
    assert round(link["path_to_euclid"], 6) == 1.276142


def test_columns_and_ids():
    links = links_between(E3, A, B, C)
    assert links.index.name == "link_id"
    assert links.index.tolist() == list(range(1, len(links) + 1))
    # What follows in the schema comes from later steps: borders, current, network.
    first, last = LINK_COLUMNS.index("core_a"), LINK_COLUMNS.index("mean_resistance")
    assert set(links.columns) - {"geometry"} == set(LINK_COLUMNS[first : last + 1])
    assert links[["core_a", "core_b"]].apply(tuple, axis=1).is_monotonic_increasing
    assert (links["core_a"] < links["core_b"]).all()


def test_only_neighbours_are_linked():
    links = links_between(np.ones((1, 9)), (0, 0), (0, 4), (0, 8))
    assert links[["core_a", "core_b"]].values.tolist() == [[1, 2], [2, 3]]
    assert links["cost_distance_m"].tolist() == [4, 4]


@given(resistances_with_cells(cells=4))
def test_neighbours_and_costs_against_plain_loops(case):
    values, cells = case
    cells = list(dict.fromkeys(cells))
    distances = np.array([shortest_distances(values, [cell]) for cell in cells])
    zone = np.where(np.isfinite(distances.min(axis=0)), distances.argmin(axis=0), -1)
    pairs = set()
    for row, column in np.ndindex(zone.shape):
        around = zone[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2]
        here = zone[row, column]
        pairs |= {(min(here, z), max(here, z)) for z in around.ravel() if min(here, z) >= 0 and z != here}
    links = links_between(values, *cells, through_cores=True)
    assert links[["core_a", "core_b"]].values.tolist() == [[a + 1, b + 1] for a, b in sorted(pairs)]
    for link, (a, b) in zip(links.itertuples(), sorted(pairs), strict=True):
        assert math.isclose(link.cost_distance_m, distances[a][cells[b]], rel_tol=1e-12)
        assert link.path_to_euclid >= 1 - 1e-12
        assert len(set(link.geometry.coords)) == len(link.geometry.coords)


def test_a_link_through_a_third_core_is_two_links_already():
    # A ring: the way from the first core to the last is shorter through the one between them (4) than round
    # the other side (4 + 2 * sqrt 2), yet the zones of the two meet on the other side.
    ring = np.ones((3, 5))
    ring[1, 1:4] = np.nan
    places = (0, 0), (0, 2), (0, 4)
    assert links_between(ring, *places)[["core_a", "core_b"]].values.tolist() == [[1, 2], [2, 3]]
    kept = links_between(ring, *places, through_cores=True)
    assert kept[["core_a", "core_b"]].values.tolist() == [[1, 2], [1, 3], [2, 3]]
    assert kept["cost_distance_m"].tolist() == [2, 4, 2]


def test_from_edge_to_edge_of_large_cores():
    values = np.ones((6, 12))
    labels = raster_of(np.zeros((6, 12), dtype=np.uint16), "cores")
    labels.values[1:5, 0:4], labels.values[2:6, 9:12] = 1, 2
    link = find_links(cores_of(labels), labels, raster_of(values)).loc[1]
    assert link["cost_distance_m"] == 6
    assert link["cwd_to_euclid"] == 1
    assert len(link.geometry.coords) == 7


def test_cores_that_touch_are_one_step_apart():
    link = links_between([[1.0, 3.0]], (0, 0), (0, 1)).loc[1]
    assert link["cost_distance_m"] == 2
    assert link["cwd_to_euclid"] == 2
    assert link["path_to_euclid"] == 1


def test_too_long_links_are_dropped_and_numbers_close_up():
    row = np.ones((1, 12))
    links = links_between(row, (0, 0), (0, 7), (0, 9), cell_size_m=1000, max_link_km=5)
    assert links.index.tolist() == [1]
    assert links[["core_a", "core_b"]].values.tolist() == [[2, 3]]


def test_length_on_the_ground_decides_not_cost():
    dear = np.full((1, 6), 1000.0)
    assert len(links_between(dear, (0, 0), (0, 5), cell_size_m=1000, max_link_km=5.1)) == 1
    assert len(links_between(dear, (0, 0), (0, 5), cell_size_m=1000, max_link_km=4.9)) == 0


def test_a_core_behind_a_wall_has_no_link():
    values = np.ones((3, 9))
    values[:, 6] = np.nan
    labels = labels_of(values.shape, (1, 0), (1, 4), (1, 8))
    links = find_links(cores_of(labels), labels, raster_of(values))
    assert links[["core_a", "core_b"]].values.tolist() == [[1, 2]]
    assert disconnected(cores_of(labels), links) == [3]


def test_one_core_and_none_give_empty_tables():
    alone, full = links_between(E3, A), links_between(E3, A, B)
    assert alone.empty
    assert alone.dtypes.tolist() == full.dtypes.tolist()
    assert links_between(E3).empty


def test_surfaces_at_hand_give_the_same():
    labels, res = labels_of(E3.shape, A, B, C), raster_of(E3)
    surfaces = dict(cost_surfaces(res, labels))
    pd.testing.assert_frame_equal(
        find_links(cores_of(labels), labels, res, surfaces=surfaces),
        find_links(cores_of(labels), labels, res),
    )


def test_surfaces_that_end_before_the_next_core():
    labels, res = labels_of((1, 9), (0, 0), (0, 8)), raster_of(np.ones((1, 9)))
    near = dict(cost_surfaces(res, labels, max_cost_distance_m=5))
    assert find_links(cores_of(labels), labels, res, surfaces=near).empty


def test_ids_that_do_not_belong_together():
    labels = labels_of(E3.shape, A, B)
    with pytest.raises(InputError, match=r"I230.*only in the labels: \[2\]"):
        find_links(cores_of(labels).iloc[:1], labels, raster_of(E3))
    one = {1: dict(cost_surfaces(raster_of(E3), labels))[1]}
    with pytest.raises(InputError, match=r"I230.*only in the table: \[2\]; only in the surfaces: \[\]"):
        find_links(cores_of(labels), labels, raster_of(E3), surfaces=one)


def test_options_out_of_range():
    with pytest.raises(ConfigError, match=r"C103.*neighbours.*voronoi.*allocation, nearest, all"):
        links_between(E3, A, B, neighbours="voronoi")
    for options in ({"neighbours": "nearest"}, {"nearest": 2}):
        with pytest.raises(ConfigError, match=r"C103.*nearest.*go together"):
            links_between(E3, A, B, **options)
    with pytest.raises(ConfigError, match=r"C103.*nearest.*0.*1 or more"):
        links_between(E3, A, B, neighbours="nearest", nearest=0)
    with pytest.raises(ConfigError, match=r"C103.*max_cost_distance_m.*-1"):
        links_between(E3, A, B, max_cost_distance_m=-1)
    with pytest.raises(ConfigError, match=r"C103.*max_link_km.*0"):
        links_between(E3, A, B, max_link_km=0)


def pairs_and_costs(links):
    pairs = zip(links["core_a"].tolist(), links["core_b"].tolist(), strict=True)
    return dict(zip(pairs, links["cost_distance_m"].tolist(), strict=True))


# Seven places along a row, 1, 9, 2, 8, 3 and 7 apart.
PLACES = [(0, column) for column in (0, 1, 10, 12, 20, 23, 30)]
ROW = np.ones((1, 31))


def test_nearest_of_either_end():
    links = links_between(ROW, *PLACES, neighbours="nearest", nearest=1)
    # 1-2, 3-4 and 5-6 are nearest to each other; 7 has 6 as its nearest.
    assert pairs_and_costs(links) == {(1, 2): 1, (3, 4): 2, (5, 6): 3, (6, 7): 7}
    assert links.index.tolist() == [1, 2, 3, 4]


def test_groups_are_joined_by_their_cheapest_links():
    links = links_between(ROW, *PLACES, neighbours="nearest", nearest=1, join_components=True)
    assert pairs_and_costs(links) == pairs_and_costs(links_between(ROW, *PLACES))


def test_limits_hold_while_groups_are_joined():
    options = {"neighbours": "nearest", "nearest": 1, "join_components": True}
    links = links_between(ROW, *PLACES, max_cost_distance_m=8, **options)
    assert pairs_and_costs(links) == {(1, 2): 1, (3, 4): 2, (4, 5): 8, (5, 6): 3, (6, 7): 7}


def test_limit_of_cost_is_not_one_of_length():
    dear = np.full((1, 6), 10.0)
    ends = (0, 0), (0, 5)
    assert len(links_between(dear, *ends, cell_size_m=1000, max_cost_distance_m=50_000)) == 1
    assert links_between(dear, *ends, cell_size_m=1000, max_cost_distance_m=49_999).empty


@given(resistances_with_cells(cells=6), st.integers(1, 3), st.booleans(), st.booleans())
def test_nearest_and_joined_against_plain_loops(case, nearest, join, through_cores):
    values, cells = case
    cells = list(dict.fromkeys(cells))
    every = pairs_and_costs(links_between(values, *cells, through_cores=through_cores))
    order = sorted(every, key=lambda pair: (every[pair], pair))
    kept = {p for core in range(1, 7) for p in [q for q in order if core in q][:nearest]}
    if join:
        for pair in order:
            groups = list(nx.connected_components(nx.Graph(list(kept))))
            if not any(set(pair) <= group for group in groups):
                kept.add(pair)
    options = {"neighbours": "nearest", "nearest": nearest, "join_components": join}
    links = links_between(values, *cells, through_cores=through_cores, **options)
    assert pairs_and_costs(links) == {pair: every[pair] for pair in sorted(kept)}
    if join:
        whole, part = nx.Graph(list(every)), nx.Graph(list(kept))
        assert set(map(frozenset, nx.connected_components(whole))) == set(
            map(frozenset, nx.connected_components(part))
        )


def test_factorial_paths_of_the_worked_example():
    links = links_between(E3, A, B, C, neighbours="all", through_cores=True)
    assert {p: round(c, 6) for p, c in pairs_and_costs(links).items()} == {
        (1, 2): 9.656854,
        (1, 3): 4,
        (2, 3): 9.656854,
    }
    lengths = links["cost_distance_m"] / links["cwd_to_path"]
    assert round(lengths.sum(), 6) == 19.313708


def test_all_pairs_of_a_row_lead_through_the_cores_between():
    places = PLACES[:4]
    every = links_between(ROW, *places, neighbours="all", through_cores=True)
    assert len(every) == 6
    assert (every["mean_resistance"] == 1).all()
    direct = links_between(ROW, *places, neighbours="all")
    assert direct[["core_a", "core_b"]].values.tolist() == [[1, 2], [2, 3], [3, 4]]
