import geopandas as gpd
import numpy as np
import pytest
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from shapely import box, union_all

from corridors.barriers import EdgeCosts
from corridors.circuit import corridor_currents, effective_resistances
from corridors.errors import InputError
from corridors.grid import Grid
from corridors.kernels.cost_distance import EAST

GRID = Grid("EPSG:32652", Affine(500, 0, 500_000, 0, -500, 4_800_000), (7, 11))
RES = GRID.like(np.ones(GRID.shape), name="resistance")


def area(rows, columns):
    """Return the rectangle over ranges of cells."""
    left, top = 500_000 + 500 * columns[0], 4_800_000 - 500 * rows[0]
    return box(left, 4_800_000 - 500 * rows[1], 500_000 + 500 * columns[1], top)


def labels(*cores):
    values = np.zeros(GRID.shape, np.uint16)
    for core, rows, columns in cores:
        values[slice(*rows), slice(*columns)] = core
    return GRID.like(values, name="cores")


CORES = labels((1, (0, 7), (0, 2)), (2, (0, 7), (9, 11)))


def corridors(*rows):
    index = [row[0] for row in rows]
    ends = {"core_a": [row[1] for row in rows], "core_b": [row[2] for row in rows]}
    return gpd.GeoDataFrame(ends, index=index, geometry=[row[3] for row in rows], crs=GRID.crs)


def test_all_current_passes_a_neck_one_cell_wide():
    # Seven rows wide, but one cell in the middle column.
    waist = union_all([area((0, 7), (2, 5)), area((3, 4), (5, 6)), area((0, 7), (6, 9))])
    found = corridor_currents(corridors((7, 1, 2, waist)), CORES, RES)
    current = found.current.values
    assert current[3, 5] == pytest.approx(1)
    assert found.links.loc[7, "largest_current"] == pytest.approx(1)
    assert np.nanmax(np.where(np.arange(11) == 2, current, np.nan)) < 0.5
    assert np.isnan(current[:, [0, 1, 9, 10]]).all()
    assert np.isnan(current[[0, 1, 2, 4, 5, 6], 5]).all()


def test_a_wide_corridor_spreads_the_current():
    found = corridor_currents(corridors((7, 1, 2, area((0, 7), (2, 9)))), CORES, RES)
    assert found.links.loc[7, "largest_current"] < 0.25
    expected = effective_resistances(RES, CORES)["resistance"][0]
    assert found.links.loc[7, "resistance"] == pytest.approx(expected)
    # What crosses a column of cells along the rows and diagonals is 1 A in all: every cell has its share.
    np.testing.assert_allclose(found.current.values[:, 2:9].sum(axis=0), 1, rtol=0.35)


def test_the_largest_of_several_links_is_shown():
    cores = labels((1, (0, 7), (0, 1)), (2, (0, 3), (10, 11)), (3, (4, 7), (10, 11)))
    upper, lower = area((2, 3), (1, 10)), area((4, 5), (1, 10))
    both = corridors((1, 1, 2, upper), (2, 1, 3, union_all([lower, upper])))
    found = corridor_currents(both, cores, RES)
    alone = corridor_currents(both.loc[[2]], cores, RES).current.values
    assert found.current.values[2, 5] == pytest.approx(1)
    assert found.current.values[4, 5] == alone[4, 5]
    assert list(found.links.index) == [1, 2]


def test_barriers_count():
    line = corridors((1, 1, 2, area((3, 4), (2, 9))))
    place = np.array([3]), np.array([5])
    barrier = EdgeCosts(GRID, *place, np.array([EAST], np.uint8), np.array([2000.0]))
    free, crossed = (corridor_currents(line, CORES, RES, barriers=b).links for b in (None, barrier))
    assert crossed.loc[1, "resistance"] == pytest.approx(free.loc[1, "resistance"] + 4)
    sealed = EdgeCosts(GRID, *place, np.array([EAST], np.uint8), np.array([np.inf]))
    cut = corridor_currents(line, CORES, RES, barriers=sealed)
    assert cut.links.loc[1, "status"] == "disconnected"
    assert np.isnan(cut.current.values).all()


def test_barriers_stay_in_place_where_the_corridor_is_cut_out():
    cores = labels((1, (4, 5), (4, 5)), (2, (4, 5), (8, 9)))
    line = corridors((1, 1, 2, area((4, 5), (5, 8))))
    barrier = EdgeCosts(GRID, np.array([4]), np.array([6]), np.array([EAST], np.uint8), np.array([500.0]))
    assert corridor_currents(line, cores, RES, barriers=barrier).links.loc[1, "resistance"] == pytest.approx(
        5
    )


def test_a_corridor_through_a_third_core_area_leads_through_it():
    cores = labels((1, (0, 7), (0, 2)), (2, (0, 7), (9, 11)), (3, (0, 7), (5, 6)))
    parts = union_all([area((3, 4), (2, 5)), area((3, 4), (6, 9))])
    found = corridor_currents(corridors((1, 1, 2, parts)), cores, RES)
    assert found.links.loc[1, "status"] == "solved"
    # Straight on, or along two diagonals whose steps are longer by the square root of 2.
    assert found.current.values[3, 5] == pytest.approx(1 / (1 + np.sqrt(2)))


@given(st.integers(0, 10_000))
def test_a_corridor_over_everything_is_the_whole_circuit(seed):
    # Whatever shape the core areas have, and however many pieces: they are one node each.
    random = np.random.default_rng(seed)
    values = random.choice([0, 0, 0, 1, 2], GRID.shape).astype(np.uint16)
    values[0, 0], values[-1, -1] = 1, 2
    cores = GRID.like(values, name="cores")
    res = GRID.like(random.choice([1.0, 3.0, 20.0], GRID.shape), name="resistance")
    rows, columns = np.divmod(np.flatnonzero(random.random(7 * 10) < 0.3), 10)
    barrier = EdgeCosts(GRID, rows, columns, np.full(len(rows), EAST, np.uint8), np.full(len(rows), 900.0))
    everywhere = corridors((1, 1, 2, area((0, 7), (0, 11))))
    found = corridor_currents(everywhere, cores, res, barriers=barrier)
    expected = effective_resistances(res, cores, barriers=barrier)["resistance"][0]
    assert found.links.loc[1, "resistance"] == pytest.approx(expected, rel=1e-6)


def test_what_cannot_be_meant_is_refused():
    line = corridors((1, 1, 2, area((3, 4), (2, 9))))
    with pytest.raises(InputError, match=r"I202.*CRS"):
        corridor_currents(line.to_crs("EPSG:32653"), CORES, RES)
    with pytest.raises(InputError, match=r"I221.*core 5"):
        corridor_currents(corridors((1, 1, 5, area((3, 4), (2, 9)))), CORES, RES)
