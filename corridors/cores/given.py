"""Core areas from polygons a person gives: protected areas, units the size of a home range."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from rasterio import features

from corridors.cores.habitat import analysis_area, check_suitability
from corridors.cores.identity import renumbered
from corridors.cores.outlines import core_table, parts_of
from corridors.errors import InputError, raise_all
from corridors.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Notes = list[tuple[str, str]]

LISTED = 20
LEAST_OVERLAP_M2 = 1.0


def cores_from_polygons(
    polygons: gpd.GeoDataFrame,
    suit: xr.DataArray,
    *,
    name_column: str = "name",
    id_column: str | None = None,
    further_columns: Sequence[str] = (),
    min_area_km2: float = 0.0,
    inside: NDArray[np.bool_] | None = None,
) -> tuple[gpd.GeoDataFrame, xr.DataArray]:
    """Return core areas that people drew, on the cells of the analysis.

    A cell belongs to the polygon its centre lies in; a polygon without a cell centre gets every cell it
    touches. Where polygons overlap, the first in the order of numbers, then of names, has the cell. Cells on
    sea or no data are left out. What was done is listed in `cores.attrs["notes"]`, as pairs of code and text.

    Parameters
    ----------
    polygons
        Polygons in the CRS of `suit`.
    suit
        Suitability 0-1; NaN is sea or no data.
    name_column
        Column with names; where it is missing, cores have none.
    id_column
        Column with numbers that become `core_id`, each once; polygons without one are numbered on. Where
        absent, cores are numbered from 1.
    further_columns
        Columns the core areas keep.
    min_area_km2
        Polygons whose cells cover less are marked as stepping stones; none are dropped.
    inside
        Which cells lie in the analysis area; all where absent.

    Returns
    -------
    cores : GeoDataFrame
        Indexed by `core_id`; where the polygons bear no numbers, largest first.
    labels : DataArray
        `core_id` of every cell, 0 none.

    Raises
    ------
    InputError
        I202 another CRS; I216 a number twice; I225 an invalid or empty polygon; I228 something
        else than polygons.

    Examples
    --------
    >>> from affine import Affine
    >>> from shapely import box
    >>> grid = Grid("EPSG:32652", Affine(1000, 0, 500_000, 0, -1000, 4_800_000), (3, 5))
    >>> suit = grid.like(np.full((3, 5), 0.5), name="suitability")
    >>> reserve = box(500_000, 4_798_000, 502_000, 4_800_000)
    >>> reserves = gpd.GeoDataFrame({"name": ["Reserve"]}, geometry=[reserve], crs=grid.crs)
    >>> cores, _ = cores_from_polygons(reserves, suit)
    >>> cores["name"].tolist(), cores["quality_area_km2"].round(2).tolist()
    (['Reserve'], [2.0])
    """
    grid = Grid.of(suit)
    check_suitability(suit)
    _check_polygons(polygons, grid)
    area = analysis_area(inside, grid)
    given = polygons.assign(
        name=polygons[name_column].fillna("").astype(str) if name_column in polygons else ""
    )
    given = given.sort_values(["name"] if id_column is None else [id_column, "name"], kind="stable")
    labels, notes = _burnt(given, ~np.isnan(suit.values) & area, grid)
    names = {number: name for number, name in enumerate(given["name"], start=1) if (labels == number).any()}
    values = suit.values.astype(np.float64)
    cores, numbered = core_table(labels, values, grid, inside=area, min_area_km2=min_area_km2, names=names)
    row_of = {core: row - 1 for core, row in parts_of(numbered.values, labels).items()}
    rows = [row_of[core] for core in cores.index]
    for column in further_columns:
        cores[column] = given[column].to_numpy()[rows]
    if id_column is not None:
        numbers = _numbers(given[id_column], rows)
        cores, numbered = renumbered(cores, numbered, dict(zip(cores.index, numbers, strict=True)))
    cores.attrs["notes"] = notes
    return cores, numbered


def _numbers(given: pd.Series[int], rows: Sequence[int]) -> list[int]:
    """Return the number of every core from the row of its polygon; those without one are numbered on."""
    last = int(given.max()) if given.notna().any() else 0
    numbers = []
    for row in rows:
        own = given.iloc[row]
        last += int(pd.isna(own))
        numbers.append(last if pd.isna(own) else int(own))
    return numbers


def _burnt(
    polygons: gpd.GeoDataFrame, usable: NDArray[np.bool_], grid: Grid
) -> tuple[NDArray[np.int32], Notes]:
    """Return every cell's polygon, counted from 1, and what had to be done to get there."""
    labels = np.zeros(grid.shape, dtype=np.int32)
    shapes = polygons.geometry.to_numpy()
    found: dict[str, list[str]] = {code: [] for code in TEXTS}
    for number, (row, polygon) in enumerate(
        zip(polygons.itertuples(), polygons.geometry, strict=True), start=1
    ):
        title = row.name or f"polygon {row.Index}"
        cells = _cells(polygon, grid, all_touched=False)
        if not cells.any():
            cells = _cells(polygon, grid, all_touched=True)
            found["K111" if cells.any() else "K112"].append(title)
        taken = cells & (labels > 0)
        if taken.any() and overlap_m2(polygon, shapes, labels[taken]) > LEAST_OVERLAP_M2:
            found["K113"].append(f"{title} ({int(taken.sum())} cells)")
        if (cells & ~usable).any():
            found["K114"].append(f"{title} ({int((cells & ~usable).sum())} of {int(cells.sum())} cells)")
        own = cells & usable & ~taken
        labels[own] = number
        if cells.any() and not own.any():
            found["K115"].append(title)
    return labels, [(code, f"{TEXTS[code]}: {_listed(titles)}.") for code, titles in found.items() if titles]


