from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from landscapes import grid_of

from corridors.cores.outlines import area_km2, label_polygons

labels = arrays.arrays(np.int32, st.tuples(st.integers(1, 9), st.integers(2, 9)), elements=st.integers(0, 2))


@given(labels)
def test_outlines_are_valid_and_cover_their_cells(values):
    outlines = label_polygons(values, grid_of(values.shape))
    assert list(outlines) == sorted(set(values[values > 0].tolist()))
    for label, outline in outlines.items():
        assert outline.is_valid
        assert np.isclose(outline.area, (values == label).sum())


def test_a_hole_is_taken_off_the_area_on_the_ellipsoid():
    grid = grid_of((9, 9), cell_size_m=1000)
    ring = np.ones((9, 9), dtype=np.int32)
    ring[3:6, 3:6] = 0
    ring[0, 0] = 0
    # On the central meridian of a UTM zone lengths are drawn 0.04 % short.
    assert np.isclose(area_km2(label_polygons(ring, grid)[1], grid), (81 - 10) / 0.9996**2, rtol=1e-5)
