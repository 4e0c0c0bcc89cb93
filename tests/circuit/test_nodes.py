import numpy as np
import pytest
from reference_circuits import graph_of

from corridors.circuit import grid_circuit, network_circuit, with_merged
from corridors.circuit import nodes as nodes_module
from corridors.errors import InputError


def as_edges(circuit):
    return {
        (int(a), int(b)): w for a, b, w in zip(*(part.tolist() for part in circuit.branches), strict=True)
    }


def test_a_raster_has_a_node_per_cell_that_conducts():
    circuit = grid_circuit([[1.0, np.nan], [0.0, 2.0]])
    assert circuit.count == 2
    assert circuit.nodes.tolist() == [[0, -1], [-1, 1]]
    assert list(as_edges(circuit)) == [(0, 1)]


@pytest.mark.parametrize("average", ["resistance", "conductance"])
def test_polygons_are_one_node_in_one_piece_or_not(average):
    rng = np.random.default_rng(3)
    conductance = rng.random((5, 6)) + 0.1
    polygons = np.zeros((5, 6), int)
    polygons[:2, :2], polygons[4, 5] = 7, 7
    circuit = grid_circuit(conductance, average=average, polygons=polygons)
    cells = [tuple(cell) for cell in np.argwhere(polygons == 7).tolist()]
    graph = graph_of(conductance, average=average, merged=[cells])
    assert circuit.count == len(graph) == 26
    name = {node: circuit.nodes[node] for node in graph}
    expected = {tuple(sorted((name[a], name[b]))): w for a, b, w in graph.edges(data="weight")}
    found = as_edges(circuit)
    assert found.keys() == expected.keys()
    assert all(found[pair] == pytest.approx(expected[pair]) for pair in expected)


def test_a_polygon_conducts_over_no_data_if_the_mean_is_of_conductances():
    conductance = np.array([[1.0, 0.0, 0.0, 3.0], [2.0, 0.0, 0.0, 0.0]])
    polygons = np.array([[0, 5, 5, 0], [5, 0, 0, 0]])
    # Cell (1, 0) is the polygon's valid one; its two cells on no data touch (0, 0) and (0, 3).
    mean = grid_circuit(conductance, neighbours=4, average="conductance", polygons=polygons)
    assert mean.nodes.tolist() == [[0, 2, 2, 1], [2, -1, -1, -1]]
    assert as_edges(mean) == {(0, 2): 0.5 + 1.5, (1, 2): 1.5}
    assert as_edges(grid_circuit(conductance, neighbours=4, polygons=polygons)) == {
        (0, 2): pytest.approx(4 / 3)
    }


def test_a_polygon_on_no_data_alone_is_passed_over():
    circuit = grid_circuit([[1.0, 0.0, 1.0]], average="conductance", polygons=[[0, 5, 0]])
    assert circuit.count == 2
    assert as_edges(circuit) == {}


def test_groups_take_in_what_they_touch():
    circuit = grid_circuit(np.ones((1, 6)), polygons=[[0, 3, 0, 3, 0, 0]])
    merged = with_merged(circuit, [[0, 1], [3, 4]])
    assert merged.nodes.tolist() == [[0, 0, 1, 0, 0, 2]]
    assert circuit.nodes.tolist() == [[0, 1, 2, 1, 3, 4]]


def test_components(monkeypatch):
    monkeypatch.setattr(nodes_module, "CELLS_AT_A_TIME", 4)
    conductance = np.array([[1.0, 0, 1], [1, 0, 1], [0, 0, 0], [1, 1, 0]])
    circuit = grid_circuit(conductance)
    assert circuit.component.tolist() == [0, 1, 0, 1, 2, 2]
    joined = with_merged(circuit, [[0, 9]])
    assert joined.component.tolist() == [0, 1, 0, 1, 0]


def test_blocks_of_rows_hold_all_branches(monkeypatch):
    conductance = np.random.default_rng(1).random((9, 4))
    whole = grid_circuit(conductance)
    expected = as_edges(whole)
    monkeypatch.setattr(nodes_module, "CELLS_AT_A_TIME", 8)
    assert as_edges(grid_circuit(conductance)) == expected


def test_a_network_adds_parallel_branches_and_drops_loops():
    circuit = network_circuit([2, 0, 1, 1], [0, 2, 1, 2], [1.0, 2.0, 5.0, 4.0], 4)
    assert as_edges(circuit) == {(0, 2): 3.0, (1, 2): 4.0}
    assert circuit.component.tolist() == [0, 0, 0, 1]


def test_what_cannot_be_a_circuit_is_refused():
    with pytest.raises(InputError, match=r"I217.*nothing conducts"):
        grid_circuit(np.zeros((2, 2)))
    with pytest.raises(InputError, match=r"I201.*polygons.*\(1, 2\).*\(2, 2\)"):
        grid_circuit(np.ones((2, 2)), polygons=[[1, 0]])
    with pytest.raises(InputError, match=r"I211.*branches"):
        network_circuit([0], [1], [0.0], 2)
    with pytest.raises(InputError, match=r"I221.*branches"):
        network_circuit([0], [2], [1.0], 2)
    with pytest.raises(InputError, match="I228"):
        with_merged(network_circuit([0], [1], [1.0], 2), [[0, 1]])
