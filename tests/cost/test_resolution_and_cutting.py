"""What must not matter (where tiles, blocks and chunks begin), and what must (the size of cells)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernels.cases import KINDS, dijkstra, one, raster_of_kind
from landscapes import labels_of, raster_of

from corridors.cost import accumulated_cost, cost_surfaces
from corridors.cost.blocks import accumulated_cost_in_blocks
from corridors.kernels.cost_distance import solve

TILE = 16


@given(
    st.sampled_from(KINDS),
    st.integers(0, 2**32 - 1),
    st.integers(0, TILE),
    st.integers(0, TILE),
    st.booleans(),
)
def test_where_tiles_begin_does_not_matter(kind, seed, down, right, vector):
    values = raster_of_kind(kind, (37, 41), np.random.default_rng(seed))
    values[20, 20] = 1
    moved = np.pad(values, ((down, TILE - down), (right, TILE - right)), constant_values=np.nan)
    found = solve(moved, one(20 + down, 20 + right), vector=vector)
    expected = dijkstra(values, one(20, 20))
    np.testing.assert_array_equal(found[down : down + 37, right : right + 41], expected)


@pytest.mark.parametrize("length", [1, 5, 16, 17, 40])
def test_one_wide_rasters_are_cut_into_tiles_like_any(length):
    values = 1 + np.random.default_rng(length).random((1, length))
    for raster, source in ((values, one(0, length // 2)), (values.T, one(length // 2, 0))):
        np.testing.assert_array_equal(solve(raster, source), dijkstra(raster, source))


@given(st.sampled_from(KINDS), st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(1, 40))
def test_how_the_input_is_chunked_does_not_matter(kind, seed, rows, columns):
    values = raster_of_kind(kind, (33, 40), np.random.default_rng(seed))
    values[3, 4] = values[30, 31] = 1
    res, labels = raster_of(values), labels_of(values.shape, (3, 4), (30, 31))
    expected = accumulated_cost(res, labels)
    chunked, cores = (raster.chunk({"y": rows, "x": columns}) for raster in (res, labels))
    np.testing.assert_array_equal(accumulated_cost(chunked, cores), expected)
    np.testing.assert_array_equal(accumulated_cost_in_blocks(chunked, cores, block_cells=15), expected)
    for (_, surface), (_, alone) in zip(
        cost_surfaces(chunked, cores), cost_surfaces(res, labels), strict=True
    ):
        np.testing.assert_array_equal(surface, alone)


def cost_of_a_strip(cells, rows, turned):
    """Cost over 3 km of resistance 2 + sin(x), from the centre of the first cell to that of the last."""
    size_m = 3000 / (cells - 1)
    values = np.tile(2 + np.sin(np.arange(cells) * size_m / 1000), (rows, 1))
    values = values.T if turned else values
    sources = np.zeros(values.shape, dtype=np.uint16)
    sources[(slice(None), 0) if not turned else (0, slice(None))] = 1
    where = {"cell_size_m": size_m}
    found = accumulated_cost(raster_of(values, **where), raster_of(sources, "cores", **where)).values
    return found[-1, -1]


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("rows", [2, 9])
def test_halving_the_cell_quarters_the_error_on_a_smooth_field(rows, turned):
    # Half the sum of two resistances is the trapezoid rule, whose error falls with the square of the cell.
    exact = 1000 * (2 * 3 + 1 - math.cos(3))
    errors = [abs(cost_of_a_strip(cells, rows, turned) - exact) for cells in (13, 25, 49, 97, 193)]
    ratios = np.divide(errors[:-1], errors[1:])
    np.testing.assert_allclose(ratios, 4, rtol=0.02)


def test_halving_the_cell_does_not_lessen_what_eight_directions_cost():
    # At 22.5 degrees the way is 8.24 % too far, at any size of cell.
    for cells in (71, 141, 281):
        size_m, (down, right) = 7000 / (cells - 1), (29 * (cells - 1) // 70, cells - 1)
        where = {"cell_size_m": size_m}
        res = raster_of(np.ones((cells, cells)), **where)
        found = accumulated_cost(res, labels_of((cells, cells), (0, 0), **where)).values[down, right]
        assert found / (math.hypot(down, right) * size_m) == pytest.approx(1.0824, abs=2e-5)
