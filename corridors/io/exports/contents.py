"""What of a run folder may be handed over: layers and tables, chosen, checked, in one coordinate system."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from corridors.errors import InputError, OutputError
from corridors.io.datum import check_datum
from corridors.io.privacy import is_sensitive, publishable
from corridors.io.provenance import hash_file
from corridors.io.run_folder import read_record
from corridors.io.sources import layer_names
from corridors.io.tables import read_table
from corridors.io.vectors import read_vectors
from corridors.schema import COLUMNS, CONTEXT, TABLES, VECTORS, Vector

GEOPACKAGE = "corridors.gpkg"
CHANGED = "corridors.gpkg has been changed since the run; it is exported as it is now."


@dataclass(frozen=True)
class Contents:
    """What is handed over of a run: vectors by layer, tables by case and name, notes of run and export."""

    name: str
    title: str
    crs: CRS
    layers: Mapping[str, gpd.GeoDataFrame]
    tables: Mapping[tuple[str, str], pd.DataFrame]
    notes: pd.DataFrame
    said: tuple[str, ...]
    sha256: str

    def all_notes(self, said: Iterable[str] = ()) -> pd.DataFrame:
        """Return the notes of the run, and after them those of the export."""
        own = pd.DataFrame({"case": "", "code": "export", "note": [*self.said, *said]}, dtype=object)
        return pd.concat([self.notes, own], ignore_index=True) if len(self.notes) else own


def entry_of(name: str) -> Vector:
    """Return what the schema says of a layer."""
    return VECTORS[name] if name in VECTORS else CONTEXT[name]


def read_contents(
    run: str | Path,
    *,
    crs: Any = None,
    layers: Sequence[str] = (),
    cases: Sequence[str] = (),
    tables: bool = False,
    usual: Sequence[str] | None = None,
) -> Contents:
    """Return what a run folder holds, ready to be handed over.

    What the schema marks sensitive is left out, and so is what the schema does not know: nobody has said that
    it may leave.

    Parameters
    ----------
    run : str or Path
        The run folder.
    crs : anything pyproj reads, optional
        Coordinate system wanted; the run's own where absent.
    layers : sequence of str
        Layers and tables wanted; all (or the `usual` ones) where empty.
    cases : sequence of str
        Cases wanted; all where empty.
    tables : bool
        Whether tables are read as well.
    usual : sequence of str, optional
        Layers that are taken where none are named.

    Raises
    ------
    InputError
        I321 no run folder, I322 no such layer or case, C105 unknown CRS, I219 a ballpark transformation.
    OutputError
        O423 no coordinates in this system, O424 positions without their error.
    SecurityError
        X701 a sensitive layer asked for by name.
    """
    folder = Path(run)
    record = record_of_run(folder)
    for name in layers:
        publishable(name, where="export")
    held = [name for name in layer_names(folder / GEOPACKAGE) if name != "layer_styles"]
    of_run = sorted(path.name for path in (folder / "cases").glob("*") if path.is_dir())
    wanted_cases = chosen(cases, of_run, "case") or of_run
    table_names = sorted({path.stem for path in folder.glob("cases/*/tables/*.csv")}) if tables else []
    wanted = chosen(layers, [*dict.fromkeys([*held, *table_names])], "layer")
    sha256 = hash_file(folder / GEOPACKAGE)
    before = next((e["sha256"] for e in record["outputs"] if e["path"] == GEOPACKAGE), sha256)
    said = [CHANGED] if before != sha256 else []
    names = wanted or (held if usual is None else list(usual))
    frames = open_layers(folder, held, names, wanted_cases, said)
    own = next(iter(frames.values())).crs if frames else CRS.from_epsg(4326)
    target = CRS.from_user_input(own) if crs is None else known(crs)
    kept = open_tables(folder, wanted or table_names, wanted_cases, said) if tables else {}
    return Contents(
        plain_name(str(record.get("workflow", "run"))),
        str(record.get("title", "")),
        target,
        {name: in_crs(frame, target, name) for name, frame in frames.items()},
        kept,
        notes_of(folder, wanted_cases),
        tuple(dict.fromkeys(said)),
        sha256,
    )


def record_of_run(folder: Path) -> dict[str, Any]:
    """Return what a run says of itself.

    Raises
    ------
    InputError
        I321.
    """
    record = read_record(folder)
    if record is None or not (folder / GEOPACKAGE).is_file():
        what, remedy = "it is no run folder", "Name a folder that `corridors run` has written."
        raise InputError(what, code="I321", where=folder.name, remedy=remedy)
    return record


def open_layers(
    folder: Path, held: Sequence[str], names: Sequence[str], cases: Sequence[str], said: list[str]
) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers wanted as far as they may leave, in the order of the schema."""
    known_ones = in_schema_order(held)
    said += [
        f"Left out, for the schema does not know it: layer {name}." for name in held if name not in known_ones
    ]
    frames = {}
    for name in (name for name in known_ones if name in names):
        frame = may_leave(read_vectors(folder / GEOPACKAGE, layer=name), name, said)
        if frame is not None:
            frames[name] = of_cases(frame, cases)
    return frames


