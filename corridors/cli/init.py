"""`corridors init`: a commented workflow to start from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corridors.cli.speak import Debug, Quiet, tell_table, told

if TYPE_CHECKING:
    from corridors.config.template import Draft


def init(
    species: Annotated[
        list[str],
        typer.Option("--species", help="Species, such as amur_tiger or 'Ursus arctos'; may be repeated."),
    ],
    landscape: Annotated[
        str | None, typer.Option("--landscape", help="Landscape of the preset, such as land_of_big_cats.")
    ] = None,
    area: Annotated[
        str | None,
        typer.Option("--area", metavar="W,S,E,N|FILE", help="Reporting area: degrees, or a vector file."),
    ] = None,
    data: Annotated[
        str | None, typer.Option("--data", metavar="DIR", help="Folder of the layers, which is looked into.")
    ] = None,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="Workflow file to make.")
    ] = "workflow.toml",
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Write a commented workflow for species in any area, for the layers of a folder; never over a file."""
    with told(debug=debug):
        from corridors.config.template import draft_workflow
        from corridors.io import read_area, relative_path, write_text

        file = Path(output)
        refuse_existing(file)
        draft = draft_workflow(
            species,
            landscape=landscape,
            bounds=None if area is None else read_area(area),
            folder=data,
            data=None if data is None else relative_path(data, file.parent),
            name=None if area is None else short_name(file.stem),
        )
        write_text(file, draft.text)
        if not quiet:
            tell_draft(draft, file)


def tell_draft(draft: Draft, file: Path) -> None:
    """Say what was found, what is missing, what is to be answered, and what comes next."""
    from corridors.errors import printable

    if draft.found:
        tell_table("Layers found", ("layer", "source", "guessed"), draft.found)
    for layer, lost in draft.missing:
        typer.echo(printable(f"Not found: {layer.replace('_', ' ')}. Without it: {lost}."))
    for note in draft.notes:
        typer.echo(printable(f"Note: {note}"), err=True)
    for question in draft.questions:
        typer.echo(printable(f"Question: {question}"), err=True)
    typer.echo(f"Wrote {file}. Next: corridors check {file}")


def short_name(stem: str) -> str | None:
    """Return the name of a file as the short name of its workflow; None where it holds other letters."""
    from corridors.presets.places import species_key

    return species_key(stem) or None


def refuse_existing(file: Path) -> None:
    """Say so where a file is in the way, or its folder is missing."""
    from corridors.errors import InputError

    if file.exists():
        what, remedy = "there is a file of this name, and it stays as it is", "Choose another name with -o."
        raise InputError(what, code="O402", where=file.name, remedy=remedy)
    if not file.parent.is_dir():
        what, remedy = "there is no such folder", "Make it, or choose another name with -o."
        raise InputError(what, code="O403", where=str(file.parent), remedy=remedy)
