"""What every step here checks and states: links and surfaces that belong together, radii, position."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridors.cost import cost_surfaces, costs_at, label_array, parts_of
from corridors.cost.sources import listed
from corridors.cost.windows import Part, placed
from corridors.errors import ConfigError, InputError, SolveError, raise_all
from corridors.grid import Grid, same_grid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import geopandas as gpd
    import xarray as xr
    from numpy.typing import NDArray

    from corridors.barriers import EdgeCosts

    Surfaces = Mapping[int, xr.DataArray]
    Costs = Mapping[int, Part]
    Array = NDArray[np.float64]

SMALLEST_POSITION_ERROR_KM = 1.0  # [P], from cells of 500 m
POSITION_ERROR_CELLS = 2
MISMATCH = 1e-6  # part of a link's cost
ROUNDING = 1e-9  # part of a link's cost; a gain under it is the rounding of sums
METRICATION = (
    "Ways lead in eight directions, up to 8.24 % longer than straight ones, so scores up to 0.08 may be that "
    "detour and no barrier."
)


class LinkEnds(NamedTuple):
    """A link, what it costs, and what every cell costs from its two cores, metres of ideal habitat."""

    link_id: int
    cost_m: float
    from_a: Array
    from_b: Array


def position_error_km(grid: Grid, source_error_km: float = 0.0) -> float:
    """Return how far off a place may be: 1 km, two cells or the error of the sources, the largest.

    Raises
    ------
    InputError
        I264 an error below 0.
    """
    if not (math.isfinite(source_error_km) and source_error_km >= 0):
        given = f"{source_error_km:g}"
        raise InputError("must be 0 km or more", code="I264", where="source_error_km", given=given)
    two_cells_km = POSITION_ERROR_CELLS * grid.cell_size_m / 1000
    return max(SMALLEST_POSITION_ERROR_KM, two_cells_km, source_error_km)


def screening(grid: Grid, error_km: float) -> str:
    """Return what a product of this scale is good for, in a sentence."""
    return (
        f"Screened on cells of {grid.cell_size_m:g} m: places for field survey, not sites, "
        f"right to within {error_km:g} km."
    )


def check_radii(radii_km: Sequence[float], grid: Grid) -> None:
    """Complain about radii that a raster cannot hold.

    Raises
    ------
    ConfigError
        C103 no radius, one under a cell, one whose circle is wider than the map.
    """
    if not len(radii_km):
        raise ConfigError("there is no radius", code="C103", where="radii_km", allowed="one or more")
    cell_km = grid.cell_size_m / 1000
    widest_km = max(grid.shape) * cell_km / 2
    raise_all(
        ConfigError(
            "a radius must be a cell at least, and its circle no wider than the map",
            code="C103",
            where="radii_km",
            given=f"{radius:g} km",
            allowed=f"{cell_km:g} to {widest_km:g} km",
        )
        for radius in radii_km
        if not cell_km * (1 - 1e-9) <= radius <= widest_km
    )


def costs_of_cores(
    links: gpd.GeoDataFrame,
    labels: xr.DataArray,
    res: xr.DataArray,
    *,
    barriers: EdgeCosts | None,
    surfaces: Surfaces | None,
    everywhere: bool = False,
) -> Costs:
    """Return the cost surface of every core that has a link, after checking that all belong together.

    Surfaces made here end at the cost of the dearest link, unless wanted `everywhere`: nothing beyond can
    lower any of them.

    Raises
    ------
    InputError
        I201, I202 grids differ; I217 a link without a cost: its cores are joined by no path; I230 a surface
        is missing.
    SolveError
        S505 a link whose cost is not the one between its cores.
    """
    grid = same_grid(labels, res)
    if not len(links):
        return {}
    costs_m = np.asarray(links["cost_distance_m"], dtype=np.float64)
    pathless = links.index[~(np.isfinite(costs_m) & (costs_m > 0))].tolist()
    if pathless:
        what, given = (
            "links must have a cost, a positive number of metres",
            f"none for link {listed(pathless)}",
        )
        remedy = "Leave out cores that no path joins; find_links does."
        raise InputError(what, code="I217", where="links", given=given, remedy=remedy)
    values = label_array(labels)
    wanted = sorted({*links["core_a"].tolist(), *links["core_b"].tolist()})
    if surfaces is None:
        linked = labels.copy(data=np.where(np.isin(values, wanted), labels.values, 0))
        longest_m = None if everywhere else float(costs_m.max()) * (1 + ROUNDING)
        surfaces = dict(cost_surfaces(res, linked, barriers=barriers, max_cost_distance_m=longest_m))
    missing = [core for core in wanted if core not in surfaces]
    if missing:
        what = f"there is no cost surface of core {listed(missing)}"
        remedy = "Pass links, labels and surfaces of one run."
        raise InputError(what, code="I230", where="links", remedy=remedy)
    costs = parts_of({core: surfaces[core] for core in wanted}, grid)
    cells = {core: np.nonzero(values == core) for core in sorted(set(links["core_b"]))}
    for link_id, a, b, cost_m in zip(links.index, links["core_a"], links["core_b"], costs_m, strict=True):
        rows, columns = cells[b]
        found_m = float(costs_at(costs[a], rows, columns).min(initial=np.inf))
        if not abs(found_m - cost_m) <= MISMATCH * cost_m:
            what, given = "the link's cost does not fit the resistance", f"{cost_m:g} m, found {found_m:g} m"
            raise SolveError(what, code="S505", where=f"link {link_id}", given=given)
    return costs


def link_ends(links: gpd.GeoDataFrame, costs: Costs, grid: Grid) -> Iterator[LinkEnds]:
    """Yield every link with the costs from its two cores, on the whole grid."""
    for link_id, core_a, core_b, cost_m in zip(
        links.index, links["core_a"], links["core_b"], links["cost_distance_m"], strict=True
    ):
        from_a, from_b = (placed(costs[c].cost_m, costs[c].window, grid.shape) for c in (core_a, core_b))
        yield LinkEnds(int(link_id), float(cost_m), from_a, from_b)
