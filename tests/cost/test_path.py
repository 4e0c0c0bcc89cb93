from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from landscapes import E3, A, B, labels_of, raster_of, resistances_with_cells
from reference import step_cost

from corridors.cost import accumulated_cost, least_cost_path, step_costs, step_lengths
from corridors.errors import InputError, SolveError
from corridors.grid import Grid


def path_between(values, start, end, **where):
    res = raster_of(values, **where)
    surface = accumulated_cost(res, labels_of(values.shape, start, **where))
    rows, columns = least_cost_path(surface, res, end)
    return list(zip(rows.tolist(), columns.tolist(), strict=True)), float(surface.values[end])


def test_worked_example():
    path, cost = path_between(E3, A, B)
    assert path == [(0, 0), (1, 1), (2, 2), (2, 3), (2, 4), (1, 5), (0, 6)]
    assert round(cost, 6) == 9.656854


@given(resistances_with_cells(cells=2))
def test_adds_up_and_is_simple(case):
    values, (start, end) = case
    cell_size_m = 499.7  # no power of two: distances in metres are rounded
    res = raster_of(values, cell_size_m=cell_size_m)
    surface = accumulated_cost(res, labels_of(values.shape, start, cell_size_m=cell_size_m))
    if not math.isfinite(surface.values[end]):
        with pytest.raises(SolveError, match=r"S502"):
            least_cost_path(surface, res, end)
        return
    path, cost = path_between(values, start, end, cell_size_m=cell_size_m)
    assert (path[0], path[-1]) == (start, end)
    assert len(set(path)) == len(path)
    assert all(max(abs(a[0] - b[0]), abs(a[1] - b[1])) == 1 for a, b in pairwise(path))
    cell_m = Grid.of(res).cell_size_m  # read back from coordinates, so off by their rounding
    added = sum(step_cost(values, a, b) for a, b in pairwise(path)) * cell_m
    assert math.isclose(added, cost, rel_tol=1e-12)


def test_ties_go_straight_first_then_up_then_left():
    assert path_between(np.ones((2, 3)), (0, 0), (1, 2))[0] == [(0, 0), (1, 1), (1, 2)]
    ring = np.ones((3, 3))
    ring[1, 1] = 100
    assert path_between(ring, (1, 0), (1, 2))[0] == [(1, 0), (0, 1), (1, 2)]
    assert path_between(ring, (0, 1), (2, 1))[0] == [(0, 1), (1, 0), (2, 1)]


def test_steps_of_a_path():
    rows, columns = np.array([0, 1, 1]), np.array([0, 1, 2])
    assert step_lengths(rows, columns).tolist() == [math.sqrt(2), 1]
    assert step_costs(np.array([[1.0, 9, 9], [9, 3, 5]]), rows, columns).tolist() == [2 * math.sqrt(2), 4]


def test_a_surface_of_another_resistance_is_noticed():
    res, other = raster_of(E3), raster_of(E3 + np.arange(7))
    with pytest.raises(SolveError, match=r"S504.*no neighbour it can come from"):
        least_cost_path(accumulated_cost(res, labels_of(E3.shape, A)), other, B)


def test_targets_out_of_reach():
    values = E3.copy()
    values[:, 3] = np.nan
    with pytest.raises(SolveError, match=r"S502.*row 0, column 6"):
        path_between(values, A, B)
    with pytest.raises(InputError, match=r"I221.*row 5, column 0"):
        path_between(E3, A, (5, 0))
