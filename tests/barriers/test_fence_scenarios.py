"""What fences do to cost distance: hand-made numbers, any cell size, no leaks."""

import numpy as np
import pytest
import shapely
from barriers.walks import drawn, gates, least_costs, solved
from hypothesis import given
from hypothesis import strategies as st
from landscapes import E3, A, B, grid_of

from corridors.barriers import edge_costs, kernel_edges

# Steps of the landscape E3: across column 3 in row 0, 1 + 1 + 5 + 5 + 1 + 1; in row 4, 10 and twice
# 2 + 2 sqrt 2; through the gap in row 2, 2 + 2 and twice 2 sqrt 2.
GAP = 4 + 4 * np.sqrt(2)
BORDER = [(2.5, -1), (2.5, 5)]


@pytest.mark.parametrize(
    ("cost", "gate", "expected"),
    [
        (0.0, None, 9.656854),
        (5.0, None, 14.656854),
        (5.0, 0, 14.0),
        (np.inf, 4, 19.656854),
        (np.inf, 2, 9.656854),
    ],
)
@pytest.mark.parametrize("cell_size_m", [1.0, 500.0])
def test_a_border_fence_with_and_without_gates(cost, gate, expected, cell_size_m):
    openings = None if gate is None else gates((2.5, gate), cell_size_m=cell_size_m)
    fence = drawn(BORDER, cell_size_m=cell_size_m)
    grid = grid_of(E3.shape, cell_size_m=cell_size_m)
    edges = edge_costs(fence, grid, crossing_cost_m=cost * cell_size_m, openings=openings)
    assert least_costs(E3, A, edges)[B] / cell_size_m == pytest.approx(expected, abs=1e-6)
    assert solved(E3, A, kernel_edges(edges))[B] == pytest.approx(expected, abs=1e-6)


def test_the_numbers_by_hand():
    assert pytest.approx(9.656854, abs=1e-6) == GAP
    assert pytest.approx(14.656854, abs=1e-6) == GAP + 5
    assert pytest.approx(19.656854, abs=1e-6) == 10 + 2 * (2 + 2 * np.sqrt(2))


def test_a_sealed_fence_without_a_gate_is_the_end_of_the_way():
    edges = edge_costs(drawn(BORDER), grid_of(E3.shape), crossing_cost_m=np.inf)
    cost = solved(E3, A, kernel_edges(edges))
    assert np.isinf(cost[:, 3:]).all()
    assert np.isfinite(cost[:, :3]).all()


SIZES_M = (125.0, 250.0, 500.0)
WEST, EAST_END, MIDDLE = (
    (5_000.0, 20_000.0),
    (35_000.0, 20_000.0),
    20_000.0,
)  # x and y from the upper left corner
SIDE_M, FENCE_COST_M = 40_000.0, 25_000.0
# Neither straight line runs along centres or corners.
STRAIGHT = [(17_000.0, -1_000.0), (23_300.0, 41_000.0)]
along = np.linspace(-1_000.0, 41_000.0, 4_000)
WAVES = np.column_stack(
    [MIDDLE + 700 * np.sin(along / 300) + 250 * np.sin(along / 70), along]
)  # swings of 2 km in 2 km, and of 500 m in 400 m
BAYS = np.column_stack(
    [MIDDLE + 600 * np.sin(along / 260) + 30 * np.sin(along / 17), along + 500 * np.sin(along / 130)]
)  # turns back on itself
FENCES = {"straight": STRAIGHT, "waves": WAVES, "bays": BAYS}


