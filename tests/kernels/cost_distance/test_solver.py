import _thread
import threading
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernels.cases import KINDS, cases, cases_with_barriers, dijkstra, one, raster_of_kind
from skimage.graph import MCP_Geometric

from corridors.errors import InputError
from corridors.kernels.cost_distance import new_workspace, prepare, solve, solve_reached

DTYPES = (np.float64, np.float32)
VECTOR = (True, False)


def by_mcp(values, sources):
    known = [cell for cell in zip(*(part.tolist() for part in sources), strict=True) if values[cell] > 0]
    if not known:
        return np.full(values.shape, np.inf)
    return MCP_Geometric(np.where(np.isnan(values), -1, values)).find_costs(known)[0]


@pytest.mark.parametrize("vector", VECTOR)
@given(case=cases())
def test_same_bits_as_mcp(vector, case):
    values, sources = case
    np.testing.assert_array_equal(solve(values, sources, vector=vector), by_mcp(values, sources))


@pytest.mark.parametrize("dtype", DTYPES)
@given(case=cases())
def test_same_bits_as_dijkstra_with_a_heap(dtype, case):
    values, sources = case
    found = solve(values, sources, dtype=dtype)
    assert found.dtype == dtype
    np.testing.assert_array_equal(found, dijkstra(values, sources, dtype=dtype))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("vector", VECTOR)
@given(case=cases_with_barriers())
def test_same_bits_as_dijkstra_with_barriers(dtype, vector, case):
    values, sources, edges, extra = case
    found = solve(values, sources, dtype=dtype, edges=edges, vector=vector)
    np.testing.assert_array_equal(found, dijkstra(values, sources, dtype=dtype, extra=extra))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(150, 211), (40, 480), (300, 64)])
def test_many_tiles(kind, shape):
    values = raster_of_kind(kind, shape, np.random.default_rng(4))
    values[0, 5] = 2
    expected = by_mcp(values, one(0, 5))
    np.testing.assert_array_equal(solve(values, one(0, 5)), expected)
    np.testing.assert_array_equal(solve(values, one(0, 5), vector=False), expected)


@given(case=cases(), share=st.floats(0, 1.2), vector=st.booleans())
def test_beyond_the_limit_is_not_reached(case, share, vector):
    values, sources = case
    whole = solve(values, sources)
    limit = share * whole[np.isfinite(whole)].max(initial=0.0)
    found = solve(values, sources, max_cost=limit, vector=vector)
    np.testing.assert_array_equal(found, np.where(whole <= limit, whole, np.inf))


@given(case=cases())
def test_several_sources_are_the_smallest_of_single_ones(case):
    values, (rows, columns) = case
    single = [solve(values, one(*cell)) for cell in zip(rows, columns, strict=True)]
    np.testing.assert_array_equal(solve(values, (rows, columns)), np.minimum.reduce(single))


@given(case=cases(), turns=st.integers(0, 3), mirrored=st.booleans())
def test_turned_and_mirrored_bit_for_bit(case, turns, mirrored):
    values, sources = case

    def moved(array):
        return np.rot90(np.fliplr(array) if mirrored else array, turns)

    mark = np.zeros(values.shape, dtype=bool)
    mark[sources] = True
    found = solve(moved(values), np.nonzero(moved(mark)))
    np.testing.assert_array_equal(found, moved(solve(values, sources)))


def test_nothing_but_no_data():
    assert np.isinf(solve(np.full((20, 20), np.nan), one(3, 3))).all()
    field = prepare(np.full((20, 20), np.nan))
    assert solve_reached(new_workspace(field), one(3, 3)).distances.size == 0


def test_no_source():
    nowhere = np.array([], dtype=int), np.array([], dtype=int)
    assert np.isinf(solve(np.ones((3, 3)), nowhere)).all()


def test_even_plain_gives_the_octile_distance():
    rows, columns = np.abs(np.arange(40) - 3)[:, None], np.abs(np.arange(50) - 4)[None, :]
    octile = np.maximum(rows, columns) + (np.sqrt(2) - 1) * np.minimum(rows, columns)
    np.testing.assert_allclose(solve(np.ones((40, 50)), one(3, 4)), octile, rtol=1e-12)


def test_a_contrast_no_window_of_buckets_spans():
    values = raster_of_kind("contrast", (60, 60), np.random.default_rng(1)) ** 10  # 1 to 1e60
    np.testing.assert_array_equal(solve(values, one(0, 0)), by_mcp(values, one(0, 0)))


@pytest.mark.parametrize(
    "convert", [np.float32, np.int64, np.asfortranarray, lambda a: np.repeat(a, 2, 1)[:, ::2]]
)
def test_any_layout_of_the_input(convert):
    values = np.random.default_rng(2).integers(1, 9, (30, 40)).astype(float)
    given_values = convert(values)
    before = given_values.copy()
    np.testing.assert_array_equal(solve(given_values, one(2, 2)), by_mcp(values, one(2, 2)))
    np.testing.assert_array_equal(given_values, before)


