"""Features of a vector source, cut to an area and brought to the grid's CRS.

Long edges in degrees are divided first, so a parallel stays a curve; coordinates are rounded to the
millimetre, so an edge two polygons share is the same edge in both afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Transformer

from corridors.errors import InputError, raise_all
from corridors.grid import WGS84, halves
from corridors.io import check_datum, invalid_geometries, read_vectors
from corridors.layers.resolve import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyproj import CRS

    from corridors.grid import Bounds, Grid
    from corridors.io import Source
    from corridors.layers.resolve import Layer
    from corridors.layers.spec import Kind

DIMENSION_OF_KIND: dict[str, int] = {"points": 0, "lines": 1, "polygons": 2}
LONGEST_EDGE_DEG = 0.05
ROUNDING_M = 0.001


def read_features(layer: Layer, crs: CRS, bounds: Bounds) -> gpd.GeoDataFrame:
    """Return the features of a layer inside a longitude-latitude box, in `crs`, their columns as read.

    Raises
    ------
    InputError
        I203 no CRS, I219 ballpark datum, I225 invalid polygons, I262 column missing, I267 other geometry.
    """
    if layer.file is None:
        return gpd.GeoDataFrame(geometry=[], crs=crs)
    return read_file(layer.file, layer, crs, bounds)


def read_file(file: Source, layer: Layer, crs: CRS, bounds: Bounds) -> gpd.GeoDataFrame:
    """Return the features of a file (the layer's own or its supplement), as `read_features` does."""
    frame = read_vectors(file.path, layer=file.part, bounds=bounds, assume_crs=layer.spec.assume_crs)
    check_datum(frame.crs, crs, where=layer.where, bounds=bounds)
    check_columns(frame, layer)
    frame = frame[~(frame.geometry.isna() | frame.geometry.is_empty)].reset_index(drop=True)
    check_geometry(frame, layer.spec.kind, layer.where)
    frame = cut_to(frame, bounds, DIMENSION_OF_KIND[layer.spec.kind])
    if frame.crs.is_geographic:
        frame = frame.set_geometry(shapely.segmentize(frame.geometry.values, LONGEST_EDGE_DEG), crs=frame.crs)
    frame = frame.to_crs(crs)
    rounded = shapely.transform(frame.geometry.values, lambda xy: np.round(xy / ROUNDING_M) * ROUNDING_M)
    return frame.set_geometry(rounded, crs=crs)


def check_columns(frame: gpd.GeoDataFrame, layer: Layer) -> None:
    """Stop where columns that the workflow names are not in the file; all of them at once."""
    spec, columns = layer.spec, [str(column) for column in frame.columns if column != frame.geometry.name]
    keys = ("class_column", "structure_column", "country_column", "population_column", "name_column")
    wanted: Mapping[str, str | None] = {key: getattr(spec, key) for key in keys}
    missing = [(key, column) for key, column in wanted.items() if column and column not in columns]
    if spec.name_columns and not set(spec.name_columns) & set(columns):
        missing.append(("name_columns", spec.name_columns[0]))
    raise_all(
        InputError(
            f"{key} names a column that is not there",
            code="I262",
            where=layer.where,
            given=f"{column}{nearest(column, columns)}",
            allowed=", ".join(columns),
        )
        for key, column in missing
    )


def check_geometry(frame: gpd.GeoDataFrame, kind: Kind, where: str) -> None:
    """Stop at geometries of another dimension than the kind's, and at invalid polygons, by row."""
    geometries = frame.geometry.values
    other = np.flatnonzero(shapely.get_dimensions(geometries) != DIMENSION_OF_KIND[kind])
    if other.size:
        found = ", ".join(sorted({geometries[row].geom_type for row in other}))
        what = f"{other.size} features are not {kind}"
        raise InputError(what, code="I267", where=where, given=found, allowed=kind)
    invalid = invalid_geometries(frame)
    if len(invalid):
        faults = zip(invalid.index[:10] + 1, invalid["problem"], strict=False)
        rows = ", ".join(f"{number} {fault}" for number, fault in faults)
        remedy = "Repair them in QGIS (Fix geometries) and look at the result."
        what = f"{len(invalid)} geometries are not valid (number and fault: {rows})"
        raise InputError(what, code="I225", where=where, remedy=remedy)


def cut_to(frame: gpd.GeoDataFrame, bounds: Bounds, dimension: int) -> gpd.GeoDataFrame:
    """Return the parts of features inside a longitude-latitude box, touching edges left out."""
    to_source = Transformer.from_crs(WGS84, frame.crs, always_xy=True)
    boxes = [shapely.box(*to_source.transform_bounds(*half, densify_pts=101)) for half in halves(bounds)]
    area = boxes[0] if len(boxes) == 1 else shapely.union_all(boxes)
    parts = shapely.intersection(frame.geometry.values, area)
    mixed = shapely.get_type_id(parts) == shapely.GeometryType.GEOMETRYCOLLECTION
    for row in np.flatnonzero(mixed):
        pieces = shapely.get_parts(parts[row])
        parts[row] = shapely.union_all(pieces[shapely.get_dimensions(pieces) == dimension])
    keep = ~shapely.is_empty(parts) & (shapely.get_dimensions(parts) == dimension)
    return frame.set_geometry(parts, crs=frame.crs)[keep].reset_index(drop=True)


def lonlat_bounds(grid: Grid) -> Bounds:
    """Return west, south, east, north in degrees around a grid."""
    to_degrees = Transformer.from_crs(grid.crs, WGS84, always_xy=True)
    west, south, east, north = to_degrees.transform_bounds(*grid.bounds, densify_pts=101)
    return west, south, east + 360 if east < west else east, north
