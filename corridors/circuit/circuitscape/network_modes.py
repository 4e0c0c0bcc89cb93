"""The two modes of a network case: what is solved, and which lists are written; nodes go by their own ids."""

from __future__ import annotations

import numpy as np

from corridors.circuit import (
    CIRCUITSCAPE_CUT,
    Circuit,
    Flow,
    branch_currents,
    node_currents,
    pair_resistances,
    pairwise,
)
from corridors.circuit.circuitscape.habitat import Cells, Floats
from corridors.circuit.circuitscape.networks import NetworkCase
from corridors.circuit.circuitscape.outputs import Outputs, write_pair_resistances
from corridors.circuit.circuitscape.pairs import wanted_pairs
from corridors.circuit.circuitscape.raster_modes import (
    Progress,
    resistance_of,
    resistances_of,
    said_of_pairs,
)
from corridors.circuit.circuitscape.sources import solve_advanced
from corridors.circuit.flows import SOLVED

LEAST_BRANCH_CURRENT_A = 1e-6  # Circuitscape leaves smaller ones out of the lists of a pair


def run_network(case: NetworkCase, circuit: Circuit, outputs: Outputs, progress: Progress) -> list[str]:
    """Solve a network case and write its outputs; return what is worth saying about the result."""
    if outputs.options.scenario == "advanced":
        return run_network_advanced(case, circuit, outputs)
    return run_network_pairwise(case, circuit, outputs, progress)


def run_network_pairwise(
    case: NetworkCase, circuit: Circuit, outputs: Outputs, progress: Progress
) -> list[str]:
    """Solve every pair of focal nodes; write resistances, and the lists asked for."""
    pairs = wanted_pairs(list(case.focal), case.rule)
    options = outputs.options
    if options.currents or options.write_volt_maps:
        nodes, branches = np.zeros(circuit.count), np.zeros(len(circuit.branches.first))
        found = {}
        for number, flow in enumerate(pairwise(circuit, case.focal, pairs=pairs)):
            progress(f"Pair {flow.first}, {flow.second}", number / len(pairs))
            found[flow.first, flow.second] = resistance_of(flow, outputs)
            if flow.status == SOLVED:
                through, along = write_lists(case, flow, f"_{flow.first}_{flow.second}", outputs)
                nodes, branches = nodes + through, branches + along
        if options.currents:
            everything = np.ones(circuit.count, dtype=bool)
            write_node_list(outputs, "node_currents_cum.txt", case.ids, nodes, everything)
            write_branch_list(outputs, "branch_currents_cum.txt", case.ids, circuit, branches, least=0.0)
    else:
        found = resistances_of(pair_resistances(circuit, case.focal, pairs=pairs), outputs)
    write_pair_resistances(outputs, found, list(case.focal))
    return said_of_pairs(found, pairs)


def run_network_advanced(case: NetworkCase, circuit: Circuit, outputs: Outputs) -> list[str]:
    """Solve given sources and grounds; write the currents, and the voltages if asked for."""
    flow, said = solve_advanced(circuit, case.sources, case.grounds, outputs.options)
    outputs.residuals.append(flow.residual)
    write_lists(case, flow, "", outputs)
    return said


def write_lists(case: NetworkCase, flow: Flow, ending: str, outputs: Outputs) -> tuple[Floats, Floats]:
    """Write voltages and currents of one solution as far as asked for; return node and branch currents.

    A pair has a line for every node of its own component, sources and grounds for every node there is.
    """
    circuit, options = flow.circuit, outputs.options
    through = node_currents(circuit, flow.voltage, leak=flow.leak, cut=CIRCUITSCAPE_CUT)
    along = abs(branch_currents(circuit, flow.voltage, cut=CIRCUITSCAPE_CUT))
    told = np.ones(circuit.count, dtype=bool)
    if ending:
        told = circuit.component == circuit.component[case.focal[flow.first][0]]
    if options.write_volt_maps:
        write_node_list(outputs, f"voltages{ending}.txt", case.ids, flow.voltage, told)
    if not ending or (options.write_cur_maps and not options.write_cum_cur_map_only):
        write_node_list(outputs, f"node_currents{ending}.txt", case.ids, through, told)
        name = f"branch_currents{ending}.txt"
        write_branch_list(outputs, name, case.ids, circuit, along, least=LEAST_BRANCH_CURRENT_A)
    return through, along


def write_node_list(outputs: Outputs, name: str, ids: Cells, values: Floats, told: Cells) -> None:
    """Write the ids of nodes and a value for each."""
    outputs.lines(name, zip(ids[told].tolist(), values[told].tolist(), strict=True))


def write_branch_list(
    outputs: Outputs, name: str, ids: Cells, circuit: Circuit, values: Floats, *, least: float
) -> None:
    """Write both ends of branches and a value for each; values below `least` are left out."""
    first, second, _ = circuit.branches
    told = values >= least
    rows = ids[first[told]].tolist(), ids[second[told]].tolist(), values[told].tolist()
    outputs.lines(name, zip(*rows, strict=True))
