import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernels.multigrid.grids import (
    balanced,
    centred,
    conductance_of_kind,
    direct,
    edges_of,
    matrix_of,
    parts_of,
    problems,
)

from corridors.errors import InputError
from corridors.kernels import multigrid


def solved(weights, currents, **options):
    """Return the solution; it must have converged."""
    solution = multigrid.solve(multigrid.set_up(weights, options.get("leak")), weights, currents, **options)
    assert np.all(solution.converged)
    return solution


def checkered(rng, shape=(20, 30)):
    """Return conductances of edges of contrast 1e6, and a pair of currents."""
    weights = edges_of(conductance_of_kind("contrast", shape, rng))
    currents = np.zeros(shape)
    currents[2, 3], currents[-2, -5] = 1, -1
    return weights, currents


@given(problems())
def test_agrees_with_elimination(problem):
    weights, currents = problem
    parts = parts_of(weights)
    solution = multigrid.solve(multigrid.set_up(weights), weights, currents, tolerance=1e-10)
    assert solution.converged or solution.slow
    if solution.converged:
        expected = centred(direct(weights.astype(float), currents), parts)
        size = np.abs(expected).max() + 1e-300
        np.testing.assert_allclose(centred(solution.voltage, parts) / size, expected / size, atol=1e-6)


@given(problems(kinds=("even", "contrast")), st.sampled_from((1e-3, 1e-6, 1e-9)))
def test_the_residual_told_is_the_true_one(problem, tolerance):
    weights, currents = problem
    solution = multigrid.solve(multigrid.set_up(weights), weights, currents, tolerance=tolerance)
    norm = np.linalg.norm(currents)
    left = np.linalg.norm(currents.ravel() - matrix_of(weights) @ solution.voltage.ravel())
    assert solution.residual * norm == pytest.approx(left, rel=1e-3, abs=1e-14 * norm * 1e3)
    assert solution.converged == (solution.residual <= tolerance)
    assert solution.converged


@given(problems(kinds=("even", "contrast", "salt")), st.integers(0, 99))
def test_agrees_with_elimination_where_it_leaks(problem, seed):
    weights, currents = problem
    rng = np.random.default_rng(seed)
    leak = np.where(rng.random(currents.shape) < 0.2, 10 ** rng.uniform(-1, 3, currents.shape), 0)
    leak[rng.random(currents.shape) < 0.05] = np.inf
    leak[0, 0] = 1
    grounded = np.bincount(parts_of(weights).ravel(), leak.ravel()) > 0
    currents = np.where(grounded[parts_of(weights)], rng.random(currents.shape), currents)
    hierarchy = multigrid.set_up(weights, leak)
    solution = multigrid.solve(hierarchy, weights, currents, leak=leak, tolerance=1e-8)
    assert solution.converged
    assert (solution.voltage[np.isinf(leak)] == 0).all()
    parts = np.where(grounded[parts_of(weights)], 0, 1 + parts_of(weights))
    difference = solution.voltage - direct(weights.astype(float), currents, leak)
    for part in range(1, parts.max() + 1):
        difference[parts == part] -= difference[parts == part].mean() if (parts == part).any() else 0
    assert np.abs(difference).max() <= 1e-5 * np.abs(solution.voltage).max()


def test_a_chain_of_resistors():
    weights = np.zeros((4, 1, 100))
    weights[0] = 0.5
    currents = np.zeros((1, 100))
    currents[0, 0], currents[0, -1] = 3, -3
    voltage = solved(weights, currents, tolerance=1e-12).voltage[0]
    np.testing.assert_allclose(-np.diff(voltage), 6)
    np.testing.assert_allclose(
        solved(weights.swapaxes(1, 2)[[1, 0, 2, 3]], currents.T).residual, 0, atol=1e-6
    )


def test_a_square_of_four_resistors_of_one_ohm():
    weights = np.zeros((4, 2, 2))
    weights[0], weights[1] = 1, 1  # what points out of the raster counts for nothing
    currents = np.array([[1.0, 0], [0, -1]])
    solution = solved(weights, currents)
    assert solution.voltage[0, 0] - solution.voltage[1, 1] == pytest.approx(1)
    assert multigrid.effective_resistance(weights, currents, solution.voltage) == pytest.approx(1, rel=1e-12)


def test_what_points_out_of_the_raster_is_ignored():
    rng = np.random.default_rng(3)
    weights, currents = checkered(rng)
    noisy = weights.copy()
    noisy[0, :, -1], noisy[1:, -1, :], noisy[2, :, -1], noisy[3, :, 0] = 5, 6, 7, 8
    np.testing.assert_array_equal(solved(weights, currents).voltage, solved(noisy, currents).voltage)


