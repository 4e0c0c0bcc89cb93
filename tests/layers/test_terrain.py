from __future__ import annotations

import math

import numpy as np
import pytest
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Geod

from corridors.layers import terrain


def plane(
    east: float, north: float, width: float, height: float, shape: tuple[int, int] = (5, 6)
) -> np.ndarray:
    rows, columns = np.indices(shape)
    return east * columns * width - north * rows * height


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(1, 1000), st.floats(1, 1000))
def test_a_plane_has_its_own_slope_and_southness(
    east: float, north: float, width: float, height: float
) -> None:
    elevation = plane(east, north, width, height)
    steepness = math.hypot(east, north)
    slope = terrain.slope_deg(elevation, width, height)[1:-1, 1:-1]
    south = terrain.southness(elevation, width, height)[1:-1, 1:-1]
    np.testing.assert_allclose(slope, math.degrees(math.atan(steepness)), atol=1e-6)
    # -cos(aspect) sin(slope), the aspect being the bearing of the steepest way down
    aspect = math.atan2(-east, -north)
    expected = -math.cos(aspect) * math.sin(math.atan(steepness))
    np.testing.assert_allclose(south, expected if steepness else 0.0, atol=1e-7)


def test_horn_by_hand() -> None:
    # weights 1 2 1 over 8 cells: east ((3+12+10)-(1+8+7))/(8*10), north ((1+4+3)-(7+16+10))/(8*10)
    window = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 10.0]])
    expected = math.degrees(math.atan(math.hypot(9 / 80, -25 / 80)))
    assert terrain.slope_deg(window, 10, 10)[1, 1] == pytest.approx(expected)


def test_ruggedness_riley() -> None:
    window = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 10.0]])
    # squared differences to 5: 16 9 4 1 1 4 9 25
    assert terrain.ruggedness(window)[1, 1] == pytest.approx(math.sqrt(69))
    assert terrain.ruggedness(window)[0, 0] == pytest.approx(math.sqrt(1 + 9 + 16))


def test_south_is_positive() -> None:
    facing_south = plane(0, 1, 30, 30)
    assert terrain.southness(facing_south, 30, 30)[2, 2] == pytest.approx(math.sin(math.pi / 4))
    assert terrain.southness(-facing_south, 30, 30)[2, 2] == pytest.approx(-math.sin(math.pi / 4))
    assert terrain.southness(plane(1, 0, 30, 30), 30, 30)[2, 2] == pytest.approx(0)


def test_a_missing_neighbour_is_level_with_the_cell() -> None:
    flat = np.full((3, 3), 7.0)
    flat[0, 0] = np.nan
    assert terrain.slope_deg(flat, 10, 10)[1, 1] == 0
    assert terrain.ruggedness(flat)[1, 1] == 0
    assert np.isnan(terrain.slope_deg(flat, 10, 10)[0, 0])


def test_cells_in_degrees_have_metres_of_their_row() -> None:
    step = 1 / 240
    transform = Affine(step, 0, 87, 0, -step, 51.7)
    width, height = terrain.cell_sizes_m(transform, (768, 2), CRS("EPSG:4326"))
    geod = Geod(ellps="WGS84")
    for row in (0, 400, 767):
        north = 51.7 - row * step
        middle = north - step / 2
        assert width[row, 0] == pytest.approx(geod.inv(87, middle, 87 + step, middle)[2], rel=1e-6)
        assert height[row, 0] == pytest.approx(geod.inv(87, north, 87, north - step)[2], rel=1e-6)


def test_cells_in_feet_become_metres() -> None:
    feet = CRS("EPSG:2263")
    width, height = terrain.cell_sizes_m(Affine(100, 0, 0, 0, -50, 0), (2, 2), feet)
    assert width[0, 0] == pytest.approx(30.48, rel=1e-5)
    assert height[0, 0] == pytest.approx(15.24, rel=1e-5)
