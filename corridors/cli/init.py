"""`corridors init`: a commented workflow to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from corridors.cli.speak import Debug, Quiet, told


def init(
    species: Annotated[str, typer.Option("--species", help="Species with a preset, such as amur_tiger.")],
    landscape: Annotated[
        str | None, typer.Option("--landscape", help="Landscape of the preset, such as land_of_big_cats.")
    ] = None,
    area: Annotated[
        str | None, typer.Option("--area", metavar="W,S,E,N", help="Reporting area in degrees.")
    ] = None,
    data: Annotated[str | None, typer.Option("--data", metavar="DIR", help="Folder of the layers.")] = None,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="Workflow file to make.")
    ] = "workflow.toml",
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Write a commented workflow for a species, in a preset landscape or in a box; never over a file."""
    with told(debug=debug):
        from corridors.config.template import workflow_text
        from corridors.io import write_text

        file = Path(output)
        refuse_existing(file)
        folder = relative_to(file, data)
        text = workflow_text(species, landscape=landscape, bounds=box_of(area), data=folder)
        write_text(file, text)
        if not quiet:
            typer.echo(f"Wrote {file}. Next: corridors check {file}")


def refuse_existing(file: Path) -> None:
    """Say so where a file is in the way, or its folder is missing."""
    from corridors.errors import InputError

    if file.exists():
        what, remedy = "there is a file of this name, and it stays as it is", "Choose another name with -o."
        raise InputError(what, code="O402", where=file.name, remedy=remedy)
    if not file.parent.is_dir():
        what, remedy = "there is no such folder", "Make it, or choose another name with -o."
        raise InputError(what, code="O403", where=str(file.parent), remedy=remedy)


def relative_to(file: Path, data: str | None) -> str | None:
    """Return the data folder as seen from the workflow file."""
    if data is None:
        return None
    from os.path import relpath

    return Path(relpath(data, file.parent)).as_posix()


def box_of(text: str | None) -> tuple[float, float, float, float] | None:
    """Return the four numbers of an area."""
    from corridors.errors import ConfigError

    if text is None:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        what, allowed = "not an area", "four numbers: west,south,east,north in degrees"
        raise ConfigError(what, code="C102", where="--area", given=text, allowed=allowed) from None
    return west, south, east, north
