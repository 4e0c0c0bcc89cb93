"""What restoring a circle of land truly takes off the cost of a link."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd

from corridors.barriers.edges import edge_keys
from corridors.cost import checked_resistance
from corridors.cost.sources import listed
from corridors.errors import ConfigError, InputError
from corridors.kernels.annulus import HAIR
from corridors.restoration.checked import check_radii, costs_of_cores, link_ends
from corridors.restoration.relief import Relief, Scene, barriers_in, far_ends, relieved_cost_m, scene_of

if TYPE_CHECKING:
    import geopandas as gpd
    import xarray as xr

    from corridors.barriers import EdgeCosts
    from corridors.grid import Grid
    from corridors.restoration.checked import Costs, Surfaces

    Cell = tuple[int, int]

Restored = Literal["disc", "inside"]
IDEAL = 1.0


def exact_gains(
    places: gpd.GeoDataFrame,
    links: gpd.GeoDataFrame,
    labels: xr.DataArray,
    res: xr.DataArray,
    *,
    restored: Restored = "disc",
    barriers: EdgeCosts | None = None,
    surfaces: Surfaces | None = None,
) -> pd.DataFrame:
    """Return what restoring a circle about each of some places takes off the cost of a link.

    Parameters
    ----------
    places
        Points in the grid's CRS with `link_id` and `radius_km`; each restored alone. The circle is drawn
        about the centre of the cell a point lies in.
    links, labels, res, restored, barriers, surfaces
        As for `best_places`.

    Returns
    -------
    DataFrame
        Indexed as `places`: `exact_gain_m`, metres of ideal habitat, >= 0, and `exact_gain_percent` of the
        link's cost. Equal to solving the whole raster again, but for the rounding of sums.

    Raises
    ------
    ConfigError, InputError, SolveError
        As `best_places`; I202 places in another CRS; I221 a place outside; I230 a link that is not there.
    """
    check_restored(restored)
    grid, resistance = checked_resistance(res)
    costs = costs_of_cores(links, labels, res, barriers=barriers, surfaces=surfaces)
    strange = sorted(set(places["link_id"]) - set(links.index))
    if strange:
        what = f"there is no link {listed(strange)}"
        raise InputError(what, code="I230", where="places")
    if len(places):
        check_radii(sorted(set(places["radius_km"])), grid)
    return gains_at(places, links, costs, scene_of(grid, resistance, barriers), restored)


def gains_at(
    places: gpd.GeoDataFrame, links: gpd.GeoDataFrame, costs: Costs, scene: Scene, restored: Restored
) -> pd.DataFrame:
    """Return `exact_gains` of places, links and costs that belong together."""
    cells = _cells_of(places, scene.grid)
    of_link, radii_km = places["link_id"].to_numpy(), places["radius_km"].to_numpy()
    gains = np.zeros((len(places), 2))
    for link in link_ends(links[links.index.isin(of_link)], costs, scene.grid):
        for place in np.flatnonzero(of_link == link.link_id):
            radius = float(radii_km[place]) * 1000 / scene.grid.cell_size_m
            relief = restored_circle(scene, cells[place], radius, restored)
            gain_m = link.cost_m - relieved_cost_m(scene, relief, link)
            gains[place] = gain_m, 100 * gain_m / link.cost_m
    return pd.DataFrame(gains, columns=["exact_gain_m", "exact_gain_percent"], index=places.index)


def restored_circle(scene: Scene, cell: Cell, radius: float, restored: Restored) -> Relief:
    """Return what changes when a circle, its radius in cells, becomes ideal habitat free of barriers."""
    away = math.floor(radius + HAIR)
    rows, columns = (
        slice(max(place - away, 0), min(place + away + 1, length))
        for place, length in zip(cell, scene.grid.shape, strict=True)
    )
    distance = np.hypot(*np.ogrid[rows.start - cell[0] : rows.stop - cell[0],
                                  columns.start - cell[1] : columns.stop - cell[1]])  # fmt: skip
    within = distance <= radius + HAIR if restored == "disc" else distance < radius - HAIR
    met = scene.resistance[rows, columns]
    changed = within & (met > IDEAL)
    row, column, direction, _ = barriers_in(scene, (rows, columns))
    end_row, end_column = far_ends(row, column, direction)
    freed = within[row - rows.start, column - columns.start]
    freed &= within[end_row - rows.start, end_column - columns.start]
    edges = edge_keys(scene.grid, row[freed], column[freed], direction[freed])
    at = np.nonzero(changed)
    return Relief(
        rows=at[0] + rows.start,
        columns=at[1] + columns.start,
        resistance=np.full(len(at[0]), IDEAL),
        edges=edges,
        edge_cost_m=np.zeros(len(edges)),
        window=(rows, columns),
    )


def _cells_of(places: gpd.GeoDataFrame, grid: Grid) -> list[Cell]:
    """Return the cell of every place."""
    if places.crs != grid.crs:
        given = "none" if places.crs is None else places.crs.name
        what = "places are not in the CRS of the raster"
        raise InputError(what, code="I202", where="places", given=given, allowed=grid.crs.name)
    cells = [grid.cell_at(point.x, point.y) for point in places.geometry]
    outside = [i for i, cell in zip(places.index, cells, strict=True) if cell is None]
    if outside:
        what = f"{len(outside)} places lie outside the raster"
        raise InputError(what, code="I221", where="places", given=listed(outside))
    return [cell for cell in cells if cell is not None]


def check_restored(restored: str) -> None:
    """Complain about a way of restoring nobody knows."""
    if restored not in get_args(Restored):
        allowed = ", ".join(get_args(Restored))
        raise ConfigError("unknown way", code="C103", where="restored", given=str(restored), allowed=allowed)
