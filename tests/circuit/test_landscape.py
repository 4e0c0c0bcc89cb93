import geopandas as gpd
import numpy as np
import pytest
from affine import Affine
from shapely import Point

from corridors.barriers import EdgeCosts
from corridors.circuit import advanced_current, effective_resistances, pairwise_current
from corridors.errors import InputError, SolveError
from corridors.grid import Grid
from corridors.kernels.cost_distance import EAST

CORNER = Affine(500, 0, 500_000, 0, -500, 4_800_000)


def raster(values, name="resistance", corner=CORNER):
    values = np.asarray(values)
    return Grid("EPSG:32652", corner, values.shape).like(values, name=name)


LINE = raster(np.array([[1.0, 3.0, 1.0, 1.0]]))
ENDS = raster(np.array([[1, 0, 0, 2]]), "cores")


def fence(columns, cost_m, shape=(1, 4)):
    count = len(columns)
    grid = Grid("EPSG:32652", CORNER, shape)
    rows, columns = np.zeros(count, np.int64), np.array(columns, np.int64)
    return EdgeCosts(grid, rows, columns, np.full(count, EAST, np.uint8), np.full(count, cost_m))


def test_a_line_with_and_without_a_barrier():
    maps = pairwise_current(LINE, ENDS)
    row = maps.resistances.iloc[0]
    assert (row["core_a"], row["core_b"], row["status"], row["solver"]) == (1, 2, "solved", "direct")
    assert row["resistance"] == pytest.approx(5)
    np.testing.assert_allclose(maps.cumulative, np.ones((1, 4)))
    assert (maps.cumulative.name, maps.cumulative.attrs["units"]) == ("cumulative_current", "A")
    assert maps.plan.nodes == 4
    crossed = effective_resistances(LINE, ENDS, barriers=fence([2], 2000.0))
    assert crossed["resistance"].tolist() == pytest.approx([5 + 4])
    crossed = effective_resistances(LINE, ENDS, barriers=fence([1, 2], 500.0))
    assert crossed["resistance"].tolist() == pytest.approx([5 + 2])


def test_a_sealed_barrier_parts_components():
    maps = pairwise_current(LINE, ENDS, barriers=fence([1], np.inf))
    row = maps.resistances.iloc[0]
    assert row["status"] == "disconnected"
    assert np.isnan(row["resistance"])
    assert not maps.cumulative.values.any()


