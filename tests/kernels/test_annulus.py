from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from corridors.kernels.annulus import ring, ring_minimum


@given(st.floats(1.0, 9.0))
def test_a_ring_is_closed_one_cell_thick_and_symmetric(radius):
    cells = {tuple(cell) for cell in ring(radius).tolist()}
    for down, right in cells:
        assert radius - 1 - 1e-8 <= math.hypot(down, right) <= radius + 1e-8
        assert {(right, down), (-down, right), (down, -right)} <= cells
    # Every straight way from the middle outward meets it: no angle without a cell.
    for angle in np.linspace(0, math.pi / 2, 50):
        way = {
            (round(t * math.sin(angle)), round(t * math.cos(angle))) for t in np.linspace(0, radius + 1, 400)
        }
        assert way & cells


@given(
    arrays.arrays(
        np.float64,
        st.tuples(st.integers(1, 9), st.integers(1, 9)),
        elements=st.one_of(st.floats(0, 100), st.just(math.inf)),
    ),
    st.sampled_from([1.0, 1.5, 2.0, 3.3, 6.0]),
    st.data(),
)
def test_minimum_is_that_of_every_cell_looked_at_in_turn(values, radius, data):
    rows, columns = (
        slice(*sorted(data.draw(st.tuples(st.integers(0, length), st.integers(0, length)))))
        for length in values.shape
    )
    found = ring_minimum(values, (rows, columns), ring(radius))
    assert found.shape == (rows.stop - rows.start, columns.stop - columns.start)
    for row, column in np.ndindex(found.shape):
        met = [
            values[r, c]
            for r, c in np.ndindex(values.shape)
            if radius - 1 - 1e-9
            <= math.hypot(r - row - rows.start, c - column - columns.start)
            <= radius + 1e-9
        ]
        assert found[row, column] == min(met, default=math.inf)


def test_precision_is_kept():
    found = ring_minimum(np.ones((3, 3), dtype=np.float32), (slice(0, 3), slice(0, 3)), ring(1.0))
    assert found.dtype == np.float32
