"""`corridors omniscape`: run a case of Omniscape from its own ini file."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from corridors.cli.progress import progress_bar
from corridors.cli.speak import Debug, Json, Quiet, tell_json, told


def omniscape(
    case: Annotated[str, typer.Argument(metavar="CASE.ini", help="Ini file of Omniscape.")],
    out: Annotated[
        str | None, typer.Option("--out", metavar="DIR", help="Folder for the maps, not project_name.")
    ] = None,
    threads: Annotated[
        int | None, typer.Option("--threads", min=1, help="Windows solved at once; all processors if absent.")
    ] = None,
    checkpoint: Annotated[
        str | None,
        typer.Option(
            "--checkpoint", metavar="DIR", help="Keep sums here; the same command goes on from them."
        ),
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Run an Omniscape case: its ini file in, its maps out, under the same names."""
    with told(as_json=as_json, debug=debug):
        from corridors.circuit.omniscape import run_omniscape
        from corridors.errors import printable

        def tell(text: str) -> None:
            if not (quiet or as_json):
                typer.echo(printable(f"[omniscape] {text}"), err=True)

        with progress_bar(quiet=quiet or as_json) as progress:
            done = run_omniscape(
                case,
                out=out,
                threads=threads or os.cpu_count() or 1,
                checkpoint_folder=checkpoint,
                progress=progress,
                tell=tell,
            )
        if as_json:
            found = {"folder": done.folder, "files": list(done.files), "notes": list(done.notes)}
            tell_json({"problems": [], **found})
        elif not quiet:
            typer.echo(f"{len(done.files)} maps written to {done.folder}: {', '.join(done.files)}")
