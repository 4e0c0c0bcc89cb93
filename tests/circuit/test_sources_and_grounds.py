import numpy as np
import pytest

from corridors.circuit import (
    advanced,
    current_map,
    grid_circuit,
    network_circuit,
    node_currents,
    with_merged,
)
from corridors.errors import ConfigError, InputError

LINE = grid_circuit(np.ones((1, 5)))
INF = np.inf


def volts(sources, grounds, circuit=LINE, **options):
    return advanced(circuit, [sources], [grounds], **options)


def test_finite_and_infinite_grounds_by_hand():
    flow = volts([1, 0, 0, 0, 0], [0, 0, 0, 0, INF])
    assert flow.voltage.tolist() == pytest.approx([4, 3, 2, 1, 0])
    flow = volts([1, 0, 0, 0, 0], [0, 0, 0, 0, 0.5])
    assert flow.voltage.tolist() == pytest.approx([6, 5, 4, 3, 2])
    assert current_map(LINE, flow.voltage, leak=flow.leak).tolist() == [pytest.approx([1] * 5)]
    assert flow.status == "solved"


def test_several_on_one_node_add_up():
    circuit = with_merged(LINE, [[0, 1]])
    flow = volts([1, 2, 0, 0, 0], [0, 0, 0, 0, INF], circuit)
    assert flow.voltage.tolist() == pytest.approx([9, 6, 3, 0])


def test_unit_currents_and_direct_grounds():
    flow = volts([5, 0, 0, 0, 0], [0, 0, 0, 0, 0.5], unit_currents=True, direct_grounds=True)
    assert flow.voltage.tolist() == pytest.approx([4, 3, 2, 1, 0])
    assert flow.leak is None


@pytest.mark.parametrize(
    ("conflict", "expected"),
    [
        ("keepall", [5.0, 4.0, 3.0, 2.0, 1.0]),  # the source wins over a direct ground
        ("rmvsrc", [0.0, 0.0, 0.0, 0.0, 0.0]),
        ("rmvgnd", [5.0, 4.0, 3.0, 2.0, 1.0]),
        ("rmvall", [0.0, 0.0, 0.0, 0.0, 0.0]),
    ],
)
def test_a_source_on_a_direct_ground(conflict, expected):
    flow = volts([1, 0, 0, 0, 0], [INF, 0, 0, 0, 1], conflict=conflict)
    assert flow.voltage.tolist() == pytest.approx(expected)
    assert flow.status == ("solved" if any(expected) else "disconnected")


@pytest.mark.parametrize("conflict", ["keepall", "rmvgnd"])
def test_a_finite_ground_under_a_source_goes_on_leaking(conflict):
    flow = volts([1, 0, 0, 0, 0], [1, 0, 0, 0, INF], conflict=conflict)
    assert flow.voltage[0] == pytest.approx(0.8)  # 1 beside 1/4


def test_components_without_source_or_ground_have_no_voltage():
    circuit = grid_circuit([[1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0]])
    flow = advanced(circuit, [[1, 0, 0, 1, 0, 0, 0, 0]], [[0, INF, 0, 0, 0, 0, INF, 0]])
    assert flow.voltage.tolist() == pytest.approx([1, 0, 0, 0, 0, 0])


def test_no_data_among_sources_is_none():
    flow = volts([1, np.nan, 0, 0, 0], [np.nan, 0, 0, 0, INF])
    assert flow.voltage[0] == pytest.approx(4)


def test_a_network():
    line = network_circuit([0, 1], [1, 2], [1.0, 1.0], 3)
    flow = advanced(line, [2.0, 0, 0], [0, 0, 1.0])
    assert flow.voltage.tolist() == pytest.approx([6, 4, 2])
    assert node_currents(line, flow.voltage, leak=flow.leak).tolist() == pytest.approx([2, 2, 2])


def test_what_cannot_be_meant_is_refused():
    with pytest.raises(ConfigError, match=r"C103.*conflict.*keepall"):
        volts([1, 0, 0, 0, 0], [0, 0, 0, 0, INF], conflict="keep")
    with pytest.raises(InputError, match=r"I201.*sources"):
        volts([1, 0], [0, 0, 0, 0, INF])
    with pytest.raises(InputError, match=r"I211.*ground"):
        volts([1, 0, 0, 0, 0], [0, 0, 0, 0, -1])