def test_a_crossing_costs_the_same_at_any_cell_size():
    # 4 km of ideal habitat and a crossing of 3000 m: in metres 7000 at 1000, 500 and 250 m.
    for cells in (5, 9, 17):
        size = 4000 / (cells - 1)
        grid = Grid("EPSG:32652", Affine(size, 0, 500_000, 0, -size, 4_800_000), (1, cells))
        ends = np.zeros((1, cells), int)
        ends[0, 0], ends[0, -1] = 1, 2
        place = np.array([0]), np.array([cells // 2])
        barrier = EdgeCosts(grid, *place, np.array([EAST], np.uint8), np.array([3000.0]))
        res, cores = grid.like(np.ones((1, cells)), name="resistance"), grid.like(ends, name="cores")
        (found,) = effective_resistances(res, cores, barriers=barrier)["resistance"]
        assert found * size == pytest.approx(7000)


def test_maximum_and_single_pairs_add_up():
    rng = np.random.default_rng(3)
    res = raster(1 + 9 * rng.random((6, 8)))
    res.values[2, 3] = np.nan
    cores = np.zeros((6, 8), int)
    cores[:2, :2], cores[5, 6:], cores[0, 7] = 4, 2, 9
    maps = pairwise_current(res, raster(cores, "cores"), maximum=True, per_pair=True)
    assert list(maps.per_pair) == [(2, 4), (2, 9), (4, 9)]
    stack = np.stack([current.values for current in maps.per_pair.values()])
    np.testing.assert_allclose(maps.cumulative, stack.sum(axis=0))
    np.testing.assert_allclose(maps.maximum, stack.max(axis=0))
    assert np.isnan(maps.cumulative.values[2, 3])
    only = pairwise_current(res, raster(cores, "cores"), pairs=[(9, 4)])
    assert only.resistances[["core_a", "core_b"]].values.tolist() == [[4, 9]]
    np.testing.assert_allclose(only.cumulative, maps.per_pair[4, 9])


def test_points_and_two_of_them_in_one_cell():
    places = [Point(500_250, 4_799_750), Point(501_750, 4_799_750), Point(501_700, 4_799_800)]
    points = gpd.GeoDataFrame(index=["a", "b", "c"], geometry=places, crs="EPSG:32652")
    table = effective_resistances(LINE, points).set_index(["core_a", "core_b"])
    assert table.loc[("a", "b"), "resistance"] == pytest.approx(5)
    assert table.loc[("b", "c"), "resistance"] == 0
    assert table.loc[("b", "c"), "status"] == "same node"
    twice = points.set_axis(["a", "b", "b"])
    with pytest.raises(InputError, match=r"I226.*twice.*b"):
        effective_resistances(LINE, twice)


def test_sources_and_grounds_as_given():
    sources, grounds = raster(np.array([[2.0, 0, 0, 0]]), "sources"), raster([[0, 0, 0, np.inf]], "grounds")
    maps = advanced_current(LINE, sources, grounds)
    np.testing.assert_allclose(maps.voltage, [[10, 6, 2, 0]])
    np.testing.assert_allclose(maps.current, np.full((1, 4), 2))
    assert maps.residual < 1e-12
    assert (maps.plan.solver, maps.plan.right_hand_sides) == ("direct", 1)
    holes = raster(np.array([[np.nan, 3.0, 1.0, 1.0]]))
    with pytest.raises(InputError, match=r"I222.*sources.*1 cells.*row 0, column 0"):
        advanced_current(holes, sources, grounds)


@pytest.mark.parametrize("bad", [0.0, -5.0, -9999.0])
def test_resistances_that_are_none_are_refused(bad):
    with pytest.raises(InputError, match=r"I211.*1 cells are not positive.*row 0, column 1"):
        pairwise_current(raster(np.array([[1.0, bad, 1.0, 1.0]])), ENDS)


def test_a_contrast_too_large_to_trust_is_refused_and_can_be_accepted():
    res = raster(np.array([[1.0, 2e9, 1.0, 1.0]]))
    with pytest.raises(SolveError, match=r"S503.*2\.0e\+09.*accept_contrast"):
        effective_resistances(res, ENDS)
    assert effective_resistances(res, ENDS, accept_contrast=True)["resistance"][0] == pytest.approx(2e9 + 2)


def test_grids_that_differ_are_told_with_all_differences():
    moved = raster(np.array([[1, 0, 2]]), "cores", Affine(250, 0, 500_100, 0, -250, 4_800_000))
    with pytest.raises(InputError, match=r"I201.*shapes.*cells of.*shifted"):
        pairwise_current(LINE, moved)
    other = fence([1], 5.0, shape=(1, 5))
    with pytest.raises(InputError, match=r"I201.*barriers"):
        pairwise_current(LINE, ENDS, barriers=other)


def test_core_areas_that_are_of_no_use():
    with pytest.raises(InputError, match=r"I223.*too few.*1"):
        pairwise_current(LINE, raster(np.array([[1, 0, 0, 0]]), "cores"))
    res = raster(np.array([[1.0, 1.0, 1.0, np.nan]]))
    with pytest.raises(InputError, match=r"I222.*2 \(row 0, column 3; nearest valid cell 0, 2\)"):
        pairwise_current(res, ENDS)
    with pytest.raises(InputError, match=r"I223.*empty"):
        pairwise_current(LINE, ENDS, pairs=[])


def test_inputs_are_not_changed():
    res, cores = LINE.copy(deep=True), ENDS.copy(deep=True)
    pairwise_current(res, cores, per_pair=True, maximum=True)
    assert res.identical(LINE)
    assert cores.identical(ENDS)
