from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from landscapes import E3, A, B, C, grid_of, labels_of, raster_of, resistances, resistances_with_cells
from reference import cheapest_of_all_paths, shortest_distances
from shapely.geometry import LineString, Point
from skimage.graph import MCP_Geometric

from corridors.barriers import edge_costs
from corridors.cost import accumulated_cost, cost_allocation, cost_surfaces
from corridors.errors import InputError, Problems, SolveError
from corridors.grid import Grid


def from_cells(values, *cells, **where):
    """Accumulated cost in metres from cells, on cells of 1 m unless said otherwise."""
    values = np.asarray(values, dtype=float)
    sources = np.zeros(values.shape, dtype=np.uint16)
    for cell in cells:
        sources[cell] = 1
    return accumulated_cost(raster_of(values, **where), raster_of(sources, "cores", **where)).values


def test_worked_example_to_the_digits():
    expected = [
        [0, 1, 2, 7, 8.6569, 9.0711, 9.6569],
        [1, 1.4142, 2.4142, 7.4142, 7.6569, 8.2426, 9.2426],
        [2, 2.4142, 2.8284, 4.8284, 6.8284, 7.8284, 8.8284],
        [3, 3.4142, 3.8284, 8.8284, 7.6569, 8.2426, 9.2426],
        [4, 4.4142, 4.8284, 9.8284, 8.6569, 9.0711, 9.6569],
    ]
    found = from_cells(E3, A)
    np.testing.assert_allclose(found, expected, atol=5e-5)
    assert math.isclose(found[B], 4 + 4 * math.sqrt(2), rel_tol=1e-15)


def test_mean_transit_cost_at_the_gap():
    surfaces = [from_cells(E3, cell)[2, 3] for cell in (A, B, C)]
    pairs = [surfaces[0] + surfaces[1], surfaces[0] + surfaces[2], surfaces[1] + surfaces[2]]
    assert round(sum(pairs) / 3, 6) == 9.656854


@given(resistances_with_cells(cells=2))
def test_dijkstra_bit_for_bit(case):
    values, sources = case
    np.testing.assert_array_equal(from_cells(values, *sources), shortest_distances(values, sources))


@given(resistances_with_cells(cells=2, shape=st.just((3, 3))))
def test_no_path_of_all_is_cheaper(case):
    values, (start, end) = case
    assert np.isclose(from_cells(values, start)[end], cheapest_of_all_paths(values, start, end), rtol=1e-12)


@given(resistances_with_cells(cells=3))
def test_symmetry_and_triangle(case):
    values, (a, b, c) = case
    from_a, from_b = from_cells(values, a), from_cells(values, b)
    assert from_a[b] == from_b[a] or math.isclose(from_a[b], from_b[a], rel_tol=1e-12)
    assert from_a[c] <= (from_a[b] + from_b[c]) * (1 + 1e-12)


@given(resistances_with_cells(cells=1), st.integers(-20, 20), st.sampled_from([30.0, 125.0, 500.0, 1000.0]))
def test_scaling(case, power, factor):
    values, (source,) = case
    plain = from_cells(values, source)
    np.testing.assert_array_equal(from_cells(values * 2.0**power, source), plain * 2.0**power)
    np.testing.assert_allclose(from_cells(values * factor, source), plain * factor, rtol=1e-12)
    np.testing.assert_allclose(from_cells(values, source, cell_size_m=factor), plain * factor, rtol=1e-12)


@given(resistances_with_cells(cells=1), st.integers(0, 3), st.booleans())
def test_turned_and_mirrored_bit_for_bit(case, turns, mirrored):
    values, (source,) = case
    mark = np.zeros(values.shape)
    mark[source] = 1

    def moved(array):
        return np.rot90(np.fliplr(array) if mirrored else array, turns)

    there = tuple(np.argwhere(moved(mark))[0])
    np.testing.assert_array_equal(from_cells(moved(values), there), moved(from_cells(values, source)))


@given(resistances_with_cells(cells=2), st.floats(1, 1e6))
def test_more_resistance_never_shortens(case, more):
    values, (source, raised) = case
    dearer = values.copy()
    dearer[raised] += more
    assert (from_cells(dearer, source) >= from_cells(values, source)).all()


