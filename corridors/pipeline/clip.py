"""Clipping results to the reporting area: the margin is computed, not reported."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from corridors.grid import Bounds, Grid, inside
from corridors.result import CaseResult, Result

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

CUT_TO_THE_AREA = ("corridors", "crossings")


def reported(result: Result, bounds: Bounds) -> Result:
    """Return the results of the reporting area.

    Rasters are cut and masked; corridors and crossings are cut. Cores and links that touch the area are kept
    whole, so that an area or a cost is never that of a fragment.
    """
    within = inside(result.grid, bounds)
    rows, columns = np.flatnonzero(within.any(axis=1)), np.flatnonzero(within.any(axis=0))
    window = {"y": slice(rows[0], rows[-1] + 1), "x": slice(columns[0], columns[-1] + 1)}
    mask = result.grid.like(within, name="inside").isel(window)
    polygon = result.context["reporting_area"].geometry.iloc[0]
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
    vectors = dict(case.vectors)
    links = vectors["links"]
    links = links[links.intersects(area)]
    cores = vectors["cores"]
    ends = set(links["core_a"]) | set(links["core_b"])
    vectors["cores"] = cores[cores.intersects(area) | cores.index.isin(list(ends))]
    vectors["links"] = links
    for name in CUT_TO_THE_AREA:
        layer = vectors[name]
        of_link = layer.index if layer.index.name == "link_id" else layer["link_id"]
        layer = layer[of_link.isin(links.index)]
        vectors[name] = gpd.clip(layer, area, keep_geom_type=True).sort_index() if len(layer) else layer
    return vectors


def kept_rows(case: CaseResult) -> dict[str, pd.DataFrame]:
    """Return the tables of a case without the rows of cores and links that were dropped."""
    cores, links = case.vectors["cores"].index, case.vectors["links"].index
    return {name: rows_of(table, cores, links) for name, table in case.tables.items()}


def rows_of(table: pd.DataFrame, cores: pd.Index[int], links: pd.Index[int]) -> pd.DataFrame:
    """Return the rows of a table that speak of these links or, without links, of these cores."""
    if "link_id" in table:
        table = table[table["link_id"].isin(links)]
    elif "core_id" in table:
        table = table[table["core_id"].isin(cores)]
    return table.reset_index(drop=True)