def open_tables(
    folder: Path, names: Sequence[str], cases: Sequence[str], said: list[str]
) -> dict[tuple[str, str], pd.DataFrame]:
    """Return the tables wanted as far as they may leave, by case and name."""
    kept = {}
    for case in cases:
        for name in (name for name in TABLES if name in names):
            path = folder / "cases" / case / "tables" / f"{name}.csv"
            table = may_leave_table(read_table(path), name, said) if path.is_file() else None
            if table is not None:
                kept[case, name] = table
    return kept


def notes_of(folder: Path, cases: Sequence[str]) -> pd.DataFrame:
    """Return the notes of a run that concern some cases."""
    path = folder / "notes.csv"
    notes = read_table(path) if path.is_file() else pd.DataFrame(columns=["case", "code", "note"])
    return notes[notes["case"].isna() | notes["case"].isin(cases)]


def plain_name(name: str) -> str:
    """Return a name that is one everywhere."""
    return name if name.isascii() and name.replace("_", "").isalnum() else "run"


def chosen(wanted: Sequence[str], existing: Sequence[str], what: str) -> list[str]:
    """Return the names wanted, or say which there are."""
    missing = [name for name in wanted if name not in existing]
    if missing:
        problem = f"there is no such {what} in the run"
        raise InputError(
            problem, code="I322", where=f"--{what}", given=", ".join(missing), allowed=", ".join(existing)
        )
    return list(wanted)


def known(crs: Any) -> CRS:
    """Return a coordinate system, or say that it is none."""
    try:
        return CRS.from_user_input(crs)
    except CRSError as error:
        what, remedy = "unknown coordinate system", "Use a code such as EPSG:32652."
        raise InputError(what, code="C105", where="--crs", given=str(crs), remedy=remedy) from error


def in_schema_order(names: Iterable[str]) -> list[str]:
    """Return the names of layers the schema knows, in its order."""
    held = set(names)
    return [name for name in (*VECTORS, *CONTEXT) if name in held]


def may_leave(frame: gpd.GeoDataFrame, name: str, said: list[str]) -> gpd.GeoDataFrame | None:
    """Return the columns of a layer that may leave; None where the whole layer may not."""
    if is_sensitive(name):
        said.append(f"Left out, for it is sensitive: {name}.")
        return None
    kept = known_columns(frame, name, said, keep=("geometry", "case"))
    if "position_error_km" in entry_of(name).columns and "position_error_km" not in kept:
        what, remedy = "its positions have lost their error", "Export from the run folder as it was written."
        raise OutputError(what, code="O424", where=name, remedy=remedy)
    return gpd.GeoDataFrame(kept, geometry="geometry", crs=frame.crs)


def may_leave_table(table: pd.DataFrame, name: str, said: list[str]) -> pd.DataFrame | None:
    """Return the columns of a table that may leave; None where the whole table may not."""
    if is_sensitive(name):
        said.append(f"Left out, for it is sensitive: {name}.")
        return None
    if TABLES[name].one_column_per:  # a column for every core area
        numbered = [column for column in table.columns if str(column).isdecimal()]
        return known_columns(table, name, said, keep=numbered)
    return known_columns(table, name, said)


def known_columns(
    frame: pd.DataFrame, name: str, said: list[str], *, keep: Iterable[str] = ()
) -> pd.DataFrame:
    """Return a frame without columns that are sensitive or that the schema does not know."""
    open_ones = publishable(frame, where="export", drop=True)
    kept = [column for column in open_ones.columns if column in COLUMNS or column in keep]
    dropped = [str(column) for column in frame.columns if column not in kept]
    if dropped:
        said.append(f"Left out of {name}, sensitive or not in the schema: {', '.join(dropped)}.")
    return open_ones[kept]


def of_cases(frame: gpd.GeoDataFrame, cases: Sequence[str]) -> gpd.GeoDataFrame:
    """Return the features of some cases; all of a layer that belongs to no case."""
    if "case" not in frame:
        return frame.reset_index(drop=True)
    return frame[frame["case"].isin(cases)].reset_index(drop=True)


def in_crs(frame: gpd.GeoDataFrame, crs: CRS, name: str) -> gpd.GeoDataFrame:
    """Return a layer in a coordinate system, or say that it has no place there.

    Raises
    ------
    OutputError
        O423 coordinates that come out infinite.
    """
    check_datum(frame.crs, crs, where=name)
    moved = frame.to_crs(crs)
    coordinates = shapely.get_coordinates(moved.geometry.to_numpy())
    if not np.isfinite(coordinates).all():
        what, remedy = "places of the layer have no coordinates in this system", "Choose another --crs."
        raise OutputError(what, code="O423", where=name, given=crs.name, remedy=remedy)
    widths = moved.bounds["maxx"] - moved.bounds["minx"]
    if crs.is_geographic and (widths > 180).any():
        what, remedy = "features cross the antimeridian and would span the globe", "Choose a projected --crs."
        raise OutputError(what, code="O423", where=name, given=crs.name, remedy=remedy)
    return moved