@given(resistances_with_cells(cells=2))
def test_a_removed_cell_never_shortens_and_acts_like_endless_resistance(case):
    values, (source, removed) = case
    if source == removed:
        return
    wall, endless = values.copy(), values.copy()
    wall[removed], endless[removed] = np.nan, 1e60
    without, dear = from_cells(wall, source), from_cells(endless, source)
    assert (without >= from_cells(values, source)).all()
    np.testing.assert_array_equal(without, np.where(dear > 1e50, np.inf, dear))


@given(resistances_with_cells(cells=3))
def test_several_sources_are_the_smallest_of_single_ones(case):
    values, cells = case
    single = [from_cells(values, cell) for cell in cells]
    np.testing.assert_array_equal(from_cells(values, *cells), np.minimum.reduce(single))


@given(resistances_with_cells(cells=1))
def test_a_frame_of_no_data_changes_nothing(case):
    values, (source,) = case
    framed = np.pad(values, 2, constant_values=np.nan)
    inside = from_cells(framed, (source[0] + 2, source[1] + 2))
    np.testing.assert_array_equal(inside[2:-2, 2:-2], from_cells(values, source))
    assert np.isinf(inside[:2]).all()


@given(resistances_with_cells(cells=1), st.integers(-400_000, 400_000))
def test_moving_the_grid_changes_nothing(case, east):
    values, (source,) = case
    moved = from_cells(values, source, left=500_000.0 + east)
    np.testing.assert_array_equal(moved, from_cells(values, source))


def test_even_plain_gives_the_octile_distance():
    found = from_cells(np.ones((21, 30)), (3, 4))
    rows, columns = np.abs(np.arange(21) - 3)[:, None], np.abs(np.arange(30) - 4)[None, :]
    octile = np.maximum(rows, columns) + (math.sqrt(2) - 1) * np.minimum(rows, columns)
    np.testing.assert_allclose(found, octile, rtol=1e-12)
    straight = np.hypot(rows, columns)
    assert (found[straight > 0] / straight[straight > 0]).max() <= 1.0824


def test_eight_neighbours_are_up_to_8_24_percent_too_far():
    # Worst at 22.5 degrees, whose tangent is sqrt(2) - 1 = 0.414214: 29 down and 70 across come nearest.
    found = from_cells(np.ones((71, 71)), (0, 0))
    straight = np.hypot(*np.indices((71, 71)))
    ratio = found[straight > 0] / straight[straight > 0]
    assert math.isclose(found[29, 70], 70 + (math.sqrt(2) - 1) * 29, rel_tol=1e-12)
    assert round(ratio.max(), 4) == round(1 / math.cos(math.pi / 8), 4) == 1.0824
    assert found[29, 70] / straight[29, 70] == ratio.max()
    assert math.isclose(ratio.min(), 1, rel_tol=1e-12)
    for exact in (found[0, 70] / 70, found[70, 70] / (70 * math.sqrt(2))):
        assert math.isclose(exact, 1, rel_tol=1e-12)


def test_nothing_leads_across_the_sides_of_the_raster():
    values = np.ones((3, 6))
    values[:, 2:4] = np.nan
    assert np.isinf(from_cells(values, (1, 0))[:, 4:]).all()


def test_one_cell_of_no_data_closes_only_itself():
    values = np.ones((5, 5))
    values[2, 2] = np.nan
    found = from_cells(values, (0, 0))
    assert np.isinf(found).sum() == 1
    assert math.isclose(found[4, 4], 2 + 3 * math.sqrt(2))


def test_a_large_source_starts_from_all_its_cells():
    values = np.arange(1.0, 101.0).reshape(10, 10)
    cells = [(r, c) for r in range(2, 8) for c in range(3, 9)]
    np.testing.assert_array_equal(from_cells(values, *cells), shortest_distances(values, cells))


def test_beyond_the_limit_is_not_reached():
    res, sources = raster_of(np.ones((1, 6)), cell_size_m=500), labels_of((1, 6), (0, 0), cell_size_m=500)
    found = accumulated_cost(res, sources, max_cost_distance_m=1500).values
    assert found.tolist() == [[0, 500, 1000, 1500, np.inf, np.inf]]


