"""Roads, settlements and other features as numbers on a grid: read, chosen by class, burnt."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from corridors.errors import InputError
from corridors.io import read_vectors
from corridors.layers.align import on_lattice
from corridors.layers.raster_sources import is_raster, raster_source
from corridors.layers.rasterise import burn_lines, burn_points, burn_polygons
from corridors.layers.resolve import nearest
from corridors.layers.settlements import settlements_from, settlements_from_raster
from corridors.layers.vectors import lonlat_bounds, read_features

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from corridors.grid import Bounds, Grid
    from corridors.layers.resolve import Layer

LARGEST_CLASS = 255


@dataclass(frozen=True)
class Marks:
    """Values on a grid, 0 = nothing there, and how they got there."""

    values: NDArray[Any]
    method: str
    notes: dict[str, Any] = field(default_factory=dict)


def read_marks(layer: Layer, grid: Grid) -> Marks:
    """Return lines (highest class in the cell), polygons (1) or points (their sum) on a grid."""
    return {"lines": _lines, "polygons": _polygons, "points": _points}[layer.spec.kind](layer, grid)


def _lines(layer: Layer, grid: Grid) -> Marks:
    if is_raster(layer):
        classes = checked_classes(np.nan_to_num(lattice_values(layer, grid)), layer)
        return Marks(classes, "cells as they lie, already on the grid")
    features, absent = read_lines(layer, grid)
    values = burn_lines(list(features.geometry), list(features["value"]), grid)
    method = "burnt in every cell touched, corners closed" + (
        ", highest class wins" if layer.spec.classes else "")  # fmt: skip
    return Marks(values, method, {"classes_absent": ", ".join(absent)} if absent else {})


def read_lines(
    layer: Layer, grid: Grid, *, bounds: Bounds | None = None
) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Return the lines of the classes wanted with their `value`, and the classes the file does not hold."""
    spec = layer.spec
    features = read_features(layer, grid.crs, bounds or lonlat_bounds(grid))
    if spec.class_column is None:
        return features.assign(value=1), []
    values = features[spec.class_column].map(spec.classes)
    absent = [name for name in spec.classes if name not in set(features[spec.class_column])]
    if len(absent) == len(spec.classes):
        check_some_class(layer)
    wanted = values.notna()
    return features[wanted].assign(value=values[wanted].astype(int)).reset_index(drop=True), absent


def check_some_class(layer: Layer) -> None:
    """Stop where not one class of the workflow is in the whole file (none nearby is no mistake).

    Raises
    ------
    InputError
        I263.
    """
    spec = layer.spec
    if layer.file is None or spec.class_column is None:
        return
    column = read_vectors(layer.file.path, layer=layer.file.part)[spec.class_column]
    existing = sorted(column.dropna().astype(str).unique())
    if existing and not set(existing) & set(spec.classes):
        wanted = ", ".join(f"{name}{nearest(name, existing)}" for name in spec.classes)
        what, allowed = "none of the classes is in the file", ", ".join(existing[:30])
        raise InputError(what, code="I263", where=layer.where, given=wanted, allowed=allowed)


def _polygons(layer: Layer, grid: Grid) -> Marks:
    features = read_features(layer, grid.crs, lonlat_bounds(grid))
    values = burn_polygons(list(features.geometry), grid).astype(np.uint8)
    return Marks(
        values, "burnt where a cell's centre lies inside, all cells touched by one smaller than a cell"
    )


def _points(layer: Layer, grid: Grid) -> Marks:
    points = read_points(layer, grid)
    counted = layer.spec.population_column is not None or is_raster(layer)
    amounts = points["population_used"].to_numpy(float) if counted else np.ones(len(points))
    values = burn_points(points.geometry.x.to_numpy(), points.geometry.y.to_numpy(), amounts, grid)
    method = "persons summed per cell" if counted else "points counted per cell"
    return Marks(values, method, {"unknown_share": points.attrs["unknown_share"]} if counted else {})


def read_points(layer: Layer, grid: Grid, *, bounds: Bounds | None = None) -> gpd.GeoDataFrame:
    """Return settlements (or other points) on and around the grid, from vectors or from persons per cell."""
    if is_raster(layer):
        return settlements_from_raster(lattice_values(layer, grid), grid, where=layer.where)
    features = read_features(layer, grid.crs, bounds or lonlat_bounds(grid))
    return settlements_from(features, layer.spec, where=layer.where)


def lattice_values(layer: Layer, grid: Grid) -> NDArray[np.float32]:
    """Return a raster of lines or persons where it lies on the grid's own cells, else stop.

    Raises
    ------
    InputError
        I264: resampled lines have gaps, and resampled persons another sum.
    """
    with raster_source(layer) as source:
        values = on_lattice(source, grid)
    if values is None:
        size, crs = grid.cell_size_m, grid.crs.to_authority()
        name = ":".join(crs) if crs else grid.crs.name
        what = f"a raster of {layer.spec.kind} must lie on the grid; resampled it would be wrong"
        allowed = f"cells of {size:g} m in {name}, corners on multiples of {size:g} m"
        remedy = "Name the vector layer as the first source, or burn it again on this grid."
        raise InputError(what, code="I264", where=layer.where, allowed=allowed, remedy=remedy)
    return values


def checked_classes(values: NDArray[np.float32], layer: Layer) -> NDArray[np.uint8]:
    """Return classes as whole numbers, 0 = none; classes the workflow does not name stop.

    Raises
    ------
    InputError
        I216 not whole, I263 not a class of the workflow.
    """
    found = np.unique(values)
    odd = found[(found != np.round(found)) | (found < 0) | (found > LARGEST_CLASS)]
    if odd.size:
        what, allowed = "classes must be whole numbers", f"0 (none) to {LARGEST_CLASS}"
        raise InputError(what, code="I216", where=layer.where, given=f"{odd[0]:g}", allowed=allowed)
    unknown = sorted(set(found.astype(int)) - {0} - set(layer.spec.classes.values()))
    if layer.spec.classes and unknown:
        named = ", ".join(f"{number} = {name}" for name, number in layer.spec.classes.items())
        given = ", ".join(map(str, unknown))
        raise InputError(
            "classes the workflow does not name", code="I263", where=layer.where, given=given, allowed=named
        )
    return values.astype(np.uint8)
