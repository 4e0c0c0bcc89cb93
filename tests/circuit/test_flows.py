import numpy as np
import pytest
from reference_circuits import graph_of, node_current, voltages

from corridors.circuit import (
    branch_currents,
    current_map,
    grid_circuit,
    network_circuit,
    node_currents,
    voltage_map,
)
from corridors.circuit.flows import net_flows
from corridors.errors import InputError


@pytest.mark.parametrize("cut", [0.0, 1e-8])
def test_currents_are_those_of_the_graph(cut):
    conductance = np.random.default_rng(5).random((4, 5)) + 0.1
    circuit = grid_circuit(conductance)
    graph = graph_of(conductance)
    found = voltages(graph, {(0, 0): -1.0, (3, 4): 1.0})
    volts = np.array([found[cell] for cell in np.ndindex(4, 5)])
    expected = [[node_current(graph, found, (row, column)) for column in range(5)] for row in range(4)]
    np.testing.assert_allclose(current_map(circuit, volts, cut=cut), expected, rtol=1e-12)


@pytest.mark.parametrize("volts", [[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]])
def test_small_currents_are_dropped_as_circuitscape_does(volts):
    # Branches of 1 and 1e-9 A between node 0 and nodes 1 and 2, all away from 0 or all towards it. Where
    # the larger numbers' side is summed the largest current is 1 A; the other way the largest is -1e-9.
    circuit = network_circuit([0, 0], [1, 2], [1.0, 1e-9], 3)
    assert node_currents(circuit, volts)[2] == pytest.approx(1e-9)
    assert node_currents(circuit, volts, cut=1e-8).tolist() == pytest.approx([1 + 1e-9, 1.0, 0.0], abs=1e-15)
    assert abs(branch_currents(circuit, volts, cut=1e-8)).tolist() == [1.0, 0.0]


def test_leaks_count_where_they_flow():
    circuit = network_circuit([0], [1], [1.0], 2)
    leak = np.array([0.0, 0.5])
    assert node_currents(circuit, [3.0, 2.0], leak=leak).tolist() == [1.0, 1.0]
    assert net_flows(circuit, np.array([[3.0], [2.0]]), leak=leak).tolist() == [[1.0], [0.0]]


def test_maps_put_a_nodes_value_on_all_its_cells():
    circuit = grid_circuit([[1.0, 0.0, 1.0, 1.0]], polygons=[[4, 0, 4, 0]])
    assert voltage_map(circuit, [1.0, 0.0], outside=-1).tolist() == [[1.0, -1.0, 1.0, 0.0]]
    assert current_map(circuit, [1.0, 0.0]).tolist() == [[1.0, 0.0, 1.0, 1.0]]


def test_a_network_has_no_map():
    with pytest.raises(InputError, match="I228"):
        voltage_map(network_circuit([0], [1], [1.0], 2), [0.0, 1.0])
