"""Fence scenarios: worked numbers, and laws that hold for any land and any fence."""

from __future__ import annotations

import math
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import shapely
from barriers.walks import drawn, gates, least_costs
from border.fences.places import areas, land, link_costs, under
from hypothesis import given, settings
from hypothesis import strategies as st
from landscapes import E3, A, B

from corridors.barriers import combined, edge_costs
from corridors.errors import CorridorsError
from corridors.grid import Grid
from corridors.network import connectivity_indices, to_graph

SIZE = 500.0
BORDER = [(2.5, -1), (2.5, 5)]


def two_cells(*cells):
    labels = np.zeros(E3.shape, dtype=int)
    for number, cell in enumerate(cells, start=1):
        labels[cell] = number
    return labels


@pytest.fixture(scope="module")
def worked():
    return land(E3, two_cells(A, B), cell_size_m=SIZE)


@pytest.mark.parametrize(
    ("scenario", "gate_row", "cells", "percent"),
    [
        ("none", None, 9.656854, 0.0),
        ("permeable", None, 14.656854, 51.78),
        ("permeable, gates", 0, 14.0, 44.97),
        ("sealed, gates", 4, 19.656854, 103.55),
        ("sealed, gates", 2, 9.656854, 0.0),
    ],
)
def test_the_five_worked_costs(worked, scenario, gate_row, cells, percent) -> None:
    places = None if gate_row is None else gates((2.5, gate_row), cell_size_m=SIZE)
    found = under(drawn(BORDER, cell_size_m=SIZE), worked, crossing_cost_m=5 * SIZE, gates=places)
    row = found.links[found.links["scenario"] == scenario].iloc[0]
    assert row["cost_distance_m"] / SIZE == pytest.approx(cells, abs=1e-6)
    assert row["change_percent"] == pytest.approx(percent, abs=0.005)


def test_sealed_and_without_a_gate_the_link_stays_in_the_table_and_is_cut(worked) -> None:
    found = under(drawn(BORDER, cell_size_m=SIZE), worked)
    sealed = found.links[found.links["scenario"] == "sealed"].iloc[0]
    assert sealed["cut"]
    assert math.isinf(sealed["cost_distance_m"])
    assert math.isinf(sealed["effective_resistance"])
    assert found.scenarios.set_index("scenario").loc["sealed", "links_cut_n"].tolist() == [1, 1]


def test_two_halves_sealed_from_each_other_are_not_one_core() -> None:
    # One core area of 90 x 100 km, fenced off at 60 km: 6000 and 3000 km².
    place = land(np.ones((100, 90)), np.ones((100, 90), dtype=int), cell_size_m=1000.0)
    fence = drawn([(59.5, -1), (59.5, 101)], cell_size_m=1000.0)
    found = under(fence, place, node_weight="area", landscape_km2=20_000.0)
    whole, halves = areas(found)["none"], areas(found)["sealed"]
    flat = place[0]["area_km2"].iloc[0] / 9000  # geodesic against flat
    assert whole == pytest.approx([9000 * flat] * 2)
    assert halves == pytest.approx([6708.204 * flat] * 2, rel=1e-6)
    sealed = found.scenarios[found.scenarios["scenario"] == "sealed"]
    assert sealed["probability_of_connectivity"].tolist() == pytest.approx([(halves[0] / 20_000) ** 2] * 2)
    core = found.links[(found.links["scenario"] == "sealed") & (found.links["kind"] == "core")].iloc[0]
    assert core["cut"]
    # From heart to heart without a fence: along a row, through 1 km cells of resistance 1.
    open_ = found.links[(found.links["scenario"] == "none") & (found.links["kind"] == "core")].iloc[0]
    assert open_["cost_distance_m"] == pytest.approx(1000 * open_["path_length_km"], rel=1e-3)


def test_one_gate_joins_the_halves_again() -> None:
    place = land(np.ones((100, 90)), np.ones((100, 90), dtype=int), cell_size_m=1000.0)
    fence = drawn([(59.5, -1), (59.5, 101)], cell_size_m=1000.0)
    found = under(fence, place, node_weight="area", gates=gates((59.5, 50), cell_size_m=1000.0))
    assert areas(found)["sealed, gates"] == areas(found)["none"]


