"""One solution per focal node, from which every pair follows by linearity.

In each component one focal node is held at 0 V and 1 A is sent to it from each of the others; a pair's
voltages are the difference of two such solutions. Components do not know of each other, so the first focal
node of all of them goes into one right-hand side, the second into the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from scipy.sparse import csc_array

from corridors.circuit.solvers import Prepared
from corridors.kernels.currents import add_products

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from corridors.circuit.nodes import Circuit

Floats: TypeAlias = "NDArray[np.float64]"


@dataclass(frozen=True, eq=False)
class Group:
    """The focal nodes of one component, and all there is to say about their pairs.

    Parameters
    ----------
    nodes
        The first is held at 0 V.
    resistance
        Between every two of them.
    residual
        Of every two, at most: the sum of their own, over |b|.
    """

    nodes: NDArray[np.int64]
    resistance: Floats
    residual: Floats


@dataclass(frozen=True, eq=False)
class Potentials:
    """Solutions for focal nodes.

    Parameters
    ----------
    circuit
        What was solved.
    voltage
        Shape (nodes, columns): focal node k of every component in column k - 1.
    groups
        By component.
    solver
        Of each column.
    """

    circuit: Circuit
    voltage: Floats
    groups: dict[int, Group]
    solver: list[str]

    def place(self, node: int) -> tuple[int, int]:
        """Return the component of a focal node and its number there."""
        component = int(self.circuit.component[node])
        return component, int(np.flatnonzero(self.groups[component].nodes == node)[0])

    def pair_voltage(self, first: int, second: int) -> Floats:
        """Return the voltages when 1 A enters at one focal node and leaves at another, which is at 0 V."""
        component, i = self.place(first)
        _, j = self.place(second)
        voltage = self._column(j) - self._column(i)
        voltage -= voltage[first]
        voltage[self.circuit.component != component] = 0
        return voltage

    def _column(self, number: int) -> Floats:
        return self.voltage[:, number - 1] if number else np.zeros(self.circuit.count)


def potentials_of(
    circuit: Circuit, nodes: Iterable[int], *, solver: str | None, tolerance: float
) -> Potentials:
    """Return one solution per focal node but the first of each component."""
    focal = np.unique(np.fromiter(nodes, dtype=np.int64))
    component = circuit.component[focal]
    members = {int(c): focal[component == c] for c in np.unique(component)}
    columns = max((len(found) for found in members.values()), default=1) - 1
    if not columns:
        groups = {c: Group(found, np.zeros((1, 1)), np.zeros((1, 1))) for c, found in members.items()}
        return Potentials(circuit, np.zeros((circuit.count, 0)), groups, [])
    prepared = Prepared(circuit, [found[0] for found in members.values()], solver=solver, tolerance=tolerance)
    voltage, left, _, solvers = prepared.solve(_one_ampere_each(members.values(), circuit.count, columns))
    groups = {}
    for c, found in members.items():
        inside = slice(None) if len(members) == 1 else circuit.component == c
        many = slice(len(found) - 1)
        seen = voltage[found[1:], many]
        groups[c] = _group(found, seen, voltage[inside, many], left[inside, many])
    return Potentials(circuit, voltage, groups, solvers)


def _one_ampere_each(members: Iterable[NDArray[np.int64]], count: int, columns: int) -> csc_array:
    """Return what is injected: per column, 1 A into one focal node of each component, out at its first."""
    rows, places, amperes = [], [], []
    for found in members:
        many = np.arange(len(found) - 1)
        rows += [found[1:], np.full(len(many), found[0])]
        places += [many, many]
        amperes += [np.ones(len(many)), -np.ones(len(many))]
    entries = np.concatenate(amperes), (np.concatenate(rows), np.concatenate(places))
    return csc_array(entries, shape=(count, columns))


def _group(nodes: NDArray[np.int64], seen: Floats, voltage: Floats, left: Floats) -> Group:
    """Return resistances by the variational formula 2 b.x - x'Lx, whose error is that of x squared.

    With x the difference of two columns it is a quadratic form in the columns, and x'Lx = x'b - x'left.
    """
    form, size = np.zeros((len(nodes),) * 2), np.zeros(len(nodes))
    missing = np.zeros((left.shape[1],) * 2)
    add_products(voltage, left, missing)
    form[1:, 1:] = (seen + seen.T + missing + missing.T) / 2
    size[1:] = np.sqrt(np.einsum("ij,ij->j", left, left))
    own = np.diag(form)
    resistance = own[:, None] + own[None, :] - form - form.T
    return Group(nodes, resistance, (size[:, None] + size[None, :]) / np.sqrt(2))
