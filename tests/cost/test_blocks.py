from __future__ import annotations

import _thread
import math
import threading
import tracemalloc
from time import perf_counter

import numpy as np
import pytest
from cost.crews import Few, Forgetful
from hypothesis import given, settings
from hypothesis import strategies as st
from kernels.cases import KINDS, cases_with_barriers, dijkstra, raster_of_kind
from landscapes import E3, A, grid_of, labels_of, raster_of

from corridors.barriers import FORWARD
from corridors.barriers.edges import edge_keys, summed
from corridors.cost import accumulated_cost
from corridors.cost.blocks import (
    Figures,
    accumulated_cost_in_blocks,
    cost_allocation_in_blocks,
    cost_in_pieces,
    memory_bytes_in_blocks,
)
from corridors.cost.blocks.block import UNKNOWN
from corridors.cost.blocks.keeper import Keeper, Order
from corridors.cost.crew import Alone
from corridors.errors import InputError, Problems, ResourceError, RunError, SolveError
from corridors.grid import Grid
from corridors.kernels.cost_distance import allocation, solve

SIZES = (2, 7, 16, 17, 64)


def labels_from(values, rows, columns):
    """Return labels of cells; a cell on no data has none."""
    labels = np.zeros(values.shape, dtype=np.int32)
    labels[rows, columns] = np.arange(len(rows), 0, -1)  # a later cell has the smaller label
    labels[np.isnan(values)] = 0
    return labels


def in_one_piece(values, labels, *, dtype="float64", limit=math.inf, edges=None):
    """Return distances and allocation of the whole raster."""
    distances = solve(values, np.nonzero(labels), dtype=dtype, max_cost=limit, edges=edges)
    return distances, allocation(distances, values, labels, edges=edges)