def test_without_a_fence_the_network_is_that_of_the_indices() -> None:
    labels = np.zeros((8, 24), dtype=int)
    labels[1:7, 1:5], labels[2:5, 9:12], labels[0:4, 15:18], labels[3:7, 20:24] = 1, 2, 3, 4
    place = land(np.full((8, 24), 3.0), labels)
    found = under(drawn([(2.5, -1), (2.5, 9)], cell_size_m=SIZE), place, node_weight="area")
    cores, _, links, _ = place
    graph = to_graph(cores, links, node_weight="area")
    told = connectivity_indices(graph, dispersal_km=[5.0, 20.0], distance="cost")
    assert areas(found)["none"] == pytest.approx(told["equivalent_connected_area_km2"].tolist(), rel=1e-12)


def test_distances_follow_a_fence_round_its_end() -> None:
    # A fence with an open end: the way leads round it, 2 x 4 rows down and up on even ground.
    labels = np.zeros((9, 9), dtype=int)
    labels[0, 0], labels[0, 8] = 1, 2
    place = land(np.ones((9, 9)), labels)
    fence = drawn([(3.5, -1), (3.5, 3.5)], cell_size_m=SIZE)
    found = under(fence, place, crossing_cost_m=1e6)
    # Four rows down on diagonals, along the row, four up: 8 diagonals, of 8 columns.
    assert link_costs(found)["sealed"] == pytest.approx([8 * math.sqrt(2) * SIZE])
    assert link_costs(found)["permeable"] == link_costs(found)["sealed"]
    row = found.links[found.links["scenario"] == "sealed"].iloc[0]
    assert row["detour_km"] == pytest.approx(8 * (math.sqrt(2) - 1) * SIZE / 1000, rel=1e-3)


def test_other_barriers_stay(worked) -> None:
    res = worked[3]
    grid_fence = drawn(BORDER, cell_size_m=SIZE)
    road = edge_costs(drawn([(4.5, -1), (4.5, 5)], cell_size_m=SIZE), _grid(res), crossing_cost_m=700.0)
    place = land(E3, two_cells(A, B), cell_size_m=SIZE, barriers=road)
    found = under(grid_fence, place, barriers=road)
    fence = edge_costs(grid_fence, _grid(res), crossing_cost_m=5000.0)
    told = least_costs(E3, A, combined(road, fence))[B]
    assert link_costs(found)["permeable"] == pytest.approx([told])
    assert link_costs(found)["none"] == pytest.approx([told - 5000.0])


def _grid(res):
    return Grid.of(res)


def test_a_fence_nothing_crosses_changes_nothing(worked) -> None:
    found = under(drawn([(-0.5, 6), (8, 6)], cell_size_m=SIZE), worked, gates_n=3)
    assert {tuple(costs) for costs in link_costs(found).values()} == {tuple(link_costs(found)["none"])}
    assert found.scenarios["eca_change_percent"].tolist() == [0.0] * 6
    assert found.gates.empty


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"crossing_cost_m": math.inf}, "C103"),
        ({"crossing_cost_m": -1.0}, "C103"),
        ({"gates_n": -1}, "C103"),
        ({"segment_km": 0.0}, "C103"),
        ({"slack_m": {1: -5.0}}, "C103"),
    ],
)
def test_options_out_of_range(worked, options, code) -> None:
    with pytest.raises(CorridorsError) as told:
        under(drawn(BORDER, cell_size_m=SIZE), worked, **options)
    assert told.value.code == code


def test_another_crs(worked) -> None:
    with pytest.raises(CorridorsError) as told:
        under(drawn(BORDER, cell_size_m=SIZE).set_crs(32645, allow_override=True), worked)
    assert told.value.code == "I202"


# ---------------------------------------------------------------- laws