def test_no_currents_no_voltage():
    weights, currents = checkered(np.random.default_rng(1))
    solution = solved(weights, 0 * currents)
    assert (solution.iterations, solution.residual) == (0, 0)
    assert not solution.voltage.any()


def test_several_right_hand_sides_are_solved_one_by_one():
    rng = np.random.default_rng(2)
    weights, first = checkered(rng)
    several = np.stack([first, balanced(rng.random(first.shape), parts_of(weights)), 0 * first])
    solution = solved(weights, several)
    assert solution.iterations.shape == solution.residual.shape == solution.slow.shape == (3,)
    for voltage, currents in zip(solution.voltage, several, strict=True):
        np.testing.assert_array_equal(voltage, solved(weights, currents).voltage)


def test_a_good_guess_saves_iterations():
    weights, currents = checkered(np.random.default_rng(2))
    rough = solved(weights, currents, tolerance=1e-4)
    further = solved(weights, currents, tolerance=1e-8, guess=rough.voltage)
    assert further.iterations < solved(weights, currents, tolerance=1e-8).iterations
    assert solved(weights, currents, tolerance=1e-4, guess=rough.voltage).iterations == 0


def test_ground_stays_at_0_whatever_was_guessed():
    weights, currents = checkered(np.random.default_rng(2))
    leak = np.zeros(currents.shape)
    leak[4, 4] = np.inf
    hierarchy, guess = multigrid.set_up(weights, leak), np.ones(currents.shape)
    found = multigrid.solve(hierarchy, weights, currents, leak=leak, guess=guess, tolerance=1e-9).voltage
    assert found[4, 4] == 0
    np.testing.assert_allclose(found, direct(weights, currents, leak), atol=1e-6 * np.abs(found).max())


def test_the_same_bits_again_whatever_the_room_held_before():
    rng = np.random.default_rng(4)
    weights, currents = checkered(rng)
    hierarchy = multigrid.set_up(weights)
    scratch = multigrid.scratch_for(hierarchy)
    first = multigrid.solve(hierarchy, weights, currents, scratch=scratch).voltage
    for room in (scratch.numbers, scratch.vectors, scratch.rows, scratch.gains):
        room[:] = rng.random(room.shape)
    again = multigrid.solve(hierarchy, weights, currents, scratch=scratch).voltage
    np.testing.assert_array_equal(first, again)


def test_linear_and_symmetric():
    rng = np.random.default_rng(5)
    weights, first = checkered(rng)
    second = balanced(rng.random(first.shape), parts_of(weights))
    a, b, both = (
        solved(weights, x, tolerance=1e-11).voltage for x in (first, second, 2 * first - 3 * second)
    )
    parts = parts_of(weights)
    size = np.abs(both).max()
    np.testing.assert_allclose(centred(both, parts), centred(2 * a - 3 * b, parts), atol=1e-8 * size)
    assert (a * second).sum() == pytest.approx((b * first).sum(), rel=1e-8)


def test_conductances_of_any_unit():
    weights, currents = checkered(np.random.default_rng(6))
    plain = solved(weights, currents)
    scaled = solved(weights * 2.0**-27, currents * 2.0**40)
    np.testing.assert_allclose(scaled.voltage, plain.voltage * 2.0**67, rtol=1e-9)
    assert scaled.iterations == plain.iterations


def test_resistance_is_far_better_than_voltages():
    weights, currents = checkered(np.random.default_rng(7))
    exact = direct(weights, currents)
    expected = (currents * exact).sum()
    rough = solved(weights, currents, tolerance=1e-4).voltage
    found = multigrid.effective_resistance(weights, currents, rough)
    assert found == pytest.approx(expected, rel=1e-7)
    assert found <= expected * (1 + 1e-12)


def test_apply_is_the_matrix_and_exact_on_constants():
    rng = np.random.default_rng(8)
    for shape in ((1, 1), (1, 9), (7, 2), (20, 33)):
        weights = edges_of(conductance_of_kind("salt", shape, rng))
        voltage, leak = rng.random(shape), rng.random(shape)
        expected = (matrix_of(weights, leak) @ voltage.ravel()).reshape(shape)
        np.testing.assert_allclose(multigrid.apply(weights, voltage, leak=leak), expected, atol=1e-14)
        assert not multigrid.apply(weights, np.full(shape, 0.1)).any()


