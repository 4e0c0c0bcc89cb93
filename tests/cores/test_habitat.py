from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from landscapes import raster_of
from reference import window_mean

from corridors.cores import habitat_mean
from corridors.errors import ConfigError

suitabilities = arrays.arrays(
    np.float64,
    st.tuples(st.integers(1, 8), st.integers(2, 8)),
    elements=st.one_of(st.just(np.nan), st.floats(0, 1)),
)


@given(suitabilities, st.floats(0.1, 12))
def test_mean_over_cells_within_the_radius(values, radius_cells):
    found = habitat_mean(raster_of(values, cell_size_m=1000), radius_cells).values
    np.testing.assert_allclose(found, window_mean(values, radius_cells), atol=1e-9)


def test_a_cell_exactly_on_the_radius_counts():
    values = np.zeros((1, 7))
    values[0, 6] = 1
    found = habitat_mean(raster_of(values, cell_size_m=1000), 3).values
    np.testing.assert_allclose(found, [[0, 0, 0, 1 / 7, 1 / 6, 1 / 5, 1 / 4]], atol=1e-9)


def test_even_habitat_keeps_its_value_beside_the_sea():
    values = np.full((30, 30), 0.7)
    values[:, 5:] = np.nan
    found = habitat_mean(raster_of(values, cell_size_m=500), 5).values
    assert (found[:, :5] == 0.7).all()
    assert np.isnan(found[:, 5:]).all()


def test_a_window_smaller_than_a_cell_is_the_cell():
    values = np.array([[0.2, 0.9]])
    np.testing.assert_array_equal(habitat_mean(raster_of(values, cell_size_m=1000), 0.4).values, values)


def test_no_radius():
    with pytest.raises(ConfigError, match=r"C103.*radius.*0 km"):
        habitat_mean(raster_of(np.ones((2, 2))), 0)
