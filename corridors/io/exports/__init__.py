"""Handing over a run to people without QGIS: shapefiles, KMZ, GPX, CSV or an Excel workbook.

One folder, whole or not at all, with what every column means (`columns.csv`) and what to know before
believing a map (`notes.csv`). What a format cannot hold is said, converted or refused, never silently cut.
Rasters stay what they are: GeoTIFF is read everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from corridors.errors import ConfigError, OutputError
from corridors.io.exports.contents import Contents, entry_of, known, read_contents
from corridors.io.exports.gpx import USUAL, gpx_text
from corridors.io.exports.kml import kml_text
from corridors.io.exports.plain_tables import with_coordinates
from corridors.io.exports.shapefiles import write_shapefile
from corridors.io.exports.values import columns_table
from corridors.io.provenance import write_run_json
from corridors.io.run_folder import claim_run_folder
from corridors.io.tables import write_table
from corridors.io.workbooks import LONGEST_TEXT, write_workbook
from corridors.io.writer import write_text, write_zip

__all__ = ["FORMATS", "Exported", "Format", "export_run"]

Format = Literal["shp", "kmz", "gpx", "csv", "xlsx"]
FORMATS: tuple[Format, ...] = ("shp", "kmz", "gpx", "csv", "xlsx")
EXPORT_JSON = "export.json"
IN_DEGREES = ("kmz", "gpx")
DEGREES_UNLESS_ASKED = ("csv", "xlsx")
WITH_TABLES = ("csv", "xlsx")
WGS84 = "EPSG:4326"


@dataclass(frozen=True)
class Exported:
    """What was handed over: files relative to the folder, features by layer, and what there is to say."""

    files: tuple[str, ...]
    features: dict[str, int]
    notes: tuple[str, ...]


def export_run(
    run: str | Path,
    out: str | Path,
    *,
    form: Format,
    crs: Any = None,
    layers: Sequence[str] = (),
    cases: Sequence[str] = (),
) -> Exported:
    """Write layers and tables of a run folder in another format.

    Parameters
    ----------
    run : str or Path
        The run folder.
    out : str or Path
        Folder to make; a former export there is replaced when this one is whole, anything else is refused.
    form : str
        shp, kmz, gpx, csv or xlsx.
    crs : anything pyproj reads, optional
        Coordinate system; where absent the run's for shapefiles, else EPSG:4326, as always for kmz and gpx.
    layers, cases : sequence of str
        Those wanted; all where empty.

    Returns
    -------
    Exported

    Raises
    ------
    ConfigError
        C171 another coordinate system than the format has.
    OutputError
        O402 the folder holds something else, O421 a kind of geometry the format cannot hold, O422 text too
        long, O423 no coordinates in this system, O424 positions without their error.
    InputError, SecurityError
        As `read_contents`.
    """
    if form in IN_DEGREES and crs is not None and known(crs) != known(WGS84):
        what, remedy = f"{form} is always in EPSG:4326", "Leave --crs out, or take shp or csv."
        raise ConfigError(what, code="C171", where="--crs", given=str(crs), remedy=remedy)
    degrees = form in IN_DEGREES or (crs is None and form in DEGREES_UNLESS_ASKED)
    usual = USUAL if form == "gpx" else None
    contents = read_contents(
        run,
        crs=WGS84 if degrees else crs,
        layers=layers,
        cases=cases,
        tables=form in WITH_TABLES,
        usual=usual,
    )
    refuse_polygons(contents, form, asked=layers)
    if not (contents.layers or contents.tables):
        what, remedy = f"nothing is left to write as {form}", "Choose other layers, or another format."
        raise OutputError(what, code="O421", where="--layer", given=", ".join(layers), remedy=remedy)
    with claim_run_folder(out, record=EXPORT_JSON) as folder:
        said, as_text = WRITERS[form](contents, folder)
        held = {
            name: frame.columns.drop("geometry") for name, frame in written_layers(contents, form).items()
        }
        held |= {name: table.columns for (_, name), table in contents.tables.items()}
        write_table(columns_table(held, text_columns=as_text), folder / "columns.csv")
        notes = contents.all_notes(said)
        write_table(notes, folder / "notes.csv")
        write_run_json(record_of(contents, form), folder, name=EXPORT_JSON)
        files = tuple(
            sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
        )
    return Exported(
        files, {name: len(frame) for name, frame in contents.layers.items()}, (*contents.said, *said)
    )


def refuse_polygons(contents: Contents, form: Format, *, asked: Sequence[str]) -> None:
    """Refuse layers of polygons asked for by name in a format without polygons.

    Raises
    ------
    OutputError
        O421.
    """
    polygons = [name for name in contents.layers if entry_of(name).geometry == "Polygon"]
    if form == "gpx" and polygons:
        what, remedy = "gpx holds points and lines, no polygons", "Take kmz or shp for these layers."
        given = ", ".join(name for name in polygons if name in asked or not asked)
        raise OutputError(what, code="O421", where="--layer", given=given, remedy=remedy)


def written_layers(contents: Contents, form: Format) -> dict[str, Any]:
    """Return the layers with the columns they are written with."""
    if form not in WITH_TABLES:
        return dict(contents.layers)
    return {
        name: with_coordinates(frame, name, text=form == "csv").assign(geometry=None)
        for name, frame in contents.layers.items()
    }


def record_of(contents: Contents, form: Format) -> dict[str, Any]:
    """Return what the export says of itself; no clock, so the same run gives the same bytes."""
    code = contents.crs.to_authority()
    return {
        "workflow": contents.name,
        "title": contents.title,
        "format": form,
        "crs": ":".join(code) if code else contents.crs.to_wkt(),
        "layers": {name: len(frame) for name, frame in contents.layers.items()},
        "from": {"file": "corridors.gpkg", "sha256": contents.sha256},
    }


Written = tuple[list[str], list[tuple[str, str]]]
"""Notes, and the columns of numbers that became text."""


def as_shapefiles(contents: Contents, folder: Path) -> Written:
    """Write a shapefile for every layer."""
    as_text = [
        (name, column)
        for name, frame in contents.layers.items()
        for column in write_shapefile(frame, name, folder)
    ]
    notes = [
        f"Coordinates are in {contents.crs.name}. Column names are short; columns.csv says what they mean."
    ]
    notes += [f"{name}, {column}: text, for some values are infinite (inf)." for name, column in as_text]
    empty = [name for name, frame in contents.layers.items() if not len(frame)]
    notes += [f"Layers without a feature: {', '.join(empty)}."] if empty else []
    return notes, as_text


def as_kmz(contents: Contents, folder: Path) -> Written:
    """Write all layers as one KMZ."""
    notes = ["Coordinates are in EPSG:4326, rounded to a tenth of a metre."]
    text = kml_text(contents, contents.all_notes(notes))
    write_zip(folder / f"{contents.name}.kmz", {"doc.kml": text})
    return notes, []


def as_gpx(contents: Contents, folder: Path) -> Written:
    """Write points and lines as one GPX file."""
    notes = [
        "Coordinates are in EPSG:4326, rounded to a tenth of a metre. GPX holds points and lines: polygons "
        "are left out, and values stand in the descriptions."
    ]
    write_text(folder / f"{contents.name}.gpx", gpx_text(contents, contents.all_notes(notes)))
    return notes, []


def as_csv(contents: Contents, folder: Path) -> Written:
    """Write a table for every layer, and the tables of the cases."""
    notes = [
        f"Coordinates are in {contents.crs.name}; points have columns for them, other geometries text (wkt)."
    ]
    for name, frame in contents.layers.items():
        write_table(with_coordinates(frame, name, text=True), folder / f"{name}.csv")
    for (case, name), table in contents.tables.items():
        (folder / case).mkdir(exist_ok=True)
        write_table(table, folder / case / f"{name}.csv")
    return notes, []


def as_workbook(contents: Contents, folder: Path) -> Written:
    """Write layers and tables as one workbook, a sheet each."""
    notes = [f"Coordinates of points are in {contents.crs.name}; lines and polygons have none in a workbook."]
    sheets: dict[str, pd.DataFrame] = {"notes": contents.all_notes(notes)}
    for name, frame in contents.layers.items():
        sheets[name] = with_coordinates(frame, name, text=False)
    several = len({case for case, _ in contents.tables}) > 1
    for (case, name), table in contents.tables.items():
        sheets[f"{name} {case}" if several else f"{name} table"] = numbered(table)
    for name, sheet in sheets.items():
        refuse_long_text(sheet, name)
    held = {name: frame.columns.drop("geometry") for name, frame in written_layers(contents, "xlsx").items()}
    held |= {name: table.columns for (_, name), table in contents.tables.items()}
    write_workbook(sheets | {"columns": columns_table(held)}, folder / f"{contents.name}.xlsx")
    return notes, []


def numbered(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose columns that stand for a number hold numbers, as those of a matrix do."""
    return table.assign(**{c: pd.to_numeric(table[c]) for c in table.columns if str(c).isdecimal()})


def refuse_long_text(table: pd.DataFrame, name: str) -> None:
    """Stop at text a cell would cut.

    Raises
    ------
    OutputError
        O422.
    """
    for column in (str(name) for name in table.columns):
        longest = max((len(value) for value in table[column] if isinstance(value, str)), default=0)
        if longest > LONGEST_TEXT:
            what, given, where = (
                "a text is longer than a cell",
                f"{longest} letters",
                f"{name}, column {column}",
            )
            allowed, remedy = str(LONGEST_TEXT), "Export as csv."
            raise OutputError(what, code="O422", where=where, given=given, allowed=allowed, remedy=remedy)


WRITERS = {"shp": as_shapefiles, "kmz": as_kmz, "gpx": as_gpx, "csv": as_csv, "xlsx": as_workbook}
