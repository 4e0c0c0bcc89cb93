"""Sources and grounds as they are given: what Circuitscape calls its advanced mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from scipy.sparse import csc_array

from corridors.circuit.flows import DISCONNECTED, NOT_CONVERGED, SOLVED, Flow
from corridors.circuit.solvers import TOLERANCE, Prepared, check_memory, solver_plan
from corridors.errors import ConfigError, InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from corridors.circuit.nodes import Circuit

Floats: TypeAlias = "NDArray[np.float64]"
Conflict: TypeAlias = Literal["keepall", "rmvsrc", "rmvgnd", "rmvall"]
CONFLICTS = ("keepall", "rmvsrc", "rmvgnd", "rmvall")


def advanced(
    circuit: Circuit,
    sources: ArrayLike,
    grounds: ArrayLike,
    *,
    conflict: Conflict = "keepall",
    unit_currents: bool = False,
    direct_grounds: bool = False,
    solver: str | None = None,
    tolerance: float = TOLERANCE,
) -> Flow:
    """Return the flow from sources to grounds.

    Parameters
    ----------
    circuit
        From `grid_circuit` or `network_circuit`.
    sources
        Current into every cell (every node of a network); 0 or NaN none. Those of one node add up.
    grounds
        Conductance of every cell to ground; inf = tied to it, 0 or NaN none. Those of one node add up.
    conflict
        What goes where a node has both: "rmvsrc" the source, "rmvgnd" the ground, "rmvall" both, "keepall"
        nothing; but a source on a node tied to ground always wins, except with "rmvsrc" and "rmvall".
    unit_currents
        Every source is 1 A.
    direct_grounds
        Every ground is tied.
    solver, tolerance
        As for `pairwise`.

    Returns
    -------
    Flow
        `leak` holds the grounds that are not tied; components without a source or ground have no voltage.

    Raises
    ------
    ConfigError
        C103 no such rule for conflicts.
    InputError
        I201 sources or grounds of another shape; I211 negative grounds.

    Notes
    -----
    Rules of Circuitscape 5: the conductance to ground of a node stays even where "rmvgnd" takes its ground
    away, and "rmvall" takes away sources only.

    Examples
    --------
    >>> from corridors.circuit.nodes import grid_circuit
    >>> advanced(grid_circuit([[1.0, 1.0, 1.0]]), [[2, 0, 0]], [[0, 0, np.inf]]).voltage.tolist()
    [4.0, 2.0, 0.0]
    """
    if conflict not in CONFLICTS:
        allowed = ", ".join(CONFLICTS)
        raise ConfigError("no such rule", code="C103", where="conflict", given=conflict, allowed=allowed)
    source, _ = _per_node(circuit, sources, "sources")
    ground, tied = _per_node(circuit, grounds, "grounds")
    if (ground < 0).any():
        raise InputError("conductances to ground are negative", code="I211", where="grounds")
    if unit_currents:
        source, _ = _per_node(circuit, np.nan_to_num(np.asarray(sources, np.float64)) != 0, "sources")
    if direct_grounds:
        tied, ground = tied | (ground > 0), np.zeros(circuit.count)
    leak = np.where(tied, 0.0, ground) if (ground > 0).any() else None
    ground, source = _resolved(source, ground, tied, conflict)
    tied &= (ground > 0) & ~(source > 0)
    wanted = _in_live_components(circuit, source, ground, tied)
    check_memory(solver_plan(circuit.count, 1, raster=circuit.nodes is not None, solver=solver))
    prepared = Prepared(circuit, np.flatnonzero(tied), leak=leak, solver=solver, tolerance=tolerance)
    solved = prepared.solve(csc_array(wanted[:, None]))
    status = DISCONNECTED if not wanted.any() else SOLVED
    if solved.residual[0] > tolerance:
        status = NOT_CONVERGED
    residual, voltage = float(solved.residual[0]), solved.voltage[:, 0]
    return Flow(0, 0, np.nan, status, residual, solved.solver[0], circuit, voltage, leak)


def _per_node(circuit: Circuit, values: ArrayLike, where: str) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the sum of finite values at every node, and which nodes have an infinite one."""
    given = np.nan_to_num(np.asarray(values, dtype=np.float64), nan=0.0, posinf=np.inf)
    shape = (circuit.count,) if circuit.nodes is None else circuit.nodes.shape
    if given.shape != shape:
        what = f"{where} and circuit differ in shape"
        raise InputError(what, code="I201", where=where, given=f"{given.shape}", allowed=f"{shape}")
    nodes = np.arange(circuit.count) if circuit.nodes is None else circuit.nodes.ravel()
    valid = nodes >= 0
    flat, place = given.ravel()[valid], nodes[valid]
    infinite = np.bincount(place, np.isinf(flat), circuit.count) > 0
    finite = np.bincount(place, np.where(np.isinf(flat), 0.0, flat), circuit.count).astype(np.float64)
    return finite, infinite


def _resolved(
    source: Floats, ground: Floats, tied: NDArray[np.bool_], conflict: Conflict
) -> tuple[Floats, Floats]:
    """Return grounds, inf where tied, and sources after the rule for nodes that have both."""
    ground = np.where(tied, np.inf, ground)
    both = (source != 0) & (ground > 0)
    if conflict in ("rmvsrc", "rmvall"):
        source = np.where(both, 0.0, source)
    elif conflict == "rmvgnd":
        ground = np.where(both, 0.0, ground)
    return ground, source


def _in_live_components(circuit: Circuit, source: Floats, ground: Floats, tied: NDArray[np.bool_]) -> Floats:
    """Return the sources of components that have a ground."""
    grounded = tied | (np.isfinite(ground) & (ground > 0))
    live = np.zeros(circuit.count, dtype=bool)
    live[circuit.component[grounded]] = True
    return np.where(live[circuit.component], source, 0.0)
