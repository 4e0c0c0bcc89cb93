"""Least-cost paths between core areas, and what they cost."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from corridors.barriers import edges_on
from corridors.cost import cost_allocation, costs_at, kept_surfaces, label_array, parts_of, path_on
from corridors.errors import ConfigError, InputError, raise_all
from corridors.grid import same_grid
from corridors.links.edited import chosen_pairs, in_order, no_way, pair_problems
from corridors.links.neighbours import joining_pairs, nearest_pairs, neighbouring_cores
from corridors.links.table import link_row, link_table, rim_cells

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import geopandas as gpd
    import xarray as xr

    from corridors.barriers import EdgeCosts
    from corridors.links.edited import Pair

Neighbours = Literal["allocation", "nearest", "all"]


def find_links(  # noqa: PLR0913 - the options of the method
    cores: gpd.GeoDataFrame,
    labels: xr.DataArray,
    res: xr.DataArray,
    *,
    max_link_km: float | None = None,
    max_cost_distance_m: float | None = None,
    neighbours: Neighbours = "allocation",
    nearest: int | None = None,
    join_components: bool = False,
    through_cores: bool = False,
    include: Collection[Pair] | None = None,
    exclude: Collection[Pair] = (),
    force: Collection[Pair] = (),
    barriers: EdgeCosts | None = None,
    surfaces: Mapping[int, xr.DataArray] | None = None,
) -> gpd.GeoDataFrame:
    """Return the least-cost path between every two neighbouring core areas.

    Two cores are neighbours where the cells nearest to one in cost touch those nearest to the other, over
    edges or corners. A path that leads through a third core is two links already, so it is dropped unless
    `through_cores` asks for it. Then links too long or too dear are dropped, every core keeps its nearest
    where asked, and groups of cores left apart by that are joined by the cheapest links among the rest.

    Parameters
    ----------
    cores
        Core areas, indexed by `core_id`.
    labels
        `core_id` of every cell, 0 none.
    res
        Resistance, > 0; NaN lets nothing through.
    max_link_km
        Longest least-cost path on the ground; longer links are dropped.
    max_cost_distance_m
        Largest cost of a link, metres of ideal habitat; dearer ones are dropped.
    neighbours
        How neighbours are found. "allocation": as above. "nearest": of these, the `nearest` cheapest of
        either end. "all": every two cores, which with `through_cores` gives factorial least-cost paths.
    nearest
        Links every core keeps at least, as far as it has them; with "nearest" only.
    join_components
        Join groups of cores that "nearest" leaves apart. Limits of length and cost hold all the same.
    through_cores
        Keep links whose path leads through a third core.
    include
        Only these pairs of cores, and those of `force`, are looked at; all where absent.
    exclude
        Pairs that are never linked.
    force
        Pairs that are linked whether or not they are neighbours, however long and dear, through any core.
    barriers
        Costs of crossing lines, from `edge_costs`; those any given `surfaces` were made with.
    surfaces
        Cost surface of every core, as `cost_surfaces` yields them, if at hand. Where they are cropped, what
        lies outside is not reached, and counts for no neighbourhood.

    Returns
    -------
    GeoDataFrame
        Indexed by `link_id`, in the order of `core_a` and `core_b`; lines from a cell of `core_a` to a cell
        of `core_b` through the centres of cells. Lengths in km are geodesic; the ratios compare cost, path
        and straight line in metres of the map, so that projection does not enter them. The straight line
        joins the nearest centres of cells. Two cores that touch are one step apart, never 0.

    Raises
    ------
    ConfigError
        C103 an option out of its range.
    InputError
        I201, I202 grids differ; I230 ids of cores, labels and surfaces differ; I241 a pair that names no
        core, or two wishes for one pair; I243 a forced link nothing can walk; I211 to I222 as
        `accumulated_cost`.

    Notes
    -----
    Neighbours by cost allocation, pruning to the nearest, joining and ratios as in Linkage Mapper (McRae
    and Kavanagh 2011); factorial paths as in UNICOR (Landguth et al. 2012).

    Examples
    --------
    >>> from affine import Affine
    >>> from corridors.cores import core_areas
    >>> from corridors.grid import Grid
    >>> grid = Grid("EPSG:32652", Affine(1000, 0, 500_000, 0, -1000, 4_800_000), (1, 5))
    >>> suit = grid.like(np.array([[0.9, 0.1, 0.1, 0.1, 0.9]]), name="suitability")
    >>> cores, labels = core_areas(suit, threshold=0.7, window_radius_km=0.5, min_area_km2=0.5)
    >>> res = grid.like(np.array([[1.0, 3.0, 3.0, 3.0, 1.0]]), name="resistance")
    >>> find_links(cores, labels, res)[["core_a", "core_b", "cost_distance_m", "cwd_to_path"]].values.tolist()
    [[1.0, 2.0, 10000.0, 2.5]]
    """
    _check_options(neighbours, nearest, max_link_km=max_link_km, max_cost_distance_m=max_cost_distance_m)
    grid = same_grid(res, labels)
    values = label_array(labels)
    _check_ids(cores, set(np.unique(values[values > 0]).tolist()), "labels")
    raise_all(pair_problems(cores.index, include=include or (), exclude=exclude, force=force))
    if surfaces is None:
        surfaces = kept_surfaces(res, labels, barriers=barriers)
    _check_ids(cores, set(surfaces), "surfaces")
    if not surfaces:
        return link_table([], grid)
    parts, resistance, size_m = parts_of(surfaces, grid), res.values, grid.cell_size_m
    edges = None if barriers is None else edges_on(barriers, grid)
    rims = {int(core): rim_cells(values == core) for core in cores.index}
    if neighbours == "all":
        pairs = list(combinations(sorted(surfaces), 2))
    else:
        pairs = neighbouring_cores(cost_allocation(surfaces, grid=grid))
    forced = {in_order(pair) for pair in force}
    pairs = chosen_pairs(pairs, include, exclude, forced)
    longest_km = math.inf if max_link_km is None else max_link_km
    dearest_m = math.inf if max_cost_distance_m is None else max_cost_distance_m
    found = {}
    for core_a, core_b in pairs:
        costs_m = costs_at(parts[core_a], *rims[core_b].T)
        nearest_cell = int(np.argmin(costs_m))  # the topmost, leftmost of several
        cost_m = float(costs_m[nearest_cell])
        by_hand = (core_a, core_b) in forced
        if math.isinf(cost_m) and by_hand:
            raise no_way(core_a, core_b)
        if math.isinf(cost_m) or (cost_m > dearest_m and not by_hand):
            continue
        target = int(rims[core_b][nearest_cell, 0]), int(rims[core_b][nearest_cell, 1])
        path = path_on(parts[core_a], resistance, target, cell_size_m=size_m, edges=edges, barriers=barriers)
        if through_cores or by_hand or set(np.unique(values[path]).tolist()) <= {0, core_a, core_b}:
            row = link_row(cost_m, path, grid, (rims[core_a], rims[core_b]))
            if by_hand or row["path_length_km"] <= longest_km:
                found[core_a, core_b] = {"core_a": core_a, "core_b": core_b, **row}
    if nearest is not None:
        pruned = _pruned(found, nearest, join_components=join_components)
        found = {pair: row for pair, row in found.items() if pair in pruned or pair in forced}
    return link_table(list(found.values()), grid)


def _check_options(neighbours: str, nearest: int | None, **limits: float | None) -> None:
    """Complain about options out of their range."""
    if neighbours not in get_args(Neighbours):
        allowed = ", ".join(get_args(Neighbours))
        raise ConfigError("unknown way", code="C103", where="neighbours", given=neighbours, allowed=allowed)
    if (nearest is None) == (neighbours == "nearest"):
        what, given = 'neighbours = "nearest" and a number of them go together', f"{neighbours}, {nearest}"
        raise ConfigError(what, code="C103", where="nearest", given=given)
    if nearest is not None and nearest < 1:
        raise ConfigError(
            "out of range", code="C103", where="nearest", given=str(nearest), allowed="1 or more"
        )
    for name, limit in limits.items():
        if limit is not None and not limit > 0:
            raise ConfigError("out of range", code="C103", where=name, given=f"{limit:g}", allowed="> 0")


def _pruned(
    found: dict[tuple[int, int], dict[str, Any]], nearest: int, *, join_components: bool
) -> dict[tuple[int, int], dict[str, Any]]:
    """Return the links among the nearest of either end, and those that join what would fall apart."""
    costs = {pair: row["cost_distance_m"] for pair, row in found.items()}
    kept = nearest_pairs(costs, nearest)
    if join_components:
        kept |= joining_pairs(kept, costs)
    return {pair: row for pair, row in found.items() if pair in kept}


def _check_ids(cores: gpd.GeoDataFrame, found: set[int], kind: str) -> None:
    """Complain where core areas and labels or surfaces do not belong together."""
    listed = set(cores.index.tolist())
    if listed != found:
        given = f"only in the table: {sorted(listed - found)}; only in the {kind}: {sorted(found - listed)}"
        what, remedy = (
            f"core areas and {kind} do not belong together",
            "Pass both from one run of core_areas.",
        )
        raise InputError(what, code="I230", where="cores", given=given, remedy=remedy)
