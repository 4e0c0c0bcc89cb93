"""A landscape of four forests, run once, whose core areas people edit: files as an analyst keeps them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import tiny_landscape as tiny

from corridors.config import load_workflow
from corridors.pipeline import run

CASE = "forest_cat"
# Rows and columns of the forests, the largest first: north-west, north-east, south-west, south-east.
FORESTS = (np.s_[2:11, 2:10], np.s_[2:10, 15:23], np.s_[14:20, 2:9], np.s_[14:19, 16:22])
TEXT = tiny.WORKFLOW.replace("min_area_km2 = 20", "min_area_km2 = 15").replace(
    '[species.habitat.predictors.distance_to_roads]\nrole = "disturbance"\n'
    'response = { kind = "exponential_decay", k = 0.5 }\n',
    "",
)


def write_land(folder: Path) -> Path:
    """Write the landscape; return its workflow."""
    tiny.write_landscape(folder)
    values = np.ones(tiny.data_grid().shape, dtype="uint8")
    for forest in FORESTS:
        values[forest] = 5
    (folder / "data" / "landcover.tif").unlink()
    tiny.write_raster(folder / "data" / "landcover.tif", values, nodata=255)
    return tiny.write_workflow(folder, TEXT)


def run_in(folder: Path, workflow: Path, name: str, **options: Any) -> Any:
    """Run a workflow into folder/name; return the result of the one case."""
    return run(load_workflow(str(workflow)), out=str(folder / name), **options).cases[CASE]


def edited_workflow(
    folder: Path, *, source: str = "edited.gpkg|cores", links: str = "", end: str = "", name: str = "edited"
) -> Path:
    """Write a workflow that takes core areas from a file, edits links, and overrides resistance."""
    text = TEXT.replace("[species.cores]", f'[species.cores]\nfrom = "{source}"') if source else TEXT
    text = text.replace("max_link_km = 50", f"max_link_km = 50\n{links}") + end
    file = folder / f"{name}.toml"
    file.write_text(text, "utf-8")
    return file


def cores_of(folder: Path, name: str = "first") -> gpd.GeoDataFrame:
    """Return the layer of core areas of a run."""
    return pyogrio.read_dataframe(folder / name / "corridors.gpkg", layer="cores")


def save(folder: Path, frame: gpd.GeoDataFrame, *, file: str = "edited.gpkg", layer: str = "cores") -> None:
    """Write a layer as QGIS would."""
    pyogrio.write_dataframe(frame, folder / file, layer=layer, driver="GPKG")
