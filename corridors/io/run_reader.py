"""Reading a run folder back: its record, tables, vectors and rasters; only a whole run is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from affine import Affine

from corridors.errors import InputError
from corridors.grid import Grid
from corridors.io.provenance import RUN_JSON, hash_file
from corridors.io.rasters import crs_of, open_raster, read_band
from corridors.io.run_folder import read_record
from corridors.io.sources import layer_names
from corridors.io.tables import read_table
from corridors.io.vectors import read_vectors

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    import xarray as xr

UNFINISHED = re.compile(r"\.(partial|former)-[0-9a-f]{8}$")
RASTER = re.compile(r"(cases/[^/]+/rasters|layers|together)/([^/]+)\.tif$")
TABLE = re.compile(r"(cases/[^/]+/tables/)?([^/]+)\.csv$")
GEOPACKAGE = "corridors.gpkg"
SHOWN = 5


@dataclass(frozen=True, eq=False)
class RunFolder:
    """A run that was written: its name, its record, and its files by the place and name of what they hold.

    A place is the key of a case, or "layers" or "together" for rasters and "" for tables of the run as a
    whole. `changed` lists files that are not as the run wrote them.
    """

    name: str
    path: Path
    record: Mapping[str, Any]
    rasters: Mapping[tuple[str, str], str]
    tables: Mapping[tuple[str, str], str]
    changed: tuple[str, ...]

    @property
    def cases(self) -> tuple[str, ...]:
        """Keys of the cases."""
        return tuple(self.record["cases"])

    def table(self, place: str, name: str) -> pd.DataFrame:
        """Return a table."""
        return read_table(self.path / self.tables[place, name], folder=self.path)

    def raster(self, place: str, name: str) -> xr.DataArray:
        """Return a raster on its own grid, no data NaN."""
        with open_raster(self.path / self.rasters[place, name], folder=self.path) as dataset:
            transform = Affine(*tuple(dataset.transform)[:6])
            grid = Grid(crs_of(dataset), transform, dataset.shape)
            return grid.like(np.asarray(read_band(dataset)), name=name)

    def vectors(self) -> dict[str, gpd.GeoDataFrame]:
        """Return every layer of the GeoPackage by its name."""
        file = self.path / GEOPACKAGE
        names = [name for name in layer_names(file) if name != "layer_styles"]
        return {name: read_vectors(file, layer=name, folder=self.path) for name in names}


def read_run(folder: str | Path) -> RunFolder:
    """Return what a run folder holds, after checking that it is whole.

    Raises
    ------
    InputError
        I269 no run folder, I278 an unfinished run or one that lacks files.
    """
    path = Path(folder).resolve()
    record = record_of(path)
    outputs = {str(entry["path"]): str(entry["sha256"]) for entry in record["outputs"]}
    missing = [name for name in outputs if not (path / name).is_file()]
    if missing:
        more = "" if len(missing) <= SHOWN else f" and {len(missing) - SHOWN} more"
        what, remedy = "files of the run are missing", "Run it again, or restore them."
        given = ", ".join(missing[:SHOWN]) + more
        raise InputError(what, code="I278", where=path.name, given=given, remedy=remedy)
    changed = tuple(name for name, digest in outputs.items() if hash_file(path / name) != digest)
    rasters, tables = {}, {}
    for name in outputs:
        if found := RASTER.fullmatch(name):
            rasters[found[1].removeprefix("cases/").removesuffix("/rasters"), found[2]] = name
        elif found := TABLE.fullmatch(name):
            tables[(found[1] or "").removeprefix("cases/").removesuffix("/tables/"), found[2]] = name
    return RunFolder(path.name, path, record, rasters, tables, changed)


def record_of(path: Path) -> dict[str, Any]:
    """Return the run.json of a run folder."""
    if UNFINISHED.search(path.name):
        what, remedy = "this is an unfinished run", "Wait for it, or run it again."
        raise InputError(what, code="I278", where=path.name, remedy=remedy)
    what = "it is no run folder" if path.is_dir() else "there is no such folder"
    remedy = f"Name a folder that `corridors run` has written; it holds {RUN_JSON}."
    record = read_record(path)
    if record is None or not isinstance(record.get("cases"), dict):
        raise InputError(what, code="I269", where=path.name, remedy=remedy)
    return record
