"""A tiny invented landscape, written as another program might: 500 m grid, rasters and vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from affine import Affine
from shapely.geometry import LineString, Point, box

import corridors.io  # noqa: F401 - closes the doors of GDAL
from corridors.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CRS = "EPSG:32652"
LEFT, TOP = 500_000, 4_800_000


def at(x_km: float, y_km: float) -> tuple[float, float]:
    """Metres of a point so many km east and south of the grid's corner."""
    return LEFT + 1000 * x_km, TOP - 1000 * y_km


@pytest.fixture
def grid() -> Grid:
    """8 rows, 10 columns of 500 m."""
    return Grid(CRS, Affine(500, 0, LEFT, 0, -500, TOP), (8, 10))


@pytest.fixture
def tiff(tmp_path: Path) -> Callable[..., str]:
    """Write a GeoTIFF whose first corner is the grid's; return its name."""

    def write(name: str, values: Any, *, cell: float = 500, **options: Any) -> str:
        values = np.asarray(values)
        bands = values if values.ndim == 3 else values[None]
        descriptions = options.pop("descriptions", None)
        scales = options.pop("scales", None)
        profile = {
            "crs": CRS,
            "transform": Affine(cell, 0, LEFT, 0, -cell, TOP),
            "dtype": values.dtype,
            "count": len(bands),
            "height": bands.shape[1],
            "width": bands.shape[2],
        } | options
        with rasterio.open(tmp_path / name, "w", driver="GTiff", **profile) as file:
            file.write(bands)
            if descriptions:
                file.descriptions = descriptions
            if scales:
                file.scales = scales
        return name

    return write


@pytest.fixture
def gpkg(tmp_path: Path) -> Callable[..., str]:
    """Write a layer of a GeoPackage, or add one; return "file|layer"."""

    def write(name: str, layer: str, frame: gpd.GeoDataFrame) -> str:
        frame.to_file(tmp_path / name, layer=layer, driver="GPKG")
        return f"{name}|{layer}"

    return write


@pytest.fixture
def roads() -> gpd.GeoDataFrame:
    """Lines: trunk west to east at 1.25 km, primary north to south at 2.25 km, a track."""
    lines = [
        LineString([at(-2, 1.25), at(7, 1.25)]),
        LineString([at(2.25, -1), at(2.25, 5)]),
        LineString([at(0.25, 3.75), at(4.75, 3.75)]),
    ]
    return gpd.GeoDataFrame({"class": ["trunk", "primary", "track"]}, geometry=lines, crs=CRS)


@pytest.fixture
def towns() -> gpd.GeoDataFrame:
    """One town of 16 000 in the west, one of unknown size in the east, one beyond the grid."""
    columns = {"city": ["Westow", "Eastow", "Farrow"], "code": ["AA", "BB", "BB"], "people": [16_000, 0, 0]}
    columns["code"] = ["CH", "AUT", "AT"]
    points = [Point(at(0.25, 0.25)), Point(at(4.75, 3.75)), Point(at(30, 0.25))]
    return gpd.GeoDataFrame(columns, geometry=points, crs=CRS)


@pytest.fixture
def countries() -> gpd.GeoDataFrame:
    """Two countries, the border 2.5 km east of the corner."""
    west, east = box(*at(-5, 9), *at(2.5, -5)), box(*at(2.5, 9), *at(10, -5))
    columns = {"iso": ["CHE", "AUT"], "called": ["Westland", "Eastland"]}
    return gpd.GeoDataFrame(columns, geometry=[west, east], crs=CRS)
