from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernels.cases import cases_with_barriers, one, preceding

from corridors.errors import InputError, SolveError
from corridors.kernels.cost_distance import (
    EAST,
    SOURCE,
    SOUTH,
    UNREACHED,
    edge_barriers,
    new_workspace,
    predecessors,
    prepare,
    solve,
    solve_reached,
    trace,
)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@given(case=cases_with_barriers())
def test_the_first_that_explains_the_distance_precedes(dtype, case):
    values, sources, edges, extra = case
    distances = solve(values, sources, dtype=dtype, edges=edges)
    found = predecessors(distances, values, edges=edges)
    for cell in np.ndindex(values.shape):
        if distances[cell] == 0:
            assert found[cell] == SOURCE
        elif np.isinf(distances[cell]):
            assert found[cell] == UNREACHED
        else:
            assert found[cell] == preceding(values, distances, extra, cell)[0]


@given(case=cases_with_barriers())
def test_a_path_adds_up_to_its_distance_exactly(case):
    values, sources, edges, extra = case
    distances = solve(values, sources, edges=edges)
    finite = np.where(np.isfinite(distances), distances, -1)
    target = np.unravel_index(finite.argmax(), finite.shape)
    if finite[target] < 0:
        return
    rows, columns = trace(distances, values, target, edges=edges)
    assert (rows[-1], columns[-1]) == target
    assert (rows[0], columns[0]) in set(zip(*sources, strict=True))
    cells = list(zip(rows.tolist(), columns.tolist(), strict=True))
    total = 0.0
    for here, there in pairwise(cells):
        diagonal = here[0] != there[0] and here[1] != there[1]
        step = values[here] * 0.5 + values[there] * 0.5
        total += (np.sqrt(2.0) * step if diagonal else step) + extra.get((here, there), 0.0)
        assert total == distances[there]


@given(case=cases_with_barriers(), share=st.floats(0, 1))
def test_a_path_in_a_window_that_holds_all_that_was_reached(case, share):
    values, sources, edges, _ = case
    whole = solve(values, sources, edges=edges)
    limit = share * whole[np.isfinite(whole)].max(initial=0.0)
    reached = solve_reached(new_workspace(prepare(values, edges=edges)), sources, max_cost=limit)
    if reached.distances.size == 0:
        return
    corner = reached.window[0].start, reached.window[1].start
    for row, column in np.argwhere(whole <= limit)[::7]:
        found = trace(reached.distances, values, (row, column), edges=edges, corner=corner)
        np.testing.assert_array_equal(found, trace(whole, values, (row, column), edges=edges))
    for row, column in np.argwhere(whole > limit)[:3]:
        with pytest.raises(SolveError, match=rf"S502.*row {row}, column {column}"):
            trace(reached.distances, values, (row, column), edges=edges, corner=corner)


@pytest.mark.parametrize("corner", [(-1, 0), (2, 0), (0, 2)])
def test_a_window_outside_the_raster(corner):
    with pytest.raises(InputError, match=r"I201.*differ in shape"):
        trace(np.zeros((2, 3)), np.ones((3, 4)), (1, 1), corner=corner)


def test_of_two_equal_paths_the_upper_one():
    values = np.array([[1.0, 1, 1], [1, np.nan, 1], [1, 1, 1]])
    rows, columns = trace(solve(values, one(0, 0)), values, (2, 2))
    assert list(zip(rows.tolist(), columns.tolist(), strict=True)) == [(0, 0), (0, 1), (1, 2), (2, 2)]


def test_of_equal_steps_the_cardinal_one():
    sources = np.array([0, 0]), np.array([0, 1])
    extra = np.array([np.sqrt(2.0) - 1])  # makes the straight step exactly as dear as the diagonal one
    edges = edge_barriers((2, 2), np.array([0]), np.array([1]), np.array([SOUTH]), extra)
    distances = solve(np.ones((2, 2)), sources, edges=edges)
    assert distances[1, 1] == np.sqrt(2.0)
    assert predecessors(distances, np.ones((2, 2)), edges=edges).tolist() == [[8, 8], [0, 0]]


def test_a_long_path():
    values = np.ones((1, 2000))
    _, columns = trace(solve(values, one(0, 0)), values, (0, 1999))
    assert columns.tolist() == list(range(2000))


def test_a_path_goes_round_a_fence():
    rows = np.arange(4)
    edges = edge_barriers((5, 5), rows, np.full(4, 1), np.full(4, EAST), np.full(4, np.inf))
    distances = solve(np.ones((5, 5)), one(0, 0), edges=edges)
    assert trace(distances, np.ones((5, 5)), (4, 4), edges=edges)[0].size >= 5


def test_shapes_that_differ():
    with pytest.raises(InputError, match=r"I201.*differ in shape"):
        predecessors(np.zeros((2, 3)), np.ones((3, 2)))


def test_unreached_target():
    with pytest.raises(SolveError, match=r"S502.*row 0, column 2"):
        trace(np.array([[0.0, 1.0, np.inf]]), np.array([[1.0, 1.0, np.nan]]), (0, 2))


def test_steps_too_small_for_the_precision_are_told():
    values = np.array([[1.0, 1e9, 1.0, 1.0, 1.0]])
    distances = solve(values, one(0, 0), dtype=np.float32)
    with pytest.raises(SolveError, match=r"S504.*no neighbour.*float64"):
        trace(distances, values, (0, 4))
    with pytest.raises(SolveError, match=r"S504"):
        predecessors(distances, values)
    assert trace(solve(values, one(0, 0)), values, (0, 4))[1].tolist() == [0, 1, 2, 3, 4]
