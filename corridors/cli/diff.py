"""`corridors diff`: what differs between two runs, in words, tables and on the map."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from corridors.cli.progress import progress_bar
from corridors.cli.speak import Debug, Json, Quiet, tell_json, told

RunA = Annotated[str, typer.Argument(metavar="RUN_A", help="Run folder to compare with.")]
RunB = Annotated[
    str, typer.Argument(metavar="RUN_B", help="Run folder that is compared; differences are B - A.")
]


def diff(
    run_a: RunA,
    run_b: RunB,
    out: Annotated[
        str | None,
        typer.Option("--out", metavar="DIR", help="Folder to write; runs/<a>-and-<b> where absent."),
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Compare two runs: parameters, inputs, core areas, links, tables and rasters."""
    with told(as_json=as_json, debug=debug):
        done = diff_two(run_a, run_b, out=out, quiet=quiet or as_json)
        if as_json:
            tell_json({"problems": [], **done})
        elif not quiet:
            for text in (*done["short"], *done["said"]):
                typer.echo(text)
            typer.echo(f"Page: {done['page']}")
            typer.echo(f"QGIS project: {done['project']}")


def diff_two(run_a: str, run_b: str, *, out: str | None, quiet: bool) -> dict[str, Any]:
    """Read, compare and write; return what is told, in plain values."""
    from corridors.io import read_run
    from corridors.studies.diff import PAGE, PROJECT, diff_runs, sentences, write_diff

    with progress_bar(quiet=quiet) as progress:
        progress("Reading the runs", 0.0)
        a, b = read_run(run_a), read_run(run_b)
        found = diff_runs(a, b, progress=progress)
        folder = out if out is not None else f"runs/{a.name}-and-{b.name}"
        progress("Writing", 1.0)
        write_diff(found, out=folder)
    counts = {name: found.vectors[name]["change"].value_counts().to_dict() for name in ("cores", "links")}
    return {
        "same": found.same,
        "short": sentences(found),
        "said": list(found.said),
        "changes": counts,
        "folder": folder,
        "page": f"{folder}/{PAGE}",
        "project": f"{folder}/{PROJECT}",
    }
