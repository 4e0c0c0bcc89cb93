"""Least-cost corridors: where a detour costs little more than the least-cost path.

Through a cell, the best path between two cores costs what it costs to reach it from one plus what it costs
from the other. That sum less the cost of the least-cost path is the cell's *slack*, 0 on the path itself.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from corridors.cost import kept_surfaces, parts_of
from corridors.cost.windows import overlap, values_in
from corridors.errors import ConfigError, InputError, SolveError
from corridors.grid import same_grid
from corridors.kernels.cost_distance.slack import LinkCost, lay_over

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import geopandas as gpd
    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

    from corridors.barriers import EdgeCosts
    from corridors.cost.windows import Part, Window

    Surfaces = Mapping[int, xr.DataArray]

# The two halves of a sum are added up in different orders; what is smaller than this part of the least cost
# is their rounding (a path of n steps: about n * 1e-16), and counts as 0.
Mode = Literal["normalised", "quality"]
MOSAICS: dict[Mode, tuple[str, str]] = {
    "normalised": ("corridor", "m of slack"),
    "quality": ("corridor_quality", "1 = ideal habitat"),
}
ROUNDING = 1e-11
MISMATCH = 1e-6
STRIPE_CELLS = 65_536


def least_cost_corridors(
    links: gpd.GeoDataFrame,
    labels: xr.DataArray,
    res: xr.DataArray,
    *,
    mode: Mode = "normalised",
    barriers: EdgeCosts | None = None,
    surfaces: Surfaces | None = None,
) -> xr.DataArray:
    """Return for every cell the slack of its best link: 0 on least-cost paths, rising away from them.

    Slack compares cells within a link and does not compare links: a dear link shows the same 0 as a cheap
    one. Mode "quality" compares links: it is the cost of the best way through a cell per metre of the
    link's least-cost path, that is `mean_resistance` * (1 + slack / `cost_distance_m`). On a least-cost path
    it is the mean resistance met there; twice the cost of that path doubles it.

    Parameters
    ----------
    links
        Links, as `find_links` returns them.
    labels
        `core_id` of every cell, 0 none. Cells of cores have their slack like any other.
    res
        Resistance the links were found on.
    mode
        How links are laid over each other; the smallest wins. "normalised": each less its own least cost.
        "quality": each over the length of its least-cost path. This definition is the project's own [P].
    barriers
        Costs of crossing lines, from `edge_costs`; those any given `surfaces` were made with.
    surfaces
        Cost surface of every core, as `cost_surfaces` yields them, if at hand. Cropped ones must reach as
        far as the links and the slack that is asked for: no link passes outside them.

    Returns
    -------
    DataArray
        Metres of slack, >= 0; NaN where no link passes.

    Raises
    ------
    ConfigError
        C103 an unknown mode.
    InputError
        I201, I202 grids differ; I230 a surface is missing.
    SolveError
        S505 links that do not fit the resistance.

    Notes
    -----
    Cumulative minimum transit cost of Pinto and Keitt (2009), normalised and mosaicked by the minimum as in
    Linkage Mapper (McRae and Kavanagh 2011).

    Examples
    --------
    >>> from affine import Affine
    >>> from corridors.cores import core_areas
    >>> from corridors.grid import Grid
    >>> from corridors.links import find_links
    >>> grid = Grid("EPSG:32652", Affine(1000, 0, 500_000, 0, -1000, 4_800_000), (2, 3))
    >>> suit = grid.like(np.array([[0.9, 0.1, 0.9], [0.1, 0.1, 0.1]]), name="suitability")
    >>> cores, labels = core_areas(suit, threshold=0.7, window_radius_km=0.5, min_area_km2=0.5)
    >>> res = grid.like(np.ones((2, 3)), name="resistance")
    >>> least_cost_corridors(find_links(cores, labels, res), labels, res).values.round(1).tolist()
    [[0.0, 0.0, 0.0], [1414.2, 828.4, 1414.2]]
    """
    if mode not in get_args(Mode):
        allowed = ", ".join(get_args(Mode))
        raise ConfigError("unknown mode", code="C103", where="mode", given=str(mode), allowed=allowed)
    grid = same_grid(labels, res)
    lowest = np.full(grid.shape, np.inf)
    sides = _sides_of(links, labels, res, barriers=barriers, surfaces=surfaces)
    costs = {link_id: _cost_of(links.loc[link_id], mode) for link_id in sides}
    near, below = Counter[int](), Counter[int]()
    for stripe in _stripes(grid.shape):
        for link_id, (part_a, part_b) in sides.items():
            window = overlap(overlap(part_a.window, part_b.window), stripe)
            from_a, from_b = values_in(part_a, window), values_in(part_b, window)
            counts = lay_over(lowest[window], from_a, from_b, costs[link_id])
            near[link_id] += counts[0]
            below[link_id] += counts[1]
    _check_fit(link_id for link_id in sides if below[link_id] or not near[link_id])
    lowest[np.isinf(lowest)] = np.nan
    name, units = MOSAICS[mode]
    return grid.like(lowest, name=name, units=units)


def slack_of_links(
    links: gpd.GeoDataFrame,
    labels: xr.DataArray,
    res: xr.DataArray,
    *,
    barriers: EdgeCosts | None = None,
    surfaces: Surfaces | None = None,
) -> Iterator[tuple[int, Window, NDArray[np.float64]]]:
    """Yield every link's id, the window both its surfaces cover, and the slack there in metres.

    Slack is inf where the link cannot pass, and outside the window.
    """
    sides = _sides_of(links, labels, res, barriers=barriers, surfaces=surfaces)
    for link_id, (part_a, part_b) in sides.items():
        least_m = float(links.loc[link_id, "cost_distance_m"])
        window = overlap(part_a.window, part_b.window)
        slack = values_in(part_a, window) + values_in(part_b, window) - least_m
        if not abs(float(slack.min(initial=np.inf))) <= MISMATCH * least_m:
            _check_fit([link_id])
        slack[slack < ROUNDING * least_m] = 0.0
        yield link_id, window, slack


def _sides_of(
    links: gpd.GeoDataFrame,
    labels: xr.DataArray,
    res: xr.DataArray,
    *,
    barriers: EdgeCosts | None,
    surfaces: Surfaces | None,
) -> dict[int, tuple[Part, Part]]:
    """Return the surfaces of both ends of every link."""
    grid = same_grid(labels, res)
    if surfaces is None:
        surfaces = kept_surfaces(res, labels, barriers=barriers) if len(links) else {}
    missing = sorted({*links["core_a"], *links["core_b"]} - set(surfaces))
    if missing:
        what = f"there is no cost surface of core {', '.join(map(str, missing))}"
        raise InputError(
            what, code="I230", where="links", remedy="Pass links, labels and surfaces of one run."
        )
    parts = parts_of(surfaces, grid)
    ends = zip(links.index, links["core_a"], links["core_b"], strict=True)
    return {int(link_id): (parts[core_a], parts[core_b]) for link_id, core_a, core_b in ends}


def _cost_of(link: pd.Series[Any], mode: Mode) -> LinkCost:
    least_m = float(link["cost_distance_m"])
    per_metre = float(link["mean_resistance"]) if mode == "quality" else 0.0
    return LinkCost(least_m, ROUNDING * least_m, MISMATCH * least_m, per_metre)


def _stripes(shape: tuple[int, int]) -> Iterator[Window]:
    """Yield rows of the raster, as many as the cache may hold of two surfaces."""
    rows = max(1, STRIPE_CELLS // shape[1])
    for top in range(0, shape[0], rows):
        yield slice(top, min(top + rows, shape[0])), slice(0, shape[1])


def _check_fit(misfits: Iterable[int]) -> None:
    """Complain about links whose cost is not the least sum of the distances from their ends."""
    found = list(misfits)
    if found:
        what, where = "the link's cost does not fit the resistance", f"link {found[0]}"
        raise SolveError(what, code="S505", where=where, given=f"{len(found)} such links")
