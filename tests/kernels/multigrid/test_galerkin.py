import numpy as np
import pytest
from kernels.multigrid.grids import conductance_of_kind, edges_of, matrix_of

from corridors.kernels import multigrid
from corridors.kernels.multigrid.finest import cell_of, edge_between
from corridors.kernels.multigrid.interpolation import (
    EAST,
    NORTH,
    NORTH_EAST,
    NORTH_WEST,
    SOUTH,
    SOUTH_EAST,
    SOUTH_WEST,
    WEST,
)
from corridors.kernels.multigrid.layout import level_of

PARTS = {  # row parity, column parity of the fine cell: part, and where its coarse cell lies
    (0, 1): ((WEST, 0, 0), (EAST, 0, 1)),
    (1, 0): ((NORTH, 0, 0), (SOUTH, 1, 0)),
    (1, 1): ((NORTH_WEST, 0, 0), (NORTH_EAST, 0, 1), (SOUTH_WEST, 1, 0), (SOUTH_EAST, 1, 1)),
}


def interpolation_of(hierarchy):
    """Return the weights of all coarse cells for all fine ones, as a matrix."""
    fine = level_of(hierarchy.levels, 0)
    found = np.zeros((fine.rows, fine.columns, fine.coarse_rows, fine.coarse_columns))
    for row in range(fine.rows):
        for column in range(fine.columns):
            up, left = row // 2, column // 2
            if row % 2 == column % 2 == 0:
                found[row, column, up, left] = 1
            for part, down, right in PARTS.get((row % 2, column % 2), ()):
                place = fine.parts + part * fine.part_size + up * fine.coarse_width + left
                if up + down < fine.coarse_rows and left + right < fine.coarse_columns:
                    found[row, column, up + down, left + right] = hierarchy.numbers[place]
    return found.reshape(fine.rows * fine.columns, -1)


def grid_of(hierarchy, number):
    """Return conductances and leaks of one level, as for `set_up`."""
    level = level_of(hierarchy.levels, number)
    weights, leak = np.zeros((4, level.rows, level.columns)), np.zeros((level.rows, level.columns))
    for row in range(level.rows):
        for column in range(level.columns):
            for kind, (down, right) in enumerate(((0, 1), (1, 0), (1, 1), (1, -1))):
                if row + down < level.rows and 0 <= column + right < level.columns:
                    weights[kind, row, column] = hierarchy.numbers[
                        edge_between(level, row, column, down, right)
                    ]
            if level.leaky:
                leak[row, column] = hierarchy.numbers[level.leak + cell_of(level, row, column)]
    return weights, leak


@pytest.mark.parametrize("shape", [(9, 13), (8, 16), (10, 7), (1, 30), (14, 1)])
@pytest.mark.parametrize("leaky", [False, True])
def test_coarse_energy_is_that_of_interpolated_voltages(shape, leaky):
    rng = np.random.default_rng(1)
    weights = edges_of(conductance_of_kind("salt", shape, rng))
    leak = np.where(rng.random(shape) < 0.3, rng.random(shape), 0)
    hierarchy = multigrid.set_up(weights, leak if leaky else None)
    between = interpolation_of(hierarchy)
    expected = between.T @ matrix_of(weights, leak if leaky else None).toarray() @ between
    np.testing.assert_allclose(matrix_of(*grid_of(hierarchy, 1)).toarray(), expected, atol=1e-5)


def test_interpolation_keeps_constants_and_gives_ground_its_share():
    rng = np.random.default_rng(2)
    weights = edges_of(1 + rng.random((11, 12)))
    sums = interpolation_of(multigrid.set_up(weights)).sum(axis=1)
    np.testing.assert_allclose(sums, 1, rtol=1e-5)
    sums = interpolation_of(multigrid.set_up(weights, np.full((11, 12), 0.5))).sum(axis=1).reshape(11, 12)
    assert (sums[1::2] < 0.999).all()
    assert (sums[::2, 1::2] < 0.999).all()