def test_float32_is_solved_in_float64():
    values = np.array([[1.1, 2.2, 3.3]], dtype=np.float32)
    expected = shortest_distances(values.astype(float), [(0, 0)])
    np.testing.assert_array_equal(
        accumulated_cost(raster_of(values), labels_of((1, 3), (0, 0))).values, expected
    )


def test_inputs_stay_as_they_are():
    res, labels = raster_of(E3.copy()), labels_of(E3.shape, A, B)
    before = labels.values.copy()
    list(cost_surfaces(res, labels))
    np.testing.assert_array_equal(res.values, E3)
    np.testing.assert_array_equal(labels.values, before)


def test_points_and_labels_give_the_same():
    grid = grid_of(E3.shape)
    points = gpd.GeoDataFrame(geometry=[Point(grid.xy(*A)), Point(grid.xy(*C))], crs=grid.crs)
    expected = from_cells(E3, A, C)
    np.testing.assert_array_equal(accumulated_cost(raster_of(E3), points).values, expected)
    array = np.array([grid.xy(*A), grid.xy(*C)])
    np.testing.assert_array_equal(accumulated_cost(raster_of(E3), array).values, expected)


def test_point_on_the_outer_edge_belongs_to_the_last_cell():
    _, bottom, right, _ = grid_of(E3.shape).bounds
    found = accumulated_cost(raster_of(E3), np.array([[right, bottom]])).values
    np.testing.assert_array_equal(found, from_cells(E3, (4, 6)))


def test_one_surface_for_every_label_in_rising_order():
    surfaces = dict(cost_surfaces(raster_of(E3), labels_of(E3.shape, B, A)))
    assert list(surfaces) == [1, 2]
    np.testing.assert_array_equal(surfaces[2].values, from_cells(E3, A))
    assert surfaces[1].name == "cost_distance"


@given(resistances_with_cells(cells=3))
def test_allocation_is_the_cheapest_label(case):
    values, cells = case
    cells = list(dict.fromkeys(cells))
    surfaces = dict(cost_surfaces(raster_of(values), labels_of(values.shape, *cells)))
    costs = np.stack([surfaces[label].values for label in surfaces])
    expected = np.where(np.isinf(costs.min(axis=0)), 0, costs.argmin(axis=0) + 1)
    np.testing.assert_array_equal(cost_allocation(surfaces).values, expected)


def test_allocation_gives_ties_to_the_smaller_label():
    surfaces = dict(cost_surfaces(raster_of(np.ones((1, 3))), labels_of((1, 3), (0, 2), (0, 0))))
    assert cost_allocation(surfaces).values.tolist() == [[2, 1, 1]]


@pytest.mark.parametrize(
    ("bad", "code", "words"),
    [
        (0.0, "I211", "1 cells are not positive"),
        (-9999.0, "I211", "not positive"),
        (np.inf, "I212", "infinite"),
    ],
)
def test_resistance_that_cannot_be_meant(bad, code, words):
    values = E3.copy()
    values[2, 5] = bad
    with pytest.raises(InputError, match=rf"\[{code}\] resistance: .*{words}.*row 2, column 5"):
        from_cells(values, A)


def test_all_faults_of_a_resistance_are_told_at_once():
    values = E3.copy()
    values[0, 0], values[1, 1] = -1, np.inf
    with pytest.raises(Problems, match=r"(?s)I211.*I212"):
        from_cells(values, B)


@given(resistances())
def test_all_no_data_is_refused(values):
    with pytest.raises(InputError, match=r"I217"):
        from_cells(np.full(values.shape, np.nan), (0, 0))


def test_no_source():
    with pytest.raises(InputError, match=r"I223.*there is no source"):
        from_cells(E3)
    with pytest.raises(InputError, match=r"I223.*at least one point"):
        accumulated_cost(raster_of(E3), np.empty((0, 2)))
    with pytest.raises(InputError, match=r"I223.*no cost surface"):
        cost_allocation({})


def test_sources_on_no_data():
    values = E3.copy()
    values[0, 6] = np.nan
    with pytest.raises(InputError, match=r"I222.*every source lies on no data"):
        from_cells(values, B)
    with pytest.raises(InputError, match=r"I222.*1 of 2 lie on no data: 2"):
        list(cost_surfaces(raster_of(values), labels_of(E3.shape, A, B)))
    x, y = grid_of(E3.shape).xy(*B)
    with pytest.raises(InputError, match=r"I222.*1 of 1 points lie on no data: 0"):
        accumulated_cost(raster_of(values), np.array([[x, y]]))


