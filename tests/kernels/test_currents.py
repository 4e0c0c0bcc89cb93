from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridors.kernels.currents import (
    LANES,
    add_all_pairs,
    add_flows,
    add_net_flows,
    add_products,
    join,
    list_branches,
    number_components,
    sorting_network,
)


def branches(nodes, count, rng):
    first, second = rng.integers(0, nodes, (2, count)).astype(np.int32)
    return first, second, rng.random(count)


@pytest.mark.parametrize("count", range(1, 34))
def test_the_network_sorts(count):
    numbers = np.random.default_rng(count).integers(0, 9, (count, 40))
    expected = np.sort(numbers, axis=0)
    for low, high in sorting_network(count):
        numbers[[low, high]] = np.sort(numbers[[low, high]], axis=0)
    np.testing.assert_array_equal(numbers, expected)


def test_branches_of_a_raster_are_listed_once_and_not_beyond_it():
    steps = np.zeros((4, 2, 2))
    steps[0, :, 0], steps[1, 0], steps[2, 0, 0], steps[3, 0, 1] = 1, 2, 3, 4
    nodes = np.array([[0, 1], [2, 3]], dtype=np.int32)
    first, second, found = np.zeros(16, np.int32), np.zeros(16, np.int32), np.zeros(16)
    count = list_branches(steps, nodes, (0, 2), first, second, found)
    listed = sorted(zip(first[:count].tolist(), second[:count].tolist(), found[:count].tolist(), strict=True))
    assert listed == [(0, 1, 1), (0, 2, 2), (0, 3, 3), (1, 2, 4), (1, 3, 2), (2, 3, 1)]


def test_steps_to_cells_without_a_node_and_within_a_node_are_left_out():
    steps = np.zeros((4, 1, 4))
    steps[0, 0, :3] = 1
    nodes = np.array([[0, 0, 1, -1]], dtype=np.int32)
    first, second, found = np.zeros(16, np.int32), np.zeros(16, np.int32), np.zeros(16)
    assert list_branches(steps, nodes, (0, 1), first, second, found) == 1
    assert (first[0], second[0]) == (0, 1)


def test_flows_by_hand():
    first, second = np.array([0, 1, 3], np.int32), np.array([1, 2, 1], np.int32)
    inflow, outflow = np.zeros(4), np.zeros(4)
    voltage = np.array([3.0, 1.0, 0.0, 2.0])
    add_flows(first, second, np.array([1.0, 4.0, 2.0]), voltage, (0.0, 0.0), inflow, outflow)
    assert inflow.tolist() == [0, 4, 4, 0]
    assert outflow.tolist() == [2, 4, 0, 2]


def test_small_flows_can_be_dropped_on_either_side():
    first, second = np.array([0, 1], np.int32), np.array([1, 2], np.int32)
    inflow, outflow = np.zeros(3), np.zeros(3)
    add_flows(first, second, np.ones(2), np.array([1.5, 1.0, 0.0]), (0.75, 0.25), inflow, outflow)
    assert inflow.tolist() == [0, 0, 1]
    assert outflow.tolist() == [0.5, 1, 0]


@pytest.mark.parametrize("count", [1, LANES, 3 * LANES + 5])
def test_net_flows_are_the_laplacian_times_the_voltages(count):
    rng = np.random.default_rng(count)
    first, second, conductance = branches(9, count, rng)
    voltages, net, laplacian = rng.random((9, 3)), np.zeros((9, 3)), np.zeros((9, 9))
    for a, b, w in zip(first, second, conductance, strict=True):
        laplacian[a, a] += w
        laplacian[b, b] += w
        laplacian[a, b] -= w
        laplacian[b, a] -= w
    add_net_flows(first, second, conductance, voltages, net)
    np.testing.assert_allclose(net, laplacian @ voltages, atol=1e-13)


def test_products():
    one, other = np.random.default_rng(1).random((2, 20, 3))
    total = np.ones((3, 3))
    add_products(one, other, total)
    np.testing.assert_allclose(total, 1 + one.T @ other)


@given(st.integers(2, 12), st.integers(1, 70), st.integers(0, 2**32 - 1))
def test_all_pairs_by_sorting_are_the_sum_over_the_pairs(focal, count, seed):
    rng = np.random.default_rng(seed)
    first, second, conductance = branches(8, count, rng)
    potentials, total, expected = rng.normal(size=(8, focal - 1)), np.zeros(8), np.zeros(8)
    add_all_pairs(first, second, conductance, potentials, sorting_network(focal), total)
    full = np.column_stack([np.zeros(8), potentials])
    for i, j in combinations(range(focal), 2):
        volts = full[:, j] - full[:, i]
        for a, b, w in zip(first, second, conductance, strict=True):
            half = w * abs(volts[a] - volts[b]) / 2
            expected[a] += half
            expected[b] += half
    np.testing.assert_allclose(total, expected, rtol=1e-11, atol=1e-13)


def test_components_are_numbered_by_their_first_node():
    parents = np.arange(7, dtype=np.int32)
    join(parents, np.array([5, 6, 4], np.int32), np.array([1, 3, 6], np.int32))
    join(parents, np.array([3], np.int32), np.array([4], np.int32))
    assert number_components(parents) == 4
    assert parents.tolist() == [0, 1, 2, 3, 3, 1, 3]


@given(st.integers(1, 40), st.integers(0, 60), st.integers(0, 2**32 - 1))
def test_components_are_those_of_networkx(nodes, count, seed):
    import networkx as nx

    first, second, _ = branches(nodes, count, np.random.default_rng(seed))
    parents = np.arange(nodes, dtype=np.int32)
    join(parents, first, second)
    found = number_components(parents)
    graph = nx.empty_graph(nodes)
    graph.add_edges_from(zip(first.tolist(), second.tolist(), strict=True))
    expected = list(nx.connected_components(graph))
    assert found == len(expected)
    for members in expected:
        assert len({int(parents[node]) for node in members}) == 1
