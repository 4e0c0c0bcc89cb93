from __future__ import annotations

import os
import signal
import threading
import time
from functools import partial

import numpy as np
import pytest
from kernels.cases import raster_of_kind
from landscapes import labels_of, raster_of

from corridors import cluster as module
from corridors.cluster import connect
from corridors.cost.blocks import Figures, accumulated_cost_in_blocks, cost_in_pieces
from corridors.errors import InputError, RunError, SecurityError
from corridors.kernels.cost_distance import allocation, solve


class Tally:
    """State a worker keeps: what was asked, by key."""

    def __init__(self, start=0):
        self.sums = {}
        self.start = start

    def add(self, key, number):
        self.sums[key] = self.sums.get(key, self.start) + number
        return os.getpid(), self.sums[key]

    def fail(self):
        what = "as asked"
        raise ValueError(what)

    def die(self, seconds):
        time.sleep(seconds)
        os.kill(os.getpid(), signal.SIGKILL)

    def close(self):
        self.sums.clear()


@pytest.fixture(scope="module")
def two():
    with connect(workers=2) as workers:
        yield workers


def solved(values, labels, workers, **options):
    """Distances, allocation and figures from blocks on workers."""
    distances, found, figures = np.empty(values.shape), np.zeros(values.shape, int), Figures()
    for piece in cost_in_pieces(
        raster_of(values),
        raster_of(labels, "cores"),
        workers=workers,
        allocate=True,
        figures=figures,
        **options,
    ):
        distances[piece.rows, piece.columns], found[piece.rows, piece.columns] = piece.cost_m, piece.labels
    return distances, found, figures


def landscape(size):
    values = raster_of_kind("salt", (size, size + 10), np.random.default_rng(size))
    values[0, 0] = values[size // 2, size // 2] = 1
    labels = np.zeros(values.shape, dtype=int)
    labels[0, 0], labels[size // 2, size // 2] = 2, 1
    expected = solve(values, np.nonzero(labels))
    return values, labels, expected, allocation(expected, values, labels)


def test_every_key_stays_with_one_worker(two):
    crew = two.crew(partial(Tally, 100))
    pids, sums = {}, {}
    for number in range(3):
        for key in range(4):
            assert crew.free(key)
            crew.call(key, "add", key, number)
            answered, (pid, total), lost = crew.wait()
            assert (answered, lost) == (key, frozenset())
            assert pids.setdefault(key, pid) == pid
            sums[key] = total
    crew.close()
    assert sums == dict.fromkeys(range(4), 103)
    assert sorted(list(pids.values()).count(pid) for pid in set(pids.values())) == [2, 2]


def test_workers_have_one_thread_and_are_asked_one_thing(two):
    assert two.size == 2
    assert set(two.client.nthreads().values()) == {1}
    crew = two.crew(Tally)
    for key in range(2):
        crew.call(key, "add", key, 1)
    assert not crew.free(0)
    assert not crew.free(7)
    assert {crew.wait()[0], crew.wait()[0]} == {0, 1}
    crew.close()


def test_errors_of_a_worker_are_raised_here(two):
    crew = two.crew(Tally)
    crew.call(0, "fail")
    with pytest.raises(ValueError, match="as asked"):
        crew.wait()
    crew.close()


@pytest.mark.parametrize("block_cells", [16, 40])
@pytest.mark.parametrize("budget", [None, 300_000])
def test_workers_give_the_bits_of_one_piece(two, block_cells, budget):
    values, labels, distances, allocated = landscape(70)
    found = solved(values, labels, two, block_cells=block_cells, memory_budget_bytes=budget)
    np.testing.assert_array_equal(found[0], distances)
    np.testing.assert_array_equal(found[1], allocated)


def test_float32_on_workers(two):
    values, labels, _, _ = landscape(40)
    found = accumulated_cost_in_blocks(
        raster_of(values), raster_of(labels, "cores"), dtype="float32", block_cells=17, workers=two
    )
    np.testing.assert_array_equal(found.values, solve(values, np.nonzero(labels), dtype="float32"))


def test_a_killed_worker_costs_time_never_results(two):
    values, labels, distances, allocated = landscape(120)
    pids = list(two.client.run(os.getpid).values())
    undisturbed = solved(values, labels, two, block_cells=20)[2]
    timer = threading.Timer(0.4, os.kill, (pids[0], signal.SIGKILL))
    timer.start()
    found = solved(values, labels, two, block_cells=20)
    timer.join()
    np.testing.assert_array_equal(found[0], distances)
    np.testing.assert_array_equal(found[1], allocated)
    assert sum(undisturbed.loads.values()) == 42
    assert sum(found[2].loads.values()) > 42  # it was in time to be noticed
    two.client.wait_for_workers(2, timeout=30)
    assert pids[0] not in two.client.run(os.getpid).values()


def test_all_a_lost_worker_kept_is_named(two):
    crew = two.crew(Tally)
    for key in range(6):
        crew.call(key, "add", key, 1)
        crew.wait()
    crew.call(0, "die", 0.0)
    key, value, lost = crew.wait()
    assert (key, value) == (0, None)
    assert 0 in lost
    assert len(lost) == 3
    crew.call(0, "add", 0, 5)
    assert crew.wait()[1][1] == 5  # starts again
    crew.close()
    two.client.wait_for_workers(2, timeout=30)


def test_state_is_let_go_of(two):
    values, labels, _, _ = landscape(20)
    solved(values, labels, two, block_cells=8)
    assert set(two.client.run(lambda: len(module._states)).values()) == {0}


def test_an_address_and_versions(two, monkeypatch):
    with connect(address=two.client.scheduler.address) as found:
        assert found.size == 2
        assert found.free_memory_bytes > 0
    monkeypatch.setattr(module, "version", lambda name: f"{name} of another world")
    with (
        pytest.raises(RunError, match=r"N605.*other versions.*numpy of another world here"),
        connect(address=two.client.scheduler.address),
    ):
        pass


def test_what_cannot_be_connected_to():
    for wrong in ({}, {"workers": 2, "address": "127.0.0.1:1"}, {"workers": 0}):
        with pytest.raises(InputError, match=r"I282"), connect(**wrong):
            pass
    with (
        pytest.raises(SecurityError, match=r"X711.*encrypted.*trusted_network"),
        connect(address="tcp://10.1.2.3:8786"),
    ):
        pass


def test_no_scheduler_answers(monkeypatch):
    monkeypatch.setattr(module, "SECONDS_TO_CONNECT", 0.5)
    with pytest.raises(RunError, match=r"N604.*no scheduler answers"), connect(address="tcp://127.0.0.1:9"):
        pass


def test_an_interrupt_on_workers_stops_at_once(two):
    import _thread

    values = raster_of_kind("maze", (200, 200), np.random.default_rng(0))
    pieces = cost_in_pieces(raster_of(values), labels_of(values.shape, (0, 0)), block_cells=20, workers=two)
    timer = threading.Timer(0.5, _thread.interrupt_main)
    timer.start()
    start = time.perf_counter()
    with pytest.raises(KeyboardInterrupt):
        list(pieces)
    assert time.perf_counter() - start < 1.5
    timer.join()
    assert set(two.client.run(lambda: len(module._states)).values()) == {0}
