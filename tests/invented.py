"""An invented landscape in memory: rasters made with `Grid.like` and nothing else, for the pipeline.

A plain of 1 km cells, resistance high, with blocks of forest in it. The workflow looks at the land cover
alone unless told otherwise.
"""

from __future__ import annotations

import copy
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import xarray as xr
from shapely import box

from corridors.config import Workflow, parse_workflow
from corridors.grid import Bounds, Grid

BOUNDS: Bounds = (129.0, 44.0, 129.5, 44.27)
WHOLE: Bounds = (128.9, 43.9, 129.7, 44.4)  # every cell of a grid over BOUNDS lies in it
CRS = "EPSG:32652"
FOREST, CROP, SEA = 5, 1, 11
# Rows and columns of three blocks in a row, and of one in a corner.
WEST, MIDDLE, EAST = np.s_[10:20, 2:10], np.s_[10:20, 16:24], np.s_[10:20, 31:39]

SPECIES: dict[str, Any] = {
    "name": "forest_cat",
    "season": "year-round",
    "movement_type": "dispersal",
    "habitat": {
        "predictors": {
            "landcover": {
                "role": "cover",
                "response": {"kind": "scores", "scores": {str(FOREST): 0.9, str(CROP): 0.2}},
            }
        }
    },
    "cores": {"threshold": 0.7, "window_radius_km": 1.0, "min_area_km2": 20.0},
    "links": {"max_link_km": 100.0},
    "corridors": {"rule": "slack_m", "value": 5000.0},
    "network": {"dispersal_km": [10.0, 20.0]},
}
MAPPING: dict[str, Any] = {
    "name": "invented",
    "title": "Invented land",
    "data": {"folder": "nowhere"},
    "area": {"bounds": list(WHOLE), "crs": CRS, "cell_size_m": 1000.0, "partners": ["AD", "LI"]},
    "layers": {
        "landcover": {"kind": "categories", "sources": ["landcover.tif"], "impassable": [SEA]},
        "countries": {"kind": "polygons", "sources": ["c.gpkg"], "country_column": "country"},
        "protected_areas": {"kind": "polygons", "sources": ["p.gpkg"], "name_column": "name"},
    },
    "species": [SPECIES],
}
NEAR_ROADS = {"role": "disturbance", "response": {"kind": "exponential_decay", "k": 1.0}}


def grid_of(bounds: Bounds = BOUNDS) -> Grid:
    return Grid.for_area(bounds, crs=CRS, cell_size_m=1000)


def workflow_of(*, area: Bounds = WHOLE, layers: dict[str, Any] | None = None, **species: Any) -> Workflow:
    """Return the workflow with further layers, and sections of the species laid over its own."""
    mapping = copy.deepcopy(MAPPING)
    mapping["area"]["bounds"] = list(area)
    mapping["layers"] |= layers or {}
    entry = mapping["species"][0]
    for name, section in species.items():
        entry[name] = entry.get(name, {}) | section if isinstance(section, dict) else section
    return parse_workflow(mapping)


def landcover(*blocks: Any, grid: Grid | None = None) -> np.ndarray:
    """Return crop with blocks of forest."""
    values = np.full((grid or grid_of()).shape, float(CROP))
    for block in blocks:
        values[block] = FOREST
    return values


def dataset(grid: Grid | None = None, **layers: np.ndarray) -> xr.Dataset:
    """Return layers on the grid, nothing opened, nothing but `Grid.like`."""
    grid = grid or grid_of()
    return xr.Dataset({name: grid.like(values, name=name) for name, values in layers.items()})


def countries(*codes: str, grid: Grid | None = None) -> gpd.GeoDataFrame:
    """Return countries of equal width from west to east, a little larger than the grid."""
    grid = grid or grid_of()
    left, bottom, right, top = grid.bounds
    edges = np.linspace(left, right, len(codes) + 1)
    edges[0], edges[-1] = left - 50_000, right + 50_000
    outlines = [box(a, bottom - 50_000, b, top + 50_000) for a, b in pairwise(edges)]
    names = {"country": list(codes), "name": [f"Land {code}" for code in codes]}
    return gpd.GeoDataFrame(names, geometry=outlines, crs=grid.crs)


def outline_of(block: Any, grid: Grid | None = None) -> Any:
    """Return the outline of a block of cells."""
    grid = grid or grid_of()
    left, _, _, top = grid.bounds
    rows, columns = block
    size = grid.cell_size_m
    return box(
        left + columns.start * size,
        top - rows.stop * size,
        left + columns.stop * size,
        top - rows.start * size,
    )


def polygons(grid: Grid | None = None, **blocks: Any) -> gpd.GeoDataFrame:
    """Return blocks of cells as named polygons."""
    grid = grid or grid_of()
    outlines = [outline_of(block, grid) for block in blocks.values()]
    return gpd.GeoDataFrame({"name": list(blocks)}, geometry=outlines, crs=grid.crs)


def three_blocks() -> xr.Dataset:
    """Return crop with the three blocks of forest."""
    return dataset(landcover=landcover(WEST, MIDDLE, EAST))


def near_roads(role: str = "disturbance") -> dict[str, Any]:
    """Return the sections of a workflow that also looks at the distance to roads."""
    predictors = SPECIES["habitat"]["predictors"] | {"distance_to_roads": NEAR_ROADS | {"role": role}}
    return {
        "layers": {"distance_to_roads": {"sources": ["d.tif"], "optional": True}},
        "habitat": {"predictors": predictors},
    }
