"""Workers that are lost, and voltages that do not balance."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from corridors.circuit.windows import sharing, window_currents, window_problem
from corridors.errors import RunError, SolveError


class Failing:
    """Two workers; calls are lost with their worker as often as told, or always."""

    size = 2
    free_memory_bytes = 10**9

    def __init__(self, losses):
        self.losses = losses

    def crew(self, make):
        return FailingCrew(make, self)


class FailingCrew:
    def __init__(self, make, workers):
        self.make, self.workers = make, workers
        self.states = {0: make(), 1: make()}
        self.asked = []

    def free(self, key):
        return all(asked[0] != key for asked in self.asked)

    def call(self, key, method, *arguments):
        self.asked.append((key, partial(getattr(self.states[key], method), *arguments)))

    def wait(self):
        key, work = self.asked.pop()  # the last first: order must not matter
        if self.workers.losses > 0:
            self.workers.losses -= 1
            self.states[key] = self.make()
            return key, None, frozenset({key})
        return key, work(), frozenset()

    def close(self):
        for state in self.states.values():
            state.close()


def problem():
    rng = np.random.default_rng(3)
    return window_problem(rng.random((10, 10)) + 0.1, rng.random((10, 10)), radius=3)


@pytest.mark.parametrize("losses", [0, 1, 2])
def test_lost_windows_are_solved_again(losses):
    expected = window_currents(problem())
    found = window_currents(problem(), workers=Failing(losses))
    assert found.current.tobytes() == expected.current.tobytes()
    assert found.flow_potential.tobytes() == expected.flow_potential.tobytes()


def test_windows_that_are_always_lost():
    with pytest.raises(RunError, match=r"N602.*lost with their worker 3 times"):
        window_currents(problem(), workers=Failing(10_000))


def test_voltages_that_do_not_balance_are_refused(monkeypatch):
    monkeypatch.setattr(sharing, "LARGEST_RESIDUAL", 1e-30)
    with pytest.raises(SolveError, match=r"S501.*row \d+, column \d+"):
        window_currents(problem())


def test_progress_ends_with_everything_done():
    told = []
    window_currents(problem(), progress=lambda step, fraction: told.append((step, fraction)))
    assert told[-1] == ("Moving windows", 1.0)
    assert [fraction for _, fraction in told] == sorted(fraction for _, fraction in told)


def test_windows_on_workers_of_a_cluster():
    from corridors.cluster import connect

    expected = window_currents(problem())
    with connect(workers=1) as cluster:
        found = window_currents(problem(), workers=cluster)
    assert found.current.tobytes() == expected.current.tobytes()
