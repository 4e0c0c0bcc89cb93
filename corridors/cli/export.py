"""`corridors export`: a run for people without QGIS."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from corridors.cli.speak import Debug, Json, Quiet, tell_json, tell_table, told


def export(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Run folder.")],
    form: Annotated[
        Literal["shp", "kmz", "gpx", "csv", "xlsx"], typer.Option("--format", "-f", help="What to write.")
    ],
    out: Annotated[str, typer.Option("--out", metavar="DIR", help="Folder to make.")],
    crs: Annotated[
        str | None, typer.Option("--crs", metavar="EPSG:N", help="Coordinate system of shp, csv and xlsx.")
    ] = None,
    layer: Annotated[
        list[str] | None, typer.Option("--layer", help="Layer or table, as links; may be repeated.")
    ] = None,
    case: Annotated[
        list[str] | None, typer.Option("--case", help="Case, as amur_tiger; may be repeated.")
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Write layers and tables of a run as shapefiles, KMZ, GPX, CSV or an Excel workbook."""
    with told(as_json=as_json, debug=debug):
        from corridors.errors import printable
        from corridors.io.exports import export_run

        done = export_run(run, out, form=form, crs=crs, layers=layer or (), cases=case or ())
        if as_json:
            tell_json({"problems": [], "files": done.files, "features": done.features, "notes": done.notes})
            return
        if not quiet:
            rows = [(name, str(number)) for name, number in done.features.items()]
            tell_table(f"Written to {out}", ("layer", "features"), rows)
            for note in done.notes:
                typer.echo(printable(f"[export] {note}"), err=True)
