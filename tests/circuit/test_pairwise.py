import numpy as np
import pytest
from reference_circuits import graph_of, node_current, resistance, voltages

from corridors.circuit import (
    current_map,
    focal_from_labels,
    grid_circuit,
    network_circuit,
    pairwise,
    pairwise_plan,
    voltage_map,
    with_merged,
)
from corridors.errors import ResourceError


def corners(shape):
    rows, columns = shape
    return {1: np.array([0]), 2: np.array([rows * columns - 1])}


def only(circuit, focal, **options):
    (flow,) = pairwise(circuit, focal, **options)
    return flow


def test_corner_to_corner_of_nine_cells():
    assert only(grid_circuit(np.ones((3, 3)), neighbours=4), corners((3, 3))).resistance == pytest.approx(1.5)
    flow = only(grid_circuit(np.ones((3, 3))), corners((3, 3)))
    assert flow.resistance == pytest.approx(0.887301628, rel=1e-9)


def test_a_strip_with_one_bad_cell():
    strip = np.ones((1, 11))
    strip[0, 5] = 1 / 1000
    assert only(grid_circuit(strip), corners((1, 11))).resistance == pytest.approx(1009)
    mean = grid_circuit(strip, average="conductance")
    assert only(mean, corners((1, 11))).resistance == pytest.approx(11.996004, rel=1e-7)


@pytest.mark.parametrize(
    ("gaps", "through", "expected"),
    [
        ((3,), (1.0,), 1.578362),
        ((1, 5), (0.5, 0.5), 1.143580),
        ((1, 3, 5), (0.322902, 0.354196, 0.322902), 0.957628),
    ],
)
def test_walls_with_gaps(gaps, through, expected):
    # A wall down the middle of 7 x 7 cells; from the middle of the west side to that of the east.
    cells = np.ones((7, 7))
    cells[[row for row in range(7) if row not in gaps], 3] = 0
    flow = only(grid_circuit(cells), {1: np.array([21]), 2: np.array([27])})
    assert flow.resistance == pytest.approx(expected, abs=1e-6)
    current = current_map(flow.circuit, flow.voltage)
    np.testing.assert_allclose(current[list(gaps), 3], through, atol=1e-6)


def test_voltages_and_currents_are_those_of_the_graph():
    conductance = np.random.default_rng(2).random((5, 6)) + 0.05
    graph = graph_of(conductance)
    focal = {3: np.array([0]), 4: np.array([8]), 9: np.array([29])}
    for flow in pairwise(grid_circuit(conductance), focal):
        first, second = (divmod(int(focal[name][0]), 6) for name in (flow.first, flow.second))
        found = voltages(graph, {second: 1.0, first: -1.0})
        volts = voltage_map(flow.circuit, flow.voltage)
        current = current_map(flow.circuit, flow.voltage)
        for cell in np.ndindex(5, 6):
            assert volts[cell] == pytest.approx(found[cell] - found[first], abs=1e-9)
            assert current[cell] == pytest.approx(node_current(graph, found, cell), abs=1e-9)
        assert flow.residual < 1e-12
        assert flow.solver == "direct"


def test_regions_are_one_node_while_their_pair_is_active():
    conductance = np.random.default_rng(4).random((5, 6)) + 0.05
    labels = np.zeros((5, 6), int)
    labels[:2, :2], labels[3:, 4:], labels[0, 5] = 1, 2, 3
    cells = {k: [tuple(c) for c in np.argwhere(labels == k).tolist()] for k in (1, 2, 3)}
    for flow in pairwise(grid_circuit(conductance), focal_from_labels(labels)):
        merged = [cells[flow.first], cells[flow.second]]
        graph = graph_of(conductance, merged=merged)
        expected = resistance(graph, merged[0][0], merged[1][0])
        assert flow.resistance == pytest.approx(expected, rel=1e-9)
        found = voltages(graph, {merged[1][0]: 1.0, merged[0][0]: -1.0})
        current = current_map(flow.circuit, flow.voltage)
        for cell in np.ndindex(5, 6):
            owner = next((group[0] for group in merged if cell in group), cell)
            assert current[cell] == pytest.approx(node_current(graph, found, owner), abs=1e-9)


