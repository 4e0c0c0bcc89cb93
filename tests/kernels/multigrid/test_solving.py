import numba
import numpy as np
from kernels.multigrid.grids import balanced, centred, conductance_of_kind, direct, edges_of, parts_of

from corridors.kernels import multigrid


@numba.njit(nogil=True, error_model="numpy")
def each_window(workspace, weights, currents, voltages, places, sides):
    """Solve window after window, cut from flat arrays, as a loop over moving windows does."""
    worst = 0
    for window in range(len(places)):
        rows, columns = sides[window]
        start = places[window]
        edges = weights[4 * start : 4 * (start + rows * columns)].reshape(4, rows, columns)
        current = currents[start : start + rows * columns].reshape(rows, columns)
        voltage = voltages[start : start + rows * columns].reshape(rows, columns)
        multigrid.set_up_into(workspace.hierarchy, edges, multigrid.NO_LEAK)
        _, _, status = multigrid.solve_into(workspace, edges, multigrid.NO_LEAK, current, voltage, 1e-9, 100)
        worst = max(worst, status)
    return worst


def test_windows_of_any_size_in_one_workspace():
    rng = np.random.default_rng(1)
    sides = np.array([(20, 30), (5, 7), (1, 1), (30, 1), (1, 30), (30, 30), (2, 2), (29, 17)])
    weights = [edges_of(conductance_of_kind("salt", side, rng)) for side in sides]
    currents = [balanced(rng.random(side), parts_of(w)) for side, w in zip(sides, weights, strict=True)]
    places = np.cumsum([0, *(rows * columns for rows, columns in sides[:-1])])
    voltages = np.zeros(sum(current.size for current in currents))
    workspace = multigrid.workspace_for(30, 30)
    flat = np.concatenate([w.ravel() for w in weights])
    currents_flat = np.concatenate([current.ravel() for current in currents])
    assert each_window(workspace, flat, currents_flat, voltages, places, sides) == multigrid.CONVERGED
    for start, edges, current in zip(places, weights, currents, strict=True):
        parts = parts_of(edges)
        found = voltages[start : start + current.size].reshape(current.shape)
        expected = centred(direct(edges, current), parts)
        np.testing.assert_allclose(centred(found, parts), expected, atol=1e-7 * np.abs(expected).max())


def test_a_window_solves_as_if_it_were_alone():
    rng = np.random.default_rng(2)
    weights = edges_of(conductance_of_kind("contrast", (20, 25), rng))
    current = balanced(rng.random((20, 25)), parts_of(weights))
    workspace = multigrid.workspace_for(64, 64)
    for room in (workspace.hierarchy.numbers, workspace.scratch.numbers, workspace.scratch.vectors):
        room[:] = rng.random(room.shape)
    found = np.zeros((20, 25))
    multigrid.set_up_into(workspace.hierarchy, weights, multigrid.NO_LEAK)
    multigrid.solve_into(workspace, weights, multigrid.NO_LEAK, current, found, 1e-6, 100)
    alone = multigrid.solve(multigrid.set_up(weights), weights, current).voltage
    np.testing.assert_array_equal(found, alone)
