"""Grids: where cells lie, which CRS, how much margin."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
import xarray as xr
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS

from corridors.errors import InputError
from corridors.grid import (
    GEOD,
    Grid,
    choose_crs,
    default_margin_km,
    geodesic_area_km2,
    geodesic_length_km,
    inside,
    length_distortion_percent,
    outline,
    project_bounds,
    same_grid,
    with_margin,
)

UTM = "EPSG:32652"


def small_grid(shape: tuple[int, int] = (3, 4), left: float = 500_000, size: float = 500) -> Grid:
    return Grid(CRS.from_user_input(UTM), Affine(size, 0, left, 0, -size, 4_800_000), shape)


@given(
    st.floats(126.5, 131),
    st.floats(40, 50),
    st.floats(0.05, 0.5),
    st.floats(0.05, 0.5),
    st.sampled_from([125, 250, 500]),
)
def test_for_area_encloses_the_box_on_multiples_of_the_cell(
    west: float, south: float, width: float, height: float, size: int
) -> None:
    bounds = (west, south, west + width, south + height)
    grid = Grid.for_area(bounds, crs=UTM, cell_size_m=size)
    left, bottom, right, top = grid.bounds
    wanted = project_bounds(bounds, CRS.from_user_input(UTM))
    assert left <= wanted[0] < left + size
    assert top - size < wanted[3] <= top
    assert right - size < wanted[2] <= right
    assert bottom <= wanted[1] < bottom + size
    assert all(edge % size == 0 for edge in grid.bounds)


def test_of_inverts_like() -> None:
    grid = small_grid()
    raster = grid.like(np.zeros(grid.shape), name="a")
    assert Grid.of(raster) == grid
    assert Grid.of(xr.Dataset({"a": raster})) == grid


def test_like_refuses_another_shape() -> None:
    with pytest.raises(InputError, match=r"\[I201\] a: values do not fit.*\(2, 2\).*\(3, 4\)"):
        small_grid().like(np.zeros((2, 2)), name="a")


@pytest.mark.parametrize(
    ("cells", "same"), [(0, True), (1e-7, True), (1e-5, False), (0.1, False), (0.5, False), (1, False)]
)
def test_same_grid_tolerates_a_millionth_of_a_cell(cells: float, same: bool) -> None:
    a = small_grid().like(np.zeros((3, 4)), name="a")
    b = small_grid(left=500_000 + cells * 500).like(np.zeros((3, 4)), name="b")
    if same:
        assert same_grid(a, b) == small_grid()
    else:
        with pytest.raises(InputError, match=r"b against a: grids differ: shifted"):
            same_grid(a, b)


def test_same_grid_names_all_differences_at_once() -> None:
    a = small_grid().like(np.zeros((3, 4)), name="a")
    other = Grid(CRS.from_epsg(32653), Affine(250, 0, 0, 0, -250, 0), (2, 2))
    with pytest.raises(
        InputError, match=r"(?s)\[I202\].*coordinate systems.*shapes.*cells of 500 and 250 m.*shifted"
    ):
        same_grid(a, other.like(np.zeros((2, 2)), name="b"))


def test_of_needs_a_crs_and_square_cells() -> None:
    bare = xr.DataArray(np.zeros((2, 2)), coords={"y": [1.0, 0], "x": [0.0, 1]}, dims=("y", "x"), name="bare")
    with pytest.raises(InputError, match=r"\[I203\] bare: the raster has no CRS"):
        Grid.of(bare)
    stretched = small_grid().like(np.zeros((3, 4)), name="a").assign_coords(x=[0.0, 1, 2, 4])
    with pytest.raises(InputError, match=r"\[I207\] a: cells must be square"):
        Grid.of(stretched)


@pytest.mark.parametrize(
    ("crs", "transform", "code"),
    [
        ("EPSG:4326", Affine(0.1, 0, 0, 0, -0.1, 0), "I204"),
        ("EPSG:3857", Affine(10, 0, 0, 0, -10, 0), "I205"),
        ("EPSG:2263", Affine(10, 0, 0, 0, -10, 0), "I205"),
        ("nonsense", Affine(10, 0, 0, 0, -10, 0), "C105"),
        (UTM, Affine(10, 1, 0, 1, -10, 0), "I206"),
        (UTM, Affine(10, 0, 0, 0, 10, 0), "I207"),
        (UTM, Affine(10, 0, 0, 0, -20, 0), "I207"),
    ],
)
def test_grid_refuses_what_would_distort(crs: str, transform: Affine, code: str) -> None:
    with pytest.raises(InputError, match=code):
        Grid(crs, transform, (2, 2))  # type: ignore[arg-type]


def test_cell_at_counts_outer_edges_and_inverts_xy() -> None:
    grid = small_grid()
    left, bottom, right, top = grid.bounds
    assert grid.cell_at(left, top) == (0, 0)
    assert grid.cell_at(right, bottom) == (2, 3)
    assert grid.cell_at(right + 1, bottom) is None
    assert grid.cell_at(*grid.xy(1, 2)) == (1, 2)


@pytest.mark.parametrize(
    ("bounds", "epsg"),
    [
        ((129.4, 42.2, 133.2, 45.0), 32652),
        ((128.0, 46.8, 133.8, 49.8), 32652),
        ((87.8, 49.0, 91.2, 50.7), 32645),
        ((98.0, 50.2, 103.4, 52.6), 32647),
        ((-70.5, -41.0, -69.0, -40.0), 32719),
    ],
)
def test_choose_crs__utm_where_it_hardly_distorts(
    bounds: tuple[float, float, float, float], epsg: int
) -> None:
    crs = choose_crs(bounds)
    assert crs.to_epsg() == epsg
    low, high = length_distortion_percent(bounds, crs)
    assert -0.2 <= low <= high <= 0.2


def test_choose_crs__named_laea_elsewhere() -> None:
    bounds = (120.0, 40.0, 135.0, 52.0)
    crs = choose_crs(bounds)
    assert crs.to_epsg() is None
    assert crs.name == "LAEA 46.00 127.50"
    low, high = length_distortion_percent(bounds, crs)
    assert max(-low, high) < 0.4


def test_margin_is_cut_to_the_data_and_the_shortfall_said() -> None:
    bounds, shortfall = with_margin((10.0, 0.0, 11.0, 1.0), 22.0, data=(9.9, -5.0, 20.0, 1.0))
    degree_km = math.radians(1) * 6371.0088
    assert bounds[0] == 9.9
    assert shortfall["west"] == pytest.approx(22.0 - 0.1 * degree_km, abs=0.01)
    assert bounds[1] == pytest.approx(-22.0 / degree_km)
    assert shortfall["south"] == shortfall["east"] == 0
    assert bounds[3] == 1.0
    assert shortfall["north"] == pytest.approx(22.0)


def test_default_margin_is_the_larger_of_width_and_home_range() -> None:
    width_km = GEOD.inv(130.0, 45.0, 134.0, 45.0)[2] / 1000
    assert default_margin_km((130.0, 44.0, 134.0, 46.0), 1.0) == pytest.approx(0.2 * width_km)
    assert default_margin_km((130.0, 44.0, 134.0, 46.0), 30.0) == 120.0


def test_inside_and_outline_agree() -> None:
    bounds = (130.0, 43.0, 130.4, 43.3)
    grid = Grid.for_area((129.9, 42.9, 130.5, 43.4), crs=UTM, cell_size_m=500)
    polygon = shapely.Polygon(outline(bounds, grid.crs))
    area_km2 = inside(grid, bounds).sum() * grid.cell_area_km2
    assert area_km2 == pytest.approx(polygon.area / 1e6, rel=0.01)


def test_geodesic_measures_against_a_degree_of_the_meridian() -> None:
    # One degree of latitude at 45 N is 111.132 km (WGS84); UTM's central meridian has scale 0.9996.
    north = (45.5 - 44.5) * 111_132 * 0.9996
    line = shapely.LineString([(500_000, 4_900_000), (500_000, 4_900_000 + north)])
    assert geodesic_length_km(line, CRS.from_user_input(UTM)) == pytest.approx(111.132, rel=2e-4)
    square = shapely.box(500_000, 4_900_000, 510_000, 4_910_000)
    assert geodesic_area_km2(square, CRS.from_user_input(UTM)) == pytest.approx(100 / 0.9996**2, rel=1e-4)


def test_geodesic_area_does_not_depend_on_the_direction_of_rings() -> None:
    crs = CRS.from_user_input(UTM)
    shell, hole = (
        shapely.box(500_000, 4_900_000, 510_000, 4_910_000),
        shapely.box(503_000, 4_903_000, 505_000, 4_905_000),
    )
    expected = geodesic_area_km2(shell, crs) - geodesic_area_km2(hole, crs)
    for inner in (hole.exterior.coords, hole.exterior.coords[::-1]):
        with_hole = shapely.Polygon(shell.exterior.coords, [inner])
        assert geodesic_area_km2(with_hole, crs) == pytest.approx(expected, rel=1e-6)
    apart = shapely.MultiPolygon(
        [shell, shapely.Polygon(shapely.box(520_000, 4_900_000, 530_000, 4_910_000).exterior.coords[::-1])]
    )
    assert geodesic_area_km2(apart, crs) == pytest.approx(2 * geodesic_area_km2(shell, crs), rel=1e-4)
