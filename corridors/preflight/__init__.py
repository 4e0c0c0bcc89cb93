"""Everything `corridors check` says: all problems at once, and what is worth knowing.

Layers, suitability and core areas are read and computed in memory; nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from corridors.config import file_name, folder_of, parse_workflow, read_workflow, sound_parts
from corridors.errors import CorridorsError, flatten
from corridors.io import check_run_folder
from corridors.pipeline.fingerprints import CHECK
from corridors.pipeline.notes import elsewhere_notes
from corridors.pipeline.sides import side_table, sides_of
from corridors.preflight.cover import (
    absent_notes,
    area_notes,
    class_notes,
    distortion_problems,
    population_notes,
)
from corridors.preflight.habitat import case_findings
from corridors.preflight.one_sided import one_sided_problems
from corridors.preflight.readable import read_readable
from corridors.result import Note

if TYPE_CHECKING:
    from corridors.config import Workflow
    from corridors.pipeline import Inputs, Kept

    Findings = tuple[list[CorridorsError], list[Note]]

__all__ = ["Check", "check", "check_file"]


class Unsound(Exception):  # noqa: N818
    """A case has problems: nothing of its check is kept."""


@dataclass(frozen=True)
class Check:
    """What a check found.

    `problems` stop a run, `notes` do not; `sides` is coverage and density of every layer per country;
    `inputs` are the layers, to spare a run from reading them again.
    """

    problems: tuple[CorridorsError, ...]
    notes: tuple[Note, ...]
    sides: pd.DataFrame = field(default_factory=pd.DataFrame)
    inputs: Inputs | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return problems, notes and sides in plain values, for JSON."""
        sides = self.sides.astype(object).where(self.sides.notna(), None)
        return {
            "problems": [problem.as_dict() for problem in self.problems],
            "notes": [{"code": note.code, "note": note.text} for note in self.notes],
            "sides": sides.to_dict("records"),
        }

    def side_rows(self, columns: Sequence[str]) -> list[tuple[str, ...]]:
        """Return the rows of `sides` as text."""
        return [tuple(map(in_cell, row)) for row in self.sides[list(columns)].itertuples(index=False)]


def check(
    workflow: Workflow,
    *,
    data: str | None = None,
    out: str | None = None,
    ids_from: str | None = None,
    kept: Kept | None = None,
) -> Check:
    """Say everything that is wrong with a workflow and its layers.

    Parameters
    ----------
    workflow : Workflow
        From `load_workflow`.
    data : str, optional
        Folder of the layers, instead of the one the workflow names.
    out : str, optional
        Run folder that is meant to be written.
    ids_from : str, optional
        Folder of an earlier run whose numbers of core areas and links are to be kept.
    kept : Kept, optional
        What is kept of earlier runs, to spare this check and the run after it the same computations.

    Returns
    -------
    Check
        Problems (none: a run may start) and notes. Nothing is raised for a problem and nothing written.
    """
    problems = folder_problems(out)
    inputs, unreadable, broken = read_readable(workflow, data=data, ids_from=ids_from, kept=kept)
    problems += unreadable
    if inputs is None or not inputs.layers:
        return Check(tuple(problems), ())
    sides = sides_of(workflow, inputs)
    table = side_table(workflow, inputs, sides)
    problems += [*distortion_problems(inputs), *one_sided_problems(workflow, table)]
    notes = [*area_notes(workflow, inputs), *absent_notes(workflow, inputs, broken)]
    notes += [*elsewhere_notes(workflow), *class_notes(workflow, inputs, sides), *population_notes(inputs)]
    kept = None if unreadable else kept
    if kept is not None:
        kept.know(workflow, inputs)
    for key, species in workflow.cases.items():
        find = partial(case_findings, key, species, workflow, inputs, unreadable=broken, kept=kept)
        case_problems, case_notes = find() if kept is None else sound_before(kept, key, find)
        problems += case_problems
        notes += case_notes
    return Check(tuple(problems), tuple(notes), table, None if problems else inputs)


def sound_before(kept: Kept, key: str, find: Callable[[], Findings]) -> Findings:
    """Return problems and notes of a case; where it was found sound before, the notes kept from then."""
    unsound: list[Findings] = []

    def told() -> list[tuple[str, str]]:
        problems, notes = find()
        if problems:
            unsound.append((problems, notes))
            raise Unsound
        return [(note.code, note.text) for note in notes]

    try:
        return [], [Note(code, text) for code, text in kept(key, CHECK, told)]
    except Unsound:
        return unsound[0]


def check_file(
    path: str,
    *,
    data: str | None = None,
    out: str | None = None,
    ids_from: str | None = None,
    kept_for: Callable[[Workflow], Kept] | None = None,
) -> tuple[Workflow | None, Check]:
    """Check a workflow file: what is wrong in it, and in the layers of what is right in it.

    Parameters
    ----------
    path : str
        The workflow file.
    data, out, ids_from : str, optional
        As for `check`; where `out` is absent, runs/<name> is meant.
    kept_for : callable, optional
        Gives `kept` for the workflow in the file.

    Returns
    -------
    workflow : Workflow or None
        None where the file is wrong.
    check : Check
        All problems together.
    """
    try:
        mapping, origins = read_workflow(path)
    except CorridorsError as error:
        return None, Check(tuple(flatten([error])), ())
    try:
        workflow = parse_workflow(mapping, where=file_name(path), origins=origins)
        workflow = workflow.in_folder(folder_of(path))
    except CorridorsError as error:
        wrong = flatten([error])
        part = sound_parts(mapping)
        rest = Check(tuple(folder_problems(out)), ())
        if part is not None and part.layers:
            rest = check(part.in_folder(folder_of(path)), data=data, out=out, ids_from=ids_from)
        return None, Check((*wrong, *rest.problems), rest.notes, rest.sides)
    kept = None if kept_for is None else kept_for(workflow)
    out = out or f"runs/{workflow.name}"
    return workflow, check(workflow, data=data, out=out, ids_from=ids_from, kept=kept)


def folder_problems(out: str | None) -> list[CorridorsError]:
    """Return a problem where the run folder holds something else."""
    if out is None:
        return []
    try:
        check_run_folder(out)
    except CorridorsError as error:
        return flatten([error])
    return []


def in_cell(value: Any) -> str:
    """Return a value as it stands in a table; nothing for no value."""
    if isinstance(value, str):
        return value
    return "" if pd.isna(value) else f"{value:.3g}"
