from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from landscapes import E3, A, B, C, labels_of, raster_of, resistances_with_cells
from reference import neighbours, shortest_distances, step_cost, window_mean

from corridors.corridor import path_density
from corridors.cost import cost_surfaces
from corridors.errors import ConfigError


def density(values, *cells, **options):
    return path_density(raster_of(values), labels_of(np.shape(values), *cells), **options).values


def cheapest_paths(values, start, end):
    """All least-cost simple paths, by walking every path that is not dearer."""
    least = shortest_distances(values, [start])[end] * (1 + 1e-11)
    to_go = shortest_distances(values, [end])
    found, stack = [], [([start], 0.0)]
    while stack:
        path, cost = stack.pop()
        if path[-1] == end:
            found.append(path)
            continue
        for cell in neighbours(values, path[-1]):
            through = cost + step_cost(values, path[-1], cell)
            if cell not in path and through + to_go[cell] <= least:
                stack.append(([*path, cell], through))
    return found


def test_worked_example():
    found = density(E3, A, B, C)
    assert [found[cell] for cell in (A, B, C, (2, 3))] == [2, 2, 2, 2]
    # The paths are unique here: 7 cells each from the gap's two sides, 5 down the edge.
    assert found.sum() == 7 + 5 + 7
    assert set(np.unique(found)) == {0, 1, 2}


few = st.sampled_from([1.0, 2.0, 3.0])
small = st.sampled_from([(3, 4), (4, 4), (2, 6), (1, 7)])


@given(small.flatmap(lambda s: arrays.arrays(np.float64, s, elements=few)), st.data())
def test_every_least_cost_path_counts_the_same(values, data):
    known = [tuple(cell) for cell in np.argwhere(values).tolist()]
    cells = data.draw(st.lists(st.sampled_from(known), min_size=2, max_size=3, unique=True))
    expected = np.zeros(values.shape)
    for start, end in combinations(cells, 2):
        paths = cheapest_paths(values, start, end)
        for path in paths:
            for cell in path:
                expected[cell] += 1 / len(paths)
    np.testing.assert_allclose(density(values, *cells), expected, atol=1e-12)


@given(resistances_with_cells(cells=3), st.integers(0, 3), st.booleans())
def test_turned_and_mirrored(case, turns, mirrored):
    values, cells = case
    cells = list(dict.fromkeys(cells))

    def moved(array):
        return np.rot90(np.fliplr(array) if mirrored else array, turns)

    places = np.zeros(values.shape, dtype=np.uint16)
    for label, cell in enumerate(cells, start=1):
        places[cell] = label
    turned = path_density(raster_of(moved(values)), raster_of(moved(places).copy(), "cores")).values
    np.testing.assert_allclose(turned, moved(density(values, *cells)), atol=1e-9)


@given(resistances_with_cells(cells=3))
def test_a_pair_has_one_path_at_its_ends(case):
    values, cells = case
    cells = list(dict.fromkeys(cells))
    for pair in combinations(cells, 2):
        found = density(values, *pair)
        joined = math.isfinite(shortest_distances(values, [pair[0]])[pair[1]])
        for cell in pair:
            assert math.isclose(found[cell], joined, rel_tol=1e-9)
        assert np.nanmax(found) <= 1 + 1e-9
        assert np.isnan(found[np.isnan(values)]).all()


@given(st.sets(st.integers(0, 6), min_size=1, max_size=4), st.integers(0, 12), st.integers(0, 12))
def test_a_pair_sums_to_one_through_every_cut(gaps, start, end):
    # Gaps two rows apart in a wall between the two: every path passes exactly one of them.
    values = np.ones((13, 11))
    values[:, 5] = np.nan
    values[[2 * gap for gap in gaps], 5] = 2.0
    found = density(values, (start, 0), (end, 10))
    assert math.isclose(np.nansum(found[:, 5]), 1, rel_tol=1e-12)


@pytest.mark.parametrize("down", [0, 7, 20])
def test_even_ground_sums_to_one_in_every_column(down):
    found = density(np.ones((31, 41)), (5, 0), (5 + down, 40))
    np.testing.assert_allclose(found.sum(axis=0), 1, rtol=1e-12)
    # A grid of d diagonal and s straight steps has d + s over d paths; straight ones begin in its share.
    assert math.isclose(found[5, 1], (40 - down) / 40, rel_tol=1e-12)


def test_numbers_of_paths_beyond_any_float():
    # 1200 over 600 paths: about 1e360.
    found = density(np.ones((601, 1201)), (0, 0), (600, 1200))
    np.testing.assert_allclose(found.sum(axis=0), 1, rtol=1e-9)
    np.testing.assert_allclose(found, found[::-1, ::-1], atol=1e-12)


def test_cores_are_left_and_entered_where_it_costs_least():
    labels = raster_of(np.zeros((5, 8), dtype=np.uint16), "cores")
    labels.values[:, :2], labels.values[1:4, 6:] = 1, 2
    found = path_density(raster_of(np.ones((5, 8))), labels).values
    # Three straight ways and no other: the same on each.
    np.testing.assert_allclose(found[1:4, 1:7], 1 / 3)
    assert math.isclose(found.sum(), 6, rel_tol=1e-12)


def test_pairs_too_dear_have_no_path():
    row = np.ones((1, 10))
    np.testing.assert_array_equal(
        density(row, (0, 0), (0, 3), (0, 9), max_cost_distance_m=5), [[1, 1, 1, 1, 0, 0, 0, 0, 0, 0]]
    )
    assert (density(row, (0, 0)) == 0).all()


def test_smoothed_is_the_mean_around():
    values = E3.copy()
    values[4, 6] = np.nan
    plain = density(values, A, B, C)
    smooth = density(values, A, B, C, radius_km=0.002)
    np.testing.assert_allclose(smooth, window_mean(plain, 2), atol=1e-8)
    with pytest.raises(ConfigError, match=r"C103.*radius_km.*0"):
        density(E3, A, B, radius_km=0)


def test_points_and_surfaces_at_hand_give_the_same():
    res, labels = raster_of(E3), labels_of(E3.shape, A, B, C)
    expected = density(E3, A, B, C)
    xy = [(500_000.5 + column, 4_899_999.5 - row) for row, column in (A, B, C, C)]
    np.testing.assert_array_equal(path_density(res, np.array(xy)).values, expected)
    surfaces = dict(cost_surfaces(res, labels))
    np.testing.assert_array_equal(path_density(res, labels, surfaces=surfaces).values, expected)
