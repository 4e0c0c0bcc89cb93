"""Run a case of Omniscape: its ini file in, its maps out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridors.circuit.omniscape.inputs import Inputs, read_inputs
from corridors.circuit.omniscape.options import Options
from corridors.circuit.omniscape.parsing import parse_options
from corridors.circuit.windows import (
    WindowCurrents,
    plan_of,
    problem_fingerprint,
    window_currents,
    window_problem,
)
from corridors.io import (
    Checkpoint,
    file_name,
    fresh_folder,
    read_ini,
    resolve_beside,
    write_ascii_grid,
    write_plain_tiff,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridors.circuit.windows.solving import Problem

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class OmniscapeRun:
    """What a case wrote.

    Attributes
    ----------
    folder
        Where the maps lie.
    files
        Their names.
    notes
        What a user should know about the options and the maps.
    """

    folder: str
    files: tuple[str, ...]
    notes: tuple[str, ...]


def run_omniscape(
    case: str,
    *,
    out: str | None = None,
    threads: int = 1,
    checkpoint_folder: str | None = None,
    progress: Callable[[str, float], None] | None = None,
    tell: Callable[[str], None] = lambda _text: None,
) -> OmniscapeRun:
    """Run a case of Omniscape and write its maps under the names Omniscape gives them.

    Average conductance, and flow potential over whole squares, as published (Landau et al. 2021).

    Parameters
    ----------
    case
        Path of the ini file; the files it names are taken relative to its folder.
    out
        Folder of the maps; where absent `project_name`, beside the ini file and never one that exists.
    threads
        Windows solved at once; the maps have the same bytes.
    checkpoint_folder
        Where sums are kept now and then; the same call goes on from there after an interruption.
    progress
        Told the step and the fraction done.
    tell
        Told each note, and the plan, before the run.

    Raises
    ------
    CorridorsError
        C102, C104 options; I201, I211, I217, I223, I242, I291 maps and tables; O4xx what cannot be written.
    """
    options, said = parse_options(read_ini(case), where=file_name(case))
    inputs = read_inputs(options, lambda name: resolve_beside(case, name))
    notes = (*said, *inputs.said)
    problem = problem_of(options, inputs)
    plan = plan_of(problem, threads)
    for note in notes:
        tell(note)
    tell(
        f"{plan.windows} windows of up to {plan.nodes_per_window} cells, {plan.right_hand_sides} solutions "
        f"by {plan.solver}, {threads} at once, {plan.memory_bytes / 1e6:.0f} MB"
    )
    folder = fresh_folder(
        out if out is not None else resolve_beside(case, options.project_name), new=out is None
    )
    checkpoint = Checkpoint(checkpoint_folder, problem_fingerprint(problem)) if checkpoint_folder else None
    found = window_currents(problem, workers=threads, checkpoint=checkpoint, progress=progress)
    files = write_maps(maps_of(options, inputs, found), folder, options, inputs)
    if checkpoint is not None:
        checkpoint.clear()
    return OmniscapeRun(folder, files, notes)


def problem_of(options: Options, inputs: Inputs) -> Problem:
    """Return the moving windows of a case."""
    return window_problem(
        inputs.conductance,
        inputs.strength,
        radius=options.radius,
        buffer=options.buffer,
        block=options.block_size,
        neighbours=4 if options.connect_four_neighbors_only else 8,
        average="conductance",
        conditions=inputs.conditions,
        flow_potential=options.needs_flow_potential,
        correct_artifacts=options.correct_artifacts,
        published=True,
        published_residual=options.solver != "cholmod",
    )


def maps_of(options: Options, inputs: Inputs, found: WindowCurrents) -> dict[str, Floats]:
    """Return the maps a case asks for, by the name of their file."""
    maps = {"cum_currmap": found.current}
    if found.flow_potential is not None:
        if options.calc_flow_potential:
            maps["flow_potential"] = found.flow_potential
        if options.calc_normalized_current:
            reached = found.flow_potential > 0
            none = np.zeros_like(found.current)
            maps["normalized_cum_currmap"] = np.divide(
                found.current, found.flow_potential, out=none, where=reached
            )
    if options.mask_nodata:
        empty = np.isnan(inputs.resistance)
        maps = {name: np.where(empty, np.nan, values) for name, values in maps.items()}
    if options.reclassify_resistance and options.write_reclassified_resistance:
        maps["classified_resistance"] = inputs.resistance
    return maps


def write_maps(maps: dict[str, Floats], folder: str, options: Options, inputs: Inputs) -> tuple[str, ...]:
    """Write maps into a folder; return the names of the files."""
    ending, write = (".tif", write_plain_tiff) if options.write_as_tif else (".asc", write_ascii_grid)
    for name, values in maps.items():
        write(f"{folder}/{name}{ending}", values, like=inputs.grid)
    return tuple(name + ending for name in maps)