def edge_costs_of(edges, grid):
    """Return the steps of a kernel's table, every one once, as barriers on cells of one metre."""
    cells = np.indices(edges.shape)
    tile = edges.tiles[cells[0] // 16 + 1, cells[1] // 16 + 1]
    table = edges.costs[edges.blocks[tile, cells[0] % 16, cells[1] % 16]]
    rows, columns, way = np.nonzero(table[..., list(FORWARD)])
    direction = np.take(list(FORWARD), way)
    return summed(grid, edge_keys(grid, rows, columns, direction), table[rows, columns, direction])


def in_blocks(values, labels, **options):
    """Return the same from blocks, and what it took."""
    distances, found = np.empty(values.shape, options.get("dtype", "float64")), np.zeros(values.shape, int)
    figures = Figures()
    for piece in cost_in_pieces(
        raster_of(values), raster_of(labels, "cores"), allocate=True, figures=figures, **options
    ):
        distances[piece.rows, piece.columns] = piece.cost_m  # cells of one metre
        found[piece.rows, piece.columns] = piece.labels
    return distances, found, figures


def tightest(shape, block_cells, most_open=1, **options):
    """Return the smallest memory budget that will do."""
    return memory_bytes_in_blocks(
        shape, block_cells=block_cells, most_open=most_open, allocate=True, **options
    ) + len(shape)


# ---------------------------------------------------------------- the bits of one piece


@given(
    cases_with_barriers(),
    st.sampled_from(SIZES),
    st.sampled_from(["float64", "float32"]),
    st.sampled_from([0, 1, 2]),
    st.booleans(),
    st.sampled_from([math.inf, 30.0, 5.0]),
)
def test_any_blocks_threads_and_budget_give_the_bits_of_one_piece(case, size, dtype, workers, on_disk, limit):
    values, sources, edges, _ = case
    labels = labels_from(values, *sources)
    if not labels.any() or values.size == 1:  # no source left; one cell has no size
        return
    expected = in_one_piece(values, labels, dtype=dtype, limit=limit, edges=edges)
    barriers = edge_costs_of(edges, Grid.of(raster_of(values)))
    options = {"block_cells": size, "dtype": dtype, "workers": workers, "barriers": barriers}
    if on_disk:
        options["memory_budget_bytes"] = tightest(values.shape, size, max(workers, 1), dtype=dtype)
    if limit < math.inf:
        options["max_cost_distance_m"] = limit
    distances, found, _ = in_blocks(values, labels, **options)
    np.testing.assert_array_equal(distances, expected[0])
    np.testing.assert_array_equal(found, expected[1])


@pytest.mark.parametrize("size", [7, 16, 17, 64])
@pytest.mark.parametrize("kind", KINDS)
def test_blocks_against_a_heap(kind, size):
    values = raster_of_kind(kind, (70, 83), np.random.default_rng(size))
    values[35, 41] = 1
    sources = np.array([35]), np.array([41])
    found = accumulated_cost_in_blocks(
        raster_of(values), raster_of(labels_from(values, *sources), "cores"), block_cells=size
    )
    np.testing.assert_array_equal(found.values, dijkstra(values, sources))


@pytest.mark.parametrize("beside", [-1, 0])
@pytest.mark.parametrize("workers", [1, 2])
def test_walls_along_the_borders_of_blocks(beside, workers):
    values = 1 + np.random.default_rng(3).random((64, 80))
    for count, line in enumerate(range(16, 80, 16)):
        if line < 64:
            values[line + beside] = np.nan
            values[line + beside, (count * 31) % 80] = 1  # one gap, elsewhere in every wall
        values[:, line + beside] = np.nan
        values[(count * 23) % 64, line + beside] = 1
    values[3, 3], values[60, 70] = 1, 1
    labels = labels_from(values, [3, 60], [3, 70])
    expected = in_one_piece(values, labels)
    distances, found, _ = in_blocks(values, labels, block_cells=16, workers=workers)
    np.testing.assert_array_equal(distances, expected[0])
    np.testing.assert_array_equal(found, expected[1])


def test_ties_go_to_the_smaller_label_across_blocks():
    labels = np.zeros((9, 9), dtype=int)
    labels[4, 0], labels[4, 8], labels[0, 4] = 3, 1, 2
    _, found, _ = in_blocks(np.ones((9, 9)), labels, block_cells=3)
    np.testing.assert_array_equal(found, in_one_piece(np.ones((9, 9)), labels)[1])
    assert found[4].tolist() == [3, 3, 3, 3, 1, 1, 1, 1, 1]


def test_metres_limit_and_points_as_in_one_piece():
    grid = grid_of(E3.shape, cell_size_m=500)
    res, points = grid.like(E3, name="resistance"), np.array([grid.xy(*A)])
    for limit in (None, 2500.0, 500 * 3.414213562373095):
        expected = accumulated_cost(res, points, max_cost_distance_m=limit)
        found = accumulated_cost_in_blocks(res, points, max_cost_distance_m=limit, block_cells=2)
        np.testing.assert_array_equal(found.values, expected.values)
        assert (found.name, found.attrs) == (expected.name, expected.attrs)


def test_labels_of_points_count_in_their_order():
    grid = grid_of((1, 6))
    res = grid.like(np.ones((1, 6)), name="resistance")
    points = np.array([grid.xy(0, 5), grid.xy(0, 0)])
    cost, labels = cost_allocation_in_blocks(res, points, block_cells=2, dtype="float32")
    assert cost.dtype == np.float32
    assert (labels.dtype, labels.values.tolist()) == (np.uint16, [[2, 2, 2, 1, 1, 1]])


def test_a_maze_through_many_blocks():
    values = raster_of_kind("maze", (61, 61), np.random.default_rng(0))
    labels = labels_from(values, [0], [0])
    distances, _, figures = in_blocks(values, labels, block_cells=16)
    np.testing.assert_array_equal(distances, in_one_piece(values, labels)[0])
    assert np.isfinite(distances[-1, -1])
    assert max(figures.visits.values()) > 10


# ---------------------------------------------------------------- disk, memory, order


def test_blocks_that_do_not_fit_wait_on_disk():
    values = raster_of_kind("salt", (90, 90), np.random.default_rng(1))
    values[45, 45] = 1
    labels = labels_from(values, [45, 0], [45, 0])
    expected = in_one_piece(values, labels)
    all_in_memory = in_blocks(values, labels, block_cells=30)[2]
    distances, found, figures = in_blocks(
        values, labels, block_cells=30, memory_budget_bytes=tightest(values.shape, 30, 2)
    )
    np.testing.assert_array_equal(distances, expected[0])
    np.testing.assert_array_equal(found, expected[1])
    assert sum(all_in_memory.loads.values()) == 9
    assert figures.visits == all_in_memory.visits
    assert 9 < sum(figures.loads.values()) <= sum(figures.visits.values())


def test_blocks_that_nothing_reaches_are_never_opened():
    values = np.ones((40, 40))
    values[:, 19] = np.nan
    distances, _, figures = in_blocks(values, labels_from(values, [5], [5]), block_cells=10)
    assert np.isinf(distances[:, 20:]).all()
    assert set(figures.loads) == {4 * row + column for row in range(4) for column in (0, 1)}


def test_news_only_crosses_the_border_between_blocks():
    values = np.ones((64, 64))
    _, _, figures = in_blocks(values, labels_from(values, [0], [0]), block_cells=32)
    assert figures.exchanged_bytes < 4 * 2 * (2 * 34 + 4) * (8 + 8) * 4
    assert figures.moved_bytes == 4 * 33 * 33 * 8 + 64 * 64 * (8 + 4)


def test_memory_is_checked_before_anything_starts():
    res, cores = raster_of(np.ones((64, 64))), labels_of((64, 64), (0, 0))
    with pytest.raises(
        ResourceError, match=r"R301.*memory_budget_bytes: not even one block.*Allowed: .*smaller"
    ):
        accumulated_cost_in_blocks(res, cores, block_cells=16, memory_budget_bytes=1000)
    with pytest.raises(ResourceError, match=r"R301.*the workers: .*more memory.*0.00 GB free.*on disk"):
        cost_in_pieces(res, cores, workers=Few())
    huge = grid_of((3_000_000, 3_000_000)).like(
        np.broadcast_to(np.float32(1), (3_000_000, 3_000_000)), name="resistance"
    )
    with pytest.raises(ResourceError, match=r"R301.*this machine: .*more memory than is free"):
        accumulated_cost_in_blocks(huge, np.array([[500_000.5, 4_899_999.5]]), memory_budget_bytes=10**9)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_memory_grows_with_cells_and_stays_within_a_budget(dtype):
    per_cell = memory_bytes_in_blocks((8000, 8000), dtype=dtype) / 8000**2
    assert 1 < per_cell / (2 * np.dtype(dtype).itemsize) < 1.25
    one = memory_bytes_in_blocks((8000, 8000), dtype=dtype, most_open=1)
    assert memory_bytes_in_blocks((80_000, 80_000), dtype=dtype, most_open=3) == pytest.approx(
        2 * one
    )  # and one on the way


@pytest.mark.parametrize("most_open", [None, 2])
def test_memory_taken_is_what_was_foretold(most_open):
    shape = (1000, 1000)
    options = {"block_cells": 250, "most_open": most_open}
    foretold = memory_bytes_in_blocks(shape, **options)
    res, cores = raster_of(np.ones(shape)), labels_of(shape, (500, 500))
    for _ in cost_in_pieces(res, cores, block_cells=250):
        pass  # compiled before memory is watched
    tracemalloc.start()
    for _ in cost_in_pieces(
        res, cores, block_cells=250, memory_budget_bytes=None if most_open is None else foretold + 2
    ):
        pass
    taken = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert 0.75 < taken / foretold < 1.2


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupt_stops_within_a_second(workers):
    values = raster_of_kind("maze", (600, 600), np.random.default_rng(0))
    pieces = cost_in_pieces(
        raster_of(values), labels_of(values.shape, (0, 0)), block_cells=8, workers=workers
    )
    before = threading.active_count()
    timer = threading.Timer(0.5, _thread.interrupt_main)
    timer.start()
    start = perf_counter()
    with pytest.raises(KeyboardInterrupt):
        list(pieces)
    assert perf_counter() - start < 1.5
    timer.join()
    assert threading.active_count() <= before


# ---------------------------------------------------------------- the parts


def test_an_order_carried_out_twice_gives_one_reply():
    values = np.ones((8, 8))
    run_orders = []

    class Noted(Keeper):
        def visit(self, order):
            run_orders.append(order)
            first = super().visit(order)
            again = super().visit(order)
            assert again is first
            return first

    class OneNoted:
        size, free_memory_bytes = 1, 10**9

        def crew(self, make):  # noqa: ARG002
            return Alone(Noted)

    labels = labels_from(values, [0], [0])
    distances = in_blocks(values, labels, block_cells=4, workers=OneNoted())[0]
    np.testing.assert_array_equal(distances, in_one_piece(values, labels)[0])
    assert len({order.turn for order in run_orders}) == len(run_orders)


def test_a_keeper_says_when_a_block_is_not_there():
    keeper = Keeper()
    nothing = np.zeros(0, dtype=np.intp)
    assert keeper.visit(Order(5, 1, "distances", nothing, np.zeros(0), None)) is None
    assert keeper.collect(5, (slice(None), slice(None))) is None
    keeper.close()


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.sampled_from(KINDS), st.sampled_from([None, 1]))
def test_lost_workers_cost_time_never_results(seed, kind, most_open):
    rng = np.random.default_rng(seed)
    values = raster_of_kind(kind, (33, 40), rng)
    values[0, 0] = values[20, 20] = 1
    labels = labels_from(values, [0, 20], [0, 20])
    expected = in_one_piece(values, labels)
    workers = Forgetful(rng, 0.02)
    budget = None if most_open is None else tightest(values.shape, 11)
    distances, found, _ = in_blocks(
        values, labels, block_cells=11, workers=workers, memory_budget_bytes=budget
    )
    np.testing.assert_array_equal(distances, expected[0])
    np.testing.assert_array_equal(found, expected[1])


