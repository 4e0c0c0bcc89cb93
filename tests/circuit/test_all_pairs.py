import numpy as np
import pytest

from corridors.circuit import (
    all_pairs_current,
    current_map,
    focal_from_labels,
    grid_circuit,
    network_circuit,
    pair_resistances,
    pairwise,
)

RNG = np.random.default_rng(8)


def landscape():
    conductance = RNG.random((6, 7)) + 0.05
    conductance[:, 4] = 0  # two components
    focal = {name: np.array([cell]) for name, cell in ((5, 0), (1, 16), (7, 37), (2, 6), (9, 40), (8, 16))}
    return grid_circuit(conductance), focal  # 1 and 8 share a cell


def by_pair(circuit, focal, pairs=None):
    maps = [current_map(flow.circuit, flow.voltage) for flow in pairwise(circuit, focal, pairs=pairs)]
    return np.sum(maps, axis=0), np.max(maps, axis=0)


def test_sorting_gives_the_sum_over_the_pairs():
    circuit, focal = landscape()
    found = all_pairs_current(circuit, focal)
    np.testing.assert_allclose(found.cumulative, by_pair(circuit, focal)[0], rtol=1e-9, atol=1e-12)
    assert found.maximum is None


def test_corners_of_five_by_five():
    circuit = grid_circuit(np.ones((5, 5)), neighbours=4)
    focal = {name: np.array([cell]) for name, cell in enumerate((0, 4, 20, 24))}
    current = all_pairs_current(circuit, focal).cumulative
    assert current[0, 0] == pytest.approx(3.1818, abs=1e-4)
    assert current[0, 2] == pytest.approx(1.5152, abs=1e-4)
    assert current[2, 2] == pytest.approx(1.2727, abs=1e-4)


def test_some_pairs_and_the_maximum_take_a_map_per_pair():
    circuit, focal = landscape()
    pairs = [(1, 5), (9, 2)]
    found = all_pairs_current(circuit, focal, pairs=pairs, maximum=True)
    total, most = by_pair(circuit, focal, pairs)
    np.testing.assert_allclose(found.cumulative, total, atol=1e-12)
    np.testing.assert_allclose(found.maximum, most, atol=1e-12)
    assert [pair[:2] for pair in found.pairs] == pairs


def test_regions():
    labels = np.zeros((6, 7), int)
    labels[:2, :2], labels[5, :2], labels[5, 3] = 1, 2, 3
    circuit, _ = landscape()
    focal = focal_from_labels(labels)
    np.testing.assert_allclose(all_pairs_current(circuit, focal).cumulative, by_pair(circuit, focal)[0])


@pytest.mark.parametrize("regions", [False, True])
def test_resistances_without_maps_are_the_same(regions):
    circuit, focal = landscape()
    if regions:
        focal[5] = np.array([0, 1])
    told = pair_resistances(circuit, focal)
    flows = list(pairwise(circuit, focal))
    assert [pair[:2] for pair in told] == [(flow.first, flow.second) for flow in flows]
    assert [pair.status for pair in told] == [flow.status for flow in flows]
    np.testing.assert_allclose(
        [pair.resistance for pair in told], [flow.resistance for flow in flows], equal_nan=True
    )
    assert {pair.status for pair in told} == {"solved", "same node", "disconnected"}


def test_focal_nodes_on_no_data_are_said_where_accepted():
    circuit = grid_circuit([[1.0, 1.0, 0.0]])
    focal = {1: np.array([0]), 2: np.array([2]), 3: np.array([1])}
    found = all_pairs_current(circuit, focal, accept_no_data=True)
    assert [pair.status for pair in found.pairs] == ["on no data", "solved", "on no data"]
    assert [p.status for p in pair_resistances(circuit, focal, accept_no_data=True)] == [
        "on no data",
        "solved",
        "on no data",
    ]
    np.testing.assert_allclose(found.cumulative, [[1, 1, 0]])


def test_a_network_gives_currents_of_nodes():
    star = network_circuit([0, 0, 0], [1, 2, 3], [1.0, 1.0, 1.0], 4)
    found = all_pairs_current(star, {name: np.array([name]) for name in (1, 2, 3)})
    np.testing.assert_allclose(found.cumulative, [3, 2, 2, 2])
