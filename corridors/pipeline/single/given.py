"""Layers as a person gives them: a resistance raster, places as points, lines or polygons, barriers.

The resistance gives the grid. Places are brought to its coordinate system and burnt on it; what is left out
or shared is said, and a place of which nothing is left is a mistake.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from corridors.barriers import edge_costs
from corridors.cores.outlines import label_polygons
from corridors.cost.sources import label_dtype, listed
from corridors.errors import ConfigError, InputError, raise_all
from corridors.grid import Grid
from corridors.io import check_datum, invalid_geometries, parse_source, raster_on_disk, read_vectors
from corridors.layers.align import check_values
from corridors.layers.countries import first_filled
from corridors.layers.rasterise import burn_lines, burn_points, burn_polygons
from corridors.layers.vectors import lonlat_bounds

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from corridors.barriers import EdgeCosts

    Cells = NDArray[np.bool_]

NAME_COLUMNS = ("name", "name_eng", "orig_name")
COST_COLUMN = "crossing_cost_m"


@dataclass(frozen=True)
class Regions:
    """Places on the grid.

    `labels` holds the number of the place of every cell, 0 none; `places` has a row for each, indexed by
    `core_id`, with `name` and outline; `notes` say what was left out, as pairs of code and text.
    """

    labels: xr.DataArray
    places: gpd.GeoDataFrame
    notes: tuple[tuple[str, str], ...] = ()


def read_resistance(source: str, *, name: str = "resistance") -> xr.DataArray:
    """Return a raster file in memory, on its own grid.

    Parameters
    ----------
    source
        "file", or "file|band description".
    name
        Of the raster, used in messages.

    Raises
    ------
    InputError
        As `raster_on_disk`; I212, I213 infinite values and undeclared no data.
    """
    file = parse_source(source)
    raster = raster_on_disk(file.path, name=name, band=file.part).load()
    check_values(np.ma.masked_invalid(raster.values, copy=False), where=file.path.name)
    return raster


def read_places(source: str, grid: Grid, *, where: str) -> gpd.GeoDataFrame:
    """Return the features of a file in the CRS of the grid, with a column `name`; empty ones are left out.

    Parameters
    ----------
    source
        "file", or "file|layer".
    grid
        Gives the CRS.
    where
        What the layer is, for messages.

    Raises
    ------
    InputError
        As `read_vectors`; I219 a datum nobody can shift, I223 no feature, I225 invalid geometries.
    """
    file = parse_source(source)
    features = read_vectors(file.path, layer=file.part)
    check_datum(features.crs, grid.crs, where=where, bounds=lonlat_bounds(grid))
    features = features[~(features.geometry.isna() | features.geometry.is_empty)].reset_index(drop=True)
    if not len(features):
        raise InputError("there is no feature in it", code="I223", where=where, allowed="at least one")
    problems = invalid_geometries(features)
    if len(problems):
        what = f"{len(problems)} of {len(features)} geometries are not valid"
        rows = features.index.get_indexer(problems.index) + 1
        given = listed([f"{row} {fault}" for row, fault in zip(rows, problems["problem"], strict=True)])
        remedy = "Mend them (in QGIS: Fix geometries)."
        raise InputError(what, code="I225", where=where, given=given, remedy=remedy)
    lower = features.rename(columns={n: str(n).lower() for n in features if n != features.geometry.name})
    lower = lower.loc[:, ~lower.columns.duplicated()]
    return features.to_crs(grid.crs).assign(name=first_filled(lower, NAME_COLUMNS).to_numpy())


def regions_of(
    places: gpd.GeoDataFrame, res: xr.DataArray, *, where: str, together: bool = False, first: int = 1
) -> Regions:
    """Return places as labels on the cells of a resistance raster.

    A point marks the cell it lies in, a line every cell it touches, a polygon the cells whose centre lies in
    it (one smaller than a cell: those it touches). Cells without resistance are left out. Where two places
    share a cell, the earlier one has it.

    Parameters
    ----------
    places
        In the CRS of `res`.
    res
        Resistance.
    where
        What the layer is, for messages.
    together
        All features are one place; those off the raster are left out and noted.
    first
        Number of the first place.

    Raises
    ------
    InputError
        I221 places outside the raster, I222 on no data, I226 without a cell of their own; I223 none is left.
    """
    grid = Grid.of(res)
    usable = ~np.isnan(res.values)
    if together:
        return _one_region(places, grid, usable, where=where, number=first)
    labels = np.zeros(grid.shape, dtype=label_dtype(first + len(places)))
    lost: dict[str, list[str]] = {"I221": [], "I222": [], "I226": []}
    partly, shared = [], []
    for number, row in enumerate(places.itertuples(), start=first):
        title = f"{row.name} (feature {row.Index + 1})" if row.name else f"feature {row.Index + 1}"
        cells = burnt(np.array([row.geometry]), grid)
        own = cells & usable & (labels == 0)
        if not own.any():
            lost["I221" if not cells.any() else "I222" if not (cells & usable).any() else "I226"].append(
                title
            )
        elif (cells & ~usable).any():
            partly.append(f"{title}: {int((cells & ~usable).sum())} of {int(cells.sum())}")
        if own.any() and (cells & (labels > 0)).any():
            shared.append(title)
        labels[own] = number
    said = {code: f"{len(titles)} of {len(places)} {LOST[code]}" for code, titles in lost.items()}
    remedy = "Move them, or leave them out."
    raise_all(
        InputError(said[code], code=code, where=where, given=listed(titles), remedy=remedy)
        for code, titles in lost.items()
        if titles
    )
    noted = (("no_data", NO_DATA, partly), ("shared_cells", SHARED, shared))
    notes = tuple((code, f"{where}: {text}: {listed(titles)}.") for code, text, titles in noted if titles)
    return _regions(labels, dict(enumerate(places["name"], start=first)), grid, notes)


def _regions(
    labels: NDArray[Any], names: dict[int, str], grid: Grid, notes: tuple[tuple[str, str], ...]
) -> Regions:
    """Return labels with their table: number, name and the outline of the cells."""
    outlines = label_polygons(labels, grid)
    index = pd.Index(list(names), dtype="int64", name="core_id")
    shapes = [outlines[number] for number in names]
    places = gpd.GeoDataFrame({"name": list(names.values())}, index=index, geometry=shapes, crs=grid.crs)
    return Regions(grid.like(labels, name="cores", units="core_id"), places, notes)


LOST = {
    "I221": "lie outside the raster",
    "I222": "lie on no data",
    "I226": "have no cell of their own, others lie there",
}
NO_DATA = "cells on no data are left out"
SHARED = "places share cells with earlier ones, which keep them"


def _one_region(places: gpd.GeoDataFrame, grid: Grid, usable: Cells, *, where: str, number: int) -> Regions:
    """Return all features as one place."""
    cells = burnt(places.geometry.to_numpy(), grid) & usable
    if not cells.any():
        what, remedy = "nothing of it lies on the raster", "Check its coordinates and its CRS."
        raise InputError(what, code="I223", where=where, remedy=remedy)
    out = places.index[~_on_raster(places.geometry, grid, usable)]
    notes = []
    if len(out):
        text = f"{len(out)} of {len(places)} features lie outside the raster or on no data and are left out"
        notes.append(("left_out", f"{where}: {text}."))
    return _regions((cells * number).astype(np.uint16), {number: where}, grid, tuple(notes))


def _on_raster(geometries: gpd.GeoSeries, grid: Grid, usable: Cells) -> Cells:
    """Return which places mark a usable cell; points, of which there may be many, all at once."""
    points = (geometries.geom_type == "Point").to_numpy()
    found = np.zeros(len(geometries), dtype=bool)
    cells = [grid.cell_at(x, y) for x, y in shapely.get_coordinates(geometries[points].to_numpy())]
    found[points] = [cell is not None and bool(usable[cell]) for cell in cells]
    for row in np.flatnonzero(~points):
        found[row] = burnt(geometries.to_numpy()[row : row + 1], grid)[usable].any()
    return found


def burnt(geometries: NDArray[Any], grid: Grid) -> Cells:
    """Return which cells geometries mark: points, lines and polygons each in their way."""
    parts = shapely.get_parts(geometries)
    dimension = shapely.get_dimensions(parts)
    points, lines = parts[dimension == 0], list(parts[dimension == 1])
    xy = shapely.get_coordinates(points)
    cells = burn_points(xy[:, 0], xy[:, 1], np.ones(len(xy)), grid) > 0
    cells |= burn_lines(lines, [1] * len(lines), grid) > 0
    cells |= burn_polygons(list(parts[dimension == 2]), grid)
    return cells


def read_barriers(
    source: str | None, grid: Grid, *, crossing_cost_m: float | None = None
) -> EdgeCosts | None:
    """Return lines as costs on the steps that cross them; None where no file is given.

    Parameters
    ----------
    source
        "file", or "file|layer", of lines.
    grid
        Of the resistance.
    crossing_cost_m
        Metres of ideal habitat per crossing, `inf` = sealed. Where it is not given, the layer has a column of
        that name, as the layer `barriers` of a run; lines without a number there are left out.

    Raises
    ------
    ConfigError
        C103 a cost that is negative; a cost without lines.
    InputError
        As `read_places` and `edge_costs`; I262 neither a cost nor a column of costs.
    """
    if source is None:
        if crossing_cost_m is not None:
            what, where = "a crossing cost needs lines to cross", "crossing_cost_m"
            raise ConfigError(what, code="C103", where=where, remedy="Give the barriers, too.")
        return None
    lines = read_places(source, grid, where="barriers")
    if crossing_cost_m is not None:
        return edge_costs(lines, grid, crossing_cost_m=crossing_cost_m)
    if COST_COLUMN not in lines:
        what, remedy = f"there is no column {COST_COLUMN}", "Say what a crossing costs, or add the column."
        raise InputError(what, code="I262", where="barriers", remedy=remedy)
    costs = lines[COST_COLUMN].dropna().unique().tolist()
    return edge_costs(lines, grid, crossing_cost_m={cost: cost for cost in costs}, class_column=COST_COLUMN)
