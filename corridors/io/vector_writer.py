"""Write layers as one GeoPackage 1.2 with their QGIS styles inside; always built new, never edited.

An edited GeoPackage keeps deleted rows in its pages and old extents in its contents, so each is made from
nothing. Version 1.2 is what older QGIS reads without a warning.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from corridors.errors import InputError, OutputError
from corridors.io.paths import reason
from corridors.io.writer import not_as_written, safe_write
from corridors.schema import CONTEXT, DIFF_VECTORS, VECTORS

if TYPE_CHECKING:
    import pandas as pd

FIXED_TIME = "2000-01-01T00:00:00.000Z"
GEOMETRY_TYPES = {"Point": "Point", "Line": "MultiLineString", "Polygon": "MultiPolygon"}
STYLE_TABLE = (
    "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT, "
    "f_table_schema TEXT, f_table_name TEXT, f_geometry_column TEXT, styleName TEXT, styleQML TEXT, "
    "styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT, ui TEXT, update_time DATETIME)"
)
STYLE_ROW = "INSERT INTO layer_styles VALUES (NULL, '', '', ?, 'geom', ?, ?, '', 1, ?, '', '', ?)"
CONTENTS_ROW = (
    "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change) "
    "VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?)"
)


def write_vectors(
    layers: Mapping[str, gpd.GeoDataFrame], path: str | Path, *, styles: Mapping[str, str] | None = None
) -> None:
    """Write layers as one GeoPackage.

    Parameters
    ----------
    layers : mapping of name to GeoDataFrame
        A named index becomes a column. Columns of the schema come first, in its order.
    path : str or Path
        Made or replaced.
    styles : mapping of name to str
        QML text of a layer's style, applied by QGIS when the layer is opened.

    Raises
    ------
    OutputError
        O401 disk full or not as written, O405 a value a column cannot hold.
    InputError
        I203 a layer without CRS.
    """
    target = Path(path)
    if "!" in str(target.resolve()):
        raise OutputError("a path with ! cannot be written", code="O404", where=target.name)
    if not layers:
        raise InputError("there is no layer to write", code="I252", where=target.name)
    ready = {name: table_of(name, features) for name, features in layers.items()}
    unknown = sorted(set(styles or {}) - set(ready))
    if unknown:
        raise InputError(
            "a style for a layer that is not there", code="I252", where=target.name, given=", ".join(unknown)
        )

    def verify(temporary: Path) -> None:
        compare(temporary, target.name, ready)

    with safe_write(target, verify=verify) as temporary:
        try:
            with fixed_time():
                for name, features in ready.items():
                    write_layer(name, features, temporary)
            write_styles(temporary, styles or {})
        except (DataSourceError, DataLayerError, pyogrio.errors.FeatureError, sqlite3.Error) as error:
            what = f"writing failed: {reason(error, temporary)}; what was there before is untouched"
            raise OutputError(what, code="O401", where=target.name) from error


def table_of(name: str, features: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return features as a table: named index first, columns in the order of the schema, 2-D geometries."""
    if features.crs is None:
        raise InputError("the layer has no coordinate system", code="I203", where=name)
    table = features.reset_index() if features.index.name else features.reset_index(drop=True)
    table = table.infer_objects()
    entry = VECTORS.get(name) or CONTEXT.get(name) or DIFF_VECTORS.get(name)
    first = ("proposal", "case", *(entry.columns if entry else ()))
    columns = [column for column in table.columns if column != table.geometry.name]
    ordered = [column for column in first if column in columns] + [
        column for column in columns if column not in first
    ]
    for column in ordered:
        refuse_objects(table[column], f"{name}, column {column}")
    attributes = table[ordered]
    return gpd.GeoDataFrame(
        attributes, geometry=shapely.force_2d(table.geometry.to_numpy()), crs=features.crs
    )


def refuse_objects(column: pd.Series[Any], where: str) -> None:
    """Refuse a column of lists or other objects, which would be written as their Python text."""
    if column.dtype == object:
        kinds = {type(value).__name__ for value in column.dropna() if not isinstance(value, str)}
        if kinds:
            what, given = "a column holds neither text nor numbers", ", ".join(sorted(kinds))
            raise OutputError(what, code="O405", where=where, given=given)


def write_layer(name: str, features: gpd.GeoDataFrame, path: Path) -> None:
    """Add one layer to a new GeoPackage."""
    entry = VECTORS.get(name) or CONTEXT.get(name) or DIFF_VECTORS.get(name)
    # An empty layer has no geometry to tell its type from.
    geometry = GEOMETRY_TYPES[entry.geometry] if entry else ("Unknown" if features.empty else None)
    append = path.exists()
    pyogrio.write_dataframe(
        features,
        path,
        layer=name,
        driver="GPKG",
        geometry_type=geometry,
        promote_to_multi=geometry.startswith("Multi") if geometry else None,
        append=append,
        dataset_options=None if append else {"VERSION": "1.2"},
    )


@contextmanager
def fixed_time() -> Iterator[None]:
    """Have GDAL write one fixed date, so that the same layers give the same bytes."""
    former = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": FIXED_TIME})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": former})


def write_styles(path: Path, styles: Mapping[str, str]) -> None:
    """Add the table QGIS looks into for the style of each layer."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA synchronous = FULL")
        database.execute(STYLE_TABLE)
        database.execute(CONTENTS_ROW, (FIXED_TIME,))
        for name, qml in styles.items():
            database.execute(STYLE_ROW, (name, name, qml, name, FIXED_TIME))


def compare(path: Path, name: str, layers: Mapping[str, gpd.GeoDataFrame]) -> None:
    """Read a finished GeoPackage and compare every feature with what was written."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
            if database.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                not_as_written(name, "its integrity check fails")
        for layer, written in layers.items():
            found = pyogrio.read_dataframe(path, layer=layer)
            difference = difference_of(written, found)
            if difference:
                not_as_written(name, f"layer {layer}: {difference}")
    except (DataSourceError, DataLayerError, sqlite3.Error) as error:
        not_as_written(name, reason(error, path))


def difference_of(written: gpd.GeoDataFrame, found: gpd.GeoDataFrame) -> str:
    """Return in words how a layer read back differs; empty where it does not."""
    if len(found) != len(written):
        return f"{len(found)} features of {len(written)}"
    if list(found.columns) != list(written.columns):
        return "other columns"
    a, b = (
        shapely.get_coordinates(written.geometry.to_numpy(), return_index=True),
        shapely.get_coordinates(found.geometry.to_numpy(), return_index=True),
    )
    if not (np.array_equal(a[0], b[0]) and np.array_equal(a[1], b[1])):
        return "other geometries"
    attributes = [column for column in written.columns if column != "geometry"]
    changed = [column for column in attributes if not same_values(written[column], found[column])]
    return f"other values in {', '.join(changed)}" if changed else ""


def same_values(written: pd.Series[Any], found: pd.Series[Any]) -> bool:
    """Return whether two columns hold the same values, missing ones included, whatever their types."""
    missing = written.isna().to_numpy()
    if not np.array_equal(missing, found.isna().to_numpy()):
        return False
    return bool(
        np.all(written[~missing].astype(object).to_numpy() == found[~missing].astype(object).to_numpy())
    )
