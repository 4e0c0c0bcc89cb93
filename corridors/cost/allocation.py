"""Which source every cell is nearest to in cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridors.cost.sources import label_dtype
from corridors.cost.windows import parts_of
from corridors.errors import InputError
from corridors.grid import Grid, same_grid

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr


def cost_allocation(surfaces: Mapping[int, xr.DataArray], *, grid: Grid | None = None) -> xr.DataArray:
    """Return for every cell the label it costs least to reach; the smaller label where two cost the same.

    Parameters
    ----------
    surfaces
        Cost surface of every label, as `cost_surfaces` yields them.
    grid
        The whole grid, where surfaces are cropped.

    Returns
    -------
    xarray.DataArray
        Labels; 0 where nothing reaches.

    Raises
    ------
    InputError
        I223 no surface; I201, I202 surfaces of different grids.
    """
    if not surfaces:
        raise InputError("there is no cost surface to allocate from", code="I223")
    grid = same_grid(*surfaces.values()) if grid is None else grid
    nearest = np.full(grid.shape, np.inf)
    allocation = np.zeros(grid.shape, dtype=label_dtype(max(surfaces)))
    for label, (window, cost_m) in parts_of(surfaces, grid).items():
        closer = cost_m < nearest[window]
        allocation[window][closer] = label
        nearest[window][closer] = cost_m[closer]
    return grid.like(allocation, name="allocation", units="core_id")


def nearest_cost(surfaces: Mapping[int, xr.DataArray], grid: Grid) -> xr.DataArray:
    """Return for every cell the cost of the label it costs least to reach.

    Parameters
    ----------
    surfaces
        As in `cost_allocation`; none is nothing reached.
    grid
        The whole grid.

    Returns
    -------
    xarray.DataArray
        Metres of ideal habitat; NaN where nothing reaches.
    """
    nearest = np.full(grid.shape, np.inf)
    for window, cost_m in parts_of(surfaces, grid).values():
        np.minimum(nearest[window], cost_m, out=nearest[window])
    nearest[np.isinf(nearest)] = np.nan
    return grid.like(nearest, name="cost_distance", units="m")
