"""Writing a comparison: tables, the proposals with the landscape around them, the record of the run."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from corridors.config import workflow_toml
from corridors.io import (
    claim_run_folder,
    hash_file,
    versions,
    write_run_json,
    write_table,
    write_text,
    write_vectors,
)
from corridors.pipeline.write import GEOPACKAGE, input_files, known, seen_from
from corridors.studies.proposals.kinds import kinds_table

if TYPE_CHECKING:
    from corridors.config import Workflow
    from corridors.pipeline.inputs import Inputs
    from corridors.studies.proposals.compare import Comparison
    from corridors.studies.proposals.select import Chosen


def write_comparison(
    comparison: Comparison,
    workflow: Workflow,
    inputs: Inputs,
    *,
    out: str,
    proposals_file: str,
    chosen: Chosen | None = None,
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
    chosen : Chosen, optional
        From `select_proposals`.

    Raises
    ------
    OutputError, RunError
        As `claim_run_folder`.
    """
    started = datetime.now(UTC)
    with claim_run_folder(out) as folder:
        tables = {"comparison": comparison.table}
        if len(comparison.interactions):
            tables["interactions"] = comparison.interactions
        if chosen is not None:
            tables["choice"] = chosen.table()
        (folder / "tables").mkdir()
        for name, table in tables.items():
            write_table(table, folder / "tables" / f"{name}.csv")
        notes = pd.DataFrame({"note": list(comparison.notes)})
        write_table(notes, folder / "notes.csv")
        write_text(folder / "kinds.md", kinds_table() + "\n")
        write_vectors({"proposals": comparison.proposals} | known(inputs.context), folder / GEOPACKAGE)
        write_text(folder / "workflow.toml", workflow_toml(seen_from(out, workflow, inputs)))
        files = sorted({*input_files(inputs, workflow), Path(proposals_file)})
        record = {
            "workflow": workflow.name,
            "title": workflow.title,
            "versions": versions(),
            "inputs": [{"file": file.name, "sha256": hash_file(file)} for file in files],
            "written": {"started": started.isoformat(timespec="seconds")},
            "notes": list(comparison.notes),
            "proposals": comparison.proposals["proposal"].tolist(),
        }
        write_run_json(record, folder)
