from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from barriers.walks import crossed, steps_in
from hypothesis import given
from hypothesis import strategies as st
from landscapes import grid_of

from corridors.barriers.crossings import UNITS, step_crossings, to_metres, to_units
from corridors.kernels.cost_distance import EAST, SOUTH, SOUTH_EAST, SOUTH_WEST

SHAPE = (4, 5)
# Centres a hair to the west and a far smaller one to the north, in cells.
HAIR = (-1e-4, -1e-9)

quarters = st.tuples(st.integers(-8, 26), st.integers(-8, 22)).map(lambda xy: (xy[0] / 4, xy[1] / 4))
anywhere = st.tuples(st.floats(-2, 6.5), st.floats(-2, 5.5))


def found(line, shape=SHAPE):
    units = np.rint(np.array(line) * UNITS).astype(np.int64)
    moved = (units[1:] != units[:-1]).any(axis=1)
    crossings = step_crossings(units[:-1][moved], units[1:][moved], shape)
    parts = crossings.rows.tolist(), crossings.columns.tolist(), crossings.direction.tolist()
    return Counter(zip(*parts, strict=True))


@given(st.lists(quarters, min_size=2, max_size=5))
def test_lines_through_centres_and_corners_pass_beside_them_as_the_rule_says(line):
    line = [line[0], *(b for a, b in pairwise(line) if a != b)]
    if len(line) > 1:
        assert found(line) == crossed(line, SHAPE, HAIR)


@given(st.lists(anywhere, min_size=2, max_size=4, unique=True))
def test_crossings_are_those_geos_finds(line):
    line = [(round(x * UNITS) / UNITS, round(y * UNITS) / UNITS) for x, y in line]
    if len(set(line)) == len(line):
        assert found(line) == crossed(line, SHAPE, (-1e-9, -1e-14))


@given(st.lists(quarters, min_size=3, max_size=6, unique=True))
def test_a_closed_line_is_crossed_as_often_inward_as_outward(ring):
    # Around every square of four centres, along its sides and over its diagonal.
    count = found([*ring, ring[0]])
    for (row, column, direction), _ in steps_in(SHAPE):
        if direction == SOUTH_EAST:
            upper = [(row, column, EAST), (row, column + 1, SOUTH), (row, column, SOUTH_EAST)]
            lower = [(row, column, SOUTH), (row + 1, column, EAST), (row, column, SOUTH_EAST)]
            other = [(row, column, EAST), (row, column, SOUTH), (row, column + 1, SOUTH_WEST)]
            for triangle in (upper, lower, other):
                assert sum(count[step] for step in triangle) % 2 == 0


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        # Along a column of centres: east of them.
        ([(1, -1), (1, 3)], {(0, 1, EAST), (1, 1, EAST)}),
        # Along a row of centres: south of them.
        ([(-1, 0), (3, 0)], {(0, 0, SOUTH), (0, 1, SOUTH), (0, 2, SOUTH)}),
    ],
)
def test_a_line_along_centres_is_on_one_side_of_them(line, expected):
    straight = {step for step in found(line, (2, 3)) if step[2] in (EAST, SOUTH)}
    assert straight == expected


def test_centres_on_a_falling_diagonal_are_below_it():
    above = {key: {column > row for column, row in ends} for key, ends in steps_in(SHAPE)}
    assert set(found([(-1, -1), (6, 6)])) == {key for key, sides in above.items() if len(sides) == 2}


def test_centres_on_a_rising_diagonal_are_above_it():
    below = {key: {column + row > 3 for column, row in ends} for key, ends in steps_in(SHAPE)}
    assert set(found([(-1, 4), (6, -3)])) == {key for key, sides in below.items() if len(sides) == 2}


def test_the_side_of_a_segment_does_not_depend_on_its_direction():
    line = [(-1.0, -1.0), (0.0, 0.0), (2.0, 1.0), (5.0, 5.0)]
    assert found(line) == found(line[::-1])


def test_long_segments_do_not_overflow():
    far = 15_999 / np.sqrt(2)
    assert set(found([(-far / 2, -far / 2 + 0.4), (far / 2, far / 2 + 0.4)], (2, 2))) == set(
        found([(-2.0, -1.6), (3.0, 3.4)], (2, 2))
    )


def test_units_lead_back_to_metres():
    grid = grid_of((40, 30), cell_size_m=500)
    xy = np.array([[507_123.4, 4_881_234.5], [500_250.0, 4_899_750.0]])
    units = to_units(xy, grid)
    assert units[1].tolist() == [0, 0]
    assert np.abs(to_metres(units, grid) - xy).max() <= 500 / UNITS
