"""`corridors run`: check, analyse, write the run folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

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
    from corridors.config import Workflow
    from corridors.cost import Workers
    from corridors.pipeline import Kept

COUNTED = ("cores", "links", "crossings")
COLUMNS = ("case", *COUNTED, "overview")
PLAN_COLUMNS = ("case", "step", "is", "because", "about s")
Stage = Literal["layers", "suitability", "resistance", "cores", "links", "corridors", "network"]


def run(
    workflow: WorkflowFile,
    data: DataFolder = None,
    out: Annotated[
        str | None, typer.Option("--out", metavar="DIR", help="Run folder; runs/<name> where absent.")
    ] = None,
    language: Language = "en",
    start: Annotated[
        Stage | None,
        typer.Option("--from", help="Compute this step and all that follow again, and nothing before."),
    ] = None,
    only: Annotated[
        Stage | None,
        typer.Option("--only", help="Stop after this step; written to runs/<name>-<step>."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be computed, and write nothing.")
    ] = False,
    ids_from: Annotated[
        str | None,
        typer.Option("--ids-from", metavar="RUN", help="Keep this run's numbers of core areas and links."),
    ] = None,
    worker_count: WorkerCount = None,
    cluster: SchedulerAddress = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Check a workflow, run it, and write the run folder.

    What has not changed since the last run is taken from it, and an interrupted run goes on where it stopped.
    """
    if dry_run:
        with told(as_json=as_json, debug=debug):
            plan = plan_one(workflow, data=data, out=out, start=start, only=only, ids_from=ids_from)
            tell_plan(plan, as_json=as_json)
        return
    with told(as_json=as_json, debug=debug), workers_of(worker_count, cluster) as workers:
        done = run_one(
            workflow,
            data=data,
            out=out,
            language=language,
            quiet=quiet or as_json,
            workers=workers,
            start=start,
            only=only,
            ids_from=ids_from,
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
    start: str | None = None,
    only: str | None = None,
    ids_from: str | None = None,
) -> dict[str, Any]:
    """Check and run one workflow file; return what came out, in plain values."""
    from corridors import pipeline, preflight
    from corridors.errors import Problems
    from corridors.pipeline import Kept
    from corridors.pipeline.plan import afresh_from
    from corridors.pipeline.write import PROJECT, REPORT, figure_name

    with progress_bar(quiet=quiet) as progress:
        progress("Checking", 0.0)
        keeping: list[Kept] = []

        def kept_for(workflow: Workflow) -> Kept:
            whole = out if out is not None else f"runs/{workflow.name}"
            keeping.append(Kept(whole, afresh=afresh_from(start), ids_from=ids_from, writes=False))
            return keeping[0]

        workflow, found = preflight.check_file(
            workflow_file, data=data, out=out, ids_from=ids_from, kept_for=kept_for
        )
        if found.problems or workflow is None:
            raise Problems(found.problems)
        folder = run_folder(workflow.name, out, only)
        result = pipeline.run(
            workflow,
            out=folder,
            data=data,
            inputs=found.inputs,
            language=language,
            progress=progress,
            workers=workers,
            start=start,
            until=only,
            kept=keeping[0],
        )
    tell_notes(found.notes, quiet=quiet)
    cases = {
        key: {
            **{name: len(case.vectors[name]) if name in case.vectors else None for name in COUNTED},
            "overview": f"{folder}/figures/{figure_name(key, result)}",
        }
        for key, case in result.cases.items()
    }
    return {
        "title": workflow.title,
        "folder": folder,
        "cases": cases,
        "project": f"{folder}/{PROJECT}",
        "report": None if only else f"{folder}/{REPORT}",
    }


def run_folder(name: str, out: str | None, only: str | None) -> str:
    """Return where a run is written: a part of one beside the whole."""
    if out is not None:
        return out
    return f"runs/{name}" if only is None else f"runs/{name}-{only}"


def plan_one(
    workflow_file: str,
    *,
    data: str | None,
    out: str | None,
    start: str | None,
    only: str | None,
    ids_from: str | None,
) -> dict[str, Any]:
    """Return what a run of a workflow file would do, in plain values."""
    from dataclasses import asdict

    from corridors.config import load_workflow
    from corridors.pipeline.plan import plan_run

    workflow = load_workflow(workflow_file)
    whole = out if out is not None else f"runs/{workflow.name}"
    plan = plan_run(workflow, out=whole, data=data, start=start, until=only, ids_from=ids_from)
    return {"title": workflow.title, "folder": run_folder(workflow.name, out, only), **asdict(plan)}


def tell_plan(plan: dict[str, Any], *, as_json: bool) -> None:
    """Show what a run would do."""
    if as_json:
        tell_json({"problems": [], **plan})
        return
    rows = [
        (
            step["case"] or "all",
            step["step"],
            "computed" if step["computed"] else "reused",
            step["why"],
            f"{step['seconds']:.1f}" if step["computed"] else "",
        )
        for step in plan["steps"]
    ]
    tell_table(plan["title"], PLAN_COLUMNS, rows)
    typer.echo(
        f"About {plan['seconds']:.0f} s to compute, without checking and writing; {plan['memory_mb']:.0f} MB."
    )


def tell_run(done: dict[str, Any]) -> None:
    """Show what a run found and where it lies."""
    rows = [
        (key, *("-" if case[n] is None else str(case[n]) for n in COUNTED), case["overview"])
        for key, case in done["cases"].items()
    ]
    tell_table(done["title"], COLUMNS, rows)
    typer.echo(f"QGIS project: {done['project']}")
    if done["report"] is not None:
        typer.echo(f"Report: {done['report']}")