def cost_m(cell_size_m, line=None, gate=None, cost=FENCE_COST_M):
    """Cost from west to east of a plain, around or through a fence."""
    side = int(SIDE_M / cell_size_m)
    grid = grid_of((side, side), cell_size_m=cell_size_m)
    left, _, _, top = grid.bounds
    edges = None
    if line is not None:
        xy = np.array([left, top]) + np.array([1, -1]) * np.asarray(line)
        fence = drawn([(0, 0), (1, 1)])
        fence = fence.set_geometry([shapely.LineString(xy)], crs=grid.crs)
        openings = None
        if gate is not None:
            openings = gates((0, 0)).set_geometry(
                [shapely.Point(left + gate[0], top - gate[1])], crs=grid.crs
            )
        edges = kernel_edges(edge_costs(fence, grid, crossing_cost_m=cost, openings=openings))
    start, end = ((int(y / cell_size_m), int(x / cell_size_m)) for x, y in (WEST, EAST_END))
    return solved(np.ones(grid.shape), start, edges)[end] * cell_size_m


@pytest.mark.parametrize("fence", FENCES)
def test_a_fence_costs_the_same_at_any_cell_size(fence):
    extra = [cost_m(size, FENCES[fence]) - cost_m(size) for size in SIZES_M]
    assert extra == pytest.approx([FENCE_COST_M] * 3, rel=0.02)
    if fence == "straight":
        assert extra == pytest.approx([FENCE_COST_M] * 3, rel=1e-9)


@pytest.mark.parametrize("fence", FENCES)
def test_a_gate_is_the_same_way_round_at_any_cell_size(fence):
    line = shapely.LineString(FENCES[fence])
    place = line.interpolate(line.project(shapely.Point(MIDDLE, 33_000.0)))
    costs = [cost_m(size, FENCES[fence], (place.x, place.y), np.inf) for size in SIZES_M]
    for size, cost in zip(SIZES_M, costs, strict=True):
        assert cost == pytest.approx(
            costs[0], abs=2 * size + 1
        )  # a bay two cells wide has to be walked out of
        if fence == "straight":
            assert cost == pytest.approx(costs[0], rel=0.02)
    assert cost_m(500.0) + 3_000 < costs[0] < np.inf


@pytest.mark.parametrize("fence", FENCES)
@pytest.mark.parametrize("cell_size_m", SIZES_M)
def test_sealed_it_has_no_way_through(fence, cell_size_m):
    assert np.isinf(cost_m(cell_size_m, FENCES[fence], cost=np.inf))


corner = st.integers(-4, 44).map(lambda quarter: quarter / 4)


@given(st.lists(corner, min_size=1, max_size=8), st.booleans())
def test_no_sealed_fence_leaks_however_it_lies_on_centres_and_corners(heights, transposed):
    # From left of the raster to right of it, in steps that often run through centres and corners.
    xs = np.linspace(-1, 10, len(heights) + 1).tolist()
    line = [(round(4 * x) / 4, y) for x, y in zip(xs, [heights[0], *heights], strict=True)]
    line = [(y, x) for x, y in line] if transposed else line
    edges = edge_costs(drawn(line), grid_of((10, 10)), crossing_cost_m=np.inf)
    whole = shapely.Polygon([*line, (20, 30), (-20, 30)] if not transposed else [*line, (30, 20), (30, -20)])
    rows, columns = np.indices((10, 10))
    side = shapely.contains_xy(whole, columns - 1e-4, rows - 1e-9)
    for start in ((0, 0), (9, 9)):
        reached = np.isfinite(solved(np.ones((10, 10)), start, kernel_edges(edges)))
        assert not (reached & (side != side[start])).any()


@pytest.mark.parametrize("shift", [0.0, 0.25, 0.5])
def test_a_diagonal_fence_of_one_line_does_not_leak(shift):
    resistance = np.ones((30, 30))
    fence = drawn([(-1 + shift, -1), (31 + shift, 31)])
    edges = edge_costs(fence, grid_of(resistance.shape), crossing_cost_m=1000)
    plain, fenced = (solved(resistance, (29, 0), e)[0, 29] for e in (None, kernel_edges(edges)))
    assert fenced == pytest.approx(plain + 1000, abs=1e-9)
