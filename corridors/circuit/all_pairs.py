"""All pairs at once: resistances without maps, and the summed map without a map per pair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from corridors.circuit.flows import ON_NO_DATA, SOLVED, Flow, node_currents, on_cells
from corridors.circuit.focal import check_focal, nodes_of, wanted_pairs
from corridors.circuit.pairwise import (
    PairResult,
    nothing,
    pairwise,
    pairwise_plan,
    single_nodes,
    told_by_linearity,
)
from corridors.circuit.potentials import Potentials, potentials_of
from corridors.circuit.solvers import TOLERANCE, check_memory
from corridors.kernels.currents import add_all_pairs, sorting_network

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from corridors.circuit.focal import Focal
    from corridors.circuit.nodes import Circuit

Floats: TypeAlias = "NDArray[np.float64]"


@dataclass(frozen=True, eq=False)
class AllPairs:
    """What all pairs together give.

    Parameters
    ----------
    pairs
        What is said of each.
    cumulative
        Sum over the pairs of the current through every cell, or through every node of a network.
    maximum
        The largest of any pair, or None.
    """

    pairs: list[PairResult]
    cumulative: Floats
    maximum: Floats | None


def all_pairs_current(
    circuit: Circuit,
    focal: Focal,
    *,
    pairs: Iterable[tuple[Any, Any]] | None = None,
    maximum: bool = False,
    solver: str | None = None,
    tolerance: float = TOLERANCE,
    accept_no_data: bool = False,
) -> AllPairs:
    """Return resistances and the summed current of all pairs.

    All pairs of focal nodes that are single nodes need one solution per node and one pass over the branches.
    Pairs picked out, focal regions and the maximum take a map per pair.

    Parameters
    ----------
    circuit, focal, pairs, solver, tolerance, accept_no_data
        As for `pairwise`.
    maximum
        Return the largest current of any pair too.

    Raises
    ------
    InputError, ResourceError
        As `pairwise`.

    Examples
    --------
    >>> from corridors.circuit.nodes import network_circuit
    >>> line = network_circuit([0, 1], [1, 2], [1.0, 1.0], 3)
    >>> all_pairs_current(line, {name: np.array([name]) for name in range(3)}).cumulative.tolist()
    [2.0, 3.0, 2.0]
    """
    check_focal(circuit, focal, accept_no_data=accept_no_data)
    wanted, single = wanted_pairs(focal, pairs), single_nodes(circuit, focal)
    complete = len(wanted) == len(focal) * (len(focal) - 1) // 2
    if complete and not maximum and _all_single(circuit, focal, single):
        check_memory(pairwise_plan(circuit, focal, pairs=wanted, solver=solver))
        potentials = potentials_of(circuit, single.values(), solver=solver, tolerance=tolerance)
        told = [_told(potentials, single, pair, tolerance) for pair in wanted]
        return AllPairs(told, as_map(circuit, _summed(potentials, single)), None)
    shape = (circuit.count,) if circuit.nodes is None else circuit.nodes.shape
    cumulative, most, told = np.zeros(shape), np.zeros(shape) if maximum else None, []
    flows = pairwise(
        circuit, focal, pairs=wanted, solver=solver, tolerance=tolerance, accept_no_data=accept_no_data
    )
    for flow in flows:
        told.append(_result(flow))
        if flow.status == SOLVED:
            current = as_map(flow.circuit, node_currents(flow.circuit, flow.voltage))
            cumulative += current
            if most is not None:
                np.maximum(most, current, out=most)
    return AllPairs(told, cumulative, most)


def pair_resistances(
    circuit: Circuit,
    focal: Focal,
    *,
    pairs: Iterable[tuple[Any, Any]] | None = None,
    solver: str | None = None,
    tolerance: float = TOLERANCE,
    accept_no_data: bool = False,
) -> list[PairResult]:
    """Return the effective resistance of pairs, without maps.

    Parameters
    ----------
    circuit, focal, pairs, solver, tolerance, accept_no_data
        As for `pairwise`.

    Raises
    ------
    InputError, ResourceError
        As `pairwise`.
    """
    check_focal(circuit, focal, accept_no_data=accept_no_data)
    wanted, single = wanted_pairs(focal, pairs), single_nodes(circuit, focal)
    if not _all_single(circuit, focal, single):
        flows = pairwise(
            circuit, focal, pairs=wanted, solver=solver, tolerance=tolerance, accept_no_data=accept_no_data
        )
        return [_result(flow) for flow in flows]
    check_memory(pairwise_plan(circuit, focal, pairs=wanted, solver=solver))
    ends = {single[name] for pair in wanted for name in pair if name in single}
    potentials = potentials_of(circuit, ends, solver=solver, tolerance=tolerance)
    return [_told(potentials, single, pair, tolerance) for pair in wanted]


def as_map(circuit: Circuit, values: Floats) -> Floats:
    """Return values of nodes on cells; those of a network as they are."""
    return values if circuit.nodes is None else on_cells(circuit, values)


def _all_single(circuit: Circuit, focal: Focal, single: dict[Any, int]) -> bool:
    """Return whether every focal node that is anywhere at all is a single node."""
    return all(name in single or not len(nodes_of(circuit, focal[name])) for name in focal)


def _told(
    potentials: Potentials, single: dict[Any, int], pair: tuple[Any, Any], tolerance: float
) -> PairResult:
    if pair[0] not in single or pair[1] not in single:
        return nothing(pair, ON_NO_DATA)
    return told_by_linearity(potentials, pair, (single[pair[0]], single[pair[1]]), tolerance)


def _result(flow: Flow) -> PairResult:
    return PairResult(flow.first, flow.second, flow.resistance, flow.status, flow.residual, flow.solver)


def _summed(potentials: Potentials, single: dict[Any, int]) -> Floats:
    """Return the current through every node over all pairs.

    Half of what flows on its branches, and the other half, which comes from outside, where it is an end.
    """
    circuit = potentials.circuit
    ids = np.array(list(single.values()))
    total = np.zeros(circuit.count)
    for component, group in potentials.groups.items():
        share = ids[circuit.component[ids] == component]
        number = np.sort(np.searchsorted(group.nodes, share))
        columns = _columns(potentials, number[1:] - 1)
        network = sorting_network(len(number))
        for first, second, conductance in circuit.blocks():
            here = slice(None) if len(potentials.groups) == 1 else circuit.component[first] == component
            add_all_pairs(first[here], second[here], conductance[here], columns, network, total)
        nodes, ends = np.unique(share, return_counts=True)
        total[nodes] += ends * (len(share) - ends) / 2
    return total


def _columns(potentials: Potentials, columns: NDArray[np.int64]) -> Floats:
    """Return the potentials of focal nodes; -1 is the held one, whose potential is 0."""
    if np.array_equal(columns, np.arange(potentials.voltage.shape[1])):
        return np.ascontiguousarray(potentials.voltage)
    found = potentials.voltage[:, np.maximum(columns, 0)]
    return np.ascontiguousarray(np.where(columns >= 0, found, 0.0))