def test_a_short_circuit_region_is_a_merged_node():
    conductance = np.random.default_rng(6).random((4, 5)) + 0.1
    polygons = np.zeros((4, 5), int)
    polygons[1:3, 1:3] = 8
    one = only(grid_circuit(conductance, polygons=polygons), corners((4, 5)))
    cells = np.flatnonzero(polygons)
    other = only(with_merged(grid_circuit(conductance), [cells]), corners((4, 5)))
    assert one.resistance == other.resistance


def test_two_nodes_in_one_cell_or_polygon_are_one():
    circuit = grid_circuit(np.ones((1, 4)), polygons=[[2, 0, 0, 2]])
    flows = list(pairwise(circuit, {1: np.array([0]), 2: np.array([3]), 3: np.array([1]), 4: np.array([1])}))
    told = {(flow.first, flow.second): (flow.resistance, flow.status) for flow in flows}
    assert told[1, 2] == told[3, 4] == (0.0, "same node")
    assert told[1, 3][1] == "solved"
    assert not flows[0].voltage.any()


def test_components_are_told_apart_and_solved_together():
    cells = np.array([[1.0, 1.0, 0.0, 1.0, 1.0, 1.0]])
    focal = {k: np.array([cell]) for k, cell in enumerate((0, 1, 3, 5), start=1)}
    flows = {(flow.first, flow.second): flow for flow in pairwise(grid_circuit(cells), focal)}
    assert flows[1, 2].resistance == pytest.approx(1)
    assert flows[3, 4].resistance == pytest.approx(2)
    assert not voltage_map(flows[3, 4].circuit, flows[3, 4].voltage)[0, :2].any()
    for pair in ((1, 3), (1, 4), (2, 3), (2, 4)):
        assert flows[pair].status == "disconnected"
        assert np.isnan(flows[pair].resistance)
        assert not flows[pair].voltage.any()


def test_regions_in_different_components():
    cells = np.array([[1.0, 1.0, 0.0, 1.0, 1.0]])
    flow = only(grid_circuit(cells), {1: np.array([0, 1]), 2: np.array([3, 4])})
    assert flow.status == "disconnected"


def test_focal_nodes_on_no_data_are_said_where_accepted():
    focal = {1: np.array([0]), 2: np.array([2]), 3: np.array([1])}
    flows = list(pairwise(grid_circuit([[1.0, 1.0, 0.0]]), focal, accept_no_data=True))
    assert [flow.status for flow in flows] == ["on no data", "solved", "on no data"]


def test_pairs_come_in_the_order_asked_for():
    focal = {k: np.array([k]) for k in range(4)}
    flows = list(pairwise(grid_circuit(np.ones((1, 4))), focal, pairs=[(3, 1), (0, 2)]))
    assert [(flow.first, flow.second) for flow in flows] == [(3, 1), (0, 2)]
    assert [flow.resistance for flow in flows] == pytest.approx([2, 2])
    assert flows[0].voltage[[3, 1]] == pytest.approx([0, 2])


def test_a_network():
    flows = list(
        pairwise(network_circuit([0, 1, 2], [1, 2, 0], [1.0] * 3, 3), {k: np.array([k]) for k in (0, 2)})
    )
    assert flows[0].resistance == pytest.approx(2 / 3)


def test_the_plan_counts_solutions_and_what_does_not_fit_is_refused(monkeypatch):
    circuit = grid_circuit(np.ones((3, 4)))
    points = {k: np.array([k]) for k in range(5)}
    plan = pairwise_plan(circuit, points)
    assert (plan.solver, plan.nodes, plan.right_hand_sides) == ("direct", 12, 4)
    regions = {1: np.array([0, 1]), 2: np.array([3]), 3: np.array([7])}
    assert pairwise_plan(circuit, regions).right_hand_sides == 1 + 2
    memory = type("Memory", (), {"available": 10})
    monkeypatch.setattr("psutil.virtual_memory", lambda: memory)
    with pytest.raises(ResourceError, match=r"R301.*12 nodes and 4 right-hand sides"):
        pairwise(circuit, points)