def test_a_block_that_is_lost_again_and_again_is_named():
    workers = Forgetful(np.random.default_rng(0), 1.0)
    with pytest.raises(RunError, match=r"N602.*block 0 was lost with its worker 3 times"):
        in_blocks(np.ones((8, 8)), labels_from(np.ones((8, 8)), [0], [0]), block_cells=4, workers=workers)
    assert workers.losses == 3


def test_unknown_is_higher_than_any_label():
    labels = np.zeros((1, 8), dtype=np.int32)
    labels[0, 0] = UNKNOWN - 1
    assert (in_blocks(np.ones((1, 8)), labels, block_cells=2)[1] == UNKNOWN - 1).all()


# ---------------------------------------------------------------- what cannot be


@pytest.mark.parametrize(
    ("bad", "code", "words"),
    [
        (0.0, "I211", "2 cells are not positive"),
        (-1.0, "I211", "not positive"),
        (np.inf, "I212", "2 cells are infinite"),
    ],
)
def test_resistance_that_cannot_be_meant(bad, code, words):
    values = np.ones((9, 9))
    values[7, 5] = values[8, 0] = bad
    with pytest.raises(InputError, match=rf"{code}.*resistance: .*{words}.*row 7, column 5"):
        cost_in_pieces(raster_of(values), labels_of(values.shape, A), block_cells=4)


