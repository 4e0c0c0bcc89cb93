import numpy as np
import pytest
from kernels.cases import one

from corridors.errors import InputError
from corridors.kernels.cost_distance import (
    EAST,
    NORTH_EAST,
    SOUTH,
    SOUTH_EAST,
    SOUTH_WEST,
    WEST,
    edge_barriers,
    solve,
)
from corridors.kernels.cost_distance.barriers import COLUMN_STEPS, NORTH, NORTH_WEST, ROW_STEPS, no_barriers


def barriers(shape, *steps):
    rows, columns, directions, costs = zip(*steps, strict=True)
    return edge_barriers(shape, np.array(rows), np.array(columns), np.array(directions), np.array(costs))


def cost_of(edges, row, column, direction):
    block = edges.blocks[edges.tiles[row // 16 + 1, column // 16 + 1]]
    return edges.costs[block[row % 16, column % 16], direction]


@pytest.mark.parametrize("direction", range(8))
def test_a_step_costs_the_same_both_ways(direction):
    edges = barriers((40, 40), (16, 16, direction, 7.0))
    back = [NORTH, WEST, EAST, SOUTH, NORTH_WEST, NORTH_EAST, SOUTH_WEST, SOUTH_EAST].index(
        next(
            d
            for d in range(8)
            if (ROW_STEPS[d], COLUMN_STEPS[d]) == (-ROW_STEPS[direction], -COLUMN_STEPS[direction])
        )
    )
    assert cost_of(edges, 16, 16, direction) == 7
    assert cost_of(edges, 16 + ROW_STEPS[direction], 16 + COLUMN_STEPS[direction], back) == 7
    assert edges.costs.sum() == 14


def test_costs_of_one_step_add_up_from_either_end():
    edges = barriers((5, 5), (2, 2, EAST, 7.0), (2, 3, WEST, 2.0))
    assert cost_of(edges, 2, 2, EAST) == cost_of(edges, 2, 3, WEST) == 9


def test_only_cells_beside_a_barrier_take_room():
    edges = barriers((4000, 4000), (2000, 2000, EAST, 7.0))
    assert edges.costs.shape == (3, 8)
    assert edges.blocks.shape == (2, 16, 16)
    assert no_barriers((4000, 4000)).tiles.shape == (252, 252)


def test_crossing_a_fence_costs_what_it_costs_by_hand():
    edges = barriers((1, 6), (0, 2, EAST, 10.0))
    assert solve(np.ones((1, 6)), one(0, 0), edges=edges).tolist() == [[0, 1, 2, 13, 14, 15]]
    assert solve(np.ones((1, 6)), one(0, 5), edges=edges).tolist() == [[15, 14, 13, 2, 1, 0]]


def test_a_sealed_step_is_no_step():
    edges = barriers((1, 3), (0, 0, EAST, np.inf))
    assert solve(np.ones((1, 3)), one(0, 0), edges=edges).tolist() == [[0, np.inf, np.inf]]


def diagonal_fence(size, gap=None):
    """Return a sealed fence from corner to corner between cells: no cell stands for it."""
    steps = [
        (row, column, direction, np.inf)
        for row in range(size)
        for column in range(row + 1)
        for direction in range(8)
        if 0 <= row + ROW_STEPS[direction] < size
        and row + ROW_STEPS[direction] < column + COLUMN_STEPS[direction] < size
        and row != gap
    ]
    return barriers((size, size), *steps)


@pytest.mark.parametrize("vector", [True, False])
def test_a_diagonal_fence_does_not_leak_and_a_gate_lets_through(vector):
    below = np.tril(np.ones((40, 40), dtype=bool))
    sealed = solve(np.ones((40, 40)), one(39, 0), edges=diagonal_fence(40), vector=vector)
    assert np.isfinite(sealed[below]).all()
    assert np.isinf(sealed[~below]).all()
    open_again = solve(np.ones((40, 40)), one(39, 0), edges=diagonal_fence(40, gap=20), vector=vector)
    assert np.isfinite(open_again).all()


def test_steps_that_cannot_be_meant():
    with pytest.raises(InputError, match=r"I221.*1 barrier steps lead outside"):
        barriers((3, 3), (0, 2, EAST, 1.0))
    for bad in (-1.0, np.nan):
        with pytest.raises(InputError, match=r"I211.*negative or NaN"):
            barriers((3, 3), (0, 0, EAST, bad))
    with pytest.raises(InputError, match=r"I201.*edges and resistance differ in shape"):
        solve(np.ones((3, 4)), one(0, 0), edges=no_barriers((4, 3)))
