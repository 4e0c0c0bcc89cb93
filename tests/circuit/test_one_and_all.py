import numpy as np
import pytest

from corridors.circuit import (
    all_to_one,
    current_map,
    grid_circuit,
    one_to_all,
    pairwise,
)

LINE = grid_circuit(np.ones((1, 5)))
ENDS = {1: np.array([0]), 2: np.array([2]), 3: np.array([4])}


def test_one_to_all_on_a_line_by_hand():
    flows = list(one_to_all(LINE, ENDS))
    # From an end everything stops at the middle; from the middle there are two ways of 2 each.
    assert [flow.resistance for flow in flows] == pytest.approx([2, 1, 2])
    assert flows[1].voltage.tolist() == pytest.approx([0, 0.5, 1, 0.5, 0])
    assert current_map(LINE, flows[0].voltage).tolist() == [pytest.approx([1, 1, 1, 0, 0])]
    assert [(flow.first, flow.second, flow.status) for flow in flows] == [(k, 0, "solved") for k in (1, 2, 3)]


def test_all_to_one_on_a_line_by_hand():
    flows = list(all_to_one(LINE, ENDS))
    assert flows[0].voltage.tolist() == pytest.approx([0, 2, 4, 5, 6])
    assert flows[1].voltage.tolist() == pytest.approx([2, 1, 0, 1, 2])
    assert current_map(LINE, flows[0].voltage).tolist() == [pytest.approx([2, 2, 2, 1, 1])]
    assert [flow.resistance for flow in flows] == [0, 0, 0]


def test_strengths_scale_voltages():
    strengths = {1: 3.0, 3: 0.5}
    flow = next(one_to_all(LINE, ENDS, strengths=strengths))
    assert flow.resistance == pytest.approx(2)
    assert flow.voltage[0] == pytest.approx(6)
    middle = list(all_to_one(LINE, ENDS, strengths=strengths))[1]
    assert middle.voltage.tolist() == pytest.approx([6, 3, 0, 0.5, 1])


def test_focal_nodes_that_are_not_included_take_no_part():
    def included(active, other):
        return {active, other} != {1, 2}

    flows = list(one_to_all(LINE, ENDS, included=included))
    assert [flow.resistance for flow in flows] == pytest.approx([4, 2, 2])
    flows = list(all_to_one(LINE, ENDS, included=included))
    assert flows[0].voltage.tolist() == pytest.approx([0, 1, 2, 3, 4])


def test_regions_that_are_not_included_are_not_merged():
    focal = {1: np.array([0]), 2: np.array([1, 3]), 3: np.array([4])}
    merged = next(one_to_all(LINE, focal))
    assert merged.resistance == pytest.approx(1)
    apart = next(one_to_all(LINE, focal, included=lambda _, other: other != 2))
    assert apart.resistance == pytest.approx(4)


@pytest.mark.parametrize("mode", [one_to_all, all_to_one])
def test_two_nodes_are_a_pair(mode):
    circuit = grid_circuit(np.random.default_rng(1).random((4, 5)) + 0.1)
    focal = {1: np.array([0, 1]), 2: np.array([19])}
    (pair,) = pairwise(circuit, focal)
    flow = list(mode(circuit, focal))[mode is one_to_all]
    np.testing.assert_allclose(flow.voltage, pair.voltage, atol=1e-12)


@pytest.mark.parametrize("mode", [one_to_all, all_to_one])
def test_what_is_alone_is_disconnected(mode):
    circuit = grid_circuit([[1.0, 1.0, 0.0, 1.0]])
    focal = {1: np.array([0]), 2: np.array([1]), 3: np.array([3]), 4: np.array([2])}
    flows = list(mode(circuit, focal, accept_no_data=True))
    assert [flow.status for flow in flows] == ["solved", "solved", "disconnected", "on no data"]
    assert not flows[2].voltage.any()


@pytest.mark.parametrize("mode", [one_to_all, all_to_one])
def test_components_do_not_know_of_each_other(mode):
    rng = np.random.default_rng(2)
    left, right = rng.random((2, 4, 3)) + 0.1
    whole = grid_circuit(np.hstack([left, np.zeros((4, 1)), right]))
    alone = grid_circuit(left)
    focal = {1: np.array([0]), 2: np.array([9]), 3: np.array([6]), 4: np.array([26])}
    inside = {1: np.array([0]), 2: np.array([5])}
    some = [flow for flow in mode(whole, focal) if flow.first in inside]
    for flow, expected in zip(some, mode(alone, inside), strict=True):
        found = current_map(flow.circuit, flow.voltage)
        np.testing.assert_allclose(found[:, :3], current_map(alone, expected.voltage), atol=1e-12)
        assert not found[:, 4:].any()