def test_single_precision_that_would_lose_steps_is_refused():
    steep = np.ones((1, 40))
    steep[0, 20] = 1e9
    steep[0, 38] = np.nan
    res, cores = raster_of(steep), labels_of(steep.shape, (0, 0))
    accumulated_cost_in_blocks(res, cores, block_cells=10)
    with pytest.raises(SolveError, match=r"\[S503\].*float64"):
        accumulated_cost_in_blocks(res, cores, block_cells=10, dtype="float32")


def test_all_that_is_wrong_is_told_at_once():
    values = np.ones((5, 5))
    values[0, 0], values[1, 1] = -1, np.inf
    with pytest.raises(Problems, match=r"(?s)I211.*I212"):
        cost_in_pieces(raster_of(values), labels_of(values.shape, (2, 2)))
    with pytest.raises(InputError, match=r"I217"):
        cost_in_pieces(raster_of(values * np.nan), labels_of(values.shape, (2, 2)))


def test_sources_blocks_and_barriers_that_cannot_be_meant():
    values = np.ones((5, 5))
    values[2, 2] = np.nan
    res = raster_of(values)
    with pytest.raises(InputError, match=r"I223.*there is no source"):
        cost_in_pieces(res, raster_of(np.zeros((5, 5)), "cores"))
    with pytest.raises(InputError, match=r"I222.*every source lies on no data"):
        cost_in_pieces(res, labels_of((5, 5), (2, 2)))
    with pytest.raises(InputError, match=r"I222.*1 of 1 points lie on no data"):
        cost_in_pieces(res, np.array([grid_of((5, 5)).xy(2, 2)]))
    with pytest.raises(InputError, match=r"I201"):
        cost_in_pieces(res, labels_of((5, 6), (0, 0)))
    elsewhere = summed(grid_of((5, 6)), np.array([2]), np.array([1.0]))
    with pytest.raises(InputError, match=r"I201.*barriers and resistance lie on different grids"):
        cost_in_pieces(res, labels_of((5, 5), A), barriers=elsewhere)
    with pytest.raises(InputError, match=r"I281.*block_cells.*Given: 1"):
        cost_in_pieces(res, labels_of((5, 5), A), block_cells=1)
    with pytest.raises(InputError, match=r"I211.*max"):
        list(cost_in_pieces(res, labels_of((5, 5), A), max_cost_distance_m=-1.0))
