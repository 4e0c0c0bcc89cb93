"""Core areas from suitability."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from scipy import ndimage

from corridors.cores.habitat import analysis_area, check_suitability, habitat_mean
from corridors.cores.necks import split_at_necks
from corridors.cores.outlines import area_km2, core_table, label_polygons
from corridors.cost.sources import SQUARE
from corridors.errors import ConfigError, raise_all
from corridors.grid import Grid, same_grid
from corridors.schema import TABLES

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Mask = NDArray[np.bool_]

THRESHOLD_STEP = 0.1


def core_areas(
    suit: xr.DataArray,
    *,
    threshold: float,
    window_radius_km: float,
    min_area_km2: float,
    min_neck_km: float | None = None,
    fill_holes_km2: float = 0.0,
    floor: float = 0.2,
    floor_on: xr.DataArray | None = None,
    stepping_stone_km2: float | None = None,
    inside: Mask | None = None,
) -> tuple[gpd.GeoDataFrame, xr.DataArray]:
    """Return contiguous good habitat large enough to live in.

    In this order: the mean over a home range reaches `threshold` and the cell itself passes `floor`;
    enclosed holes are filled; parts that hang together by a narrow neck only are split; what is too small
    is dropped. Cells hang together over edges and corners.

    Parameters
    ----------
    suit
        Suitability 0-1; NaN is sea or no data.
    threshold
        Least mean suitability of a home range around a cell.
    window_radius_km
        Radius of the home range.
    min_area_km2
        Smallest core, on the ellipsoid.
    min_neck_km
        Parts joined by less are two cores, if each is as large as a core; a smaller part stays with its
        neighbour. Nothing is split where absent.
    fill_holes_km2
        Largest enclosed hole that is filled. A hole with sea or no data in it stays, whatever its size.
    floor
        Least suitability of the cell itself.
    floor_on
        What the floor acts on: the suitability of cover and terrain alone, so that a road does not cut a
        core. `suit` where absent.
    stepping_stone_km2
        Smaller patches down to this size are kept as stepping stones.
    inside
        Which cells lie in the analysis area, shape (rows, columns); all where absent. Its edge truncates a
        core, sea does not.

    Returns
    -------
    cores : GeoDataFrame
        Indexed by `core_id`, largest first; without rows where nothing is left.
    labels : DataArray
        `core_id` of every cell, 0 none.

    Raises
    ------
    ConfigError
        C103 an option out of its range.
    InputError
        I201, I202 grids differ; I217 all no data; I229 suitability outside 0-1.

    Examples
    --------
    >>> from affine import Affine
    >>> grid = Grid("EPSG:32652", Affine(1000, 0, 500_000, 0, -1000, 4_800_000), (3, 5))
    >>> suit = grid.like(np.array([[0.9, 0.9, 0.1, 0.1, 0.8]] * 3), name="suitability")
    >>> sizes = {"min_area_km2": 5, "stepping_stone_km2": 2}
    >>> cores, labels = core_areas(suit, threshold=0.7, window_radius_km=0.5, **sizes)
    >>> cores["area_km2"].round().tolist(), cores["stepping_stone"].tolist()
    ([6.0, 3.0], [False, True])
    """
    smallest = min_area_km2 if stepping_stone_km2 is None else stepping_stone_km2
    _check_options(threshold, floor, min_area_km2, smallest, min_neck_km, fill_holes_km2)
    grid, passes, area = _passing(suit, floor, floor_on, inside)
    good = passes & (habitat_mean(suit, window_radius_km).values >= threshold)
    patches = _patches(good, ~np.isnan(suit.values), area, grid, (fill_holes_km2, min_neck_km, min_area_km2))
    outlines = _outlines(patches, grid, smallest)
    kept = np.where(np.isin(patches, list(outlines)), patches, 0)
    values = suit.values.astype(np.float64)
    return core_table(kept, values, grid, inside=area, min_area_km2=min_area_km2, outlines=outlines)


def threshold_check(
    suit: xr.DataArray,
    *,
    threshold: float,
    window_radius_km: float,
    min_area_km2: float,
    min_neck_km: float | None = None,
    fill_holes_km2: float = 0.0,
    floor: float = 0.2,
    floor_on: xr.DataArray | None = None,
    inside: Mask | None = None,
) -> pd.DataFrame:
    """Return what core areas would be at the threshold and 0.1 either side; stepping stones not counted.

    Parameters are those of `core_areas`. A threshold that would leave 0-1 has no row.

    Returns
    -------
    DataFrame
        Columns of the table "threshold_check".

    Raises
    ------
    ConfigError, InputError
        As `core_areas`.
    """
    _check_options(threshold, floor, min_area_km2, min_area_km2, min_neck_km, fill_holes_km2)
    grid, passes, area = _passing(suit, floor, floor_on, inside)
    mean, known = habitat_mean(suit, window_radius_km).values, ~np.isnan(suit.values)
    tried = [round(threshold + step, 10) for step in (-THRESHOLD_STEP, 0.0, THRESHOLD_STEP)]
    rows = []
    for value in (v for v in tried if 0 < v <= 1):
        sizes = (fill_holes_km2, min_neck_km, min_area_km2)
        patches = _patches(passes & (mean >= value), known, area, grid, sizes)
        areas = [area_km2(outline, grid) for outline in _outlines(patches, grid, min_area_km2).values()]
        rows.append((value, len(areas), math.fsum(areas), max(areas, default=0.0)))
    return pd.DataFrame(rows, columns=list(TABLES["threshold_check"].columns))


def filled(mask: Mask, *, most_cells: float, closed: Mask) -> Mask:
    """Return a mask with its enclosed holes of up to `most_cells` filled.

    A hole's cells hang together over edges. One that holds a cell of `closed` (sea, no data, outside the
    analysis area) or reaches the edge of the raster stays a hole.
    """
    holes, _ = ndimage.label(~mask)
    small = np.bincount(holes.ravel()) <= most_cells
    rim = np.concatenate([holes[0], holes[-1], holes[:, 0], holes[:, -1]])
    small[np.unique(np.concatenate([rim, holes[closed]]))] = False
    small[0] = False
    full: Mask = mask | small[holes]
    return full


def _passing(
    suit: xr.DataArray, floor: float, floor_on: xr.DataArray | None, inside: Mask | None
) -> tuple[Grid, Mask, Mask]:
    """Return grid, the cells that pass the floor, and the analysis area."""
    grid = Grid.of(suit) if floor_on is None else same_grid(suit, floor_on)
    check_suitability(suit)
    area = analysis_area(inside, grid)
    tested = suit if floor_on is None else floor_on
    return grid, (tested.values >= floor) & area, area


def _patches(
    good: Mask, known: Mask, area: Mask, grid: Grid, sizes: tuple[float, float | None, float]
) -> NDArray[np.int32]:
    """Return the labels of patches: holes filled, narrow necks cut. `sizes`: hole km², neck km, core km²."""
    fill_holes_km2, min_neck_km, min_area_km2 = sizes
    mask = filled(good, most_cells=fill_holes_km2 / grid.cell_area_km2, closed=~known | ~area)
    if not min_neck_km:
        patches: NDArray[np.int32] = ndimage.label(mask, SQUARE)[0].astype(np.int32)
        return patches
    width_cells = min_neck_km * 1000 / grid.cell_size_m
    least_cells = min_area_km2 / grid.cell_area_km2
    return split_at_necks(mask, width_cells=width_cells, least_cells=least_cells, unknown=~area)


def _outlines(patches: NDArray[np.int32], grid: Grid, smallest_km2: float) -> dict[int, BaseGeometry]:
    """Return the outlines of patches of at least that area on the ellipsoid."""
    # Only those half as large on the map are measured: no projection in use stretches areas twofold.
    candidate = np.bincount(patches.ravel()) * grid.cell_area_km2 >= smallest_km2 / 2
    outlines = label_polygons(np.where(candidate[patches], patches, 0), grid)
    return {
        label: outline
        for label, outline in outlines.items()
        if round(area_km2(outline, grid), 6) >= smallest_km2
    }


def _check_options(
    threshold: float,
    floor: float,
    min_area_km2: float,
    smallest_km2: float,
    min_neck_km: float | None,
    fill_holes_km2: float,
) -> None:
    """Complain about every option out of its range, at once."""
    rules = (
        ("threshold", threshold, 0 < threshold <= 1, "0 < threshold <= 1"),
        ("floor", floor, 0 <= floor <= 1, "0 <= floor <= 1"),
        ("min_area_km2", min_area_km2, min_area_km2 > 0, "> 0"),
        (
            "stepping_stone_km2",
            smallest_km2,
            0 < smallest_km2 <= min_area_km2,
            f"> 0, at most {min_area_km2:g}",
        ),
        ("min_neck_km", min_neck_km, min_neck_km is None or min_neck_km >= 0, ">= 0"),
        ("fill_holes_km2", fill_holes_km2, fill_holes_km2 >= 0, ">= 0"),
    )
    raise_all(
        ConfigError("out of range", code="C103", where=name, given=f"{value:g}", allowed=allowed)
        for name, value, fits, allowed in rules
        if not fits
    )
