"""What lies in a folder of layers: every raster and vector, and what can be told without its meaning."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyogrio
from pyproj import Transformer
from rasterio.windows import Window

from corridors.errors import CorridorsError, InputError
from corridors.grid import GEOD, WGS84, Bounds
from corridors.io.formats import RASTER_DRIVERS, detect_driver
from corridors.io.provenance import RUN_JSON
from corridors.io.rasters import crs_of, open_raster, raster_info, read_band
from corridors.io.sources import layer_names
from corridors.io.vectors import box_in, read_vectors, reading, vector_info

if TYPE_CHECKING:
    import pandas as pd

    from corridors.io.rasters import RasterInfo

READ = (".tif", ".tiff", ".asc", ".gpkg", ".geojson", ".json", ".shp", ".fgb")
NOT_READ = (".vrt", ".img", ".nc", ".hdf", ".kml", ".kmz", ".gpx", ".gdb", ".tab", ".dgn", ".dwg", ".gml")
DEEPEST = 3
MOST_FILES = 500
SAMPLE_CELLS = 1500
MOST_VALUES = 60
DIMENSIONS = {
    "Point": 0,
    "MultiPoint": 0,
    "LineString": 1,
    "MultiLineString": 1,
    "Polygon": 2,
    "MultiPolygon": 2,
}


@dataclass(frozen=True)
class FoundRaster:
    """A raster file within the area: ground size of a cell, share covered, a sample of the first band.

    `classes` holds share by value where they are whole numbers and few, `low` and `high` the ends of values,
    `named` the meaning of classes, as far as the file says it.
    """

    source: str
    bands: tuple[str, ...]
    units: tuple[str, ...]
    cell_m: float
    cover_percent: float
    crs: str
    low: float
    high: float
    classes: Mapping[int, float]
    named: Mapping[int, str]


@dataclass(frozen=True)
class FoundVector:
    """A layer of a vector file: its features within the area and what their columns hold.

    `dimension` is 0 for points, 1 for lines, 2 for polygons, -1 for anything else. `values` holds the texts
    of a column, the commonest first; `numbers` the ends of one of numbers.
    """

    source: str
    dimension: int
    features: int
    values: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Scan:
    """What a folder holds, in the order of names, and what of it cannot be read and why."""

    rasters: tuple[FoundRaster, ...]
    vectors: tuple[FoundVector, ...]
    unreadable: tuple[tuple[str, str], ...]


def scan_folder(folder: str | Path, bounds: Bounds) -> Scan:
    """Return what a folder and the folders in it hold, and what that is like within an area.

    Parameters
    ----------
    folder : str or Path
    bounds : tuple of float
        West, south, east, north in degrees.

    Raises
    ------
    InputError
        C162 the folder is missing or holds no layer.
    """
    base = Path(folder)
    if not base.is_dir():
        what = "it is not a folder" if base.exists() else "there is no such folder"
        remedy = "Check the name, or leave --data out and put the layers there later."
        raise InputError(what, code="C162", where="--data", given=str(folder), remedy=remedy)
    rasters: list[FoundRaster] = []
    vectors: list[FoundVector] = []
    unreadable: list[tuple[str, str]] = []
    for path in candidates(base):
        name = path.relative_to(base).as_posix()
        try:
            if path.suffix.lower() in NOT_READ:
                unreadable.append((name, "this format is not read; convert it (ogr2ogr, gdal_translate)"))
            elif detect_driver(path) in RASTER_DRIVERS:
                rasters.append(found_raster(path, name, bounds))
            else:
                vectors += found_vectors(path, name, bounds, unreadable)
        except CorridorsError as error:
            unreadable.append((name, in_short(error)))
    if not (rasters or vectors or unreadable):
        what, allowed = (
            "the folder holds no layer",
            "GeoTIFF, ASCII grid, GeoPackage, GeoJSON, shapefile, FlatGeobuf",
        )
        remedy = "Put layers into it, or leave --data out."
        raise InputError(what, code="C162", where="--data", given=str(folder), allowed=allowed, remedy=remedy)
    return Scan(tuple(rasters), tuple(vectors), tuple(unreadable))


def candidates(base: Path) -> list[Path]:
    """Return the files that may be layers, at most three folders deep; hidden ones and runs are left out."""
    found: list[Path] = []
    for place, folders, files in os.walk(base):
        if RUN_JSON in files:  # what a run has written is no source
            folders.clear()
            continue
        depth = len(Path(place).relative_to(base).parts)
        folders[:] = sorted(name for name in folders if not name.startswith(".")) if depth < DEEPEST else []
        wanted = (*READ, *NOT_READ)
        found += [Path(place) / name for name in files if name.lower().endswith(wanted) and name[0] != "."]
    return sorted(found, key=lambda path: (len(path.parts), path.as_posix()))[:MOST_FILES]


def in_short(error: CorridorsError) -> str:
    """Return what is wrong with a file, without its name."""
    return f"{error.what} [{error.code}]" + (f"; {error.remedy}" if error.remedy else "")


def found_raster(path: Path, name: str, bounds: Bounds) -> FoundRaster:
    """Return what a raster is like within an area."""
    info = raster_info(path)
    with open_raster(path) as dataset:
        values, share = sample(dataset, bounds)
        named = class_names(dataset, info)
    known = values[np.isfinite(values)]
    found, counts = np.unique(known, return_counts=True)
    few = 0 < found.size <= MOST_VALUES and bool(np.all(found == np.round(found)))
    classes = (
        {int(value): float(n / known.size) for value, n in zip(found, counts, strict=True)} if few else {}
    )
    low, high = (float(known.min()), float(known.max())) if known.size else (np.nan, np.nan)
    return FoundRaster(
        name,
        info.bands,
        info.units,
        cell_on_ground_m(info),
        100 * share,
        info.crs.name,
        low,
        high,
        classes,
        named,
    )


def sample(dataset: Any, bounds: Bounds) -> tuple[np.ndarray, float]:
    """Return cells of the first band within an area, strided where they are many, and the share it covers."""
    box = box_in(bounds, crs_of(dataset))
    nothing = np.empty(0)
    if box is None:
        return nothing, 0.0
    corners = [~dataset.transform @ corner for corner in ((box[0], box[3]), (box[2], box[1]))]
    (left, top), (right, bottom) = corners
    columns = (max(left, 0.0), min(right, float(dataset.width)))
    rows = (max(top, 0.0), min(bottom, float(dataset.height)))
    if columns[1] - columns[0] < 1 or rows[1] - rows[0] < 1:
        return nothing, 0.0
    share = (columns[1] - columns[0]) * (rows[1] - rows[0]) / ((right - left) * (bottom - top))
    return cells_of(dataset, rows, columns).ravel(), min(float(share), 1.0)


def cells_of(dataset: Any, rows: tuple[float, float], columns: tuple[float, float]) -> np.ndarray:
    """Return the cells of a window in strips, every n-th of them where they are many."""
    first, last = int(rows[0]), int(np.ceil(rows[1]))
    left, right = int(columns[0]), int(np.ceil(columns[1]))
    step = max(1, (last - first) // SAMPLE_CELLS, (right - left) // SAMPLE_CELLS)
    strips = [
        read_band(dataset, 1, window=Window(left, row, right - left, min(step, last - row)))[0, ::step]
        for row in range(first, last, step)
    ]
    return np.stack(strips)


def class_names(dataset: Any, info: RasterInfo) -> dict[int, str]:
    """Return the meaning of classes by number, from tags such as CLASS_4."""
    tags = {**info.tags, **dataset.tags(1)}
    named = {}
    for key, text in tags.items():
        head, _, number = key.upper().rpartition("_")
        if head in {"CLASS", "CLASS_NAME", "CATEGORY", "LABEL"} and number.isdecimal():
            named[int(number)] = str(text).strip()
    return dict(sorted(named.items()))


def cell_on_ground_m(info: RasterInfo) -> float:
    """Return the larger side of a cell on the ground, at the middle of the raster."""
    left, bottom, right, top = info.bounds
    x, y, half_x, half_y = (
        (left + right) / 2,
        (bottom + top) / 2,
        info.cell_size[0] / 2,
        info.cell_size[1] / 2,
    )
    to_degrees = Transformer.from_crs(info.crs, WGS84, always_xy=True)
    lon, lat = to_degrees.transform([x - half_x, x + half_x, x, x], [y, y, y - half_y, y + half_y])
    wide = GEOD.inv(lon[0], lat[0], lon[1], lat[1])[2]
    high = GEOD.inv(lon[2], lat[2], lon[3], lat[3])[2]
    return float(max(wide, high))


def found_vectors(
    path: Path, name: str, bounds: Bounds, unreadable: list[tuple[str, str]]
) -> Iterator[FoundVector]:
    """Yield the layers of a vector file; those that cannot be read are listed with the reason."""
    layers = layer_names(path)
    for layer in layers:
        source = name if len(layers) == 1 and not name.lower().endswith(".gpkg") else f"{name}|{layer}"
        try:
            if layer != "layer_styles" and has_geometry(path, layer):
                yield found_vector(path, layer, source, bounds)
        except CorridorsError as error:
            unreadable.append((source, in_short(error)))


def has_geometry(path: Path, layer: str) -> bool:
    """Return whether a layer is more than a table."""
    with reading(path):
        return pyogrio.read_info(path, layer=layer)["geometry_type"] is not None


def found_vector(path: Path, layer: str, source: str, bounds: Bounds) -> FoundVector:
    """Return what a layer of a vector file holds within an area."""
    info = vector_info(path, layer)
    features = read_vectors(path, layer=layer, bounds=bounds)
    kinds = {DIMENSIONS.get(kind, -1) for kind in features.geom_type.dropna().unique()}
    known = DIMENSIONS.get(info.geometry.partition(" ")[0], -1)
    dimension = kinds.pop() if len(kinds) == 1 else (known if not kinds else -1)
    values: dict[str, tuple[str, ...]] = {}
    numbers: dict[str, tuple[float, float]] = {}
    for column in (str(c) for c in features.columns if c != features.geometry.name):
        describe_column(features[column], column, values, numbers)
    return FoundVector(source, dimension, len(features), values, numbers)


def describe_column(
    column: pd.Series[Any],
    name: str,
    values: dict[str, tuple[str, ...]],
    numbers: dict[str, tuple[float, float]],
) -> None:
    """Add what a column holds to the texts or to the numbers."""
    if column.dtype.kind in "iuf":
        known = column.dropna().to_numpy(float)
        numbers[name] = (float(known.min()), float(known.max())) if known.size else (np.nan, np.nan)
    elif column.dtype.kind != "M":
        counted = column.dropna().astype(str).value_counts()
        values[name] = tuple(str(text) for text in counted.index)
