"""`corridors check`: every problem at once, nothing written."""

from __future__ import annotations

from typing import Annotated

import typer

from corridors.cli.speak import (
    INPUT_WRONG,
    DataFolder,
    Debug,
    Json,
    Quiet,
    WorkflowFile,
    exit_code,
    tell_json,
    tell_notes,
    tell_problems,
    tell_table,
    told,
)

SHOWN = ("layer", "country", "coverage_percent", "density_per_1000_km2", "note")


def check(
    workflow: WorkflowFile,
    data: DataFolder = None,
    out: Annotated[
        str | None, typer.Option("--out", metavar="DIR", help="Run folder to check as well.")
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Say everything that is wrong with a workflow and its layers, each with its remedy."""
    with told(as_json=as_json, debug=debug):
        from corridors import preflight

        _, found = preflight.check_file(workflow, data=data, out=out)
        if as_json:
            tell_json(found.as_dict())
        else:
            if not quiet and len(found.sides):
                tell_table("Layers per side", SHOWN, found.side_rows(SHOWN))
            tell_notes(found.notes, quiet=quiet)
            tell_problems(found.problems, as_json=False)
        if found.problems:
            raise typer.Exit(max(exit_code(found.problems), INPUT_WRONG))
        if not (as_json or quiet):
            typer.echo("No problem found.")
