import math

import numpy as np
import pytest
from affine import Affine

from corridors.barriers import EdgeCosts
from corridors.circuit.steps import barrier_resistance, in_series, step_conductances
from corridors.errors import ConfigError, InputError
from corridors.grid import Grid
from corridors.kernels import multigrid
from corridors.kernels.cost_distance import EAST, SOUTH, SOUTH_EAST, SOUTH_WEST

CELLS = np.array([[1.0, 0.5], [0.25, 1.0]])


def test_mean_resistance_by_hand():
    east, south, south_east, south_west = step_conductances(CELLS)
    np.testing.assert_allclose(east, [[2 / 3, 0], [0.4, 0]])
    np.testing.assert_allclose(south, [[0.4, 2 / 3], [0, 0]])
    np.testing.assert_allclose(south_east, [[1 / math.sqrt(2), 0], [0, 0]])
    np.testing.assert_allclose(south_west, [[0, 1 / 3 / math.sqrt(2)], [0, 0]])


def test_mean_conductance_by_hand():
    steps = step_conductances(CELLS, average="conductance")
    np.testing.assert_allclose(steps[0], [[0.75, 0], [0.625, 0]])
    np.testing.assert_allclose(steps[3, 0, 1], 0.375 / math.sqrt(2))


def test_diagonals_as_circuitscape_tests_them():
    # Published numbers of its own test of the graph: 1.06066 and 0.942809 between 1 and 2 along a diagonal.
    cells = np.array([[1.0, 1.0], [1.0, 2.0]])
    assert step_conductances(cells, average="conductance")[2, 0, 0] == pytest.approx(1.06066, abs=1e-6)
    assert step_conductances(cells)[2, 0, 0] == pytest.approx(0.942809, abs=1e-6)


def test_four_neighbours_have_no_diagonals():
    assert not step_conductances(CELLS, neighbours=4)[2:].any()


@pytest.mark.parametrize("nothing", [0.0, np.nan])
def test_no_step_leads_to_no_data(nothing):
    cells = np.array([[1.0, nothing], [1.0, 1.0]])
    for average in ("resistance", "conductance"):
        steps = step_conductances(cells, average=average)
        assert np.count_nonzero(steps) == 3


def test_over_no_data_half_the_conductance_of_the_cell_beside_it():
    cells = np.array([[1.0, 0.0, 3.0]])
    steps = step_conductances(cells, neighbours=4, average="conductance", over_no_data=True)
    assert steps[0].tolist() == [[0.5, 1.5, 0]]
    assert not step_conductances(cells, over_no_data=True).any()


def test_the_order_is_that_of_the_multigrid_solver():
    ways = multigrid.EAST, multigrid.SOUTH, multigrid.SOUTH_EAST, multigrid.SOUTH_WEST
    assert ways == (0, 1, 2, 3)
    steps = step_conductances(np.ones((2, 2)))
    assert [np.argwhere(step).tolist() for step in steps[2:]] == [[[0, 0]], [[0, 1]]]


def test_barriers_are_resistances_in_series():
    grid = Grid("EPSG:32652", Affine(500, 0, 500_000, 0, -500, 4_800_000), (2, 2))
    directions = np.array([EAST, SOUTH_EAST, SOUTH, SOUTH_WEST], dtype=np.uint8)
    place = np.array([0, 0, 0, 0]), np.array([0, 0, 1, 1])
    barriers = EdgeCosts(grid, *place, directions, np.array([1000.0, 500.0, np.inf, 250.0]))
    steps = in_series(step_conductances(np.ones((2, 2))), barrier_resistance(barriers))
    np.testing.assert_allclose(steps[:, 0, 0], [1 / 3, 1, 1 / (math.sqrt(2) + 1), 0])
    np.testing.assert_allclose(steps[:, 0, 1], [0, 0, 0, 1 / (math.sqrt(2) + 0.5)])


@pytest.mark.parametrize("wrong", [-9999.0, np.inf])
def test_wrong_conductances_are_refused_with_their_place(wrong):
    with pytest.raises(InputError, match=r"I211.*1 conductances.*row 0, column 1"):
        step_conductances([[1.0, wrong]])


def test_wrong_options_are_refused():
    with pytest.raises(ConfigError, match=r"C103.*neighbours.*6"):
        step_conductances([[1.0]], neighbours=6)
    with pytest.raises(ConfigError, match=r"C103.*average"):
        step_conductances([[1.0]], average="median")
