"""Conditional minimum transit cost: what the best way costs that leads through a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridors.cost import kept_surfaces, parts_of
from corridors.cost.windows import Part, overlap, values_in
from corridors.errors import InputError
from corridors.grid import Grid, same_grid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import xarray as xr
    from numpy.typing import NDArray

    from corridors.barriers import EdgeCosts


def conditional_transit_cost(
    res: xr.DataArray,
    labels: xr.DataArray,
    *,
    pairs: Iterable[tuple[int, int]] | None = None,
    barriers: EdgeCosts | None = None,
    surfaces: Mapping[int, xr.DataArray] | None = None,
) -> xr.DataArray:
    """Return for every cell the cost of the best way through it, as the mean over pairs of cores.

    Between two cores, the best way through a cell costs what it costs to reach it from one plus what it
    costs from the other. Unlike slack it tells cheap pairs from dear ones. A cell counts the pairs that can
    pass through it; a pair without any way between them counts nowhere.

    Parameters
    ----------
    res
        Resistance, > 0; NaN lets nothing through.
    labels
        `core_id` of every cell, 0 none.
    pairs
        Pairs of `core_id`; all where absent.
    barriers
        Costs of crossing lines, from `edge_costs`; those any given `surfaces` were made with.
    surfaces
        Cost surface of every core, as `cost_surfaces` yields them, if at hand.

    Returns
    -------
    DataArray
        Metres of ideal habitat; NaN where no pair can pass.

    Raises
    ------
    InputError
        I201, I202 grids differ; I223 fewer than two cores, or no pair; I230 a pair of a core that has no
        surface; I211 to I222 as `accumulated_cost`.

    Notes
    -----
    Pinto and Keitt (2009). Over all pairs the mean is twice the mean cost from the cores that reach a cell,
    since each of them is one end of as many pairs as any other.

    Examples
    --------
    >>> from affine import Affine
    >>> from corridors.grid import Grid
    >>> grid = Grid("EPSG:32652", Affine(1000, 0, 500_000, 0, -1000, 4_800_000), (2, 3))
    >>> res = grid.like(np.ones((2, 3)), name="resistance")
    >>> cores = grid.like(np.array([[1, 0, 2], [0, 0, 0]]), name="cores")
    >>> conditional_transit_cost(res, cores).values.round(1).tolist()
    [[2000.0, 2000.0, 2000.0], [3414.2, 2828.4, 3414.2]]
    """
    grid = same_grid(res, labels)
    found = kept_surfaces(res, labels, barriers=barriers) if surfaces is None else surfaces
    if len(found) < 2:
        raise InputError("a transit needs two cores", code="I223", where="labels", given=str(len(found)))
    parts = parts_of(found, grid)
    mean = _over_all(parts, grid) if pairs is None else _over_pairs(parts, list(pairs), grid)
    return grid.like(mean, name="conditional_transit_cost", units="m of ideal habitat")


def _over_all(parts: Mapping[int, Part], grid: Grid) -> NDArray[np.float64]:
    total, count = np.zeros(grid.shape), np.zeros(grid.shape)
    for window, cost_m in parts.values():
        reached = np.isfinite(cost_m)
        total[window][reached] += cost_m[reached]
        count[window] += reached
    return np.where(count >= 2, 2 * total / np.maximum(count, 1), np.nan)


def _over_pairs(parts: Mapping[int, Part], pairs: list[tuple[int, int]], grid: Grid) -> NDArray[np.float64]:
    missing = sorted({core for pair in pairs for core in pair} - set(parts))
    if missing:
        what = f"there is no cost surface of core {', '.join(map(str, missing))}"
        raise InputError(what, code="I230", where="pairs")
    if not pairs:
        raise InputError("there is no pair of cores", code="I223", where="pairs")
    total, count = np.zeros(grid.shape), np.zeros(grid.shape)
    for core_a, core_b in pairs:
        window = overlap(parts[core_a].window, parts[core_b].window)
        transit = values_in(parts[core_a], window) + values_in(parts[core_b], window)
        passes = np.isfinite(transit)
        total[window][passes] += transit[passes]
        count[window] += passes
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
