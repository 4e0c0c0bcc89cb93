"""Density of least-cost paths between all pairs of places."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from corridors.cores.habitat import mean_in_circle
from corridors.corridor.tied_paths import path_shares
from corridors.cost import cost_surfaces, label_array, part_of
from corridors.cost.sources import Sources, labelled_sources
from corridors.errors import ConfigError
from corridors.grid import same_grid

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

    from corridors.barriers import EdgeCosts


def path_density(
    res: xr.DataArray,
    sources: Sources,
    *,
    barriers: EdgeCosts | None = None,
    max_cost_distance_m: float | None = None,
    radius_km: float | None = None,
    surfaces: Mapping[int, xr.DataArray] | None = None,
) -> xr.DataArray:
    """Return how many least-cost paths lead through every cell, one path for every two sources.

    Where several paths of a pair cost the same (to 1e-11), each counts the same part, so that the map does
    not depend on the order in which neighbours are tried; the parts of a pair that cross any line between
    its ends sum to 1. The ends of a path count as its cells. The paths themselves, one for each pair, are
    those of `find_links` with `neighbours="all"` and `through_cores=True`.

    Parameters
    ----------
    res
        Resistance, > 0; NaN lets nothing through.
    sources
        Label raster (every label one place), points in the CRS of `res`, or an array of their coordinates
        with shape (n, 2). Points of one cell are one place.
    barriers
        Costs of crossing lines, from `edge_costs`; those any given `surfaces` were made with.
    max_cost_distance_m
        Pairs that cost more have no path; metres of ideal habitat.
    radius_km
        Smooth by the mean over cells whose centres lie within it; NaN left out.
    surfaces
        Cost surface of every label, as `cost_surfaces` yields them, if at hand.

    Returns
    -------
    DataArray
        Paths, 0 where none leads; NaN where resistance is.

    Raises
    ------
    ConfigError
        C103 a radius that is not positive.
    InputError
        As `accumulated_cost`.

    Notes
    -----
    Factorial least-cost paths as in UNICOR (Landguth et al. 2012), ties split by numbers of paths (Brandes
    2001).

    Examples
    --------
    >>> from affine import Affine
    >>> from corridors.grid import Grid
    >>> grid = Grid("EPSG:32652", Affine(1000, 0, 500_000, 0, -1000, 4_800_000), (2, 4))
    >>> dens = grid.like(np.array([[1, 0, 0, 0], [0, 0, 0, 2]]), name="dens")
    >>> path_density(grid.like(np.ones((2, 4)), name="resistance"), dens).values.round(2).tolist()
    [[1.0, 0.67, 0.33, 0.0], [0.0, 0.33, 0.67, 1.0]]
    """
    if radius_km is not None and not (math.isfinite(radius_km) and radius_km > 0):
        given = f"{radius_km:g}"
        raise ConfigError("out of range", code="C103", where="radius_km", given=given, allowed="> 0")
    labels, _ = labelled_sources(sources, res)
    grid = same_grid(res, labels)
    values, resistance = label_array(labels), res.values.astype(np.float64)
    cells = {label: np.argwhere(values == label) for label in np.unique(values[values > 0]).tolist()}
    density = np.zeros(grid.shape)
    found = cost_surfaces(res, labels, barriers=barriers, max_cost_distance_m=max_cost_distance_m)
    for label, surface in found if surfaces is None else sorted(surfaces.items()):
        window, cost_m = part_of(surface, grid)
        if max_cost_distance_m is not None:
            cost_m = np.where(cost_m <= max_cost_distance_m, cost_m, np.inf)
        # Every pair once, from the smaller label.
        targets = [cells[other] for other in cells if other > label]
        distance = cost_m / grid.cell_size_m
        density[window] += path_shares(
            distance, resistance[window], targets, barriers, corner=(window[0].start, window[1].start)
        )
    density[np.isnan(resistance)] = np.nan
    if radius_km is not None:
        density = mean_in_circle(density, radius_km * 1000 / grid.cell_size_m)
    return grid.like(density, name="path_density", units="paths")
