"""`corridors circuitscape`: run a case of Circuitscape from its own ini file."""

from __future__ import annotations

from typing import Annotated

import typer

from corridors.cli.progress import progress_bar
from corridors.cli.speak import Debug, Json, Quiet, tell_json, told


def circuitscape(
    case: Annotated[str, typer.Argument(metavar="CASE.ini", help="Ini file of Circuitscape 4 or 5.")],
    out: Annotated[
        str | None, typer.Option("--out", metavar="DIR", help="Folder for the outputs, not the ini file's.")
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Run a Circuitscape case: its ini file in, its outputs out, under the same names."""
    with told(as_json=as_json, debug=debug):
        from corridors.circuit.circuitscape import run_circuitscape
        from corridors.errors import printable

        def tell(text: str) -> None:
            if not (quiet or as_json):
                typer.echo(printable(f"[circuitscape] {text}"), err=True)

        with progress_bar(quiet=quiet or as_json) as progress:
            done = run_circuitscape(case, out=out, progress=progress, tell=tell)
        if as_json:
            found = {"prefix": done.prefix, "files": list(done.files), "notes": list(done.notes)}
            tell_json({"problems": [], **found})
        elif not quiet:
            typer.echo(f"{len(done.files)} files written: {done.prefix}_*")
