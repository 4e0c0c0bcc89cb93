"""One Circuitscape case from its ini file to its outputs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from corridors.circuit import Circuit, grid_circuit, network_circuit, pairwise_plan
from corridors.circuit.circuitscape.attempts import attempt
from corridors.circuit.circuitscape.habitat import Cells
from corridors.circuit.circuitscape.network_modes import run_network
from corridors.circuit.circuitscape.networks import NetworkCase, read_network_case
from corridors.circuit.circuitscape.options import Options
from corridors.circuit.circuitscape.outputs import Outputs
from corridors.circuit.circuitscape.pairs import wanted_pairs
from corridors.circuit.circuitscape.parsing import parse_options
from corridors.circuit.circuitscape.raster_modes import Progress, on_nodes, run_raster
from corridors.circuit.circuitscape.rasters import RasterCase, read_raster_case
from corridors.circuit.solvers import solver_plan
from corridors.errors import CorridorsError, Problems, raise_all
from corridors.io import file_name, output_place, read_ini, resolve_beside

Tell = Callable[[str], None]


@dataclass(frozen=True)
class CircuitscapeRun:
    """What a case wrote: names of files, in the order they were written, and what is worth saying."""

    prefix: str
    files: tuple[str, ...]
    notes: tuple[str, ...]


def silent(_step: str, _fraction: float) -> None:
    """Tell nobody how far it is."""


def run_circuitscape(
    ini: str, *, out: str | None = None, progress: Progress = silent, tell: Tell | None = None
) -> CircuitscapeRun:
    """Run a case of Circuitscape 4 or 5 as its ini file describes it.

    Parameters
    ----------
    ini : str
        Path of the ini file; the files it names lie relative to its folder.
    out : str, optional
        Folder for the outputs, made where it is missing; without it `output_file` decides.
    progress : callable
        Takes the step in words and the fraction done.
    tell : callable, optional
        Takes each note as soon as it is known: ignored options, the plan, pairs without a way.

    Returns
    -------
    CircuitscapeRun

    Raises
    ------
    CorridorsError
        C1xx the ini file, I2xx the files it names, all problems at once; O4xx outputs.
    """
    notes: list[str] = []

    def note(text: str) -> None:
        notes.append(text)
        if tell is not None:
            tell(text)

    options, said = parse_options(read_ini(ini), where=file_name(ini))
    for text in said:
        note(text)
    progress("Reading", 0.0)
    problems: list[CorridorsError] = []
    path_of = partial(resolve_beside, ini)
    case: RasterCase | NetworkCase | None
    if options.network:
        case = attempt(problems, None, read_network_case, options, path_of)
    else:
        case = attempt(problems, None, read_raster_case, options, path_of)
    place = attempt(problems, "", output_place, path_of(options.output_file), out=out)
    raise_all(problems)
    if case is None:
        raise Problems(problems)
    outputs = Outputs(place.removesuffix(".out"), options)
    circuit = circuit_of(case, outputs)
    for text in said_before(case, circuit, options):
        note(text)
    for text in solve(case, circuit, outputs, progress):
        note(text)
    note(f"largest residual of a solution: {max(outputs.residuals, default=0.0):.1e}")
    return CircuitscapeRun(outputs.prefix, tuple(outputs.written), tuple(notes))


def circuit_of(case: RasterCase | NetworkCase, outputs: Outputs) -> Circuit:
    """Return the circuit of a case."""
    if isinstance(case, NetworkCase):
        kept = case.conductance > 0
        return network_circuit(case.first[kept], case.second[kept], case.conductance[kept], len(case.ids))
    options = outputs.options
    return grid_circuit(
        case.conductance,
        neighbours=4 if options.connect_four_neighbors_only else 8,
        average="resistance" if options.connect_using_avg_resistances else "conductance",
        polygons=case.polygons,
    )


def solve(
    case: RasterCase | NetworkCase, circuit: Circuit, outputs: Outputs, progress: Progress
) -> list[str]:
    """Solve a case and write its outputs; return what is worth saying."""
    if isinstance(case, NetworkCase):
        return run_network(case, circuit, outputs, progress)
    return run_raster(case, circuit, outputs, progress)


def said_before(case: RasterCase | NetworkCase, circuit: Circuit, options: Options) -> list[str]:
    """Return the plan, and what is worth saying about the focal nodes."""
    focal = case.focal if isinstance(case, NetworkCase) else on_nodes(circuit, case.focal)
    planned = solver_plan(circuit.count, max(1, len(focal)), kept=1, raster=circuit.nodes is not None)
    if options.scenario == "pairwise":
        pairs = [(a, b) for a, b in wanted_pairs(list(case.focal), case.rule) if a in focal and b in focal]
        planned = pairwise_plan(circuit, focal, pairs=pairs) if pairs else planned
    said = [
        f"{planned.nodes} nodes, {planned.right_hand_sides} right-hand sides, solver {planned.solver}, "
        f"about {planned.memory_bytes / 1e6:.0f} MB"
    ]
    lost = [f"{node} {nearest(circuit, cells)}" for node, cells in case.focal.items() if node not in focal]
    if lost:
        said.append(f"focal nodes on no data, resistance -1: {'; '.join(lost)}")
    unknown = sorted(case.rule.ids - set(case.focal)) if case.rule is not None else []
    if unknown:
        said.append(f"included_pairs_file names ids that are no focal nodes: {', '.join(map(str, unknown))}")
    return said


def nearest(circuit: Circuit, cells: Cells) -> str:
    """Return in words where a focal node lies and the nearest cell that conducts."""
    if circuit.nodes is None:
        return ""
    row, column = divmod(int(cells[0]), circuit.nodes.shape[1])
    rows, columns = np.nonzero(circuit.nodes >= 0)
    closest = int(np.argmin((rows - row) ** 2 + (columns - column) ** 2))
    place = f"row {rows[closest] + 1}, column {columns[closest] + 1}"
    return f"(row {row + 1}, column {column + 1}; the nearest cell that conducts: {place})"
