"""From voltages to currents: on branches, at nodes, and as maps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from corridors.errors import InputError
from corridors.kernels.currents import add_flows, add_net_flows

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from corridors.circuit.nodes import Circuit

Floats: TypeAlias = "NDArray[np.float64]"
# Circuitscape drops currents below this part of the largest one.
CIRCUITSCAPE_CUT = 1e-8
SOLVED, SAME_NODE, DISCONNECTED, NOT_CONVERGED = "solved", "same node", "disconnected", "not converged"
ON_NO_DATA = "on no data"


@dataclass(frozen=True, eq=False)
class Flow:
    """The answer to one question put to a circuit.

    Parameters
    ----------
    first, second
        Ids of the focal nodes: current enters at `second` and leaves at `first`. `second` is 0 where only one
        is meant.
    resistance
        Effective resistance; NaN unless `status` is "solved" or "same node".
    status
        "solved", "same node" (resistance 0), "disconnected", "on no data" or "not converged".
    residual
        |b - L x| / |b|, computed from the voltages; 0 where nothing was solved.
    solver
        Which solver gave the answer; empty where nothing was solved.
    circuit
        The circuit it was solved on; focal regions are merged in it.
    voltage
        Of every node, 0 at `first`; 0 also in other components.
    leak
        Conductance of every node to finite grounds, if there are any.
    """

    first: Any
    second: Any
    resistance: float
    status: str
    residual: float
    solver: str
    circuit: Circuit
    voltage: Floats
    leak: Floats | None = None


def node_currents(
    circuit: Circuit, voltage: ArrayLike, *, leak: Floats | None = None, cut: float = 0.0
) -> Floats:
    """Return the current through every node: the larger of what flows in and what flows out.

    Parameters
    ----------
    voltage
        Of every node.
    leak
        Conductance of every node to ground, which counts as flow in or out.
    cut
        Currents on branches below this part of the largest are dropped; `CIRCUITSCAPE_CUT` does so as
        Circuitscape does. Parallel branches then count as one.

    Examples
    --------
    >>> from corridors.circuit.nodes import network_circuit
    >>> node_currents(network_circuit([0, 1], [1, 2], [1.0, 0.5], 3), [0.0, 1.0, 3.0]).tolist()
    [1.0, 1.0, 1.0]
    """
    volts = np.ascontiguousarray(voltage, dtype=np.float64)
    inflow, outflow = np.zeros(circuit.count), np.zeros(circuit.count)
    if cut > 0:
        first, second, conductance = circuit.branches
        add_flows(first, second, conductance, volts, _least(circuit, volts, cut), inflow, outflow)
    else:
        for first, second, conductance in circuit.blocks():
            add_flows(first, second, conductance, volts, (0.0, 0.0), inflow, outflow)
    if leak is not None:
        inflow += np.maximum(-leak * volts, 0)
        outflow += np.maximum(leak * volts, 0)
    return np.maximum(inflow, outflow)


def _least(circuit: Circuit, volts: Floats, cut: float) -> tuple[float, float]:
    """Return the smallest currents that count as inflow and as outflow.

    Circuitscape takes a part of the largest current from a lower to a higher node where it sums inflow, and
    of the largest the other way where it sums outflow, its nodes numbered down the columns.
    """
    first, second, conductance = circuit.branches
    if not len(first):
        return 0.0, 0.0
    order = _down_the_columns(circuit)
    current = conductance * (volts[first] - volts[second])
    current[order[first] > order[second]] *= -1
    return cut * abs(float(current.max())), cut * abs(float(current.min()))


def _down_the_columns(circuit: Circuit) -> NDArray[np.int64]:
    """Return a number for every node that rises down the columns, by the node's first cell."""
    if circuit.nodes is None:
        return np.arange(circuit.count)
    cells = circuit.nodes.T.ravel()
    place = np.flatnonzero(cells >= 0)
    number = np.empty(circuit.count, dtype=np.int64)
    number[cells[place[::-1]]] = place[::-1]  # the first cell of a node is written last
    return number


def branch_currents(circuit: Circuit, voltage: ArrayLike, *, cut: float = 0.0) -> Floats:
    """Return the current on every branch of `circuit.branches`, > 0 from its first to its second node."""
    volts = np.asarray(voltage, dtype=np.float64)
    first, second, conductance = circuit.branches
    current: Floats = conductance * (volts[first] - volts[second])
    if cut > 0 and len(current):
        current[abs(current) < cut * abs(current).max()] = 0
    return current


def net_flows(circuit: Circuit, voltages: ArrayLike, *, leak: Floats | None = None) -> Floats:
    """Return what leaves every node, shape (count, columns): the Laplacian times the voltages."""
    volts = np.ascontiguousarray(voltages, dtype=np.float64)
    net = np.zeros(volts.shape) if leak is None else leak[:, None] * volts
    for first, second, conductance in circuit.blocks():
        add_net_flows(first, second, conductance, volts, net)
    return net


def on_cells(circuit: Circuit, values: ArrayLike, *, outside: float = 0.0) -> Floats:
    """Return values of nodes as a raster, `outside` on cells without a node.

    Raises
    ------
    InputError
        I228 the circuit is a network.
    """
    if circuit.nodes is None:
        raise InputError("a network has no cells", code="I228", where="circuit")
    padded = np.append(np.asarray(values, dtype=np.float64), outside)
    found: Floats = padded[circuit.nodes]  # -1 takes the last
    return found


def voltage_map(circuit: Circuit, voltage: ArrayLike, *, outside: float = 0.0) -> Floats:
    """Return the voltage of every cell."""
    return on_cells(circuit, voltage, outside=outside)


def current_map(
    circuit: Circuit,
    voltage: ArrayLike,
    *,
    leak: Floats | None = None,
    cut: float = 0.0,
    outside: float = 0.0,
) -> Floats:
    """Return the current through every cell; all cells of one node show that of the node."""
    return on_cells(circuit, node_currents(circuit, voltage, leak=leak, cut=cut), outside=outside)
