"""Accumulated cost and allocation.

A step from a cell to one of its eight neighbours costs half the sum of the two resistances times the
distance between the centres, so cost distance reads as metres of ideal habitat (resistance 1). No data
(NaN) lets nothing through. Costs are solved in cell units in float64 and multiplied by the cell size once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from scipy import ndimage
from skimage.graph import MCP_Geometric

from corridors.cost.sources import (
    SQUARE,
    Sources,
    checked_resistance,
    label_array,
    label_dtype,
    listed,
    on_no_data,
    source_cells,
)
from corridors.errors import InputError
from corridors.grid import Grid, same_grid
from corridors.schema import raster

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray


def accumulated_cost(
    res: xr.DataArray, sources: Sources, *, max_cost_distance_m: float | None = None
) -> xr.DataArray:
    """Return the least accumulated cost from the nearest source to every cell.

    Parameters
    ----------
    res
        Resistance, > 0; NaN lets nothing through.
    sources
        Label raster (every cell > 0 is a source), points in the CRS of `res`, or an array of their
        coordinates with shape (n, 2). Cells of a label raster on no data are no sources.
    max_cost_distance_m
        Costs beyond it count as not reached; metres of ideal habitat.

    Returns
    -------
    xarray.DataArray
        Metres of ideal habitat; `inf` where nothing reaches or the limit is passed.

    Raises
    ------
    InputError
        I211, I212 a resistance that is not positive or not finite; I221 a point outside; I222 a source
        on no data; I223 no source at all.

    Notes
    -----
    Dijkstra (1959), with the steps of Knaapen, Scheffer and Harms (1992).

    Examples
    --------
    >>> import numpy as np
    >>> from affine import Affine
    >>> grid = Grid("EPSG:32652", Affine(500, 0, 500_000, 0, -500, 4_800_000), (1, 4))
    >>> res = grid.like(np.array([[1.0, 1.0, 3.0, 1.0]]), name="resistance")
    >>> accumulated_cost(res, grid.like(np.array([[1, 0, 0, 0]]), name="cores")).values.tolist()
    [[0.0, 500.0, 1500.0, 2500.0]]
    """
    grid, resistance = checked_resistance(res)
    found = source_cells(sources, res, resistance)
    return _surface(grid, resistance, found, max_cost_distance_m)


def cost_surfaces(
    res: xr.DataArray, labels: xr.DataArray, *, max_cost_distance_m: float | None = None
) -> Iterator[tuple[int, xr.DataArray]]:
    """Yield every label, in rising order, with the accumulated cost from all its cells.

    Parameters
    ----------
    res
        Resistance, > 0; NaN lets nothing through.
    labels
        Core areas; 0 is none.
    max_cost_distance_m
        As in `accumulated_cost`.

    Raises
    ------
    InputError
        As `accumulated_cost`; I222 names every label that lies on no data with all its cells.
    """
    same_grid(res, labels)
    grid, resistance = checked_resistance(res)
    label_values = label_array(labels)
    known = ~np.isnan(resistance)
    ids = np.unique(label_values[label_values > 0]).tolist()
    usable = set(np.unique(label_values[known]).tolist())
    lost = [label for label in ids if label not in usable]
    if lost:
        raise on_no_data(str(labels.name), f"{len(lost)} of {len(ids)} lie on no data: {listed(lost)}")
    for label in ids:
        yield int(label), _surface(grid, resistance, (label_values == label) & known, max_cost_distance_m)


def cost_allocation(surfaces: Mapping[int, xr.DataArray]) -> xr.DataArray:
    """Return for every cell the label it costs least to reach; the smaller label where two cost the same.

    Parameters
    ----------
    surfaces
        Cost surface of every label, as `cost_surfaces` yields them.

    Returns
    -------
    xarray.DataArray
        Labels; 0 where nothing reaches.

    Raises
    ------
    InputError
        I223 no surface.
    """
    if not surfaces:
        raise InputError("there is no cost surface to allocate from", code="I223")
    grid = same_grid(*surfaces.values())
    nearest = np.full(grid.shape, np.inf)
    allocation = np.zeros(grid.shape, dtype=label_dtype(max(surfaces)))
    for label in sorted(surfaces):
        values = surfaces[label].values
        closer = values < nearest
        allocation[closer] = label
        nearest[closer] = values[closer]
    return grid.like(allocation, name="allocation", units="core_id")


def _surface(
    grid: Grid, resistance: NDArray[np.float64], source: NDArray[np.bool_], max_cost_distance_m: float | None
) -> xr.DataArray:
    cost_m = _solve(resistance, source) * grid.cell_size_m
    if max_cost_distance_m is not None:
        cost_m[cost_m > max_cost_distance_m] = np.inf
    entry = raster("cost_distance")
    return grid.like(cost_m, name=entry.name, units=entry.unit)


def _solve(resistance: NDArray[np.float64], source: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return accumulated cost in cell units; the one place that knows how it is solved."""
    # Paths leave a source over its rim, so its interior need not be walked. A NaN cost would spread
    # through the solver's heap (one NaN cell once closed a whole 5 x 5 raster), an infinite one is a wall.
    interior = ndimage.binary_erosion(source, SQUARE)
    costs = np.where(interior | np.isnan(resistance), np.inf, resistance)
    reached: NDArray[np.float64] = MCP_Geometric(costs).find_costs(np.argwhere(source & ~interior))[0]
    reached[interior] = 0.0
    return reached
