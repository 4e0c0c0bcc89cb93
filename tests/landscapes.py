"""Small invented rasters: the worked example E3, and strategies that draw untame ones."""

from __future__ import annotations

import numpy as np
from affine import Affine
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from corridors.grid import Grid

# A 5 x 7 plain of resistance 1, cut by column 3 of resistance 9 with one gap of 3; three places to link.
E3 = np.ones((5, 7))
E3[:, 3] = 9
E3[2, 3] = 3
A, B, C = (0, 0), (0, 6), (4, 0)


def grid_of(shape, *, cell_size_m=1.0, left=500_000.0, top=4_900_000.0):
    return Grid("EPSG:32652", Affine(cell_size_m, 0, left, 0, -cell_size_m, top), shape)


def raster_of(values, name="resistance", **where):
    values = np.asarray(values)
    return grid_of(values.shape, **where).like(values, name=name)


def labels_of(shape, *cells, **where):
    """Label raster with one cell for every label, counted from 1."""
    values = np.zeros(shape, dtype=np.uint16)
    for label, cell in enumerate(cells, start=1):
        values[cell] = label
    return raster_of(values, "cores", **where)


shapes = st.one_of(
    st.tuples(st.just(1), st.integers(2, 12)),
    st.tuples(st.integers(2, 12), st.just(1)),
    st.tuples(st.integers(2, 7), st.integers(2, 7)),
)


@st.composite
def resistances(draw, shape=shapes, no_data=True):
    """Resistance with contrasts up to 1e6, ties, and no data strewn in; at least two cells are known."""
    shape = draw(shape)
    plain = st.sampled_from([1.0, 2.0, 3.0, 10.0, 100.0, 1e6])
    wild = st.floats(1.0, 1e6, allow_nan=False)
    values = draw(arrays.arrays(np.float64, shape, elements=draw(st.sampled_from([plain, wild]))))
    if no_data:
        holes = draw(arrays.arrays(np.bool_, shape, elements=st.booleans()))
        if draw(st.booleans()) and (~holes).sum() >= 2:
            values[holes] = np.nan
    return values


@st.composite
def resistances_with_cells(draw, cells=2, **options):
    """Resistance, and that many different cells of it that are not no data."""
    values = draw(resistances(**options))
    known = [tuple(int(i) for i in cell) for cell in np.argwhere(~np.isnan(values))]
    chosen = draw(
        st.lists(st.sampled_from(known), min_size=min(cells, len(known)), max_size=cells, unique=True)
    )
    chosen += [chosen[-1]] * (cells - len(chosen))
    return values, chosen
