"""Polygons of label rasters, and the table of core areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from rasterio import features
from scipy import ndimage

from corridors.cost.sources import SQUARE, label_dtype
from corridors.grid import Grid, geodesic_area_km2
from corridors.schema import raster

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry


def label_polygons(labels: NDArray[Any], grid: Grid) -> dict[int, BaseGeometry]:
    """Return the outline of every label > 0 along the edges of its cells, in rising order of label.

    Parts that meet in a corner only are parts of one multipolygon, which keeps every outline valid.
    """
    values = labels.astype(np.int32)
    pieces: dict[int, list[BaseGeometry]] = {}
    for shape, label in features.shapes(values, mask=values > 0, connectivity=4, transform=grid.transform):
        pieces.setdefault(int(label), []).append(shapely.geometry.shape(shape))
    return {label: shapely.union_all(pieces[label]) for label in sorted(pieces)}


def area_km2(polygon: BaseGeometry, grid: Grid) -> float:
    """Return the area on the ellipsoid, holes taken off."""
    return geodesic_area_km2(shapely.normalize(polygon), grid.crs)


def core_table(
    labels: NDArray[Any],
    suitability: NDArray[np.float64],
    grid: Grid,
    *,
    inside: NDArray[np.bool_],
    min_area_km2: float,
    names: dict[int, str] | None = None,
    outlines: dict[int, BaseGeometry] | None = None,
) -> tuple[gpd.GeoDataFrame, xr.DataArray]:
    """Return core areas and their labels, numbered by decreasing area.

    Equal areas (to a square metre) are numbered by their topmost, then leftmost cell. A core is `truncated`
    where it touches the edge of the analysis area, a `stepping_stone` where it is smaller than a core.
    """
    outlines = label_polygons(labels, grid) if outlines is None else outlines
    old = np.array(list(outlines), dtype=np.int64)
    areas = np.array([area_km2(outline, grid) for outline in outlines.values()])
    first = {int(label): index for label, index in zip(*np.unique(labels, return_index=True), strict=True)}
    order = np.lexsort(([first[label] for label in outlines], -np.round(areas, 6)))
    renumbered = np.zeros(int(labels.max(initial=0)) + 1, dtype=label_dtype(len(old)))
    renumbered[old[order]] = np.arange(1, len(old) + 1)
    numbered = renumbered[labels]
    ids = np.arange(1, len(old) + 1)
    mean = ndimage.mean(suitability, numbered, ids) if len(ids) else np.empty(0)
    rim = inside & ~ndimage.binary_erosion(inside, SQUARE)
    cores = gpd.GeoDataFrame(
        {
            "name": pd.Series(
                [(names or {}).get(int(label), "") for label in old[order]], dtype=object
            ).to_numpy(),
            "area_km2": areas[order],
            "mean_suitability": np.asarray(mean, dtype=np.float64),
            "quality_area_km2": areas[order] * np.asarray(mean, dtype=np.float64),
            "truncated": np.isin(ids, numbered[rim]),
            "stepping_stone": np.round(areas[order], 6) < min_area_km2,
        },
        geometry=[outlines[int(label)] for label in old[order]],
        index=pd.Index(ids, name="core_id"),
        crs=grid.crs,
    )
    entry = raster("cores")
    return cores, grid.like(numbered, name=entry.name, units=entry.unit)


def parts_of(parts: NDArray[Any], wholes: NDArray[Any]) -> dict[int, int]:
    """Return the label of the whole that every labelled part lies in."""
    cells = parts > 0
    pairs = np.unique(np.column_stack([parts[cells], wholes[cells]]), axis=0)
    return {int(part): int(whole) for part, whole in pairs}
