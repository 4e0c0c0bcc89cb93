"""From one focal node to all others, and from all others to one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from scipy.sparse import csc_array

from corridors.circuit.flows import DISCONNECTED, NOT_CONVERGED, ON_NO_DATA, SOLVED, Flow
from corridors.circuit.focal import check_focal, nodes_of
from corridors.circuit.nodes import with_merged
from corridors.circuit.solvers import TOLERANCE, Prepared, check_memory, solver_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    from corridors.circuit.focal import Focal
    from corridors.circuit.nodes import Circuit
    from corridors.circuit.solvers import Solved

    Included = Callable[[Any, Any], bool]

Floats: TypeAlias = "NDArray[np.float64]"


def one_to_all(
    circuit: Circuit,
    focal: Focal,
    *,
    strengths: Mapping[Any, float] | None = None,
    included: Included | None = None,
    solver: str | None = None,
    tolerance: float = TOLERANCE,
    accept_no_data: bool = False,
) -> Iterator[Flow]:
    """Yield, for each focal node, the flow from it to all others, which are grounded.

    Parameters
    ----------
    circuit
        From `grid_circuit` or `network_circuit`.
    focal
        Cells (flat numbers, row by row) or network nodes under each id; regions are merged throughout.
    strengths
        Current of each focal node, 1 unless given.
    included
        Whether another focal node takes part when one (the first argument) is active; one that does not is
        neither grounded nor merged.
    solver, tolerance, accept_no_data
        As for `pairwise`.

    Yields
    ------
    Flow
        `first` is the active id; `resistance` its voltage over its strength.

    Raises
    ------
    InputError, ResourceError
        As `pairwise`.
    """
    check_focal(circuit, focal, accept_no_data=accept_no_data)
    check_memory(
        solver_plan(circuit.count, len(focal), kept=1, raster=circuit.nodes is not None, solver=solver)
    )
    return _one_to_all(circuit, focal, strengths or {}, included, solver, tolerance)


def _one_to_all(
    circuit: Circuit,
    focal: Focal,
    strengths: Mapping[Any, float],
    included: Included | None,
    solver: str | None,
    tolerance: float,
) -> Iterator[Flow]:
    taken: tuple[Any, ...] = ()
    lost = {name for name, cells in focal.items() if not len(nodes_of(circuit, cells))}
    for name in focal:
        if name in lost:
            yield Flow(name, 0, np.nan, ON_NO_DATA, 0.0, "", circuit, np.zeros(circuit.count))
            continue
        if taking_part(focal, name, included) != taken:
            taken = taking_part(focal, name, included)
            merged = _merged(circuit, focal, taken)
            node = {other: int(nodes_of(merged, focal[other])[0]) for other in taken if other not in lost}
            # All are held, the active one at 1 V and the others at 0, then scaled: one set-up for all.
            prepared = Prepared(merged, list(node.values()), solver=solver, tolerance=tolerance)
        active, strength = node[name], float(strengths.get(name, 1.0))
        component = merged.component
        grounds = {other for other in node.values() if other != active}
        if strength == 0 or not any(component[other] == component[active] for other in grounds):
            yield Flow(name, 0, np.nan, DISCONNECTED, 0.0, "", merged, np.zeros(merged.count))
            continue
        solved = prepared.at(active)
        resistance = -1 / float(solved.voltage[:, 0] @ solved.left[:, 0])
        yield _flow(name, merged, solved, resistance, tolerance, scale=strength * resistance)


def all_to_one(
    circuit: Circuit,
    focal: Focal,
    *,
    strengths: Mapping[Any, float] | None = None,
    included: Included | None = None,
    solver: str | None = None,
    tolerance: float = TOLERANCE,
    accept_no_data: bool = False,
) -> Iterator[Flow]:
    """Yield, for each focal node, the flow to it, which is grounded, from all others.

    Parameters
    ----------
    circuit, focal, strengths, included, solver, tolerance, accept_no_data
        As for `one_to_all`.

    Yields
    ------
    Flow
        `first` is the active id; `resistance` is 0 where current flows.

    Raises
    ------
    InputError, ResourceError
        As `pairwise`.
    """
    check_focal(circuit, focal, accept_no_data=accept_no_data)
    check_memory(
        solver_plan(circuit.count, len(focal), kept=1, raster=circuit.nodes is not None, solver=solver)
    )
    return _all_to_one(circuit, focal, strengths or {}, included, solver, tolerance)


def _all_to_one(
    circuit: Circuit,
    focal: Focal,
    strengths: Mapping[Any, float],
    included: Included | None,
    solver: str | None,
    tolerance: float,
) -> Iterator[Flow]:
    taken: tuple[Any, ...] = ()
    lost = {name for name, cells in focal.items() if not len(nodes_of(circuit, cells))}
    for name in focal:
        if name in lost:
            yield Flow(name, 0, np.nan, ON_NO_DATA, 0.0, "", circuit, np.zeros(circuit.count))
            continue
        if taking_part(focal, name, included) != taken:
            taken = taking_part(focal, name, included)
            merged = _merged(circuit, focal, taken)
            node = {other: int(nodes_of(merged, focal[other])[0]) for other in taken if other not in lost}
            # One node per component is held for all; the ground of each is shifted to 0 V afterwards.
            held = _one_per_component(merged, node.values())
            prepared = Prepared(merged, held, solver=solver, tolerance=tolerance)
        ground = node[name]
        injected = np.zeros((merged.count, 1))
        for other, place in node.items():
            if place != ground and merged.component[place] == merged.component[ground]:
                injected[place] += float(strengths.get(other, 1.0))
        injected[ground] = -injected.sum()
        if not injected.any():
            yield Flow(name, 0, np.nan, DISCONNECTED, 0.0, "", merged, np.zeros(merged.count))
            continue
        solved = prepared.solve(csc_array(injected))
        inside = merged.component == merged.component[ground]
        solved.voltage[inside] -= solved.voltage[ground]
        yield _flow(name, merged, solved, 0.0, tolerance)


def taking_part(focal: Focal, name: Any, included: Included | None) -> tuple[Any, ...]:
    """Return the ids that take part when one is active, itself among them."""
    return tuple(other for other in focal if other == name or included is None or included(name, other))


def _merged(circuit: Circuit, focal: Focal, names: tuple[Any, ...]) -> Circuit:
    if circuit.nodes is None:
        return circuit
    return with_merged(circuit, [focal[name] for name in names])


def _one_per_component(circuit: Circuit, nodes: Any) -> list[int]:
    return list({int(circuit.component[node]): node for node in reversed(list(nodes))}.values())


def _flow(
    name: Any, circuit: Circuit, solved: Solved, resistance: float, tolerance: float, *, scale: float = 1.0
) -> Flow:
    residual = float(solved.residual[0])
    good = residual <= tolerance
    told = (resistance, SOLVED) if good else (np.nan, NOT_CONVERGED)
    return Flow(name, 0, *told, residual, solved.solver[0], circuit, solved.voltage[:, 0] * scale)
