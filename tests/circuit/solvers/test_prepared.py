import sys

import networkx as nx
import numpy as np
import pytest
from reference_circuits import graph_of
from scipy.sparse import csc_array

from corridors.circuit import grid_circuit, network_circuit, pair_resistances, pairwise
from corridors.circuit.solvers import Prepared, prepared
from corridors.errors import ConfigError

SOLVERS = ("direct", "multigrid", "pyamg", "cholmod")
SHAPE = (23, 31)


def need(solver):
    if solver == "cholmod":
        pytest.importorskip("sksparse.cholmod")


def landscape(polygons=None, average="resistance"):
    rng = np.random.default_rng(11)
    conductance = np.exp(rng.normal(size=SHAPE))
    conductance[rng.random(SHAPE) < 0.15] = 0
    return grid_circuit(conductance, polygons=polygons, average=average)


def scattered():
    polygons = np.zeros(SHAPE, int)
    polygons[3:9, 4:12], polygons[18, 28], polygons[14:16, 15:25] = 1, 1, 2
    return polygons


def questions(circuit, columns=3):
    sizes = np.bincount(circuit.component)
    inside = np.flatnonzero(circuit.component == sizes.argmax())
    injected = np.zeros((circuit.count, columns))
    injected[inside[7 :: len(inside) // columns][:columns], np.arange(columns)] = 1
    return inside, csc_array(injected)


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("polygons", [None, scattered()])
@pytest.mark.parametrize("held", ["one", "several", "polygon"])
@pytest.mark.parametrize("leaks", [False, True])
def test_solvers_agree_with_a_dense_solution(solver, polygons, held, leaks):
    need(solver)
    circuit = landscape(polygons, "conductance" if leaks else "resistance")
    inside, injected = questions(circuit)
    nodes = {"one": inside[:1], "several": inside[[0, 50, 51]], "polygon": circuit.nodes[[3, 3], [4, 12]]}[
        held
    ]
    nodes = np.unique(nodes[nodes >= 0])
    leak = np.zeros(circuit.count)
    leak[inside[[5, 90]]] = 0.3, 2.0
    leak[nodes] = 0
    found = Prepared(circuit, nodes, leak=leak if leaks else None, solver=solver, tolerance=1e-9).solve(
        injected
    )
    laplacian = np.diag(leak if leaks else np.zeros(circuit.count))
    for a, b, w in zip(*circuit.branches, strict=True):
        laplacian[[a, b], [a, b]] += w
        laplacian[[a, b], [b, a]] -= w
    free = np.setdiff1d(inside, nodes)
    expected = np.zeros((circuit.count, 3))
    expected[free] = np.linalg.solve(laplacian[np.ix_(free, free)], injected.toarray()[free])
    np.testing.assert_allclose(found.voltage, expected, atol=1e-7 * expected.max())
    assert (found.residual < 1e-9).all()
    assert found.solver == [solver] * 3


@pytest.mark.parametrize("solver", SOLVERS)
def test_solvers_agree_on_resistances_to_one_part_in_a_billion(solver):
    need(solver)
    circuit = landscape()
    inside, _ = questions(circuit)
    cells = np.flatnonzero(circuit.nodes.ravel() >= 0)
    focal = {k: cells[inside[100 * k : 100 * k + 1]] for k in range(1, 5)}
    focal[9] = cells[inside[[3, 4, 300]]]
    expected = [pair.resistance for pair in pair_resistances(circuit, focal, solver="direct")]
    found = [pair.resistance for pair in pair_resistances(circuit, focal, solver=solver)]
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_resistances_are_those_of_networkx():
    conductance = np.random.default_rng(3).random((4, 5)) + 0.1
    graph = graph_of(conductance)
    focal = {k: np.array([k]) for k in (0, 7, 13, 19)}
    for pair in pair_resistances(grid_circuit(conductance), focal):
        ends = divmod(pair.first, 5), divmod(pair.second, 5)
        expected = nx.resistance_distance(graph, *ends, weight="weight", invert_weight=False)
        assert pair.resistance == pytest.approx(expected, rel=1e-10)


def test_many_columns_are_solved_some_at_a_time(monkeypatch):
    circuit = landscape()
    inside, injected = questions(circuit, 7)
    whole = Prepared(circuit, inside[:1]).solve(injected)
    monkeypatch.setattr(prepared, "COLUMNS_AT_A_TIME", 3)
    parts = Prepared(circuit, inside[:1]).solve(injected)
    np.testing.assert_array_equal(parts.voltage, whole.voltage)
    np.testing.assert_array_equal(parts.residual, whole.residual)
    assert parts.solver == ["direct"] * 7


def test_what_is_left_over_at_held_nodes_is_what_ground_takes():
    line = network_circuit([0, 1, 2], [1, 2, 3], [1.0] * 3, 4)
    found = Prepared(line, [0, 3]).solve(csc_array(np.array([[0.0], [3.0], [0.0], [0.0]])))
    np.testing.assert_allclose(found.left[:, 0], [2, 0, 0, 1], atol=1e-12)


def test_a_held_node_at_one_volt():
    line = network_circuit([0, 1, 2], [1, 2, 3], [1.0] * 3, 4)
    assert Prepared(line, [0, 3]).at(3).voltage[:, 0].tolist() == pytest.approx([0, 1 / 3, 2 / 3, 1])


def test_a_slow_solver_hands_on(monkeypatch):
    # A solver that does not get anywhere is followed by the next; the last answer that is best stays.
    monkeypatch.setattr(prepared, "on_raster", lambda *_: np.zeros_like)
    circuit = landscape()
    inside, injected = questions(circuit)
    found = Prepared(circuit, inside[:1], solver="multigrid").solve(injected)
    assert found.solver == ["pyamg"] * 3
    assert (found.residual < 1e-6).all()
    monkeypatch.setattr(prepared, "algebraic", lambda *_: np.zeros_like)
    found = Prepared(circuit, inside[:1], solver="multigrid").solve(injected)
    assert found.solver == ["direct"] * 3


def test_a_maze_is_solved_by_whoever_can():
    # A serpentine one cell wide: multigrid may give up; the resistance is the number of steps.
    cells = np.zeros((41, 40))
    cells[::2] = 1
    cells[1::4, -1] = 1
    cells[3::4, 0] = 1
    focal = {1: np.array([0]), 2: np.array([40 * 41 - 1])}
    (pair,) = pair_resistances(grid_circuit(cells, neighbours=4), focal, solver="multigrid")
    assert pair.status == "solved"
    assert pair.resistance == pytest.approx(21 * 39 + 20 * 2, rel=1e-7)


def test_what_nobody_solves_is_said(monkeypatch):
    monkeypatch.setattr(prepared, "factorised", lambda *_: np.zeros_like)
    circuit, focal = grid_circuit(np.ones((2, 3))), {1: np.array([0]), 2: np.array([5])}
    for cells in (np.array([0]), np.array([0, 1])):
        focal[1] = cells
        (flow,) = pairwise(circuit, focal)
        assert flow.status == "not converged"
        assert np.isnan(flow.resistance)
        assert flow.residual > 0.1


def test_cholmod_that_is_not_installed_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "sksparse", None)
    circuit = grid_circuit(np.ones((2, 3)))
    with pytest.raises(ConfigError, match=r"C103.*solver.*not installed"):
        pair_resistances(circuit, {1: np.array([0]), 2: np.array([5])}, solver="cholmod")


def test_pyamg_gives_the_same_bytes_and_leaves_random_numbers_alone():
    circuit = landscape()
    inside, injected = questions(circuit)
    np.random.seed(5)  # noqa: NPY002 - the numbers pyamg draws from
    first = Prepared(circuit, inside[:1], solver="pyamg").solve(injected)
    drawn = np.random.random()  # noqa: NPY002
    second = Prepared(circuit, inside[:1], solver="pyamg").solve(injected)
    np.testing.assert_array_equal(first.voltage, second.voltage)
    np.random.seed(5)  # noqa: NPY002
    assert np.random.random() == drawn  # noqa: NPY002