TEXTS = {
    "K111": "Smaller than a cell, so every cell touched is counted",
    "K112": "Outside the analysis area and left out",
    "K113": "Overlaps a polygon earlier in the order of numbers and names, which keeps these cells",
    "K114": "Partly or wholly on sea, on no data or outside the analysis area; those cells are left out",
    "K115": "No cell is left, so it is no core area",
}


def overlap_m2(polygon: BaseGeometry, shapes: NDArray[Any], labels: NDArray[np.int32]) -> float:
    """Return how much of a polygon lies in those that hold the labels: none where they only touch."""
    return sum(float(polygon.intersection(shapes[number - 1]).area) for number in np.unique(labels))


def _cells(polygon: BaseGeometry, grid: Grid, *, all_touched: bool) -> NDArray[np.bool_]:
    burnt: NDArray[np.bool_] = features.geometry_mask(
        [polygon], out_shape=grid.shape, transform=grid.transform, all_touched=all_touched, invert=True
    )
    return burnt


def _check_polygons(polygons: gpd.GeoDataFrame, grid: Grid) -> None:
    """Complain about everything in the way of burning, at once."""
    problems = []
    if polygons.crs != grid.crs:
        given = "none" if polygons.crs is None else polygons.crs.name
        what = "polygons are not in the CRS of the raster"
        problems.append(InputError(what, code="I202", where="cores", given=given, allowed=grid.crs.name))
    flat = polygons.geom_type.isin(["Polygon", "MultiPolygon"])
    sound = polygons.is_valid & ~polygons.is_empty & polygons.geometry.notna()
    for bad, code, what in ((~flat, "I228", "not polygons"), (flat & ~sound, "I225", "invalid or empty")):
        if bad.any():
            given, remedy = _listed(list(polygons.index[bad])), "Mend them (in QGIS: Fix geometries)."
            text = f"{int(bad.sum())} of {len(polygons)} are {what}"
            problems.append(InputError(text, code=code, where="cores", given=given, remedy=remedy))
    raise_all(problems)


def _listed(items: Sequence[Any]) -> str:
    return ", ".join(map(str, items[:LISTED])) + (" ..." if len(items) > LISTED else "")