@pytest.mark.parametrize("dtype", DTYPES)
@given(case=cases(), data=st.data())
def test_a_workspace_forgets_the_source_before(dtype, case, data):
    values, (rows, columns) = case
    workspace = new_workspace(prepare(values, dtype=dtype))
    for row, column in zip(rows, columns, strict=True):
        whole = solve(values, one(row, column), dtype=dtype)
        limit = data.draw(st.sampled_from([0.0, 3.0, 1e3, np.inf]))
        reached = solve_reached(workspace, one(row, column), max_cost=limit)
        expected = np.where(whole <= limit, whole, np.inf)
        np.testing.assert_array_equal(reached.distances, expected[reached.window])
        expected[reached.window] = np.inf
        assert np.isinf(expected).all()
        assert all(
            np.isfinite(reached.distances).any(axis=axis).all() for axis in (0, 1)
        )  # no row for nothing


def test_threads_with_a_workspace_each_give_the_same_bits():
    values = raster_of_kind("contrast", (200, 200), np.random.default_rng(3))
    field, found = prepare(values), {}

    def work(first):
        workspace = new_workspace(field)
        for row in range(first, 200, 50):
            found[row] = solve_reached(workspace, one(row, 10)).distances

    threads = [threading.Thread(target=work, args=(first,)) for first in (0, 25)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    for row, distances in found.items():
        np.testing.assert_array_equal(distances, by_mcp(values, one(row, 10)))


@pytest.mark.parametrize("vector", VECTOR)
def test_control_is_handed_back_often(vector):
    values = raster_of_kind("contrast", (1200, 1200), np.random.default_rng(3))
    times = []
    solve(values, one(0, 0), vector=vector)
    solve(values, one(0, 0), vector=vector, pause=lambda: times.append(time.perf_counter()))
    assert len(times) >= 1
    assert np.diff(times).max(initial=0.0) < 0.9


def test_control_c_stops_within_a_second_and_leaves_a_usable_workspace():
    values = raster_of_kind("contrast", (1000, 1000), np.random.default_rng(3))
    workspace = new_workspace(prepare(values))
    expected = solve_reached(workspace, one(0, 0)).distances
    stopped = []

    def stop():
        stopped.append(time.perf_counter())
        _thread.interrupt_main()

    timer = threading.Timer(0.05, stop)
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012 - the loop is what is interrupted
        timer.start()
        for _ in range(2_000):
            solve_reached(workspace, one(500, 500))
    assert time.perf_counter() - stopped[0] < 1.0
    np.testing.assert_array_equal(solve_reached(workspace, one(0, 0)).distances, expected)


def test_a_pause_may_break_off_halfway():
    class Stop(Exception):  # noqa: N818
        pass

    def stop():
        raise Stop

    values = raster_of_kind("contrast", (1000, 1000), np.random.default_rng(3))
    workspace = new_workspace(prepare(values))
    with pytest.raises(Stop):
        solve_reached(workspace, one(500, 500), pause=stop)
    reached = solve_reached(workspace, one(20, 30), max_cost=1e5)
    fresh = solve(values, one(20, 30), max_cost=1e5)
    np.testing.assert_array_equal(reached.distances, fresh[reached.window])
    assert np.isfinite(fresh).sum() == np.isfinite(reached.distances).sum()


@pytest.mark.parametrize(
    ("bad", "dtype", "code", "words"),
    [
        (0.0, np.float64, "I211", "1 cells are not positive in float64"),
        (-3.0, np.float64, "I211", "not positive"),
        (1e-60, np.float32, "I211", "not positive in float32"),
        (np.inf, np.float64, "I212", "1 cells are infinite"),
        (1e60, np.float32, "I212", "infinite in float32"),
    ],
)
def test_resistance_that_cannot_be_meant(bad, dtype, code, words):
    values = np.ones((30, 40))
    values[20, 33] = bad
    with pytest.raises(InputError, match=rf"\[{code}\] resistance: .*{words}.*row 20, column 33"):
        solve(values, one(0, 0), dtype=dtype)


@pytest.mark.parametrize("cell", [(-1, 0), (0, -1), (3, 0), (0, 4)])
def test_source_outside(cell):
    with pytest.raises(InputError, match=r"I221.*outside the raster.*3 rows, 4 columns"):
        solve(np.ones((3, 4)), one(*cell))


@pytest.mark.parametrize("limit", [-1.0, np.nan])
def test_limit_that_cannot_be_meant(limit):
    with pytest.raises(InputError, match=r"I211.*max_cost"):
        solve(np.ones((3, 4)), one(0, 0), max_cost=limit)
