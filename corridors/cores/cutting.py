"""Core areas cut along barriers: habitat on both sides of a fence nothing passes is not one core."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from corridors.barriers.edges import DIRECTIONS, FORWARD, edge_keys
from corridors.cost.sources import label_array, label_dtype
from corridors.errors import ConfigError, InputError, raise_all
from corridors.grid import Grid, grid_difference

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridors.barriers import EdgeCosts

    Integers = NDArray[np.int64]


def cut_cores(
    labels: xr.DataArray, edges: EdgeCosts, *, core_cut_cost_m: float = 25_000.0, smallest_km2: float = 0.0
) -> xr.DataArray:
    """Return core areas cut along the barriers that cost more than `core_cut_cost_m` to cross.

    Cells of a core hang together over edges and corners, except where a step between them costs more. What
    hangs together still is one part. The largest part keeps the number of the core; the others are numbered
    on from the highest number, in the order of cores, then of size, then of their first cell. Parts that lay
    apart before, such as the pieces of a reserve, are not told apart for that.

    Parameters
    ----------
    labels
        Number of the core of every cell; 0 is none.
    edges
        Barriers on the same grid.
    core_cut_cost_m
        Metres of ideal habitat; a barrier of exactly this cost does not cut, `inf` cuts nothing.
    smallest_km2
        Parts cut off that are smaller on the map are dropped.

    Returns
    -------
    xarray.DataArray
        Labels; as given where nothing is cut.

    Raises
    ------
    ConfigError
        C103 an option out of its range.
    InputError
        I201, I202 grids differ; I216 labels that are not whole.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from affine import Affine
    >>> from corridors.barriers import edge_costs
    >>> grid = Grid("EPSG:32652", Affine(500, 0, 500_000, 0, -500, 4_800_000), (1, 4))
    >>> fence = gpd.GeoSeries.from_wkt(["LINESTRING (500600 4799000, 500600 4801000)"], crs=grid.crs)
    >>> sealed = edge_costs(fence.to_frame("geometry"), grid, crossing_cost_m=np.inf)
    >>> cut_cores(grid.like(np.array([[1, 1, 1, 1]]), name="cores"), sealed).values.tolist()
    [[2, 1, 1, 1]]
    """
    grid = _checked(labels, edges, core_cut_cost_m, smallest_km2)
    values = label_array(labels)
    cells = np.flatnonzero(values)
    starts, ends, direction = _steps_within(values)
    barred = edges.cost_m > core_cut_cost_m
    bars = edge_keys(grid, edges.rows[barred], edges.columns[barred], edges.direction[barred])
    passable = ~np.isin(starts * DIRECTIONS + direction, bars)
    whole = _components(cells, starts, ends)
    part = _components(cells, starts[passable], ends[passable])
    numbers = _numbers(values.ravel()[cells], whole, part, smallest_km2 / grid.cell_area_km2)
    cut = np.zeros(grid.shape, dtype=label_dtype(int(numbers.max(initial=0))))
    cut.ravel()[cells] = numbers
    return grid.like(cut, name=str(labels.name or "cores"), units=labels.attrs.get("units", "core_id"))


def _checked(labels: xr.DataArray, edges: EdgeCosts, core_cut_cost_m: float, smallest_km2: float) -> Grid:
    """Return the grid after complaining about everything in the way."""
    grid = Grid.of(labels)
    options = {"core_cut_cost_m": core_cut_cost_m, "smallest_km2": smallest_km2}
    problems: list[ConfigError | InputError] = [
        ConfigError("out of range", code="C103", where=name, given=f"{value:g}", allowed=">= 0")
        for name, value in options.items()
        if not value >= 0
    ]
    difference = grid_difference(grid, edges.grid)
    if difference:
        code = "I202" if difference.startswith("coordinate") else "I201"
        problems.append(InputError(f"grids differ: {difference}", code=code, where="barriers against cores"))
    raise_all(problems)
    return grid


def _steps_within(values: Integers) -> tuple[Integers, Integers, Integers]:
    """Return the steps between cells of one core: numbers of both cells, and the direction."""
    rows, columns = values.shape
    index = np.arange(values.size).reshape(values.shape)
    starts, ends, directions = [], [], []
    for direction, (down, right) in FORWARD.items():
        here = np.s_[: rows - down, max(0, -right) : columns - max(0, right)]
        there = np.s_[down:, max(0, right) : columns + min(0, right)]
        together = (values[here] > 0) & (values[here] == values[there])
        starts.append(index[here][together])
        ends.append(index[there][together])
        directions.append(np.full(np.count_nonzero(together), direction))
    return np.concatenate(starts), np.concatenate(ends), np.concatenate(directions)


def _components(cells: Integers, starts: Integers, ends: Integers) -> Integers:
    """Return which cells hang together, as a number for each."""
    a, b = np.searchsorted(cells, starts), np.searchsorted(cells, ends)
    graph = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(len(cells), len(cells)))
    numbers: Integers = connected_components(graph, directed=False)[1].astype(np.int64)
    return numbers


def _numbers(core: Integers, whole: Integers, part: Integers, fewest_cells: float) -> Integers:
    """Return the new number of every cell from its core, and its component without and with barriers."""
    table = pd.DataFrame({"core": core, "whole": whole, "part": part})
    parts = table.groupby("part", sort=False).agg(
        core=("core", "first"), whole=("whole", "first"), cells=("core", "size")
    )  # in the order of first cells
    parts = parts.sort_values(["core", "cells"], ascending=[True, False], kind="stable")
    stays = ~parts.duplicated("whole")
    number = parts["core"].where(stays, 0)
    new = ~stays & (parts["cells"] >= fewest_cells)
    number[new] = parts["core"].max() + np.arange(1, new.sum() + 1)
    numbers: Integers = number.reindex(part).to_numpy(dtype=np.int64)
    return numbers
