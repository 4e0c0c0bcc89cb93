"""What is to be solved: a circuit some of whose nodes are held at a voltage."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridors.circuit.nodes import Circuit

Floats: TypeAlias = "NDArray[np.float64]"


@dataclass(frozen=True, eq=False)
class Problem:
    """A circuit, the nodes held at a voltage, and conductances to ground.

    Parameters
    ----------
    circuit
        Nodes and branches.
    held
        Node numbers, each once.
    leak
        Conductance of every node to ground, finite, or None.
    """

    circuit: Circuit
    held: NDArray[np.int64]
    leak: Floats | None = None

    @cached_property
    def live(self) -> NDArray[np.bool_]:
        """Which nodes have a voltage to be found: not held, and tied to something that is.

        In a component that neither a held node nor a leak ties down no current can enter or leave.
        """
        component = self.circuit.component
        tied = np.zeros(self.circuit.count, dtype=bool)
        tied[component[self.held]] = True
        if self.leak is not None:
            tied[component[self.leak > 0]] = True
        found: NDArray[np.bool_] = tied[component]
        found[self.held] = False
        return found

    @cached_property
    def matrix(self) -> sparse.csr_array:
        """The Laplacian of the live nodes, in their order."""
        first, second, conductance = self.circuit.branches
        count = self.circuit.count
        total = np.zeros(count) if self.leak is None else self.leak.copy()
        for end in (first, second):
            total += np.bincount(end, conductance, count)
        place = np.cumsum(self.live, dtype=np.int32) - np.int32(1)
        both = self.live[first] & self.live[second]
        one, other, weight = place[first[both]], place[second[both]], conductance[both]
        own = np.arange(np.count_nonzero(self.live), dtype=np.int32)
        rows, columns = np.concatenate([one, other, own]), np.concatenate([other, one, own])
        values = np.concatenate([-weight, -weight, total[self.live]])
        return sparse.coo_array((values, (rows, columns)), shape=(len(own), len(own))).tocsr()
