"""Pairwise mode: 1 A from one focal node to another, pair by pair.

Focal nodes that are single nodes cost one solution each, and every pair follows by linearity. A focal region
is one node only while its pair is active, so each pair with one is a circuit of its own; both its ends are
held, one at 0 V and one at 1 V, and the voltages are scaled to 1 A afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from corridors.circuit.flows import DISCONNECTED, NOT_CONVERGED, ON_NO_DATA, SAME_NODE, SOLVED, Flow
from corridors.circuit.focal import check_focal, nodes_of, wanted_pairs
from corridors.circuit.nodes import with_merged
from corridors.circuit.potentials import Potentials, potentials_of
from corridors.circuit.solvers import TOLERANCE, Prepared, SolverPlan, check_memory, solver_plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from corridors.circuit.focal import Focal
    from corridors.circuit.nodes import Circuit

Floats: TypeAlias = "NDArray[np.float64]"
LOOSE = 10  # residuals up to so many tolerances pass: a pair joins two solutions


class PairResult(NamedTuple):
    """What is said of a pair: as in `Flow`, without the voltages."""

    first: Any
    second: Any
    resistance: float
    status: str
    residual: float
    solver: str


def pairwise(
    circuit: Circuit,
    focal: Focal,
    *,
    pairs: Iterable[tuple[Any, Any]] | None = None,
    solver: str | None = None,
    tolerance: float = TOLERANCE,
    accept_no_data: bool = False,
) -> Iterator[Flow]:
    """Yield the flow between every two focal nodes: 1 A enters at `second`, `first` is at 0 V.

    Parameters
    ----------
    circuit
        From `grid_circuit` or `network_circuit`.
    focal
        Cells (flat numbers, row by row) or network nodes under each id.
    pairs
        Ids to pair, in the order wanted; all, in the order of `focal`, unless given.
    solver
        "direct", "multigrid", "pyamg", "cholmod"; None takes the one for the size.
    tolerance
        Largest residual |b - L x| / |b| of a solution.
    accept_no_data
        Let focal nodes on no data pass; the status of their pairs says so.

    Yields
    ------
    Flow
        One pair at a time; nothing is kept.

    Raises
    ------
    InputError
        I221, I222, I223, I226 as `check_focal` and `wanted_pairs`.
    ResourceError
        R301 it does not fit in memory.

    Examples
    --------
    >>> from corridors.circuit.nodes import grid_circuit
    >>> circuit = grid_circuit([[1.0, 0.5, 0.25]])
    >>> flow, = pairwise(circuit, {1: np.array([0]), 2: np.array([2])})
    >>> flow.resistance
    4.5
    """
    check_focal(circuit, focal, accept_no_data=accept_no_data)
    wanted = wanted_pairs(focal, pairs)
    single = single_nodes(circuit, focal)
    check_memory(pairwise_plan(circuit, focal, pairs=wanted, solver=solver))
    return _flows(circuit, focal, wanted, single, solver, tolerance)


def pairwise_plan(
    circuit: Circuit,
    focal: Focal,
    *,
    pairs: Iterable[tuple[Any, Any]] | None = None,
    solver: str | None = None,
) -> SolverPlan:
    """Return which solver pairs take, how many right-hand sides, and about how much memory."""
    wanted, single = wanted_pairs(focal, pairs), single_nodes(circuit, focal)
    own = sum(pair[0] not in single or pair[1] not in single for pair in wanted)
    columns = max(len(_by_linearity(wanted, single)) - 1, 0)
    raster = circuit.nodes is not None
    return solver_plan(circuit.count, columns + own, kept=max(columns, 1), raster=raster, solver=solver)


def single_nodes(circuit: Circuit, focal: Focal) -> dict[Any, int]:
    """Return the node of each focal node that is one node already, with no cell on no data to take in."""
    found = {}
    for name, cells in focal.items():
        nodes = nodes_of(circuit, cells)
        whole = circuit.nodes is None or bool((circuit.nodes.ravel()[cells] >= 0).all())
        if len(nodes) == 1 and whole:
            found[name] = int(nodes[0])
    return found


def _by_linearity(wanted: list[tuple[Any, Any]], single: dict[Any, int]) -> set[int]:
    """Return the nodes of all pairs of single nodes."""
    return {single[name] for pair in wanted if single.keys() >= set(pair) for name in pair}


def _flows(
    circuit: Circuit,
    focal: Focal,
    wanted: list[tuple[Any, Any]],
    single: dict[Any, int],
    solver: str | None,
    tolerance: float,
) -> Iterator[Flow]:
    points = _by_linearity(wanted, single)
    potentials = None
    for first, second in wanted:
        if first in single and second in single:
            if potentials is None:
                potentials = potentials_of(circuit, points, solver=solver, tolerance=tolerance)
            ends = single[first], single[second]
            told = told_by_linearity(potentials, (first, second), ends, tolerance)
            voltage = potentials.pair_voltage(*ends) if told.solver else np.zeros(circuit.count)
            yield Flow(*told, circuit, voltage)
        elif any(not len(nodes_of(circuit, focal[name])) for name in (first, second)):
            yield Flow(*nothing((first, second), ON_NO_DATA), circuit, np.zeros(circuit.count))
        else:
            yield _between_regions(circuit, focal, (first, second), solver, tolerance)


def told_by_linearity(
    potentials: Potentials, names: tuple[Any, Any], ends: tuple[int, int], tolerance: float
) -> PairResult:
    """Return what potentials say about a pair of focal nodes."""
    component, i = potentials.place(ends[0])
    other, j = potentials.place(ends[1])
    if component != other or i == j:
        return nothing(names, SAME_NODE if component == other else DISCONNECTED)
    group = potentials.groups[component]
    residual = float(group.residual[i, j])
    told = _judged(float(group.resistance[i, j]), residual, tolerance)
    solvers = dict.fromkeys(potentials.solver[k - 1] for k in (i, j) if k)
    return PairResult(*names, *told, residual, " and ".join(solvers))


def _judged(resistance: float, residual: float, tolerance: float) -> tuple[float, str]:
    good = residual <= LOOSE * tolerance
    return (resistance, SOLVED) if good else (np.nan, NOT_CONVERGED)


def nothing(names: tuple[Any, Any], status: str) -> PairResult:
    """Return what is said of a pair nothing flows between."""
    return PairResult(*names, 0.0 if status == SAME_NODE else np.nan, status, 0.0, "")


def _between_regions(
    circuit: Circuit, focal: Focal, names: tuple[Any, Any], solver: str | None, tolerance: float
) -> Flow:
    cells = focal[names[0]], focal[names[1]]
    merged = circuit if circuit.nodes is None else with_merged(circuit, cells)
    first, second = (int(nodes_of(merged, part)[0]) for part in cells)
    if first == second:
        return Flow(*nothing(names, SAME_NODE), merged, np.zeros(merged.count))
    if merged.component[first] != merged.component[second]:
        return Flow(*nothing(names, DISCONNECTED), merged, np.zeros(merged.count))
    solved = Prepared(merged, [first, second], solver=solver, tolerance=tolerance).at(second)
    # The power of 1 V is the conductance, and the least power is that of the true voltages.
    resistance = -1 / float(solved.voltage[:, 0] @ solved.left[:, 0])
    residual = float(solved.residual[0])
    told = _judged(resistance, residual, tolerance)
    return Flow(*names, *told, residual, solved.solver[0], merged, solved.voltage[:, 0] * resistance)
