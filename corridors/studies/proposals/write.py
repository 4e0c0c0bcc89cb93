"""Writing a comparison: a folder like that of a run, with tables, layers, project, maps and report of it.

Everything goes through the safe writers; the folder appears under its name only when it is whole.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from corridors.config import workflow_toml
from corridors.io import (
    claim_run_folder,
    hash_file,
    versions,
    write_bytes,
    write_run_json,
    write_table,
    write_text,
    write_vectors,
)
from corridors.io.qgis import vector_qml, write_project
from corridors.io.workbooks import with_contents, write_workbook
from corridors.pipeline.progress import silent
from corridors.pipeline.write import (
    GEOPACKAGE,
    PROJECT,
    REPORT,
    known,
    notes_table,
    run_record,
    seen_from,
    write_rasters,
)
from corridors.report.html import report_html
from corridors.report.proposed import by_geometry
from corridors.result import Note
from corridors.schema import CONTEXT, PROPOSED, VECTORS
from corridors.studies.proposals.figures import comparison_figures
from corridors.studies.proposals.kinds import kinds_table
from corridors.studies.proposals.project import project_of

if TYPE_CHECKING:
    from corridors.config import Workflow
    from corridors.pipeline.inputs import Inputs
    from corridors.pipeline.progress import Progress
    from corridors.result import Result
    from corridors.studies.proposals.compare import Comparison
    from corridors.studies.proposals.select import Chosen

WORKBOOK = "comparison.xlsx"
RASTERS_SHOWN = ("suitability", "resistance")
MEANING = {
    "comparison": "One row per proposal, species and country, and joint; x_change is the difference of x "
    "from the landscape as it is; an empty cell is not known or not assessed.",
    "interactions": "One row per pair: what both proposals bring together, against the sum of each.",
    "choice": "The best set of proposals within the budget.",
}


def write_comparison(
    comparison: Comparison,
    workflow: Workflow,
    inputs: Inputs,
    *,
    out: str,
    proposals_file: str,
    sides: pd.DataFrame | None = None,
    chosen: Chosen | None = None,
    language: str = "en",
    progress: Progress = silent,
) -> None:
    """Write a comparison as a folder of its own; a former one there is replaced when this one is whole.

    Parameters
    ----------
    comparison : Comparison
        From `compare_proposals`.
    workflow, inputs
        What it was made with.
    out : str
        The folder.
    proposals_file : str
        Where the proposals were read from; its name and hash are recorded.
    sides : DataFrame, optional
        The schema's table `layers`, for the report: what is missing on which side.
    chosen : Chosen, optional
        From `select_proposals`.
    language : str
        Of the report: en, ru, zh, mn or ko.
    progress : callable
        Called with the step and the fraction done.

    Raises
    ------
    OutputError, RunError
        As `claim_run_folder`.
    InputError
        I289 another language.
    """
    started = datetime.now(UTC)
    with claim_run_folder(out) as folder:
        progress("Writing tables", 0.0)
        tables = comparison_tables(comparison, chosen)
        write_tables(tables, notes_of_all(comparison), folder)
        write_text(folder / "kinds.md", kinds_table() + "\n")
        progress("Writing vectors and the QGIS project", 0.1)
        write_layers(comparison, folder / GEOPACKAGE)
        write_qgis(comparison, workflow, folder)
        (folder / "figures").mkdir()
        for name, content in comparison_figures(comparison):
            progress(f"Drawing {name}", 0.4)
            write_bytes(folder / "figures" / name, content)
        record = comparison_record(comparison, inputs, workflow, started, proposals_file)
        progress("Writing the report", 0.9)
        page = report_html(
            with_notes(comparison),
            workflow=workflow,
            sides=sides,
            sources=record["inputs"],
            comparison=comparison.table,
            proposals=comparison.proposals,
            ways=comparison.vectors,
            software=f"corridors {versions()['corridors']}",
            language=language,
        )
        write_text(folder / REPORT, page)
        write_text(folder / "workflow.toml", workflow_toml(seen_from(out, workflow, inputs)))
        write_run_json(record, folder)


def with_notes(comparison: Comparison) -> Result:
    """Return the landscape as it is, with the notes of the comparison in front of its own."""
    own = (Note("proposals", text) for text in comparison.notes)
    return replace(comparison.result, notes=(*own, *comparison.result.notes))


def comparison_tables(comparison: Comparison, chosen: Chosen | None) -> dict[str, pd.DataFrame]:
    """Return the tables of a comparison that hold something."""
    tables = {"comparison": comparison.table}
    if len(comparison.interactions):
        tables["interactions"] = comparison.interactions
    if chosen is not None:
        tables["choice"] = chosen.table()
    return tables


def write_tables(tables: dict[str, pd.DataFrame], notes: pd.DataFrame, folder: Path) -> None:
    """Write the tables as CSV, and all of them with the notes as one workbook."""
    (folder / "tables").mkdir()
    for name, table in tables.items():
        write_table(table, folder / "tables" / f"{name}.csv")
    write_table(notes, folder / "notes.csv")
    sheets = {("", name): table for name, table in (tables | {"notes": notes}).items()}
    write_workbook(with_contents(sheets, meaning=MEANING), folder / WORKBOOK)


def notes_of_all(comparison: Comparison) -> pd.DataFrame:
    """Return the notes of the comparison, then those of the landscape as it is."""
    return notes_table(with_notes(comparison))


def write_layers(comparison: Comparison, path: Path) -> None:
    """Write proposals, what each changes, and the landscape around them, with their looks."""
    layers = by_geometry(comparison.proposals) | dict(comparison.vectors) | known(comparison.result.context)
    entries = VECTORS | CONTEXT | PROPOSED
    styles = {
        name: vector_qml(entries[name].style, geometry=entries[name].geometry, label=entries[name].label)
        for name in layers
    }
    write_vectors(layers, path, styles=styles)


def write_qgis(comparison: Comparison, workflow: Workflow, folder: Path) -> None:
    """Write the QGIS project and the rasters it shows beside the vectors."""
    result = comparison.result
    tags = {"workflow": workflow.name, "software": f"corridors {versions()['corridors']}"}
    relief = [name for name in ("elevation",) if name in result.layers]
    predictors = write_rasters(result.layers[relief], folder, "layers", tags) if relief else {}
    rasters = {
        key: write_rasters(case.rasters[[*RASTERS_SHOWN]], folder, f"cases/{key}/rasters", tags)
        for key, case in result.cases.items()
    }
    project = project_of(
        comparison, workflow, geopackage=f"./{GEOPACKAGE}", rasters=rasters, predictors=predictors
    )
    write_project(
        folder / PROJECT,
        title=result.title,
        crs=result.grid.crs,
        extent=result.grid.bounds,
        groups=project.groups,
        notes=[*comparison.notes, *(note.text for note in result.notes)],
        themes=project.themes,
        layouts=project.layouts,
    )


def comparison_record(
    comparison: Comparison, inputs: Inputs, workflow: Workflow, started: datetime, proposals_file: str
) -> dict[str, Any]:
    """Return what `run.json` says: that of a run, the proposals and their file."""
    file = Path(proposals_file)
    record = run_record(comparison.result, inputs, workflow, started)
    used = [*record["inputs"], {"file": file.name, "sha256": hash_file(file)}]
    return record | {
        "inputs": sorted(used, key=lambda entry: str(entry["file"])),
        "notes": notes_of_all(comparison).to_dict("records"),
        "proposals": comparison.proposals["proposal"].tolist(),
    }
