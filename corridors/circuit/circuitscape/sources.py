"""Advanced mode: given sources and grounds, and the rule of Circuitscape for sources that cancel out."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

from corridors.circuit import Circuit, Flow, advanced
from corridors.circuit.circuitscape.habitat import Cells, Floats
from corridors.circuit.circuitscape.options import Options
from corridors.circuit.flows import SOLVED
from corridors.circuit.sources_and_grounds import Conflict

BALANCED = "sources that add up to 0 in a part of the map are left out there, as Circuitscape does"


def solve_advanced(
    circuit: Circuit, sources: Floats | None, grounds: Floats | None, options: Options
) -> tuple[Flow, list[str]]:
    """Return the flow from sources to grounds, and what is worth saying about it.

    Parameters
    ----------
    circuit : Circuit
    sources : ndarray, optional
        Amperes, of every cell or of every node of a network.
    grounds : ndarray, optional
        Conductances to ground, likewise; infinite where tied.
    options : Options
    """
    shape = (circuit.count,) if circuit.nodes is None else circuit.nodes.shape
    given = np.zeros(shape) if sources is None else sources
    tied = np.zeros(shape) if grounds is None else grounds
    kept = without_balanced(circuit, given, tied, options)
    flow = advanced(
        circuit,
        kept,
        tied,
        conflict=cast("Conflict", options.remove_src_or_gnd),
        unit_currents=options.use_unit_currents,
        direct_grounds=options.use_direct_grounds,
    )
    said = [] if np.array_equal(kept, given) else [BALANCED]
    if flow.status != SOLVED:
        said.append(f"not solved: {flow.status}; the outputs hold zeros")
    return flow, said


def without_balanced(circuit: Circuit, sources: Floats, grounds: Floats, options: Options) -> Floats:
    """Return sources without those of a component in which they add up to 0."""
    nodes = np.arange(circuit.count) if circuit.nodes is None else circuit.nodes
    amperes = (sources != 0).astype(np.float64) if options.use_unit_currents else sources
    source, ground = per_node(circuit, nodes, amperes), per_node(circuit, nodes, grounds)
    if options.remove_src_or_gnd in ("rmvsrc", "rmvall"):
        source[ground > 0] = 0
    component = circuit.component
    balanced = np.bincount(component, source != 0) > 0
    balanced &= np.bincount(component, source) == 0
    hit = np.zeros(nodes.shape, dtype=bool)
    hit[nodes >= 0] = balanced[component[nodes[nodes >= 0]]]
    return np.where(hit, 0.0, sources)


def per_node(circuit: Circuit, nodes: NDArray[np.int32] | Cells, values: Floats) -> Floats:
    """Return the sum of the values of cells at every node."""
    on = nodes >= 0
    return np.bincount(nodes[on], values[on], circuit.count).astype(np.float64)
