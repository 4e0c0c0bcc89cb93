from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridors.grid import Grid
from corridors.layers.distance import distance_to_cells_km, distance_to_points_km, population_weights


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 6)), min_size=1, max_size=5))
def test_distance_to_cells_is_the_smallest_over_cells(cells: list[tuple[int, int]]) -> None:
    marked = np.zeros((6, 7), bool)
    for cell in cells:
        marked[cell] = True
    found = distance_to_cells_km(marked, cell_size_m=250)
    for row, column in np.ndindex(6, 7):
        expected = min(math.dist((row, column), cell) for cell in cells) * 0.25
        assert found[row, column] == pytest.approx(expected)


def test_distance_to_no_cell_is_infinite() -> None:
    assert np.isinf(distance_to_cells_km(np.zeros((2, 2), bool), cell_size_m=500)).all()


def test_distance_to_points_against_brute_force(grid: Grid) -> None:
    random = np.random.default_rng(1)
    left, bottom, right, top = grid.bounds
    x, y = random.uniform(left - 3000, right + 3000, 20), random.uniform(bottom, top, 20)
    weights = random.uniform(0.5, 4, 20)
    found = distance_to_points_km(x, y, grid, weights=weights)
    for row, column in np.ndindex(grid.shape):
        centre = grid.xy(row, column)
        smallest = min(
            math.dist(centre, point) / w for point, w in zip(zip(x, y, strict=True), weights, strict=True)
        )
        assert found[row, column] == pytest.approx(smallest / 1000)


def test_a_town_sixteen_times_as_large_counts_as_half_as_far() -> None:
    assert population_weights(np.array([1000.0, 16_000.0]), 0.25).tolist() == [1, 2]
    assert population_weights(np.array([1000.0, 16_000.0]), 0.0).tolist() == [1, 1]
