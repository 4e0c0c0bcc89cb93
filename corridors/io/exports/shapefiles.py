"""Layers as shapefiles: short column names, UTF-8, and nothing cut that a .dbf cannot hold."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from corridors.errors import OutputError
from corridors.io.exports.contents import entry_of
from corridors.io.exports.values import refuse_mixed, text_of
from corridors.io.vector_writer import GEOMETRY_TYPES
from corridors.io.writer import not_as_written, write_bytes
from corridors.schema import COLUMNS

LONGEST_TEXT_BYTES = 254
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
FIXED_DATE = "2000-01-01"
DECIMALS = 1e-14
"""A .dbf keeps 15 decimals."""


def write_shapefile(frame: gpd.GeoDataFrame, layer: str, folder: Path) -> list[str]:
    """Write a layer as shapefile; return the columns of numbers that became text because some are infinite.

    Raises
    ------
    OutputError
        O421 mixed geometries, O422 text longer than 254 bytes, O401 not as written.
    """
    refuse_mixed(frame, layer)
    table, infinite = dbf_table(frame, layer)
    scratch = folder / f".{layer}-shapefile"
    scratch.mkdir()
    try:
        path = scratch / f"{layer}.shp"
        geometry = GEOMETRY_TYPES[entry_of(layer).geometry].removeprefix("Multi")
        kinds = {"Point": point_type(table), "LineString": "LineString", "Polygon": "Polygon"}
        options = {"ENCODING": "UTF-8", "DBF_DATE_LAST_UPDATE": FIXED_DATE}
        pyogrio.write_dataframe(
            table, path, driver="ESRI Shapefile", geometry_type=kinds[geometry], layer_options=options
        )
        compare(path, table, layer)
        for ending in PARTS:
            write_bytes(folder / f"{layer}{ending}", path.with_suffix(ending).read_bytes())
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return infinite


def point_type(table: gpd.GeoDataFrame) -> str:
    """Return whether a layer of points holds some of several places."""
    return "MultiPoint" if (table.geom_type == "MultiPoint").any() else "Point"


def dbf_table(frame: gpd.GeoDataFrame, layer: str) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Return a layer with short names and types of a .dbf, and which numbers became text."""
    columns: dict[str, pd.Series[Any]] = {}
    infinite = []
    for name in (str(c) for c in frame.columns if c != frame.geometry.name):
        column, values = COLUMNS[name], frame[name]
        if column.kind == "yes_no":
            cast = values.astype("boolean").astype("Int64").astype(object)
            values = pd.Series([np.nan if pd.isna(v) else float(v) for v in cast], index=frame.index)
            values = values.astype("int32") if values.notna().all() else values
        elif column.kind == "number" and np.isinf(pd.to_numeric(values, errors="coerce")).any():
            infinite.append(name)
            values = pd.Series([text_of(value) or None for value in values], index=frame.index, dtype=object)
        if column.kind == "text" or name in infinite:
            values = pd.Series(
                [None if pd.isna(v) else str(v) for v in values], index=frame.index, dtype=object
            )
            check_text(values, layer, name)
        columns[column.short_name] = values
    shapes = shapely.force_2d(frame.geometry.to_numpy())
    if point_type(frame) == "MultiPoint":
        shapes = np.array([shapely.multipoints(shapely.get_parts(s)) for s in shapes], dtype=object)
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=frame.crs), infinite


def check_text(values: pd.Series[Any], layer: str, name: str) -> None:
    """Stop at text that a .dbf would cut.

    Raises
    ------
    OutputError
        O422.
    """
    sizes = [len(str(value).encode()) for value in values.dropna()]
    too_long = sum(size > LONGEST_TEXT_BYTES for size in sizes)
    if too_long:
        what = f"{too_long} texts are longer than a shapefile can hold"
        given, allowed = f"up to {max(sizes)} bytes of UTF-8", f"{LONGEST_TEXT_BYTES}"
        remedy = "Export this layer as csv or xlsx, or the others with --layer."
        where = f"{layer}, column {name}"
        raise OutputError(what, code="O422", where=where, given=given, allowed=allowed, remedy=remedy)


def compare(path: Path, written: gpd.GeoDataFrame, layer: str) -> None:
    """Read a shapefile back and compare every place and value with what was written."""
    found = pyogrio.read_dataframe(path)
    if len(found) != len(written) or [*found.columns] != [*written.columns]:
        not_as_written(layer, f"{len(found)} features of {len(written)}, columns {', '.join(found.columns)}")
    if not np.all(shapely.equals(found.geometry.to_numpy(), written.geometry.to_numpy())) and not same_places(
        found.geometry.to_numpy(), written.geometry.to_numpy()
    ):
        not_as_written(layer, "other geometries")
    for column in (c for c in written.columns if c != "geometry"):
        if not same_column(written[column], found[column]):
            not_as_written(layer, f"other values in {column}")


def same_places(found: Any, written: Any) -> bool:
    """Return whether two arrays of geometries hold the same corners; a .shp turns rings round."""
    return all(
        bool(a is None) == bool(b is None or b.is_empty)
        and (a is None or np.array_equal(sorted_corners(a), sorted_corners(b)))
        for a, b in zip(found, written, strict=True)
    )


def sorted_corners(shape: Any) -> np.ndarray:
    """Return the different corners of a geometry in a fixed order."""
    return np.unique(shapely.get_coordinates(shape), axis=0)


def same_column(written: pd.Series[Any], found: pd.Series[Any]) -> bool:
    """Return whether two columns hold the same; empty text and none are one in a .dbf."""
    if written.dtype == object and not written.map(lambda value: isinstance(value, (int, float))).any():
        texts = [["" if pd.isna(v) else str(v).rstrip() for v in values] for values in (written, found)]
        return texts[0] == texts[1]
    a, b = (pd.to_numeric(values).to_numpy(float) for values in (written, found))
    return bool(np.allclose(a, b, rtol=1e-13, atol=DECIMALS, equal_nan=True))
