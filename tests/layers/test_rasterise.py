from __future__ import annotations

import numpy as np
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from reference import shortest_distances
from shapely.geometry import LineString, box

from corridors.grid import Grid
from corridors.layers.rasterise import burn_lines, burn_points, burn_polygons, close_corners, cropped, padded

SIZE = 12
GRID = Grid("EPSG:32652", Affine(1, 0, 0, 0, -1, SIZE), (SIZE, SIZE))
coordinates = (
    st.floats(0, SIZE) | st.integers(0, SIZE).map(float) | st.integers(0, SIZE - 1).map(lambda v: v + 0.5)
)


def corners(mask: np.ndarray) -> int:
    """Places where two marked cells meet at a corner only."""
    nw, ne, sw, se = mask[:-1, :-1], mask[:-1, 1:], mask[1:, :-1], mask[1:, 1:]
    return int(((nw & se & ~ne & ~sw) | (ne & sw & ~nw & ~se)).sum())


@given(st.lists(st.tuples(coordinates, coordinates), min_size=2, max_size=5, unique=True))
def test_no_line_is_crossed_at_a_corner(points: list[tuple[float, float]]) -> None:
    assert corners(burn_lines([LineString(points)], [1], GRID) > 0) == 0


def test_a_diagonal_line_costs_a_diagonal_walker_its_full_resistance() -> None:
    # 8-neighbour least cost over a line of resistance 1000 from corner to corner
    burnt = burn_lines([LineString([(0, SIZE), (SIZE, 0)])], [1], GRID) > 0
    cost = shortest_distances(np.where(burnt, 1000.0, 1.0), [(SIZE - 1, 0)])
    assert cost[0, SIZE - 1] > 1000


def test_the_highest_class_wins_in_any_order() -> None:
    lines = [LineString([(0, 6.5), (12, 6.5)]), LineString([(6.5, 0), (6.5, 12)])]
    for order in (slice(None), slice(None, None, -1)):
        burnt = burn_lines(lines[order], [3, 1][order], GRID)
        assert burnt[5, 6] == 3
        assert burnt[0, 6] == 1
        assert (burnt == 3).sum() == 12


def test_a_lower_class_does_not_open_a_higher_one() -> None:
    values = np.array([[3, 1], [0, 3]], dtype=np.uint8)
    assert corners(close_corners(values) >= 3) == 0


@given(arrays(np.uint8, (6, 7), elements=st.integers(0, 3)))
def test_closing_corners_only_raises_and_closes_every_class(values: np.ndarray) -> None:
    closed = close_corners(values)
    assert (closed >= values).all()
    assert all(corners(closed >= value) == 0 for value in (1, 2, 3))
    assert (close_corners(closed) == closed).all()


def test_no_lines_is_an_empty_raster() -> None:
    assert not burn_lines([], [], GRID).any()
    assert not burn_lines([LineString()], [1], GRID).any()


def test_polygons_by_centre_and_small_ones_by_touch() -> None:
    burnt = burn_polygons([box(0, 0, 2.4, 2.4), box(8.9, 8.9, 9.1, 9.1)], GRID)
    assert burnt[-2:, :2].all()
    assert burnt.sum() == 4 + 4


def test_points_add_up_and_outer_edges_belong_to_the_last_cell() -> None:
    x, y = np.array([0.5, 0.6, 12.0, 13.0]), np.array([11.5, 11.4, 0.0, 5.0])
    burnt = burn_points(x, y, np.array([2.0, 3.0, 7.0, 99.0]), GRID)
    assert burnt[0, 0] == 5
    assert burnt[-1, -1] == 7
    assert burnt.sum() == 12


def test_padding_and_cropping_are_inverse() -> None:
    wider = padded(GRID, 3)
    assert wider.shape == (18, 18)
    assert wider.bounds == (-3, -3, 15, 15)
    assert cropped(np.ones(wider.shape), 3).shape == GRID.shape
    assert cropped(np.ones((4, 4)), 0).shape == (4, 4)
