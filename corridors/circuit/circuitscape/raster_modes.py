"""The four modes of a raster case: what is solved, and which maps and lists are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from corridors.circuit import (
    CIRCUITSCAPE_CUT,
    Circuit,
    Flow,
    PairResult,
    advanced,
    all_pairs_current,
    all_to_one,
    current_map,
    one_to_all,
    pair_resistances,
    pairwise,
    voltage_map,
    with_merged,
)
from corridors.circuit.circuitscape.habitat import Cells
from corridors.circuit.circuitscape.options import Options
from corridors.circuit.circuitscape.outputs import (
    FAILED,
    NO_PATH,
    MapSums,
    Outputs,
    shown_current,
    shown_voltage,
    write_pair_resistances,
    write_sums,
)
from corridors.circuit.circuitscape.pairs import PairRule, wanted_pairs
from corridors.circuit.circuitscape.rasters import RasterCase
from corridors.circuit.circuitscape.sources import solve_advanced
from corridors.circuit.flows import DISCONNECTED, NOT_CONVERGED, SAME_NODE, SOLVED

Progress: TypeAlias = Callable[[str, float], None]


def run_raster(case: RasterCase, circuit: Circuit, outputs: Outputs, progress: Progress) -> list[str]:
    """Solve a raster case and write its outputs.

    Returns
    -------
    list of str
        What is worth saying about the result.
    """
    scenario = outputs.options.scenario
    if scenario == "advanced":
        return run_advanced(case, circuit, outputs)
    if scenario == "pairwise":
        return run_pairwise(case, circuit, outputs, progress)
    return run_one_by_one(case, circuit, outputs, progress)


def on_nodes(circuit: Circuit, focal: Mapping[int, Cells]) -> dict[int, Cells]:
    """Return the focal nodes with any cell that conducts, or lies in a region that does."""
    if circuit.nodes is None:
        return dict(focal)
    nodes = circuit.nodes.ravel()
    return {node: cells for node, cells in focal.items() if (nodes[cells] >= 0).any()}


def run_pairwise(case: RasterCase, circuit: Circuit, outputs: Outputs, progress: Progress) -> list[str]:
    """Solve every pair of focal nodes; write resistances, and the maps asked for."""
    focal = on_nodes(circuit, case.focal)
    pairs = wanted_pairs(list(case.focal), case.rule)
    solvable = [(a, b) for a, b in pairs if a in focal and b in focal]
    options = outputs.options
    each = options.write_volt_maps or (options.write_cur_maps and not options.write_cum_cur_map_only)
    each |= options.log_transform_maps or options.set_focal_node_currents_to_zero
    maps = options.currents or options.write_volt_maps
    found: dict[tuple[int, int], float] = {}
    if maps and (each or not solvable):
        found = pair_by_pair(case, circuit, focal, solvable, outputs, progress)
    elif maps:
        progress("All pairs", 0.0)
        found = sums_alone(case, circuit, focal, solvable, outputs)
    elif solvable:
        progress("Resistances", 0.0)
        found = resistances_of(pair_resistances(circuit, focal, pairs=solvable), outputs)
    write_pair_resistances(outputs, found, list(case.focal))
    return said_of_pairs(found, pairs)


def resistances_of(results: Iterable[PairResult], outputs: Outputs) -> dict[tuple[int, int], float]:
    """Return the resistance of pairs as files show it."""
    return {(result.first, result.second): resistance_of(result, outputs) for result in results}


def sums_alone(
    case: RasterCase,
    circuit: Circuit,
    focal: Mapping[int, Cells],
    pairs: list[tuple[int, int]],
    outputs: Outputs,
) -> dict[tuple[int, int], float]:
    """Write the sum over all pairs, without a map of each; return resistances."""
    options = outputs.options
    found = all_pairs_current(circuit, focal, pairs=pairs, maximum=options.write_max_cur_maps)
    largest = found.cumulative if found.maximum is None else found.maximum
    shown = [shown_current(values, options, case.conductance) for values in (found.cumulative, largest)]
    write_sums(outputs, shown[0], shown[1], case.grid)
    return resistances_of(found.pairs, outputs)


def pair_by_pair(
    case: RasterCase,
    circuit: Circuit,
    focal: Mapping[int, Cells],
    pairs: list[tuple[int, int]],
    outputs: Outputs,
    progress: Progress,
) -> dict[tuple[int, int], float]:
    """Write the maps of every pair and their sum; return resistances."""
    sums = MapSums(case.grid.shape)
    found = {}
    flows = pairwise(circuit, focal, pairs=pairs) if pairs else iter(())
    for number, flow in enumerate(flows):
        pair = flow.first, flow.second
        found[pair] = resistance_of(flow, outputs)
        progress(f"Pair {pair[0]}, {pair[1]}", number / len(pairs))
        if flow.status in (SOLVED, SAME_NODE):
            active = np.concatenate([focal[node] for node in pair])
            write_maps(case, flow, f"_{pair[0]}_{pair[1]}", active, outputs, sums)
    if outputs.options.currents:
        write_sums(outputs, sums.total, sums.largest, case.grid)
    return found


def resistance_of(flow: Flow | PairResult, outputs: Outputs) -> float:
    """Return the resistance of a pair or focal node as files show it, and note its residual."""
    outputs.residuals.append(flow.residual)
    if flow.status == NOT_CONVERGED:
        return FAILED
    return NO_PATH if np.isnan(flow.resistance) else float(flow.resistance)


def write_maps(
    case: RasterCase, flow: Flow, ending: str, active: Cells | None, outputs: Outputs, sums: MapSums
) -> None:
    """Write voltage and current of one solution, as far as asked for, and add the current to the sums."""
    options = outputs.options
    if options.write_volt_maps:
        volts = shown_voltage(voltage_map(flow.circuit, flow.voltage), options, case.conductance)
        outputs.grid(f"voltmap{ending}", volts, case.grid)
    if options.currents:
        current = current_map(flow.circuit, flow.voltage, leak=flow.leak, cut=CIRCUITSCAPE_CUT)
        focal = cells_of_nodes(flow.circuit, active) if options.set_focal_node_currents_to_zero else None
        shown = shown_current(current, options, case.conductance, focal=focal)
        if flow.status == SOLVED:
            sums.add(shown)
        if options.write_cur_maps and not options.write_cum_cur_map_only:
            outputs.grid(f"curmap{ending}", shown, case.grid)


def cells_of_nodes(circuit: Circuit, cells: Cells | None) -> NDArray[np.bool_] | None:
    """Return all cells of the nodes that some cells belong to."""
    if cells is None or circuit.nodes is None:
        return None
    nodes = circuit.nodes.ravel()[cells]
    return np.isin(circuit.nodes, nodes[nodes >= 0])


def run_one_by_one(case: RasterCase, circuit: Circuit, outputs: Outputs, progress: Progress) -> list[str]:
    """Solve one-to-all or all-to-one; write a resistance for every focal node, and the maps asked for."""
    focal = on_nodes(circuit, case.focal)
    options = outputs.options
    flows = iter(flows_of(case, circuit, focal, options)) if len(focal) > 1 else iter(())
    sums = MapSums(case.grid.shape)
    rows = []
    nothing = Flow(0, 0, np.nan, DISCONNECTED, 0.0, "", circuit, np.zeros(circuit.count))
    for number, node in enumerate(case.focal):
        progress(f"Focal node {node}", number / len(case.focal))
        flow = next(flows, nothing) if node in focal else nothing
        rows.append((node, resistance_of(flow, outputs)))
        partners = [other for other in focal if other == node or connected(case.rule, node, other)]
        active = np.concatenate([focal[other] for other in partners]) if partners else None
        write_maps(case, flow, f"_{node}", active, outputs, sums)
    if options.currents:
        write_sums(outputs, sums.total, sums.largest, case.grid)
    outputs.lines("resistances.out", rows, separator=" ")
    lost = [str(node) for node, value in rows if value == NO_PATH]
    return [f"no way to any other focal node: {', '.join(lost)}"] if lost else []


def connected(rule: PairRule | None, node: int, other: int) -> bool:
    """Return whether a focal node takes part while another is the active one."""
    return rule is None or rule.connects(node, other)


def flows_of(
    case: RasterCase, circuit: Circuit, focal: Mapping[int, Cells], options: Options
) -> Iterator[Flow]:
    """Return the solutions of one-to-all or all-to-one, in the order of the focal nodes."""
    included = None if case.rule is None else case.rule.connects
    if options.scenario == "one-to-all":
        return one_to_all(circuit, focal, strengths=case.strengths, included=included)
    if case.rule is not None and options.variable_source_file:
        return all_to_one_with_strengths(case, circuit, focal, case.rule)
    return all_to_one(circuit, focal, strengths=case.strengths, included=included)


def all_to_one_with_strengths(
    case: RasterCase, circuit: Circuit, focal: Mapping[int, Cells], rule: PairRule
) -> Iterator[Flow]:
    """Yield the solutions of all-to-one with both a file of strengths and one of pairs.

    With strengths, Circuitscape (3 to 5 alike) does not silence a node that the pairs leave out for the
    active one: it puts in 1 A. An active node whose pairs are all left out has a map, but no resistance and
    no part in the sum.
    """
    for node in focal:
        partners = [other for other in focal if other == node or rule.connects(node, other)]
        merged = with_merged(circuit, [focal[other] for other in partners if len(focal[other]) > 1])
        sources, grounds = np.zeros(case.grid.shape), np.zeros(case.grid.shape)
        for other in focal:
            amperes = case.strengths.get(other, 1.0) if other in partners else 1.0
            sources.ravel()[first_on_node(merged, focal[other])] += amperes if other != node else 0.0
        grounds.ravel()[first_on_node(merged, focal[node])] = np.inf
        flow = advanced(merged, sources, grounds, conflict="rmvsrc")
        solved = flow.status == SOLVED and len(partners) > 1
        yield replace(flow, resistance=0.0) if solved else replace(flow, status=DISCONNECTED)


def first_on_node(circuit: Circuit, cells: Cells) -> int:
    """Return the first of some cells that belongs to a node."""
    nodes = np.full(1, -1) if circuit.nodes is None else circuit.nodes.ravel()[cells]
    return int(cells[np.argmax(nodes >= 0)])


def run_advanced(case: RasterCase, circuit: Circuit, outputs: Outputs) -> list[str]:
    """Solve given sources and grounds; write the current, and the voltage if asked for."""
    options = outputs.options
    flow, said = solve_advanced(circuit, case.sources, case.grounds, options)
    outputs.residuals.append(flow.residual)
    if options.write_volt_maps:
        volts = shown_voltage(voltage_map(flow.circuit, flow.voltage), options, case.conductance)
        outputs.grid("voltmap", volts, case.grid)
    current = current_map(flow.circuit, flow.voltage, leak=flow.leak, cut=CIRCUITSCAPE_CUT)
    outputs.grid("curmap", shown_current(current, options, case.conductance), case.grid)
    return said


def said_of_pairs(found: Mapping[tuple[int, int], float], pairs: Iterable[tuple[int, int]]) -> list[str]:
    """Return what is worth saying about the resistances of pairs."""
    values = {pair: found.get(pair, NO_PATH) for pair in pairs}
    told = {"no way between": NO_PATH, "on one node, resistance 0": 0.0, "not solved": FAILED}
    said = []
    for words, value in told.items():
        which = [f"{a}-{b}" for (a, b), resistance in values.items() if resistance == value]
        if which:
            more = f" and {len(which) - 10} more" if len(which) > 10 else ""
            said.append(f"{words}: {', '.join(which[:10])}{more}")
    return said
