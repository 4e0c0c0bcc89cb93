"""Small invented rasters and vectors."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import xarray as xr
from io_helpers import TRANSFORM
from shapely.geometry import LineString, Point, Polygon

import corridors.io  # noqa: F401 - closes the doors of GDAL
from corridors.grid import Grid


@pytest.fixture
def grid() -> Grid:
    return Grid("EPSG:32652", TRANSFORM, (6, 8))


@pytest.fixture
def suitability(grid: Grid) -> xr.DataArray:
    values = np.linspace(0, 1, 48, dtype=np.float32).reshape(6, 8)
    values[0, 0] = np.nan
    return grid.like(values, name="suitability", units="0-1")


@pytest.fixture
def cores(grid: Grid) -> gpd.GeoDataFrame:
    """Two squares with names in two scripts, one of them with an id that is the index."""
    squares = [Polygon([(x, 0), (x + 1, 0), (x + 1, 1), (x, 1)]) for x in (500_000, 500_010)]
    columns: dict[str, Any] = {
        "name": ["Кедровый", "东北虎"],
        "area_km2": [1.5, np.nan],
        "truncated": [True, False],
    }
    return gpd.GeoDataFrame({"core_id": [1, 2], **columns}, geometry=squares, crs=grid.crs).set_index(
        "core_id"
    )


@pytest.fixture
def links(grid: Grid) -> gpd.GeoDataFrame:
    line = LineString([(500_000, 0), (500_010, 0.1)])
    return gpd.GeoDataFrame({"link_id": [1], "core_a": [1], "core_b": [2]}, geometry=[line], crs=grid.crs)


@pytest.fixture
def towns() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"city": ["Alfa", "Beta"]}, geometry=[Point(131, 43), Point(140, 50)], crs=4326)
