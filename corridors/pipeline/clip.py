"""Clipping results to the reporting area: the margin is computed, not reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import xarray as xr

from corridors.errors import InputError
from corridors.grid import Bounds, Grid, inside, outline
from corridors.network import capacity_by_country
from corridors.result import CaseResult, Result
from corridors.schema import TABLES

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

CUT_TO_THE_AREA = ("corridors", "crossings")
WHOLE = ("barriers", "openings")
AT_LINKS = ("restoration_places", "barrier_openings", "pinch_points")


def reported(result: Result, bounds: Bounds) -> Result:
    """Return the results of the reporting area.

    Rasters are cut and masked; corridors and crossings are cut. Cores, links, barriers and places on links
    that touch the area are kept whole, so that an area or a cost is never that of a fragment.

    Raises
    ------
    InputError
        I217 the layers lie elsewhere.
    """
    within = inside(result.grid, bounds)
    if not within.any():
        what, remedy = "the layers have no cell in the area", "Compare their extent with area.bounds."
        raise InputError(what, code="I217", where="area", remedy=remedy)
    rows, columns = np.flatnonzero(within.any(axis=1)), np.flatnonzero(within.any(axis=0))
    window = {"y": slice(rows[0], rows[-1] + 1), "x": slice(columns[0], columns[-1] + 1)}
    mask = result.grid.like(within, name="inside").isel(window)
    polygon = shapely.Polygon(outline(bounds, result.grid.crs))
    layers = masked(result.layers.isel(window), mask)
    cases = {
        key: replace(
            case,
            rasters=masked(case.rasters.isel(window), mask),
            vectors=touching(case, polygon),
        )
        for key, case in result.cases.items()
    }
    cases = {key: replace(case, tables=kept_rows(case)) for key, case in cases.items()}
    return replace(result, grid=Grid.of(layers), layers=layers, cases=cases)


def masked(rasters: xr.Dataset, mask: xr.DataArray) -> xr.Dataset:
    """Return rasters with no data (labels: 0) outside the mask."""
    cut = {
        name: raster.where(mask, 0).astype(raster.dtype) if raster.dtype.kind in "iu" else raster.where(mask)
        for name, raster in rasters.data_vars.items()
    }
    return rasters.assign(cut)


def touching(case: CaseResult, area: BaseGeometry) -> dict[str, gpd.GeoDataFrame]:
    """Return the vectors of a case that have a part in the area."""
    vectors = {**case.vectors, **ways_touching(case.vectors, area)}
    links = vectors["links"]
    for name in WHOLE:
        vectors[name] = vectors[name][vectors[name].intersects(area)]
    for name in AT_LINKS:
        layer = vectors[name]
        vectors[name] = layer[layer["link_id"].isin(links.index) & layer.intersects(area)]
    return vectors


def ways_touching(vectors: Mapping[str, gpd.GeoDataFrame], area: BaseGeometry) -> dict[str, gpd.GeoDataFrame]:
    """Return the cores, links, corridors and crossings that have a part in the area."""
    links, cores = vectors["links"], vectors["cores"]
    links = links[links.intersects(area)]
    ends = set(links["core_a"]) | set(links["core_b"])
    kept = {"cores": cores[cores.intersects(area) | cores.index.isin(list(ends))], "links": links}
    for name in CUT_TO_THE_AREA:
        layer = vectors[name]
        of_link = layer.index if layer.index.name == "link_id" else layer["link_id"]
        kept[name] = clipped(layer[of_link.isin(links.index)], area)
    return kept


def clipped(layer: gpd.GeoDataFrame, area: BaseGeometry) -> gpd.GeoDataFrame:
    """Return the parts of features in the area, in order of their ids; what is said of the layer stays."""
    if not len(layer):
        return layer
    cut = gpd.clip(layer, area, keep_geom_type=True).sort_index()
    cut.attrs.update(layer.attrs)
    return cut


def kept_rows(case: CaseResult) -> dict[str, pd.DataFrame]:
    """Return the tables of a case without the rows of crossings, links and cores that were dropped."""
    ids = {f"{name[:-1]}_id": case.vectors[name].index for name in ("crossings", "links", "cores")}
    kept = {name: rows_of(table, ids) for name, table in case.tables.items()}
    for name in (name for name in kept if name in TABLES and TABLES[name].one_column_per):
        entry = TABLES[name]
        values = ids[str(entry.one_column_per)].astype(str)
        others = [column for column in kept[name] if column not in entry.columns and column in values]
        kept[name] = kept[name][[*entry.columns, *others]]
    if "capacity" in kept:  # it has no ids: of the core areas that are left
        found = capacity_by_country(case.vectors["cores"], kept["core_countries"])
        found.attrs.update(kept["capacity"].attrs)
        kept["capacity"] = found
    return kept


def rows_of(table: pd.DataFrame, ids: Mapping[str, pd.Index[int]]) -> pd.DataFrame:
    """Return the rows of a table whose first id, in the order of `ids`, is among those kept."""
    column = next((name for name in ids if name in table), None)
    kept = table if column is None else table[table[column].isin(ids[column])]
    return kept.reset_index(drop=True)