@st.composite
def lands(draw):
    """Resistance, core areas of one cell and more, and a fence from edge to edge."""
    rows, columns = draw(st.integers(4, 8)), draw(st.integers(6, 10))
    cells = st.sampled_from([1.0, 2.0, 5.0, 20.0])
    resistance = np.array(draw(st.lists(cells, min_size=rows * columns, max_size=rows * columns)))
    labels = np.zeros((rows, columns), dtype=int)
    for number in range(1, draw(st.integers(2, 4)) + 1):
        top, left = draw(st.integers(0, rows - 2)), draw(st.integers(0, columns - 2))
        labels[top : top + draw(st.integers(1, 3)), left : left + draw(st.integers(1, 4))] = number
    heights = draw(st.lists(st.integers(1, 4 * columns - 3), min_size=2, max_size=5))
    down = np.linspace(-1, draw(st.sampled_from([rows + 1, rows / 2])), len(heights))
    fence = [(height / 4, float(y)) for height, y in zip(heights, down, strict=True)]
    return resistance.reshape(rows, columns), labels, fence


@settings(max_examples=20)
@given(lands(), st.sampled_from([0.0, 300.0, 20_000.0]))
def test_a_dearer_fence_never_connects_more_and_a_free_one_changes_nothing(place, cost_m) -> None:
    resistance, labels, line = place
    told = land(resistance, labels)
    found = under(drawn(line, cell_size_m=SIZE), told, crossing_cost_m=cost_m, gates_n=2, slack_m=1000.0)
    eca, costs = areas(found), link_costs(found)
    order = [name for name in ("none", "permeable, gates", "permeable", "sealed") if name in eca]
    for better, worse in pairwise(order):
        assert np.all(np.array(eca[better]) >= np.array(eca[worse]) * (1 - 1e-9))
        assert np.all(np.array(costs[better]) <= np.array(costs[worse]) * (1 + 1e-9))
    if cost_m == 0:
        assert eca["permeable"] == pytest.approx(eca["none"], rel=1e-12)
        assert costs["permeable"] == pytest.approx(costs["none"], rel=1e-12)
    known = found.links.dropna(subset="effective_resistance").set_index(["link_id", "scenario"])
    for _, rows in known["effective_resistance"].groupby(level="link_id"):
        now = rows.droplevel("link_id").reindex(order).dropna().to_numpy()
        assert (now[:-1] <= now[1:] * (1 + 1e-6)).all()


@settings(max_examples=10)
@given(lands())
def test_links_cost_what_a_heap_says(place) -> None:
    resistance, labels, line = place
    _, raster, links, res = told = land(resistance, labels)
    fence = drawn(line, cell_size_m=SIZE)
    found = under(fence, told, crossing_cost_m=4000.0)
    for scenario, cost_m in (("permeable", 4000.0), ("sealed", math.inf)):
        edges = edge_costs(fence, _grid(res), crossing_cost_m=cost_m)
        for row, link in enumerate(links.itertuples()):
            starts, ends = (np.argwhere(raster.values == core) for core in (link.core_a, link.core_b))
            least = min(
                least_costs(resistance, tuple(start), edges)[tuple(end)] for start in starts for end in ends
            )
            assert link_costs(found)[scenario][row] == pytest.approx(least, rel=1e-9)


def test_inputs_stay_as_they_are(worked) -> None:
    copies = [part.copy(deep=True) for part in worked]
    under(drawn(BORDER, cell_size_m=SIZE), worked, gates_n=2)
    for before, after in zip(copies, worked, strict=True):
        assert before.equals(after)


def test_the_same_twice_and_for_any_workers(worked) -> None:
    fence = drawn(BORDER, cell_size_m=SIZE)
    one, two = (under(fence, worked, gates_n=2, workers=n, slack_m=1000.0) for n in (1, 2))
    for name in ("scenarios", "links", "protected"):
        assert getattr(one, name).equals(getattr(two, name))
    assert one.gates.equals(two.gates)
    assert isinstance(one.gates, gpd.GeoDataFrame)
    assert shapely.length(one.gates.geometry).min() > 0
