"""Writing what a single step found: a folder that opens in QGIS, whole or not at all."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd

from corridors.io import (
    claim_run_folder,
    hash_file,
    parse_source,
    versions,
    write_raster,
    write_run_json,
    write_table,
    write_text,
    write_vectors,
)
from corridors.io.qgis import raster_qml, vector_qml, write_project
from corridors.io.qgis.groups import raster_layer, vector_layer
from corridors.schema import SINGLE_VECTORS, raster

if TYPE_CHECKING:
    from corridors.grid import Grid
    from corridors.pipeline.single.steps import Found

GEOPACKAGE = "corridors.gpkg"
PROJECT = "project.qgz"


def write_single(
    found: Found, grid: Grid, *, out: str, inputs: Sequence[str], options: Mapping[str, Any]
) -> list[str]:
    """Write what a step found as a folder; a former one there is replaced when this one is whole.

    Parameters
    ----------
    found
        From one of the steps.
    grid
        Of the resistance.
    out
        The folder.
    inputs
        Files it was made from, as "file" or "file|layer"; recorded by name and hash.
    options
        What else was asked for; recorded.

    Returns
    -------
    list of str
        The files written, relative to the folder.

    Raises
    ------
    OutputError, RunError
        As `claim_run_folder`.
    """
    started = datetime.now(UTC)
    with claim_run_folder(out) as folder:
        tags = {"software": f"corridors {versions()['corridors']}"}
        layers = []
        if found.vectors:
            styles = {
                name: vector_qml(entry.style, geometry=entry.geometry, label=entry.label)
                for name, entry in SINGLE_VECTORS.items()
                if name in found.vectors
            }
            write_vectors(found.vectors, folder / GEOPACKAGE, styles=styles)
            layers += [vector_layer(SINGLE_VECTORS[name], f"./{GEOPACKAGE}") for name in styles]
        for name, values in found.rasters.items():
            write_raster(values, folder / f"{name}.tif", tags=tags)
            write_text(folder / f"{name}.qml", raster_qml(raster(name).style))
            layers.append(replace(raster_layer(raster(name), f"./{name}.tif"), visible=True))
        for name, table in found.tables.items():
            write_table(table, folder / f"{name}.csv")
        notes = pd.DataFrame(list(found.notes), columns=["code", "note"])
        write_table(notes, folder / "notes.csv")
        left, bottom, right, top = grid.bounds
        write_project(
            folder / PROJECT,
            title=found.title,
            crs=grid.crs,
            extent=(left, bottom, right, top),
            groups=layers,
            notes=[text for _, text in found.notes],
        )
        files = sorted({parse_source(text).path for text in inputs})
        record = {
            "title": found.title,
            "options": {name: "inf" if value == math.inf else value for name, value in options.items()},
            "versions": versions(),
            "inputs": [{"file": file.name, "sha256": hash_file(file)} for file in files],
            "written": {"started": started.isoformat(timespec="seconds")},
            "notes": notes.to_dict("records"),
        }
        write_run_json(record, folder)
        return sorted(path.name for path in folder.iterdir())
