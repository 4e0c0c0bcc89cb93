"""Areas of cells against the geodesic area of their outlines, in two kinds of projection."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from corridors.grid import Grid, choose_crs, geodesic_area_km2
from corridors.layers.cell_areas import cell_areas_km2

BOUNDS = {"utm": (129.4, 42.2, 133.2, 45.0), "laea": (95.0, 48.0, 112.0, 55.0)}


@pytest.mark.parametrize(("name", "cell_m"), [("utm", 5000), ("laea", 10_000)])
def test_they_are_the_geodesic_areas(name: str, cell_m: int) -> None:
    crs = "EPSG:32652" if name == "utm" else choose_crs(BOUNDS[name])
    grid = Grid.for_area(BOUNDS[name], crs=crs, cell_size_m=cell_m)
    areas = cell_areas_km2(grid)
    assert areas.shape == grid.shape
    left, _, _, top = grid.bounds
    for row in np.linspace(0, grid.shape[0] - 1, 5).astype(int):
        for column in np.linspace(0, grid.shape[1] - 1, 5).astype(int):
            x, y = left + column * cell_m, top - row * cell_m
            cell = shapely.segmentize(shapely.box(x, y - cell_m, x + cell_m, y), cell_m / 10)
            assert areas[row, column] == pytest.approx(geodesic_area_km2(cell, grid.crs), rel=2e-5)
