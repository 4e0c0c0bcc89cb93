"""`corridors run`: check, analyse, write the run folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridors.cli.progress import progress_bar
from corridors.cli.speak import (
    DataFolder,
    Debug,
    Json,
    Language,
    Quiet,
    SchedulerAddress,
    WorkerCount,
    WorkflowFile,
    tell_json,
    tell_notes,
    tell_table,
    told,
    workers_of,
)

if TYPE_CHECKING:
    from corridors.cost import Workers

COUNTED = ("cores", "links", "crossings")
COLUMNS = ("case", *COUNTED, "overview")


def run(
    workflow: WorkflowFile,
    data: DataFolder = None,
    out: Annotated[
        str | None, typer.Option("--out", metavar="DIR", help="Run folder; runs/<name> where absent.")
    ] = None,
    language: Language = "en",
    worker_count: WorkerCount = None,
    cluster: SchedulerAddress = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Check a workflow, run it, and write the run folder."""
    with told(as_json=as_json, debug=debug), workers_of(worker_count, cluster) as workers:
        done = run_one(
            workflow, data=data, out=out, language=language, quiet=quiet or as_json, workers=workers
        )
        if as_json:
            tell_json({"problems": [], **done})
        else:
            tell_run(done)


def run_one(
    workflow_file: str,
    *,
    data: str | None,
    out: str | None,
    quiet: bool,
    language: str = "en",
    workers: int | Workers = 1,
) -> dict[str, Any]:
    """Check and run one workflow file; return what came out, in plain values."""
    from corridors import pipeline, preflight
    from corridors.errors import Problems
    from corridors.pipeline.write import PROJECT, REPORT, figure_name

    with progress_bar(quiet=quiet) as progress:
        progress("Checking", 0.0)
        workflow, found = preflight.check_file(workflow_file, data=data, out=out)
        if found.problems or workflow is None:
            raise Problems(found.problems)
        folder = out if out is not None else f"runs/{workflow.name}"
        result = pipeline.run(
            workflow,
            out=folder,
            data=data,
            inputs=found.inputs,
            language=language,
            progress=progress,
            workers=workers,
        )
    tell_notes(found.notes, quiet=quiet)
    cases = {
        key: {
            **{name: len(case.vectors[name]) for name in COUNTED},
            "overview": f"{folder}/figures/{figure_name(key, result)}",
        }
        for key, case in result.cases.items()
    }
    return {
        "title": workflow.title,
        "folder": folder,
        "cases": cases,
        "project": f"{folder}/{PROJECT}",
        "report": f"{folder}/{REPORT}",
    }


def tell_run(done: dict[str, Any]) -> None:
    """Show what a run found and where it lies."""
    rows = [
        (key, str(case["cores"]), str(case["links"]), str(case["crossings"]), case["overview"])
        for key, case in done["cases"].items()
    ]
    tell_table(done["title"], COLUMNS, rows)
    typer.echo(f"QGIS project: {done['project']}")
    typer.echo(f"Report: {done['report']}")
