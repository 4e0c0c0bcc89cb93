import numpy as np
import pytest
from barriers.walks import drawn, least_costs, solved, steps_of
from hypothesis import given
from hypothesis import strategies as st
from landscapes import grid_of, resistances

from corridors.barriers import combined, costs_along, edge_costs, kernel_edges
from corridors.barriers.edges import FORWARD, summed
from corridors.errors import InputError
from corridors.kernels.cost_distance import EAST, SOUTH, SOUTH_EAST, trace

coordinates = st.floats(-1, 7).map(lambda value: round(value, 2))
lines = st.lists(
    st.lists(st.tuples(coordinates, coordinates), min_size=2, max_size=5, unique=True), min_size=1, max_size=3
)


def none_on(grid):
    return summed(grid, np.empty(0, dtype=np.int64), np.empty(0))


def test_edges_are_sorted_unique_and_cannot_be_changed():
    grid = grid_of((3, 3))
    edges = summed(grid, np.array([3 * 8 + EAST, EAST, 3 * 8 + EAST, SOUTH]), np.array([1.0, 2.0, 4.0, 0.0]))
    assert steps_of(edges) == {(0, 0, EAST): 2.0, (1, 0, EAST): 5.0}
    assert len(edges) == 2
    with pytest.raises(ValueError, match="read-only"):
        edges.cost_m[0] = 0


def test_together_barriers_cost_their_sum_and_stay_as_they_were():
    grid = grid_of((3, 4))
    road = edge_costs(drawn([(1.5, -1), (1.5, 4)]), grid, crossing_cost_m=3)
    river = edge_costs(drawn([(1.4, -1), (1.4, 4)]), grid, crossing_cost_m=4)
    before = steps_of(road)
    both = steps_of(combined(road, river))
    assert both == dict.fromkeys(before, 7.0)
    assert steps_of(road) == before
    assert steps_of(combined(river, road)) == both
    assert steps_of(combined(road)) == before
    assert np.isinf(
        combined(road, edge_costs(drawn([(1.4, -1), (1.4, 4)]), grid, crossing_cost_m=np.inf)).cost_m
    ).all()


def test_barriers_of_different_grids_do_not_mix():
    with pytest.raises(InputError, match=r"I201.*shapes"):
        combined(none_on(grid_of((3, 3))), none_on(grid_of((3, 4))))


@given(resistances(shape=st.tuples(st.integers(2, 7), st.integers(2, 7))), lines, st.data())
def test_the_kernel_finds_what_a_heap_finds_with_the_same_edges(resistance, fences, data):
    grid = grid_of(resistance.shape, cell_size_m=250.0)
    edges = edge_costs(
        drawn(*fences, cell_size_m=250.0),
        grid,
        crossing_cost_m=data.draw(st.sampled_from([1.0, 5e3, np.inf])),
    )
    known = np.argwhere(~np.isnan(resistance))
    source = tuple(int(i) for i in known[data.draw(st.integers(0, len(known) - 1))])
    ours = solved(resistance, source, kernel_edges(edges)) * 250.0
    np.testing.assert_allclose(ours, least_costs(resistance, source, edges), rtol=1e-12)


@given(resistances(shape=st.tuples(st.integers(2, 7), st.integers(2, 7)), no_data=False), lines)
def test_a_barrier_more_never_lowers_a_cost_and_none_gives_the_same_bits(resistance, fences):
    grid, source = grid_of(resistance.shape), (0, 0)
    first = edge_costs(drawn(fences[0]), grid, crossing_cost_m=7)
    rest = edge_costs(drawn(*fences[1:]), grid, crossing_cost_m=11)
    plain = solved(resistance, source)
    np.testing.assert_array_equal(solved(resistance, source, kernel_edges(none_on(grid))), plain)
    one = solved(resistance, source, kernel_edges(first))
    both = solved(resistance, source, kernel_edges(combined(first, rest)))
    assert (one >= plain).all()
    assert (both >= one).all()


@given(resistances(shape=st.tuples(st.integers(2, 7), st.integers(2, 7)), no_data=False), lines)
def test_there_costs_what_back_costs(resistance, fences):
    table = kernel_edges(edge_costs(drawn(*fences), grid_of(resistance.shape), crossing_cost_m=7))
    end = resistance.shape[0] - 1, resistance.shape[1] - 1
    there, back = solved(resistance, (0, 0), table)[end], solved(resistance, end, table)[0, 0]
    assert there == pytest.approx(back, rel=1e-12)


@given(lines)
def test_a_path_pays_at_barriers_what_the_solver_charged(fences):
    resistance = np.ones((6, 6))
    edges = edge_costs(drawn(*fences), grid_of((6, 6)), crossing_cost_m=3)
    table = kernel_edges(edges)
    distances = solved(resistance, (0, 0), table)
    rows, columns = trace(distances, resistance, (5, 5), edges=table)
    paid = costs_along(edges, rows, columns)
    walked = np.hypot(np.diff(rows), np.diff(columns)).sum()
    assert paid.sum() + walked == pytest.approx(distances[5, 5], rel=1e-12)
    assert costs_along(edges, rows[::-1], columns[::-1]).tolist() == paid[::-1].tolist()


def test_costs_along_paths_by_hand():
    edges = edge_costs(drawn([(0.5, -1), (0.5, 3)]), grid_of((3, 3)), crossing_cost_m=9)
    assert costs_along(edges, [0, 0, 1, 2, 2], [2, 1, 0, 0, 1]).tolist() == [0, 9, 0, 9]
    assert costs_along(edges, [1], [1]).tolist() == []
    assert costs_along(none_on(edges.grid), [0, 1], [0, 1]).tolist() == [0]
    with pytest.raises(InputError, match="I274"):
        costs_along(edges, [0, 0], [0, 2])


def test_steps_point_forward_as_the_kernel_numbers_them():
    from corridors.kernels.cost_distance.barriers import COLUMN_STEPS, ROW_STEPS

    assert {d: (ROW_STEPS[d], COLUMN_STEPS[d]) for d in FORWARD} == FORWARD
    assert SOUTH_EAST in FORWARD