def test_preconditioning_reduces_the_error_of_any_magnitude():
    weights, currents = checkered(np.random.default_rng(9))
    hierarchy = multigrid.set_up(weights)
    parts, exact = parts_of(weights), direct(weights, currents)
    for size in (1e-200, 1.0, 1e200):
        found = multigrid.precondition(hierarchy, currents * size) / size
        error = centred(found - exact, parts)
        energy = (error * multigrid.apply(weights, error)).sum()
        assert energy < 0.25 * (currents * exact).sum()


def test_mazes_are_given_up_or_solved():
    rng = np.random.default_rng(10)
    cells = np.zeros((121, 121))
    cells[::2, ::2] = 1
    for row in range(0, 121, 2):
        for column in range(0, 121, 2):
            if row and (not column or rng.random() < 0.5):
                cells[row - 1, column] = 1
            elif column:
                cells[row, column - 1] = 1
    weights = edges_of(cells, neighbours=4)
    currents = np.zeros(cells.shape)
    currents[0, 0], currents[-1, -1] = 1, -1
    solution = multigrid.solve(multigrid.set_up(weights), weights, currents)
    assert solution.slow
    assert not solution.converged
    assert solution.residual > 1e-6
    assert solution.iterations < 60


def test_currents_without_a_solution_are_not_said_to_be_solved():
    weights, currents = checkered(np.random.default_rng(11))
    currents[5, 5] += 0.5
    solution = multigrid.solve(multigrid.set_up(weights), weights, currents)
    assert not solution.converged
    assert solution.residual > 1e-3


def test_limit():
    weights, currents = checkered(np.random.default_rng(12))
    solution = multigrid.solve(multigrid.set_up(weights), weights, currents, tolerance=1e-12, limit=2)
    assert (solution.iterations, solution.converged, solution.slow) == (2, False, False)


def test_memory_told_is_what_is_taken():
    hierarchy = multigrid.set_up(np.ones((4, 300, 400)))
    scratch = multigrid.scratch_for(hierarchy)
    taken = sum(part.nbytes for part in (*hierarchy, *scratch)) + 2 * 8 * 300 * 400
    told = multigrid.memory_bytes(300, 400)
    assert told == pytest.approx(taken, rel=0.02)
    assert multigrid.memory_bytes(2000, 2000) <= 120 * 2000**2


@pytest.mark.parametrize(
    ("weights", "leak", "currents"),
    [
        (np.ones((3, 4, 4)), None, np.zeros((4, 4))),
        (np.ones((4, 0, 4)), None, np.zeros((0, 4))),
        (np.ones((4, 4, 4)), np.ones((3, 4)), np.zeros((4, 4))),
        (np.ones((4, 4, 4)), None, np.zeros((4, 5))),
        (np.ones((4, 4, 4)), None, np.zeros(4)),
    ],
)
def test_shapes_that_do_not_fit(weights, leak, currents):
    with pytest.raises(InputError, match="I201"):
        multigrid.solve(multigrid.set_up(weights, leak), weights, currents, leak=leak)


def test_leak_must_be_given_to_both():
    weights = np.ones((4, 4, 4))
    with pytest.raises(InputError, match="both"):
        multigrid.solve(multigrid.set_up(weights), weights, np.ones((4, 4)), leak=np.ones((4, 4)))


IN_THE_INTERPRETER = """
import sys
import numpy as np
from corridors.kernels import multigrid
weights = np.load(sys.argv[1])
currents = np.zeros(weights.shape[1:])
currents[0, 0], currents[-1, -1] = 1, -1
np.save(sys.argv[2], multigrid.solve(multigrid.set_up(weights), weights, currents, tolerance=1e-9).voltage)
leak = np.ones(currents.shape)
solution = multigrid.solve(multigrid.set_up(weights, leak), weights, currents, leak=leak)
assert solution.converged
"""


def test_without_compiler_the_loops_give_the_same(tmp_path):
    weights = edges_of(conductance_of_kind("contrast", (9, 12), np.random.default_rng(1)))
    np.save(tmp_path / "weights.npy", weights)
    command = [sys.executable, "-c", IN_THE_INTERPRETER, tmp_path / "weights.npy", tmp_path / "found.npy"]
    subprocess.run(command, check=True, env={**os.environ, "NUMBA_DISABLE_JIT": "1"})
    currents = np.zeros((9, 12))
    currents[0, 0], currents[-1, -1] = 1, -1
    expected = centred(direct(weights, currents), parts_of(weights))
    found = centred(np.load(tmp_path / "found.npy"), parts_of(weights))
    np.testing.assert_allclose(found, expected, atol=1e-7 * np.abs(expected).max())
