"""Laws every circuit keeps, on random landscapes."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from corridors.circuit import (
    all_pairs_current,
    branch_currents,
    current_map,
    grid_circuit,
    network_circuit,
    pair_resistances,
    pairwise,
)

resistances = arrays(
    np.float64,
    st.tuples(st.integers(2, 5), st.integers(2, 6)),
    elements=st.floats(1, 1e4) | st.just(np.nan),
)
options = st.fixed_dictionaries(
    {"neighbours": st.sampled_from([4, 8]), "average": st.sampled_from(["resistance", "conductance"])}
)


def circuit_of(resistance, options):
    conductance = np.nan_to_num(1 / resistance)
    assume(np.count_nonzero(conductance) >= 3)
    return grid_circuit(conductance, **options)


def every_cell(circuit):
    return {int(cell): np.array([cell]) for cell in np.flatnonzero(circuit.nodes.ravel() >= 0)}


def matrix(circuit):
    """Return resistances between all nodes, NaN where disconnected."""
    cells = list(every_cell(circuit))
    found = np.zeros((len(cells), len(cells)))
    for pair in pair_resistances(circuit, every_cell(circuit)):
        i, j = cells.index(pair.first), cells.index(pair.second)
        found[i, j] = found[j, i] = pair.resistance
    return found


@given(resistances, options)
def test_foster(resistance, options):
    circuit = circuit_of(resistance, options)
    between = matrix(circuit)
    first, second, conductance = circuit.branches
    total = float(conductance @ between[first, second])
    assert total == pytest.approx(circuit.count - (circuit.component.max() + 1), rel=1e-10, abs=1e-10)


@given(resistances, options, st.data())
def test_rayleigh_a_better_cell_never_makes_worse(resistance, options, data):
    cell = data.draw(st.integers(0, resistance.size - 1))
    better = resistance.copy()
    better.ravel()[cell] /= 3
    before, after = matrix(circuit_of(resistance, options)), matrix(circuit_of(better, options))
    assert (after[~np.isnan(before)] <= before[~np.isnan(before)] * (1 + 1e-9)).all()


@given(resistances, options)
def test_kirchhoff_and_power(resistance, options):
    circuit = circuit_of(resistance, options)
    for flow in list(pairwise(circuit, every_cell(circuit)))[:5]:
        if flow.status != "solved":
            continue
        first, second, _ = circuit.branches
        current = branch_currents(circuit, flow.voltage)
        net = np.bincount(first, current, circuit.count) - np.bincount(second, current, circuit.count)
        nodes = circuit.nodes.ravel()
        net[nodes[flow.first]] += 1
        net[nodes[flow.second]] -= 1
        np.testing.assert_allclose(net, 0, atol=1e-9)
        power = float(current @ (flow.voltage[first] - flow.voltage[second]))
        assert power == pytest.approx(flow.resistance, rel=1e-9)
        assert flow.voltage[nodes[flow.second]] == pytest.approx(flow.resistance, rel=1e-9)


@given(resistances, options)
def test_resistance_is_a_metric_below_the_least_cost(resistance, options):
    circuit = circuit_of(resistance, options)
    between = np.where(np.isnan(matrix(circuit)), np.inf, matrix(circuit))
    through = (between[:, :, None] + between[None, :, :]).min(axis=1)
    assert (between <= through * (1 + 1e-9)).all()
    first, second, conductance = circuit.branches
    graph = coo_array((1 / conductance, (first, second)), shape=(circuit.count,) * 2)
    assert (between <= dijkstra(graph, directed=False) * (1 + 1e-9)).all()


@given(resistances, options, st.floats(1e-3, 1e3))
def test_scaling(resistance, options, factor):
    one, other = (matrix(circuit_of(resistance * by, options)) for by in (1, factor))
    np.testing.assert_allclose(other, one * factor, rtol=1e-9)


@given(resistances, options)
def test_a_mirrored_landscape_has_a_mirrored_map(resistance, options):
    resistance = np.hstack([resistance, resistance[:, ::-1]])
    circuit = circuit_of(resistance, options)
    focal = every_cell(circuit)
    current = all_pairs_current(circuit, focal).cumulative
    np.testing.assert_allclose(current, current[:, ::-1], rtol=1e-10, atol=1e-10 * current.max())


@given(resistances, options)
def test_which_node_is_grounded_does_not_matter(resistance, options):
    circuit = circuit_of(resistance, options)
    cells = list(every_cell(circuit))
    for pair in list(combinations(cells, 2))[:4]:
        forth, back = (
            next(pairwise(circuit, every_cell(circuit), pairs=[ends])) for ends in (pair, pair[::-1])
        )
        assert forth.resistance == pytest.approx(back.resistance, rel=1e-9, nan_ok=True)
        np.testing.assert_allclose(
            current_map(circuit, forth.voltage), current_map(circuit, back.voltage), atol=1e-9
        )


@given(st.integers(2, 30))
def test_a_line_of_n_cells(count):
    (pair,) = pair_resistances(
        grid_circuit(np.ones((1, count))), {1: np.array([0]), 2: np.array([count - 1])}
    )
    assert pair.resistance == pytest.approx(count - 1)


@given(st.integers(1, 8), st.integers(1, 8))
def test_strips_side_by_side(strips, length):
    cells = np.zeros((2 * strips - 1, length + 2))
    cells[::2] = 1
    polygons = np.zeros(cells.shape, int)
    polygons[:, 0], polygons[:, -1] = 1, 2
    circuit = grid_circuit(cells, polygons=polygons)
    (pair,) = pair_resistances(circuit, {1: np.array([0]), 2: np.array([length + 1])})
    assert pair.resistance == pytest.approx((length + 1) / strips)


@given(st.lists(st.floats(0.1, 10), min_size=1, max_size=12), st.data())
def test_in_a_tree_resistances_add_up_along_the_path(conductance, data):
    parents = [data.draw(st.integers(0, node)) for node in range(len(conductance))]
    nodes = list(range(1, len(conductance) + 1))
    circuit = network_circuit(parents, nodes, conductance, len(nodes) + 1)
    depth, path = 0.0, nodes[-1]
    while path:
        depth += 1 / conductance[path - 1]
        path = parents[path - 1]
    (pair,) = pair_resistances(circuit, {"root": np.array([0]), "leaf": np.array([nodes[-1]])})
    assert pair.resistance == pytest.approx(depth, rel=1e-10)


def test_neighbours_on_a_large_grid_are_half_apart():
    # On the endless square grid exactly 1/2; the error falls with the square of the size.
    errors = []
    for size in (11, 21, 41):
        middle = size // 2 * size + size // 2
        focal = {1: np.array([middle]), 2: np.array([middle + 1])}
        (pair,) = pair_resistances(grid_circuit(np.ones((size, size)), neighbours=4), focal)
        errors.append(pair.resistance - 0.5)
    slopes = np.diff(np.log(errors)) / np.diff(np.log((11, 21, 41)))
    np.testing.assert_allclose(slopes, -2, atol=0.1)