def test_points_outside_are_named_by_id_and_distance_only():
    grid = grid_of(E3.shape)
    points = gpd.GeoSeries(
        [Point(500_010, 4_899_999), Point(grid.xy(*A))], index=["far", "near"], crs=grid.crs
    )
    with pytest.raises(
        InputError, match=r"I221.*1 of 2 points lie outside the raster. Given: far \(3 m\)"
    ) as told:
        accumulated_cost(raster_of(E3), points)
    assert "500010" not in str(told.value)


def test_sources_of_the_wrong_kind():
    grid = grid_of(E3.shape)
    with pytest.raises(InputError, match=r"I202.*not in the CRS"):
        accumulated_cost(raster_of(E3), gpd.GeoSeries([Point(131, 44)], crs="EPSG:4326"))
    with pytest.raises(InputError, match=r"I228.*must be points"):
        accumulated_cost(raster_of(E3), gpd.GeoSeries([LineString([(0, 0), (1, 1)])], crs=grid.crs))
    with pytest.raises(InputError, match=r"I216.*whole numbers"):
        accumulated_cost(raster_of(E3), raster_of(E3 * 0.5, "cores"))
    with pytest.raises(InputError, match=r"I201.*shifted"):
        accumulated_cost(raster_of(E3), labels_of(E3.shape, A, left=500_001.0))


@given(resistances_with_cells(cells=2))
def test_the_same_bits_as_another_program(case):
    values, cells = case
    costs = np.where(np.isnan(values), -1, values)  # below zero is closed there
    expected = MCP_Geometric(costs).find_costs(list(cells))[0]
    labels = labels_of(values.shape, *cells)
    found = accumulated_cost(raster_of(values), labels)
    np.testing.assert_array_equal(found.values, expected)


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_threads_yield_the_same_surfaces_in_order(threads):
    values = np.random.default_rng(7).uniform(1, 100, (40, 30))
    res, labels = raster_of(values), labels_of(values.shape, (0, 0), (20, 15), (39, 29), (5, 25))
    found = list(cost_surfaces(res, labels, workers=threads))
    assert [label for label, _ in found] == [1, 2, 3, 4]
    for label, surface in found:
        alone = accumulated_cost(res, labels.where(labels == label, 0))
        np.testing.assert_array_equal(surface.values, alone.values)


def test_single_precision_is_close_and_refused_where_it_would_lose_steps():
    values = np.random.default_rng(8).uniform(1, 100, (50, 60))
    res, labels = raster_of(values), labels_of(values.shape, (25, 30))
    exact = accumulated_cost(res, labels).values
    single = accumulated_cost(res, labels, dtype="float32")
    assert single.dtype == np.float32
    np.testing.assert_allclose(single.values, exact, rtol=1e-5)
    steep = np.ones((1, 4))
    steep[0, 1] = 1e9
    with pytest.raises(SolveError, match=r"\[S503\].*float64"):
        accumulated_cost(raster_of(steep), labels_of(steep.shape, (0, 0)), dtype="float32")


def test_a_barrier_costs_what_it_says_and_lies_on_the_same_grid():
    # A fence of 5 m between the second and third of four cells of 1 m.
    res = raster_of(np.ones((1, 4)))
    grid = Grid.of(res)
    x = grid.bounds[0] + 2
    fence = gpd.GeoDataFrame(
        geometry=[LineString([(x, grid.bounds[1] - 5), (x, grid.bounds[3] + 5)])], crs=grid.crs
    )
    labels = labels_of((1, 4), (0, 0))
    barriers = edge_costs(fence, grid, crossing_cost_m=5.0)
    assert accumulated_cost(res, labels, barriers=barriers).values.tolist() == [[0, 1, 7, 8]]
    sealed = edge_costs(fence, grid, crossing_cost_m=np.inf)
    assert accumulated_cost(res, labels, barriers=sealed).values.tolist() == [[0, 1, np.inf, np.inf]]
    other = edge_costs(fence, Grid(grid.crs, grid.transform, (1, 5)), crossing_cost_m=5.0)
    with pytest.raises(InputError, match=r"\[I201\].*different grids"):
        accumulated_cost(res, labels, barriers=other)
