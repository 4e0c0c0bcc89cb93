"""Many sources at once: the same surfaces from one thread, several, or workers that come and go."""

from __future__ import annotations

import _thread
import threading
import tracemalloc
from time import perf_counter

import numpy as np
import pytest
from cost.crews import Few, Forgetful
from hypothesis import given, settings
from hypothesis import strategies as st
from kernels.cases import KINDS, raster_of_kind
from landscapes import labels_of, raster_of

from corridors.cost import accumulated_cost, cost_surfaces
from corridors.cost.memory import one_piece_bytes, surfaces_bytes
from corridors.cost.side_by_side import Seats
from corridors.errors import ResourceError, RunError


def landscape(kind, rng, shape=(33, 40), count=7):
    values = raster_of_kind(kind, shape, rng)
    cells = list(dict.fromkeys(map(tuple, rng.integers(0, shape, (count, 2)).tolist())))
    values[tuple(np.array(cells).T)] = 1.0
    return raster_of(values), labels_of(shape, *cells)


def assert_the_same(found, expected):
    found, expected = list(found), list(expected)
    assert [label for label, _ in found] == [label for label, _ in expected]
    for (_, surface), (_, other) in zip(found, expected, strict=True):
        np.testing.assert_array_equal(surface, other)
        np.testing.assert_array_equal(surface.x, other.x)


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.sampled_from(KINDS), st.sampled_from([None, 30.0]))
def test_lost_workers_cost_time_never_results(seed, kind, limit):
    rng = np.random.default_rng(seed)
    res, labels = landscape(kind, rng)
    expected = cost_surfaces(res, labels, max_cost_distance_m=limit)
    workers = Forgetful(rng, 0.05)
    assert_the_same(cost_surfaces(res, labels, max_cost_distance_m=limit, workers=workers), expected)


@given(st.integers(0, 2**32 - 1), st.integers(0, 5), st.sampled_from(["float64", "float32"]))
def test_threads_give_the_same_bits(seed, threads, dtype):
    res, labels = landscape("salt", np.random.default_rng(seed))
    expected = cost_surfaces(res, labels, dtype=dtype)
    assert_the_same(cost_surfaces(res, labels, dtype=dtype, workers=threads), expected)


def test_a_source_that_is_lost_again_and_again_is_named():
    res, labels = landscape("even", np.random.default_rng(0))
    with pytest.raises(RunError, match=r"N602.*source . was lost with its worker 3 times"):
        list(cost_surfaces(res, labels, workers=Forgetful(np.random.default_rng(0), 1.0)))


def test_the_field_goes_to_every_seat_once_and_no_source_runs_far_ahead():
    res, labels = landscape("even", np.random.default_rng(1), count=12)
    asked = []

    class Noted(Forgetful):
        def call(self, key, method, *arguments):
            asked.append(arguments[1] is not None)
            super().call(key, method, *arguments)

    surfaces = cost_surfaces(res, labels, workers=Noted(np.random.default_rng(1), 0.0))
    next(surfaces)
    assert len(asked) <= 2 * 3 + 1
    assert sum(asked) == 3
    assert 1 + len(list(surfaces)) == len(asked) == len(np.unique(labels)) - 1
    assert sum(asked) == 3


def test_a_seat_says_when_it_has_no_field():
    seats = Seats()
    assert seats.solve(0, None, (np.array([0]), np.array([0])), np.inf) is None
    seats.close()


def test_breaking_off_lets_go_of_threads():
    res, labels = landscape("even", np.random.default_rng(1))
    before = threading.active_count()
    surfaces = cost_surfaces(res, labels, workers=3)
    next(surfaces)
    surfaces.close()
    assert threading.active_count() <= before


@pytest.mark.parametrize("threads", [1, 2])
def test_an_interrupt_stops_within_a_second(threads):
    res, labels = landscape("contrast", np.random.default_rng(2), (1200, 1200), count=200)
    list(cost_surfaces(res, labels.where(labels < 3, 0), workers=threads, max_cost_distance_m=5.0))
    timer = threading.Timer(0.3, _thread.interrupt_main)
    timer.start()
    start = perf_counter()
    with pytest.raises(KeyboardInterrupt):
        for _ in cost_surfaces(res, labels, workers=threads):
            pass
    assert perf_counter() - start < 1.5
    timer.join()


# ---------------------------------------------------------------- memory, told before it is asked for


def test_memory_is_checked_before_anything_starts():
    small, cores = raster_of(np.ones((64, 64))), labels_of((64, 64), (0, 0))
    with pytest.raises(ResourceError, match=r"R301.*the workers: cost surfaces.*0.00 GB free"):
        next(cost_surfaces(small, cores, workers=Few()))
    huge = raster_of(np.broadcast_to(np.float32(1), (3_000_000, 3_000_000)))
    with pytest.raises(ResourceError, match=r"R301.*this machine: .*GB needed.*accumulated_cost_in_blocks"):
        accumulated_cost(huge, huge)
    with pytest.raises(ResourceError, match=r"R301.*this machine: .*GB needed.*max_cost_distance_m"):
        next(cost_surfaces(huge, huge))


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("limited", [False, True])
def test_each_seat_and_each_result_counts(dtype, limited):
    size, shape = np.dtype(dtype).itemsize, (8000, 8000)
    one, of_seat = (n / 8000**2 for n in surfaces_bytes(shape, dtype, seats=1, limited=limited))
    many = surfaces_bytes(shape, dtype, seats=11, limited=limited)[0] / 8000**2
    results = 0 if limited else 1
    assert one == pytest.approx(max(8 + 8, size * (2 + 2 * results)), rel=0.05)
    assert many == pytest.approx(size * (1 + results + 11 * (1 + results)), rel=0.05)
    assert of_seat == pytest.approx(size * (2 + results), rel=0.1)
    assert one_piece_bytes(shape, dtype) / 8000**2 == pytest.approx(8 + 2 * size, rel=0.05)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_memory_taken_is_what_was_foretold(dtype):
    shape = (1000, 1000)
    res, labels = raster_of(np.ones(shape, dtype=np.float32)), labels_of(shape, (500, 500))
    foretold = one_piece_bytes(shape, dtype), surfaces_bytes(shape, dtype, seats=1, limited=False)[0]
    works = (
        lambda: accumulated_cost(res, labels, dtype=dtype),
        lambda: list(cost_surfaces(res, labels, dtype=dtype)),
    )
    for work, needed in zip(works, foretold, strict=True):
        work()  # compiled before memory is watched
        tracemalloc.start()
        work()
        taken = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert 0.7 < taken / needed < 1.1, taken / needed
