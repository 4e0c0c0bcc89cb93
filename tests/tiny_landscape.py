"""A landscape of 20 x 20 km with two countries, written in a moment: for tests of checking and running.

Forest with a bare strip in the middle, from north to south; the border runs from west to east.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import rasterio
from affine import Affine
from shapely.geometry import LineString, Point, box

from corridors.grid import Grid, project_bounds

CRS = "EPSG:32652"
BOUNDS = (129.0, 44.0, 129.24, 44.17)
MIDDLE = (BOUNDS[0] + BOUNDS[2]) / 2
BORDER = 44.085

WORKFLOW = """
name = "tiny"
title = "Tiny landscape"

[data]
folder = "data"

[area]
bounds = [129.0, 44.0, 129.24, 44.17]
crs = "EPSG:32652"
cell_size_m = 1000
margin_km = 0
partners = ["AD", "LI"]

[layers.landcover]
kind = "categories"
sources = ["landcover.tif"]

[layers.elevation]
sources = ["elevation.tif"]

[layers.roads]
kind = "lines"
sources = ["vectors.gpkg|roads"]
class_column = "class"
classes = { primary = 1 }

[layers.settlements]
kind = "points"
sources = ["vectors.gpkg|towns"]
name_column = "name"
country_column = "country"
population_column = "population"

[layers.countries]
kind = "polygons"
sources = ["vectors.gpkg|countries"]
country_column = "code"
name_column = "name"

[layers.distance_to_roads]
sources = [{ distance_to = "roads" }]

[[species]]
name = "forest_cat"
season = "year-round"
movement_type = "dispersal"

[species.habitat.predictors.landcover]
role = "cover"
response = { kind = "scores", scores = { 1 = 0.1, 5 = 0.9 } }

[species.habitat.predictors.distance_to_roads]
role = "disturbance"
response = { kind = "exponential_decay", k = 0.5 }

[species.movement.barriers.roads]
crossing_cost_m = 25000

[species.cores]
threshold = 0.6
window_radius_km = 1.5
min_area_km2 = 20

[species.links]
max_link_km = 50

[species.network]
dispersal_km = [10, 20]
"""


def write_landscape(folder: Path) -> Path:
    """Write the layers into folder/data and the workflow beside; return the workflow file."""
    data = folder / "data"
    data.mkdir(parents=True)
    grid = data_grid()
    write_raster(data / "landcover.tif", landcover(grid), nodata=255)
    heights = np.linspace(100, 500, grid.shape[0] * grid.shape[1]).reshape(grid.shape)
    write_raster(data / "elevation.tif", heights.astype("float32"), nodata=-9999)
    write_vectors(data / "vectors.gpkg")
    return write_workflow(folder)


def write_workflow(folder: Path, text: str = WORKFLOW) -> Path:
    """Write a workflow file."""
    file = folder / "tiny.toml"
    file.write_text(text, "utf-8")
    return file


def data_grid() -> Grid:
    """Return the grid of the rasters, a little larger than the area."""
    west, south, east, north = BOUNDS
    return Grid.for_area((west - 0.02, south - 0.02, east + 0.02, north + 0.02), crs=CRS, cell_size_m=1000)


def landcover(grid: Grid) -> np.ndarray:
    """Return forest (5) with a strip of crop (1), six cells wide, in the middle."""
    values = np.full(grid.shape, 5, dtype="uint8")
    left, _, right, _ = project_bounds(BOUNDS, grid.crs)
    middle = int(((left + right) / 2 - grid.bounds[0]) / grid.cell_size_m)
    values[:, middle - 3 : middle + 3] = 1
    return values


def write_raster(path: Path, values: np.ndarray, *, grid: Grid | None = None, **options: Any) -> None:
    """Write a GeoTIFF as another program might."""
    grid = data_grid() if grid is None else grid
    profile = {"crs": grid.crs, "transform": Affine(*tuple(grid.transform)[:6])} | options
    rows, columns = values.shape
    with rasterio.open(
        path, "w", driver="GTiff", height=rows, width=columns, count=1, dtype=values.dtype, **profile
    ) as dataset:
        dataset.write(values, 1)


def write_vectors(path: Path, *, sides: tuple[str, ...] = ("AD", "LI"), crs: Any = 4326) -> None:
    """Write countries, a road and a town on each of the `sides`."""
    west, south, east, north = BOUNDS
    countries = gpd.GeoDataFrame(
        {"code": ["AD", "LI"], "name": ["Northland", "Southland"]},
        geometry=[box(west - 1, BORDER, east + 1, north + 1), box(west - 1, south - 1, east + 1, BORDER)],
        crs=4326,
    )
    y = {"AD": (BORDER, north + 0.02), "LI": (south - 0.02, BORDER)}
    roads = [LineString([(MIDDLE, y[side][0]), (MIDDLE, y[side][1])]) for side in sides]
    towns = [Point(MIDDLE, sum(y[side]) / 2) for side in sides]
    layers = {
        "countries": countries,
        "roads": gpd.GeoDataFrame({"class": ["primary"] * len(roads)}, geometry=roads, crs=4326),
        "towns": gpd.GeoDataFrame(
            {"name": [f"Town {s}" for s in sides], "country": list(sides), "population": [5000] * len(towns)},
            geometry=towns,
            crs=4326,
        ),
    }
    for name, frame in layers.items():
        pyogrio.write_dataframe(frame.to_crs(crs), path, layer=name, driver="GPKG")
